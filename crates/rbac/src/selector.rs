//! Label selectors over interned labels.

use crate::names::Name;

/// Labels of an object, sorted by key.
pub(crate) type Labels = Vec<(Name, Name)>;

/// One item of `clusterRoleSelectors`. Without requirements it selects everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    pub(crate) requirements: Vec<Requirement>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Requirement {
    In(Name, Vec<Name>),
    NotIn(Name, Vec<Name>),
    Exists(Name),
    DoesNotExist(Name),
}

impl Selector {
    pub(crate) fn selects(&self, labels: &[(Name, Name)]) -> bool {
        self.requirements.iter().all(|one| one.holds(labels))
    }
}

impl Requirement {
    fn holds(&self, labels: &[(Name, Name)]) -> bool {
        let value = |key: Name| {
            let found = labels.iter().find(|(label, _)| *label == key);
            found.map(|&(_, value)| value)
        };
        match self {
            Requirement::In(key, values) => value(*key).is_some_and(|one| values.contains(&one)),
            // A label that is not there is not among the values.
            Requirement::NotIn(key, values) => value(*key).is_none_or(|one| !values.contains(&one)),
            Requirement::Exists(key) => value(*key).is_some(),
            Requirement::DoesNotExist(key) => value(*key).is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Requirement, Selector};
    use crate::names::Name;

    #[track_caller]
    fn check(requirement: Requirement, expected: [bool; 3]) {
        let selector = Selector {
            requirements: vec![requirement],
        };
        let absent = [];
        let (one, other) = ([(Name(5), Name(6))], [(Name(5), Name(7))]);
        assert_eq!(selector.selects(&absent), expected[0], "absent");
        assert_eq!(selector.selects(&one), expected[1], "one");
        assert_eq!(selector.selects(&other), expected[2], "other");
    }

    #[test]
    fn requirements_hold_as_in_kubernetes() {
        let key = Name(5);
        check(Requirement::In(key, vec![Name(6)]), [false, true, false]);
        check(Requirement::NotIn(key, vec![Name(6)]), [true, false, true]);
        check(Requirement::Exists(key), [false, true, true]);
        check(Requirement::DoesNotExist(key), [true, false, false]);
    }

    #[test]
    fn an_empty_selector_selects_everything() {
        assert!(Selector::default().selects(&[]));
    }
}
