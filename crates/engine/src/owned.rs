//! What controllers made in a running cluster: reported where somebody can change it, at its owner.
//!
//! A `Deployment` makes `ReplicaSet`s, these make `Pod`s, and all of them say the same. What is owned is evaluated on its own, and
//! of its findings only those stay that its owners do not have: what an admission webhook put into a Pod, or somebody attached to it.

mod at_once;
mod families;
mod owners;
mod repeated;

use model::Inventory;

use crate::engine::Engine;
use crate::evaluate::{Evaluation, Part};
use crate::worlds::Survey;

pub use self::at_once::AtOnce;
use self::owners::Owners;

impl Engine {
    /// Evaluates the controls over the resources of a cluster: what owners say is not said again by what they made. Things
    /// in scope are counted at the owners, and those owned that have findings of their own.
    pub fn evaluate_owners<'r>(&'r self, survey: &Survey<'r>) -> Evaluation {
        self.evaluate_owners_with(survey, None)
    }

    /// The same for some of the controls.
    pub(crate) fn evaluate_owners_with<'r>(
        &'r self,
        survey: &Survey<'r>,
        controls: Option<&[bool]>,
    ) -> Evaluation {
        let [relations] = survey.relations() else {
            return self.evaluate_worlds(survey);
        };
        let inventory: &Inventory = relations.inventory();
        let owners = Owners::new(inventory, &self.views);
        let count = inventory.resources.len() as u32;
        let is_chosen = |index: u32| {
            let chosen = survey.chosen(0);
            chosen.is_none_or(|chosen| chosen[index as usize])
        };
        let mask = |is_in: &dyn Fn(u32) -> bool| -> Vec<bool> {
            (0..count)
                .map(|index| is_chosen(index) && is_in(index))
                .collect()
        };
        let own = mask(&|index| owners.of(index).is_none());
        let owned = mask(&|index| owners.of(index).is_some() && !owners.is_past(index));
        let part = |resources: &[bool]| {
            let part = Part {
                resources: Some(resources),
                controls,
            };
            self.evaluate_some(relations, count, part)
        };
        let mut all = part(&own);
        if owned.contains(&true) {
            let made = part(&owned);
            let left = repeated::without(inventory, &owners, &all, made);
            all.join(left);
            all.sort();
        }
        all
    }
}
