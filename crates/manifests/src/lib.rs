//! Files, folders, globs and standard input as an [`Inventory`](model::Inventory) of Kubernetes objects.
//!
//! Decides what is walked, what counts as Kubernetes, and what is a problem. Renders nothing yet: charts
//! and kustomizations are problems that say so.

mod file;
mod inputs;
mod kustomization;
mod load;
mod looks;
mod paths;
mod problems;
mod read;
#[cfg(test)]
mod tests;
mod walk;

pub use inputs::{Inputs, InvalidExclude, STDIN_NAME};
pub use load::{Loaded, load};
