//! The one image that is meant, of the manifests of an index and the indexes in it.

use super::{Choice, Found, ImageError, Store, content};
use crate::digest::Digest;
use crate::layer::Limits;
use crate::manifest::{self, Config, Descriptor, Manifest};
use crate::platform::Platform;

/// Indexes inside each other.
pub(super) const MAX_DEPTH: usize = 8;

/// Manifests that are looked at.
const MAX_MANIFESTS: usize = 1024;

/// Whether an image with a name is meant by a shorter one: `3.20`, `alpine:3.20`.
pub(super) fn is_name(name: &str, wanted: &str) -> bool {
    name.strip_suffix(wanted)
        .is_some_and(|before| before.is_empty() || before.ends_with(['/', ':']))
}

/// Finds the image in `index.json`.
pub(super) fn find(
    store: &Store<'_>,
    choice: &Choice,
    limits: &Limits,
) -> Result<Found, ImageError> {
    let path = "index.json";
    let bytes = store.small(path, limits)?;
    let index: Manifest = manifest::parse(&bytes).map_err(|message| content(&path, message))?;
    let listed = index.manifests.unwrap_or_default();
    let listed = named(listed, choice)?;
    let mut found = Vec::new();
    for descriptor in &listed {
        collect(store, descriptor, descriptor.name(), limits, 0, &mut found)?;
    }
    chosen(found, choice)
}

/// The manifests that have the name that is asked for.
fn named(listed: Vec<Descriptor>, choice: &Choice) -> Result<Vec<Descriptor>, ImageError> {
    let Some(wanted) = &choice.name else {
        return Ok(listed);
    };
    let has_name = |descriptor: &&Descriptor| {
        descriptor.digest == *wanted || descriptor.name().is_some_and(|name| is_name(name, wanted))
    };
    let named: Vec<Descriptor> = listed.iter().filter(has_name).cloned().collect();
    if named.is_empty() {
        let known: Vec<&str> = listed
            .iter()
            .map(|one| one.name().unwrap_or(&one.digest))
            .collect();
        return Err(ImageError::NoName {
            wanted: wanted.clone(),
            known: known.join(", "),
        });
    }
    Ok(named)
}

/// The manifests of images behind a descriptor. What the layout does not hold is left out, unless nothing else is there:
/// who saves one platform of several keeps the whole index.
fn collect(
    store: &Store<'_>,
    descriptor: &Descriptor,
    name: Option<&str>,
    limits: &Limits,
    depth: usize,
    found: &mut Vec<Found>,
) -> Result<(), ImageError> {
    if descriptor.is_attestation() || depth > MAX_DEPTH || found.len() >= MAX_MANIFESTS {
        return Ok(());
    }
    let digest = descriptor
        .digest()
        .map_err(|message| content(&"index.json", message))?;
    if depth > 0 && !store.has(&digest.blob()) {
        return Ok(());
    }
    let manifest: Manifest = read(store, &digest, limits)?;
    if let Some(manifests) = &manifest.manifests {
        for inner in manifests {
            collect(
                store,
                inner,
                inner.name().or(name),
                limits,
                depth + 1,
                found,
            )?;
        }
        return Ok(());
    }
    let config = manifest
        .image_config()
        .map_err(|message| content(&digest, message.to_owned()))?;
    let Some(config) = config else {
        return Ok(());
    };
    let config_digest = config
        .digest()
        .map_err(|message| content(&digest, message))?;
    let mut config: Config = read(store, &config_digest, limits)?;
    config.set_platform(descriptor.platform.as_ref());
    found.push(Found {
        digest,
        name: name.map(str::to_owned),
        manifest,
        config,
    });
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(
    store: &Store<'_>,
    digest: &Digest,
    limits: &Limits,
) -> Result<T, ImageError> {
    let bytes = store.small(&digest.blob(), limits)?;
    if !digest.is_of(&bytes) {
        return Err(content(digest, "its content has another digest".to_owned()));
    }
    manifest::parse(&bytes).map_err(|message| content(digest, message))
}

/// One of several: of the platform that is asked for, else of the own, if that leaves one.
fn chosen(mut found: Vec<Found>, choice: &Choice) -> Result<Found, ImageError> {
    if let ([one], None) = (found.as_slice(), &choice.platform) {
        let _ = one;
        return found.pop().ok_or(ImageError::NoManifest);
    }
    let wanted = choice.platform.clone().unwrap_or_else(Platform::own);
    let known: Vec<String> = found
        .iter()
        .map(|one| one.config.platform().to_string())
        .collect();
    let names: Vec<String> = found
        .iter()
        .map(|one| one.name.clone().unwrap_or_else(|| one.digest.to_string()))
        .collect();
    if found.is_empty() {
        return Err(ImageError::NoManifest);
    }
    found.retain(|one| one.config.platform().is_wanted(&wanted));
    // One image under several names is one image.
    found.dedup_by(|one, other| one.digest == other.digest);
    match found.len() {
        0 => Err(ImageError::NoPlatform {
            wanted,
            known: known.join(", "),
        }),
        1 => found.pop().ok_or(ImageError::NoManifest),
        _ => Err(ImageError::Several(names.join(", "))),
    }
}

/// Whether the only image there is may be taken.
pub(super) fn check_platform(platform: &Platform, choice: &Choice) -> Result<(), ImageError> {
    match &choice.platform {
        Some(wanted) if !platform.is_wanted(wanted) => Err(ImageError::NoPlatform {
            wanted: wanted.clone(),
            known: platform.to_string(),
        }),
        _ => Ok(()),
    }
}
