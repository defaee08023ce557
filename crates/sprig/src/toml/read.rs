//! Reading TOML.

use std::ops::Range;

use gotemplate::{Map, Origin, Value};
use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};

use super::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};
use crate::time::{Moment, Zone, days_before, moment_value};

/// Reads a text.
///
/// # Errors
/// What is wrong with it.
pub fn decode(text: &str) -> Result<Value, String> {
    decode_with(text, &mut |_| Origin::NONE)
}

/// The same with an origin for each value, by the bytes that it is written in.
pub(crate) fn decode_with(
    text: &str,
    origin: &mut dyn FnMut(Range<usize>) -> Origin,
) -> Result<Value, String> {
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count();
        format!("toml: line {}: {}", line + 1, error.message())
    })?;
    let range = table.span();
    let map = read_table(table.get_ref(), origin)?;
    Ok(Value::from(map).with_origin(origin(range)))
}

fn read_table(
    table: &DeTable<'_>,
    origin: &mut dyn FnMut(Range<usize>) -> Origin,
) -> Result<Map, String> {
    let map = Map::new();
    for (key, value) in table {
        let read = read(value.get_ref(), origin)?;
        map.insert(
            key.get_ref().as_ref(),
            read.with_origin(origin(value.span())),
        );
    }
    Ok(map)
}

fn read(
    value: &DeValue<'_>,
    origin: &mut dyn FnMut(Range<usize>) -> Origin,
) -> Result<Value, String> {
    Ok(match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            Value::int64(
                parsed
                    .map_err(|_| format!("toml: {} is out of range for int64", number.as_str()))?,
            )
        }
        DeValue::Float(number) => Value::float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(found) => Value::from(*found),
        DeValue::Datetime(time) => {
            let parts = Parts {
                date: time.date.map(|date| (date.year, date.month, date.day)),
                clock: time.time.map(|clock| {
                    let second = clock.second.unwrap_or(0);
                    let nanoseconds = clock.nanosecond.unwrap_or(0);
                    (clock.hour, clock.minute, second, nanoseconds)
                }),
                offset: time.offset.map(|offset| offset.to_string()),
            };
            moment_value(moment(&parts), &TimeZone::UTC)
        }
        DeValue::Array(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                let read = read(item.get_ref(), origin)?;
                list.push(read.with_origin(origin(item.span())));
            }
            // Arrays of tables have a type of their own.
            if !list.is_empty() && list.iter().all(|item| item.as_map().is_some()) {
                return Ok(gotemplate::List::of(&MAPS, list).into());
            }
            Value::list(list)
        }
        DeValue::Table(table) => read_table(table, origin)?.into(),
    })
}

/// `[]map[string]interface {}`.
const MAPS: gotemplate::Shape = gotemplate::Shape {
    name: "[]map[string]interface {}",
    element: gotemplate::Type::Map(&gotemplate::Shape::MAP),
};

/// The parts of a time that are written.
struct Parts {
    date: Option<(u16, u8, u8)>,
    /// Hour, minute, second, nanoseconds.
    clock: Option<(u8, u8, u8, u32)>,
    /// `Z`, or hours and minutes with a sign.
    offset: Option<String>,
}

fn moment(parts: &Parts) -> Moment {
    let (year, month, day) = parts.date.unwrap_or((0, 1, 1));
    let days = days_before(i64::from(year), i64::from(month), i64::from(day));
    let (hour, minute, second, nanoseconds) = parts.clock.unwrap_or_default();
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    let (zone, offset) = match (&parts.offset, parts.date, parts.clock) {
        (Some(offset), ..) => {
            let seconds = offset_seconds(offset);
            let zone = if seconds == 0 {
                Zone::Utc
            } else {
                Zone::Fixed(String::new(), seconds)
            };
            (zone, i64::from(seconds))
        }
        (None, Some(_), Some(_)) => (Zone::Fixed(LOCAL_DATETIME.to_owned(), 0), 0),
        (None, Some(_), None) => (Zone::Fixed(LOCAL_DATE.to_owned(), 0), 0),
        (None, None, _) => (Zone::Fixed(LOCAL_TIME.to_owned(), 0), 0),
    };
    Moment {
        seconds: days * 86_400 + clock - offset,
        nanoseconds,
        zone,
    }
}

fn offset_seconds(text: &str) -> i32 {
    let Some((hours, minutes)) = text.split_once(':') else {
        return 0;
    };
    let sign = if hours.starts_with('-') { -1 } else { 1 };
    let number = |digits: &str| digits.trim_start_matches(['+', '-']).parse().unwrap_or(0);
    sign * (number(hours) * 3600 + number(minutes) * 60)
}
