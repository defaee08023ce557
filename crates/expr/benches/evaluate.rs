//! What it costs to evaluate the shapes that controls have, and to read and compile many of them.

#![expect(clippy::unwrap_used, reason = "benchmarks may panic")]

use std::sync::Arc;

use bumpalo::Bump;
use divan::{Bencher, black_box};
use document::{Document, Keys, Limits, Source, parse_yaml};
use expr::{Activation, Checked, Declarations, Program, Value};

const CONTAINER: &str = "
name: web
image: registry.example.com/team/web:1.2.3
ports: [{containerPort: 8080, protocol: TCP}, {containerPort: 9090}]
env: [{name: A, value: x}, {name: B, value: y}, {name: DB_PASSWORD, value: secret}]
securityContext:
  privileged: false
  runAsNonRoot: true
  capabilities: {add: [NET_ADMIN, SYS_TIME], drop: [ALL]}
resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {cpu: 100m, memory: 256Mi}}
";

const EXPRESSIONS: [&str; 8] = [
    "self.?securityContext.?privileged.orValue(false)",
    "!has(self.resources.limits.memory)",
    "self.?securityContext.?seccompProfile.?type.orValue('') in ['', 'Unconfined']",
    "self.?imagePullPolicy.orValue('') != 'Always'",
    "self.?securityContext.?capabilities.?add.orValue([]).exists(c, !(c in ['NET_BIND_SERVICE', 'CHOWN']))",
    "self.?env.orValue([]).exists(e, e.name.matches('(?i)(password|secret|token)') && has(e.value))",
    "quantity(self.resources.limits.memory).isGreaterThan(quantity('512Mi'))",
    "self.?ports.orValue([]).filter(p, p.?hostPort.orValue(0) != 0).size() > 0",
];

fn main() {
    divan::main();
}

fn declarations() -> Declarations {
    let mut declarations = Declarations::new();
    for name in ["self", "object", "pod", "item", "params", "kubernetes"] {
        declarations.variable(name);
    }
    declarations
}

fn parsed() -> Vec<Checked> {
    EXPRESSIONS
        .iter()
        .map(|source| Checked::parse(source, &declarations()).unwrap())
        .collect()
}

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(parsed().iter().flat_map(Checked::key_names)))
}

fn document(keys: &Arc<Keys>) -> Document {
    parse_yaml(
        Source::new("bench.yaml", CONTAINER),
        keys,
        &Limits::default(),
    )
    .document
}

#[divan::bench(args = EXPRESSIONS)]
fn evaluate(bencher: Bencher, source: &str) {
    let keys = keys();
    let document = document(&keys);
    let checked = Checked::parse(source, &declarations()).unwrap();
    let program = Program::compile(&checked, &declarations(), &keys).unwrap();
    let mut arena = Bump::new();
    bencher.bench_local(|| {
        arena.reset();
        let variables = [Value::Node(document.roots().next().unwrap())];
        program
            .evaluate(&mut Activation::new(&arena, black_box(&variables)))
            .as_bool()
    });
}

/// 300 expressions, as many as there are controls.
#[divan::bench]
fn read_and_compile_300(bencher: Bencher) {
    let (keys, declarations) = (keys(), declarations());
    let mut bytes = Vec::new();
    for checked in parsed().iter().cycle().take(300) {
        checked.write(&mut bytes);
    }
    bencher.bench(|| {
        let mut rest = black_box(&bytes[..]);
        let mut programs = Vec::with_capacity(300);
        while !rest.is_empty() {
            let checked = Checked::read(&mut rest).unwrap();
            programs.push(Program::compile(&checked, &declarations, &keys).unwrap());
        }
        programs
    });
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let declarations = declarations();
    bencher.bench(|| Checked::parse(black_box(EXPRESSIONS[4]), &declarations));
}
