//! Zones: what the clock says there at an instant.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A zone.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    Utc,
    /// One of the world's.
    Region(TimeZone),
    /// Always the same difference from UTC, with a name or none.
    Fixed(String, i32),
}

impl Zone {
    /// The local zone of an environment.
    pub(crate) fn local(zone: &TimeZone) -> Self {
        if *zone == TimeZone::UTC {
            Self::Utc
        } else {
            Self::Region(zone.clone())
        }
    }

    /// The zone of a name, as Go finds it.
    pub(crate) fn named(name: &str, local: &TimeZone) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            "Local" => Some(Self::local(local)),
            _ => {
                let zone = TimeZoneDatabase::bundled().get(name).ok()?;
                // Names of zones are names of files to Go: case counts.
                (zone.iana_name() == Some(name)).then_some(Self::Region(zone))
            }
        }
    }

    /// Seconds that its clock is ahead of UTC.
    pub(crate) fn offset(&self, seconds: i64) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Fixed(_, offset) => *offset,
            Self::Region(zone) => zone.to_offset_info(timestamp(seconds)).offset().seconds(),
        }
    }

    /// What it is called then; may be empty.
    pub(crate) fn name(&self, seconds: i64) -> String {
        match self {
            Self::Utc => "UTC".to_owned(),
            Self::Fixed(name, _) => name.clone(),
            Self::Region(zone) => zone
                .to_offset_info(timestamp(seconds))
                .abbreviation()
                .to_owned(),
        }
    }

    pub(crate) fn is_dst(&self, seconds: i64) -> bool {
        match self {
            Self::Region(zone) => zone.to_offset_info(timestamp(seconds)).dst().is_dst(),
            _ => false,
        }
    }

    /// The instant at which its clock says so many seconds since 1970.
    pub(crate) fn instant(&self, local: i64) -> i64 {
        let guess = local.wrapping_sub(i64::from(self.offset(local)));
        local.wrapping_sub(i64::from(self.offset(guess)))
    }
}

/// Beyond what is known, zones stay as they are at the edge.
fn timestamp(seconds: i64) -> Timestamp {
    let edges = Timestamp::MIN.as_second() + 1..=Timestamp::MAX.as_second() - 1;
    let seconds = seconds.clamp(*edges.start(), *edges.end());
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
