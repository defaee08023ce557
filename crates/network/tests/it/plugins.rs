//! Policies of Cilium and Calico: whom they select, in which direction.

use network::{Direction, Outcome, Truth};

use crate::world::{World, namespace, pod};

fn world(objects: &str) -> World {
    let pods = [
        namespace("shop", "team: shop"),
        pod("shop/web", "app: web", ""),
        pod("shop/db", "app: db", ""),
        pod("mon/web", "app: web", ""),
    ];
    World::new(&(pods.concat() + objects))
}

/// The pods that are isolated in each direction, such as `shop/web`.
fn check(api_version: &str, kind: &str, spec: &str, ingress: &str, egress: &str) {
    let text = format!(
        "---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\nspec: {spec}\n"
    );
    let world = world(&text);
    assert!(
        world.network.problems().is_empty(),
        "{spec} {:?}",
        world.network.problems()
    );
    for (direction, expected) in Direction::ALL.into_iter().zip([ingress, egress]) {
        let names = ["shop/web", "shop/db", "mon/web"];
        let isolated = names.into_iter().filter_map(|name| {
            match world.network.is_isolated(world.pod(name), direction) {
                Truth::Yes => Some(name.to_owned()),
                Truth::No => None,
                Truth::Unknown(_) => Some(format!("{name}?")),
            }
        });
        let isolated: Vec<_> = isolated.collect();
        assert_eq!(
            isolated.join(" "),
            expected,
            "{} {spec}",
            direction.as_str()
        );
    }
}

#[test]
fn cilium_selects_endpoints() {
    let own =
        |spec, ingress, egress| check("cilium.io/v2", "CiliumNetworkPolicy", spec, ingress, egress);
    own(
        "{endpointSelector: {}, ingress: [{}]}",
        "shop/web shop/db",
        "",
    );
    own(
        "{endpointSelector: {matchLabels: {app: web}}, ingress: [{fromEndpoints: [{}]}], egressDeny: [{}]}",
        "shop/web",
        "shop/web",
    );
    own(
        "{endpointSelector: {matchLabels: {'k8s:app': db}}, egress: [{}]}",
        "",
        "shop/db",
    );
    own(
        "{endpointSelector: {matchLabels: {'any:app': db}}, ingress: [], egress: [{}]}",
        "",
        "shop/db",
    );
    let wide = |spec, ingress, egress| {
        check(
            "cilium.io/v2",
            "CiliumClusterwideNetworkPolicy",
            spec,
            ingress,
            egress,
        );
    };
    wide(
        "{endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}",
        "shop/web mon/web",
        "",
    );
    wide(
        "{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': mon}}, ingress: [{}]}",
        "mon/web",
        "",
    );
    wide(
        "{endpointSelector: {matchLabels: {io.cilium.k8s.namespace.labels.team: shop}}, ingress: [{}]}",
        "shop/web shop/db mon/web?",
        "",
    );
    wide("{nodeSelector: {}, ingress: [{}]}", "", "");
}

#[test]
fn calico_selects_by_its_own_language() {
    for group in ["projectcalico.org/v3", "crd.projectcalico.org/v1"] {
        let own = |spec, ingress, egress| {
            check(group, "NetworkPolicy", spec, ingress, egress);
        };
        own("{selector: \"app == 'web'\"}", "shop/web", "");
        own("{selector: all(), types: [Egress]}", "", "shop/web shop/db");
        own("{egress: [{action: Deny}]}", "", "shop/web shop/db");
        own(
            "{ingress: [{action: Deny}], egress: [{action: Deny}]}",
            "shop/web shop/db",
            "shop/web shop/db",
        );
        let wide =
            |spec, ingress, egress| check(group, "GlobalNetworkPolicy", spec, ingress, egress);
        wide(
            "{selector: \"has(app) && app != 'db'\"}",
            "shop/web mon/web",
            "",
        );
        wide(
            "{namespaceSelector: \"projectcalico.org/name == 'mon'\"}",
            "mon/web",
            "",
        );
        wide(
            "{namespaceSelector: \"team == 'shop'\", selector: \"app == 'web'\"}",
            "shop/web mon/web?",
            "",
        );
        wide(
            "{serviceAccountSelector: \"projectcalico.org/name == 'default'\"}",
            "shop/web shop/db mon/web",
            "",
        );
        wide(
            "{selector: all(), preDNAT: true, applyOnForward: true}",
            "",
            "",
        );
    }
}

#[test]
fn traffic_that_a_plugin_decides_is_unknown() {
    let world = world(
        "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {endpointSelector: {matchLabels: {app: db}}, ingress: [{}]}\n",
    );
    assert_eq!(world.outcome("mon/web -> shop/db 80"), Outcome::Unknown);
    assert_eq!(world.outcome("shop/db -> mon/web 80"), Outcome::Allowed);
    assert_eq!(world.outcome("mon/web -> shop/web 80"), Outcome::Allowed);
}
