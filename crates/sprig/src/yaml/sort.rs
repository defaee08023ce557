//! The order of keys in go-yaml: numbers inside of texts by value, letters after everything else.

use std::rc::Rc;

use super::Style;

/// Sorts entries by their keys, which are in the order of their bytes.
///
/// The order is not a proper one for all texts, which Rust's own sorting would not put up with.
pub(super) fn sort<V>(entries: &mut Vec<(Rc<str>, V)>, style: Style) {
    let is_sorted = entries
        .windows(2)
        .all(|pair| !is_less(&pair[1].0, &pair[0].0, style));
    if is_sorted {
        return;
    }
    let mut runs: Vec<Vec<(Rc<str>, V)>> = entries.drain(..).map(|entry| vec![entry]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, style),
                None => left,
            });
        }
        runs = merged;
    }
    entries.extend(runs.into_iter().flatten());
}

fn merge<V>(left: Vec<(Rc<str>, V)>, right: Vec<(Rc<str>, V)>, style: Style) -> Vec<(Rc<str>, V)> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((one, _)), Some((other, _))) = (left.peek(), right.peek()) {
        let from = if is_less(other, one, style) {
            &mut right
        } else {
            &mut left
        };
        merged.extend(from.next());
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

fn is_less(left: &str, right: &str, style: Style) -> bool {
    let equal = left
        .char_indices()
        .zip(right.chars())
        .find(|((_, one), other)| one != other);
    let Some(((at, one), other)) = equal else {
        return left.len() < right.len();
    };
    let (one_is_letter, other_is_letter) = (one.is_alphabetic(), other.is_alphabetic());
    if one_is_letter && other_is_letter {
        return one < other;
    }
    if one_is_letter || other_is_letter {
        // go-yaml 3 puts a letter before others behind a digit.
        let is_behind_digit = left[..at].ends_with(char::is_numeric);
        return if style == Style::Pretty && is_behind_digit {
            one_is_letter
        } else {
            other_is_letter
        };
    }
    // A 0 does not begin a number where digits other than 0 stand before it.
    let mut start = 0;
    if one == '0' || other == '0' {
        let before = left[..at]
            .chars()
            .rev()
            .take_while(|found| found.is_numeric());
        start = i64::from(before.into_iter().any(|found| found != '0'));
    }
    let (one_number, one_digits) = number(&left[at..], start);
    let (other_number, other_digits) = number(&right[at..], start);
    if one_number != other_number {
        return one_number < other_number;
    }
    if one_digits != other_digits {
        return one_digits < other_digits;
    }
    one < other
}

/// The number at the beginning of a text, with its overflow, and how many digits it has.
fn number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.chars().take_while(|found| found.is_numeric());
    digits.fold((start, 0), |(number, count), digit| {
        let value = i64::from(digit as u32) - i64::from('0' as u32);
        (number.wrapping_mul(10).wrapping_add(value), count + 1)
    })
}
