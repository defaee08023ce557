//! Random texts, keys and certificates: what shape they have, that they fit, and that a seed decides them.

use std::rc::Rc;

use gotemplate::{Functions, Options, Set, Value};
use jiff::Timestamp;
use p256::ecdsa::signature::Verifier;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey};
use regex::Regex;
use rsa::pkcs1::DecodeRsaPrivateKey;
use sprig::Environment;
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

fn render_with(environment: Environment, template: &str) -> String {
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(environment));
    let mut set = Set::new(Rc::new(functions));
    set.parse("main", template).unwrap();
    set.execute("main", &Value::nil(), &Options::default())
        .unwrap_or_else(|error| panic!("{template}: {error}"))
        .text
}

const NOW: i64 = 1_790_000_000;

fn at(seed: u8, seconds: i64) -> Environment {
    Environment::new([seed; 32], Timestamp::from_second(seconds).unwrap())
}

fn render(template: &str) -> String {
    render_with(at(7, NOW), template)
}

const RANDOM: [&str; 18] = [
    "randAlphaNum 20",
    "randAlpha 20",
    "randNumeric 20",
    "randAscii 20",
    "randBytes 20",
    "randInt 0 1000000000",
    "shuffle \"abcdefghijklmnopqrstuvwxyz\"",
    "uuidv4",
    "encryptAES \"key\" \"text\"",
    "bcrypt \"a\"",
    "htpasswd \"a\" \"b\"",
    "genPrivateKey \"ecdsa\"",
    "genPrivateKey \"ed25519\"",
    "(genCA \"a\" 1).Key",
    "(genCA \"a\" 1).Cert",
    "(genCAWithKey \"a\" 1 (genPrivateKey \"ecdsa\")).Cert",
    "(genSelfSignedCert \"a\" nil nil 1).Cert",
    "(genSignedCert \"a\" nil nil 1 (genCA \"b\" 1)).Cert",
];

#[test]
fn a_seed_decides_everything() {
    for call in RANDOM {
        let template = format!("{{{{{call}}}}}");
        let first = render(&template);
        assert_eq!(first, render(&template), "{call}");
        assert_ne!(first, render_with(at(8, NOW), &template), "{call}");
        // The time is part of certificates only.
        let later = render_with(at(7, NOW + 5), &template);
        assert_eq!(first != later, call.ends_with("Cert"), "{call}");
    }
}

#[test]
fn random_texts_have_their_shapes() {
    let cases = [
        ("randAlphaNum 40", "[0-9A-Za-z]{40}"),
        ("randAlpha 40", "[A-Za-z]{40}"),
        ("randNumeric 40", "[0-9]{40}"),
        ("randAscii 40", "[ -~]{40}"),
        ("randAlpha 0", ""),
        ("randAlpha -1", ""),
        ("randBytes 9", "[A-Za-z0-9+/]{12}"),
        ("randBytes 10", "[A-Za-z0-9+/]{14}=="),
        ("randInt 3 5", "[34]"),
        ("randInt -5 -4", "-5"),
        (
            "uuidv4",
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        ),
        ("bcrypt \"a\"", r"\$2a\$10\$[./A-Za-z0-9]{53}"),
        (
            "htpasswd \"user\" \"a\"",
            r"user:\$2a\$10\$[./A-Za-z0-9]{53}",
        ),
        ("len (encryptAES \"k\" \"a\")", "44"),
        ("unixEpoch now", &NOW.to_string()),
        (
            "date \"2006-01-02T15:04:05Z07:00\" now",
            "2026-09-21T14:13:20Z",
        ),
        ("getHostByName \"localhost\"", ""),
    ];
    for (call, expected) in cases {
        for seed in 0..4 {
            let found = render_with(at(seed, NOW), &format!("{{{{{call}}}}}"));
            let expected = Regex::new(&format!("^(?:{expected})$")).unwrap();
            assert!(expected.is_match(&found), "{call}: {found}");
        }
    }
    let shuffled = render("{{shuffle \"aabbcdé→\"}}");
    let mut letters: Vec<char> = shuffled.chars().collect();
    letters.sort_unstable();
    assert_eq!(letters, ['a', 'a', 'b', 'b', 'c', 'd', 'é', '→']);
}

#[test]
fn all_random_letters_come_up() {
    let found = render("{{randAlphaNum 5000}}{{randAscii 5000}}");
    for wanted in ' '..='~' {
        assert!(found.contains(wanted), "{wanted:?}");
    }
    let numbers = render("{{range until 200}}{{randInt 0 4}}{{end}}");
    assert!(
        "0123".chars().all(|digit| numbers.contains(digit)),
        "{numbers}"
    );
}

#[test]
fn what_is_encrypted_can_be_decrypted() {
    for text in [
        "",
        "a",
        "exactly 16 bytes",
        "héllo → 𝄞",
        &"long ".repeat(100),
    ] {
        let template =
            format!("{{{{encryptAES \"password\" {text:?} | decryptAES \"password\"}}}}");
        assert_eq!(render(&template), text);
    }
    let hash = render("{{bcrypt \"secret\"}}");
    assert!(bcrypt::verify("secret", &hash).unwrap());
    assert!(!bcrypt::verify("other", &hash).unwrap());
}

/// The bytes in a PEM text.
fn bytes(pem: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lines = pem.lines().filter(|line| !line.starts_with('-'));
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in lines.flat_map(str::bytes).filter(|letter| *letter != b'=') {
        let value = ALPHABET.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

struct Pair {
    certificate: Certificate,
    key: String,
}

/// Certificates of a template that writes a map of them as JSON.
fn pairs(template: &str) -> Vec<Pair> {
    let json: serde_json::Value = serde_json::from_str(&render(template)).unwrap();
    let pairs = json.as_array().unwrap().iter().map(|pair| {
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        let der = bytes(&text("Cert"));
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(certificate.to_der().unwrap(), der);
        Pair {
            certificate,
            key: text("Key"),
        }
    });
    pairs.collect()
}

/// Whether an issuer's key signed a certificate.
fn is_signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let signed = certificate.tbs_certificate().to_der().unwrap();
    let signature = certificate.signature().as_bytes().unwrap();
    let public = issuer
        .tbs_certificate()
        .subject_public_key_info()
        .to_der()
        .unwrap();
    if let Ok(key) = rsa::PublicKey::from_public_key_der(&public) {
        let key = rsa::pkcs1v15::VerifyingKey::<sha2::Sha256>::new(key);
        let signature = rsa::pkcs1v15::Signature::try_from(signature);
        return signature.is_ok_and(|signature| key.verify(&signed, &signature).is_ok());
    }
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(&public) {
        let signature = p256::ecdsa::DerSignature::try_from(signature);
        return signature.is_ok_and(|signature| key.verify(&signed, &signature).is_ok());
    }
    let key = ed25519_dalek::VerifyingKey::from_public_key_der(&public).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(signature);
    signature.is_ok_and(|signature| key.verify(&signed, &signature).is_ok())
}

#[test]
fn certificates_are_signed_by_whom_they_name() {
    for keys in [
        "{{$a := genCA \"ca\" 365}}{{$b := genSignedCert \"leaf\" (list \"10.0.0.1\" \"::1\") (list \"a\" \"b.c\") 30 $a}}",
        "{{$k := genPrivateKey \"ecdsa\"}}{{$a := genCAWithKey \"ca\" 365 $k}}
         {{$b := genSignedCertWithKey \"leaf\" (list \"10.0.0.1\" \"::1\") (list \"a\" \"b.c\") 30 $a (genPrivateKey \"ed25519\")}}",
        "{{$k := genPrivateKey \"ed25519\"}}{{$a := genCAWithKey \"ca\" 365 $k}}
         {{$b := genSignedCertWithKey \"leaf\" (list \"10.0.0.1\" \"::1\") (list \"a\" \"b.c\") 30 $a (genPrivateKey \"ecdsa\")}}",
    ] {
        let found = pairs(&format!("{keys}{{{{toJson (list $a $b)}}}}"));
        let [authority, leaf] = &found[..] else {
            panic!("{}", found.len())
        };
        assert!(is_signed_by(&authority.certificate, &authority.certificate));
        assert!(is_signed_by(&leaf.certificate, &authority.certificate));
        assert!(!is_signed_by(&authority.certificate, &leaf.certificate));
        let (leaf, authority) = (
            leaf.certificate.tbs_certificate(),
            authority.certificate.tbs_certificate(),
        );
        assert_eq!(leaf.issuer(), authority.subject());
        assert_eq!(leaf.subject().to_string(), "CN=leaf");
        assert_eq!(authority.subject().to_string(), "CN=ca");
        let days = |certificate: &x509_cert::TbsCertificate| {
            let validity = certificate.validity();
            let start = validity.not_before.to_unix_duration().as_secs();
            assert_eq!(start, NOW as u64);
            (validity.not_after.to_unix_duration().as_secs() - start) / 86400
        };
        assert_eq!((days(leaf), days(authority)), (30, 365));
        assert_ne!(leaf.serial_number(), authority.serial_number());
        let constraints = |certificate: &x509_cert::TbsCertificate| {
            let found = certificate.get_extension::<x509_cert::ext::pkix::BasicConstraints>();
            found.unwrap().unwrap().1.ca
        };
        assert!(constraints(authority) && !constraints(leaf));
        let names = leaf.get_extension::<x509_cert::ext::pkix::SubjectAltName>();
        assert_eq!(names.unwrap().unwrap().1.0.len(), 4);
    }
}

#[test]
fn keys_belong_to_their_certificates() {
    let found = pairs(
        "{{$a := genSelfSignedCert \"self\" nil (list \"x\") 10}}
         {{$b := buildCustomCert (b64enc $a.Cert) (b64enc $a.Key)}}{{toJson (list $a $b)}}",
    );
    assert_eq!(found[0].certificate, found[1].certificate);
    assert_eq!(found[0].key, found[1].key);
    let key = rsa::PrivateKey::from_pkcs1_der(&bytes(&found[0].key)).unwrap();
    let public = key.to_public_key().to_public_key_der().unwrap();
    let certified = found[0]
        .certificate
        .tbs_certificate()
        .subject_public_key_info();
    assert_eq!(public.as_bytes(), certified.to_der().unwrap());
    assert!(is_signed_by(&found[0].certificate, &found[0].certificate));
}
