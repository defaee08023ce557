//! Relations through the network.

use crate::support::{evaluate, evaluate_complete};

const SHOP: &str = "\
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  containers:
    - { name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: shop }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports:
    - { name: http, port: 80, targetPort: http }
    - { name: admin, port: 81, targetPort: admin }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec:
  defaultBackend: { service: { name: web, port: { number: 80 } } }
  rules:
    - http:
        paths:
          - backend: { service: { name: gone, port: { number: 80 } } }
          - backend: { service: { name: web, port: { number: 99 } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - { podSelector: { matchLabels: { app: db } } }
        - { podSelector: { matchLabels: { app: nobody } } }
        - { ipBlock: { cidr: 10.0.0.0/8 } }
  egress:
    - to: [{ ipBlock: { cidr: 10.0.0.0/8 } }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: nobody, namespace: shop }
spec: { podSelector: { matchLabels: { app: nobody } } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
";

/// The messages that an expression gives for each thing of a scope.
fn texts(scope: &str, expression: &str) -> Vec<String> {
    let control = format!("for: {scope}\nfail: 'true'\nmessage: '{{{{ {expression} }}}}'");
    let found = evaluate(&control.replace("'{", "\"{").replace("}'", "}\""), SHOP);
    let texts = found.findings.iter();
    let texts = texts.map(|text| text.split_once(": ").unwrap().1.to_owned());
    texts.collect()
}

#[test]
fn a_pod_knows_how_far_it_is_exposed() {
    assert_eq!(
        texts(
            "pod",
            "self.exposure().level + ' ' + self.exposure().possible"
        ),
        ["internet internet", "cluster cluster"]
    );
    assert_eq!(
        texts(
            "pod",
            "self.exposure().resources.map(it, it.kind).join(' ')"
        ),
        ["Ingress Service", "Service"]
    );
    assert_eq!(
        texts(
            "pod",
            "self.exposure().chains.map(it, it.level + ':' + (it.port == null ? '*' : string(it.port))).join(' ')"
        ),
        ["internet:8080 cluster:8080 cluster:*", "cluster:5432"]
    );
}

#[test]
fn the_farthest_way_comes_first() {
    assert_eq!(
        texts(
            "pod",
            "self.exposure().way.map(it, it.metadata.name).join(' ')"
        ),
        ["front web", "db"]
    );
}

#[test]
fn a_service_knows_its_pods_and_how_far_it_is_exposed() {
    assert_eq!(
        texts(
            "service",
            "self.pods().map(it, it.metadata.labels.app).join(' ')"
        ),
        ["web", "db"]
    );
    assert_eq!(
        texts("service", "self.exposure().level"),
        ["internet", "cluster"]
    );
    assert_eq!(
        texts(
            "service",
            "self.exposure().resources.map(it, it.metadata.name).join(' ')"
        ),
        ["front", ""]
    );
}

#[test]
fn a_port_of_a_service_is_served_or_not() {
    let control = "
for: service
each: self.ports()
fail: '!item.isServed'
at: [targetPort]
message: '{{ item.name }}'
";
    let found = evaluate(control, SHOP);
    assert_eq!(found.findings, ["24: admin"]);
    // The pods of the other one declare no port.
    assert_eq!((found.failed, found.unknown), (1, 1));
}

#[test]
fn policies_of_pods_and_namespaces() {
    assert_eq!(
        texts(
            "pod",
            "self.networkPolicies('ingress').map(it, it.metadata.name).join(' ')"
        ),
        ["web", ""]
    );
    assert_eq!(
        texts("pod", "string(self.isIsolated('egress'))"),
        ["true", "false"]
    );
    assert_eq!(
        texts(
            "pod",
            "string(self.canReach('169.254.169.254', 80)) + ' ' + string(self.canReach('10.1.1.1', 80))"
        ),
        ["false true", "true true"]
    );
    assert_eq!(
        texts(
            "namespace",
            "self.networkPolicies('ingress').map(it, it.metadata.name).join(' ')"
        ),
        ["web nobody"]
    );
    assert_eq!(
        texts(
            "namespace",
            "self.networkPolicies('egress').map(it, it.metadata.name).join(' ')"
        ),
        ["web"]
    );
}

#[test]
fn a_policy_that_selects_nothing_is_unknown_in_a_part_of_a_cluster() {
    let control = "
for: resource
kinds: [networking.k8s.io/NetworkPolicy]
fail: size(self.pods()) == 0
message: '{{ self.metadata.name }}'
";
    let part = evaluate(control, SHOP);
    assert_eq!((part.passed, part.failed, part.unknown), (1, 0, 1));
    let whole = evaluate_complete(control, SHOP);
    assert_eq!(whole.findings, ["56: nobody"]);
}

#[test]
fn the_peers_of_a_policy_are_pods() {
    let control = "
for: resource
kinds: [networking.k8s.io/NetworkPolicy]
when: has(self.spec.ingress)
each: self.spec.ingress[0].from.filter(peer, !has(peer.ipBlock))
fail: size(object.peerPods(item)) == 0
message: 'nobody'
";
    let part = evaluate(control, SHOP);
    assert_eq!((part.findings.len(), part.unknown), (0, 1));
    let whole = evaluate_complete(control, SHOP);
    assert_eq!(whole.findings, ["51: nobody"]);
}

#[test]
fn an_ingress_knows_its_backends() {
    let control = "
for: resource
kinds: [networking.k8s.io/Ingress]
each: self.backends()
fail: '!item.exists || !item.hasPort'
message: '{{ item.kind }} {{ item.name }} {{ item.exists }}'
";
    let part = evaluate(control, SHOP);
    assert_eq!(part.findings, ["40: Service web true"]);
    let whole = evaluate_complete(control, SHOP);
    assert_eq!(
        whole.findings,
        ["39: Service gone false", "40: Service web true"]
    );
}

const MONITORED: &str = "\
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: near, namespace: shop }
spec: { selector: { matchLabels: { app: web } } }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: elsewhere, namespace: other }
spec: { selector: { matchLabels: { app: web } } }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: everywhere, namespace: other }
spec: { namespaceSelector: { any: true }, selector: { matchExpressions: [{ key: app, operator: Exists }] } }
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: pods, namespace: shop }
spec: { selector: { matchLabels: { app: web } } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: all }
spec: { endpointSelector: {}, egress: [{}] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: some, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } } }
";

#[test]
fn monitors_know_what_they_select() {
    let control = "
for: resource
kinds: [monitoring.coreos.com/ServiceMonitor]
fail: size(self.services()) != 1
message: '{{ self.metadata.name }}'
";
    let part = evaluate(control, MONITORED);
    assert_eq!((part.passed, part.failed, part.unknown), (2, 0, 1));
    let whole = evaluate_complete(control, MONITORED);
    assert_eq!(whole.findings, ["19: elsewhere"]);
    let control = "
for: resource
kinds: [monitoring.coreos.com/PodMonitor]
fail: size(self.pods()) == 1
message: found
";
    assert_eq!(evaluate(control, MONITORED).failed, 1);
}

#[test]
fn a_namespace_is_isolated_when_a_policy_selects_whatever_it_has() {
    let control = "
for: namespace
fail: 'true'
message: '{{ self.isIsolated(\"ingress\") }} {{ self.isIsolated(\"egress\") }}'
";
    let found = evaluate(control, MONITORED);
    assert_eq!(found.findings, ["34: false true"]);
}

#[test]
fn a_service_knows_what_carries_its_pods() {
    let control = "
for: service
fail: 'true'
message: '{{ self.workloads().map(it, it.kind).join(\" \") }}'
";
    let found = evaluate(control, MONITORED);
    assert_eq!(found.findings, ["1: StatefulSet"]);
}
