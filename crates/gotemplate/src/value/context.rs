//! What a function may do with the execution that calls it.

use std::rc::Rc;

use super::Value;
use crate::edit::Edit;
use crate::error::Failure;
use crate::limits::Limits;
use crate::origin::Origin;

/// The execution that calls a function: it can execute further templates under the same limits, and say
/// what decided its result.
pub trait Context {
    /// The template that is being executed.
    fn template_name(&self) -> &Rc<str>;

    /// Whether a template of this name can be executed.
    fn contains(&self, name: &str) -> bool;

    /// The limits of this execution.
    fn limits(&self) -> &Limits;

    /// Bytes that may still be written or made.
    fn remaining_bytes(&self) -> usize;

    /// Whether provenance is kept.
    fn is_tracing(&self) -> bool;

    /// Executes a template of the set. Its text is the result, every byte with its own provenance.
    ///
    /// # Errors
    /// The template's own error, which a function usually passes on.
    fn execute(&mut self, name: &str, data: &Value) -> Result<Value, Failure>;

    /// Parses a text as a template of this name and executes it. Templates that it defines are known
    /// until it ends.
    ///
    /// # Errors
    /// What is wrong with the text, or went wrong in it.
    fn execute_text(
        &mut self,
        name: &Rc<str>,
        text: &Value,
        data: &Value,
    ) -> Result<Value, Failure>;

    /// What these decided together.
    fn union(&mut self, origins: &[Origin]) -> Origin;

    /// What decided something that is made of a value but is not its text: of a rendered text, all that
    /// decided any byte of it.
    fn mixed(&mut self, origin: Origin) -> Origin;

    /// A value that something else decided, too. A rendered text keeps the provenance of its bytes.
    fn decided(&mut self, value: Value, by: Origin) -> Value;

    /// Begins a text that is made of pieces of a value's text.
    fn edit(&self) -> Edit;

    /// The text that was made of pieces of `input`. Bytes that were kept keep their provenance, and so do
    /// rendered texts that were put in whole.
    fn edited(&mut self, input: &Value, edit: Edit) -> Value;

    /// Whether the bytes of a text have provenance of their own, so that [`edit`](Self::edit) is worth it.
    fn is_rendered(&self, value: &Value) -> bool;

    /// Counts work that a function does, in nodes walked.
    ///
    /// # Errors
    /// The limit is reached.
    fn spend(&mut self, steps: u64) -> Result<(), Failure>;

    /// Counts bytes that a function is about to make. Its result is counted anyway.
    ///
    /// # Errors
    /// The limit is reached.
    fn reserve(&mut self, bytes: usize) -> Result<(), Failure>;
}
