//! What one `pom.xml` says, before anything is inherited or put in the place of a property.

use std::collections::BTreeMap;

use crate::text::Element;

/// A project as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) parent: Option<Parent>,
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) management: Vec<Dependency>,
    pub(super) modules: Vec<String>,
    pub(super) licenses: Vec<String>,
}

/// What a project inherits from.
#[derive(Debug, Clone, Default)]
pub(super) struct Parent {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    /// Where it is, from the folder of the project; empty for the repository alone.
    pub(super) path: String,
}

/// A dependency, or what is managed for all of that name.
#[derive(Debug, Clone, Default)]
pub(super) struct Dependency {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) scope: String,
    pub(super) is_optional: bool,
    /// Groups and artifacts, `*` for any.
    pub(super) exclusions: Vec<(String, String)>,
    /// Where it is written, in the project that is looked at.
    pub(super) lines: Option<(u32, u32)>,
}

impl Dependency {
    /// Group and artifact.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.group, self.artifact)
    }
}

impl Model {
    /// Reads a `<project>`.
    pub(super) fn read(root: &Element) -> Self {
        let management = root.child("dependencyManagement");
        Model {
            parent: root.child("parent").map(parent),
            group: text(root, "groupId"),
            artifact: text(root, "artifactId"),
            version: text(root, "version"),
            properties: root.child("properties").map(properties).unwrap_or_default(),
            dependencies: dependencies(root),
            management: management.map(dependencies).unwrap_or_default(),
            modules: modules(root),
            licenses: licenses(root),
        }
    }

    /// The same without places: what is inherited is written elsewhere.
    pub(super) fn elsewhere(mut self) -> Self {
        for dependency in &mut self.dependencies {
            dependency.lines = None;
        }
        self
    }
}

fn text(element: &Element, name: &str) -> String {
    element.text_of(name).unwrap_or_default().to_owned()
}

fn parent(element: &Element) -> Parent {
    let path = element.text_of("relativePath").unwrap_or("../pom.xml");
    Parent {
        group: text(element, "groupId"),
        artifact: text(element, "artifactId"),
        version: text(element, "version"),
        path: path.to_owned(),
    }
}

fn properties(element: &Element) -> BTreeMap<String, String> {
    let properties = element.children.iter();
    properties
        .map(|property| (property.name.clone(), property.text.trim().to_owned()))
        .collect()
}

fn modules(root: &Element) -> Vec<String> {
    let lists = root
        .child("modules")
        .into_iter()
        .chain(root.child("subprojects"));
    lists
        .flat_map(|list| &list.children)
        .map(|module| module.text.trim().to_owned())
        .filter(|module| !module.is_empty())
        .collect()
}

fn licenses(root: &Element) -> Vec<String> {
    let Some(list) = root.child("licenses") else {
        return Vec::new();
    };
    let names = list
        .all("license")
        .filter_map(|license| license.text_of("name"));
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn dependencies(around: &Element) -> Vec<Dependency> {
    let Some(list) = around.child("dependencies") else {
        return Vec::new();
    };
    list.all("dependency").map(dependency).collect()
}

fn dependency(element: &Element) -> Dependency {
    let exclusions = element.child("exclusions").map(|list| {
        let exclusions = list.all("exclusion");
        exclusions
            .map(|exclusion| (text(exclusion, "groupId"), text(exclusion, "artifactId")))
            .collect()
    });
    Dependency {
        group: text(element, "groupId"),
        artifact: text(element, "artifactId"),
        version: text(element, "version"),
        scope: text(element, "scope"),
        is_optional: element.text_of("optional") == Some("true"),
        exclusions: exclusions.unwrap_or_default(),
        lines: Some(element.lines),
    }
}
