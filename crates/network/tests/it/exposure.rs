//! Every way in: services, routes of all kinds, ports of nodes; and what points nowhere.

use crate::world::{World, pod};

fn service(name: &str, spec: &str) -> String {
    object("v1", "Service", name, spec)
}

fn object(api_version: &str, kind: &str, name: &str, spec: &str) -> String {
    let (namespace, name) = name.split_once('/').unwrap();
    format!(
        "---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"
    )
}

fn web() -> String {
    pod(
        "shop/web",
        "app: web",
        "{name: http, containerPort: 8080}, {name: admin, containerPort: 9000}",
    )
}

/// The chains of `shop/web`, then what dangles.
fn chains(objects: &[String]) -> String {
    let world = World::new(&(web() + &objects.concat()));
    assert!(
        world.network.problems().is_empty(),
        "{:?}",
        world.network.problems()
    );
    let dangling = world.dangling();
    let gap = if dangling.is_empty() {
        ""
    } else {
        "\n\ndangling\n"
    };
    world.chains("shop/web") + gap + &dangling
}

const WEB: &str = "selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]";

fn cluster_ip() -> String {
    service("shop/web", &format!("{{{WEB}}}"))
}

#[test]
fn without_a_service_a_pod_is_internal() {
    insta::assert_snapshot!(chains(&[service("other/web", &format!("{{{WEB}}}"))]));
}

#[test]
fn services_of_every_type() {
    let levels = |spec: &str| {
        let world = World::new(&(web() + &service("shop/s", spec)));
        world.network.exposure(world.pod("shop/web")).level.as_str()
    };
    for (spec, expected) in [
        ("", "cluster"),
        ("clusterIP: None, ", "cluster"),
        ("type: ClusterIP, ", "cluster"),
        ("type: NodePort, ", "node"),
        ("type: LoadBalancer, ", "internet"),
        (
            "type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 192.168.1.0/24], ",
            "node",
        ),
        (
            "type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 203.0.113.0/24], ",
            "internet",
        ),
        (
            "type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb, ",
            "node",
        ),
        (
            "type: ExternalName, externalName: example.com, ",
            "internal",
        ),
        ("externalIPs: [203.0.113.7], ", "internet"),
        ("externalIPs: [10.0.0.7], ", "node"),
    ] {
        assert_eq!(levels(&format!("{{{spec}{WEB}}}")), expected, "{spec}");
    }
}

#[test]
fn internal_load_balancers_are_known_by_their_annotations() {
    for (annotation, expected) in [
        (
            "service.beta.kubernetes.io/aws-load-balancer-internal: 'true'",
            "node",
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-internal: 0.0.0.0/0",
            "node",
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-internal: 'false'",
            "internet",
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-scheme: internal",
            "node",
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing",
            "internet",
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-type: external",
            "node",
        ),
        (
            "service.beta.kubernetes.io/azure-load-balancer-internal: 'true'",
            "node",
        ),
        ("networking.gke.io/load-balancer-type: Internal", "node"),
        (
            "service.beta.kubernetes.io/openstack-internal-load-balancer: 'true'",
            "node",
        ),
        ("example.com/internal: 'true'", "internet"),
    ] {
        let text = service("shop/s", &format!("{{type: LoadBalancer, {WEB}}}")).replace(
            "namespace: shop",
            &format!("namespace: shop, annotations: {{{annotation}}}"),
        );
        let world = World::new(&(web() + &text));
        let level = world.network.exposure(world.pod("shop/web")).level;
        assert_eq!(level.as_str(), expected, "{annotation}");
    }
}

#[test]
fn target_ports_by_number_by_name_and_missing() {
    insta::assert_snapshot!(chains(&[service(
        "shop/web",
        "{type: NodePort, selector: {app: web}, ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 9000}, {name: c, port: 81, targetPort: 8081}, {name: d, port: 82, targetPort: gone}, {name: e, port: 83, targetPort: http, protocol: UDP}]}",
    )]));
}

#[test]
fn services_that_lead_nowhere_dangle() {
    insta::assert_snapshot!(chains(&[
        service("shop/none", "{selector: {app: gone}, ports: [{port: 80}]}"),
        service("shop/manual", "{ports: [{port: 80}]}"),
        service(
            "shop/name",
            "{type: ExternalName, externalName: example.com}"
        ),
        object(
            "networking.k8s.io/v1",
            "Ingress",
            "shop/i",
            "{defaultBackend: {service: {name: name, port: {number: 80}}}}"
        ),
    ]));
}

#[test]
fn ingresses_of_every_version() {
    let rules =
        "{rules: [{http: {paths: [{path: /, backend: {serviceName: web, servicePort: http}}]}}]}";
    insta::assert_snapshot!(chains(&[
        cluster_ip(),
        object(
            "networking.k8s.io/v1",
            "Ingress",
            "shop/new",
            "{defaultBackend: {service: {name: web, port: {name: http}}}, rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}, {path: /a, backend: {service: {name: web, port: {number: 81}}}}, {path: /b, backend: {service: {name: gone, port: {number: 80}}}}, {path: /c, backend: {resource: {kind: Bucket, name: x}}}]}}]}"
        ),
        object("networking.k8s.io/v1beta1", "Ingress", "shop/beta", rules),
        object(
            "extensions/v1beta1",
            "Ingress",
            "shop/old",
            "{backend: {serviceName: web, servicePort: 80}}"
        ),
        object(
            "networking.k8s.io/v1",
            "Ingress",
            "other/i",
            "{defaultBackend: {service: {name: web, port: {number: 80}}}}"
        ),
    ]));
}

fn gateway(name: &str, listeners: &str) -> String {
    object(
        "gateway.networking.k8s.io/v1",
        "Gateway",
        name,
        &format!("{{gatewayClassName: x, listeners: [{listeners}]}}"),
    )
}

#[test]
fn routes_attach_to_gateways_that_take_them() {
    let route = |kind: &str, name: &str, parent: &str, more: &str| {
        object(
            "gateway.networking.k8s.io/v1",
            kind,
            name,
            &format!(
                "{{parentRefs: [{parent}], {more}rules: [{{backendRefs: [{{name: web, namespace: shop, port: 80}}]}}]}}"
            ),
        )
    };
    insta::assert_snapshot!(chains(&[
        cluster_ip(),
        gateway(
            "edge/gw",
            "{name: http, port: 80, protocol: HTTP, hostname: '*.example.com', allowedRoutes: {namespaces: {from: All}}}, {name: tcp, port: 90, protocol: TCP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {edge: 'yes'}}}}}"
        ),
        gateway("shop/own", "{name: same, port: 80, protocol: HTTP}"),
        route(
            "HTTPRoute",
            "shop/taken",
            "{name: gw, namespace: edge}",
            "hostnames: [a.example.com], "
        ),
        route(
            "HTTPRoute",
            "shop/other-host",
            "{name: gw, namespace: edge}",
            "hostnames: [example.org], "
        ),
        route(
            "HTTPRoute",
            "shop/no-section",
            "{name: gw, namespace: edge, sectionName: x}",
            ""
        ),
        route("UDPRoute", "shop/no-protocol", "{name: own}", ""),
        route("GRPCRoute", "shop/same", "{name: own}", ""),
        route(
            "TCPRoute",
            "shop/perhaps",
            "{name: gw, namespace: edge, sectionName: tcp}",
            ""
        ),
        route("HTTPRoute", "shop/elsewhere", "{name: gone}", ""),
        route(
            "HTTPRoute",
            "far/without-grant",
            "{name: gw, namespace: edge}",
            ""
        ),
        route(
            "HTTPRoute",
            "near/granted",
            "{name: gw, namespace: edge}",
            ""
        ),
        object(
            "gateway.networking.k8s.io/v1beta1",
            "ReferenceGrant",
            "shop/g",
            "{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: near}], to: [{group: '', kind: Service, name: web}]}"
        ),
    ]));
}

#[test]
fn istio_leads_through_the_pods_of_its_gateways() {
    insta::assert_snapshot!(chains(&[
        cluster_ip(),
        pod("istio/ingress", "istio: ingress", ""),
        service(
            "istio/ingress",
            "{type: LoadBalancer, selector: {istio: ingress}, ports: [{port: 443}]}"
        ),
        object(
            "networking.istio.io/v1",
            "Gateway",
            "istio/gw",
            "{selector: {istio: ingress}, servers: [{port: {number: 443}, hosts: ['shop/*.example.com']}]}"
        ),
        object(
            "networking.istio.io/v1",
            "Gateway",
            "istio/other",
            "{selector: {istio: gone}, servers: [{port: {number: 80}, hosts: ['*']}]}"
        ),
        object(
            "networking.istio.io/v1",
            "VirtualService",
            "shop/v",
            "{hosts: [a.example.com], gateways: [istio/gw, mesh], http: [{route: [{destination: {host: web}}]}]}"
        ),
        object(
            "networking.istio.io/v1",
            "VirtualService",
            "shop/w",
            "{hosts: [a.example.org], gateways: [istio/gw, istio/other, gone], tcp: [{route: [{destination: {host: web.shop.svc.cluster.local, port: {number: 80}}}]}]}"
        ),
    ]));
}

#[test]
fn routes_of_openshift() {
    insta::assert_snapshot!(chains(&[
        cluster_ip(),
        object(
            "route.openshift.io/v1",
            "Route",
            "shop/r",
            "{to: {kind: Service, name: web}, alternateBackends: [{kind: Service, name: gone}], port: {targetPort: http}}"
        ),
    ]));
}

#[test]
fn ports_and_networks_of_nodes() {
    let text = "---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d, namespace: shop}\nspec:\n  template:\n    spec:\n      hostNetwork: true\n      containers:\n      - name: a\n        ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 81, hostIP: 127.0.0.1}, {containerPort: 82}]\n";
    insta::assert_snapshot!(World::new(text).chains("shop/d"));
}

#[test]
fn services_name_the_pods_they_may_select() {
    let text = "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s, namespace: shop}\nspec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}\n";
    let first = service(
        "shop/first",
        "{type: LoadBalancer, selector: {app: web, statefulset.kubernetes.io/pod-name: s-0}, ports: [{port: 80}]}",
    );
    let world = World::new(&(text.to_owned() + &first + &cluster_ip()));
    let services = world.network.services(world.pod("shop/s"));
    let unknown: Vec<_> = services
        .iter()
        .map(|service| service.unknown.map(network::Reason::as_str))
        .collect();
    assert_eq!(unknown, [Some("pod-labels"), None]);
    insta::assert_snapshot!(world.chains("shop/s"));
}

#[test]
fn a_flood_of_ways_is_cut_and_said() {
    let pods: String = (0..1100)
        .map(|number| pod(&format!("shop/p{number}"), "app: web", ""))
        .collect();
    let services: String = (0..1000)
        .map(|number| {
            service(
                &format!("shop/s{number}"),
                "{selector: {app: web}, ports: [{port: 80}]}",
            )
        })
        .collect();
    let world = World::new(&(pods + &services));
    let problems: Vec<_> = world
        .network
        .problems()
        .iter()
        .map(|problem| problem.kind.as_str())
        .collect();
    assert_eq!(problems, ["network-limit"]);
}

#[test]
fn endpoints_lead_from_services_without_a_selector() {
    let slice = "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: x, namespace: shop, labels: {kubernetes.io/service-name: manual}}\nendpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: web, namespace: shop}}]\n";
    let endpoints = "---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: old, namespace: shop}\nsubsets: [{addresses: [{ip: 10.0.0.1, targetRef: {kind: Pod, name: web}}]}]\n";
    insta::assert_snapshot!(chains(&[
        service("shop/manual", "{type: NodePort, ports: [{port: 8080}]}"),
        service("shop/old", "{type: LoadBalancer, ports: [{port: 9000}]}"),
        service("shop/none", "{ports: [{port: 80}]}"),
        slice.to_owned(),
        endpoints.to_owned(),
    ]));
}
