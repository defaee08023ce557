//! Builds one kustomization of the disk and prints its YAML, for judging the crate against `kustomize build`.

use std::path::Path;

use kustomize::{Folder, Options, Resolved, build, to_yaml};

struct Disk;

impl Folder for Disk {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let real = fs_err::canonicalize(Path::new(path)).ok()?;
        Some(Resolved {
            is_folder: real.is_dir(),
            path: real.to_str()?.to_owned(),
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs_err::read(path).map_err(|error| error.to_string())
    }
}

fn main() -> anyhow::Result<()> {
    use std::io::Write;
    let Some(root) = std::env::args().nth(1) else {
        anyhow::bail!("usage: build ROOT");
    };
    let rendering = build(&Disk, &root, &Options::default())?;
    std::io::stdout().write_all(to_yaml(&rendering.document).as_bytes())?;
    Ok(())
}
