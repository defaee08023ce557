//! Objects and what is found in them.

use std::sync::Arc;

use document::{Document, Keys, Limits, Source, parse_yaml};
use schema::{CustomKinds, Outcome, Schema, Validator};

fn parse(text: &str) -> Document {
    let keys = Arc::new(Keys::new(schema::names()));
    let parsed = parse_yaml(Source::new("test.yaml", text), &keys, &Limits::default());
    assert_eq!(parsed.errors, []);
    parsed.document
}

/// What is found in all objects of a text, one line each; definitions in the text count.
fn found(minor: u32, text: &str) -> Vec<String> {
    let document = parse(text);
    let custom = CustomKinds::from_objects(document.roots());
    let validator = Validator::new(
        Schema::embedded().with_custom_kinds(&custom),
        document.keys(),
        minor,
    );
    let mut found = Vec::new();
    for object in document.roots() {
        validator.validate(object, &mut |mismatch| {
            found.push(format!("{}: {}", mismatch.path(), mismatch.kind));
        });
    }
    found
}

fn check(minor: u32, text: &str, expected: &[&str]) {
    assert_eq!(found(minor, text), expected, "1.{minor}:\n{text}");
}

/// A pod with one container that has these lines, indented by four.
fn container(lines: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n{lines}")
}

#[test]
fn unknown_fields_come_with_a_hint() {
    let check = |lines: &str, expected: &str| check(34, &container(lines), &[expected]);
    check(
        "    imagePullPolcy: Always\n",
        "spec.containers[0].imagePullPolcy: unknown field 'imagePullPolcy'; did you mean 'imagePullPolicy'?",
    );
    check(
        "    image_pull_policy: Always\n",
        "spec.containers[0].image_pull_policy: unknown field 'image_pull_policy'; did you mean 'imagePullPolicy'?",
    );
    check(
        "    hostNetwork: true\n",
        "spec.containers[0].hostNetwork: unknown field 'hostNetwork'; it belongs one level further up",
    );
    check(
        "    runAsUser: 1\n",
        "spec.containers[0].runAsUser: unknown field 'runAsUser'; it belongs under 'securityContext'",
    );
    check(
        "    thumbnail: 1\n",
        "spec.containers[0].thumbnail: unknown field 'thumbnail'",
    );
}

#[test]
fn fields_have_versions() {
    let text = container("    restartPolicyRules: []\n");
    check(34, &text, &[]);
    check(
        33,
        &text,
        &[
            "spec.containers[0].restartPolicyRules: unknown field 'restartPolicyRules'; it exists since Kubernetes 1.34",
        ],
    );
    let policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {podSelector: {}}\nstatus: {}\n";
    check(27, policy, &[]);
    check(
        28,
        policy,
        &["status: unknown field 'status'; the last Kubernetes version with it was 1.27"],
    );
}

#[test]
fn wrong_types_are_what_the_api_server_cannot_decode() {
    let check =
        |line: &str, expected: &[&str]| check(34, &container(&format!("    {line}\n")), expected);
    check(
        "tty: 'true'",
        &["spec.containers[0].tty: expected true or false, found a string"],
    );
    check(
        "image: 1.5",
        &["spec.containers[0].image: expected a string, found a number"],
    );
    check(
        "env: [{name: A, value: 8080}]",
        &["spec.containers[0].env[0].value: expected a string, found an integer"],
    );
    check(
        "args: run",
        &["spec.containers[0].args: expected a list, found a string"],
    );
    check(
        "args: [1]",
        &["spec.containers[0].args[0]: expected a string, found an integer"],
    );
    check(
        "args: {}",
        &["spec.containers[0].args: expected a list, found a mapping"],
    );
    check(
        "resources: []",
        &["spec.containers[0].resources: expected a mapping, found a list"],
    );
    check(
        "ports: [{containerPort: '80'}]",
        &[
            "spec.containers[0].ports[0].containerPort: expected an integer of 32 bits, found a string",
        ],
    );
    check(
        "ports: [{containerPort: 4294967296}]",
        &["spec.containers[0].ports[0].containerPort: the value is not an integer of 32 bits"],
    );
    check("ports: [{containerPort: 80.0}]", &[]);
    check(
        "resources: {limits: {cpu: 1, memory: 1Gi, pods: 1.5}, requests: {cpu: true, memory: 1GB}}",
        &[
            "spec.containers[0].resources.requests.cpu: expected a quantity, found true or false",
            "spec.containers[0].resources.requests.memory: the value is not a quantity",
        ],
    );
    check(
        "livenessProbe: {httpGet: {port: http}, tcpSocket: {port: 80}, grpc: {port: http}}",
        &[
            "spec.containers[0].livenessProbe.grpc.port: expected an integer of 32 bits, found a string",
        ],
    );
    check("securityContext:\n    ports: ~\n    env: null", &[]);
}

#[test]
fn maps_of_strings_hold_strings() {
    check(
        34,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b, c: true}, annotations: {d: 1}}\ndata: {e: 1.5, f: ~}\n",
        &[
            "metadata.labels.c: expected a string, found true or false",
            "metadata.annotations.d: expected a string, found an integer",
            "data.e: expected a string, found a number",
        ],
    );
    check(
        34,
        "apiVersion: v1\nkind: Secret\ndata: {a: YQ==, b: clear}\nstringData: {b: clear}\n",
        &["data.b: the value is not a string in base64"],
    );
}

#[test]
fn required_fields_are_demanded_except_in_the_status() {
    check(
        34,
        "apiVersion: v1\nkind: Pod\nspec: {containers: ~}\n",
        &["spec: field 'containers' is required"],
    );
    check(
        34,
        "apiVersion: apps/v1\nkind: Deployment\nspec: {}\nstatus: {conditions: [{}]}\n",
        &[
            "spec: field 'selector' is required",
            "spec: field 'template' is required",
        ],
    );
}

#[test]
fn repeated_keys_and_merge_keys_are_seen_through() {
    check(
        34,
        "apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b, a: c}}\nspec:\n  containers: []\n  containers: []\n",
        &[
            "metadata.labels.a: key 'a' is repeated",
            "spec.containers: key 'containers' is repeated",
        ],
    );
    check(
        34,
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - &a {name: a, imag: x}\n  - <<: *a\n    name: b\n",
        &[
            "spec.containers[0].imag: unknown field 'imag'; did you mean 'image'?",
            "spec.containers[1].imag: unknown field 'imag'; did you mean 'image'?",
        ],
    );
}

#[test]
fn apis_have_an_end() {
    let jobs = "apiVersion: batch/v1beta1\nkind: CronJob\n";
    check(20, jobs, &[]);
    check(
        24,
        jobs,
        &[
            "apiVersion: batch/v1beta1 CronJob is deprecated since Kubernetes 1.21 and gone in 1.25; use batch/v1",
        ],
    );
    check(
        25,
        jobs,
        &["apiVersion: batch/v1beta1 CronJob is gone since Kubernetes 1.25; use batch/v1"],
    );
    // Fields of a kind that is gone are read as its last version would.
    check(
        34,
        "apiVersion: storage.k8s.io/v1beta1\nkind: CSIStorageCapacity\nstorageClassName: a\ncapcity: 1\n",
        &[
            "apiVersion: storage.k8s.io/v1beta1 CSIStorageCapacity is gone since Kubernetes 1.27; use storage.k8s.io/v1",
            "capcity: unknown field 'capcity'; did you mean 'capacity'?",
        ],
    );
    check(
        30,
        "apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nspec: {}\n",
        &[
            "apiVersion: this API is not served; it exists since Kubernetes 1.34; use version v1alpha2",
        ],
    );
}

const WIDGETS: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size, colour]
            properties:
              size: {type: integer}
              colour: {type: string, default: red}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              names: {type: array, items: {type: string}}
              limits: {type: object, additionalProperties: {type: boolean}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              inner: {type: object, x-kubernetes-embedded-resource: true, properties: {lamp: {type: boolean}}}
---
";

#[test]
fn custom_resources_are_held_against_their_definition() {
    let check = |spec: &str, expected: &[&str]| {
        let text = format!(
            "{WIDGETS}apiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: a}}\nspec: {spec}\n"
        );
        check(34, &text, expected);
    };
    check(
        "{size: 1, port: 4294967296, names: [a], limits: {a: true}, free: {a: {b: 1}}}",
        &[],
    );
    check("{}", &["spec: field 'size' is required"]);
    check(
        "{sise: 1, size: big, port: true, names: [1], limits: {a: b}, free: 1}",
        &[
            "spec.sise: unknown field 'sise'; did you mean 'size'?",
            "spec.size: expected an integer, found a string",
            "spec.port: expected an integer or a string, found true or false",
            "spec.names[0]: expected a string, found an integer",
            "spec.limits.a: expected true or false, found a string",
            "spec.free: expected a mapping, found an integer",
        ],
    );
    check(
        "{size: 1, inner: {apiVersion: v1, metadata: {labels: {a: 1}}, lamp: true, lmap: true}}",
        &[
            "spec.inner.metadata.labels.a: expected a string, found an integer",
            "spec.inner.lmap: unknown field 'lmap'; did you mean 'lamp'?",
        ],
    );
}

#[test]
fn scopes_are_known() {
    let document = parse(WIDGETS);
    let custom = CustomKinds::from_objects(document.roots());
    let schema = Schema::embedded().with_custom_kinds(&custom);
    for (group, kind, expected) in [
        ("", "Pod", Some(true)),
        ("", "Namespace", Some(false)),
        ("", "Node", Some(false)),
        ("apps", "Deployment", Some(true)),
        ("extensions", "Ingress", Some(true)),
        ("policy", "PodSecurityPolicy", Some(false)),
        ("rbac.authorization.k8s.io", "ClusterRole", Some(false)),
        ("rbac.authorization.k8s.io", "Role", Some(true)),
        (
            "authorization.k8s.io",
            "LocalSubjectAccessReview",
            Some(true),
        ),
        ("example.com", "Widget", Some(true)),
        ("example.com", "Gadget", None),
    ] {
        assert_eq!(
            schema.is_namespaced(group, kind),
            expected,
            "{group} {kind}"
        );
    }
}

#[test]
fn what_is_not_known_is_passed_over() {
    let outcome = |text: &str| {
        let document = parse(text);
        let validator = Validator::new(Schema::embedded(), document.keys(), 34);
        let object = document.roots().next().unwrap();
        validator.validate(object, &mut |mismatch| panic!("{}", mismatch.kind))
    };
    assert_eq!(
        outcome("apiVersion: example.com/v1\nkind: Widget\nspec: {a: 1}\n"),
        Outcome::UnknownKind
    );
    assert_eq!(outcome("kind: Pod\n"), Outcome::NoObject);
    assert_eq!(outcome("[1]\n"), Outcome::NoObject);
}

#[test]
fn another_order_of_keys_gives_the_same_answers() {
    let text = container("    imagePullPolcy: Always\n    image: 1\n");
    let keys = Arc::new(Keys::new(["kind", "image"]));
    let document = parse_yaml(Source::new("test.yaml", &*text), &keys, &Limits::default()).document;
    let validator = Validator::new(Schema::embedded(), &keys, 34);
    let mut other = Vec::new();
    for object in document.roots() {
        validator.validate(object, &mut |mismatch| {
            other.push(format!("{}: {}", mismatch.path(), mismatch.kind));
        });
    }
    assert_eq!(other, found(34, &text));
}
