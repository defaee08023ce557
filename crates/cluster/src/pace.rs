//! How fast the API server is asked.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// How much is asked of the API server.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pace {
    /// Requests a second, on average; what four seconds are worth may come at once.
    pub qps: f64,
    /// Objects that one answer may hold.
    pub page_size: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            qps: 50.0,
            page_size: 500,
        }
    }
}

/// What may come at once: most clusters are read within it.
const BURST: Duration = Duration::from_secs(4);

/// Lets requests through at a pace.
#[derive(Debug)]
pub(crate) struct Gate {
    interval: Duration,
    burst: Duration,
    /// When the requests so far would be through, one after the other.
    booked: Mutex<Instant>,
}

impl Gate {
    pub(crate) fn new(pace: Pace) -> Self {
        let interval = Duration::from_secs_f64(1.0 / pace.qps.clamp(0.01, 100_000.0));
        Gate {
            interval,
            burst: BURST.max(interval),
            booked: Mutex::new(Instant::now()),
        }
    }

    /// Waits until the next request may be made.
    pub(crate) async fn pass(&self) {
        let wait = self.book(Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    fn book(&self, now: Instant) -> Duration {
        let mut booked = match self.booked.lock() {
            Ok(booked) => booked,
            Err(poisoned) => poisoned.into_inner(),
        };
        *booked = (*booked).max(now) + self.interval;
        booked.duration_since(now).saturating_sub(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_seconds_come_at_once_and_the_rest_at_the_pace() {
        let gate = Gate::new(Pace {
            qps: 10.0,
            page_size: 1,
        });
        let now = Instant::now() + Duration::from_secs(1);
        let waits: Vec<u128> = (0..43).map(|_| gate.book(now).as_millis()).collect();
        assert_eq!(waits[..40], [0; 40]);
        assert_eq!(waits[40..], [100, 200, 300]);
        // Five seconds later all of that is over.
        assert_eq!(gate.book(now + Duration::from_secs(5)), Duration::ZERO);
    }
}
