//! One repository of a registry: its manifests, blobs and tags, and who asks.

use std::sync::{Mutex, PoisonError};

use model::ImageRef;
use serde::Deserialize;

use crate::challenge::{self, Challenge};
use crate::client::{Client, Header, Response, said};
use crate::credentials::Login;
use crate::error::{Error, Fault, one_line};
use crate::token::{self, Office};

/// What a manifest may be.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// Tags that are asked for, and those that are shown when one is not there.
const LISTED_TAGS: &str = "1000";
const SHOWN_TAGS: usize = 8;

/// Bytes of a list.
const MAX_LIST: u64 = 8 << 20;

/// A repository. Its requests share one token.
pub struct Repository<'c> {
    pub(crate) client: &'c Client,
    registry: String,
    name: String,
    base: String,
    authorization: Mutex<Option<String>>,
}

impl<'c> Repository<'c> {
    /// The repository that a reference names.
    pub fn new(client: &'c Client, image: &ImageRef<'_>) -> Self {
        let (registry, name) = (image.registry.to_owned(), image.repository().into_owned());
        Self {
            base: format!("{}/v2/{name}", client.base(&registry)),
            client,
            registry,
            name,
            authorization: Mutex::new(None),
        }
    }

    /// The registry, by the name that references use.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// A manifest or an index, by its tag or digest. Whether it is what its digest says is not looked at.
    pub fn manifest(&self, reference: &str, most: u64) -> Result<Vec<u8>, Error> {
        let what = self.manifest_name(reference);
        let headers = [("accept", MANIFESTS.to_owned())];
        let url = format!("{}/manifests/{reference}", self.base);
        self.whole(&url, &[], &headers, most).map_err(|error| {
            let mut error = error.about(what);
            let is_tag = !reference.contains(':');
            if let Fault::NotFound { tags, .. } = &mut error.fault
                && is_tag
            {
                *tags = self.tags_like(reference);
            }
            error
        })
    }

    /// The digest of what a tag names now, as the registry says it; none if it does not.
    pub fn digest(&self, tag: &str) -> Result<Option<String>, Error> {
        let url = format!("{}/manifests/{tag}", self.base);
        let headers = [("accept", MANIFESTS.to_owned())];
        let response = self.ask(|headers| self.client.head(&url, headers), &headers);
        let response = response.map_err(|error| error.about(self.manifest_name(tag)))?;
        let digest = response.headers().get("docker-content-digest");
        Ok(digest.and_then(|digest| digest.to_str().ok().map(str::to_owned)))
    }

    /// Tags, as many as the registry gives at once.
    pub fn tags(&self) -> Result<Vec<String>, Error> {
        #[derive(Deserialize)]
        struct Tags {
            tags: Option<Vec<String>>,
        }
        let url = format!("{}/tags/list", self.base);
        let what = || format!("the tags of {}", self.name);
        let bytes = self
            .whole(&url, &[("n", LISTED_TAGS)], &[], MAX_LIST)
            .map_err(|error| error.about(what()))?;
        let list = serde_json::from_slice::<Tags>(&bytes).map_err(|_| {
            let fault = Fault::Answer("the answer is no list of tags".to_owned());
            fault.of(&self.registry, what())
        })?;
        Ok(list.tags.unwrap_or_default())
    }

    /// Tags that begin as this one does, else the last ones; none if the registry lists none.
    fn tags_like(&self, tag: &str) -> Vec<String> {
        let mut tags = self.tags().unwrap_or_default();
        let common = |other: &String| {
            let pairs = other.bytes().zip(tag.bytes());
            pairs.take_while(|(one, other)| one == other).count()
        };
        tags.retain(|tag| tag.len() <= 128 && tag.bytes().all(|byte| byte.is_ascii_graphic()));
        tags.reverse();
        tags.sort_by_key(|other| std::cmp::Reverse(common(other)));
        tags.truncate(SHOWN_TAGS);
        tags
    }

    fn manifest_name(&self, reference: &str) -> String {
        let sign = if reference.contains(':') { '@' } else { ':' };
        format!("the manifest of {}{sign}{reference}", self.name)
    }

    pub(crate) fn blob_url(&self, digest: &str) -> String {
        format!("{}/blobs/{digest}", self.base)
    }

    fn whole(
        &self,
        url: &str,
        query: &[(&str, &str)],
        headers: &[Header],
        most: u64,
    ) -> Result<Vec<u8>, Error> {
        let of_fault = |fault: Fault| fault.of(&self.registry, "");
        let ask = || self.get(url, query, headers);
        self.client.whole(most, ask, of_fault)
    }

    /// An answer with what was asked for; 206 is left to who asks for a part.
    pub(crate) fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        headers: &[Header],
    ) -> Result<Response, Error> {
        self.ask(|headers| self.client.get(url, query, headers), headers)
    }

    fn ask(
        &self,
        send: impl Fn(&[Header]) -> Result<Response, Fault>,
        headers: &[Header],
    ) -> Result<Response, Error> {
        let error = |fault: Fault| fault.of(&self.registry, "");
        let mut has_asked = false;
        let mut attempt = Attempt::default();
        loop {
            let authorization = self.authorization();
            let mut all = headers.to_vec();
            all.extend(authorization.clone().map(|value| ("authorization", value)));
            let mut response = send(&all).map_err(error)?;
            let status = response.status().as_u16();
            match status {
                200 | 206 | 416 => return Ok(response),
                401 if !has_asked => {
                    has_asked = true;
                    // Another thread may have a new token already.
                    if self.authorization() == authorization {
                        attempt = self.log_in(&response)?;
                    }
                }
                401 | 403 => {
                    return Err(error(Fault::Denied {
                        status,
                        said: said(&mut response),
                        has_login: attempt.has_login,
                        failed: attempt.failed,
                    }));
                }
                404 => {
                    let said = said(&mut response);
                    let tags = Vec::new();
                    return Err(error(Fault::NotFound { said, tags }));
                }
                _ => {
                    let said = said(&mut response);
                    return Err(error(Fault::Status { status, said }));
                }
            }
        }
    }

    fn authorization(&self) -> Option<String> {
        let known = self.authorization.lock();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does what the challenge asks for.
    fn log_in(&self, response: &Response) -> Result<Attempt, Error> {
        let headers = response.headers().get_all("www-authenticate");
        let challenges = challenge::read(headers.iter().filter_map(|value| value.to_str().ok()));
        let found = self.client.keyring.find(&self.registry, &self.name);
        let login = found.login.as_ref();
        let mut failed = found.failed;
        let scope = format!("repository:{}:pull", self.name);
        let mut value = None;
        for challenge in &challenges {
            value = match (challenge, login) {
                (
                    Challenge::Bearer {
                        realm,
                        service,
                        scope: asked,
                    },
                    _,
                ) => {
                    let office = Office {
                        realm,
                        service: service.as_deref(),
                        scope: asked.as_deref().unwrap_or(&scope),
                    };
                    let token = token::bearer(self.client, &office, login);
                    Some(token.map_err(|mut fault| {
                        if let Fault::Denied { failed: told, .. } = &mut fault {
                            told.append(&mut failed);
                        }
                        fault.of(&self.registry, format!("a token of {}", one_line(realm)))
                    })?)
                }
                (Challenge::Basic, Some(Login::Password { user, password })) => {
                    Some(token::basic(user, password))
                }
                (Challenge::Basic, Some(Login::Bearer(token))) => Some(format!("Bearer {token}")),
                (Challenge::Basic, _) => None,
            };
            if value.is_some() {
                break;
            }
        }
        let mut known = self
            .authorization
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *known = value;
        Ok(Attempt {
            has_login: login.is_some(),
            failed,
        })
    }
}

/// How logging in went.
#[derive(Default)]
struct Attempt {
    has_login: bool,
    /// Why logins that are configured could not be had.
    failed: Vec<String>,
}
