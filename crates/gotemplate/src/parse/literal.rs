//! Constants: Go's numbers, characters and strings.

use std::rc::Rc;

use crate::format::quoted;
use crate::tree::Number;
use crate::value::{IntType, Value};

/// A quoted or raw string without its quotes. `None` is Go's "invalid syntax".
///
/// Bytes that are no UTF-8 (`"\xff"`) become U+FFFD: texts are UTF-8 here.
pub(crate) fn unquote(written: &str) -> Option<Rc<str>> {
    let quote = written.chars().next()?;
    let inner = written.get(1..written.len().checked_sub(1)?)?;
    if quote == '`' {
        return Some(if inner.contains('\r') {
            inner.replace('\r', "").into()
        } else {
            inner.into()
        });
    }
    if !inner.contains('\\') {
        return (!inner.contains(quote)).then(|| inner.into());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (found, after) = unquote_char(rest, quote)?;
        match found {
            Unquoted::Char(found) => {
                bytes.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Unquoted::Byte(found) => bytes.push(found),
        }
        rest = after;
    }
    Some(String::from_utf8_lossy(&bytes).into())
}

enum Unquoted {
    Char(char),
    Byte(u8),
}

fn unquote_char(text: &str, quote: char) -> Option<(Unquoted, &str)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if first == quote {
        return None;
    }
    if first != '\\' {
        return Some((Unquoted::Char(first), characters.as_str()));
    }
    let escape = characters.next()?;
    let rest = characters.as_str();
    let simple = |found: char| Some((Unquoted::Char(found), rest));
    match escape {
        'a' => simple('\x07'),
        'b' => simple('\x08'),
        'f' => simple('\x0c'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\x0b'),
        '\\' => simple('\\'),
        '\'' | '"' if escape == quote => simple(escape),
        'x' => numeric(rest, 2, 16).map(|(value, rest)| (Unquoted::Byte(value as u8), rest)),
        'u' => unicode_escape(rest, 4),
        'U' => unicode_escape(rest, 8),
        '0'..='7' => {
            let (value, rest) = numeric(&text[1..], 3, 8)?;
            Some((Unquoted::Byte(u8::try_from(value).ok()?), rest))
        }
        _ => None,
    }
}

fn unicode_escape(rest: &str, digits: usize) -> Option<(Unquoted, &str)> {
    let (value, rest) = numeric(rest, digits, 16)?;
    Some((Unquoted::Char(char::from_u32(value)?), rest))
}

fn numeric(rest: &str, digits: usize, radix: u32) -> Option<(u32, &str)> {
    let text = rest.get(..digits)?;
    if !text.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some((u32::from_str_radix(text, radix).ok()?, &rest[digits..]))
}

/// A character constant with its quotes.
pub(crate) fn character(written: &str) -> Result<Number, String> {
    let inner = &written[1..];
    let (found, rest) = unquote_char(inner, '\'').ok_or("invalid syntax")?;
    if rest != "'" {
        return Err(format!("malformed character constant: {written}"));
    }
    let value = match found {
        Unquoted::Char(found) => i64::from(found as u32),
        Unquoted::Byte(found) => i64::from(found),
    };
    Ok(Number {
        int: Some(value),
        uint: u64::try_from(value).ok(),
        float: Some(value as f64),
        complex: None,
        ideal: Some(Value::int(value)),
    })
}

/// A constant such as `1+2i`.
pub(crate) fn complex(written: &str) -> Result<Number, String> {
    let syntax = || "syntax error scanning complex number".to_owned();
    let body = written.strip_suffix('i').ok_or_else(syntax)?;
    let split = body
        .bytes()
        .enumerate()
        .rposition(|(index, byte)| {
            index > 0
                && matches!(byte, b'+' | b'-')
                && !matches!(body.as_bytes()[index - 1], b'e' | b'E' | b'p' | b'P')
        })
        .ok_or_else(syntax)?;
    let real = float(&body[..split]).ok_or_else(syntax)?;
    let imaginary = float(&body[split..]).ok_or_else(syntax)?;
    Ok(of_complex(real, imaginary))
}

fn of_complex(real: f64, imaginary: f64) -> Number {
    let mut number = Number {
        complex: Some((real, imaginary)),
        ideal: Some(Value::complex(real, imaginary)),
        ..Number::default()
    };
    if imaginary == 0.0 {
        number.float = Some(real);
        number.int = exact_int(real);
        number.uint = exact_uint(real);
    }
    number
}

/// 2^63 and 2^64.
const INT_END: f64 = 9_223_372_036_854_775_808.0;
const UINT_END: f64 = 18_446_744_073_709_551_616.0;

fn exact_int(value: f64) -> Option<i64> {
    ((-INT_END..INT_END).contains(&value) && value.fract() == 0.0).then_some(value as i64)
}

#[expect(clippy::cast_sign_loss, reason = "checked before")]
fn exact_uint(value: f64) -> Option<u64> {
    ((0.0..UINT_END).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

/// Any other number.
pub(crate) fn number(written: &str) -> Result<Number, String> {
    if let Some(imaginary) = written.strip_suffix('i').and_then(float) {
        return Ok(of_complex(0.0, imaginary));
    }
    let mut number = Number {
        uint: unsigned(written),
        int: signed(written),
        ..Number::default()
    };
    if number.int == Some(0) {
        number.uint = Some(0);
    }
    number.float = number
        .int
        .map(|value| value as f64)
        .or(number.uint.map(|value| value as f64));
    if number.float.is_none()
        && let Some(value) = float(written)
    {
        if !written.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quoted(written)));
        }
        number.float = Some(value);
        number.int = exact_int(value);
        number.uint = exact_uint(value);
    }
    let Some(value) = number.float else {
        return Err(format!("illegal number syntax: {}", quoted(written)));
    };
    let is_hex = written.len() > 2 && (written.starts_with("0x") || written.starts_with("0X"));
    let is_hex_int = is_hex && !written.contains(['p', 'P']);
    number.ideal = if !is_hex_int && written.contains(['.', 'e', 'E', 'p', 'P']) {
        Some(Value::float(value))
    } else {
        number.int.map(|value| Value::int_of(value, IntType::Int))
    };
    Ok(number)
}

fn signed(written: &str) -> Option<i64> {
    let (negative, digits) = match written.as_bytes().first()? {
        b'-' => (true, &written[1..]),
        b'+' => (false, &written[1..]),
        _ => (false, written),
    };
    let magnitude = unsigned_digits(digits, written)?;
    if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

fn unsigned(written: &str) -> Option<u64> {
    unsigned_digits(written, written)
}

fn unsigned_digits(digits: &str, written: &str) -> Option<u64> {
    let (radix, body) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if body.starts_with(['+', '-']) || !underscores_ok(written) {
        return None;
    }
    if body.contains('_') {
        return u64::from_str_radix(&body.replace('_', ""), radix).ok();
    }
    u64::from_str_radix(body, radix).ok()
}

/// Underscores stand between digits only; a base prefix counts as a digit.
fn underscores_ok(written: &str) -> bool {
    if !written.contains('_') {
        return true;
    }
    let body = written.strip_prefix(['+', '-']).unwrap_or(written);
    let (mut before, body, hex) = match body.as_bytes() {
        [b'0', b'x' | b'X', ..] => ('0', &body[2..], true),
        [b'0', b'b' | b'B' | b'o' | b'O', ..] => ('0', &body[2..], false),
        _ => ('^', body, false),
    };
    for found in body.chars() {
        if found.is_ascii_digit() || (hex && found.is_ascii_hexdigit()) {
            before = '0';
        } else if found == '_' {
            if before != '0' {
                return false;
            }
            before = '_';
        } else {
            if before == '_' {
                return false;
            }
            before = '!';
        }
    }
    before != '_'
}

/// A number as Go's `ParseFloat` reads it, without `Inf` and `NaN`.
fn float(written: &str) -> Option<f64> {
    if !underscores_ok(written) {
        return None;
    }
    let text = written.replace('_', "");
    let body = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if body.starts_with("0x") || body.starts_with("0X") {
        let value = hex_float(&body[2..])?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    if !body.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Hexadecimal digits with a mandatory binary exponent.
fn hex_float(body: &str) -> Option<f64> {
    let (mantissa, exponent) = body.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let scale = exponent.saturating_sub(4 * i32::try_from(fraction.len()).ok()?);
    let value = value * 2f64.powi(scale);
    value.is_finite().then_some(value)
}
