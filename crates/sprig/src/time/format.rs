//! Times as text.

use super::layout::{self, Element, Offset};
use super::{DAYS, MONTHS, Moment};

fn name_of(names: &[&'static str], index: i64) -> &'static str {
    let index = usize::try_from(index).unwrap_or_default();
    names.get(index).copied().unwrap_or_default()
}

impl Moment {
    /// By a layout.
    pub(crate) fn format(&self, layout: &str) -> String {
        let civil = self.civil();
        let mut out = String::with_capacity(layout.len() + 10);
        let mut rest = layout;
        loop {
            let chunk = layout::next(rest);
            out.push_str(chunk.prefix);
            let Some(element) = chunk.element else {
                return out;
            };
            rest = chunk.rest;
            let hour12 = if civil.hour % 12 == 0 {
                12
            } else {
                civil.hour % 12
            };
            let month = name_of(&MONTHS, civil.month - 1);
            let weekday = name_of(&DAYS, civil.weekday);
            match element {
                Element::LongMonth => out.push_str(month),
                Element::Month => out.push_str(&month[..3]),
                Element::NumberMonth => number(&mut out, civil.month, 0),
                Element::ZeroMonth => number(&mut out, civil.month, 2),
                Element::LongWeekday => out.push_str(weekday),
                Element::Weekday => out.push_str(&weekday[..3]),
                Element::Day => number(&mut out, civil.day, 0),
                Element::UnderDay => out.push_str(&format!("{:2}", civil.day)),
                Element::ZeroDay => number(&mut out, civil.day, 2),
                Element::UnderYearDay => out.push_str(&format!("{:3}", civil.year_day)),
                Element::ZeroYearDay => number(&mut out, civil.year_day, 3),
                Element::Hour => number(&mut out, civil.hour, 2),
                Element::Hour12 => number(&mut out, hour12, 0),
                Element::ZeroHour12 => number(&mut out, hour12, 2),
                Element::Minute => number(&mut out, civil.minute, 0),
                Element::ZeroMinute => number(&mut out, civil.minute, 2),
                Element::Second => number(&mut out, civil.second, 0),
                Element::ZeroSecond => number(&mut out, civil.second, 2),
                Element::LongYear => number(&mut out, civil.year, 4),
                Element::Year => number(&mut out, civil.year.abs() % 100, 2),
                Element::UpperPm => out.push_str(if civil.hour >= 12 { "PM" } else { "AM" }),
                Element::LowerPm => out.push_str(if civil.hour >= 12 { "pm" } else { "am" }),
                Element::ZoneName => self.zone_name(&mut out),
                Element::Offset(form) => self.offset(&mut out, form),
                Element::Fraction(count, point, keeps_zeros) => {
                    self.fraction(&mut out, count, point, keeps_zeros);
                }
            }
        }
    }

    /// As Go prints a time.
    pub(crate) fn text(&self) -> String {
        self.format("2006-01-02 15:04:05.999999999 -0700 MST")
    }

    /// As encoders write it.
    pub(crate) fn rfc3339(&self) -> String {
        self.format("2006-01-02T15:04:05.999999999Z07:00")
    }

    fn zone_name(&self, out: &mut String) {
        let name = self.zone.name(self.seconds);
        if name.is_empty() {
            return self.offset(
                out,
                Offset {
                    has_z: false,
                    has_colons: false,
                    has_minutes: true,
                    has_seconds: false,
                },
            );
        }
        out.push_str(&name);
    }

    fn offset(&self, out: &mut String, form: Offset) {
        let offset = i64::from(self.zone.offset(self.seconds));
        if offset == 0 && form.has_z {
            return out.push('Z');
        }
        let minutes = offset / 60;
        out.push(if minutes < 0 { '-' } else { '+' });
        let (minutes, seconds) = (minutes.abs(), offset.abs() % 60);
        number(out, minutes / 60, 2);
        if form.has_colons {
            out.push(':');
        }
        if form.has_minutes {
            number(out, minutes % 60, 2);
        }
        if form.has_seconds {
            if form.has_colons {
                out.push(':');
            }
            number(out, seconds, 2);
        }
    }

    fn fraction(&self, out: &mut String, count: usize, point: char, keeps_zeros: bool) {
        let all = format!("{:09}", self.nanoseconds);
        let digits: String = all
            .chars()
            .chain(std::iter::repeat('0'))
            .take(count)
            .collect();
        let digits = if keeps_zeros {
            digits.as_str()
        } else {
            all[..count.min(9)].trim_end_matches('0')
        };
        if !digits.is_empty() {
            out.push(point);
            out.push_str(digits);
        }
    }
}

/// A number with zeros before it.
fn number(out: &mut String, value: i64, width: usize) {
    if value < 0 {
        out.push('-');
    }
    out.push_str(&format!("{:0width$}", value.unsigned_abs()));
}
