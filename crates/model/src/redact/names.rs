//! Names that say that their value is a credential.

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

/// The words of a name in lower case: at `_`, `-`, `.`, `/` and where a capital begins (`apiKey`).
pub(super) fn words(name: &str) -> Vec<String> {
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
