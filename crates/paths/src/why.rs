//! Why an edge is there, and what is left of a graph when controls hold.

use document::Kind as NodeKind;
use model::{Location, Resource};

use crate::edge::EdgeId;
use crate::evidence::{FactId, Place};
use crate::graph::Graph;
use crate::search::Cut;

/// What a control would cut.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The edges that go where it holds.
    pub cut: Cut,
    /// Whether anything that techniques look at is what the control reports.
    pub is_known: bool,
}

impl<'a> Graph<'a> {
    /// The resource of a place; `None` for a role that every cluster has.
    pub fn resource(&self, place: Place) -> Option<&'a Resource> {
        self.inventory().resources.get(place.resource as usize)
    }

    /// Where a place is written.
    pub fn location(&self, place: Place) -> Option<Location> {
        Some(self.resource(place)?.location(place.node))
    }

    /// The path of a place in its object, with the value that stands there when it is a single one.
    pub fn excerpt(&self, place: Place) -> Option<String> {
        let resource = self.resource(place)?;
        let node = resource.document.at(place.node);
        let path = resource
            .document
            .path_of(resource.object(), node)?
            .to_string();
        let value = match node.kind() {
            NodeKind::Bool => node.as_bool().map(|value| value.to_string()),
            NodeKind::Int => node.as_i64().map(|value| value.to_string()),
            NodeKind::String => node.as_str().and_then(|text| {
                let is_short = text.len() <= SHORT && !text.contains('\n');
                is_short.then(|| text.to_owned())
            }),
            _ => None,
        };
        Some(match value {
            Some(value) => format!("{path}: {value}"),
            None => path,
        })
    }

    /// The facts of an edge: for each clause those that make it so.
    pub fn why(&self, edge: EdgeId) -> Vec<&[FactId]> {
        self.clauses(self.edge(edge).evidence).collect()
    }

    /// What goes where controls hold: they find nothing any more.
    pub fn fixed(&self, controls: &[&str]) -> Fixed {
        let names = |own: &[&str]| own.iter().any(|control| controls.contains(control));
        let facts = (0..).map(FactId).zip(self.facts());
        let untrue: Vec<FactId> = facts
            .filter(|(_, fact)| names(fact.cause.controls))
            .map(|(id, _)| id)
            .collect();
        let mut cut = self.cut_by(&untrue);
        for id in self.edge_ids() {
            if self
                .technique(id)
                .is_some_and(|technique| names(technique.controls()))
            {
                cut.add(id);
            }
        }
        let mut of_techniques = crate::technique::techniques().map(|one| names(one.controls()));
        let is_known = of_techniques.any(|is_named| is_named)
            || crate::cause::ALL.iter().any(|cause| names(cause.controls));
        Fixed { cut, is_known }
    }
}

/// Texts longer than this are not shown.
const SHORT: usize = 120;
