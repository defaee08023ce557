//! One constraint of a version range: a comparator and a version.

/// What a constraint says of a version. The order is that of their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparator {
    /// `!=`
    NotEqual,
    /// `*`: any version; stands alone and has no version.
    Any,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// No sign, or `=`.
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// Its text; empty for equality.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotEqual => "!=",
            Self::Any => "*",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The comparator a text begins with (`==` is `=`), and the rest.
    pub(crate) fn split(text: &str) -> (Self, &str) {
        const TEXTS: [(&str, Comparator); 8] = [
            ("!=", Comparator::NotEqual),
            ("<=", Comparator::LessOrEqual),
            (">=", Comparator::GreaterOrEqual),
            ("==", Comparator::Equal),
            ("<", Comparator::Less),
            (">", Comparator::Greater),
            ("=", Comparator::Equal),
            ("*", Comparator::Any),
        ];
        TEXTS
            .iter()
            .find_map(|(sign, comparator)| text.strip_prefix(sign).map(|rest| (*comparator, rest)))
            .unwrap_or((Self::Equal, text))
    }

    pub(crate) fn is_upper(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }

    pub(crate) fn is_lower(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual)
    }
}

/// One constraint of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What it says.
    pub comparator: Comparator,
    /// Of which version, decoded; empty for [`Comparator::Any`].
    pub version: String,
}

impl Constraint {
    pub(crate) fn new(comparator: Comparator, version: impl Into<String>) -> Self {
        Self {
            comparator,
            version: version.into(),
        }
    }
}
