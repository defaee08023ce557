//! Writing of keys: numbers and texts as bytes that compare as they do, and the reading of runs of characters.

/// Appends a number given as decimal digits (leading zeros allowed, none at all is zero), of any length.
///
/// The first byte is the length of the rest, so a number with more digits is greater; no number is a prefix of another.
pub(crate) fn number(out: &mut Vec<u8>, digits: &[u8]) {
    let start = digits
        .iter()
        .position(|&d| d != b'0')
        .unwrap_or(digits.len());
    let digits = &digits[start..];
    // 19 digits always fit in 64 bits, 20 need not.
    if digits.len() <= 19 {
        let value = digits
            .iter()
            .fold(0_u64, |value, &d| value * 10 + u64::from(d - b'0'));
        let bytes = value.to_be_bytes();
        let length = 8 - bytes.iter().take_while(|&&b| b == 0).count();
        out.push(length as u8);
        out.extend_from_slice(&bytes[8 - length..]);
    } else {
        out.push(9);
        out.extend_from_slice(
            &u32::try_from(digits.len())
                .unwrap_or(u32::MAX)
                .to_be_bytes(),
        );
        out.extend_from_slice(digits);
    }
}

/// Appends a number below 2^16, greater ones counting as that: for counts.
pub(crate) fn count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&saturated(count).to_be_bytes());
}

/// Appends a count so that more is less.
pub(crate) fn count_down(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&(!saturated(count)).to_be_bytes());
}

fn saturated(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Appends a text so that it is ordered by its bytes and ends before whatever follows.
pub(crate) fn text(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            0 | 1 => out.extend_from_slice(&[1, byte + 1]),
            _ => out.push(byte),
        }
    }
    out.push(0);
}

/// Whether a number written in digits is zero.
pub(crate) fn is_zero(digits: &[u8]) -> bool {
    digits.iter().all(|&d| d == b'0')
}

/// Whether a text is digits, at least one.
pub(crate) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Splits off the longest beginning of which every byte fits.
pub(crate) fn take_while<'a>(rest: &mut &'a [u8], fits: impl Fn(u8) -> bool) -> &'a [u8] {
    let end = rest.iter().position(|&b| !fits(b)).unwrap_or(rest.len());
    let (run, after) = rest.split_at(end);
    *rest = after;
    run
}

/// Splits off the digits at the beginning.
pub(crate) fn take_digits<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    take_while(rest, |b| b.is_ascii_digit())
}

/// Splits off `prefix` if the text begins with it.
pub(crate) fn take_prefix(rest: &mut &[u8], prefix: &[u8]) -> bool {
    match rest.strip_prefix(prefix) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

/// The two sides of the first `separator`, or the whole and nothing.
pub(crate) fn split_first(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&b| b == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The two sides of the last `separator`, or the whole and nothing.
pub(crate) fn split_last(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().rposition(|&b| b == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// `epoch:rest`, where the epoch is digits; otherwise no epoch and the whole.
pub(crate) fn split_epoch(text: &[u8]) -> (&[u8], &[u8]) {
    match split_first(text, b':') {
        (epoch, Some(rest)) if epoch.iter().all(u8::is_ascii_digit) => (epoch, rest),
        _ => (b"", text),
    }
}

/// Orders two numbers given as digits.
pub(crate) fn compare_numbers(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let a = &a[a.iter().take_while(|&&d| d == b'0').count()..];
    let b = &b[b.iter().take_while(|&&d| d == b'0').count()..];
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Decodes percent-encoding once; `None` where it is broken or does not decode to a text.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push((high * 16 + low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{compare_numbers, number, text};

    proptest! {
        #[test]
        fn numbers_keep_their_order(a in "[0-9]{0,24}", b in "[0-9]{0,24}") {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            number(&mut x, a.as_bytes());
            number(&mut y, b.as_bytes());
            prop_assert_eq!(x.cmp(&y), compare_numbers(a.as_bytes(), b.as_bytes()));
        }

        #[test]
        fn texts_keep_their_order(a: Vec<u8>, b: Vec<u8>) {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            text(&mut x, &a);
            text(&mut y, &b);
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        }
    }
}
