//! A pattern of escalation as data.

use std::fmt;

use model::Severity;

use super::search::{Hit, Search};

/// Turns the places where a pattern's needs are held into what can be gained there.
#[derive(Clone, Copy)]
pub(super) struct Find {
    /// The most that it finds.
    pub(super) gain: Gain,
    pub(super) take: fn(&mut Search<'_>, &'static Pattern, &Hit),
}

/// What can be gained, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Gain {
    /// Only what the pattern says.
    Itself,
    /// A node.
    Node,
    /// Acting as someone else, who may go on from there.
    Identity,
}

/// One way to gain permissions from permissions.
#[derive(Clone, Copy)]
pub struct Pattern {
    /// Stable word in kebab-case.
    pub id: &'static str,
    /// What the subject may do.
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What must hold besides; empty when nothing must.
    pub precondition: &'static str,
    /// What is gained.
    pub gain: &'static str,
    /// Where it is described.
    pub reference: &'static str,
    /// Where the needs must be held.
    pub scope: Scope,
    /// The requests that it needs, all of them.
    pub needs: &'static [Need],
    pub(super) find: Find,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Pattern {}

/// Where the requests of a pattern must be allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// In the whole cluster.
    Cluster,
    /// In any namespace.
    Namespaced,
    /// In one namespace.
    In(&'static str),
}

/// One request that a pattern needs: one of the verbs on one of the resources.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Need {
    /// Any of these verbs.
    pub verbs: &'static [&'static str],
    /// The API group.
    pub group: &'static str,
    /// Any of these resources, with their subresources.
    pub resources: &'static [&'static str],
    /// The one object that it must be allowed for; empty for any.
    pub name: &'static str,
}

impl Need {
    pub(super) const fn new(
        verbs: &'static [&'static str],
        group: &'static str,
        resources: &'static [&'static str],
    ) -> Self {
        Need {
            verbs,
            group,
            resources,
            name: "",
        }
    }

    /// The same for one object.
    pub(super) const fn named(self, name: &'static str) -> Self {
        Need { name, ..self }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources: Vec<String> = self
            .resources
            .iter()
            .map(|resource| match self.group {
                "" => (*resource).to_owned(),
                group => format!("{resource} ({group})"),
            })
            .collect();
        write!(f, "{} {}", self.verbs.join("/"), resources.join(" or "))?;
        if !self.name.is_empty() {
            write!(f, " named {}", self.name)?;
        }
        Ok(())
    }
}

/// To change an object, or to make one.
pub(super) const WRITE: &[&str] = &["create", "update", "patch"];
/// To change an object that is there.
pub(super) const CHANGE: &[&str] = &["update", "patch"];
/// To see what an object holds.
pub(super) const READ: &[&str] = &["get", "list", "watch"];
/// To remove objects.
pub(super) const DELETE: &[&str] = &["delete", "deletecollection"];
/// To make an object.
pub(super) const CREATE: &[&str] = &["create"];
