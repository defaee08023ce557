//! The entries of a tar stream, one after the other: ustar with the extensions of GNU and pax for long names, links and
//! sizes. Headers are decoded by the library; the walk is here, because every length in it is hostile.

use std::io::{self, ErrorKind, Read};

/// Bytes of a header, and the multiple that content is filled up to.
const BLOCK: u64 = 512;

/// An extended header may have so many bytes: names have at most 4096, and attributes of SELinux or capabilities follow them.
const MAX_EXTENSION: u64 = 1 << 20;

/// Bytes that are left out at a time.
const WASTE: usize = 1 << 16;

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A symbolic link, and what is written in it.
    Symlink(String),
    /// Another name of a file, by its path.
    Hardlink(String),
    /// A device or a pipe.
    Other,
}

/// The header of an entry.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// Bytes of content that follow.
    pub(crate) size: u64,
    pub(crate) is_executable: bool,
    /// Its content has holes that are not written, so that it cannot be read as it is.
    pub(crate) is_sparse: bool,
}

/// Reads a stream entry by entry.
pub(crate) struct Entries<R> {
    stream: R,
    /// Content of the current entry that was not read, and what fills it up.
    rest: u64,
    padding: u64,
    /// Where the next header begins.
    offset: u64,
    /// Where what nobody wants goes.
    waste: Box<[u8]>,
}

/// What extended headers say of the next entry.
#[derive(Default)]
struct Extension {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    is_sparse: bool,
}

impl<R: Read> Entries<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream,
            rest: 0,
            padding: 0,
            offset: 0,
            waste: vec![0; WASTE].into_boxed_slice(),
        }
    }

    /// Where the content of the current entry begins, in bytes of the stream.
    pub(crate) fn position(&self) -> u64 {
        self.offset
    }

    /// The next entry; none at the end, which is a block of zeros or, as many programs write it, nothing.
    pub(crate) fn next(&mut self) -> io::Result<Option<Item>> {
        let mut extension = Extension::default();
        loop {
            self.skip()?;
            let Some(header) = self.header()? else {
                return Ok(None);
            };
            let size = header.entry_size()?;
            let kind = header.entry_type();
            if kind.is_gnu_longname() || kind.is_gnu_longlink() {
                let mut text = self.extension(size)?;
                text.truncate(
                    text.iter()
                        .position(|byte| *byte == 0)
                        .unwrap_or(text.len()),
                );
                let text = Some(String::from_utf8_lossy(&text).into_owned());
                if kind.is_gnu_longname() {
                    extension.path = text;
                } else {
                    extension.link = text;
                }
            } else if kind.is_pax_local_extensions() {
                let text = self.extension(size)?;
                extension.read(&text);
            } else if kind.is_pax_global_extensions() {
                self.extension(size)?;
            } else {
                return self.item(&header, extension, size).map(Some);
            }
        }
    }

    fn item(&mut self, header: &tar::Header, extension: Extension, size: u64) -> io::Result<Item> {
        let kind = header.entry_type();
        let link = extension.link.or_else(|| {
            let link = header.link_name_bytes()?;
            Some(String::from_utf8_lossy(&link).into_owned())
        });
        let is_sparse = extension.is_sparse || kind.is_gnu_sparse();
        let (kind, has_content) = match kind {
            tar::EntryType::Directory => (Kind::Folder, false),
            tar::EntryType::Symlink => (Kind::Symlink(link.unwrap_or_default()), false),
            tar::EntryType::Link => (Kind::Hardlink(link.unwrap_or_default()), false),
            tar::EntryType::Char | tar::EntryType::Block | tar::EntryType::Fifo => {
                (Kind::Other, false)
            }
            _ => (Kind::File, true),
        };
        let path = extension
            .path
            .unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
        // What ends in a slash was a folder before there was a type for it.
        let kind = match kind {
            Kind::File if path.ends_with('/') => Kind::Folder,
            kind => kind,
        };
        // Links may repeat the size of what they link to; nothing follows.
        let size = if has_content {
            extension.size.unwrap_or(size)
        } else {
            0
        };
        if header.entry_type().is_gnu_sparse() {
            self.sparse_extensions(header)?;
        }
        self.expect(size);
        Ok(Item {
            path,
            kind,
            size,
            is_executable: header.mode().is_ok_and(|mode| mode & 0o111 != 0),
            is_sparse,
        })
    }

    /// The old sparse format continues its header in further blocks.
    fn sparse_extensions(&mut self, header: &tar::Header) -> io::Result<()> {
        let mut is_extended = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
        while is_extended {
            let mut block = tar::GnuExtSparseHeader::new();
            self.stream.read_exact(block.as_mut_bytes())?;
            self.offset += BLOCK;
            is_extended = block.is_extended();
        }
        Ok(())
    }

    fn expect(&mut self, size: u64) {
        self.rest = size;
        self.padding = size.next_multiple_of(BLOCK) - size;
    }

    fn header(&mut self) -> io::Result<Option<tar::Header>> {
        let mut header = tar::Header::new_old();
        let bytes = header.as_mut_bytes();
        let mut length = 0;
        while length < bytes.len() {
            match self.stream.read(&mut bytes[length..])? {
                0 if length == 0 => return Ok(None),
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => length += read,
            }
        }
        self.offset += BLOCK;
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        // The sum counts its own field as spaces.
        let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
        let expected = sum(&bytes[..148]) + 8 * 32 + sum(&bytes[156..]);
        // A sum that is no number is as wrong as another one.
        if header.cksum().ok() != Some(expected) {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                format!("the tar header before byte {} is damaged", self.offset),
            ));
        }
        Ok(Some(header))
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > MAX_EXTENSION {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                format!("an extended tar header has {size} bytes"),
            ));
        }
        self.expect(size);
        let mut text = Vec::new();
        self.read_to_end(&mut text)?;
        Ok(text)
    }

    /// Leaves out what was not read of the current entry.
    fn skip(&mut self) -> io::Result<()> {
        let mut left = self.rest.saturating_add(self.padding);
        (self.rest, self.padding) = (0, 0);
        while left > 0 {
            let length = self
                .waste
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = self.stream.read(&mut self.waste[..length])?;
            if read == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            left -= read as u64;
            self.offset += read as u64;
        }
        Ok(())
    }

    /// The stream, behind the last entry.
    pub(crate) fn into_inner(self) -> R {
        self.stream
    }
}

impl<R: Read + io::Seek> Entries<R> {
    /// As [`next`](Self::next), without reading the content of the current entry.
    pub(crate) fn next_by_seeking(&mut self) -> io::Result<Option<Item>> {
        let left = self.rest.saturating_add(self.padding);
        (self.rest, self.padding) = (0, 0);
        let left = i64::try_from(left).map_err(|_| io::Error::from(ErrorKind::UnexpectedEof))?;
        self.stream.seek_relative(left)?;
        self.offset = self.stream.stream_position()?;
        self.next()
    }
}

/// The content of the current entry.
impl<R: Read> Read for Entries<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer
            .len()
            .min(usize::try_from(self.rest).unwrap_or(usize::MAX));
        if length == 0 {
            return Ok(0);
        }
        let read = self.stream.read(&mut buffer[..length])?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.rest -= read as u64;
        self.offset += read as u64;
        Ok(read)
    }
}

impl Extension {
    /// Records `LENGTH KEY=VALUE\n`; what is no record ends the list.
    fn read(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some((record, behind)) = record(rest) {
            rest = behind;
            let Some(at) = record.iter().position(|byte| *byte == b'=') else {
                continue;
            };
            let value = String::from_utf8_lossy(&record[at + 1..]).into_owned();
            match &record[..at] {
                b"path" | b"GNU.sparse.name" => self.path = Some(value),
                b"linkpath" => self.link = Some(value),
                b"size" => self.size = value.parse().ok(),
                key if key.starts_with(b"GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
    }
}

/// The first record without its length and its end of line, and what is behind it.
fn record(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = text.iter().position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&text[..space]).ok()?.parse().ok()?;
    let record = text.get(space + 1..length.checked_sub(1)?)?;
    Some((record, text.get(length..)?))
}
