//! Volumes of pods, and what lies behind claims.

use document::{NodeId, NodeRef};

use super::pod::{At, at};
use crate::read::{field, items, text};

/// A volume of a pod.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Volume<'a> {
    pub(crate) node: At<()>,
    /// As written: that of a token's volume is made up, and tells nothing apart.
    pub(crate) name: VolumeName<'a>,
    /// What it holds: several things when it is projected.
    pub(crate) sources: Vec<At<Source<'a>>>,
}

/// The name of a volume. All made-up names are equal.
#[derive(Clone, Copy, Eq, Debug)]
pub(crate) struct VolumeName<'a>(&'a str);

impl VolumeName<'_> {
    fn is_made_up(self) -> bool {
        self.0.starts_with("kube-api-access-")
    }
}

impl<'a> VolumeName<'a> {
    pub(crate) fn as_str(self) -> &'a str {
        if self.is_made_up() {
            "kube-api-access"
        } else {
            self.0
        }
    }
}

impl PartialEq for VolumeName<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || (self.is_made_up() && other.is_made_up())
    }
}

impl PartialEq<&str> for VolumeName<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// What a volume holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source<'a> {
    /// A path of the node.
    Host(&'a str),
    /// A claim on a persistent volume.
    Claim(&'a str),
    /// A token of the pod's service account; with the audience, when it is not for the API server.
    Token(Option<&'a str>),
    /// A Secret.
    Secret(&'a str),
}

impl<'a> Volume<'a> {
    pub(super) fn read(node: NodeRef<'a>) -> Self {
        let mut found = Vec::new();
        source(node, &mut found);
        for projected in field(node, "projected")
            .into_iter()
            .flat_map(|own| items(own, "sources"))
        {
            source(projected, &mut found);
        }
        Volume {
            node: at((), node),
            name: VolumeName(text(node, "name").unwrap_or("")),
            sources: found,
        }
    }
}

/// The source that a volume, or a part of a projected one, names.
fn source<'a>(node: NodeRef<'a>, found: &mut Vec<At<Source<'a>>>) {
    let named = |name: &str, key: &str| field(field(node, name)?, key);
    // A volume says `secretName`, a part of a projected one `name`.
    let secret = named("secret", "secretName").or_else(|| named("secret", "name"));
    let mut add = |node: Option<NodeRef<'a>>, source: fn(&'a str) -> Source<'a>| {
        let written = node.and_then(|node| Some((node.as_str()?, node)));
        found.extend(written.map(|(text, node)| at(source(text), node)));
    };
    add(named("hostPath", "path"), Source::Host);
    add(named("persistentVolumeClaim", "claimName"), Source::Claim);
    add(secret, Source::Secret);
    if let Some(token) = field(node, "serviceAccountToken") {
        found.push(at(Source::Token(text(token, "audience")), token));
    }
}

/// What some sources of a volume are.
pub(super) fn sources<'v, 'a, T>(
    volume: &'v Volume<'a>,
    pick: impl Fn(&At<Source<'a>>) -> Option<T> + 'v,
) -> impl Iterator<Item = T> + 'v {
    volume.sources.iter().filter_map(pick)
}

/// A path of the node behind a volume.
#[derive(Clone, Debug)]
pub(crate) struct HostPath {
    /// As Linux sees it.
    pub(crate) path: String,
    /// The node that names it, in the pod.
    pub(crate) node: NodeId,
    /// The persistent volume that it comes from.
    pub(crate) through: Option<Through>,
}

/// How a claim leads to a path of the node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Through {
    pub(crate) resource: u32,
    pub(crate) node: NodeId,
}

/// A path without `.`, `..` and doubled slashes; `/` for what leaves the root.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    // The same directory under its older name.
    match path.strip_prefix("/var/run") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/run{rest}"),
        _ => path,
    }
}

/// Whether a directory holds a path, or is it.
pub(crate) fn holds(directory: &str, path: &str) -> bool {
    directory == "/"
        || path
            .strip_prefix(directory)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{clean, holds};

    #[test]
    fn paths_are_compared_as_linux_sees_them() {
        assert_eq!(clean("/var/run//docker.sock/"), "/run/docker.sock");
        assert_eq!(clean("/etc/../root/./"), "/root");
        assert_eq!(clean("/.."), "/");
        assert_eq!(clean("/var/runner"), "/var/runner");
        assert!(holds("/", "/etc"));
        assert!(holds("/etc", "/etc/kubernetes"));
        assert!(!holds("/etc", "/etcd"));
        assert!(!holds("/etc/kubernetes", "/etc"));
    }
}
