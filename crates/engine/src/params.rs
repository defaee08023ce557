//! Parameters that users set.

use catalog::ParamValue;

use crate::funnel::Selector;

/// A parameter that the user set.
#[derive(Clone, Debug)]
pub struct ParamOverride {
    /// The control's id.
    pub control: String,
    /// The parameter's name.
    pub name: String,
    /// The value.
    pub value: ParamValue,
    /// For which resources.
    pub resources: Selector,
}
