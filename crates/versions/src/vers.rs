//! `vers:` ranges: `vers:npm/>=1.0.0|<2.0.0`, from the Version Range Specifier specification.

use std::cmp::Ordering;
use std::fmt;

use crate::bytes::decode;
use crate::constraint::{Comparator, Constraint};
use crate::native;
use crate::order::compare;
use crate::scheme::Scheme;

/// A version range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vers {
    /// The name of the scheme, in lower case.
    pub kind: String,
    /// In the order of the versions.
    pub constraints: Vec<Constraint>,
}

/// Why a text is no `vers:` range, or no range of its ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersError {
    /// It does not begin with `vers:TYPE/`.
    #[error("a version range begins with 'vers:', a type and '/'")]
    Prefix,
    /// The type has characters that a type has not, or is the one that is never valid.
    #[error("'{0}' is no type of a version range")]
    Kind(String),
    /// It is not in canonical form.
    #[error("non-canonical VERS: {0}")]
    NotCanonical(&'static str),
    /// A range in an ecosystem's own notation that is not understood.
    #[error("'{range}' is no version range of {kind}")]
    Native {
        /// The type of the range.
        kind: String,
        /// The part that is not understood.
        range: String,
    },
}

impl Vers {
    /// Reads a range in canonical form.
    pub fn parse(text: &str) -> Result<Self, VersError> {
        if text.bytes().any(|b| b.is_ascii_whitespace()) {
            return Err(VersError::NotCanonical("whitespace is not permitted"));
        }
        let (kind, constraints) = split_kind(text)?;
        canonical_pipes(constraints)?;
        let vers = Self {
            kind,
            constraints: constraints
                .split('|')
                .map(canonical_constraint)
                .collect::<Result<_, _>>()?,
        };
        if vers.constraints.len() > 1
            && vers
                .constraints
                .iter()
                .any(|c| c.comparator == Comparator::Any)
        {
            return Err(VersError::NotCanonical("'*' stands alone"));
        }
        if vers.kind == "datetime" {
            canonical_datetimes(constraints, &vers)?;
        }
        let order = vers.scheme().unwrap_or(Scheme::Lexicographic);
        let is_reserved = matches!(vers.kind.as_str(), "example" | "test");
        if !is_reserved
            && !vers
                .constraints
                .is_sorted_by(|a, b| compare(order, &a.version, &b.version).is_le())
        {
            return Err(VersError::NotCanonical(
                "constraints are not sorted by version",
            ));
        }
        Ok(vers)
    }

    /// Reads a range that need not be in canonical form: constraints are sorted, and empty ones dropped.
    pub fn parse_lenient(text: &str) -> Result<Self, VersError> {
        let (kind, constraints) = split_kind(text.trim())?;
        let constraints = constraints
            .split('|')
            .map(str::trim)
            .filter(|constraint| !constraint.is_empty())
            .map(|constraint| {
                let (comparator, version) = Comparator::split(constraint);
                let version = decode(version.trim()).ok_or(VersError::NotCanonical(
                    "invalid percent-encoding in version",
                ))?;
                Ok(Constraint {
                    comparator,
                    version,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self::sorted(kind, constraints))
    }

    /// Makes a range from an ecosystem's own notation, such as npm's `^1.2.3 || >=3`.
    ///
    /// `kind` is the type of the range; the notation of one that is not known is a list of comparators and versions.
    pub fn from_native(kind: &str, range: &str) -> Result<Self, VersError> {
        let kind = valid_kind(kind)?;
        let parsed = native::parse(&kind, range);
        let constraints = parsed.map_err(|range| VersError::Native {
            kind: kind.clone(),
            range: range.to_owned(),
        })?;
        Ok(Self::sorted(kind, constraints))
    }

    fn sorted(kind: String, mut constraints: Vec<Constraint>) -> Self {
        let order = Scheme::from_type(&kind).unwrap_or(Scheme::Generic);
        constraints.sort_by(|a, b| {
            compare(order, &a.version, &b.version).then(a.comparator.cmp(&b.comparator))
        });
        Self { kind, constraints }
    }

    /// How its versions are ordered; `None` for a type that is not known.
    pub fn scheme(&self) -> Option<Scheme> {
        Scheme::from_type(&self.kind)
    }

    /// Whether a version lies in the range. Redundant constraints (`<1|<2`) mean what the wider says.
    pub fn contains(&self, version: &str) -> bool {
        let order = self.scheme().unwrap_or(Scheme::Generic);
        if self
            .constraints
            .iter()
            .any(|c| c.comparator == Comparator::Any)
        {
            return true;
        }
        let (mut before, mut after, mut equal) = (None, None, Vec::new());
        for constraint in &self.constraints {
            match compare(order, &constraint.version, version) {
                Ordering::Equal => equal.push(constraint.comparator),
                _ if matches!(
                    constraint.comparator,
                    Comparator::Equal | Comparator::NotEqual
                ) => {}
                Ordering::Less => before = Some(constraint.comparator),
                Ordering::Greater => after = after.or(Some(constraint.comparator)),
            }
        }
        let opened = before.is_some_and(Comparator::is_lower);
        let closed_later = after.is_some_and(Comparator::is_upper);
        if equal.contains(&Comparator::NotEqual) {
            false
        } else if equal.iter().any(|c| {
            matches!(
                c,
                Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual
            )
        }) {
            true
        } else if equal.contains(&Comparator::Less) {
            closed_later
        } else if equal.contains(&Comparator::Greater) {
            opened
        } else if before.is_none() && after.is_none() {
            // Only exclusions: everything else is in.
            !self.constraints.is_empty()
                && self
                    .constraints
                    .iter()
                    .all(|c| c.comparator == Comparator::NotEqual)
        } else {
            opened || closed_later
        }
    }
}

impl fmt::Display for Vers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vers:{}/", self.kind)?;
        for (index, constraint) in self.constraints.iter().enumerate() {
            if index > 0 {
                f.write_str("|")?;
            }
            f.write_str(constraint.comparator.as_str())?;
            f.write_str(&encode(&constraint.version))?;
        }
        Ok(())
    }
}

fn split_kind(text: &str) -> Result<(String, &str), VersError> {
    let (kind, constraints) = text
        .strip_prefix("vers:")
        .and_then(|rest| rest.split_once('/'))
        .ok_or(VersError::Prefix)?;
    Ok((valid_kind(kind)?, constraints))
}

/// A type as it is written in a range: in small letters.
fn valid_kind(kind: &str) -> Result<String, VersError> {
    let kind = kind.to_ascii_lowercase();
    let valid = kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    // The type `invalid` is reserved for what must be refused.
    if valid && kind != "invalid" {
        Ok(kind)
    } else {
        Err(VersError::Kind(kind))
    }
}

fn canonical_pipes(constraints: &str) -> Result<(), VersError> {
    Err(VersError::NotCanonical(if constraints.is_empty() {
        "no constraint"
    } else if constraints.starts_with('|') {
        "leading pipe is not permitted"
    } else if constraints.ends_with('|') {
        "trailing pipe is not permitted"
    } else if constraints.contains("||") {
        "consecutive pipes are not permitted"
    } else {
        return Ok(());
    }))
}

fn canonical_constraint(text: &str) -> Result<Constraint, VersError> {
    if text.starts_with('=') {
        return Err(VersError::NotCanonical("'=' is not written"));
    }
    let (comparator, encoded) = Comparator::split(text);
    let version = decode(encoded).ok_or(VersError::NotCanonical(
        "invalid percent-encoding in version",
    ))?;
    if version.is_empty() != (comparator == Comparator::Any) {
        return Err(VersError::NotCanonical(
            "a comparator other than '*' is followed by a version",
        ));
    }
    Ok(Constraint {
        comparator,
        version,
    })
}

fn canonical_datetimes(constraints: &str, vers: &Vers) -> Result<(), VersError> {
    if constraints.contains("%3A") {
        return Err(VersError::NotCanonical(
            "datetime time colons must be unencoded",
        ));
    }
    for (constraint, written) in vers.constraints.iter().zip(constraints.split('|')) {
        if constraint.version.contains(['t', 'z']) {
            return Err(VersError::NotCanonical(
                "datetime must use uppercase T and Z",
            ));
        }
        if encode(&constraint.version) != Comparator::split(written).1 {
            return Err(VersError::NotCanonical(
                "percent-encoding in version is not canonical",
            ));
        }
    }
    Ok(())
}

fn encode(version: &str) -> String {
    let mut out = String::with_capacity(version.len());
    for byte in version.bytes() {
        if byte.is_ascii_graphic() && !b"><=!*|%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
