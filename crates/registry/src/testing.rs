//! A server for tests, which answers as it is told, and may break off.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::ImageRef;

use crate::{Client, Keyring, Patience, Settings};

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `GET /v2/…?…`
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where the part begins that was asked for.
    pub(crate) fn range(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Breaks off after so many bytes of the body.
    pub(crate) cut: Option<usize>,
}

pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.into(),
        cut: None,
    }
}

impl Answer {
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn cut(self, after: usize) -> Self {
        Self {
            cut: Some(after),
            ..self
        }
    }
}

/// A server on loopback. It ends with the process.
pub(crate) struct Server {
    pub(crate) host: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// `answer` gets the request, and how many came before it.
    pub(crate) fn start(
        answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let known = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(&stream.unwrap(), &known, &answer);
            }
        });
        Self { host, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen()
            .into_iter()
            .map(|request| request.line)
            .collect()
    }

    /// A client that asks it, hurried and without TLS.
    pub(crate) fn client(&self, logins: &str) -> Client {
        let mut keyring = Keyring::default();
        if !logins.is_empty() {
            let logins = logins.replace("HOST", &self.host);
            keyring.add("config.json", &logins).unwrap();
        }
        let settings = Settings {
            insecure: [self.host.clone()].into(),
            keyring,
            patience: Patience {
                tries: 3,
                first: Duration::from_millis(5),
                most: Duration::from_secs(2),
                silence: Duration::from_secs(2),
                blob: Duration::from_mins(1),
            },
            ..Settings::default()
        };
        Client::new(settings).unwrap()
    }

    pub(crate) fn image(&self, rest: &str) -> String {
        format!("{}/{rest}", self.host)
    }
}

pub(crate) fn parse(image: &str) -> ImageRef<'_> {
    ImageRef::parse(image).unwrap()
}

fn serve(
    stream: &TcpStream,
    seen: &Mutex<Vec<Request>>,
    answer: &impl Fn(&Request, usize) -> Answer,
) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    match reader.read_line(&mut line) {
        Ok(0) => return,
        Ok(_) => {}
        // No text: somebody speaks TLS.
        Err(_) => {
            let _ = (&*stream).write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            return;
        }
    }
    let mut request = Request {
        line: line.trim().trim_end_matches(" HTTP/1.1").to_owned(),
        headers: Vec::new(),
        body: String::new(),
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        request
            .headers
            .push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    reader
        .take(length)
        .read_to_string(&mut request.body)
        .unwrap();
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    let answer = answer(&request, before);
    let mut text = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", answer.body.len());
    let mut stream = stream;
    let body = &answer.body[..answer.cut.unwrap_or(answer.body.len())];
    // Who does not listen to the end is tested, too.
    let _ = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.write_all(body));
}
