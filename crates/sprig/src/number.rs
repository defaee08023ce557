//! Numbers as Go's encoders write them.

/// A number of things as an integer of Go's.
pub(crate) fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The shortest decimal digits that mean the number, without sign, and the power of ten of the first one.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}

/// Go's `FormatFloat(value, 'g', -1, 64)`, of a finite number.
pub(crate) fn general(value: f64) -> String {
    let (mantissa, exponent) = shortest(value);
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    scientific(value, &mantissa, exponent)
}

fn scientific(value: f64, mantissa: &str, exponent: i32) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.abs())
}

/// As `encoding/json` writes a finite number: an exponent only for what is very large or small.
pub(crate) fn json(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return format!("{value}");
    }
    let (mantissa, exponent) = shortest(value);
    let text = scientific(value, &mantissa, exponent);
    // e-09 becomes e-9.
    match text.strip_suffix(|digit: char| digit.is_ascii_digit()) {
        Some(before) if before.ends_with("e-0") => {
            let digit = &text[before.len()..];
            format!("{}{digit}", &before[..before.len() - 1])
        }
        _ => text,
    }
}
