//! Values of Kubernetes' function libraries.

use std::net::IpAddr;

use crate::value::Type;

/// A value of one of Kubernetes' libraries.
#[derive(Clone, Debug)]
pub enum Extension<'a> {
    /// An IP address.
    Ip(IpAddr),
    /// Keeps the lifetime until values that borrow arrive.
    Text(&'a str),
}

impl Extension<'_> {
    pub(crate) fn type_of(&self) -> Type {
        match self {
            Extension::Ip(_) => Type::Ip,
            Extension::Text(_) => Type::Url,
        }
    }

    pub(crate) fn equals(&self, other: &Extension<'_>) -> bool {
        match (self, other) {
            (Extension::Ip(left), Extension::Ip(right)) => left == right,
            (Extension::Text(left), Extension::Text(right)) => left == right,
            _ => false,
        }
    }
}
