//! Where an image comes from, and which of several it is.

mod archive;
mod choice;
mod store;

use std::path::{Path, PathBuf};

use crate::digest::{Digest, Hasher};
use crate::layer::{Digests, Limits, Work};
use crate::manifest::{self, Config, Manifest, Saved};
use crate::platform::Platform;

pub(crate) use store::Store;

/// Why there is no image to look at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// A file cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The archive is damaged.
    #[error("the archive is damaged: {0}")]
    Archive(String),
    /// Neither a layout nor an archive of one.
    #[error("this is no image: it has neither `index.json` nor `manifest.json`")]
    NoImage,
    /// An index without a manifest.
    #[error("the index lists no manifest of an image")]
    NoManifest,
    /// A part of the image is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A part is not what it should be.
    #[error("{path}: {message}")]
    Content {
        /// Which part.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// Nothing for the platform.
    #[error("there is no image for {wanted}; there are {known}")]
    NoPlatform {
        /// What was asked for.
        wanted: Platform,
        /// What there is.
        known: String,
    },
    /// Several images, and no word which is meant.
    #[error("there are several images: {0}")]
    Several(String),
    /// No image with this name.
    #[error("there is no image '{wanted}'; there are {known}")]
    NoName {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
}

/// Which image of a source is meant.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Its name, where there are several.
    pub name: Option<String>,
    /// What it is built for; the own architecture where there are several.
    pub platform: Option<Platform>,
}

/// An image whose manifest and configuration were read.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) config: Config,
    /// The digest of its manifest, or of its configuration where there is no manifest.
    pub(crate) digest: Digest,
    pub(crate) names: Vec<String>,
    pub(crate) layers: Vec<Blob>,
}

/// A layer that was not read yet.
pub(crate) struct Blob {
    /// Its path in the store.
    pub(crate) path: String,
    pub(crate) digests: Digests,
}

/// A file or folder, and the name of an image in it: `image.tar`, or `image.tar:shop/web:1.2`.
pub fn path_and_name(reference: &str) -> Option<(PathBuf, Option<String>)> {
    if reference == "-" || Path::new(reference).exists() {
        return Some((PathBuf::from(reference), None));
    }
    reference.match_indices(':').find_map(|(at, _)| {
        let path = Path::new(&reference[..at]);
        let name = reference[at + 1..].to_owned();
        (at > 0 && path.exists()).then(|| (path.to_owned(), Some(name)))
    })
}

/// Finds the image.
pub(crate) fn open(path: &Path, choice: &Choice, work: &Work<'_>) -> Result<Opened, ImageError> {
    let store = Store::open(path, work)?;
    let limits = &work.limits;
    if store.has("index.json") {
        return layout(store, choice, limits);
    }
    if store.has("manifest.json") {
        return saved(store, choice, limits);
    }
    Err(ImageError::NoImage)
}

/// An OCI layout.
fn layout(store: Store, choice: &Choice, limits: &Limits) -> Result<Opened, ImageError> {
    let found = choice::find(&store, choice, limits)?;
    let layers = found.manifest.layers.as_deref().unwrap_or_default();
    let diff_ids = found.config.diff_ids();
    let blobs = layers.iter().enumerate().map(|(number, layer)| {
        let packed = layer
            .digest()
            .map_err(|message| content(&found.digest, message))?;
        Ok(Blob {
            path: packed.blob(),
            digests: Digests {
                packed: Some(packed),
                // The digest of what is stored is enough; the other names the layer.
                unpacked: diff_ids.get(number).and_then(|id| Digest::parse(id)),
            },
        })
    });
    let layers: Result<Vec<Blob>, ImageError> = blobs.collect();
    Ok(Opened {
        layers: layers?,
        digest: found.digest,
        names: found.name.into_iter().collect(),
        config: found.config,
        store,
    })
}

fn content(path: &impl ToString, message: String) -> ImageError {
    ImageError::Content {
        path: path.to_string(),
        message,
    }
}

/// A `docker save` archive from before these were layouts, too.
fn saved(store: Store, choice: &Choice, limits: &Limits) -> Result<Opened, ImageError> {
    let path = "manifest.json";
    let wrong = |message| content(&path, message);
    let images: Vec<Saved> = manifest::parse(&store.small(path, limits)?).map_err(wrong)?;
    let tags = |image: &Saved| image.repo_tags.clone().unwrap_or_default();
    let known = || {
        let names: Vec<String> = images.iter().flat_map(tags).collect();
        names.join(", ")
    };
    let image = match (&choice.name, images.as_slice()) {
        (_, []) => return Err(ImageError::NoManifest),
        (Some(name), images) => {
            let has_name =
                |image: &&Saved| tags(image).iter().any(|tag| choice::is_name(tag, name));
            images
                .iter()
                .find(has_name)
                .ok_or_else(|| ImageError::NoName {
                    wanted: name.clone(),
                    known: known(),
                })?
        }
        (None, [image]) => image,
        (None, _) => return Err(ImageError::Several(known())),
    };
    let bytes = store.small(&image.config, limits)?;
    let config: Config =
        manifest::parse(&bytes).map_err(|message| content(&image.config, message))?;
    choice::check_platform(&config.platform(), choice)?;
    let layers = image.layers.as_deref().unwrap_or_default();
    if config.diff_ids().len() != layers.len() {
        let message = format!(
            "it names {} layers, and the configuration {}",
            layers.len(),
            config.diff_ids().len()
        );
        return Err(wrong(message));
    }
    let blobs = layers.iter().zip(config.diff_ids()).map(|(path, diff_id)| {
        let no_digest = || content(&image.config, format!("'{diff_id}' is no digest"));
        Ok(Blob {
            path: path.clone(),
            digests: Digests {
                packed: None,
                unpacked: Some(Digest::parse(diff_id).ok_or_else(no_digest)?),
            },
        })
    });
    let layers: Result<Vec<Blob>, ImageError> = blobs.collect();
    let mut hasher = Hasher::default();
    hasher.update(&bytes);
    let digest = hasher.finish();
    // The file is named after its digest: `HEX.json`, or `blobs/sha256/HEX`.
    let name = image.config.rsplit('/').next().unwrap_or(&image.config);
    let name = name.strip_suffix(".json").unwrap_or(name);
    if name.len() == 64 && digest.as_str() != format!("sha256:{name}") {
        return Err(content(&image.config, format!("its digest is {digest}")));
    }
    Ok(Opened {
        layers: layers?,
        digest,
        names: tags(image),
        config,
        store,
    })
}

/// What was chosen from a layout.
pub(crate) struct Found {
    pub(crate) digest: Digest,
    pub(crate) name: Option<String>,
    pub(crate) manifest: Manifest,
    pub(crate) config: Config,
}
