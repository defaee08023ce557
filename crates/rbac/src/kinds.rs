//! The different rights that rules give: most rules repeat those of others, so what is learned of one is kept for all.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::graph::Graph;
use crate::request::Rights;
use crate::tables::RuleId;

/// Some rights, as an integer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Kind(u32);

impl Kind {
    /// Position in its table.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The rights of all rules, each once.
#[derive(Debug)]
pub(crate) struct Kinds {
    of_rules: Vec<Kind>,
    rights: Vec<Rights>,
}

impl Kinds {
    pub(crate) fn new(graph: &Graph) -> Self {
        let mut index: HashMap<Rights, Kind, FixedState> = HashMap::default();
        let mut rights = Vec::new();
        let of_rules = graph.rules.iter().map(|rule| {
            *index.entry(rule.rights).or_insert_with(|| {
                rights.push(rule.rights);
                Kind(rights.len() as u32 - 1)
            })
        });
        let of_rules = of_rules.collect();
        Kinds { of_rules, rights }
    }

    pub(crate) fn len(&self) -> usize {
        self.rights.len()
    }

    /// What a rule gives.
    #[inline]
    pub(crate) fn of(&self, rule: RuleId) -> Kind {
        self.of_rules[rule.index()]
    }

    #[inline]
    pub(crate) fn rights(&self, kind: Kind) -> &Rights {
        &self.rights[kind.index()]
    }
}
