//! What pictures of permissions say.

use model::Graph;

use crate::escalation::{EscalationMemory, Escalator};
use crate::request::Subject;
use crate::testing;

/// Nodes and edges, a line each.
fn lines(graph: &Graph) -> String {
    let node = |index: model::graph::NodeIndex| {
        let node = graph.node(index);
        let risk = node.risk.map_or("", |risk| risk.as_str());
        let text = format!("{} {} {risk}", node.label.join(" "), node.detail);
        text.trim_end().to_owned()
    };
    let edges = graph.edges().iter().map(|edge| {
        let label = format!("{} {}", edge.style.as_str(), edge.label);
        let more = edge.tooltip.as_ref();
        let more = more.map_or(String::new(), |more| {
            format!(" [{}]", more.replace('\n', ", "))
        });
        format!(
            "{} -> {}: {}{more}",
            node(edge.from),
            node(edge.to),
            label.trim_end()
        )
    });
    edges.collect::<Vec<_>>().join("\n")
}

/// A deployer, and some accounts with pods in its namespace.
fn deployer(accounts: usize) -> String {
    let mut yaml = "\
kind: Role
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: deploy, namespace: shop}
rules:
  - {apiGroups: [''], resources: [pods], verbs: [create]}
  - {apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}
  - {apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]}
---
kind: RoleBinding
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: deploy, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deploy}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}]
---
kind: ClusterRole
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: reader}
rules: [{apiGroups: [''], resources: [nodes], verbs: [list]}]
"
    .to_owned();
    for number in 0..accounts {
        yaml += &format!(
            "---
kind: ServiceAccount
apiVersion: v1
metadata: {{name: app-{number}, namespace: shop}}
---
kind: ClusterRoleBinding
apiVersion: rbac.authorization.k8s.io/v1
metadata: {{name: app-{number}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}}
subjects: [{{kind: ServiceAccount, name: app-{number}, namespace: shop}}]
"
        );
    }
    yaml
}

fn around(yaml: &str, depth: u32) -> Graph {
    let graph = testing::graph(yaml);
    let memory = EscalationMemory::new(&graph);
    let escalator = Escalator::new(&graph, &memory);
    escalator.picture_around("Around ann", Subject::User("ann"), depth)
}

#[test]
fn several_patterns_between_two_are_one_edge() {
    let expected = [
        "ann  critical -> deploy shop: grants",
        "deploy shop -> deploy shop: grants",
        "deploy shop -> create pods  high: grants",
        "deploy shop -> create serviceaccounts/token  critical: grants",
        "deploy shop -> impersonate serviceaccounts  high: grants",
        "ann  critical -> app-0 shop: escalates tokens-create and 2 more \
         [tokens-create (critical), impersonate-serviceaccounts (high), pods-create (high)]",
        "ann  critical -> root on a node  critical: escalates pods-create-privileged",
    ];
    assert_eq!(lines(&around(&deployer(1), 1)), expected.join("\n"));
    assert_eq!(around(&deployer(1), 0).edges().len(), 5);
}

#[test]
fn many_that_the_same_patterns_lead_to_are_one_node() {
    let graph = around(&deployer(7), 1);
    let many: Vec<_> = graph
        .nodes()
        .iter()
        .filter(|node| node.stands_for > 1)
        .collect();
    assert_eq!(many.len(), 1, "{}", lines(&graph));
    assert_eq!(many[0].label, ["app-0", "and 6 more"]);
    assert_eq!(
        (many[0].stands_for, many[0].kind.many),
        (7, "service accounts")
    );
}
