//! How wide texts are, without a font at hand, and how they are cut to fit.
//!
//! Advance widths are those that Helvetica, Arial, Liberation Sans and Nimbus Sans share; whatever else a viewer takes is
//! made to fit by `textLength`. Characters outside of ASCII are measured by their East Asian width, on the safe side.

use unicode_width::UnicodeWidthChar;

/// A size and weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Font {
    /// Pixels.
    pub(crate) size: i32,
    pub(crate) is_bold: bool,
}

impl Font {
    pub(crate) const fn regular(size: i32) -> Self {
        Font {
            size,
            is_bold: false,
        }
    }

    pub(crate) const fn bold(size: i32) -> Self {
        Font {
            size,
            is_bold: true,
        }
    }

    /// The width of a text in pixels, rounded up.
    pub(crate) fn width(self, text: &str) -> i32 {
        let units: i32 = text.chars().map(|character| self.advance(character)).sum();
        (units * self.size + 999) / 1000
    }

    /// Whether the width is that of the family, and not a guess.
    pub(crate) fn is_exact(text: &str) -> bool {
        let is_known = |character: char| KNOWN.iter().any(|(known, _)| *known == character);
        text.chars()
            .all(|character| matches!(character, ' '..='~') || is_known(character))
    }

    /// In thousandths of the size.
    fn advance(self, character: char) -> i32 {
        let table = if self.is_bold { &BOLD } else { &REGULAR };
        let index = (character as usize).checked_sub(' ' as usize);
        if let Some(&width) = index.and_then(|index| table.get(index)) {
            return i32::from(width);
        }
        if let Some(&(_, width)) = KNOWN.iter().find(|(known, _)| *known == character) {
            return width;
        }
        match character.width().unwrap_or(0) {
            0 => 0,
            // The widest of Latin, Greek and Cyrillic letters are as wide as they are high.
            1 if character.is_lowercase() => 700,
            1 => 1000,
            _ => 1200,
        }
    }
}

/// What stands for characters that must not be drawn.
const REPLACEMENT: char = '\u{fffd}';

/// Marks that are drawn on one letter, at most: more would leave its line.
const MARKS: usize = 2;

/// Characters of a text that are looked at, at most: far more than any box shows.
const LONGEST: usize = 4_000;

/// A text as one line that stays in its place: control characters, and those that change the direction of what
/// follows, are replaced, white space is one space, and marks do not pile up.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::new();
    let mut marks = 0;
    for (index, character) in text.trim().chars().enumerate() {
        if index == LONGEST {
            clean.push('…');
            break;
        }
        let shown = if character.is_whitespace() {
            if clean.ends_with(' ') {
                continue;
            }
            ' '
        } else if is_hidden(character) {
            REPLACEMENT
        } else {
            character
        };
        marks = if shown.width() == Some(0) {
            marks + 1
        } else {
            0
        };
        if marks <= MARKS {
            clean.push(shown);
        }
    }
    clean
}

/// Characters that XML forbids or that nobody sees, and that change how others look.
fn is_hidden(character: char) -> bool {
    let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    let is_none = u32::from(character) & 0xfffe == 0xfffe;
    character.is_control() || is_none || (is_format && !is_joiner)
}

/// Cuts out of the middle what does not fit: names differ at both ends.
pub(crate) fn shortened(text: &str, font: Font, limit: i32) -> String {
    const CUT: &str = "…";
    if font.width(text) <= limit {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let room = limit - font.width(CUT);
    let mut head = 0;
    let mut tail = characters.len();
    let mut used = 0;
    // Two thirds of what is kept come from the beginning.
    loop {
        let take_head = head <= 2 * (characters.len() - tail);
        let index = if take_head { head } else { tail - 1 };
        let Some(&character) = characters.get(index) else {
            break;
        };
        used += font.advance(character) * font.size;
        if used > room * 1000 || head >= tail {
            break;
        }
        if take_head {
            head += 1;
        } else {
            tail -= 1;
        }
    }
    // A mark does not stand without its letter.
    while characters
        .get(tail)
        .is_some_and(|mark| mark.width() == Some(0))
    {
        tail += 1;
    }
    let head = characters[..head].iter().collect::<String>();
    let tail = characters[tail..].iter().collect::<String>();
    format!("{}{CUT}{}", head.trim_end(), tail.trim_start())
}

/// Breaks a text where names have their joints; the last line is shortened.
pub(crate) fn wrapped(text: &str, font: Font, limit: i32, lines: usize) -> Vec<String> {
    let mut wrapped = Vec::new();
    let mut rest = text;
    while wrapped.len() + 1 < lines && font.width(rest) > limit {
        let Some(end) = joint(rest, font, limit) else {
            break;
        };
        wrapped.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    wrapped.push(shortened(rest, font, limit));
    wrapped
}

/// The end of the longest beginning that fits and ends at a joint.
fn joint(text: &str, font: Font, limit: i32) -> Option<usize> {
    let mut used = 0;
    let mut last = None;
    for (start, character) in text.char_indices() {
        used += font.advance(character) * font.size;
        if used > limit * 1000 {
            break;
        }
        if matches!(character, ' ' | '-' | '.' | '/' | ':' | '_' | '@' | ',') {
            last = Some(start + character.len_utf8());
        }
    }
    last
}

/// What we write ourselves.
const KNOWN: [(char, i32); 2] = [('·', 278), ('…', 1000)];

/// From the space to the tilde.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611,
    611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Font, clean, shortened, wrapped};

    const FONT: Font = Font::regular(10);

    #[test]
    fn widths_are_those_of_the_family() {
        assert_eq!(FONT.width("iiii"), 9);
        assert_eq!(FONT.width("WWWW"), 38);
        assert_eq!(Font::bold(10).width("iiii"), 12);
        assert!(FONT.width("日本") >= 20);
        assert_eq!(FONT.width("e\u{301}"), FONT.width("e"));
    }

    #[test]
    fn what_would_deceive_is_replaced() {
        assert_eq!(clean(" a\n\t b\u{0}c "), "a b\u{fffd}c");
        assert_eq!(clean("x\u{202e}gpj.exe"), "x\u{fffd}gpj.exe");
        assert_eq!(clean("e\u{301}\u{301}\u{301}\u{301}!"), "e\u{301}\u{301}!");
        assert_eq!(clean("שלום"), "שלום");
    }

    #[test]
    fn both_ends_of_a_name_are_kept() {
        let short = shortened(
            "system:serviceaccount:monitoring:prometheus-server",
            FONT,
            150,
        );
        assert_eq!(short, "system:serviceaccou…us-server");
        assert!(FONT.width(&short) <= 150);
        assert_eq!(shortened("short", FONT, 150), "short");
    }

    #[test]
    fn names_break_at_their_joints() {
        assert_eq!(
            wrapped("payment-gateway-worker", FONT, 90, 2),
            ["payment-gateway-", "worker"]
        );
        assert_eq!(
            wrapped("one two three four", FONT, 40, 2),
            ["one two", "thre…ur"]
        );
    }

    proptest! {
        #[test]
        fn lines_fit_whatever_the_text_is(text in any::<String>(), limit in 30i32..200) {
            let clean = clean(&text);
            for line in wrapped(&clean, FONT, limit, 3) {
                prop_assert!(FONT.width(&line) <= limit, "{line:?} is {} wide", FONT.width(&line));
            }
        }
    }
}
