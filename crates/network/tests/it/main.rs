//! The crate from outside: YAML in, answers out.

#![expect(clippy::unwrap_used, reason = "tests say what went wrong by failing")]

mod exposure;
mod malformed;
mod naive;
mod oracle;
mod picture;
mod plugins;
mod policies;
mod references;
mod suggest;
mod world;
