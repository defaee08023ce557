//! How far something is exposed, as expressions see it.

use std::collections::HashSet;

use bumpalo::Bump;
use expr::{Host, MapValue, MemberId, Value};
use foldhash::fast::FixedState;
use network::{Chain, Exposure};

use super::super::member;
use super::super::resource::{list, resource_value};
use super::resources;
use crate::relations::Relations;

const LEVEL: MemberId = member("level");
const POSSIBLE: MemberId = member("possible");
const CHAINS: MemberId = member("chains");
const WAY: MemberId = member("way");
const RESOURCES: MemberId = member("resources");

/// All ways to a pod or a service.
struct ExposureHost<'a, 'r> {
    relations: &'a Relations<'r>,
    exposure: &'a Exposure,
    /// The resource that is exposed.
    of: u32,
}

/// An exposure as a value.
pub(super) fn value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    exposure: &'a Exposure,
    of: u32,
    arena: &'a Bump,
) -> Value<'a> {
    Value::Host(arena.alloc(ExposureHost {
        relations,
        exposure,
        of,
    }))
}

impl<'a, 'r: 'a> Host<'a> for ExposureHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "exposure"
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let exposure = self.exposure;
        match member {
            LEVEL => Some(Value::String(exposure.level.as_str())),
            POSSIBLE => Some(Value::String(exposure.possible.as_str())),
            CHAINS => {
                let chains = exposure.chains.iter();
                let chains = chains.map(|chain| chain_value(self.relations, chain, arena));
                Some(list(arena, chains))
            }
            WAY => {
                let way = exposure.chains.get(..1).unwrap_or_default();
                Some(list(arena, self.resources(way, arena)))
            }
            RESOURCES => Some(list(arena, self.resources(&exposure.chains, arena))),
            _ => None,
        }
    }
}

impl<'a, 'r: 'a> ExposureHost<'a, 'r> {
    /// The resources on some ways, each once.
    fn resources(
        &'a self,
        chains: &'a [Chain],
        arena: &'a Bump,
    ) -> impl Iterator<Item = Value<'a>> {
        let mut seen: HashSet<u32, FixedState> = HashSet::default();
        seen.insert(self.of);
        let steps = chains.iter().flat_map(|chain| &chain.steps);
        let resources = steps.map(|step| step.place.resource);
        resources
            .filter(move |&index| seen.insert(index))
            .map(|index| resource_value(self.relations, index, arena))
    }
}

fn chain_value<'a, 'r: 'a>(
    relations: &'a Relations<'r>,
    chain: &Chain,
    arena: &'a Bump,
) -> Value<'a> {
    let places = chain.steps.iter().map(|step| step.place);
    let port = chain.port;
    let entries = [
        ("level", Value::String(chain.level.as_str())),
        ("isSure", Value::Bool(chain.unknown.is_none())),
        (
            "port",
            port.map_or(Value::Null, |port| Value::Int(port.number.into())),
        ),
        (
            "protocol",
            port.map_or(Value::Null, |port| Value::String(port.protocol.as_str())),
        ),
        ("resources", resources(relations, places, arena)),
    ];
    let entries = entries.map(|(name, value)| (Value::String(name), value));
    let entries = arena.alloc(entries);
    Value::Map(arena.alloc(MapValue { entries }))
}
