//! JSON in.

use std::sync::Arc;

use crate::error::Parsed;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::source::Source;

/// Reads a JSON text.
pub fn parse_json(source: Arc<Source>, keys: &Arc<Keys>, limits: &Limits) -> Parsed {
    crate::yaml::parse_yaml(source, keys, limits)
}
