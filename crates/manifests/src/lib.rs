//! Files, folders, globs and standard input as an [`Inventory`](model::Inventory) of Kubernetes objects.
//!
//! Decides what is walked, what counts as Kubernetes, what is rendered, and what is a problem.

mod ahead;
mod candidates;
mod charts;
mod disk;
mod file;
mod gitops;
mod inputs;
mod kustomization;
mod load;
mod looks;
mod paths;
mod print;
mod problems;
mod read;
mod rendering;
#[cfg(test)]
mod tests;
mod walk;

pub use charts::ChartOptions;
pub use file::Texts;
pub use helm::{Flag, FlagKind};
pub use inputs::{Inputs, InvalidExclude, STDIN_NAME};
pub use load::{Loaded, load, load_dockerfiles};
pub use print::{Printed, render};
