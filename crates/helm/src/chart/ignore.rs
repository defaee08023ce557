//! `.helmignore`: which files of a folder are not part of the chart (<https://helm.sh/docs/chart_template_guide/helm_ignore_file/>).

use std::sync::Arc;

use document::Source;

use crate::error::{Error, ErrorKind, Result};
use crate::folder::base_name;
use crate::pattern;

/// Rules in their order; the first one that decides ends it.
pub(crate) struct Rules(Vec<Rule>);

struct Rule {
    test: Test,
    pattern: String,
    /// `!`: everything that does *not* match is ignored.
    is_negative: bool,
    /// A slash at the end: only folders.
    is_for_folders: bool,
    /// No slash inside: only the last part of a path is looked at.
    is_for_names: bool,
}

/// What a pattern asks for. Most are plain, and there are as many questions as files times rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Test {
    /// The pattern itself.
    Exact,
    /// What ends with the pattern behind its star, where that stands for no slash.
    End,
    Match,
}

impl Test {
    fn of(pattern: &str) -> Self {
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '\\']);
        match pattern.strip_prefix('*') {
            _ if is_plain(pattern) => Test::Exact,
            Some(end) if is_plain(end) => Test::End,
            _ => Test::Match,
        }
    }

    fn holds(self, pattern: &str, path: &str) -> bool {
        match self {
            Test::Exact => pattern == path,
            Test::End => path
                .strip_suffix(&pattern[1..])
                .is_some_and(|star| !star.contains('/')),
            Test::Match => pattern::matches(pattern, path).unwrap_or(false),
        }
    }
}

impl Default for Rules {
    /// What Helm always ignores: hidden files of `templates/`.
    fn default() -> Self {
        Rules(vec![Rule::parse("templates/.?*")])
    }
}

impl Rules {
    /// The rules of a file, and those that always hold.
    pub(crate) fn parse(file: &Arc<Source>) -> Result<Self> {
        let mut rules = Vec::new();
        let mut start = 0;
        for line in file.text().split_inclusive('\n') {
            let text = line.trim();
            if !text.is_empty() && !text.starts_with('#') {
                check(text).map_err(|kind| {
                    let begin = start + (line.len() - line.trim_start().len());
                    Error::from(kind).at(file, begin as u32..(begin + text.len()) as u32)
                })?;
                rules.push(Rule::parse(text));
            }
            start += line.len();
        }
        rules.append(&mut Rules::default().0);
        Ok(Rules(rules))
    }

    /// Whether a file or folder is ignored.
    pub(crate) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        for rule in &self.0 {
            if rule.is_negative {
                if (rule.is_for_folders && !is_folder) || !rule.matches(path) {
                    return true;
                }
            } else if (is_folder || !rule.is_for_folders) && rule.matches(path) {
                return true;
            }
        }
        false
    }
}

fn check(text: &str) -> Result<(), ErrorKind> {
    if text.contains("**") {
        let message = "`**` in .helmignore: Helm does not support it".to_owned();
        return Err(ErrorKind::Folder(message));
    }
    let message = || format!("'{text}' in .helmignore is no pattern");
    pattern::matches(text, "abc")
        .map(drop)
        .map_err(|pattern::Malformed| ErrorKind::Folder(message()))
}

impl Rule {
    fn parse(text: &str) -> Self {
        let (is_negative, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (is_for_folders, text) = match text.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (is_anchored, text) = match text.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        Rule {
            test: Test::of(text),
            pattern: text.to_owned(),
            is_negative,
            is_for_folders,
            is_for_names: !is_anchored && !text.contains('/'),
        }
    }

    fn matches(&self, path: &str) -> bool {
        let subject = if self.is_for_names {
            base_name(path)
        } else {
            path
        };
        self.test.holds(&self.pattern, subject)
    }
}

#[cfg(test)]
mod tests {
    use super::Test;
    use crate::pattern;

    #[test]
    fn plain_patterns_are_what_they_match() {
        let mut plain = 0;
        let paths = [
            "", "a", "b", ".", "a.b", "x.b", "b.b", "a/b", "a/.b", ".b", "é.b", "a/x.b",
        ];
        for pattern in [
            "", "a", ".b", "*.b", "*b", "*", "a/b", "*/b", "**", "a*", "?", "[a]", "\\a",
        ] {
            let test = Test::of(pattern);
            plain += usize::from(test != Test::Match);
            for path in paths {
                let expected = pattern::matches(pattern, path).unwrap();
                assert_eq!(test.holds(pattern, path), expected, "{pattern} {path}");
            }
        }
        assert_eq!(plain, 8);
    }
}
