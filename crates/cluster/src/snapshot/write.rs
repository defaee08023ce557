//! Writing a snapshot.

use std::io::{self, Write};

use document::{Kind, NodeRef};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::wire::{About, Header, SCHEMA, Tool};
use crate::collect::Collected;

/// Fast, and a tenth of the text.
const LEVEL: i32 = 3;

/// Writes what was read.
pub fn write(collected: &Collected, about: &About, out: &mut dyn Write) -> io::Result<()> {
    let mut out = zstd::stream::write::Encoder::new(out, LEVEL)?;
    out.include_checksum(true)?;
    let resources = &collected.inventory.resources;
    let header = Header {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "seawall".to_owned(),
            version: about.tool_version.clone(),
        },
        context: about.context.clone(),
        server_version: about.server_version.clone(),
        time: about.time.clone(),
        complete: collected.inventory.is_complete,
        resources: resources.len(),
        problems: collected.problems.iter().map(Into::into).collect(),
        served: collected.served.iter().map(Into::into).collect(),
        feature_gates: collected.feature_gates.clone(),
    };
    line(&header, &mut out)?;
    for resource in resources {
        line(&Json(resource.object()), &mut out)?;
    }
    out.finish()?.flush()
}

fn line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// A node as JSON.
struct Json<'a>(NodeRef<'a>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = self.0;
        match node.kind() {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool => serializer.serialize_bool(node.as_bool().unwrap_or_default()),
            Kind::Int => serializer.serialize_i64(node.as_i64().unwrap_or_default()),
            Kind::Uint => serializer.serialize_u64(node.as_u64().unwrap_or_default()),
            Kind::Float => serializer.serialize_f64(node.as_f64().unwrap_or_default()),
            Kind::String => serializer.serialize_str(node.as_str().unwrap_or_default()),
            Kind::Sequence => {
                let mut sequence = serializer.serialize_seq(Some(node.len()))?;
                for item in node.items() {
                    sequence.serialize_element(&Json(item))?;
                }
                sequence.end()
            }
            Kind::Mapping => {
                let mut mapping = serializer.serialize_map(Some(node.len()))?;
                for entry in node.entries() {
                    mapping.serialize_entry(entry.name(), &Json(entry.value))?;
                }
                mapping.end()
            }
        }
    }
}
