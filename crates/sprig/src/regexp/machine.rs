//! A pattern at work.

use std::ops::Range;
use std::sync::OnceLock;

use super::MAX_SIZE;
use super::parse::MAX_DEPTH;

/// Matches of a pattern in the syntax of the `regex` crate.
///
/// What takes any letter but some becomes thousands of bytes of tables of Unicode, and most texts of charts are ASCII: for
/// those a small pattern is compiled without the tables, which tells the same.
pub(super) struct Machine {
    pattern: String,
    ascii: Option<regex::bytes::Regex>,
    whole: OnceLock<Option<regex::Regex>>,
}

/// So many instructions stay within the limit with the tables, too.
const FEW: u64 = 32;

impl Machine {
    /// `None` for a pattern that is too large.
    pub(super) fn new(pattern: String, size: u64) -> Option<Self> {
        let mut machine = Machine {
            pattern,
            ascii: None,
            whole: OnceLock::new(),
        };
        if size <= FEW {
            machine.ascii = regex::bytes::RegexBuilder::new(&machine.pattern)
                .unicode(false)
                .nest_limit(DEPTH)
                .build()
                .ok();
        }
        if machine.ascii.is_none() {
            machine.whole()?;
        }
        Some(machine)
    }

    fn whole(&self) -> Option<&regex::Regex> {
        let build = || {
            regex::RegexBuilder::new(&self.pattern)
                .size_limit(MAX_SIZE)
                .dfa_size_limit(MAX_SIZE)
                .nest_limit(DEPTH)
                .build()
                .ok()
        };
        self.whole.get_or_init(build).as_ref()
    }

    /// Searches of one text: whether it is ASCII is asked once.
    pub(super) fn on<'t>(&self, text: &'t str) -> Search<'_, 't> {
        match self.ascii.as_ref().filter(|_| text.is_ascii()) {
            Some(regex) => Search::Ascii(regex, text.as_bytes()),
            None => Search::Whole(self.whole(), text),
        }
    }
}

/// A pattern and the text that it is looked for in.
pub(super) enum Search<'m, 't> {
    Ascii(&'m regex::bytes::Regex, &'t [u8]),
    Whole(Option<&'m regex::Regex>, &'t str),
}

impl Search<'_, '_> {
    pub(super) fn is_match(&self) -> bool {
        match self {
            Search::Ascii(regex, text) => regex.is_match(text),
            Search::Whole(regex, text) => regex.is_some_and(|regex| regex.is_match(text)),
        }
    }

    /// The first match that begins at a place or behind it.
    pub(super) fn find_at(&self, at: usize) -> Option<Range<usize>> {
        match self {
            Search::Ascii(regex, text) => Some(regex.find_at(text, at)?.range()),
            Search::Whole(regex, text) => Some((*regex)?.find_at(text, at)?.range()),
        }
    }

    /// The same with its groups; the whole is the first.
    pub(super) fn groups_at(&self, at: usize) -> Option<Vec<Option<Range<usize>>>> {
        match self {
            Search::Ascii(regex, text) => {
                let found = regex.captures_at(text, at)?;
                Some(found.iter().map(|group| Some(group?.range())).collect())
            }
            Search::Whole(regex, text) => {
                let found = (*regex)?.captures_at(text, at)?;
                Some(found.iter().map(|group| Some(group?.range())).collect())
            }
        }
    }
}

/// Groups in groups; the text of a pattern has one for each of Go's, and some more.
const DEPTH: u32 = 2 * MAX_DEPTH + 50;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            Just("a".to_owned()),
            Just("[^a-z0-9-]".to_owned()),
            Just("[a-c]".to_owned()),
            Just("(?i:k)".to_owned()),
            Just(".".to_owned()),
            Just("é".to_owned()),
            Just(r"\pL".to_owned()),
            Just("(?-u:\\b)".to_owned()),
            Just("^".to_owned()),
            Just("$".to_owned()),
        ];
        one.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{one}{two}")),
                (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one}|{two})")),
                inner.clone().prop_map(|it| format!("(?:{it})*")),
                inner.prop_map(|it| format!("(?:{it})+?")),
            ]
        })
    }

    proptest! {
        #[test]
        fn texts_of_ascii_are_matched_as_with_the_tables(pattern in pattern(), text in "[a-dkK0 .\n-]{0,12}") {
            let Some(machine) = Machine::new(pattern.clone(), 1) else { return Ok(()) };
            let whole = regex::Regex::new(&pattern).unwrap();
            prop_assert_eq!(machine.on(&text).is_match(), whole.is_match(&text));
            for at in 0..=text.len() {
                let groups = whole.captures_at(&text, at);
                let groups: Option<Vec<_>> =
                    groups.map(|found| found.iter().map(|group| Some(group?.range())).collect());
                prop_assert_eq!(machine.on(&text).groups_at(at), groups);
                prop_assert_eq!(machine.on(&text).find_at(at), whole.find_at(&text, at).map(|it| it.range()));
            }
        }

        /// So it is never at a text that one turns out to be too large.
        #[test]
        fn the_largest_small_patterns_are_within_the_limit(count in 1..=FEW as usize) {
            for piece in ["[^a-z0-9-]", r"\P{Lu}", "(?i:[^k])", "."] {
                prop_assert!(Machine::new(piece.repeat(count), FEW).is_some_and(|it| it.whole().is_some()));
            }
        }
    }
}
