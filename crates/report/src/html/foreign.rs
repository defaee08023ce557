//! Text that others wrote, as a page may show it: nothing in it is markup, and nothing in it hides.

use std::borrow::Cow;
use std::fmt::Write as _;

use maud::Render;
use serde::{Serialize, Serializer};

/// Text of a manifest, a control, a configuration or a file name. Markup is escaped by whoever writes it into
/// the page; characters that show nothing or turn the direction of what follows are written as `\u{202e}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Foreign<'a>(pub(super) &'a str);

impl<'a> Foreign<'a> {
    fn shown(self) -> Cow<'a, str> {
        if !self.0.chars().any(is_hidden) {
            return Cow::Borrowed(self.0);
        }
        let mut text = String::with_capacity(self.0.len() + 16);
        for char in self.0.chars() {
            if is_hidden(char) {
                // Writing to memory does not fail.
                let _ = write!(text, "\\u{{{:x}}}", u32::from(char));
            } else {
                text.push(char);
            }
        }
        Cow::Owned(text)
    }
}

impl std::fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Render for Foreign<'_> {
    fn render_to(&self, out: &mut String) {
        self.shown().as_ref().render_to(out);
    }
}

impl Serialize for Foreign<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

/// Control characters, marks of direction, and what has no width. Joiners stay: writing systems need them.
fn is_hidden(char: char) -> bool {
    match char {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use maud::Render;

    use super::Foreign;

    fn check(text: &str, in_markup: &str) {
        assert_eq!(Foreign(text).render().into_string(), in_markup);
    }

    #[test]
    fn nothing_is_markup_and_nothing_hides() {
        check("plain ü 漢", "plain ü 漢");
        check(
            "</p><b a=\"1\">&",
            "&lt;/p&gt;&lt;b a=&quot;1&quot;&gt;&amp;",
        );
        check("a\u{202e}b\u{0}c\u{200b}", "a\\u{202e}b\\u{0}c\\u{200b}");
        check("two\nlines\tand 👩‍💻", "two\nlines\tand 👩‍💻");
    }
}
