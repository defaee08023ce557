//! Times as Go has them: an instant and a zone, layouts by the reference time, durations in nanoseconds.

mod duration;
mod fields;
mod format;
mod layout;
mod object;
mod parse;
mod zone;

pub(crate) use duration::{Duration, SECOND};
pub(crate) use object::{TIME_TYPE, duration_of, duration_value, moment_of, moment_value};
pub(crate) use parse::parse;
pub(crate) use zone::Zone;

/// A time.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// Since 1970, UTC.
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: u32,
    pub(crate) zone: Zone,
}

/// Go's zero time, the first day of year 1.
const ZERO: i64 = -62_135_596_800;

const DAY: i64 = 86_400;

impl Moment {
    /// Go's zero.
    pub(crate) fn zero() -> Self {
        Self {
            seconds: ZERO,
            nanoseconds: 0,
            zone: Zone::Utc,
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == ZERO && self.nanoseconds == 0
    }

    pub(crate) fn unix(seconds: i64, zone: Zone) -> Self {
        Self {
            seconds,
            nanoseconds: 0,
            zone,
        }
    }

    pub(crate) fn at(timestamp: jiff::Timestamp, zone: Zone) -> Self {
        let (seconds, nanoseconds) = (timestamp.as_second(), timestamp.subsec_nanosecond());
        let is_before = nanoseconds < 0;
        Self {
            seconds: seconds - i64::from(is_before),
            nanoseconds: (nanoseconds + if is_before { 1_000_000_000 } else { 0 }).unsigned_abs(),
            zone,
        }
    }

    pub(crate) fn in_zone(&self, zone: Zone) -> Self {
        Self {
            zone,
            ..self.clone()
        }
    }

    /// Later by so many nanoseconds.
    pub(crate) fn plus(&self, nanoseconds: i64) -> Self {
        let second = i64::from(SECOND);
        let sum = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(second);
        Self {
            seconds: self
                .seconds
                .wrapping_add(nanoseconds.div_euclid(second))
                .wrapping_add(sum.div_euclid(second)),
            nanoseconds: u32::try_from(sum.rem_euclid(second)).unwrap_or(0),
            zone: self.zone.clone(),
        }
    }

    /// Nanoseconds since another time, as many as there can be.
    pub(crate) fn since(&self, other: &Self) -> i64 {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        let nanoseconds = i128::from(self.nanoseconds) - i128::from(other.nanoseconds);
        let sum = seconds * i128::from(SECOND) + nanoseconds;
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }

    /// The calendar and the clock in its zone.
    pub(crate) fn civil(&self) -> Civil {
        let local = self
            .seconds
            .wrapping_add(i64::from(self.zone.offset(self.seconds)));
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            year_day: days - days_before(year, 1, 1) + 1,
            weekday: (days + 4).rem_euclid(7),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }
}

/// A day of the calendar and a time of the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    /// From 1.
    pub(crate) year_day: i64,
    /// From Sunday, which is 0.
    pub(crate) weekday: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Days from 1970 to a date of the Gregorian calendar; months out of range run over into years.
pub(crate) fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let months = year.wrapping_mul(12).wrapping_add(month - 1);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    // Years begin in March here, so that the leap day is their last one.
    let year = year - i64::from(month < 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 10) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era.wrapping_mul(146_097)
        .wrapping_add(day_of_era - 719_468)
        .wrapping_add(day - 1)
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
