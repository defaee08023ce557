//! How dangerous subjects are: for whoever lists them.

use model::Severity;

use crate::escalation::{Distances, Escalator};
use crate::tables::SubjectId;

/// How dangerous a subject is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Danger {
    /// It may do everything with every resource of the cluster.
    Everything,
    /// So many escalations lead to everything.
    Takeover(u32),
    /// Permissions that lead further, the worst of so much severity.
    Pattern(Severity),
    /// Nothing known leads further.
    Plain,
}

impl Danger {
    /// As a severity; `None` when there is nothing to say.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Danger::Everything | Danger::Takeover(_) => Some(Severity::Critical),
            Danger::Pattern(severity) => Some(severity),
            Danger::Plain => None,
        }
    }

    /// What to sort by, so that the most dangerous comes first.
    pub fn rank(self) -> (u8, u32) {
        match self {
            Danger::Everything => (0, 0),
            Danger::Takeover(steps) => (1, steps),
            Danger::Pattern(severity) => (2, u32::from(Severity::Critical as u8 - severity as u8)),
            Danger::Plain => (3, 0),
        }
    }
}

impl Escalator<'_> {
    /// How dangerous a subject is, by the distances to everything in the cluster.
    pub fn danger(&self, id: SubjectId, to_everything: &Distances) -> Danger {
        match to_everything.of(id) {
            Some(0) => return Danger::Everything,
            Some(steps) => return Danger::Takeover(steps),
            None => {}
        }
        let found = self.escalations(self.graph.subject(id));
        let severities = found.iter().map(|escalation| escalation.pattern.severity);
        severities.max().map_or(Danger::Plain, Danger::Pattern)
    }
}
