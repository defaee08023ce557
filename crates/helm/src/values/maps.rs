//! Maps of values that are merged or copied.

use gotemplate::{Data, List, Map, Value};

/// Puts one map over another: maps are merged, everything else is replaced.
pub(crate) fn merge_maps(base: &Map, over: &Map) {
    for (key, value) in over.entries() {
        let merged = match (
            value.as_map(),
            base.get(&key).and_then(|below| below.as_map()),
        ) {
            (Some(over), Some(below)) => {
                merge_maps(&below, &over);
                true
            }
            _ => false,
        };
        if !merged {
            base.insert(key, value);
        }
    }
}

/// A value that shares no map with the original.
pub(crate) fn copy(value: &Value) -> Value {
    match value.data() {
        Data::Map(map) => Value::from(copy_map(map)).with_origin(value.origin()),
        Data::List(list) if list.items().iter().any(holds_maps) => {
            let items = list.items().iter().map(copy).collect();
            Value::from(List::of(list.shape(), items)).with_origin(value.origin())
        }
        _ => value.clone(),
    }
}

/// A map that shares no map with the original.
pub(crate) fn copy_map(map: &Map) -> Map {
    let entries = map.entries().into_iter();
    entries.map(|(key, value)| (key, copy(&value))).collect()
}

/// Lists do not change, so one without maps can be shared.
fn holds_maps(value: &Value) -> bool {
    match value.data() {
        Data::Map(_) => true,
        Data::List(list) => list.items().iter().any(holds_maps),
        _ => false,
    }
}
