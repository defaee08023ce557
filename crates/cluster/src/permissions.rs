//! The least that must be allowed to read a cluster.

use std::collections::BTreeMap;

use crate::feature_gates;
use crate::node_config;
use crate::scope::{Scope, UnknownKind, is_namespace};
use crate::served::Served;

/// Name of the roles.
const NAME: &str = "seawall-reader";

/// The `ClusterRole` that is needed to read what is in the scope, as YAML; where only some namespaces are read, a Role for
/// each.
pub fn permissions(served: &[Served], scope: &Scope, watches: bool) -> Result<String, UnknownKind> {
    let chosen = scope.chosen(served)?;
    let list: &[&str] = if watches {
        &["list", "watch"]
    } else {
        &["list"]
    };
    if scope.namespaces.is_empty() {
        let proxy = scope.node_config.then(node_config::proxy);
        let proxy = proxy.iter().map(|one| (one, &["get"][..]));
        let mut rules = rules(chosen.iter().map(|one| (one, list)).chain(proxy));
        if scope.feature_gates {
            rules += &format!(
                "- nonResourceURLs: [{}]\n  verbs: [get]\n",
                feature_gates::PATH
            );
        }
        return Ok(role("ClusterRole", None, &rules));
    }
    let verbs = |one| {
        if is_namespace(one) {
            &["get"][..]
        } else {
            list
        }
    };
    let rules = rules(chosen.iter().map(|one| (one, verbs(one))));
    let namespaces = scope.namespaces.iter();
    let texts: Vec<String> = namespaces
        .map(|namespace| role("Role", Some(namespace), &rules))
        .collect();
    Ok(texts.join("---\n"))
}

/// One rule for each API group and what may be done there.
fn rules<'s, 'v>(needed: impl Iterator<Item = (&'s Served, &'v [&'v str])>) -> String {
    let mut by_group: BTreeMap<(&str, &[&str]), Vec<&str>> = BTreeMap::new();
    for (one, verbs) in needed {
        by_group
            .entry((&one.group, verbs))
            .or_default()
            .push(&one.plural);
    }
    let rules = by_group.iter().map(|((group, verbs), plurals)| {
        let resources: String = plurals
            .iter()
            .map(|plural| format!("  - {plural}\n"))
            .collect();
        let verbs = verbs.join(", ");
        let group = if group.is_empty() { "\"\"" } else { group };
        format!("- apiGroups: [{group}]\n  resources:\n{resources}  verbs: [{verbs}]\n")
    });
    rules.collect()
}

fn role(kind: &str, namespace: Option<&String>, rules: &str) -> String {
    let namespace = namespace.map_or(String::new(), |name| format!("  namespace: \"{name}\"\n"));
    let rules = if rules.is_empty() {
        " []\n".to_owned()
    } else {
        format!("\n{rules}")
    };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: {NAME}\n{namespace}rules:{rules}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::tests::served;

    fn all() -> Vec<Served> {
        vec![
            served("v1", "events", "Event", true),
            served("v1", "namespaces", "Namespace", false),
            served("v1", "pods", "Pod", true),
            served("v1", "secrets", "Secret", true),
            served("apps/v1", "deployments", "Deployment", true),
        ]
    }

    #[test]
    fn a_cluster_needs_lists_and_nothing_else() {
        let role = permissions(&all(), &Scope::default(), false);
        assert_eq!(
            role.as_deref(),
            Ok(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: seawall-reader\nrules:\n\
                - apiGroups: [\"\"]\n  resources:\n  - namespaces\n  - pods\n  - secrets\n  verbs: [list]\n\
                - apiGroups: [apps]\n  resources:\n  - deployments\n  verbs: [list]\n"
            )
        );
    }

    #[test]
    fn configurations_of_nodes_need_the_proxy() {
        let scope = Scope {
            kinds: vec!["pods".to_owned()],
            node_config: true,
            ..Scope::default()
        };
        let role = permissions(&all(), &scope, false).unwrap_or_default();
        assert!(role.contains("  - nodes/proxy\n  verbs: [get]\n"), "{role}");
    }

    #[test]
    fn feature_gates_need_the_metrics() {
        let scope = Scope {
            kinds: vec!["pods".to_owned()],
            feature_gates: true,
            ..Scope::default()
        };
        let role = permissions(&all(), &scope, false).unwrap_or_default();
        let expected = "- nonResourceURLs: [/metrics]\n  verbs: [get]\n";
        assert!(role.ends_with(expected), "{role}");
    }

    #[test]
    fn namespaces_need_roles() {
        let scope = Scope {
            namespaces: vec!["a".to_owned(), "b".to_owned()],
            kinds: vec!["pods".to_owned(), "namespaces".to_owned()],
            ..Scope::default()
        };
        let roles = permissions(&all(), &scope, true).unwrap_or_default();
        let one = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: seawall-reader\n  namespace: \"NS\"\nrules:\n\
                   - apiGroups: [\"\"]\n  resources:\n  - namespaces\n  verbs: [get]\n\
                   - apiGroups: [\"\"]\n  resources:\n  - pods\n  verbs: [list, watch]\n";
        assert_eq!(
            roles,
            [one.replace("NS", "a"), one.replace("NS", "b")].join("---\n")
        );
    }
}
