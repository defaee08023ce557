//! Requests: paced, tried again where that can help, with answers of limited size.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::pace::{Gate, Pace};

/// Bytes of one answer.
const LARGEST_ANSWER: usize = 256 << 20;

/// Requests under way at the same time.
const AT_ONCE: usize = 8;

/// How often a request is made that the network or a server that is about to be there again loses.
const TRIES: u32 = 8;

/// How often it is made where no server ever answered: it is more likely that the address is wrong.
const TRIES_OF_UNKNOWN: u32 = 4;

/// How the client says that it does not trust the server: nothing that passes.
const UNTRUSTED: &str = "invalid peer certificate";

/// How often a request is made that a server cannot answer: what stands behind it may be gone for good.
const TRIES_OF_UNAVAILABLE: u32 = 4;

/// The pause before the second try; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A server may ask for more.
const LONGEST_ASKED_PAUSE: Duration = Duration::from_mins(1);

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// Nobody knows who asks.
    #[error("the API server does not accept the credentials: {0}")]
    Unauthorized(String),
    /// Nothing is there.
    #[error("{0}")]
    NotFound(String),
    /// The state that was asked for is gone.
    #[error("{0}")]
    Expired(String),
    /// Another status.
    #[error("HTTP status {code}: {message}")]
    Status {
        /// Of HTTP.
        code: u16,
        /// What the server says.
        message: String,
    },
    /// More than the limit.
    #[error("the answer is larger than {} MiB", LARGEST_ANSWER >> 20)]
    TooLarge,
    /// No answer, or half of one.
    #[error("{0}")]
    Network(String),
}

impl Failure {
    /// Whether the server has a certificate of somebody who is not trusted.
    pub(crate) fn is_untrusted(&self) -> bool {
        matches!(self, Failure::Network(reason) if reason.contains(UNTRUSTED))
    }
}

/// What comes back when something is wrong.
#[derive(Deserialize, Default)]
#[serde(default)]
struct StatusObject {
    message: String,
}

/// Asks one API server.
pub(crate) struct Api {
    client: kube::Client,
    gate: Gate,
    at_once: Semaphore,
    /// Whether the server was gone for a moment: while it comes back it may know nobody's permissions yet.
    was_interrupted: AtomicBool,
    /// Whether the server answered at all, whatever it said.
    was_answered: AtomicBool,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

impl Api {
    pub(crate) fn new(client: kube::Client, pace: Pace) -> Self {
        Api {
            client,
            gate: Gate::new(pace),
            at_once: Semaphore::new(AT_ONCE),
            was_interrupted: AtomicBool::new(false),
            was_answered: AtomicBool::new(false),
        }
    }

    /// The answer to a `GET`, with what kinds of answers are understood.
    pub(crate) async fn get(&self, path: &str, accept: &str) -> Result<Vec<u8>, Failure> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            // Waiting for another try must not keep others from theirs.
            let permit = self.at_once.acquire().await;
            self.gate.pass().await;
            let answer = self.once(path, accept).await;
            drop(permit);
            let (failure, asked) = match answer {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if tries >= self.tries(&failure) {
                return Err(failure);
            }
            tries += 1;
            tokio::time::sleep(asked.unwrap_or(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// How often a request that fails so is made in all.
    fn tries(&self, failure: &Failure) -> u32 {
        let was_interrupted = self.was_interrupted.load(Ordering::Relaxed);
        match failure {
            failure if failure.is_untrusted() => 1,
            Failure::Network(_) if !self.was_answered.load(Ordering::Relaxed) => TRIES_OF_UNKNOWN,
            Failure::Network(_) | Failure::Status { code: 429, .. } => TRIES,
            Failure::Status {
                code: 500 | 502 | 503 | 504,
                ..
            } if !was_interrupted => TRIES_OF_UNAVAILABLE,
            Failure::Status {
                code: 500 | 502 | 503 | 504,
                ..
            }
            | Failure::Forbidden(_)
            | Failure::Unauthorized(_)
                if was_interrupted =>
            {
                TRIES
            }
            _ => 1,
        }
    }

    /// One try; with a failure comes how long the server asks to wait.
    async fn once(&self, path: &str, accept: &str) -> Result<Vec<u8>, (Failure, Option<Duration>)> {
        let network = |error: &dyn std::error::Error| {
            self.was_interrupted.store(true, Ordering::Relaxed);
            (Failure::Network(chain(error)), None)
        };
        let response = self
            .send(path, accept)
            .await
            .map_err(|error| network(&error))?;
        self.was_answered.store(true, Ordering::Relaxed);
        let status = response.status();
        let asked = retry_after(&response);
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| network(&error))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if bytes.len() + data.len() > LARGEST_ANSWER {
                return Err((Failure::TooLarge, None));
            }
            bytes.extend_from_slice(&data);
        }
        if status.is_success() {
            Ok(bytes)
        } else {
            Err((failure(status, &bytes), asked))
        }
    }

    /// Waits until the pace allows another request.
    pub(crate) async fn pass(&self) {
        self.gate.pass().await;
    }

    /// Begins a request.
    pub(crate) async fn send(
        &self,
        path: &str,
        accept: &str,
    ) -> Result<Response<Body>, kube::Error> {
        let request = Request::get(path).header(header::ACCEPT, accept);
        let request = request
            .body(Body::empty())
            .map_err(kube::Error::HttpError)?;
        self.client.send(request).await
    }
}

/// How long the server asks to wait.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let asked = Duration::from_secs(seconds.trim().parse().ok()?);
    Some(asked.min(LONGEST_ASKED_PAUSE))
}

/// What an answer that is no success means.
pub(crate) fn failure(status: StatusCode, body: &[u8]) -> Failure {
    let object: StatusObject = serde_json::from_slice(body).unwrap_or_default();
    let message = if object.message.is_empty() {
        status.canonical_reason().unwrap_or("no reason").to_owned()
    } else {
        one_line(&object.message)
    };
    match status {
        StatusCode::FORBIDDEN => Failure::Forbidden(message),
        StatusCode::UNAUTHORIZED => Failure::Unauthorized(message),
        StatusCode::NOT_FOUND => Failure::NotFound(message),
        StatusCode::GONE => Failure::Expired(message),
        status => Failure::Status {
            code: status.as_u16(),
            message,
        },
    }
}

/// What a foreign text says, on one line of a length that can be read.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 400;
    let clean = text.trim().replace(char::is_control, " ");
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// An error and what caused it, what says the same once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_say_what_the_server_says() {
        let check = |status: u16, body: &str, expected: &str| {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            assert_eq!(failure(status, body.as_bytes()).to_string(), expected);
        };
        check(
            403,
            r#"{"message":"no, \n you may not"}"#,
            "no,   you may not",
        );
        check(410, r#"{"message":"too old"}"#, "too old");
        check(503, "<html>", "HTTP status 503: Service Unavailable");
        check(
            401,
            "{}",
            "the API server does not accept the credentials: Unauthorized",
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let cut = one_line(&"é".repeat(1000));
        assert_eq!(cut.chars().count(), 401);
    }
}
