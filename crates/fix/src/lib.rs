//! Fixes of findings as edits of the author's files, each proven by another scan before anybody writes it.
//!
//! A finding says what to set, remove or append in its resource. `propose` finds out where an author writes that: in the manifest,
//! in the patch or base of a kustomization, in the value that decided, in a template. `edit` makes the new text of a file, and
//! `proof` holds the scan after it against the scan before: the finding must be gone, and nothing may differ but what the fix
//! names. What fails is tried in another place or alone, and told with the reason when nothing helps.
//!
//! Reads and writes no file: callers bring the texts and make the scans.

mod blame;
mod edit;
mod embedded;
mod locate;
mod node_edit;
mod outcome;
mod proof;
mod propose;
mod rounds;
mod template;
mod values;
mod wanted;

pub use outcome::{Edited, Fixed, Left, Outcome, Why};
pub use rounds::fix;
pub use wanted::resource_words;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{ControlInfo, Fix};

/// The texts of files that were edited, by the names of the files in reports.
pub type Texts = BTreeMap<Box<str>, Arc<str>>;

/// The files of the author.
pub trait Files {
    /// The text of a file as it is on disk, by its name in reports; why it is not to be edited, as one sentence in lower case
    /// without a full stop.
    fn text(&self, name: &str) -> Result<Arc<str>, String>;
}

/// Which fixes may be applied.
pub trait Choice {
    /// Whether this fix of a control may.
    fn allows(&self, control: &ControlInfo, fix: &Fix) -> bool;
}
