//! A picture's worth of nodes and edges: what `seawall rbac graph`, `network graph` and `paths` give to whoever draws.
//!
//! Neutral: it knows words, outlines and risks, and nothing of permissions or networks. Order is kept: nodes, edges and
//! groups are drawn and written in the order in which they were added, as far as a picture has one.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::severity::Severity;

/// Nodes and edges, in groups, with the words around them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What the picture is, in a few words.
    pub title: String,
    /// What it shows, in a sentence or two: read out to whoever does not see it.
    pub description: String,
    /// Headings of the layers that nodes name, in the direction of reading; empty when layers are free.
    pub layers: Vec<String>,
    /// What the reader has to know beside the picture: what was left out, what was merged.
    pub notes: Vec<String>,
    groups: Vec<Group>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    node_of_id: HashMap<String, NodeIndex, FixedState>,
    group_of_id: HashMap<String, GroupIndex, FixedState>,
}

/// The position of a node in [`Graph::nodes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeIndex(u32);

impl NodeIndex {
    /// As a number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The position of a group in [`Graph::groups`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupIndex(u32);

impl GroupIndex {
    /// As a number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node stands for: a word, and the outline that it is drawn with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Kind {
    /// One of it: `service account`.
    pub one: &'static str,
    /// Several: `service accounts`; the same word for what is not counted.
    pub many: &'static str,
    /// How it is drawn.
    pub outline: Outline,
}

/// The outline of a node. Each has a counterpart in Graphviz and in Mermaid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outline {
    /// A rectangle: things that run.
    Box,
    /// A rectangle with round ends: who acts.
    Pill,
    /// Pointed ends: what permits.
    Hexagon,
    /// A slanted rectangle: what connects two others.
    Slanted,
    /// A sheet with a folded corner: what is written down.
    Note,
    /// A cylinder: what is stored.
    Cylinder,
    /// Cut corners: machines and other things that hold many.
    Octagon,
    /// Two lines all around: what lies outside, or what an attacker is after.
    Double,
}

/// A thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// Names it in every output and never changes for the same thing. Unique in the graph.
    pub id: String,
    /// What it stands for.
    pub kind: Kind,
    /// Its name, in lines.
    pub label: Vec<String>,
    /// Smaller, below: a namespace, a count. May be empty.
    pub detail: String,
    /// How bad it is; `None` when there is nothing to say.
    pub risk: Option<Severity>,
    /// The innermost group that it is in.
    pub group: Option<GroupIndex>,
    /// The layer that it must be in: a position in [`Graph::layers`].
    pub layer: Option<u32>,
    /// Where more is to be read: `https:`, `http:`, a fragment or a relative path; others are not written.
    pub link: Option<String>,
    /// What does not fit into the box.
    pub tooltip: Option<String>,
    /// How many things it stands for: more than one for a summary.
    pub stands_for: u32,
}

impl Node {
    /// A node with one line, and nothing else set.
    pub fn new(id: impl Into<String>, kind: Kind, label: impl Into<String>) -> Self {
        Node {
            id: id.into(),
            kind,
            label: vec![label.into()],
            detail: String::new(),
            risk: None,
            group: None,
            layer: None,
            link: None,
            tooltip: None,
            stands_for: 1,
        }
    }
}

/// What an edge says about its two ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EdgeStyle {
    /// They have to do with each other.
    Related,
    /// Traffic gets through.
    Allowed,
    /// Traffic does not get through.
    Denied,
    /// Not decidable from what was scanned.
    Unknown,
    /// The first gives the second.
    Grants,
    /// Whoever has the first can take the second.
    Escalates,
}

impl EdgeStyle {
    /// All of them, in the order of a legend.
    pub const ALL: [EdgeStyle; 6] = [
        EdgeStyle::Related,
        EdgeStyle::Grants,
        EdgeStyle::Escalates,
        EdgeStyle::Allowed,
        EdgeStyle::Denied,
        EdgeStyle::Unknown,
    ];

    /// The word that stands in legends and files.
    pub fn as_str(self) -> &'static str {
        match self {
            EdgeStyle::Related => "related",
            EdgeStyle::Allowed => "allowed",
            EdgeStyle::Denied => "denied",
            EdgeStyle::Unknown => "unknown",
            EdgeStyle::Grants => "grants",
            EdgeStyle::Escalates => "escalates",
        }
    }
}

/// Which ends of an edge carry an arrow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Arrows {
    /// The second end.
    Forward,
    /// Both ends.
    Both,
    /// None.
    Neither,
}

/// A connection between two nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edge {
    /// Where it begins.
    pub from: NodeIndex,
    /// Where it ends.
    pub to: NodeIndex,
    /// What it says.
    pub style: EdgeStyle,
    /// Its text; may be empty.
    pub label: String,
    /// How bad it is.
    pub risk: Option<Severity>,
    /// Its arrows.
    pub arrows: Arrows,
    /// What does not fit beside it.
    pub tooltip: Option<String>,
    /// How many connections it stands for: more than one in a summary.
    pub stands_for: u32,
}

impl Edge {
    /// An edge with an arrow at its second end, and nothing else set.
    pub fn new(from: NodeIndex, to: NodeIndex, style: EdgeStyle) -> Self {
        Edge {
            from,
            to,
            style,
            label: String::new(),
            risk: None,
            arrows: Arrows::Forward,
            tooltip: None,
            stands_for: 1,
        }
    }
}

/// Nodes that belong together, drawn inside of one frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Names it in every output. Unique among the groups of the graph.
    pub id: String,
    /// What it is, and how it is drawn when it is closed and only one node is left of it.
    pub kind: Kind,
    /// Its name.
    pub label: String,
    /// The group that it lies in.
    pub parent: Option<GroupIndex>,
    /// How bad it is.
    pub risk: Option<Severity>,
    /// What does not fit into its heading.
    pub tooltip: Option<String>,
}

impl Group {
    /// A group at the top.
    pub fn new(id: impl Into<String>, kind: Kind, label: impl Into<String>) -> Self {
        Group {
            id: id.into(),
            kind,
            label: label.into(),
            parent: None,
            risk: None,
            tooltip: None,
        }
    }
}

impl Graph {
    /// A graph without nodes.
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Graph {
            title: title.into(),
            description: description.into(),
            ..Graph::default()
        }
    }

    /// Without nodes, edges and groups; the words stay.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Graph {
            layers: self.layers.clone(),
            notes: self.notes.clone(),
            ..Graph::new(self.title.clone(), self.description.clone())
        }
    }

    /// Adds a group. When there is one of that id, that one is meant and stays as it is.
    ///
    /// # Panics
    /// When its parent is not of this graph.
    pub fn add_group(&mut self, group: Group) -> GroupIndex {
        assert!(
            group.parent.is_none_or(|parent| self.has_group(parent)),
            "invariant: the parent of a group was added before it"
        );
        if let Some(&known) = self.group_of_id.get(&group.id) {
            return known;
        }
        let index = GroupIndex(self.groups.len() as u32);
        self.group_of_id.insert(group.id.clone(), index);
        self.groups.push(group);
        index
    }

    /// Adds a node. When there is one of that id, that one is meant and stays as it is.
    ///
    /// # Panics
    /// When its group is not of this graph.
    pub fn add_node(&mut self, node: Node) -> NodeIndex {
        assert!(
            node.group.is_none_or(|group| self.has_group(group)),
            "invariant: the group of a node was added before it"
        );
        if let Some(&known) = self.node_of_id.get(&node.id) {
            return known;
        }
        let index = NodeIndex(self.nodes.len() as u32);
        self.node_of_id.insert(node.id.clone(), index);
        self.nodes.push(node);
        index
    }

    /// Adds an edge; the same two nodes may have several.
    ///
    /// # Panics
    /// When one of its ends is not of this graph.
    pub fn add_edge(&mut self, edge: Edge) {
        let count = self.nodes.len();
        assert!(
            edge.from.index() < count && edge.to.index() < count,
            "invariant: the ends of an edge were added before it"
        );
        self.edges.push(edge);
    }

    fn has_group(&self, group: GroupIndex) -> bool {
        group.index() < self.groups.len()
    }

    /// The nodes, in the order in which they were added.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges, in the order in which they were added.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The groups, in the order in which they were added: parents before what they hold.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The positions of all nodes.
    pub fn node_indexes(&self) -> impl ExactSizeIterator<Item = NodeIndex> + use<> {
        (0..self.nodes.len() as u32).map(NodeIndex)
    }

    /// The positions of all groups.
    pub fn group_indexes(&self) -> impl ExactSizeIterator<Item = GroupIndex> + use<> {
        (0..self.groups.len() as u32).map(GroupIndex)
    }

    /// A node of this graph.
    ///
    /// # Panics
    /// When it is of another.
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index.index()]
    }

    /// A group of this graph.
    ///
    /// # Panics
    /// When it is of another.
    pub fn group(&self, index: GroupIndex) -> &Group {
        &self.groups[index.index()]
    }

    /// The node of an id.
    pub fn find(&self, id: &str) -> Option<NodeIndex> {
        self.node_of_id.get(id).copied()
    }

    /// A group and those that it lies in, innermost first.
    pub fn enclosing(&self, group: Option<GroupIndex>) -> impl Iterator<Item = GroupIndex> {
        std::iter::successors(group, |&group| self.group(group).parent)
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, EdgeStyle, Graph, Group, Kind, Node, Outline};

    const POD: Kind = Kind {
        one: "pod",
        many: "pods",
        outline: Outline::Box,
    };

    const NAMESPACE: Kind = Kind {
        one: "namespace",
        many: "namespaces",
        outline: Outline::Octagon,
    };

    #[test]
    fn an_id_is_added_once() {
        let mut graph = Graph::new("Title", "");
        let first = graph.add_node(Node::new("pod/a", POD, "a"));
        let other = graph.add_node(Node::new("pod/b", POD, "b"));
        let again = graph.add_node(Node::new("pod/a", POD, "changed"));
        graph.add_edge(Edge::new(again, other, EdgeStyle::Allowed));
        assert_eq!((first, graph.nodes().len()), (again, 2));
        assert_eq!(graph.node(first).label, ["a"]);
        assert_eq!(graph.find("pod/b"), Some(other));
    }

    #[test]
    fn groups_enclose_from_the_inside_out() {
        let mut graph = Graph::default();
        let outer = graph.add_group(Group::new("namespace/a", NAMESPACE, "a"));
        let inner = graph.add_group(Group {
            parent: Some(outer),
            ..Group::new("namespace/a/b", NAMESPACE, "b")
        });
        assert_eq!(
            graph.enclosing(Some(inner)).collect::<Vec<_>>(),
            [inner, outer]
        );
        assert_eq!(graph.enclosing(None).count(), 0);
    }

    #[test]
    #[should_panic(expected = "invariant: the ends of an edge")]
    fn an_edge_has_ends_of_its_graph() {
        let mut graph = Graph::default();
        let node = graph.add_node(Node::new("a", POD, "a"));
        Graph::default().add_edge(Edge::new(node, node, EdgeStyle::Related));
    }
}
