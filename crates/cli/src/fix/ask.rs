//! One question for each control whose fixes can change behaviour.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use anyhow::Context as _;
use model::{Detail, Report, State};

/// What could be fixed for a control.
struct Offer<'r> {
    title: &'r str,
    count: usize,
    example: &'r Detail,
}

/// The ids of the controls that somebody says yes to.
pub(super) fn which(
    report: &Report,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<String>> {
    let mut offers: BTreeMap<&str, Offer<'_>> = BTreeMap::new();
    for finding in &report.findings {
        let Some(detail) = finding.detail.as_deref() else {
            continue;
        };
        let is_open = finding.state == State::New && detail.fixes.iter().any(|fix| !fix.safe);
        if !is_open {
            continue;
        }
        let info = &report.controls[finding.control as usize].info;
        let offer = offers.entry(&info.id).or_insert(Offer {
            title: &info.title,
            count: 0,
            example: detail,
        });
        offer.count += 1;
    }
    let mut chosen = Vec::new();
    for (id, offer) in offers {
        match answer(id, &offer, answers, out).context("cannot ask")? {
            Answer::Yes => chosen.push(id.to_owned()),
            Answer::No => {}
            Answer::Enough => break,
        }
    }
    Ok(chosen)
}

enum Answer {
    Yes,
    No,
    /// No to this one and to all that come.
    Enough,
}

fn answer(
    id: &str,
    offer: &Offer<'_>,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> std::io::Result<Answer> {
    let at = &offer.example.location;
    writeln!(out, "{id}: {}", offer.title)?;
    for fix in &offer.example.fixes {
        let value = fix
            .value
            .as_ref()
            .map_or(String::new(), |value| format!(": {value}"));
        writeln!(out, "  {} {}{value}", fix.operation.as_str(), fix.path)?;
    }
    writeln!(out, "  at {}:{}", at.file(), at.start().line)?;
    let things = if offer.count == 1 {
        "finding"
    } else {
        "findings"
    };
    loop {
        write!(
            out,
            "  Fix {} {things}? [y]es, [n]o, [q]uit asking: ",
            offer.count
        )?;
        out.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            return Ok(Answer::Enough);
        }
        match line.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(Answer::Yes),
            "n" | "no" | "" => return Ok(Answer::No),
            "q" | "quit" => return Ok(Answer::Enough),
            _ => {}
        }
    }
}
