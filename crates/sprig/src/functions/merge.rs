//! Maps merged into each other, and copied.

use gotemplate::{Data, Failure, List, Map, Signature, Value};

use super::{ANY, MAP_TYPE};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::kind::is_empty;

const MAPS: Signature = Signature::variadic(&[MAP_TYPE, MAP_TYPE]);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("merge", MAPS, |call| merge(call, false)),
    Entry::new("mustMerge", MAPS, |call| merge(call, false)),
    Entry::new("mergeOverwrite", MAPS, |call| merge(call, true)),
    Entry::new("mustMergeOverwrite", MAPS, |call| merge(call, true)),
    Entry::new("deepCopy", ANY, deep_copy),
    Entry::new("mustDeepCopy", ANY, deep_copy),
];

/// Maps inside of maps that are walked.
const MAX_DEPTH: u32 = 200;

fn too_deep() -> Failure {
    Failure::limit("values are too deeply nested")
}

fn merge(call: &mut Call<'_>, overwrites: bool) -> Answer {
    let mut target = call.map(0);
    for index in 1..call.arguments.len() {
        let source = call.map(index);
        if target.is_nil() && !source.is_nil() {
            target = Map::new();
        }
        let merge = Merge { overwrites };
        merge.maps(call, &target, &source, 0)?;
    }
    Ok(target.into())
}

#[derive(Clone, Copy)]
struct Merge {
    overwrites: bool,
}

impl Merge {
    /// Takes over what the target does not have, or has empty; or all that the source has.
    fn maps(
        self,
        call: &mut Call<'_>,
        target: &Map,
        source: &Map,
        depth: u32,
    ) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        if target.is_nil() || target.is_same(source) {
            return Ok(());
        }
        call.spend(source.len())?;
        for (key, value) in source.entries() {
            let own = target.get(&key);
            if value.is_nil() {
                if self.overwrites {
                    target.insert(key, value);
                }
                continue;
            }
            let inner = map_of(&value);
            if let (Some(own), Some(inner)) = (own.as_ref().and_then(map_of), inner) {
                self.maps(call, &own, &inner, depth + 1)?;
                if !own.is_empty() {
                    continue;
                }
            }
            if self.overwrites || own.is_none_or(|own| is_empty(&own)) {
                call.environment.changed.note(target, &value);
                target.insert(key, value);
            }
        }
        Ok(())
    }
}

fn map_of(value: &Value) -> Option<Map> {
    match value.data() {
        Data::Map(map) => Some(map.clone()),
        Data::Host(host) => host.underlying().and_then(|inner| inner.as_map()),
        _ => None,
    }
}

fn deep_copy(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    if value.is_nil() {
        return Err(Failure::new(
            "reflect: call of reflect.Value.Type on zero Value",
        ));
    }
    copy(call, &value, 0)
}

fn copy(call: &mut Call<'_>, value: &Value, depth: u32) -> Answer {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    let copied = match value.data() {
        Data::List(list) if list.is_nil() => return Ok(value.clone()),
        Data::List(list) => {
            call.spend(list.len())?;
            let items = list.items().iter().map(|item| copy(call, item, depth + 1));
            Value::from(List::of(list.shape(), items.collect::<Result<_, _>>()?))
        }
        Data::Map(map) if map.is_nil() => return Ok(value.clone()),
        Data::Map(map) => {
            call.spend_on_map(map.len())?;
            let copied = Map::of(map.shape());
            for (key, item) in map.entries() {
                copied.insert(key, copy(call, &item, depth + 1)?);
            }
            Value::from(copied)
        }
        Data::Host(host) => match host.underlying() {
            Some(inner) if inner.as_map().is_some() => return copy(call, &inner, depth + 1),
            _ => return Ok(value.clone()),
        },
        _ => return Ok(value.clone()),
    };
    Ok(copied.with_origin(value.origin()))
}
