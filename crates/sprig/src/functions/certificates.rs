//! Keys and certificates.

use std::net::IpAddr;
use std::rc::Rc;

use gotemplate::{Context, Failure, Host, IntType, Shape, Signature, Type, Value, sprint};

use super::{TEXT, TEXT_TEXT};
use crate::base64;
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::text::lossy;
use crate::x509::{Certificate, Issuer, Key, Kind, Template, decode_pem};

const TYPE: &str = "sprig.certificate";
const CERTIFICATE: Type = Type::Host(TYPE);
const INT: Type = Type::Int(IntType::Int);
const LIST: Type = Type::List(&Shape::LIST);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("genPrivateKey", TEXT, generate_key),
    Entry::new("genCA", Signature::new(&[Type::String, INT]), |call| {
        authority(call, None)
    }),
    Entry::new(
        "genCAWithKey",
        Signature::new(&[Type::String, INT, Type::String]),
        |call| authority(call, Some(2)),
    ),
    Entry::new(
        "genSelfSignedCert",
        Signature::new(&[Type::String, LIST, LIST, INT]),
        |call| self_signed(call, None),
    ),
    Entry::new(
        "genSelfSignedCertWithKey",
        Signature::new(&[Type::String, LIST, LIST, INT, Type::String]),
        |call| self_signed(call, Some(4)),
    ),
    Entry::new(
        "genSignedCert",
        Signature::new(&[Type::String, LIST, LIST, INT, CERTIFICATE]),
        |call| signed(call, None),
    ),
    Entry::new(
        "genSignedCertWithKey",
        Signature::new(&[Type::String, LIST, LIST, INT, CERTIFICATE, Type::String]),
        |call| signed(call, Some(5)),
    ),
    Entry::new("buildCustomCert", TEXT_TEXT, custom),
];

/// A certificate and its key, as PEM.
struct Pair {
    certificate: Rc<str>,
    key: Rc<str>,
}

impl Host for Pair {
    fn type_name(&self) -> &'static str {
        TYPE
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![
            ("Cert", Value::from(Rc::clone(&self.certificate))),
            ("Key", Value::from(Rc::clone(&self.key))),
        ]
    }

    fn call(&self, name: &str, _: &mut dyn Context, _: &mut [Value]) -> Answer {
        Err(Failure::new(format!("no method {name}")))
    }
}

fn pair(certificate: String, key: String) -> Value {
    let host: Rc<dyn Host> = Rc::new(Pair {
        certificate: certificate.into(),
        key: key.into(),
    });
    host.into()
}

fn new_key(call: &Call<'_>, kind: Kind) -> Result<Result<Key, String>, Failure> {
    call.environment.toil(kind.effort())?;
    Ok(call
        .environment
        .with_random(|random| Key::generate(kind, random)))
}

fn generate_key(call: &mut Call<'_>) -> Answer {
    let kind = match &*call.text(0) {
        "" | "rsa" => Kind::Rsa(4096),
        "dsa" => Kind::Dsa,
        "ecdsa" => Kind::Ecdsa,
        "ed25519" => Kind::Ed25519,
        other => return Ok(Value::from(format!("Unknown type {other}"))),
    };
    let written = new_key(call, kind)?.and_then(|key| key.to_pem());
    Ok(Value::from(written.unwrap_or_else(|error| {
        format!("failed to generate private key: {error}")
    })))
}

/// The key that is given at an index, or a new one.
fn key(call: &Call<'_>, given: Option<usize>) -> Result<Key, Failure> {
    match given {
        Some(index) => {
            // Signing with a key takes a while, too.
            call.environment.toil(2)?;
            Key::parse(&call.text(index))
                .map_err(|error| Failure::new(format!("parsing private key: {error}")))
        }
        None => new_key(call, Kind::Rsa(2048))?
            .map_err(|error| Failure::new(format!("error generating rsa key: {error}"))),
    }
}

/// What a certificate for a name says that holds from now on for so many days.
fn template(call: &Call<'_>, days: usize) -> Template {
    let now = call.environment.now();
    let nanoseconds = 86_400_000_000_000_i64.wrapping_mul(call.int(days));
    let not_after = i128::from(now.as_second()) * 1_000_000_000
        + i128::from(now.subsec_nanosecond())
        + i128::from(nanoseconds);
    let not_after = i64::try_from(not_after.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let mut serial = [0; 16];
    call.environment.fill(&mut serial);
    Template {
        common_name: call.text(0).to_string(),
        addresses: Vec::new(),
        dns_names: Vec::new(),
        validity: [now.as_second(), not_after],
        is_ca: false,
        serial,
    }
}

/// The same with the addresses and names of the second and third argument.
fn named_template(call: &Call<'_>) -> Result<Template, Failure> {
    let mut template = template(call, 3);
    let items = |index: usize| call.arguments[index].as_list();
    for item in items(1).iter().flat_map(gotemplate::List::items) {
        let Some(text) = item.as_str() else {
            let shown = shown(item);
            return Err(Failure::new(format!(
                "error parsing ip: {shown} is not a string"
            )));
        };
        let address: IpAddr = text
            .parse()
            .map_err(|_| Failure::new(format!("error parsing ip: {text}")))?;
        template.addresses.push(address);
    }
    for item in items(2).iter().flat_map(gotemplate::List::items) {
        let Some(text) = item.as_str() else {
            let shown = shown(item);
            return Err(Failure::new(format!(
                "error processing alternate dns name: {shown} is not a string"
            )));
        };
        template.dns_names.push(text.to_owned());
    }
    Ok(template)
}

fn shown(value: &Value) -> String {
    sprint(std::slice::from_ref(value), 1 << 16).unwrap_or_default()
}

fn made(template: &Template, key: &Key, issuer: &Issuer<'_>) -> Answer {
    let certificate = template
        .sign(key, issuer)
        .map_err(|error| Failure::new(format!("error creating certificate: {error}")))?;
    let key = key
        .to_pem()
        .map_err(|error| Failure::new(format!("error pem-encoding key: {error}")))?;
    Ok(pair(certificate, key))
}

fn authority(call: &mut Call<'_>, given: Option<usize>) -> Answer {
    let key = key(call, given)?;
    let mut template = template(call, 1);
    template.is_ca = true;
    made(&template, &key, &Issuer::Itself)
}

fn self_signed(call: &mut Call<'_>, given: Option<usize>) -> Answer {
    let key = key(call, given)?;
    let template = named_template(call)?;
    made(&template, &key, &Issuer::Itself)
}

fn signed(call: &mut Call<'_>, given: Option<usize>) -> Answer {
    let key = key(call, given)?;
    let (certificate, signer) = parts(&call.arguments[4]);
    let block =
        decode_pem(&certificate).ok_or_else(|| Failure::new("unable to decode certificate"))?;
    let certificate = Certificate::parse(&block.bytes).map_err(|error| {
        Failure::new(format!(
            "error parsing certificate: decodedSignerCert.Bytes: {error}"
        ))
    })?;
    let signer = Key::parse(&signer)
        .map_err(|error| Failure::new(format!("error parsing private key: {error}")))?;
    let template = named_template(call)?;
    made(&template, &key, &Issuer::Other(&certificate, &signer))
}

/// The texts of a certificate's value.
fn parts(value: &Value) -> (String, String) {
    let gotemplate::Data::Host(host) = value.data() else {
        return Default::default();
    };
    let field = |name: &str| {
        let field = host.field(name);
        field
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    (field("Cert"), field("Key"))
}

fn custom(call: &mut Call<'_>) -> Answer {
    let decoded = |index: usize, what: &str| {
        base64::decode(&call.text(index))
            .map(|bytes| lossy(&bytes))
            .map_err(|_| Failure::new(format!("unable to decode base64 {what}")))
    };
    let certificate = decoded(0, "certificate")?;
    let key = decoded(1, "private key")?;
    let block =
        decode_pem(&certificate).ok_or_else(|| Failure::new("unable to decode certificate"))?;
    Certificate::parse(&block.bytes).map_err(|error| {
        Failure::new(format!(
            "error parsing certificate: decodedCert.Bytes: {error}"
        ))
    })?;
    Key::parse(&key)
        .map_err(|error| Failure::new(format!("error parsing private key: {error}")))?;
    Ok(pair(certificate, key))
}
