//! What is told of a change by a look at what it touches is what a scan of everything finds: for all controls that do not ask what
//! somebody could become, over the test files of all controls, put together at random, changed at random.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use catalog::{Builder, Catalog, ControlTexts};
use document::{Limits, Source, parse_yaml};
use engine::{AtOnce, Engine, Evaluation, Near, NearOptions, Selection, Settings, Survey, Worlds};
use model::{FieldKeys, Inventory, Profile, RelatedObject, Resource, recognise};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use proptest::{prop_assert, prop_assert_eq};

use common::folders;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    let mut builder = Builder::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    for folder in folders(&root).iter().flat_map(|group| folders(group)) {
        let name = folder.strip_prefix(root.parent().unwrap()).unwrap();
        let text = fs_err::read_to_string(folder.join("control.yaml")).unwrap();
        add(
            &mut builder,
            name.join("control.yaml").to_str().unwrap(),
            text,
        );
    }
    for (number, rest) in QUESTIONS.iter().enumerate() {
        let text = format!(
            "id: asks-{number}\ntitle: T\nseverity: low\nprofile: all\ntags: [x]\nwhy: W\nremediation: R\nreferences: [r]\n{rest}\n"
        );
        add(
            &mut builder,
            &format!("controls/x/asks-{number}/control.yaml"),
            text,
        );
    }
    let (bytes, diagnostics) = builder.finish();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let catalog = Catalog::from_bytes(bytes).unwrap();
    Engine::new(&catalog, &selection, &Settings::default()).unwrap()
});

fn add(builder: &mut Builder, name: &str, text: String) {
    builder.control(&ControlTexts {
        control: Source::new(name, text),
        fail_yaml: None,
        pass_yaml: None,
        fail_dockerfile: None,
        pass_dockerfile: None,
    });
}

/// Controls that ask what no control of the library asks, or not so, and say the answer.
const QUESTIONS: &[&str] = &[
    "for: pod\nfail: 'true'\nmessage: '{{ pod.services().size() }} {{ pod.exposure().level }} {{ pod.exposure().resources.size() }}'\nrelated: [{ role: s, of: pod.services() }, { role: e, of: pod.exposure().resources }]",
    "for: pod\nfail: 'true'\nmessage: m\nrelated: [{ role: p, of: \"pod.networkPolicies('any')\" }, { role: b, of: pod.disruptionBudgets() }]",
    "for: pod\nfail: \"pod.isIsolated('ingress') || pod.canReach('10.0.0.1', 80)\"\nmessage: m",
    "for: pod\nfail: \"pod.can('get', 'secrets')\"\nmessage: m\nrelated: [{ role: b, of: pod.subject().bindings() }, { role: r, of: pod.subject().roles() }]",
    "for: service\nfail: 'true'\nmessage: '{{ self.exposure().level }}'\nrelated: [{ role: p, of: self.workloads() }, { role: e, of: self.exposure().resources }]",
    "for: namespace\nfail: 'self.pods().size() > 1'\nmessage: '{{ self.pods().size() }}'\nrelated: [{ role: p, of: \"self.networkPolicies('ingress')\" }]",
    "for: service-account\nfail: 'true'\nmessage: '{{ self.subject().pods().size() }}'\nrelated: [{ role: u, of: self.users() }]",
    "for: binding\nfail: 'true'\nmessage: '{{ self.subjects().size() }} {{ self.isDangling() }}'",
    "for: resource\nkinds: [Role, ClusterRole]\nfail: 'true'\nmessage: '{{ self.rules().size() }} {{ self.subjects().size() }}'\nrelated: [{ role: b, of: self.bindings() }]",
    "for: resource\nkinds: [NetworkPolicy]\nfail: 'self.pods().size() > 0'\nmessage: '{{ self.pods().size() }} {{ self.peers().exists(peer, self.meansPods(peer)) }}'",
    "for: subject\nfail: \"self.canAnywhere('get', 'secrets')\"\nmessage: '{{ self.permissions().size() }}'\nrelated: [{ role: v, of: \"self.via('get', 'secrets')\" }]",
];

/// Objects that these questions are about, whatever control they come with.
const OBJECTS: &str = "\
apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { team: x } }\n---\n\
apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { team: y } }\n---\n\
apiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n---\n\
apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: a, labels: { app: w } }\nspec: { serviceAccountName: s, containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }\n---\n\
apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: a, labels: { app: v } }\nspec: { containers: [{ name: c, image: i }] }\n---\n\
apiVersion: v1\nkind: Pod\nmetadata: { name: q, namespace: a }\nspec: { serviceAccountName: s, hostNetwork: true, containers: [{ name: c, image: i }] }\n---\n\
apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: a }\nspec: { template: { metadata: { labels: { app: w } }, spec: { containers: [{ name: c, image: i }] } } }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: w, namespace: a, labels: { of: w } }\nspec: { selector: { app: w }, ports: [{ port: 80 }] }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: w, namespace: a }\nspec: { type: NodePort, selector: { app: v, tier: x }, ports: [{ port: 80 }] }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: h, namespace: a }\nspec: { selector: { pod-template-hash: '1' }, ports: [{ port: 80 }] }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: none, namespace: a }\nspec: { ports: [{ port: 80 }] }\n---\n\
apiVersion: v1\nkind: Endpoints\nmetadata: { name: none, namespace: a }\nsubsets: [{ addresses: [{ ip: 10.0.0.1, targetRef: { kind: Pod, name: p, namespace: a } }] }]\n---\n\
apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: none-1, namespace: a, labels: { kubernetes.io/service-name: none } }\nendpoints: [{ addresses: [10.0.0.1], targetRef: { kind: Pod, name: q } }]\n---\n\
apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: a }\nspec: { defaultBackend: { service: { name: w, port: { number: 80 } } } }\n---\n\
apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: a }\nspec: { defaultBackend: { service: { name: none, port: { number: 80 } } } }\n---\n\
apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: b }\nspec: { gatewayClassName: x, listeners: [{ name: l, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { team: x } } } } }] }\n---\n\
apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: a }\nspec: { parentRefs: [{ name: g, namespace: b }], rules: [{ backendRefs: [{ name: w, port: 80 }] }] }\n---\n\
apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: b }\nspec: { parentRefs: [{ name: g }], rules: [{ backendRefs: [{ name: w, namespace: a, port: 80 }] }] }\n---\n\
apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: { name: t, namespace: a }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: b }], to: [{ group: '', kind: Service }] }\n---\n\
apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: b }\nspec: { selector: { istio: gate }, servers: [{ port: { number: 80 }, hosts: ['*'] }] }\n---\n\
apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: a }\nspec: { hosts: ['*'], gateways: [b/g], http: [{ route: [{ destination: { host: w } }] }] }\n---\n\
apiVersion: v1\nkind: Pod\nmetadata: { name: gate, namespace: b, labels: { istio: gate, app: gate } }\nspec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: gate, namespace: b }\nspec: { type: LoadBalancer, selector: { app: gate }, ports: [{ port: 80 }] }\n---\n\
apiVersion: v1\nkind: Service\nmetadata: { name: gate, namespace: b }\nspec: { selector: { istio: gate }, ports: [{ port: 80 }] }\n---\n\
apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: np, namespace: a }\nspec: { podSelector: { matchLabels: { app: w } }, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: x } } }] }] }\n---\n\
apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: np, namespace: a }\nspec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: v } } }, { namespaceSelector: {}, podSelector: { matchLabels: { istio: gate } } }] }] }\n---\n\
apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: { name: z }\nspec: { priority: 1, subject: { namespaces: { matchLabels: { team: x } } }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n---\n\
apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: u, namespace: a }\nspec: { minAvailable: 1, selector: { matchLabels: { app: w } } }\n---\n\
apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: s, namespace: a }\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: k, namespace: a }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: o }\nsubjects: [{ kind: ServiceAccount, name: s, namespace: a }]\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: k }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: o }\nsubjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:serviceaccounts:a' }]\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: l }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }\nsubjects: [{ kind: ServiceAccount, name: s, namespace: a }]\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: o, namespace: a }\nrules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: o, namespace: a }\nrules: [{ apiGroups: [''], resources: [pods], verbs: [get] }]\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: o }\naggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: o } }] }\nrules: []\n---\n\
apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: m, labels: { to: o, rbac.authorization.k8s.io/aggregate-to-view: 'true' } }\nrules: [{ apiGroups: [''], resources: [secrets], verbs: [get, list] }]\n";

/// The objects in the test files of each control that looks further than at one object.
static POOL: LazyLock<Vec<Vec<Resource>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    let at_once = AtOnce::new(&ENGINE, std::iter::empty());
    let ids = (0..).zip(ENGINE.headers());
    let further = ids.filter(|(number, _)| !at_once.has(*number));
    let further: BTreeSet<&str> = further.map(|(_, header)| &*header.id).collect();
    let mut pool = Vec::new();
    for folder in folders(&root).iter().flat_map(|group| folders(group)) {
        if !further.contains(folder.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        let texts = ["fail.yaml", "pass.yaml"].map(|name| folder.join(name));
        let texts = texts
            .iter()
            .filter_map(|path| fs_err::read_to_string(path).ok());
        let resources: Vec<Resource> = texts.flat_map(|text| read(&text)).collect();
        pool.push(resources);
    }
    pool.retain(|resources| !resources.is_empty());
    // Each time it is drawn there is more for it to meet.
    pool.extend(std::iter::repeat_n(read(OBJECTS), pool.len()));
    assert!(pool.len() > 100, "{}", pool.len());
    pool
});

/// The objects of a text, each as a document of its own that is called as the object is.
fn read(text: &str) -> Vec<Resource> {
    let parts = text.split("\n---");
    let parts = parts.flat_map(|part| resources("x", part).into_iter().map(move |one| (one, part)));
    let alone = parts.filter(|(_, part)| resources("x", part).len() == 1);
    alone
        .flat_map(|(one, part)| resources(&name_of(&one), part))
        .collect()
}

fn resources(name: &str, text: &str) -> Vec<Resource> {
    let read = parse_yaml(Source::new(name, text), ENGINE.keys(), &Limits::default());
    let document = Arc::new(read.document);
    let fields = FieldKeys::new(ENGINE.keys());
    let roots = document.roots();
    roots
        .flat_map(|root| recognise(&document, root, &fields).resources)
        .collect()
}

/// What an object is called in a cluster: there is one of a name.
fn name_of(resource: &Resource) -> String {
    let namespace = resource.namespace.as_deref().unwrap_or("default");
    let (group, kind, name) = (resource.group(), &resource.kind, &resource.name);
    format!("{group}/{kind}/{namespace}/{name}")
}

type Objects = BTreeMap<String, Resource>;

/// What is said of each object, in order.
type Found = BTreeMap<String, Vec<String>>;

fn inventory(objects: &Objects) -> Arc<Inventory> {
    Arc::new(Inventory {
        is_complete: true,
        ..Inventory::new(objects.values().cloned().collect())
    })
}

fn found(
    inventory: &Inventory,
    evaluation: &Evaluation,
    survey: &Survey<'_>,
    near: &Near,
) -> Found {
    let pairs = evaluation.findings.iter().zip(&evaluation.anchors);
    let pairs: Vec<_> = pairs.map(|(finding, anchor)| (*finding, *anchor)).collect();
    let details = ENGINE.describe(survey, &pairs);
    let ids: Vec<&str> = ENGINE.headers().map(|header| &*header.id).collect();
    let mut found = Found::new();
    for ((finding, anchor), detail) in pairs.iter().zip(details) {
        if !near.has(finding.control) {
            continue;
        }
        let related = detail.related.iter().map(|related| match &related.object {
            RelatedObject::Resource(at) => name_of(&inventory.resources[*at]),
            RelatedObject::Subject { kind, name, .. } => format!("{kind} {name}"),
        });
        let related: Vec<String> = related.collect();
        let told = format!(
            "{} {} {anchor:?} {} {related:?} {:?}",
            ids[finding.control as usize],
            finding.node.index(),
            detail.message,
            detail.fixes
        );
        let name = name_of(&inventory.resources[finding.resource as usize]);
        found.entry(name).or_default().push(told);
    }
    found
}

/// What is followed.
struct Followed {
    objects: Objects,
    at_once: AtOnce,
    near: Near,
    known: Found,
    /// Objects that were looked at for the last change.
    looked_at: usize,
}

impl Followed {
    /// A first look at everything.
    fn new(objects: Objects, most: usize) -> Self {
        let all = inventory(&objects);
        let named = || objects.iter().map(|(name, one)| (&**name, one));
        let at_once = AtOnce::new(&ENGINE, named());
        let mut near = Near::new(
            &ENGINE,
            named(),
            NearOptions {
                most,
                ..NearOptions::default()
            },
        );
        let worlds = Worlds::new(&all);
        let mut survey = ENGINE.survey(&worlds);
        survey.start_noting();
        let evaluation = ENGINE.evaluate_owners(&survey);
        let known = found(&all, &evaluation, &survey, &near);
        near.learn(&survey);
        Followed {
            objects,
            at_once,
            near,
            known,
            looked_at: 0,
        }
    }

    fn change(&mut self, next: Objects, names: &BTreeSet<String>) {
        let mut chosen = self.near.affected(names);
        chosen.append(&mut self.at_once.around(&chosen));
        for name in names {
            self.at_once.set(name, next.get(name));
            self.near.set(&ENGINE, name, next.get(name));
        }
        self.objects = next;
        chosen.append(&mut self.near.affected(names));
        chosen.append(&mut self.at_once.around(&chosen));

        let part = self.near.around(&ENGINE, &chosen, &self.at_once);
        let worlds = Worlds::new(part.inventory());
        let survey = part.survey(&ENGINE, &worlds);
        let evaluation = self.near.evaluate(&ENGINE, &survey);
        let mut told = found(part.inventory(), &evaluation, &survey, &self.near);
        for name in &chosen - part.late() {
            self.known.remove(&name);
            self.known.extend(told.remove_entry(&name));
        }
        assert!(told.is_empty(), "findings of what was not chosen");
        self.look_late(part.late());
        self.looked_at = chosen.len();
    }

    /// At what looks at very many others.
    fn look_late(&mut self, late: &BTreeSet<String>) {
        let all = inventory(&self.objects);
        let worlds = Worlds::new(&all);
        let mut survey = ENGINE.survey(&worlds);
        survey.choose_named(late);
        survey.start_noting();
        let evaluation = ENGINE.evaluate_owners(&survey);
        let mut told = found(&all, &evaluation, &survey, &self.near);
        for name in late {
            self.known.remove(name);
            self.known.extend(told.remove_entry(name));
        }
        assert!(told.is_empty(), "findings of what was not chosen");
        self.near.learn(&survey);
    }

    /// What is told otherwise than a scan of everything would.
    fn wrong(&self) -> Vec<String> {
        let scanned = self.scanned();
        let mut wrong = Vec::new();
        for name in self.known.keys().chain(scanned.keys()) {
            let (known, scanned) = (self.known.get(name), scanned.get(name));
            if known != scanned {
                let lines = |found: Option<&Vec<String>>| found.cloned().unwrap_or_default();
                let (known, scanned) = (lines(known), lines(scanned));
                let only = |some: &[String], others: &[String]| {
                    let some = some.iter().filter(|one| !others.contains(one));
                    some.cloned().collect::<Vec<_>>()
                };
                wrong.push(format!(
                    "{name}: told {:?}, is {:?}",
                    only(&known, &scanned),
                    only(&scanned, &known)
                ));
            }
        }
        wrong
    }

    /// What a scan of everything says.
    fn scanned(&self) -> Found {
        let all = inventory(&self.objects);
        let worlds = Worlds::new(&all);
        let survey = ENGINE.survey(&worlds);
        let evaluation = ENGINE.evaluate_owners(&survey);
        found(&all, &evaluation, &survey, &self.near)
    }
}

/// Which control's test files, which object there, and whether it goes.
type Change = (Index, Index, bool);

fn changes() -> impl Strategy<Value = (usize, Vec<Index>, Vec<Index>, Vec<Vec<Change>>)> {
    let change = (
        any::<Index>(),
        any::<Index>(),
        proptest::bool::weighted(0.3),
    );
    (
        prop_oneof![3 => Just(500), 1 => 0..20usize],
        vec(any::<Index>(), 2..6),
        vec(any::<Index>(), 0..40),
        vec(vec(change, 1..4), 1..8),
    )
}

#[test]
fn few_controls_need_a_look_at_everything() {
    let near = Near::new(&ENGINE, std::iter::empty(), NearOptions::default());
    let far: Vec<&str> = (0..)
        .zip(ENGINE.headers())
        .filter(|(number, _)| !near.has(*number))
        .map(|(_, header)| &*header.id)
        .collect();
    assert!(far.contains(&"subject-cluster-takeover"), "{far:?}");
    assert!(far.len() <= 8, "{far:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn looks_at_what_changes_touch_add_up_to_a_scan((most, controls, first, batches) in changes()) {
        let controls: Vec<&Vec<Resource>> = controls.iter().map(|index| index.get(&POOL)).collect();
        let pool: Vec<&Resource> = controls.into_iter().flatten().collect();
        let first = first.iter().map(|index| *index.get(&pool));
        let objects: Objects = first.map(|one| (name_of(one), one.clone())).collect();
        let mut followed = Followed::new(objects, most);
        prop_assert_eq!(followed.wrong(), [] as [String; 0]);
        for batch in batches {
            let mut next = followed.objects.clone();
            let mut names = BTreeSet::new();
            for (which, there, goes) in batch {
                if goes && !next.is_empty() {
                    let known: Vec<String> = next.keys().cloned().collect();
                    let name = there.get(&known);
                    next.remove(name);
                    names.insert(name.clone());
                } else {
                    let one = *which.get(&pool);
                    next.insert(name_of(one), one.clone());
                    names.insert(name_of(one));
                }
            }
            followed.change(next, &names);
            prop_assert!(followed.looked_at > 0);
            prop_assert_eq!(followed.wrong(), [] as [String; 0]);
        }
    }
}
