//! What the controls of a scope ask of each thing alike: computed by the first, remembered for the others.

use catalog::{Condition, Control, Scope, Slot};
use expr::Sharing;

use crate::compiled::programs_of;

/// How much is remembered of a thing, by its scope.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cells {
    by_scope: [Count; Scope::ALL.len()],
}

/// Number of cells.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    plain: usize,
    /// Where the controls ask for relations: `self` and `object` are other values for them.
    related: usize,
}

/// The variables that stay the same for all controls while they look at one thing.
const STEADY: [u16; 3] = [Slot::This as u16, Slot::Object as u16, Slot::Pod as u16];

impl Cells {
    /// Marks in the conditions what those of one scope have in common.
    pub(crate) fn share(controls: &[&Control], conditions: &mut [Condition]) -> Cells {
        let mut cells = Cells::default();
        for scope in Scope::ALL {
            cells.by_scope[scope as usize] = Count {
                plain: share(controls, conditions, scope, false),
                related: share(controls, conditions, scope, true),
            };
        }
        cells
    }

    /// Number of cells for a thing in a scope.
    pub(crate) fn of(&self, scope: Scope) -> usize {
        self.by_scope[scope as usize].plain
    }

    /// The same for controls that ask for relations.
    pub(crate) fn of_related(&self, scope: Scope) -> usize {
        self.by_scope[scope as usize].related
    }
}

fn share(
    controls: &[&Control],
    conditions: &mut [Condition],
    scope: Scope,
    relates: bool,
) -> usize {
    let belongs = |(control, condition): &(&&Control, &mut Condition)| {
        control.header.scope == scope && condition.relates() == relates
    };
    let pairs = controls.iter().zip(conditions).filter(belongs);
    let mut conditions: Vec<&mut Condition> = pairs.map(|(_, condition)| condition).collect();
    let mut sharing = Sharing::new(&STEADY);
    for checked in conditions.iter_mut().flat_map(|it| programs_of(it)) {
        sharing.count(checked);
    }
    for checked in conditions.iter_mut().flat_map(|it| programs_of(it)) {
        sharing.mark(checked);
    }
    sharing.cells()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use catalog::{Condition, Control};
    use document::{Limits, Source, parse_yaml};
    use model::{Inventory, Profile, recognise};

    use super::Cells;
    use crate::engine::{Engine, Settings};
    use crate::{Selection, embedded_catalog};

    type Share = fn(&[&Control], &mut [Condition]) -> Cells;

    fn engine(share: Share) -> Engine {
        let selection = Selection {
            profile: Profile::All,
            ..Selection::default()
        };
        let catalog = embedded_catalog().unwrap();
        Engine::build(&catalog, &selection, &Settings::default(), share).unwrap()
    }

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                found.push(path);
            }
        }
    }

    /// The test files of all controls and the examples, as one inventory.
    fn inventory(engine: &Engine) -> Inventory {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut found = Vec::new();
        files(&root.join("controls"), &mut found);
        files(&root.join("examples"), &mut found);
        found.sort();
        let mut resources = Vec::new();
        for path in found {
            let text = fs_err::read_to_string(&path).unwrap();
            let source = Source::new(path.display().to_string(), text);
            let document = parse_yaml(source, engine.keys(), &Limits::default()).document;
            let document = Arc::new(document);
            for root in document.roots() {
                resources.extend(recognise(&document, root, engine.views().fields()).resources);
            }
        }
        assert!(resources.len() > 500, "{}", resources.len());
        Inventory::new(resources)
    }

    #[test]
    fn what_controls_share_changes_nothing() {
        let ways: [Share; 2] = [Cells::share, |_, _| Cells::default()];
        let told = ways.map(|share| {
            let engine = engine(share);
            let inventory = inventory(&engine);
            let evaluation = engine.evaluate(&engine.relations(&inventory));
            assert!(evaluation.findings.len() > 500);
            format!("{evaluation:?}")
        });
        assert!(told[0] == told[1], "findings, counts or problems differ");
    }
}
