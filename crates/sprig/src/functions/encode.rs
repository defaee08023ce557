//! Base64 and Base32.

use gotemplate::Value;

use super::TEXT;
use crate::base64;
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::text::lossy;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("b64enc", TEXT, |call| {
        let text = call.text(0);
        call.hold_to_bytes(text.len() / 3 * 4)?;
        Ok(Value::from(base64::encode(text.as_bytes())))
    }),
    Entry::new("b64dec", TEXT, |call| {
        Ok(match base64::decode(&call.text(0)) {
            Ok(bytes) => Value::from(lossy(&bytes)),
            Err(error) => Value::from(error),
        })
    }),
    Entry::new("b32enc", TEXT, base32_encode),
    Entry::new("b32dec", TEXT, base32_decode),
];

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32_encode(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    call.hold_to_bytes(text.len() / 5 * 8)?;
    let mut out = String::with_capacity(text.len().div_ceil(5) * 8);
    for group in text.as_bytes().chunks(5) {
        let mut bits = 0_u64;
        for place in 0..5 {
            bits = bits << 8 | u64::from(group.get(place).copied().unwrap_or(0));
        }
        let symbols = (group.len() * 8).div_ceil(5);
        for place in 0..8 {
            let symbol = ALPHABET[(bits >> (35 - 5 * place) & 31) as usize];
            out.push(if place < symbols {
                char::from(symbol)
            } else {
                '='
            });
        }
    }
    Ok(Value::from(out))
}

fn base32_decode(call: &mut Call<'_>) -> Answer {
    Ok(match base32_bytes(&call.text(0)) {
        Ok(bytes) => Value::from(lossy(&bytes)),
        Err(at) => Value::from(format!("illegal base32 data at input byte {at}")),
    })
}

/// Groups of eight symbols, the last one padded; `Err` is the place where Go sees what does not fit.
fn base32_bytes(text: &str) -> Result<Vec<u8>, usize> {
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|byte| !b"\r\n".contains(byte))
        .collect();
    let mut bytes = Vec::with_capacity(symbols.len() / 8 * 5);
    for start in (0..symbols.len()).step_by(8) {
        let (mut bits, mut count) = (0_u64, 8);
        for place in 0..8 {
            let at = start + place;
            // A group that is cut off is said to be wrong as a whole.
            let symbol = *symbols.get(at).ok_or(start)?;
            if symbol == b'=' && place >= 2 && symbols.len() - at <= 8 {
                check_padding(&symbols[at..], place).map_err(|offset| at + offset)?;
                count = place;
                break;
            }
            let value = ALPHABET.iter().position(|known| *known == symbol);
            bits |= (value.ok_or(at)? as u64) << (35 - 5 * place);
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[3..3 + count * 5 / 8]);
        if count < 8 {
            break;
        }
    }
    Ok(bytes)
}

/// Whether the padding that begins at a place of a group fills it; `Err` is where it does not.
fn check_padding(padding: &[u8], place: usize) -> Result<(), usize> {
    if padding.len() + place < 8 {
        return Err(padding.len());
    }
    let odd = padding[..8 - place].iter().position(|byte| *byte != b'=');
    match odd {
        Some(odd) => Err(odd - 1),
        None if matches!(place, 3 | 6) => Err(0),
        None => Ok(()),
    }
}
