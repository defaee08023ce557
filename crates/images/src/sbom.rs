//! Bills of materials as packages: `CycloneDX` in JSON and XML, SPDX 2 and 3 in JSON.

mod cyclonedx;
mod spdx;
mod spdx3;
mod xml;

use std::collections::HashSet;
use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Parsed, Source, SyntaxErrorKind, parse_json};
use packages::Package;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use versions::Purl;

/// Components inside each other.
const MAX_DEPTH: usize = 64;

/// Bills of large images have hundreds of megabytes, most of which are lists of files.
const LIMITS: Limits = Limits {
    bytes: 1 << 30,
    depth: 256,
    nodes: 128 << 20,
    alias_factor: 0,
    alias_bytes: 0,
};

/// What a bill of materials lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bill {
    /// Packages with a package URL, each once, in the order of the bill.
    pub packages: Vec<Package>,
    /// Components that cannot be looked up: their names, and why.
    pub unusable: Vec<(String, String)>,
}

/// Why a text is no bill of materials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SbomError {
    /// It is no JSON or no XML, or too much of it.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where, from 1.
        line: u32,
        /// In characters, from 1.
        column: u32,
    },
    /// The bytes are no text.
    #[error("it is not UTF-8")]
    Utf8,
    /// It is JSON or XML of another kind.
    #[error("this is neither CycloneDX (JSON or XML) nor SPDX (2 or 3, JSON)")]
    Unknown,
    /// Components are nested too deeply.
    #[error("components are nested more than {MAX_DEPTH} deep")]
    Depth,
}

/// Reads a bill of materials.
pub fn read(bytes: &[u8]) -> Result<Bill, SbomError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SbomError::Utf8)?;
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim_start().starts_with('<') {
        let listed = xml::read(text)?;
        let reader = Reader {
            listed: listed
                .iter()
                .map(|(name, purl)| (name.as_str(), purl.as_deref()))
                .collect(),
        };
        return Ok(reader.bill());
    }
    let source = Source::new("", text);
    let Parsed { document, errors } =
        parse_json(Arc::clone(&source), &Arc::new(Keys::new([])), &LIMITS);
    if let Some(error) = errors.into_iter().next() {
        if error.kind == SyntaxErrorKind::Depth {
            return Err(SbomError::Depth);
        }
        let at = source.line_column(error.span.start);
        return Err(SbomError::Syntax {
            message: error.message,
            line: at.line,
            column: at.column,
        });
    }
    let mut roots = document.roots();
    let (Some(root), None) = (roots.next(), roots.next()) else {
        return Err(SbomError::Unknown);
    };
    let mut reader = Reader::default();
    if text_at(root, "bomFormat") == "CycloneDX" {
        cyclonedx::read(root, &mut reader)?;
    } else if root.get_str("spdxVersion").is_some() {
        spdx::read(root, &mut reader);
    } else if spdx3::is_one(root) {
        spdx3::read(root, &mut reader);
    } else {
        return Err(SbomError::Unknown);
    }
    Ok(reader.bill())
}

/// What is listed: names, and package URLs where there are some.
#[derive(Default)]
struct Reader<'d> {
    listed: Vec<(&'d str, Option<&'d str>)>,
}

impl<'d> Reader<'d> {
    fn add(&mut self, name: &'d str, purl: Option<&'d str>) {
        self.listed.push((name, purl));
    }

    fn bill(&self) -> Bill {
        let parsed = self.listed.par_iter();
        let parsed: Vec<_> = parsed.map(|(_, purl)| purl.map(Purl::parse)).collect();
        let mut bill = Bill::default();
        let mut seen = HashSet::new();
        for ((name, purl), parsed) in self.listed.iter().zip(parsed) {
            let purl = purl.unwrap_or_default();
            match parsed {
                Some(Ok(_)) if !seen.insert(purl) => {}
                Some(Ok(parsed)) => {
                    bill.packages
                        .push(Package::written(purl.to_owned(), parsed));
                }
                Some(Err(error)) => {
                    let why = format!("its package URL '{purl}': {error}");
                    bill.unusable.push(((*name).to_owned(), why));
                }
                None => {
                    let why = "it has no package URL".to_owned();
                    bill.unusable.push(((*name).to_owned(), why));
                }
            }
        }
        bill
    }
}

/// The text of a key; none where there is something else.
fn text_at<'d>(node: NodeRef<'d>, key: &str) -> &'d str {
    let value = node.get_str(key);
    value.and_then(NodeRef::as_str).unwrap_or_default()
}

/// The elements of a list; none where there is something else.
fn items<'d>(node: NodeRef<'d>, key: &str) -> impl Iterator<Item = NodeRef<'d>> {
    node.get_str(key).into_iter().flat_map(NodeRef::items)
}

#[cfg(test)]
mod tests;
