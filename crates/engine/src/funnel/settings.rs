//! What the user wants of the funnel, resolved.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::{ControlResult, Severity};

use super::baseline::Baseline;
use super::exceptions::{Exception, InlinePolicy};
use super::framework::Framework;
use super::selector::Selector;

/// What the user wants of the funnel.
pub struct FunnelSettings<'s> {
    /// The day to assume, `YYYY-MM-DD`.
    pub date: String,
    /// Severities that differ; of several that fit, the last decides.
    pub severities: Vec<SeverityOverride>,
    /// Exceptions of the configuration.
    pub exceptions: Vec<Exception>,
    /// What exceptions in manifests may do.
    pub inline: InlinePolicy,
    /// Controls that exceptions in manifests cannot silence.
    pub locked: Vec<String>,
    /// Whether the resources are those of a cluster: then what Kubernetes itself makes there is accepted.
    pub is_cluster: bool,
    /// Findings that do not count as new.
    pub baseline: Option<Baseline>,
    /// Findings below are left out.
    pub min_severity: Option<Severity>,
    /// Whether an output needs the texts of the findings.
    pub needs_detail: bool,
    /// Only some of the resources were evaluated, so that what needs an exception may be among the others.
    pub is_part: bool,
    /// The frameworks that were asked for, sorted by id.
    pub frameworks: Vec<Framework>,
    /// All controls that exist, whether they run or not.
    pub known: &'s dyn KnownControls,
}

/// All controls that exist.
pub trait KnownControls {
    /// The ids that a word of an exception stands for: that of a control, or those of the controls that carry
    /// it as another scanner's id.
    fn named(&self, word: &str) -> Vec<String>;
    /// The id that was most likely meant.
    fn nearest(&self, id: &str) -> Option<String>;
}

/// A severity that differs from what the control says.
#[derive(Clone, Debug)]
pub struct SeverityOverride {
    /// Of which controls.
    pub controls: Vec<String>,
    /// On which resources.
    pub resources: Selector,
    /// The severity.
    pub severity: Severity,
}

impl FunnelSettings<'_> {
    /// The overrides of each control of a report, in their order.
    pub(super) fn overrides_by_control(
        &self,
        controls: &[ControlResult],
    ) -> HashMap<u32, Vec<&SeverityOverride>, FixedState> {
        let mut rows: HashMap<u32, Vec<&SeverityOverride>, FixedState> = HashMap::default();
        for row in &self.severities {
            for id in &row.controls {
                if let Ok(index) = controls.binary_search_by(|control| control.info.id.cmp(id)) {
                    rows.entry(index as u32).or_default().push(row);
                }
            }
        }
        rows
    }
}
