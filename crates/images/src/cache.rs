//! What layers said, kept in a folder: the same layer need not be read twice.
//!
//! A file is named after the digest of the layer and the readers with their versions, so that nothing in it is ever out of
//! date. What cannot be read or understood is as good as not there.

mod wire;

use std::io;
use std::path::{Path, PathBuf};

use model::hexadecimal;
use packages::Reader;
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::layer::{Contents, Limits};

/// Raised when files are written in another way.
const FORMAT: u32 = 2;

/// An unpacked file may have so many bytes.
const MAX_BYTES: usize = 1 << 30;

/// The folder, and what the readers are.
pub(crate) struct Cache {
    folder: PathBuf,
    readers: [u8; 32],
}

impl Cache {
    pub(crate) fn new(folder: &Path, readers: &[Reader], limits: &Limits) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(FORMAT.to_le_bytes());
        for reader in readers {
            hasher.update(reader.id.as_bytes());
            hasher.update([0]);
            hasher.update(reader.version.to_le_bytes());
        }
        hasher.update(limits.file_bytes.to_le_bytes());
        Self {
            folder: folder.to_owned(),
            readers: hasher.finalize().into(),
        }
    }

    fn path(&self, layer: &Digest) -> PathBuf {
        let mut hasher = Sha256::new();
        hasher.update(self.readers);
        hasher.update(layer.as_str().as_bytes());
        let name = hexadecimal(&hasher.finalize());
        self.folder.join(&name[..2]).join(name)
    }

    /// What the layer said when it was read last.
    pub(crate) fn get(&self, layer: &Digest) -> Option<Contents> {
        let packed = fs_err::read(self.path(layer)).ok()?;
        let mut text = Vec::new();
        let decoder = zstd::stream::read::Decoder::new(packed.as_slice()).ok()?;
        io::Read::read_to_end(&mut io::Read::take(decoder, MAX_BYTES as u64), &mut text).ok()?;
        wire::read(&text)
    }

    /// Keeps what the layer said. Whoever reads at the same time sees all of it or nothing.
    pub(crate) fn put(&self, layer: &Digest, contents: &Contents) -> io::Result<()> {
        let path = self.path(layer);
        let folder = path.parent().unwrap_or(&self.folder);
        fs_err::create_dir_all(folder)?;
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3)?;
        encoder.include_checksum(true)?;
        wire::write(contents, &mut encoder)?;
        let packed = encoder.finish()?;
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let written = fs_err::write(&part, packed).and_then(|()| fs_err::rename(&part, &path));
        if written.is_err() {
            // The error that matters is the first.
            let _ = fs_err::remove_file(&part);
        }
        written
    }
}
