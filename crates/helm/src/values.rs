//! Values: read from files and flags, each knowing where it is written.

mod flags;
mod maps;
mod read;
mod sources;

pub(crate) use flags::set;
pub(crate) use maps::{copy, copy_map, merge_maps};
pub(crate) use read::{given, read, value_of};
pub(crate) use sources::Sources;

use gotemplate::{Map, Value};

/// What lies at a path of keys that are joined by dots; `None` where it leads nowhere or to a map.
pub(crate) fn value_at(values: &Map, path: &str) -> Option<Value> {
    let (table, key) = match path.rsplit_once('.') {
        Some((before, key)) => (table_at(values, before)?, key),
        None => (values.clone(), path),
    };
    table.get(key).filter(|value| value.as_map().is_none())
}

/// The map at a path of keys that are joined by dots.
pub(crate) fn table_at(values: &Map, path: &str) -> Option<Map> {
    let mut table = values.clone();
    for key in path.split('.') {
        table = table.get(key)?.as_map()?;
    }
    Some(table)
}
