//! Kustomizations, built as `kustomize build` does, with the origin of every value.
//!
//! No I/O: a [`Folder`] gives the files. Knows Kustomize and, from `schema`, how Kubernetes merges lists; nothing of
//! this product.
//!
//! # How a build goes
//!
//! 1. A kustomization is read and checked (`kustomization`), its resources, bases and components are accumulated
//!    (`build`), generators run (`generator`), then the transformations in Kustomize's own order (`steps`).
//! 2. At the top, generated names get their hashes (`hash`), names in other objects follow (`name_reference`),
//!    variables are put in (`variables`), and the objects are ordered (`order`).
//! 3. All that works on one mutable tree (`tree`): owned nodes, each with one number into a table of origins
//!    (`origin`). Every text is parsed once, by `document`. At the end the tree becomes one [`document::Document`]
//!    with a root for each object.
//!
//! # What origins say
//!
//! The origin of a node is the place that an author would change. The causes go from there to where things came from:
//!
//! | the node was | its place | its causes, nearest first |
//! |---|---|---|
//! | written in a resource | there | `base`: the entries of `resources` that brought it, innermost first |
//! | set by a patch | in the patch, also inside a kustomization | `patch`: the entry of the kustomization; `base`: what it replaced |
//! | set by a field of a kustomization | that field | `base`: what stood there |
//! | generated | the literal or the file | `value`: the entry of the generator |
//! | replaced, or a variable | the target | `value`: the source |
//!
//! # Where it follows Kustomize rather than Kubernetes
//!
//! Lists of kinds that the schema does not know are replaced; `$setElementOrder`, `$retainKeys` and
//! `$deleteFromPrimitiveList` are no directives for Kustomize, so they stay; new items of merged lists come first.
//! References: <https://kubectl.docs.kubernetes.io/references/kustomize/> and the behaviour of `kustomize build`.

mod accumulate;
mod build;
mod custom_kinds;
mod edits;
mod error;
mod field_path;
mod field_spec;
mod field_walk;
mod finish;
mod folder;
mod generator;
mod generators;
mod hash;
mod image;
mod json_patch;
mod kustomization;
mod merge;
mod merge_schema;
mod metadata;
mod name_reference;
mod order;
mod origin;
mod patches;
mod plugins;
mod print;
mod provenance;
mod read;
mod replacement;
mod resource;
mod resources;
mod selector;
mod steps;
mod transform;
mod tree;
mod value_add;
mod variables;

use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef, Source, Span};

pub use error::{Error, ErrorKind};
pub use folder::{Folder, Resolved};
pub use kustomization::FILE_NAMES;
pub use print::to_yaml;

/// How to build.
pub struct Options<'o> {
    /// The table of keys of the rendered document.
    pub keys: Arc<Keys>,
    /// Limits on each text, and on the nodes of the whole.
    pub limits: Limits,
    /// How many kustomizations may lead to one another.
    pub depth: usize,
    /// How many files may be read.
    pub files: usize,
    /// Bytes that all the objects may take while they are built.
    pub bytes: usize,
    /// Renders the charts of `helmCharts`; without it they are an error.
    pub charts: Option<&'o dyn Charts>,
    /// Fields that are added to the kustomization at the root before it is built, as a controller does that deploys it:
    /// a kustomization without resources of its own. Texts replace the kustomization's, lists are added to, images and
    /// replicas of the same name are replaced.
    pub edits: Option<NodeRef<'o>>,
    /// What stands in for the kustomization file that the root does not have.
    pub stand_in: Option<NodeRef<'o>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            keys: Arc::new(Keys::new([])),
            limits: Limits::default(),
            depth: 64,
            files: 10_000,
            bytes: 256 << 20,
            charts: None,
            edits: None,
            stand_in: None,
        }
    }
}

/// Renders charts for `helmCharts`.
pub trait Charts {
    /// The rendered objects of a chart with their origins, or why it cannot be rendered.
    fn render(&self, request: &ChartRequest) -> Result<Document, ChartError>;
}

/// Why a chart cannot be rendered.
#[derive(Clone, Debug)]
pub struct ChartError {
    /// What is wrong.
    pub message: String,
    /// Where, when that is in a file of the chart.
    pub place: Option<(Arc<Source>, Span)>,
}

/// One entry of `helmCharts`: see
/// <https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#field-name-helmcharts>.
#[derive(Debug)]
pub struct ChartRequest {
    /// The resolved folder of the kustomization: `chartHome` and values files are relative to it.
    pub root: String,
    /// The entry as the root of a document, and `helmGlobals` under the key of that name.
    pub config: Document,
    /// The namespace that the kustomization gives it; empty for none.
    pub namespace: String,
}

/// What came of a kustomization.
#[derive(Debug)]
pub struct Rendering {
    /// The objects in their order, a root for each.
    pub document: Document,
    /// The resolved folders of all the kustomizations that took part, this one's first.
    pub roots: Vec<String>,
    /// The resolved paths of all the files that were read, in the order of their reading.
    pub files: Vec<String>,
}

/// Applies the [edits](Options::edits) of some options to objects, as if they were the resources of a kustomization in a
/// folder: what a controller does to charts that it has rendered.
pub fn build_objects(
    objects: &Document,
    folder: &dyn Folder,
    root: &str,
    options: &Options<'_>,
) -> Result<Rendering, Error> {
    build::run_on(objects, folder, root, options)
}

/// Builds the kustomization in a folder.
pub fn build(folder: &dyn Folder, root: &str, options: &Options<'_>) -> Result<Rendering, Error> {
    build::run(folder, root, options)
}
