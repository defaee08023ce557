//! Programs that keep logins: `docker-credential-NAME get`, the registry on standard input, JSON on standard output.

use std::io::{ErrorKind, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::Login;
use crate::error::one_line;

/// Why a helper gives nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HelperError {
    #[error("the credential helper '{0}' has no name of a program")]
    Name(String),
    #[error("the credential helper docker-credential-{0} is not there")]
    Missing(String),
    #[error("the credential helper docker-credential-{name} cannot be run: {message}")]
    Run { name: String, message: String },
    #[error("the credential helper docker-credential-{name} failed: {message}")]
    Failed { name: String, message: String },
    #[error("the credential helper docker-credential-{0} did not answer in time")]
    Slow(String),
}

/// How long a helper may take; some ask the user.
const PATIENCE: Duration = Duration::from_secs(30);
const MAX_ANSWER: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// The login that a helper keeps for a registry; none if it keeps none.
pub(super) fn ask(name: &str, registry: &str) -> Result<Option<Login>, HelperError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(HelperError::Name(one_line(name)));
    }
    // Docker keeps the login for its own registry under this address.
    let server = match registry {
        "docker.io" => "https://index.docker.io/v1/",
        registry => registry,
    };
    let (is_success, answer) = run(name, server)?;
    if !is_success {
        let said = one_line(&String::from_utf8_lossy(&answer));
        return if said.contains("credentials not found") {
            Ok(None)
        } else {
            Err(failed(name, said))
        };
    }
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|_| failed(name, "its answer is no JSON with `Username` and `Secret`"))?;
    Ok(match (answer.username.as_str(), answer.secret) {
        (_, secret) if secret.is_empty() => None,
        ("<token>", secret) => Some(Login::Identity(secret)),
        (user, password) => Some(Login::Password {
            user: user.to_owned(),
            password,
        }),
    })
}

fn failed(name: &str, message: impl Into<String>) -> HelperError {
    HelperError::Failed {
        name: name.to_owned(),
        message: message.into(),
    }
}

/// Whether it succeeded, and what it printed.
fn run(name: &str, server: &str) -> Result<(bool, Vec<u8>), HelperError> {
    let spawned = Command::new(format!("docker-credential-{name}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        ErrorKind::NotFound => HelperError::Missing(name.to_owned()),
        _ => HelperError::Run {
            name: name.to_owned(),
            message: error.to_string(),
        },
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut answer = Vec::new();
        if let Some(stdout) = stdout {
            // What came until it broke off is looked at.
            let _ = stdout.take(MAX_ANSWER).read_to_end(&mut answer);
        }
        // Nobody waits any longer.
        let _ = sender.send(answer);
    });
    if let Some(mut stdin) = stdin {
        // A helper that does not read says what is wrong itself.
        let _ = stdin.write_all(server.as_bytes());
    }
    let started = Instant::now();
    let answer = receiver.recv_timeout(PATIENCE).ok();
    let status = answer.as_ref().and_then(|_| wait(&mut child, started));
    if let (Some(is_success), Some(answer)) = (status, answer) {
        return Ok((is_success, answer));
    }
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    Err(HelperError::Slow(name.to_owned()))
}

/// Whether it succeeded; none if it does not end.
fn wait(child: &mut Child, started: Instant) -> Option<bool> {
    while started.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return None,
        }
    }
    None
}
