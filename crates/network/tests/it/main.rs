//! The crate from outside: YAML in, answers out.

mod exposure;
mod malformed;
mod naive;
mod plugins;
mod policies;
mod world;
