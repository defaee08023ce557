//! endoflife.date: products with their releases, all in one object.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Fact, FeedError, ProductCycle};

#[derive(Deserialize)]
struct Product {
    releases: Vec<Release>,
}

#[derive(Deserialize)]
struct Release {
    #[serde(rename = "releaseCycle")]
    cycle: Value,
    #[serde(default)]
    eol: Value,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let products: BTreeMap<String, Product> =
        serde_json::from_slice(bytes).map_err(|source| FeedError::Json {
            kind: "list of products",
            source,
        })?;
    let cycles = products
        .into_iter()
        .flat_map(|(product, Product { releases })| {
            releases.into_iter().map(move |release| ProductCycle {
                product: product.clone(),
                cycle: release
                    .cycle
                    .as_str()
                    .map_or_else(|| release.cycle.to_string(), str::to_owned),
                end: release.eol.as_str().unwrap_or_default().to_owned(),
                has_ended: release.eol == true,
            })
        });
    Ok(cycles.map(Fact::Cycle).collect())
}
