//! The page as Markdown.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::union::{NEEDS, Row};
use super::{Coverage, Standing};

/// Rows that stand in a certain way.
#[derive(Clone, Copy, Default)]
struct Counts {
    rows: usize,
    covered: usize,
    partly: usize,
    excused: usize,
}

impl Counts {
    fn of<'c>(rows: impl Iterator<Item = &'c (Row, Standing)>) -> Self {
        rows.fold(Counts::default(), |mut counts, (_, standing)| {
            counts.rows += 1;
            match standing {
                Standing::Covered(_) => counts.covered += 1,
                Standing::Partly(_) => counts.partly += 1,
                Standing::Excused(_) => counts.excused += 1,
                Standing::Open => {}
            }
            counts
        })
    }

    fn open(self) -> usize {
        self.rows - self.covered - self.partly - self.excused
    }

    /// Of the rows that are not left out with a reason, how many have a control, in whole percent
    /// rounded down: 100 means all.
    fn percent(self) -> usize {
        let in_scope = self.rows - self.excused;
        let has_control = self.covered + self.partly;
        (100 * has_control).checked_div(in_scope).unwrap_or(100)
    }

    fn cells(self) -> String {
        format!(
            "{} | {} | {} | {} | {} | {} %",
            self.rows,
            self.covered,
            self.partly,
            self.excused,
            self.open(),
            self.percent()
        )
    }
}

const COLUMNS: &str = "rows | covered | in part | left out | open | of those in scope |\n\
                       |---|--:|--:|--:|--:|--:|--:|\n";

pub(super) fn text(coverage: &Coverage) -> String {
    let mut text = format!(
        "# Coverage\n\n\
         Generated from [union.csv](union.csv) (what ten scanners look at, one row a thing, with their ids), \
         the aliases of the controls, and [not-covered.md](not-covered.md).\n\n\
         A row is covered when a control has one of its ids as an alias, or its name; in part when controls \
         decide only a part of such an id, or have only ids that several rows share; left out when it stands \
         in not-covered.md with the reason; and open otherwise, which the generator refuses. The last column \
         counts rows with controls among all that are not left out.\n\n\
         ## By scanner\n\n| scanner | {COLUMNS}"
    );
    for peer in catalog::PEERS {
        let rows = coverage.rows.iter();
        let rows = rows.filter(|(row, _)| row.peers.contains_key(*peer));
        let _ = writeln!(text, "| {peer} | {} |", Counts::of(rows).cells());
    }
    let others = coverage.rows.iter().filter(|(row, _)| row.peers.is_empty());
    let _ = writeln!(text, "| benchmarks only | {} |", Counts::of(others).cells());
    let all = Counts::of(coverage.rows.iter());
    let _ = writeln!(text, "| **all rows** | {} |", all.cells());
    scopes(&mut text, coverage);
    excused(&mut text, coverage);
    rows(&mut text, coverage);
    unnamed(&mut text, coverage);
    text
}

fn scopes(text: &mut String, coverage: &Coverage) {
    let _ = write!(text, "\n## By subject\n\n| subject | {COLUMNS}");
    let scopes: BTreeSet<&str> = coverage
        .rows
        .iter()
        .map(|(row, _)| row.scope.as_str())
        .collect();
    for scope in scopes {
        let rows = coverage.rows.iter().filter(|(row, _)| row.scope == scope);
        let _ = writeln!(text, "| {scope} | {} |", Counts::of(rows).cells());
    }
}

fn excused(text: &mut String, coverage: &Coverage) {
    let _ = write!(text, "\n## Left out\n\n| needs | rows |\n|---|--:|\n");
    for needs in NEEDS {
        let rows = coverage.rows.iter().filter(
            |(_, standing)| matches!(standing, Standing::Excused(excuse) if excuse.needs == needs),
        );
        let _ = writeln!(text, "| {needs} | {} |", rows.count());
    }
}

fn rows(text: &mut String, coverage: &Coverage) {
    text.push_str("\n## Row by row\n\n| row | subject | ids | controls, or why there is none |\n|---|---|---|---|\n");
    for (row, standing) in &coverage.rows {
        let links = |ids: &BTreeSet<String>| {
            let links: Vec<String> = ids
                .iter()
                .map(|id| format!("[`{id}`](reference/{id}.md)"))
                .collect();
            links.join(" ")
        };
        let told = match standing {
            Standing::Covered(ids) => links(ids),
            Standing::Partly(ids) => format!("in part: {}", links(ids)),
            Standing::Excused(excuse) => format!("needs {}: {}", excuse.needs, excuse.reason),
            Standing::Open => "**open**".to_owned(),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {told} |",
            row.name,
            row.scope,
            ids(row)
        );
    }
}

fn ids(row: &Row) -> String {
    let peers: Vec<String> = row
        .peers
        .iter()
        .map(|(peer, ids)| format!("{peer} {}", ids.join(", ")))
        .collect();
    if peers.is_empty() {
        return row.elsewhere.join(", ");
    }
    peers.join("; ")
}

fn unnamed(text: &mut String, coverage: &Coverage) {
    if coverage.unnamed.is_empty() {
        return;
    }
    text.push_str(
        "\n## Ids that no control names\n\nTheir rows have controls, by the ids of other scanners.\n\n",
    );
    for id in &coverage.unnamed {
        let _ = writeln!(text, "- {id}");
    }
}
