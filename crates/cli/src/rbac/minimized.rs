//! What of a subject's permissions it needs: rule by rule, and as new roles.

use std::collections::BTreeMap;

use model::ApiResources;
use rbac::{Grant, Least, LeastLimits, LeastRole, Slot, Subject, Useless};
use schema::Schema;
use serde::Serialize;

use super::audit::{Asked, Log, Times};
use super::wire::{Chain, Object, Rule, Undecided, Who};
use super::{Permissions, token};
use crate::answers::wire::{At, Lost};

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) schema: &'static str,
    pub(super) subject: Who,
    /// What was read of audit logs; absent without one: then nothing is known of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<Read>,
    /// Whether a pod that was read has its token: `yes`, `no`, or `unknown` when no such pod was read.
    pub(super) mounted: &'static str,
    /// The rules that it is granted now, not through groups.
    pub(super) rules: Vec<Present>,
    /// Requests that the log saw allowed and that nothing which was read allows.
    pub(super) missing: Vec<Request>,
    /// Requests that were allowed through groups only: the new roles do not have them.
    pub(super) shared: Vec<Request>,
    /// Requests that were not allowed.
    pub(super) forbidden: Vec<Request>,
    /// Permissions that no log shows, and that may have been needed.
    pub(super) unseen: Vec<Unseen>,
    pub(super) roles: Vec<Role>,
    /// The bindings that name it now, and where: these items make room for the new bindings.
    pub(super) bindings: Vec<Bound>,
    /// The new roles and bindings.
    pub(super) yaml: String,
    pub(super) undecided: Vec<Undecided>,
    pub(super) problems: Vec<Lost>,
}

/// How much of a log there was.
#[derive(Serialize)]
pub(super) struct Read {
    /// Of anybody.
    pub(super) events: u64,
    /// Of the subject.
    pub(super) own: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<String>,
}

/// What becomes of a rule.
#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Kept,
    Narrowed,
    Removed,
}

/// A rule that is granted now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Present {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    pub(super) state: State,
    /// What it says, in a phrase for each resource.
    pub(super) text: String,
    /// What of it is not needed.
    pub(super) unused: Vec<Unused>,
    pub(super) chain: Chain,
}

/// A part of a rule that goes.
#[derive(Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Unused {
    pub(super) verbs: Vec<String>,
    /// The resource with its group, or a path.
    pub(super) resource: String,
    /// Whether some of it stays: single objects, a namespace, or what a star stands for.
    pub(super) in_part: bool,
    /// Why, where it can never be of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<&'static str>,
}

/// A request of the log.
#[derive(Serialize)]
pub(super) struct Request {
    pub(super) text: String,
    pub(super) place: String,
    pub(super) count: u64,
    /// What the log says allowed it, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// A permission that no log shows.
#[derive(Serialize)]
pub(super) struct Unseen {
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    pub(super) text: String,
    pub(super) during: &'static str,
    pub(super) chain: Option<Chain>,
}

/// A new role.
#[derive(Serialize)]
pub(super) struct Role {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    name: String,
    rules: Vec<Rule>,
}

/// A binding that names the subject.
#[derive(Serialize)]
pub(super) struct Bound {
    #[serde(flatten)]
    pub(super) binding: Object,
    /// Where it names the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<At>,
    /// How many others it names.
    pub(super) others: usize,
}

/// How the answer is made.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) subject: Subject<'w>,
    pub(super) limits: LeastLimits,
    /// The name of the new roles and bindings.
    pub(super) name: &'w str,
}

/// By what a log saw used.
pub(super) fn by_log(read: &Permissions, wanted: Wanted<'_>, log: &Log) -> Answer {
    let requests: Vec<rbac::Request<'_>> = log.allowed.keys().map(Asked::request).collect();
    let least = read.graph.least(wanted.subject, &requests, wanted.limits);
    let seen: BTreeMap<rbac::Request<'_>, &Times> =
        requests.iter().copied().zip(log.allowed.values()).collect();
    let told = |list: &[rbac::Request<'_>]| {
        let list = list.iter();
        list.map(|one| request(one, seen.get(one).copied()))
            .collect()
    };
    let unseen = read.graph.unseen(wanted.subject, &least.own);
    let unseen = unseen.into_iter().map(|one| Unseen {
        namespace: one.namespace.map(str::to_owned),
        text: format!("{} {}", one.verb, one.resource),
        during: one.during,
        chain: read.view().chain(one.grant),
    });
    let forbidden = log.forbidden.iter();
    Answer {
        log: Some(Read {
            events: log.events,
            own: log.own,
            first: log.span.as_ref().map(|(first, _)| first.clone()),
            last: log.span.as_ref().map(|(_, last)| last.clone()),
        }),
        missing: told(&least.beyond),
        shared: told(&least.shared),
        forbidden: forbidden
            .map(|(asked, times)| request(&asked.request(), Some(times)))
            .collect(),
        unseen: unseen.collect(),
        ..answer(read, wanted, &least, &|_| None)
    }
}

/// By what can never be of use: nothing is known of the rest.
pub(super) fn by_manifests(read: &Permissions, wanted: Wanted<'_>) -> Answer {
    let inventory = &read.scanned.inventory;
    let known = ApiResources::new(Schema::embedded(), inventory);
    let is_mounted = mounted(read, wanted.subject) != "no";
    let judge = |slot: &Slot<'_>| rbac::useless(slot, &known, inventory.is_complete);
    let roles = read
        .graph
        .useful(wanted.subject, |slot| !is_mounted || judge(slot).is_some());
    let least = Least {
        roles,
        ..Least::default()
    };
    answer(read, wanted, &least, &judge)
}

fn answer(
    read: &Permissions,
    wanted: Wanted<'_>,
    least: &Least<'_>,
    judge: &dyn Fn(&Slot<'_>) -> Option<Useless>,
) -> Answer {
    let subject = wanted.subject;
    let graph = &read.graph;
    let view = read.view();
    let own = graph.find(subject);
    let own: Vec<_> = own
        .into_iter()
        .flat_map(|id| graph.bindings_of(id))
        .collect();
    let mut named: Vec<_> = own.clone();
    named.sort_unstable();
    let bindings = own.iter().filter_map(|binding| {
        let bound: Vec<_> = graph.bound(*binding).collect();
        let item = bound.iter().find(|one| Some(one.id) == graph.find(subject));
        Some(Bound {
            binding: view.object(graph.binding(*binding)?),
            subject: item.and_then(|item| view.at(item.place)),
            others: bound.len().saturating_sub(1),
        })
    });
    let rules = graph.own_rules(subject).into_iter();
    let texts = least
        .roles
        .iter()
        .map(|role| role.to_yaml(wanted.name, subject));
    Answer {
        schema: "seawall.dev/rbac-minimize/v1",
        subject: Who::new(subject),
        log: None,
        mounted: mounted(read, subject),
        rules: rules
            .filter_map(|(namespace, grant)| present(read, namespace, grant, least, judge))
            .collect(),
        missing: Vec::new(),
        shared: Vec::new(),
        forbidden: Vec::new(),
        unseen: Vec::new(),
        roles: least
            .roles
            .iter()
            .map(|role| new_role(role, wanted.name))
            .collect(),
        bindings: bindings.collect(),
        yaml: texts.collect(),
        undecided: view.undecided(|binding| named.binary_search(&binding).is_ok()),
        problems: Vec::new(),
    }
}

fn present(
    read: &Permissions,
    namespace: Option<&str>,
    grant: Grant,
    least: &Least<'_>,
    judge: &dyn Fn(&Slot<'_>) -> Option<Useless>,
) -> Option<Present> {
    let text = read.graph.rule_text(grant.rule()?);
    let mut unused: Vec<Unused> = Vec::new();
    let mut has_use = false;
    for slot in Slot::of(namespace, &text) {
        if least.covers(&slot, &text.names) {
            has_use = true;
            continue;
        }
        let in_part = is_used(&slot, &text.names, least);
        has_use |= in_part;
        let why = judge(&slot).map(Useless::sentence);
        let resource = resource_text(&slot);
        let like = |part: &&mut Unused| {
            part.resource == resource && part.why == why && part.in_part == in_part
        };
        if let Some(part) = unused.iter_mut().find(like) {
            part.verbs.push(slot.verb.to_owned());
        } else {
            unused.push(Unused {
                verbs: vec![slot.verb.to_owned()],
                resource,
                in_part,
                why,
            });
        }
    }
    Some(Present {
        namespace: namespace.map(str::to_owned),
        state: match (has_use, unused.is_empty()) {
            (_, true) if has_use => State::Kept,
            (true, _) => State::Narrowed,
            (false, _) => State::Removed,
        },
        text: rule_phrase(&text),
        unused,
        chain: read.view().chain(grant)?,
    })
}

/// Whether something that the new roles are for is a part of a slot: an object of it, a namespace of it, what a star stands for.
fn is_used(slot: &Slot<'_>, names: &[&str], least: &Least<'_>) -> bool {
    let slot_rule = rbac::LeastRule {
        verbs: vec![slot.verb],
        groups: if slot.url.is_some() {
            Vec::new()
        } else {
            vec![slot.group]
        },
        resources: if slot.url.is_some() {
            Vec::new()
        } else {
            vec![slot.resource.to_owned()]
        },
        names: names.to_vec(),
        urls: slot.url.into_iter().collect(),
    };
    let in_scope = least
        .roles
        .iter()
        .filter(|role| slot.namespace.is_none() || role.namespace == slot.namespace);
    let mut rules =
        in_scope.flat_map(|role| role.rules.iter().map(move |rule| (role.namespace, rule)));
    rules.any(|(namespace, rule)| {
        let text = rbac::RuleText {
            verbs: rule.verbs.clone(),
            groups: rule.groups.clone(),
            resources: rule.resources.iter().map(String::as_str).collect(),
            names: rule.names.clone(),
            urls: rule.urls.clone(),
        };
        Slot::of(namespace, &text).any(|used| {
            let objects = rule.names.iter();
            let mut alone = objects.map(|name| slot_rule.covers(&used, &[name]));
            alone.any(|covers| covers) || slot_rule.covers(&used, &rule.names)
        })
    })
}

fn new_role(role: &LeastRole<'_>, name: &str) -> Role {
    let owned = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect();
    Role {
        kind: if role.namespace.is_none() {
            "ClusterRole"
        } else {
            "Role"
        },
        namespace: role.namespace.map(str::to_owned),
        name: name.to_owned(),
        rules: role
            .rules
            .iter()
            .map(|rule| Rule {
                verbs: owned(&rule.verbs),
                api_groups: owned(&rule.groups),
                resources: rule.resources.clone(),
                resource_names: owned(&rule.names),
                urls: owned(&rule.urls),
                location: None,
            })
            .collect(),
    }
}

fn request(request: &rbac::Request<'_>, times: Option<&Times>) -> Request {
    let (text, place) = match *request {
        rbac::Request::Url { verb, path } => (format!("{verb} {path}"), String::new()),
        rbac::Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } => {
            let written = join(group, resource, subresource);
            let name = if name.is_empty() {
                String::new()
            } else {
                format!(" `{name}`")
            };
            let place = match namespace {
                "" => "in the whole cluster".to_owned(),
                namespace => format!("in namespace {namespace}"),
            };
            (format!("{verb} {written}{name}"), place)
        }
    };
    Request {
        text,
        place,
        count: times.map_or(0, |times| times.count),
        reason: times.and_then(|times| times.reason.clone()),
    }
}

fn join(group: &str, resource: &str, part: &str) -> String {
    let group = if group.is_empty() {
        String::new()
    } else {
        format!(".{group}")
    };
    let part = if part.is_empty() {
        String::new()
    } else {
        format!("/{part}")
    };
    format!("{resource}{group}{part}")
}

fn resource_text(slot: &Slot<'_>) -> String {
    if let Some(url) = slot.url {
        return url.to_owned();
    }
    let (resource, part) = slot.resource.split_once('/').unwrap_or((slot.resource, ""));
    join(slot.group, resource, part)
}

/// `get list pods, pods/log`.
fn rule_phrase(rule: &rbac::RuleText<'_>) -> String {
    let resources = rule.groups.iter().flat_map(|group| {
        rule.resources.iter().map(move |resource| {
            let (resource, part) = resource.split_once('/').unwrap_or((resource, ""));
            join(group, resource, part)
        })
    });
    let urls = rule.urls.iter().map(|&url| url.to_owned());
    let all: Vec<String> = resources.chain(urls).collect();
    let only = match &rule.names[..] {
        [] => String::new(),
        names => format!(", only {}", names.join(" ")),
    };
    format!("{} {}{only}", rule.verbs.join(" "), all.join(" "))
}

/// Whether a pod that was read has the token of a service account; users and groups have none.
fn mounted(read: &Permissions, subject: Subject<'_>) -> &'static str {
    let Some(id) = read.graph.find(subject) else {
        return "unknown";
    };
    let Subject::ServiceAccount { name, .. } = subject else {
        return "unknown";
    };
    if read.graph.has_token_secret(id) {
        return "yes";
    }
    let resources = &read.scanned.inventory.resources;
    let account = read.graph.service_account(id);
    let account = account.and_then(|index| resources.get(index.index()));
    let mut answer = "unknown";
    for index in read.graph.running_as(id) {
        let Some(resource) = resources.get(index.index()) else {
            continue;
        };
        let pods = read.scanned.views.pods_of(resource);
        for pod in pods.iter().filter(|pod| runs_as(pod, name)) {
            if token::is_mounted(pod, account) {
                return "yes";
            }
            answer = "no";
        }
    }
    answer
}

fn runs_as(pod: &model::PodView<'_>, name: &str) -> bool {
    let account = pod.effective(model::PodMember::ServiceAccountName);
    account.as_str().is_none_or(|own| own == name)
}
