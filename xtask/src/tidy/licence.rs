//! Which licences a dependency may have: an SPDX expression against a list.

/// Licences that let anyone ship the program under its own.
const ALLOWED: &[&str] = &[
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0", // data: the list of certificate authorities
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an expression can be met with allowed licences alone.
pub(super) fn is_allowed(expression: &str) -> bool {
    // `MIT/Apache-2.0` is how `OR` was written before crates used SPDX.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let is_met = alternatives(&mut words);
    is_met && words.next().is_none()
}

type Words<'t> = std::iter::Peekable<std::str::SplitWhitespace<'t>>;

/// One of several. All of them are read, whatever the first one says.
fn alternatives(words: &mut Words<'_>) -> bool {
    let mut is_met = together(words);
    while words.next_if_eq(&"OR").is_some() {
        is_met |= together(words);
    }
    is_met
}

/// Several at once.
fn together(words: &mut Words<'_>) -> bool {
    let mut is_met = one(words);
    while words.next_if_eq(&"AND").is_some() {
        is_met &= one(words);
    }
    is_met
}

fn one(words: &mut Words<'_>) -> bool {
    match words.next() {
        Some("(") => alternatives(words) & words.next_if_eq(&")").is_some(),
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
        }
        Some(licence) => ALLOWED.contains(&licence),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_are_met_by_allowed_licences() {
        let check = |text: &str, expected: bool| assert_eq!(is_allowed(text), expected, "{text}");
        check("MIT", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only AND MIT", false);
        check("(MIT OR GPL-3.0-only) AND Unicode-3.0", true);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true);
        check("GPL-2.0-only WITH Classpath-exception-2.0", false);
        check("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", false);
        check("(MIT", false);
        check("", false);
        check("MIT MIT", false);
    }
}
