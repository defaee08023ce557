//! Signatures of databases: Ed25519 over the digest. The keys are files of 64 hexadecimal digits.
//!
//! Whoever publishes a database keeps the secret key and gives the public key to those who fetch it, by another way than
//! the database itself. A signature does not change the digest: the same content has the same name, signed or not.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::format::{DIGEST, HEADER, PUBLIC_KEY, SIGNATURE};

/// What is signed before the digest, so that a signature means nothing elsewhere.
const CONTEXT: &[u8] = b"seawall advisory database 1\n";

/// A key that is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hexadecimal digits")]
pub struct KeyError;

/// A key by which a signature is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// A key that signs. Never printed.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// Whether a database is signed, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureState {
    /// Nobody signed it.
    Unsigned,
    /// A key that is trusted signed it.
    Trusted(PublicKey),
    /// The signature is right, but the key is none that is trusted.
    Untrusted(PublicKey),
    /// The signature is not of this content.
    Wrong,
}

impl SignatureState {
    pub(crate) fn of(file: &[u8], digest: &[u8; 32], trusted: &[PublicKey]) -> Self {
        let (Some(key), Some(signature)) = (file.get(PUBLIC_KEY), file.get(SIGNATURE)) else {
            return Self::Unsigned;
        };
        if signature.iter().all(|byte| *byte == 0) {
            return Self::Unsigned;
        }
        let Some(key) = key.try_into().ok().map(PublicKey) else {
            return Self::Wrong;
        };
        let verified = VerifyingKey::from_bytes(&key.0)
            .ok()
            .zip(Signature::from_slice(signature).ok())
            .is_some_and(|(verifying, signature)| {
                verifying
                    .verify_strict(&message(digest), &signature)
                    .is_ok()
            });
        match verified {
            false => Self::Wrong,
            true if trusted.contains(&key) => Self::Trusted(key),
            true => Self::Untrusted(key),
        }
    }
}

impl SecretKey {
    /// Makes a key of 32 random bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The text of the key, for its file.
    pub fn to_text(&self) -> String {
        hexadecimal(self.0.as_bytes())
    }

    /// Signs the bytes of a database in place. Bytes without a header stay as they are.
    pub fn sign(&self, file: &mut [u8]) {
        if file.len() < HEADER {
            return;
        }
        let digest: [u8; 32] = file[DIGEST].try_into().unwrap_or_default();
        let signature = self.0.sign(&message(&digest));
        file[PUBLIC_KEY].copy_from_slice(&self.public().0);
        file[SIGNATURE].copy_from_slice(&signature.to_bytes());
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        bytes(text).map(|bytes| Self::from_bytes(&bytes))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        bytes(text).map(Self)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

fn message(digest: &[u8; 32]) -> Vec<u8> {
    [CONTEXT, digest].concat()
}

fn bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let text = text.trim();
    let digits: Vec<u32> = text.chars().map_while(|c| c.to_digit(16)).collect();
    if digits.len() != 64 || text.len() != 64 {
        return Err(KeyError);
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (pair[0] * 16 + pair[1]) as u8;
    }
    Ok(bytes)
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
