//! What was done, for people.

use std::collections::BTreeMap;

use fix::{Edited, Left, Outcome, Why};

use crate::unified;

/// Controls that a line names.
const LISTED: usize = 6;

/// The new texts as unified diffs, in the order of their names.
pub(super) fn diffs(outcome: &Outcome, color: bool) -> String {
    let all = outcome.before.iter().filter_map(|before| {
        let after = outcome.texts.get(before.name())?;
        Some(unified::diff(before.name(), before.text(), after))
    });
    let text: String = all.collect();
    if color { colored(&text) } else { text }
}

fn colored(diff: &str) -> String {
    let line = |line: &str| {
        let color = match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") => "\u{1b}[1m",
            Some(b'+') => "\u{1b}[32m",
            Some(b'-') => "\u{1b}[31m",
            Some(b'@') => "\u{1b}[36m",
            _ => return line.to_owned(),
        };
        let text = line.trim_end_matches('\n');
        format!("{color}{text}\u{1b}[0m{}", &line[text.len()..])
    };
    diff.split_inclusive('\n').map(line).collect()
}

/// What was edited and for which control, what could not be, and the counts.
pub(super) fn told(outcome: &Outcome, is_dry: bool, is_verbose: bool) -> String {
    let mut text = String::new();
    if !is_dry {
        text += &edits(outcome);
    }
    let refused = |left: &&Left| matches!(left.why, Why::Refused(_));
    for left in outcome.left.iter().filter(refused) {
        if let Why::Refused(why) = &left.why {
            text += &format!("{}: not fixed, {}: {why}\n", position(left), left.control);
        }
    }
    if is_verbose {
        for left in &outcome.left {
            let why = match left.why {
                Why::Refused(_) => continue,
                Why::Unsafe => "the fix can change behaviour",
                Why::NoFix => "no fix is known that is right everywhere",
            };
            text += &format!("{}: {}: {why}\n", position(left), left.control);
        }
    }
    text + &summary(outcome, is_dry)
}

fn position(left: &Left) -> String {
    let at = left.location.start();
    format!("{}:{}", left.location.file(), at.line)
}

/// Each file with its edits, and the controls behind each.
fn edits(outcome: &Outcome) -> String {
    let mut files: BTreeMap<&str, Vec<(&Edited, Vec<&str>)>> = BTreeMap::new();
    for fixed in &outcome.fixed {
        for edit in &fixed.edits {
            let own = files.entry(&edit.file).or_default();
            match own.iter_mut().find(|(known, _)| *known == edit) {
                Some((_, controls)) if controls.contains(&fixed.control.as_str()) => {}
                Some((_, controls)) => controls.push(&fixed.control),
                None => own.push((edit, vec![&fixed.control])),
            }
        }
    }
    let mut text = String::new();
    for (file, edits) in files {
        text += &format!("{file}\n");
        for (edit, controls) in edits {
            text += &format!("  {} ({})\n", edit.what, controls.join(", "));
        }
    }
    text
}

/// The counts, and what to do about the rest.
fn summary(outcome: &Outcome, is_dry: bool) -> String {
    let count = |is: fn(&Why) -> bool| outcome.left.iter().filter(|left| is(&left.why)).count();
    let refused = count(|why| matches!(why, Why::Refused(_)));
    let changed = outcome.before.len();
    let verb = if is_dry { "would be fixed" } else { "fixed" };
    let mut text = format!("{} {verb}", counted(outcome.fixed.len(), "finding"));
    if changed > 0 {
        text += &format!(" in {}", counted(changed, "file"));
    }
    if refused > 0 {
        text += &format!(", {refused} not");
    }
    text.push('\n');
    let mut can_be: BTreeMap<&str, usize> = BTreeMap::new();
    for left in outcome.left.iter().filter(|left| left.why == Why::Unsafe) {
        *can_be.entry(&left.control).or_default() += 1;
    }
    if !can_be.is_empty() {
        text += &offer(&can_be);
    }
    let without = count(|why| *why == Why::NoFix);
    if without > 0 {
        let seen = "`seawall scan` shows them, `seawall explain CONTROL` says what to change";
        text += &format!("{without} more have no fix that is right everywhere: {seen}\n");
    }
    text
}

/// The controls whose fixes nobody allowed, those with most findings first.
fn offer(can_be: &BTreeMap<&str, usize>) -> String {
    let mut controls: Vec<(&str, usize)> = can_be.iter().map(|(id, count)| (*id, *count)).collect();
    controls.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    let all: usize = controls.iter().map(|(_, count)| count).sum();
    let shown = controls.iter().take(LISTED);
    let shown: Vec<String> = shown.map(|(id, count)| format!("{id} ({count})")).collect();
    let more = match controls.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{all} more can be fixed by changes of behaviour, `--unsafe CONTROL[,CONTROL]`: {}{more}\n",
        shown.join(", ")
    )
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}
