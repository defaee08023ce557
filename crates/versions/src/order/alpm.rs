//! Arch Linux' versions: `[epoch:]version[-release]`, as pacman's `vercmp` orders them.
//!
//! Like RPM's older order, with two differences: how many characters part two runs matters, and letters right after a
//! number come before the end. Releases are compared only where both versions have one; a version without has no key,
//! and none has one that ends in what parts runs, which comes before and after the same versions.

use std::cmp::Ordering;

use crate::bytes::{
    compare_numbers, count, number, split_epoch, split_last, take_digits, take_while, text,
};

pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let ((a_epoch, a), (b_epoch, b)) = (split_epoch(a), split_epoch(b));
    let ((a, a_release), (b, b_release)) = (split_last(a, b'-'), split_last(b, b'-'));
    compare_numbers(a_epoch, b_epoch)
        .then_with(|| compare_parts(a, b))
        .then_with(|| match (a_release, b_release) {
            (Some(a), Some(b)) => compare_parts(a, b),
            _ => Ordering::Equal,
        })
}

fn compare_parts(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let (a_between, b_between) = (take_separators(&mut a), take_separators(&mut b));
        let (Some(x), Some(y)) = (a.first(), b.first()) else {
            break;
        };
        let order = a_between
            .cmp(&b_between)
            .then(x.is_ascii_digit().cmp(&y.is_ascii_digit()));
        if order.is_ne() {
            return order;
        }
        let order = if x.is_ascii_digit() {
            compare_numbers(take_digits(&mut a), take_digits(&mut b))
        } else {
            take_letters(&mut a).cmp(take_letters(&mut b))
        };
        if order.is_ne() {
            return order;
        }
    }
    match (a.first(), b.first()) {
        (None, None) => Ordering::Equal,
        // Letters that are left are a prerelease, anything else is more.
        (Some(x), _) if x.is_ascii_alphabetic() => Ordering::Less,
        (Some(_), _) => Ordering::Greater,
        (None, Some(y)) if y.is_ascii_alphabetic() => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
    }
}

fn take_separators(rest: &mut &[u8]) -> usize {
    take_while(rest, |b| !b.is_ascii_alphanumeric()).len()
}

fn take_letters<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    take_while(rest, |b| b.is_ascii_alphabetic())
}

const LETTERS: u8 = 1;
const END: u8 = 2;
const DIGITS: u8 = 3;
const PARTED: u8 = 4;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) -> bool {
    let (epoch, rest) = split_epoch(version);
    let (version, release) = split_last(rest, b'-');
    number(out, epoch);
    let ordered = write(version, out);
    release.is_some_and(|release| write(release, out)) && ordered
}

/// False if the part ends in separators.
fn write(mut rest: &[u8], out: &mut Vec<u8>) -> bool {
    let ordered = rest.last().is_none_or(u8::is_ascii_alphanumeric);
    loop {
        let between = take_separators(&mut rest);
        let Some(byte) = rest.first() else {
            break;
        };
        let is_number = byte.is_ascii_digit();
        if between > 0 {
            out.push(PARTED);
            count(out, between);
        }
        if is_number {
            out.push(DIGITS);
            number(out, take_digits(&mut rest));
        } else {
            out.push(LETTERS);
            text(out, take_letters(&mut rest));
        }
    }
    out.push(END);
    ordered
}
