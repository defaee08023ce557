//! Graphs like those that people have, for tests, benches and looking at.

#[path = "samples/network.rs"]
pub(crate) mod network;
#[path = "samples/paths.rs"]
pub(crate) mod paths;
#[path = "samples/random.rs"]
pub(crate) mod random;
#[path = "samples/rbac.rs"]
pub(crate) mod rbac;
