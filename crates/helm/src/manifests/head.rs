//! What Helm looks at in a manifest: version, kind, name and annotations. What does not have their types is an error.

use document::{Kind, NodeRef, Span};

use super::Hook;

const HOOK: &str = "helm.sh/hook";

/// What makes a manifest a hook.
const EVENTS: [&str; 10] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

/// The head of a manifest.
#[derive(Default)]
pub(super) struct Head {
    pub(super) kind: String,
    /// The events of a hook, as they are written.
    hook: Option<String>,
}

type Wrong = (String, Span);

impl Head {
    /// Reads the root of a manifest; a manifest of comments has none.
    pub(super) fn read(root: Option<NodeRef<'_>>) -> Result<Self, Wrong> {
        let Some(root) = root.filter(|root| !root.is_null()) else {
            return Ok(Head::default());
        };
        is_mapping(root, "a manifest")?;
        scalar(field(root, "apiVersion"), "apiVersion")?;
        let kind = scalar(field(root, "kind"), "kind")?;
        let mut hook = None;
        if let Some(metadata) = field(root, "metadata").filter(|node| !node.is_null()) {
            is_mapping(metadata, "metadata")?;
            scalar(field(metadata, "name"), "metadata.name")?;
            if let Some(node) = field(metadata, "annotations").filter(|node| !node.is_null()) {
                is_mapping(node, "metadata.annotations")?;
                for entry in node.entries() {
                    let text = scalar(Some(entry.value), "an annotation")?;
                    if entry.name() == HOOK {
                        hook = Some(text);
                    }
                }
            }
        }
        Ok(Head { kind, hook })
    }

    /// What kind of hook it is; `None` for one of events that do not exist, which Helm leaves out.
    pub(super) fn hook(&self, warn: &mut dyn FnMut(String)) -> Option<Hook> {
        let Some(events) = &self.hook else {
            return Some(Hook::None);
        };
        let mut hook = Hook::Other;
        for event in events.split(',') {
            let event = event.trim().to_lowercase();
            if !EVENTS.contains(&event.as_str()) {
                warn(format!(
                    "a {} is left out, as Helm does: '{event}' is no event of hooks",
                    self.kind
                ));
                return None;
            }
            if event.starts_with("test") {
                hook = Hook::Test;
            }
        }
        Some(hook)
    }
}

/// A field as Go's JSON decoder finds it: by its name, else by its name in other letters.
fn field<'n>(node: NodeRef<'n>, name: &str) -> Option<NodeRef<'n>> {
    node.get_str(name).or_else(|| {
        let mut entries = node.entries();
        let found = entries.find(|entry| entry.name().eq_ignore_ascii_case(name));
        found.map(|entry| entry.value)
    })
}

fn is_mapping(node: NodeRef<'_>, what: &str) -> Result<(), Wrong> {
    if node.kind() == Kind::Mapping {
        return Ok(());
    }
    Err((format!("{what} must be a mapping"), node.place().span))
}

fn scalar(node: Option<NodeRef<'_>>, what: &str) -> Result<String, Wrong> {
    let Some(node) = node else {
        return Ok(String::new());
    };
    Ok(match node.kind() {
        Kind::Mapping | Kind::Sequence => {
            return Err((format!("{what} must be text"), node.place().span));
        }
        Kind::String => node.as_str().unwrap_or_default().to_owned(),
        Kind::Null => String::new(),
        Kind::Bool => (node.as_bool() == Some(true)).to_string(),
        _ => node.place().source.slice(&node.place().span).to_owned(),
    })
}
