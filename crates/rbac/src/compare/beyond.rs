//! Permissions beyond others.

use crate::graph::Graph;
use crate::permissions::Permission;
use crate::tables::SubjectId;

/// What permissions give beyond known ones, verb by verb. The known ones are sorted, as [`Graph::permissions`] gives them.
pub(super) fn beyond<'g>(
    permissions: Vec<Permission<'g>>,
    known: &[&[Permission<'_>]],
) -> Vec<Permission<'g>> {
    let wide: Vec<&Permission<'_>> = known
        .iter()
        .flat_map(|list| list.iter())
        .filter(|one| one.is_wide())
        .collect();
    let new = permissions.into_iter().filter_map(|mut permission| {
        let is_known = |verb: &str| {
            let single = Permission {
                verbs: vec![verb],
                ..permission.clone()
            };
            let mut siblings = known.iter().flat_map(|list| single.siblings(list));
            siblings.any(|other| other.contains(&single))
                || wide.iter().any(|other| other.contains(&single))
        };
        let verbs = permission.verbs.iter().copied();
        let verbs: Vec<&str> = verbs.filter(|verb| !is_known(verb)).collect();
        permission.verbs = verbs;
        (!permission.verbs.is_empty()).then_some(permission)
    });
    new.collect()
}

impl Graph {
    /// The part of a permission that bindings give to a subject itself, not only to its groups.
    pub(super) fn of_own<'g>(
        &'g self,
        mut permission: Permission<'g>,
        subject: SubjectId,
    ) -> Option<Permission<'g>> {
        permission.grants.retain(|grant| grant.subject() == subject);
        let rules: Vec<_> = permission
            .grants
            .iter()
            .filter_map(|it| it.rule())
            .collect();
        let gives = |verb: &&str| {
            let mut verbs = rules.iter().flat_map(|rule| self.verbs(*rule));
            verbs.any(|own| own == *verb || own == "*")
        };
        permission.verbs.retain(gives);
        (!permission.verbs.is_empty()).then_some(permission)
    }
}
