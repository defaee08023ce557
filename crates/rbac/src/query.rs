//! Who can do what, and why.

use crate::graph::Graph;
use crate::names::Name;
use crate::request::{Identity, Request, Subject, Wanted};
use crate::subject::MASTERS;
use crate::tables::{BindingId, Grant, Place, RuleId, SubjectId};
use crate::view::Named;

/// The answer to one request of one subject.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    /// Whether RBAC (or membership of `system:masters`) allows it.
    pub allowed: bool,
    /// Every grant that allows it, sorted.
    pub why: Vec<Grant>,
}

impl Decision {
    fn new(mut why: Vec<Grant>) -> Self {
        why.sort_unstable();
        Decision {
            allowed: !why.is_empty(),
            why,
        }
    }
}

/// The chain of a grant: subject ← binding ← role ← rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation<'g> {
    /// The subject that the binding names.
    pub subject: Subject<'g>,
    /// The item of `subjects` that names it.
    pub subject_place: Place,
    /// The binding.
    pub binding: Named<'g>,
    /// The role that the binding names.
    pub role: Named<'g>,
    /// The role that the rule is written in, when `role` aggregates it.
    pub source: Option<Named<'g>>,
    /// The rule.
    pub rule: Place,
}

impl Graph {
    /// Whether a subject may send a request, in the groups that its name implies.
    pub fn can(&self, subject: Subject<'_>, request: &Request<'_>) -> Decision {
        self.decide(&self.principals(subject), request)
    }

    /// Whether a user with exactly these groups may send a request.
    pub fn can_as(&self, identity: &Identity<'_>, request: &Request<'_>) -> Decision {
        self.decide(&self.principals_as(identity), request)
    }

    /// The bindings that name a user or one of exactly these groups.
    pub fn bindings_as(&self, identity: &Identity<'_>) -> Vec<BindingId> {
        self.bindings_of_all(&self.principals_as(identity))
    }

    fn principals_as(&self, identity: &Identity<'_>) -> Vec<SubjectId> {
        let groups = identity.groups.iter();
        let groups = groups.filter_map(|group| self.row(true, group));
        let user = self.row(false, identity.user);
        let mut principals: Vec<SubjectId> = user.into_iter().chain(groups).collect();
        principals.sort_unstable();
        principals.dedup();
        principals
    }

    /// Every grant that allows a subject a request in the whole cluster or in any namespace, sorted.
    pub fn can_anywhere(&self, subject: Subject<'_>, request: &Request<'_>) -> Decision {
        let wanted = Wanted::new(request, &self.names);
        let is_url = matches!(request, Request::Url { .. });
        let mut why = Vec::new();
        for subject in self.principals(subject) {
            if self.is_masters(subject) {
                why.push(Grant::masters(subject));
            }
            for &(scope, binding) in self.subject_bindings.of(subject.0) {
                if is_url && scope != Name::EMPTY {
                    continue;
                }
                why.extend(self.allowing(subject, binding, &wanted));
            }
        }
        Decision::new(why)
    }

    /// The grants of a subject and its groups, binding by binding; those of `system:masters` are no objects and not among them.
    pub fn grants(&self, subject: Subject<'_>) -> Vec<Grant> {
        let holdings = self.holdings(subject);
        let scoped = holdings.scoped.into_iter().flat_map(|(_, grants)| grants);
        let mut grants: Vec<Grant> = holdings.cluster.into_iter().chain(scoped).collect();
        grants.sort_unstable();
        grants
    }

    /// The bindings that name a subject or one of its groups.
    pub fn bindings_for(&self, subject: Subject<'_>) -> Vec<BindingId> {
        self.bindings_of_all(&self.principals(subject))
    }

    fn bindings_of_all(&self, principals: &[SubjectId]) -> Vec<BindingId> {
        let bindings = principals.iter().flat_map(|id| self.bindings_of(*id));
        let mut bindings: Vec<BindingId> = bindings.collect();
        bindings.sort_unstable();
        bindings.dedup();
        bindings
    }

    /// Whether a subject may do everything with every resource of the cluster.
    pub fn is_admin(&self, subject: Subject<'_>) -> bool {
        let mut principals = self.principals(subject).into_iter();
        principals.any(|principal| self.gives_everything(principal))
    }

    /// The grants of a binding that allow a subject of it a request.
    fn allowing(
        &self,
        subject: SubjectId,
        binding: BindingId,
        wanted: &Wanted<'_>,
    ) -> impl Iterator<Item = Grant> {
        let rules = self.rules_of(binding).iter();
        let rules = rules.filter(move |rule| self.allows(**rule, wanted));
        rules.map(move |&rule| Grant {
            binding,
            subject,
            rule,
        })
    }

    fn decide(&self, principals: &[SubjectId], request: &Request<'_>) -> Decision {
        let wanted = Wanted::new(request, &self.names);
        let scope = self.scope_of(request);
        let mut why = Vec::new();
        for &subject in principals {
            if self.is_masters(subject) {
                why.push(Grant::masters(subject));
            }
            for binding in self.bindings_in(subject, scope) {
                why.extend(self.allowing(subject, binding, &wanted));
            }
        }
        Decision::new(why)
    }

    /// Everyone whom a binding allows a request, by subject, with each grant; `system:masters` among them.
    /// A group stands for its members.
    pub fn who_can(&self, request: &Request<'_>) -> Vec<(SubjectId, Grant)> {
        let scope = self.scope_of(request);
        self.granted(request, |own| own == Name::EMPTY || own == scope)
    }

    /// The same for a request in the whole cluster or in any namespace.
    pub fn who_can_anywhere(&self, request: &Request<'_>) -> Vec<(SubjectId, Grant)> {
        // Paths belong to no namespace.
        let is_url = matches!(request, Request::Url { .. });
        self.granted(request, |own| own == Name::EMPTY || !is_url)
    }

    fn granted(
        &self,
        request: &Request<'_>,
        counts: impl Fn(Name) -> bool,
    ) -> Vec<(SubjectId, Grant)> {
        let wanted = Wanted::new(request, &self.names);
        let mut answers = Vec::new();
        for rule in self.rules_allowing(&wanted) {
            for role in self.rule_roles.of(rule.0) {
                for &binding in self.role_bindings.of(role.0) {
                    let own = self.bindings[binding.index()].scope;
                    if counts(own) {
                        let members = self.binding_subjects.of(binding.0).iter();
                        answers.extend(members.map(|member| Grant {
                            binding,
                            subject: member.subject,
                            rule,
                        }));
                    }
                }
            }
        }
        let masters = self.row(true, MASTERS);
        answers.extend(masters.map(Grant::masters));
        answers.sort_unstable_by_key(|grant| (grant.subject, *grant));
        answers.dedup();
        answers
            .into_iter()
            .map(|grant| (grant.subject, grant))
            .collect()
    }

    fn rules_allowing(&self, wanted: &Wanted<'_>) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = match wanted.resources() {
            None => self.url_rules.clone(),
            Some(resources) => resources
                .iter()
                .flat_map(|name| self.rules_by_resource.of(name.0))
                .copied()
                .collect(),
        };
        rules.retain(|&rule| self.allows(rule, wanted));
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The chain behind a grant; `None` for what `system:masters` may, which no object gives.
    pub fn explain(&self, grant: Grant) -> Option<Explanation<'_>> {
        let written = self.rules.get(grant.rule.index())?;
        let binding = self.binding(grant.binding)?;
        let role = self.role_of(grant.binding)?;
        let source = (written.role != role).then_some(written.role);
        Some(Explanation {
            subject: self.subject(grant.subject),
            subject_place: Place {
                resource: binding.place.resource,
                node: self.member(grant.binding, grant.subject)?,
            },
            binding,
            role: self.role(role)?,
            source: source.and_then(|source| self.role(source)),
            rule: written.place,
        })
    }

    #[inline]
    fn allows(&self, rule: RuleId, wanted: &Wanted<'_>) -> bool {
        let rights = &self.rules[rule.index()].rights;
        wanted.is_allowed_by(rights, &self.lists, &self.names)
    }

    pub(crate) fn is_masters(&self, subject: SubjectId) -> bool {
        let row = &self.subjects[subject.index()];
        row.is_group && self.names.text(row.name) == MASTERS
    }
}

#[cfg(test)]
mod tests;
