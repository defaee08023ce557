//! The layout of the file: a header, and sections of rows of a fixed width that point into pools.
//!
//! All numbers are little-endian. A text is an offset and a length in the pool of texts. Nothing in the file is trusted:
//! every access is bounded, and a text that is none is empty.
//!
//! ```text
//! 0    magic, 8 bytes · 8 version of the format · 12 day of the data · 16 length of the file
//! 24   zeros · 32 digest · 64 public key · 96 signature · 160 offset and length of each section
//! 512  the sections
//! ```
//! The digest is SHA-256 over all but itself, the public key and the signature.

use sha2::{Digest as _, Sha256};

pub(crate) const MAGIC: [u8; 8] = *b"SWADVDB\n";
/// Raised when a reader of today could misread what is written.
pub(crate) const VERSION: u32 = 1;
pub(crate) const HEADER: usize = 512;
pub(crate) const SECTION_TABLE: usize = 160;
pub(crate) const DIGEST: std::ops::Range<usize> = 32..64;
pub(crate) const PUBLIC_KEY: std::ops::Range<usize> = 64..96;
pub(crate) const SIGNATURE: std::ops::Range<usize> = 96..160;

/// The parts of the file, by their place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Section {
    /// The pool of texts.
    Texts = 0,
    /// The pool of keys of versions.
    Keys = 1,
    /// Rows: name (text), scheme.
    Ecosystems = 2,
    /// Numbers: the first package of each bucket, and the number of packages at the end.
    Buckets = 3,
    /// Rows: hash (8 bytes), name (text), ecosystem, first affected row, number of them.
    Packages = 4,
    /// Rows: advisory, first interval, number of them, first version, number of them, status.
    Affected = 5,
    /// Rows: low key, low text, high key, high text, kind.
    Intervals = 6,
    /// Rows: key, text.
    Versions = 7,
    /// Rows: id (text), group, source, published, modified, score × 100 | severity << 16 | withdrawn << 24, frame, offset,
    /// length.
    Advisories = 8,
    /// Rows: first id, number of them, score × 100 | severity << 16 | exploited << 24, EPSS and its percentile × 10⁶,
    /// day by which exploited flaws are to be fixed.
    Groups = 9,
    /// Texts: the ids of groups.
    GroupIds = 10,
    /// Rows in the order of the ids: id (text), group, advisory or none.
    Ids = 11,
    /// Rows: offset, compressed length, length.
    Frames = 12,
    /// The compressed frames of details.
    Details = 13,
    /// Rows: name (text), records, newest day.
    Sources = 14,
    /// Rows: product (text), cycle (text), day on which it ends, whether it has one.
    Cycles = 15,
}

pub(crate) const SECTIONS: usize = 16;
pub(crate) const TEXT: usize = 8;
pub(crate) const ECOSYSTEM: usize = 12;
pub(crate) const PACKAGE: usize = 28;
pub(crate) const AFFECTED: usize = 24;
pub(crate) const INTERVAL: usize = 36;
pub(crate) const VERSION_ROW: usize = 16;
pub(crate) const ADVISORY: usize = 40;
pub(crate) const GROUP: usize = 24;
pub(crate) const ID: usize = 16;
pub(crate) const FRAME: usize = 12;
pub(crate) const SOURCE: usize = 16;
pub(crate) const CYCLE: usize = 24;

/// No advisory: an id that only others name.
pub(crate) const NONE: u32 = u32::MAX;

/// How an interval begins and ends: two bits each, above the number of the scheme.
pub(crate) mod kind {
    /// It begins before all versions.
    pub(crate) const FROM_START: u32 = 0 << 8;
    /// It begins with its low version.
    pub(crate) const FROM_LOW: u32 = 1 << 8;
    pub(crate) const OPEN: u32 = 0 << 9;
    pub(crate) const FIXED: u32 = 1 << 9;
    pub(crate) const LAST: u32 = 2 << 9;
    pub(crate) const LIMIT: u32 = 3 << 9;
    pub(crate) const HIGH: u32 = 3 << 9;
    /// The interval has no keys: its versions are compared as texts.
    pub(crate) const KEYLESS: u32 = 1 << 11;
}

/// Where a package is looked up; the same on every machine and in every release that writes this version.
pub(crate) fn hash(ecosystem: u32, name: &str) -> u64 {
    // FNV-1a, with the bits of the end mixed into all.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in ecosystem.to_le_bytes().into_iter().chain(name.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The bucket of a hash among a power of two of them.
pub(crate) fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 32) as usize & (buckets - 1)
}

/// The digest of a file; zeros for one without a header.
pub(crate) fn digest(file: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    if let (Some(before), Some(after)) = (file.get(..DIGEST.start), file.get(SIGNATURE.end..)) {
        hasher.update(before);
        hasher.update(after);
    }
    hasher.finalize().into()
}

/// Days since 1970-01-01 of a date that begins with `YYYY-MM-DD`; zero for what is none.
pub(crate) fn day(date: &str) -> u32 {
    let number = |range: std::ops::Range<usize>| {
        date.get(range)
            .and_then(|digits| digits.parse::<i64>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return 0;
    };
    let shifted = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9).rem_euclid(12)) + 2) / 5 + day - 1;
    let days = 365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + day_of_year
        - 719_468;
    u32::try_from(days).unwrap_or(0)
}

/// A day as `YYYY-MM-DD`; nothing for day zero.
pub(crate) fn date(day: u32) -> String {
    if day == 0 {
        return String::new();
    }
    let days = i64::from(day) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn days_and_dates_lead_back() {
        for text in [
            "1970-01-02",
            "2000-02-29",
            "2024-12-31",
            "2026-11-29",
            "2100-03-01",
        ] {
            assert_eq!(date(day(text)), text);
        }
        assert_eq!(day("2000-01-01T00:00:00Z"), 10_957);
        assert_eq!(day("0001-01-01T00:00:00Z"), 0);
        assert_eq!(day("yesterday"), 0);
        assert_eq!(date(0), "");
    }
}
