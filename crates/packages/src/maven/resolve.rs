//! The graph of a project: of several versions of an artifact, the one that is asked for nearest to the project.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::effective::{Effective, Management, Place, Projects};
use super::model::{Dependency, Model};
use crate::list::{self, List};
use crate::package::{Package, Relationship};
use crate::reader::Told;

/// Artifacts of one project.
const MAX_ARTIFACTS: usize = 50_000;

/// Modules of one project, in all.
const MAX_MODULES: usize = 5_000;

/// The packages of a project and of its modules.
pub(super) fn told(model: &Model, path: &str, projects: &mut Projects<'_>) -> Told {
    let mut list = List::default();
    let place = Place::Tree(path.to_owned());
    let root = Arc::new(projects.effective(model, &place, 0));
    let mut seen = HashSet::from([place.clone()]);
    let mut open = VecDeque::from([(place, root, None::<u32>)]);
    while let Some((place, project, above)) = open.pop_front() {
        let number = seen.len();
        let relationship = match above {
            Some(_) => Relationship::Workspace,
            None => Relationship::Root,
        };
        let at = Walk {
            projects,
            list: &mut list,
            scope: format!("{number}:{}", place_name(&place)),
        }
        .project(&project, relationship);
        if let (Some(above), Some(_)) = (above, at) {
            list.need(above, module_id(&place));
        }
        if let Some(at) = at {
            list.name(module_id(&place), at);
        }
        let modules = projects.modules_of(&project);
        for module in modules {
            let Some(inner) = place.relative(module) else {
                continue;
            };
            if seen.len() >= MAX_MODULES || !seen.insert(inner.clone()) {
                continue;
            }
            if let Some(module) = projects.at(&inner, 0) {
                open.push_back((inner, module, at.or(above)));
            }
        }
    }
    list.told()
}

fn place_name(place: &Place) -> &str {
    match place {
        Place::Tree(path) | Place::Repository(path) => path,
    }
}

fn module_id(place: &Place) -> String {
    format!("module {}", place_name(place))
}

/// The walk over what one project needs. Each module has its own: they may use different versions of one artifact.
struct Walk<'w, 'a> {
    projects: &'w mut Projects<'a>,
    list: &'w mut List,
    scope: String,
}

/// An artifact that was chosen.
struct Chosen {
    at: Option<u32>,
    /// It was asked for with `[1.0]`, which no nearer wish for another version outweighs.
    is_hard: bool,
    version: String,
}

struct Wanted {
    dependency: Dependency,
    relationship: Relationship,
    exclusions: Arc<Vec<(String, String)>>,
}

impl Walk<'_, '_> {
    /// Adds a project and what it needs; its place.
    fn project(&mut self, project: &Effective, relationship: Relationship) -> Option<u32> {
        let mut own = list::package("maven", &project.group, &project.artifact, &project.version);
        if let Some(own) = &mut own {
            own.relationship = Some(relationship);
            own.licenses.clone_from(&project.licenses);
        }
        let at = own.map(|own| self.list.add(self.id("", ""), own));
        let name = format!("{}:{}", project.group, project.artifact);
        let mut chosen: HashMap<String, Chosen> = HashMap::new();
        let mut open = VecDeque::new();
        let none = Arc::new(Vec::new());
        for dependency in wanted(&project.dependencies, None, &none) {
            self.need(at, &dependency);
            open.push_back(Wanted {
                exclusions: excluded(&none, &dependency),
                dependency,
                relationship: Relationship::Direct,
            });
        }
        while let Some(next) = open.pop_front() {
            let key = next.dependency.name();
            if key == name || chosen.len() >= MAX_ARTIFACTS {
                continue;
            }
            let (version, is_hard) = requirement(&next.dependency.version);
            let known = chosen.get(&key);
            if known.is_some_and(|known| known.is_hard || !is_hard || known.version == version) {
                continue;
            }
            let before = known.and_then(|known| known.at);
            let inner = self.inner(&next.dependency, &version);
            let at = self.add(&next, &version, inner.as_deref(), before);
            let chosen_now = Chosen {
                at,
                is_hard,
                version,
            };
            chosen.insert(key, chosen_now);
            let Some(inner) = inner else { continue };
            let needs = wanted(
                &inner.dependencies,
                Some(&project.management),
                &next.exclusions,
            );
            for dependency in needs {
                self.need(at, &dependency);
                open.push_back(Wanted {
                    exclusions: excluded(&next.exclusions, &dependency),
                    dependency,
                    relationship: Relationship::Indirect,
                });
            }
        }
        at
    }

    fn id(&self, group: &str, artifact: &str) -> String {
        format!("{} {group}:{artifact}", self.scope)
    }

    fn need(&mut self, at: Option<u32>, dependency: &Dependency) {
        let id = self.id(&dependency.group, &dependency.artifact);
        if let Some(at) = at {
            self.list.need(at, id);
        }
    }

    /// The project of an artifact, as far as it is there.
    fn inner(&mut self, dependency: &Dependency, version: &str) -> Option<Arc<Effective>> {
        let place = self
            .projects
            .find(&dependency.group, &dependency.artifact, version)?;
        self.projects.at(&place, 0)
    }

    /// Adds an artifact; one that was chosen before in another version is put in its place.
    fn add(
        &mut self,
        wanted: &Wanted,
        version: &str,
        inner: Option<&Effective>,
        before: Option<u32>,
    ) -> Option<u32> {
        let dependency = &wanted.dependency;
        let mut package: Package =
            list::package("maven", &dependency.group, &dependency.artifact, version)?;
        package.relationship = Some(wanted.relationship);
        package.lines.extend(dependency.lines);
        package.licenses = inner
            .map(|inner| inner.licenses.clone())
            .unwrap_or_default();
        if let Some(known) = before.and_then(|at| self.list.at(at)) {
            package.relationship = known.relationship.min(package.relationship);
            if !known.lines.is_empty() {
                package.lines.clone_from(&known.lines);
            }
            *known = package;
            return before;
        }
        let id = self.id(&dependency.group, &dependency.artifact);
        Some(self.list.add(id, package))
    }
}

/// The dependencies that whoever uses a project gets, as the root's management wants them.
fn wanted(
    dependencies: &[Dependency],
    management: Option<&Management>,
    exclusions: &[(String, String)],
) -> Vec<Dependency> {
    let mut wanted = Vec::new();
    for dependency in dependencies {
        let mut dependency = dependency.clone();
        let name = dependency.name();
        if let Some(managed) = management.and_then(|management| management.get(&name)) {
            if !managed.version.is_empty() {
                dependency.version.clone_from(&managed.version);
            }
            if !managed.scope.is_empty() && dependency.scope != "test" {
                dependency.scope.clone_from(&managed.scope);
            }
            dependency.is_optional |= managed.is_optional;
            dependency.exclusions.extend_from_slice(&managed.exclusions);
        }
        let is_used = matches!(dependency.scope.as_str(), "" | "compile" | "runtime");
        if is_used && !dependency.is_optional && !is_excluded(&dependency, exclusions) {
            wanted.push(dependency);
        }
    }
    wanted
}

fn is_excluded(dependency: &Dependency, exclusions: &[(String, String)]) -> bool {
    let is = |pattern: &str, text: &str| pattern == "*" || pattern == text;
    exclusions
        .iter()
        .any(|(group, artifact)| is(group, &dependency.group) && is(artifact, &dependency.artifact))
}

/// What is excluded below a dependency.
fn excluded(
    around: &Arc<Vec<(String, String)>>,
    dependency: &Dependency,
) -> Arc<Vec<(String, String)>> {
    if dependency.exclusions.is_empty() {
        return Arc::clone(around);
    }
    let mut exclusions = around.to_vec();
    exclusions.extend_from_slice(&dependency.exclusions);
    exclusions.sort_unstable();
    exclusions.dedup();
    Arc::new(exclusions)
}

/// The version of a requirement, and whether it must be that one: `[1.0]`. A range has none.
fn requirement(text: &str) -> (String, bool) {
    let exact = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let version = exact.unwrap_or(text);
    if version.contains([',', '(', ')', '[', ']']) {
        return (String::new(), exact.is_some());
    }
    (version.trim().to_owned(), exact.is_some())
}
