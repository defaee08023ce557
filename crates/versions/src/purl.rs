//! Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath`, from ECMA-427 and the definitions of types.

mod types;

use std::collections::BTreeMap;
use std::fmt;

use crate::bytes::decode;

/// A package URL, normalised by the definition of its type. All parts are decoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl {
    /// `deb`, `npm`, …, in lower case.
    pub kind: String,
    /// Segments parted by `/`; empty if there is none.
    pub namespace: String,
    /// The name of the package.
    pub name: String,
    /// Its version; empty if there is none.
    pub version: String,
    /// Further details by key, in order; values are not empty.
    pub qualifiers: BTreeMap<String, String>,
    /// A path inside the package; empty if there is none.
    pub subpath: String,
}

/// Why a text or parts are no package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurlError {
    /// It does not begin with `pkg:`.
    #[error("a package URL begins with 'pkg:'")]
    Scheme,
    /// No type, or one with characters that types have not.
    #[error("'{0}' is no type of a package URL")]
    Kind(String),
    /// No name.
    #[error("a package URL has a name")]
    Name,
    /// Broken percent-encoding.
    #[error("'{0}' is not percent-encoded text")]
    Encoding(String),
    /// A qualifier without `=`, or a key with characters that keys have not.
    #[error("'{0}' is no qualifier of a package URL")]
    Qualifier(String),
    /// Against the definition of the type.
    #[error("a package URL of type {kind} {problem}")]
    Type {
        /// The type.
        kind: String,
        /// What is wrong.
        problem: &'static str,
    },
}

impl Purl {
    /// Reads a package URL as they are found: keys in any case, and without asking whether its type allows or wants a
    /// namespace or a qualifier.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        let rest = text
            .strip_prefix("pkg:")
            .ok_or(PurlError::Scheme)?
            .trim_start_matches('/');
        let (rest, subpath) = rest
            .split_once('#')
            .map_or((rest, ""), |(rest, subpath)| (rest, subpath));
        let (rest, qualifiers) = rest
            .split_once('?')
            .map_or((rest, ""), |(rest, qualifiers)| (rest, qualifiers));
        let (kind, path) = rest.split_once('/').ok_or_else(|| {
            if is_kind(rest) {
                PurlError::Name
            } else {
                PurlError::Kind(rest.to_owned())
            }
        })?;
        let path = path.trim_matches('/');
        let (namespace, last) = path
            .rsplit_once('/')
            .map_or(("", path), |(namespace, last)| (namespace, last));
        let (name, version) = last
            .rsplit_once('@')
            .map_or((last, ""), |(name, version)| (name, version));
        let parts = Self {
            kind: kind.to_owned(),
            namespace: decoded_segments(namespace, &[""])?,
            name: decoded(name)?,
            version: decoded(version)?,
            qualifiers: parse_qualifiers(qualifiers)?,
            subpath: decoded_segments(subpath, &["", ".", ".."])?,
        };
        parts.normalised()
    }

    /// Reads a package URL that keeps to the definition of its type, with keys that begin in lower case.
    pub fn parse_exact(text: &str) -> Result<Self, PurlError> {
        let qualifiers = text
            .split('#')
            .next()
            .unwrap_or(text)
            .split_once('?')
            .map_or("", |(_, qualifiers)| qualifiers);
        let keys = qualifiers
            .split('&')
            .filter_map(|pair| pair.split('=').next());
        if let Some(key) = keys
            .into_iter()
            .find(|key| key.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            return Err(PurlError::Qualifier(key.to_owned()));
        }
        Self::parse(text)?.checked()
    }

    /// Makes a package URL of parts, normalised, and held against the definition of its type.
    pub fn build(self) -> Result<Self, PurlError> {
        self.normalised()?.checked()
    }

    fn normalised(mut self) -> Result<Self, PurlError> {
        if !is_kind(&self.kind) {
            return Err(PurlError::Kind(self.kind));
        }
        if let Some(key) = self.qualifiers.keys().find(|key| !is_key(key)) {
            return Err(PurlError::Qualifier(key.clone()));
        }
        self.kind.make_ascii_lowercase();
        types::normalise(&mut self);
        if self.name.is_empty() {
            return Err(PurlError::Name);
        }
        self.qualifiers.retain(|_, value| !value.is_empty());
        Ok(self)
    }

    fn checked(self) -> Result<Self, PurlError> {
        match types::problem(&self) {
            Some(problem) => Err(PurlError::Type {
                kind: self.kind,
                problem,
            }),
            None => Ok(self),
        }
    }
}

/// Prints the canonical form.
impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        for segment in self
            .namespace
            .split('/')
            .filter(|segment| !segment.is_empty())
        {
            write!(f, "{}/", Encoded(segment))?;
        }
        // A repository's path is written as one.
        let is_path = self.kind == "git";
        for (index, part) in self.name.split(|c| is_path && c == '/').enumerate() {
            write!(f, "{}{}", if index > 0 { "/" } else { "" }, Encoded(part))?;
        }
        if !self.version.is_empty() {
            write!(f, "@{}", Encoded(&self.version))?;
        }
        let mut sign = '?';
        for (key, value) in &self.qualifiers {
            write!(f, "{sign}{key}={}", Encoded(value))?;
            sign = '&';
        }
        let mut sign = '#';
        for segment in self
            .subpath
            .split('/')
            .filter(|segment| !segment.is_empty())
        {
            write!(f, "{sign}{}", Encoded(segment))?;
            sign = '/';
        }
        Ok(())
    }
}

/// Percent-encoded but for letters, digits and `.-_~:`.
struct Encoded<'a>(&'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

fn is_kind(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'+')
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_')
}

fn decoded(text: &str) -> Result<String, PurlError> {
    decode(text).ok_or_else(|| PurlError::Encoding(text.to_owned()))
}

fn decoded_segments(path: &str, dropped: &[&str]) -> Result<String, PurlError> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let segment = decoded(segment)?;
        if !dropped.contains(&segment.as_str()) {
            segments.push(segment);
        }
    }
    Ok(segments.join("/"))
}

fn parse_qualifiers(text: &str) -> Result<BTreeMap<String, String>, PurlError> {
    let mut qualifiers = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| PurlError::Qualifier(pair.to_owned()))?;
        qualifiers.insert(key.to_ascii_lowercase(), decoded(value)?);
    }
    Ok(qualifiers)
}

#[cfg(test)]
mod tests;
