//! Floating-point numbers, as Go's `strconv.FormatFloat` and `fmt` write them.

use super::Printer;

/// More digits than any `f64` has; Rust's own formatting allows 65,535.
const MAX_DIGITS: usize = 1100;

/// Prints with the flags of the printer. Without a precision: as few digits as tell it from its neighbours.
pub(super) fn print(printer: &mut Printer, value: f64, style: char, precision: Option<usize>) {
    if precision.unwrap_or(0) > printer.limit {
        printer.is_too_long = true;
        return;
    }
    let flags = printer.flags;
    let mut number = format(value, style, precision);
    if !number.starts_with(['-', '+']) {
        number.insert(0, '+');
    }
    if flags.space && number.starts_with('+') && !flags.plus {
        number.replace_range(..1, " ");
    }
    if !value.is_finite() {
        let hidden = value.is_nan() && !flags.space && !flags.plus;
        return printer.pad_with_spaces(if hidden { &number[1..] } else { &number });
    }
    if flags.sharp && style != 'b' {
        number = with_point(&number, style, precision);
    }
    if !flags.plus && number.starts_with('+') {
        return printer.pad(&number[1..]);
    }
    match flags.width {
        Some(width) if flags.zero && !flags.minus && width > number.len() => {
            printer.out.push_str(&number[..1]);
            printer.padding(width - number.len());
            printer.out.push_str(&number[1..]);
        }
        _ => printer.pad(&number),
    }
}

/// What `#` adds: a decimal point always, and the zeros at the end.
fn with_point(number: &str, style: char, precision: Option<usize>) -> String {
    let mut missing = match style {
        'g' | 'G' | 'x' => count(precision.unwrap_or(6)),
        _ => 0,
    };
    let is_hex = matches!(style, 'x' | 'X');
    let end = number[1..]
        .find(|found: char| matches!(found, 'p' | 'P') || (!is_hex && matches!(found, 'e' | 'E')))
        .map_or(number.len(), |at| at + 1);
    let (body, tail) = number.split_at(end);
    let mut has_digit = false;
    for found in body[1..].bytes().filter(|found| *found != b'.') {
        has_digit |= found != b'0';
        missing -= i64::from(has_digit);
    }
    let mut text = body.to_owned();
    if !body.contains('.') {
        missing -= i64::from(body.len() == 2 && body.ends_with('0'));
        text.push('.');
    }
    text.extend((0..missing).map(|_| '0'));
    text + tail
}

/// A number with its sign if that is negative.
pub(super) fn format(value: f64, style: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let value = value.abs();
    let body = match style {
        'b' => binary(value),
        'x' | 'X' => hex(value, style, precision),
        'f' => fixed(value, precision),
        'e' | 'E' => {
            Digits::of(value, precision.map(|digits| digits + 1)).exponential(style, precision)
        }
        _ => general(value, if style == 'G' { 'E' } else { 'e' }, precision),
    };
    format!("{sign}{body}")
}

fn fixed(value: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else {
        return format!("{value}");
    };
    let exact = precision.min(MAX_DIGITS);
    let mut text = format!("{value:.exact$}");
    text.extend(std::iter::repeat_n('0', precision - exact));
    text
}

/// Decimal digits without zeros at the end, and the power of ten of the first one.
struct Digits {
    digits: String,
    exponent: i32,
}

impl Digits {
    fn of(value: f64, count: Option<usize>) -> Self {
        let text = match count {
            None => format!("{value:e}"),
            Some(count) => format!("{value:.*e}", (count - 1).min(MAX_DIGITS)),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.replace('.', "");
        let kept = digits.trim_end_matches('0');
        Self {
            digits: kept.to_owned(),
            exponent: exponent.parse().unwrap_or(0),
        }
    }

    fn exponential(&self, letter: char, precision: Option<usize>) -> String {
        let first = self.digits.get(..1).unwrap_or("0");
        let rest = self.digits.get(1..).unwrap_or("");
        let mut text = first.to_owned();
        let count = precision.unwrap_or(rest.len());
        if count > 0 {
            text.push('.');
            text.push_str(rest);
            text.extend(std::iter::repeat_n('0', count.saturating_sub(rest.len())));
        }
        let sign = if self.exponent < 0 { '-' } else { '+' };
        format!("{text}{letter}{sign}{:02}", self.exponent.abs())
    }
}

fn general(value: f64, letter: char, precision: Option<usize>) -> String {
    let digits = Digits::of(value, precision.map(|count| count.max(1)));
    let known = count(digits.digits.len());
    let point = if known == 0 {
        0
    } else {
        i64::from(digits.exponent) + 1
    };
    let wanted = precision.map_or(6, |precision| count(precision.max(1)));
    let mut threshold = wanted;
    if precision.is_some() && threshold > known && known >= point {
        threshold = known;
    }
    if point - 1 < -4 || point > threshold {
        return digits.exponential(letter, Some(digits.digits.len().saturating_sub(1)));
    }
    let decimals = usize::try_from(known - point).unwrap_or(0);
    fixed_digits(&digits, decimals)
}

fn count(digits: usize) -> i64 {
    i64::try_from(digits).unwrap_or(i64::MAX)
}

fn fixed_digits(digits: &Digits, decimals: usize) -> String {
    let point = digits.exponent + 1;
    let mut text = String::new();
    if digits.digits.is_empty() || point <= 0 {
        text.push('0');
    }
    let zero = |index: i32| {
        usize::try_from(index)
            .ok()
            .and_then(|index| digits.digits.as_bytes().get(index))
            .map_or('0', |d| char::from(*d))
    };
    if !digits.digits.is_empty() {
        text.extend((0..point.max(0)).map(zero));
    }
    if decimals > 0 {
        text.push('.');
        text.extend((point..).take(decimals).map(zero));
    }
    text
}

fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, -1022)
    } else {
        (fraction | (1 << 52), exponent - 1023)
    }
}

fn binary(value: f64) -> String {
    let (mantissa, exponent) = parts(value);
    format!("{mantissa}p{:+}", exponent - 52)
}

fn hex(value: f64, letter: char, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    }
    mantissa <<= 8;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(digits) = precision.filter(|digits| *digits < 15) {
        let shift = digits * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut text = format!("0x{}", (mantissa >> 60) & 1);
    let mut digits = String::new();
    mantissa <<= 4;
    while precision.map_or(mantissa != 0, |count| digits.len() < count) {
        digits.push_str(&format!("{:x}", mantissa >> 60));
        mantissa <<= 4;
    }
    if !digits.is_empty() {
        text.push('.');
        text.push_str(&digits);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("p{sign}{:02}", exponent.abs()));
    if letter == 'X' {
        text.to_uppercase()
    } else {
        text
    }
}
