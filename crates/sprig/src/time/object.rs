//! Times, durations, months and days of the week as values of templates, with their methods.

use std::any::Any;
use std::rc::Rc;

use gotemplate::{Context, Data, Failure, Host, IntType, Signature, Type, Value};
use jiff::tz::TimeZone;

use super::{DAYS, Duration, MONTHS, Moment, Zone, days_before};
use crate::call::Answer;

pub(crate) const TIME_TYPE: &str = "time.Time";
pub(crate) const DURATION_TYPE: &str = "time.Duration";

/// A time as a value. `local` is what its `Local` method goes to.
pub(crate) fn moment_value(moment: Moment, local: &TimeZone) -> Value {
    let host: Rc<dyn Host> = Rc::new(TimeObject {
        moment,
        local: local.clone(),
    });
    host.into()
}

/// A duration as a value.
pub(crate) fn duration_value(duration: Duration) -> Value {
    let host: Rc<dyn Host> = Rc::new(DurationObject(duration));
    host.into()
}

/// The time that a value is.
pub(crate) fn moment_of(value: &Value) -> Option<Moment> {
    let Data::Host(host) = value.data() else {
        return None;
    };
    let object = host.as_any()?.downcast_ref::<TimeObject>()?;
    Some(object.moment.clone())
}

/// The duration that a value is.
pub(crate) fn duration_of(value: &Value) -> Option<Duration> {
    let Data::Host(host) = value.data() else {
        return None;
    };
    let object = host.as_any()?.downcast_ref::<DurationObject>()?;
    Some(object.0)
}

struct TimeObject {
    moment: Moment,
    local: TimeZone,
}

static NONE: Signature = Signature::new(&[]);
static LAYOUT: Signature = Signature::new(&[Type::String]);
static OTHER: Signature = Signature::new(&[Type::Host(TIME_TYPE)]);
static LENGTH: Signature = Signature::new(&[Type::Host(DURATION_TYPE)]);
static DATE: Signature = Signature::new(&[INT, INT, INT]);

const INT: Type = Type::Int(IntType::Int);

impl Host for TimeObject {
    fn type_name(&self) -> &'static str {
        TIME_TYPE
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        Some(match name {
            "Year" | "Month" | "Day" | "Hour" | "Minute" | "Second" | "Nanosecond" | "YearDay"
            | "Weekday" | "Unix" | "UnixMilli" | "UnixMicro" | "UnixNano" | "String" | "UTC"
            | "Local" | "IsZero" | "IsDST" => &NONE,
            "Format" => &LAYOUT,
            "After" | "Before" | "Equal" | "Compare" | "Sub" => &OTHER,
            "Add" | "Round" | "Truncate" => &LENGTH,
            "AddDate" => &DATE,
            _ => return None,
        })
    }

    fn call(&self, name: &str, _: &mut dyn Context, arguments: &mut [Value]) -> Answer {
        let moment = &self.moment;
        match arguments {
            [] => Ok(self.part(name)),
            [argument] => {
                if let Some(layout) = argument.as_str() {
                    return Ok(Value::from(moment.format(layout)));
                }
                if let Some(other) = moment_of(argument) {
                    return Ok(compared(moment, name, &other));
                }
                let length = duration_of(argument).unwrap_or(Duration(0));
                Ok(self.moved(name, length))
            }
            [.., years, months, days] => {
                let civil = moment.civil();
                let seconds = moment.seconds + i64::from(moment.zone.offset(moment.seconds));
                let first = days_before(
                    civil.year.wrapping_add(int_of(years)),
                    civil.month.wrapping_add(int_of(months)),
                    civil.day.wrapping_add(int_of(days)),
                );
                let local = first
                    .wrapping_mul(super::DAY)
                    .wrapping_add(seconds.rem_euclid(super::DAY));
                Ok(self.other(Moment {
                    seconds: moment.zone.instant(local),
                    ..moment.clone()
                }))
            }
            _ => Err(Failure::new("wrong number of arguments")),
        }
    }

    fn text(&self) -> Option<String> {
        Some(self.moment.text())
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::from(self.moment.rfc3339()))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

fn int_of(value: &Value) -> i64 {
    match value.data() {
        Data::Int(number, _) => *number,
        _ => 0,
    }
}

impl TimeObject {
    fn other(&self, moment: Moment) -> Value {
        moment_value(moment, &self.local)
    }

    fn part(&self, name: &str) -> Value {
        let moment = &self.moment;
        let civil = moment.civil();
        let fraction = |digits: u32| {
            let per_second = 10_i64.pow(digits);
            let part = i64::from(moment.nanoseconds / 10_u32.pow(9 - digits));
            Value::int64(moment.seconds.wrapping_mul(per_second).wrapping_add(part))
        };
        match name {
            "Year" => Value::int(civil.year),
            "Month" => named("time.Month", &MONTHS, civil.month, 1),
            "Day" => Value::int(civil.day),
            "Hour" => Value::int(civil.hour),
            "Minute" => Value::int(civil.minute),
            "Second" => Value::int(civil.second),
            "Nanosecond" => Value::int(i64::from(moment.nanoseconds)),
            "YearDay" => Value::int(civil.year_day),
            "Weekday" => named("time.Weekday", &DAYS, civil.weekday, 0),
            "Unix" => Value::int64(moment.seconds),
            "UnixMilli" => fraction(3),
            "UnixMicro" => fraction(6),
            "UnixNano" => fraction(9),
            "UTC" => self.other(moment.in_zone(Zone::Utc)),
            "Local" => self.other(moment.in_zone(Zone::local(&self.local))),
            "IsZero" => Value::from(moment.is_zero()),
            "IsDST" => Value::from(moment.zone.is_dst(moment.seconds)),
            _ => Value::from(moment.text()),
        }
    }

    fn moved(&self, name: &str, length: Duration) -> Value {
        let moment = &self.moment;
        if name == "Add" {
            return self.other(moment.plus(length.0));
        }
        if length.0 <= 0 {
            return self.other(moment.clone());
        }
        // Multiples count from Go's zero time.
        let since = i128::from(moment.seconds - Moment::zero().seconds) * i128::from(super::SECOND)
            + i128::from(moment.nanoseconds);
        let rest = i64::try_from(since.rem_euclid(i128::from(length.0))).unwrap_or(0);
        let is_up = name == "Round" && rest >= length.0 - rest;
        self.other(moment.plus(if is_up { length.0 - rest } else { -rest }))
    }
}

fn compared(moment: &Moment, name: &str, other: &Moment) -> Value {
    let key = |moment: &Moment| (moment.seconds, moment.nanoseconds);
    let order = key(moment).cmp(&key(other));
    match name {
        "After" => Value::from(order.is_gt()),
        "Before" => Value::from(order.is_lt()),
        "Equal" => Value::from(order.is_eq()),
        "Compare" => Value::int(order as i64),
        _ => duration_value(Duration(moment.since(other))),
    }
}

struct DurationObject(Duration);

impl Host for DurationObject {
    fn type_name(&self) -> &'static str {
        DURATION_TYPE
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        Some(match name {
            "Hours" | "Minutes" | "Seconds" | "Milliseconds" | "Microseconds" | "Nanoseconds"
            | "String" | "Abs" => &NONE,
            "Round" | "Truncate" => &LENGTH,
            _ => return None,
        })
    }

    fn call(&self, name: &str, _: &mut dyn Context, arguments: &mut [Value]) -> Answer {
        let duration = self.0;
        let other = arguments.first().and_then(duration_of);
        Ok(match (name, other) {
            ("Round", Some(other)) => duration_value(duration.round(other)),
            ("Truncate", Some(other)) => duration_value(duration.truncate(other)),
            ("Hours", _) => Value::float(duration.hours()),
            ("Minutes", _) => Value::float(duration.minutes()),
            ("Seconds", _) => Value::float(duration.seconds()),
            ("Milliseconds", _) => Value::int64(duration.0 / 1_000_000),
            ("Microseconds", _) => Value::int64(duration.0 / 1_000),
            ("Nanoseconds", _) => Value::int64(duration.0),
            ("Abs", _) => duration_value(Duration(duration.0.saturating_abs())),
            ("String", _) => Value::from(duration.to_string()),
            _ => return Err(Failure::new(format!("no method {name}"))),
        })
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(self.0.0))
    }

    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// A number with a name: a month or a day of the week.
struct Named {
    type_name: &'static str,
    name: &'static str,
    number: i64,
}

fn named(type_name: &'static str, names: &[&'static str], number: i64, first: i64) -> Value {
    let index = usize::try_from(number - first).unwrap_or(0);
    let host: Rc<dyn Host> = Rc::new(Named {
        type_name,
        name: names.get(index).copied().unwrap_or_default(),
        number,
    });
    host.into()
}

impl Host for Named {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        (name == "String").then_some(&NONE)
    }

    fn call(&self, _: &str, _: &mut dyn Context, _: &mut [Value]) -> Answer {
        Ok(Value::from(self.name))
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int(self.number))
    }

    fn text(&self) -> Option<String> {
        Some(self.name.to_owned())
    }
}
