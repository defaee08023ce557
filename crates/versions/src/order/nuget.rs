//! `NuGet`'s versions: up to four numbers (more are kept), a prerelease ordered without regard to case, metadata ignored.

use super::semver::identifiers;
use crate::bytes::{is_zero, number, split_first, take_digits, take_prefix};

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let mut rest = split_first(version, b'+').0;
    let mut numbers: Vec<&[u8]> = Vec::new();
    loop {
        numbers.push(take_digits(&mut rest));
        let mut after = rest;
        if !(take_prefix(&mut after, b".") && after.first().is_some_and(u8::is_ascii_digit)) {
            break;
        }
        rest = after;
    }
    while numbers.last().is_some_and(|digits| is_zero(digits)) {
        numbers.pop();
    }
    // More numbers come after both the prerelease (1) and the release (2).
    for digits in numbers {
        out.push(3);
        number(out, digits);
    }
    if rest.is_empty() {
        out.push(2);
    } else {
        out.push(1);
        take_prefix(&mut rest, b"-");
        identifiers(&rest.to_ascii_lowercase(), out);
    }
}
