//! RFC 3339 instants, ordered in time whatever their offset. What is none comes before all, by its text.

use crate::bytes::text;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    if let Some((seconds, fraction)) = instant(version) {
        out.push(1);
        out.extend_from_slice(&(seconds.cast_unsigned() ^ (1 << 63)).to_be_bytes());
        let end = fraction
            .iter()
            .rposition(|&d| d != b'0')
            .map_or(0, |last| last + 1);
        text(out, &fraction[..end]);
    } else {
        out.push(0);
        text(out, version);
    }
}

/// Seconds since 1970 and the digits of the fraction of one. The letters may be lower case, as RFC 3339 allows.
fn instant(text: &[u8]) -> Option<(i64, &[u8])> {
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T' | b't' | b' ',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        rest @ ..,
    ] = text
    else {
        return None;
    };
    let year = decimal(&[*y1, *y2, *y3, *y4])?;
    let month = decimal(&[*m1, *m2]).filter(|m| (1..=12).contains(m))?;
    let day = decimal(&[*d1, *d2]).filter(|d| (1..=31).contains(d))?;
    let hour = decimal(&[*h1, *h2]).filter(|h| *h < 24)?;
    let minute = decimal(&[*n1, *n2]).filter(|m| *m < 60)?;
    let second = decimal(&[*s1, *s2]).filter(|s| *s <= 60)?;
    let (fraction, zone) = match rest {
        [b'.', rest @ ..] => {
            let end = rest.iter().position(|b| !b.is_ascii_digit())?;
            (&rest[..end], &rest[end..])
        }
        _ => (&rest[..0], rest),
    };
    let offset = match zone {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let minutes = decimal(&[*h1, *h2])? * 60 + decimal(&[*m1, *m2])?;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
    Some((seconds, fraction))
}

fn decimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, d| {
        d.is_ascii_digit().then(|| value * 10 + i64::from(d - b'0'))
    })
}

/// Days since 1970-01-01 of a date in the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}
