//! What a plain scalar means to Kubernetes: YAML 1.1 as `sigs.k8s.io/yaml` reads it, after its way through JSON.

use std::borrow::Cow;

/// A scalar's value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    /// The text itself.
    String,
}

/// Reads a plain scalar without a tag.
pub(crate) fn resolve(text: &str) -> Scalar {
    let Some(&first) = text.as_bytes().first() else {
        return Scalar::Null;
    };
    match first {
        b'0'..=b'9' | b'+' | b'-' => signed_word(text).unwrap_or_else(|| number(text)),
        b'.' => signed_word(text).unwrap_or_else(|| fraction(text)),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        _ => Scalar::String,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::String,
    }
}

fn signed_word(text: &str) -> Option<Scalar> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            Some(Scalar::Float(f64::INFINITY))
        }
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

/// A scalar that begins with a digit or a sign.
fn number(text: &str) -> Scalar {
    // Dates, versions, quantities and addresses end here without a copy.
    let is_numeric = |byte: u8| byte.is_ascii_hexdigit() || b"+-._xXoO".contains(&byte);
    if !text.bytes().all(is_numeric) {
        return Scalar::String;
    }
    let stripped;
    let plain = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    integer(plain)
        .or_else(|| is_float(plain).then(|| finite(plain)))
        .or_else(|| signed_binary(plain))
        .unwrap_or(Scalar::String)
}

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint`: prefixes `0x`, `0o`, `0b` and the octal `0`.
fn integer(text: &str) -> Option<Scalar> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (Some(b'-'), &text[1..]),
        b'+' => (Some(b'+'), &text[1..]),
        _ => (None, text),
    };
    let (radix, digits) = split_radix(digits);
    // `from_str_radix` takes a sign of its own.
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match sign {
        Some(b'-') => 0_i64.checked_sub_unsigned(magnitude).map(Scalar::Int),
        _ => match (i64::try_from(magnitude), sign) {
            (Ok(int), _) => Some(Scalar::Int(int)),
            (Err(_), None) => Some(Scalar::Uint(magnitude)),
            (Err(_), Some(_)) => None,
        },
    }
}

/// What go-yaml adds to Go's own integers: `0b` with a sign behind it.
fn signed_binary(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix("0b")?;
    i64::from_str_radix(digits, 2).ok().map(Scalar::Int)
}

fn split_radix(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let has_digits = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    has_digits
        && all_digits(whole)
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !digits.is_empty() && all_digits(digits)
        })
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A float that is in range; out of range is an error to Go, so the text stays a string.
fn finite(text: &str) -> Scalar {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Scalar::Float(value),
        _ => Scalar::String,
    }
}

/// A scalar that begins with a dot: Go's `ParseFloat` alone decides, which lets `_` stand between digits.
fn fraction(text: &str) -> Scalar {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let misplaced =
        memchr::memchr_iter(b'_', bytes).any(|at| !is_digit(at - 1) || !is_digit(at + 1));
    if misplaced {
        return Scalar::String;
    }
    let plain = text.replace('_', "");
    if is_float(&plain) {
        finite(&plain)
    } else {
        Scalar::String
    }
}

/// A number on its way through JSON: a whole number comes out as an integer where it fits.
///
/// `None` for what JSON cannot say: the converter refuses the document.
pub(crate) fn through_json(value: Scalar) -> Option<Scalar> {
    /// The magnitude from which Go's JSON encoder writes an exponent.
    const EXPONENT_FROM: f64 = 1e21;
    let Scalar::Float(float) = value else {
        return Some(value);
    };
    if !float.is_finite() {
        return None;
    }
    if float.fract() != 0.0 || float.abs() >= EXPONENT_FROM {
        return Some(value);
    }
    Some(i64::try_from(float as i128).map_or(value, Scalar::Int))
}

/// A scalar that is not a string as the text of a mapping's key; `None` where the converter knows none.
pub(crate) fn key_text(value: Scalar) -> Option<String> {
    match value {
        Scalar::Null | Scalar::String => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Int(value) => Some(value.to_string()),
        Scalar::Uint(value) => (i64::try_from(value).is_ok()).then(|| value.to_string()),
        Scalar::Float(value) => Some(general_format(value as f32)),
    }
}

/// Go's `FormatFloat(value, 'g', -1, 32)`, with the converter's words for what is not finite.
fn general_format(value: f32) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Reads a scalar with a tag, given as the part after `tag:yaml.org,2002:`.
///
/// `Err` where the converter refuses it.
pub(crate) fn resolve_tagged<'t>(
    tag: &str,
    text: &'t str,
) -> Result<(Scalar, Cow<'t, str>), &'static str> {
    let plain = resolve(text);
    let value = match (tag, plain) {
        ("binary", _) => return Ok((Scalar::String, Cow::Owned(base64(text)?))),
        ("bool", Scalar::Bool(_))
        | ("int", Scalar::Int(_) | Scalar::Uint(_))
        | ("null", Scalar::Null)
        | ("float", Scalar::Float(_) | Scalar::Int(_)) => plain,
        ("bool" | "int" | "null" | "float", _) => return Err("the value is not what its tag says"),
        ("timestamp", _) if !is_timestamp(text) => {
            return Err("the value is not what its tag says");
        }
        _ => Scalar::String,
    };
    Ok((value, Cow::Borrowed(text)))
}

/// Whether a text has the shape of a timestamp (days that no month has are let through).
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    year.len() == 4
        && all_digits(year)
        && (1..=2).contains(&month.len())
        && month
            .parse()
            .is_ok_and(|month: u8| (1..=12).contains(&month))
        && (1..=2).contains(&day_length)
        && matches!(
            rest.as_bytes().get(day_length),
            None | Some(b'T' | b't' | b' ')
        )
}

/// Go's strict standard base64, with line breaks; bytes that are no UTF-8 come out as U+FFFD each.
fn base64(text: &str) -> Result<String, &'static str> {
    const MESSAGE: &str = "the value is not base64";
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|byte| !b"\r\n".contains(byte))
        .collect();
    if !symbols.len().is_multiple_of(4) {
        return Err(MESSAGE);
    }
    let padding = symbols
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'=')
        .count();
    if padding > 2 {
        return Err(MESSAGE);
    }
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3);
    for group in symbols[..symbols.len() - padding].chunks(4) {
        let mut bits = 0_u32;
        for (position, &symbol) in group.iter().enumerate() {
            bits |= base64_digit(symbol).ok_or(MESSAGE)? << (18 - 6 * position);
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Ok(replace_invalid(&bytes))
}

fn base64_digit(symbol: u8) -> Option<u32> {
    Some(u32::from(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    text
}
