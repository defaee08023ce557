//! What texts must look like: regular expressions, and the formats that drafts up to 7 insist on.

mod internet;
mod time;

use std::cell::OnceCell;

use sprig::Regexp;

pub(super) use internet::{is_uri, is_uri_reference};

/// A regular expression, compiled when it is needed.
pub(super) struct Regex {
    pattern: String,
    compiled: OnceCell<Option<Regexp>>,
}

/// What compiling one takes, in steps for each byte.
const STEPS_A_BYTE: u64 = 200;

impl Regex {
    /// `None` for what is none.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        is_regex(pattern).then(|| Regex {
            pattern: pattern.to_owned(),
            compiled: OnceCell::new(),
        })
    }

    /// Whether it matches anywhere in a text; `None` if it is too large to be compiled. Counts what that takes.
    pub(super) fn matches(&self, text: &str, steps: &mut u64) -> Option<bool> {
        let compiled = self.compiled.get_or_init(|| {
            *steps = steps.saturating_add(self.pattern.len() as u64 * STEPS_A_BYTE);
            Regexp::new(&self.pattern)
        });
        Some(compiled.as_ref()?.is_match(text))
    }
}

/// Whether Go takes a text as a regular expression.
pub(super) fn is_regex(text: &str) -> bool {
    Regexp::is_valid(text)
}

/// A format that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format(usize);

type Holds = fn(&str) -> bool;

const FORMATS: &[(&str, Holds)] = &[
    ("regex", is_regex),
    ("json-pointer", is_json_pointer),
    ("relative-json-pointer", is_relative_json_pointer),
    ("uuid", is_uuid),
    ("duration", time::is_duration),
    ("period", time::is_period),
    ("ipv4", internet::is_ipv4),
    ("ipv6", internet::is_ipv6),
    ("hostname", internet::is_hostname),
    ("email", internet::is_email),
    ("date", time::is_date),
    ("time", time::is_time),
    ("date-time", time::is_date_time),
    ("uri", is_uri),
    ("iri", is_uri),
    ("uri-reference", is_uri_reference),
    ("iri-reference", is_uri_reference),
    ("uri-template", internet::is_uri_template),
    ("semver", is_semver),
];

impl Format {
    /// Formats that are not known allow everything.
    pub(super) fn of(name: &str) -> Option<Self> {
        FORMATS
            .iter()
            .position(|(known, _)| *known == name)
            .map(Format)
    }

    pub(super) fn name(self) -> &'static str {
        FORMATS[self.0].0
    }

    pub(super) fn holds(self, text: &str) -> bool {
        (FORMATS[self.0].1)(text)
    }
}

fn is_json_pointer(text: &str) -> bool {
    let is_token = |token: &str| {
        let mut escapes = token.split('~').skip(1);
        escapes.all(|rest| rest.starts_with(['0', '1']))
    };
    text.is_empty() || (text.starts_with('/') && text.split('/').all(is_token))
}

fn is_relative_json_pointer(text: &str) -> bool {
    let rest = text.trim_start_matches(|found: char| found.is_ascii_digit());
    let digits = text.len() - rest.len();
    let has_zero = digits > 1 && text.starts_with('0');
    digits > 0 && !has_zero && (rest == "#" || is_json_pointer(rest))
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    let is_hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(is_hex)
}

fn is_semver(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let are_parts = |text: &str| {
        text.split('.')
            .all(|part| !part.is_empty() && part.bytes().all(is_part))
    };
    let is_number = |text: &str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        !text.is_empty() && is_plain && (text.len() == 1 || !text.starts_with('0'))
    };
    let (text, build) = text
        .split_once('+')
        .map_or((text, None), |(text, it)| (text, Some(it)));
    let (core, pre) = text
        .split_once('-')
        .map_or((text, None), |(text, it)| (text, Some(it)));
    let has_zero = |part: &str| {
        part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    build.is_none_or(are_parts)
        && pre.is_none_or(|pre| are_parts(pre) && !pre.split('.').any(has_zero))
        && core.split('.').count() == 3
        && core.split('.').all(is_number)
}
