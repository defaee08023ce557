//! Components of the control plane and of nodes as host objects, and the cluster as a whole.

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use model::{
    Configuration, ConfigurationFile, ProcessView, Setting, Surroundings, parse_bool, parse_seconds,
};

use super::resource::{list, resource_value, unknown};
use super::{member, method};
use crate::relations::Relations;

const COMPONENT: MemberId = member("component");
const SOURCE: MemberId = member("source");

const TEXT: MethodId = method("text");
const IS_ON: MethodId = method("isOn");
const NUMBER: MethodId = method("number");
const SECONDS: MethodId = method("seconds");
const LIST: MethodId = method("list");
const IS_SET: MethodId = method("isSet");
const WRITTEN: MethodId = method("written");
const PLUGINS: MethodId = method("plugins");
const GATE: MethodId = method("gate");
const PROCESSES: MethodId = method("processes");
const RESOURCE: MethodId = method("resource");
const RESOURCES: MethodId = method("resources");

/// A component with its flags.
pub(crate) struct ProcessHost<'a, 'r> {
    view: &'a ProcessView<'a>,
    /// Position of the resource that runs or configures it.
    resource: u32,
    relations: &'a Relations<'r>,
    minor: u32,
}

impl<'a, 'r: 'a> ProcessHost<'a, 'r> {
    /// A process in a scan that assumes a minor version.
    pub(crate) fn new(
        view: &'a ProcessView<'a>,
        resource: u32,
        relations: &'a Relations<'r>,
        minor: u32,
    ) -> Self {
        ProcessHost {
            view,
            resource,
            relations,
            minor,
        }
    }

    /// The value of a flag, read as `read` does; unknown where that is not possible.
    fn read(
        &'a self,
        flag: &str,
        what: &str,
        arena: &'a Bump,
        read: impl Fn(&str) -> Option<Value<'a>>,
    ) -> Value<'a> {
        match self.view.value(flag, self) {
            Setting::Unknown(reason) => self.unknown(&reason, arena),
            Setting::Known(text) => read(&text).unwrap_or_else(|| {
                self.unknown(&format!("`--{flag}={text}` is not {what}"), arena)
            }),
        }
    }

    /// The scanned processes of a component.
    fn processes(&'a self, component: &str, arena: &'a Bump) -> Value<'a> {
        let (relations, minor) = (self.relations, self.minor);
        let found = relations.processes().iter();
        let found = found.filter(|(_, view)| view.component().as_str() == component);
        list(
            arena,
            found.map(|(index, view)| -> Value<'a> {
                let host = ProcessHost::new(view, *index, relations, minor);
                Value::Host(arena.alloc(host))
            }),
        )
    }

    fn unknown(&'a self, reason: &str, arena: &'a Bump) -> Value<'a> {
        unknown(arena, Some(self.view.node()), reason)
    }

    fn settle(&'a self, answer: Result<Value<'a>, String>, arena: &'a Bump) -> Value<'a> {
        answer.unwrap_or_else(|reason| self.unknown(&reason, arena))
    }
}

/// A list of texts in the arena.
fn texts<'a, 't>(arena: &'a Bump, texts: impl IntoIterator<Item = &'t str>) -> Value<'a> {
    list(arena, texts.into_iter().map(|text| string(arena, text)))
}

fn string<'a>(arena: &'a Bump, text: &str) -> Value<'a> {
    Value::String(arena.alloc_str(text))
}

/// The items of a list on a command line.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

impl<'a, 'r: 'a> Surroundings<'a> for ProcessHost<'a, 'r> {
    fn minor(&self) -> u32 {
        self.minor
    }

    fn configuration(&self, group: &str, kind: &str) -> Configuration<'a> {
        let relations = self.relations;
        let found = relations.of_kind(kind).iter();
        let found = found.filter_map(|&index| relations.resource(index));
        let objects = found.filter(|resource| resource.group() == group);
        let objects = objects.map(|resource| ConfigurationFile::Object(resource.object()));
        let texts = relations.embedded_files().iter();
        let texts = texts.filter(|view| view.is_file(group, kind));
        let mut found = objects.chain(texts.map(ConfigurationFile::Text));
        match (found.next(), found.next()) {
            (None, _) => Configuration::Missing,
            (Some(only), None) => Configuration::One(only),
            _ => Configuration::Several,
        }
    }
}

impl<'a, 'r: 'a> Host<'a> for ProcessHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "process"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.view.node())
    }

    fn member(&'a self, member: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        match member {
            COMPONENT => Some(Value::String(self.view.component().as_str())),
            SOURCE => Some(Value::String(self.view.source().as_str())),
            _ => None,
        }
    }

    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        if method == PLUGINS {
            let plugins = self.view.plugins(self);
            let plugins = plugins.map(|all| texts(arena, all.iter().map(String::as_str)));
            return Some(self.settle(plugins, arena));
        }
        if method == RESOURCE {
            return Some(resource_value(self.relations, self.resource, arena));
        }
        let flag = arguments.first()?.as_str()?;
        Some(match method {
            TEXT => self.read(flag, "a text", arena, |text| Some(string(arena, text))),
            IS_ON => self.read(flag, "true or false", arena, |text| {
                parse_bool(text).map(Value::Bool)
            }),
            NUMBER => self.read(flag, "a whole number", arena, |text| {
                text.trim().parse().ok().map(Value::Int)
            }),
            SECONDS => self.read(flag, "a span of time", arena, |text| {
                parse_seconds(text).map(Value::Double)
            }),
            LIST => self.read(flag, "a list", arena, |text| {
                Some(texts(arena, items(text)))
            }),
            IS_SET => self.settle(self.view.is_set(flag, self).map(Value::Bool), arena),
            WRITTEN => {
                let written = self.view.texts(flag);
                self.settle(written.map(|written| texts(arena, written)), arena)
            }
            GATE => self.settle(self.view.gate(flag, self).map(Value::Bool), arena),
            PROCESSES => self.processes(flag, arena),
            _ => return None,
        })
    }
}

/// Everything that was scanned.
pub(crate) struct ClusterHost<'a, 'r>(pub(crate) &'a Relations<'r>);

impl<'a, 'r: 'a> Host<'a> for ClusterHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "cluster"
    }

    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        if method != RESOURCES {
            return None;
        }
        let found = self.0.of_kind(arguments.first()?.as_str()?).iter();
        Some(list(
            arena,
            found.map(|&index| resource_value(self.0, index, arena)),
        ))
    }
}
