//! One question for each control whose fixes can change behaviour.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use anyhow::Context as _;
use model::{Detail, Report, State};

/// What could be fixed for a control.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Offer {
    title: String,
    count: usize,
    /// What would be done for the first finding, and where that is.
    example: Vec<String>,
}

/// The ids of the controls that somebody says yes to.
pub(super) fn which(
    report: &Report,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<String>> {
    chosen(&offers(report), answers, out).context("cannot ask")
}

/// By the ids of the controls.
fn offers(report: &Report) -> BTreeMap<String, Offer> {
    let mut offers: BTreeMap<String, Offer> = BTreeMap::new();
    for finding in &report.findings {
        let Some(detail) = finding.detail.as_deref() else {
            continue;
        };
        let is_open = finding.state == State::New && detail.fixes.iter().any(|fix| !fix.safe);
        if !is_open {
            continue;
        }
        let info = &report.controls[finding.control as usize].info;
        let offer = offers.entry(info.id.clone()).or_insert_with(|| Offer {
            title: info.title.clone(),
            count: 0,
            example: example(detail),
        });
        offer.count += 1;
    }
    offers
}

fn example(detail: &Detail) -> Vec<String> {
    let at = &detail.location;
    let fixes = detail.fixes.iter().map(|fix| {
        let value = fix.value.as_ref();
        let value = value.map_or(String::new(), |value| format!(": {value}"));
        format!("{} {}{value}", fix.operation.as_str(), fix.path)
    });
    let place = format!("at {}:{}", at.file(), at.start().line);
    fixes.chain([place]).collect()
}

fn chosen(
    offers: &BTreeMap<String, Offer>,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> std::io::Result<Vec<String>> {
    let mut chosen = Vec::new();
    for (id, offer) in offers {
        match answer(id, offer, answers, out)? {
            Answer::Yes => chosen.push(id.clone()),
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
    offer: &Offer,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> std::io::Result<Answer> {
    writeln!(out, "{id}: {}", offer.title)?;
    for line in &offer.example {
        writeln!(out, "  {line}")?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answers: &str, expected: &[&str]) -> String {
        let offer = |count| Offer {
            title: "Something is wrong".to_owned(),
            count,
            example: vec!["set spec.a: 1".to_owned(), "at a.yaml:3".to_owned()],
        };
        let offers = [("one", 1), ("three", 3), ("two", 2)];
        let offers = offers.map(|(id, count)| (id.to_owned(), offer(count)));
        let mut out = Vec::new();
        let chosen = chosen(&BTreeMap::from(offers), &mut answers.as_bytes(), &mut out).unwrap();
        assert_eq!(chosen, expected);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_control_is_asked_for_until_somebody_has_enough() {
        check("y\nn\nyes\n", &["one", "two"]);
        check("\nY\nq\n", &["three"]);
        check("q\n", &[]);
        check("y\n", &["one"]);
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        let out = check("what?\ny\nq\n", &["one"]);
        let question = "  Fix 1 finding? [y]es, [n]o, [q]uit asking: ";
        let head = "one: Something is wrong\n  set spec.a: 1\n  at a.yaml:3\n";
        assert!(
            out.starts_with(&[head, question, question].concat()),
            "{out}"
        );
        assert!(out.contains("Fix 3 findings?"), "{out}");
    }
}
