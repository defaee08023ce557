//! Files of the node, opened by handles that name them without a path.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::edge::Possible;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Open files of the node by handle",
    severity: Some(Severity::High),
    from: &[Kind::Container],
    to: &[Kind::NodeFiles],
    precondition: "the seccomp profile lets `open_by_handle_at` through, as that of the runtime does for this capability",
    effect: "every file on the file system that holds the container's, wherever the container is confined to",
    fix: "take DAC_READ_SEARCH away from the container",
    references: &["https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html"],
    attack: &["T1611"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let as_root = container.facts.as_root();
    if !container.class.facts.has_host_users || as_root == Possible::No {
        return;
    }
    let Some(added) = container.facts.capability("DAC_READ_SEARCH") else {
        return;
    };
    let fact = Fact::new(container.place(added.node), &cause::DAC_READ_SEARCH);
    let evidence = finder.all_of(&[fact]);
    for files in finder.files_of(container.class) {
        finder.edge_if(container.asset, files, evidence, as_root.doubt());
    }
}
