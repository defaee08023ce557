//! Values of Kubernetes' function libraries.

use std::net::IpAddr;

use crate::types::Type;

pub(crate) mod format;
pub(crate) mod network;
pub(crate) mod quantity;
pub(crate) mod semver;
pub(crate) mod url;

pub use format::Format;
pub use network::Cidr;
pub use quantity::Quantity;
pub use semver::Semver;
pub use url::Url;

/// A value of one of Kubernetes' libraries.
#[derive(Clone, Copy, Debug)]
pub enum Extension<'a> {
    /// An amount of a resource.
    Quantity(Quantity),
    /// A semantic version.
    Semver(Semver<'a>),
    /// An IP address.
    Ip(IpAddr),
    /// A range of IP addresses.
    Cidr(Cidr),
    /// A URL.
    Url(Url<'a>),
    /// A named format of strings.
    Format(Format),
}

impl Extension<'_> {
    pub(crate) fn type_of(&self) -> Type {
        match self {
            Extension::Quantity(_) => Type::Quantity,
            Extension::Semver(_) => Type::Semver,
            Extension::Ip(_) => Type::Ip,
            Extension::Cidr(_) => Type::Cidr,
            Extension::Url(_) => Type::Url,
            Extension::Format(_) => Type::Format,
        }
    }

    pub(crate) fn equals(&self, other: &Extension<'_>) -> bool {
        match (self, other) {
            (Extension::Quantity(left), Extension::Quantity(right)) => left.order(right).is_eq(),
            (Extension::Semver(left), Extension::Semver(right)) => left.order(right).is_eq(),
            (Extension::Ip(left), Extension::Ip(right)) => left == right,
            (Extension::Cidr(left), Extension::Cidr(right)) => left == right,
            (Extension::Url(left), Extension::Url(right)) => left == right,
            (Extension::Format(left), Extension::Format(right)) => left == right,
            _ => false,
        }
    }

    /// What `string()` gives, for the types that have such a conversion.
    pub(crate) fn to_text(self) -> Option<String> {
        match self {
            Extension::Ip(address) => Some(address.to_string()),
            Extension::Cidr(range) => Some(range.to_string()),
            _ => None,
        }
    }
}
