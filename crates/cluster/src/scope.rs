//! Which part of a cluster is read.

use model::Resource;

use crate::served::Served;

/// Which part of a cluster is read; by default all of it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Scope {
    /// Only these namespaces: what lives in them, and the namespaces themselves.
    pub namespaces: Vec<String>,
    /// Not these namespaces, nor what lives in them.
    pub excluded_namespaces: Vec<String>,
    /// Only these kinds, by any name that [`Served::is_called`] knows.
    pub kinds: Vec<String>,
    /// Only objects whose labels this selector selects, in the API's own language.
    pub selector: Option<String>,
    /// Also what the kubelet of each node that is read runs with: that is asked through the proxy of the API server.
    pub node_config: bool,
    /// Also which feature gates the API server has on: its metrics say so.
    pub feature_gates: bool,
}

/// A kind that was asked for and that the server does not serve.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the cluster serves no kind `{word}` that can be listed")]
pub struct UnknownKind {
    /// What was asked for.
    pub word: String,
    /// What is served.
    pub known: Vec<String>,
}

impl Scope {
    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        let everything = Scope {
            node_config: self.node_config,
            feature_gates: self.feature_gates,
            ..Scope::default()
        };
        *self == everything
    }

    /// Those of the served resources that are read.
    pub(crate) fn chosen(&self, served: &[Served]) -> Result<Vec<Served>, UnknownKind> {
        for word in &self.kinds {
            if !served.iter().any(|one| one.is_called(word)) {
                return Err(UnknownKind {
                    word: word.clone(),
                    known: served.iter().map(|one| one.kind.clone()).collect(),
                });
            }
        }
        let is_chosen = |one: &&Served| {
            if self.kinds.is_empty() {
                is_state(one)
            } else {
                self.kinds.iter().any(|word| one.is_called(word))
            }
        };
        let is_reachable =
            |one: &&Served| self.namespaces.is_empty() || one.is_namespaced || is_namespace(one);
        let chosen = served.iter().filter(is_chosen).filter(is_reachable);
        Ok(chosen.cloned().collect())
    }

    /// Whether an object of a list is wanted: neither in a namespace that is left out, nor that itself.
    pub(crate) fn has(&self, resource: &Resource, served: &Served) -> bool {
        let namespace = if is_namespace(served) {
            Some(&*resource.name)
        } else {
            resource.namespace.as_deref()
        };
        let is_excluded = |name: &str| self.excluded_namespaces.iter().any(|one| one == name);
        !namespace.is_some_and(is_excluded)
    }
}

/// Whether it is the resource of namespaces.
pub(crate) fn is_namespace(served: &Served) -> bool {
    served.group.is_empty() && served.plural == "namespaces"
}

/// Groups whose objects are measurements that their server makes up for each answer.
const MEASUREMENTS: [&str; 3] = [
    "metrics.k8s.io",
    "custom.metrics.k8s.io",
    "external.metrics.k8s.io",
];

/// Whether objects say how the cluster is, and not what happened or was measured.
pub(crate) fn is_state(served: &Served) -> bool {
    let is_log = served.plural == "events" && matches!(&*served.group, "" | "events.k8s.io");
    let is_probe = served.group.is_empty() && served.plural == "componentstatuses";
    !is_log && !is_probe && !MEASUREMENTS.contains(&&*served.group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::tests::served;

    fn all() -> Vec<Served> {
        vec![
            served("v1", "events", "Event", true),
            served("v1", "namespaces", "Namespace", false),
            served("v1", "nodes", "Node", false),
            served("v1", "pods", "Pod", true),
            served("metrics.k8s.io/v1beta1", "pods", "PodMetrics", true),
        ]
    }

    fn chosen(scope: &Scope) -> String {
        let chosen = scope.chosen(&all()).unwrap_or_default();
        let names: Vec<String> = chosen.iter().map(Served::full_name).collect();
        names.join(" ")
    }

    #[test]
    fn what_is_read_follows_the_scope() {
        let mut scope = Scope::default();
        assert_eq!(chosen(&scope), "namespaces nodes pods");
        assert!(scope.is_everything());
        scope.namespaces = vec!["shop".to_owned()];
        assert_eq!(chosen(&scope), "namespaces pods");
        scope.kinds = vec!["event".to_owned(), "Node".to_owned()];
        assert_eq!(chosen(&scope), "events");
        scope.kinds = vec!["pots".to_owned()];
        let unknown = scope.chosen(&all());
        assert_eq!(
            unknown.map_err(|unknown| unknown.word),
            Err("pots".to_owned())
        );
    }
}
