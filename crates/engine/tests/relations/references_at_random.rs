//! What is answered from indexes, held against the plain meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::collection::{btree_map, vec};
use proptest::prelude::{ProptestConfig, Strategy, proptest};
use proptest::sample::{select, subsequence};

use crate::support::evaluate_complete;

const KEYS: [&str; 2] = ["app", "tier"];
const VALUES: [&str; 3] = ["1", "2", "3"];
const NAMESPACES: [&str; 2] = ["a", "b"];

type Labels = BTreeMap<&'static str, &'static str>;

#[derive(Clone, Debug)]
struct Expression {
    key: &'static str,
    operator: &'static str,
    values: Vec<&'static str>,
}

#[derive(Clone, Debug)]
struct Budget {
    namespace: &'static str,
    labels: Labels,
    expressions: Vec<Expression>,
}

fn labels() -> impl Strategy<Value = Labels> {
    btree_map(select(&KEYS[..]), select(&VALUES[..]), 0..3)
}

fn expression() -> impl Strategy<Value = Expression> {
    let operators = vec!["In", "NotIn", "Exists", "DoesNotExist"];
    let parts = (
        select(&KEYS[..]),
        select(operators),
        subsequence(VALUES.to_vec(), 1..3),
    );
    parts.prop_map(|(key, operator, values)| Expression {
        key,
        operator,
        values: if operator.ends_with("In") {
            values
        } else {
            Vec::new()
        },
    })
}

fn budget() -> impl Strategy<Value = Budget> {
    let parts = (select(&NAMESPACES[..]), labels(), vec(expression(), 0..3));
    parts.prop_map(|(namespace, labels, expressions)| Budget {
        namespace,
        labels,
        expressions,
    })
}

/// What the documentation of label selectors says, word by word.
fn selects(budget: &Budget, namespace: &str, labels: &Labels) -> bool {
    let holds = |expression: &Expression| {
        let value = labels.get(expression.key);
        match expression.operator {
            "In" => value.is_some_and(|value| expression.values.contains(value)),
            "NotIn" => value.is_none_or(|value| !expression.values.contains(value)),
            "Exists" => value.is_some(),
            _ => value.is_none(),
        }
    };
    budget.namespace == namespace
        && budget
            .labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
        && budget.expressions.iter().all(holds)
}

fn flow(labels: &Labels) -> String {
    let labels: Vec<_> = labels
        .iter()
        .map(|(key, value)| format!("{key}: '{value}'"))
        .collect();
    format!("{{ {} }}", labels.join(", "))
}

fn manifests(pods: &[(&str, Labels)], budgets: &[Budget]) -> String {
    let mut text = String::new();
    for (number, (namespace, labels)) in pods.iter().enumerate() {
        write!(
            text,
            "apiVersion: v1\nkind: Pod\nmetadata: {{ name: p{number}, namespace: {namespace}, labels: {} }}\n\
             spec: {{ containers: [{{ name: c, image: c:1 }}] }}\n---\n",
            flow(labels)
        )
        .unwrap();
    }
    for (number, budget) in budgets.iter().enumerate() {
        let expressions = budget.expressions.iter().map(|expression| {
            let Expression {
                key,
                operator,
                values,
            } = expression;
            let values: Vec<_> = values.iter().map(|it| format!("'{it}'")).collect();
            let values = values.join(", ");
            format!("{{ key: {key}, operator: {operator}, values: [{values}] }}")
        });
        let expressions: Vec<_> = expressions.collect();
        write!(
            text,
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{ name: b{number}, namespace: {} }}\n\
             spec: {{ selector: {{ matchLabels: {}, matchExpressions: [{}] }} }}\n---\n",
            budget.namespace,
            flow(&budget.labels),
            expressions.join(", ")
        )
        .unwrap();
    }
    text
}

fn messages(control: &str, manifests: &str) -> BTreeSet<String> {
    let found = evaluate_complete(control, manifests);
    assert_eq!(found.problems, Vec::<String>::new());
    let texts = found.findings.iter();
    texts
        .map(|it| it.split_once(": ").unwrap().1.to_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn budgets_and_pods_find_each_other(
        pods in vec((select(&NAMESPACES[..]), labels()), 1..6),
        budgets in vec(budget(), 1..5),
    ) {
        let mut expected = BTreeSet::new();
        for (pod, (namespace, labels)) in pods.iter().enumerate() {
            for (number, budget) in budgets.iter().enumerate() {
                if selects(budget, namespace, labels) {
                    expected.insert(format!("p{pod} b{number}"));
                }
            }
        }
        let text = manifests(&pods, &budgets);
        let of_pods = "
for: pod
each: self.disruptionBudgets().map(it, it.metadata.name)
fail: 'true'
message: '{{ object.metadata.name }} {{ item }}'
";
        assert_eq!(messages(of_pods, &text), expected);
        let of_budgets = "
for: resource
kinds: [PodDisruptionBudget]
each: object.pods().map(it, it.metadata.name)
fail: 'true'
message: '{{ item }} {{ object.metadata.name }}'
";
        assert_eq!(messages(of_budgets, &text), expected);
    }

    #[test]
    fn users_are_references_turned_round(
        maps in vec((select(&NAMESPACES[..]), select(vec!["one", "two", "three"])), 1..5),
        pods in vec((select(&NAMESPACES[..]), vec(select(vec!["one", "two", "three"]), 0..4)), 1..6),
    ) {
        let mut text = String::new();
        let maps: BTreeSet<_> = maps.into_iter().collect();
        for (namespace, name) in maps {
            write!(
                text,
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {name}, namespace: {namespace} }}\n---\n"
            ).unwrap();
        }
        for (number, (namespace, names)) in pods.iter().enumerate() {
            let sources = names.iter().map(|name| format!("{{ configMapRef: {{ name: {name} }} }}"));
            let sources: Vec<_> = sources.collect();
            write!(
                text,
                "apiVersion: v1\nkind: Pod\nmetadata: {{ name: p{number}, namespace: {namespace} }}\n\
                 spec: {{ containers: [{{ name: c, image: c:1, envFrom: [{}] }}] }}\n---\n",
                sources.join(", ")
            ).unwrap();
        }
        let users = "
for: resource
kinds: [ConfigMap]
each: object.users().map(it, it.metadata.name)
fail: 'true'
message: '{{ object.metadata.namespace }}/{{ object.metadata.name }} {{ item }}'
";
        let references = "
for: pod
each: self.references().filter(it, it.kind == 'ConfigMap' && it.target() != null)
fail: 'true'
message: '{{ item.namespace }}/{{ item.name }} {{ object.metadata.name }}'
";
        assert_eq!(messages(users, &text), messages(references, &text));
    }
}
