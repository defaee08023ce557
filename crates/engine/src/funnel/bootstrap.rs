//! What is accepted of the roles and bindings that Kubernetes itself makes in each cluster: nobody can change them, since
//! an API server restores them. `data/bootstrap-exceptions.yaml` says which findings and why; `rbac` says what is shipped.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use document::{Keys, Limits, NodeId, NodeRef, Source};
use foldhash::fast::FixedState;
use model::{AppliedException, ControlResult, Resource};

const TABLE: &str = include_str!("../../data/bootstrap-exceptions.yaml");

/// Where these exceptions are written, for reports.
const AT: &str = "built in";

/// The rows of the table that are about controls of a report.
pub(super) struct Bootstrap {
    by_control: HashMap<u32, Vec<Row>, FixedState>,
}

struct Row {
    /// `KIND/NAME`; with `*` at its end whatever begins so.
    resources: Arc<[String]>,
    reason: Arc<str>,
}

/// A row as it is written.
struct Written {
    resources: Arc<[String]>,
    controls: Vec<String>,
    reason: Arc<str>,
}

/// The table, read once: a watch makes a report at every change.
static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(|| {
    let keys = Arc::new(Keys::new(["resources", "controls", "reason"]));
    let source = Source::new("bootstrap-exceptions.yaml", TABLE);
    let document = document::parse_yaml(source, &keys, &Limits::default()).document;
    let rows = document.root(0).into_iter().flat_map(NodeRef::items);
    let written = rows.map(|row| {
        let texts = |field| {
            let items = row.get_str(field).into_iter().flat_map(NodeRef::items);
            items.filter_map(NodeRef::as_str).map(str::to_owned)
        };
        let reason = row.get_str("reason").and_then(NodeRef::as_str);
        Written {
            resources: texts("resources").collect(),
            controls: texts("controls").collect(),
            reason: reason.unwrap_or_default().into(),
        }
    });
    written.collect()
});

impl Bootstrap {
    /// The rows for the controls of a report.
    pub(super) fn new(controls: &[ControlResult]) -> Self {
        let mut by_control: HashMap<u32, Vec<Row>, FixedState> = HashMap::default();
        for row in &*WRITTEN {
            for id in &row.controls {
                let position = controls.binary_search_by(|control| (*control.info.id).cmp(id));
                if let Ok(position) = position {
                    by_control.entry(position as u32).or_default().push(Row {
                        resources: Arc::clone(&row.resources),
                        reason: Arc::clone(&row.reason),
                    });
                }
            }
        }
        Bootstrap { by_control }
    }

    /// Why a finding is accepted, if it is: the first row decides.
    pub(super) fn accept(
        &self,
        control: u32,
        resource: &Resource,
        node: NodeId,
    ) -> Option<AppliedException> {
        let mut rows = self.by_control.get(&control)?.iter();
        let row = rows.find(|row| row.resources.iter().any(|name| is_meant(name, resource)))?;
        rbac::is_as_shipped(resource, node).then(|| AppliedException {
            reason: row.reason.to_string(),
            owner: None,
            expires: None,
            at: AT.to_owned(),
        })
    }
}

fn is_meant(name: &str, resource: &Resource) -> bool {
    let Some((kind, name)) = name.split_once('/') else {
        return false;
    };
    *kind == *resource.kind
        && match name.strip_suffix('*') {
            Some(beginning) => resource.name.starts_with(beginning),
            None => *name == *resource.name,
        }
}
