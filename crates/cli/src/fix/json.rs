//! What was done, for programs.

use anyhow::Context as _;
use fix::{Edited, Left, Outcome, Why};
use model::Location;
use serde::Serialize;

use crate::unified;

/// The whole answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'o> {
    schema: &'static str,
    tool: Tool,
    dry_run: bool,
    summary: Summary,
    files: Vec<File<'o>>,
    fixed: Vec<Finding<'o>>,
    left: Vec<Finding<'o>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    fixed: usize,
    files: usize,
    refused: usize,
    #[serde(rename = "unsafe")]
    risky: usize,
    without_fix: usize,
}

#[derive(Serialize)]
struct File<'o> {
    file: &'o str,
    diff: String,
}

#[derive(Serialize)]
struct Finding<'o> {
    control: &'o str,
    resource: &'o str,
    path: &'o str,
    location: Place<'o>,
    fingerprint: &'o str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit<'o>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'o str>,
}

#[derive(Serialize)]
struct Edit<'o> {
    file: &'o str,
    what: &'o str,
}

#[derive(Serialize)]
struct Place<'o> {
    file: &'o str,
    line: u32,
    column: u32,
}

/// Version 1 of `seawall.dev/fix`.
pub(super) fn render(outcome: &Outcome, is_dry: bool) -> anyhow::Result<String> {
    let count = |is: fn(&Why) -> bool| outcome.left.iter().filter(|left| is(&left.why)).count();
    let files = outcome.before.iter().filter_map(|before| {
        let after = outcome.texts.get(before.name())?;
        Some(File {
            file: before.name(),
            diff: unified::diff(before.name(), before.text(), after),
        })
    });
    let fixed = outcome.fixed.iter().map(|fixed| Finding {
        control: &fixed.control,
        resource: &fixed.resource,
        path: &fixed.path,
        location: place(&fixed.location),
        fingerprint: &fixed.fingerprint,
        edits: fixed.edits.iter().map(edit).collect(),
        why: None,
        reason: None,
    });
    let whole = Whole {
        schema: "seawall.dev/fix/v1",
        tool: Tool {
            name: "seawall",
            version: env!("CARGO_PKG_VERSION"),
        },
        dry_run: is_dry,
        summary: Summary {
            fixed: outcome.fixed.len(),
            files: outcome.before.len(),
            refused: count(|why| matches!(why, Why::Refused(_))),
            risky: count(|why| *why == Why::Unsafe),
            without_fix: count(|why| *why == Why::NoFix),
        },
        files: files.collect(),
        fixed: fixed.collect(),
        left: outcome.left.iter().map(left).collect(),
    };
    let text = serde_json::to_string_pretty(&whole).context("cannot write JSON")?;
    Ok(text + "\n")
}

fn left(left: &Left) -> Finding<'_> {
    let (why, reason) = match &left.why {
        Why::Refused(reason) => ("refused", Some(reason.as_str())),
        Why::Unsafe => ("unsafe", None),
        Why::NoFix => ("no-fix", None),
    };
    Finding {
        control: &left.control,
        resource: &left.resource,
        path: &left.path,
        location: place(&left.location),
        fingerprint: &left.fingerprint,
        edits: Vec::new(),
        why: Some(why),
        reason,
    }
}

fn edit(edited: &Edited) -> Edit<'_> {
    Edit {
        file: &edited.file,
        what: &edited.what,
    }
}

fn place(location: &Location) -> Place<'_> {
    let start = location.start();
    Place {
        file: location.file(),
        line: start.line,
        column: start.column,
    }
}
