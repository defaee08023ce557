//! Pods by their labels, and what label selectors select among them.

use std::hash::BuildHasher;

use document::{Kind, NodeRef};
use foldhash::fast::FixedState;

use super::{Relations, namespace_of};

/// A pod or template of pods: a resource, and which of its pods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct PodAt {
    pub(crate) resource: u32,
    pub(crate) ordinal: u32,
}

/// The labels that controllers add to the pods of a template.
const GENERATED: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// The whole pods of an inventory by namespace and label: sorted hashes, with what they stand for.
pub(super) struct Labelled {
    hasher: FixedState,
    postings: Vec<(u64, PodAt)>,
}

impl Labelled {
    pub(super) fn new(relations: &Relations<'_>) -> Self {
        let hasher = FixedState::default();
        let mut postings = Vec::new();
        for (index, resource) in (0u32..).zip(&relations.inventory().resources) {
            let namespace = namespace_of(resource);
            for (ordinal, view) in (0u32..).zip(relations.pods_of(index)) {
                if !view.is_whole() {
                    continue;
                }
                let pod = PodAt {
                    resource: index,
                    ordinal,
                };
                postings.push((hasher.hash_one((namespace, "", "")), pod));
                let labels = view.metadata().and_then(|it| it.get_str("labels"));
                for label in labels.into_iter().flat_map(NodeRef::entries) {
                    let value = label.value.as_str().unwrap_or_default();
                    let label = (namespace, label.name(), value);
                    postings.push((hasher.hash_one(label), pod));
                }
            }
        }
        postings.sort_unstable();
        postings.dedup();
        postings.shrink_to_fit();
        Labelled { hasher, postings }
    }

    /// The pods of a namespace that a selector selects, and whether there may be more: the labels that
    /// controllers add are not in what was scanned. An empty selector selects all, none selects nothing.
    pub(super) fn select(
        &self,
        relations: &Relations<'_>,
        namespace: &str,
        selector: Option<NodeRef<'_>>,
    ) -> (Vec<PodAt>, bool) {
        let Some(selector) = selector.filter(|node| node.kind() == Kind::Mapping) else {
            return (Vec::new(), false);
        };
        let (mut found, mut is_open) = (Vec::new(), false);
        for &(_, pod) in self.candidates(namespace, selector) {
            let Some(view) = relations.pods_of(pod.resource).get(pod.ordinal as usize) else {
                continue;
            };
            let resource = view.resource();
            let labels = view.metadata().and_then(|it| it.get_str("labels"));
            let is_template = &*resource.kind != "Pod";
            match selects(selector, labels, is_template) {
                _ if namespace_of(resource) != namespace => {}
                Some(true) => found.push(pod),
                Some(false) => {}
                None => is_open = true,
            }
        }
        (found, is_open)
    }

    /// The pods that may match: those with the rarest label that the selector demands.
    fn candidates(&self, namespace: &str, selector: NodeRef<'_>) -> &[(u64, PodAt)] {
        let labels = selector.get_str("matchLabels").into_iter();
        let demanded = labels.flat_map(NodeRef::entries);
        let demanded = demanded.filter(|label| !GENERATED.contains(&label.name()));
        let demanded = demanded.filter_map(|label| {
            let label = (namespace, label.name(), label.value.as_str()?);
            Some(self.with(label))
        });
        let all = self.with((namespace, "", ""));
        demanded.min_by_key(|pods| pods.len()).unwrap_or(all)
    }

    fn with(&self, label: (&str, &str, &str)) -> &[(u64, PodAt)] {
        let hash = self.hasher.hash_one(label);
        let first = self.postings.partition_point(|posting| posting.0 < hash);
        let rest = &self.postings[first..];
        &rest[..rest.partition_point(|posting| posting.0 == hash)]
    }
}

/// Whether a label selector selects labels; `None` where that hangs on a label that a controller adds, or
/// where the selector is malformed.
fn selects(selector: NodeRef<'_>, labels: Option<NodeRef<'_>>, is_template: bool) -> Option<bool> {
    let value = |key: &str| {
        labels
            .and_then(|it| it.get_str(key))
            .and_then(NodeRef::as_str)
    };
    let is_hidden = |key: &str| is_template && GENERATED.contains(&key);
    let mut result = Some(true);
    for label in selector
        .get_str("matchLabels")
        .into_iter()
        .flat_map(NodeRef::entries)
    {
        let holds = match value(label.name()) {
            None if is_hidden(label.name()) => None,
            found => label.value.as_str().map(|wanted| found == Some(wanted)),
        };
        result = and(result, holds);
    }
    let expressions = selector.get_str("matchExpressions").into_iter();
    for expression in expressions.flat_map(NodeRef::items) {
        let text = |key| expression.get_str(key).and_then(NodeRef::as_str);
        let holds = match (text("key"), text("operator")) {
            (Some(key), _) if value(key).is_none() && is_hidden(key) => None,
            (Some(key), Some(operator)) => requirement(expression, operator, value(key)),
            _ => None,
        };
        result = and(result, holds);
    }
    result
}

fn requirement(expression: NodeRef<'_>, operator: &str, label: Option<&str>) -> Option<bool> {
    let values = expression.get_str("values").into_iter();
    let mut values = values.flat_map(NodeRef::items);
    let is_listed = label.is_some_and(|label| values.any(|it| it.as_str() == Some(label)));
    match operator {
        "In" => Some(is_listed),
        "NotIn" => Some(!is_listed),
        "Exists" => Some(label.is_some()),
        "DoesNotExist" => Some(label.is_none()),
        _ => None,
    }
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Pods that selectors are held against at most, over all budgets: more than any cluster needs, since
/// only the pods with the rarest label of a selector count.
const MOST_LOOKS: usize = 5_000_000;

/// Which budgets select which pods, both ways.
pub(super) struct Budgets {
    /// Pairs of a pod and the position of a budget, sorted.
    by_pod: Vec<(PodAt, u32)>,
    /// The same the other way round.
    by_budget: Vec<(u32, PodAt)>,
    /// The budgets that may select more than was scanned, in order.
    open: Vec<u32>,
    /// Whether the limit was hit, so that some are missing.
    is_cut: bool,
}

impl Budgets {
    pub(super) fn new(relations: &Relations<'_>, labelled: &Labelled) -> Self {
        let mut budgets = Budgets {
            by_pod: Vec::new(),
            by_budget: Vec::new(),
            open: Vec::new(),
            is_cut: false,
        };
        let mut looks = 0;
        for &budget in relations.of_kind("PodDisruptionBudget") {
            let Some(resource) = relations.resource(budget) else {
                continue;
            };
            if resource.group() != "policy" {
                continue;
            }
            let spec = resource.object().get_str("spec");
            let selector = spec.and_then(|spec| spec.get_str("selector"));
            let namespace = namespace_of(resource);
            looks += selector.map_or(0, |it| labelled.candidates(namespace, it).len());
            if looks > MOST_LOOKS {
                budgets.is_cut = true;
                break;
            }
            let (pods, is_open) = labelled.select(relations, namespace, selector);
            let pods = pods.into_iter().map(|pod| (budget, pod));
            budgets.by_budget.extend(pods);
            if is_open {
                budgets.open.push(budget);
            }
        }
        let turned = budgets.by_budget.iter().map(|&(budget, pod)| (pod, budget));
        budgets.by_pod = turned.collect();
        budgets.by_pod.sort_unstable();
        budgets
    }

    /// The budgets of a pod; `None` where there are too many to know.
    pub(super) fn of(&self, pod: PodAt) -> Option<impl Iterator<Item = u32> + '_> {
        (!self.is_cut).then(|| under(&self.by_pod, pod).map(|pair| pair.1))
    }

    /// The pods of a budget, and whether it may select more than was scanned; `None` where there are too
    /// many to know.
    pub(super) fn pods_of(&self, budget: u32) -> Option<(impl Iterator<Item = PodAt> + '_, bool)> {
        let is_open = self.open.binary_search(&budget).is_ok();
        let pods = || under(&self.by_budget, budget).map(|pair| pair.1);
        (!self.is_cut).then(|| (pods(), is_open))
    }
}

/// The pairs that begin with a key, in sorted pairs.
fn under<K: Copy + Ord, V>(pairs: &[(K, V)], key: K) -> impl Iterator<Item = &(K, V)> {
    let first = pairs.partition_point(|pair| pair.0 < key);
    pairs[first..].iter().take_while(move |pair| pair.0 == key)
}
