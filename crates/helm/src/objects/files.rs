//! `.Files`: the files of a chart that are neither templates nor values.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gotemplate::{Context, Data, Failure, Host, Map, Origin, Shape, Signature, Type, Value};

use super::glob::Glob;
use super::object;
use crate::folder::base_name;

/// A file as templates get it.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) bytes: Rc<[u8]>,
    pub(crate) origin: Origin,
}

/// Files by their paths in the chart.
pub(crate) type Contents = BTreeMap<Rc<str>, Content>;

/// An `engine.files`.
pub(crate) struct Files {
    contents: Rc<Contents>,
    /// Set when somebody looks, if the files were not read: then all is to be done again with them.
    wanted: Option<Rc<Cell<bool>>>,
    map: OnceCell<Map>,
}

impl Files {
    /// Files that were read.
    pub(crate) fn value(contents: Rc<Contents>) -> Value {
        object(Files {
            contents,
            wanted: None,
            map: OnceCell::new(),
        })
    }

    /// Files that were not read; the flag says later whether they should have been.
    pub(crate) fn unread(wanted: &Rc<Cell<bool>>) -> Value {
        object(Files {
            contents: Rc::default(),
            wanted: Some(Rc::clone(wanted)),
            map: OnceCell::new(),
        })
    }

    fn note(&self) {
        if let Some(wanted) = &self.wanted {
            wanted.set(true);
        }
    }

    fn get(&self, name: &str) -> Option<&Content> {
        self.contents.get(name)
    }

    fn glob(&self, pattern: &str, context: &mut dyn Context) -> Result<Value, Failure> {
        let glob = Glob::new(pattern);
        let glob = glob.ok_or_else(|| Failure::limit("the pattern is nested too deeply"))?;
        let mut matching = Contents::new();
        for (name, content) in &*self.contents {
            context.spend(1 + (name.len() * pattern.len() / 64) as u64)?;
            if glob.matches(name) {
                matching.insert(Rc::clone(name), content.clone());
            }
        }
        Ok(Files::value(Rc::new(matching)))
    }

    /// A map of YAML: the last parts of the paths, and what is made of the contents.
    fn as_map(
        &self,
        context: &mut dyn Context,
        text: fn(&Rc<[u8]>) -> Value,
    ) -> Result<Value, Failure> {
        let mut entries = BTreeMap::new();
        for (name, content) in &*self.contents {
            context.reserve(content.bytes.len())?;
            entries.insert(base_name(name), content);
        }
        let mut edit = context.edit();
        if entries.is_empty() {
            edit.insert("{}");
        }
        for (index, (name, content)) in entries.into_iter().enumerate() {
            if index > 0 {
                edit.insert("\n");
            }
            let entry = Map::from_iter([(name, text(&content.bytes))]);
            edit.insert_from(&super::to_yaml(&entry.into()), content.origin);
        }
        Ok(context.edited(&Value::nil(), edit))
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

static NONE: Signature = Signature::new(&[]);
static NAME: Signature = Signature::new(&[Type::String]);

const MAP: Shape = Shape {
    name: "map[string][]uint8",
    element: Type::Bytes,
};

impl Host for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        match name {
            "Get" | "GetBytes" | "Glob" | "Lines" => Some(&NAME),
            "AsConfig" | "AsSecrets" => Some(&NONE),
            _ => None,
        }
    }

    fn call(
        &self,
        name: &str,
        context: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        self.note();
        let argument = arguments
            .first()
            .and_then(Value::as_str)
            .unwrap_or_default();
        match name {
            "Glob" => self.glob(argument, context),
            "AsConfig" => self.as_map(context, |bytes| Value::from(text_of(bytes))),
            // Bytes are written as Base64.
            "AsSecrets" => self.as_map(context, |bytes| Value::new(Data::Bytes(Rc::clone(bytes)))),
            "Lines" => {
                let found = self.get(argument);
                let text = found
                    .map(|content| text_of(&content.bytes))
                    .unwrap_or_default();
                context.spend(text.len() as u64 / 16)?;
                if text.is_empty() {
                    return Ok(Value::strings([]));
                }
                let lines = text.strip_suffix('\n').unwrap_or(&text).split('\n');
                context.spend(lines.clone().count() as u64)?;
                let origin = found.map(|content| content.origin).unwrap_or_default();
                Ok(Value::strings(
                    lines.map(|line| Value::from(line).with_origin(origin)),
                ))
            }
            _ => {
                let found = self.get(argument);
                let bytes = found.map_or_else(|| Rc::from([]), |content| Rc::clone(&content.bytes));
                let origin = found.map(|content| content.origin).unwrap_or_default();
                let value = if name == "Get" {
                    Value::from(text_of(&bytes))
                } else {
                    Value::new(Data::Bytes(bytes))
                };
                Ok(value.with_origin(origin))
            }
        }
    }

    fn underlying(&self) -> Option<Value> {
        self.note();
        let map = self.map.get_or_init(|| {
            let map = Map::of(&MAP);
            for (name, content) in &*self.contents {
                let bytes = Value::new(Data::Bytes(Rc::clone(&content.bytes)));
                map.insert(Rc::clone(name), bytes.with_origin(content.origin));
            }
            map
        });
        Some(map.clone().into())
    }
}
