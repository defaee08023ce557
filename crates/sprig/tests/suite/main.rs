//! The functions from outside: held against Helm's, and what goes beyond them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test"
)]

mod cycles;
mod limits;
mod oracle;
mod provenance;
mod random;
