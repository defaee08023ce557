//! Debian's versions: `[epoch:]upstream[-revision]`, as the policy manual and dpkg order them.
//!
//! A text is read as texts and numbers in turn, beginning with a text. Texts are ordered character by character: `~`
//! before the end, the end before letters, letters before the rest. dpkg warns of an epoch that is not a number and of
//! unusual characters; here such an epoch is part of the upstream version, and the characters are ordered as above.

use crate::bytes::{number, split_epoch, split_last, take_digits, take_while};

/// The end of a text. Below it is only `~`.
const END: u8 = 2;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let (epoch, rest) = split_epoch(version);
    let (upstream, revision) = split_last(rest, b'-');
    number(out, epoch);
    part(upstream, out);
    part(revision.unwrap_or(b""), out);
}

/// Texts and numbers in turn. What has ended goes on as empty texts and zeros, so one empty text closes a part.
fn part(mut rest: &[u8], out: &mut Vec<u8>) {
    loop {
        for &byte in take_while(&mut rest, |b| !b.is_ascii_digit()) {
            match byte {
                b'~' => out.push(1),
                b'A'..=b'Z' | b'a'..=b'z' => out.push(byte),
                0x80.. => out.extend_from_slice(&[0xff, byte]),
                _ => out.push(0x80 | byte),
            }
        }
        out.push(END);
        number(out, take_digits(&mut rest));
        if rest.is_empty() {
            break;
        }
    }
    out.push(END);
}
