//! Which texts may be secrets and so must never be printed.
//!
//! Leans towards hiding: evidence that is hidden without need costs a look into the file.

mod commands;
mod names;
#[cfg(test)]
mod tests;
mod values;

use document::{Kind, NodeRef, Path, Step, StepRef};

pub use self::names::is_secret_name;
use self::values::could_be_secret;
pub use self::values::is_secret_value;

use crate::inventory::Resource;

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// The annotation in which `kubectl apply` keeps the whole object, the data of a Secret included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whether the values of `data` and `stringData` of a kind are secret as such.
pub fn is_secret_kind(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("", "Secret") | ("bitnami.com", "SealedSecret")
    )
}

/// The value to print under a key: itself, or [`REDACTED`].
pub fn shown<'v>(key: &str, value: &'v str) -> &'v str {
    let hidden = is_secret_value(value)
        || (is_secret_name(key) && could_be_secret(value))
        || (key == LAST_APPLIED && value.contains("\"Secret\""));
    if hidden { REDACTED } else { value }
}

/// Whether the scalar at a path of a resource may be a secret: see [`is_secret_along`].
pub fn is_secret_at(resource: &Resource, path: &Path) -> bool {
    let mut node = resource.object();
    let mut steps = Vec::with_capacity(path.0.len());
    for step in &path.0 {
        match node.step(step) {
            Some(next) => node = next,
            None => return false,
        }
        let step = match step {
            Step::Key(name) => StepRef::Key(name),
            Step::Index(index) => StepRef::Index(*index),
        };
        steps.push((step, node));
    }
    is_secret_along(resource, &steps)
}

/// Whether the scalar at the end of some steps from a resource's root may be a secret: by the kind of the
/// resource, the key, the name beside the value of an environment variable, the flag before an argument,
/// or its own looks.
pub fn is_secret_along(resource: &Resource, steps: &[(StepRef<'_>, NodeRef<'_>)]) -> bool {
    let mut node = resource.object();
    let mut key = "";
    let mut is_password = false;
    for (depth, &(step, next)) in steps.iter().enumerate() {
        key = match step {
            StepRef::Key(name) if depth == 0 && is_data(resource, name) => return true,
            StepRef::Key(name) => key_of_value(node, name),
            StepRef::Index(index) => flag_before(node, index).unwrap_or(key),
        };
        is_password = matches!(step, StepRef::Index(index) if is_password_item(node, index));
        node = next;
    }
    match node.kind() {
        Kind::String if is_password => true,
        Kind::String => node.as_str().is_some_and(|text| shown(key, text) != text),
        Kind::Int | Kind::Uint | Kind::Float => is_secret_name(key),
        _ => false,
    }
}

/// What a value in a mapping is called: its key, or the `name` beside a `value`, also where the key is misspelt.
pub fn key_of_value<'a>(mapping: NodeRef<'a>, key: &'a str) -> &'a str {
    let named = || mapping.get_str("name").and_then(NodeRef::as_str);
    let start = key.get(..3).unwrap_or_default();
    if start.eq_ignore_ascii_case("val") {
        named().unwrap_or(key)
    } else {
        key
    }
}

/// The flag whose value an item of a sequence is, as in `["--password", "x"]`.
pub fn flag_before(sequence: NodeRef<'_>, index: usize) -> Option<&str> {
    let previous = sequence.item(index.checked_sub(1)?)?.as_str()?;
    (previous.starts_with('-') && !previous.contains('=')).then_some(previous)
}

/// Items before an argument that are looked at for its command.
const COMMAND_LENGTH: usize = 64;

/// Whether an item of a sequence is an argument that holds a password, as in `["mysql", "-phunter2"]`.
pub fn is_password_item(sequence: NodeRef<'_>, index: usize) -> bool {
    let text = |index| sequence.item(index).and_then(NodeRef::as_str);
    let is_flag = |text: &str| text.starts_with('-');
    let Some(item) = text(index) else {
        return false;
    };
    let follows_flag = || index.checked_sub(1).and_then(text).is_some_and(is_flag);
    if !is_flag(item) && !follows_flag() {
        return false;
    }
    let mut command = commands::Command::default();
    for before in (index.saturating_sub(COMMAND_LENGTH)..index).filter_map(text) {
        command.has_password_in(before);
    }
    command.has_password_in(item)
}

/// Whether all below a topmost key of a Secret is secret: a misspelt `stringdata` holds no less than the
/// right one.
pub fn is_secret_member(key: &str) -> bool {
    !matches!(
        key,
        "apiVersion" | "kind" | "metadata" | "type" | "immutable" | "spec" | "status"
    )
}

fn is_data(resource: &Resource, key: &str) -> bool {
    is_secret_member(key) && is_secret_kind(resource.group(), &resource.kind)
}
