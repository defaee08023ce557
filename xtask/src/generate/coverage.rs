//! `docs/controls/coverage.md`: which rows of the union of what ten scanners look at have a control, and
//! why the others have none.

mod page;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use catalog::ControlDefinition;

use union::{Excuse, Row};

/// A peer and its id for something, in lower case.
type PeerId = (String, String);

/// The page.
pub(super) const PATH: &str = "docs/controls/coverage.md";

/// How a row stands.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Standing {
    /// These controls decide it.
    Covered(BTreeSet<String>),
    /// These controls decide a part of it.
    Partly(BTreeSet<String>),
    /// Left out, with the reason.
    Excused(Excuse),
    /// Neither: a mistake.
    Open,
}

/// The union with how each row stands, in the order of the union.
struct Coverage {
    rows: Vec<(Row, Standing)>,
    /// Ids that no control names, of rows that have controls.
    unnamed: Vec<String>,
}

/// The page, and what is wrong with the data; the page is made all the same.
pub(super) fn page(controls: &[ControlDefinition]) -> Result<(String, Vec<String>)> {
    let rows = union::rows()?;
    let mut excuses = union::excuses()?;
    ensure!(!rows.is_empty(), "{} has no row", union::UNION);
    let index = Index::new(controls);
    let shared = shared_ids(&rows);
    let mut mistakes = Vec::new();
    let mut open = Vec::new();
    let mut coverage = Coverage {
        rows: Vec::new(),
        unnamed: Vec::new(),
    };
    for row in rows {
        let excuse = excuses.remove(&row.name);
        let standing = match excuse {
            Some(excuse) => {
                if let Some(control) = index.own(&row, &shared) {
                    mistakes.push(format!(
                        "{} lists `{}`, which the control `{control}` covers",
                        union::NOT_COVERED,
                        row.name
                    ));
                }
                Standing::Excused(excuse)
            }
            None => index.standing(&row, &shared),
        };
        if standing == Standing::Open {
            open.push(row.name.clone());
        }
        if matches!(standing, Standing::Covered(_) | Standing::Partly(_)) {
            coverage.unnamed.extend(index.unnamed(&row));
        }
        coverage.rows.push((row, standing));
    }
    for name in excuses.keys() {
        mistakes.push(format!(
            "{} lists `{name}`, which is no row",
            union::NOT_COVERED
        ));
    }
    if !open.is_empty() {
        mistakes.push(format!(
            "{} rows of the union have no control, and {} gives no reason: {}",
            open.len(),
            union::NOT_COVERED,
            open.join(", ")
        ));
    }
    coverage.unnamed.sort();
    coverage.unnamed.dedup();
    Ok((page::text(&coverage), mistakes))
}

/// Ids that stand in more than one row.
fn shared_ids(rows: &[Row]) -> BTreeSet<PeerId> {
    let mut seen = BTreeSet::new();
    let ids = rows.iter().flat_map(Row::peer_ids);
    ids.filter(|id| !seen.insert(id.clone())).collect()
}

/// The controls by their own ids and by peers' ids.
struct Index {
    own: BTreeSet<String>,
    aliases: BTreeMap<PeerId, BTreeSet<String>>,
    partial: BTreeMap<PeerId, BTreeSet<String>>,
}

impl Index {
    fn new(controls: &[ControlDefinition]) -> Self {
        let mut index = Index {
            own: BTreeSet::new(),
            aliases: BTreeMap::new(),
            partial: BTreeMap::new(),
        };
        for control in controls {
            let header = &control.header;
            index.own.insert(header.id.clone());
            let maps = [
                (&header.aliases, &mut index.aliases),
                (&header.partial, &mut index.partial),
            ];
            for (ids, map) in maps {
                for (peer, id) in ids.iter().flat_map(|(peer, ids)| {
                    ids.iter().map(move |id| (peer.clone(), id.to_lowercase()))
                }) {
                    map.entry((peer, id)).or_default().insert(header.id.clone());
                }
            }
        }
        index
    }

    /// An id that only this row has says more than one that it shares with others: through shared ids
    /// alone, a row that has ids of its own is covered in part.
    fn standing(&self, row: &Row, shared: &BTreeSet<PeerId>) -> Standing {
        let (shared, own): (Vec<PeerId>, Vec<PeerId>) =
            row.peer_ids().partition(|id| shared.contains(id));
        let named = [&row.name, &row.control].into_iter().cloned();
        let mut whole: BTreeSet<String> = named.filter(|id| self.own.contains(id)).collect();
        whole.extend(controls(&self.aliases, &own));
        let part = controls(&self.partial, &own);
        let shared_whole = controls(&self.aliases, &shared);
        let shared_part = controls(&self.partial, &shared);
        if !whole.is_empty() {
            Standing::Covered(whole)
        } else if !part.is_empty() {
            Standing::Partly(part)
        } else if own.is_empty() && !shared_whole.is_empty() {
            Standing::Covered(shared_whole)
        } else if !shared_whole.is_empty() || !shared_part.is_empty() {
            Standing::Partly(&shared_whole | &shared_part)
        } else {
            Standing::Open
        }
    }

    /// A control that has an id which only this row has.
    fn own<'i>(&'i self, row: &Row, shared: &BTreeSet<PeerId>) -> Option<&'i String> {
        let ids = row.peer_ids().filter(|id| !shared.contains(id));
        let mut controls = ids.filter_map(|id| self.aliases.get(&id)?.first());
        let named = [&row.name, &row.control];
        let mut named = named.into_iter().filter_map(|id| self.own.get(id));
        controls.next().or_else(|| named.next())
    }

    fn unnamed(&self, row: &Row) -> impl Iterator<Item = String> {
        let is_known = |id: &PeerId| self.aliases.contains_key(id) || self.partial.contains_key(id);
        let written = row
            .written_ids()
            .filter(move |(peer, id)| !is_known(&(peer.clone(), id.to_lowercase())));
        written.map(|(peer, id)| format!("{peer}: {id}"))
    }
}

/// The controls that have some of these ids.
fn controls(by_id: &BTreeMap<PeerId, BTreeSet<String>>, ids: &[PeerId]) -> BTreeSet<String> {
    let found = ids.iter().filter_map(|id| by_id.get(id));
    found.flatten().cloned().collect()
}

#[cfg(test)]
mod tests;
