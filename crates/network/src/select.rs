//! Whom a selector selects, found through the labels that it asks for instead of pod by pod.

use crate::answer::{Reason, Truth};
use crate::label::{Key, Selector};
use crate::pod::{PodId, Pods};
use crate::symbol::Symbol;

/// A pod that something selects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PodMatch {
    /// The pod.
    pub pod: PodId,
    /// Why it is not known whether it is selected.
    pub unknown: Option<Reason>,
}

impl PodMatch {
    /// Whether the pod is selected.
    pub(crate) fn truth(self) -> Truth {
        self.unknown.map_or(Truth::Yes, Truth::Unknown)
    }
}

impl Selector {
    /// The labels that every pod selected surely has.
    pub(crate) fn required(&self) -> Vec<(Symbol, Symbol)> {
        let mut labels = Vec::new();
        self.require(&mut labels);
        labels
    }

    fn require(&self, labels: &mut Vec<(Symbol, Symbol)>) {
        match self {
            Selector::All(parts) => parts.iter().for_each(|part| part.require(labels)),
            Selector::In(Key::Pod(key), values) => {
                if let [value] = values[..] {
                    labels.push((*key, value));
                }
            }
            _ => {}
        }
    }
}

/// The pods that a selector selects or may select, ascending within each namespace.
pub(crate) fn selected<'a>(
    pods: &'a Pods,
    selector: &'a Selector,
) -> impl Iterator<Item = PodMatch> + 'a {
    let namespaces = match selector.only_namespace() {
        Some(namespace) => vec![namespace],
        None => pods.namespaces(),
    };
    let possible = namespaces
        .into_iter()
        .filter(|&namespace| pods.possible(selector, namespace).is_possible());
    possible.flat_map(|namespace| selected_in(pods, selector, namespace))
}

/// Those of one namespace, ascending.
pub(crate) fn selected_in<'a>(
    pods: &'a Pods,
    selector: &'a Selector,
    namespace: Symbol,
) -> impl Iterator<Item = PodMatch> + 'a {
    let candidates = candidates(pods, namespace, &selector.required());
    candidates.into_iter().filter_map(|pod| {
        let subject = pods.subject(pods.get(pod));
        match selector.matches(&subject, &pods.symbols) {
            Truth::No => None,
            truth => Some(PodMatch {
                pod,
                unknown: truth.reason(),
            }),
        }
    })
}

/// Whether a selector selects any pod.
pub(crate) fn selects_any(pods: &Pods, selector: &Selector) -> Truth {
    any(selected(pods, selector).map(PodMatch::truth))
}

/// Whether one of them holds; looks no further than the first that does.
pub(crate) fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut any = Truth::No;
    for truth in truths {
        any = any.or(truth);
        if any == Truth::Yes {
            break;
        }
    }
    any
}

/// The pods of a namespace that may have all the labels: those with the rarest one, ascending.
fn candidates(pods: &Pods, namespace: Symbol, labels: &[(Symbol, Symbol)]) -> Vec<PodId> {
    let found = labels.iter().map(|&label| pods.labelled(namespace, label));
    let size = |found: &[&[PodId]; 3]| found.iter().map(|pods| pods.len()).sum::<usize>();
    let Some(rarest) = found.min_by_key(size) else {
        return pods.in_namespace(namespace).to_vec();
    };
    let mut candidates = rarest.concat();
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}
