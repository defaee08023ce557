//! The crate from outside: held against Helm, and what goes beyond Helm.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test"
)]

#[path = "../../../../fuzz/checks/sprig.rs"]
mod checks;
mod cycles;
mod limits;
mod oracle;
mod properties;
mod provenance;
mod random;
mod replay;
