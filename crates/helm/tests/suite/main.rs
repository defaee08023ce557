//! The crate from outside: held against Helm, and what goes beyond Helm.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

#[path = "../common/arguments.rs"]
mod arguments;
#[path = "../../../../fuzz/checks/helm.rs"]
mod checks;
mod folders;
mod given;
mod hostile;
mod large;
#[path = "../common/memory.rs"]
mod memory;
mod oracle;
mod provenance;
mod replay;
