//! Which objects have owners in common, kept while objects come and go: a look at one of them is a look at all.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use model::Resource;

use super::owners::{controller, uid};

/// Objects by what they are called, with their owners.
#[derive(Debug, Default)]
pub(super) struct Families {
    objects: HashMap<Arc<str>, Member, FixedState>,
    by_uid: HashMap<Arc<str>, BTreeSet<Arc<str>>, FixedState>,
    /// What names a uid as its owner.
    made: HashMap<Arc<str>, BTreeSet<Arc<str>>, FixedState>,
}

#[derive(Debug)]
struct Member {
    uid: Option<Arc<str>>,
    owner: Option<Arc<str>>,
}

impl Families {
    /// An object is there, new or changed.
    pub(super) fn set(&mut self, name: &str, resource: &Resource) {
        self.remove(name);
        // Pods that the kubelet runs from files name their Node, which makes no family of them.
        let is_node = &*resource.kind == "Node";
        let own = uid(resource).filter(|_| !is_node).map(Arc::from);
        let owner = controller(resource).map(Arc::from);
        if own.is_none() && owner.is_none() {
            return;
        }
        let name: Arc<str> = name.into();
        if let Some(own) = &own {
            let named = self.by_uid.entry(Arc::clone(own)).or_default();
            named.insert(Arc::clone(&name));
        }
        if let Some(owner) = &owner {
            let made = self.made.entry(Arc::clone(owner)).or_default();
            made.insert(Arc::clone(&name));
        }
        self.objects.insert(name, Member { uid: own, owner });
    }

    /// An object is gone.
    pub(super) fn remove(&mut self, name: &str) {
        let Some(member) = self.objects.remove(name) else {
            return;
        };
        for (table, key) in [
            (&mut self.by_uid, member.uid),
            (&mut self.made, member.owner),
        ] {
            let Some(key) = key else { continue };
            if let Some(names) = table.get_mut(&key) {
                names.remove(name);
                if names.is_empty() {
                    table.remove(&key);
                }
            }
        }
    }

    /// Some objects, and all that have owners in common with them.
    pub(super) fn around(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let mut all = names.clone();
        let mut open: Vec<&str> = names.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            let Some(member) = self.objects.get(name) else {
                continue;
            };
            let of =
                |key: &Option<Arc<str>>,
                 table: &'_ HashMap<Arc<str>, BTreeSet<Arc<str>>, FixedState>| {
                    let names = key.as_ref().and_then(|key| table.get(key));
                    names.into_iter().flatten().cloned().collect::<Vec<_>>()
                };
            // Whoever names an owner that is not there, or a Node, has no others.
            let owners = of(&member.owner, &self.by_uid);
            let made = of(&member.uid, &self.made);
            for other in owners.into_iter().chain(made) {
                if all.insert(other.to_string())
                    && let Some((name, _)) = self.objects.get_key_value(&other)
                {
                    open.push(name);
                }
            }
        }
        all
    }
}
