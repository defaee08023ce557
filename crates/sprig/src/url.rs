//! URLs as Go's `net/url` takes them apart and puts them together.

use std::net::Ipv6Addr;

use gotemplate::quoted;

use crate::text::lossy;

/// The parts of a URL, without escapes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) opaque: String,
    /// A name, and a password if there is one.
    pub(crate) user: Option<Vec<String>>,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) fragment: String,
}

/// What part a text is, which decides what is escaped in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

fn is_escaped(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    let allowed: &[u8] = match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"",
        Part::Path => b"$&+,/:;=@",
        Part::User => b"$&+,;=",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !allowed.contains(&byte)
}

fn escape(text: &str, part: Part) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_escaped(byte, part) {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push(char::from(byte));
        }
    }
    out
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    let digit = char::from(*byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// A piece of a text in quotes, which may be cut within a letter.
fn quoted_bytes(bytes: &[u8]) -> String {
    let mut out = "\"".to_owned();
    for chunk in bytes.utf8_chunks() {
        out.push_str(quoted(chunk.valid()).trim_matches('"'));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

fn unescape(text: &str, part: Part) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let is_host = matches!(part, Part::Host | Part::Zone);
        if byte != b'%' {
            if is_host && byte.is_ascii() && is_escaped(byte, part) {
                return Err(format!(
                    "invalid character {} in host name",
                    quoted(&text[at..=at])
                ));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let end = bytes.len().min(at + 3);
        let written = &bytes[at..end];
        let bad = || Err(format!("invalid URL escape {}", quoted_bytes(written)));
        let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) else {
            return bad();
        };
        let value = high << 4 | low;
        let is_percent = written == b"%25";
        if part == Part::Host && high < 8 && !is_percent {
            return bad();
        }
        if part == Part::Zone && !is_percent && value != b' ' && is_escaped(value, Part::Host) {
            return bad();
        }
        out.push(value);
        at += 3;
    }
    Ok(lossy(&out))
}

/// The name of a user and the password, escaped.
pub(crate) fn escaped_user(user: &[String]) -> String {
    let parts: Vec<String> = user.iter().map(|part| escape(part, Part::User)).collect();
    parts.join(":")
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (main, fragment) = text.split_once('#').unwrap_or((text, ""));
        let said = |about: &str, error: String| format!("parse {}: {error}", quoted(about));
        let mut url = Self::parse_main(main).map_err(|error| said(main, error))?;
        url.fragment = unescape(fragment, Part::Fragment).map_err(|error| said(text, error))?;
        Ok(url)
    }

    fn parse_main(text: &str) -> Result<Self, String> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if text == "*" {
            text.clone_into(&mut url.path);
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        query.clone_into(&mut url.query);
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                rest.clone_into(&mut url.opaque);
                return Ok(url);
            }
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains(':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let has_authority = !url.scheme.is_empty() || !rest.starts_with("///");
        if let Some(after) = rest.strip_prefix("//").filter(|_| has_authority) {
            let end = after.find('/').unwrap_or(after.len());
            url.set_authority(&after[..end])?;
            rest = &after[end..];
        }
        url.path = unescape(rest, Part::Path)?;
        Ok(url)
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), String> {
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        self.host = parsed_host(&self.scheme, host)?;
        let Some(user) = user else {
            return Ok(());
        };
        let is_allowed =
            |found: char| found.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(found);
        if !user.chars().all(is_allowed) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let parts = user.splitn(2, ':').map(|part| unescape(part, Part::User));
        self.user = Some(parts.collect::<Result<_, _>>()?);
        Ok(())
    }

    pub(crate) fn hostname(&self) -> &str {
        let host = match self.host.rfind(':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(host)
    }

    /// As text, with escapes.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        if self.opaque.is_empty() {
            self.append_rest(&mut out);
        } else {
            out.push_str(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push('#');
            out.push_str(&escape(&self.fragment, Part::Fragment));
        }
        out
    }

    /// What comes behind the scheme where that is not opaque.
    fn append_rest(&self, out: &mut String) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || (!self.scheme.is_empty() && !self.path.is_empty()) {
            out.push_str("//");
        }
        if let Some(user) = &self.user {
            out.push_str(&escaped_user(user));
            out.push('@');
        }
        out.push_str(&escape(&self.host, Part::Host));
        let path = if self.path == "*" {
            "*".to_owned()
        } else {
            escape(&self.path, Part::Path)
        };
        if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
            out.push('/');
        }
        let first = path.split('/').next().unwrap_or_default();
        if out.is_empty() && first.contains(':') {
            out.push_str("./");
        }
        out.push_str(&path);
    }
}

/// The scheme, and what follows it.
fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn parsed_host(scheme: &str, host: &str) -> Result<String, String> {
    let bad_port = |port: &str| Err(format!("invalid port {} after host", quoted(port)));
    match host.rfind('[') {
        Some(0) => return literal_host(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = host.find(':') {
        // Lists of hosts with ports are known outside of the web.
        let is_strict = matches!(scheme, "http" | "https");
        let colon = if is_strict {
            first
        } else {
            host.rfind(':').unwrap_or(first)
        };
        if !is_port(&host[colon..]) {
            return bad_port(&host[colon..]);
        }
    }
    unescape(host, Part::Host)
}

/// An address in brackets.
fn literal_host(host: &str) -> Result<String, String> {
    let Some(end) = host.rfind(']') else {
        return Err("missing ']' in host".to_owned());
    };
    let (name, port) = (&host[1..end], &host[end + 1..]);
    if !is_port(port) {
        return Err(format!("invalid port {} after host", quoted(port)));
    }
    let name = match name.find("%25") {
        Some(zone) => unescape(&name[..zone], Part::Host)? + &unescape(&name[zone..], Part::Zone)?,
        None => unescape(name, Part::Host)?,
    };
    let address = name.split('%').next().unwrap_or_default();
    if address.parse::<std::net::Ipv4Addr>().is_ok() {
        return Err("invalid IP-literal".to_owned());
    }
    if address.parse::<Ipv6Addr>().is_err() {
        return Err(format!(
            "invalid host: ParseAddr({}): unable to parse IP",
            quoted(&name)
        ));
    }
    Ok(format!("[{name}]{port}"))
}
