//! Everything that a subject may do, put so that a person can read it.

use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::holdings::Holdings;
use crate::names::{List, Name};
use crate::request::{Rights, Subject, url_covers};
use crate::tables::Grant;

/// A rule with more combinations than this stays as it is written.
const COMBINATIONS: usize = 4096;

/// With more permissions on many resources than this, some that they contain are listed beside them.
const WIDE: usize = 256;

/// Everything that a subject may do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Permissions<'g> {
    /// Member of `system:masters`: may do everything, whatever else is listed.
    pub is_masters: bool,
    /// In every namespace, and with what belongs to none.
    pub cluster: Vec<Permission<'g>>,
    /// In single namespaces, beyond what holds in all, by their names.
    pub namespaces: Vec<(&'g str, Vec<Permission<'g>>)>,
}

/// Verbs on resources or on paths. Lists are sorted, and a list that has `*` has nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Permission<'g> {
    /// Verbs.
    pub verbs: Vec<&'g str>,
    /// API groups: one, except for rules with very many combinations. Empty for paths.
    pub groups: Vec<&'g str>,
    /// Resources: one, with the same exception. Empty for paths.
    pub resources: Vec<&'g str>,
    /// The only objects that it holds for; empty for all.
    pub names: Vec<&'g str>,
    /// Paths that are no resources.
    pub urls: Vec<&'g str>,
    /// The grants that it comes from.
    pub grants: Vec<Grant>,
}

/// What verbs are collected by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key<'g> {
    groups: Vec<&'g str>,
    resources: Vec<&'g str>,
    names: Vec<&'g str>,
    urls: Vec<&'g str>,
}

impl Graph {
    /// Everything that a subject may do, in the groups that its name implies. What a wider permission of the same
    /// scope or of the cluster contains is left out.
    pub fn permissions(&self, subject: Subject<'_>) -> Permissions<'_> {
        let Holdings {
            cluster,
            scoped,
            is_masters,
        } = self.holdings(subject);
        let cluster = self.normalised(&cluster, None);
        let mut namespaces: Vec<(&str, Vec<Permission<'_>>)> = scoped
            .iter()
            .map(|(scope, grants)| {
                (
                    self.names.text(*scope),
                    self.normalised(grants, Some(&cluster)),
                )
            })
            .filter(|(_, permissions)| !permissions.is_empty())
            .collect();
        namespaces.sort_unstable_by_key(|(name, _)| *name);
        Permissions {
            is_masters,
            cluster,
            namespaces,
        }
    }

    /// The permissions of one scope; those of a namespace beyond what the whole cluster gives.
    fn normalised<'g>(
        &'g self,
        grants: &[Grant],
        beyond: Option<&[Permission<'g>]>,
    ) -> Vec<Permission<'g>> {
        let is_cluster = beyond.is_none();
        let wider = beyond.unwrap_or_default();
        // Paths belong to no namespace: a RoleBinding does not grant them.
        let counts = |key: &Key<'_>| is_cluster || key.urls.is_empty();
        let mut collected: BTreeMap<Key<'g>, (Vec<&'g str>, Vec<Grant>)> = BTreeMap::new();
        for &grant in grants {
            let rights = self.rights(grant);
            for key in self.keys(rights).into_iter().filter(counts) {
                let (verbs, from) = collected.entry(key).or_default();
                verbs.extend(self.texts(rights.verbs));
                from.push(grant);
            }
        }
        let all: Vec<Permission<'g>> = collected
            .into_iter()
            .map(|(key, (verbs, mut grants))| {
                grants.dedup();
                Permission {
                    verbs: tidy(verbs),
                    groups: key.groups,
                    resources: key.resources,
                    names: key.names,
                    urls: key.urls,
                    grants,
                }
            })
            .collect();
        let own = all.iter().enumerate();
        let own = own.map(|(position, one)| (Some(position), one));
        let wide: Vec<(Option<usize>, &Permission<'_>)> = own
            .chain(wider.iter().map(|one| (None, one)))
            .filter(|(_, one)| one.is_wide())
            .take(WIDE)
            .collect();
        let is_kept = |(position, one): (usize, &Permission<'_>)| {
            // Of two that say the same, the first stays.
            let is_contained = |other: &(Option<usize>, &Permission<'_>)| match *other {
                (Some(own), _) if own == position => false,
                (own, other) => {
                    let comes_first = own.is_none_or(|own| own < position);
                    other.contains(one) && (comes_first || !one.contains(other))
                }
            };
            let for_all_objects = (!one.names.is_empty()).then(|| find(&all, one, true));
            let of_wider = [find(wider, one, true), find(wider, one, false)];
            let mut siblings = of_wider.into_iter().chain(for_all_objects).flatten();
            !wide.iter().any(is_contained) && !siblings.any(|other| other.contains(one))
        };
        let kept: Vec<bool> = all.iter().enumerate().map(is_kept).collect();
        let kept = all.into_iter().zip(kept);
        kept.filter_map(|(one, is_kept)| is_kept.then_some(one))
            .collect()
    }

    /// The keys of a rule: one for each group, resource and name, unless that is too many.
    fn keys<'g>(&'g self, rights: &Rights) -> Vec<Key<'g>> {
        let lists = [rights.groups, rights.resources, rights.names].map(|list| self.texts(list));
        let urls = tidy(self.texts(rights.urls));
        let [groups, resources, names] = lists.map(tidy_names);
        let product = groups.len().saturating_mul(resources.len());
        let mut keys = Vec::new();
        if product.saturating_mul(names.len().max(1)) > COMBINATIONS {
            keys.push(Key {
                groups,
                resources,
                names,
                urls: Vec::new(),
            });
        } else {
            for group in tidy(groups) {
                for resource in tidy(resources.clone()) {
                    keys.extend(one_name_each(&names).map(|names| Key {
                        groups: vec![group],
                        resources: vec![resource],
                        names,
                        urls: Vec::new(),
                    }));
                }
            }
        }
        keys.extend(urls.into_iter().map(|url| Key {
            groups: Vec::new(),
            resources: Vec::new(),
            names: Vec::new(),
            urls: vec![url],
        }));
        keys
    }

    fn texts(&self, list: List) -> Vec<&str> {
        let names = self.lists.get(list).iter();
        names.map(|&name: &Name| self.names.text(name)).collect()
    }
}

/// The permission on the same resource, for all objects or for the same ones.
fn find<'p, 'g>(
    sorted: &'p [Permission<'g>],
    one: &Permission<'_>,
    for_all_objects: bool,
) -> Option<&'p Permission<'g>> {
    let names: &[&str] = if for_all_objects { &[] } else { &one.names };
    let wanted = (&one.groups[..], &one.resources[..], names, &one.urls[..]);
    let key = |other: &Permission<'_>| {
        let own = (&other.groups[..], &other.resources[..], &other.names[..]);
        (own.0, own.1, own.2, &other.urls[..]).cmp(&wanted)
    };
    let position = sorted.binary_search_by(key).ok()?;
    Some(&sorted[position])
}

impl Permission<'_> {
    /// Those of a sorted list on the same resource: for all objects, and for the same ones.
    pub(crate) fn siblings<'p, 'g>(
        &self,
        sorted: &'p [Permission<'g>],
    ) -> impl Iterator<Item = &'p Permission<'g>> {
        let found = [find(sorted, self, true), find(sorted, self, false)];
        found.into_iter().flatten()
    }

    /// Whether it can contain permissions on other resources.
    pub(crate) fn is_wide(&self) -> bool {
        let is_pattern = |one: &&str| one.starts_with('*') || one.ends_with('*');
        let lists = [&self.groups, &self.resources, &self.urls];
        let mut all = lists.into_iter().flatten();
        self.groups.len() > 1
            || self.resources.len() > 1
            || self.names.len() > 1
            || all.any(is_pattern)
    }

    /// Whether another permission says nothing more, when each side is about one group and resource.
    pub(crate) fn contains(&self, other: &Permission<'_>) -> bool {
        let within = |own: &[&str], other: &[&str]| {
            other.iter().all(|one| own.contains(one) || own == ["*"])
        };
        let resource = |one: &&str| {
            self.resources.contains(one)
                || self.resources == ["*"]
                || one.split_once('/').is_some_and(|(_, part)| {
                    self.resources
                        .iter()
                        .any(|own| own.strip_prefix("*/") == Some(part))
                })
        };
        self.urls.is_empty() == other.urls.is_empty()
            && within(&self.verbs, &other.verbs)
            && within(&self.groups, &other.groups)
            && other.resources.iter().all(resource)
            && (self.names.is_empty()
                || (!other.names.is_empty()
                    && other.names.iter().all(|name| self.names.contains(name))))
            && other
                .urls
                .iter()
                .all(|url| self.urls.iter().any(|own| url_covers(own, url)))
    }
}

fn one_name_each<'n, 'g>(names: &'n [&'g str]) -> impl Iterator<Item = Vec<&'g str>> + 'n {
    let all = names.is_empty().then(Vec::new);
    all.into_iter().chain(names.iter().map(|&name| vec![name]))
}

/// Sorted, each once.
fn tidy_names(mut list: Vec<&str>) -> Vec<&str> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Sorted, each once, and alone when it has a star.
fn tidy(list: Vec<&str>) -> Vec<&str> {
    if list.contains(&"*") {
        return vec!["*"];
    }
    tidy_names(list)
}
