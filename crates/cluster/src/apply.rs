//! Events into an inventory.

use std::collections::{BTreeMap, BTreeSet};

use document::{Kind, NodeRef};
use model::{Inventory, Problem, Resource};

use crate::watch::{Event, name_of};

/// What changed since an inventory was made, as it adds up.
#[derive(Debug, Default)]
pub struct Changes {
    /// What is not watched any more.
    pub problems: Vec<Problem>,
    /// What becomes of each name: `None` for what is gone.
    next: BTreeMap<String, Option<Resource>>,
}

impl Changes {
    /// Adds what some events change; gives the names of what is new, another, or gone since the last time. What differs in
    /// nothing but the time that somebody looked at it is no change.
    pub fn add(&mut self, inventory: &Inventory, events: Vec<Event>) -> BTreeSet<String> {
        let mut told: BTreeMap<String, Option<Resource>> = BTreeMap::new();
        for event in events {
            match event {
                Event::Set(resource) => {
                    told.insert(name_of(&resource).to_owned(), Some(resource));
                }
                Event::Gone(name) => {
                    told.insert(name, None);
                }
                Event::All(all, resources) => {
                    let known = inventory.resources.iter();
                    let known = known.chain(self.next.values().flatten());
                    let known = known.chain(told.values().flatten());
                    let known = known.filter(|one| all.has(one));
                    let gone: Vec<String> = known.map(|one| name_of(one).to_owned()).collect();
                    told.extend(gone.into_iter().map(|name| (name, None)));
                    let there = resources.into_iter();
                    told.extend(there.map(|one| (name_of(&one).to_owned(), Some(one))));
                }
                Event::Problem(problem) => self.problems.push(problem),
            }
        }
        let mut names = BTreeSet::new();
        for (name, after) in told {
            if are_same(self.resource(inventory, &name), after.as_ref()) {
                continue;
            }
            let original = find(inventory, &name).ok();
            let original = original.map(|at| &inventory.resources[at]);
            if are_same(original, after.as_ref()) {
                self.next.remove(&name);
            } else {
                self.next.insert(name.clone(), after);
            }
            names.insert(name);
        }
        names
    }

    /// What is called so now.
    pub fn resource<'i>(&'i self, inventory: &'i Inventory, name: &str) -> Option<&'i Resource> {
        match self.next.get(name) {
            Some(after) => after.as_ref(),
            None => find(inventory, name)
                .ok()
                .map(|at| &inventory.resources[at]),
        }
    }

    /// What is new, another, or gone.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.next.keys().map(String::as_str)
    }

    /// Whether nothing changed, all in all.
    pub fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    /// Makes the changes.
    pub fn apply(self, inventory: &mut Inventory) {
        let mut added = Vec::new();
        let mut gone = vec![false; inventory.resources.len()];
        for (name, after) in self.next {
            match (find(inventory, &name), after) {
                (Ok(at), Some(after)) => inventory.resources[at] = after,
                (Ok(at), None) => gone[at] = true,
                (Err(_), Some(after)) => added.push(after),
                (Err(_), None) => {}
            }
        }
        let mut gone = gone.into_iter();
        inventory.resources.retain(|_| gone.next() != Some(true));
        for resource in added {
            let at = find(inventory, name_of(&resource)).unwrap_or_else(|at| at);
            inventory.resources.insert(at, resource);
        }
    }
}

fn are_same(left: Option<&Resource>, right: Option<&Resource>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => is_same(left.object(), right.object()),
        (None, None) => true,
        _ => false,
    }
}

fn find(inventory: &Inventory, name: &str) -> Result<usize, usize> {
    inventory
        .resources
        .binary_search_by(|one| name_of(one).cmp(name))
}

/// Fields that say when somebody looked, and in which state of the store.
const MOMENTS: [&str; 4] = [
    "resourceVersion",
    "lastHeartbeatTime",
    "lastProbeTime",
    "renewTime",
];

/// Whether two values are the same, but for such moments.
fn is_same(left: NodeRef<'_>, right: NodeRef<'_>) -> bool {
    if left.kind() != right.kind() || left.len() != right.len() {
        return false;
    }
    match left.kind() {
        Kind::Mapping => left.entries().all(|entry| {
            let other = right.get_str(entry.name());
            other
                .is_some_and(|other| MOMENTS.contains(&entry.name()) || is_same(entry.value, other))
        }),
        Kind::Sequence => left
            .items()
            .zip(right.items())
            .all(|(left, right)| is_same(left, right)),
        Kind::String => left.as_str() == right.as_str(),
        Kind::Bool => left.as_bool() == right.as_bool(),
        Kind::Float => left.as_f64() == right.as_f64(),
        Kind::Int | Kind::Uint => {
            (left.as_i64(), left.as_u64()) == (right.as_i64(), right.as_u64())
        }
        Kind::Null => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use document::{Keys, Limits, Source};
    use proptest::prelude::*;

    use super::*;
    use crate::naming::Naming;
    use crate::object::Maker;
    use crate::served::tests::served;
    use crate::watch::AllOf;

    fn pod(maker: &Maker, name: &str, value: u8) -> Resource {
        let text = format!(
            r#"{{"metadata":{{"name":"{name}","resourceVersion":"{value}"}},"spec":{{"a":{}}}}}"#,
            value / 2
        );
        let parsed = document::parse_json(Source::new("", text), &maker.keys, &Limits::default());
        let root = parsed.document.root(0);
        root.and_then(|root| maker.resource(root, &served("v1", "pods", "Pod", false)))
            .into_iter()
            .next()
            .unwrap_or_else(|| unreachable!())
    }

    fn maker() -> Maker {
        Maker::new(&Arc::new(Keys::new(model::key_names())), &Naming::new("t"))
    }

    fn all() -> AllOf {
        AllOf {
            api_version: "v1".to_owned(),
            kind: "Pod".to_owned(),
            namespace: None,
        }
    }

    fn shown(inventory: &Inventory) -> BTreeMap<String, i64> {
        let resources = inventory.resources.iter();
        let value = |one: &Resource| one.object().get_str("spec")?.get_str("a")?.as_i64();
        resources
            .map(|one| (one.name.to_string(), value(one).unwrap_or(-1)))
            .collect()
    }

    #[derive(Clone, Debug)]
    enum Told {
        Set(u8, u8),
        Gone(u8),
        All(Vec<(u8, u8)>),
    }

    fn told() -> impl Strategy<Value = Told> {
        prop_oneof![
            (0..12u8, 0..6u8).prop_map(|(name, value)| Told::Set(name, value)),
            (0..12u8).prop_map(Told::Gone),
            prop::collection::vec((0..12u8, 0..6u8), 0..6).prop_map(Told::All),
        ]
    }

    proptest! {
        #[test]
        fn an_inventory_is_what_a_map_would_be(batches in prop::collection::vec((prop::collection::vec(told(), 0..6), any::<bool>()), 0..8)) {
            let maker = maker();
            let mut inventory = Inventory::default();
            let mut map: BTreeMap<String, i64> = BTreeMap::new();
            let (mut changes, mut applied) = (Changes::default(), map.clone());
            for (batch, is_applied) in batches {
                let before = map.clone();
                let mut events = Vec::new();
                for told in batch {
                    let name = |name: u8| format!("p{name}");
                    match told {
                        Told::Set(one, value) => {
                            map.insert(name(one), i64::from(value / 2));
                            events.push(Event::Set(pod(&maker, &name(one), value)));
                        }
                        Told::Gone(one) => {
                            map.remove(&name(one));
                            events.push(Event::Gone(format!("cluster://t/api/v1/pods/{}", name(one))));
                        }
                        Told::All(ones) => {
                            map = ones.iter().map(|(one, value)| (name(*one), i64::from(value / 2))).collect();
                            let resources = ones.iter().map(|(one, value)| pod(&maker, &name(*one), *value));
                            events.push(Event::All(all(), resources.collect()));
                        }
                    }
                }
                let differ = |before: &BTreeMap<String, i64>| -> BTreeSet<String> {
                    let names = before.keys().chain(map.keys());
                    let names = names.filter(|name| before.get(*name) != map.get(*name));
                    names.map(|name| format!("cluster://t/api/v1/pods/{name}")).collect()
                };
                prop_assert_eq!(changes.add(&inventory, events), differ(&before));
                let names: BTreeSet<String> = changes.names().map(str::to_owned).collect();
                prop_assert_eq!(names, differ(&applied));
                for name in 0..12 {
                    let name = format!("p{name}");
                    let now = changes.resource(&inventory, &format!("cluster://t/api/v1/pods/{name}"));
                    prop_assert_eq!(now.is_some(), map.contains_key(&name));
                }
                if is_applied {
                    std::mem::take(&mut changes).apply(&mut inventory);
                    prop_assert_eq!(shown(&inventory), map.clone());
                    prop_assert!(inventory.resources.is_sorted_by_key(|one| name_of(one).to_owned()));
                    applied.clone_from(&map);
                }
            }
        }
    }
}
