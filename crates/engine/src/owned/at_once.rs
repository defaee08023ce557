//! What can be said of an object of a cluster without a look at the others: at once, whatever the size of the cluster.
//!
//! Most controls look at nothing but the object. For them, what changed is evaluated together with what has the same
//! owners, as an inventory of its own.

use std::collections::BTreeSet;

use catalog::Scope;
use model::Resource;

use super::families::Families;
use crate::engine::Engine;
use crate::evaluate::Evaluation;
use crate::worlds::Survey;

/// Which controls can be told at once, and who has owners in common. Owned by whoever follows a cluster, and told of every
/// change.
#[derive(Debug)]
pub struct AtOnce {
    controls: Vec<bool>,
    families: Families,
}

impl AtOnce {
    /// For the objects of an inventory, with what each is called.
    pub fn new<'i>(
        engine: &Engine,
        objects: impl Iterator<Item = (&'i str, &'i Resource)>,
    ) -> Self {
        let mut families = Families::default();
        objects.for_each(|(name, resource)| families.set(name, resource));
        AtOnce {
            controls: engine.at_once(),
            families,
        }
    }

    /// An object is there, new or changed, or gone.
    pub fn set(&mut self, name: &str, resource: Option<&Resource>) {
        match resource {
            Some(resource) => self.families.set(name, resource),
            None => self.families.remove(name),
        }
    }

    /// What must be looked at together with some objects, these included.
    pub fn around(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        self.families.around(names)
    }

    /// Whether the findings of a control, by its index, can be told at once.
    pub fn has(&self, control: u32) -> bool {
        self.controls.get(control as usize) == Some(&true)
    }

    /// Evaluates these controls over objects that were looked up with [`AtOnce::around`].
    pub fn evaluate<'r>(&self, engine: &'r Engine, survey: &Survey<'r>) -> Evaluation {
        engine.evaluate_owners_with(survey, Some(&self.controls))
    }
}

impl Engine {
    /// Which of the controls look at nothing but the object, in what they decide and in what they say, and are not folded
    /// under one that looks further.
    fn at_once(&self) -> Vec<bool> {
        let looks_around =
            |scope| matches!(scope, Scope::Cluster | Scope::Process | Scope::Subject);
        let own = self.controls.iter().map(|control| {
            let texts = control.texts(&self.keys);
            !control.relates
                && !looks_around(control.header.scope)
                && !texts.is_some_and(|texts| texts.message_relates)
        });
        let mut at_once: Vec<bool> = own.collect();
        self.without_superseded(&mut at_once);
        at_once
    }

    /// Takes out of some controls those that one outside of them supersedes.
    pub(crate) fn without_superseded(&self, some: &mut [bool]) {
        // What supersedes is told in place of what it supersedes: over any number of steps.
        loop {
            let before = some.to_vec();
            for (position, control) in self.controls.iter().enumerate() {
                if before[position] {
                    continue;
                }
                for id in &control.header.supersedes {
                    let weaker = self
                        .controls
                        .binary_search_by(|other| other.header.id.cmp(id));
                    if let Ok(weaker) = weaker {
                        some[weaker] = false;
                    }
                }
            }
            if *some == before {
                return;
            }
        }
    }
}
