//! The named formats of strings: names of Kubernetes objects, and a few of OpenAPI.

use crate::extension::url::Url;
use crate::time::Timestamp;

/// A named format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Letters, digits and `-`, at most 63.
    Dns1123Label,
    /// Labels with dots between them, at most 253 characters.
    Dns1123Subdomain,
    /// As the label, but beginning with a letter.
    Dns1035Label,
    /// A name, perhaps with a subdomain and `/` before it.
    QualifiedName,
    /// The beginning of a label.
    Dns1123LabelPrefix,
    /// The beginning of a subdomain.
    Dns1123SubdomainPrefix,
    /// The beginning of a label that begins with a letter.
    Dns1035LabelPrefix,
    /// The value of a label.
    LabelValue,
    /// A URL.
    Uri,
    /// A UUID.
    Uuid,
    /// Base64.
    Byte,
    /// A date of RFC 3339.
    Date,
    /// Date and time of RFC 3339.
    DateTime,
}

/// The formats by name.
const NAMES: [(&str, Format); 13] = [
    ("dns1123Label", Format::Dns1123Label),
    ("dns1123Subdomain", Format::Dns1123Subdomain),
    ("dns1035Label", Format::Dns1035Label),
    ("qualifiedName", Format::QualifiedName),
    ("dns1123LabelPrefix", Format::Dns1123LabelPrefix),
    ("dns1123SubdomainPrefix", Format::Dns1123SubdomainPrefix),
    ("dns1035LabelPrefix", Format::Dns1035LabelPrefix),
    ("labelValue", Format::LabelValue),
    ("uri", Format::Uri),
    ("uuid", Format::Uuid),
    ("byte", Format::Byte),
    ("date", Format::Date),
    ("datetime", Format::DateTime),
];

impl Format {
    /// The format with a name.
    pub fn named(name: &str) -> Option<Format> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| *format)
    }

    /// What is wrong with a text, or nothing.
    pub fn fault(self, text: &str) -> Option<&'static str> {
        let (valid, message) = match self {
            Format::Dns1123Label => (is_label(text), LABEL),
            Format::Dns1123LabelPrefix => (is_label(&unfinished(text)), LABEL),
            Format::Dns1123Subdomain => (is_subdomain(text), SUBDOMAIN),
            Format::Dns1123SubdomainPrefix => (is_subdomain(&unfinished(text)), SUBDOMAIN),
            Format::Dns1035Label => (is_lettered_label(text), LETTERED),
            Format::Dns1035LabelPrefix => (is_lettered_label(&unfinished(text)), LETTERED),
            Format::QualifiedName => (is_qualified_name(text), QUALIFIED),
            Format::LabelValue => (text.is_empty() || is_name(text), VALUE),
            Format::Uri => (Url::is_valid(text), "not a URI"),
            Format::Uuid => (is_uuid(text), "not a UUID"),
            Format::Byte => (is_base64(text), "not base64"),
            Format::Date => (is_date(text), "not a date"),
            Format::DateTime => (is_date_time(text), "not a date and time"),
        };
        (!valid).then_some(message)
    }
}

const LABEL: &str =
    "not at most 63 lower-case letters, digits and '-', with a letter or digit at both ends";
const SUBDOMAIN: &str = "not at most 253 characters of labels joined by '.', each of lower-case letters, digits and '-'";
const LETTERED: &str = "not at most 63 lower-case letters, digits and '-', beginning with a letter";
const QUALIFIED: &str =
    "not a name of at most 63 characters, perhaps behind a DNS subdomain and '/'";
const VALUE: &str =
    "not at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Characters of a kind, with those of a narrower kind at both ends.
fn has_shape(
    text: &str,
    inner: fn(u8) -> bool,
    first: fn(u8) -> bool,
    last: fn(u8) -> bool,
) -> bool {
    match text.as_bytes() {
        [] => false,
        [only] => first(*only),
        [begin, middle @ .., end] => {
            first(*begin) && last(*end) && middle.iter().all(|byte| inner(*byte))
        }
    }
}

fn is_plain_label(text: &str) -> bool {
    has_shape(
        text,
        |byte| is_lower(byte) || byte == b'-',
        is_lower,
        is_lower,
    )
}

fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_plain_label(text)
}

fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_plain_label)
}

fn is_lettered_label(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_lowercase();
    text.len() <= 63 && has_shape(text, |byte| is_lower(byte) || byte == b'-', first, is_lower)
}

fn is_name(text: &str) -> bool {
    let end = |byte: u8| byte.is_ascii_alphanumeric();
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.len() <= 63 && has_shape(text, inner, end, end)
}

fn is_qualified_name(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(text),
    }
}

/// A prefix may end with `-`: what follows replaces it, together with the character before it, as
/// Kubernetes' own validation has it.
fn unfinished(text: &str) -> String {
    match text.as_bytes() {
        [start @ .., _, b'-'] => format!("{}a", String::from_utf8_lossy(start)),
        _ => text.to_owned(),
    }
}

fn is_uuid(text: &str) -> bool {
    let mut rest = text;
    for (position, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if position > 0 {
            rest = rest.strip_prefix('-').unwrap_or(rest);
        }
        match rest.split_at_checked(length) {
            Some((digits, after)) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                rest = after;
            }
            _ => return false,
        }
    }
    rest.is_empty()
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !text.is_empty()
        && text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(digit)
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_some()
}

fn is_date_time(text: &str) -> bool {
    match text.split_once(['T', 't']) {
        Some((date, time)) => {
            is_date(date) && Timestamp::parse(&format!("2000-01-01T{time}")).is_some()
        }
        None => false,
    }
}
