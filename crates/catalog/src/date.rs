//! Days as definitions and exceptions write them.

/// Whether a text is a day as `YYYY-MM-DD`, so that days compare as texts.
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |range| {
        text.get(range)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day))
}
