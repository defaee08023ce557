//! Whom TLS trusts: the authorities of the system, else Mozilla's, and the ones that the user adds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// A file with no certificate that could be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It has none.
    #[error("{0} has no certificate in PEM (`-----BEGIN CERTIFICATE-----`)")]
    Empty(PathBuf),
    /// It is damaged.
    #[error("{path} is damaged: {message}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

/// The certificates of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<Certificate<'static>>, RootsError> {
    let text = fs_err::read(path)?;
    let mut found = Vec::new();
    for item in parse_pem(&text) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(error) => {
                return Err(RootsError::Damaged {
                    path: path.to_owned(),
                    message: error.to_string(),
                });
            }
        }
    }
    if found.is_empty() {
        return Err(RootsError::Empty(path.to_owned()));
    }
    Ok(found)
}

/// How TLS is spoken; `SSL_CERT_FILE` and `SSL_CERT_DIR` name the system's authorities where they are somewhere else.
pub(crate) fn tls(own: Vec<Certificate<'static>>) -> TlsConfig {
    let system = rustls_native_certs::load_native_certs().certs;
    let mut roots: Vec<Certificate<'static>> = system
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    // An image without a system has no authorities.
    if roots.is_empty() {
        let known = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        roots.extend(known.map(|certificate| Certificate::from_der(certificate).to_owned()));
    }
    roots.extend(own);
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build()
}
