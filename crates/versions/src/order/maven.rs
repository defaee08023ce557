//! Maven's versions, in the order that the POM reference specifies and `ComparableVersion` of Maven 3.8 implements.
//! (Later releases read `.word` as `-word`; advisories are written for the specified order.)
//!
//! A version is a list of numbers and words that may end in another such list: each hyphen, and each change between
//! digits and letters, begins a deeper one. So it is kept as a row of levels. What means nothing (zero, `ga`, an empty
//! list) at the end of a level is dropped.
//!
//! The order is none in corners: `1.0.rc` < `1` < `1-1` < `1.0.rc`. Versions of the usual forms have keys, those with
//! a word after a dot have none.

use std::cmp::Ordering;

use crate::bytes::{compare_numbers, count_down, is_zero, number, text};

/// The known words in their order; a release is the word at [`RELEASE`]. Unknown words come after all.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const RELEASE: usize = 5;

#[derive(Debug)]
enum Item {
    /// Digits without zeros in front; none at all is zero.
    Number(String),
    /// The rank of a known word, or the number of them and the word.
    Word(usize, String),
}

impl Item {
    fn word(word: &str, before_digit: bool) -> Self {
        let word = match word {
            "a" if before_digit => "alpha",
            "b" if before_digit => "beta",
            "m" if before_digit => "milestone",
            "ga" | "final" | "release" => "",
            "cr" => "rc",
            _ => word,
        };
        match QUALIFIERS.iter().position(|known| *known == word) {
            Some(rank) => Self::Word(rank, String::new()),
            None => Self::Word(QUALIFIERS.len(), word.to_owned()),
        }
    }

    fn number(digits: &str) -> Self {
        Self::Number(digits.trim_start_matches('0').to_owned())
    }

    /// How it compares with nothing.
    fn sign(&self) -> Ordering {
        match self {
            Self::Number(digits) => digits.len().cmp(&0),
            Self::Word(rank, _) => rank.cmp(&RELEASE),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => compare_numbers(a.as_bytes(), b.as_bytes()),
            (Self::Number(_), Self::Word(..)) => Ordering::Greater,
            (Self::Word(..), Self::Number(_)) => Ordering::Less,
            // Java compares UTF-16.
            (Self::Word(a, x), Self::Word(b, y)) => a
                .cmp(b)
                .then_with(|| x.encode_utf16().cmp(y.encode_utf16())),
        }
    }
}

/// The levels of a version; every level but the last ends in the next. Only the first can be empty.
fn levels(version: &str) -> Vec<Vec<Item>> {
    let version = version.to_lowercase();
    let mut reader = Reader {
        levels: vec![Vec::new()],
    };
    let mut digits = false;
    let mut start = 0;
    for (at, character) in version.char_indices() {
        match character {
            '.' | '-' => {
                reader.item(&version[start..at], digits);
                start = at + 1;
                if character == '-' {
                    reader.deeper();
                }
            }
            _ if character.is_ascii_digit() => {
                if !digits && at > start {
                    reader.push(Item::word(&version[start..at], true));
                    start = at;
                    reader.deeper();
                }
                digits = true;
            }
            _ => {
                if digits && at > start {
                    reader.item(&version[start..at], true);
                    start = at;
                    reader.deeper();
                }
                digits = false;
            }
        }
    }
    if version.len() > start {
        reader.item(&version[start..], digits);
    }
    let mut levels = reader.levels;
    for level in &mut levels {
        while level.last().is_some_and(|item| item.sign().is_eq()) {
            level.pop();
        }
    }
    let mut first = true;
    levels.retain(|level| std::mem::take(&mut first) || !level.is_empty());
    levels
}

struct Reader {
    levels: Vec<Vec<Item>>,
}

impl Reader {
    fn push(&mut self, item: Item) {
        if let Some(level) = self.levels.last_mut() {
            level.push(item);
        }
    }

    /// What stood between two separators; nothing is a zero.
    fn item(&mut self, text: &str, digits: bool) {
        self.push(if text.is_empty() || digits {
            Item::number(text)
        } else {
            Item::word(text, false)
        });
    }

    fn deeper(&mut self) {
        self.levels.push(Vec::new());
    }
}

/// What stands at a position of a level.
enum At<'a> {
    Item(&'a Item),
    /// The deeper levels.
    List,
    Nothing,
}

fn at(levels: &[Vec<Item>], position: usize) -> At<'_> {
    match levels.split_first() {
        Some((level, deeper)) => match level.get(position) {
            Some(item) => At::Item(item),
            None if position == level.len() && !deeper.is_empty() => At::List,
            None => At::Nothing,
        },
        None => At::Nothing,
    }
}

/// How a list compares with nothing: as the first thing in it that does not mean nothing.
fn sign(levels: &[Vec<Item>]) -> Ordering {
    levels
        .iter()
        .flatten()
        .map(Item::sign)
        .find(|sign| sign.is_ne())
        .unwrap_or(Ordering::Equal)
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (levels(a), levels(b));
    let (mut a, mut b) = (a.as_slice(), b.as_slice());
    let mut position = 0;
    loop {
        let order = match (at(a, position), at(b, position)) {
            (At::Nothing, At::Nothing) => return Ordering::Equal,
            (At::List, At::List) => {
                (a, b) = (&a[1..], &b[1..]);
                position = 0;
                continue;
            }
            (At::Item(x), At::Item(y)) => x.compare(y),
            (At::Item(x), At::Nothing) => x.sign(),
            (At::Nothing, At::Item(y)) => y.sign().reverse(),
            (At::List, At::Nothing) => sign(&a[1..]),
            (At::Nothing, At::List) => sign(&b[1..]).reverse(),
            (At::Item(Item::Number(_)), At::List) | (At::List, At::Item(Item::Word(..))) => {
                Ordering::Greater
            }
            (At::Item(Item::Word(..)), At::List) | (At::List, At::Item(Item::Number(_))) => {
                Ordering::Less
            }
        };
        if order.is_ne() {
            return order;
        }
        position += 1;
    }
}

const BEFORE: u8 = 1;
const END: u8 = 2;
const AFTER: u8 = 3;
const NUMBER: u8 = 4;

/// Where words stand only first in a deeper level the order is one: lists and words that come before the end, the end,
/// those that come after it, numbers (the fewer zeros before it, the later).
pub(super) fn key(version: &str, out: &mut Vec<u8>) -> bool {
    let levels = levels(version);
    let mut ordered = version.is_ascii();
    for (depth, level) in levels.iter().enumerate() {
        let mut zeros = 0;
        for (index, item) in level.iter().enumerate() {
            match item {
                Item::Number(digits) if is_zero(digits.as_bytes()) => zeros += 1,
                Item::Number(digits) => {
                    out.push(NUMBER);
                    count_down(out, zeros);
                    number(out, digits.as_bytes());
                    zeros = 0;
                }
                Item::Word(rank, word) => {
                    ordered &= depth > 0 && index == 0 && *rank != RELEASE;
                    out.push(if *rank < RELEASE { BEFORE } else { AFTER });
                    out.push(*rank as u8);
                    text(out, word.as_bytes());
                }
            }
        }
        let deeper = &levels[depth + 1..];
        out.push(match (deeper.is_empty(), sign(deeper)) {
            (true, _) => END,
            (false, Ordering::Less) => BEFORE,
            (false, _) => AFTER,
        });
    }
    ordered
}
