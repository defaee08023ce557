//! The parts of timestamps and durations. Time zones are `UTC` or offsets such as `+02:00`; names of
//! regions would need a database.

use super::{Function, member, text};
use crate::error::{ErrorKind, Fault};
use crate::frame::Outcome;
use crate::time::{NANOS, Timestamp};
use crate::types::Types;
use crate::value::Value;

const TIME: Types = Types::TIMESTAMP;
const EITHER: Types = TIME.or(Types::DURATION);
const ZONE: Types = Types::STRING;

pub(super) const FUNCTIONS: &[Function] = &[
    member("getFullYear", &[TIME, ZONE], Types::INT, |_, arguments| {
        part(arguments, |time, offset| time.civil(offset).year)
    })
    .optional(1),
    member("getMonth", &[TIME, ZONE], Types::INT, |_, arguments| {
        part(arguments, |time, offset| time.civil(offset).month - 1)
    })
    .optional(1),
    member("getDate", &[TIME, ZONE], Types::INT, |_, arguments| {
        part(arguments, |time, offset| time.civil(offset).day)
    })
    .optional(1),
    member(
        "getDayOfMonth",
        &[TIME, ZONE],
        Types::INT,
        |_, arguments| part(arguments, |time, offset| time.civil(offset).day - 1),
    )
    .optional(1),
    member("getDayOfWeek", &[TIME, ZONE], Types::INT, |_, arguments| {
        part(arguments, Timestamp::weekday)
    })
    .optional(1),
    member("getDayOfYear", &[TIME, ZONE], Types::INT, |_, arguments| {
        part(arguments, Timestamp::year_day)
    })
    .optional(1),
    member("getHours", &[EITHER, ZONE], Types::INT, |_, arguments| {
        part_or_total(arguments, 3600 * NANOS, |time, offset| {
            time.civil(offset).hour
        })
    })
    .optional(1),
    member("getMinutes", &[EITHER, ZONE], Types::INT, |_, arguments| {
        part_or_total(arguments, 60 * NANOS, |time, offset| {
            time.civil(offset).minute
        })
    })
    .optional(1),
    member("getSeconds", &[EITHER, ZONE], Types::INT, |_, arguments| {
        part_or_total(arguments, NANOS, |time, offset| time.civil(offset).second)
    })
    .optional(1),
    member(
        "getMilliseconds",
        &[EITHER, ZONE],
        Types::INT,
        |_, arguments| {
            part_or_total(arguments, NANOS / 1000, |time, _| {
                i64::from(time.nanos) / 1_000_000
            })
        },
    )
    .optional(1),
];

/// A part of a timestamp in a time zone.
fn part<'a>(arguments: &[Value<'a>], of: fn(Timestamp, i64) -> i64) -> Outcome<'a> {
    let Value::Timestamp(time) = arguments[0] else {
        return Err(Fault::Overload);
    };
    let offset = match arguments.get(1) {
        Some(_) => offset(text(arguments, 1)?).ok_or(Fault::Failed(ErrorKind::InvalidArgument))?,
        None => 0,
    };
    Ok(Value::Int(of(time, offset)))
}

/// A part of a timestamp, or all of a duration in a unit.
fn part_or_total<'a>(
    arguments: &[Value<'a>],
    unit: i64,
    of: fn(Timestamp, i64) -> i64,
) -> Outcome<'a> {
    match arguments {
        [Value::Duration(span)] => Ok(Value::Int(span.0 / unit)),
        _ => part(arguments, of),
    }
}

/// Seconds from UTC: `UTC`, `Z`, `02:00`, `+02:00`, `-02:00`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "UTC" | "Z" | "" | "GMT") {
        return Some(0);
    }
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+').unwrap_or(zone)),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(i64::from((tens - b'0') * 10 + ones - b'0'))
        }
        _ => None,
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
