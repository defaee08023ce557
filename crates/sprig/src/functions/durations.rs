//! Durations as Helm has them: of texts, of numbers of seconds, of durations.

use gotemplate::{Data, Failure, Value, quoted, sprint};

use super::{ANY, ANY_ANY};
use crate::call::{Answer, Call};
use crate::cast::parse_float;
use crate::entry::Entry;
use crate::time::{Duration, SECOND, duration_of, duration_value};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("mustToDuration", ANY, |call| {
        let duration = duration_from(&call.arguments[0]).map_err(Failure::new)?;
        Ok(duration_value(duration))
    }),
    Entry::new("durationSeconds", ANY, |call| {
        float(call, Duration::seconds)
    }),
    Entry::new("durationMilliseconds", ANY, |call| int(call, 1_000_000)),
    Entry::new("durationMicroseconds", ANY, |call| int(call, 1_000)),
    Entry::new("durationNanoseconds", ANY, |call| int(call, 1)),
    Entry::new("durationMinutes", ANY, |call| {
        float(call, Duration::minutes)
    }),
    Entry::new("durationHours", ANY, |call| float(call, Duration::hours)),
    Entry::new("durationDays", ANY, |call| {
        float(call, |duration| duration.hours() / 24.0)
    }),
    Entry::new("durationWeeks", ANY, |call| {
        float(call, |duration| duration.hours() / 24.0 / 7.0)
    }),
    Entry::new("durationRoundTo", ANY_ANY, |call| {
        to_multiple(call, Duration::round)
    }),
    Entry::new("durationTruncateTo", ANY_ANY, |call| {
        to_multiple(call, Duration::truncate)
    }),
];

fn float(call: &mut Call<'_>, convert: fn(Duration) -> f64) -> Answer {
    let duration = duration_from(&call.arguments[0]);
    Ok(Value::float(duration.map_or(0.0, convert)))
}

fn int(call: &mut Call<'_>, unit: i64) -> Answer {
    let duration = duration_from(&call.arguments[0]);
    Ok(Value::int64(
        duration.map_or(0, |duration| duration.0 / unit),
    ))
}

fn to_multiple(call: &mut Call<'_>, convert: fn(Duration, Duration) -> Duration) -> Answer {
    let Ok(duration) = duration_from(&call.arguments[0]) else {
        return Ok(duration_value(Duration(0)));
    };
    let multiple = duration_from(&call.arguments[1]);
    Ok(duration_value(
        multiple.map_or(duration, |multiple| convert(duration, multiple)),
    ))
}

/// What a value means as a duration.
fn duration_from(value: &Value) -> Result<Duration, String> {
    if let Some(duration) = duration_of(value) {
        return Ok(duration);
    }
    match value.data() {
        Data::String(text) => from_text(text),
        Data::Missing | Data::Nil => Err("invalid duration".to_owned()),
        Data::Int(seconds, _) => from_seconds(i128::from(*seconds)),
        Data::Uint(seconds, _) => from_seconds(i128::from(*seconds)),
        Data::Float(seconds) => from_float(*seconds),
        Data::Host(host) => match host.underlying().map(Value::into_data) {
            Some(Data::Int(seconds, _)) => from_seconds(i128::from(seconds)),
            _ => Err(unsupported(value)),
        },
        _ => Err(unsupported(value)),
    }
}

fn unsupported(value: &Value) -> String {
    format!("unsupported duration type {}", value.type_name())
}

fn from_text(text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err("empty duration".to_owned());
    }
    if let Ok(duration) = Duration::parse(trimmed) {
        return Ok(duration);
    }
    match parse_float(trimmed) {
        Some(seconds) => from_float(seconds),
        None => Err(format!("could not parse duration {}", quoted(text))),
    }
}

fn from_seconds(seconds: i128) -> Result<Duration, String> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| seconds.checked_mul(i64::from(SECOND)))
        .map(Duration)
        .ok_or_else(|| format!("duration seconds overflow: {seconds}"))
}

fn from_float(seconds: f64) -> Result<Duration, String> {
    const MOST: f64 = i64::MAX as f64 / SECOND as f64;
    let shown = || sprint(&[Value::float(seconds)], 64).unwrap_or_default();
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", shown()));
    }
    if seconds.abs() > MOST {
        return Err(format!("duration seconds overflow: {}", shown()));
    }
    Ok(Duration(crate::cast::truncated(
        seconds * f64::from(SECOND),
    )))
}
