//! Who reaches whom, for classes of pods that policies do not tell apart.

use network::{ClassId, Classes, Network, PodId};

/// The classes of the network.
#[derive(Debug)]
pub(crate) struct Positions {
    classes: Classes,
    ids: Vec<ClassId>,
}

impl Positions {
    /// `None` when policies tell too many pods apart to keep what gets through between them.
    pub(super) fn new(network: &Network) -> Option<Self> {
        let classes = network.classes().ok()?;
        let ids = classes.ids().collect();
        Some(Positions { classes, ids })
    }

    /// The position of a pod.
    pub(crate) fn of(&self, pod: PodId) -> Option<u32> {
        Some(self.classes.of(pod)?.index() as u32)
    }

    /// The class of a position.
    pub(crate) fn class(&self, position: u32) -> Option<ClassId> {
        self.ids.get(position as usize).copied()
    }

    /// The classes.
    pub(crate) fn classes(&self) -> &Classes {
        &self.classes
    }
}
