//! `common.Values`: a map with methods, as Helm passes values and the whole scope of a template.

use gotemplate::{Context, Failure, Host, Map, Signature, Type, Value, quoted};

use super::object;
use crate::values::{table_at, value_at};

/// A map that is a `common.Values`.
pub(crate) struct ValuesObject(Map);

impl ValuesObject {
    /// The map as a value of that type.
    pub(crate) fn value(map: Map) -> Value {
        object(ValuesObject(map))
    }
}

static NONE: Signature = Signature::new(&[]);
static TEXT: Signature = Signature::new(&[Type::String]);
static WRITER: Signature = Signature::new(&[Type::Host("io.Writer")]);

impl Host for ValuesObject {
    fn type_name(&self) -> &'static str {
        "common.Values"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        match name {
            "AsMap" | "YAML" => Some(&NONE),
            "Table" | "PathValue" => Some(&TEXT),
            "Encode" => Some(&WRITER),
            _ => None,
        }
    }

    fn call(
        &self,
        name: &str,
        _: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        let path = arguments
            .first()
            .and_then(Value::as_str)
            .unwrap_or_default();
        match name {
            "AsMap" if self.0.is_empty() => Ok(Map::new().into()),
            "AsMap" => Ok(self.0.clone().into()),
            "Table" => match table_at(&self.0, path) {
                Some(table) => Ok(ValuesObject::value(table)),
                None => Err(Failure::new(format!(
                    "{} is not a table",
                    quoted(missing(&self.0, path))
                ))),
            },
            "PathValue" if path.is_empty() => Err(Failure::new("YAML path cannot be empty")),
            "PathValue" => value_at(&self.0, path).ok_or_else(|| {
                let key = path.rsplit('.').next().unwrap_or_default();
                Failure::new(format!("{} is not a value", quoted(key)))
            }),
            _ => Ok(Value::from(format!(
                "{}\n",
                super::to_yaml(&self.0.clone().into())
            ))),
        }
    }

    fn underlying(&self) -> Option<Value> {
        Some(self.0.clone().into())
    }
}

/// The first key of a path that leads to no map.
fn missing<'p>(values: &Map, path: &'p str) -> &'p str {
    let mut table = values.clone();
    for key in path.split('.') {
        match table.get(key).and_then(|value| value.as_map()) {
            Some(next) => table = next,
            None => return key,
        }
    }
    path
}
