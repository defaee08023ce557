//! YAML, as Helm writes and reads it: through `sigs.k8s.io/yaml`, which goes through JSON.

mod emit;
mod read;
mod reread;
mod scalar;
mod sort;
mod timestamp;

pub use read::decode;
pub(crate) use read::{Written, decode_with};

use gotemplate::Value;

pub use crate::plain::{Budget, EncodeError};
pub(crate) use emit::encode_marked;

/// What writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// `toYaml`: through JSON into go-yaml 2. Lists are not indented, long lines are folded.
    #[default]
    Kubernetes,
    /// `toYamlPretty`: go-yaml 3 with two spaces.
    Pretty,
}

/// Writes a value, without the line feed at the end.
///
/// # Errors
/// It has something in it that cannot be said, or the budget is spent.
pub fn encode(value: &Value, style: Style, budget: Budget) -> Result<String, EncodeError> {
    encode_marked(value, style, budget, false).map(|(text, _)| text)
}
