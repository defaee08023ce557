//! The ways from one asset to another: each a file below with its data and one small function.
//!
//! A technique says from which kind of asset it starts ([`Find`]); it is asked for every asset of that kind, those
//! that other techniques find included. `build.rs` lists the files, so that a new one is found without an edit anywhere else. Its examples lie in
//! `techniques/<id>/`: `edge.yaml`, with `# edge` on every line that the edge rests on, and `none.yaml`.

use model::Severity;
use rbac::Pattern;

use crate::asset::{AssetId, Kind};
use crate::edge::TechniqueId;
use crate::finder::{Container, Finder, Mount, Pod};
use crate::world::Hit;

include!(concat!(env!("OUT_DIR"), "/techniques.rs"));

/// A way from one asset to another.
#[derive(Clone, Copy, Debug)]
pub struct Technique {
    /// The name of its file.
    pub id: &'static str,
    data: &'static Data,
}

/// What is known of a technique.
pub(crate) struct Data {
    /// One line; empty for techniques of one pattern, which says it.
    pub(crate) title: &'static str,
    /// How bad a step by it is; `None` where the pattern says it.
    pub(crate) severity: Option<Severity>,
    /// Whether an attacker has to do something for it.
    pub(crate) is_step: bool,
    pub(crate) from: &'static [Kind],
    pub(crate) to: &'static [Kind],
    /// What must hold, besides what the edge rests on.
    pub(crate) precondition: &'static str,
    /// What is gained.
    pub(crate) effect: &'static str,
    /// What cuts it.
    pub(crate) fix: &'static str,
    pub(crate) references: &'static [&'static str],
    /// Techniques of MITRE ATT&CK.
    pub(crate) attack: &'static [&'static str],
    /// Names of the same thing in `KubeHound`.
    pub(crate) kubehound: &'static [&'static str],
    /// Controls that report what it rests on: where none of them finds anything, it is not there.
    pub(crate) controls: &'static [&'static str],
    /// Asked about everyone who holds several permission sets, too, and what each of these makes possible.
    pub(crate) joins: bool,
    pub(crate) find: Find,
}

/// How a technique finds its edges.
pub(crate) enum Find {
    /// Asked for every container.
    Container(for<'w, 'c, 'a> fn(&mut Finder<'w, 'a>, &Container<'c, 'a>)),
    /// Asked for every path of the node that a container mounts.
    Mount(for<'w, 'm, 'a> fn(&mut Finder<'w, 'a>, &Mount<'m, 'a>)),
    /// Asked for every class of pods.
    Pod(for<'w, 'p, 'a> fn(&mut Finder<'w, 'a>, &Pod<'p, 'a>)),
    /// Asked where the needs of one of these patterns are held: by whom, and how.
    Permission(
        &'static [&'static str],
        for<'w, 'h, 'a> fn(&mut Finder<'w, 'a>, &Held<'h, 'a>),
    ),
    /// Asked for every asset of these kinds.
    Asset(
        &'static [Kind],
        for<'w, 'a> fn(&mut Finder<'w, 'a>, AssetId),
    ),
    /// Asked once.
    World(for<'w, 'a> fn(&mut Finder<'w, 'a>)),
}

/// A pattern whose needs a permission set holds, or someone by several.
pub(crate) struct Held<'h, 'a> {
    pub(crate) from: AssetId,
    pub(crate) hit: &'h Hit<'a>,
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title)
    }
}

impl Data {
    /// Nothing said yet: rows say the rest.
    pub(crate) const NEW: Data = Data {
        title: "",
        severity: None,
        is_step: true,
        from: &[Kind::PermissionSet],
        to: &[],
        precondition: "",
        effect: "",
        fix: "",
        references: &[],
        attack: &[],
        kubehound: &[],
        controls: &[],
        joins: false,
        find: Find::World(|_| {}),
    };
}

/// All techniques, by their ids.
pub fn techniques() -> impl ExactSizeIterator<Item = &'static Technique> {
    ALL.iter()
}

/// The technique of an id.
pub fn find_technique(id: &str) -> Option<&'static Technique> {
    let position = ALL.binary_search_by(|one| one.id.cmp(id)).ok()?;
    ALL.get(position)
}

pub(crate) fn by_position(id: TechniqueId) -> Option<&'static Technique> {
    ALL.get(usize::from(id.0))
}

impl Technique {
    /// The patterns of permissions that it uses.
    pub fn patterns(&self) -> impl Iterator<Item = &'static Pattern> {
        let ids = match self.data.find {
            Find::Permission(ids, _) => ids,
            _ => &[],
        };
        rbac::patterns().filter(move |pattern| ids.contains(&pattern.id))
    }

    /// The pattern that says what the technique leaves to it.
    fn only_pattern(&self) -> Option<&'static Pattern> {
        self.patterns().next()
    }

    /// One line.
    pub fn title(&self) -> &'static str {
        let pattern = || self.only_pattern().map_or("", |pattern| pattern.title);
        if self.data.title.is_empty() {
            pattern()
        } else {
            self.data.title
        }
    }

    /// How bad a step by it is at most.
    pub fn severity(&self) -> Severity {
        let of_patterns = || self.patterns().map(|pattern| pattern.severity).max();
        self.data
            .severity
            .or_else(of_patterns)
            .unwrap_or(Severity::Critical)
    }

    /// How bad a step by it is, with a pattern.
    pub(crate) fn severity_with(&self, pattern: Option<&Pattern>) -> Severity {
        let of_pattern = pattern.map(|pattern| pattern.severity);
        self.data
            .severity
            .or(of_pattern)
            .unwrap_or(Severity::Critical)
    }

    /// Whether an attacker has to do something for it: otherwise it says what belongs to what.
    pub fn is_step(&self) -> bool {
        self.data.is_step
    }

    /// What it starts from.
    pub fn from(&self) -> &'static [Kind] {
        self.data.from
    }

    /// What it leads to.
    pub fn to(&self) -> &'static [Kind] {
        self.data.to
    }

    /// What must hold besides; empty when nothing must.
    pub fn precondition(&self) -> &'static str {
        let pattern = || {
            self.only_pattern()
                .map_or("", |pattern| pattern.precondition)
        };
        if self.data.precondition.is_empty() {
            pattern()
        } else {
            self.data.precondition
        }
    }

    /// What is gained.
    pub fn effect(&self) -> &'static str {
        let pattern = || self.only_pattern().map_or("", |pattern| pattern.gain);
        if self.data.effect.is_empty() {
            pattern()
        } else {
            self.data.effect
        }
    }

    /// What cuts it.
    pub fn fix(&self) -> &'static str {
        self.data.fix
    }

    /// Where it is described.
    pub fn references(&self) -> Vec<&'static str> {
        let mut all = self.data.references.to_vec();
        for pattern in self.patterns() {
            if !all.contains(&pattern.reference) {
                all.push(pattern.reference);
            }
        }
        all
    }

    /// Techniques of MITRE ATT&CK.
    pub fn attack(&self) -> &'static [&'static str] {
        self.data.attack
    }

    /// Names of the same thing in `KubeHound`.
    pub fn kubehound(&self) -> &'static [&'static str] {
        self.data.kubehound
    }

    /// Ids of controls that report what it rests on.
    pub fn controls(&self) -> &'static [&'static str] {
        self.data.controls
    }

    pub(crate) fn joins(&self) -> bool {
        self.data.joins
    }

    pub(crate) fn find(&self) -> &'static Find {
        &self.data.find
    }
}
