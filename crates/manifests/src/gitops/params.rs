//! Parameters of application sets, and the texts that they are put into.

use std::rc::Rc;

use document::{Kind, NodeRef};
use gotemplate::{
    Context, Data, Failure, Functions, Library, Limits, Map, MissingKey, Options, Passing, Set,
    Signature, Type, Value,
};
use sprig::Environment;

/// How an `ApplicationSet` puts parameters into texts.
pub(super) enum Templater {
    /// `{{name}}`; what is not known stays.
    Plain,
    /// Go's templates.
    Go {
        functions: Rc<Functions>,
        missing_key: MissingKey,
    },
}

/// What templates of application sets may use: far less than those of charts.
const LIMITS: Limits = Limits {
    steps: 200_000,
    bytes: 4 << 20,
    templates: 50,
    nesting: 100,
};

impl Templater {
    pub(super) fn go(options: &[String], seed: u64) -> Self {
        let mut functions = Functions::new();
        sprig::define(&mut functions, &Rc::new(Environment::seeded(seed)));
        functions.add(Rc::new(Names));
        let missing_key = match options.iter().find_map(|it| it.strip_prefix("missingkey=")) {
            Some("error") => MissingKey::Error,
            Some("zero") => MissingKey::Zero,
            _ => MissingKey::Default,
        };
        Templater::Go {
            functions: Rc::new(functions),
            missing_key,
        }
    }

    /// A text with parameters put in, or why not.
    pub(super) fn text(&self, text: &str, params: &Map) -> Result<String, String> {
        match self {
            Templater::Plain => Ok(plain(text, params)),
            Templater::Go {
                functions,
                missing_key,
            } => {
                let mut set = Set::new(Rc::clone(functions));
                let options = Options {
                    missing_key: *missing_key,
                    limits: LIMITS,
                    trace: false,
                };
                let message = |error: Box<gotemplate::Error>| error.message.clone();
                set.parse("", text).map_err(message)?;
                let rendered = set.execute("", &Value::from(params.clone()), &options);
                Ok(rendered.map_err(message)?.text)
            }
        }
    }
}

/// `normalize`, which Argo CD adds.
struct Names;

static TEXT: Signature = Signature::new(&[Type::String]);

impl Library for Names {
    fn find(&self, name: &str) -> Option<u32> {
        (name == "normalize").then_some(0)
    }

    fn signature(&self, _: u32) -> (&'static Signature, Passing) {
        (&TEXT, Passing::All)
    }

    fn call(&self, _: u32, _: &mut dyn Context, arguments: &mut [Value]) -> Result<Value, Failure> {
        let text = arguments.first().and_then(Value::as_str);
        Ok(Value::from(normalized(text.unwrap_or_default()).as_str()))
    }
}

/// A text as a name of Kubernetes.
pub(super) fn normalized(text: &str) -> String {
    const LONGEST: usize = 253;
    let name: String = text
        .to_lowercase()
        .chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || it == '.' {
                it
            } else {
                '-'
            }
        })
        .take(LONGEST)
        .collect();
    name.trim_matches(['-', '.']).to_owned()
}

fn plain(text: &str, params: &Map) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inner, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        match look_up(params, inner.trim()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[before.len()..rest.len() - behind.len()]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The parameter `a.b` or `path[0]`, as a text.
fn look_up(params: &Map, name: &str) -> Option<String> {
    let value = match name.strip_suffix(']').and_then(|it| it.split_once('[')) {
        Some(("path", index)) => {
            let segments = params.get("path")?.as_map()?.get("segments")?.as_list()?;
            segments.items().get(index.parse::<usize>().ok()?)?.clone()
        }
        _ => params.get(name).or_else(|| {
            let mut value = Value::from(params.clone());
            for key in name.split('.') {
                value = value.as_map()?.get(key)?;
            }
            Some(value)
        })?,
    };
    text_of(&value)
}

fn text_of(value: &Value) -> Option<String> {
    Some(match value.data() {
        Data::String(text) => text.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value, _) => value.to_string(),
        Data::Uint(value, _) => value.to_string(),
        Data::Float(value) => value.to_string(),
        // Without Go's templates, `path` is the path itself.
        Data::Map(map) => {
            return map
                .get("path")
                .filter(|it| it.as_str().is_some())
                .and_then(|it| text_of(&it));
        }
        _ => return None,
    })
}

/// A node as a value of templates.
pub(super) fn value_of(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::nil(),
        Kind::Bool => Value::from(node.as_bool() == Some(true)),
        Kind::Int | Kind::Uint | Kind::Float => number(node),
        Kind::String => Value::from(node.as_str().unwrap_or_default()),
        Kind::Sequence => Value::list(node.items().map(value_of).collect()),
        Kind::Mapping => map_of(node).into(),
    }
}

fn number(node: NodeRef<'_>) -> Value {
    match node.as_i64() {
        Some(value) => Value::int(value),
        None => Value::float(node.as_f64().unwrap_or_default()),
    }
}

/// A mapping as parameters.
pub(super) fn map_of(node: NodeRef<'_>) -> Map {
    let entries = node
        .entries()
        .map(|entry| (entry.name(), value_of(entry.value)));
    entries.collect()
}

/// The parameters of both, those of the second before those of the first.
pub(super) fn joined(first: &Map, second: &Map) -> Map {
    let all: Map = first.entries().into_iter().collect();
    for (key, value) in second.entries() {
        all.insert(key, value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params() -> Map {
        let path = Map::from_iter([
            ("path", Value::from("apps/a")),
            ("basename", Value::from("a")),
            (
                "segments",
                Value::list(vec![Value::from("apps"), Value::from("a")]),
            ),
        ]);
        Map::from_iter([("cluster", Value::from("prod")), ("path", path.into())])
    }

    #[test]
    fn plain_parameters_are_put_in_and_unknown_ones_stay() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                Templater::Plain.text(text, &params()).as_deref(),
                Ok(expected)
            );
        };
        check("{{cluster}}-{{ path.basename }}", "prod-a");
        check("{{path}} {{path[0]}}", "apps/a apps");
        check("{{x}} {{", "{{x}} {{");
    }

    #[test]
    fn go_templates_have_functions_and_may_fail() {
        let lenient = Templater::go(&[], 0);
        assert_eq!(
            lenient.text(
                "{{ .path.basename | upper }}{{ normalize \"A_b\" }}",
                &params()
            ),
            Ok("Aa-b".to_owned())
        );
        let strict = Templater::go(&["missingkey=error".to_owned()], 0);
        assert!(strict.text("{{ .x }}", &params()).is_err());
    }
}
