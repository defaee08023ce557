//! The draft as the text of `seawall.yaml`: every entry with a comment that says where it comes from.

use std::borrow::Cow;

use catalog::ParamValue;
use document::print::{Notes, Printed, Shape, print};

use crate::Peer;
use crate::draft::{Accepted, Draft, From, Resources, Sourced};

/// A value to print.
enum Value {
    Text(String),
    Plain(String),
    List(Vec<Node>),
    Map(Vec<(&'static str, Node)>),
    /// Names that are not ours to know.
    Named(Vec<(String, Node)>),
}

/// A value and the comment on the line that it begins on.
struct Node {
    value: Value,
    comment: Option<String>,
}

impl<'n> Printed<'n> for &'n Node {
    fn shape(self) -> Shape<'n, Self> {
        match &self.value {
            Value::Text(text) => Shape::Text(text),
            Value::Plain(text) => Shape::Plain(Cow::Borrowed(text)),
            Value::List(items) => Shape::List(items.iter().collect()),
            Value::Map(entries) => {
                Shape::Map(entries.iter().map(|(key, node)| (*key, node)).collect())
            }
            Value::Named(entries) => Shape::Map(
                entries
                    .iter()
                    .map(|(key, node)| (key.as_str(), node))
                    .collect(),
            ),
        }
    }
}

struct Comments;

impl<'n> Notes<&'n Node> for Comments {
    fn begins(&mut self, node: &'n Node, _: u32) -> Option<String> {
        node.comment.clone()
    }
}

/// The text.
pub(crate) fn config(peer: Peer, draft: &Draft) -> String {
    let mut text = format!(
        "# Written by `seawall migrate --from {}`. Comments say where each entry comes from.\n",
        peer.as_str()
    );
    let root = root(draft);
    if let Value::Map(entries) = &root.value
        && !entries.is_empty()
    {
        print(&root, &mut Comments, &mut text);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn root(draft: &Draft) -> Node {
    let mut entries = Vec::new();
    if let Some(version) = &draft.kubernetes_version {
        entries.push(("kubernetes-version", sourced(&version.value, &version.from)));
    }
    if let Some(word) = &draft.fail_on {
        entries.push(("fail-on", sourced(word.value, &word.from)));
    }
    if let Some(word) = &draft.min_severity {
        entries.push(("min-severity", sourced(word.value, &word.from)));
    }
    for (key, list) in [
        ("controls", &draft.controls),
        ("exclude-controls", &draft.exclude_controls),
        ("exclude", &draft.exclude),
    ] {
        if !list.is_empty() {
            let items = list.iter().map(|item| sourced(&item.value, &item.from));
            entries.push((key, bare(Value::List(items.collect()))));
        }
    }
    if !draft.params.is_empty() {
        entries.push(("params", params(draft)));
    }
    if !draft.exceptions.is_empty() {
        let rows = draft.exceptions.iter().map(exception).collect();
        entries.push(("exceptions", bare(Value::List(rows))));
    }
    bare(Value::Map(entries))
}

fn params(draft: &Draft) -> Node {
    let mut controls: Vec<(String, Vec<(String, Node)>)> = Vec::new();
    for ((control, name), value) in &draft.params {
        let entry = (name.clone(), param(value));
        match controls.last_mut() {
            Some((last, entries)) if last == control => entries.push(entry),
            _ => controls.push((control.clone(), vec![entry])),
        }
    }
    let named = controls
        .into_iter()
        .map(|(control, entries)| (control, bare(Value::Named(entries))));
    bare(Value::Named(named.collect()))
}

fn param(value: &Sourced<ParamValue>) -> Node {
    let comment = Some(origin(&value.from));
    let value = match &value.value {
        ParamValue::String(text) => Value::Text(text.clone()),
        ParamValue::Int(number) => Value::Plain(number.to_string()),
        ParamValue::Bool(switch) => Value::Plain(switch.to_string()),
        ParamValue::Strings(texts) => {
            let items = texts.iter().map(|item| bare(Value::Text(item.clone())));
            Value::List(items.collect())
        }
    };
    Node { value, comment }
}

fn exception(row: &Accepted) -> Node {
    let mut entries = vec![("control", one_or_more(&row.controls))];
    let resource = resource(&row.resources);
    if !resource.is_empty() {
        entries.push(("resource", bare(Value::Map(resource))));
    }
    if !row.resources.paths.is_empty() {
        entries.push(("paths", one_or_more(&row.resources.paths)));
    }
    entries.push(("reason", text(&row.reason)));
    if let Some(owner) = &row.owner {
        entries.push(("owner", text(owner)));
    }
    if let Some(expires) = &row.expires {
        entries.push(("expires", text(expires)));
    }
    Node {
        value: Value::Map(entries),
        comment: Some(origin(&row.from)),
    }
}

fn resource(resources: &Resources) -> Vec<(&'static str, Node)> {
    let fields = [
        ("kind", &resources.kind),
        ("namespace", &resources.namespace),
        ("name", &resources.name),
    ];
    let mut entries: Vec<_> = fields
        .into_iter()
        .filter_map(|(key, glob)| Some((key, text(glob.as_ref()?))))
        .collect();
    if !resources.labels.is_empty() {
        let labels = resources.labels.iter();
        let labels = labels.map(|(name, glob)| (name.clone(), text(glob)));
        entries.push(("labels", bare(Value::Named(labels.collect()))));
    }
    entries
}

fn one_or_more(texts: &[String]) -> Node {
    if let [only] = texts {
        return text(only);
    }
    bare(Value::List(texts.iter().map(|item| text(item)).collect()))
}

fn text(text: &str) -> Node {
    bare(Value::Text(text.to_owned()))
}

fn bare(value: Value) -> Node {
    Node {
        value,
        comment: None,
    }
}

fn sourced(value: &str, from: &From) -> Node {
    Node {
        comment: Some(origin(from)),
        ..text(value)
    }
}

/// The place, and what stands there, on one line.
fn origin(from: &From) -> String {
    let place = format!("{}:{}", from.at.file(), from.at.start().line);
    let what: String = from
        .what
        .chars()
        .take(120)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    let place: String = place
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    format!("{place} {what}").trim_end().to_owned()
}
