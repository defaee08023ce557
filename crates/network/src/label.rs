//! Labels, and selectors over them: one small language that those of Kubernetes, Cilium and Calico
//! all become.

use crate::answer::{Reason, Truth};
use crate::symbol::{Symbol, Symbols};

/// The labels of a pod or a namespace, as far as they are known.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Labels {
    /// Sorted by key, each key once.
    pub(crate) pairs: Box<[(Symbol, Symbol)]>,
    /// Keys whose value is not known, sorted.
    pub(crate) maybe: Box<[Symbol]>,
    /// Why a key that is not there may be there all the same.
    pub(crate) incomplete: Option<Reason>,
}

impl Labels {
    pub(crate) fn new(mut pairs: Vec<(Symbol, Symbol)>, mut maybe: Vec<Symbol>) -> Self {
        pairs.sort_unstable();
        maybe.sort_unstable();
        Labels {
            pairs: pairs.into(),
            maybe: maybe.into(),
            incomplete: None,
        }
    }

    pub(crate) fn unknown(reason: Reason) -> Self {
        Labels {
            incomplete: Some(reason),
            ..Labels::default()
        }
    }

    pub(crate) fn get(&self, key: Symbol) -> Value {
        match self.pairs.binary_search_by_key(&key, |pair| pair.0) {
            Ok(index) => Value::Is(self.pairs[index].1),
            Err(_) if self.maybe.binary_search(&key).is_ok() => Value::Unknown(Reason::PodLabels),
            Err(_) => self.incomplete.map_or(Value::Absent, Value::Unknown),
        }
    }
}

/// What is known of one label.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Value {
    Absent,
    Is(Symbol),
    Unknown(Reason),
}

/// What a selector looks at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Key {
    /// A label of the pod.
    Pod(Symbol),
    /// A label of the pod's namespace.
    Namespace(Symbol),
    /// The name of the namespace, which is also its label `kubernetes.io/metadata.name`.
    NamespaceName,
    /// The name of the pod's service account.
    ServiceAccount,
}

/// How a text is compared; only Calico has these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Comparison {
    Contains,
    StartsWith,
    EndsWith,
}

/// A condition on a pod.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Selector {
    /// All of them; everything when there are none.
    All(Vec<Selector>),
    /// One of them; nothing when there are none.
    Any(Vec<Selector>),
    Not(Box<Selector>),
    /// The label is there.
    Has(Key),
    /// The label is there with one of the values.
    In(Key, Vec<Symbol>),
    /// The label is there and its text compares.
    Text(Key, Comparison, Symbol),
    /// Nobody knows.
    Unknown(Reason),
}

/// A pod as selectors see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) labels: &'a Labels,
    pub(crate) namespace: Symbol,
    pub(crate) namespace_labels: &'a Labels,
    pub(crate) service_account: Value,
}

impl Subject<'_> {
    fn get(&self, key: Key) -> Value {
        match key {
            Key::Pod(key) => self.labels.get(key),
            Key::Namespace(key) => self.namespace_labels.get(key),
            Key::NamespaceName => Value::Is(self.namespace),
            Key::ServiceAccount => self.service_account,
        }
    }
}

impl Selector {
    /// The namespace that all the pods selected are in, when the selector says so.
    pub(crate) fn only_namespace(&self) -> Option<Symbol> {
        match self {
            Selector::In(Key::NamespaceName, values) => match values[..] {
                [value] => Some(value),
                _ => None,
            },
            Selector::All(parts) => parts.iter().find_map(Selector::only_namespace),
            _ => None,
        }
    }

    /// Calls back with every key that the selector looks at.
    pub(crate) fn keys(&self, found: &mut impl FnMut(Key)) {
        match self {
            Selector::All(parts) | Selector::Any(parts) => {
                for part in parts {
                    part.keys(found);
                }
            }
            Selector::Not(part) => part.keys(found),
            Selector::Has(key) | Selector::In(key, _) | Selector::Text(key, ..) => found(*key),
            Selector::Unknown(_) => {}
        }
    }

    /// Whether it selects a pod.
    pub(crate) fn matches(&self, subject: &Subject<'_>, symbols: &Symbols) -> Truth {
        match self {
            Selector::All(parts) => {
                fold(parts, Truth::Yes, Truth::No, subject, symbols, Truth::and)
            }
            Selector::Any(parts) => fold(parts, Truth::No, Truth::Yes, subject, symbols, Truth::or),
            Selector::Not(part) => part.matches(subject, symbols).negate(),
            Selector::Unknown(reason) => Truth::Unknown(*reason),
            Selector::Has(key) => of(subject.get(*key), |_| true),
            Selector::In(key, values) => of(subject.get(*key), |value| values.contains(&value)),
            Selector::Text(key, comparison, text) => of(subject.get(*key), |value| {
                let (value, text) = (symbols.text(value), symbols.text(*text));
                match comparison {
                    Comparison::Contains => value.contains(text),
                    Comparison::StartsWith => value.starts_with(text),
                    Comparison::EndsWith => value.ends_with(text),
                }
            }),
        }
    }
}

/// A condition on a label that must be there.
fn of(value: Value, holds: impl FnOnce(Symbol) -> bool) -> Truth {
    match value {
        Value::Absent => Truth::No,
        Value::Is(value) => Truth::from_bool(holds(value)),
        Value::Unknown(reason) => Truth::Unknown(reason),
    }
}

fn fold(
    parts: &[Selector],
    start: Truth,
    decided: Truth,
    subject: &Subject<'_>,
    symbols: &Symbols,
    join: fn(Truth, Truth) -> Truth,
) -> Truth {
    let mut truth = start;
    for part in parts {
        truth = join(truth, part.matches(subject, symbols));
        if truth == decided {
            break;
        }
    }
    truth
}

/// What the keys of a label selector are labels of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Of {
    Pod,
    Namespace,
}
