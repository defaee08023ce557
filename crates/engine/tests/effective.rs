//! The native `effective.*` values are what their CEL definitions say, on random pods.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::sync::Arc;

use catalog::{Builder, Catalog, ControlTexts};
use document::{Keys, Limits, Source, parse_yaml};
use engine::{Engine, Selection, Settings};
use model::{Inventory, KubernetesVersion, Profile, recognise};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

const DEFINITIONS: &str = include_str!("../data/effective.yaml");

/// One control for each member of some scopes, which fails where the native value is not the defined one.
fn catalog(has: fn(&str) -> bool) -> Catalog {
    let source = Source::new("effective.yaml", DEFINITIONS);
    let parsed = parse_yaml(source, &Arc::new(Keys::new([])), &Limits::default());
    let root = parsed.document.roots().next().unwrap();
    let mut builder = Builder::default();
    let mut count = 0;
    for scope in root.entries().filter(|scope| has(scope.name())) {
        for member in scope.value.entries() {
            count += 1;
            let (scope, name) = (scope.name(), member.name());
            let definition = member.value.as_str().unwrap();
            let id = format!("m{count}");
            let member = if scope == "image" {
                "self"
            } else {
                "self.effective"
            };
            let text = format!(
                "id: {id}\ntitle: T\nseverity: low\nprofile: default\ntags: [x]\nwhy: W\nremediation: R\n\
                 for: {scope}\nfail: >-\n  {member}.{name} != ({definition})\n\
                 message: \"{scope} {name}: {{{{ {member}.{name} }}}}\"\nreferences: [r]\n"
            );
            builder.control(&ControlTexts {
                control: Source::new(format!("{id}/control.yaml"), text),
                fail_yaml: None,
                pass_yaml: None,
                fail_dockerfile: None,
                pass_dockerfile: None,
            });
        }
    }
    let (bytes, diagnostics) = builder.finish();
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(texts, Vec::<String>::new());
    Catalog::from_bytes(bytes).unwrap()
}

fn engine(minor: u32, has: fn(&str) -> bool) -> Engine {
    let selection = Selection {
        profile: Profile::All,
        ..Selection::default()
    };
    let settings = Settings {
        kubernetes_version: KubernetesVersion { minor },
        ..Settings::default()
    };
    Engine::new(&catalog(has), &selection, &settings).unwrap()
}

/// What differs, as messages.
fn differences(engine: &Engine, text: &str) -> Vec<String> {
    let parsed = parse_yaml(
        Source::new("pod.yaml", text),
        engine.keys(),
        &Limits::default(),
    );
    assert!(parsed.errors.is_empty(), "{:?}\n{text}", parsed.errors);
    let document = Arc::new(parsed.document);
    let fields = engine.views().fields();
    let found = document
        .roots()
        .map(|root| recognise(&document, root, fields).resources);
    let inventory = Inventory::new(found.flatten().collect());
    let relations = engine.relations(&inventory);
    let evaluation = engine.evaluate(&relations);
    let mut texts: Vec<_> = evaluation
        .problems
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    let findings = evaluation.findings.iter().copied();
    let findings: Vec<_> = findings.zip(evaluation.anchors.iter().copied()).collect();
    let details = engine.details(&relations, &findings);
    texts.extend(details.into_iter().map(|detail| detail.message));
    let counted: usize = evaluation.counts.iter().map(|counts| counts.passed).sum();
    assert!(counted > 0 || !texts.is_empty(), "nothing was compared");
    texts
}

/// `key: value` or nothing.
fn field(key: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::option::weighted(0.5, prop::sample::select(values))
        .prop_map(move |value| value.map_or_else(String::new, |value| format!("{key}: {value}, ")))
}

/// `key: { fields }` or nothing.
fn map<S: Strategy<Value = String>>(
    key: &'static str,
    fields: Vec<S>,
) -> impl Strategy<Value = String> {
    prop::option::weighted(0.7, fields).prop_map(move |fields| {
        fields.map_or_else(String::new, |fields| {
            format!("{key}: {{ {} }}, ", fields.concat())
        })
    })
}

const BOOL: &[&str] = &["true", "false"];
const IDS: &[&str] = &["0", "1000"];
const PROFILES: &[&str] = &["RuntimeDefault", "Unconfined", "Localhost", "\"\""];
const AMOUNTS: &[&str] = &["1", "200m", "\"1Gi\""];
const ANNOTATIONS: &[&str] = &[
    "runtime/default",
    "docker/default",
    "unconfined",
    "localhost/x",
    "odd",
];

fn security_context() -> impl Strategy<Value = String> {
    let fields = vec![
        field("privileged", BOOL).boxed(),
        field("allowPrivilegeEscalation", BOOL).boxed(),
        field("readOnlyRootFilesystem", BOOL).boxed(),
        field("runAsNonRoot", BOOL).boxed(),
        field("runAsUser", IDS).boxed(),
        field("runAsGroup", IDS).boxed(),
        field("fsGroup", IDS).boxed(),
        field("procMount", &["Default", "Unmasked"]).boxed(),
        map("seccompProfile", vec![field("type", PROFILES)]).boxed(),
        map("appArmorProfile", vec![field("type", PROFILES)]).boxed(),
        map("windowsOptions", vec![field("hostProcess", BOOL)]).boxed(),
        map(
            "capabilities",
            vec![
                field("add", &["[]", "[NET_RAW]"]),
                field("drop", &["[ALL]", "[]"]),
            ],
        )
        .boxed(),
    ];
    map("securityContext", fields)
}

fn container() -> impl Strategy<Value = String> {
    let images = &[
        "nginx",
        "nginx:1.27",
        "nginx:latest",
        "r.example:5000/a/b",
        "r.example:5000/a/b:latest",
        "a/b:1@sha256:4d3e1c5b4d3e1c5b4d3e1c5b4d3e1c5b4d3e1c5b4d3e1c5b4d3e1c5b4d3e1c5b",
    ];
    let amounts = || vec![field("cpu", AMOUNTS), field("memory", AMOUNTS)];
    let resources = vec![
        map("requests", amounts()).boxed(),
        map("limits", amounts()).boxed(),
    ];
    (
        field("image", images),
        field("imagePullPolicy", &["Always", "Never", "\"\""]),
        map("resources", resources),
        security_context(),
    )
        .prop_map(|(image, policy, resources, context)| {
            format!("{{ name: web, {image}{policy}{resources}{context} }}")
        })
}

fn annotations() -> impl Strategy<Value = String> {
    let annotation = |key: &'static str| field(key, ANNOTATIONS);
    map(
        "annotations",
        vec![
            annotation("container.seccomp.security.alpha.kubernetes.io/web"),
            annotation("seccomp.security.alpha.kubernetes.io/pod"),
            annotation("container.apparmor.security.beta.kubernetes.io/web"),
        ],
    )
}

fn pod_fields() -> impl Strategy<Value = String> {
    let fields = vec![
        field("hostNetwork", BOOL).boxed(),
        field("hostPID", BOOL).boxed(),
        field("hostIPC", BOOL).boxed(),
        field("hostUsers", BOOL).boxed(),
        field("shareProcessNamespace", BOOL).boxed(),
        field("serviceAccountName", &["a", "\"\""]).boxed(),
        field("serviceAccount", &["b", "\"\""]).boxed(),
        field("automountServiceAccountToken", BOOL).boxed(),
        field("restartPolicy", &["Never", "\"\""]).boxed(),
        field("dnsPolicy", &["Default", "\"\""]).boxed(),
        field("enableServiceLinks", BOOL).boxed(),
        field("terminationGracePeriodSeconds", &["0", "60"]).boxed(),
        map("os", vec![field("name", &["windows", "linux", "\"\""])]).boxed(),
        security_context().boxed(),
    ];
    fields.prop_map(|fields| fields.concat())
}

fn manifest() -> impl Strategy<Value = String> {
    (any::<bool>(), annotations(), pod_fields(), container()).prop_map(
        |(is_pod, annotations, fields, container)| {
            let metadata = format!("metadata: {{ name: a, {annotations}}}");
            let spec = format!("spec: {{ {fields}containers: [{container}] }}");
            let mut text = String::new();
            let written = if is_pod {
                write!(text, "{{ apiVersion: v1, kind: Pod, {metadata}, {spec} }}")
            } else {
                write!(
                    text,
                    "{{ apiVersion: apps/v1, kind: Deployment, metadata: {{ name: b }}, \
                     spec: {{ template: {{ {metadata}, {spec} }} }} }}"
                )
            };
            written.unwrap();
            text
        },
    )
}

/// References, and texts that are none: parts that mean something, in any order.
fn reference() -> impl Strategy<Value = String> {
    let part = prop::sample::select(&[
        "nginx",
        "a",
        "B",
        "docker.io",
        "index.docker.io",
        "localhost",
        "r.example",
        "5000",
        "latest",
        "sha256:00",
        "ü漢",
        "/",
        "/",
        ":",
        ":",
        "@",
        ".",
        "",
    ]);
    prop::collection::vec(part, 1..9)
        .prop_map(|parts| parts.concat())
        .prop_filter("an empty image is none", |text| !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn images_are_taken_apart_as_defined(reference in reference()) {
        let text = format!(
            "{{ apiVersion: v1, kind: Pod, metadata: {{ name: a }}, spec: {{ containers: [{{ name: c, image: \"{reference}\" }}] }} }}"
        );
        let found = differences(&IMAGES, &text);
        assert_eq!(found, Vec::<String>::new(), "{reference}");
    }
}

static IMAGES: std::sync::LazyLock<Engine> =
    std::sync::LazyLock::new(|| engine(37, |scope| scope == "image"));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn native_values_are_the_defined_ones(
        text in manifest(),
        minor in prop_oneof![Just(24_u32), Just(27), Just(30), Just(37)],
    ) {
        let found = differences(&ENGINES[&minor], &text);
        assert_eq!(found, Vec::<String>::new(), "1.{minor}\n{text}");
    }
}

static ENGINES: std::sync::LazyLock<std::collections::BTreeMap<u32, Engine>> =
    std::sync::LazyLock::new(|| {
        [24, 27, 30, 37]
            .map(|minor| (minor, engine(minor, |scope| scope != "image")))
            .into()
    });
