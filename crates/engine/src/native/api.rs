//! APIs that the assumed version no longer or not yet serves, or that are announced to go.

use model::Resource;
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

/// The API that an object is written in, when the assumed version is too old for it.
pub(super) fn ahead(
    mismatch: &Mismatch<'_, '_, '_>,
    resource: &Resource,
    since: Option<u32>,
    instead: Option<&str>,
) -> Option<NativeFinding> {
    let group = resource.group();
    let instead = instead.map(|version| match group {
        "" => version.to_owned(),
        _ => format!("{group}/{version}"),
    });
    Some(NativeFinding {
        native: Native::UnservedApi,
        node: mismatch.node.id(),
        words: vec![
            ("kind", resource.kind.to_string()),
            ("version", resource.api_version.to_string()),
            ("release", release(Some(since?))),
            ("replacement", instead.unwrap_or_default()),
        ],
    })
}

fn release(minor: Option<u32>) -> String {
    minor.map_or_else(String::new, |minor| format!("1.{minor}"))
}

fn words(lifecycle: &Lifecycle, minor: Option<u32>) -> Vec<(&'static str, String)> {
    vec![
        ("kind", lifecycle.kind.to_owned()),
        ("version", lifecycle.api_version.to_owned()),
        ("release", release(minor)),
        ("replacement", lifecycle.replacement.to_owned()),
    ]
}
