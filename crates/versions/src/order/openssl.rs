//! OpenSSL's versions: three numbers, then letters that count fixes (`1.0.2za`), or since 3.0 none; `-beta1`, `-dev`
//! and the like come before the release.

use super::semver::identifiers;
use crate::bytes::{number, take_digits, take_prefix, take_while, text};

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let mut rest = version;
    loop {
        out.push(2);
        number(out, take_digits(&mut rest));
        if !take_prefix(&mut rest, b".") {
            break;
        }
    }
    out.push(1);
    text(out, take_while(&mut rest, |b| b.is_ascii_lowercase()));
    if rest.is_empty() {
        out.push(2);
    } else {
        out.push(1);
        take_prefix(&mut rest, b"-");
        identifiers(rest, out);
    }
}
