//! Values that are credentials by their own looks.

use super::commands::has_password_argument;
use super::names::{is_secret_name, words};

/// Whether a value is a credential by its own looks: a private key, a token of a known form, a URL with a
/// password.
pub fn is_secret_value(value: &str) -> bool {
    !is_short_word(value) && looks_secret(value)
}

/// Most values that are asked about: one word, shorter than any token, with nothing assigned in it.
pub(super) fn is_short_word(value: &str) -> bool {
    value.len() < SHORTEST_TOKEN
        && value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'=' | b':'))
}

pub(super) fn looks_secret(value: &str) -> bool {
    is_private_key(value)
        || tokens(value).any(|word| is_token(word) || has_login(word))
        || has_url_password(value)
        || has_bearer(value)
        || has_assignment(value)
        || has_password_argument(value)
}

/// Length of the shortest token below.
pub(super) const SHORTEST_TOKEN: usize = 20;

/// Beginnings of tokens that services hand out, and their least length.
pub(super) const TOKEN_PREFIXES: &[(&str, usize)] = &[
    ("AKIA", 20),
    ("ASIA", 20),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xapp-", 20),
    ("sk_live_", 20),
    ("rk_live_", 20),
    ("sk-", 32),
    ("AIza", 35),
    ("ya29.", 20),
    ("npm_", 36),
    ("pypi-", 40),
    ("hvs.", 20),
    ("s.", 26),
    ("dop_v1_", 40),
    ("SG.", 40),
    ("eyJ", 30),
    ("AGE-SECRET-KEY-", 30),
];

fn is_private_key(value: &str) -> bool {
    value.contains("PRIVATE KEY-----") || value.contains("PRIVATE KEY BLOCK-----")
}

/// The pieces of a value that could be a token on their own.
fn tokens(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ',' | ';' | '&' | '?' | '(' | ')')
    })
}

fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/');
    let known = TOKEN_PREFIXES
        .iter()
        .any(|&(prefix, length)| text.starts_with(prefix) && text.len() >= length);
    known
        && text.bytes().all(is_token_byte)
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !(text.starts_with("s.") && text[2..].contains('.'))
}

/// `scheme://user:password@host`, unless the password is a placeholder.
fn has_url_password(value: &str) -> bool {
    value.match_indices("://").any(|(at, mark)| {
        let rest = &value[at + mark.len()..];
        let authority = rest
            .split(['/', '?', '#', ' ', '"', '\''])
            .next()
            .unwrap_or_default();
        let password = authority
            .rsplit_once('@')
            .and_then(|(user_info, _)| user_info.split_once(':'))
            .map_or("", |(_, password)| password);
        !password.is_empty() && !is_reference(password)
    })
}

/// `user:password@host` without a scheme: an address of a database, or an image in a registry.
fn has_login(word: &str) -> bool {
    let Some((login, address)) = word.rsplit_once('@').filter(|_| !word.contains("://")) else {
        return false;
    };
    let Some((user, password)) = login.trim_start_matches(['{', '[']).split_once(':') else {
        return false;
    };
    let end = address.find([':', '/']).unwrap_or(address.len());
    let (host, rest) = address.split_at(end);
    is_user(user, !rest.is_empty()) && is_login_password(password) && is_host(host) && {
        // `owner:team@example.com` is an address of mail behind a label.
        let is_mail = rest.is_empty() && host.contains('.');
        !(is_mail && is_label(user))
    }
}

/// A user's name begins with a letter; there may be none where the address is surely one.
fn is_user(user: &str, is_address: bool) -> bool {
    let is_user_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'%' | b'+');
    match user.bytes().next() {
        Some(first) => {
            (first.is_ascii_alphabetic() || first == b'_') && user.bytes().all(is_user_byte)
        }
        None => is_address,
    }
}

fn is_login_password(password: &str) -> bool {
    !password.is_empty()
        && !password.contains(['/', '@'])
        && !password.starts_with(['$', '%', '{', '<', '*'])
}

/// The name of a host, and neither what a digest begins with (`app:1.2@sha256:…`) nor a version.
fn is_host(host: &str) -> bool {
    let is_host_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let is_digest = matches!(host, "sha256" | "sha384" | "sha512");
    let digits = host.strip_prefix('v').unwrap_or(host);
    let is_version = digits.starts_with(|c: char| c.is_ascii_digit())
        && host.parse::<std::net::Ipv4Addr>().is_err();
    let starts_well = host.starts_with(|c: char| c.is_ascii_alphanumeric());
    starts_well && host.bytes().all(is_host_byte) && !is_digest && !is_version
}

/// What stands before an address of mail.
fn is_label(user: &str) -> bool {
    let words = words(user);
    let last = words.last().map_or("", String::as_str);
    MAIL_LABELS.contains(&last)
}

const MAIL_LABELS: &[&str] = &[
    "account",
    "acct",
    "author",
    "bcc",
    "by",
    "cc",
    "contact",
    "contacts",
    "email",
    "from",
    "group",
    "mail",
    "mailto",
    "maintainer",
    "member",
    "owner",
    "owners",
    "principal",
    "recipient",
    "sender",
    "sip",
    "sips",
    "subject",
    "team",
    "to",
    "user",
    "xmpp",
];

fn has_bearer(value: &str) -> bool {
    let mut words = value
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']));
    while let Some(word) = words.next() {
        let is_scheme = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
        let credential = if is_scheme {
            words.next().unwrap_or_default()
        } else {
            ""
        };
        if credential.len() >= 12
            && !is_reference(credential)
            && credential.bytes().any(|b| b.is_ascii_digit())
        {
            return true;
        }
    }
    false
}

/// `--password=x`, `PASSWORD=x`, `password: x`: a name and a value in one text or line.
fn has_assignment(value: &str) -> bool {
    value.lines().any(|line| {
        let equals = line
            .split_whitespace()
            .filter_map(|word| word.split_once('='));
        let colon = line.split_once(": ");
        equals.chain(colon).any(|(name, value)| {
            // A header in a command line begins with its quote; other words before are prose.
            let last = name.split_whitespace().next_back().unwrap_or_default();
            let name = if last.starts_with(['"', '\'']) {
                last
            } else {
                name.trim()
            };
            let name = name.trim_matches(['"', '\'', '{', ',']);
            let name = name.rsplit(['?', '&', ';', ',']).next().unwrap_or(name);
            let value = value.trim().trim_matches(['"', '\'', ',', '}']);
            !name.contains(' ') && is_secret_name(name) && could_be_secret(value)
        })
    })
}

/// Whether a value under a secret name is more than a switch or a reference.
pub(super) fn could_be_secret(value: &str) -> bool {
    let word = value.trim();
    !matches!(word, "" | "true" | "false" | "null" | "none" | "yes" | "no") && !is_reference(word)
}

/// Whether a value only names where the real one comes from: `$(VAR)`, `${VAR}`, `{{ .Values.x }}`.
pub(super) fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let wrapped = |open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    wrapped("$(", ")") || wrapped("${", "}") || wrapped("{{", "}}") || wrapped("<", ">")
}
