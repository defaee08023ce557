//! A blob as a stream. A connection that is cut goes on where it ended; whoever reads does not notice.

use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use ureq::BodyReader;

use crate::client::Header;
use crate::error::{Error, Fault, one_line};
use crate::repository::Repository;

/// After so many bytes a cut is the first again.
const PROGRESS: u64 = 1 << 20;

/// A stream of exactly as many bytes as were announced, or an error ([`Error`] inside of an [`io::Error`]).
pub struct Blob<'r> {
    repository: &'r Repository<'r>,
    digest: String,
    size: u64,
    /// Bytes that were read.
    at: u64,
    body: Option<BodyReader<'static>>,
    cuts: u32,
    /// Where the last cut was.
    cut_at: u64,
    started: Option<Instant>,
}

impl<'r> Blob<'r> {
    /// A blob of known size. It is asked for when it is read.
    pub fn new(repository: &'r Repository<'r>, digest: &str, size: u64) -> Self {
        Self {
            repository,
            digest: digest.to_owned(),
            size,
            at: 0,
            body: None,
            cuts: 0,
            cut_at: 0,
            started: None,
        }
    }

    fn error(&self, fault: Fault) -> io::Error {
        self.about(fault.of(self.repository.registry(), ""))
    }

    fn about(&self, error: Error) -> io::Error {
        io::Error::other(error.about(format!("the blob {}", self.digest)))
    }

    /// The stream from where the last one ended.
    fn open(&mut self) -> io::Result<BodyReader<'static>> {
        let mut headers: Vec<Header> = Vec::new();
        if self.at > 0 {
            headers.push(("range", format!("bytes={}-", self.at)));
        }
        let url = self.repository.blob_url(&self.digest);
        let response = self.repository.get(&url, &[], &headers);
        let response = response.map_err(|error| self.about(error))?;
        let status = response.status().as_u16();
        let length = response.body().content_length();
        let begins = match status {
            206 => first_byte(response.headers()).unwrap_or(self.at),
            416 => return Err(self.error(self.too_short(self.at))),
            _ => 0,
        };
        if let Some(length) = length
            && begins + length != self.size
        {
            return Err(self.error(self.too_short(begins + length)));
        }
        if begins > self.at {
            let message = "it answers with another part than was asked for";
            return Err(self.error(Fault::Answer(message.to_owned())));
        }
        let mut body = response.into_body().into_reader();
        // Who gives no parts begins anew.
        io::copy(&mut (&mut body).take(self.at - begins), &mut io::sink())?;
        Ok(body)
    }

    /// Nothing may follow. A connection that was read to its end serves the next request.
    fn end(&mut self) -> io::Result<usize> {
        let body = self.body.take();
        match body.map(|mut body| body.read(&mut [0])) {
            Some(Ok(1)) => Err(self.error(Fault::TooLong(self.size))),
            _ => Ok(0),
        }
    }

    fn too_short(&self, found: u64) -> Fault {
        Fault::Size {
            size: self.size,
            found,
        }
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.open()?,
        };
        let left = usize::try_from(self.size - self.at).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        let read = body.read(&mut buffer[..length])?;
        if read == 0 {
            return Err(self.error(self.too_short(self.at)));
        }
        self.body = Some(body);
        Ok(read)
    }

    /// Waits before the next connection, or gives up.
    fn cut(&mut self, error: &io::Error) -> io::Result<()> {
        if self.at - self.cut_at >= PROGRESS {
            self.cuts = 0;
        }
        self.cuts += 1;
        self.cut_at = self.at;
        let patience = &self.repository.client.patience;
        if self.cuts >= patience.tries {
            return Err(self.error(Fault::Cut {
                cuts: self.cuts,
                at: self.at,
                size: self.size,
                message: one_line(&error.to_string()),
            }));
        }
        std::thread::sleep(patience.pause(self.cuts));
        Ok(())
    }

    fn check_time(&mut self) -> io::Result<()> {
        let most: Duration = self.repository.client.patience.blob;
        let started = self.started.get_or_insert_with(Instant::now);
        if started.elapsed() <= most {
            return Ok(());
        }
        Err(self.error(Fault::Slow {
            at: self.at,
            size: self.size,
            after: most,
        }))
    }
}

impl Read for Blob<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.at == self.size {
            return self.end();
        }
        loop {
            self.check_time()?;
            match self.next(buffer) {
                Ok(read) => {
                    self.at += read as u64;
                    return Ok(read);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // What was decided already.
                Err(error) if is_decided(&error) => return Err(error),
                Err(error) => {
                    self.body = None;
                    self.cut(&error)?;
                }
            }
        }
    }
}

fn is_decided(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Error>)
}

/// Where the part begins that an answer holds: `bytes 5-9/10`.
fn first_byte(headers: &ureq::http::HeaderMap) -> Option<u64> {
    let range = headers.get("content-range")?.to_str().ok()?;
    let (first, _) = range.trim().strip_prefix("bytes ")?.split_once('-')?;
    first.parse().ok()
}
