//! Requests: without TLS only where the user allows it, asked again when the network or the server has a bad moment.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use ureq::Agent;

use crate::credentials::Keyring;
use crate::error::{Error, Fault, one_line};
use crate::patience::{Patience, retry_after};
use crate::roots::{self, RootsError};

/// How registries are asked.
#[derive(Debug, Default)]
pub struct Settings {
    /// Files of authorities to trust beside those of the system, in PEM.
    pub authorities: Vec<PathBuf>,
    /// Hosts, with their ports, that are asked without TLS.
    pub insecure: BTreeSet<String>,
    /// Logins.
    pub keyring: Keyring,
    /// How long faults are borne.
    pub patience: Patience,
}

/// Asks registries. Proxies come from the environment (`HTTPS_PROXY`, `NO_PROXY`).
pub struct Client {
    secure: Agent,
    plain: Agent,
    insecure: BTreeSet<String>,
    pub(crate) keyring: Keyring,
    pub(crate) patience: Patience,
    /// Somebody answered once: the network is there.
    has_answers: AtomicBool,
}

pub(crate) type Response = ureq::http::Response<ureq::Body>;

/// A header of a request.
pub(crate) type Header = (&'static str, String);

/// What is said in an answer that is an error, as far as it is read.
const MAX_SAID: u64 = 1 << 16;

/// Redirects of a request.
const MAX_REDIRECTS: u32 = 5;

impl Client {
    /// Reads the certificates; asks nobody.
    pub fn new(settings: Settings) -> Result<Self, RootsError> {
        let mut own = Vec::new();
        for path in &settings.authorities {
            own.extend(roots::read(path)?);
        }
        let silence = Some(settings.patience.silence);
        let agent = |is_secure: bool| -> Agent {
            let mut config = Agent::config_builder()
                .timeout_connect(silence)
                .timeout_recv_response(silence)
                .timeout_per_read(silence)
                .timeout_per_write(silence)
                .max_redirects(MAX_REDIRECTS)
                .http_status_as_error(false)
                .https_only(is_secure)
                // Layers are compressed: what comes is what is hashed.
                .accept_encoding("identity")
                .user_agent(concat!("seawall/", env!("CARGO_PKG_VERSION")));
            if is_secure {
                config = config.tls_config(roots::tls(own.clone()));
            }
            config.build().into()
        };
        Ok(Self {
            secure: agent(true),
            plain: agent(false),
            insecure: settings.insecure,
            keyring: settings.keyring,
            patience: settings.patience,
            has_answers: AtomicBool::new(false),
        })
    }

    /// Where the API of a registry is.
    pub(crate) fn base(&self, registry: &str) -> String {
        let scheme = if self.insecure.contains(registry) {
            "http"
        } else {
            "https"
        };
        let host = match registry {
            "docker.io" => "registry-1.docker.io",
            host => host,
        };
        format!("{scheme}://{host}")
    }

    fn agent(&self, url: &str) -> Result<&Agent, Fault> {
        let Some(rest) = url.strip_prefix("http://") else {
            return Ok(&self.secure);
        };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        // A user in the address would name another host.
        if self.insecure.contains(host) {
            Ok(&self.plain)
        } else {
            Err(Fault::Plain(one_line(host)))
        }
    }

    /// Asks for something; gives any answer but those that say to come back later.
    pub(crate) fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        headers: &[Header],
    ) -> Result<Response, Fault> {
        let agent = self.agent(url)?;
        self.persist(|| {
            let mut request = agent.get(url).query_pairs(query.iter().copied());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            request.call()
        })
    }

    /// Only the headers of an answer.
    pub(crate) fn head(&self, url: &str, headers: &[Header]) -> Result<Response, Fault> {
        let agent = self.agent(url)?;
        self.persist(|| {
            let mut request = agent.head(url);
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            request.call()
        })
    }

    /// Sends a form.
    pub(crate) fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Response, Fault> {
        let agent = self.agent(url)?;
        self.persist(|| agent.post(url).send_form(form.iter().copied()))
    }

    /// All of an answer, which may not be longer; asked for again when it breaks off.
    pub(crate) fn whole<E>(
        &self,
        most: u64,
        mut ask: impl FnMut() -> Result<Response, E>,
        of_fault: impl Fn(Fault) -> E,
    ) -> Result<Vec<u8>, E> {
        let mut tries = 0;
        loop {
            tries += 1;
            match whole(&mut ask()?, most) {
                Err(Fault::Unreachable(_)) if tries < self.patience.tries => {
                    std::thread::sleep(self.patience.pause(tries));
                }
                answer => return answer.map_err(of_fault),
            }
        }
    }

    fn persist(
        &self,
        mut ask: impl FnMut() -> Result<Response, ureq::Error>,
    ) -> Result<Response, Fault> {
        let mut tries = 0;
        loop {
            tries += 1;
            let is_last = tries >= self.patience.tries;
            let mut wait = None;
            match ask() {
                Ok(mut response) => {
                    self.has_answers.store(true, Ordering::Relaxed);
                    let status = response.status().as_u16();
                    if !matches!(status, 408 | 429 | 500 | 502..=504) {
                        return Ok(response);
                    }
                    wait = retry_after(response.headers());
                    if let Some(wait) = wait.filter(|wait| *wait > self.patience.most) {
                        return Err(Fault::Wait(wait));
                    }
                    if is_last {
                        let said = said(&mut response);
                        return Err(Fault::Busy {
                            status,
                            said,
                            tries,
                        });
                    }
                }
                Err(error) if is_last || !self.may_pass(&error) => return Err(fault(&error)),
                Err(_) => {}
            }
            std::thread::sleep(wait.unwrap_or_else(|| self.patience.pause(tries)));
        }
    }

    /// Whether the next request may fare better.
    fn may_pass(&self, error: &ureq::Error) -> bool {
        match error {
            ureq::Error::Io(error) => self.is_cut(error),
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
                self.has_answers.load(Ordering::Relaxed)
            }
            ureq::Error::Timeout(_) | ureq::Error::Protocol(_) => true,
            _ => false,
        }
    }

    /// Whether a connection was cut, or could not be made though others could.
    fn is_cut(&self, error: &io::Error) -> bool {
        match error.kind() {
            // What TLS says of certificates.
            ErrorKind::InvalidData => false,
            ErrorKind::ConnectionRefused => self.has_answers.load(Ordering::Relaxed),
            _ => true,
        }
    }
}

/// The fault that an error of the network is.
pub(crate) fn fault(error: &ureq::Error) -> Fault {
    match error {
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
            Fault::Tls(one_line(&error.to_string()))
        }
        ureq::Error::Rustls(error) => Fault::Tls(one_line(&error.to_string())),
        ureq::Error::Tls(error) => Fault::Tls((*error).to_owned()),
        ureq::Error::RequireHttpsOnly(uri) => Fault::Plain(one_line(uri)),
        ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => {
            Fault::Proxy(one_line(&error.to_string()))
        }
        ureq::Error::Io(error) => Fault::Unreachable(one_line(&error.to_string())),
        error => Fault::Unreachable(one_line(&error.to_string())),
    }
}

/// What the registry says in its error.
pub(crate) fn said(response: &mut Response) -> String {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<Said>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Said {
        code: String,
        message: String,
    }
    let mut text = Vec::new();
    let mut stream = response.body_mut().as_reader().take(MAX_SAID);
    // What came until it broke off is still what it said.
    let _ = stream.read_to_end(&mut text);
    let Ok(errors) = serde_json::from_slice::<Errors>(&text) else {
        let text = String::from_utf8_lossy(&text);
        let is_page = text.trim_start().starts_with('<');
        return if is_page {
            String::new()
        } else {
            one_line(&text)
        };
    };
    let mut all = errors.errors.iter().map(|error| {
        let message = if error.message.is_empty() {
            &error.code
        } else {
            &error.message
        };
        one_line(message)
    });
    all.next().unwrap_or_default()
}

fn whole(response: &mut Response, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut stream = response.body_mut().as_reader().take(most + 1);
    let read = stream.read_to_end(&mut bytes);
    read.map_err(|error| Fault::Unreachable(one_line(&error.to_string())))?;
    if bytes.len() as u64 > most {
        return Err(Fault::TooLong(most));
    }
    Ok(bytes)
}

impl Error {
    /// Says what was asked for, unless it is known already.
    pub(crate) fn about(mut self, what: impl Into<String>) -> Self {
        if self.what.is_empty() {
            self.what = what.into();
        }
        self
    }
}

impl Fault {
    pub(crate) fn of(self, registry: &str, what: impl Into<String>) -> Error {
        Error {
            registry: registry.to_owned(),
            what: what.into(),
            fault: self,
        }
    }
}
