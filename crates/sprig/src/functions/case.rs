//! Upper and lower case, letter by letter as Go's `unicode` maps them.

use gotemplate::Value;

use super::TEXT;
use crate::call::{Answer, Call};
use crate::entry::Entry;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("upper", TEXT, |call| mapped(call, to_upper)),
    Entry::new("lower", TEXT, |call| mapped(call, to_lower)),
    Entry::new("title", TEXT, title),
    Entry::new("untitle", TEXT, untitle),
    Entry::new("swapcase", TEXT, swap_case),
];

fn mapped(call: &mut Call<'_>, map: fn(char) -> char) -> Answer {
    let text: String = call.text(0).chars().map(map).collect();
    Ok(call.replaced(0, text))
}

/// The upper case of a letter as one letter.
pub(super) fn to_upper(found: char) -> char {
    let mut mapped = found.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => with_iota(found).unwrap_or(found),
    }
}

/// Greek letters over an iota have a capital of their own.
fn with_iota(found: char) -> Option<char> {
    let code = found as u32;
    let capital = match code {
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => code + 8,
        0x1fb3 | 0x1fc3 | 0x1ff3 => code + 9,
        _ => return None,
    };
    char::from_u32(capital)
}

/// The lower case of a letter as one letter.
pub(super) fn to_lower(found: char) -> char {
    found.to_lowercase().next().unwrap_or(found)
}

/// The title case of a letter: upper case, but for a few.
fn to_title(found: char) -> char {
    match found {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        'ა'..='ჿ' => found,
        _ => to_upper(found),
    }
}

fn is_title(found: char) -> bool {
    matches!(found, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}'
        | '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// Go's `strings.Title`: the first letter of each word.
fn title(call: &mut Call<'_>) -> Answer {
    let mut before_is_separator = true;
    let text: String = call
        .text(0)
        .chars()
        .map(|found| {
            let is_first = std::mem::replace(&mut before_is_separator, is_separator(found));
            if is_first { to_title(found) } else { found }
        })
        .collect();
    Ok(call.replaced(0, text))
}

fn is_separator(found: char) -> bool {
    if found.is_ascii() {
        return !found.is_ascii_alphanumeric() && found != '_';
    }
    !found.is_alphanumeric() && found.is_whitespace()
}

fn untitle(call: &mut Call<'_>) -> Answer {
    let mut is_next = true;
    let text: String = call
        .text(0)
        .chars()
        .map(|found| {
            if found.is_whitespace() {
                is_next = true;
                return found;
            }
            if std::mem::take(&mut is_next) {
                to_lower(found)
            } else {
                found
            }
        })
        .collect();
    Ok(call.replaced(0, text))
}

fn swap_case(call: &mut Call<'_>) -> Answer {
    let mut after_space = true;
    let text: String = call
        .text(0)
        .chars()
        .map(|found| {
            if is_title(found) || found.is_uppercase() {
                after_space = false;
                to_lower(found)
            } else if found.is_lowercase() {
                if std::mem::take(&mut after_space) {
                    to_title(found)
                } else {
                    to_upper(found)
                }
            } else {
                after_space = found.is_whitespace();
                found
            }
        })
        .collect();
    let value: Value = call.replaced(0, text);
    Ok(value)
}
