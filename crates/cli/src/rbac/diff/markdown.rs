//! The comparison for a comment on a pull request.

use super::super::explain::targets;
use super::super::text;
use super::super::wire::{Chain, Permitted, Step};
use super::{Change, Comparison};
use crate::answers::markdown::{code, plain};

/// Subjects above what a comment should hold are counted.
const SUBJECTS: usize = 50;

pub(super) fn render(comparison: &Comparison, most: usize) -> String {
    let mut page = format!(
        "### Permissions: {}\n\nFrom {} to {}.\n",
        comparison.summary(),
        code(&comparison.base),
        code(&comparison.head)
    );
    for (title, is_gain, changes) in [
        ("Gained", true, &comparison.gained),
        ("Lost", false, &comparison.lost),
    ] {
        if changes.is_empty() {
            continue;
        }
        page += &format!("\n#### {title}\n");
        for change in changes.iter().take(SUBJECTS) {
            page += &change_text(change, is_gain, most);
        }
        let rest = changes.len().saturating_sub(SUBJECTS);
        if rest > 0 {
            page += &format!("\n… and {rest} more subjects.\n");
        }
    }
    page
}

fn change_text(change: &Change, is_gain: bool, most: usize) -> String {
    let severity = change
        .severity
        .map_or(String::new(), |severity| format!(" · **{severity}**"));
    let mut page = format!("\n{}{severity}\n", code(&change.who.subject));
    for permitted in change.permissions.iter().take(most) {
        page += &permitted_text(permitted);
    }
    let rest = change.permissions.len().saturating_sub(most);
    if rest > 0 {
        page += &format!("- … and {rest} more\n");
    }
    if let Some(steps) = &change.takeover {
        page += match (is_gain, steps.is_empty()) {
            (true, true) => "- can now do **everything in the cluster**\n",
            (true, false) => "- can now become **cluster-admin**\n",
            (false, true) => "- can no longer do everything in the cluster\n",
            (false, false) => "- can no longer become cluster-admin\n",
        };
        page += &steps_text(steps);
    }
    if let Some(steps) = &change.through {
        let target = steps
            .last()
            .map(|step| text::becomes(&step.becomes))
            .unwrap_or_default();
        let what = if is_gain { "gains" } else { "loses" };
        page += &format!("- through {}, which {what} permissions\n", code(&target));
        page += &steps_text(steps);
    }
    for gain in change.escalations.iter().take(most) {
        let all = std::iter::once(&gain.step.becomes).chain(&gain.also);
        page += &format!(
            "- {}: {} ({}) → {}\n",
            gain.step.severity,
            plain(gain.step.title),
            code(gain.step.pattern),
            code(&targets(all, most))
        );
    }
    if change.is_uncertain {
        page += "- some of it may be no change: the other side names a role for it that was not scanned\n";
    }
    page
}

fn permitted_text(permitted: &Permitted) -> String {
    let phrase = code(&text::permitted_phrase(permitted));
    let by = permitted
        .chains
        .first()
        .map_or(String::new(), |chain| format!(", by {}", chain_text(chain)));
    format!("- {phrase}{by}\n")
}

fn chain_text(chain: &Chain) -> String {
    let [binding, role] = text::chain_cells(chain);
    format!("{} ← {}", code(&binding), code(&role))
}

fn steps_text(steps: &[Step]) -> String {
    let mut page = String::new();
    for (number, step) in (1..).zip(steps) {
        page += &format!(
            "  {number}. {} ({}) → {}\n",
            plain(step.title),
            code(step.pattern),
            code(&text::becomes(&step.becomes))
        );
        if let Some(chain) = step.chains.first() {
            page += &format!(
                "     {} ← {}\n",
                code(&chain.subject.subject),
                chain_text(chain)
            );
        }
    }
    page
}
