//! What decided a value, in four bytes.

/// What decided a value. Means something only within one execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin(pub(crate) u32);

pub(crate) const UNION: u32 = 1 << 31;
pub(crate) const TEXT: u32 = 1 << 30;
pub(crate) const INDEX: u32 = TEXT - 1;

/// The kinds of origins.
pub(crate) enum Kind {
    None,
    Source(u32),
    Union(usize),
    Text(usize),
}

impl Origin {
    /// Nothing is known.
    pub const NONE: Self = Self(0);

    /// What the caller calls `number`, which is below 2^30 - 1; above that nothing is kept.
    pub const fn source(number: u32) -> Self {
        if number < INDEX {
            Self(number + 1)
        } else {
            Self::NONE
        }
    }

    /// Whether nothing is known.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether it is a rendered text's.
    pub(crate) fn is_text(self) -> bool {
        matches!(self.kind(), Kind::Text(_))
    }

    /// The caller's number, if it is one and nothing else.
    pub fn number(self) -> Option<u32> {
        match self.kind() {
            Kind::Source(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn kind(self) -> Kind {
        let index = (self.0 & INDEX) as usize;
        match self.0 {
            0 => Kind::None,
            number if number & UNION != 0 => Kind::Union(index),
            number if number & TEXT != 0 => Kind::Text(index),
            number => Kind::Source(number - 1),
        }
    }
}
