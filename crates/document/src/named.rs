//! Chooses between YAML and JSON as kubectl does.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use crate::error::Parsed;
use crate::json::parse_json;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::source::Source;
use crate::yaml::parse_yaml;

/// Reads a file as what its name and its beginning say: JSON is taken for JSON under any name when it begins as an object,
/// and as a list, which may be flow YAML, only where the name says nothing.
pub fn parse_named(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    let extension = Path::new(source.name()).extension();
    let is = |wanted| extension.is_some_and(|own: &OsStr| own.eq_ignore_ascii_case(wanted));
    if is("json") {
        return parse_json(source, keys, limits);
    }
    let begins: &[char] = if is("yaml") || is("yml") {
        &['{']
    } else {
        &['{', '[']
    };
    if source.text().trim_start().starts_with(begins) {
        let parsed = parse_json(Arc::clone(&source), keys, limits);
        if parsed.errors.is_empty() {
            return parsed;
        }
    }
    parse_yaml(source, keys, limits)
}
