//! Attack paths: from the internet to the administrator, over pods, identities and nodes.

use model::graph::{Edge, EdgeStyle, Kind, Node, NodeIndex, Outline};
use model::{Graph, Severity};

use super::random::Random;

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

const ENDPOINT: Kind = kind("endpoint", "endpoints", Outline::Double);
const POD: Kind = kind("pod", "pods", Outline::Box);
const IDENTITY: Kind = kind("service account", "service accounts", Outline::Pill);
const PERMISSIONS: Kind = kind("permissions", "permissions", Outline::Hexagon);
const NODE: Kind = kind("node", "nodes", Outline::Octagon);
const SECRET: Kind = kind("secret", "secrets", Outline::Cylinder);
const GOAL: Kind = kind("goal", "goals", Outline::Double);

/// So many pods on the way.
pub(crate) fn paths(pods: usize) -> Graph {
    let graph = Graph::new(
        "The shortest ways to cluster-admin",
        "Each arrow is one step of an attacker; what is thick and red gives the most.",
    );
    let mut ways = Ways { graph };
    let internet = ways.node("internet", ENDPOINT, "Internet", None);
    let worst = Some(Severity::Critical);
    let admin = ways.node("goal/admin", GOAL, "cluster-admin", worst);
    let root = ways.node("goal/root", GOAL, "root on a node", worst);
    let nodes: Vec<NodeIndex> = (0..=pods / 12)
        .map(|index| {
            let id = format!("node/{index}");
            ways.node(&id, NODE, &format!("worker-{index}"), Some(Severity::High))
        })
        .collect();
    let mut random = Random::new(pods as u64 + 3);
    for index in 0..pods {
        let name = ["web", "runner", "agent", "proxy", "controller"][index % 5];
        let pod = ways.node(
            &format!("pod/{index}"),
            POD,
            &format!("{name}-{index}"),
            None,
        );
        let account = format!("account/{}", index / 2);
        let account = ways.node(&account, IDENTITY, &format!("{name}-account"), None);
        if random.chance(40) {
            ways.step(
                internet,
                pod,
                "reaches a listening port",
                Some(Severity::Medium),
            );
        }
        ways.step(pod, account, "reads its token", None);
        match random.below(6) {
            0 => {
                let node = *random.pick(&nodes);
                ways.step(pod, node, "mounts a host path", Some(Severity::High));
            }
            1 => ways.by_permissions(account, admin, index / 4),
            2 => ways.by_secret(account, admin, index / 3),
            3 => ways.step(pod, *random.pick(&nodes), "is privileged", worst),
            _ => {}
        }
    }
    for &node in &nodes {
        ways.step(node, root, "reads the kubelet's credentials", worst);
    }
    ways.graph
}

struct Ways {
    graph: Graph,
}

impl Ways {
    fn node(&mut self, id: &str, kind: Kind, label: &str, risk: Option<Severity>) -> NodeIndex {
        self.graph.add_node(Node {
            risk,
            ..Node::new(id, kind, label)
        })
    }

    fn step(&mut self, from: NodeIndex, to: NodeIndex, label: &str, risk: Option<Severity>) {
        self.graph.add_edge(Edge {
            label: label.to_owned(),
            risk,
            ..Edge::new(from, to, EdgeStyle::Escalates)
        });
    }

    fn by_permissions(&mut self, account: NodeIndex, admin: NodeIndex, number: usize) {
        let label = "create pods in kube-system";
        let id = format!("permissions/{number}");
        let permissions = self.node(&id, PERMISSIONS, label, Some(Severity::High));
        self.step(account, permissions, "", None);
        let label = "runs a pod as a controller";
        self.step(permissions, admin, label, Some(Severity::Critical));
    }

    fn by_secret(&mut self, account: NodeIndex, admin: NodeIndex, number: usize) {
        let id = format!("secret/{number}");
        let secret = self.node(&id, SECRET, "ci-deploy-token", Some(Severity::High));
        self.step(account, secret, "get secrets", Some(Severity::High));
        let label = "is a token of an administrator";
        self.step(secret, admin, label, Some(Severity::Critical));
    }
}
