//! What is different in every rendering, unless it has the same seed.

use gotemplate::{Failure, Signature, Value};

use super::{INT, NOTHING, NUMBER, TEXT};
use crate::base64;
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::functions::hash::hex;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("randAlphaNum", NUMBER, |call| {
        letters(call, |byte| byte.is_ascii_alphanumeric())
    }),
    Entry::new("randAlpha", NUMBER, |call| {
        letters(call, |byte| byte.is_ascii_alphabetic())
    }),
    Entry::new("randNumeric", NUMBER, |call| {
        letters(call, |byte| byte.is_ascii_digit())
    }),
    Entry::new("randAscii", NUMBER, |call| {
        letters(call, |byte| (32..127).contains(&byte))
    }),
    Entry::new("randBytes", NUMBER, bytes),
    Entry::new("randInt", Signature::new(&[INT, INT]), int),
    Entry::new("shuffle", TEXT, shuffle),
    Entry::new("uuidv4", NOTHING, uuid),
    // Names are looked up only where the user asks for it, which nobody can here.
    Entry::new("getHostByName", TEXT, |_| Ok(Value::from(""))),
    Entry::new("hello", NOTHING, |_| Ok(Value::from("Hello!"))),
];

/// So many random letters; none where the number is negative.
fn letters(call: &mut Call<'_>, is_wanted: fn(u8) -> bool) -> Answer {
    let count = usize::try_from(call.int(0)).unwrap_or(0);
    call.hold_to_bytes(count)?;
    let alphabet: Vec<u8> = (0..127).filter(|byte| is_wanted(*byte)).collect();
    let environment = call.environment;
    let letter = |_| char::from(alphabet[environment.below(alphabet.len() as u64) as usize]);
    Ok(Value::from((0..count).map(letter).collect::<String>()))
}

fn bytes(call: &mut Call<'_>) -> Answer {
    let count = usize::try_from(call.int(0))
        .map_err(|_| Failure::new("runtime error: makeslice: len out of range"))?;
    call.hold_to_bytes(count.saturating_mul(2))?;
    let mut bytes = vec![0; count];
    call.environment.fill(&mut bytes);
    Ok(Value::from(base64::encode(&bytes)))
}

fn int(call: &mut Call<'_>) -> Answer {
    let (low, high) = (call.int(0), call.int(1));
    match u64::try_from(high.wrapping_sub(low)) {
        Ok(range) if range > 0 => {
            let number = call.environment.below(range);
            Ok(Value::int(low.wrapping_add_unsigned(number)))
        }
        _ => Err(Failure::new("invalid argument to Intn")),
    }
}

fn shuffle(call: &mut Call<'_>) -> Answer {
    let mut letters: Vec<char> = call.text(0).chars().collect();
    for index in (1..letters.len()).rev() {
        let other = call.environment.below(index as u64 + 1) as usize;
        letters.swap(index, other);
    }
    Ok(Value::from(letters.into_iter().collect::<String>()))
}

fn uuid(call: &mut Call<'_>) -> Answer {
    let mut bytes = [0; 16];
    call.environment.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    let parts = [
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..],
    ];
    Ok(Value::from(parts.join("-")))
}
