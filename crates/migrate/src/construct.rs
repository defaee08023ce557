//! What the documentation of a scanner names, and what becomes of it: the tables that the readers go by,
//! and that the page of the documentation is made from.

/// What becomes of a construct.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is read.
    Read,
    /// It is refused: there is no counterpart.
    Refused,
    /// It is left out: it is about the other scanner's own run.
    Unneeded,
}

/// Something that the documentation of a scanner names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Construct {
    /// In which kind of file.
    pub file: &'static str,
    /// How it is written there.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// What it becomes, or why it does not: lower case, no full stop.
    pub text: &'static str,
    /// What to do instead, when it is refused.
    pub instead: &'static str,
}

impl Construct {
    /// One that is read.
    pub(crate) const fn read(file: &'static str, name: &'static str, text: &'static str) -> Self {
        Construct {
            file,
            name,
            fate: Fate::Read,
            text,
            instead: "",
        }
    }

    /// One that has no counterpart.
    pub(crate) const fn refused(
        file: &'static str,
        name: &'static str,
        text: &'static str,
        instead: &'static str,
    ) -> Self {
        Construct {
            file,
            name,
            fate: Fate::Refused,
            text,
            instead,
        }
    }

    /// One that nothing is needed for.
    pub(crate) const fn unneeded(
        file: &'static str,
        name: &'static str,
        text: &'static str,
    ) -> Self {
        Construct {
            file,
            name,
            fate: Fate::Unneeded,
            text,
            instead: "",
        }
    }
}

/// Names constructs, and lists them all as `ALL`.
macro_rules! constructs {
    ($($name:ident: $how:ident($($text:expr),+ $(,)?);)+) => {
        $(pub(super) static $name: crate::Construct = crate::Construct::$how($($text),+);)+
        pub(super) static ALL: &[&crate::Construct] = &[$(&$name),+];
    };
}
pub(crate) use constructs;
