//! Attack paths as a picture's worth of nodes and edges.

use std::collections::BTreeSet;

use model::Severity;
use model::graph::{
    Edge, EdgeStyle, Graph as Picture, Group, Kind as Shape, Node, NodeIndex, Outline,
};

use crate::asset::{AssetId, Kind};
use crate::edge::EdgeId;
use crate::graph::Graph;
use crate::search::Path;
use crate::technique::Technique;

const NAMESPACE: Shape = Shape {
    one: "namespace",
    many: "namespaces",
    outline: Outline::Octagon,
};

impl Graph<'_> {
    /// The assets and edges of some paths, each once; namespaces are groups.
    pub fn picture(&self, paths: &[Path], title: &str) -> Picture {
        let description = format!(
            "{} from where an attacker starts to what one is after, step by step.",
            match paths.len() {
                1 => "One path".to_owned(),
                count => format!("{count} paths"),
            }
        );
        let mut picture = Picture::new(title, description);
        let mut edges: BTreeSet<EdgeId> = BTreeSet::new();
        let mut nodes = Vec::new();
        for path in paths {
            nodes.push(self.draw(path.start, Some(path.severity), &mut picture));
            for &edge in &path.edges {
                edges.insert(edge);
                self.draw(self.edge(edge).to, None, &mut picture);
            }
        }
        for id in edges {
            let edge = self.edge(id);
            let from = self.draw(edge.from, None, &mut picture);
            let to = self.draw(edge.to, None, &mut picture);
            picture.add_edge(self.drawn_edge(id, from, to));
        }
        if paths.iter().any(|path| !path.is_certain) {
            picture
                .notes
                .push("Dashed steps cannot be decided from what was scanned.".to_owned());
        }
        picture
    }

    fn drawn_edge(&self, id: EdgeId, from: NodeIndex, to: NodeIndex) -> Edge {
        let edge = self.edge(id);
        let technique = self.technique(id);
        let is_step = self.is_step(id);
        let style = match (edge.unknown, is_step) {
            (Some(_), _) => EdgeStyle::Unknown,
            (None, true) => EdgeStyle::Escalates,
            (None, false) => EdgeStyle::Grants,
        };
        Edge {
            label: technique.map_or("", |technique| technique.id).to_owned(),
            risk: is_step.then(|| self.severity(id)),
            tooltip: edge
                .unknown
                .or(technique.map(Technique::title))
                .map(str::to_owned),
            ..Edge::new(from, to, style)
        }
    }

    fn draw(&self, id: AssetId, risk: Option<Severity>, picture: &mut Picture) -> NodeIndex {
        let asset = self.asset(id);
        let (label, detail) = self.label(id);
        let mut node = Node::new(self.path(id), shape(asset.kind), label);
        node.detail = detail;
        node.stands_for = asset.count.max(1);
        node.risk = match asset.kind {
            Kind::ClusterAdmin | Kind::NodeRoot => Some(Severity::Critical),
            Kind::AllSecrets => Some(Severity::High),
            Kind::Internet => risk,
            _ => None,
        };
        let namespace = self.namespace_of(id);
        if !namespace.is_empty() {
            let group = Group::new(format!("namespace/{namespace}"), NAMESPACE, namespace);
            node.group = Some(picture.add_group(group));
        }
        picture.add_node(node)
    }

    /// A line for an asset, and a smaller one.
    fn label(&self, id: AssetId) -> (String, String) {
        let asset = self.asset(id);
        let name = asset.name.to_string();
        match asset.kind {
            Kind::Pod if asset.count > 1 => (
                name,
                format!("{}, {} pods", asset.resource_kind, asset.count),
            ),
            Kind::Pod | Kind::PermissionSet => (name, asset.resource_kind.to_string()),
            Kind::NodesOf | Kind::Position | Kind::Reachable => {
                (self.name(id).to_string(), String::new())
            }
            _ if name.is_empty() => (self.name(id).to_string(), String::new()),
            _ => (name, String::new()),
        }
    }

    /// The namespace that an asset is drawn in: its own, or that of what it is a part of.
    fn namespace_of(&self, id: AssetId) -> String {
        let asset = self.asset(id);
        match asset.parent {
            Some(parent) if asset.namespace.is_empty() => self.namespace_of(parent),
            _ => asset.namespace.to_string(),
        }
    }
}

fn shape(kind: Kind) -> Shape {
    let outline = match kind {
        Kind::Pod | Kind::Container | Kind::NewPod | Kind::AllPods | Kind::Position => Outline::Box,
        Kind::ServiceAccount
        | Kind::User
        | Kind::Group
        | Kind::AllAccounts
        | Kind::CloudIdentity => Outline::Pill,
        Kind::PermissionSet | Kind::NamespaceAdmin => Outline::Hexagon,
        Kind::Endpoint | Kind::AllPorts | Kind::Reachable => Outline::Slanted,
        Kind::Secret | Kind::AllSecrets => Outline::Note,
        Kind::Volume | Kind::NodeFiles => Outline::Cylinder,
        Kind::Node | Kind::AllNodes | Kind::NodesOf => Outline::Octagon,
        Kind::Internet | Kind::NodeNetwork | Kind::ClusterAdmin | Kind::NodeRoot => Outline::Double,
    };
    Shape {
        one: kind.one(),
        many: kind.many(),
        outline,
    }
}
