//! The fixes of a finding as edits of its file's text.

use document::Path;
use document::edit::{NewValue, TextEdit, append, remove, set};
use model::{Fix, FixOperation};
use serde_json::Value;

use crate::view::View;

/// The edits that make a finding's fixes; `None` when there are none, or when one of them cannot be made
/// in the text (behind an alias, for example) or would meet another one.
pub(crate) fn text_edits(view: &View<'_>) -> Option<Vec<TextEdit>> {
    // A path in a rendering is no path in any of the files behind it.
    if view.resource.rendered.is_some() {
        return None;
    }
    let mut edits = Vec::new();
    for fix in &view.detail.fixes {
        edits.extend(edit(view, fix)?);
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let is_apart = edits
        .windows(2)
        .all(|pair| pair[0].span.end < pair[1].span.start);
    (!edits.is_empty() && is_apart).then_some(edits)
}

fn edit(view: &View<'_>, fix: &Fix) -> Option<Vec<TextEdit>> {
    let document = &view.resource.document;
    let root = view.resource.object();
    let path: Path = fix.path.parse().ok()?;
    let value = || new_value(&serde_json::from_str(fix.value.as_deref()?).ok()?);
    let edits = match fix.operation {
        FixOperation::Set => set(document, root, &path, &value()?),
        FixOperation::Append => append(document, root, &path, &value()?),
        FixOperation::Remove => remove(document, root, &path),
    };
    edits.ok()
}

fn new_value(value: &Value) -> Option<NewValue> {
    Some(match value {
        Value::Null => NewValue::Null,
        Value::Bool(flag) => NewValue::Bool(*flag),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => NewValue::Int(int),
            (None, Some(uint)) => NewValue::Uint(uint),
            (None, None) => NewValue::Float(number.as_f64()?),
        },
        Value::String(text) => NewValue::String(text.clone()),
        Value::Array(items) => {
            NewValue::Sequence(items.iter().map(new_value).collect::<Option<_>>()?)
        }
        Value::Object(entries) => NewValue::Mapping(
            entries
                .iter()
                .map(|(key, value)| Some((key.clone(), new_value(value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
