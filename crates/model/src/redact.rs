//! Which texts may be secrets and so must never be printed.
//!
//! Leans towards hiding: evidence that is hidden without need costs a look into the file.

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Whether the values of `data` and `stringData` of a kind are secret as such.
pub fn is_secret_kind(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("", "Secret") | ("bitnami.com", "SealedSecret")
    )
}

/// The value to print under a key: itself, or [`REDACTED`].
pub fn shown<'v>(key: &str, value: &'v str) -> &'v str {
    let hidden = is_secret_value(value)
        || (is_secret_name(key) && !is_reference(value) && !value.is_empty());
    if hidden { REDACTED } else { value }
}

/// Whether a key or the name of an environment variable says that its value is a credential:
/// `DB_PASSWORD`, `apiKey`, `--token`, but not `tokenReviewUrl` or `PASSWORD_FILE`, which name where it is.
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    if POINTERS.contains(&last) {
        return false;
    }
    let joined = words.concat();
    words
        .iter()
        .any(|word| SECRET_WORDS.contains(&word.as_str()))
        || SECRET_ENDINGS.iter().any(|ending| joined.ends_with(ending))
        || SECRET_PARTS.iter().any(|part| joined.contains(part))
}

/// Whether a value is a credential by its own looks: a private key, a token of a known form, a URL with a
/// password.
pub fn is_secret_value(value: &str) -> bool {
    is_private_key(value)
        || tokens(value).any(is_token)
        || has_url_password(value)
        || has_bearer(value)
}

const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "token",
    "apikey",
    "authtoken",
    "pat",
    "bearer",
    "pgpassword",
];

/// What a joined name (`api` + `key`) ends with when it holds a key.
const SECRET_ENDINGS: &[&str] = &[
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "sshkey",
    "authkey",
    "sharedkey",
    "accountkey",
    "licensekey",
    "clientsecret",
    "connectionstring",
    "pass",
    "salt",
    "rootpw",
    "htpasswd",
    "dockerconfigjson",
];

const SECRET_PARTS: &[&str] = &[
    "password",
    "passwd",
    "secretkey",
    "secretaccesskey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "apitoken",
];

/// Last words that make a name say where a secret is, or something about it.
const POINTERS: &[&str] = &[
    "file",
    "path",
    "dir",
    "directory",
    "name",
    "namespace",
    "url",
    "uri",
    "endpoint",
    "host",
    "port",
    "ref",
    "enabled",
    "type",
    "ttl",
    "expiry",
    "expiration",
    "timeout",
    "length",
    "algorithm",
    "issuer",
    "audience",
    "header",
    "mount",
    "volume",
    "policy",
    "id",
    "count",
    "version",
    "mode",
    "provider",
];

/// Beginnings of tokens that services hand out.
const TOKEN_PREFIXES: &[(&str, usize)] = &[
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

fn has_bearer(value: &str) -> bool {
    let mut words = value.split_whitespace();
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

/// Whether a value only names where the real one comes from: `$(VAR)`, `${VAR}`, `{{ .Values.x }}`.
fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let wrapped = |open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    wrapped("$(", ")") || wrapped("${", "}") || wrapped("{{", "}}") || wrapped("<", ">")
}

/// The words of a name in lower case: at `_`, `-`, `.`, `/` and where a capital begins (`apiKey`).
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous_is_lower = false;
    for c in name.chars() {
        let starts_word = !c.is_alphanumeric() || (c.is_uppercase() && previous_is_lower);
        if starts_word && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        previous_is_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials_are_told_from_names_of_their_places() {
        let check =
            |name: &str, expected: bool| assert_eq!(is_secret_name(name), expected, "{name}");
        for name in [
            "PASSWORD",
            "DB_PASSWORD",
            "mysqlRootPassword",
            "apiKey",
            "API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "--token",
            "GITHUB_TOKEN",
            "client-secret",
            "tls.privateKey",
            "PGPASSWORD",
            "SMTP_PASS",
            "MYSQL_PASSWORD_1",
        ] {
            check(name, true);
        }
        for name in [
            "PASSWORD_FILE",
            "tokenUrl",
            "secretName",
            "TOKEN_TTL",
            "HOST",
            "path",
            "keyId",
            "",
            "monkey",
            "PATTERN",
            "author",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn values_that_are_credentials_by_their_looks_are_hidden() {
        let check =
            |value: &str, expected: bool| assert_eq!(is_secret_value(value), expected, "{value}");
        check("-----BEGIN RSA PRIVATE KEY-----\nMIIE", true);
        check("-----BEGIN CERTIFICATE-----\nMIIE", false);
        check(&format!("AKIA{}", "IOSFODNN7EXAMPLE"), true);
        check(&format!("ghp_{}", "a1".repeat(18)), true);
        check("postgres://app:hunter2@db:5432/shop", true);
        check("postgres://app:$(DB_PASSWORD)@db:5432/shop", false);
        check("https://example.com:8443/a@b", false);
        check("Authorization: Bearer abcdef0123456789", true);
        check("Bearer $(TOKEN)", false);
        check(
            &format!("eyJ{}.eyJ{}.sig", "hbGciOiJIUzI1NiJ9", "zdWIiOiIxIn0"),
            true,
        );
        check("nginx:1.27", false);
        check("bearer of bad news", false);
    }

    #[test]
    fn shown_keeps_what_is_harmless() {
        let check =
            |key: &str, value: &str, expected: &str| assert_eq!(shown(key, value), expected);
        check("DB_PASSWORD", "hunter2", REDACTED);
        check("DB_PASSWORD", "$(FROM_SECRET)", "$(FROM_SECRET)");
        check("DB_PASSWORD", "", "");
        check("DB_HOST", "db", "db");
        check("DB_URL", "mysql://root:root1@db/x", REDACTED);
    }
}
