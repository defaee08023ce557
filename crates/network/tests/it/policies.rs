//! NetworkPolicy and the admin policies: every recipe and edge that Kubernetes documents.

use network::{Direction, Effect, Outcome, Reason, Truth};

use crate::world::{World, namespace, pod, policy};

/// Two namespaces that were scanned, `stray` that was not.
fn cluster() -> String {
    [
        namespace("shop", "team: shop"),
        namespace("mon", "team: ops"),
        pod(
            "shop/web",
            "app: web, tier: front",
            "{name: http, containerPort: 8080}",
        ),
        pod(
            "shop/db",
            "app: db",
            "{name: http, containerPort: 9090}, {name: dns, containerPort: 53, protocol: UDP}",
        ),
        pod("mon/agent", "app: agent", ""),
        pod("mon/web", "app: web", "{name: http, containerPort: 80}"),
        pod("stray/web", "app: web", ""),
    ]
    .concat()
}

/// Answers, one a line: `shop/web -> shop/db 80: allowed`.
fn check(policies: &[String], expected: &str) {
    let world = World::new(&(cluster() + &policies.concat()));
    assert!(
        world.network.problems().is_empty(),
        "{:?}",
        world.network.problems()
    );
    for line in expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (question, answer) = line.rsplit_once(": ").unwrap();
        let outcome = format!("{:?}", world.outcome(question)).to_lowercase();
        assert_eq!(outcome, answer, "{question} with {policies:?}");
    }
}

fn shop(spec: &str) -> [String; 1] {
    [policy("shop/p", spec)]
}

#[test]
fn without_policies_everything_is_allowed() {
    check(
        &[],
        "shop/web -> shop/db 80: allowed
         mon/web -> shop/db 53/UDP: allowed
         192.0.2.1 -> shop/db 1/SCTP: allowed
         shop/db -> 192.0.2.1 443: allowed",
    );
}

#[test]
fn default_deny_ingress_isolates_one_direction() {
    check(
        &shop("{podSelector: {}, policyTypes: [Ingress]}"),
        "shop/web -> shop/db 80: denied
         mon/web -> shop/db 80: denied
         192.0.2.1 -> shop/db 80: denied
         shop/db -> mon/web 80: allowed
         shop/db -> 192.0.2.1 80: allowed
         shop/db -> shop/db 80: allowed",
    );
}

#[test]
fn a_missing_spec_selects_all_pods_and_denies_ingress() {
    let text = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n";
    check(
        &[text.to_owned()],
        "mon/web -> shop/db 80: denied\nshop/db -> mon/web 80: allowed",
    );
}

#[test]
fn allow_all_wins_over_default_deny() {
    check(
        &[
            policy(
                "shop/deny",
                "{podSelector: {}, policyTypes: [Ingress, Egress]}",
            ),
            policy(
                "shop/allow",
                "{podSelector: {matchLabels: {app: db}}, ingress: [{}], policyTypes: [Ingress]}",
            ),
        ],
        "mon/web -> shop/db 80: allowed
         192.0.2.1 -> shop/db 80/UDP: allowed
         mon/web -> shop/web 80: denied
         shop/web -> shop/db 80: denied",
    );
}

#[test]
fn default_deny_egress_needs_its_type_or_a_rule() {
    check(
        &shop("{podSelector: {}, policyTypes: [Egress]}"),
        "shop/db -> mon/web 80: denied\nmon/web -> shop/db 80: allowed",
    );
    check(
        &shop("{podSelector: {}, egress: []}"),
        "shop/db -> mon/web 80: allowed\nmon/web -> shop/db 80: denied",
    );
    check(
        &shop("{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}"),
        "shop/db -> mon/web 80: denied
         shop/db -> mon/web 53/UDP: allowed
         mon/web -> shop/db 80: denied",
    );
    // A type that is not listed is not looked at, whatever rules there are.
    check(
        &shop("{podSelector: {}, policyTypes: [Egress], ingress: [], egress: [{}]}"),
        "mon/web -> shop/db 80: allowed\nshop/db -> mon/web 80: allowed",
    );
}

#[test]
fn empty_and_missing_peers_and_ports_are_everything() {
    for rule in [
        "{}",
        "{from: []}",
        "{from: null}",
        "{ports: []}",
        "{from: [], ports: []}",
        "null",
    ] {
        check(
            &shop(&format!("{{podSelector: {{}}, ingress: [{rule}]}}")),
            "mon/web -> shop/db 80: allowed\n192.0.2.1 -> shop/db 9/SCTP: allowed",
        );
    }
    for ingress in ["[]", "null"] {
        check(
            &shop(&format!("{{podSelector: {{}}, ingress: {ingress}}}")),
            "mon/web -> shop/db 80: denied",
        );
    }
}

#[test]
fn selectors_of_peers_combine() {
    let from = |peers: &str| {
        shop(&format!(
            "{{podSelector: {{}}, ingress: [{{from: {peers}}}]}}"
        ))
    };
    check(
        &from("[{podSelector: {}}]"),
        "shop/web -> shop/db 80: allowed\nmon/web -> shop/db 80: denied\n192.0.2.1 -> shop/db 80: denied",
    );
    check(
        &from("[{namespaceSelector: {}}]"),
        "shop/web -> shop/db 80: allowed\nmon/web -> shop/db 80: allowed\nstray/web -> shop/db 80: allowed\n192.0.2.1 -> shop/db 80: denied",
    );
    check(
        &from(
            "[{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: web}}}]",
        ),
        "mon/web -> shop/db 80: allowed\nmon/agent -> shop/db 80: denied\nshop/web -> shop/db 80: denied\nstray/web -> shop/db 80: unknown",
    );
    check(
        &from(
            "[{namespaceSelector: {matchLabels: {team: ops}}}, {podSelector: {matchLabels: {app: web}}}]",
        ),
        "mon/agent -> shop/db 80: allowed\nshop/web -> shop/db 80: allowed\nstray/web -> shop/db 80: unknown",
    );
    check(
        &from("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: stray}}}]"),
        "stray/web -> shop/db 80: allowed\nmon/web -> shop/db 80: denied",
    );
}

#[test]
fn expressions_are_evaluated() {
    let subject = |expression: &str| {
        shop(&format!(
            "{{podSelector: {{matchExpressions: [{expression}]}}}}"
        ))
    };
    for (expression, web, db) in [
        (
            "{key: app, operator: In, values: [web, x]}",
            "denied",
            "allowed",
        ),
        (
            "{key: app, operator: NotIn, values: [web]}",
            "allowed",
            "denied",
        ),
        (
            "{key: tier, operator: NotIn, values: [back]}",
            "denied",
            "denied",
        ),
        ("{key: tier, operator: Exists}", "denied", "allowed"),
        ("{key: tier, operator: DoesNotExist}", "allowed", "denied"),
    ] {
        check(
            &subject(expression),
            &format!("mon/web -> shop/web 80: {web}\nmon/web -> shop/db 80: {db}"),
        );
    }
}

#[test]
fn blocks_and_their_exceptions() {
    let from = |block: &str| {
        shop(&format!(
            "{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {block}}}]}}]}}"
        ))
    };
    check(
        &from("{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.3.4/32]}"),
        "10.9.0.1 -> shop/db 80: allowed
         10.1.2.3 -> shop/db 80: denied
         10.2.3.4 -> shop/db 80: denied
         10.2.3.5 -> shop/db 80: allowed
         192.0.2.1 -> shop/db 80: denied
         2001:db8::1 -> shop/db 80: denied
         mon/web -> shop/db 80: unknown",
    );
    check(
        &from("{cidr: '2001:db8::/32', except: ['2001:db8:1::/48']}"),
        "2001:db8::1 -> shop/db 80: allowed\n2001:db8:1::1 -> shop/db 80: denied\n10.0.0.1 -> shop/db 80: denied",
    );
    check(
        &shop(
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}",
        ),
        "shop/db -> 192.0.2.1 443: allowed\nshop/db -> 169.254.169.254 80: denied",
    );
}

#[test]
fn addresses_of_running_pods_lie_in_blocks() {
    let running = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: run, namespace: mon}\nspec: {containers: []}\nstatus: {podIP: 10.1.0.7, podIPs: [{ip: 10.1.0.7}]}\n";
    let of = |cidr: &str| {
        [
            running.to_owned(),
            policy(
                "shop/p",
                &format!(
                    "{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {{cidr: {cidr}}}}}]}}]}}"
                ),
            ),
        ]
    };
    check(&of("10.1.0.0/16"), "mon/run -> shop/db 80: allowed");
    check(&of("10.2.0.0/16"), "mon/run -> shop/db 80: denied");
}

#[test]
fn ports_by_number_range_and_protocol() {
    let ports = |ports: &str| {
        shop(&format!(
            "{{podSelector: {{}}, ingress: [{{ports: {ports}}}]}}"
        ))
    };
    check(
        &ports("[{port: 80}]"),
        "mon/web -> shop/db 80: allowed\nmon/web -> shop/db 81: denied\nmon/web -> shop/db 80/UDP: denied",
    );
    check(
        &ports("[{port: 8000, endPort: 8010}, {protocol: UDP}]"),
        "mon/web -> shop/db 7999: denied
         mon/web -> shop/db 8000: allowed
         mon/web -> shop/db 8010: allowed
         mon/web -> shop/db 8011: denied
         mon/web -> shop/db 65535/UDP: allowed
         mon/web -> shop/db 1/SCTP: denied",
    );
    check(
        &ports("[{}]"),
        "mon/web -> shop/db 1: allowed\nmon/web -> shop/db 1/UDP: denied",
    );
    check(
        &ports("[{port: 65535, endPort: 65535}]"),
        "mon/web -> shop/db 65535: allowed",
    );
}

#[test]
fn named_ports_are_those_of_the_destination() {
    check(
        &[policy(
            "shop/p",
            "{podSelector: {}, ingress: [{ports: [{port: http}]}]}",
        )],
        "mon/web -> shop/web 8080: allowed
         mon/web -> shop/web 9090: denied
         mon/web -> shop/db 9090: allowed
         mon/web -> shop/db 8080: denied
         mon/web -> shop/db 9090/UDP: denied",
    );
    check(
        &[policy(
            "shop/p",
            "{podSelector: {}, ingress: [{ports: [{port: dns}]}]}",
        )],
        "mon/web -> shop/db 53: denied\nmon/web -> shop/db 53/UDP: denied",
    );
    check(
        &[policy(
            "mon/p",
            "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}, {port: dns, protocol: UDP}]}]}",
        )],
        "mon/agent -> shop/web 8080: allowed
         mon/agent -> shop/db 9090: allowed
         mon/agent -> shop/db 8080: denied
         mon/agent -> shop/db 53/UDP: allowed
         mon/agent -> stray/web 8080: denied
         mon/agent -> 192.0.2.1 8080: denied",
    );
}

#[test]
fn policies_add_up_and_both_ends_count() {
    check(
        &[
            policy(
                "shop/a",
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}",
            ),
            policy(
                "shop/b",
                "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 81}]}]}",
            ),
            policy(
                "shop/c",
                "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 80}, {port: 82}]}]}",
            ),
        ],
        "shop/web -> shop/db 80: allowed
         shop/web -> shop/db 81: denied
         shop/web -> shop/db 82: denied
         shop/web -> mon/web 82: allowed",
    );
}

#[test]
fn policies_of_other_namespaces_do_not_select() {
    check(
        &[policy("mon/p", "{podSelector: {}}")],
        "mon/web -> shop/db 80: allowed\nshop/db -> mon/web 80: denied",
    );
}

#[test]
fn the_network_of_the_node_is_unknown_where_it_would_be_denied() {
    let host = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: host, namespace: shop, labels: {app: host}}\nspec: {hostNetwork: true, containers: []}\n";
    let with = |spec: &str| [host.to_owned(), policy("shop/p", spec)];
    check(&[host.to_owned()], "shop/host -> shop/db 80: allowed");
    check(
        &with("{podSelector: {}}"),
        "shop/host -> shop/db 80: unknown\nmon/web -> shop/host 80: unknown\nmon/web -> shop/db 80: denied",
    );
    check(
        &with("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"),
        "shop/host -> shop/db 80: unknown",
    );
    check(
        &with("{podSelector: {}, ingress: [{}]}"),
        "shop/host -> shop/db 80: allowed\nmon/web -> shop/host 80: allowed",
    );
}

#[test]
fn templates_stand_for_many_pods_whose_labels_controllers_add_to() {
    let deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec: {template: {metadata: {labels: {app: api}}, spec: {containers: []}}}\n";
    let with = |spec: &str| [deployment.to_owned(), policy("shop/p", spec)];
    check(
        &with("{podSelector: {matchLabels: {app: api}}}"),
        "mon/web -> shop/api 80: denied\nshop/api -> shop/api 80: denied\nshop/db -> shop/db 80: allowed",
    );
    check(
        &with("{podSelector: {matchLabels: {pod-template-hash: abc}}}"),
        "mon/web -> shop/api 80: unknown\nmon/web -> shop/db 80: allowed",
    );
    // A policy that may select the pod and allows the traffic changes nothing.
    check(
        &with("{podSelector: {matchLabels: {pod-template-hash: abc}}, ingress: [{}]}"),
        "mon/web -> shop/api 80: allowed",
    );
}

fn admin(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )
}

#[test]
fn admin_policies_come_first_in_order() {
    let allow = "{name: a, action: Allow, from: [{namespaces: {matchLabels: {team: ops}}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}";
    let deny = "{name: d, action: Deny, from: [{namespaces: {}}]}";
    let subject = "subject: {namespaces: {matchLabels: {team: shop}}}";
    let first = admin(
        "AdminNetworkPolicy",
        "z",
        &format!("{{priority: 1, {subject}, ingress: [{allow}]}}"),
    );
    let second = admin(
        "AdminNetworkPolicy",
        "a",
        &format!("{{priority: 2, {subject}, ingress: [{deny}]}}"),
    );
    check(
        &[
            second.clone(),
            first.clone(),
            policy("shop/p", "{podSelector: {}, ingress: [{}]}"),
        ],
        "mon/web -> shop/db 80: allowed
         mon/web -> shop/db 81: denied
         shop/web -> shop/db 80: denied
         192.0.2.1 -> shop/db 80: allowed",
    );
    // What admin policies allow, no policy of a namespace denies.
    check(
        &[first, policy("shop/p", "{podSelector: {}}")],
        "mon/web -> shop/db 80: allowed\nmon/web -> shop/db 81: denied",
    );
    check(
        &[second],
        "mon/web -> shop/db 80: denied\nshop/db -> mon/web 80: allowed",
    );
}

#[test]
fn passing_leaves_it_to_the_namespace_and_then_to_the_baseline() {
    let anp = admin(
        "AdminNetworkPolicy",
        "a",
        "{priority: 5, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}, ingress: [\
         {action: Pass, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}], ports: [{portRange: {start: 80, end: 90}}]},\
         {action: Deny, from: [{namespaces: {}}], ports: [{namedPort: http}, {portRange: {start: 80, end: 90}}]}]}",
    );
    let baseline = admin(
        "BaselineAdminNetworkPolicy",
        "default",
        "{subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]}",
    );
    check(
        &[anp.clone(), baseline.clone()],
        "mon/web -> shop/db 85: denied
         shop/web -> shop/db 85: allowed
         mon/agent -> shop/db 85: denied
         shop/web -> shop/db 9090: denied
         shop/web -> shop/db 9091: allowed
         mon/web -> shop/db 9091: denied",
    );
    check(
        &[
            anp,
            baseline,
            policy(
                "shop/p",
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 85}]}]}",
            ),
        ],
        "mon/web -> shop/db 85: allowed\nmon/agent -> shop/db 85: denied\nmon/web -> shop/db 9091: denied\nshop/web -> shop/db 9091: denied",
    );
}

#[test]
fn cluster_network_policies_have_tiers() {
    let of = |name: &str, spec: &str| {
        format!(
            "---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        )
    };
    check(
        &[
            of(
                "base",
                "{tier: Baseline, priority: 0, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}",
            ),
            of(
                "top",
                "{tier: Admin, priority: 9, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}, egress: [{action: Accept, to: [{networks: [192.0.2.0/24]}], protocols: [{tcp: {destinationPort: {range: {start: 443, end: 444}}}}, {udp: {}}]}]}",
            ),
        ],
        "shop/db -> 192.0.2.1 444: allowed
         shop/db -> 192.0.2.1 7/UDP: allowed
         shop/db -> 192.0.2.1 445: denied
         shop/web -> 192.0.2.1 443: denied
         shop/web -> 2001:db8::1 443: allowed",
    );
}

#[test]
fn verdicts_name_what_decides() {
    let world = World::new(
        &(cluster()
            + &policy("shop/deny", "{podSelector: {}}")
            + &policy(
                "shop/allow",
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}",
            )),
    );
    let ask = |question: &str| {
        let (from, to, port) = world.question(question);
        let verdict = world.network.reach(from, to, port);
        let by: Vec<_> = verdict
            .by
            .iter()
            .map(|because| (because.effect, world.place(because.place)))
            .collect();
        (verdict.outcome, by)
    };
    let (outcome, by) = ask("shop/web -> shop/db 80");
    assert_eq!(outcome, Outcome::Allowed);
    assert_eq!(
        by,
        [(
            Effect::Allows,
            "NetworkPolicy/allow 43 `{from: [{podSelector: {}}], ports: [{port: 80}]}`".to_owned()
        )]
    );
    let (outcome, by) = ask("mon/web -> shop/db 80");
    assert_eq!(outcome, Outcome::Denied);
    let effects: Vec<_> = by.iter().map(|(effect, _)| *effect).collect();
    assert_eq!(effects, [Effect::Isolates, Effect::Isolates]);
    assert_eq!(ask("shop/db -> mon/web 80"), (Outcome::Allowed, Vec::new()));
}

#[test]
fn isolation_and_the_policies_of_a_pod() {
    let world = World::new(
        &(cluster()
            + &policy("shop/in", "{podSelector: {}}")
            + &policy(
                "shop/out",
                "{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}",
            )
            + &admin(
                "AdminNetworkPolicy",
                "a",
                "{priority: 1, subject: {namespaces: {matchLabels: {team: shop}}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}",
            )),
    );
    let network = &world.network;
    let names = |pod: &str, direction| {
        let matches = network.policies(world.pod(pod), direction);
        let names = matches.iter().map(|policy| {
            assert_eq!(
                policy.unknown,
                if pod == "stray/web" {
                    Some(Reason::NamespaceNotScanned)
                } else {
                    None
                }
            );
            world.inventory.resources[policy.place.resource as usize]
                .name
                .to_string()
        });
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("shop/db", Direction::Ingress), "a in");
    assert_eq!(names("shop/db", Direction::Egress), "out");
    assert_eq!(names("mon/web", Direction::Ingress), "");
    assert_eq!(names("stray/web", Direction::Ingress), "a");
    assert_eq!(
        network.is_isolated(world.pod("shop/db"), Direction::Egress),
        Truth::Yes
    );
    assert_eq!(
        network.is_isolated(world.pod("shop/web"), Direction::Egress),
        Truth::No
    );
    assert_eq!(
        network.is_isolated(world.pod("stray/web"), Direction::Ingress),
        Truth::No
    );
}
