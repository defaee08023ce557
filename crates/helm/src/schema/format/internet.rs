//! Addresses: of hosts, of mailboxes, of anything.

use std::net::{Ipv4Addr, Ipv6Addr};

pub(in crate::schema) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

pub(in crate::schema) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

pub(in crate::schema) fn is_hostname(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(is_inner)
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

pub(in crate::schema) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    if text.len() > 254 || local.len() > 64 {
        return false;
    }
    let is_local = if local.len() > 1 && local.starts_with('"') {
        let inner = local.get(1..local.len() - 1).unwrap_or_default();
        !inner.contains(['\\', '"'])
    } else {
        let is_plain =
            |found: char| found.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(found);
        !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(is_plain)
    };
    let literal = domain
        .strip_prefix('[')
        .and_then(|domain| domain.strip_suffix(']'));
    let is_domain = match literal {
        Some(literal) => match literal.strip_prefix("IPv6:") {
            Some(address) => is_ipv6(address),
            None => is_ipv4(literal),
        },
        None => is_hostname(domain),
    };
    is_local && is_domain
}

/// A URI with a scheme, as far as Go looks.
pub(in crate::schema) fn is_uri(text: &str) -> bool {
    scheme(text).is_some() && is_url(text)
}

/// A URI that may be relative.
pub(in crate::schema) fn is_uri_reference(text: &str) -> bool {
    !text.contains('\\') && is_url(text)
}

/// A URI whose braces are balanced and not nested.
pub(in crate::schema) fn is_uri_template(text: &str) -> bool {
    let mut is_open = false;
    for found in text.chars() {
        match found {
            '{' if is_open => return false,
            '{' => is_open = true,
            '}' if !is_open => return false,
            '}' => is_open = false,
            _ => {}
        }
    }
    !is_open && is_url(text)
}

/// What stands before the first colon, if it is a scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (is_scheme && scheme.bytes().all(is_letter)).then_some(scheme)
}

/// Whether Go's `url.Parse` takes it.
fn is_url(text: &str) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) || !has_valid_escapes(fragment) {
        return false;
    }
    let rest = scheme(text).map_or(text, |scheme| &text[scheme.len() + 1..]);
    // A colon in the first part of a relative path would make a scheme.
    let first = text.split(['/', '?']).next().unwrap_or_default();
    if rest.len() == text.len() && first.contains(':') {
        return false;
    }
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            is_authority(&rest[..end]) && has_valid_escapes(&rest[end..])
        }
        None if scheme(text).is_some() && !rest.starts_with('/') => true,
        None => has_valid_escapes(rest),
    }
}

fn has_valid_escapes(text: &str) -> bool {
    let mut parts = text.split('%').skip(1);
    parts.all(|part| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

fn is_authority(text: &str) -> bool {
    let host = match text.rsplit_once('@') {
        Some((user, host)) => {
            let is_plain =
                |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
            if !user.bytes().all(is_plain) || !has_valid_escapes(user) {
                return false;
            }
            host
        }
        None => text,
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        let port = port.strip_prefix(':').unwrap_or(port);
        return is_ipv6(address) && is_port(port);
    }
    let (host, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_plain = |found: char| {
        !found.is_ascii()
            || found.is_ascii_alphanumeric()
            || "-._~!$&'()*+,;=:%<>\"".contains(found)
    };
    !host.contains(':') && host.chars().all(is_plain) && has_valid_escapes(host) && is_port(port)
}
