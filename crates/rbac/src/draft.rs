//! Objects as they are read, before they are joined.

mod facts;
mod read;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use document::NodeRef;
use model::{Problem, ProblemKind, ProblemLevel, Resource};

use crate::names::{Lists, Name, Names};
use crate::selector::{Labels, Selector};
use crate::subject::service_account_user;
use crate::tables::{
    Binding, BindingId, Place, ResourceIndex, Role, RoleId, Rule, RuleId, SubjectId, SubjectRow,
};

pub(crate) use self::facts::{Facts, ServiceAccount, of_subject};
pub(crate) use self::read::Reader;

type Map<K, V> = HashMap<K, V, FixedState>;

/// The tables while they grow.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) names: Names,
    pub(crate) lists: Lists,
    pub(crate) rules: Vec<Rule>,
    pub(crate) roles: Vec<Role>,
    pub(crate) role_index: Map<(Name, Name), RoleId>,
    /// Labels of the `ClusterRoles` that have any.
    pub(crate) labels: Vec<(RoleId, Labels)>,
    /// What aggregated `ClusterRoles` select.
    pub(crate) aggregated: Vec<(RoleId, Vec<Selector>)>,
    /// The aggregated `ClusterRoles` that an API server gave, in the order of the inventory.
    pub(crate) served: Vec<ResourceIndex>,
    pub(crate) role_rules: Vec<(u32, RuleId)>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) references: Vec<Reference>,
    pub(crate) binding_subjects: Vec<(u32, Member)>,
    pub(crate) subjects: Vec<SubjectRow>,
    pub(crate) subject_index: Map<SubjectRow, SubjectId>,
    pub(crate) facts: Facts,
    pub(crate) problems: Vec<Problem>,
}

/// A subject of a binding, and the item that names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) subject: SubjectId,
    pub(crate) node: document::NodeId,
}

/// The role that a binding names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    pub(crate) binding: BindingId,
    /// The role's namespace; empty for a `ClusterRole`.
    pub(crate) scope: Name,
    pub(crate) name: Name,
}

impl Draft {
    pub(crate) fn subject(&mut self, is_group: bool, name: &str) -> SubjectId {
        let name = self.names.intern(name);
        let row = SubjectRow { is_group, name };
        let next = SubjectId(self.subjects.len() as u32);
        let id = *self.subject_index.entry(row).or_insert(next);
        if id == next {
            self.subjects.push(row);
        }
        id
    }

    /// A service account that exists, or that something relies on.
    pub(crate) fn service_account(&mut self, namespace: &str, name: &str) -> SubjectId {
        let id = self.subject(false, &service_account_user(namespace, name));
        self.facts.add_service_account(ServiceAccount {
            namespace: self.names.intern(namespace),
            name: self.names.intern(name),
            subject: id,
        });
        id
    }

    /// The role of that name; objects of the same name are taken together.
    pub(crate) fn role(&mut self, scope: Name, name: Name, place: Place) -> RoleId {
        let next = RoleId(self.roles.len() as u32);
        let id = *self.role_index.entry((scope, name)).or_insert(next);
        if id == next {
            self.roles.push(Role { scope, name, place });
        }
        id
    }

    pub(crate) fn problem(
        &mut self,
        level: ProblemLevel,
        kind: ProblemKind,
        at: (&Resource, NodeRef<'_>),
        message: String,
    ) {
        let location = at.0.location(at.1.id());
        self.problems.push(Problem {
            level,
            kind,
            file: location.file().to_owned(),
            location: Some(location),
            message,
            hint: None,
        });
    }
}
