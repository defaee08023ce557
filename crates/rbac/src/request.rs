//! What is asked: a subject and a request, and how a rule answers it.

use std::borrow::Cow;
use std::fmt;

use crate::names::{List, Lists, Name, Names};
use crate::subject::{groups_of_group, groups_of_user, service_account_user};

/// Someone who may act.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject<'a> {
    /// A user, by name. A name such as `system:serviceaccount:shop:web` is the service account.
    User(&'a str),
    /// Whoever is in a group, and in nothing else that the group does not imply.
    Group(&'a str),
    /// A service account.
    ServiceAccount {
        /// Its namespace.
        namespace: &'a str,
        /// Its name.
        name: &'a str,
    },
}

impl Subject<'_> {
    /// The name that permissions are given to, and whether it is that of a group.
    pub fn principal(&self) -> (bool, Cow<'_, str>) {
        match *self {
            Subject::User(name) => (false, name.into()),
            Subject::Group(name) => (true, name.into()),
            Subject::ServiceAccount { namespace, name } => {
                (false, service_account_user(namespace, name).into())
            }
        }
    }

    /// The groups that it is in because of its name.
    pub fn implied_groups(&self) -> Vec<String> {
        match *self {
            Subject::User(name) => groups_of_user(name),
            Subject::ServiceAccount { namespace, name } => {
                groups_of_user(&service_account_user(namespace, name))
            }
            Subject::Group(name) => {
                let groups = groups_of_group(name).into_iter().skip(1);
                groups.map(str::to_owned).collect()
            }
        }
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::User(name) => write!(f, "User {name}"),
            Subject::Group(name) => write!(f, "Group {name}"),
            Subject::ServiceAccount { namespace, name } => {
                write!(f, "ServiceAccount {namespace}/{name}")
            }
        }
    }
}

/// Who sends a request, as authentication leaves it: nothing is implied.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The user's name.
    pub user: &'a str,
    /// The groups.
    pub groups: &'a [&'a str],
}

/// One request to the API server, as its authorizers see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Request<'a> {
    /// To a resource.
    Resource {
        /// `get`, `list`, `create`, `bind` …
        verb: &'a str,
        /// API group; empty for the core group.
        group: &'a str,
        /// `pods`, `deployments` …
        resource: &'a str,
        /// `exec`, `status` …; empty for the resource itself.
        subresource: &'a str,
        /// Empty for cluster-wide requests. (A request to one Namespace carries its name here.)
        namespace: &'a str,
        /// Empty for requests that name no object.
        name: &'a str,
    },
    /// To a path that is no resource, such as `/metrics`.
    Url {
        /// `get`, `post` …
        verb: &'a str,
        /// The path.
        path: &'a str,
    },
}

impl<'a> Request<'a> {
    /// A request to a resource, written `pods` or `pods/exec`, in the whole cluster.
    pub fn resource(verb: &'a str, group: &'a str, resource: &'a str) -> Self {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace: "",
            name: "",
        }
    }

    /// A request to a path.
    pub fn url(verb: &'a str, path: &'a str) -> Self {
        Request::Url { verb, path }
    }

    /// The same request within a namespace.
    pub fn in_namespace(mut self, within: &'a str) -> Self {
        if let Request::Resource { namespace, .. } = &mut self {
            *namespace = within;
        }
        self
    }

    /// The same request to one object.
    pub fn named(mut self, object: &'a str) -> Self {
        if let Request::Resource { name, .. } = &mut self {
            *name = object;
        }
        self
    }

    /// The namespace that counts: none for paths.
    pub(crate) fn namespace(&self) -> &'a str {
        match *self {
            Request::Resource { namespace, .. } => namespace,
            Request::Url { .. } => "",
        }
    }
}

/// The lists of one rule of a role.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Rights {
    pub(crate) verbs: List,
    pub(crate) groups: List,
    pub(crate) resources: List,
    pub(crate) names: List,
    pub(crate) urls: List,
}

/// A request in the integers of a graph: made once, held against many rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    verb: Name,
    target: WantedTarget<'a>,
}

#[derive(Clone, Copy, Debug)]
enum WantedTarget<'a> {
    Resource {
        group: Name,
        /// `pods`, or `pods/exec`.
        resource: Name,
        /// `*/exec`.
        any_with_subresource: Name,
        name: Name,
    },
    Url(&'a str),
}

impl<'a> Wanted<'a> {
    pub(crate) fn new(request: &Request<'a>, names: &Names) -> Self {
        match *request {
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => Wanted {
                verb: names.find(verb),
                target: WantedTarget::Resource {
                    group: names.find(group),
                    resource: combined(resource, subresource, names),
                    any_with_subresource: any_with(subresource, names),
                    name: names.find(name),
                },
            },
            Request::Url { verb, path } => Wanted {
                verb: names.find(verb),
                target: WantedTarget::Url(path),
            },
        }
    }

    /// The entries of `resources` that match; none for a path.
    pub(crate) fn resources(&self) -> Option<[Name; 3]> {
        match self.target {
            WantedTarget::Resource {
                resource,
                any_with_subresource,
                ..
            } => Some([Name::ANY, resource, any_with_subresource]),
            WantedTarget::Url(_) => None,
        }
    }

    /// Whether a rule allows the request.
    #[inline]
    pub(crate) fn is_allowed_by(&self, rights: &Rights, lists: &Lists, names: &Names) -> bool {
        matches_any(lists.get(rights.verbs), self.verb)
            && match self.target {
                WantedTarget::Resource {
                    group,
                    resource,
                    any_with_subresource,
                    name,
                } => {
                    matches_any(lists.get(rights.groups), group)
                        && matches_resource(
                            lists.get(rights.resources),
                            resource,
                            any_with_subresource,
                        )
                        && matches_name(lists.get(rights.names), name)
                }
                WantedTarget::Url(path) => matches_url(lists.get(rights.urls), path, names),
            }
    }
}

fn combined(resource: &str, subresource: &str, names: &Names) -> Name {
    match subresource {
        "" => names.find(resource),
        _ => names.find(&[resource, "/", subresource].concat()),
    }
}

fn any_with(subresource: &str, names: &Names) -> Name {
    match subresource {
        "" => Name::ABSENT,
        _ => names.find(&["*/", subresource].concat()),
    }
}

/// Verbs and API groups: `*`, or equal.
#[inline]
pub(crate) fn matches_any(list: &[Name], wanted: Name) -> bool {
    list.iter().any(|&name| name == Name::ANY || name == wanted)
}

/// Resources: `*`, equal with its subresource, or `*/` and the subresource.
#[inline]
pub(crate) fn matches_resource(list: &[Name], wanted: Name, any_with_subresource: Name) -> bool {
    list.iter()
        .any(|&name| name == Name::ANY || name == wanted || name == any_with_subresource)
}

/// Names: an empty list matches all, `*` is a name like others.
#[inline]
pub(crate) fn matches_name(list: &[Name], wanted: Name) -> bool {
    list.is_empty() || list.contains(&wanted)
}

/// Paths: `*`, equal, or a prefix that ends in `*`.
pub(crate) fn matches_url(list: &[Name], path: &str, names: &Names) -> bool {
    list.iter()
        .any(|&url| url == Name::ANY || url_covers(names.text(url), path))
}

/// Whether the path of a rule is a path, or a prefix of it. All stars at the end count as one.
pub(crate) fn url_covers(url: &str, path: &str) -> bool {
    url == path || (url.ends_with('*') && path.starts_with(url.trim_end_matches('*')))
}

#[cfg(test)]
mod tests;
