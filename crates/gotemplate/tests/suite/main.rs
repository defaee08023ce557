//! The crate from outside: held against Go, and what goes beyond Go.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test"
)]

#[path = "../../../../fuzz/checks/gotemplate.rs"]
mod checks;
mod functions;
mod lazy;
mod limits;
mod oracle;
mod provenance;
mod random;
mod replay;
mod session;
