//! What functions do not compute themselves: randomness and the time.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use chacha20::ChaCha12Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use gotemplate::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cycles::Changed;
use crate::regexp::Regexp;

/// Where randomness and the time come from. The same seed and time give the same answers, keys and
/// certificates too. Made for one rendering and shared by its templates.
pub struct Environment {
    random: RefCell<ChaCha12Rng>,
    now: Timestamp,
    zone: TimeZone,
    /// What may still be spent on work that takes long by design.
    effort: Cell<u32>,
    /// Maps that values were put into.
    pub(crate) changed: Changed,
    patterns: RefCell<HashMap<Rc<str>, Rc<Regexp>, foldhash::fast::FixedState>>,
}

/// What one rendering may spend on keys and hashes of passwords, in about milliseconds.
const EFFORT: u32 = 10_000;

/// Compiled patterns that are kept.
const MAX_PATTERNS: usize = 64;

impl Environment {
    /// Randomness from a seed, at a time. The local time zone is UTC.
    pub fn new(seed: [u8; 32], now: Timestamp) -> Self {
        Self {
            random: RefCell::new(ChaCha12Rng::from_seed(seed)),
            now,
            zone: TimeZone::UTC,
            effort: Cell::new(EFFORT),
            changed: Changed::default(),
            patterns: RefCell::default(),
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

    /// The same with another limit for keys and hashes of passwords, which take long by design: about so many
    /// milliseconds of a processor. 10,000 without this.
    pub fn with_effort(mut self, milliseconds: u32) -> Self {
        self.effort = Cell::new(milliseconds);
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

    /// A pattern that was compiled before.
    pub(crate) fn pattern(&self, pattern: &str) -> Option<Rc<Regexp>> {
        self.patterns.borrow().get(pattern).cloned()
    }

    pub(crate) fn keep_pattern(&self, pattern: Rc<str>, compiled: Rc<Regexp>) {
        let mut patterns = self.patterns.borrow_mut();
        if patterns.len() >= MAX_PATTERNS {
            patterns.clear();
        }
        patterns.insert(pattern, compiled);
    }

    pub(crate) fn with_random<T>(&self, take: impl FnOnce(&mut ChaCha12Rng) -> T) -> T {
        take(&mut self.random.borrow_mut())
    }

    /// Counts work that takes long by design, in about milliseconds.
    pub(crate) fn toil(&self, effort: u32) -> Result<(), Failure> {
        let Some(left) = self.effort.get().checked_sub(effort) else {
            return Err(Failure::limit(
                "too many keys, certificates or hashes of passwords",
            ));
        };
        self.effort.set(left);
        Ok(())
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.random.borrow_mut().fill_bytes(bytes);
    }
}
