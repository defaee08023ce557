//! Fields that do not exist, and values that do not fit their field.

use document::{Kind, Step};
use schema::{Hint, Mismatch, MismatchKind};

use super::{Native, NativeFinding};

/// A field that does not exist, with the one that may have been meant.
pub(super) fn unknown_field(mismatch: &Mismatch<'_, '_, '_>) -> Option<NativeFinding> {
    let MismatchKind::UnknownField { name, hint, .. } = mismatch.kind else {
        return None;
    };
    let suggestion = match hint {
        Some(Hint::Spelling(near)) => near.to_owned(),
        Some(Hint::Below(field)) => format!("{field}.{name}"),
        Some(Hint::Above) | None => String::new(),
    };
    Some(NativeFinding {
        native: Native::UnknownField,
        node: mismatch.node.id(),
        words: vec![("field", name.to_owned()), ("suggestion", suggestion)],
    })
}

/// A value that the API server cannot decode into its field.
pub(super) fn wrong_type(mismatch: &Mismatch<'_, '_, '_>) -> Option<NativeFinding> {
    let (expected, found) = match mismatch.kind {
        MismatchKind::WrongType { expected, found } => (expected, noun(found)),
        // What stands there is not shown: it may be part of a secret.
        MismatchKind::WrongFormat { expected } => (expected, "malformed"),
        _ => return None,
    };
    Some(NativeFinding {
        native: Native::WrongType,
        node: mismatch.node.id(),
        words: vec![
            ("field", field(mismatch)),
            ("expected", expected.to_string()),
            ("found", found.to_owned()),
        ],
    })
}

/// A field that the API server demands.
pub(super) fn missing_required(mismatch: &Mismatch<'_, '_, '_>) -> Option<NativeFinding> {
    let MismatchKind::MissingRequired { name } = mismatch.kind else {
        return None;
    };
    Some(NativeFinding {
        native: Native::MissingRequiredField,
        node: mismatch.node.id(),
        words: vec![("field", name.to_owned())],
    })
}

/// The last key of the path, with the index behind it where there is one.
fn field(mismatch: &Mismatch<'_, '_, '_>) -> String {
    let mut path = mismatch.path();
    let is_key = |step: &Step| matches!(step, Step::Key(_));
    let last_key = path.0.iter().rposition(is_key).unwrap_or(0);
    path.0.drain(..last_key);
    path.to_string()
}

/// What a node is, in words.
pub(crate) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Int | Kind::Uint | Kind::Float => "a number",
        Kind::String => "a string",
        Kind::Sequence => "a list",
        Kind::Mapping => "a mapping",
    }
}
