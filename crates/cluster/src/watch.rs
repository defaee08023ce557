//! What changes in a cluster after it was read: one watch for each list, from the state that the list was of.

use std::sync::Arc;
use std::time::Duration;

use document::{Limits, NodeRef, Source};
use http_body_util::BodyExt as _;
use model::{Problem, Resource};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::api::{Api, Failure, failure};
use crate::list::{ListOf, encoded};
use crate::naming::Naming;
use crate::object::Maker;
use crate::problems;
use crate::scope::Scope;

/// How long a watch lasts before it is asked for again: less than a server may be silent.
const LASTS: Duration = Duration::from_secs(50);

/// The pause after a watch that failed; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How often a list is read again that cannot be watched.
const REREAD: Duration = Duration::from_mins(1);

/// Bytes of one event.
const LARGEST_EVENT: usize = 32 << 20;

/// Events that wait to be taken.
const WAITING: usize = 4096;

const JSON: &str = "application/json";

const LIMITS: Limits = Limits {
    bytes: 32 << 20,
    depth: 128,
    nodes: 8 << 20,
    alias_factor: 0,
    alias_bytes: 0,
};

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// An object is there, new or changed.
    Set(Resource),
    /// An object is gone: what it was called.
    Gone(String),
    /// A list was read again: all that it has now.
    All(AllOf, Vec<Resource>),
    /// Something is not watched.
    Problem(Problem),
}

/// The objects of one list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AllOf {
    /// Their `group/version`.
    pub(crate) api_version: String,
    /// Their kind.
    pub(crate) kind: String,
    /// Their namespace, where the list is of one.
    pub(crate) namespace: Option<String>,
}

impl AllOf {
    fn new(list: &ListOf) -> Self {
        AllOf {
            api_version: list.served.api_version(),
            kind: list.served.kind.clone(),
            namespace: list.namespace.clone(),
        }
    }

    /// Whether an object is one of them.
    pub(crate) fn has(&self, resource: &Resource) -> bool {
        let is_there = match &self.namespace {
            Some(namespace) => resource.namespace.as_deref() == Some(namespace),
            None => true,
        };
        is_there && *resource.kind == self.kind && *resource.api_version == self.api_version
    }
}

/// A list, and the state that it was read in.
#[derive(Clone, Debug)]
pub(crate) struct Followed {
    pub(crate) list: ListOf,
    pub(crate) version: String,
}

/// Events as they come.
#[derive(Debug)]
pub(crate) struct Watch {
    events: Receiver<Event>,
}

impl Watch {
    /// Begins to watch. Needs a runtime around.
    pub(crate) fn start(
        followed: Vec<Followed>,
        api: &Arc<Api>,
        maker: &Arc<Maker>,
        naming: &Naming,
        scope: &Scope,
    ) -> Self {
        let (sender, events) = mpsc::channel(WAITING);
        for Followed { list, version } in followed {
            let one = Follower {
                list,
                version,
                api: Arc::clone(api),
                maker: Arc::clone(maker),
                naming: naming.clone(),
                scope: scope.clone(),
                sender: sender.clone(),
            };
            tokio::spawn(one.follow());
        }
        Watch { events }
    }

    /// Waits for an event, at most for as long as `patience`, then for those that come soon after: until nothing comes for a
    /// while, or for `longest`. `None` when nothing came; no events when nothing is watched any more.
    pub(crate) async fn next(
        &mut self,
        patience: Option<Duration>,
        (quiet, longest): (Duration, Duration),
    ) -> Option<Vec<Event>> {
        let first = match patience {
            Some(patience) => timeout(patience, self.events.recv()).await.ok()?,
            None => self.events.recv().await,
        };
        let mut events: Vec<Event> = first.into_iter().collect();
        let end = Instant::now() + longest;
        while !events.is_empty() {
            let until = end.min(Instant::now() + quiet);
            match timeout_at(until, self.events.recv()).await {
                Ok(Some(event)) => events.push(event),
                Ok(None) | Err(_) => break,
            }
        }
        Some(events)
    }
}

/// Follows one list.
struct Follower {
    list: ListOf,
    version: String,
    api: Arc<Api>,
    maker: Arc<Maker>,
    naming: Naming,
    scope: Scope,
    sender: Sender<Event>,
}

/// How a watch ended.
enum End {
    /// As it should, or because of the network.
    Over,
    /// The state is forgotten.
    Expired,
    /// Something else, which may pass.
    Failed,
    /// It is not allowed, or not possible.
    Refused(Failure),
    /// Nobody listens.
    Unheard,
}

impl Follower {
    async fn follow(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let end = if self.list.served.can_watch {
                self.watch().await
            } else {
                sleep(REREAD).await;
                End::Expired
            };
            match end {
                End::Over => pause = FIRST_PAUSE,
                End::Expired => match self.list.all(&self.api, &self.maker).await {
                    Ok(listed) => {
                        self.version = listed.resource_version;
                        let mut resources = listed.resources;
                        resources.retain(|one| self.scope.has(one, &self.list.served));
                        let all = Event::All(AllOf::new(&self.list), resources);
                        if self.sender.send(all).await.is_err() {
                            return;
                        }
                    }
                    Err(Failure::Network(_)) => {}
                    Err(failure) => return self.refuse("list", &failure).await,
                },
                End::Failed => {
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                End::Refused(failure) => return self.refuse("watch", &failure).await,
                End::Unheard => return,
            }
        }
    }

    async fn refuse(&self, verb: &str, failure: &Failure) {
        let namespace = self.list.namespace.as_deref();
        let file = self.naming.path(&self.list.served.path(namespace));
        let problem = problems::not_read(&file, verb, &self.list.served, namespace, failure);
        // Nobody is left to tell when nobody listens.
        let _ = self.sender.send(Event::Problem(problem)).await;
    }

    fn path(&self) -> String {
        let path = self.list.served.path(self.list.namespace.as_deref());
        let selector = self.list.selector.as_deref();
        let selector = selector.map_or(String::new(), |it| {
            format!("&labelSelector={}", encoded(it))
        });
        format!(
            "{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}{selector}",
            LASTS.as_secs(),
            encoded(&self.version)
        )
    }

    async fn watch(&mut self) -> End {
        if self.version.is_empty() {
            return End::Expired;
        }
        self.api.pass().await;
        let Ok(response) = self.api.send(&self.path(), JSON).await else {
            return End::Failed;
        };
        let status = response.status();
        let mut body = response.into_body();
        let mut buffer: Vec<u8> = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map(http_body::Frame::into_data) else {
                return End::Over;
            };
            let Ok(data) = data else { continue };
            buffer.extend_from_slice(&data);
            if buffer.len() > LARGEST_EVENT {
                return End::Expired;
            }
            while status.is_success()
                && let Some(end) = buffer.iter().position(|byte| *byte == b'\n')
            {
                let line: Vec<u8> = buffer.drain(..=end).collect();
                if let Err(end) = self.event(&line).await {
                    return end;
                }
            }
        }
        match failure(status, &buffer) {
            _ if status.is_success() => End::Over,
            Failure::Expired(_) => End::Expired,
            Failure::Status { code: 405, .. } => {
                self.list.served.can_watch = false;
                End::Expired
            }
            Failure::Status { .. } | Failure::Network(_) => End::Failed,
            other => End::Refused(other),
        }
    }

    async fn event(&mut self, line: &[u8]) -> Result<(), End> {
        let Some((version, event)) = self.read(line)? else {
            return Ok(());
        };
        if let Some(event) = event {
            self.sender.send(event).await.map_err(|_| End::Unheard)?;
        }
        self.version = version;
        Ok(())
    }

    /// The state after an event, and what it says, if anything.
    fn read(&self, line: &[u8]) -> Result<Option<(String, Option<Event>)>, End> {
        let text = std::str::from_utf8(line).map_err(|_| End::Expired)?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = document::parse_json(Source::new("", text), &self.maker.keys, &LIMITS);
        let root = parsed.document.root(0).filter(|_| parsed.errors.is_empty());
        let root = root.ok_or(End::Expired)?;
        let object = root.get_str("object").ok_or(End::Expired)?;
        let kind = root.get_str("type").and_then(NodeRef::as_str);
        let metadata = object.get_str("metadata");
        let version = metadata.and_then(|metadata| metadata.get_str("resourceVersion")?.as_str());
        let version = version.unwrap_or_default().to_owned();
        let event = match kind {
            Some("BOOKMARK") => None,
            Some("ADDED" | "MODIFIED") => {
                let resource = self
                    .maker
                    .resource(object, &self.list.served)
                    .ok_or(End::Expired)?;
                let is_wanted = self.scope.has(&resource, &self.list.served);
                is_wanted.then_some(Event::Set(resource))
            }
            Some("DELETED") => {
                let resource = self
                    .maker
                    .resource(object, &self.list.served)
                    .ok_or(End::Expired)?;
                Some(Event::Gone(name_of(&resource).to_owned()))
            }
            // An error: mostly that the state is forgotten. To read all again is right for any of them.
            _ => return Err(End::Expired),
        };
        Ok(Some((version, event)))
    }
}

/// What an object is called in reports.
pub fn name_of(resource: &Resource) -> &str {
    resource
        .document
        .sources()
        .first()
        .map_or("", |source| source.name())
}
