//! Dates, and durations as Sprig has them.

use gotemplate::{Data, Failure, IntType, Signature, Type, Value};

use super::{ANY, NOTHING, TEXT_ANY, TEXT_TEXT};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::time::{Duration, Moment, SECOND, TIME_TYPE, Zone, moment_of, moment_value, parse};

const TIME: Type = Type::Host(TIME_TYPE);
const IN_ZONE: Signature = Signature::new(&[Type::String, Type::Any, Type::String]);
const MODIFY: Signature = Signature::new(&[Type::String, TIME]);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("now", NOTHING, |call| {
        let now = now(call);
        Ok(value(call, now))
    }),
    Entry::new("date", TEXT_ANY, |call| {
        formatted(call, None, 1, Some("Local"))
    }),
    Entry::new("dateInZone", IN_ZONE, |call| formatted(call, None, 1, None)),
    Entry::new("date_in_zone", IN_ZONE, |call| {
        formatted(call, None, 1, None)
    }),
    Entry::new("htmlDate", ANY, |call| {
        formatted(call, Some(HTML), 0, Some("Local"))
    }),
    Entry::new(
        "htmlDateInZone",
        Signature::new(&[Type::Any, Type::String]),
        |call| formatted(call, Some(HTML), 0, None),
    ),
    Entry::new("dateModify", MODIFY, modify),
    Entry::new("date_modify", MODIFY, modify),
    Entry::new("mustDateModify", MODIFY, must_modify),
    Entry::new("must_date_modify", MODIFY, must_modify),
    Entry::new("toDate", TEXT_TEXT, to_date),
    Entry::new("mustToDate", TEXT_TEXT, must_to_date),
    Entry::new("unixEpoch", Signature::new(&[TIME]), unix_epoch),
    Entry::new("ago", ANY, ago),
    Entry::new("duration", ANY, duration),
    Entry::new("durationRound", ANY, duration_round),
];

const HTML: &str = "2006-01-02";

fn local(call: &Call<'_>) -> Zone {
    Zone::local(call.environment.zone())
}

fn now(call: &Call<'_>) -> Moment {
    Moment::at(call.environment.now(), local(call))
}

fn value(call: &Call<'_>, moment: Moment) -> Value {
    moment_value(moment, call.environment.zone())
}

/// The time that a value means: itself, or seconds since 1970; the present for anything else.
fn meant(call: &Call<'_>, date: &Value, kinds: &[IntType]) -> Moment {
    match date.data() {
        Data::Int(seconds, kind) if kinds.contains(kind) => Moment::unix(*seconds, local(call)),
        _ => moment_of(date).unwrap_or_else(|| now(call)),
    }
}

/// A date by a layout, in a zone: what is not given is the first and last argument.
fn formatted(call: &mut Call<'_>, layout: Option<&str>, date: usize, zone: Option<&str>) -> Answer {
    let layout = layout.map_or_else(|| call.text(0), std::rc::Rc::from);
    let zone = zone.map_or_else(|| call.text(date + 1), std::rc::Rc::from);
    let kinds = [IntType::Int, IntType::Int32, IntType::Int64];
    let moment = meant(call, &call.arguments[date], &kinds);
    let zone = Zone::named(&zone, call.environment.zone()).unwrap_or(Zone::Utc);
    // A fraction can be asked for with any number of digits.
    call.hold_to_bytes(layout.len())?;
    Ok(Value::from(moment.in_zone(zone).format(&layout)))
}

fn moment(call: &Call<'_>, index: usize) -> Moment {
    moment_of(&call.arguments[index]).unwrap_or_else(Moment::zero)
}

fn modify(call: &mut Call<'_>) -> Answer {
    match Duration::parse(&call.text(0)) {
        Ok(duration) => Ok(value(call, moment(call, 1).plus(duration.0))),
        Err(_) => Ok(call.take(1)),
    }
}

fn must_modify(call: &mut Call<'_>) -> Answer {
    let duration = Duration::parse(&call.text(0)).map_err(Failure::new)?;
    Ok(value(call, moment(call, 1).plus(duration.0)))
}

fn read(call: &Call<'_>) -> Result<Moment, String> {
    parse(&call.text(0), &call.text(1), call.environment.zone())
}

fn to_date(call: &mut Call<'_>) -> Answer {
    let moment = read(call).unwrap_or_else(|_| Moment::zero());
    Ok(value(call, moment))
}

fn must_to_date(call: &mut Call<'_>) -> Answer {
    let moment = read(call).map_err(Failure::new)?;
    Ok(value(call, moment))
}

fn unix_epoch(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(moment(call, 0).seconds.to_string()))
}

fn ago(call: &mut Call<'_>) -> Answer {
    let then = meant(call, &call.arguments[0], &[IntType::Int, IntType::Int64]);
    let passed = Duration(now(call).since(&then)).round(Duration(i64::from(SECOND)));
    Ok(Value::from(passed.to_string()))
}

fn duration(call: &mut Call<'_>) -> Answer {
    let seconds = match call.arguments[0].data() {
        Data::Int(seconds, IntType::Int64) => *seconds,
        Data::String(text) => super::math::decimal_or_bound(text, 10),
        _ => 0,
    };
    let nanoseconds = seconds.wrapping_mul(i64::from(SECOND));
    Ok(Value::from(Duration(nanoseconds).to_string()))
}

/// Nanoseconds.
const HOUR: u64 = 3600 * SECOND as u64;

/// A duration in its largest unit.
fn duration_round(call: &mut Call<'_>) -> Answer {
    let argument = &call.arguments[0];
    let duration = match argument.data() {
        Data::String(text) => Duration::parse(text).map_or(0, |duration| duration.0),
        Data::Int(nanoseconds, IntType::Int64) => *nanoseconds,
        _ => moment_of(argument).map_or(0, |then| now(call).since(&then)),
    };
    let units = [
        (HOUR * 24 * 365, "y"),
        (HOUR * 24 * 30, "mo"),
        (HOUR * 24, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    let magnitude = duration.unsigned_abs();
    let found = units.iter().find(|(unit, _)| magnitude > *unit);
    Ok(Value::from(found.map_or_else(
        || "0s".to_owned(),
        |(unit, name)| format!("{}{name}", magnitude / unit),
    )))
}
