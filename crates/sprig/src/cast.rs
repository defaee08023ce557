//! Anything as a number, as the `cast` library of Sprig takes it: what is no number is 0.

use gotemplate::{Data, Value};

use crate::kind::kind_of;

/// As an `int64`.
pub(crate) fn to_int(value: &Value) -> i64 {
    match value.data() {
        Data::Int(number, _) => *number,
        Data::Uint(number, _) => number.cast_signed(),
        Data::Float(number) => truncated(*number),
        Data::Bool(value) => i64::from(*value),
        Data::String(text) => parse_int(trim_zero_decimal(text)).unwrap_or(0),
        Data::Host(_) => named_int(value).unwrap_or(0),
        _ => 0,
    }
}

/// As a `float64`.
pub(crate) fn to_float(value: &Value) -> f64 {
    match value.data() {
        Data::Int(number, _) => *number as f64,
        Data::Uint(number, _) => *number as f64,
        Data::Float(number) => *number,
        Data::Bool(value) => f64::from(u8::from(*value)),
        Data::String(text) => parse_float(text).unwrap_or(0.0),
        Data::Host(_) => named_int(value).map_or(0.0, |number| number as f64),
        _ => 0.0,
    }
}

/// Months and days of the week are the only named numbers that the library knows.
fn named_int(value: &Value) -> Option<i64> {
    let Data::Host(host) = value.data() else {
        return None;
    };
    let inner = host.underlying().filter(|inner| kind_of(inner) == "int")?;
    match inner.data() {
        Data::Int(number, _) => Some(*number),
        _ => None,
    }
}

/// Go's conversion on the machines that Helm runs on: what is out of range is the smallest integer.
pub(crate) fn truncated(number: f64) -> i64 {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    let number = number.trunc();
    if number == -BOUND || number.abs() < BOUND {
        number as i64
    } else {
        i64::MIN
    }
}

/// Without the `.0` that values from YAML often have.
fn trim_zero_decimal(text: &str) -> &str {
    let trimmed = text.trim_end_matches('0');
    match trimmed.strip_suffix('.') {
        Some(whole) if trimmed.len() < text.len() => whole,
        _ => text,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`: signs, prefixes and underscores as in Go's own constants.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = parse_magnitude(digits)?;
    if is_negative {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

fn parse_magnitude(digits: &str) -> Option<u64> {
    let (radix, rest, has_prefix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..], true),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..], true),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..], true),
        [b'0', _, ..] => (8, &digits[1..], true),
        _ => (10, digits, false),
    };
    // An underscore stands between digits, or between the prefix and one.
    let mut before_is_digit = has_prefix;
    let mut plain = String::with_capacity(rest.len());
    for byte in rest.bytes() {
        match byte {
            b'_' if before_is_digit => before_is_digit = false,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                before_is_digit = true;
                plain.push(char::from(byte));
            }
            _ => return None,
        }
    }
    (before_is_digit && !plain.is_empty())
        .then(|| u64::from_str_radix(&plain, radix).ok())
        .flatten()
}

/// Go's `strconv.ParseFloat(text, 64)`.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => return Some(sign * f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    if let Some(hex) = unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X")) {
        return parse_hex_float(hex).map(|value| sign * value);
    }
    let is_plain = unsigned
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".eE+-_".contains(&byte));
    if !is_plain || !has_good_underscores(unsigned) {
        return None;
    }
    if unsigned.starts_with(['+', '-']) {
        return None;
    }
    let value: f64 = unsigned.replace('_', "").parse().ok()?;
    value.is_finite().then_some(sign * value)
}

/// Whether underscores stand between digits only.
fn has_good_underscores(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    memchr::memchr_iter(b'_', bytes).all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
}

/// A hexadecimal mantissa with a binary exponent, which Go asks for.
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let is_exponent = !exponent.is_empty()
        && exponent
            .strip_prefix(['+', '-'])
            .unwrap_or(exponent)
            .bytes()
            .all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = format!("{whole}{fraction}").replace('_', "");
    if !is_exponent || digits.is_empty() || digits.len() > 13 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent: i32 = exponent.parse().ok()?;
    let shift = i32::try_from(4 * fraction.len()).ok()?;
    let value = value * 2f64.powi(exponent.checked_sub(shift)?);
    value.is_finite().then_some(value)
}
