//! Regular expressions as globs of ours, exactly or not at all.
//!
//! Kubescape puts `^` before an expression and `$` behind it, without brackets: `a|b` there means what
//! begins with `a` or ends with `b`. So it does here. Names of Kubernetes are ASCII and have no `/`.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// How many globs one expression may need.
const MAX_GLOBS: usize = 64;

/// How long a glob may be.
const MAX_LENGTH: usize = 512;

/// How large a compiled expression may be.
const MAX_SIZE: usize = 1 << 20;

/// An expression as Kubescape compiles it.
pub(crate) fn whole(expression: &str, ignores_case: bool) -> Option<Regex> {
    RegexBuilder::new(&format!("^{expression}$"))
        .case_insensitive(ignores_case)
        .size_limit(MAX_SIZE)
        .nest_limit(64)
        .build()
        .ok()
}

/// What an expression over names becomes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Translated {
    /// It matches every name.
    Everything,
    /// The glob that matches the same names.
    Glob(String),
    /// There is none.
    None,
}

/// The glob for an expression over names of resources, kinds or namespaces.
pub(crate) fn glob(expression: &str) -> Translated {
    // `^*$` repeats the beginning of the text: it finds the end of every text.
    if expression == "*" {
        return Translated::Everything;
    }
    let Ok(hir) = regex_syntax::ParserBuilder::new()
        .nest_limit(64)
        .build()
        .parse(&format!("^{expression}$"))
    else {
        return Translated::None;
    };
    let Some(globs) = alternatives(&hir) else {
        return Translated::None;
    };
    if globs.iter().any(|glob| glob == "*") {
        return Translated::Everything;
    }
    match globs.as_slice() {
        [] => Translated::None,
        [only] if only.is_empty() => Translated::None,
        [only] => Translated::Glob(only.clone()),
        several
            if several
                .iter()
                .any(|glob| glob.is_empty() || glob.contains(',')) =>
        {
            Translated::None
        }
        several => Translated::Glob(format!("{{{}}}", several.join(","))),
    }
}

/// What stands for `^` and `$` in a text on the way to a glob.
const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

/// The globs for the alternatives of a whole expression; what is not anchored gets a star.
fn alternatives(hir: &Hir) -> Option<Vec<String>> {
    let mut globs = Vec::new();
    for text in piece(hir)? {
        let without_begin = text.trim_start_matches(BEGIN);
        let inner = without_begin.trim_end_matches(END);
        // An anchor elsewhere matches only where what is before or behind it is empty.
        if inner.contains([BEGIN, END]) {
            return None;
        }
        let head = if without_begin.len() < text.len() {
            ""
        } else {
            "*"
        };
        let tail = if inner.len() < without_begin.len() {
            ""
        } else {
            "*"
        };
        let glob = collapsed(&format!("{head}{inner}{tail}"));
        if !globs.contains(&glob) {
            globs.push(glob);
        }
    }
    (globs.len() <= MAX_GLOBS).then_some(globs)
}

/// Every way to write a sequence of parts.
fn pieces(parts: &[&Hir]) -> Option<Vec<String>> {
    let mut globs = vec![String::new()];
    for part in parts {
        let next = piece(part)?;
        if globs.len() * next.len() > MAX_GLOBS {
            return None;
        }
        globs = globs
            .iter()
            .flat_map(|head| next.iter().map(move |tail| format!("{head}{tail}")))
            .collect();
        if globs.iter().any(|glob| glob.len() > MAX_LENGTH) {
            return None;
        }
    }
    Some(globs)
}

fn piece(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![String::new()]),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let is_plain = |character: char| {
                character.is_ascii_graphic() && !r"*?[]{}\!,/".contains(character)
            };
            text.chars().all(is_plain).then(|| vec![text.to_owned()])
        }
        HirKind::Class(class) => Some(vec![one_of(class)?]),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Capture(capture) => piece(&capture.sub),
        HirKind::Concat(parts) => pieces(&parts.iter().collect::<Vec<_>>()),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(piece(part)?);
            }
            (all.len() <= MAX_GLOBS).then_some(all)
        }
        HirKind::Look(Look::Start) => Some(vec![BEGIN.to_string()]),
        HirKind::Look(Look::End) => Some(vec![END.to_string()]),
        HirKind::Look(_) => None,
    }
}

fn repeated(repetition: &Repetition) -> Option<Vec<String>> {
    let inner = piece(&repetition.sub)?;
    let is_any = inner.as_slice() == ["?"];
    match (repetition.min, repetition.max) {
        (min, None) if is_any && min <= 8 => Some(vec!["?".repeat(min as usize) + "*"]),
        (min, Some(max)) if max <= 8 => {
            let mut all = Vec::new();
            for count in min..=max {
                let parts = vec![repetition.sub.as_ref(); count as usize];
                all.extend(pieces(&parts)?);
            }
            (all.len() <= MAX_GLOBS).then_some(all)
        }
        _ => None,
    }
}

/// A class of characters, as far as names of Kubernetes can have them.
fn one_of(class: &Class) -> Option<String> {
    let has = |character: char| match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&character)),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&(character as u8))),
    };
    let is_possible =
        |character: &char| character.is_ascii_alphanumeric() || "-._:".contains(*character);
    let all: Vec<char> = (' '..='~').filter(is_possible).collect();
    let held: Vec<char> = all
        .iter()
        .copied()
        .filter(|&character| has(character))
        .collect();
    if held.is_empty() {
        return None;
    }
    if held.len() == all.len() {
        return Some("?".to_owned());
    }
    if let [only] = held.as_slice() {
        return Some(only.to_string());
    }
    let mut text = String::from("[");
    // The dash last, where it is itself.
    let (dash, others): (Vec<char>, Vec<char>) = held.into_iter().partition(|&c| c == '-');
    for run in others.chunk_by(|left, right| *left as u32 + 1 == *right as u32) {
        match run {
            [first, .., last] if run.len() > 2 => text.extend([*first, '-', *last]),
            _ => text.extend(run),
        }
    }
    text.extend(dash);
    text.push(']');
    Some(text)
}

/// Stars beside one another are one.
fn collapsed(glob: &str) -> String {
    let mut out = String::new();
    for character in glob.chars() {
        if character != '*' || !out.ends_with('*') {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    use super::{Translated, glob, whole};

    fn check(expression: &str, expected: &str) {
        assert_eq!(
            glob(expression),
            Translated::Glob(expected.to_owned()),
            "{expression}"
        );
    }

    #[test]
    fn expressions_become_the_same_glob() {
        check("nginx", "nginx");
        check("kube-.*", "kube-*");
        check("kube-.+", "kube-?*");
        check(r"web-1\.2\.3", "web-1.2.3");
        check("etcd-.", "etcd-?");
        check("(Role|ClusterRole)", "{Role,ClusterRole}");
        check("node-[0-9]", "node-[0-9]");
        check("node-[0-9]{2}", "node-[0-9][0-9]");
        check("web[s]?", "{web,webs}");
        check(".*-proxy", "*-proxy");
        check("^web$", "web");
    }

    #[test]
    fn an_alternative_is_anchored_on_one_side_only() {
        check("default|kube-system", "{default*,*kube-system}");
        check("^default$|^kube-system$", "{default,kube-system}");
    }

    #[test]
    fn what_matches_every_name_is_no_restriction() {
        for expression in [".*", "*", "a|.*", ".*|", "(.*)"] {
            assert_eq!(glob(expression), Translated::Everything, "{expression}");
        }
    }

    #[test]
    fn what_no_glob_matches_is_refused() {
        for expression in ["node-[0-9]+", "(", "a{1,99}", r"a\b", "a*b", "", "a/b", "ä"] {
            assert_eq!(glob(expression), Translated::None, "{expression}");
        }
    }

    #[test]
    fn globs_and_expressions_match_the_same_names() {
        let names = [
            "",
            "a",
            "b",
            "ab",
            "web",
            "webs",
            "web-1",
            "web-12",
            "default",
            "default-x",
            "kube-system",
            "x-kube-system",
            "kube-proxy",
            "system:node",
            "A.b_c",
        ];
        let expressions = [
            "web",
            "web-.",
            "web.*",
            ".+",
            "w.b-?.*",
            "(a|b)",
            "a|b",
            "default|kube-system",
            "[a-z]{3}",
            "[^a]",
            "web-[0-9]?[0-9]",
            "(kube|web)-.*",
            "system:.*",
            r"A\.b_c",
            r"\w",
            "(a|(b|web))s?",
            "a?b?",
        ];
        for expression in expressions {
            let regex = whole(expression, false).unwrap();
            let Translated::Glob(glob) = glob(expression) else {
                continue;
            };
            let matcher = matcher(&glob);
            for name in names.iter().filter(|name| !name.is_empty()) {
                assert_eq!(
                    matcher.is_match(name),
                    regex.is_match(name),
                    "{expression} → {glob} at {name}"
                );
            }
        }
    }

    fn matcher(glob: &str) -> globset::GlobMatcher {
        let glob = globset::GlobBuilder::new(glob)
            .literal_separator(true)
            .build();
        glob.unwrap().compile_matcher()
    }

    proptest! {
        #[test]
        fn whatever_is_translated_matches_the_same(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b-", "1", ".", ".*", ".+", "|", "^", "$", "(a|b)", "(ab|)", "[ab]", "[^a]", "[0-9]",
                    "a?", "b{2}", "b{0,2}", r"\.", r"\w", r"\d", "(^a|b$)", "x*", "(?i)a", r"\b",
                ]),
                0..7,
            ),
            names in prop::collection::vec("[ab1.-]{1,5}", 24),
        ) {
            let expression = parts.concat();
            let Some(regex) = whole(&expression, false) else {
                return Ok(());
            };
            let globs = match glob(&expression) {
                Translated::None => return Ok(()),
                Translated::Everything => "*".to_owned(),
                Translated::Glob(glob) => glob,
            };
            let matcher = matcher(&globs);
            for name in names {
                prop_assert_eq!(
                    matcher.is_match(&name), regex.is_match(&name), "{} → {} at {}", expression, globs, name
                );
            }
        }
    }
}
