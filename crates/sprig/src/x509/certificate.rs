//! Certificates, with the extensions that Go gives them.

use std::net::IpAddr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use x509_cert::SubjectPublicKeyInfo;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::der::asn1::{
    Any, Ia5String, OctetString, PrintableStringRef, SetOfVec, Utf8StringRef,
};
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{self, DateTime, Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::{Key, pem};

/// What a certificate says.
pub(crate) struct Template {
    pub(crate) common_name: String,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) dns_names: Vec<String>,
    /// From when until when it holds, in seconds since 1970.
    pub(crate) validity: [i64; 2],
    pub(crate) is_ca: bool,
    /// At most 19 bytes of it count.
    pub(crate) serial: [u8; 16],
}

/// Who signs a certificate.
pub(crate) enum Issuer<'i> {
    Itself,
    Other(&'i Certificate, &'i Key),
}

/// A certificate that was read.
pub(crate) struct Certificate(x509_cert::Certificate);

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

impl Certificate {
    pub(crate) fn parse(der: &[u8]) -> Result<Self, String> {
        x509_cert::Certificate::from_der(der)
            .map(Self)
            .map_err(|error| format!("x509: malformed certificate: {error}"))
    }

    /// The identifier of its key, if it has one.
    fn key_identifier(&self) -> Option<SubjectKeyIdentifier> {
        let found = self.0.tbs_certificate().get_extension();
        found.ok().flatten().map(|(_, identifier)| identifier)
    }
}

impl Template {
    /// Makes and signs the certificate of a key.
    pub(crate) fn sign(&self, key: &Key, issuer: &Issuer<'_>) -> Result<String, String> {
        let public = key.public()?;
        let subject = name(&self.common_name).map_err(|error| error.to_string())?;
        let (issuer_name, signer) = match issuer {
            Issuer::Itself => (subject.clone(), key),
            Issuer::Other(certificate, signer) => {
                let tbs = certificate.0.tbs_certificate();
                if *tbs.subject_public_key_info() != signer.public()? {
                    return Err(
                        "x509: provided PrivateKey doesn't match parent's PublicKey".to_owned()
                    );
                }
                (tbs.subject().clone(), *signer)
            }
        };
        if let Some(wrong) = self.dns_names.iter().find(|name| !name.is_ascii()) {
            let quoted = gotemplate::quoted(wrong);
            return Err(format!("x509: {quoted} cannot be encoded as an IA5String"));
        }
        let authority = match issuer {
            Issuer::Other(certificate, _) if issuer_name != subject => certificate.key_identifier(),
            _ => None,
        };
        self.build(public, subject, issuer_name, authority, signer)
            .map_err(|error| format!("x509: {error}"))
    }

    fn build(
        &self,
        public: SubjectPublicKeyInfo,
        subject: Name,
        issuer: Name,
        authority: Option<SubjectKeyIdentifier>,
        signer: &Key,
    ) -> builder::Result<String> {
        let profile = Profile {
            extensions: self.extensions(&public, &subject, authority)?,
            subject,
            issuer,
        };
        let [not_before, not_after] = self.validity.map(time);
        let validity = Validity::new(not_before?, not_after?);
        let start = self.serial.iter().position(|byte| *byte != 0).unwrap_or(15);
        let serial = SerialNumber::new(&self.serial[start..])?;
        let builder = CertificateBuilder::new(profile, serial, validity, public)?;
        let certificate = match signer {
            Key::Rsa(key) => {
                let signer = rsa::pkcs1v15::SigningKey::<Sha256>::new((**key).clone());
                builder.build::<_, rsa::pkcs1v15::Signature>(&signer)
            }
            Key::Ecdsa(key) => {
                let signer = p256::ecdsa::SigningKey::from(&**key);
                builder.build::<_, p256::ecdsa::DerSignature>(&signer)
            }
            Key::Ed25519(key) => builder.build::<_, ed25519_dalek::Signature>(&**key),
            Key::Dsa(_) => return Err(builder::Error::MissingAttributes),
        }?;
        Ok(pem::encode("CERTIFICATE", &certificate.to_der()?))
    }

    fn extensions(
        &self,
        public: &SubjectPublicKeyInfo,
        subject: &Name,
        authority: Option<SubjectKeyIdentifier>,
    ) -> builder::Result<Vec<Extension>> {
        let mut usage = KeyUsages::KeyEncipherment | KeyUsages::DigitalSignature;
        if self.is_ca {
            usage |= KeyUsages::KeyCertSign;
        }
        let constraints = BasicConstraints {
            ca: self.is_ca,
            path_len_constraint: None,
        };
        let mut extensions = vec![
            extension(true, &KeyUsage(usage))?,
            extension(false, &ExtendedKeyUsage(vec![SERVER_AUTH, CLIENT_AUTH]))?,
            extension(true, &constraints)?,
        ];
        if self.is_ca {
            let hash = Sha256::digest(public.subject_public_key.raw_bytes());
            let identifier = OctetString::new(&hash[..20])?;
            extensions.push(extension(false, &SubjectKeyIdentifier(identifier))?);
        }
        if let Some(SubjectKeyIdentifier(identifier)) = authority {
            let identifier = AuthorityKeyIdentifier {
                key_identifier: Some(identifier),
                ..Default::default()
            };
            extensions.push(extension(false, &identifier)?);
        }
        let names = self.alternative_names()?;
        if !names.is_empty() {
            extensions.push(extension(subject.is_empty(), &SubjectAltName(names))?);
        }
        Ok(extensions)
    }

    fn alternative_names(&self) -> der::Result<Vec<GeneralName>> {
        let mut names = Vec::new();
        for name in &self.dns_names {
            names.push(GeneralName::DnsName(Ia5String::new(name)?));
        }
        for address in &self.addresses {
            let octets = match address.to_canonical() {
                IpAddr::V4(address) => address.octets().to_vec(),
                IpAddr::V6(address) => address.octets().to_vec(),
            };
            names.push(GeneralName::IpAddress(OctetString::new(octets)?));
        }
        Ok(names)
    }
}

fn extension<E: Encode + AssociatedOid>(critical: bool, content: &E) -> der::Result<Extension> {
    Ok(Extension {
        extn_id: E::OID,
        critical,
        extn_value: OctetString::new(content.to_der()?)?,
    })
}

/// Times before 1970 and after 9999 cannot be said.
fn time(seconds: i64) -> der::Result<Time> {
    let seconds = u64::try_from(seconds).map_err(|_| der::ErrorKind::DateTime)?;
    let time = DateTime::from_unix_duration(Duration::from_secs(seconds))?;
    // The builder takes the shorter form where it can say it.
    Ok(Time::GeneralTime(time.into()))
}

/// A name that consists of a common name, or of nothing.
fn name(common_name: &str) -> der::Result<Name> {
    if common_name.is_empty() {
        return Ok(Name::default());
    }
    let value = match PrintableStringRef::new(common_name) {
        Ok(text) => Any::from(text),
        Err(_) => Any::from(Utf8StringRef::new(common_name)?),
    };
    let attribute = AttributeTypeAndValue {
        oid: COMMON_NAME,
        value,
    };
    let relative = RelativeDistinguishedName::from(SetOfVec::try_from(vec![attribute])?);
    let der = RdnSequence::from(vec![relative]).to_der()?;
    Name::from_der(&der)
}

/// Everything is decided before.
struct Profile {
    subject: Name,
    issuer: Name,
    extensions: Vec<Extension>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &x509_cert::TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}
