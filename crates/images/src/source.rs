//! Where an image comes from, and which of several it is.

mod archive;
mod choice;
mod remote;
mod store;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::digest::{Digest, Hasher};
use crate::layer::{Digests, LayerError, Limits, Work};
use crate::manifest::{self, Config, Manifest, Saved};
use crate::platform::Platform;

pub(crate) use store::Store;

/// Why there is no image to look at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// A file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
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
    /// It is something else that registries keep.
    #[error("this is an artifact of the kind {0}, and no image")]
    Artifact(String),
    /// A layer of an image that is somewhere else. Nothing is told of an image that did not come as a whole.
    #[error("layer {number} ({name}) was not read")]
    Layer {
        /// Which, counted from 1.
        number: usize,
        /// Its digest.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// No image with this name.
    #[error("there is no image '{wanted}'; there are {known}")]
    NoName {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
}

impl ImageError {
    /// What the reader of an image that is somewhere else said.
    pub fn of_remote(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match self {
            ImageError::Io(error) | ImageError::Layer { source: error, .. } => error.get_ref(),
            _ => None,
        }
    }
}

/// Where an image is.
pub enum Source<'a> {
    /// A file or folder; `-` is standard input.
    Path(&'a Path),
    /// An archive that comes as a stream.
    Stream(Box<dyn Read + 'a>),
    /// Somewhere else, in parts.
    Remote(&'a dyn Remote),
}

/// An image that is somewhere else, such as in a registry: its parts come when they are asked for. Whether they are what
/// their digests say is looked at here.
pub trait Remote: Sync {
    /// Its name.
    fn name(&self) -> String;

    /// The digest that it must have, if it is known.
    fn digest(&self) -> Option<String>;

    /// The manifest or index with a digest, or the one that the name stands for; an error if it has more bytes.
    fn manifest(&self, digest: Option<&str>, most: u64) -> io::Result<Vec<u8>>;

    /// A stream of as many bytes.
    fn blob(&self, digest: &str, size: u64) -> io::Result<Box<dyn Read + '_>>;
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
pub(crate) struct Opened<'a> {
    pub(crate) store: Store<'a>,
    pub(crate) config: Config,
    /// The digest of its manifest, or of its configuration where there is no manifest.
    pub(crate) digest: Digest,
    pub(crate) names: Vec<String>,
    pub(crate) layers: Vec<Blob>,
}

impl Opened<'_> {
    /// Whether nothing is told of the image when a layer has this error: what did not come may come the next time.
    pub(crate) fn is_lost_by(&self, error: &LayerError) -> bool {
        matches!(self.store, Store::Remote(_)) && !matches!(error, LayerError::OutOfReach(_))
    }
}

/// A layer that was not read yet.
pub(crate) struct Blob {
    /// Its path in the store.
    pub(crate) path: String,
    pub(crate) digests: Digests,
    /// Bytes as it is stored, where that is known.
    pub(crate) size: Option<u64>,
    /// Why it may not be there.
    pub(crate) out_of_reach: Option<&'static str>,
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
pub(crate) fn open<'a>(
    source: Source<'a>,
    choice: &Choice,
    work: &Work<'_>,
) -> Result<Opened<'a>, ImageError> {
    let store = match source {
        Source::Path(path) => Store::open(path, work)?,
        Source::Stream(stream) => Store::Stream(archive::read_stream(stream, work)?),
        Source::Remote(remote) => return remote::open(remote, choice, &work.limits),
    };
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
fn layout<'a>(
    store: Store<'a>,
    choice: &Choice,
    limits: &Limits,
) -> Result<Opened<'a>, ImageError> {
    let found = choice::find(&store, choice, limits)?;
    Ok(Opened {
        layers: layers(&found)?,
        digest: found.digest,
        names: found.name.into_iter().collect(),
        config: found.config,
        store,
    })
}

/// The layers that a manifest lists.
fn layers(found: &Found) -> Result<Vec<Blob>, ImageError> {
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
            size: layer.size,
            out_of_reach: layer.is_out_of_reach(),
        })
    });
    blobs.collect()
}

fn content(path: &impl ToString, message: String) -> ImageError {
    ImageError::Content {
        path: path.to_string(),
        message,
    }
}

/// A `docker save` archive from before these were layouts, too.
fn saved<'a>(store: Store<'a>, choice: &Choice, limits: &Limits) -> Result<Opened<'a>, ImageError> {
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
            size: None,
            out_of_reach: None,
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
