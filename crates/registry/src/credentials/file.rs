//! Files of logins, and Secrets that hold such files.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use document::{EntryRef, Keys, Kind, Limits, NodeRef, Source};

use super::key::Key;
use super::{KeyringError, Login};

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct CredentialFile {
    pub(super) name: String,
    pub(super) logins: Vec<(Key, Login)>,
    /// Helpers by registry.
    pub(super) helpers: Vec<(Key, String)>,
    /// The helper of all others.
    pub(super) store: Option<String>,
}

/// Logins are written with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a file: itself one of logins, or manifests with Secrets that hold some.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<CredentialFile>, KeyringError> {
    let source = Source::new(name, text);
    let keys = Arc::new(Keys::new([]));
    let is_json = text.trim_start().starts_with('{');
    let parse = if is_json {
        document::parse_json
    } else {
        document::parse_yaml
    };
    let parsed = parse(Arc::clone(&source), &keys, &Limits::default());
    if let Some(error) = parsed.errors.first() {
        let at = source.line_column(error.span.start);
        return Err(wrong(
            &format!("{name}:{}:{}", at.line, at.column),
            &error.message,
        ));
    }
    let mut files = Vec::new();
    for root in parsed.document.roots() {
        from_root(name, root, &mut files)?;
    }
    if files.is_empty() {
        return Err(wrong(
            name,
            "it has no Secret of type kubernetes.io/dockerconfigjson, and is no docker configuration",
        ));
    }
    Ok(files)
}

fn wrong(place: &str, message: &str) -> KeyringError {
    KeyringError::Content {
        place: place.to_owned(),
        message: message.to_owned(),
    }
}

fn text<'d>(node: NodeRef<'d>, key: &str) -> Option<&'d str> {
    node.get_str(key)?.as_str()
}

fn from_root(
    name: &str,
    root: NodeRef<'_>,
    files: &mut Vec<CredentialFile>,
) -> Result<(), KeyringError> {
    match text(root, "kind") {
        Some("Secret") => from_secret(name, root, files),
        Some(_) => {
            let items = root.get_str("items").into_iter().flat_map(NodeRef::items);
            for item in items {
                from_root(name, item, files)?;
            }
            Ok(())
        }
        None if root.kind() == Kind::Mapping => {
            let is_old = |entry: EntryRef<'_>| text(entry.value, "auth").is_some();
            if root.entries().any(is_old) {
                // The file from before there was a `config.json`.
                let mut file = CredentialFile::named(name);
                file.logins = logins(name, root)?;
                files.push(file);
            } else {
                files.push(from_config(name, root)?);
            }
            Ok(())
        }
        None => Ok(()),
    }
}

impl CredentialFile {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

/// A Secret is read as what it holds.
fn from_secret(
    name: &str,
    secret: NodeRef<'_>,
    files: &mut Vec<CredentialFile>,
) -> Result<(), KeyringError> {
    let own = secret
        .get_str("metadata")
        .and_then(|node| text(node, "name"));
    let name = format!("{name} (Secret {})", own.unwrap_or_default());
    for key in [".dockerconfigjson", ".dockercfg"] {
        let data = secret.get_str("data").and_then(|data| text(data, key));
        let content = match data {
            Some(data) => decode(data)
                .ok_or_else(|| wrong(&name, &format!("`{key}` is no text in base64")))?,
            None => match secret
                .get_str("stringData")
                .and_then(|data| text(data, key))
            {
                Some(content) => content.to_owned(),
                None => continue,
            },
        };
        // What is in it has a place of its own, inside of a text that nobody wrote.
        files.append(&mut read(&format!("{name} {key}"), &content)?);
    }
    Ok(())
}

fn decode(text: &str) -> Option<String> {
    let text: String = text.split_ascii_whitespace().collect();
    String::from_utf8(BASE64.decode(text).ok()?).ok()
}

fn from_config(name: &str, root: NodeRef<'_>) -> Result<CredentialFile, KeyringError> {
    let mut file = CredentialFile::named(name);
    if let Some(auths) = root.get_str("auths") {
        file.logins = logins(name, auths)?;
    }
    let helpers = root
        .get_str("credHelpers")
        .into_iter()
        .flat_map(NodeRef::entries);
    file.helpers = helpers
        .filter_map(|entry| Some((Key::parse(entry.name()), entry.value.as_str()?.to_owned())))
        .collect();
    let store = text(root, "credsStore").filter(|store| !store.is_empty());
    file.store = store.map(str::to_owned);
    Ok(file)
}

fn logins(name: &str, auths: NodeRef<'_>) -> Result<Vec<(Key, Login)>, KeyringError> {
    let mut logins = Vec::new();
    for entry in auths.entries() {
        if let Some(login) = login(name, entry.name(), entry.value)? {
            logins.push((Key::parse(entry.name()), login));
        }
    }
    Ok(logins)
}

/// None for what docker leaves where a helper has the login.
fn login(name: &str, registry: &str, entry: NodeRef<'_>) -> Result<Option<Login>, KeyringError> {
    let filled = |key| text(entry, key).filter(|value| !value.is_empty());
    if let Some(token) = filled("identitytoken") {
        return Ok(Some(Login::Identity(token.to_owned())));
    }
    if let Some(token) = filled("registrytoken") {
        return Ok(Some(Login::Bearer(token.to_owned())));
    }
    if let Some(auth) = filled("auth") {
        let message = || {
            wrong(
                name,
                &format!("`auth` of {registry} is no USER:PASSWORD in base64"),
            )
        };
        let pair = decode(auth).ok_or_else(message)?;
        let (user, password) = pair.split_once(':').ok_or_else(message)?;
        return Ok(Some(Login::Password {
            user: user.to_owned(),
            password: password.trim_end_matches('\0').to_owned(),
        }));
    }
    Ok(filled("username")
        .zip(filled("password"))
        .map(|(user, password)| Login::Password {
            user: user.to_owned(),
            password: password.to_owned(),
        }))
}
