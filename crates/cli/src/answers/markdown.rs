//! Texts of others in Markdown: they cannot become markup.

use super::clean;

/// As code.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text
        .split(|char| char != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// As text.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for char in clean(text).chars() {
        if "\\`*_{}[]<>()#+-.!|~@".contains(char) {
            plain.push('\\');
        }
        plain.push(char);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{code, plain};

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a\u{fffd}b`");
        assert_eq!(plain("<b> @x"), "\\<b\\> \\@x");
    }
}
