//! The files of an image by their paths: a folder, an archive that is read where it lies, or a stream that was read.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use fs_err::File;

use super::archive::{self, Index, Streamed};
use super::{Blob, ImageError, Remote, content};
use crate::layer::{self, Contents, LayerError, Limits, Work};

/// Where the files of an image are.
pub(crate) enum Store<'a> {
    /// In a folder.
    Folder(PathBuf),
    /// In a tar archive that can be read at any place.
    Archive(PathBuf, Index),
    /// In a tar archive that came as a stream: its layers are read.
    Stream(Streamed),
    /// Somewhere else. Only layers are asked of it here.
    Remote(&'a dyn Remote),
}

impl Store<'_> {
    pub(crate) fn open(path: &Path, work: &Work<'_>) -> Result<Self, ImageError> {
        if path == Path::new("-") {
            return Ok(Store::Stream(archive::read_stream(
                io::stdin().lock(),
                work,
            )?));
        }
        if fs_err::metadata(path)?.is_dir() {
            return Ok(Store::Folder(path.to_owned()));
        }
        let mut file = File::open(path)?;
        let mut start = [0; 4];
        let length = file.read(&mut start)?;
        file.rewind()?;
        if archive::is_packed(&start[..length]) {
            return Ok(Store::Stream(archive::read_stream(file, work)?));
        }
        let index = archive::index(io::BufReader::new(file))?;
        Ok(Store::Archive(path.to_owned(), index))
    }

    /// Whether there is a file at a path.
    pub(crate) fn has(&self, path: &str) -> bool {
        match self {
            Store::Folder(folder) => folder.join(path).exists(),
            Store::Archive(_, index) => index.find(path).is_some(),
            Store::Stream(streamed) => streamed.has(path),
            Store::Remote(_) => false,
        }
    }

    /// The whole of a small file.
    pub(crate) fn small(&self, path: &str, limits: &Limits) -> Result<Vec<u8>, ImageError> {
        let missing = || ImageError::Missing(path.to_owned());
        if !self.has(path) {
            return Err(missing());
        }
        if let Store::Stream(streamed) = self {
            return streamed.small(path).map(<[u8]>::to_vec).ok_or_else(missing);
        }
        let mut bytes = Vec::new();
        let mut stream = self.stream(path)?.take(limits.manifest_bytes + 1);
        stream.read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limits.manifest_bytes {
            let message = format!("it has more than {} bytes", limits.manifest_bytes);
            return Err(content(&path, message));
        }
        Ok(bytes)
    }

    fn stream(&self, path: &str) -> io::Result<Box<dyn Read>> {
        match self {
            Store::Folder(folder) => Ok(Box::new(File::open(folder.join(path))?)),
            Store::Archive(archive, index) => {
                let (start, size) = *index.find(path).ok_or(io::ErrorKind::NotFound)?;
                let mut file = File::open(archive)?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Box::new(file.take(size)))
            }
            Store::Stream(_) | Store::Remote(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Reads a layer.
    pub(crate) fn layer(&self, blob: &Blob, work: &Work<'_>) -> Result<Contents, LayerError> {
        if let Some(message) = blob.out_of_reach
            && !self.has(&blob.path)
        {
            return Err(LayerError::OutOfReach(message));
        }
        if let Store::Remote(remote) = self {
            return remote_layer(*remote, blob, work);
        }
        if !self.has(&blob.path) {
            let message = format!("{} is missing", blob.path);
            return Err(io::Error::new(io::ErrorKind::NotFound, message).into());
        }
        if let Store::Stream(streamed) = self {
            let (contents, digests) = streamed.layer(&blob.path, work)?;
            blob.digests.check(digests)?;
            return Ok(contents);
        }
        let mut expected = blob.digests.clone();
        if expected.packed.is_some() {
            expected.unpacked = None;
        }
        layer::read(|| self.stream(&blob.path), &expected, work)
    }
}

/// Reads a layer as it comes.
fn remote_layer(remote: &dyn Remote, blob: &Blob, work: &Work<'_>) -> Result<Contents, LayerError> {
    let missing = |what: &str| {
        let message = format!("the manifest does not say its {what}");
        LayerError::from(io::Error::new(io::ErrorKind::InvalidData, message))
    };
    let packed = blob.digests.packed.as_ref();
    let packed = packed.ok_or_else(|| missing("digest"))?;
    let size = blob.size.ok_or_else(|| missing("size"))?;
    if size > work.limits.layer_bytes {
        let message = format!(
            "it has {size} bytes, more than the {} that are read",
            work.limits.layer_bytes
        );
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message).into());
    }
    let expected = layer::Digests {
        packed: Some(packed.clone()),
        unpacked: None,
    };
    layer::read(|| remote.blob(packed.as_str(), size), &expected, work)
}
