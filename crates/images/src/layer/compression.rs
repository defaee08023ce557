//! Layers are tar, as it is or compressed; the first bytes say which, whatever the manifest says.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

/// A window of Zstandard may have so many bytes, as a power of two: 32 MiB. Programs that pack images stay below.
const ZSTD_WINDOW: u32 = 25;

const BUFFER: usize = 1 << 16;

/// A stream, unpacked.
pub(crate) enum Unpacked<R: Read> {
    Plain(BufReader<R>),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, BufReader<R>>>),
}

impl<R: Read> Unpacked<R> {
    pub(crate) fn new(stream: R) -> io::Result<Self> {
        let mut stream = BufReader::with_capacity(BUFFER, stream);
        let start = stream.fill_buf()?;
        if start.starts_with(&[0x1f, 0x8b]) {
            return Ok(Unpacked::Gzip(Box::new(MultiGzDecoder::new(stream))));
        }
        if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(stream)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            return Ok(Unpacked::Zstd(Box::new(decoder)));
        }
        Ok(Unpacked::Plain(stream))
    }

    /// Whether it is as it was written.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Unpacked::Plain(_))
    }

    /// The packed stream, read to its end.
    pub(crate) fn finish(self) -> io::Result<R> {
        let mut packed = match self {
            Unpacked::Plain(stream) => stream,
            Unpacked::Gzip(decoder) => decoder.into_inner(),
            Unpacked::Zstd(decoder) => decoder.finish(),
        };
        io::copy(&mut packed, &mut io::sink())?;
        Ok(packed.into_inner())
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Unpacked::Plain(stream) => stream.read(buffer),
            Unpacked::Gzip(decoder) => decoder.read(buffer),
            Unpacked::Zstd(decoder) => decoder.read(buffer),
        }
    }
}

/// Ends with an error when more bytes come than a layer may have.
pub(crate) struct Limited<R> {
    inner: R,
    left: u64,
    most: u64,
}

impl<R> Limited<R> {
    pub(crate) fn new(inner: R, most: u64) -> Self {
        let left = most;
        Self { inner, left, most }
    }

    pub(crate) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(length as u64).ok_or_else(|| {
            let message = format!("it unpacks to more than {} bytes", self.most);
            io::Error::new(ErrorKind::FileTooLarge, message)
        })?;
        Ok(length)
    }
}
