//! A remedy as an edit of the author's text.

use std::sync::Arc;

use document::edit::{self, EditError, NewValue, TextEdit};
use document::{Document, Limits, NodeRef, Path, Source, Step};
use model::Resource;

use crate::choke::Remedy;
use crate::evidence::{Change, Value};
use crate::graph::Graph;
use crate::read::{field, items, text};

/// The text of a file after a remedy.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The text as it is.
    pub before: Arc<Source>,
    /// The text as it would be.
    pub after: String,
}

/// One edit of an object, by a path from its root.
enum Single {
    Set(Path, NewValue),
    Remove(Path),
}

impl Graph<'_> {
    /// What a remedy makes of the file that it changes; `None` when no edit is known to be right, the object was
    /// rendered, or the text cannot be edited without changing more.
    pub fn repair(&self, remedy: &Remedy) -> Option<Edited> {
        let resource = self
            .inventory()
            .resources
            .get(remedy.place.resource as usize)?;
        if resource.rendered.is_some() {
            return None;
        }
        let source = resource.document.sources().first()?;
        let after = if remedy.cause.change == Change::Delete {
            without_document(resource, source)?
        } else {
            let steps = steps(resource, remedy)?;
            apply(resource, source, &steps).ok()?
        };
        Some(Edited {
            before: Arc::clone(source),
            after,
        })
    }
}

/// The edits of a remedy; those of one list from its end.
fn steps(resource: &Resource, remedy: &Remedy) -> Option<Vec<Single>> {
    let root = resource.object();
    let node = resource.document.at(remedy.place.node);
    let path = resource.document.path_of(root, node)?;
    Some(match remedy.cause.change {
        Change::None | Change::Delete => return None,
        Change::Remove => vec![Single::Remove(path)],
        Change::Set(names, value) => {
            let below = names.iter().map(|name| Step::Key((*name).into())).collect();
            vec![Single::Set(path.concat(&Path(below)), new_value(value))]
        }
        Change::RemoveVolume => {
            let mut steps = mounts_of(&path, root, node);
            steps.push(Single::Remove(path));
            steps
        }
    })
}

/// The mounts of a volume in all containers of its pod.
fn mounts_of(volume: &Path, root: NodeRef<'_>, node: NodeRef<'_>) -> Vec<Single> {
    let spec = Path(volume.0[..volume.0.len().saturating_sub(2)].to_vec());
    let (Some(pod), Some(name)) = (root.lookup(&spec), text(node, "name")) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for (number, container) in items(pod, list).enumerate() {
            let mounts: Vec<NodeRef<'_>> = items(container, "volumeMounts").collect();
            let own = mounts.iter().enumerate().rev();
            for (mount, _) in own.filter(|(_, mount)| text(**mount, "name") == Some(name)) {
                let below = vec![
                    Step::Key(list.into()),
                    Step::Index(number),
                    Step::Key("volumeMounts".into()),
                    Step::Index(mount),
                ];
                steps.push(Single::Remove(spec.concat(&Path(below))));
            }
        }
    }
    steps
}

fn new_value(value: Value) -> NewValue {
    match value {
        Value::Bool(value) => NewValue::Bool(value),
        Value::Text(text) => NewValue::String(text.to_owned()),
    }
}

/// Makes edits one after the other, each of the text that the one before left.
fn apply(resource: &Resource, source: &Source, steps: &[Single]) -> Result<String, EditError> {
    let number = resource
        .document
        .roots()
        .position(|root| root.id() == resource.root);
    let mut text = edited(&resource.document, number, &steps[0])?;
    for step in &steps[1..] {
        let again = Source::new(source.name(), &*text);
        let parsed = document::parse_yaml(again, resource.document.keys(), &Limits::default());
        text = edited(&parsed.document, number, step)?;
    }
    Ok(text)
}

fn edited(document: &Document, number: Option<usize>, step: &Single) -> Result<String, EditError> {
    let root = number.and_then(|number| document.root(number));
    let root = root.ok_or(EditError::Rendered)?;
    let edits: Vec<TextEdit> = match step {
        Single::Set(path, value) => edit::set(document, root, path, value)?,
        Single::Remove(path) => edit::remove(document, root, path)?,
    };
    let source = document.sources().first().ok_or(EditError::Rendered)?;
    Ok(edit::apply(source.text(), &edits))
}

/// The text without one of its documents, for files in YAML whose documents stand between markers.
fn without_document(resource: &Resource, source: &Source) -> Option<String> {
    let text = source.text();
    let root = resource.object();
    let number = resource
        .document
        .roots()
        .position(|other| other.id() == root.id())?;
    let span = root.place().span;
    let start = text
        .get(..span.start as usize)?
        .rfind("\n---")
        .map_or(0, |at| at + 1);
    let rest = text.get(span.end as usize..)?;
    let end = rest
        .find("\n---")
        .map_or(text.len(), |at| span.end as usize + at + 1);
    // What comes after the first document begins with its marker.
    let (kept, cut) = (text.get(..start)?, text.get(end..)?);
    let cut = if number == 0 {
        cut.strip_prefix("---\n").unwrap_or(cut)
    } else {
        cut
    };
    (field(root, "kind").is_some()).then(|| [kept, cut].concat())
}
