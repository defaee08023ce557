//! Private keys: RSA, ECDSA on P-256, Ed25519; DSA only to be generated.

use chacha20::ChaCha12Rng;
use chacha20::rand_core::Rng;
use dsa::{Components, KeySize};
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use x509_cert::SubjectPublicKeyInfo;
use x509_cert::der::Decode;
use x509_cert::spki::ObjectIdentifier;

use super::pem;

/// A private key.
pub(crate) enum Key {
    Rsa(Box<rsa::PrivateKey>),
    Ecdsa(Box<p256::SecretKey>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// A key that signs no certificates, as it is written.
    Dsa(Vec<u8>),
}

/// What kind of key to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With so many bits.
    Rsa(usize),
    Ecdsa,
    Ed25519,
    Dsa,
}

impl Kind {
    /// About how many milliseconds it takes.
    pub(crate) fn effort(self) -> u32 {
        match self {
            Self::Rsa(2048) => 100,
            Self::Rsa(_) => 500,
            Self::Dsa => 1500,
            Self::Ecdsa | Self::Ed25519 => 1,
        }
    }
}

const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

impl Key {
    pub(crate) fn generate(kind: Kind, random: &mut ChaCha12Rng) -> Result<Self, String> {
        match kind {
            Kind::Rsa(bits) => rsa::PrivateKey::new(random, bits)
                .map(|key| Self::Rsa(Box::new(key)))
                .map_err(|error| error.to_string()),
            Kind::Ecdsa => loop {
                let mut bytes = [0; 32];
                random.fill_bytes(&mut bytes);
                // One in 2^32 is no key.
                if let Ok(key) = p256::SecretKey::from_slice(&bytes) {
                    return Ok(Self::Ecdsa(Box::new(key)));
                }
            },
            Kind::Ed25519 => {
                let mut seed = [0; 32];
                random.fill_bytes(&mut seed);
                Ok(Self::Ed25519(Box::new(
                    ed25519_dalek::SigningKey::from_bytes(&seed),
                )))
            }
            Kind::Dsa => dsa_key(random).map(Self::Dsa),
        }
    }

    /// Reads the first block of a text, with Go's errors where they are Sprig's.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let bytes = &block.bytes;
        if block.label == "PRIVATE KEY" {
            return pkcs8(bytes).map_err(|error| format!("decoding PEM as PKCS#8: {error}"));
        }
        let Some(kind) = block.label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!(
                "no private key data in PEM block of type {}",
                block.label
            ));
        };
        let in_words =
            |error: &dyn std::fmt::Display| format!("parsing {kind} private key from PEM: {error}");
        match kind {
            "RSA" => rsa::PrivateKey::from_pkcs1_der(bytes)
                .map(|key| Self::Rsa(Box::new(key)))
                .map_err(|error| in_words(&error)),
            "EC" => p256::SecretKey::from_sec1_der(bytes)
                .map(|key| Self::Ecdsa(Box::new(key)))
                .map_err(|error| in_words(&error)),
            "DSA" => match x509_cert::der::asn1::AnyRef::from_der(bytes) {
                Ok(_) => Ok(Self::Dsa(block.bytes)),
                Err(error) => Err(in_words(&error)),
            },
            _ => Err(format!("invalid private key type {}", block.label)),
        }
    }

    /// As PEM, each kind in the form that Sprig writes.
    pub(crate) fn to_pem(&self) -> Result<String, String> {
        Ok(match self {
            Self::Rsa(key) => {
                let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
                pem::encode("RSA PRIVATE KEY", der.as_bytes())
            }
            Self::Ecdsa(key) => pem::encode("EC PRIVATE KEY", &sec1(key)),
            Self::Ed25519(key) => {
                // A sequence of version 0, the algorithm, and the seed in two octet strings.
                let mut der =
                    b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
                der.extend_from_slice(key.as_bytes());
                pem::encode("PRIVATE KEY", &der)
            }
            Self::Dsa(der) => pem::encode("DSA PRIVATE KEY", der),
        })
    }

    /// Its public key as certificates have it.
    pub(crate) fn public(&self) -> Result<SubjectPublicKeyInfo, String> {
        let info = match self {
            Self::Rsa(key) => SubjectPublicKeyInfo::from_key(&key.to_public_key()),
            Self::Ecdsa(key) => SubjectPublicKeyInfo::from_key(&key.public_key()),
            Self::Ed25519(key) => SubjectPublicKeyInfo::from_key(&key.verifying_key()),
            Self::Dsa(_) => {
                return Err("x509: unsupported public key type: *dsa.PublicKey".to_owned());
            }
        };
        info.map_err(|error| error.to_string())
    }
}

fn pkcs8(bytes: &[u8]) -> Result<Key, String> {
    use rsa::pkcs8::PrivateKeyInfoRef;
    let info = PrivateKeyInfoRef::from_der(bytes).map_err(|error| error.to_string())?;
    if let Ok(key) = rsa::PrivateKey::try_from(info.clone()) {
        return Ok(Key::Rsa(Box::new(key)));
    }
    let is_p256 = info.algorithm.parameters_oid() == Ok(P256);
    if let (true, Ok(key)) = (is_p256, p256::SecretKey::try_from(info.clone())) {
        return Ok(Key::Ecdsa(Box::new(key)));
    }
    if let Ok(key) = ed25519_dalek::SigningKey::try_from(info.clone()) {
        return Ok(Key::Ed25519(Box::new(key)));
    }
    Err(format!(
        "x509: PKCS#8 wrapping contained private key with unknown algorithm: {}",
        info.algorithm.oid
    ))
}

/// An elliptic curve key with its curve and its public key, as Go writes it.
fn sec1(key: &p256::SecretKey) -> Vec<u8> {
    let mut der = b"\x30\x77\x02\x01\x01\x04\x20".to_vec();
    der.extend_from_slice(&key.to_bytes());
    der.extend_from_slice(b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\xa1\x44\x03\x42\x00");
    der.extend_from_slice(key.public_key().to_sec1_point(false).as_bytes());
    der
}

/// A new DSA key with new parameters: version 0, then the numbers p, q, g, y and x.
fn dsa_key(random: &mut ChaCha12Rng) -> Result<Vec<u8>, String> {
    let never = |_| "invariant: this randomness does not fail".to_owned();
    let components = Components::try_generate_from_rng_with_key_size(random, KeySize::DSA_2048_256)
        .map_err(never)?;
    let key = dsa::SigningKey::try_generate_from_rng_with_components(random, components)
        .map_err(|error| error.to_string())?;
    let public = key.verifying_key();
    let components = public.components();
    let mut body = vec![2, 1, 0];
    for number in [
        components.p().as_ref().to_be_bytes(),
        components.q().as_ref().to_be_bytes(),
        components.g().as_ref().to_be_bytes(),
        public.y().as_ref().to_be_bytes(),
        key.x().as_ref().to_be_bytes(),
    ] {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(0);
        let mut digits = number[start..].to_vec();
        if digits.first().is_some_and(|first| *first >= 0x80) {
            digits.insert(0, 0);
        }
        append(&mut body, 2, &digits);
    }
    let mut der = Vec::with_capacity(body.len() + 4);
    append(&mut der, 0x30, &body);
    Ok(der)
}

/// Appends a tag, a length and a content.
fn append(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    let length = content.len();
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => out.push(short),
        Ok(byte) => out.extend_from_slice(&[0x81, byte]),
        Err(_) => {
            out.push(0x82);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(content);
}
