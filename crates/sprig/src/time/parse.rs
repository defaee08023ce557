//! Times from text by a layout.

use jiff::tz::TimeZone;

use super::duration::quote;
use super::fields::Fields;
use super::layout::{self, Chunk, Element, Offset};
use super::{DAYS, MONTHS, Moment};

/// Reads a text. Without a zone in it, it is a time of the local one.
pub(crate) fn parse(layout: &str, text: &str, local: &TimeZone) -> Result<Moment, String> {
    let mut parser = Parser {
        rest: text,
        fields: Fields::default(),
    };
    let mut rest = layout;
    loop {
        let chunk = layout::next(rest);
        let cannot = |element: &str, value: &str| {
            format!(
                "parsing time {} as {}: cannot parse {} as {}",
                quote(text),
                quote(layout),
                quote(value),
                quote(element)
            )
        };
        if parser.skip(chunk.prefix).is_none() {
            return Err(cannot(chunk.prefix, parser.rest));
        }
        let Some(element) = chunk.element else {
            break;
        };
        let held = parser.rest;
        rest = chunk.rest;
        match parser.element(element, &chunk) {
            Ok(()) => {}
            Err(Wrong::Value) => return Err(cannot(chunk.written, held)),
            Err(Wrong::Range(what)) => {
                return Err(format!("parsing time {}: {what} out of range", quote(text)));
            }
        }
    }
    if !parser.rest.is_empty() {
        return Err(format!(
            "parsing time {}: extra text: {}",
            quote(text),
            quote(parser.rest)
        ));
    }
    parser
        .fields
        .moment(local)
        .map_err(|problem| format!("parsing time {}: {problem}", quote(text)))
}

/// Why an element does not fit.
enum Wrong {
    Value,
    Range(&'static str),
}

type Parsed<T> = Result<T, Wrong>;

struct Parser<'t> {
    rest: &'t str,
    fields: Fields,
}

fn is_digit(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

impl<'t> Parser<'t> {
    /// Text of the layout. A run of spaces is as good as another.
    fn skip(&mut self, prefix: &str) -> Option<()> {
        let mut prefix = prefix;
        while let Some(wanted) = prefix.chars().next() {
            if wanted == ' ' {
                if !self.rest.is_empty() && !self.rest.starts_with(' ') {
                    return None;
                }
                prefix = prefix.trim_start_matches(' ');
                self.rest = self.rest.trim_start_matches(' ');
                continue;
            }
            self.rest = self.rest.strip_prefix(wanted)?;
            prefix = &prefix[wanted.len_utf8()..];
        }
        Some(())
    }

    fn take(&mut self, length: usize) -> Parsed<&'t str> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Wrong::Value)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number of at most so many digits; exactly so many if it is fixed.
    fn number(&mut self, most: usize, is_fixed: bool) -> Parsed<i64> {
        let count = (0..most).take_while(|at| is_digit(self.rest, *at)).count();
        if count == 0 || (is_fixed && count < most) {
            return Err(Wrong::Value);
        }
        self.take(count)?.parse().map_err(|_| Wrong::Value)
    }

    fn number_below(&mut self, limit: i64, is_fixed: bool, what: &'static str) -> Parsed<i64> {
        let number = self.number(2, is_fixed)?;
        if number < limit {
            Ok(number)
        } else {
            Err(Wrong::Range(what))
        }
    }

    /// One of the names, or its first letters, in any case.
    fn name(&mut self, names: &[&str], length: Option<usize>) -> Parsed<i64> {
        let found = names.iter().position(|name| {
            let name = &name[..length.unwrap_or(name.len())];
            let start = self.rest.get(..name.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(name))
        });
        let index = found.ok_or(Wrong::Value)?;
        self.take(length.unwrap_or(names[index].len()))?;
        Ok(i64::try_from(index).unwrap_or(0))
    }

    fn skip_spaces(&mut self, most: usize) {
        for _ in 0..most {
            self.rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
        }
    }

    fn element(&mut self, element: Element, chunk: &Chunk<'_>) -> Parsed<()> {
        match element {
            Element::Year => {
                let year: i64 = self.take(2)?.parse().map_err(|_| Wrong::Value)?;
                self.fields.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Element::LongYear => {
                if !is_digit(self.rest, 0) {
                    return Err(Wrong::Value);
                }
                self.fields.year = self.take(4)?.parse().map_err(|_| Wrong::Value)?;
            }
            Element::Month => self.fields.month = Some(self.name(&MONTHS, Some(3))? + 1),
            Element::LongMonth => self.fields.month = Some(self.name(&MONTHS, None)? + 1),
            Element::NumberMonth | Element::ZeroMonth => {
                let month = self.number(2, element == Element::ZeroMonth)?;
                if !(1..=12).contains(&month) {
                    return Err(Wrong::Range("month"));
                }
                self.fields.month = Some(month);
            }
            Element::Weekday => {
                self.name(&DAYS, Some(3))?;
            }
            Element::LongWeekday => {
                self.name(&DAYS, None)?;
            }
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                self.skip_spaces(usize::from(element == Element::UnderDay));
                self.fields.day = Some(self.number(2, element == Element::ZeroDay)?);
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                let is_fixed = element == Element::ZeroYearDay;
                self.skip_spaces(if is_fixed { 0 } else { 2 });
                self.fields.year_day = Some(self.number(3, is_fixed)?);
            }
            Element::Hour => self.fields.hour = self.number_below(24, false, "hour")?,
            Element::Hour12 => self.fields.hour = self.number_below(13, false, "hour")?,
            Element::ZeroHour12 => self.fields.hour = self.number_below(13, true, "hour")?,
            Element::Minute => self.fields.minute = self.number_below(60, false, "minute")?,
            Element::ZeroMinute => self.fields.minute = self.number_below(60, true, "minute")?,
            Element::Second | Element::ZeroSecond => {
                let is_fixed = element == Element::ZeroSecond;
                self.fields.second = self.number_below(60, is_fixed, "second")?;
                self.unannounced_fraction(chunk.rest)?;
            }
            Element::UpperPm => self.half_of_day("AM", "PM")?,
            Element::LowerPm => self.half_of_day("am", "pm")?,
            Element::Offset(form) => self.offset(form)?,
            Element::ZoneName => self.zone_name()?,
            Element::Fraction(count, _, true) => self.fraction(1 + count)?,
            Element::Fraction(..) => self.optional_fraction()?,
        }
        Ok(())
    }

    fn half_of_day(&mut self, am: &str, pm: &str) -> Parsed<()> {
        let found = self.take(2)?;
        self.fields.is_am |= found == am;
        self.fields.is_pm |= found == pm;
        if found == am || found == pm {
            Ok(())
        } else {
            Err(Wrong::Value)
        }
    }

    fn has_fraction(&self) -> bool {
        self.rest.starts_with(['.', ',']) && is_digit(self.rest, 1)
    }

    /// A fraction may follow seconds though the layout has none.
    fn unannounced_fraction(&mut self, layout: &str) -> Parsed<()> {
        if let Some(Element::Fraction(..)) = layout::next(layout).element {
            return Ok(());
        }
        self.optional_fraction()
    }

    fn optional_fraction(&mut self) -> Parsed<()> {
        if !self.has_fraction() {
            return Ok(());
        }
        let digits = self.rest[1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        self.fraction(1 + digits)
    }

    /// A point and digits, of so many bytes.
    fn fraction(&mut self, length: usize) -> Parsed<()> {
        let written = self.take(length)?;
        let digits = written.strip_prefix(['.', ',']).ok_or(Wrong::Value)?;
        let digits = &digits[..digits.len().min(9)];
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Wrong::Value);
        }
        let number: u32 = digits.parse().map_err(|_| Wrong::Value)?;
        self.fields.nanoseconds = number * 10_u32.pow(9 - digits.len() as u32);
        Ok(())
    }

    fn offset(&mut self, form: Offset) -> Parsed<()> {
        if form.has_z && self.rest.starts_with('Z') {
            self.take(1)?;
            self.fields.is_utc = true;
            return Ok(());
        }
        let colons = usize::from(form.has_colons);
        let hours = 3;
        let minutes = usize::from(form.has_minutes) * (2 + colons);
        let seconds = usize::from(form.has_seconds) * (2 + colons);
        let written = self.take(hours + minutes + seconds)?.as_bytes();
        let (sign, mut rest) = written.split_first().ok_or(Wrong::Value)?;
        let mut is_wrong = !b"+-".contains(sign);
        let mut parts = [0; 3];
        for (index, part) in parts.iter_mut().enumerate() {
            if index > 0 && form.has_colons && !rest.is_empty() {
                rest = rest.strip_prefix(b":").ok_or(Wrong::Value)?;
            }
            match rest {
                [] => break,
                [high @ b'0'..=b'9', low @ b'0'..=b'9', after @ ..] => {
                    *part = i32::from(high - b'0') * 10 + i32::from(low - b'0');
                    rest = after;
                }
                _ => {
                    is_wrong = true;
                    break;
                }
            }
        }
        let limits = [
            (24, "time zone offset hour"),
            (60, "time zone offset minute"),
            (60, "time zone offset second"),
        ];
        for (part, (limit, what)) in parts.iter().zip(limits) {
            if *part > limit {
                return Err(Wrong::Range(what));
            }
        }
        if is_wrong {
            return Err(Wrong::Value);
        }
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2];
        self.fields.offset = Some(if *sign == b'+' { offset } else { -offset });
        Ok(())
    }

    fn zone_name(&mut self) -> Parsed<()> {
        if self.rest.starts_with("UTC") {
            self.take(3)?;
            self.fields.is_utc = true;
            return Ok(());
        }
        let length = zone_name_length(self.rest).ok_or(Wrong::Value)?;
        self.fields.zone_name = self.take(length)?.to_owned();
        Ok(())
    }
}

/// The length of what looks like the name of a zone.
fn zone_name_length(text: &str) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with("ChST") || text.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix("GMT") {
        return Some(3 + signed_offset_length(rest));
    }
    if text.starts_with(['+', '-']) {
        return Some(signed_offset_length(text)).filter(|length| *length > 0);
    }
    let upper = text
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_uppercase)
        .count();
    let is_zone = match upper {
        3 => true,
        4 => text.as_bytes()[3] == b'T' || text.starts_with("WITA"),
        5 => text.as_bytes()[4] == b'T',
        _ => false,
    };
    is_zone.then_some(upper)
}

fn signed_offset_length(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(['+', '-']) else {
        return 0;
    };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    match digits[..count].parse::<u64>() {
        Ok(number) if number <= 23 => 1 + count,
        _ => 0,
    }
}
