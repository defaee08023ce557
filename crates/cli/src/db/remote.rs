//! Fetching over HTTP: files, and blobs of a registry. Faults of the network are tried again, with pauses.

use std::io::Read as _;
use std::time::Duration;

use advisories::{Chunk, ChunkIndex};
use anyhow::{Context as _, anyhow, bail};
use serde_json::Value;

const TRIES: u32 = 4;
const TIMEOUT: Duration = Duration::from_mins(1);
const MAX_MANIFEST: u64 = 16 << 20;
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Fetches a file of at most so many bytes.
pub(super) fn get(url: &str, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut response = request(url, &[])?;
    if response.status().as_u16() != 200 {
        bail!("{url} answered {}", response.status());
    }
    body(&mut response, most)
}

type Response = ureq::http::Response<ureq::Body>;

fn body(response: &mut Response, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(most + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        bail!("the answer is longer than {most} bytes");
    }
    Ok(bytes)
}

/// Any answer of the server but those that ask to try again.
fn request(url: &str, headers: &[(&str, String)]) -> anyhow::Result<Response> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(TIMEOUT))
        .timeout_recv_response(Some(TIMEOUT))
        .http_status_as_error(false)
        .build()
        .into();
    let mut wait = Duration::from_millis(500);
    for attempt in 1.. {
        let request = headers
            .iter()
            .fold(agent.get(url), |request, (name, value)| {
                request.header(*name, value)
            });
        let fault = match request.call() {
            Ok(response) if !matches!(response.status().as_u16(), 429 | 500..=599) => {
                return Ok(response);
            }
            Ok(response) => anyhow!("{url} answered {}", response.status()),
            Err(error) => anyhow::Error::new(error).context(format!("asking {url}")),
        };
        if attempt == TRIES {
            return Err(fault);
        }
        std::thread::sleep(wait);
        wait *= 2;
    }
    bail!("invariant: the loop returns")
}

/// A database in a registry: an artifact whose layers are its chunks, in order.
pub(super) struct Registry {
    base: String,
    tag: String,
    token: std::cell::RefCell<Option<String>>,
}

impl Registry {
    /// `HOST/NAME:TAG` or `HOST/NAME@DIGEST`. Loopback is asked without TLS, all else with it.
    pub(super) fn new(reference: &str) -> anyhow::Result<Self> {
        let (host, rest) = reference
            .split_once('/')
            .context("a reference is REGISTRY/NAME:TAG")?;
        let (name, tag) = rest
            .split_once('@')
            .or_else(|| rest.rsplit_once(':'))
            .unwrap_or((rest, "latest"));
        let is_loopback =
            host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
        let scheme = if is_loopback { "http" } else { "https" };
        Ok(Self {
            base: format!("{scheme}://{host}/v2/{name}"),
            tag: tag.to_owned(),
            token: std::cell::RefCell::default(),
        })
    }

    /// The chunks that the manifest lists as layers.
    pub(super) fn index(&self) -> anyhow::Result<ChunkIndex> {
        let manifest = self.fetch(
            &format!("{}/manifests/{}", self.base, self.tag),
            MAX_MANIFEST,
        )?;
        let manifest: Value =
            serde_json::from_slice(&manifest).context("the manifest is no JSON")?;
        let layers = manifest["layers"]
            .as_array()
            .context("the manifest has no layers")?;
        let chunk = |layer: &Value| {
            let name = layer["digest"].as_str()?.strip_prefix("sha256:")?;
            Some(Chunk {
                name: name.to_owned(),
                length: usize::try_from(layer["size"].as_u64()?).ok()?,
            })
        };
        let chunks = layers
            .iter()
            .map(chunk)
            .collect::<Option<Vec<_>>>()
            .context("a layer of the manifest has no digest and size")?;
        Ok(ChunkIndex { chunks })
    }

    /// The bytes of a chunk.
    pub(super) fn blob(&self, chunk: &Chunk) -> anyhow::Result<Vec<u8>> {
        self.fetch(
            &format!("{}/blobs/sha256:{}", self.base, chunk.name),
            chunk.length as u64,
        )
    }

    fn fetch(&self, url: &str, most: u64) -> anyhow::Result<Vec<u8>> {
        let mut response = request(url, &self.headers())?;
        if response.status().as_u16() == 401 {
            let challenge = response
                .headers()
                .get("www-authenticate")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            *self.token.borrow_mut() = Some(token(&challenge)?);
            response = request(url, &self.headers())?;
        }
        if response.status().as_u16() != 200 {
            bail!("{url} answered {}", response.status());
        }
        body(&mut response, most)
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("accept", MANIFEST.to_owned())];
        headers.extend(
            self.token
                .borrow()
                .as_ref()
                .map(|token| ("authorization", format!("Bearer {token}"))),
        );
        headers
    }
}

/// Asks for a token as the registry's challenge says: `Bearer realm="…",service="…",scope="…"`.
fn token(challenge: &str) -> anyhow::Result<String> {
    let parameters = challenge
        .strip_prefix("Bearer ")
        .context("the registry wants a login that is not by token")?;
    let parameter = |name: &str| {
        let start = parameters.find(&format!("{name}=\""))? + name.len() + 2;
        parameters[start..].split('"').next()
    };
    let realm = parameter("realm").context("the registry does not say where tokens are given")?;
    let sign = if realm.contains('?') { '&' } else { '?' };
    let query: Vec<String> = ["service", "scope"]
        .iter()
        .filter_map(|name| Some(format!("{name}={}", parameter(name)?)))
        .collect();
    let answer = get(&format!("{realm}{sign}{}", query.join("&")), 1 << 20)?;
    let answer: Value =
        serde_json::from_slice(&answer).context("the answer with the token is no JSON")?;
    let token = answer["token"]
        .as_str()
        .or_else(|| answer["access_token"].as_str());
    token.map(str::to_owned).context("the answer has no token")
}
