//! Where the time of a scan went, for `cargo xtask bench`.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// A stop watch with named laps.
pub(crate) struct Timings {
    start: Instant,
    last: Instant,
    figures: Map<String, Value>,
    wanted: bool,
}

impl Timings {
    /// Starts at the beginning of the program.
    pub(crate) fn new(start: Instant, wanted: bool) -> Self {
        Timings {
            start,
            last: start,
            figures: Map::new(),
            wanted,
        }
    }

    /// For work that nobody measures.
    pub(crate) fn unwanted() -> Self {
        Timings::new(Instant::now(), false)
    }

    /// Whether somebody will read them.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Ends a phase.
    pub(crate) fn lap(&mut self, phase: &str) {
        let now = Instant::now();
        self.set(phase, now - self.last);
        self.last = now;
    }

    /// Tells the time of a phase that others measured.
    pub(crate) fn set(&mut self, phase: &str, time: Duration) {
        self.figures
            .insert(phase.to_owned(), json!(time.as_secs_f64() * 1000.0));
    }

    /// Tells a count.
    pub(crate) fn count(&mut self, what: &str, number: u64) {
        self.figures.insert(what.to_owned(), json!(number));
    }

    /// Writes milliseconds and counts as JSON.
    pub(crate) fn write(mut self, file: &Path) -> anyhow::Result<()> {
        let total = self.start.elapsed();
        self.set("total", total);
        if let Some(peak) = peak_kilobytes() {
            self.count("peak_rss_kb", peak);
        }
        fs_err::write(file, Value::Object(self.figures).to_string() + "\n")?;
        Ok(())
    }
}

/// The most memory that the process ever had, where the system tells.
fn peak_kilobytes() -> Option<u64> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
