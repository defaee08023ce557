//! RPM's versions: `[epoch:]version[-release]`, as `rpmvercmp` orders them.
//!
//! Runs of digits and of letters count, what stands between them only parts them. `~` comes before the end, `^` right
//! after it, letters before digits. No release comes before any.

use crate::bytes::{number, split_epoch, split_last, take_digits, take_while, text};

const TILDE: u8 = 1;
const END: u8 = 2;
const CARET: u8 = 3;
const LETTERS: u8 = 4;
const DIGITS: u8 = 5;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let (epoch, rest) = split_epoch(version);
    let (version, release) = split_last(rest, b'-');
    number(out, epoch);
    part(version, out);
    match release {
        None => out.push(0),
        Some(release) => {
            out.push(1);
            part(release, out);
        }
    }
}

pub(super) fn part(mut rest: &[u8], out: &mut Vec<u8>) {
    loop {
        take_while(&mut rest, |b| {
            !b.is_ascii_alphanumeric() && b != b'~' && b != b'^'
        });
        match rest.first() {
            None => break,
            Some(b'~') => {
                out.push(TILDE);
                rest = &rest[1..];
            }
            Some(b'^') => {
                out.push(CARET);
                rest = &rest[1..];
            }
            Some(b'0'..=b'9') => {
                out.push(DIGITS);
                number(out, take_digits(&mut rest));
            }
            Some(_) => {
                out.push(LETTERS);
                text(out, take_while(&mut rest, |b| b.is_ascii_alphabetic()));
            }
        }
    }
    out.push(END);
}
