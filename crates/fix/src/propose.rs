//! Where an author would write what a fix says: the likeliest place first.
//!
//! A proposal may be wrong. What it does is proven by a scan, and the next one is tried when it fails.

use document::edit::NewValue;
use document::{Document, Kind, NodeRef, Path, Place, Role, Step};
use model::{Inventory, Resource};

use crate::edit::{Edit, words};
use crate::locate::{Parsed, Spot};
use crate::template;
use crate::values;
use crate::wanted::{Operation, OperationKind};

/// Values that decided something, at most so many are tried.
const MOST_VALUES: usize = 4;

/// Edits that belong together.
pub(crate) type Proposal = Vec<Edit>;

/// What an operation is proposed for.
pub(crate) struct Proposer<'r> {
    pub(crate) inventory: &'r Inventory,
    pub(crate) parsed: &'r Parsed,
}

impl<'r> Proposer<'r> {
    /// The proposals for all operations of a finding; why there is none.
    pub(crate) fn proposals(
        &self,
        resource: u32,
        operations: &[Operation],
    ) -> Result<Vec<Proposal>, String> {
        let resource = { self.inventory.resources.get(resource as usize) }
            .ok_or("the resource is no longer there")?;
        let mut each = Vec::new();
        for operation in operations {
            let mut parts = vec![Vec::new()];
            for part in Self::parts(resource, operation) {
                let own = self.of_part(resource, &part)?;
                parts = combined(&parts, &own);
            }
            each.push(parts);
        }
        let all = each.into_iter().reduce(|all, next| combined(&all, &next));
        Ok(all.unwrap_or_default())
    }

    /// A mapping that is to be another one with the same keys keeps what its author wrote around them.
    fn parts(resource: &Resource, operation: &Operation) -> Vec<Operation> {
        let mut parts = Vec::new();
        let node = resource.object().lookup(&operation.path);
        split(node, operation, &mut parts);
        parts
    }

    fn of_part(
        &self,
        resource: &'r Resource,
        operation: &Operation,
    ) -> Result<Vec<Proposal>, String> {
        if resource.rendered.is_none() {
            return Self::in_manifest(resource, operation).map(|edit| vec![vec![edit]]);
        }
        if let Some(flag) = deciding_flag(resource, &operation.path) {
            return Err(format!("`{flag}` decides it: change the flag"));
        }
        let proposals = self.in_rendering(resource, operation);
        if proposals.is_empty() {
            return Err(nowhere(resource, operation));
        }
        Ok(proposals)
    }

    /// In the file that holds the resource as it is.
    fn in_manifest(resource: &'r Resource, operation: &Operation) -> Result<Edit, String> {
        let document = &resource.document;
        let object = resource.object();
        let mut roots = document.roots().enumerate();
        let found = roots.find_map(|(index, root)| Some((index, document.path_of(root, object)?)));
        let (root, path) = found.ok_or("the resource is a part of another one")?;
        let spot = Spot {
            file: object.place().source.name().into(),
            root,
            path,
            inside: None,
        };
        Ok(Edit::Node {
            spot: spot.below(&operation.path),
            kind: operation.kind.clone(),
        })
    }

    /// In one of the files that a rendering was made of.
    fn in_rendering(&self, resource: &'r Resource, operation: &Operation) -> Vec<Proposal> {
        let (node, steps) = resource.object().nearest(&operation.path);
        let rest = Path(operation.path.0[steps..].to_vec());
        let place = node.place();
        let is_template = template::has_actions(place.source);
        let mut written: Vec<Proposal> = Vec::new();
        let mut decided: Vec<Proposal> = Vec::new();
        for value in self.values_of(&resource.document, node) {
            for spot in values::places(&value) {
                decided.extend(Self::in_values(spot, node, &rest, &operation.kind));
            }
        }
        if !is_template {
            if let Some((spot, _)) = self.parsed.spot(&place) {
                written.extend(self.without_step(&place, &spot, operation, &rest));
                written.extend(at_spot(&spot.below(&rest), node, &rest, &operation.kind));
                written.extend(self.with_bases(resource, node, &spot, operation, &rest));
            }
        } else if rest.0.is_empty() {
            written.extend(template::edited(node, &operation.kind, &operation.path));
        } else if let OperationKind::Set(value) | OperationKind::Append(value) = &operation.kind {
            let named = values::named(place.source, node, &rest);
            decided.extend(named.into_iter().flat_map(|(spot, below)| {
                let kind = operation.kind.clone();
                vec![vec![Edit::Node {
                    spot: spot.below(&below),
                    kind,
                }]]
            }));
            let value = match operation.kind {
                OperationKind::Append(_) => NewValue::Sequence(vec![value.clone()]),
                _ => value.clone(),
            };
            written.extend(template::added(node, &rest, &value, &operation.path));
        }
        let proposals = if is_template {
            [decided, written].concat()
        } else {
            [written, decided].concat()
        };
        let mut known: Vec<Proposal> = Vec::new();
        for proposal in proposals {
            if !known.contains(&proposal) {
                known.push(proposal);
            }
        }
        known
    }

    /// The values of files that decided a node, nearest first.
    fn values_of(&self, document: &'r Document, node: NodeRef<'r>) -> Vec<(Spot, NewValue)> {
        let mut found: Vec<(Spot, NewValue)> = Vec::new();
        for cause in document.causes(node.origin()) {
            if cause.role != Role::Value || found.len() == MOST_VALUES {
                continue;
            }
            let place = document.place(cause.at);
            if let Some(known) = self.parsed.spot(&place)
                && !found.iter().any(|(spot, _)| *spot == known.0)
            {
                found.push(known);
            }
        }
        found
    }

    /// The edits that a value would need for what is printed of it to be right.
    fn in_values(
        (spot, value): (Spot, NewValue),
        node: NodeRef<'_>,
        rest: &Path,
        kind: &OperationKind,
    ) -> Vec<Proposal> {
        let below = spot.below(rest);
        let is_on = NewValue::String("true".to_owned());
        let is_switch = value == NewValue::Bool(true) || value == is_on;
        if !could_print(&value, node, rest) {
            return Vec::new();
        }
        if rest.0.is_empty() && is_switch && *kind == OperationKind::Remove {
            let off = OperationKind::Set(NewValue::Bool(false));
            return vec![
                vec![Edit::Node {
                    spot: below.clone(),
                    kind: as_written(off, &value, node),
                }],
                vec![Edit::Node {
                    spot: below,
                    kind: kind.clone(),
                }],
            ];
        }
        at_spot(&below, node, rest, &as_written(kind.clone(), &value, node))
    }

    /// A step of a JSON patch that sets what is to go, goes itself.
    fn without_step(
        &self,
        place: &Place<'_>,
        spot: &Spot,
        operation: &Operation,
        rest: &Path,
    ) -> Option<Proposal> {
        if operation.kind != OperationKind::Remove || !rest.0.is_empty() {
            return None;
        }
        let spot = self.parsed.patch_step(place, spot)?;
        let kind = OperationKind::Remove;
        Some(vec![Edit::Node { spot, kind }])
    }

    /// What is removed from a patch may be in the base as well.
    fn with_bases(
        &self,
        resource: &'r Resource,
        node: NodeRef<'r>,
        own: &Spot,
        operation: &Operation,
        rest: &Path,
    ) -> Option<Proposal> {
        if operation.kind != OperationKind::Remove || !rest.0.is_empty() {
            return None;
        }
        let document = &resource.document;
        let removal = |spot: Spot| Edit::Node {
            spot,
            kind: OperationKind::Remove,
        };
        let mut all = vec![removal(own.clone())];
        for cause in document.causes(node.origin()) {
            if !matches!(cause.role, Role::Base | Role::Patch) {
                continue;
            }
            let spot = self.parsed.spot(&document.place(cause.at));
            let edit = spot.map(|(spot, _)| removal(spot));
            all.extend(edit.filter(|edit| !all.contains(edit)));
        }
        (all.len() > 1).then_some(all)
    }
}

/// The new value as text where a text was printed as something else: some files have nothing but text for values.
fn as_written(kind: OperationKind, value: &NewValue, node: NodeRef<'_>) -> OperationKind {
    let is_text = matches!(value, NewValue::String(_)) && node.kind() != Kind::String;
    match kind {
        OperationKind::Set(new @ (NewValue::Bool(_) | NewValue::Int(_))) if is_text => {
            OperationKind::Set(NewValue::String(document::edit::on_one_line(&new)))
        }
        kind => kind,
    }
}

/// Whether a value is printed as a node, and not only decided whether the node is: what a condition or a loop is about does that.
fn could_print(value: &NewValue, node: NodeRef<'_>, rest: &Path) -> bool {
    let place = node.place();
    // What is added to a value shows only where the whole of it is printed.
    if !rest.0.is_empty() && !place.source.slice(&place.span).starts_with("{{") {
        return false;
    }
    match (value, node.kind()) {
        (NewValue::Mapping(entries), Kind::Mapping) => {
            let is_known = |name: &str| entries.iter().any(|(key, _)| key == name);
            let is_empty = node.is_empty() && entries.is_empty();
            is_empty || (!node.is_empty() && node.entries().all(|entry| is_known(entry.name())))
        }
        (NewValue::Sequence(items), Kind::Sequence) => items.len() == node.len(),
        (NewValue::Mapping(_) | NewValue::Sequence(_), _) | (_, Kind::Mapping | Kind::Sequence) => {
            false
        }
        _ => true,
    }
}

/// The edits of a node that is written in a file.
fn at_spot(spot: &Spot, node: NodeRef<'_>, rest: &Path, kind: &OperationKind) -> Vec<Proposal> {
    let edit = |kind: OperationKind| {
        vec![Edit::Node {
            spot: spot.clone(),
            kind,
        }]
    };
    let mut proposals = vec![edit(kind.clone())];
    // A patch that sets something cannot be left without a value, and a base may say the same.
    if *kind == OperationKind::Remove && rest.0.is_empty() && node.as_bool() == Some(true) {
        proposals.push(edit(OperationKind::Set(NewValue::Bool(false))));
    }
    proposals
}

/// Every proposal of the first list with the one of the second at the same position, or its last one.
fn combined(first: &[Proposal], second: &[Proposal]) -> Vec<Proposal> {
    let most = first.len().max(second.len());
    let at = |all: &[Proposal], index: usize| all.get(index).or(all.last()).cloned();
    (0..most)
        .filter_map(|index| Some([at(first, index)?, at(second, index)?].concat()))
        .collect()
}

fn split(node: Option<NodeRef<'_>>, operation: &Operation, parts: &mut Vec<Operation>) {
    if let (Some(node), OperationKind::Set(NewValue::Mapping(entries))) = (node, &operation.kind) {
        let is_wanted = |name: &str| entries.iter().any(|(key, _)| key == name);
        let is_part = node.kind() == Kind::Mapping
            && !node.is_empty()
            && node.entries().all(|entry| is_wanted(entry.name()));
        if is_part {
            for (key, value) in entries {
                let own = Operation {
                    path: operation.path.join(Step::Key(key.as_str().into())),
                    kind: OperationKind::Set(value.clone()),
                };
                let below = node.get_str(key);
                if below.is_none_or(|below| NewValue::of(below) != *value) {
                    split(below, &own, parts);
                }
            }
            return;
        }
    }
    parts.push(operation.clone());
}

/// The flag that decides what stands at a path, where nothing decides it after that.
fn deciding_flag(resource: &Resource, path: &Path) -> Option<String> {
    let document = &resource.document;
    let node = resource.object().lookup(path)?;
    let mut causes = document.causes(node.origin());
    let nearest = causes.find(|cause| matches!(cause.role, Role::Value | Role::Flag))?;
    let place = document.place(nearest.at);
    (nearest.role == Role::Flag)
        .then(|| format!("{} {}", place.source.name(), place.source.text().trim()))
}

/// Why nobody knows where to write something.
fn nowhere(resource: &Resource, operation: &Operation) -> String {
    let (node, _) = resource.object().nearest(&operation.path);
    let what = words(&operation.kind, &operation.path);
    let place = node.place();
    let at = place.source.line_column(place.span.start);
    let file = place.source.name();
    format!(
        "no line or value is known to {what}; {file}:{} prints it",
        at.line
    )
}
