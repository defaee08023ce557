//! What go-yaml takes for a timestamp, and therefore quotes.

/// Whether a text is a date, or a date with a time, of the forms that go-yaml knows.
pub(super) fn is_timestamp(text: &str) -> bool {
    let mut reader = Reader {
        rest: text.as_bytes(),
    };
    let Some(year) = reader.digits(4, 4) else {
        return false;
    };
    let date = || -> Option<()> {
        reader.byte(b'-')?;
        let month = reader.digits(1, 2)?;
        reader.byte(b'-')?;
        let day = reader.digits(1, 2)?;
        is_day(year, month, day).then_some(())
    };
    let mut date = date;
    if date().is_none() {
        return false;
    }
    match reader.rest {
        [] => true,
        [b'T' | b't', ..] => {
            reader.rest = &reader.rest[1..];
            reader.time().is_some() && reader.zone().is_some() && reader.rest.is_empty()
        }
        [b' ', ..] => {
            reader.rest = reader.rest.trim_ascii_start();
            reader.time().is_some() && reader.rest.is_empty()
        }
        _ => false,
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

struct Reader<'t> {
    rest: &'t [u8],
}

impl Reader<'_> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[wanted])?;
        Some(())
    }

    /// A number of so many digits; further ones are left.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self
            .rest
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Some(
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + u32::from(digit - b'0')),
        )
    }

    /// Hour, minute and second, which may have a fraction.
    fn time(&mut self) -> Option<()> {
        for limit in [24, 60, 60] {
            if limit == 60 {
                self.byte(b':')?;
            }
            if self.digits(1, 2)? >= limit {
                return None;
            }
        }
        if let [b'.' | b',', digit, ..] = self.rest
            && digit.is_ascii_digit()
        {
            self.rest = &self.rest[1..];
            let count = self
                .rest
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            self.rest = &self.rest[count..];
        }
        Some(())
    }

    /// `Z`, or hours and minutes with a sign.
    fn zone(&mut self) -> Option<()> {
        if self.byte(b'Z').is_some() {
            return Some(());
        }
        let [b'+' | b'-', rest @ ..] = self.rest else {
            return None;
        };
        self.rest = rest;
        let hours = self.digits(2, 2)?;
        self.byte(b':')?;
        let minutes = self.digits(2, 2)?;
        (hours <= 24 && minutes < 60).then_some(())
    }
}
