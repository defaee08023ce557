//! Hosts that a text mentions: `db.shop.svc.cluster.local:5432`, `https://api.example.com/v1`, `db:5432`.

use std::net::Ipv6Addr;

/// A host in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mention<'t> {
    pub(super) host: &'t str,
    pub(super) scheme: Option<&'t str>,
    pub(super) port: Option<u16>,
    /// Whether it is the whole text.
    pub(super) is_all: bool,
}

/// Ports that schemes of URLs stand for.
const SCHEMES: &[(&str, u16)] = &[
    ("amqp", 5672),
    ("amqps", 5671),
    ("clickhouse", 9000),
    ("cockroachdb", 26257),
    ("ftp", 21),
    ("grpc", 443),
    ("http", 80),
    ("https", 443),
    ("kafka", 9092),
    ("ldap", 389),
    ("ldaps", 636),
    ("mongodb", 27017),
    ("mysql", 3306),
    ("nats", 4222),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("redis", 6379),
    ("rediss", 6379),
    ("smtp", 25),
    ("smtps", 465),
    ("ws", 80),
    ("wss", 443),
];

/// Texts are looked at as far as this, in bytes.
const LONGEST: usize = 1 << 18;

/// Scheme, user, password and other hosts of a URL are as long as this at most, in bytes.
const WINDOW: usize = 512;

/// An IPv6 address is as long as this at most, in bytes.
const ADDRESS: usize = 46;

/// Hosts that one text may have.
const MOST: usize = 1000;

/// The port that a scheme stands for.
pub(super) fn port_of_scheme(scheme: &str) -> Option<u16> {
    let scheme = scheme.rsplit('+').next().unwrap_or(scheme);
    let jdbc = scheme.rsplit(':').next().unwrap_or(scheme);
    let found = SCHEMES.iter().find(|(own, _)| *own == jdbc);
    found.map(|(_, port)| *port)
}

/// The hosts of a text, in order.
pub(super) fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST {
        if bytes[at] == b'['
            && let Some((mention, length)) = bracketed(text, at)
        {
            found.push(mention);
            at += length;
            continue;
        }
        if !is_host(bytes[at]) {
            at += 1;
            continue;
        }
        let length = bytes[at..]
            .iter()
            .take_while(|byte| is_host(**byte))
            .count();
        let (host, rest) = (&text[at..at + length], &text[at + length..]);
        let before = window(&text[..at]);
        let port = rest.strip_prefix(':').and_then(leading_port);
        let scheme = scheme_before(before);
        // What stands before `://` is no host, nor is a step of a path or a password.
        let is_part = before.ends_with('/') && scheme.is_none();
        let is_scheme = rest.starts_with("://");
        let is_user = scheme.is_some() && !before.ends_with('@') && user_follows(rest);
        let is_password = rest.starts_with('@');
        if !is_part && !is_scheme && !is_user && !is_password {
            found.push(Mention {
                host: host.trim_matches(['.', '-', '_']),
                scheme,
                port,
                is_all: text.trim().len() == length
                    || (port.is_some() && text.trim().starts_with(host)),
            });
        }
        at += length;
        if port.is_some() {
            at += 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        }
    }
    found.retain(|mention| !mention.host.is_empty());
    found
}

/// The IPv6 address in brackets at a place, as URLs have it, and the bytes that it takes with its port.
fn bracketed(text: &str, at: usize) -> Option<(Mention<'_>, usize)> {
    let inside = &text[at + 1..];
    let inside = &inside[..inside.bytes().take(ADDRESS).position(|byte| byte == b']')?];
    inside.parse::<Ipv6Addr>().ok()?;
    let length = inside.len() + 2;
    let port = text[at + length..].strip_prefix(':');
    let digits = port.map_or(0, |port| {
        port.bytes().take_while(u8::is_ascii_digit).count()
    });
    let mention = Mention {
        host: inside,
        scheme: scheme_before(window(&text[..at])),
        port: port.and_then(leading_port),
        is_all: text.trim_start().len() == text.len() - at,
    };
    let taken = if digits > 0 { 1 + digits } else { 0 };
    Some((mention, length + taken))
}

/// The end of a text: URLs with more before their host are not looked at.
fn window(text: &str) -> &str {
    let mut start = text.len().saturating_sub(WINDOW);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// The scheme of the URL whose host begins behind a text, user and password skipped.
fn scheme_before(before: &str) -> Option<&str> {
    let start = before.rfind("://")?;
    let between = &before[start + 3..];
    let is_authority = between.is_empty() || between.ends_with('@') || between.ends_with(',');
    let has_end = between.contains(['/', '?', '#', ' ', '"', '\'']);
    if !is_authority || has_end {
        return None;
    }
    let scheme = before[..start].rsplit(|char: char| !char.is_ascii_alphanumeric() && char != '+');
    scheme
        .into_iter()
        .next()
        .filter(|scheme| !scheme.is_empty())
}

/// Whether what was read so far is the name before a password: an `@` comes before the end of the authority.
fn user_follows(rest: &str) -> bool {
    let end = rest
        .find(['/', '?', '#', ' ', ',', '"', '\''])
        .unwrap_or(rest.len());
    rest[..end].contains('@')
}

fn leading_port(rest: &str) -> Option<u16> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..length].parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::{mentions, port_of_scheme};

    fn check(text: &str, expected: &[&str]) {
        let words = mentions(text).into_iter().map(|one| {
            let port = one.port.map_or(String::new(), |port| format!(":{port}"));
            let scheme = one
                .scheme
                .map_or(String::new(), |scheme| format!("{scheme}://"));
            format!("{scheme}{}{port}", one.host)
        });
        assert_eq!(words.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn hosts_are_found_in_texts() {
        check("db", &["db"]);
        check(
            "db.shop.svc.cluster.local:5432",
            &["db.shop.svc.cluster.local:5432"],
        );
        check(
            "https://api.example.com/v1/x.y",
            &["https://api.example.com"],
        );
        check("postgres://user:pass@db:5432/name", &["postgres://db:5432"]);
        check("jdbc:postgresql://db/name", &["jdbc", "postgresql://db"]);
        check(
            "--upstream=http://web.shop.svc",
            &["upstream", "http://web.shop.svc"],
        );
        check("a:9092,b:9092", &["a:9092", "b:9092"]);
        check(
            "mongodb://a,b:27018/x",
            &["mongodb://a", "mongodb://b:27018"],
        );
        check(
            "http://[2001:db8::1]:8080/a,https://u:p@[2001:db8::2]/",
            &["http://2001:db8::1:8080", "https://2001:db8::2"],
        );
        check("[2001:db8::1]:53", &["2001:db8::1:53"]);
        check("[web]:80, [", &["web", "80"]);
        check("/etc/ssl/certs", &[]);
        check("\u{e9}db:1\u{e9}", &["db:1"]);
        check("http://", &[]);
    }

    #[test]
    fn long_texts_take_no_long_time() {
        for piece in [
            "[::",
            "[::1]",
            "a,",
            "http://a,",
            "a@",
            "://",
            "a/",
            "http://a:b@",
        ] {
            assert!(mentions(&piece.repeat(1 << 18)).len() <= super::MOST);
        }
    }

    #[test]
    fn schemes_stand_for_ports() {
        assert_eq!(port_of_scheme("postgresql"), Some(5432));
        assert_eq!(port_of_scheme("git+https"), Some(443));
        assert_eq!(port_of_scheme("file"), None);
    }
}
