//! Which of our controls carry which ids of one scanner.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;

use crate::Peer;

/// Ids of one scanner, in one spelling, and the controls that carry them.
#[derive(Debug)]
pub(crate) struct Aliases {
    by_id: BTreeMap<String, Vec<String>>,
    /// Ids by control.
    by_control: BTreeMap<String, BTreeSet<String>>,
    /// Spelling → as the catalogue writes it.
    written: BTreeMap<String, String>,
    peer: Peer,
}

impl Aliases {
    pub(crate) fn new(catalog: &Catalog, peer: Peer) -> Self {
        let mut aliases = Aliases {
            by_id: BTreeMap::new(),
            by_control: BTreeMap::new(),
            written: BTreeMap::new(),
            peer,
        };
        for control in catalog.controls() {
            let header = &control.header;
            let whole = header.aliases.get(peer.as_str());
            let partial = header.partial.get(peer.as_str());
            for id in whole.into_iter().chain(partial).flatten() {
                aliases.add(id, &header.id);
            }
        }
        aliases
    }

    fn add(&mut self, id: &str, control: &str) {
        let key = spelling(self.peer, id);
        let controls = self.by_id.entry(key.clone()).or_default();
        if !controls.iter().any(|known| known == control) {
            controls.push(control.to_owned());
        }
        let ids = self.by_control.entry(control.to_owned()).or_default();
        ids.insert(key.clone());
        self.written.entry(key).or_insert_with(|| id.to_owned());
    }

    /// The controls that carry an id; none when nothing of ours looks at that.
    pub(crate) fn controls(&self, id: &str) -> &[String] {
        let key = spelling(self.peer, id);
        self.by_id.get(&key).map_or(&[], Vec::as_slice)
    }

    /// All ids, as the catalogue writes them.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.written.values().map(String::as_str)
    }

    /// The controls that some ids stand for, each once, in order.
    pub(crate) fn all_of<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Vec<String> {
        let mut controls = Vec::new();
        let mut seen = BTreeSet::new();
        for id in ids {
            for control in self.controls(id) {
                if seen.insert(control.as_str()) {
                    controls.push(control.clone());
                }
            }
        }
        controls
    }

    /// What some controls decide beyond the ids that they were named by: control, and its other ids.
    pub(crate) fn beyond(&self, controls: &[String], ids: &[String]) -> Vec<(String, Vec<String>)> {
        let named: BTreeSet<String> = ids.iter().map(|id| spelling(self.peer, id)).collect();
        controls
            .iter()
            .filter_map(|control| {
                let others = self.by_control.get(control)?.difference(&named);
                let others: Vec<String> = others
                    .filter_map(|id| self.written.get(id).cloned())
                    .collect();
                (!others.is_empty()).then(|| (control.clone(), others))
            })
            .collect()
    }
}

/// One spelling of an id. Trivy's have had several: `AVD-KSV-0012`, `KSV-0012`, `KSV0012`, `KSV012`.
fn spelling(peer: Peer, id: &str) -> String {
    let upper = id.trim().to_ascii_uppercase();
    if peer != Peer::Trivy {
        return upper;
    }
    let rest = upper.strip_prefix("AVD-").unwrap_or(&upper);
    for family in ["KSV", "KCV"] {
        let Some(number) = rest.strip_prefix(family) else {
            continue;
        };
        let number = number.strip_prefix('-').unwrap_or(number);
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let digits = number.trim_start_matches('0');
            return format!("{family}-{digits:0>4}");
        }
    }
    upper
}

#[cfg(test)]
mod tests {
    use super::spelling;
    use crate::Peer;

    #[test]
    fn the_spellings_of_an_id_are_one() {
        for id in ["AVD-KSV-0012", "KSV-0012", "KSV0012", "KSV012", "ksv-0012"] {
            assert_eq!(spelling(Peer::Trivy, id), "KSV-0012", "{id}");
        }
        assert_eq!(spelling(Peer::Trivy, "KSV-01010"), "KSV-1010");
        assert_eq!(spelling(Peer::Trivy, "AVD-DS-0002"), "AVD-DS-0002");
        assert_eq!(spelling(Peer::Kubescape, "c-0057"), "C-0057");
    }
}
