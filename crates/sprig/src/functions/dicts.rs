//! Maps.

use std::rc::Rc;

use gotemplate::{Data, Failure, Map, Shape, Signature, Type, Value};

use super::{ANYS, MAP_TYPE};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::functions::print::string_of;

const KEY: Signature = Signature::new(&[MAP_TYPE, Type::String]);
const KEYS: Signature = Signature::variadic(&[MAP_TYPE, Type::String]);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("dict", ANYS, dict),
    Entry::new("get", KEY, get),
    Entry::new(
        "set",
        Signature::new(&[MAP_TYPE, Type::String, Type::Any]),
        set,
    ),
    Entry::new("unset", KEY, unset),
    Entry::new("hasKey", KEY, has_key),
    Entry::new(
        "pluck",
        Signature::variadic(&[Type::String, MAP_TYPE]),
        pluck,
    ),
    Entry::new("keys", Signature::variadic(&[MAP_TYPE]), keys),
    Entry::new("values", Signature::new(&[MAP_TYPE]), values),
    Entry::new("pick", KEYS, pick),
    Entry::new("omit", KEYS, omit),
    Entry::new("dig", ANYS, dig),
];

fn dict(call: &mut Call<'_>) -> Answer {
    call.spend_on_map(call.arguments.len())?;
    let map = Map::new();
    for index in (0..call.arguments.len()).step_by(2) {
        let key = call.take(index);
        let Data::String(key) = string_of(call, &key)?.into_data() else {
            continue;
        };
        let value = if index + 1 < call.arguments.len() {
            call.take(index + 1)
        } else {
            Value::from("")
        };
        map.insert(key, value);
    }
    Ok(map.into())
}

/// An entry, with the origin of the map where it has none of its own.
fn entry(call: &Call<'_>, index: usize, map: &Map, key: &str) -> Option<Value> {
    let found = map.get(key)?;
    if found.origin().is_none() {
        return Some(found.with_origin(call.arguments[index].origin()));
    }
    Some(found)
}

fn get(call: &mut Call<'_>) -> Answer {
    let (map, key) = (call.map(0), call.text(1));
    Ok(entry(call, 0, &map, &key).unwrap_or_else(|| Value::from("")))
}

fn set(call: &mut Call<'_>) -> Answer {
    let (map, key, value) = (call.map(0), call.text(1), call.take(2));
    if map.is_nil() {
        return Err(Failure::new("assignment to entry in nil map"));
    }
    call.environment.changed.note(&map, &value);
    map.insert(key, value);
    Ok(Value::from(map).with_origin(call.arguments[0].origin()))
}

fn unset(call: &mut Call<'_>) -> Answer {
    let (map, key) = (call.map(0), call.text(1));
    map.remove(&key);
    Ok(Value::from(map).with_origin(call.arguments[0].origin()))
}

fn has_key(call: &mut Call<'_>) -> Answer {
    let (map, key) = (call.map(0), call.text(1));
    let found = entry(call, 0, &map, &key);
    let origin = match &found {
        Some(value) => call.context.mixed(value.origin()),
        None => call.arguments[0].origin(),
    };
    Ok(Value::from(found.is_some()).with_origin(origin))
}

fn pluck(call: &mut Call<'_>) -> Answer {
    let key = call.text(0);
    let mut found = Vec::new();
    for index in 1..call.arguments.len() {
        let map = call.map(index);
        found.extend(entry(call, index, &map, &key));
    }
    Ok(Value::list(found))
}

fn keys(call: &mut Call<'_>) -> Answer {
    let mut found = Vec::new();
    for index in 0..call.arguments.len() {
        let entries = counted(call, index)?;
        for (key, value) in entries {
            let origin = call.context.mixed(value.origin());
            found.push(Value::from(key).with_origin(origin));
        }
    }
    Ok(Value::strings(found))
}

/// The entries of a map, counted.
fn counted(call: &mut Call<'_>, index: usize) -> Result<Vec<(Rc<str>, Value)>, Failure> {
    let map = call.map(index);
    call.spend(map.len())?;
    Ok(map.entries())
}

fn values(call: &mut Call<'_>) -> Answer {
    let entries = counted(call, 0)?;
    let origin = call.arguments[0].origin();
    let values = entries.into_iter().map(|(_, value)| match value.origin() {
        own if own.is_none() => value.with_origin(origin),
        _ => value,
    });
    Ok(Value::list(values.collect()))
}

fn pick(call: &mut Call<'_>) -> Answer {
    let map = call.map(0);
    call.spend_on_map(call.arguments.len())?;
    let picked = Map::new();
    for index in 1..call.arguments.len() {
        let key = call.text(index);
        if let Some(value) = entry(call, 0, &map, &key) {
            picked.insert(key, value);
        }
    }
    Ok(Value::from(picked).with_origin(call.arguments[0].origin()))
}

fn omit(call: &mut Call<'_>) -> Answer {
    let unwanted: Vec<Rc<str>> = (1..call.arguments.len())
        .map(|index| call.text(index))
        .collect();
    let entries = counted(call, 0)?;
    let origin = call.arguments[0].origin();
    let kept: Map = entries
        .into_iter()
        .filter(|(key, _)| !unwanted.contains(key))
        .map(|(key, value)| match value.origin() {
            own if own.is_none() => (key, value.with_origin(origin)),
            _ => (key, value),
        })
        .collect();
    Ok(Value::from(kept).with_origin(origin))
}

/// What Go says where an interface does not hold what is expected.
fn not_a(value: &Value, wanted: &str) -> Failure {
    let found = if value.is_nil() {
        "nil".to_owned()
    } else {
        value.type_name()
    };
    Failure::new(format!(
        "interface conversion: interface {{}} is {found}, not {wanted}"
    ))
}

/// `dig "a" "b" default map` is `map.a.b`, or the default where a key is missing.
fn dig(call: &mut Call<'_>) -> Answer {
    let count = call.arguments.len();
    if count < 3 {
        return Err(Failure::new("dig needs at least three arguments"));
    }
    let mut current = call.take(count - 1);
    let mut map = plain_map(&current)?;
    let mut keys = Vec::new();
    for index in 0..count - 2 {
        let key = &call.arguments[index];
        let Data::String(key) = key.data() else {
            return Err(not_a(key, "string"));
        };
        keys.push(Rc::clone(key));
    }
    for (depth, key) in keys.iter().enumerate() {
        let Some(found) = map.get(key) else {
            let decided_by = current.origin();
            let default = call.take(count - 2);
            return Ok(call.context.decided(default, decided_by));
        };
        let found = if found.origin().is_none() {
            found.with_origin(current.origin())
        } else {
            found
        };
        if depth + 1 < keys.len() {
            map = plain_map(&found)?;
        }
        current = found;
    }
    Ok(current)
}

/// A map of no other type than `map[string]interface {}`: that is what is asked for.
fn plain_map(value: &Value) -> Result<Map, Failure> {
    match value.data() {
        Data::Map(map) if map.shape().name == Shape::MAP.name => Ok(map.clone()),
        _ => Err(not_a(value, Shape::MAP.name)),
    }
}
