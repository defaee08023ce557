//! Images of a container engine on this machine: docker and podman answer on a socket, and export what they have as an archive.

use std::io::{self, Read, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use crate::client::said;
use crate::error::one_line;

/// Why an engine gives no image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Nobody listens at any of the usual places.
    #[error("no engine answers at {0}")]
    Absent(String),
    /// The image's name cannot be asked for.
    #[error("'{0}' is no name of an image")]
    Name(String),
    /// It has no such image.
    #[error("the engine at {socket} has no image {image}")]
    NotFound {
        /// Who was asked.
        socket: PathBuf,
        /// What for.
        image: String,
    },
    /// It answers something else.
    #[error("the engine at {socket} answered {status}: {said}")]
    Status {
        /// Who was asked.
        socket: PathBuf,
        /// What it answered.
        status: u16,
        /// What it said.
        said: String,
    },
    /// It cannot be asked.
    #[error("the engine at {socket}: {message}")]
    Io {
        /// Who was asked.
        socket: PathBuf,
        /// Why.
        message: String,
    },
}

/// How long an engine may be silent: it packs layers before it sends them.
const SILENCE: Duration = Duration::from_mins(5);

/// The image as an archive, of the first engine that answers at one of the sockets.
pub fn export(sockets: &[PathBuf], image: &str) -> Result<impl Read + use<>, EngineError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    if image.is_empty() || !image.bytes().all(is_name) || image.contains("..") {
        return Err(EngineError::Name(one_line(image)));
    }
    let mut fault = None;
    for socket in sockets {
        match UnixStream::connect(socket).map(drop) {
            Ok(()) => return ask(socket, image),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => fault = fault.or(Some(io_error(socket, &error))),
        }
    }
    Err(fault.unwrap_or_else(|| {
        let places: Vec<String> = sockets
            .iter()
            .map(|socket| socket.display().to_string())
            .collect();
        EngineError::Absent(places.join(", "))
    }))
}

fn io_error(socket: &Path, error: &impl ToString) -> EngineError {
    EngineError::Io {
        socket: socket.to_owned(),
        message: one_line(&error.to_string()),
    }
}

fn ask(socket: &Path, image: &str) -> Result<impl Read + use<>, EngineError> {
    let config = Config::builder()
        .timeout_per_read(Some(SILENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build();
    let connector = SocketConnector(socket.to_owned());
    let agent = Agent::with_parts(config, connector, DefaultResolver::default());
    // An address instead of a name: there is nothing to look up.
    let url = format!("http://127.0.0.1/images/{image}/get");
    let mut response = agent
        .get(url)
        .call()
        .map_err(|error| io_error(socket, &error))?;
    let socket = socket.to_owned();
    match response.status().as_u16() {
        200 => Ok(response.into_body().into_reader()),
        404 => Err(EngineError::NotFound {
            socket,
            image: image.to_owned(),
        }),
        status => {
            let said = said(&mut response);
            Err(EngineError::Status {
                socket,
                status,
                said,
            })
        }
    }
}

/// Connects to a socket, whoever is asked for.
#[derive(Debug)]
struct SocketConnector(PathBuf);

impl Connector for SocketConnector {
    type Out = SocketTransport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _chained: Option<()>,
    ) -> Result<Option<SocketTransport>, ureq::Error> {
        let config = details.config;
        Ok(Some(SocketTransport {
            stream: UnixStream::connect(&self.0)?,
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        }))
    }
}

#[derive(Debug)]
struct SocketTransport {
    stream: UnixStream,
    buffers: LazyBuffers,
}

impl Transport for SocketTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let limit = timeout.for_write().not_zero().map(|limit| *limit);
        self.stream.set_write_timeout(limit)?;
        self.stream.write_all(&self.buffers.output()[..amount])?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let limit = timeout.for_read().not_zero().map(|limit| *limit);
        self.stream.set_read_timeout(limit)?;
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    /// A connection serves one request.
    fn is_open(&mut self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::os::unix::net::UnixListener;
    use std::path::PathBuf;

    use super::{EngineError, export};

    /// An engine that answers each request with a text.
    fn engine(folder: &tempfile::TempDir, answer: &'static str) -> PathBuf {
        let path = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&path).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let Some(Ok(first)) = lines.next() else {
                    continue;
                };
                assert_eq!(first, "GET /images/shop/web:1/get HTTP/1.1");
                lines.find(|line| line.as_ref().unwrap().is_empty());
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        path
    }

    #[test]
    fn an_engine_exports_an_archive() {
        let folder = tempfile::tempdir().unwrap();
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n";
        let socket = engine(&folder, chunked);
        let sockets = [folder.path().join("absent.sock"), socket];
        let mut text = String::new();
        export(&sockets, "shop/web:1")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "abcdefg");
    }

    #[test]
    fn an_archive_that_breaks_off_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nabcd\r\n3\r\ne";
        let socket = engine(&folder, chunked);
        // The listener goes on, the connection ends.
        let mut text = String::new();
        let read = export(&[socket], "shop/web:1")
            .unwrap()
            .read_to_string(&mut text);
        assert!(read.is_err(), "{text}");
    }

    #[test]
    fn what_an_engine_has_not_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let absent = [folder.path().join("absent.sock")];
        assert!(matches!(export(&absent, "a"), Err(EngineError::Absent(_))));
        assert!(matches!(
            export(&absent, "a/../../containers/json?x="),
            Err(EngineError::Name(_))
        ));
        let socket = engine(&folder, "HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\n{}");
        assert!(matches!(
            export(&[socket], "shop/web:1"),
            Err(EngineError::NotFound { .. })
        ));
    }
}
