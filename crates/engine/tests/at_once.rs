//! What is told of changed objects alone adds up to what a scan of all of them finds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use document::{Limits, Source, parse_yaml};
use engine::{AtOnce, Engine, Evaluation, Selection, Settings, Worlds, embedded_catalog};
use model::{FieldKeys, Inventory, Profile, Resource, recognise};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    let catalog = embedded_catalog().unwrap();
    Engine::new(&catalog, &selection, &Settings::default()).unwrap()
});

/// Objects that may own each other, whatever makes sense.
const OBJECTS: [(&str, &str, &str); 10] = [
    ("apps/v1", "Deployment", "d0"),
    ("apps/v1", "Deployment", "d1"),
    ("apps/v1", "ReplicaSet", "r0"),
    ("apps/v1", "ReplicaSet", "r1"),
    ("batch/v1", "Job", "j0"),
    ("v1", "Pod", "p0"),
    ("v1", "Pod", "p1"),
    ("v1", "Pod", "p2"),
    ("v1", "Node", "n0"),
    ("rbac.authorization.k8s.io/v1", "Role", "s0"),
];

#[derive(Clone, Debug)]
struct Change {
    object: usize,
    /// Nothing: it is gone.
    is: Option<Is>,
}

#[derive(Clone, Debug)]
struct Is {
    owner: Option<usize>,
    privileged: [bool; 2],
    image: &'static str,
    host_network: bool,
    replicas: Option<u8>,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let image = prop_oneof![Just("nginx"), Just("nginx:1.27"), Just("nginx:latest")];
    let owner = prop_oneof![Just(None), (0..OBJECTS.len()).prop_map(Some)];
    let replicas = prop_oneof![Just(None), (0..2u8).prop_map(Some)];
    let is = (owner, any::<[bool; 2]>(), image, any::<bool>(), replicas);
    let is = is.prop_map(|(owner, privileged, image, host_network, replicas)| Is {
        owner,
        privileged,
        image,
        host_network,
        replicas,
    });
    let is = prop_oneof![1 => Just(None), 4 => is.prop_map(Some)];
    let change = (0..OBJECTS.len(), is).prop_map(|(object, is)| Change { object, is });
    vec(change, 1..4)
}

fn resource(object: usize, is: &Is) -> Resource {
    let (api_version, kind, name) = OBJECTS[object];
    let owner = is.owner.map_or(String::new(), |owner| {
        let (_, kind, name) = OBJECTS[owner];
        format!(
            ", ownerReferences: [{{controller: true, kind: {kind}, name: {name}, uid: u-{name}}}]"
        )
    });
    let containers: Vec<String> = ["a", "b"]
        .iter()
        .zip(is.privileged)
        .map(|(name, privileged)| {
            format!(
                "{{name: {name}, image: '{}', securityContext: {{privileged: {privileged}}}}}",
                is.image
            )
        })
        .collect();
    let pod = format!(
        "{{hostNetwork: {}, containers: [{}]}}",
        is.host_network,
        containers.join(", ")
    );
    let replicas = is
        .replicas
        .map_or(String::new(), |replicas| format!("replicas: {replicas}, "));
    let rest = match kind {
        "Pod" => format!("spec: {pod}"),
        "Node" => "spec: {}".to_owned(),
        "Role" => format!(
            "rules: [{{apiGroups: [''], resources: ['{}'], verbs: [get]}}]",
            if is.host_network { "secrets" } else { "*" }
        ),
        _ => format!("spec: {{{replicas}template: {{spec: {pod}}}}}"),
    };
    let text = format!(
        "apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}, uid: u-{name}{owner}}}\n{rest}\n"
    );
    let read = parse_yaml(Source::new(name, text), ENGINE.keys(), &Limits::default());
    assert_eq!(read.errors, []);
    let document = Arc::new(read.document);
    let fields = FieldKeys::new(ENGINE.keys());
    let root = document.root(0).unwrap();
    recognise(&document, root, &fields).resources.remove(0)
}

fn inventory<'r>(resources: impl Iterator<Item = &'r Resource>) -> Arc<Inventory> {
    Arc::new(Inventory {
        is_complete: true,
        ..Inventory::new(resources.cloned().collect())
    })
}

/// Control and node of the findings of each object.
type Found = BTreeMap<String, BTreeSet<(u32, u32)>>;

fn found(inventory: &Inventory, evaluation: &Evaluation, at_once: &AtOnce) -> Found {
    let mut found = Found::new();
    for finding in &evaluation.findings {
        if at_once.has(finding.control) {
            let name = &inventory.resources[finding.resource as usize].name;
            let of_object = found.entry(name.to_string()).or_default();
            of_object.insert((finding.control, finding.node.index()));
        }
    }
    found
}

#[test]
fn most_controls_can_be_told_at_once() {
    let at_once = AtOnce::new(&ENGINE, std::iter::empty());
    let count = ENGINE.headers().len() as u32;
    let told = (0..count).filter(|&control| at_once.has(control)).count();
    assert!(told as u32 * 2 > count, "{told} of {count}");
    let has = |id: &str| {
        let position = ENGINE.headers().position(|header| header.id == id);
        at_once.has(position.unwrap() as u32)
    };
    assert!(has("privileged-container") && has("host-network") && has("role-reads-secrets"));
    assert!(!has("env-reference-dangling") && !has("subject-cluster-takeover"));
    assert!(!has("metrics-server-missing"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_told_at_once_adds_up_to_a_scan(batches in vec(changes(), 1..12)) {
        let mut objects: BTreeMap<String, Resource> = BTreeMap::new();
        let mut at_once = AtOnce::new(&ENGINE, std::iter::empty());
        let mut known = Found::new();
        let mut most = 0;
        for batch in batches {
            let mut names = BTreeSet::new();
            let mut next = objects.clone();
            for change in batch {
                let name = OBJECTS[change.object].2.to_owned();
                match &change.is {
                    Some(is) => {
                        next.insert(name.clone(), resource(change.object, is));
                    }
                    None => {
                        next.remove(&name);
                    }
                }
                names.insert(name);
            }
            let mut around = at_once.around(&names);
            for name in &names {
                at_once.set(name, next.get(name));
            }
            around.append(&mut at_once.around(&names));
            objects = next;
            most = most.max(around.len());

            let part = inventory(around.iter().filter_map(|name| objects.get(name)));
            let worlds = Worlds::new(&part);
            let survey = ENGINE.survey(&worlds);
            let mut told = found(&part, &at_once.evaluate(&ENGINE, &survey), &at_once);
            for name in &around {
                known.remove(name);
                known.extend(told.remove_entry(name));
            }
            prop_assert!(told.is_empty());

            let whole = inventory(objects.values());
            let worlds = Worlds::new(&whole);
            let survey = ENGINE.survey(&worlds);
            let all = found(&whole, &ENGINE.evaluate_owners(&survey), &at_once);
            prop_assert_eq!(&known, &all);
        }
        prop_assert!(most > 0);
    }
}
