//! Points in time and spans of time, as CEL counts them (no clock is read here).

use std::fmt;

/// Seconds and nanoseconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
}

/// A span of time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Duration(pub i64);

pub(crate) const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

/// First second of year 1 and last second of year 9999.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A calendar date and time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Timestamp {
    /// A timestamp, when the years allow it.
    pub fn new(seconds: i64, nanos: u32) -> Option<Self> {
        (RANGE.contains(&seconds) && i64::from(nanos) < NANOS)
            .then_some(Timestamp { seconds, nanos })
    }

    /// Reads RFC 3339: `2023-01-02T03:04:05.678Z`, with an offset instead of `Z` if need be.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text.as_bytes(),
        };
        let civil = reader.civil()?;
        let nanos = reader.fraction()?;
        let offset = reader.offset()?;
        if !reader.rest.is_empty() || !civil.is_valid() {
            return None;
        }
        Timestamp::new(civil.seconds() - offset, nanos)
    }

    /// The point in time that is a span later.
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let nanos = i128::from(self.seconds) * i128::from(NANOS)
            + i128::from(self.nanos)
            + i128::from(duration.0);
        let seconds = i64::try_from(nanos.div_euclid(i128::from(NANOS))).ok()?;
        Timestamp::new(seconds, nanos.rem_euclid(i128::from(NANOS)) as u32)
    }

    /// The span since another point in time.
    pub fn checked_sub(self, other: Timestamp) -> Option<Duration> {
        let seconds = self.seconds.checked_sub(other.seconds)?;
        let nanos = i64::from(self.nanos) - i64::from(other.nanos);
        seconds.checked_mul(NANOS)?.checked_add(nanos).map(Duration)
    }

    /// Calendar date and time of day at an offset from UTC in seconds.
    pub(crate) fn civil(self, offset: i64) -> Civil {
        let seconds = self.seconds + offset;
        let (days, within) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            hour: within / 3600,
            minute: within / 60 % 60,
            second: within % 60,
        }
    }

    /// Day of the week at an offset, Sunday is 0.
    pub(crate) fn weekday(self, offset: i64) -> i64 {
        ((self.seconds + offset).div_euclid(DAY) + 4).rem_euclid(7)
    }

    /// Day of the year at an offset, from 0.
    pub(crate) fn year_day(self, offset: i64) -> i64 {
        let civil = self.civil(offset);
        days_of(civil.year, civil.month, civil.day) - days_of(civil.year, 1, 1)
    }
}

impl Civil {
    fn is_valid(self) -> bool {
        let month_ends = days_of(self.year, self.month + 1, 1) - days_of(self.year, self.month, 1);
        (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=month_ends).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
    }

    fn seconds(self) -> i64 {
        days_of(self.year, self.month, self.day) * DAY
            + self.hour * 3600
            + self.minute * 60
            + self.second
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar; month 13 is next year's January.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 12 {
        (year + 1, 1)
    } else {
        (year, month)
    };
    // Years are counted from March, so that the leap day is a year's last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days from 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Reads the parts of a timestamp.
struct Reader<'t> {
    rest: &'t [u8],
}

impl Reader<'_> {
    fn civil(&mut self) -> Option<Civil> {
        let year = self.number(4)?;
        self.expect(b"-")?;
        let month = self.number(2)?;
        self.expect(b"-")?;
        let day = self.number(2)?;
        self.expect(b"Tt")?;
        let hour = self.number(2)?;
        self.expect(b":")?;
        let minute = self.number(2)?;
        self.expect(b":")?;
        let second = self.number(2)?;
        Some(Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        })
    }

    fn fraction(&mut self) -> Option<u32> {
        if self.rest.first() != Some(&b'.') {
            return Some(0);
        }
        self.rest = &self.rest[1..];
        let digits = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let nanos = self.rest[..digits]
            .iter()
            .chain(std::iter::repeat(&b'0'))
            .take(9)
            .fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0'));
        self.rest = &self.rest[digits..];
        (digits > 0).then_some(nanos)
    }

    fn offset(&mut self) -> Option<i64> {
        let (&sign, rest) = self.rest.split_first()?;
        self.rest = rest;
        let sign = match sign {
            b'Z' | b'z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2)?;
        self.expect(b":")?;
        let minutes = self.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.iter().try_fold(0, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + i64::from(byte - b'0'))
        })
    }

    fn expect(&mut self, one_of: &[u8]) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        one_of.contains(first).then_some(())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self.civil(0);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanos != 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl Duration {
    /// Reads a span as Go writes it: `1h30m`, `-1.5s`, `100ms`.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        if rest == b"0" {
            return Some(Duration(0));
        }
        if rest.is_empty() {
            return None;
        }
        let mut total: i128 = 0;
        while !rest.is_empty() {
            let (part, after) = component(rest)?;
            total = total.checked_add(part)?;
            rest = after;
        }
        i64::try_from(if negative { -total } else { total })
            .ok()
            .map(Duration)
    }
}

/// One number with its unit, in nanoseconds, and what follows it.
fn component(text: &[u8]) -> Option<(i128, &[u8])> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    let fraction = match text.get(whole) {
        Some(b'.') => digits(&text[whole + 1..]) + 1,
        _ => 0,
    };
    if whole == 0 && fraction < 2 {
        return None;
    }
    let (number, rest) = text.split_at(whole + fraction);
    let (unit, rest) = unit(rest)?;
    let mut nanos = number[..whole].iter().try_fold(0_i128, |sum, byte| {
        sum.checked_mul(10)?.checked_add(i128::from(byte - b'0'))
    })?;
    nanos = nanos.checked_mul(unit)?;
    let mut scale = unit;
    for byte in number.iter().skip(whole + 1) {
        scale /= 10;
        nanos = nanos.checked_add(scale * i128::from(byte - b'0'))?;
    }
    Some((nanos, rest))
}

fn unit(text: &[u8]) -> Option<(i128, &[u8])> {
    const UNITS: [(&str, i128); 8] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    UNITS
        .iter()
        .find_map(|&(name, nanos)| Some((nanos, text.strip_prefix(name.as_bytes())?)))
}

/// Seconds with as many digits as it takes, as CEL's `string(duration)` gives it.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        let (seconds, fraction) = (nanos / NANOS as u64, nanos % NANOS as u64);
        write!(f, "{sign}{seconds}")?;
        if fraction != 0 {
            let fraction = format!("{fraction:09}");
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("s")
    }
}
