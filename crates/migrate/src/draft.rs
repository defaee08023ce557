//! What `seawall.yaml` will say, each entry with the place that it comes from.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::ParamValue;
use model::Location;

/// Where an entry comes from.
#[derive(Clone, Debug)]
pub(crate) struct From {
    pub(crate) at: Location,
    /// What stands there.
    pub(crate) what: String,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) from: From,
}

/// On which resources findings are accepted: globs, everything where absent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Resources {
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) paths: Vec<String>,
}

/// A row of `exceptions`.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    /// Several rows share one list.
    pub(crate) controls: Arc<[String]>,
    pub(crate) resources: Resources,
    pub(crate) reason: String,
    pub(crate) owner: Option<String>,
    pub(crate) expires: Option<String>,
    pub(crate) from: From,
}

/// What the file will say.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) kubernetes_version: Option<Sourced<String>>,
    pub(crate) fail_on: Option<Sourced<&'static str>>,
    pub(crate) min_severity: Option<Sourced<&'static str>>,
    /// Ids in the order of the sources; the first that names one stays.
    pub(crate) controls: Vec<Sourced<String>>,
    pub(crate) exclude_controls: Vec<Sourced<String>>,
    pub(crate) exclude: Vec<Sourced<String>>,
    /// By control and parameter.
    pub(crate) params: BTreeMap<(String, String), Sourced<ParamValue>>,
    pub(crate) exceptions: Vec<Accepted>,
}

impl Draft {
    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.kubernetes_version.is_some())
            + usize::from(self.fail_on.is_some())
            + usize::from(self.min_severity.is_some())
            + self.controls.len()
            + self.exclude_controls.len()
            + self.exclude.len()
            + self.params.len()
            + self.exceptions.len()
    }
}

/// Adds a text that is not there yet.
pub(crate) fn push(list: &mut Vec<Sourced<String>>, value: &str, from: &From) {
    if list.iter().all(|known| known.value != value) {
        list.push(Sourced {
            value: value.to_owned(),
            from: from.clone(),
        });
    }
}
