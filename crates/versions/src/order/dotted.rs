//! Numbers only, parted by dots (Hackage) or dots and hyphens (CRAN): the first that differs decides, fewer before more.
//!
//! Neither ecosystem accepts anything else as a version; a part that is no number comes before all numbers, by its text.

use crate::bytes::{is_number, number, text};

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    for part in version.split(|&b| b == b'.' || b == b'-') {
        if is_number(part) {
            out.push(3);
            number(out, part);
        } else {
            out.push(2);
            text(out, part);
        }
    }
    out.push(1);
}
