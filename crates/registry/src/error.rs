//! What a registry did not give, why, and what to do about it.

use std::time::Duration;

/// Something that was asked for and did not come.
#[derive(Debug, thiserror::Error)]
#[error("{registry}: {what}: {fault}")]
pub struct Error {
    /// Who was asked: `docker.io`, `registry.example.com:5000`.
    pub registry: String,
    /// What was asked for: `the manifest of shop/web:1.2`.
    pub what: String,
    /// Why it did not come.
    pub fault: Fault,
}

/// Why something did not come.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No connection, or it was cut too often.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// TLS failed.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// It would go without TLS, and nobody asked for that.
    #[error("it leads to {0}, which is without TLS")]
    Plain(String),
    /// The proxy that the environment names cannot be used.
    #[error("the proxy of the environment cannot be used: {0}")]
    Proxy(String),
    /// It wants to know who asks, or does not let this one.
    #[error("not allowed ({status}{})", quoted(.said))]
    Denied {
        /// 401 or 403.
        status: u16,
        /// What it said.
        said: String,
        /// Whether a login was sent.
        has_login: bool,
        /// Why a login could not be had, where one was configured.
        failed: Vec<String>,
    },
    /// There is none.
    #[error("not found{}", quoted(.said))]
    NotFound {
        /// What it said.
        said: String,
        /// Tags that there are, the most alike first.
        tags: Vec<String>,
    },
    /// It stayed busy.
    #[error("it answered {status}{}, {tries} times", quoted(.said))]
    Busy {
        /// 429, or 500 and above.
        status: u16,
        /// What it said.
        said: String,
        /// How often it was asked.
        tries: u32,
    },
    /// It asks for a pause that is too long.
    #[error("it asks to come back after {} s", .0.as_secs())]
    Wait(Duration),
    /// It answered something else.
    #[error("it answered {status}{}", quoted(.said))]
    Status {
        /// What it answered.
        status: u16,
        /// What it said.
        said: String,
    },
    /// The answer is none of the protocol.
    #[error("{0}")]
    Answer(String),
    /// The connection was cut too often.
    #[error(
        "the connection was cut {cuts} times, the last time after {at} of {size} bytes: {message}"
    )]
    Cut {
        /// How often.
        cuts: u32,
        /// What came.
        at: u64,
        /// What there is.
        size: u64,
        /// What happened.
        message: String,
    },
    /// It came too slowly.
    #[error("only {at} of {size} bytes came in {} s", .after.as_secs())]
    Slow {
        /// What came.
        at: u64,
        /// What there is.
        size: u64,
        /// In which time.
        after: Duration,
    },
    /// It has another length than was announced.
    #[error("it has {found} bytes, not {size}")]
    Size {
        /// What was announced.
        size: u64,
        /// What came, or what the server says.
        found: u64,
    },
    /// It is too long.
    #[error("it has more than {0} bytes")]
    TooLong(u64),
}

fn quoted(said: &str) -> String {
    if said.is_empty() {
        String::new()
    } else {
        format!(": {said}")
    }
}

impl Error {
    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let registry = &self.registry;
        match &self.fault {
            Fault::Denied {
                has_login, failed, ..
            } => {
                if let Some(failed) = failed.first() {
                    return Some(failed.clone());
                }
                Some(if *has_login {
                    format!(
                        "the login for {registry} is refused or may not read this: `docker login {registry}` with another, or `--registry-auth FILE`"
                    )
                } else {
                    format!(
                        "there is no login for {registry}: `docker login {registry}`, `podman login {registry}`, or `--registry-auth FILE`; registries also answer so where the name does not exist"
                    )
                })
            }
            Fault::NotFound { tags, .. } if !tags.is_empty() => {
                Some(format!("there are the tags {}", tags.join(", ")))
            }
            Fault::Tls(message) => Some(if message.contains("UnknownIssuer") {
                format!(
                    "`--registry-ca FILE` trusts the authority that signed the certificate of {registry}"
                )
            } else {
                format!(
                    "if {registry} speaks HTTP without TLS, `--insecure-registry {registry}` asks it so"
                )
            }),
            Fault::Plain(host) => Some(format!("`--insecure-registry {host}` allows it")),
            Fault::Busy { status: 429, .. } | Fault::Wait(_) => {
                Some("registries let those who are logged in ask more often".to_owned())
            }
            _ => None,
        }
    }
}

/// As much of a text of a stranger as fits on a line, without what would move a terminal's cursor.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > MAX_SAID {
            let end = line.floor_char_boundary(MAX_SAID);
            line.truncate(end);
            line.push('…');
            break;
        }
    }
    line
}

/// Bytes of what a stranger says that are shown.
const MAX_SAID: usize = 200;
