//! Values from flags: `--set` and its relatives, in the syntax that Helm calls strvals
//! (<https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set>).

mod json;
mod parse;

use std::sync::Arc;

use document::{Role, Source};
use gotemplate::{Map, Value};

use super::sources::Sources;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::folder::Folder;
use crate::options::{Flag, FlagKind};

/// Highest index of a list that a flag may set.
const MAX_INDEX: usize = 65_536;

/// Keys in keys that a flag may name.
const MAX_LEVEL: usize = 30;

/// Entries of lists that all flags together may make or move.
const MAX_CELLS: usize = 4_000_000;

/// Sets what the flags say, kind by kind as Helm does.
pub(crate) fn set(
    values: &Map,
    flags: &[Flag],
    files: Option<&dyn Folder>,
    sources: &Sources,
) -> Result<()> {
    let mut ordered: Vec<&Flag> = flags.iter().collect();
    ordered.sort_by_key(|flag| flag.kind);
    let mut cells = MAX_CELLS;
    for flag in ordered {
        let setter = Setter {
            kind: flag.kind,
            text: &flag.text,
            place: flag.place.as_ref(),
            source: Source::new(flag.kind.name(), &*flag.text),
            sources,
            files,
        };
        let outcome = match flag.kind {
            FlagKind::SetJson if flag.text.trim().starts_with('{') => json::object(&setter, values),
            _ => parse::parse(&setter, values, &mut cells),
        };
        outcome.map_err(|wrong| setter.error(wrong))?;
    }
    Ok(())
}

/// One flag, and how its texts become values.
struct Setter<'s> {
    kind: FlagKind,
    text: &'s str,
    /// Where the flag is written, if it is in a file.
    place: Option<&'s Place>,
    source: Arc<Source>,
    sources: &'s Sources,
    files: Option<&'s dyn Folder>,
}

/// What is wrong with a flag, and at which byte.
struct Wrong {
    message: String,
    at: usize,
}

impl Setter<'_> {
    fn error(&self, wrong: Wrong) -> Error {
        let kind = ErrorKind::Flag {
            flag: self.kind.name(),
            message: wrong.message,
        };
        if let Some((source, span)) = self.place {
            return Error::from(kind).at(source, span.clone());
        }
        let at = wrong.at.min(self.text.len()) as u32;
        Error::from(kind).at(&self.source, at..at)
    }

    /// A value with its origin: what was written from `start` to `end`, for a path.
    fn placed(&self, value: Value, start: usize, end: usize, path: &document::Path) -> Value {
        let path = path.to_string();
        let (source, span, role) = match self.place {
            Some((source, span)) => (source, span.clone(), Role::Value),
            None => (&self.source, start as u32..end as u32, Role::Flag),
        };
        let origin = self.sources.place(source, span, role, path);
        value.with_origin(origin)
    }

    /// The text of a file that a flag names.
    fn file(&self, path: &str, key: &document::Path) -> Result<Value, String> {
        let missing = || format!("there is no file '{path}'");
        let folder = self.files.ok_or_else(missing)?;
        let found = folder.resolve(path).filter(|found| !found.is_folder);
        let found = found.ok_or_else(missing)?;
        let bytes = folder.read(&found.path);
        let bytes = bytes.map_err(|reason| format!("cannot read '{path}': {reason}"))?;
        let text = String::from_utf8_lossy(&bytes);
        let source = Source::new(folder.name(&found.path), &*text);
        let span = 0..text.len() as u32;
        let origin = self
            .sources
            .place(&source, span, Role::Flag, key.to_string());
        Ok(Value::from(&*text).with_origin(origin))
    }
}

/// Puts a value at an index of a list, which grows as it must.
fn set_index(
    list: &mut Vec<Value>,
    index: usize,
    value: Value,
    cells: &mut usize,
) -> Result<(), String> {
    if index > MAX_INDEX {
        return Err(format!(
            "index {index} is above {MAX_INDEX}, the highest that is allowed"
        ));
    }
    let used = list.len().max(index + 1);
    let left = cells.checked_sub(used);
    *cells = left.ok_or_else(|| "the flags make lists that are too long".to_owned())?;
    if list.len() <= index {
        list.resize(index + 1, Value::nil());
    }
    list[index] = value;
    Ok(())
}

/// The list that a value is, to go on with.
fn as_list(value: Option<Value>, key: &str) -> Result<Vec<Value>, String> {
    match value {
        None => Ok(Vec::new()),
        Some(value) => match value.data() {
            gotemplate::Data::List(list) => Ok(list.items().to_vec()),
            _ => Err(format!("'{key}' is {} already, not a list", shown(&value))),
        },
    }
}

/// The map that a value is, to go on with; a new one where there is none.
fn as_map(value: Option<Value>, key: &str) -> Result<Map, String> {
    match value {
        None => Ok(Map::new()),
        Some(value) => value
            .as_map()
            .ok_or_else(|| format!("'{key}' is {} already, not a mapping", shown(&value))),
    }
}

fn shown(value: &Value) -> &'static str {
    match value.data() {
        gotemplate::Data::Nil | gotemplate::Data::Missing => "null",
        gotemplate::Data::Bool(_) => "a boolean",
        gotemplate::Data::String(_) => "text",
        gotemplate::Data::List(_) => "a list",
        gotemplate::Data::Map(_) => "a mapping",
        _ => "a number",
    }
}
