//! Merging values of charts: a chart's own under what it was given, parents' over those of their dependencies. The
//! steps are Helm's, maps that it shares are shared here.

use std::collections::HashSet;

use gotemplate::{Data, Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::node::Node;
use crate::values::{copy, copy_map};

/// What parents pass to all their dependencies.
const GLOBAL: &str = "global";

/// How values of charts are put together, and what was odd about it.
pub(crate) struct Coalesce<'n> {
    /// Nulls are kept as values; otherwise they take keys away.
    pub(crate) keeps_nulls: bool,
    /// What Helm logs.
    pub(crate) warn: &'n mut dyn FnMut(String),
}

impl Coalesce<'_> {
    /// The values of a chart and all its dependencies under what is given.
    pub(crate) fn values(&mut self, chart: &Node<'_>, given: &Map) -> Result<Map> {
        let values = copy_map(given);
        self.chart(chart, &values, "")?;
        Ok(values)
    }

    fn chart(&mut self, chart: &Node<'_>, values: &Map, prefix: &str) -> Result<()> {
        self.own(chart, values, prefix);
        for child in &chart.children {
            let name = &*child.name;
            let below = match values.get(name) {
                None => {
                    let below = Map::new();
                    values.insert(name, below.clone().into());
                    below
                }
                Some(value) => value.as_map().ok_or_else(|| no_table(name, &value))?,
            };
            let prefix = joined(prefix, &chart.name);
            self.globals(&below, values, &prefix);
            self.chart(child, &below, &prefix)?;
        }
        Ok(())
    }

    /// Puts a chart's own values under what it was given.
    fn own(&mut self, chart: &Node<'_>, values: &Map, prefix: &str) {
        let prefix = joined(prefix, &chart.name);
        for (key, own) in chart.values.entries() {
            let Some(given) = values.get(&key) else {
                if self.keeps_nulls {
                    values.insert(key, copy(&own));
                } else if !own.is_nil() {
                    values.insert(key, without_nulls(&own));
                }
                continue;
            };
            if given.is_nil() && !self.keeps_nulls {
                values.remove(&key);
            } else if let Some(given) = given.as_map() {
                let Some(own) = own.as_map() else {
                    if !own.is_nil() {
                        (self.warn)(format!("the default of {prefix}.{key} is no mapping"));
                    }
                    continue;
                };
                let is_child = chart.children.iter().any(|child| *child.name == *key);
                let keeps_nulls = self.keeps_nulls || is_child;
                let own = copy_map(&own);
                if !keeps_nulls {
                    remove_nulls(&own);
                }
                self.tables(&given, &own, &joined(&prefix, &key), keeps_nulls);
            }
        }
    }

    /// Passes the globals of a chart to one of its dependencies.
    fn globals(&mut self, child: &Map, parent: &Map, prefix: &str) {
        let globals = |values: &Map| match values.get(GLOBAL) {
            None => Some(Map::new()),
            Some(value) => value.as_map(),
        };
        let Some(into) = globals(child) else {
            (self.warn)(format!("{prefix}: {GLOBAL} of a dependency is no mapping"));
            return;
        };
        let Some(from) = globals(parent) else {
            (self.warn)(format!("{prefix}: {GLOBAL} is no mapping"));
            return;
        };
        for (key, value) in from.entries() {
            let below = into.get(&key);
            let Some(table) = value.as_map() else {
                if below.is_some_and(|below| below.as_map().is_some()) {
                    (self.warn)(format!(
                        "{prefix}: {GLOBAL}.{key} is a mapping in a dependency"
                    ));
                } else {
                    into.insert(key, value);
                }
                continue;
            };
            // Only the top of the mapping is copied: what lies in it is shared with the parent.
            let shallow: Map = table.entries().into_iter().collect();
            if let Some(below) = below {
                let Some(given) = below.as_map() else {
                    (self.warn)(format!(
                        "{prefix}: {GLOBAL}.{key} is no mapping in a dependency"
                    ));
                    continue;
                };
                self.tables(&shallow, &given, &joined(prefix, &key), true);
            }
            into.insert(key, Value::from(shallow).with_origin(value.origin()));
        }
        child.insert(GLOBAL, into.into());
    }

    /// Merges a map into another one that goes before it.
    fn tables(&mut self, into: &Map, from: &Map, prefix: &str, keeps_nulls: bool) {
        let mut had_value = HashSet::with_hasher(foldhash::fast::FixedState::default());
        for (key, value) in from.entries() {
            if !value.is_nil() {
                had_value.insert(key);
            }
        }
        for (key, value) in into.entries() {
            if value.is_nil() {
                from.insert(key, value);
            }
        }
        for (key, value) in from.entries() {
            let Some(there) = into.get(&key) else {
                into.insert(key, value);
                continue;
            };
            if !keeps_nulls && there.is_nil() && had_value.contains(&key) {
                into.remove(&key);
            } else if let Some(from) = value.as_map() {
                let path = joined(prefix, &key);
                match there.as_map() {
                    Some(into) => self.tables(&into, &from, &path, keeps_nulls),
                    None => (self.warn)(format!("{path} is a mapping by default, but not here")),
                }
            } else if there.as_map().is_some() && !value.is_nil() {
                let path = joined(prefix, &key);
                (self.warn)(format!("{path} is a mapping here, but not by default"));
            }
        }
    }
}

/// Merges a map into another one that goes before it, nulls kept.
pub(crate) fn merge_tables(into: &Map, from: &Map, warn: &mut dyn FnMut(String)) {
    let mut coalesce = Coalesce {
        keeps_nulls: true,
        warn,
    };
    coalesce.tables(into, from, "", true);
}

fn joined(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}

fn without_nulls(value: &Value) -> Value {
    let value = copy(value);
    if let Data::Map(map) = value.data() {
        remove_nulls(map);
    }
    value
}

fn remove_nulls(map: &Map) {
    for (key, value) in map.entries() {
        if value.is_nil() {
            map.remove(&key);
        } else if let Data::Map(map) = value.data() {
            remove_nulls(map);
        }
    }
}

fn no_table(name: &str, value: &Value) -> Error {
    let message = format!(
        "values of the dependency '{name}' are {}, not a mapping",
        value.type_name()
    );
    ErrorKind::Values(message).into()
}
