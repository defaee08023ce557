//! Nix: the store's paths name what is installed; no file has to be read.

use super::package;
use crate::package::Package;

/// The outputs that a package may be parted into.
const OUTPUTS: [&str; 10] = [
    "bin", "dev", "devdoc", "doc", "info", "lib", "man", "out", "py", "static",
];

/// The folder of the store that a path lies in, and the package that its name tells of.
pub fn store_path(path: &str) -> Option<(&str, Package)> {
    let inside = path.strip_prefix("nix/store/")?;
    let name = inside.split('/').next().unwrap_or(inside);
    let folder = &path[.."nix/store/".len() + name.len()];
    let (hash, rest) = name.split_once('-')?;
    let is_hash = hash.len() == 32
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !is_hash
        || [".drv", ".lock", ".patch", ".sh", ".tar.gz", ".tar.xz"]
            .iter()
            .any(|end| rest.ends_with(end))
    {
        return None;
    }
    // `glibc-2.34-210-bin`: the version begins at the first part that begins with a digit.
    let begins = |(at, _): &(usize, &str)| rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let (at, _) = rest.match_indices('-').find(begins)?;
    let (name, version) = (&rest[..at], &rest[at + 1..]);
    let (version, output) = match version.rsplit_once('-') {
        Some((version, output)) if OUTPUTS.contains(&output) => (version, output),
        _ => (version, ""),
    };
    Some((
        folder,
        package(
            "nix",
            name,
            version,
            &[("output", output), ("outputhash", hash)],
        ),
    ))
}
