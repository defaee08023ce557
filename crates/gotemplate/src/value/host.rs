//! Objects of the caller that templates look into.

use std::any::Any;

use super::{Context, Signature, Value};
use crate::error::Failure;

/// A Go value that is neither a basic one nor a plain slice or map: a struct, or anything with methods.
///
/// `.name` is a method if [`method`](Self::method) knows it, else a field, else a key of the
/// [`underlying`](Self::underlying) map.
pub trait Host {
    /// As `%T` prints it. A pointer to a struct begins with `*`.
    fn type_name(&self) -> &str;

    /// How a method is called; `None` if there is no such method.
    fn method(&self, name: &str) -> Option<&Signature> {
        let _ = name;
        None
    }

    /// Calls a method that [`method`](Self::method) knows, with arguments that fit its signature.
    ///
    /// # Errors
    /// What the template's error says after `error calling NAME`.
    fn call(
        &self,
        name: &str,
        context: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        let _ = (context, arguments);
        Err(Failure::new(format!("no method {name}")))
    }

    /// A field of a struct.
    fn field(&self, name: &str) -> Option<Value> {
        self.fields()
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// All fields of a struct in order, as they print.
    fn fields(&self) -> Vec<(&str, Value)> {
        Vec::new()
    }

    /// The slice, map or number that it is, apart from having methods. A struct has none.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// Its text, if it has a `String` method.
    fn text(&self) -> Option<String> {
        None
    }

    /// Its text, if only a pointer to it has a `String` method: what an action writes, but no function.
    fn text_of_pointer(&self) -> Option<String> {
        None
    }

    /// Itself, for whoever made it to look at.
    fn as_any(&self) -> Option<&dyn Any> {
        None
    }

    /// What encoders write in its place, if it has methods for them (`MarshalJSON`, `MarshalText`).
    fn encoded(&self) -> Option<Value> {
        None
    }
}
