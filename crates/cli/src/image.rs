//! `seawall image`: the packages of an image that published vulnerabilities affect, and credentials in its files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use images::{Choice, Remote as _, Scan, Source, cache_folder, path_and_name, scan_image};
use model::ImageRef;

use crate::args::{ImageArgs, ImageFrom};
use crate::built::{self, Built};
use crate::errors::Hinted;
use crate::machine;
use crate::registries::{self, RegistryImage};
use crate::scan::{Prepared, Scene};
use crate::software::{self, Software};

pub(crate) fn run(args: &ImageArgs) -> anyhow::Result<ExitCode> {
    let files = Some(&args.files);
    let prepared = built::prepare(&Scene::here(), &args.image, &args.packages, files)?;
    software::run(&args.packages, &prepared, || read(args, &prepared))
}

fn read(args: &ImageArgs, prepared: &Prepared) -> anyhow::Result<Software> {
    let scan = match (args.from, path_and_name(&args.image)) {
        (None | Some(ImageFrom::File), Some((path, name))) => {
            scan(args, Source::Path(&path), name)?
        }
        (Some(ImageFrom::File), None) => return Err(no_file(&args.image)),
        (None, None) if is_like_a_path(&args.image) => return Err(no_file(&args.image)),
        (None | Some(ImageFrom::Registry), _) => from_registry(args)?,
        (Some(ImageFrom::Docker), _) => from_engine(args, &machine::docker())?,
        (Some(ImageFrom::Podman), _) => from_engine(args, &machine::podman())?,
        (Some(ImageFrom::Containerd), _) => {
            let kept = machine::Kept::new(&args.image)?;
            scan(args, Source::Remote(&kept), None)?
        }
    };
    let built = match &scan.image {
        Some(info) if !args.files.no_controls => built::of_image(&args.image, info, prepared)?,
        _ => Built::default(),
    };
    Ok(Software::of_scan("image", args.image.clone(), scan).with(built))
}

fn scan(args: &ImageArgs, source: Source<'_>, name: Option<String>) -> anyhow::Result<Scan> {
    let choice = Choice {
        name,
        platform: args.platform.clone(),
    };
    let cache = if args.no_cache { None } else { caches() };
    let options = software::options(cache.as_deref(), &args.files)?;
    scan_image(source, &choice, &options).map_err(|error| registries::explain(&args.image, error))
}

fn from_registry(args: &ImageArgs) -> anyhow::Result<Scan> {
    let reference = ImageRef::parse(&args.image).map_err(|error| {
        let message = format!(
            "there is no file {}, and no image has this name: {error}",
            args.image
        );
        Hinted::new(
            message,
            "an image is named REGISTRY/NAME:TAG or NAME@DIGEST",
        )
    })?;
    let client = registries::client(&args.registries)?;
    let image = RegistryImage::new(&client, &reference);
    software::note(format_args!(
        "asking {} for {}",
        reference.registry,
        image.name()
    ));
    scan(args, Source::Remote(&image), None)
}

#[cfg(unix)]
fn from_engine(args: &ImageArgs, sockets: &[PathBuf]) -> anyhow::Result<Scan> {
    let archive = registry::export(sockets, &args.image).map_err(machine::explain)?;
    scan(args, Source::Stream(Box::new(archive)), None)
}

#[cfg(not(unix))]
fn from_engine(_args: &ImageArgs, _sockets: &[PathBuf]) -> anyhow::Result<Scan> {
    anyhow::bail!("engines are asked on sockets, which are not known on this system")
}

fn no_file(image: &str) -> anyhow::Error {
    let message = format!("there is no file or folder {image}");
    let hint = "`docker save`, `podman save` and `skopeo copy` write images to archives; `--from registry` asks a registry";
    Hinted::new(message, hint).into()
}

/// Nobody is asked for what was meant to be a file.
fn is_like_a_path(text: &str) -> bool {
    let is_archive = ["tar", "tgz", "gz", "zst", "zip"];
    let extension = Path::new(text).extension();
    text.starts_with(['.', '/', '~'])
        || text.contains('\\')
        || extension.is_some_and(|extension| is_archive.iter().any(|known| extension == *known))
}

/// Where layers' results are kept; nowhere if there is no folder of caches.
fn caches() -> Option<PathBuf> {
    let caches = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let caches = caches.filter(|path| path.is_absolute());
    let caches = caches.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    caches.map(|caches| cache_folder(&caches))
}
