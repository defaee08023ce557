//! Node.js: what npm and its relatives lock and install.

mod bun_lock;
mod deno_lock;
mod manifest;
mod npm_lock;
mod package_json;
mod pnpm_lock;
mod yarn_lock;

use document::{Kind, NodeRef};

use crate::list;
use crate::package::Package;
use crate::reader::Reader;
use crate::text::Node;

pub(super) const READERS: &[Reader] = &[
    npm_lock::READER,
    yarn_lock::READER,
    pnpm_lock::READER,
    bun_lock::READER,
    deno_lock::READER,
    package_json::READER,
    manifest::READER,
];

/// A package by its name with its scope.
fn package(name: &str, version: &str) -> Option<Package> {
    list::pathed("npm", name, version)
}

/// Name and what follows the `@` after it; a scope's `@` comes before.
fn parted(text: &str) -> Option<(&str, &str)> {
    let from = usize::from(text.starts_with('@'));
    let at = text.get(from..)?.find('@')? + from;
    Some((&text[..at], &text[at + 1..]))
}

/// What stands under `license` or `licenses`: a text, an object with a type, or several of them.
fn licenses(node: NodeRef<'_>) -> Vec<String> {
    let Some(found) = node.get_str("license").or_else(|| node.get_str("licenses")) else {
        return Vec::new();
    };
    let one = |node: NodeRef<'_>| match node.kind() {
        Kind::Mapping => node.word_at("type").map(str::to_owned),
        _ => node.word().map(str::to_owned),
    };
    let all: Vec<_> = match found.kind() {
        Kind::Sequence => found.items().filter_map(one).collect(),
        _ => one(found).into_iter().collect(),
    };
    all.into_iter().filter(|text| !text.is_empty()).collect()
}
