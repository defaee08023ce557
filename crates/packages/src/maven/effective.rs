//! Projects with what they inherit: parents, properties, managed versions, and lists of those that are imported.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Surroundings;
use super::model::{Dependency, Model, Parent};
use crate::reader::File;
use crate::text;

/// Parents above each other, and imports inside each other.
const MAX_DEPTH: usize = 32;

/// Projects that are read for one.
const MAX_PROJECTS: usize = 20_000;

/// Properties in the place of properties.
const MAX_NESTING: usize = 16;

/// Bytes of one value.
const MAX_VALUE: usize = 4_096;

/// Properties that one value is made of, those in others counted each time.
const MAX_REPLACED: usize = 1_000;

/// A project as Maven sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Effective {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) licenses: Vec<String>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) management: Management,
    pub(super) modules: Vec<String>,
}

/// What is managed, by group and artifact.
pub(super) type Management = HashMap<String, Dependency>;

/// Where a project lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Tree(String),
    Repository(String),
}

impl Place {
    /// A project by a path from this one's folder; a folder means its `pom.xml`.
    pub(super) fn relative(&self, path: &str) -> Option<Place> {
        let own = match self {
            Place::Tree(path) | Place::Repository(path) => path,
        };
        let is_file = path
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension == "xml");
        let path = if is_file {
            path.to_owned()
        } else {
            format!("{path}/pom.xml")
        };
        let mut segments: Vec<&str> = own.split('/').collect();
        segments.pop();
        for segment in path.split(['/', '\\']) {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                _ => segments.push(segment),
            }
        }
        let joined = segments.join("/");
        Some(match self {
            Place::Tree(_) => Place::Tree(joined),
            Place::Repository(_) => Place::Repository(joined),
        })
    }
}

/// The projects that were read so far.
pub(super) struct Projects<'a> {
    surroundings: &'a Surroundings<'a>,
    models: HashMap<Place, Option<Arc<Model>>>,
    effective: HashMap<Place, Arc<Effective>>,
}

impl<'a> Projects<'a> {
    pub(super) fn new(surroundings: &'a Surroundings<'a>) -> Self {
        Projects {
            surroundings,
            models: HashMap::new(),
            effective: HashMap::new(),
        }
    }

    /// The modules of a project that are to be told with it.
    pub(super) fn modules_of<'p>(&self, project: &'p Effective) -> &'p [String] {
        if self.surroundings.with_modules {
            &project.modules
        } else {
            &[]
        }
    }

    /// What a file says, if it is there and a project.
    pub(super) fn model(&mut self, place: &Place) -> Option<Arc<Model>> {
        if let Some(known) = self.models.get(place) {
            return known.clone();
        }
        let read = self.read(place).map(Arc::new);
        self.models.insert(place.clone(), read.clone());
        read
    }

    fn read(&self, place: &Place) -> Option<Model> {
        if self.models.len() >= MAX_PROJECTS {
            return None;
        }
        let (path, bytes) = match place {
            Place::Tree(path) => (path, (self.surroundings.tree)(path)?),
            Place::Repository(path) => (path, (self.surroundings.repository)(path)?),
        };
        let file = File {
            path,
            bytes: &bytes,
        };
        let root = text::xml(&file).ok()?;
        (root.name == "project").then(|| Model::read(&root).elsewhere())
    }

    /// Where the repository has a project.
    pub(super) fn find(&mut self, group: &str, artifact: &str, version: &str) -> Option<Place> {
        let is_word = |text: &str| !text.is_empty() && !text.contains(['/', '\\', '$', ':']);
        if ![group, artifact, version].into_iter().all(is_word) || version.contains("..") {
            return None;
        }
        let folder = format!("{}/{artifact}/{version}", group.replace('.', "/"));
        let plain = Place::Repository(format!("{folder}/{artifact}-{version}.pom"));
        if self.model(&plain).is_some() {
            return Some(plain);
        }
        let base = version.strip_suffix("-SNAPSHOT")?;
        let stamped = self.snapshot(&folder).unwrap_or_else(|| base.to_owned());
        let place = Place::Repository(format!("{folder}/{artifact}-{stamped}.pom"));
        self.model(&place).map(|_| place)
    }

    /// The version with its time that a folder of snapshots names for the project file.
    fn snapshot(&self, folder: &str) -> Option<String> {
        let path = format!("{folder}/maven-metadata.xml");
        let bytes = (self.surroundings.repository)(&path)?;
        let file = File {
            path: &path,
            bytes: &bytes,
        };
        let metadata = text::xml(&file).ok()?;
        let versioning = metadata.child("versioning")?;
        let versions = versioning.child("snapshotVersions")?;
        let mut named = versions.all("snapshotVersion");
        let pom = named.find(|version| version.text_of("extension") == Some("pom"))?;
        pom.text_of("value").map(str::to_owned)
    }

    /// A project of a place with all that it inherits.
    pub(super) fn at(&mut self, place: &Place, depth: usize) -> Option<Arc<Effective>> {
        if let Some(known) = self.effective.get(place) {
            return Some(Arc::clone(known));
        }
        let model = self.model(place)?;
        let effective = Arc::new(self.effective(&model, place, depth));
        self.effective.insert(place.clone(), Arc::clone(&effective));
        Some(effective)
    }

    /// A project with all that it inherits.
    pub(super) fn effective(&mut self, model: &Model, place: &Place, depth: usize) -> Effective {
        let merged = self.merged(model, place);
        let context = Context::of(&merged);
        let management = self.management(&merged, &context, depth);
        let mut dependencies: Vec<Dependency> = Vec::new();
        let mut names = HashSet::new();
        for dependency in &merged.dependencies {
            let mut dependency = context.dependency(dependency);
            if let Some(managed) = management.get(&dependency.name()) {
                fill(&mut dependency, managed);
            }
            // The child's comes first, and stands for the parent's.
            if names.insert(dependency.name()) {
                dependencies.push(dependency);
            }
        }
        Effective {
            group: context.value(&merged.group),
            artifact: context.value(&merged.artifact),
            version: context.value(&merged.version),
            licenses: merged.licenses,
            dependencies,
            management,
            modules: model.modules.clone(),
        }
    }

    /// A project and its parents as one, the nearer before the farther, nothing put in the place of a property.
    fn merged(&mut self, model: &Model, place: &Place) -> Model {
        let mut merged = model.clone();
        let mut place = place.clone();
        let mut parent = model.parent.clone();
        let mut seen = HashSet::from([place.clone()]);
        while let Some(above) = parent.take() {
            if merged.group.is_empty() {
                merged.group.clone_from(&above.group);
            }
            if merged.version.is_empty() {
                merged.version.clone_from(&above.version);
            }
            let Some(found) = self.parent(&place, &above) else {
                break;
            };
            if !seen.insert(found.clone()) || seen.len() > MAX_DEPTH {
                break;
            }
            let Some(model) = self.model(&found) else {
                break;
            };
            inherit(&mut merged, &model);
            parent.clone_from(&model.parent);
            place = found;
        }
        merged
    }

    /// Where a parent is: at its path if that is the one that is meant, else in the repository.
    fn parent(&mut self, place: &Place, parent: &Parent) -> Option<Place> {
        let near = [parent.path.as_str(), "../pom.xml"];
        for path in near.into_iter().filter(|path| !path.is_empty()) {
            let Some(found) = place.relative(path) else {
                continue;
            };
            let is_meant = self.model(&found).is_some_and(|model| {
                let group = model.group.as_str();
                let is_group = group.is_empty() || group.contains('$') || group == parent.group;
                model.artifact == parent.artifact && is_group
            });
            if is_meant {
                return Some(found);
            }
        }
        self.find(&parent.group, &parent.artifact, &parent.version)
    }

    /// What is managed: a project's own before what it imports, and those in their order.
    fn management(&mut self, merged: &Model, context: &Context, depth: usize) -> Management {
        let mut management = Management::new();
        let mut imports = Vec::new();
        for managed in &merged.management {
            let managed = context.dependency(managed);
            if managed.scope == "import" {
                imports.push(managed);
            } else {
                management.entry(managed.name()).or_insert(managed);
            }
        }
        if depth >= MAX_DEPTH {
            return management;
        }
        for import in imports {
            let place = self.find(&import.group, &import.artifact, &import.version);
            let Some(list) = place.and_then(|place| self.at(&place, depth + 1)) else {
                continue;
            };
            for (name, managed) in sorted(&list.management) {
                let known = management.entry(name.clone());
                known.or_insert_with(|| managed.clone());
            }
        }
        management
    }
}

fn sorted(management: &Management) -> BTreeMap<&String, &Dependency> {
    management.iter().collect()
}

/// Adds what a parent says to what is said already.
fn inherit(merged: &mut Model, parent: &Model) {
    if merged.group.is_empty() {
        merged.group.clone_from(&parent.group);
    }
    if merged.version.is_empty() {
        merged.version.clone_from(&parent.version);
    }
    if merged.licenses.is_empty() {
        merged.licenses.clone_from(&parent.licenses);
    }
    for (key, value) in &parent.properties {
        let known = merged.properties.entry(key.clone());
        known.or_insert_with(|| value.clone());
    }
    merged.dependencies.extend_from_slice(&parent.dependencies);
    merged.management.extend_from_slice(&parent.management);
}

/// What a dependency leaves open is what is managed.
fn fill(dependency: &mut Dependency, managed: &Dependency) {
    if dependency.version.is_empty() {
        dependency.version.clone_from(&managed.version);
    }
    if dependency.scope.is_empty() {
        dependency.scope.clone_from(&managed.scope);
    }
    dependency.is_optional |= managed.is_optional;
    dependency.exclusions.extend_from_slice(&managed.exclusions);
}

/// What properties stand for.
struct Context {
    properties: BTreeMap<String, String>,
}

impl Context {
    fn of(merged: &Model) -> Self {
        let mut properties = merged.properties.clone();
        let parent = merged.parent.clone().unwrap_or_default();
        let own = [
            ("groupId", &merged.group),
            ("artifactId", &merged.artifact),
            ("version", &merged.version),
            ("parent.groupId", &parent.group),
            ("parent.artifactId", &parent.artifact),
            ("parent.version", &parent.version),
        ];
        for (name, value) in own {
            // The project's own values come before properties of the same name; the short forms are old.
            for key in [
                format!("project.{name}"),
                format!("pom.{name}"),
                name.to_owned(),
            ] {
                if !value.is_empty() {
                    properties.insert(key, value.clone());
                }
            }
        }
        Context { properties }
    }

    /// A text with properties replaced by their values; what is not known is replaced by nothing.
    fn value(&self, text: &str) -> String {
        let mut left = MAX_REPLACED;
        self.replaced(text, 0, &mut left).trim().to_owned()
    }

    fn replaced(&self, text: &str, nesting: usize, left: &mut usize) -> String {
        let mut value = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            value.push_str(&rest[..start]);
            let name = &rest[start + 2..start + length];
            let inner = self.properties.get(name.trim());
            if let Some(inner) = inner.filter(|_| nesting < MAX_NESTING && *left > 0) {
                *left -= 1;
                value.push_str(&self.replaced(inner, nesting + 1, left));
            }
            rest = &rest[start + length + 1..];
            if value.len() > MAX_VALUE {
                return String::new();
            }
        }
        value.push_str(rest);
        value
    }

    fn dependency(&self, dependency: &Dependency) -> Dependency {
        Dependency {
            group: self.value(&dependency.group),
            artifact: self.value(&dependency.artifact),
            version: self.value(&dependency.version),
            scope: self.value(&dependency.scope),
            is_optional: dependency.is_optional,
            exclusions: dependency
                .exclusions
                .iter()
                .map(|(group, artifact)| (self.value(group), self.value(artifact)))
                .collect(),
            lines: dependency.lines,
        }
    }
}
