//! Layouts: texts in which the reference time, Mon Jan 2 15:04:05 MST 2006, stands for what is meant.

/// What a part of a layout stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    Offset(Offset),
    /// A fraction of the second: how many digits, the point, and whether zeros at the end are written.
    Fraction(usize, char, bool),
}

/// How a difference from UTC is written.
#[expect(clippy::struct_excessive_bools, reason = "these are Go's forms")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// Whether UTC is `Z`.
    pub(super) has_z: bool,
    pub(super) has_colons: bool,
    pub(super) has_minutes: bool,
    pub(super) has_seconds: bool,
}

/// A layout up to its first element, the element with its text, and the rest.
pub(super) struct Chunk<'l> {
    pub(super) prefix: &'l str,
    pub(super) element: Option<Element>,
    pub(super) written: &'l str,
    pub(super) rest: &'l str,
}

pub(super) fn next(layout: &str) -> Chunk<'_> {
    for (at, found) in layout.char_indices() {
        let rest = &layout[at..];
        if let Some((element, skipped, length)) = element(found, rest) {
            let start = at + skipped;
            return Chunk {
                prefix: &layout[..start],
                element: Some(element),
                written: &layout[start..start + length],
                rest: &layout[start + length..],
            };
        }
    }
    Chunk {
        prefix: layout,
        element: None,
        written: "",
        rest: "",
    }
}

/// Elements by their text. Of those that begin alike, the first one that fits counts.
const WORDS: &[(&str, Element)] = &[
    ("January", Element::LongMonth),
    ("Monday", Element::LongWeekday),
    ("MST", Element::ZoneName),
    ("01", Element::ZeroMonth),
    ("02", Element::ZeroDay),
    ("03", Element::ZeroHour12),
    ("04", Element::ZeroMinute),
    ("05", Element::ZeroSecond),
    ("06", Element::Year),
    ("002", Element::ZeroYearDay),
    ("15", Element::Hour),
    ("1", Element::NumberMonth),
    ("2006", Element::LongYear),
    ("2", Element::Day),
    ("_2", Element::UnderDay),
    ("__2", Element::UnderYearDay),
    ("3", Element::Hour12),
    ("4", Element::Minute),
    ("5", Element::Second),
    ("PM", Element::UpperPm),
    ("pm", Element::LowerPm),
];

/// The element that a text begins with, what of it is no part of the element, and the element's length.
fn element(first: char, text: &str) -> Option<(Element, usize, usize)> {
    match first {
        '-' | 'Z' => {
            return offset(text).map(|(offset, length)| (Element::Offset(offset), 0, length));
        }
        '.' | ',' => return fraction(first, text).map(|(element, length)| (element, 0, length)),
        // An underscore before a year is only an underscore.
        '_' if text[1..].starts_with("2006") => return Some((Element::LongYear, 1, 4)),
        'J' | 'M' | '0'..='5' | '_' | 'P' | 'p' => {}
        _ => return None,
    }
    let word = WORDS.iter().find(|(word, _)| text.starts_with(word));
    if let Some((word, element)) = word {
        return Some((*element, 0, word.len()));
    }
    // Not inside of a longer word.
    let short = [("Jan", Element::Month), ("Mon", Element::Weekday)];
    let (word, element) = short.iter().find(|(word, _)| text.starts_with(word))?;
    let is_longer = text[word.len()..].starts_with(|next: char| next.is_ascii_lowercase());
    (!is_longer).then_some((*element, 0, word.len()))
}

fn offset(text: &str) -> Option<(Offset, usize)> {
    let digits = &text[1..];
    // Name, colons, minutes, seconds.
    let forms = [
        ("070000", false, true, true),
        ("07:00:00", true, true, true),
        ("0700", false, true, false),
        ("07:00", true, true, false),
        ("07", false, false, false),
    ];
    let (form, has_colons, has_minutes, has_seconds) =
        forms.into_iter().find(|form| digits.starts_with(form.0))?;
    let offset = Offset {
        has_z: text.starts_with('Z'),
        has_colons,
        has_minutes,
        has_seconds,
    };
    Some((offset, 1 + form.len()))
}

fn fraction(point: char, text: &str) -> Option<(Element, usize)> {
    let digits = &text.as_bytes()[1..];
    let digit = *digits
        .first()
        .filter(|digit| matches!(digit, b'0' | b'9'))?;
    let count = digits.iter().take_while(|found| **found == digit).count();
    let is_number = digits.get(count).is_some_and(u8::is_ascii_digit);
    (!is_number).then_some((Element::Fraction(count, point, digit == b'0'), 1 + count))
}
