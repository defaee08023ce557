//! `base64.encode` and `base64.decode`.

use bumpalo::collections::{String as Text, Vec as List};

use super::{Function, namespaced, text};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    namespaced("base64", "encode", &[Types::BYTES], Types::STRING, encode),
    namespaced("base64", "decode", &[Types::STRING], Types::BYTES, decode),
];

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let Value::Bytes(bytes) = arguments[0].plain() else {
        return Err(Fault::Overload);
    };
    frame.charge(bytes.len() / 16)?;
    let mut encoded = Text::with_capacity_in(bytes.len().div_ceil(3) * 4, frame.arena);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0, |group, byte| group << 8 | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for position in 0..4 {
            if position <= chunk.len() {
                let digit = group >> (18 - 6 * position) & 0x3F;
                encoded.push(char::from(ALPHABET[digit as usize]));
            } else {
                encoded.push('=');
            }
        }
    }
    Ok(Value::String(encoded.into_bump_str()))
}

fn decode<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    frame.charge(text.len() / 16)?;
    match decoded(text, frame) {
        Some(bytes) => Ok(Value::Bytes(bytes)),
        None => Err(Fault::Failed(ErrorKind::InvalidArgument)),
    }
}

/// The bytes of a text with or without padding; line breaks do not count.
fn decoded<'a>(text: &str, frame: &Frame<'a>) -> Option<&'a [u8]> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let stripped = match &digits[..] {
        [rest @ .., b'=', b'='] | [rest @ .., b'='] if digits.len().is_multiple_of(4) => rest,
        rest => rest,
    };
    if stripped.len() % 4 == 1 {
        return None;
    }
    let mut bytes = List::with_capacity_in(stripped.len() / 4 * 3 + 2, frame.arena);
    for chunk in stripped.chunks(4) {
        let mut group = 0_u32;
        for digit in chunk {
            group = group << 6 | u32::from(value_of(*digit)?);
        }
        group <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(&group.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes.into_bump_slice())
}

fn value_of(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
