//! What controls over manifests come to: counts, places, selections, parameters, problems.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use catalog::{Builder, Catalog, ControlTexts, ParamValue};
use document::{Limits, Source, parse_yaml};
use engine::funnel::{Patterns, Selector};
use engine::{Engine, Evaluation, ParamOverride, Selection, Settings, location_of};
use model::{Inventory, KubernetesVersion, Profile, recognise};

const HEAD: &str =
    "title: T\nseverity: low\nprofile: default\nwhy: W\nremediation: R\nreferences: [r]\n";

/// Controls from their ids and what differs.
fn catalog(controls: &[(&str, &str)]) -> Catalog {
    let mut builder = Builder::default();
    for (id, text) in controls {
        let tags = if text.contains("tags:") {
            ""
        } else {
            "tags: [x]\n"
        };
        let text = format!("id: {id}\n{HEAD}{tags}{text}\n");
        builder.control(&ControlTexts {
            control: Source::new(format!("controls/g/{id}/control.yaml"), text),
            fail_yaml: None,
            pass_yaml: None,
            fail_dockerfile: None,
            pass_dockerfile: None,
        });
    }
    let (bytes, diagnostics) = builder.finish();
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(texts, Vec::<String>::new());
    Catalog::from_bytes(bytes).unwrap()
}

fn all() -> Selection {
    Selection {
        profile: Profile::All,
        ..Selection::default()
    }
}

fn inventory(engine: &Engine, text: &str) -> Inventory {
    let parsed = parse_yaml(
        Source::new("a.yaml", text),
        engine.keys(),
        &Limits::default(),
    );
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let document = Arc::new(parsed.document);
    let fields = engine.views().fields();
    let found = document
        .roots()
        .map(|root| recognise(&document, root, fields).resources);
    Inventory::new(found.flatten().collect())
}

/// Findings as `control line:column`, counts as `passed failed unknown`, and problems.
fn outcome(engine: &Engine, text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let inventory = inventory(engine, text);
    let evaluation = engine.evaluate(&engine.relations(&inventory));
    let ids: Vec<_> = engine.headers().map(|header| header.id.as_str()).collect();
    let place = |finding: &engine::funnel::RawFinding| {
        let resource = &inventory.resources[finding.resource as usize];
        let start = location_of(resource, finding.node).start();
        format!(
            "{} {}:{}",
            ids[finding.control as usize], start.line, start.column
        )
    };
    let counts =
        |counts: &engine::Counts| format!("{} {} {}", counts.passed, counts.failed, counts.unknown);
    (
        evaluation.findings.iter().map(place).collect(),
        evaluation.counts.iter().map(counts).collect(),
        evaluation
            .problems
            .iter()
            .map(|it| format!("{}: {}", it.kind, it.message))
            .collect(),
    )
}

#[track_caller]
fn check(
    controls: &[(&str, &str)],
    text: &str,
    findings: &[&str],
    counts: &[&str],
    problems: &[&str],
) {
    let engine = Engine::new(&catalog(controls), &all(), &Settings::default()).unwrap();
    let found = outcome(&engine, text);
    assert_eq!(found.0, findings);
    assert_eq!(found.1, counts);
    assert_eq!(found.2, problems);
}

const PODS: &str = "\
apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers:
    - name: one
      image: nginx
      securityContext:
        privileged: true
    - name: two
      image: nginx:1
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: b }
spec:
  selector: {}
  template:
    metadata:
      labels: { x: 'y' }
    spec:
      volumes:
        - name: v
          hostPath: { path: / }
      initContainers:
        - name: three
          image: a/b:latest
          ports: [{ containerPort: 1, hostPort: 2 }, { containerPort: 3 }]
      containers: []
";

#[test]
fn things_are_counted_by_scope_and_found_at_their_place() {
    check(
        &[
            (
                "a",
                "for: container\nfail: self.effective.privileged\nat: [securityContext.privileged]\nmessage: m",
            ),
            (
                "b",
                "for: pod\nfail: \"true\"\nat: [metadata.labels, hostNetwork]\nmessage: m",
            ),
            (
                "c",
                "for: image\nwhen: self.tag != ''\nfail: self.tag == 'latest'\nat: [image]\nmessage: m",
            ),
            (
                "d",
                "for: volume\nfail: has(self.hostPath)\nat: [hostPath.path]\nmessage: m",
            ),
            (
                "e",
                "for: container\neach: self.?ports.orValue([])\nfail: has(item.hostPort)\nat: [hostPort]\nmessage: m",
            ),
            (
                "f",
                "for: resource\nkinds: [Deployment]\nfail: \"true\"\nat: [spec.replicas]\nmessage: m",
            ),
            (
                "g",
                "for: container\nkinds: [apps/Deployment]\nfail: \"true\"\nmessage: m",
            ),
            (
                "h",
                "for: resource\nkinds: ['*']\nfail: object.metadata.name == 'zzz'\nmessage: m",
            ),
        ],
        PODS,
        &[
            "b 3:1", "a 9:21", "f 16:1", "b 20:7", "d 24:29", "e 28:49", "g 26:9", "c 27:18",
        ],
        &[
            "2 1 0", "0 2 0", "1 1 0", "0 1 0", "2 1 0", "0 1 0", "0 1 0", "2 0 0",
        ],
        &[],
    );
}

#[test]
fn controls_of_other_versions_and_kinds_are_not_applicable() {
    let pattern = "for: resource\nkinds: [Ingress, example.com/Pod]\nfail: \"true\"\nmessage: m";
    let old = "for: pod\nkubernetes: { until: '1.20' }\nfail: \"true\"\nmessage: m";
    check(
        &[("a", pattern), ("b", old)],
        PODS,
        &[],
        &["0 0 0", "0 0 0"],
        &[],
    );
}

#[test]
fn an_object_that_contradicts_its_schema_is_one_problem() {
    let controls = [
        (
            "a",
            "for: container\nfail: self.effective.privileged\nmessage: m",
        ),
        (
            "b",
            "for: container\nfail: self.securityContext.privileged\nmessage: m",
        ),
    ];
    let text = "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: c\n      securityContext: { privileged: maybe }\n";
    let problem = "schema-mismatch: `spec.containers[0].securityContext.privileged` of Pod `a` is a string, which its type does not allow";
    check(&controls, text, &[], &["0 0 1", "0 0 1"], &[problem]);
    let text =
        "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: { name: c }\n";
    let problem =
        "schema-mismatch: `spec.containers` of Pod `a` is a mapping, which its type does not allow";
    check(&controls, text, &[], &["0 0 1", "0 0 1"], &[problem]);
}

#[test]
fn null_in_a_list_is_the_objects_mistake() {
    check(
        &[(
            "a",
            "for: container\neach: self.args\nfail: item.contains('x')\nmessage: m",
        )],
        "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: [{ name: c, args: [a, ~] }]\n",
        &[],
        &["0 0 1"],
        &[
            "schema-mismatch: `spec.containers[0].args[1]` of Pod `a` is null, which its type does not allow",
        ],
    );
}

#[test]
fn a_control_that_fails_on_a_sound_object_is_to_blame() {
    check(
        &[(
            "a",
            "for: container\nfail: self.image == 1 || self.stdin\nmessage: m",
        )],
        "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: [{ name: c, image: i }]\n",
        &[],
        &["0 0 1"],
        &["control-error: control `a` failed: no such key 'stdin' (at byte 23)"],
    );
}

#[test]
fn selections_name_ids_aliases_tags_and_frameworks() {
    let catalog = catalog(&[
        (
            "a",
            "aliases: { trivy: [KSV-1] }\ntags: [t]\nfor: pod\nfail: \"true\"\nmessage: m",
        ),
        ("b", "tags: [t]\nfor: pod\nfail: \"true\"\nmessage: m"),
        ("c", "for: pod\nfail: \"true\"\nmessage: m"),
    ]);
    let select = |controls: &[&str], exclude: &[&str]| {
        let selection = Selection {
            controls: controls.iter().map(ToString::to_string).collect(),
            exclude: exclude.iter().map(ToString::to_string).collect(),
            ..Selection::default()
        };
        let engine = Engine::new(&catalog, &selection, &Settings::default());
        engine
            .map(|engine| engine.headers().map(|it| it.id.clone()).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    };
    assert_eq!(select(&[], &[]).unwrap(), ["a", "b", "c"]);
    assert_eq!(select(&["ksv-1"], &[]).unwrap(), ["a"]);
    assert_eq!(select(&["t", "c"], &["b"]).unwrap(), ["a", "c"]);
    assert_eq!(
        select(&["d"], &[]).unwrap_err(),
        "there is no control `d`; did you mean `a`?"
    );
}

#[test]
fn parameters_are_typed_and_hold_where_they_are_set() {
    let catalog = catalog(&[(
        "a",
        "params: { most: { type: int, default: 5, doc: D } }\nfor: pod\nfail: size(self.containers) > params.most\nmessage: m",
    )]);
    let set = |name: &str, value| Settings {
        params: vec![ParamOverride {
            control: "a".to_owned(),
            name: name.to_owned(),
            value,
            resources: Selector::default(),
        }],
        ..Settings::default()
    };
    let failed = |settings: &Settings| {
        let engine = Engine::new(&catalog, &all(), settings).map_err(|error| error.to_string())?;
        Ok::<_, String>(outcome(&engine, PODS).1)
    };
    assert_eq!(failed(&Settings::default()).unwrap(), ["2 0 0"]);
    assert_eq!(failed(&set("most", ParamValue::Int(1))).unwrap(), ["1 1 0"]);
    let wrong = failed(&set("most", ParamValue::Bool(true))).unwrap_err();
    assert_eq!(wrong, "parameter `most` of control `a` must be of type int");
    let unknown = failed(&set("mos", ParamValue::Int(1))).unwrap_err();
    assert_eq!(
        unknown,
        "control `a` has no parameter `mos`; did you mean `most`?"
    );
    let mut some = set("most", ParamValue::Int(1));
    some.params[0].resources.names = Patterns::new(["b"]).unwrap();
    assert_eq!(failed(&some).unwrap(), ["2 0 0"]);
    some.params[0].resources.names = Patterns::new(["a"]).unwrap();
    assert_eq!(failed(&some).unwrap(), ["1 1 0"]);
}

#[test]
fn threads_do_not_show() {
    let controls = [
        ("a", "for: container\nfail: \"true\"\nmessage: m"),
        (
            "b",
            "for: resource\nkinds: ['*']\nfail: object.spec.containers == 1\nmessage: m",
        ),
        (
            "c",
            "for: pod\nfail: self.effective.hostNetwork\nmessage: m",
        ),
    ];
    let settings = Settings {
        kubernetes_version: KubernetesVersion { minor: 30 },
        ..Settings::default()
    };
    let engine = Engine::new(&catalog(&controls), &all(), &settings).unwrap();
    let text: Vec<String> = (0..100)
        .map(|index| PODS.replace("name: a }", &format!("name: a{index} }}")))
        .collect();
    let inventory = inventory(&engine, &text.join("---\n"));
    let run = |threads| -> Evaluation {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| engine.evaluate(&engine.relations(&inventory)))
    };
    let one = run(1);
    assert_eq!(one.findings.len(), 300);
    for threads in [2, 3] {
        assert_eq!(format!("{one:?}"), format!("{:?}", run(threads)));
    }
}
