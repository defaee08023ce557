//! Feeds: what each says, as advisories and facts. Bytes in, no I/O; a feed is recognised by what it holds.

mod archive;
mod csaf;
mod debian;
mod endoflife;
mod exploited;
mod kubernetes;
mod likelihood;
mod osv;
mod oval;
mod secdb;

mod updateinfo;
mod xml;
mod yaml;

use serde::Deserialize;
use serde::de::IgnoredAny;

pub use archive::{Archive, unpack};

use crate::record::Advisory;

/// Something that a feed says.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// An advisory.
    Advisory(Box<Advisory>),
    /// How likely a flaw is exploited.
    Likelihood(String, Likelihood),
    /// That a flaw is exploited.
    Exploited(String, Exploited),
    /// When the support of a release ends.
    Cycle(ProductCycle),
}

/// EPSS: the probability that a flaw is exploited within 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likelihood {
    /// In millionths.
    pub millionths: u32,
    /// The share of flaws that are less likely exploited, in millionths.
    pub percentile_millionths: u32,
}

/// An entry of CISA's catalogue of exploited vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploited {
    /// `YYYY-MM-DD` by which it is to be fixed.
    pub due: String,
}

/// A release of a product and when its support ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductCycle {
    /// `debian`
    pub product: String,
    /// `12`
    pub cycle: String,
    /// `YYYY-MM-DD`; empty if it is not known.
    pub end: String,
    /// Whether it has ended, though the day is not known.
    pub has_ended: bool,
}

/// Why a text is no feed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedError {
    /// It holds none of what is known.
    #[error("this is no feed that is known")]
    Unknown,
    /// It looks like a feed and is broken.
    #[error("this is no {kind}")]
    Json {
        /// What it looked like.
        kind: &'static str,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// It is no YAML.
    #[error("this is no YAML: {0}")]
    Yaml(String),
    /// It is no XML.
    #[error("this is no XML")]
    Xml(#[source] quick_xml::Error),
    /// It is no text.
    #[error("this is no UTF-8")]
    Utf8,
    /// An archive could not be read.
    #[error("the archive cannot be read")]
    Archive(#[source] std::io::Error),
    /// An archive holds more than is read.
    #[error("the archive holds more than {0} bytes")]
    TooLarge(u64),
}

/// Reads a feed, or one file of it.
///
/// OSV records (one, or a list) in JSON and YAML; Debian's security tracker; secdb of Alpine, Wolfi and Chainguard; CSAF
/// and VEX of Red Hat, SUSE and Ubuntu; updateinfo of Amazon, Rocky, Oracle and `AlmaLinux`; OVAL of Oracle and Azure Linux;
/// the Kubernetes project's feed of CVEs; EPSS; CISA's catalogue of exploited vulnerabilities; endoflife.date.
pub fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes
        .iter()
        .position(|b| !b.is_ascii_whitespace())
        .unwrap_or(bytes.len());
    match &bytes[start..] {
        [] => Err(FeedError::Unknown),
        [b'{', ..] => read_object(bytes),
        [b'[', ..] => osv::list(bytes),
        [b'<', ..] => read_xml(bytes),
        rest if rest.starts_with(b"#model_version") || rest.starts_with(b"cve,epss") => {
            likelihood::read(text(bytes)?)
        }
        _ => yaml::read(text(bytes)?),
    }
}

/// The keys by which JSON feeds are told apart.
#[derive(Deserialize)]
struct Probe {
    id: Option<IgnoredAny>,
    modified: Option<IgnoredAny>,
    affected: Option<IgnoredAny>,
    document: Option<IgnoredAny>,
    #[serde(rename = "catalogVersion")]
    catalog_version: Option<IgnoredAny>,
    packages: Option<IgnoredAny>,
    items: Option<IgnoredAny>,
    generator: Option<IgnoredAny>,
    products: Option<IgnoredAny>,
}

fn read_object(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let probe: Probe = serde_json::from_slice(bytes).map_err(|source| FeedError::Json {
        kind: "JSON",
        source,
    })?;
    if probe.id.is_some() && (probe.modified.is_some() || probe.affected.is_some()) {
        osv::one(bytes).map(|advisory| vec![advisory])
    } else if probe.document.is_some() {
        csaf::read(bytes)
    } else if probe.catalog_version.is_some() {
        exploited::read(bytes)
    } else if probe.packages.is_some() {
        secdb::read(bytes)
    } else if probe.items.is_some() {
        kubernetes::read(bytes)
    } else if probe.generator.is_some() || probe.products.is_some() {
        endoflife::read(bytes)
    } else {
        // The tracker and the list of products have names for keys.
        debian::read(bytes)
            .or_else(|_| endoflife::read(bytes))
            .map_err(|_| FeedError::Unknown)
    }
}

fn read_xml(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let text = text(bytes)?;
    let head = &text[..text.floor_char_boundary(4096)];
    if head.contains("<oval_definitions") || head.contains(":oval_definitions") {
        oval::read(text)
    } else if head.contains("<updates") || head.contains("<update ") {
        updateinfo::read(text)
    } else {
        Err(FeedError::Unknown)
    }
}

fn text(bytes: &[u8]) -> Result<&str, FeedError> {
    std::str::from_utf8(bytes).map_err(|_| FeedError::Utf8)
}

#[cfg(test)]
mod tests;
