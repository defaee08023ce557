//! Reads the union and the list of what is left out.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;

use crate::workspace::root;

/// The rows: what ten scanners look at, and under which ids.
pub(super) const UNION: &str = "docs/controls/union.csv";

/// The rows that no control covers, with reasons.
pub(super) const NOT_COVERED: &str = "docs/controls/not-covered.md";

/// What would have to be read first.
pub(super) const NEEDS: [&str; 6] = [
    "node facts",
    "cloud facts",
    "image scanning",
    "live cluster",
    "people",
    "nothing",
];

/// Columns before the peers', and those behind them that are no peers.
const BEFORE: [&str; 3] = ["name", "scope", "control"];
const BEHIND: [&str; 2] = ["cis", "other"];

/// One thing that scanners look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) scope: String,
    /// The control, where no peer has an id that could say so.
    pub(super) control: String,
    /// Peer → ids.
    pub(super) peers: BTreeMap<String, Vec<String>>,
    /// Numbers in benchmarks.
    pub(super) elsewhere: Vec<String>,
}

impl Row {
    /// Peer and id, in lower case.
    pub(super) fn peer_ids(&self) -> impl Iterator<Item = (String, String)> {
        let ids = self.written_ids();
        ids.map(|(peer, id)| (peer, id.to_lowercase()))
    }

    /// Peer and id, as written.
    pub(super) fn written_ids(&self) -> impl Iterator<Item = (String, String)> {
        let peers = self.peers.iter();
        peers.flat_map(|(peer, ids)| ids.iter().map(|id| (peer.clone(), id.clone())))
    }
}

/// Why a row has no control.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Excuse {
    pub(super) needs: String,
    pub(super) reason: String,
}

/// The rows of the union, in its order.
pub(super) fn rows() -> Result<Vec<Row>> {
    parse_rows(&fs::read_to_string(root().join(UNION))?)
}

/// The rows that are left out, by name.
pub(super) fn excuses() -> Result<BTreeMap<String, Excuse>> {
    parse_excuses(&fs::read_to_string(root().join(NOT_COVERED))?)
}

/// No cell holds a comma or a quote: names and ids only.
pub(super) fn parse_rows(text: &str) -> Result<Vec<Row>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    ensure!(
        header.starts_with(&BEFORE) && header.ends_with(&BEHIND),
        "{UNION} begins with other columns"
    );
    lines.map(|line| parse_row(line, &header)).collect()
}

fn parse_row(line: &str, header: &[&str]) -> Result<Row> {
    let cells: Vec<&str> = line.split(',').collect();
    ensure!(
        cells.len() == header.len() && !line.contains('"'),
        "{UNION}: a row has other columns than the first line: {line}"
    );
    let mut row = Row {
        name: cells[0].to_owned(),
        scope: cells[1].to_owned(),
        control: cells[2].to_owned(),
        peers: BTreeMap::new(),
        elsewhere: Vec::new(),
    };
    for (&column, cell) in header.iter().zip(cells).skip(BEFORE.len()) {
        let ids = cell.split_whitespace().map(str::to_owned);
        if BEHIND.contains(&column) {
            row.elsewhere.extend(ids);
            continue;
        }
        ensure!(
            catalog::PEERS.contains(&column),
            "{UNION}: {column} is no peer"
        );
        let ids: Vec<String> = ids.collect();
        if !ids.is_empty() {
            row.peers.insert(column.to_owned(), ids);
        }
    }
    Ok(row)
}

/// The table under the heading `Rows`.
pub(super) fn parse_excuses(text: &str) -> Result<BTreeMap<String, Excuse>> {
    let (_, table) = text
        .split_once("\n## Rows\n")
        .with_context(|| format!("{NOT_COVERED} has no heading `Rows`"))?;
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    let mut excuses = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let &[name, needs, reason] = cells.as_slice() else {
            bail!("{NOT_COVERED}: a row has three columns: {row}");
        };
        ensure!(
            NEEDS.contains(&needs),
            "{NOT_COVERED}: `{name}` needs one of: {}",
            NEEDS.join(", ")
        );
        ensure!(!reason.is_empty(), "{NOT_COVERED}: `{name}` has no reason");
        let excuse = Excuse {
            needs: needs.to_owned(),
            reason: reason.to_owned(),
        };
        let twice = excuses.insert(name.to_owned(), excuse).is_some();
        ensure!(!twice, "{NOT_COVERED} lists `{name}` twice");
    }
    Ok(excuses)
}
