//! Suggested policies: what they let through is what was asked for, and nothing else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use network::{Endpoint, Flow, Outcome, PodId, Port, Protocol, Side};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseError;

use crate::world::World;

/// Keys that applications are called by, and others.
const KEYS: [&str; 4] = ["app", "app.kubernetes.io/name", "role", "y"];
const VALUES: [&str; 4] = ["web", "db", "true", "1.0"];
const NAMESPACES: [&str; 3] = ["shop", "office", "1"];

#[derive(Clone, Debug)]
struct Pod {
    namespace: usize,
    labels: [Option<usize>; 4],
}

#[derive(Clone, Debug)]
struct Wanted {
    from: usize,
    to: usize,
    ports: Vec<(bool, u16)>,
}

fn pods() -> impl Strategy<Value = Vec<Pod>> {
    let label = || option::of(0..VALUES.len());
    let labels = [label(), label(), label(), label()];
    let pod = (0..NAMESPACES.len(), labels);
    vec(
        pod.prop_map(|(namespace, labels)| Pod { namespace, labels }),
        1..8,
    )
}

fn wanted() -> impl Strategy<Value = Vec<Wanted>> {
    let ports = vec((proptest::bool::ANY, 80_u16..84), 0..3);
    let one =
        (0_usize..8, 0_usize..8, ports).prop_map(|(from, to, ports)| Wanted { from, to, ports });
    vec(one, 0..8)
}

fn yaml(pods: &[Pod]) -> String {
    let mut text = String::new();
    for name in NAMESPACES {
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name:?}, labels: {{kubernetes.io/metadata.name: {name:?}}}}}\n"
        );
    }
    for (index, pod) in pods.iter().enumerate() {
        let labels = KEYS.iter().zip(pod.labels);
        let labels =
            labels.filter_map(|(key, value)| Some(format!("{key:?}: {:?}", VALUES[value?])));
        let labels: Vec<String> = labels.collect();
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{index}, namespace: {:?}, labels: {{{}}}}}\n\
             spec: {{containers: [{{name: a, image: a}}]}}\n",
            NAMESPACES[pod.namespace],
            labels.join(", ")
        );
    }
    text
}

fn port((is_udp, number): (bool, u16)) -> Port {
    let protocol = if is_udp { Protocol::Udp } else { Protocol::Tcp };
    Port { protocol, number }
}

/// What a pod is to policies.
fn group(pod: &Pod) -> (usize, [Option<usize>; 4]) {
    (pod.namespace, pod.labels)
}

fn holds(pods: &[Pod], wanted: &[Wanted]) -> Result<(), TestCaseError> {
    let before = World::new(&yaml(pods));
    let id = |world: &World, index: usize| {
        world.pod(&format!("{}/p{index}", NAMESPACES[pods[index].namespace]))
    };
    let wanted: Vec<&Wanted> = wanted
        .iter()
        .filter(|one| one.from < pods.len() && one.to < pods.len())
        .collect();
    let flows = wanted.iter().map(|one| Flow {
        from: Side::Pod(id(&before, one.from)),
        to: Side::Pod(id(&before, one.to)),
        ports: one.ports.iter().copied().map(port).collect(),
        why: "# because:\n of \u{1b}[1m it: \"'".to_owned(),
    });
    let flows: Vec<Flow> = flows.collect();
    let suggested = before.network.suggest(&before.inventory, &flows);
    prop_assert!(suggested.nameless.is_empty());
    let policies: String = suggested
        .policies
        .iter()
        .map(|one| one.yaml.as_str())
        .collect();
    let text = yaml(pods) + &policies;
    let after = World::new(&text);
    prop_assert!(
        after.network.problems().is_empty(),
        "{:?}\n{text}",
        after.network.problems()
    );
    let all: Vec<PodId> = (0..pods.len()).map(|index| id(&after, index)).collect();
    for (from, source) in pods.iter().enumerate() {
        for (to, target) in pods.iter().enumerate() {
            for asked in [
                (false, 80),
                (true, 80),
                (false, 82),
                (true, 83),
                (false, 90),
            ] {
                let is_wanted = wanted.iter().any(|one| {
                    let is_pair = group(&pods[one.from]) == group(source)
                        && group(&pods[one.to]) == group(target);
                    is_pair && (one.ports.is_empty() || one.ports.contains(&asked))
                });
                let expected = if is_wanted || from == to {
                    Outcome::Allowed
                } else {
                    Outcome::Denied
                };
                let ends = [all[from], all[to]].map(Endpoint::Pod);
                let verdict = after.network.reach(ends[0], ends[1], port(asked));
                prop_assert_eq!(
                    verdict.outcome,
                    expected,
                    "p{} -> p{} {:?}\n{}",
                    from,
                    to,
                    asked,
                    text
                );
            }
        }
    }
    let outside = after.network.addresses().into_iter().map(Endpoint::Address);
    for address in outside.take(4) {
        for pod in &all {
            prop_assert_eq!(
                after
                    .network
                    .reach(address, Endpoint::Pod(*pod), Port::tcp(80))
                    .outcome,
                Outcome::Denied
            );
            prop_assert_eq!(
                after
                    .network
                    .reach(Endpoint::Pod(*pod), address, Port::tcp(80))
                    .outcome,
                Outcome::Denied
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn suggested_policies_let_through_what_was_asked_for(pods in pods(), wanted in wanted()) {
        holds(&pods, &wanted)?;
    }
}

const SHOP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  CACHE_URL: redis://cache
  app.ini: |
    mail = smtp://mail.office.svc:2525
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: a
          args: [--db=db.shop.svc.cluster.local:5432, --log=/var/log/db]
          env:
            - {name: QUEUE_HOST, value: queue}
            - {name: QUEUE_PORT, value: '5672'}
            - {name: PAY_URL, value: 'https://pay.example.com/v1'}
            - {name: NAME, value: cache}
            - {name: PEER, value: 'http://10.1.2.3:8080'}
            - {name: SELF, value: 'http://127.0.0.1:8080'}
          envFrom: [{configMapRef: {name: settings}}]
      volumes: [{name: v, configMap: {name: settings}}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: a, ports: [{name: pg, containerPort: 15432}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache, namespace: shop}
spec: {template: {metadata: {labels: {app: cache}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: queue, namespace: shop}
spec: {template: {metadata: {labels: {app: queue}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: pg}]}
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec: {selector: {app: cache}, ports: [{port: 6379}, {port: 9121}]}
---
apiVersion: v1
kind: Service
metadata: {name: queue, namespace: shop}
spec: {selector: {app: queue}, ports: [{port: 5672}, {port: 15672}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
";

#[test]
fn all_pods_of_a_namespace_may_send() {
    let text = SHOP.to_owned();
    let world = World::new(&text);
    let namespace = Side::Namespace("shop".to_owned());
    let flow = |from: Side, to: Side| Flow {
        from,
        to,
        ports: vec![Port::tcp(53)],
        why: "names".to_owned(),
    };
    let db = Side::Pod(world.pod("shop/db"));
    let label = ("k8s-app".to_owned(), "kube-dns".to_owned());
    let dns = Side::Labelled {
        namespace: "kube-system".to_owned(),
        label,
    };
    let flows = [flow(namespace.clone(), db), flow(namespace, dns)];
    let suggested = world.network.suggest(&world.inventory, &flows);
    let yaml: String = suggested
        .policies
        .iter()
        .map(|one| one.yaml.as_str())
        .collect();
    let after = World::new(&(text + &yaml));
    for (question, expected) in [
        ("shop/web -> shop/db 53/TCP", Outcome::Allowed),
        ("shop/cache -> shop/db 53/TCP", Outcome::Allowed),
        ("shop/db -> shop/web 53/TCP", Outcome::Denied),
        ("shop/web -> shop/cache 53/TCP", Outcome::Denied),
    ] {
        assert_eq!(after.outcome(question), expected, "{question}\n{yaml}");
    }
    assert!(yaml.contains("k8s-app: kube-dns"), "{yaml}");
}

#[test]
fn manifests_declare_flows() {
    let (inventory, views) = crate::world::inventory(SHOP);
    let world = World::new(SHOP);
    let flows = world.network.declared(&inventory, &views, None);
    let name = |pod: PodId| {
        inventory.resources[world.network.place(pod).resource as usize]
            .name
            .to_string()
    };
    let side = |side: &Side| match side {
        Side::Pod(pod) => name(*pod),
        Side::Namespace(namespace) => format!("namespace {namespace}"),
        Side::Labelled { namespace, .. } => format!("in {namespace}"),
        Side::Block { block, .. } => block.clone(),
        Side::Everyone => "everyone".to_owned(),
    };
    let told: BTreeSet<String> = flows
        .iter()
        .map(|flow| {
            let ports: Vec<String> = flow.ports.iter().map(Port::to_string).collect();
            format!(
                "{} -> {} {}: {}",
                side(&flow.from),
                side(&flow.to),
                ports.join(" "),
                flow.why
            )
        })
        .collect();
    insta::assert_snapshot!(told.into_iter().collect::<Vec<_>>().join("\n"));
    let suggested = world.network.suggest(&inventory, &flows);
    let yaml: String = suggested
        .policies
        .iter()
        .map(|one| one.yaml.as_str())
        .collect();
    insta::assert_snapshot!("suggested_policies", yaml);
}
