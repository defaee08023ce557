//! The page of the documentation: what is read of each scanner, and what is refused and why.

use std::fmt::Write as _;

use crate::{Construct, Fate, Peer};

/// The tables, in Markdown, a section for each scanner.
pub fn page() -> String {
    let mut page = String::new();
    for peer in Peer::ALL {
        let constructs = peer.constructs();
        let _ = write!(page, "\n## From {}\n", peer.name());
        for (fate, title, header) in [
            (Fate::Read, "What is read", "becomes"),
            (
                Fate::Refused,
                "What has no counterpart",
                "why, and what to do instead",
            ),
            (Fate::Unneeded, "What is not needed", "why"),
        ] {
            let rows: Vec<_> = constructs.iter().filter(|row| row.fate == fate).collect();
            if rows.is_empty() {
                continue;
            }
            let _ = write!(
                page,
                "\n### {}: {}\n\n| where | construct | {header} |\n|---|---|---|\n",
                peer.name(),
                title.to_lowercase()
            );
            for row in rows {
                let _ = writeln!(
                    page,
                    "| {} | {} | {} |",
                    escaped(row.file),
                    escaped(&name(row)),
                    escaped(&text(row))
                );
            }
        }
    }
    page
}

/// Keys stand for themselves; everything else is prose.
fn name(row: &Construct) -> String {
    if row.name.contains([' ', '`']) {
        row.name.to_owned()
    } else {
        format!("`{}`", row.name)
    }
}

fn text(row: &Construct) -> String {
    let mut text = row.text.to_owned();
    if !row.instead.is_empty() {
        text += "; ";
        text += row.instead;
    }
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => text,
    }
}

/// A `|` would end the cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
