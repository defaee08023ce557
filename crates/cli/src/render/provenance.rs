//! A rendering with comments that say where its objects and fields come from.

use document::print::{Notes, Sorted, print};
use document::{Document, Kind, NodeRef, Role};
use manifests::Printed;
use model::{Origin, Provenance};

/// The objects of a rendering, each below a comment with its place. A field has one where something else than the
/// object's own file decided it.
pub(crate) fn commented(printed: &Printed) -> String {
    let provenance = Provenance::default();
    let mut out = String::new();
    for (index, root) in printed.document.roots().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        let mut comments = Comments::new(&provenance, root);
        out.push_str(&format!("# {}\n", comments.of_object()));
        if printed.is_sorted {
            print(Sorted(root), &mut comments, &mut out);
        } else {
            print(root, &mut comments, &mut out);
        }
    }
    out
}

/// The comments of one object.
struct Comments<'a> {
    provenance: &'a Provenance,
    root: NodeRef<'a>,
    /// How the object itself came to be.
    origins: Vec<Origin>,
}

impl<'a> Comments<'a> {
    fn new(provenance: &'a Provenance, root: NodeRef<'a>) -> Self {
        let origins = provenance.origins_of(root.document(), root.id());
        Comments {
            provenance,
            root,
            origins,
        }
    }

    fn of_object(&self) -> String {
        told(self.root, self.origins.iter())
    }

    /// What is to say of a field: nothing, where it was written with its object.
    fn of_field(&self, node: NodeRef<'a>) -> Option<String> {
        if node.id() == self.root.id() || is_container(node) {
            return None;
        }
        let document: &Document = node.document();
        let origins = self.provenance.origins_of(document, node.id());
        let own: Vec<&Origin> = origins
            .iter()
            .filter(|origin| !self.origins.iter().any(|known| is_same(known, origin)))
            .collect();
        let is_decided = own.iter().any(|origin| origin.role != Role::Template);
        let (file, of_object) = (node.place(), self.root.place());
        let is_elsewhere = file.source.name() != of_object.source.name();
        (is_decided || is_elsewhere).then(|| told(node, own.into_iter()))
    }
}

fn is_container(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Sequence) && !node.is_empty()
}

fn is_same(left: &Origin, right: &Origin) -> bool {
    let (a, b) = (&left.location, &right.location);
    left.role == right.role && a.span == b.span && a.file() == b.file()
}

/// `overlays/prod/patch.yaml:4, value web.replicas at values.yaml:3`.
fn told<'o>(node: NodeRef<'_>, origins: impl Iterator<Item = &'o Origin>) -> String {
    let place = node.place();
    let line = place.source.line_column(place.span.start).line;
    let own = format!("{}:{line}", place.source.name());
    let mut words = vec![own];
    words.extend(origins.map(Origin::words));
    words.join(", ")
}

impl<'a> Notes<NodeRef<'a>> for Comments<'a> {
    fn begins(&mut self, node: NodeRef<'a>, _: u32) -> Option<String> {
        self.of_field(node)
    }
}

impl<'a> Notes<Sorted<'a>> for Comments<'a> {
    fn begins(&mut self, node: Sorted<'a>, _: u32) -> Option<String> {
        self.of_field(node.0)
    }
}
