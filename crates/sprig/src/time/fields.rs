//! The parts of a time that a text has, and the time that they mean.

use jiff::tz::TimeZone;

use super::{DAY, Moment, Zone, days_before, days_in, is_leap};

/// What has been read.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) year: i64,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) year_day: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanoseconds: u32,
    pub(super) is_pm: bool,
    pub(super) is_am: bool,
    pub(super) is_utc: bool,
    pub(super) offset: Option<i32>,
    pub(super) zone_name: String,
}

impl Fields {
    /// The month and day that are meant.
    fn date(&self) -> Result<(i64, i64), &'static str> {
        let Some(year_day) = self.year_day else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let last = if is_leap(self.year) { 366 } else { 365 };
        if !(1..=last).contains(&year_day) {
            return Err("day-of-year out of range");
        }
        let mut month = 1;
        let mut day = year_day;
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }

    /// The time. Without a zone in the text, it is one of the local zone.
    pub(super) fn moment(mut self, local: &TimeZone) -> Result<Moment, &'static str> {
        if self.is_pm && self.hour < 12 {
            self.hour += 12;
        } else if self.is_am && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = self.date()?;
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let days = days_before(self.year, month, day);
        let clock = days * DAY + self.hour * 3600 + self.minute * 60 + self.second;
        let moment = |seconds: i64, zone: Zone| Moment {
            seconds,
            nanoseconds: self.nanoseconds,
            zone,
        };
        let local = Zone::local(local);
        if self.is_utc {
            return Ok(moment(clock, Zone::Utc));
        }
        if let Some(offset) = self.offset {
            let seconds = clock - i64::from(offset);
            let name = local.name(seconds);
            let is_local = local.offset(seconds) == offset
                && (self.zone_name.is_empty() || self.zone_name == name);
            let zone = if is_local {
                local
            } else {
                Zone::Fixed(self.zone_name.clone(), offset)
            };
            return Ok(moment(seconds, zone));
        }
        if self.zone_name.is_empty() {
            return Ok(moment(local.instant(clock), local));
        }
        let instant = local.instant(clock);
        if local.name(instant) == self.zone_name {
            return Ok(moment(instant, local));
        }
        // A name that says nothing, unless it says the hours itself.
        let hours = self.zone_name.strip_prefix("GMT").unwrap_or_default();
        let offset = hours.parse::<i32>().unwrap_or(0) * 3600;
        Ok(moment(clock, Zone::Fixed(self.zone_name.clone(), offset)))
    }
}
