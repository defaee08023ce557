//! What controls learn about things beyond their own object, area by area.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

mod names;
mod network;
mod process;
mod rbac;
mod references;
mod references_at_random;
