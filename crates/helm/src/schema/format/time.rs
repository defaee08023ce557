//! Dates, times and durations (RFC 3339).

pub(in crate::schema) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let number = |range: std::ops::Range<usize>| whole(text.get(range)?);
    let parts = || Some((number(0..4)?, number(5..7)?, number(8..10)?));
    let Some((year, month, day)) = parts().filter(|_| is_shaped) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// A number of digits only.
fn whole(text: &str) -> Option<u32> {
    let are_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.parse().ok()).flatten()
}

pub(in crate::schema) fn is_time(text: &str) -> bool {
    if !text.is_ascii() || text.len() < 9 {
        return false;
    }
    let clock = |text: &str| {
        let (hour, minute) = text.split_once(':').filter(|(hour, _)| hour.len() == 2)?;
        let (hour, minute) = (whole(hour)?, whole(minute)?);
        (text.len() == 5 && hour <= 23 && minute <= 59).then_some((hour, minute))
    };
    let (start, mut rest) = text.split_at(8);
    let Some(((hour, minute), second)) = clock(&start[..5]).zip(whole(&start[6..])) else {
        return false;
    };
    if &start[5..6] != ":" || second > 60 {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let after = fraction.trim_start_matches(|found: char| found.is_ascii_digit());
        if after.len() == fraction.len() {
            return false;
        }
        rest = after;
    }
    let mut minutes = i64::from(hour * 60 + minute);
    if !rest.eq_ignore_ascii_case("z") {
        let Some((hour, minute)) = rest.get(1..).and_then(clock) else {
            return false;
        };
        let offset = i64::from(hour * 60 + minute);
        minutes += match rest.as_bytes()[0] {
            b'+' => -offset,
            b'-' => offset,
            _ => return false,
        };
        if minutes < 0 {
            minutes += 24 * 60;
        }
    }
    second < 60 || minutes == 24 * 60 - 1
}

pub(in crate::schema) fn is_date_time(text: &str) -> bool {
    let parts = || Some((text.get(..10)?, text.get(10..11)?, text.get(11..)?));
    parts().is_some_and(|(date, between, time)| {
        is_date(date) && between.eq_ignore_ascii_case("t") && is_time(time)
    })
}

pub(in crate::schema) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P').filter(|rest| !rest.is_empty()) else {
        return false;
    };
    if let Some(weeks) = rest.strip_suffix('W') {
        return !weeks.is_empty() && weeks.bytes().all(|byte| byte.is_ascii_digit());
    }
    let parts: Vec<&str> = rest.split('T').collect();
    match parts[..] {
        [date] => has_units(date, "YMD"),
        [date, time] => has_units(date, "YMD") && !time.is_empty() && has_units(time, "HMS"),
        _ => false,
    }
}

/// Numbers, each with one of some units, in their order.
fn has_units(mut text: &str, mut units: &str) -> bool {
    while !text.is_empty() {
        let rest = text.trim_start_matches(|found: char| found.is_ascii_digit());
        let unit = rest.chars().next().and_then(|unit| units.find(unit));
        match unit {
            Some(at) if rest.len() < text.len() => {
                units = &units[at + 1..];
                text = &rest[1..];
            }
            _ => return false,
        }
    }
    true
}

pub(in crate::schema) fn is_period(text: &str) -> bool {
    let Some((start, end)) = text.split_once('/') else {
        return false;
    };
    if start.starts_with('P') {
        return is_duration(start) && is_date_time(end);
    }
    is_date_time(start)
        && if end.starts_with('P') {
            is_duration(end)
        } else {
            is_date_time(end)
        }
}
