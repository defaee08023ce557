//! Digests of content, and readers that make them.

use std::fmt;
use std::io::{self, Read};

use model::hexadecimal;
use sha2::{Digest as _, Sha256, Sha512};

/// A digest as manifests write it: `sha256:…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest(String);

impl Digest {
    /// Reads `sha256:` or `sha512:` and as many hexadecimal digits as these have.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (algorithm, digits) = text.split_once(':')?;
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return None,
        };
        let is_hexadecimal = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (digits.len() == length && is_hexadecimal).then(|| Self(text.to_owned()))
    }

    /// `sha256:…`
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a layout keeps the content: `blobs/sha256/…`.
    pub(crate) fn blob(&self) -> String {
        format!("blobs/{}", self.0.replacen(':', "/", 1))
    }

    /// Whether bytes have this digest.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        let mut hasher = Hasher::like(self);
        hasher.update(bytes);
        hasher.finish() == *self
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a digest.
pub(crate) enum Hasher {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Default for Hasher {
    fn default() -> Self {
        Hasher::Sha256(Sha256::default())
    }
}

impl Hasher {
    /// One of the same kind.
    pub(crate) fn like(digest: &Digest) -> Self {
        if digest.0.starts_with("sha512:") {
            Hasher::Sha512(Box::default())
        } else {
            Hasher::default()
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        Digest(match self {
            Hasher::Sha256(hasher) => format!("sha256:{}", hexadecimal(&hasher.finalize())),
            Hasher::Sha512(hasher) => format!("sha512:{}", hexadecimal(&hasher.finalize())),
        })
    }
}

/// Hashes what is read through it.
pub(crate) struct Hashed<R> {
    inner: R,
    hasher: Option<Hasher>,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(inner: R, hasher: Option<Hasher>) -> Self {
        Self { inner, hasher }
    }

    /// What was read from, and the digest of what was read.
    pub(crate) fn finish(self) -> (R, Option<Digest>) {
        (self.inner, self.hasher.map(Hasher::finish))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..length]);
        }
        Ok(length)
    }
}
