//! Image references, read exactly as container runtimes read them (the `distribution/reference` grammar).

use std::borrow::Cow;
use std::fmt;

/// An image reference taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImageRef<'a> {
    /// As written.
    pub reference: &'a str,
    /// Host, with port if it has one; `docker.io` when the reference names none.
    pub registry: &'a str,
    path: &'a str,
    /// Empty when there is none.
    pub tag: &'a str,
    /// `algorithm:hex`; empty when there is none.
    pub digest: &'a str,
}

/// Why a text is no image reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidImage {
    /// There is nothing before the tag or digest.
    Empty,
    /// The registry is no host name with an optional port.
    Registry,
    /// The repository has characters or separators that it may not have.
    Repository,
    /// The repository has upper-case letters.
    Uppercase,
    /// The name is longer than 255 characters.
    TooLong,
    /// The tag is empty, too long or has other characters.
    Tag,
    /// The digest is none that runtimes support.
    Digest,
}

impl fmt::Display for InvalidImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidImage::Empty => "the name is empty",
            InvalidImage::Registry => "the registry is no host name",
            InvalidImage::Repository => "the repository is malformed",
            InvalidImage::Uppercase => "the repository has upper-case letters",
            InvalidImage::TooLong => "the name has more than 255 characters",
            InvalidImage::Tag => "the tag is malformed",
            InvalidImage::Digest => "the digest is malformed",
        })
    }
}

impl std::error::Error for InvalidImage {}

const DEFAULT_REGISTRY: &str = "docker.io";

impl<'a> ImageRef<'a> {
    /// Reads a reference; an error where a container runtime would refuse it.
    pub fn parse(reference: &'a str) -> Result<Self, InvalidImage> {
        let image = ImageRef::split(reference);
        image.validate()?;
        Ok(image)
    }

    /// Takes any text apart as well as it goes: for references that [`ImageRef::parse`] refuses, such as
    /// templates that nobody has filled in.
    pub fn split(reference: &'a str) -> Self {
        let (rest, digest) = reference.split_once('@').unwrap_or((reference, ""));
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[last..].find(':') {
            Some(colon) => (&rest[..last + colon], &rest[last + colon + 1..]),
            None => (rest, ""),
        };
        let (registry, path) = split_registry(name);
        ImageRef {
            reference,
            registry,
            path,
            tag,
            digest,
        }
    }

    /// The repository inside the registry, such as `library/nginx`.
    pub fn repository(&self) -> Cow<'a, str> {
        if self.is_official() {
            Cow::Owned(format!("library/{}", self.path))
        } else {
            Cow::Borrowed(self.path)
        }
    }

    /// Registry and repository: the whole name without tag and digest.
    pub fn name(&self) -> String {
        let library = if self.is_official() { "library/" } else { "" };
        format!("{}/{library}{}", self.registry, self.path)
    }

    /// Whether the repository is one of Docker's own, which are written without a path.
    fn is_official(&self) -> bool {
        self.registry == DEFAULT_REGISTRY && !self.path.contains('/')
    }

    /// The pull policy that the API server sets when a container names none.
    pub fn default_pull_policy(reference: &str) -> &'static str {
        match ImageRef::parse(reference) {
            Ok(image) if image.tag == "latest" => "Always",
            Ok(image) if image.tag.is_empty() && image.digest.is_empty() => "Always",
            _ => "IfNotPresent",
        }
    }

    fn validate(&self) -> Result<(), InvalidImage> {
        let written = self.reference;
        let before_digest = written.split('@').next().unwrap_or_default();
        if self.path.is_empty() {
            return Err(InvalidImage::Empty);
        }
        if self.path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(InvalidImage::Uppercase);
        }
        if !self.path.split('/').all(is_path_component) || is_identifier(written) {
            return Err(InvalidImage::Repository);
        }
        if !is_registry(self.registry) {
            return Err(InvalidImage::Registry);
        }
        if before_digest.ends_with(':') || !(self.tag.is_empty() || is_tag(self.tag)) {
            return Err(InvalidImage::Tag);
        }
        if written.contains('@') && !is_digest(self.digest) {
            return Err(InvalidImage::Digest);
        }
        let library = if self.is_official() {
            "library/".len()
        } else {
            0
        };
        if self.registry.len() + 1 + library + self.path.len() > 255 {
            return Err(InvalidImage::TooLong);
        }
        Ok(())
    }
}

/// The part before the first slash is a registry when it cannot be a path: it has a dot, a colon or an
/// upper-case letter, or is `localhost`.
fn split_registry(name: &str) -> (&str, &str) {
    let Some((first, rest)) = name.split_once('/') else {
        return (DEFAULT_REGISTRY, name);
    };
    let is_host = first.contains(['.', ':'])
        || first == "localhost"
        || first.bytes().any(|byte| byte.is_ascii_uppercase());
    match first {
        "index.docker.io" => (DEFAULT_REGISTRY, rest),
        _ if is_host => (first, rest),
        _ => (DEFAULT_REGISTRY, name),
    }
}

/// `[a-z0-9]+` parts joined by one `.`, one or two `_`, or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_well = |byte: Option<&u8>| byte.is_some_and(|&byte| is_word(byte));
    ends_well(bytes.first())
        && ends_well(bytes.last())
        && bytes.split(|&byte| is_word(byte)).all(|run| {
            matches!(run, [] | b"." | b"_" | b"__") || run.iter().all(|&byte| byte == b'-')
        })
}

/// A host name or a bracketed IPv6 address, with an optional port.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rfind(':') {
        Some(colon) if !text.ends_with(']') => (&text[..colon], Some(&text[colon + 1..])),
        _ => (text, None),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if !port.is_none_or(is_port) {
        return false;
    }
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => {
            !address.is_empty()
                && address
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        }
        None => host.split('.').all(is_host_component),
    }
}

fn is_host_component(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// A digest of an algorithm that runtimes know, with the right number of lower-case digits.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(is_lower_hex)
}

/// 64 hexadecimal digits name an image by its id, not by a repository.
fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(is_lower_hex)
}

fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

#[cfg(test)]
mod tests;
