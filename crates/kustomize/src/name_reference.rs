//! Names in other objects: where a field names an object whose name has changed, the field changes too.

use document::Role;

use crate::error::{ErrorKind, Result, transform};
use crate::field_spec::{FieldSpec, NameReference};
use crate::field_walk::{Create, visit};
use crate::origin::Origins;
use crate::resource::{Gvk, Id, Resource};
use crate::resources::Resources;
use crate::tree::{Node, Value};

/// What can be named: an object with all its names.
struct Candidate {
    now: Id,
    former: Vec<Id>,
    first: Id,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    at: crate::origin::At,
}

/// Updates all the fields that name objects.
pub(crate) fn update(
    resources: &mut Resources,
    references: &[NameReference],
    origins: &mut Origins,
) -> Result<()> {
    let candidates: Vec<Candidate> = resources.list.iter().map(Candidate::new).collect();
    for (resource, own) in resources.list.iter_mut().zip(&candidates) {
        let mut subset = None;
        for reference in references {
            for spec in &reference.referrers {
                if !own.first.gvk.is_selected(&spec.gvk) {
                    continue;
                }
                if subset.is_none() {
                    subset = Some(referable(resource, own, &candidates)?);
                }
                let mut update = Update {
                    own,
                    target: &reference.target,
                    role: role_of(resource, spec),
                    candidates: &candidates,
                    subset: subset.as_deref().unwrap_or_default(),
                    origins,
                };
                let spec = FieldSpec {
                    gvk: Gvk::default(),
                    ..spec.clone()
                };
                visit(resource, &spec, Create::Nothing, own.at, &mut |node| {
                    update.set(node)
                })?;
            }
        }
    }
    Ok(())
}

impl Candidate {
    fn new(resource: &Resource) -> Self {
        let (now, former) = (resource.id(), resource.former_ids());
        let name = resource.node.get("metadata").and_then(|it| it.get("name"));
        Candidate {
            first: former.first().unwrap_or(&now).clone(),
            now,
            former,
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            at: name.map_or(resource.node.at, |name| name.at),
        }
    }

    /// Whether prefixes and suffixes end alike; nothing fits everything where `lenient`.
    fn is_affixed_like(&self, other: &Candidate, lenient: bool) -> bool {
        let fits = |a: &[String], b: &[String]| {
            (lenient && (a.is_empty() || b.is_empty())) || end_alike(a, b)
        };
        fits(&self.prefixes, &other.prefixes) && fits(&self.suffixes, &other.suffixes)
    }
}

/// Whether the shorter of two lists is the end of the longer one; an empty one is that of an empty one only.
fn end_alike(a: &[String], b: &[String]) -> bool {
    a.is_empty() == b.is_empty() && a.iter().rev().zip(b.iter().rev()).all(|(a, b)| a == b)
}

/// The objects that an object can name: those of its namespace and those outside namespaces.
fn referable(resource: &Resource, own: &Candidate, all: &[Candidate]) -> Result<Vec<usize>> {
    if own.now.is_cluster_scoped {
        return Ok((0..all.len()).collect());
    }
    let mut bound = Vec::new();
    if own.now.gvk.kind == "RoleBinding" {
        let subjects = resource.node.get("subjects").map(Node::items);
        for subject in subjects.unwrap_or_default() {
            let Some(namespace) = subject.get("namespace") else {
                continue;
            };
            if subject.text_at(&["kind"]) == Some("ServiceAccount") {
                let Some(text) = namespace.as_str() else {
                    let message =
                        format!("the namespace of a subject of {} is blank", own.now.text());
                    return Err(ErrorKind::Resource(message).into());
                };
                bound.push(text);
            }
        }
    }
    let is_referable = |other: &Candidate| {
        other.now.is_cluster_scoped
            || other.now.effective_namespace() == own.now.effective_namespace()
            || bound.contains(&other.now.namespace.as_str())
    };
    let all = all.iter().enumerate();
    Ok(all
        .filter(|(_, other)| is_referable(other))
        .map(|(at, _)| at)
        .collect())
}

/// The kind that a role binding's `roleRef` names, for the field that names the role.
fn role_of(resource: &Resource, spec: &FieldSpec) -> Option<Gvk> {
    if !spec.path.ends_with("roleRef/name") {
        return None;
    }
    let role = resource.node.get("roleRef")?;
    Some(Gvk {
        group: role.text_at(&["apiGroup"])?.to_owned(),
        version: String::new(),
        kind: role.text_at(&["kind"])?.to_owned(),
    })
}

struct Update<'u> {
    own: &'u Candidate,
    target: &'u Gvk,
    role: Option<Gvk>,
    candidates: &'u [Candidate],
    subset: &'u [usize],
    origins: &'u mut Origins,
}

impl Update<'_> {
    fn set(&mut self, node: &mut Node) -> Result<()> {
        match &mut node.value {
            Value::Null(_) => Ok(()),
            Value::Map(_) => self.set_map(node),
            Value::List(items) => items.iter_mut().try_for_each(|item| match item.value {
                Value::Map(_) => self.set_map(item),
                Value::List(_) => Err(transform("expected a scalar or a mapping in a list")),
                _ => self.set_scalar(item),
            }),
            _ => self.set_scalar(node),
        }
    }

    fn set_scalar(&mut self, node: &mut Node) -> Result<()> {
        let old = node.scalar_text().unwrap_or_default().to_owned();
        let Some(found) = self.select(&old, self.subset, false)? else {
            return Ok(());
        };
        self.rename(node, &old, found);
        Ok(())
    }

    fn rename(&mut self, node: &mut Node, old: &str, found: usize) {
        let found = &self.candidates[found];
        if found.now.name != old {
            let at = self.origins.derived(node.at, Role::Base, found.at);
            *node = Node::text(&found.now.name, at);
        }
    }

    fn set_map(&mut self, node: &mut Node) -> Result<()> {
        let Some(name) = node.get("name") else {
            return Err(transform("a field that names an object has no 'name'"));
        };
        let old = name.scalar_text().unwrap_or_default().to_owned();
        let within = self.of_namespace(node);
        let Some(found) = self.select(&old, &within, true)? else {
            return Ok(());
        };
        let namespace = self.candidates[found].now.namespace.clone();
        if let Some(name) = node.get_mut("name") {
            self.rename(name, &old, found);
        }
        if !namespace.is_empty() && node.text_at(&["namespace"]) != Some(&namespace) {
            let old = node.get("namespace").map_or(node.at, |old| old.at);
            let at = self
                .origins
                .derived(old, Role::Base, self.candidates[found].at);
            node.set("namespace", Node::text(&namespace, at));
        }
        Ok(())
    }

    /// The objects in the namespace that a reference names, by what it was first.
    fn of_namespace(&self, node: &Node) -> Vec<usize> {
        let Some(namespace) = node.get("namespace") else {
            return self.subset.to_vec();
        };
        let namespace = namespace.scalar_text().unwrap_or_default();
        let of = |id: &dyn Fn(&Candidate) -> String| -> Vec<usize> {
            let all = self.subset.iter().copied();
            all.filter(|&at| id(&self.candidates[at]) == namespace)
                .collect()
        };
        let first = of(&|it| it.first.effective_namespace().to_owned());
        if !first.is_empty() {
            return first;
        }
        of(&|it| it.now.effective_namespace().to_owned())
    }

    /// The object that a name means, if it is one of this build.
    fn select(&self, old: &str, among: &[usize], with_namespace: bool) -> Result<Option<usize>> {
        let fits = |candidate: &Candidate| {
            let former = &candidate.former;
            former.iter().any(|id| id.name == old)
                && former.iter().any(|id| id.gvk.is_selected(self.target))
                && self
                    .role
                    .as_ref()
                    .is_none_or(|role| former.iter().any(|id| id.gvk.is_selected(role)))
                && (self.own.now.is_cluster_scoped
                    || candidate.now.is_cluster_scoped
                    || candidate.now.gvk.kind == "ServiceAccount"
                    || candidate.now.effective_namespace() == self.own.now.effective_namespace())
        };
        let among = among.iter().copied();
        let mut found: Vec<usize> = among.filter(|&at| fits(&self.candidates[at])).collect();
        if let [only] = found[..] {
            return Ok(Some(only));
        }
        let like = |lenient: bool| {
            move |at: &usize| self.candidates[*at].is_affixed_like(self.own, lenient)
        };
        found.retain(like(true));
        if found.len() > 1 {
            found.retain(like(false));
        }
        let Some((&first, rest)) = found.split_first() else {
            return Ok(None);
        };
        let same = |&at: &usize| {
            let (a, b) = (&self.candidates[first].now, &self.candidates[at].now);
            a.name == b.name && (!with_namespace || a.namespace == b.namespace)
        };
        if rest.iter().all(same) {
            return Ok(Some(first));
        }
        let all: Vec<String> = found
            .iter()
            .map(|&at| self.candidates[at].now.text())
            .collect();
        Err(transform(format!(
            "'{old}' may mean any of {}",
            all.join(", ")
        )))
    }
}
