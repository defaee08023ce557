//! Making a graph small enough to be read, and saying what that took away.
//!
//! [`fit`] goes only as far as it has to, from what loses nothing that a reader would miss to what loses a lot:
//! nodes with the same neighbours become one, then chains that are alike, then what leads to the same ends; then groups are
//! closed; then ends without a risk are no longer told apart; and in the end the least important nodes of a kind become
//! "… and 212 more". Every step is a map from nodes to fewer nodes (`merge`).

mod alike;
mod cap;
mod chains;
mod close;
mod ego;
mod merge;

use model::Graph;

use self::alike::twins;
use self::cap::{cap_edges, cap_nodes};
use self::chains::{chains, same_ends};
use self::close::close_groups;

pub use self::ego::around;

/// How large a graph may be to be drawn as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Nodes.
    pub nodes: usize,
    /// Edges.
    pub edges: usize,
}

impl Default for Budget {
    /// What fits onto two screens and can be followed by eye.
    fn default() -> Self {
        Budget {
            nodes: 120,
            edges: 240,
        }
    }
}

impl Budget {
    fn allows(self, graph: &Graph) -> bool {
        graph.nodes().len() <= self.nodes && graph.edges().len() <= self.edges
    }
}

/// Twins that become one node, at least; and lines of nodes that count as a chain at first.
const TWINS: [usize; 2] = [3, 2];
const HUBS: [usize; 4] = [3, 5, 9, 17];

/// Makes a graph fit into a budget. One that does is left alone. What was merged, closed or left out is in the notes.
pub fn fit(graph: &Graph, budget: Budget) -> Graph {
    if budget.allows(graph) {
        return graph.clone();
    }
    let mut small = graph.clone();
    let steps = TWINS
        .iter()
        .map(|&least| Step::Twins(least))
        .chain(HUBS.iter().map(|&hub| Step::Chains(hub)))
        .chain([
            Step::Ends(false),
            Step::Groups,
            Step::Ends(true),
            Step::Nodes,
            Step::Edges,
        ]);
    for step in steps {
        small = match step {
            Step::Twins(least) => twins(&small, least),
            Step::Chains(hub) => chains(&small, hub),
            Step::Ends(is_pinch) => same_ends(&small, is_pinch),
            Step::Groups => close_groups(&small, budget),
            Step::Nodes => cap_nodes(&small, budget),
            Step::Edges => cap_edges(&small, budget.edges),
        };
        if budget.allows(&small) {
            break;
        }
    }
    let (nodes, edges) = (graph.nodes().len(), graph.edges().len());
    let merged = small
        .nodes()
        .iter()
        .filter(|node| node.stands_for > 1)
        .count();
    let boxes = if merged == 1 {
        "1 box with a second sheet stands".to_owned()
    } else {
        format!("{merged} boxes with a second sheet stand")
    };
    let note = format!(
        "A summary of {nodes} nodes and {edges} edges: {boxes} for several things that are alike or less important."
    );
    small.notes.insert(0, note);
    small
}

enum Step {
    Twins(usize),
    Chains(usize),
    Ends(bool),
    Groups,
    Nodes,
    Edges,
}
