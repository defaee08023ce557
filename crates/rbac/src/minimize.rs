//! The least roles under which what a subject does is still allowed: nothing that it is not granted now, and no rule
//! without a use.

mod decide;
mod unseen;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Graph;
use crate::request::{Request, Subject, url_covers};
use crate::tables::Grant;
use crate::useless::Slot;

use self::decide::is_generated;

pub use self::unseen::Unseen;

/// When single uses become a wider permission, as far as the subject has it now.
#[derive(Clone, Copy, Debug)]
pub struct LeastLimits {
    /// As many different objects are still named one by one.
    pub names: usize,
    /// In as many namespaces there is still a Role each.
    pub namespaces: usize,
}

impl Default for LeastLimits {
    fn default() -> Self {
        LeastLimits {
            names: 5,
            namespaces: 5,
        }
    }
}

/// A rule of a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeastRule<'a> {
    /// Verbs, sorted.
    pub verbs: Vec<&'a str>,
    /// API groups: one, or none for paths.
    pub groups: Vec<&'a str>,
    /// Resources with their subresources, sorted.
    pub resources: Vec<String>,
    /// The only objects; empty for all.
    pub names: Vec<&'a str>,
    /// Paths that are no resources.
    pub urls: Vec<&'a str>,
}

/// A role, with a binding to the subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeastRole<'a> {
    /// Its namespace; `None` for a `ClusterRole` bound in the whole cluster.
    pub namespace: Option<&'a str>,
    /// Its rules.
    pub rules: Vec<LeastRule<'a>>,
}

/// What a subject's requests need.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Least<'a> {
    /// That of the cluster first, then by namespace.
    pub roles: Vec<LeastRole<'a>>,
    /// The requests that bindings of the subject itself allow, sorted: what the roles are for.
    pub own: Vec<Request<'a>>,
    /// Those that only bindings of its groups allow.
    pub shared: Vec<Request<'a>>,
    /// Those that nothing which was scanned allows, and what is no request: one with a star where a rule may have one.
    pub beyond: Vec<Request<'a>>,
}

/// A verb on a resource.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Cell<'a> {
    group: &'a str,
    resource: String,
    verb: &'a str,
}

/// The objects of a cell; `None` for all.
type Names<'a> = Option<BTreeSet<&'a str>>;

/// Verbs on resources, and on paths, in one scope.
#[derive(Clone, Debug, Default)]
struct Needs<'a> {
    cells: BTreeMap<Cell<'a>, Names<'a>>,
    urls: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl Graph {
    /// The grants of a request whose bindings name the subject itself, not a group of it.
    pub fn own_grants(&self, subject: Subject<'_>, request: &Request<'_>) -> Vec<Grant> {
        let own = self.find(subject);
        let mut why = self.can(subject, request).why;
        why.retain(|grant| Some(grant.subject()) == own && !grant.is_built_in());
        why
    }

    /// The least roles for requests that a subject was allowed.
    pub fn least<'a>(
        &self,
        subject: Subject<'_>,
        requests: &[Request<'a>],
        limits: LeastLimits,
    ) -> Least<'a> {
        let mut least = Least::default();
        let requests: BTreeSet<&Request<'a>> = requests.iter().collect();
        for request in requests {
            if has_star(request) {
                least.beyond.push(*request);
            } else if !self.own_grants(subject, request).is_empty() {
                least.own.push(*request);
            } else if self.can(subject, request).allowed {
                least.shared.push(*request);
            } else {
                least.beyond.push(*request);
            }
        }
        let maker = Maker {
            graph: self,
            subject,
            limits,
        };
        least.roles = maker.roles(&least.own);
        least
    }

    /// The roles of a subject without what can never be of use; `judge` says whether a verb on a resource is useless.
    pub fn useful<'a>(
        &'a self,
        subject: Subject<'_>,
        mut judge: impl FnMut(&Slot<'a>) -> bool,
    ) -> Vec<LeastRole<'a>> {
        let mut scopes: BTreeMap<Option<&str>, Vec<LeastRule<'a>>> = BTreeMap::new();
        for (namespace, grant) in self.own_rules(subject) {
            let Some(rule) = grant.rule() else { continue };
            let text = self.rule_text(rule);
            let names: BTreeSet<&str> = text.names.iter().copied().collect();
            let mut needs = Needs::default();
            for slot in Slot::of(namespace, &text).filter(|slot| !judge(slot)) {
                if let Some(url) = slot.url {
                    needs.urls.entry(slot.verb).or_default().insert(url);
                } else {
                    let names = (!names.is_empty()).then(|| names.clone());
                    needs.cells.insert(slot.cell(), names);
                }
            }
            let rules = scopes.entry(namespace).or_default();
            for rule in needs.rules() {
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
        }
        roles(scopes)
    }

    /// The rules that a subject is granted itself, with their scopes, each once for a scope.
    pub fn own_rules(&self, subject: Subject<'_>) -> Vec<(Option<&str>, Grant)> {
        let Some(id) = self.find(subject) else {
            return Vec::new();
        };
        let mut own = Vec::new();
        for binding in self.bindings_of(id) {
            let namespace = self.binding(binding).and_then(|binding| binding.namespace);
            own.extend(self.grants_of(id, binding).map(|grant| (namespace, grant)));
        }
        own
    }
}

fn roles<'a>(scopes: BTreeMap<Option<&'a str>, Vec<LeastRule<'a>>>) -> Vec<LeastRole<'a>> {
    let scopes = scopes.into_iter().filter(|(_, rules)| !rules.is_empty());
    let roles = scopes.map(|(namespace, rules)| LeastRole { namespace, rules });
    roles.collect()
}

impl<'a> Slot<'a> {
    fn cell(&self) -> Cell<'a> {
        Cell {
            group: self.group,
            resource: self.resource.to_owned(),
            verb: self.verb,
        }
    }
}

/// Makes roles of requests.
struct Maker<'g, 's> {
    graph: &'g Graph,
    subject: Subject<'s>,
    limits: LeastLimits,
}

/// The requests of a cell: in which namespaces, to which objects.
type Seen<'a> = BTreeMap<Cell<'a>, BTreeSet<(&'a str, &'a str)>>;

impl Maker<'_, '_> {
    fn roles<'a>(&self, requests: &[Request<'a>]) -> Vec<LeastRole<'a>> {
        let mut urls: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut seen: Seen<'a> = BTreeMap::new();
        for request in requests {
            match *request {
                Request::Url { verb, path } => {
                    urls.entry(verb).or_default().insert(path);
                }
                Request::Resource {
                    verb,
                    group,
                    namespace,
                    name,
                    ..
                } => {
                    let resource = combined(request);
                    let cell = Cell {
                        group,
                        resource,
                        verb,
                    };
                    seen.entry(cell).or_default().insert((namespace, name));
                }
            }
        }
        let mut cluster = Needs {
            urls,
            ..Needs::default()
        };
        let mut within: BTreeMap<&str, Needs<'a>> = BTreeMap::new();
        for (cell, uses) in &seen {
            let wide = self.cluster_wide(cell, uses);
            let names: BTreeSet<&str> = wide.iter().map(|(_, name)| *name).collect();
            let names = (!names.is_empty()).then(|| self.names(cell, "", names));
            let rest = uses.iter().filter(|(_, name)| {
                let is_covered =
                    |names: &Names<'_>| names.as_ref().is_none_or(|all| all.contains(name));
                !names.as_ref().is_some_and(is_covered)
            });
            let mut by_namespace: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for &(namespace, name) in rest {
                by_namespace.entry(namespace).or_default().insert(name);
            }
            if let Some(names) = names {
                cluster.cells.insert(cell.clone(), names);
            }
            for (namespace, names) in by_namespace {
                let names = self.names(cell, namespace, names);
                let needs = within.entry(namespace).or_default();
                needs.cells.insert(cell.clone(), names);
            }
        }
        let mut scopes: BTreeMap<Option<&str>, Vec<LeastRule<'a>>> = BTreeMap::new();
        scopes.insert(None, cluster.rules());
        for (namespace, needs) in within {
            scopes.insert(Some(namespace), needs.rules());
        }
        roles(scopes)
    }

    /// The uses that a permission in the whole cluster is for: those of no namespace, or all when they are in many.
    fn cluster_wide<'a>(
        &self,
        cell: &Cell<'a>,
        uses: &BTreeSet<(&'a str, &'a str)>,
    ) -> BTreeSet<(&'a str, &'a str)> {
        let namespaces: BTreeSet<&str> = uses.iter().map(|(namespace, _)| *namespace).collect();
        let is_granted = |(_, name): &(&str, &str)| !self.grants(cell, "", name).is_empty();
        if namespaces.len() > self.limits.namespaces && uses.iter().all(is_granted) {
            return uses.clone();
        }
        let of_none = uses.iter().filter(|(namespace, _)| namespace.is_empty());
        of_none.copied().collect()
    }

    /// The objects that a permission is limited to: those that were used, or all, where that is granted now.
    fn names<'a>(&self, cell: &Cell<'a>, scope: &str, names: BTreeSet<&'a str>) -> Names<'a> {
        let are_named = !names.contains("")
            && names.len() <= self.limits.names
            && !names.iter().any(|name| is_generated(&cell.resource, name));
        let is_granted = || {
            let mut grants = self.grants(cell, scope, "").into_iter();
            let for_all = |rule| self.graph.object_names(rule).next().is_none();
            grants.any(|grant| grant.rule().is_some_and(for_all))
        };
        (are_named || !is_granted()).then_some(names)
    }

    fn grants(&self, cell: &Cell<'_>, scope: &str, name: &str) -> Vec<Grant> {
        let request = Request::resource(cell.verb, cell.group, &cell.resource);
        let request = request.in_namespace(scope).named(name);
        self.graph.own_grants(self.subject, &request)
    }
}

/// Whether a rule that is made of a request would say more than the request.
fn has_star(request: &Request<'_>) -> bool {
    match *request {
        Request::Url { verb, path } => verb == "*" || path.ends_with('*'),
        Request::Resource {
            verb,
            group,
            resource,
            ..
        } => [verb, group, resource].contains(&"*"),
    }
}

fn combined(request: &Request<'_>) -> String {
    match *request {
        Request::Resource {
            resource,
            subresource: "",
            ..
        } => resource.to_owned(),
        Request::Resource {
            resource,
            subresource,
            ..
        } => [resource, "/", subresource].concat(),
        Request::Url { .. } => String::new(),
    }
}

impl<'a> Needs<'a> {
    /// As few rules as say exactly this: resources with the same verbs and objects are in one.
    fn rules(self) -> Vec<LeastRule<'a>> {
        let mut verbs: BTreeMap<(&str, String, Names<'_>), Vec<&str>> = BTreeMap::new();
        for (cell, names) in self.cells {
            let key = (cell.group, cell.resource, names);
            verbs.entry(key).or_default().push(cell.verb);
        }
        let mut resources: BTreeMap<(&str, Names<'_>, Vec<&str>), Vec<String>> = BTreeMap::new();
        for ((group, resource, names), verbs) in verbs {
            let key = (group, names, verbs);
            resources.entry(key).or_default().push(resource);
        }
        let on_resources = resources
            .into_iter()
            .map(|((group, names, verbs), resources)| LeastRule {
                verbs,
                groups: vec![group],
                resources,
                names: names.into_iter().flatten().collect(),
                urls: Vec::new(),
            });
        let mut urls: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
        for (verb, paths) in self.urls {
            urls.entry(paths).or_default().push(verb);
        }
        let on_paths = urls.into_iter().map(|(urls, verbs)| LeastRule {
            verbs,
            groups: Vec::new(),
            resources: Vec::new(),
            names: Vec::new(),
            urls: urls.into_iter().collect(),
        });
        on_resources.chain(on_paths).collect()
    }
}

impl LeastRule<'_> {
    /// Whether it allows a verb on a resource (or a path) for all the objects named; for all objects when none is.
    pub fn covers(&self, slot: &Slot<'_>, names: &[&str]) -> bool {
        let has = |list: &[&str], one: &str| list.contains(&"*") || list.contains(&one);
        if !has(&self.verbs, slot.verb) {
            return false;
        }
        if let Some(url) = slot.url {
            return self
                .urls
                .iter()
                .any(|own| *own == url || url_covers(own, url));
        }
        let is_resource = |own: &String| {
            let part = slot.resource.split_once('/').map(|(_, part)| part);
            own == "*"
                || own == slot.resource
                || (own.strip_prefix("*/").is_some_and(|own| Some(own) == part))
        };
        has(&self.groups, slot.group)
            && self.resources.iter().any(is_resource)
            && (self.names.is_empty()
                || (!names.is_empty() && names.iter().all(|name| self.names.contains(name))))
    }
}

impl Least<'_> {
    /// Whether the roles still give what a slot of a rule with these names gives.
    pub fn covers(&self, slot: &Slot<'_>, names: &[&str]) -> bool {
        let mut rules = self
            .roles
            .iter()
            .filter(|role| role.namespace.is_none() || role.namespace == slot.namespace)
            .flat_map(|role| &role.rules);
        rules.any(|rule| rule.covers(slot, names))
    }
}
