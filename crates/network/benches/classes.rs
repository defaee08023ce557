//! Reading a cluster of 5,000 pods and 500 policies, and who reaches whom in it.

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory, KubernetesVersion, Views, WorkloadTable, recognise};
use network::{Direction, Network, Options};

fn main() {
    divan::main();
}

/// How alike the pods are.
#[derive(Clone, Copy)]
enum Cluster {
    /// 50 namespaces with 20 applications each, five pods of one; a policy for every second application.
    Plain,
    /// The same where every pod has a label of its own that some policy looks at.
    Distinct,
}

/// YAML of a cluster: `pods` pods and `policies` policies.
fn yaml(cluster: Cluster, pods: usize, policies: usize) -> String {
    let mut text = String::new();
    for number in 0..50 {
        write!(text, "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: n{number}, labels: {{team: t{}}}}}\n", number % 7).unwrap_or_default();
    }
    for number in 0..pods {
        let (namespace, app) = (number % 50, number / 50 % 20);
        let own = match cluster {
            Cluster::Plain => String::new(),
            Cluster::Distinct => format!(", own: o{number}"),
        };
        write!(
            text,
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}, namespace: n{namespace}, labels: {{app: a{app}, tier: t{}{own}}}}}\n\
             spec: {{containers: [{{name: a, image: b, ports: [{{name: http, containerPort: {}}}]}}]}}\n",
            app % 3,
            8080 + app % 2,
        )
        .unwrap_or_default();
        if number % 5 == 0 {
            write!(
                text,
                "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{number}, namespace: n{namespace}}}\n\
                 spec: {{selector: {{app: a{app}}}, ports: [{{port: 80, targetPort: http}}]}}\n"
            )
            .unwrap_or_default();
        }
    }
    for number in 0..policies {
        policy(&mut text, cluster, number);
    }
    text
}

fn policy(text: &mut String, cluster: Cluster, number: usize) {
    let (namespace, app) = (number % 50, number / 50);
    let peer = match cluster {
        Cluster::Distinct => format!(
            "{{podSelector: {{matchExpressions: [{{key: own, operator: NotIn, values: [o{number}, o{}]}}]}}, namespaceSelector: {{}}}}",
            number * 7
        ),
        Cluster::Plain => format!(
            "{{podSelector: {{matchLabels: {{app: a{}}}}}}}",
            (app + 1) % 20
        ),
    };
    let spec = match app {
        0 => "podSelector: {}, policyTypes: [Ingress]".to_owned(),
        1 => "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}, {to: [{namespaceSelector: {matchLabels: {team: t1}}}], ports: [{port: http}]}, {to: [{podSelector: {}}]}]".to_owned(),
        _ => format!(
            "podSelector: {{matchLabels: {{app: a{app}}}}}, ingress: [{{from: [{peer}, {{namespaceSelector: {{matchLabels: {{team: t{}}}}}}}], ports: [{{port: http}}, {{port: {}}}]}}]",
            number % 7,
            9000 + number % 10,
        ),
    };
    write!(text, "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: y{number}, namespace: n{namespace}}}\nspec: {{{spec}}}\n").unwrap_or_default();
}

fn inventory(cluster: Cluster) -> (Inventory, Views) {
    let table = WorkloadTable::default();
    let names = model::key_names().map(|name| -> &str { name });
    let keys = Arc::new(Keys::new(names.chain(table.key_names())));
    let source = Source::new("bench.yaml", yaml(cluster, 5000, 500));
    let document = Arc::new(document::parse_yaml(source, &keys, &Limits::default()).document);
    let fields = FieldKeys::new(&keys);
    let resources = document
        .roots()
        .flat_map(|root| recognise(&document, root, &fields).resources);
    let views = Views::new(&keys, &table, KubernetesVersion { minor: 34 });
    (Inventory::new(resources.collect()), views)
}

fn classes(bencher: divan::Bencher<'_, '_>, cluster: Cluster) {
    let (inventory, views) = inventory(cluster);
    let network = Network::new(&inventory, &views, &Options::default());
    assert!(network.problems().is_empty());
    bencher.bench(|| network.classes().map(|classes| classes.open_pairs()));
}

#[divan::bench]
fn read(bencher: divan::Bencher<'_, '_>) {
    let (inventory, views) = inventory(Cluster::Plain);
    bencher.bench(|| Network::new(&inventory, &views, &Options::default()));
}

#[divan::bench]
fn classes_plain(bencher: divan::Bencher<'_, '_>) {
    classes(bencher, Cluster::Plain);
}

#[divan::bench]
fn classes_distinct(bencher: divan::Bencher<'_, '_>) {
    classes(bencher, Cluster::Distinct);
}

#[divan::bench]
fn isolation_of_every_pod(bencher: divan::Bencher<'_, '_>) {
    let (inventory, views) = inventory(Cluster::Plain);
    let network = Network::new(&inventory, &views, &Options::default());
    bencher.bench(|| {
        let pods = network.pods();
        pods.filter(|&pod| network.is_isolated(pod, Direction::Ingress).is_possible())
            .count()
    });
}

#[divan::bench]
fn pods_of_every_policy(bencher: divan::Bencher<'_, '_>) {
    let (inventory, views) = inventory(Cluster::Plain);
    let network = Network::new(&inventory, &views, &Options::default());
    let resources = 0..inventory.resources.len() as u32;
    bencher.bench(|| {
        let found = resources.clone().filter_map(|it| network.policy_pods(it));
        found.map(|pods| pods.len()).sum::<usize>()
    });
}

/// The classes, and what is drawn of them.
fn picture(bencher: divan::Bencher<'_, '_>, cluster: Cluster) {
    let (inventory, views) = inventory(cluster);
    let network = Network::new(&inventory, &views, &Options::default());
    bencher.bench(|| {
        let graph = network.picture(&inventory);
        graph.map(|graph| (graph.nodes().len(), graph.edges().len()))
    });
}

#[divan::bench]
fn picture_plain(bencher: divan::Bencher<'_, '_>) {
    picture(bencher, Cluster::Plain);
}

#[divan::bench]
fn picture_distinct(bencher: divan::Bencher<'_, '_>) {
    picture(bencher, Cluster::Distinct);
}
