//! Kubernetes audit logs: what a subject asked for, and whether it was let.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;
use model::Problem;
use rbac::{Request, Subject};
use serde::Deserialize;

use crate::records::{self, Records};

/// The longest line that is read, in bytes: events with bodies are long, and nothing is kept of them.
const LINE: u64 = 32 << 20;

const AUTHENTICATION: &str = "authentication.k8s.io";

/// What a subject asked for.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Events of anybody.
    pub(super) events: u64,
    /// Events of the subject.
    pub(super) own: u64,
    /// When the first and the last event of anybody came in, as they say it.
    pub(super) span: Option<(String, String)>,
    /// Requests that were let, with how often, and why as far as the log says it.
    pub(super) allowed: BTreeMap<Asked, Times>,
    /// Requests that were not.
    pub(super) forbidden: BTreeMap<Asked, Times>,
    pub(super) problems: Vec<Problem>,
}

/// How often, and the reason that stands in the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    pub(super) count: u64,
    pub(super) reason: Option<String>,
}

/// A request.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Asked {
    Resource {
        namespace: String,
        group: String,
        resource: String,
        subresource: String,
        verb: String,
        name: String,
    },
    Url {
        path: String,
        verb: String,
    },
}

impl Asked {
    pub(super) fn request(&self) -> Request<'_> {
        match self {
            Asked::Url { path, verb } => Request::url(verb, path),
            Asked::Resource {
                namespace,
                group,
                resource,
                subresource,
                verb,
                name,
            } => Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
        }
    }
}

/// An event, as far as it counts. Audit levels above metadata add bodies, which are skipped.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    kind: Option<String>,
    stage: Option<String>,
    verb: Option<String>,
    user: Option<User>,
    impersonated_user: Option<User>,
    object_ref: Option<ObjectRef>,
    #[serde(rename = "requestURI")]
    uri: Option<String>,
    response_status: Option<Status>,
    request_received_timestamp: Option<String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    /// Of an `EventList`.
    #[serde(default)]
    items: Vec<Event>,
}

#[derive(Deserialize, Default)]
struct User {
    #[serde(default)]
    username: String,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    uid: String,
    #[serde(default)]
    extra: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ObjectRef {
    resource: String,
    namespace: String,
    name: String,
    api_group: String,
    subresource: String,
}

#[derive(Deserialize)]
struct Status {
    code: Option<u16>,
}

impl Log {
    /// Reads a file; `-` is standard input.
    pub(super) fn read(&mut self, file: &Path, subject: Subject<'_>) -> anyhow::Result<()> {
        let name = file.to_string_lossy();
        let mut input = records::open(file).context("cannot read the audit log")?;
        let is_compressed = input.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        if is_compressed {
            input = Box::new(BufReader::new(MultiGzDecoder::new(input)));
        }
        self.lines(&name, &mut *input, subject)
            .with_context(|| format!("cannot read the audit log {name}"))
    }

    fn lines(
        &mut self,
        name: &str,
        input: &mut dyn BufRead,
        subject: Subject<'_>,
    ) -> std::io::Result<()> {
        let events = Records {
            file: name,
            what: "audit event",
            longest: LINE,
        };
        let problems = events.each(input, |_, line| {
            let event: Event = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            if !event.is_whole() {
                return Err("it has no `verb`, `user` or `requestURI`".to_owned());
            }
            self.event(event, subject);
            Ok(())
        })?;
        self.problems.extend(problems);
        Ok(())
    }

    fn event(&mut self, event: Event, subject: Subject<'_>) {
        if event.kind.as_deref() == Some("EventList") {
            for item in event.items {
                self.event(item, subject);
            }
            return;
        }
        // Before authorization nothing is decided.
        if event.stage.as_deref() == Some("RequestReceived") {
            return;
        }
        self.events += 1;
        self.time(event.request_received_timestamp.as_deref());
        let sender = event.user.as_ref();
        if let (Some(actor), Some(target)) = (sender, &event.impersonated_user)
            && is_meant(actor, subject)
        {
            self.own += 1;
            self.impersonation(target);
        }
        let effective = event.impersonated_user.as_ref().or(sender);
        if effective.is_none_or(|user| !is_meant(user, subject)) {
            return;
        }
        self.own += 1;
        let code = event
            .response_status
            .as_ref()
            .and_then(|status| status.code);
        let decision = event.annotations.get("authorization.k8s.io/decision");
        let is_allowed = match (decision.map(String::as_str), code) {
            (Some(decision), _) => decision == "allow",
            (None, Some(401)) => return,
            (None, code) => code != Some(403),
        };
        let reason = event.annotations.get("authorization.k8s.io/reason");
        let reason = reason.filter(|reason| !reason.is_empty()).cloned();
        let into = if is_allowed {
            &mut self.allowed
        } else {
            &mut self.forbidden
        };
        for asked in event.asked(code) {
            let times = into.entry(asked).or_default();
            times.count += 1;
            times.reason = times.reason.take().or_else(|| reason.clone());
        }
    }

    /// What somebody needs to act as another: each part of whom it becomes, but for the groups that the name implies.
    fn impersonation(&mut self, target: &User) {
        let account = target.username.strip_prefix("system:serviceaccount:");
        let implied = Subject::User(&target.username).implied_groups();
        let asked = |namespace: &str, group: &str, resource: &str, part: &str, name: &str| {
            Asked::Resource {
                namespace: namespace.to_owned(),
                group: group.to_owned(),
                resource: resource.to_owned(),
                subresource: part.to_owned(),
                verb: "impersonate".to_owned(),
                name: name.to_owned(),
            }
        };
        let mut all = vec![match account.and_then(|account| account.split_once(':')) {
            Some((namespace, name)) => asked(namespace, "", "serviceaccounts", "", name),
            None => asked("", "", "users", "", &target.username),
        }];
        let groups = target
            .groups
            .iter()
            .filter(|group| !implied.contains(group));
        all.extend(groups.map(|group| asked("", "", "groups", "", group)));
        if !target.uid.is_empty() {
            all.push(asked("", AUTHENTICATION, "uids", "", &target.uid));
        }
        for (key, values) in &target.extra {
            let values = values.iter();
            all.extend(values.map(|value| asked("", AUTHENTICATION, "userextras", key, value)));
        }
        for asked in all {
            self.allowed.entry(asked).or_default().count += 1;
        }
    }

    fn time(&mut self, at: Option<&str>) {
        let Some(at) = at else { return };
        match &mut self.span {
            None => self.span = Some((at.to_owned(), at.to_owned())),
            Some((first, last)) => {
                if at < first.as_str() {
                    at.clone_into(first);
                }
                if at > last.as_str() {
                    at.clone_into(last);
                }
            }
        }
    }
}

/// Whether an event is of a user, or of somebody in a group.
fn is_meant(user: &User, subject: Subject<'_>) -> bool {
    match subject {
        Subject::User(name) => user.username == name,
        Subject::Group(name) => user.groups.iter().any(|group| group == name),
        Subject::ServiceAccount { namespace, name } => {
            let account = user.username.strip_prefix("system:serviceaccount:");
            account.and_then(|account| account.split_once(':')) == Some((namespace, name))
        }
    }
}

impl Event {
    fn is_whole(&self) -> bool {
        self.kind.as_deref() == Some("EventList")
            || (self.verb.is_some() && self.user.is_some() && self.uri.is_some())
    }

    /// What the authorizer was asked.
    fn asked(&self, code: Option<u16>) -> Vec<Asked> {
        let verb = self.verb.clone().unwrap_or_default();
        let Some(object) = self
            .object_ref
            .as_ref()
            .filter(|object| !object.resource.is_empty())
        else {
            let uri = self.uri.as_deref().unwrap_or_default();
            let path = uri.split('?').next().unwrap_or_default().to_owned();
            return vec![Asked::Url { path, verb }];
        };
        let asked = |verb: &str, name: &str| Asked::Resource {
            namespace: object.namespace.clone(),
            group: object.api_group.clone(),
            resource: object.resource.clone(),
            subresource: object.subresource.clone(),
            verb: verb.to_owned(),
            name: name.to_owned(),
        };
        // The name of what is created stands in its body: the authorizer does not know it, the log does.
        let name = match (verb.as_str(), object.subresource.as_str()) {
            ("create", "") => "",
            _ => object.name.as_str(),
        };
        let mut all = vec![asked(&verb, name)];
        // To create by writing needs both permissions.
        if code == Some(201)
            && matches!(verb.as_str(), "update" | "patch")
            && object.subresource.is_empty()
        {
            all.push(asked("create", name));
        }
        all
    }
}

#[cfg(test)]
mod tests;
