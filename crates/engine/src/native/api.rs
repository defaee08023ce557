//! APIs that the assumed version no longer serves, or that are announced to go.

use schema::{Lifecycle, Mismatch, MismatchKind};

use super::{Native, NativeFinding};

/// The end of the API that an object is written in.
pub(super) fn end(mismatch: &Mismatch<'_, '_, '_>) -> Option<NativeFinding> {
    let (native, lifecycle, release) = match mismatch.kind {
        MismatchKind::RemovedApi(lifecycle) => (Native::RemovedApi, lifecycle, lifecycle.removed),
        MismatchKind::DeprecatedApi(lifecycle) => {
            (Native::DeprecatedApi, lifecycle, lifecycle.deprecated)
        }
        _ => return None,
    };
    Some(NativeFinding {
        native,
        node: mismatch.node.id(),
        words: words(&lifecycle, release),
    })
}

fn words(lifecycle: &Lifecycle, release: Option<u32>) -> Vec<(&'static str, String)> {
    let release = release.map_or_else(String::new, |minor| format!("1.{minor}"));
    vec![
        ("kind", lifecycle.kind.to_owned()),
        ("version", lifecycle.api_version.to_owned()),
        ("release", release),
        ("replacement", lifecycle.replacement.to_owned()),
    ]
}
