//! Reading YAML as Helm does: the first document becomes JSON, whose numbers are all `float64`.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use document::{Keys, Kind, Limits, NodeRef, Source, SyntaxError, SyntaxErrorKind};
use gotemplate::{Map, Origin, Value};

/// Reads the first document of a text. Nothing at all is null.
///
/// # Errors
/// What is wrong with the text, in go-yaml's words where they are known.
pub fn decode(text: &str) -> Result<Value, String> {
    decode_with(text, &mut |_| Origin::NONE)
}

/// Where a value is written.
pub(crate) enum Written {
    /// The text of a string, as it is.
    Verbatim(Range<usize>),
    /// Anything else.
    Otherwise(Range<usize>),
}

/// No name is known before: every text is read once.
static KEYS: LazyLock<Arc<Keys>> = LazyLock::new(|| Arc::new(Keys::new([])));

pub(crate) fn decode_with(
    text: &str,
    origin: &mut dyn FnMut(Written) -> Origin,
) -> Result<Value, String> {
    let source = Source::new("", text);
    let parsed = document::parse_yaml(source, &KEYS, &Limits::default());
    let root = parsed.document.root(0);
    // What comes after the first document is not read.
    let start = root.map(|root| parsed.document.place(root.origin()).span.start);
    let first_error = parsed
        .errors
        .first()
        .filter(|error| start.is_none_or(|start| error.span.start < start));
    if let Some(error) = first_error {
        return Err(message(error, text));
    }
    let Some(root) = root else {
        return Ok(Value::nil());
    };
    let mut reader = Reader {
        text: parsed
            .document
            .sources()
            .first()
            .map_or(text, |source| source.text()),
        origin,
    };
    Ok(reader.value(root))
}

struct Reader<'r> {
    text: &'r str,
    origin: &'r mut dyn FnMut(Written) -> Origin,
}

impl Reader<'_> {
    fn value(&mut self, node: NodeRef<'_>) -> Value {
        let value = match node.kind() {
            Kind::Null => Value::nil(),
            Kind::Bool => Value::from(node.as_bool() == Some(true)),
            Kind::Int => Value::float(node.as_i64().unwrap_or(0) as f64),
            Kind::Uint => Value::float(node.as_u64().unwrap_or(0) as f64),
            Kind::Float => Value::float(node.as_f64().unwrap_or(0.0)),
            Kind::String => return self.string(node),
            Kind::Sequence => Value::list(node.items().map(|item| self.value(item)).collect()),
            Kind::Mapping => {
                let entries = node.entries();
                let map: Map = entries
                    .map(|entry| (entry.name(), self.value(entry.value)))
                    .collect();
                map.into()
            }
        };
        let span = node.document().place(node.origin()).span;
        let origin = (self.origin)(Written::Otherwise(range(&span)));
        value.with_origin(origin)
    }

    fn string(&mut self, node: NodeRef<'_>) -> Value {
        let text = node.as_str().unwrap_or_default();
        let start = (text.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let end = start.wrapping_add(text.len());
        let written = if self.text.get(start..end) == Some(text) {
            Written::Verbatim(start..end)
        } else {
            Written::Otherwise(range(&node.document().place(node.origin()).span))
        };
        let origin = (self.origin)(written);
        Value::from(text).with_origin(origin)
    }
}

fn range(span: &Range<u32>) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// An error in go-yaml's words.
fn message(error: &SyntaxError, text: &str) -> String {
    let line = text[..(error.span.start as usize).min(text.len())]
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count();
    let place = if line == 0 {
        String::new()
    } else {
        format!("line {}: ", line + 1)
    };
    match error.kind {
        SyntaxErrorKind::YamlValue if error.message.starts_with("JSON has no") => {
            "error converting YAML to JSON: json: unsupported value: +Inf".to_owned()
        }
        _ => format!(
            "error converting YAML to JSON: yaml: {place}{}",
            error.message
        ),
    }
}
