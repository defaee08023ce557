//! What routes name, what leads to services, and selectors asked from the other end.

use network::{Direction, Reason, Truth};

use crate::world::{World, pod};

/// `Kind namespace/name: reason` for what a resource names, parents with `^` in front.
fn references(world: &World, name: &str) -> Vec<String> {
    let references = world.network.references(resource(world, name)).iter();
    let texts = references.map(|it| {
        let parent = if it.is_parent { "^" } else { "" };
        let reason = it.reason.map_or("there", Reason::as_str);
        assert!(it.target.is_none() || reason != "service-not-scanned");
        format!("{parent}{} {}/{}: {reason}", it.kind, it.namespace, it.name)
    });
    texts.collect()
}

/// `Kind/name`.
fn resource(world: &World, name: &str) -> u32 {
    let mut resources = (0u32..).zip(&world.inventory.resources);
    let found = resources.find(|(_, it)| format!("{}/{}", it.kind, it.name) == name);
    found.unwrap_or_else(|| panic!("no resource {name}")).0
}

const WEB: &str = "\
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
";

#[test]
fn an_ingress_names_services_and_other_objects() {
    let ingress = "\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i, namespace: shop }
spec:
  defaultBackend: { resource: { apiGroup: example.com, kind: Bucket, name: b } }
  rules:
    - http:
        paths:
          - backend: { service: { name: web, port: { name: http } } }
          - backend: { service: { name: web, port: { number: 8080 } } }
          - backend: { service: { name: gone, port: { number: 80 } } }
";
    let world = World::new(&(WEB.to_owned() + ingress));
    assert_eq!(
        references(&world, "Ingress/i"),
        [
            "Bucket shop/b: backend-kind",
            "Service shop/web: there",
            "Service shop/web: no-such-port",
            "Service shop/gone: service-not-scanned",
        ]
    );
}

#[test]
fn routes_name_services_and_the_gateways_they_hang_on() {
    let routes = "\
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: edge }
spec: { gatewayClassName: x, listeners: [{ name: own, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: far }
spec:
  parentRefs: [{ name: gw, namespace: edge }, { name: gone }]
  rules:
    - backendRefs: [{ name: web, namespace: shop, port: 80 }, { group: example.com, kind: Function, name: f }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: shop }
spec:
  hosts: [a.example.com]
  gateways: [mesh, edge/gone]
  http: [{ route: [{ destination: { host: web } }, { destination: { host: a.example.com } }] }]
";
    let world = World::new(&(WEB.to_owned() + routes));
    assert_eq!(
        references(&world, "HTTPRoute/r"),
        [
            "^Gateway edge/gw: not-accepted",
            "^Gateway far/gone: gateway-not-scanned",
            "Service shop/web: no-grant",
            "Function far/f: backend-kind",
        ]
    );
    assert_eq!(
        references(&world, "VirtualService/v"),
        [
            "^Gateway edge/gone: gateway-not-scanned",
            "Service shop/web: there",
            "ServiceEntry shop/a.example.com: backend-kind",
        ]
    );
}

#[test]
fn a_service_is_reached_by_itself_and_through_routes() {
    let ingress = "\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i, namespace: shop }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
";
    let world = World::new(&(WEB.to_owned() + ingress));
    let exposure = world
        .network
        .service_exposure(resource(&world, "Service/web"));
    let levels = exposure
        .unwrap()
        .chains
        .iter()
        .map(|chain| chain.level.as_str());
    assert_eq!(levels.collect::<Vec<_>>(), ["internet", "cluster"]);
}

#[test]
fn a_gateway_that_was_not_scanned_is_as_far_as_the_services_before_it() {
    let level = |service: &str| {
        let objects = format!(
            "\
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{ name: gw, namespace: shop }}
spec: {{ selector: {{ istio: in }}, servers: [{{ port: {{ number: 80 }}, hosts: ['*'] }}] }}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{ name: v, namespace: shop }}
spec: {{ hosts: [a.example.com], gateways: [gw], http: [{{ route: [{{ destination: {{ host: web }} }}] }}] }}
---
apiVersion: v1
kind: Service
metadata: {{ name: in, namespace: istio }}
spec: {{ {service}, ports: [{{ port: 80 }}] }}
"
        );
        let world = World::new(&(pod("shop/web", "app: web", "") + WEB + &objects));
        let exposure = world.network.exposure(world.pod("shop/web"));
        format!("{} {}", exposure.level.as_str(), exposure.possible.as_str())
    };
    assert_eq!(
        level("type: LoadBalancer, selector: { app: in, istio: in }"),
        "internet internet"
    );
    assert_eq!(level("selector: { istio: in }"), "cluster cluster");
    // It leads to other pods as well, perhaps to those of no gateway.
    assert_eq!(
        level("type: NodePort, selector: { app: in }"),
        "cluster internet"
    );
}

#[test]
fn a_namespace_is_isolated_by_what_selects_all_its_pods() {
    let isolated = |policy: &str| {
        let namespace =
            "---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: a } }\n";
        let world = World::new(&format!("{namespace}---\n{policy}"));
        let network = &world.network;
        Direction::ALL.map(|direction| network.isolates_namespace("shop", direction))
    };
    let policy = |spec: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{ name: p, namespace: shop }}\nspec: {spec}\n"
        )
    };
    assert_eq!(
        isolated(&policy("{ podSelector: {} }")),
        [Truth::Yes, Truth::No]
    );
    assert_eq!(
        isolated(&policy("{ podSelector: { matchLabels: { app: web } } }")),
        [Truth::No, Truth::No]
    );
    let global = |selector: &str| {
        format!(
            "apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {{ name: p }}\nspec: {{ namespaceSelector: {selector}, types: [Egress] }}\n"
        )
    };
    assert_eq!(isolated(&global("team == 'a'")), [Truth::No, Truth::Yes]);
    assert_eq!(isolated(&global("team == 'b'")), [Truth::No, Truth::No]);
    // What an admin policy selects is not closed for it.
    let admin = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: { name: p }\nspec: { priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n";
    assert_eq!(isolated(admin), [Truth::No, Truth::No]);
}

#[test]
fn what_an_operator_makes_is_not_missing() {
    let any = |resource_text: &str| {
        let world = World::new(&(WEB.to_owned() + resource_text));
        world.network.service_any(resource(&world, "Service/web"))
    };
    let custom = |spec: &str| {
        format!(
            "---\napiVersion: example.com/v1\nkind: Shop\nmetadata: {{ name: web, namespace: shop }}\nspec: {spec}\n"
        )
    };
    let unknown = Some(Truth::Unknown(Reason::CustomResource));
    assert_eq!(any(&custom("{ replicas: 3 }")), unknown);
    assert_eq!(any(&custom("{ color: blue }")), Some(Truth::No));
    assert_eq!(any(&pod("shop/web", "app: web", "")), Some(Truth::Yes));
}

#[test]
fn budgets_select_pods_of_their_namespace() {
    let budget = |name: &str, selector: &str| {
        format!(
            "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ minAvailable: 1{selector} }}\n"
        )
    };
    let world = World::new(&format!(
        "{}{}{}{}{}{}",
        pod("shop/web", "app: web", ""),
        pod("other/web", "app: web", ""),
        budget("all", ", selector: {}"),
        budget("none", ""),
        budget("web", ", selector: { matchLabels: { app: web } }"),
        budget("gone", ", selector: { matchLabels: { app: gone } }"),
    ));
    let network = &world.network;
    let names = network.budgets(world.pod("shop/web")).map(|index| {
        let resource = &world.inventory.resources[index as usize];
        resource.name.to_string()
    });
    assert_eq!(names.collect::<Vec<_>>(), ["all", "web"]);
    assert_eq!(network.budgets(world.pod("other/web")).count(), 0);
    for (name, expected) in [("all", 1), ("none", 0), ("web", 1), ("gone", 0)] {
        let index = resource(&world, &format!("PodDisruptionBudget/{name}"));
        assert_eq!(
            network.budget_pods(index).unwrap().len(),
            expected,
            "{name}"
        );
        let any = network.budget_any(index).unwrap();
        assert_eq!(any == Truth::Yes, expected == 1, "{name}");
    }
}
