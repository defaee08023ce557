//! What functions do not compute themselves: randomness and the time.

use std::cell::RefCell;

use chacha20::ChaCha12Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Where randomness and the time come from. The same seed and time give the same answers, keys and
/// certificates too. Made for one rendering and shared by its templates.
pub struct Environment {
    random: RefCell<ChaCha12Rng>,
    now: Timestamp,
    zone: TimeZone,
}

impl Environment {
    /// Randomness from a seed, at a time. The local time zone is UTC.
    pub fn new(seed: [u8; 32], now: Timestamp) -> Self {
        Self {
            random: RefCell::new(ChaCha12Rng::from_seed(seed)),
            now,
            zone: TimeZone::UTC,
        }
    }

    /// Randomness from a number, at the start of Unix time.
    pub fn seeded(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self::new(bytes, Timestamp::UNIX_EPOCH)
    }

    /// The same with another local time zone.
    pub fn with_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// The time that it is.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The local time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A number below a bound that is not 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        // Numbers above the last multiple of the bound would make small ones more likely.
        let mut random = self.random.borrow_mut();
        let limit = u64::MAX - (u64::MAX % bound + 1) % bound;
        loop {
            let number = random.next_u64();
            if number <= limit {
                return number % bound;
            }
        }
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.random.borrow_mut().fill_bytes(bytes);
    }
}
