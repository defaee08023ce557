//! Speed of look-ups and of validation.

use std::sync::Arc;

use divan::{Bencher, black_box};
use document::{Keys, Limits, Source, parse_yaml};
use schema::{Schema, Validator};

/// About the size of an average resource.
const RESOURCE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
  labels:
    app.kubernetes.io/name: checkout
    app.kubernetes.io/part-of: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: checkout
  template:
    metadata:
      labels:
        app.kubernetes.io/name: checkout
    spec:
      securityContext:
        runAsNonRoot: true
      containers:
      - name: server
        image: registry.example.com/shop/checkout:1.4.2
        ports:
        - containerPort: 8080
        env:
        - name: LOG_LEVEL
          value: info
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {memory: 256Mi}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop: [ALL]
";

fn main() {
    divan::main();
}

#[divan::bench]
fn embedded() -> Schema<'static> {
    Schema::embedded()
}

#[divan::bench]
fn validate(bencher: Bencher) {
    let keys = Arc::new(Keys::new(schema::names()));
    let parsed = parse_yaml(Source::new("a.yaml", RESOURCE), &keys, &Limits::default());
    let object = parsed.document.roots().next().expect("one object");
    let validator = Validator::new(Schema::embedded(), &keys, 34);
    bencher.bench_local(|| {
        validator.validate(black_box(object), &mut |mismatch| {
            panic!("{}", mismatch.kind)
        })
    });
}

#[divan::bench]
fn kind(bencher: Bencher) {
    let schema = Schema::embedded();
    bencher.bench_local(|| schema.kind(black_box("apps"), "v1", black_box("Deployment"), 34));
}

#[divan::bench]
fn field_by_name(bencher: Bencher) {
    let schema = Schema::embedded();
    let pod = schema.kind("", "v1", "Pod", 34).expect("a pod");
    bencher.bench_local(|| schema.field(pod, black_box("spec"), 34));
}

#[divan::bench]
fn field_by_key(bencher: Bencher) {
    let schema = Schema::embedded();
    let keys = Keys::new(schema::names());
    let spec = keys.get("spec").expect("a name of the schema");
    let pod = schema.kind("", "v1", "Pod", 34).expect("a pod");
    bencher.bench_local(|| schema.field_by_key(pod, black_box(spec), 34));
}
