//! The format of `printf`: flags, widths, precisions and the numbers of arguments.

use super::{Flags, Printer};
use crate::value::{Data, Value};

/// Widths and precisions beyond this are errors.
const MAX_NUMBER: usize = 1_000_000;

pub(super) fn print(printer: &mut Printer, format: &str, values: &[Value]) {
    let mut reader = Reader {
        format: format.as_bytes(),
        at: 0,
        argument: 0,
        reordered: false,
        is_good: true,
        values,
    };
    while !printer.is_too_long && printer.out.len() <= printer.limit {
        let start = reader.at;
        reader.at = memchr::memchr(b'%', &reader.format[start..])
            .map_or(format.len(), |length| start + length);
        printer.out.push_str(&format[start..reader.at]);
        if reader.at >= format.len() {
            break;
        }
        reader.at += 1;
        if !one_verb(printer, &mut reader, format) {
            break;
        }
    }
    printer.flags = Flags::default();
    if !reader.reordered && reader.argument < values.len() {
        extra(printer, &values[reader.argument..]);
    }
}

fn extra(printer: &mut Printer, values: &[Value]) {
    printer.out.push_str("%!(EXTRA ");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            printer.out.push_str(", ");
        }
        if value.is_nil() {
            printer.out.push_str("<nil>");
        } else {
            printer.out.push_str(&value.type_name());
            printer.out.push('=');
            printer.argument(value, 'v');
        }
    }
    printer.out.push(')');
}

/// Prints what follows a percent sign. False if the format ends there.
fn one_verb(printer: &mut Printer, reader: &mut Reader<'_>, format: &str) -> bool {
    printer.flags = Flags::default();
    reader.is_good = true;
    let mut after_index;
    reader.flags(&mut printer.flags);
    after_index = reader.number_of_argument();
    if reader.take(b'*') {
        width_from_argument(printer, reader);
        after_index = false;
    } else {
        printer.flags.width = reader.number();
        if after_index && printer.flags.width.is_some() {
            reader.is_good = false;
        }
    }
    if reader.at + 1 < reader.format.len() && reader.format[reader.at] == b'.' {
        reader.at += 1;
        if after_index {
            reader.is_good = false;
        }
        after_index = reader.number_of_argument();
        if reader.take(b'*') {
            let precision = reader.int_argument();
            printer.flags.precision = precision.and_then(|value| usize::try_from(value).ok());
            if printer.flags.precision.is_none() {
                printer.out.push_str("%!(BADPREC)");
            }
            after_index = false;
        } else {
            printer.flags.precision = Some(reader.number().unwrap_or(0));
        }
    }
    if !after_index {
        reader.number_of_argument();
    }
    let Some(verb) = format.get(reader.at..).and_then(|rest| rest.chars().next()) else {
        printer.out.push_str("%!(NOVERB)");
        return false;
    };
    reader.at += verb.len_utf8();
    apply(printer, reader, verb);
    true
}

fn width_from_argument(printer: &mut Printer, reader: &mut Reader<'_>) {
    let width = reader.int_argument();
    if width.is_none() {
        printer.out.push_str("%!(BADWIDTH)");
    }
    if width.is_some_and(|width| width < 0) {
        printer.flags.minus = true;
        printer.flags.zero = false;
    }
    printer.flags.width = width.map(|width| width.unsigned_abs() as usize);
}

fn apply(printer: &mut Printer, reader: &mut Reader<'_>, verb: char) {
    if verb == '%' {
        printer.out.push('%');
        return;
    }
    let complain = |printer: &mut Printer, what: &str| {
        printer.out.push_str("%!");
        printer.out.push(verb);
        printer.out.push_str(what);
    };
    if !reader.is_good {
        return complain(printer, "(BADINDEX)");
    }
    let Some(value) = reader.values.get(reader.argument) else {
        return complain(printer, "(MISSING)");
    };
    if matches!(verb, 'v' | 'w') {
        let flags = &mut printer.flags;
        flags.sharp_v = std::mem::replace(&mut flags.sharp, false);
        flags.plus_v = std::mem::replace(&mut flags.plus, false);
    }
    printer.argument(value, verb);
    reader.argument += 1;
}

struct Reader<'f> {
    format: &'f [u8],
    at: usize,
    argument: usize,
    /// An argument was named by number: then nobody counts which were used.
    reordered: bool,
    /// The numbers of arguments in this verb make sense.
    is_good: bool,
    values: &'f [Value],
}

impl Reader<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let found = self.format.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn flags(&mut self, flags: &mut Flags) {
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// Decimal digits. A number that is much too large swallows the rest of the format, as in Go.
    fn number(&mut self) -> Option<usize> {
        let end = self.format.len();
        let (number, at) = parse_number(self.format, self.at, end);
        self.at = at;
        number
    }

    fn int_argument(&mut self) -> Option<i64> {
        let value = self.values.get(self.argument)?;
        self.argument += 1;
        let number = match value.data() {
            Data::Int(number, _) => *number,
            Data::Uint(number, _) => i64::try_from(*number).ok()?,
            _ => return None,
        };
        (number.unsigned_abs() <= MAX_NUMBER as u64).then_some(number)
    }

    /// Reads `[n]` and says whether there was one.
    fn number_of_argument(&mut self) -> bool {
        if self.format.get(self.at) != Some(&b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(close) = memchr::memchr(b']', rest).filter(|_| rest.len() >= 3) else {
            self.is_good = false;
            self.at += 1;
            return false;
        };
        let (number, end) = parse_number(rest, 1, close);
        self.at += close + 1;
        let Some(number) = number.filter(|_| end == close) else {
            self.is_good = false;
            return false;
        };
        if number == 0 || number > self.values.len() {
            self.is_good = false;
            return true;
        }
        self.argument = number - 1;
        true
    }
}

fn parse_number(text: &[u8], start: usize, end: usize) -> (Option<usize>, usize) {
    let mut number = None;
    let mut at = start;
    while at < end && text[at].is_ascii_digit() {
        let before = number.unwrap_or(0);
        if before > MAX_NUMBER {
            return (None, end);
        }
        number = Some(before * 10 + usize::from(text[at] - b'0'));
        at += 1;
    }
    (number, at.min(end.max(start)))
}
