//! What CEL cannot say: one family of controls per file.

mod api;
mod duplicate;
mod fields;

pub(crate) use self::fields::noun;

use document::NodeId;
use model::Resource;
use schema::{MismatchKind, Outcome, Validator};

/// A native implementation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Native {
    UnknownField,
    WrongType,
    MissingRequiredField,
    RemovedApi,
    DeprecatedApi,
    UnservedApi,
    DuplicateKey,
}

/// One failing place that a native implementation found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NativeFinding {
    pub(crate) native: Native,
    pub(crate) node: NodeId,
    /// What `item` has in the message: name and value.
    pub(crate) words: Vec<(&'static str, String)>,
}

/// What all native implementations say about one resource: the schema is asked once for all of them.
#[derive(Debug, Default)]
pub(crate) struct NativeFindings {
    found: Vec<NativeFinding>,
    /// Whether the schema knows the resource's kind.
    is_known: bool,
}

impl NativeFindings {
    pub(crate) fn new(validator: &Validator<'_>, resource: &Resource) -> Self {
        let mut found = Vec::new();
        let outcome = validator.validate(resource.object(), &mut |mismatch| {
            let finding = match mismatch.kind {
                MismatchKind::UnknownField { .. } => fields::unknown_field(&mismatch),
                MismatchKind::WrongType { .. } | MismatchKind::WrongFormat { .. } => {
                    fields::wrong_type(&mismatch)
                }
                MismatchKind::RemovedApi(_) | MismatchKind::DeprecatedApi(_) => api::end(&mismatch),
                MismatchKind::UnservedApi { since, instead, .. } => {
                    api::ahead(&mismatch, resource, since, instead)
                }
                MismatchKind::MissingRequired { .. } => fields::missing_required(&mismatch),
                MismatchKind::RepeatedKey { name } => {
                    Some(duplicate::repeated(mismatch.node, name))
                }
            };
            found.extend(finding);
        });
        let is_known = matches!(outcome, Outcome::Validated(_));
        if !is_known {
            duplicate::find(resource.object(), &mut found);
        }
        NativeFindings { found, is_known }
    }

    /// The findings of one implementation; `None` where it cannot say anything.
    pub(crate) fn of(&self, native: Native) -> Option<impl Iterator<Item = &NativeFinding>> {
        let found = self
            .found
            .iter()
            .filter(move |finding| finding.native == native);
        let applies = self.is_known || native == Native::DuplicateKey;
        (applies || found.clone().next().is_some()).then_some(found)
    }

    /// Whether the schema says of a node that it does not belong there.
    pub(crate) fn contradicts(&self, node: NodeId) -> bool {
        let wrong =
            |finding: &NativeFinding| finding.node == node && finding.native == Native::WrongType;
        !self.is_known || self.found.iter().any(wrong)
    }
}

/// The first place where an object contradicts its schema so that expressions can fail on it, and how.
pub(crate) fn contradiction(
    validator: &Validator<'_>,
    resource: &Resource,
) -> Option<(NodeId, String)> {
    let mut first = None;
    validator.validate(resource.object(), &mut |mismatch| {
        let fails = matches!(
            mismatch.kind,
            MismatchKind::WrongType { .. } | MismatchKind::MissingRequired { .. }
        );
        if fails && first.is_none() {
            first = Some((mismatch.node.id(), mismatch.kind.to_string()));
        }
    });
    first
}

/// The field names of the schema: for the keys of a scan, where they must come first.
pub(crate) fn schema_names() -> impl Iterator<Item = &'static str> {
    schema::names()
}

impl Native {
    /// The implementation behind a name of `catalog::NATIVE_NAMES`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "unknown-field" => Native::UnknownField,
            "wrong-type" => Native::WrongType,
            "missing-required-field" => Native::MissingRequiredField,
            "removed-api" => Native::RemovedApi,
            "deprecated-api" => Native::DeprecatedApi,
            "unserved-api" => Native::UnservedApi,
            "duplicate-key" => Native::DuplicateKey,
            _ => return None,
        })
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
