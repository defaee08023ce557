//! The ids, names and frameworks of Kubescape's controls, and which of them an expression matches.

use std::collections::BTreeSet;

use crate::regexes;

/// Id and name, a line each; a control may have had several names.
const CONTROLS: &str = include_str!("controls.tsv");

/// Framework and ids, a line each.
const FRAMEWORKS: &str = include_str!("frameworks.tsv");

/// The framework that holds them all.
const ALL: &str = "AllControls";

/// Whether an expression matches a text as Kubescape compares them: equal, or as an expression, both
/// without regard to letter case.
struct Matcher<'e> {
    expression: &'e str,
    regex: Option<regex::Regex>,
}

impl<'e> Matcher<'e> {
    fn new(expression: &'e str) -> Self {
        Matcher {
            expression,
            regex: regexes::whole(expression, true),
        }
    }

    fn matches(&self, text: &str) -> bool {
        self.expression.eq_ignore_ascii_case(text)
            || self
                .regex
                .as_ref()
                .is_some_and(|regex| regex.is_match(text))
    }
}

/// The ids that an expression matches, among those known here and some more.
pub(super) fn by_id<'k>(
    expression: &str,
    known: impl Iterator<Item = &'k str>,
) -> BTreeSet<String> {
    let matcher = Matcher::new(expression);
    let ids = rows(CONTROLS).map(|(id, _)| id);
    let mut found: BTreeSet<String> = ids
        .filter(|id| matcher.matches(id))
        .map(str::to_owned)
        .collect();
    found.extend(known.filter(|id| matcher.matches(id)).map(str::to_owned));
    found
}

/// The ids of the controls whose name an expression matches.
pub(super) fn by_name(expression: &str) -> BTreeSet<String> {
    let matcher = Matcher::new(expression);
    let named = rows(CONTROLS).filter(|(_, name)| matcher.matches(name));
    named.map(|(id, _)| id.to_owned()).collect()
}

/// The ids of the controls in the frameworks whose name an expression matches; `None` when there is none.
pub(super) fn by_framework<'k>(
    expression: &str,
    known: impl Iterator<Item = &'k str>,
) -> Option<BTreeSet<String>> {
    let matcher = Matcher::new(expression);
    if matcher.matches(ALL) {
        return Some(by_id(".*", known));
    }
    let mut found = None;
    for (framework, ids) in rows(FRAMEWORKS) {
        if matcher.matches(framework) {
            let all = found.get_or_insert_with(BTreeSet::new);
            all.extend(ids.split(' ').map(str::to_owned));
        }
    }
    found
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::{by_framework, by_id, by_name};

    #[test]
    fn expressions_match_ids_names_and_frameworks() {
        let ids = |set: std::collections::BTreeSet<String>| set.into_iter().collect::<Vec<_>>();
        assert_eq!(ids(by_id("c-0057", [].into_iter())), ["C-0057"]);
        assert_eq!(
            ids(by_id("C-005[78]", [].into_iter())),
            ["C-0057", "C-0058"]
        );
        assert_eq!(ids(by_id("C-9999", ["C-9999"].into_iter())), ["C-9999"]);
        assert_eq!(ids(by_name("HostPath mount")), ["C-0048"]);
        assert_eq!(ids(by_name("Exec into container")), ["C-0002"]);
        let none = || [].into_iter();
        assert!(by_framework("NSA", none()).unwrap().contains("C-0057"));
        assert!(by_framework("MIT.*", none()).unwrap().len() > 20);
        assert_eq!(by_framework("ours", none()), None);
    }
}
