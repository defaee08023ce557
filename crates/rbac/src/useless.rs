//! Permissions that can never be of use: no request is ever asked so.

use model::ApiResources;

use crate::view::RuleText;

/// A single permission of a rule: a verb on a resource or on a path, in a scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Slot<'a> {
    /// Where it is granted; `None` for the whole cluster.
    pub namespace: Option<&'a str>,
    /// The verb.
    pub verb: &'a str,
    /// The API group.
    pub group: &'a str,
    /// The resource with its subresource.
    pub resource: &'a str,
    /// The path, where it is about one: then there is no group and resource.
    pub url: Option<&'a str>,
}

impl<'a> Slot<'a> {
    /// All of a rule; very long ones are cut.
    pub fn of<'t>(
        namespace: Option<&'a str>,
        rule: &'t RuleText<'a>,
    ) -> impl Iterator<Item = Slot<'a>> + use<'t, 'a> {
        let on_resources = rule.groups.iter().flat_map(move |&group| {
            rule.resources.iter().flat_map(move |&resource| {
                rule.verbs.iter().map(move |&verb| Slot {
                    namespace,
                    verb,
                    group,
                    resource,
                    url: None,
                })
            })
        });
        let on_paths = rule.urls.iter().flat_map(move |&url| {
            rule.verbs.iter().map(move |&verb| Slot {
                namespace,
                verb,
                group: "",
                resource: "",
                url: Some(url),
            })
        });
        on_resources.chain(on_paths).take(MOST)
    }
}

/// Single permissions of one rule that are looked at: nobody writes more.
const MOST: usize = 1 << 16;

/// Why a permission can never be of use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Useless {
    /// The API group is Kubernetes' own and has no such resource.
    NoSuchResource,
    /// Nothing that was scanned serves the API group, and everything was.
    NoSuchGroup,
    /// No request to the resource has the verb.
    NoSuchVerb,
    /// The resource belongs to no namespace, and the permission is granted in one.
    ClusterScoped,
    /// A path is granted in a namespace.
    UrlInNamespace,
}

impl Useless {
    /// A sentence about it, without a full stop.
    pub fn sentence(self) -> &'static str {
        match self {
            Useless::NoSuchResource => "the API group has no such resource",
            Useless::NoSuchGroup => "nothing serves the API group",
            Useless::NoSuchVerb => "no request to the resource has the verb",
            Useless::ClusterScoped => {
                "the resource belongs to no namespace, and the permission is granted in one"
            }
            Useless::UrlInNamespace => "paths are not granted in a namespace",
        }
    }
}

/// Verbs of requests to any stored object.
const STORED: &[&str] = &[
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];

/// Verbs of requests to paths: the methods of HTTP.
const METHODS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put"];

/// Resources that are only asked, or only known to authorizers, with their verbs.
const OTHERS: &[(&str, &str, &[&str])] = &[
    ("", "bindings", &["create"]),
    ("", "componentstatuses", &["get", "list"]),
    ("", "groups", &["impersonate"]),
    ("", "users", &["impersonate"]),
    ("authentication.k8s.io", "selfsubjectreviews", &["create"]),
    ("authentication.k8s.io", "tokenreviews", &["create"]),
    ("authentication.k8s.io", "uids", &["impersonate"]),
    (
        "authorization.k8s.io",
        "localsubjectaccessreviews",
        &["create"],
    ),
    (
        "authorization.k8s.io",
        "selfsubjectaccessreviews",
        &["create"],
    ),
    (
        "authorization.k8s.io",
        "selfsubjectrulesreviews",
        &["create"],
    ),
    ("authorization.k8s.io", "subjectaccessreviews", &["create"]),
    (
        "certificates.k8s.io",
        "signers",
        &["approve", "attest", "sign"],
    ),
];

/// Verbs that stored objects have beside the usual ones.
const MORE: &[(&str, &str, &str)] = &[
    ("", "serviceaccounts", "impersonate"),
    ("policy", "podsecuritypolicies", "use"),
    ("rbac.authorization.k8s.io", "clusterroles", "bind"),
    ("rbac.authorization.k8s.io", "clusterroles", "escalate"),
    ("rbac.authorization.k8s.io", "roles", "bind"),
    ("rbac.authorization.k8s.io", "roles", "escalate"),
];

/// Subresources of Kubernetes' own resources, with their verbs.
const PARTS: &[(&str, &[&str])] = &[
    ("approval", &["get", "patch", "update"]),
    ("attach", &["create", "get"]),
    ("binding", &["create"]),
    ("ephemeralcontainers", &["get", "patch", "update"]),
    ("eviction", &["create"]),
    ("exec", &["create", "get"]),
    ("log", &["get"]),
    ("portforward", &["create", "get"]),
    ("resize", &["get", "patch", "update"]),
    ("scale", &["get", "patch", "update"]),
    ("status", &["get", "patch", "update"]),
    ("token", &["create"]),
];

/// Why a permission can never be of use; `None` when it can, or when that is not known.
pub fn useless(slot: &Slot<'_>, known: &ApiResources, is_complete: bool) -> Option<Useless> {
    let is_namespaced = slot.namespace.is_some();
    if slot.url.is_some() {
        let is_method = slot.verb == "*" || METHODS.contains(&slot.verb);
        return match (is_namespaced, is_method) {
            (true, _) => Some(Useless::UrlInNamespace),
            (false, false) => Some(Useless::NoSuchVerb),
            (false, true) => None,
        };
    }
    let (resource, part) = match slot.resource.split_once('/') {
        Some((resource, part)) => (resource, Some(part)),
        None => (slot.resource, None),
    };
    if slot.group == "*" || resource == "*" {
        return None;
    }
    let Some(found) = known.find(slot.group, resource) else {
        // Other groups may be served by what was not scanned.
        let is_served = known.iter().any(|one| one.group == slot.group);
        return match ApiResources::is_own_group(slot.group) {
            true if is_unlisted(slot.group, resource) => None,
            true => Some(Useless::NoSuchResource),
            false => (is_complete && !is_served).then_some(Useless::NoSuchGroup),
        };
    };
    // A request to one namespace carries its name as the namespace.
    let is_namespace = slot.group.is_empty() && resource == "namespaces";
    if is_namespaced && found.is_namespaced == Some(false) && !is_namespace {
        return Some(Useless::ClusterScoped);
    }
    has_no_verb(slot, resource, part).then_some(Useless::NoSuchVerb)
}

fn has_no_verb(slot: &Slot<'_>, resource: &str, part: Option<&str>) -> bool {
    if slot.verb == "*" || !ApiResources::is_own_group(slot.group) {
        return false;
    }
    if let Some(part) = part {
        let verbs = PARTS.iter().find(|(own, _)| *own == part);
        return verbs.is_some_and(|(_, verbs)| !verbs.contains(&slot.verb));
    }
    let is_of = |row: &&(&str, &str, &[&str])| row.0 == slot.group && row.1 == resource;
    if let Some((_, _, verbs)) = OTHERS.iter().find(is_of) {
        return !verbs.contains(&slot.verb);
    }
    // Authorizers may be asked for verbs of others' making by any name; these are words of Kubernetes.
    let more = (slot.group, resource, slot.verb);
    !STORED.contains(&slot.verb) && !MORE.contains(&more) && is_word(slot.verb)
}

/// Whether a verb is one that only other resources have, or a method of HTTP.
fn is_word(verb: &str) -> bool {
    let elsewhere = OTHERS.iter().flat_map(|row| row.2).any(|own| *own == verb);
    let more = MORE.iter().any(|row| row.2 == verb);
    elsewhere || more || METHODS.contains(&verb)
}

/// Resources that Kubernetes has without a kind of their own.
fn is_unlisted(group: &str, resource: &str) -> bool {
    (group == "authentication.k8s.io" && resource.starts_with("userextras"))
        || (matches!(group, "policy" | "extensions") && resource == "podsecuritypolicies")
}
