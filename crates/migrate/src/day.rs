//! The last day on which an exception holds. Others count in instants; an exception of ours holds for whole
//! days, and never longer than theirs did.

use jiff::civil::Date;
use jiff::{Timestamp, tz};

/// The last day before an instant `YYYY-MM-DD` at midnight, as Trivy reads one.
pub(crate) fn before(day: &str) -> Option<String> {
    let date = plain(day)?;
    Some(date.yesterday().ok()?.to_string())
}

/// The last whole day, in UTC, before an instant as RFC 3339 writes it.
pub(crate) fn before_instant(text: &str) -> Option<String> {
    if catalog::is_date(text) {
        return before(text);
    }
    let instant: Timestamp = text.parse().ok()?;
    let time = tz::Offset::UTC.to_datetime(instant);
    let last_minute = time.hour() == 23 && time.minute() == 59;
    let date = if last_minute {
        time.date()
    } else {
        time.date().yesterday().ok()?
    };
    (1..=9999).contains(&date.year()).then(|| date.to_string())
}

fn plain(day: &str) -> Option<Date> {
    if !catalog::is_date(day) {
        return None;
    }
    let date: Date = day.parse().ok()?;
    (1..=9999).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::{before, before_instant};

    #[test]
    fn an_instant_ends_the_day_before() {
        assert_eq!(before("2027-03-01").as_deref(), Some("2027-02-28"));
        assert_eq!(before("2027-02-30"), None);
        assert_eq!(before("0000-01-01"), None);
        let cases = [
            ("2027-03-01", Some("2027-02-28")),
            ("2027-03-01T00:00:00Z", Some("2027-02-28")),
            ("2027-03-01T12:00:00Z", Some("2027-02-28")),
            ("2027-03-01T23:59:59Z", Some("2027-03-01")),
            ("2027-03-01T23:59:59.999+02:00", Some("2027-02-28")),
            ("2027-03-01T22:59:59-01:00", Some("2027-03-01")),
            ("soon", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(before_instant(text).as_deref(), expected, "{text}");
        }
    }
}
