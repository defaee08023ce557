//! The engine: the selected controls, ready, and everything that their evaluation shares.

use std::sync::Arc;

use catalog::{Catalog, Condition, Control, DecodeError, Header, Scope};
use document::Keys;
use model::{
    ControlInfo, Inventory, KubernetesVersion, PodView, ProcessView, Resource, Views, WorkloadTable,
};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use schema::{Schema, Validator};

use crate::cells::Cells;
use crate::compiled::{CompileControlError, Compiled, condition};
use crate::index::Index;
use crate::params::ParamOverride;
use crate::relations::{Ahead, Relations};
use crate::selection::{Selection, SelectionError};

/// What a scan assumes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The version of Kubernetes.
    pub kubernetes_version: KubernetesVersion,
    /// Parameters; of those that hold for a resource the last wins.
    pub params: Vec<ParamOverride>,
    /// Which kinds carry pods.
    pub workloads: WorkloadTable,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            kubernetes_version: KubernetesVersion::NEWEST,
            params: Vec::new(),
            workloads: WorkloadTable::default(),
        }
    }
}

/// Why there can be no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The selection names what does not exist.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A control cannot be made ready.
    #[error(transparent)]
    Control(#[from] CompileControlError),
    /// A parameter is set that its control does not have.
    #[error("control `{control}` has no parameter `{name}`{}", .near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    UnknownParam {
        /// The control.
        control: String,
        /// What was set.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A parameter is set to a value of another type.
    #[error("parameter `{name}` of control `{control}` must be of type {expected}")]
    ParamType {
        /// The control.
        control: String,
        /// What was set.
        name: String,
        /// The type word.
        expected: &'static str,
    },
}

/// The selected controls, ready to run. Immutable, shared between threads. Made before any document
/// is parsed, because documents are parsed with its [`Engine::keys`].
#[derive(Debug)]
pub struct Engine {
    pub(crate) controls: Vec<Compiled>,
    pub(crate) index: Index,
    pub(crate) cells: Cells,
    pub(crate) ahead: Ahead,
    pub(crate) views: Views,
    pub(crate) keys: Arc<Keys>,
    pub(crate) validator: Validator<'static>,
    pub(crate) version: KubernetesVersion,
}

impl Engine {
    /// Makes the selected controls ready.
    pub fn new(
        catalog: &Catalog,
        selection: &Selection,
        settings: &Settings,
    ) -> Result<Self, EngineError> {
        Engine::build(catalog, selection, settings, Cells::share)
    }

    /// The same with another way to share what controls have in common.
    pub(crate) fn build(
        catalog: &Catalog,
        selection: &Selection,
        settings: &Settings,
        share: fn(&[&Control], &mut [Condition]) -> Cells,
    ) -> Result<Self, EngineError> {
        let version = settings.kubernetes_version;
        let keys = Arc::new(key_table(catalog, &settings.workloads));
        let positions = selection.resolve(catalog, version)?;
        let selected: Vec<&Control> = positions
            .into_iter()
            .filter_map(|position| catalog.controls().get(position))
            .collect();
        let mut conditions = in_parallel(&selected, |_, control| {
            condition(control, &keys, version, true)
        })?;
        let cells = share(&selected, &mut conditions);
        let mut controls = in_parallel(&selected, |position, control| {
            Compiled::new(control, &conditions[position], &keys, version)
        })?;
        for set in &settings.params {
            apply(set, catalog, &keys, version, &mut controls)?;
        }
        Ok(Engine {
            ahead: Ahead::of(&conditions),
            cells,
            index: Index::new(&controls),
            views: Views::new(&keys, &settings.workloads, settings.kubernetes_version),
            validator: Validator::new(Schema::embedded(), &keys, settings.kubernetes_version.minor),
            version: settings.kubernetes_version,
            controls,
            keys,
        })
    }

    /// The names that documents must be parsed with.
    pub fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// What it takes to see the pods of resources.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// The components that a resource runs or configures, where some control looks at them.
    pub(crate) fn processes_of<'a>(
        &self,
        resource: &'a Resource,
        pods: &[PodView<'a>],
    ) -> Vec<ProcessView<'a>> {
        if self.index.of(Scope::Process).is_empty() {
            return Vec::new();
        }
        ProcessView::of_resource(resource, pods)
    }

    /// How the resources of an inventory relate: what an evaluation and the texts of its findings share.
    pub fn relations<'r>(&'r self, inventory: &'r Inventory) -> Relations<'r> {
        Relations::new(inventory, &self.views)
    }

    /// The version that controls assume.
    pub fn kubernetes_version(&self) -> KubernetesVersion {
        self.version
    }

    /// The selected controls in order of their ids: the indices of findings point here.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = &Header> {
        self.controls.iter().map(|control| &control.header)
    }

    /// SHA-256 of the definitions of the selected controls, in the same order.
    pub fn digests(&self) -> impl ExactSizeIterator<Item = [u8; 32]> {
        self.controls.iter().map(|control| control.control.digest())
    }

    /// What reports say about the selected controls, in the same order.
    pub fn infos(&self) -> Result<Vec<ControlInfo>, DecodeError> {
        self.controls
            .iter()
            .map(|control| control.control.info())
            .collect()
    }
}

/// One value for each control, in their order; the first error, whichever thread meets one first.
fn in_parallel<T: Send>(
    controls: &[&Control],
    make: impl Fn(usize, &Control) -> Result<T, CompileControlError> + Sync,
) -> Result<Vec<T>, CompileControlError> {
    let results: Vec<_> = controls
        .par_iter()
        .enumerate()
        .with_min_len(AT_ONCE)
        .map(|(position, control)| make(position, control))
        .collect();
    results.into_iter().collect()
}

/// Controls that one thread makes ready at a time, at least: less is not worth waking another.
const AT_ONCE: usize = 32;

/// The schema's names first, so that their ids do not depend on the controls.
fn key_table(catalog: &Catalog, workloads: &WorkloadTable) -> Keys {
    let own = crate::native::schema_names()
        .chain(model::key_names())
        .chain(rbac::key_names());
    let mut names: Vec<&str> = Vec::new();
    for name in own {
        names.push(name);
    }
    names.extend(workloads.key_names());
    names.extend(catalog.key_names());
    Keys::new(names)
}

fn apply(
    set: &ParamOverride,
    catalog: &Catalog,
    keys: &Keys,
    version: KubernetesVersion,
    controls: &mut [Compiled],
) -> Result<(), EngineError> {
    let Some(known) = catalog.control(&set.control) else {
        let ids = catalog
            .controls()
            .iter()
            .map(|control| control.header.id.as_str());
        let near = catalog::nearest(&set.control, ids).map(str::to_owned);
        let name = set.control.clone();
        return Err(SelectionError::Control { name, near }.into());
    };
    let params = &known.header.params;
    let (control, name) = (set.control.clone(), set.name.clone());
    let Some(param) = params.iter().find(|param| param.name == set.name) else {
        let names = params.iter().map(|param| param.name.as_str());
        let near = catalog::nearest(&set.name, names).map(str::to_owned);
        return Err(EngineError::UnknownParam {
            control,
            name,
            near,
        });
    };
    if !set.value.fits(param.kind) {
        let expected = param.kind.as_str();
        return Err(EngineError::ParamType {
            control,
            name,
            expected,
        });
    }
    let running = controls.iter_mut().find(|own| own.header.id == set.control);
    if let Some(running) = running {
        running.set_param(set.clone(), keys, version)?;
    }
    Ok(())
}
