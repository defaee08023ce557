//! Keys and certificates, as Sprig makes them with Go's `crypto/x509`.

mod certificate;
mod key;
mod pem;

pub(crate) use certificate::{Certificate, Issuer, Template};
pub(crate) use key::{Key, Kind};
pub(crate) use pem::decode as decode_pem;
