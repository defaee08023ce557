//! `seawall image`: the packages of an image that published vulnerabilities affect, and credentials in its files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use images::{Choice, cache_folder, path_and_name, scan_image};

use crate::args::ImageArgs;
use crate::errors::Hinted;
use crate::software::{self, Software};

pub(crate) fn run(args: &ImageArgs) -> anyhow::Result<ExitCode> {
    software::run(&args.packages, || read(args))
}

fn read(args: &ImageArgs) -> anyhow::Result<Software> {
    let (path, name) = path_and_name(&args.image).ok_or_else(|| {
        let message = format!("there is no file or folder {}", args.image);
        Hinted::new(
            message,
            "`docker save`, `podman save` and `skopeo copy` write images to archives",
        )
    })?;
    let choice = Choice {
        name,
        platform: args.platform.clone(),
    };
    let cache = if args.no_cache { None } else { caches() };
    let scan = scan_image(
        &path,
        &choice,
        &software::options(cache.as_deref(), !args.no_secrets),
    )
    .with_context(|| format!("reading the image {}", args.image))?;
    Ok(Software::of_scan("image", args.image.clone(), scan))
}

/// Where layers' results are kept; nowhere if there is no folder of caches.
fn caches() -> Option<PathBuf> {
    let caches = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let caches = caches.filter(|path| path.is_absolute());
    let caches = caches.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    caches.map(|caches| cache_folder(&caches))
}
