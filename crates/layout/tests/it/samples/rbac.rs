//! Permissions as a cluster has them: most subjects with a role of their own or a shared one, few with a lot.

use model::graph::{Edge, EdgeStyle, Kind, Node, NodeIndex, Outline};
use model::{Graph, Severity};

use super::random::Random;

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

const SERVICE_ACCOUNT: Kind = kind("service account", "service accounts", Outline::Pill);
const USER: Kind = kind("user", "users", Outline::Pill);
const GROUP: Kind = kind("group", "groups", Outline::Pill);
const CLUSTER_BINDING: Kind = kind(
    "ClusterRoleBinding",
    "ClusterRoleBindings",
    Outline::Slanted,
);
const BINDING: Kind = kind("RoleBinding", "RoleBindings", Outline::Slanted);
const CLUSTER_ROLE: Kind = kind("ClusterRole", "ClusterRoles", Outline::Hexagon);
const ROLE: Kind = kind("Role", "Roles", Outline::Hexagon);
const PERMISSION: Kind = kind("permission", "permissions", Outline::Note);

const APPS: [&str; 12] = [
    "payment-gateway",
    "checkout",
    "catalog-search",
    "prometheus",
    "grafana",
    "argocd-application-controller",
    "cert-manager",
    "external-dns",
    "ingress-nginx",
    "velero",
    "gitlab-runner",
    "inventory-sync-worker",
];
const NAMESPACES: [&str; 6] = [
    "shop",
    "monitoring",
    "argocd",
    "cert-manager",
    "ingress",
    "ci",
];

/// So many subjects, each with a binding or two.
pub(crate) fn rbac(subjects: usize) -> Graph {
    let mut random = Random::new(subjects as u64);
    let mut graph = Graph::new(
        format!("Who may do what: {subjects} subjects"),
        "Subjects, the bindings that name them, the roles that these grant, and what the roles permit.",
    );
    graph.layers = ["Subjects", "Bindings", "Roles", "Permissions"]
        .map(str::to_owned)
        .to_vec();
    let roles = roles(&mut graph, subjects);
    for index in 0..subjects {
        let app = APPS[index % APPS.len()];
        let namespace = NAMESPACES[random.below(NAMESPACES.len())];
        let (kind, name) = match index % 9 {
            7 => (
                USER,
                format!(
                    "{}@example.com",
                    ["ana", "bo", "chen", "dee"][random.below(4)]
                ),
            ),
            8 => (GROUP, format!("team-{namespace}")),
            _ => (SERVICE_ACCOUNT, format!("{app}-{}", index / APPS.len())),
        };
        let subject = graph.add_node(Node {
            detail: if kind == SERVICE_ACCOUNT {
                format!("namespace {namespace}")
            } else {
                String::new()
            },
            layer: Some(0),
            risk: random.chance(8).then_some(Severity::High),
            ..Node::new(
                format!("subject/{namespace}/{name}/{}", index % 9),
                kind,
                name.clone(),
            )
        });
        for number in 0..=usize::from(random.chance(35)) {
            // Few roles are bound often.
            let role = roles[random.below(roles.len()).min(random.below(roles.len()))];
            let is_wide = random.chance(30);
            let binding = graph.add_node(Node {
                layer: Some(1),
                detail: if is_wide {
                    String::new()
                } else {
                    format!("namespace {namespace}")
                },
                ..Node::new(
                    format!("binding/{index}/{number}"),
                    if is_wide { CLUSTER_BINDING } else { BINDING },
                    format!(
                        "{name}-{}",
                        ["view", "edit", "admin", "runner"][random.below(4)]
                    ),
                )
            });
            let risk = graph.node(role).risk;
            graph.add_edge(Edge::new(subject, binding, EdgeStyle::Related));
            graph.add_edge(Edge {
                risk,
                ..Edge::new(binding, role, EdgeStyle::Grants)
            });
        }
    }
    graph
}

fn roles(graph: &mut Graph, subjects: usize) -> Vec<NodeIndex> {
    let permissions: Vec<NodeIndex> = [
        ("everything, everywhere", Some(Severity::Critical)),
        ("create pods", Some(Severity::High)),
        ("get secrets", Some(Severity::High)),
        ("bind, escalate roles", Some(Severity::Critical)),
        ("get, list, watch pods", None),
        ("patch deployments", Some(Severity::Medium)),
        ("get configmaps", Some(Severity::Low)),
        ("update leases", None),
    ]
    .into_iter()
    .map(|(name, risk)| {
        graph.add_node(Node {
            layer: Some(3),
            risk,
            ..Node::new(format!("permission/{name}"), PERMISSION, name)
        })
    })
    .collect();
    let names = [
        "cluster-admin",
        "edit",
        "view",
        "secret-reader",
        "leader-election",
        "deployer",
        "operator",
        "config-reader",
    ];
    let count = (3 + subjects / 8).min(60);
    (0..count)
        .map(|index| {
            let name = names[index % names.len()];
            let own: &[usize] = [
                &[0][..],
                &[1, 5, 6],
                &[4, 6],
                &[2],
                &[7],
                &[5, 4],
                &[1, 2, 3],
                &[6],
            ][index % 8];
            let risk = own
                .iter()
                .filter_map(|&own| graph.node(permissions[own]).risk)
                .max();
            let (kind, suffix) = if index < names.len() {
                (CLUSTER_ROLE, String::new())
            } else {
                (ROLE, format!("-{index}"))
            };
            let role = graph.add_node(Node {
                layer: Some(2),
                risk,
                ..Node::new(format!("role/{index}"), kind, format!("{name}{suffix}"))
            });
            for &own in own {
                let risk = graph.node(permissions[own]).risk;
                graph.add_edge(Edge {
                    risk,
                    ..Edge::new(role, permissions[own], EdgeStyle::Grants)
                });
            }
            role
        })
        .collect()
}
