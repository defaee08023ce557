//! Random clusters, and their YAML.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// Two keys; each has one of three values, or is not there.
pub(crate) type Labels = [Option<u8>; 2];

#[derive(Clone, Debug)]
pub(crate) enum Term {
    Is(u8, u8),
    In(u8, Vec<u8>),
    NotIn(u8, Vec<u8>),
    Exists(u8),
    Lacks(u8),
}

pub(crate) type Selector = Vec<Term>;

#[derive(Clone, Debug)]
pub(crate) enum Peer {
    Pods(Selector),
    Namespaces(Selector),
    Both(Selector, Selector),
    /// Length of a prefix of 10.0.0.0, and whether 10.0.0.2/31 is taken out.
    Block(u8, bool),
}

#[derive(Clone, Debug)]
pub(crate) enum PortMatch {
    Every(bool),
    Range(bool, u16, u16),
    Named,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Of an admin policy: 0 allows, 1 denies, 2 passes.
    pub(crate) action: u8,
    pub(crate) peers: Vec<Peer>,
    pub(crate) ports: Vec<PortMatch>,
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) namespace: usize,
    pub(crate) subject: Selector,
    pub(crate) types: Option<[bool; 2]>,
    pub(crate) rules: [Vec<Rule>; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct AdminPolicy {
    pub(crate) namespaces: Selector,
    pub(crate) pods: Selector,
    pub(crate) rules: [Vec<Rule>; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) namespace: usize,
    pub(crate) labels: Labels,
    /// The number of its port called `http`.
    pub(crate) http: Option<u16>,
}

#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) namespaces: Vec<Labels>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) policies: Vec<Policy>,
    /// By priority.
    pub(crate) admin: Vec<AdminPolicy>,
    pub(crate) baseline: Option<AdminPolicy>,
}

fn labels() -> impl Strategy<Value = Labels> {
    [option::of(0..3u8), option::of(0..3u8)]
}

fn selector() -> impl Strategy<Value = Selector> {
    let term = prop_oneof![
        (0..2u8, 0..3u8).prop_map(|(key, value)| Term::Is(key, value)),
        (0..2u8, vec(0..3u8, 1..3)).prop_map(|(key, values)| Term::In(key, values)),
        (0..2u8, vec(0..3u8, 1..3)).prop_map(|(key, values)| Term::NotIn(key, values)),
        (0..2u8).prop_map(Term::Exists),
        (0..2u8).prop_map(Term::Lacks),
    ];
    vec(term, 0..3)
}

fn peer() -> impl Strategy<Value = Peer> {
    prop_oneof![
        selector().prop_map(Peer::Pods),
        selector().prop_map(Peer::Namespaces),
        (selector(), selector()).prop_map(|(namespaces, pods)| Peer::Both(namespaces, pods)),
        (prop_oneof![Just(0u8), Just(24), Just(29)], any::<bool>())
            .prop_map(|(prefix, is_cut)| Peer::Block(prefix, is_cut)),
    ]
}

fn port() -> impl Strategy<Value = PortMatch> {
    prop_oneof![
        any::<bool>().prop_map(PortMatch::Every),
        (any::<bool>(), 79..86u16, 0..3u16).prop_map(|(is_udp, first, more)| PortMatch::Range(
            is_udp,
            first,
            first + more
        )),
        Just(PortMatch::Named),
    ]
}

fn rules(fewest: usize) -> impl Strategy<Value = [Vec<Rule>; 2]> {
    let rule = move || {
        (0..3u8, vec(peer(), fewest..3), vec(port(), 0..3)).prop_map(|(action, peers, ports)| {
            Rule {
                action,
                peers,
                ports,
            }
        })
    };
    [vec(rule(), 0..3), vec(rule(), 0..3)]
}

fn policy() -> impl Strategy<Value = Policy> {
    let types = option::of(prop_oneof![
        Just([true, false]),
        Just([false, true]),
        Just([true, true])
    ]);
    (0..2usize, selector(), types, rules(0)).prop_map(|(namespace, subject, types, rules)| Policy {
        namespace,
        subject,
        types,
        rules,
    })
}

fn admin() -> impl Strategy<Value = AdminPolicy> {
    (selector(), selector(), rules(1)).prop_map(|(namespaces, pods, rules)| AdminPolicy {
        namespaces,
        pods,
        rules,
    })
}

pub(crate) fn cluster() -> impl Strategy<Value = Cluster> {
    let pod =
        (0..2usize, labels(), option::of(80..83u16)).prop_map(|(namespace, labels, http)| Pod {
            namespace,
            labels,
            http,
        });
    (
        vec(labels(), 2),
        vec(pod, 1..6),
        vec(policy(), 0..4),
        vec(admin(), 0..3),
        option::of(admin()),
    )
        .prop_map(|(namespaces, pods, policies, admin, baseline)| Cluster {
            namespaces,
            pods,
            policies,
            admin,
            baseline,
        })
}

impl Cluster {
    pub(crate) fn pod_name(&self, index: usize) -> String {
        format!("n{}/p{index}", self.pods[index].namespace)
    }

    /// All objects, with or without the namespaces.
    pub(crate) fn yaml(&self, with_namespaces: bool) -> String {
        let objects = self.objects();
        let is_wanted = |text: &&String| with_namespaces || !text.contains("kind: Namespace\n");
        objects
            .iter()
            .filter(is_wanted)
            .map(String::as_str)
            .collect()
    }

    pub(crate) fn yaml_reversed(&self) -> String {
        self.objects().into_iter().rev().collect()
    }

    fn objects(&self) -> Vec<String> {
        let mut objects = Vec::new();
        for (number, labels) in self.namespaces.iter().enumerate() {
            objects.push(crate::world::namespace(
                &format!("n{number}"),
                &labels_yaml(*labels),
            ));
        }
        for (number, pod) in self.pods.iter().enumerate() {
            let ports = pod
                .http
                .map(|port| format!("{{name: http, containerPort: {port}}}"));
            let text = crate::world::pod(
                &self.pod_name(number),
                &labels_yaml(pod.labels),
                &ports.unwrap_or_default(),
            );
            objects.push(format!("{text}status: {{podIP: 10.0.0.{number}}}\n"));
        }
        for (number, policy) in self.policies.iter().enumerate() {
            objects.push(crate::world::policy(
                &format!("n{}/p{number}", policy.namespace),
                &policy.yaml(),
            ));
        }
        for (number, policy) in self.admin.iter().enumerate() {
            objects.push(policy.yaml("AdminNetworkPolicy", &format!("priority: {number}, ")));
        }
        let baseline = self.baseline.iter();
        objects.extend(baseline.map(|policy| policy.yaml("BaselineAdminNetworkPolicy", "")));
        objects
    }
}

fn labels_yaml(labels: Labels) -> String {
    let pairs = labels.iter().enumerate().filter_map(|(key, value)| {
        let value = (*value)?;
        Some(format!("k{key}: v{value}"))
    });
    pairs.collect::<Vec<_>>().join(", ")
}

fn selector_yaml(selector: &Selector) -> String {
    let values = |values: &[u8]| {
        values
            .iter()
            .map(|value| format!("v{value}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let expressions = selector.iter().map(|term| match term {
        Term::Is(key, value) => format!("{{key: k{key}, operator: In, values: [v{value}]}}"),
        Term::In(key, list) => format!("{{key: k{key}, operator: In, values: [{}]}}", values(list)),
        Term::NotIn(key, list) => format!(
            "{{key: k{key}, operator: NotIn, values: [{}]}}",
            values(list)
        ),
        Term::Exists(key) => format!("{{key: k{key}, operator: Exists}}"),
        Term::Lacks(key) => format!("{{key: k{key}, operator: DoesNotExist}}"),
    });
    match &selector[..] {
        [Term::Is(key, value)] => format!("{{matchLabels: {{k{key}: v{value}}}}}"),
        _ => format!(
            "{{matchExpressions: [{}]}}",
            expressions.collect::<Vec<_>>().join(", ")
        ),
    }
}

impl Policy {
    fn yaml(&self) -> String {
        let mut text = format!("{{podSelector: {}", selector_yaml(&self.subject));
        if let Some([ingress, egress]) = self.types {
            let names = [("Ingress", ingress), ("Egress", egress)];
            let names: Vec<_> = names
                .iter()
                .filter(|(_, is_set)| *is_set)
                .map(|(name, _)| *name)
                .collect();
            text += &format!(", policyTypes: [{}]", names.join(", "));
        }
        for (name, peers, rules) in [
            ("ingress", "from", &self.rules[0]),
            ("egress", "to", &self.rules[1]),
        ] {
            let rules: Vec<_> = rules.iter().map(|rule| rule.yaml(peers)).collect();
            text += &format!(", {name}: [{}]", rules.join(", "));
        }
        text + "}"
    }
}

impl Rule {
    fn yaml(&self, name: &str) -> String {
        let peers = self.peers.iter().map(|peer| match peer {
            Peer::Pods(pods) => format!("{{podSelector: {}}}", selector_yaml(pods)),
            Peer::Namespaces(namespaces) => {
                format!("{{namespaceSelector: {}}}", selector_yaml(namespaces))
            }
            Peer::Both(namespaces, pods) => format!(
                "{{namespaceSelector: {}, podSelector: {}}}",
                selector_yaml(namespaces),
                selector_yaml(pods)
            ),
            Peer::Block(prefix, true) => {
                format!("{{ipBlock: {{cidr: 10.0.0.0/{prefix}, except: [10.0.0.2/31]}}}}")
            }
            Peer::Block(prefix, false) => format!("{{ipBlock: {{cidr: 10.0.0.0/{prefix}}}}}"),
        });
        let ports = self.ports.iter().map(|port| match port {
            PortMatch::Every(is_udp) => format!("{{protocol: {}}}", protocol(*is_udp)),
            PortMatch::Range(false, first, last) if first == last => format!("{{port: {first}}}"),
            PortMatch::Range(is_udp, first, last) => {
                format!(
                    "{{protocol: {}, port: {first}, endPort: {last}}}",
                    protocol(*is_udp)
                )
            }
            PortMatch::Named => "{port: http}".to_owned(),
        });
        let (peers, ports): (Vec<_>, Vec<_>) = (peers.collect(), ports.collect());
        format!(
            "{{{name}: [{}], ports: [{}]}}",
            peers.join(", "),
            ports.join(", ")
        )
    }

    fn admin_yaml(&self, name: &str, is_baseline: bool) -> String {
        let both = |namespaces: &Selector, pods: &Selector| {
            format!(
                "{{pods: {{namespaceSelector: {}, podSelector: {}}}}}",
                selector_yaml(namespaces),
                selector_yaml(pods)
            )
        };
        let peers = self.peers.iter().map(|peer| match peer {
            // There is no own namespace here.
            Peer::Pods(pods) => both(&Vec::new(), pods),
            Peer::Namespaces(namespaces) => {
                format!("{{namespaces: {}}}", selector_yaml(namespaces))
            }
            Peer::Both(namespaces, pods) => both(namespaces, pods),
            Peer::Block(prefix, _) => format!("{{networks: [10.0.0.0/{prefix}]}}"),
        });
        let ports = self.ports.iter().map(|port| match port {
            PortMatch::Every(is_udp) => format!(
                "{{portRange: {{protocol: {}, start: 1, end: 65535}}}}",
                protocol(*is_udp)
            ),
            PortMatch::Range(is_udp, first, last) if first == last => {
                format!(
                    "{{portNumber: {{protocol: {}, port: {first}}}}}",
                    protocol(*is_udp)
                )
            }
            PortMatch::Range(is_udp, first, last) => {
                format!(
                    "{{portRange: {{protocol: {}, start: {first}, end: {last}}}}}",
                    protocol(*is_udp)
                )
            }
            PortMatch::Named => "{namedPort: http}".to_owned(),
        });
        let action = if is_baseline {
            ["Allow", "Deny", "Deny"]
        } else {
            ["Allow", "Deny", "Pass"]
        };
        let action = action[usize::from(self.action)];
        let (peers, ports): (Vec<_>, Vec<_>) = (peers.collect(), ports.collect());
        format!(
            "{{action: {action}, {name}: [{}], ports: [{}]}}",
            peers.join(", "),
            ports.join(", ")
        )
    }
}

impl AdminPolicy {
    fn yaml(&self, kind: &str, before: &str) -> String {
        let is_baseline = kind.starts_with("Baseline");
        let rules = |name, peers, rules: &[Rule]| {
            let rules: Vec<_> = rules
                .iter()
                .map(|rule| rule.admin_yaml(peers, is_baseline))
                .collect();
            format!("{name}: [{}]", rules.join(", "))
        };
        format!(
            "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: {kind}\nmetadata: {{name: default}}\n\
             spec: {{{before}subject: {{pods: {{namespaceSelector: {}, podSelector: {}}}}}, {}, {}}}\n",
            selector_yaml(&self.namespaces),
            selector_yaml(&self.pods),
            rules("ingress", "from", &self.rules[0]),
            rules("egress", "to", &self.rules[1]),
        )
    }
}

fn protocol(is_udp: bool) -> &'static str {
    if is_udp { "UDP" } else { "TCP" }
}
