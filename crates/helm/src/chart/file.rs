//! Files of a chart: read once, some only when they are asked for.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use document::Source;

use super::ahead::Outlines;
use crate::error::{ErrorKind, Result};
use crate::folder::Folder;
use crate::options::Limits;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file of a chart.
pub(crate) struct File {
    /// Its path in the chart, such as `templates/service.yaml`.
    pub(crate) name: Rc<str>,
    /// Where it is, for people and for the folder.
    pub(crate) path: Rc<str>,
    content: OnceCell<Rc<[u8]>>,
    source: OnceCell<Arc<Source>>,
    /// Whether the source is not all that the bytes are.
    is_lossy: Cell<bool>,
}

impl File {
    /// A file that is read when it is asked for.
    pub(crate) fn unread(name: &str, path: &str) -> Self {
        File {
            name: name.into(),
            path: path.into(),
            content: OnceCell::new(),
            source: OnceCell::new(),
            is_lossy: Cell::new(false),
        }
    }

    /// A file whose bytes are there.
    pub(crate) fn read(name: &str, path: &str, bytes: &[u8]) -> Self {
        let file = File::unread(name, path);
        let _ = file.content.set(without_mark(bytes).into());
        file
    }

    /// The same file under another path in the chart.
    pub(crate) fn renamed(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// Its bytes, without a byte-order mark.
    pub(crate) fn bytes(&self, reader: &Reader<'_>) -> Result<&Rc<[u8]>> {
        if let Some(content) = self.content.get() {
            return Ok(content);
        }
        let bytes = reader.read(&self.path)?;
        Ok(self.content.get_or_init(|| without_mark(&bytes).into()))
    }

    /// Its text: what is no UTF-8 in it becomes U+FFFD.
    pub(crate) fn source(&self, reader: &Reader<'_>) -> Result<&Arc<Source>> {
        if let Some(source) = self.source.get() {
            return Ok(source);
        }
        let (source, is_lossy) = match self.content.get() {
            Some(bytes) => (
                Source::new(&*self.path, String::from_utf8_lossy(bytes)),
                std::str::from_utf8(bytes).is_err(),
            ),
            None => reader.source(&self.path)?,
        };
        self.is_lossy.set(is_lossy);
        Ok(self.source.get_or_init(|| source))
    }

    /// Where a text that comes from the file has a character for bytes that are no UTF-8.
    pub(crate) fn lost(&self, text: &str) -> Option<usize> {
        text.find('\u{FFFD}').filter(|_| self.is_lossy.get())
    }
}

/// The text, and whether bytes were no UTF-8.
fn text_of(mut bytes: Vec<u8>) -> (String, bool) {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Reads the files of one chart, and counts.
pub(crate) struct Reader<'f> {
    folder: Option<&'f dyn Folder>,
    pub(crate) limits: Limits,
    bytes_left: Cell<u64>,
    files_left: Cell<usize>,
    /// What is known of templates that were read ahead.
    pub(crate) outlines: Outlines,
    /// The paths that were read, in the order of their reading.
    paths: RefCell<Vec<String>>,
}

impl<'f> Reader<'f> {
    pub(crate) fn new(folder: Option<&'f dyn Folder>, limits: &Limits) -> Self {
        Reader {
            folder,
            limits: *limits,
            bytes_left: Cell::new(limits.bytes),
            files_left: Cell::new(limits.files),
            outlines: Outlines::default(),
            paths: RefCell::default(),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let folder = self.folder(path)?;
        let bytes = folder.read(path);
        let bytes = bytes.map_err(|reason| self.unreadable(path, reason))?;
        self.note(path, bytes.len())?;
        Ok(bytes)
    }

    /// The text of a file as the folder has it, if Helm reads it in the same way, and whether bytes were no UTF-8.
    fn source(&self, path: &str) -> Result<(Arc<Source>, bool)> {
        if let Ok(source) = self.folder(path)?.text(path)
            && !source.text().as_bytes().starts_with(BYTE_ORDER_MARK)
        {
            self.note(path, source.text().len())?;
            return Ok((source, false));
        }
        let (text, is_lossy) = text_of(self.read(path)?);
        Ok((Source::new(self.name(path), text), is_lossy))
    }

    fn folder(&self, path: &str) -> Result<&'f dyn Folder> {
        Ok(self
            .folder
            .ok_or_else(|| ErrorKind::Missing(path.to_owned()))?)
    }

    fn note(&self, path: &str, bytes: usize) -> Result<()> {
        self.paths.borrow_mut().push(path.to_owned());
        self.spend(bytes as u64)
    }

    /// What sources and errors call a path.
    pub(crate) fn name(&self, path: &str) -> String {
        self.folder
            .map_or_else(|| path.to_owned(), |folder| folder.name(path))
    }

    pub(crate) fn unreadable(&self, path: &str, reason: String) -> ErrorKind {
        let path = self.name(path);
        ErrorKind::Unreadable { path, reason }
    }

    /// The paths of the files that were read so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.borrow().clone()
    }

    /// Counts bytes of files.
    pub(crate) fn spend(&self, bytes: u64) -> Result<()> {
        let left = self.bytes_left.get().checked_sub(bytes);
        self.bytes_left.set(left.ok_or_else(|| self.too_large())?);
        Ok(())
    }

    /// Counts one file.
    pub(crate) fn file(&self) -> Result<()> {
        let left = self.files_left.get().checked_sub(1);
        let limit = self.limits.files;
        let too_many = || ErrorKind::TooLarge(format!("the chart has more than {limit} files"));
        self.files_left.set(left.ok_or_else(too_many)?);
        Ok(())
    }

    /// Bytes that may still be read.
    pub(crate) fn bytes_left(&self) -> u64 {
        self.bytes_left.get()
    }

    /// What is said about a chart with too many bytes.
    pub(crate) fn too_large(&self) -> ErrorKind {
        let limit = self.limits.bytes;
        ErrorKind::TooLarge(format!(
            "the files of the chart have more than {limit} bytes"
        ))
    }
}
