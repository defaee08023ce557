//! Images and folders in, packages and problems out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use model::{ExposedSecret, Problem, ProblemKind, ProblemLevel};
use packages::{OsRelease, Package, Reader};

use crate::cache::Cache;
use crate::credentials;
use crate::join::{Joined, join};
use crate::layer::{Contents, LayerError, Limits, Work};
use crate::manifest::{Config, base_layers};
use crate::merge::Tree;
use crate::platform::Platform;
use crate::source::{self, Blob, Choice, ImageError, Opened, Source};
use crate::tree;

/// How to look.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Who reads files.
    pub readers: &'a [Reader],
    /// Where what layers said is kept.
    pub cache: Option<&'a Path>,
    /// How much is read.
    pub limits: Limits,
    /// Layers, or files of a folder, that are read at a time.
    pub threads: usize,
}

/// A layer of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerInfo {
    /// The digest by which packages name it: of the unpacked layer (`diff_id`), where the image has one.
    pub digest: String,
    /// The step of the build that made it.
    pub created_by: String,
    /// It comes from the image that this one was built on, as far as the history tells.
    pub is_base: bool,
}

/// An image, or a folder.
#[derive(Debug)]
pub struct Scan {
    /// Its operating system.
    pub release: Option<OsRelease>,
    /// Its packages, file by file.
    pub packages: Vec<Package>,
    /// Credentials in its files, if a reader looked for them, also in files that a later layer deletes or replaces.
    pub secrets: Vec<ExposedSecret>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What is known of it as an image.
    pub image: Option<ImageInfo>,
}

/// What an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    /// The digest of its manifest; of its configuration where it has none.
    pub digest: String,
    /// Its names, as far as they are known.
    pub names: Vec<String>,
    /// What it is built for.
    pub platform: Platform,
    /// Its layers, from the lowest.
    pub layers: Vec<LayerInfo>,
    /// What its configuration says.
    pub configuration: Configuration,
}

/// What the configuration of an image says of how it was built and how it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Configuration {
    /// Who runs in it; empty where nothing is said.
    pub user: String,
    /// `NAME=value`
    pub variables: Vec<String>,
    /// `80/tcp`
    pub ports: Vec<String>,
    /// It says how to tell whether the program works.
    pub has_healthcheck: bool,
    /// When it was made, as RFC 3339 writes it; empty where nothing is said.
    pub created: String,
    /// The steps of its build: what made each, and the number of the layer that it made.
    pub steps: Vec<(String, Option<usize>)>,
}

/// Looks at an image.
pub fn scan_image(
    source: Source<'_>,
    choice: &Choice,
    options: &Options<'_>,
) -> Result<Scan, ImageError> {
    let work = Work::new(options.readers, options.limits);
    let opened = source::open(source, choice, &work)?;
    if opened.layers.len() > options.limits.layers {
        let message = format!("it has more than {} layers", options.limits.layers);
        return Err(ImageError::Archive(message));
    }
    let info = info(&opened);
    let (mut problems, mut exposed) = (Vec::new(), Vec::new());
    let mut tree = Tree::default();
    for (number, contents) in Layers::new(&opened, options, &work).read() {
        let blob = &opened.layers[number];
        match contents {
            Ok(contents) => {
                file_problems(&contents, Some(&info.layers[number].digest), &mut problems);
                credentials::of_layer(number, &contents, &mut exposed);
                tree.apply(number, contents);
            }
            Err(error) if opened.is_lost_by(&error) => {
                return Err(ImageError::Layer {
                    number: number + 1,
                    name: name(blob),
                    source: error.into(),
                });
            }
            Err(error) => problems.push(layer_problem(number, blob, &error)),
        }
    }
    let names: Vec<String> = info
        .layers
        .iter()
        .map(|layer| layer.digest.clone())
        .collect();
    let joined = join(tree, &names);
    let secrets = credentials::findings(exposed, &joined.visible, &names);
    Ok(scan(joined, secrets, problems, Some(info)))
}

/// Looks at a folder: the root of a system, or a project.
pub fn scan_folder(path: &Path, options: &Options<'_>) -> io::Result<Scan> {
    let work = Work::new(options.readers, options.limits);
    let walked = tree::read(path, &work, options.threads)?;
    let mut problems = Vec::new();
    file_problems(&walked.contents, None, &mut problems);
    let joined = join(walked.tree, &[]);
    let secrets = credentials::findings(walked.exposed, &joined.visible, &[]);
    Ok(scan(joined, secrets, problems, None))
}

fn scan(
    joined: Joined,
    secrets: Vec<ExposedSecret>,
    problems: Vec<Problem>,
    image: Option<ImageInfo>,
) -> Scan {
    Scan {
        release: joined.release,
        packages: joined.packages,
        secrets,
        problems,
        image,
    }
}

fn info(opened: &Opened<'_>) -> ImageInfo {
    let history = opened.config.history.as_deref().unwrap_or_default();
    let base = base_layers(history);
    let mut steps = history.iter().filter(|step| !step.empty_layer);
    let layer = |(number, blob): (usize, &Blob)| LayerInfo {
        digest: name(blob),
        created_by: steps
            .next()
            .map(|step| step.created_by.clone())
            .unwrap_or_default(),
        is_base: number < base,
    };
    ImageInfo {
        digest: opened.digest.to_string(),
        names: opened.names.clone(),
        platform: opened.config.platform(),
        layers: opened.layers.iter().enumerate().map(layer).collect(),
        configuration: configuration(&opened.config),
    }
}

fn configuration(config: &Config) -> Configuration {
    let history = config.history.as_deref().unwrap_or_default();
    let mut layers = 0..;
    let steps = history.iter().map(|step| {
        let layer = if step.empty_layer {
            None
        } else {
            layers.next()
        };
        (step.created_by.clone(), layer)
    });
    let steps = steps.collect();
    let Some(runtime) = &config.runtime else {
        return Configuration {
            created: config.created.clone().unwrap_or_default(),
            steps,
            ..Configuration::default()
        };
    };
    Configuration {
        user: runtime.user.clone().unwrap_or_default(),
        variables: runtime.env.clone().unwrap_or_default(),
        ports: runtime
            .exposed_ports
            .iter()
            .flat_map(|ports| ports.keys().cloned())
            .collect(),
        has_healthcheck: runtime.healthcheck.as_ref().is_some_and(|check| {
            let first = check.test.iter().flatten().next();
            first.is_some_and(|word| word != "NONE")
        }),
        created: config.created.clone().unwrap_or_default(),
        steps,
    }
}

fn name(blob: &Blob) -> String {
    let digest = blob
        .digests
        .unpacked
        .as_ref()
        .or(blob.digests.packed.as_ref());
    digest.map_or_else(|| blob.path.clone(), ToString::to_string)
}

fn layer_problem(number: usize, blob: &Blob, error: &LayerError) -> Problem {
    Problem {
        level: ProblemLevel::Error,
        kind: ProblemKind::Layer,
        file: String::new(),
        location: None,
        message: format!(
            "layer {} ({}) was not read: {error}",
            number + 1,
            name(blob)
        ),
        hint: Some("what it holds, and what it hides of the layers below, is not known".to_owned()),
    }
}

fn file_problems(contents: &Contents, layer: Option<&str>, problems: &mut Vec<Problem>) {
    let inside = layer.map_or(String::new(), |layer| format!(" (in layer {layer})"));
    let problem = |file: &str, message: String| Problem {
        level: ProblemLevel::Error,
        kind: ProblemKind::PackageFile,
        file: file.to_owned(),
        location: None,
        message,
        hint: None,
    };
    for trouble in &contents.troubles {
        let at = trouble.at.map_or(String::new(), |(line, column)| {
            format!("line {line}, column {column}: ")
        });
        problems.push(problem(
            &trouble.path,
            format!("{at}{}{inside}", trouble.message),
        ));
    }
    if contents.more_troubles > 0 {
        let message = format!(
            "{} more files could not be read{inside}",
            contents.more_troubles
        );
        problems.push(problem("", message));
    }
}

/// The layers of an image, which are read in parallel.
struct Layers<'a> {
    opened: &'a Opened<'a>,
    work: &'a Work<'a>,
    cache: Option<Cache>,
    threads: usize,
}

type Read = Result<Contents, LayerError>;

impl<'a> Layers<'a> {
    fn new(opened: &'a Opened<'a>, options: &Options<'_>, work: &'a Work<'a>) -> Self {
        let cache = options
            .cache
            .map(|folder| Cache::new(folder, options.readers, &options.limits));
        Self {
            opened,
            work,
            cache,
            threads: options.threads,
        }
    }

    /// What each says, in their order; not all of them where one is lost, and the image with it.
    fn read(&self) -> Vec<(usize, Read)> {
        let layers = &self.opened.layers;
        let next = AtomicUsize::new(0);
        let read = Mutex::new(Vec::with_capacity(layers.len()));
        std::thread::scope(|scope| {
            for _ in 0..self.threads.clamp(1, layers.len().max(1)) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(blob) = layers.get(number) else {
                            break;
                        };
                        let contents = self.layer(blob);
                        if contents
                            .as_ref()
                            .is_err_and(|error| self.opened.is_lost_by(error))
                        {
                            next.store(layers.len(), Ordering::Relaxed);
                        }
                        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                        read.push((number, contents));
                    }
                });
            }
        });
        let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
        read.sort_by_key(|(number, _)| *number);
        read
    }

    fn layer(&self, blob: &Blob) -> Read {
        let key = blob
            .digests
            .packed
            .as_ref()
            .or(blob.digests.unpacked.as_ref());
        let cache = self.cache.as_ref().zip(key);
        if let Some(contents) = cache.and_then(|(cache, key)| cache.get(key)) {
            return Ok(contents);
        }
        let contents = self.opened.store.layer(blob, self.work)?;
        if let Some((cache, key)) = cache {
            // A cache that cannot be written makes nothing wrong, only slower.
            let _ = cache.put(key, &contents);
        }
        Ok(contents)
    }
}

/// The folder where what layers said is kept, in a user's folder of caches.
pub fn cache_folder(caches: &Path) -> PathBuf {
    caches.join("seawall/layers")
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod remote_tests;
#[cfg(test)]
mod tests;
