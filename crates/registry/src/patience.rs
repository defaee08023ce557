//! How often, and after which pauses, something is asked for again.

use std::time::Duration;

/// How long faults are borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Requests until a fault is told.
    pub tries: u32,
    /// The pause after the first fault; each further one is twice as long, up to half as long again by chance, so that many
    /// who were turned away do not come back together.
    pub first: Duration,
    /// A server that asks for a longer pause is not waited for.
    pub most: Duration,
    /// Silence on a connection after which it counts as cut.
    pub silence: Duration,
    /// How long one blob may take.
    pub blob: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 5,
            first: Duration::from_millis(500),
            most: Duration::from_mins(1),
            silence: Duration::from_secs(30),
            blob: Duration::from_hours(1),
        }
    }
}

impl Patience {
    /// The pause after the `fault`th fault, counted from 1.
    pub(crate) fn pause(&self, fault: u32) -> Duration {
        let pause = self
            .first
            .saturating_mul(1 << fault.saturating_sub(1).min(16));
        let pause = pause.min(self.most);
        // Without chance the pause is only regular.
        let chance = getrandom::u32().unwrap_or(0);
        pause + pause.mul_f64(f64::from(chance) / f64::from(u32::MAX) / 2.0)
    }
}

/// The pause of `Retry-After`, in seconds. Dates are not read: hardly any registry sends one, and its clock is not ours.
pub(crate) fn retry_after(headers: &ureq::http::HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Patience;

    #[test]
    fn pauses_double_and_differ_up_to_the_most() {
        let patience = Patience {
            most: Duration::from_secs(3),
            ..Patience::default()
        };
        for (fault, least) in [(1, 500), (2, 1000), (3, 2000), (4, 3000), (40, 3000)] {
            let pause = patience.pause(fault);
            let least = Duration::from_millis(least);
            assert!(
                pause >= least && pause <= least.mul_f64(1.5),
                "{fault}: {pause:?}"
            );
        }
    }
}
