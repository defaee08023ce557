//! The table of phases.

use crate::bench::run::{Measurement, PHASES};
use crate::workspace::say;

/// Prints milliseconds by phase, one row a measurement. Read and parse run in parallel, so their
/// figures are summed over threads and may exceed the total.
pub(super) fn print(rows: &[(&str, &Measurement)]) {
    let head: String = PHASES.iter().map(|phase| format!("{phase:>10}")).collect();
    say(&format!(
        "  {:<18}{head}{:>10}{:>10}   (ms)",
        "", "wall", "MB/s"
    ));
    for (name, measured) in rows {
        let phases: String = PHASES
            .iter()
            .map(|phase| format!("{:>10.2}", measured.phase(phase)))
            .collect();
        let rate = measured.bytes / 1e6 / (measured.wall_ms / 1000.0);
        say(&format!(
            "  {name:<18}{phases}{:>10.2}{rate:>10.1}",
            measured.wall_ms
        ));
    }
}
