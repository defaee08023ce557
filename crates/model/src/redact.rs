//! Which texts may be secrets and so must never be printed.
//!
//! Leans towards hiding: evidence that is hidden without need costs a look into the file.

use document::{Kind, NodeRef, Path, Step, StepRef};

use crate::inventory::Resource;

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// The annotation in which `kubectl apply` keeps the whole object, the data of a Secret included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

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
        || (is_secret_name(key) && could_be_secret(value))
        || (key == LAST_APPLIED && value.contains("\"Secret\""));
    if hidden { REDACTED } else { value }
}

/// Whether the scalar at a path of a resource may be a secret: see [`is_secret_along`].
pub fn is_secret_at(resource: &Resource, path: &Path) -> bool {
    let mut node = resource.object();
    let mut steps = Vec::with_capacity(path.0.len());
    for step in &path.0 {
        match node.step(step) {
            Some(next) => node = next,
            None => return false,
        }
        let step = match step {
            Step::Key(name) => StepRef::Key(name),
            Step::Index(index) => StepRef::Index(*index),
        };
        steps.push((step, node));
    }
    is_secret_along(resource, &steps)
}

/// Whether the scalar at the end of some steps from a resource's root may be a secret: by the kind of the
/// resource, the key, the name beside the value of an environment variable, the flag before an argument,
/// or its own looks.
pub fn is_secret_along(resource: &Resource, steps: &[(StepRef<'_>, NodeRef<'_>)]) -> bool {
    let mut node = resource.object();
    let mut key = "";
    for (depth, &(step, next)) in steps.iter().enumerate() {
        key = match step {
            StepRef::Key(name) if depth == 0 && is_data(resource, name) => return true,
            StepRef::Key(name) => key_of_value(node, name),
            StepRef::Index(index) => flag_before(node, index).unwrap_or(key),
        };
        node = next;
    }
    match node.kind() {
        Kind::String => node.as_str().is_some_and(|text| shown(key, text) != text),
        Kind::Int | Kind::Uint | Kind::Float => is_secret_name(key),
        _ => false,
    }
}

/// What a value in a mapping is called: its key, or the `name` beside a `value`, also where the key is misspelt.
pub fn key_of_value<'a>(mapping: NodeRef<'a>, key: &'a str) -> &'a str {
    let named = || mapping.get_str("name").and_then(NodeRef::as_str);
    let start = key.get(..3).unwrap_or_default();
    if start.eq_ignore_ascii_case("val") {
        named().unwrap_or(key)
    } else {
        key
    }
}

/// The flag whose value an item of a sequence is, as in `["--password", "x"]`.
pub fn flag_before(sequence: NodeRef<'_>, index: usize) -> Option<&str> {
    let previous = sequence.item(index.checked_sub(1)?)?.as_str()?;
    (previous.starts_with('-') && !previous.contains('=')).then_some(previous)
}

/// Whether all below a topmost key of a Secret is secret: a misspelt `stringdata` holds no less than the
/// right one.
pub fn is_secret_member(key: &str) -> bool {
    !matches!(
        key,
        "apiVersion" | "kind" | "metadata" | "type" | "immutable" | "spec" | "status"
    )
}

fn is_data(resource: &Resource, key: &str) -> bool {
    is_secret_member(key) && is_secret_kind(resource.group(), &resource.kind)
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
    !is_short_word(value) && looks_secret(value)
}

/// Most values that are asked about: one word, shorter than any token, with nothing assigned in it.
fn is_short_word(value: &str) -> bool {
    value.len() < SHORTEST_TOKEN
        && value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'=' | b':'))
}

fn looks_secret(value: &str) -> bool {
    is_private_key(value)
        || tokens(value).any(is_token)
        || has_url_password(value)
        || has_bearer(value)
        || has_assignment(value)
        || has_flag(value)
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
    "seconds",
    "minutes",
    "hours",
    "days",
    "size",
    "class",
    "kind",
    "method",
    "id",
    "count",
    "version",
    "mode",
    "provider",
];

/// Length of the shortest token below.
const SHORTEST_TOKEN: usize = 20;

/// Beginnings of tokens that services hand out, and their least length.
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

/// A command line with `--password x`, `$token "x"` of a web server, or `-u user:x`.
fn has_flag(value: &str) -> bool {
    let mut words = value.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek().map(|next| next.trim_matches(['"', '\'', ';'])) else {
            break;
        };
        let is_word = next.starts_with(|c: char| c.is_alphanumeric());
        let is_user = matches!(word, "-u" | "--user" | "--proxy-user");
        let has_password = next
            .split_once(':')
            .is_some_and(|(_, password)| !password.is_empty() && !is_reference(password));
        let is_named = word.starts_with(['-', '$']) && is_secret_name(word);
        if is_word && ((is_user && has_password) || (is_named && could_be_secret(next))) {
            return true;
        }
    }
    false
}

/// Whether a value under a secret name is more than a switch or a reference.
fn could_be_secret(value: &str) -> bool {
    let word = value.trim();
    !matches!(word, "" | "true" | "false" | "null" | "none" | "yes" | "no") && !is_reference(word)
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
    fn a_short_word_never_looks_secret() {
        let least = TOKEN_PREFIXES.iter().map(|&(_, length)| length).min();
        assert_eq!(least, Some(SHORTEST_TOKEN));
        let pieces = [
            "-",
            "--password",
            "$token",
            "s.",
            "AKIA",
            "1",
            "-u",
            "a@b",
            "//",
            "Bearer",
            "'",
            "{",
            "/",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let word = format!("{first}{second}{third}");
                    assert!(!is_short_word(&word) || !looks_secret(&word), "{word}");
                }
            }
        }
    }

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
        check(
            "proxy_set_header Authorization \"Basic dXNlcjpodW50ZXIy\";",
            true,
        );
        check("sudo mysql --password hunter2", true);
        check("mysql --password \"$PASSWORD\"", false);
        check("sudo curl -u admin:hunter2 https://x", true);
        check("docker run -u 1000:$(GROUP) x", false);
        check("sh -c \"curl -H 'X-Api-Key: hunter2' https://x\"", true);
        check("echo $TOKEN > /dev/null", false);
        check("set $password \"hunter2\";", true);
    }

    #[test]
    fn shown_keeps_what_is_harmless() {
        let check =
            |key: &str, value: &str, expected: &str| assert_eq!(shown(key, value), expected);
        check("DB_PASSWORD", "hunter2", REDACTED);
        check("DB_PASSWORD", "$(FROM_SECRET)", "$(FROM_SECRET)");
        check("DB_PASSWORD", "", "");
        check("DB_HOST", "db", "db");
        check("automountServiceAccountToken", "false", "false");
        check("args", "--password=hunter2", REDACTED);
        check(
            LAST_APPLIED,
            "{\"kind\":\"Secret\",\"data\":{\"a\":\"eA==\"}}",
            REDACTED,
        );
        check("args", "--password-file=/run/p", "--password-file=/run/p");
        check("args", "--token=$(TOKEN)", "--token=$(TOKEN)");
        check("command", "mysql -u root MYSQL_PWD=x", REDACTED);
        check("app.yaml", "user: a\npassword: hunter2\n", REDACTED);
        check(
            "app.yaml",
            "{\"user\": \"a\",\n \"password\": \"hunter2\"}",
            REDACTED,
        );
        check(
            "app.yaml",
            "the password: never told\nrotate: true\n",
            "the password: never told\nrotate: true\n",
        );
        check("DB_URL", "mysql://root:root1@db/x", REDACTED);
    }

    #[test]
    fn secrets_are_known_by_where_they_stand() {
        let yaml = "apiVersion: v1\nkind: Pod\nspec:\n  tokenExpirationSeconds: 5\n  containers:\n  - name: a\n    image: nginx\n    args: [--token, abc, --name, x]\n    env: [{name: DB_PASSWORD, value: hunter2}, {name: DB_PIN, value: x}, {name: API_TOKEN, value: 5}]\n";
        let secret = "apiVersion: v1\nkind: Secret\ndata: {a: eA==}\nmetadata: {name: x}\n";
        let check = |yaml: &str, path: &[&str], expected: bool| {
            let resources = crate::testing::resources(yaml);
            let steps = path.iter().map(|step| match step.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key((*step).into()),
            });
            assert_eq!(
                is_secret_at(&resources[0], &Path(steps.collect())),
                expected,
                "{path:?}"
            );
        };
        let container = ["spec", "containers", "0"];
        let below =
            |rest: &[&str], expected| check(yaml, &[&container[..], rest].concat(), expected);
        below(&["env", "0", "value"], true);
        below(&["env", "0", "name"], false);
        below(&["env", "1", "value"], false);
        below(&["env", "2", "value"], true);
        below(&["args", "0"], false);
        below(&["args", "1"], true);
        below(&["args", "3"], false);
        below(&["image"], false);
        below(&["missing"], false);
        check(yaml, &["spec", "tokenExpirationSeconds"], false);
        check(secret, &["data", "a"], true);
        let misspelt = "apiVersion: v1\nkind: Secret\nstringdata: {a: x}\ntype: Opaque\n";
        check(misspelt, &["stringdata", "a"], true);
        check(misspelt, &["type"], false);
        let value = "apiVersion: v1\nkind: Pod\nspec: {containers: [{env: [{name: PASSWORD, valeu: x}]}]}\n";
        check(
            value,
            &["spec", "containers", "0", "env", "0", "valeu"],
            true,
        );
        check(secret, &["metadata", "name"], false);
    }
}
