//! Ids, rows, and the compressed adjacency lists between them.

use document::NodeId;

use crate::names::Name;
use crate::request::Rights;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
            pub struct $name(pub(crate) u32);

            impl $name {
                /// Position in its table.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    /// A user, group or service account of one [`Graph`](crate::Graph).
    SubjectId;
    /// A role, of a namespace or of the cluster.
    RoleId;
    /// One item of a role's `rules`.
    RuleId;
    /// A binding, in a namespace or in the cluster.
    BindingId;
    /// A resource of the inventory, or one of the default roles behind them.
    ResourceIndex;
}

/// A node of a resource: what an answer points at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The resource; [`Graph::resource`](crate::Graph::resource) finds it.
    pub resource: ResourceIndex,
    /// The node in the resource's document.
    pub node: NodeId,
}

/// A reason why a request is allowed: one subject of one binding, and one rule of its role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Grant {
    pub(crate) binding: BindingId,
    pub(crate) subject: SubjectId,
    pub(crate) rule: RuleId,
}

impl Grant {
    const NONE: u32 = u32::MAX;

    /// The grant of `system:masters`, which no object gives.
    pub(crate) fn masters(subject: SubjectId) -> Self {
        Grant {
            binding: BindingId(Self::NONE),
            subject,
            rule: RuleId(Self::NONE),
        }
    }

    /// Whether the API server grants it by itself, to `system:masters`: there is no binding to point at.
    pub fn is_built_in(self) -> bool {
        self.binding.0 == Self::NONE
    }

    /// The binding; `None` when the grant is built in.
    pub fn binding(self) -> Option<BindingId> {
        (!self.is_built_in()).then_some(self.binding)
    }

    /// The subject that the binding names: the one asked about, or a group of it.
    pub fn subject(self) -> SubjectId {
        self.subject
    }

    /// The rule; `None` when the grant is built in.
    pub fn rule(self) -> Option<RuleId> {
        (!self.is_built_in()).then_some(self.rule)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) rights: Rights,
    /// The role that it is written in.
    pub(crate) role: RoleId,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Role {
    /// Its namespace; empty for a `ClusterRole`.
    pub(crate) scope: Name,
    pub(crate) name: Name,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    /// Where it grants; empty for the whole cluster.
    pub(crate) scope: Name,
    pub(crate) name: Name,
    pub(crate) role: Option<RoleId>,
    pub(crate) place: Place,
    /// The `roleRef`.
    pub(crate) reference: NodeId,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct SubjectRow {
    pub(crate) is_group: bool,
    /// The user's name in full, or the group's.
    pub(crate) name: Name,
}

/// Lists of `T` by an integer, in two vectors.
#[derive(Debug)]
pub(crate) struct Adjacency<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Adjacency<T> {
    /// Sorts pairs by their key; those of one key stay in their order.
    pub(crate) fn new(keys: usize, pairs: &[(u32, T)]) -> Self {
        let Some(&(_, filler)) = pairs.first() else {
            return Adjacency {
                ends: Vec::new(),
                items: Vec::new(),
            };
        };
        let mut next = vec![0_u32; keys + 1];
        for &(key, _) in pairs {
            next[key as usize + 1] += 1;
        }
        for key in 0..keys {
            next[key + 1] += next[key];
        }
        let ends = next[1..].to_vec();
        let mut items = vec![filler; pairs.len()];
        for &(key, item) in pairs {
            let slot = &mut next[key as usize];
            items[*slot as usize] = item;
            *slot += 1;
        }
        Adjacency { ends, items }
    }

    /// The list of one key.
    #[inline]
    pub(crate) fn of(&self, key: u32) -> &[T] {
        let Some(&end) = self.ends.get(key as usize) else {
            return &[];
        };
        let start = match key {
            0 => 0,
            _ => self.ends[key as usize - 1],
        };
        &self.items[start as usize..end as usize]
    }

    /// Sorts the list of every key.
    pub(crate) fn sort_each_by_key<K: Ord>(&mut self, by: impl Fn(&T) -> K) {
        let mut start = 0;
        for &end in &self.ends {
            self.items[start..end as usize].sort_by_key(&by);
            start = end as usize;
        }
    }

    pub(crate) fn memory(&self) -> usize {
        self.ends.capacity() * 4 + self.items.capacity() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::Adjacency;

    #[test]
    fn lists_keep_their_order() {
        let lists = Adjacency::new(4, &[(2, 'a'), (0, 'b'), (2, 'c')]);
        assert_eq!(lists.of(0), ['b']);
        assert_eq!(lists.of(1), []);
        assert_eq!(lists.of(2), ['a', 'c']);
        assert_eq!(lists.of(3), []);
        assert_eq!(lists.of(9), []);
    }
}
