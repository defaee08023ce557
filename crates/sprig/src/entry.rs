//! A row of the table of functions.

use gotemplate::{Passing, Signature};

use crate::call::{Answer, Call};

/// One function.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    pub(crate) passing: Passing,
    pub(crate) code: fn(&mut Call<'_>) -> Answer,
}

impl Entry {
    /// A function whose result all its arguments decide, unless it says otherwise.
    pub(crate) const fn new(
        name: &'static str,
        signature: Signature,
        code: fn(&mut Call<'_>) -> Answer,
    ) -> Self {
        Self {
            name,
            signature,
            passing: Passing::All,
            code,
        }
    }
}
