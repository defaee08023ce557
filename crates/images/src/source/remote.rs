//! Images that come part by part, each held against its digest and size. Of an index only what is meant is asked for.

use std::io::{self, Read as _};

use serde::de::DeserializeOwned;

use super::choice::{MAX_DEPTH, check_platform};
use super::{Choice, Found, ImageError, Opened, Remote, Store, content, layers};
use crate::digest::{Digest, Hasher};
use crate::layer::Limits;
use crate::manifest::{self, Config, Descriptor, Manifest};
use crate::platform::Platform;

/// What the configuration of an image is called.
const CONFIGS: &[&str] = &[
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.oci.image.config.v1+json",
];

/// Finds the image.
pub(super) fn open<'a>(
    remote: &'a dyn Remote,
    choice: &Choice,
    limits: &Limits,
) -> Result<Opened<'a>, ImageError> {
    let found = find(remote, choice, limits)?;
    check_platform(&found.config.platform(), choice)?;
    Ok(Opened {
        layers: layers(&found)?,
        digest: found.digest,
        names: vec![remote.name()],
        config: found.config,
        store: Store::Remote(remote),
    })
}

fn find(remote: &dyn Remote, choice: &Choice, limits: &Limits) -> Result<Found, ImageError> {
    let bytes = remote.manifest(None, limits.manifest_bytes)?;
    let mut digest = named_digest(remote, &bytes)?;
    let mut manifest: Manifest = parse(&digest, &bytes)?;
    let mut platform = None;
    let mut depth = 0;
    while let Some(listed) = manifest.manifests.take() {
        depth += 1;
        if depth > MAX_DEPTH {
            let message = format!("indexes are nested deeper than {MAX_DEPTH}");
            return Err(content(&digest, message));
        }
        let chosen = choose(listed, choice)?;
        let inner = chosen
            .digest()
            .map_err(|message| content(&digest, message))?;
        let bytes = remote.manifest(Some(inner.as_str()), limits.manifest_bytes)?;
        check(&inner, chosen.size, &bytes)?;
        manifest = parse(&inner, &bytes)?;
        platform = chosen.platform.or(platform);
        digest = inner;
    }
    let config = config(remote, &digest, &manifest, limits)?;
    let mut found = Found {
        digest,
        name: None,
        manifest,
        config,
    };
    found.config.set_platform(platform.as_ref());
    Ok(found)
}

/// The digest of what the name stands for, which is the one that is asked for, if there is one.
fn named_digest(remote: &dyn Remote, bytes: &[u8]) -> Result<Digest, ImageError> {
    let Some(pinned) = remote.digest() else {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        return Ok(hasher.finish());
    };
    let digest = Digest::parse(&pinned).ok_or_else(|| {
        content(
            &remote.name(),
            format!("'{pinned}' is no digest that is known"),
        )
    })?;
    check(&digest, None, bytes)?;
    Ok(digest)
}

fn check(digest: &Digest, size: Option<u64>, bytes: &[u8]) -> Result<(), ImageError> {
    let length = bytes.len() as u64;
    if let Some(size) = size.filter(|size| *size != length) {
        return Err(content(
            digest,
            format!("it has {length} bytes, not {size}"),
        ));
    }
    if !digest.is_of(bytes) {
        return Err(content(digest, "its content has another digest".to_owned()));
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(digest: &Digest, bytes: &[u8]) -> Result<T, ImageError> {
    manifest::parse(bytes).map_err(|message| content(digest, message))
}

/// The manifest for the platform that is asked for, else for the own; the only one, whatever it is for, if none is asked for.
fn choose(mut listed: Vec<Descriptor>, choice: &Choice) -> Result<Descriptor, ImageError> {
    listed.retain(|descriptor| {
        let platform = descriptor.platform.as_ref();
        !descriptor.is_attestation() && platform.is_none_or(Platform::is_known)
    });
    if listed.len() == 1 && choice.platform.is_none() {
        return listed.pop().ok_or(ImageError::NoManifest);
    }
    let wanted = choice.platform.clone().unwrap_or_else(Platform::own);
    let known = || {
        let known = listed.iter().map(|descriptor| match &descriptor.platform {
            Some(platform) => platform.to_string(),
            None => descriptor.digest.clone(),
        });
        known.collect::<Vec<_>>().join(", ")
    };
    if listed.is_empty() {
        return Err(ImageError::NoManifest);
    }
    let is_wanted = |descriptor: &&Descriptor| {
        let platform = descriptor.platform.as_ref();
        platform.is_some_and(|platform| platform.is_wanted(&wanted))
    };
    // An index without platforms says nothing: what is in it says it.
    let nameless = |descriptor: &&Descriptor| descriptor.platform.is_none();
    let chosen = listed
        .iter()
        .find(is_wanted)
        .or_else(|| listed.iter().find(nameless));
    chosen.cloned().ok_or_else(|| ImageError::NoPlatform {
        wanted: wanted.clone(),
        known: known(),
    })
}

fn config(
    remote: &dyn Remote,
    digest: &Digest,
    manifest: &Manifest,
    limits: &Limits,
) -> Result<Config, ImageError> {
    let descriptor = manifest
        .image_config()
        .map_err(|message| content(digest, message.to_owned()))?;
    let kind = manifest.artifact_type.clone().unwrap_or_default();
    let descriptor = descriptor.ok_or(ImageError::Artifact(kind))?;
    let kind = descriptor.media_type.as_str();
    if !kind.is_empty() && !CONFIGS.contains(&kind) {
        return Err(ImageError::Artifact(kind.to_owned()));
    }
    let own = descriptor
        .digest()
        .map_err(|message| content(digest, message))?;
    let size = descriptor.size.ok_or_else(|| {
        content(
            digest,
            "it does not say how long the configuration is".to_owned(),
        )
    })?;
    if size > limits.manifest_bytes {
        let message = format!("it has more than {} bytes", limits.manifest_bytes);
        return Err(content(&own, message));
    }
    let mut bytes = Vec::new();
    let stream: io::Result<_> = remote.blob(own.as_str(), size);
    stream?.take(size + 1).read_to_end(&mut bytes)?;
    check(&own, Some(size), &bytes)?;
    parse(&own, &bytes)
}
