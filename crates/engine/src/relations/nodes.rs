//! What the nodes of a cluster are together.

use std::collections::BTreeSet;

use document::NodeRef;
use expr::Quantity;

use super::Relations;

/// The scanned nodes, taken together.
pub(crate) struct Nodes<'r> {
    /// The different versions of their kubelets.
    pub(crate) versions: BTreeSet<&'r str>,
    /// Cores that pods can have.
    pub(crate) cpu: f64,
    /// Bytes that pods can have.
    pub(crate) memory: f64,
}

impl<'r> Nodes<'r> {
    /// `None` when no node was scanned.
    pub(super) fn new(relations: &Relations<'r>) -> Option<Self> {
        let mut nodes = Nodes {
            versions: BTreeSet::new(),
            cpu: 0.0,
            memory: 0.0,
        };
        let scanned = relations.of_kind("Node").iter();
        let scanned = scanned.filter_map(|&index| relations.resource(index));
        let mut count = 0;
        for node in scanned.filter(|node| node.group().is_empty()) {
            count += 1;
            let Some(status) = node.object().get_str("status") else {
                continue;
            };
            let version = at(status, &["nodeInfo", "kubeletVersion"]);
            nodes.versions.extend(version.and_then(NodeRef::as_str));
            nodes.cpu += amount(at(status, &["allocatable", "cpu"]));
            nodes.memory += amount(at(status, &["allocatable", "memory"]));
        }
        (count > 0).then_some(nodes)
    }
}

fn at<'r>(node: NodeRef<'r>, keys: &[&str]) -> Option<NodeRef<'r>> {
    keys.iter().try_fold(node, |node, key| node.get_str(key))
}

fn amount(node: Option<NodeRef<'_>>) -> f64 {
    let Some(node) = node else {
        return 0.0;
    };
    if let Some(whole) = node.as_i64() {
        return Quantity::from_int(whole).as_float();
    }
    let quantity = node.as_str().and_then(Quantity::parse);
    let amount = quantity.map(Quantity::as_float).or(node.as_f64());
    amount.unwrap_or_default()
}
