//! The archive of one target: program, licences, read-me, and nothing that differs between two builds.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use fs_err as fs;
use tar::{Builder, Header};

use super::build::commit_time;
use super::dependencies::Dependencies;

/// The version that is released: the workspace's.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes `seawall-VERSION-TARGET.tar.gz` into `out`; its path.
pub(crate) fn write(root: &Path, program: &Path, target: &str, out: &Path) -> Result<PathBuf> {
    let name = format!("seawall-{VERSION}-{target}");
    let program_name = program.file_name().context("a program has a name")?;
    let notices = Dependencies::of(target)?.notices()?;
    let files = [
        ("CHANGELOG.md", fs::read(root.join("CHANGELOG.md"))?, 0o644),
        ("LICENSE", fs::read(root.join("LICENSE"))?, 0o644),
        ("README.md", fs::read(root.join("README.md"))?, 0o644),
        ("THIRD-PARTY.txt", notices.into_bytes(), 0o644),
        (&*program_name.to_string_lossy(), fs::read(program)?, 0o755),
    ];
    fs::create_dir_all(out)?;
    let path = out.join(format!("{name}.tar.gz"));
    let time = commit_time()?;
    // No name and no time in the head of the compressed file.
    let compressed = GzBuilder::new().write(fs::File::create(&path)?, Compression::best());
    let mut archive = Builder::new(compressed);
    for (file, bytes, mode) in files {
        let mut header = Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(mode);
        header.set_mtime(time);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, format!("{name}/{file}"), &*bytes)?;
    }
    archive.into_inner()?.finish()?.flush()?;
    Ok(path)
}
