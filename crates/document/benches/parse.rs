//! Bytes per second of the parsers on a text like the manifests of a cluster.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::counter::BytesCount;
use document::{Keys, Limits, Parsed, Source, parse_json, parse_yaml, parse_yaml_fully};

fn main() {
    divan::main();
}

type Parse = fn(Arc<Source>, &Arc<Keys>, &Limits) -> Parsed;

/// One Deployment after the other.
fn yaml() -> String {
    let mut text = String::new();
    for number in 0..2000 {
        write!(
            text,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{number}\n  namespace: shop\n  labels:\n    app.kubernetes.io/name: web-{number}\n    team: payments\n\
             spec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: web-{number}\n  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: web-{number}\n    \
             spec:\n      serviceAccountName: web\n      containers:\n      - name: web # the only one\n        image: registry.example.com/shop/web:1.{number}.0\n        args:\n        - --port=8080\n        - --verbose\n        \
             env:\n        - name: LEVEL\n          value: \"info\"\n        resources:\n          limits:\n            cpu: 500m\n            memory: 256Mi\n        securityContext:\n          allowPrivilegeEscalation: false\n          runAsUser: 10001\n"
        )
        .expect("a string takes what is written");
    }
    text
}

/// A list of objects as an API server prints it.
fn json() -> String {
    let mut text = String::from("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [");
    for number in 0..2000 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            "{comma}\n{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"web-{number}\", \"labels\": {{\"team\": \"payments\"}}}},\n \"spec\": {{\"containers\": [{{\"name\": \"web\", \"image\": \"web:{number}\", \"args\": [\"--port=8080\", \"a\\tb\"], \"securityContext\": {{\"runAsUser\": 10001, \"privileged\": false}}}}]}}}}"
        )
        .expect("a string takes what is written");
    }
    text + "]}"
}

fn bench(bencher: divan::Bencher<'_, '_>, text: String, parse: Parse) {
    let keys = Arc::new(Keys::new([
        "apiVersion",
        "kind",
        "metadata",
        "name",
        "namespace",
        "labels",
        "spec",
        "containers",
        "image",
        "args",
        "env",
        "value",
    ]));
    let size = text.len();
    let source = Source::new("bench", text);
    bencher
        .counter(BytesCount::new(size))
        .with_inputs(|| Arc::clone(&source))
        .bench_values(|source| parse(source, &keys, &Limits::default()));
}

#[divan::bench]
fn yaml_fast(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, yaml(), parse_yaml);
}

#[divan::bench]
fn yaml_full(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, yaml(), parse_yaml_fully);
}

#[divan::bench]
fn json_strict(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, json(), parse_json);
}
