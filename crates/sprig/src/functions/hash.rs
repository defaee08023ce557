//! Checksums.

use gotemplate::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::TEXT;
use crate::call::{Answer, Call};
use crate::entry::Entry;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("sha1sum", TEXT, sum::<Sha1>),
    Entry::new("sha256sum", TEXT, sum::<Sha256>),
    Entry::new("sha512sum", TEXT, sum::<Sha512>),
    Entry::new("adler32sum", TEXT, adler32),
];

fn sum<H: Digest>(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(hex(&H::digest(call.text(0).as_bytes()))))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn adler32(call: &mut Call<'_>) -> Answer {
    const MODULUS: u32 = 65_521;
    let (mut low, mut high) = (1, 0);
    for byte in call.text(0).bytes() {
        low = (low + u32::from(byte)) % MODULUS;
        high = (high + low) % MODULUS;
    }
    Ok(Value::from((high << 16 | low).to_string()))
}
