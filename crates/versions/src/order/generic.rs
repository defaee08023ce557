//! Versions of ecosystems that say nothing of their order: runs of digits by value, runs of letters by their bytes,
//! anything else only parts them; `~` and what begins with it comes before the end, as in RPM.

use super::rpm;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let version = version
        .strip_prefix(b"v")
        .filter(|rest| rest.first().is_some_and(u8::is_ascii_digit))
        .unwrap_or(version);
    rpm::part(version, out);
}
