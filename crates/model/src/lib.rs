//! What Seawall's crates talk about: resources, pods and containers, findings, problems, reports.
//!
//! Plain data and views on it. No I/O, no rendering, no serde.

mod inventory;
mod problem;
mod report;
mod severity;

pub use inventory::{Inventory, Resource};
pub use problem::{Location, Problem, ProblemLevel};
pub use report::{
    AppliedException, ControlInfo, ControlResult, Detail, Finding, Fix, FixOperation,
    FrameworkResult, Related, Report, RequirementResult, State, Status, Target,
};
pub use severity::{InvalidVersion, KubernetesVersion, Profile, Severity, UnknownWord};
