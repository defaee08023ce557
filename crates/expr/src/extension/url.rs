//! URLs, as Go's `net/url` reads them.

/// A URL in its parts, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Url<'a> {
    /// The whole text.
    text: &'a str,
    scheme: &'a str,
    /// Host with port.
    host: &'a str,
    path: &'a str,
    query: &'a str,
}

impl<'a> Url<'a> {
    /// Whether a text is an absolute URL or an absolute path.
    pub fn is_valid(text: &str) -> bool {
        Url::read(text, true).is_some()
    }

    /// Reads an absolute URL or an absolute path.
    pub fn parse(text: &'a str) -> Option<Self> {
        Url::read(text, true)?;
        // A fragment is no part of a request, but of a URL.
        let url = text.split_once('#').map_or(text, |(url, _)| url);
        Url::read(url, false)
    }

    /// Reads a URL; in a request, a text without scheme is all path.
    fn read(text: &'a str, in_request: bool) -> Option<Self> {
        if text.is_empty() || text.bytes().any(|byte| byte < 0x20 || byte == 0x7F) {
            return None;
        }
        let nothing = Url {
            text,
            scheme: "",
            host: "",
            path: "",
            query: "",
        };
        if text == "*" {
            return Some(Url {
                path: "*",
                ..nothing
            });
        }
        let (scheme, rest) = scheme(text)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !rest.starts_with('/') {
            // Opaque, such as mailto:x.
            return (!scheme.is_empty()).then_some(Url {
                scheme,
                query,
                ..nothing
            });
        }
        let has_host = !scheme.is_empty() || !(in_request || rest.starts_with("///"));
        let (host, path) = match rest.strip_prefix("//").filter(|_| has_host) {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (host_of(&rest[..end])?, &rest[end..])
            }
            None => ("", rest),
        };
        unescape(path, false)?;
        Some(Url {
            scheme,
            host,
            path,
            query,
            ..nothing
        })
    }

    /// The scheme in lower case.
    pub fn scheme(self) -> String {
        self.scheme.to_ascii_lowercase()
    }

    /// Host and port, with the host's escapes resolved.
    pub fn host(self) -> String {
        unescape(self.host, false).unwrap_or_default()
    }

    /// The host without port and brackets.
    pub fn hostname(self) -> String {
        let host = self.host();
        let (name, _) = split_port(&host);
        name.strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .unwrap_or(name)
            .to_owned()
    }

    /// The port; empty when there is none.
    pub fn port(self) -> String {
        let host = self.host();
        split_port(&host).1.to_owned()
    }

    /// The path with what must be escaped escaped.
    pub fn escaped_path(self) -> String {
        if self.path.bytes().all(|byte| byte == b'%' || is_path(byte)) {
            return self.path.to_owned();
        }
        let path = unescape(self.path, false).unwrap_or_default();
        let mut escaped = String::with_capacity(path.len());
        for byte in path.bytes() {
            if is_path(byte) && !matches!(byte, b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']') {
                escaped.push(char::from(byte));
            } else {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        }
        escaped
    }

    /// The query's names and values in the order of the text; what is malformed is left out.
    pub fn query(self) -> Vec<(String, String)> {
        let parts = self
            .query
            .split('&')
            .filter(|part| !part.is_empty() && !part.contains(';'));
        parts
            .filter_map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                Some((unescape(name, true)?, unescape(value, true)?))
            })
            .collect()
    }
}

/// The scheme and what follows it; no scheme when a character says so, nothing when it is empty.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if position > 0 => {}
            b':' if position > 0 => return Some((&text[..position], &text[position + 1..])),
            b':' => return None,
            _ => break,
        }
    }
    Some(("", text))
}

/// The host and port of an authority, when both are valid.
fn host_of(authority: &str) -> Option<&str> {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            is_user(user).then_some(())?;
            unescape(user, false)?;
            host
        }
        None => authority,
    };
    let port = if let Some(inner) = host.strip_prefix('[') {
        inner.rsplit_once(']')?.1
    } else {
        host.rfind(':').map_or("", |colon| &host[colon..])
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    let one_colon = host.starts_with('[') || host.matches(':').count() <= 1;
    (is_port && one_colon && is_host(host)).then_some(host)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn is_path(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@[]/".contains(&byte)
}

fn is_user(user: &str) -> bool {
    user.bytes()
        .all(|byte| is_unreserved(byte) || b"!$&'()*+,;=:%@".contains(&byte))
}

/// Escapes in a host can only stand for bytes that are no ASCII.
fn is_host(host: &str) -> bool {
    let allowed =
        |byte: u8| byte >= 0x80 || is_unreserved(byte) || b"!$&'()*+,;=:[]<>\"%".contains(&byte);
    let ascii_escape = host.split('%').skip(1).any(|after| {
        after
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .is_none_or(|byte| byte < 0x80)
    });
    host.bytes().all(allowed) && !ascii_escape
}

/// Host and port apart; the port only where digits follow the last colon.
fn split_port(host: &str) -> (&str, &str) {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    }
}

/// The text that escapes stand for; nothing when one is malformed.
fn unescape(text: &str, plus_is_space: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'%' => {
                let digits = text.get(position + 1..position + 3)?;
                let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                plain.push(
                    is_hex
                        .then(|| u8::from_str_radix(digits, 16).ok())
                        .flatten()?,
                );
                position += 2;
            }
            b'+' if plus_is_space => plain.push(b' '),
            _ => plain.push(byte),
        }
        position += 1;
    }
    Some(String::from_utf8_lossy(&plain).into_owned())
}
