//! What objects of Argo CD and Flux deploy: where it lies in the tree, and what they make of it. Renders nothing.

mod application;
mod application_set;
pub(crate) mod edits;
mod flux;
mod generator;
mod node;
mod params;
mod substitute;
mod tree;

use std::path::PathBuf;
use std::sync::Arc;

use document::Document;
use helm::{Flag, Given};
use model::{Location, Problem, Resource};

pub(crate) use substitute::Substitution;
pub(crate) use tree::Tree;

use crate::problems;

/// Something that an object deploys from the tree.
pub(crate) struct Deployment {
    /// Kind and name of the object, and which of its sources it is, if there are several.
    pub(crate) name: String,
    /// Where the object says so.
    pub(crate) at: Location,
    /// The folder, links followed.
    pub(crate) folder: PathBuf,
    /// The namespace of objects that name none.
    pub(crate) namespace: Option<String>,
    pub(crate) what: What,
}

/// What lies in the folder of a deployment, and what is made of it.
pub(crate) enum What {
    Chart(Box<Release>),
    Kustomization(Box<Change>),
    Directory(Directory),
}

/// What is made of a kustomization.
pub(crate) struct Change {
    /// What is added to it.
    pub(crate) edits: Option<Document>,
    /// Whether all manifests of the folder stand in for a kustomization that is not there.
    pub(crate) takes_all: bool,
    pub(crate) substitution: Option<Substitution>,
}

/// A chart with what its object gives it.
#[derive(Default)]
pub(crate) struct Release {
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) values: Vec<Given>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) kubernetes_version: Option<String>,
    pub(crate) api_versions: Vec<String>,
    pub(crate) skips_crds: bool,
    pub(crate) skips_tests: bool,
    pub(crate) skips_schema: bool,
    /// What is done to the rendered objects.
    pub(crate) edits: Option<Document>,
}

/// The manifests of a folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Directory {
    pub(crate) recurses: bool,
    /// Globs of paths below the folder; empty for all.
    pub(crate) include: String,
    pub(crate) exclude: String,
}

/// What objects deploy, and what they deploy from elsewhere.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) problems: Vec<Problem>,
}

/// Where things are looked up.
pub(crate) struct Scene<'s> {
    pub(crate) tree: &'s Tree<'s>,
    /// All objects that are known so far.
    pub(crate) objects: &'s [Resource],
    pub(crate) limits: &'s document::Limits,
    /// What random functions of templates begin with.
    pub(crate) seed: u64,
}

/// Whether an object deploys others.
pub(crate) fn deploys(resource: &Resource) -> bool {
    matches!(
        (resource.group(), &*resource.kind),
        ("argoproj.io", "Application" | "ApplicationSet")
            | ("kustomize.toolkit.fluxcd.io", "Kustomization")
            | ("helm.toolkit.fluxcd.io", "HelmRelease")
    )
}

/// Whether deployments look an object up.
pub(crate) fn is_looked_up(resource: &Resource) -> bool {
    matches!(
        (resource.group(), &*resource.kind),
        ("source.toolkit.fluxcd.io", _) | ("", "ConfigMap" | "Secret")
    )
}

/// What an object deploys.
pub(crate) fn deployments(resource: &Resource, scene: &Scene<'_>) -> Found {
    let mut found = Found::default();
    let name = |kind: &str| match resource.namespace.as_deref() {
        Some(namespace) => format!("{kind} {namespace}/{}", resource.name),
        None => format!("{kind} {}", resource.name),
    };
    let object = resource.object();
    match &*resource.kind {
        "Application" => application::read(object, &name("Application"), scene, &mut found),
        "ApplicationSet" => {
            application_set::read(object, &name("ApplicationSet"), scene, &mut found);
        }
        "HelmRelease" => flux::release(resource, &name("HelmRelease"), scene, &mut found),
        _ => flux::kustomization(resource, &name("Kustomization"), scene, &mut found),
    }
    found
}

impl Found {
    /// Notes that something cannot be rendered from the tree.
    fn elsewhere(&mut self, at: document::NodeRef<'_>, what: &str) {
        self.problems.push(problems::elsewhere(at, what));
    }

    /// Notes that an object says something that cannot be.
    fn wrong(&mut self, at: document::NodeRef<'_>, message: String) {
        self.problems
            .push(problems::deployment(&place(at), message));
    }
}

/// Where a node is written.
fn place(node: document::NodeRef<'_>) -> Location {
    let place = node.place();
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}
