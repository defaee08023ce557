//! What CEL cannot say: one family of controls per file.

use document::NodeId;

use crate::compiled::Compiled;
use crate::engine::Engine;
use model::Resource;

/// A native implementation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Native {
    UnknownField,
    WrongType,
    RemovedApi,
    DeprecatedApi,
    DuplicateKey,
}

/// One failing place that a native implementation found, with the words for its message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NativeFinding {
    pub(crate) node: NodeId,
    /// What `item` has in the message: name and value.
    pub(crate) words: Vec<(&'static str, String)>,
}

/// The field names of the schema: for the keys of a scan.
pub(crate) fn schema_names() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

impl Native {
    /// The implementation behind a name of `catalog::NATIVE_NAMES`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "unknown-field" => Native::UnknownField,
            "wrong-type" => Native::WrongType,
            "removed-api" => Native::RemovedApi,
            "deprecated-api" => Native::DeprecatedApi,
            "duplicate-key" => Native::DuplicateKey,
            _ => return None,
        })
    }

    /// The failing places of a resource; `None` where the control does not apply.
    pub(crate) fn run(
        self,
        engine: &Engine,
        control: &Compiled,
        resource: &Resource,
    ) -> Option<Vec<NativeFinding>> {
        let _ = (engine, control, resource);
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::Native;

    #[test]
    fn every_declared_name_has_an_implementation() {
        for name in catalog::NATIVE_NAMES {
            assert!(Native::from_name(name).is_some(), "{name}");
        }
    }
}
