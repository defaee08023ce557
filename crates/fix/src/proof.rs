//! Whether edits did what they were meant to do and nothing else: the scan after them held against the scan before.

use std::collections::{BTreeMap, BTreeSet};

use document::edit::NewValue;
use document::{Kind, NodeRef, Path, Step};
use model::{Problem, Report, Resource};

use crate::edit::{Edit, begins_with};
use crate::wanted::{Operation, OperationKind, Wanted, group_of, resource_words, resources_of};

/// Something that the edits should not have done, or should have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Flaw {
    /// A finding that was to be fixed: its position among those that were tried.
    StillThere(usize),
    /// In a rendering or file, by its name: what happened there, and the names of fields or things that it is about.
    Beside {
        group: String,
        why: String,
        about: BTreeSet<String>,
    },
    /// There is a finding that was not there.
    Brings(Key),
    /// Nobody knows where it comes from.
    Anywhere { file: String, why: String },
}

/// All of them.
pub(crate) fn flaws(
    before: &Report,
    after: &Report,
    tried: &[&Wanted],
    edits: &[&Edit],
) -> Vec<Flaw> {
    let mut flaws = problems(before, after);
    flaws.extend(findings(before, after, tried));
    flaws.extend(resources(before, after, tried, edits));
    flaws
}

fn problems(before: &Report, after: &Report) -> Vec<Flaw> {
    let key = |problem: &Problem| (problem.kind, problem.file.clone());
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for problem in &before.problems {
        *known.entry(key(problem)).or_default() += 1;
    }
    let mut flaws = Vec::new();
    for problem in &after.problems {
        let left = known.entry(key(problem)).or_default();
        if *left > 0 {
            *left -= 1;
            continue;
        }
        flaws.push(Flaw::Anywhere {
            file: problem.file.clone(),
            why: format!("with the edit {}: {}", problem.file, problem.message),
        });
    }
    flaws
}

/// What makes findings of two scans comparable, because lines and paths move with edits: control, rendering or file, and
/// resource with container.
pub(crate) type Key = (String, String, String);

/// The findings of a report by what is the same in another scan, with their paths.
fn counted(report: &Report) -> BTreeMap<Key, Vec<String>> {
    let mut counted: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for index in 0..report.findings.len() {
        let path = report.findings[index].detail.as_deref();
        let path = path.map_or(String::new(), |detail| detail.path.clone());
        for key in keys_of(report, index) {
            counted.entry(key).or_default().push(path.clone());
        }
    }
    counted
}

/// One for each resource that shares the finding.
pub(crate) fn keys_of(report: &Report, index: usize) -> Vec<Key> {
    let finding = &report.findings[index];
    let control = &report.controls[finding.control as usize].info.id;
    let detail = finding.detail.as_deref();
    let resources = detail.map_or(vec![finding.resource], |detail| {
        resources_of(finding, detail)
    });
    let container = detail.and_then(|detail| detail.container.as_deref());
    let keys = resources.into_iter().map(|resource| {
        let words = { report.inventory.resources.get(resource as usize) }.map(resource_words);
        let thing = thing_of(words.as_deref(), container);
        (control.clone(), group_of(report, resource), thing)
    });
    keys.collect()
}

/// A container of a resource, or the resource.
fn thing_of(resource: Option<&str>, container: Option<&str>) -> String {
    format!(
        "{} {}",
        resource.unwrap_or_default(),
        container.unwrap_or_default()
    )
}

/// What flaws could be about that edits for a finding are at fault for: the fields, and the things.
pub(crate) fn marks(report: &Report, wanted: &Wanted, edits: &[Edit]) -> BTreeSet<String> {
    let fields = wanted.operations.iter().map(|operation| &operation.path);
    let fields = fields.chain(edits.iter().filter_map(Edit::path));
    let keys = fields.filter_map(|path| path.0.last());
    let keys = keys.filter_map(|step| match step {
        Step::Key(key) => Some(key.to_string()),
        Step::Index(_) => None,
    });
    let things = keys_of(report, wanted.finding);
    keys.chain(things.into_iter().map(|(_, _, thing)| thing))
        .collect()
}

fn keys_in(path: &Path) -> BTreeSet<String> {
    let keys = path.0.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.to_string()),
        Step::Index(_) => None,
    });
    keys.collect()
}

fn findings(before: &Report, after: &Report, tried: &[&Wanted]) -> Vec<Flaw> {
    let (old, new) = (counted(before), counted(after));
    let mut meant: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (position, wanted) in tried.iter().enumerate() {
        for key in keys_of(before, wanted.finding) {
            meant.entry(key).or_default().push(position);
        }
    }
    let mut flaws = Vec::new();
    for (key, paths) in &new {
        let had = old.get(key).map_or(0, Vec::len);
        let gone = meant.get(key).map_or(&[][..], Vec::as_slice);
        if paths.len() + gone.len() <= had {
            continue;
        }
        if gone.is_empty() || paths.len() > had {
            flaws.push(Flaw::Brings(key.clone()));
            continue;
        }
        let path_of = |position: usize| {
            let detail = before.findings[tried[position].finding].detail.as_deref();
            detail.map_or("", |detail| detail.path.as_str())
        };
        let same = |position: &&usize| paths.iter().any(|path| path == path_of(**position));
        let named: Vec<usize> = gone.iter().filter(same).copied().collect();
        let blamed = if named.is_empty() { gone } else { &named };
        flaws.extend(blamed.iter().map(|&position| Flaw::StillThere(position)));
    }
    flaws
}

/// The paths that fixes name, by resource.
struct Named {
    by_resource: BTreeMap<u32, Vec<Path>>,
    /// Of what is written at one place and printed for several resources.
    by_place: BTreeMap<(String, u32, String), Vec<Path>>,
}

impl Named {
    fn new(before: &Report, tried: &[&Wanted]) -> Self {
        let mut named = Named {
            by_resource: BTreeMap::new(),
            by_place: BTreeMap::new(),
        };
        for wanted in tried {
            let paths = || wanted.operations.iter().map(named_by);
            for &index in &wanted.resources {
                named.by_resource.entry(index).or_default().extend(paths());
                if let Some(resource) = before.inventory.resources.get(index as usize) {
                    let place = place_of(resource);
                    named.by_place.entry(place).or_default().extend(paths());
                }
            }
        }
        named
    }

    fn of(&self, index: u32, resource: &Resource) -> Vec<Path> {
        let own = self.by_resource.get(&index).into_iter().flatten();
        let shared = match resource.rendered {
            Some(_) => self.by_place.get(&place_of(resource)),
            None => None,
        };
        own.chain(shared.into_iter().flatten()).cloned().collect()
    }
}

/// The path that an operation may change: an item that goes moves those behind it.
fn named_by(operation: &Operation) -> Path {
    let mut path = operation.path.clone();
    if operation.kind == OperationKind::Remove && matches!(path.0.last(), Some(Step::Index(_))) {
        path.0.pop();
    }
    path
}

fn place_of(resource: &Resource) -> (String, u32, String) {
    let place = resource.object().place();
    (
        place.source.name().to_owned(),
        place.span.start,
        resource.kind.to_string(),
    )
}

fn resources(before: &Report, after: &Report, tried: &[&Wanted], edits: &[&Edit]) -> Vec<Flaw> {
    let named = Named::new(before, tried);
    let files: BTreeSet<&str> = edits.iter().map(|edit| edit.file()).collect();
    let (old, new) = (by_name(before, &files), by_name(after, &files));
    let mut flaws = Vec::new();
    for key in old.keys() {
        let (group, words, _) = key;
        if !new.contains_key(key) {
            flaws.push(Flaw::Beside {
                group: group.clone(),
                why: format!("with the edit {words} is gone"),
                about: BTreeSet::new(),
            });
        }
    }
    for (key, index) in &new {
        let (group, words, _) = key;
        let Some(old_index) = old.get(key) else {
            flaws.push(Flaw::Beside {
                group: group.clone(),
                why: format!("with the edit there is a new {words}"),
                about: BTreeSet::new(),
            });
            continue;
        };
        let resource = &before.inventory.resources[*old_index as usize];
        let mut paths = named.of(*old_index, resource);
        paths.extend(edited_in(resource, edits));
        let mut differences = Vec::new();
        let changed = &after.inventory.resources[*index as usize];
        difference(
            Some(resource.object()),
            Some(changed.object()),
            &mut Path::default(),
            &mut differences,
        );
        if let Some(other) = differences.iter().find(|one| !one.is_named(&paths)) {
            flaws.push(Flaw::Beside {
                group: group.clone(),
                why: other.words(words),
                about: keys_in(&other.path),
            });
        }
    }
    flaws
}

/// What is edited of a manifest, for whatever is made with it: an object that deploys a chart holds values.
fn edited_in(resource: &Resource, edits: &[&Edit]) -> Vec<Path> {
    let (document, object) = (&resource.document, resource.object());
    let file = object.place().source.name();
    let own = edits.iter().filter_map(|edit| match edit {
        Edit::Node { spot, .. } if resource.rendered.is_none() && &*spot.file == file => Some(spot),
        _ => None,
    });
    let below = own.filter_map(|spot| {
        let above = document.path_of(document.root(spot.root)?, object)?;
        let rest = spot.path.0.strip_prefix(&above.0[..])?;
        Some(Path(rest.to_vec()))
    });
    below.collect()
}

/// Group, name, and which of those of one name it is.
type Name = (String, String, usize);

/// The resources that edits of some files can change.
fn by_name(report: &Report, files: &BTreeSet<&str>) -> BTreeMap<Name, u32> {
    let mut names = BTreeMap::new();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (index, resource) in (0..).zip(&report.inventory.resources) {
        let is_untouched = || !files.contains(resource.object().place().source.name());
        if resource.rendered.is_none() && is_untouched() {
            continue;
        }
        let own = (group_of(report, index), resource_words(resource));
        let count = counts.entry(own.clone()).or_default();
        names.insert((own.0, own.1, *count), index);
        *count += 1;
    }
    names
}

/// A place where two objects differ.
struct Difference {
    path: Path,
    what: What,
}

/// How two objects differ at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    /// There is another value.
    Value,
    /// There is nothing on both sides, written in different ways.
    Nothing,
    /// A mapping says a key twice that did not.
    Twice,
}

impl Difference {
    fn words(&self, resource: &str) -> String {
        match self.what {
            What::Twice => format!("it would say a key of {} of {resource} twice", self.path),
            _ => format!("it would also change {} of {resource}", self.path),
        }
    }

    /// Whether a fix names it: it lies where the fix does something, or on the way there, where what the way leads through
    /// appeared or was left empty.
    fn is_named(&self, paths: &[Path]) -> bool {
        let is_below = |named: &Path| begins_with(&self.path, named);
        let is_above = |named: &Path| begins_with(named, &self.path);
        match self.what {
            What::Value => paths.iter().any(is_below),
            What::Nothing => paths.iter().any(|named| is_below(named) || is_above(named)),
            What::Twice => false,
        }
    }
}

/// All leaves that differ.
fn difference(
    old: Option<NodeRef<'_>>,
    new: Option<NodeRef<'_>>,
    at: &mut Path,
    found: &mut Vec<Difference>,
) {
    const MOST: usize = 1000;
    if found.len() >= MOST {
        return;
    }
    let says_twice = |node: Option<NodeRef<'_>>| node.is_some_and(NodeRef::is_irregular);
    if says_twice(new) && !says_twice(old) {
        found.push(Difference {
            path: at.clone(),
            what: What::Twice,
        });
    }
    let kind = |node: Option<NodeRef<'_>>| match node {
        Some(node) if is_container(node) && node.is_empty() => None,
        node => node.map(NodeRef::kind).filter(|kind| *kind != Kind::Null),
    };
    let (old_kind, new_kind) = (kind(old), kind(new));
    let is_both = |kinds: Kind| {
        [old_kind, new_kind]
            .iter()
            .all(|own| own.is_none_or(|own| own == kinds))
    };
    if (old_kind, new_kind) == (None, None) {
        let written = |node: Option<NodeRef<'_>>| node.map(NodeRef::kind);
        if written(old) != written(new) {
            found.push(Difference {
                path: at.clone(),
                what: What::Nothing,
            });
        }
    } else if is_both(Kind::Mapping) {
        let names = [old, new].into_iter().flatten().flat_map(NodeRef::entries);
        let names: BTreeSet<&str> = names.map(|entry| entry.name()).collect();
        for name in names {
            let old = old.and_then(|node| node.get_str(name));
            let new = new.and_then(|node| node.get_str(name));
            step(Step::Key(name.into()), at, |at| {
                difference(old, new, at, found);
            });
        }
    } else if is_both(Kind::Sequence) {
        let count = [old, new].map(|node| node.map_or(0, |node| node.items().len()));
        for index in 0..count[0].max(count[1]) {
            let old = old.and_then(|node| node.item(index));
            let new = new.and_then(|node| node.item(index));
            step(Step::Index(index), at, |at| difference(old, new, at, found));
        }
    } else if old.map(NewValue::of) != new.map(NewValue::of) {
        found.push(Difference {
            path: at.clone(),
            what: What::Value,
        });
    }
}

fn is_container(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Sequence)
}

fn step(step: Step, at: &mut Path, go: impl FnOnce(&mut Path)) {
    at.0.push(step);
    go(at);
    at.0.pop();
}
