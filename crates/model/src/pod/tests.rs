//! Pods of every shape, and what their values come to.

use std::fmt::Write;

use document::Kind;

use crate::testing::{keys, resources, views};
use crate::{
    ContainerMember, ContainerView, Effective, KubernetesVersion, PodMember, PodView, Views,
    WorkloadRow, WorkloadTable,
};

/// A value in a few characters: `=` before what the manifest says, `!` before what contradicts the schema.
fn shown(value: Effective<'_>) -> String {
    let text = |node: document::NodeRef<'_>| match node.kind() {
        Kind::Bool => format!("{:?}", node.as_bool().unwrap()),
        Kind::Int => node.as_i64().unwrap().to_string(),
        Kind::String => node.as_str().unwrap().to_owned(),
        kind => format!("{kind:?}({})", node.len()),
    };
    match value {
        Effective::Node(node) => format!("={}", text(node)),
        Effective::Mismatch(node) => format!("!{}", text(node)),
        Effective::Requests { requests, limits } => format!("{}<{}", text(requests), text(limits)),
        Effective::Bool(value) => value.to_string(),
        Effective::Int(value) => value.to_string(),
        Effective::Str(value) => format!("{value:?}"),
        Effective::EmptyList => "[]".to_owned(),
        Effective::EmptyMap => "{}".to_owned(),
        Effective::Absent => "-".to_owned(),
    }
}

/// A value of the first container of a pod at a version.
fn container_value(minor: u32, yaml: &str, member: &str) -> String {
    let views = views(minor);
    let resources = resources(yaml);
    let pods = views.pods_of(&resources[0]);
    let member = ContainerMember::from_name(member).unwrap();
    shown(pods[0].containers()[0].effective(member))
}

fn pod(metadata: &str, spec: &str, container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{metadata}}}\nspec: {{{spec}containers: [{{name: c{container}}}]}}\n"
    )
}

#[test]
fn every_kind_of_the_table_shows_its_pods() {
    let table = WorkloadTable::default();
    for row in table.rows() {
        let mut yaml = format!("apiVersion: {}/v1\nkind: {}\n", row.group, row.kind);
        if row.group.is_empty() {
            yaml = format!("apiVersion: v1\nkind: {}\n", row.kind);
        }
        let open = row
            .path
            .to_string()
            .replace(".*", ".x")
            .replace("[*]", "..");
        let mut close = String::new();
        for step in open.split('.').filter(|step| !step.is_empty()) {
            write!(yaml, "\"{step}\": {{").unwrap();
            close.push('}');
        }
        let list_path = row.path.to_string().contains("[*]");
        if list_path || row.path.0.is_empty() {
            continue;
        }
        let body = "spec: {containers: [{name: a}]}, steps: [{name: a}], container: {name: a}, containers: [{name: a}]";
        let text = format!("{yaml}{body}{close}\n");
        let resources = resources(&text);
        let views = views(34);
        let pods = views.pods_of(&resources[0]);
        let names: Vec<_> = pods
            .iter()
            .flat_map(PodView::containers)
            .map(ContainerView::name)
            .collect();
        assert_eq!(names, ["a"], "{text}");
    }
}

#[test]
fn pods_in_lists_and_maps_are_all_seen_in_text_order() {
    let check = |yaml: &str, expected: &[&str]| {
        let resources = resources(yaml);
        let views = views(34);
        let pods = views.pods_of(&resources[0]);
        let seen: Vec<_> = pods
            .iter()
            .flat_map(PodView::containers)
            .map(|container| format!("{} {}", container.role().as_str(), container.name()))
            .collect();
        assert_eq!(seen, expected, "{yaml}");
    };
    check(
        "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nspec:\n  tasks:\n  - template: {spec: {containers: [{name: a}]}}\n  - template: {spec: {containers: [{name: b}]}}\n",
        &["main a", "main b"],
    );
    check(
        "apiVersion: kubeflow.org/v1\nkind: TFJob\nspec:\n  tfReplicaSpecs:\n    Worker: {template: {spec: {containers: [{name: w}]}}}\n    PS: {template: {spec: {containers: [{name: p}]}}}\n",
        &["main w", "main p"],
    );
    check(
        "apiVersion: v1\nkind: Pod\nspec:\n  initContainers: [{name: i}, {name: s, restartPolicy: Always}]\n  containers: [{name: m}]\n  ephemeralContainers: [{name: e}]\n",
        &["init i", "sidecar s", "main m", "ephemeral e"],
    );
    check(
        "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  sidecars: [{name: d}]\n  steps: [{name: s}]\n",
        &["sidecar d", "main s"],
    );
    check(
        "apiVersion: tekton.dev/v1\nkind: Pipeline\nspec:\n  finally: [{taskSpec: {steps: [{name: f}]}}]\n  tasks: [{taskRef: {name: x}}, {taskSpec: {steps: [{name: t}]}}]\n",
        &["main f", "main t"],
    );
    check(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - {name: dag, dag: {tasks: []}}\n  - {name: x, container: {name: main}, sidecars: [{name: s}]}\n  - {name: y, containerSet: {containers: [{name: a}, {name: b}]}}\n",
        &["main main", "sidecar s", "main a", "main b"],
    );
    check(
        "apiVersion: agents.x-k8s.io/v1alpha1\nkind: Sandbox\nspec: {podTemplate: {spec: {containers: [{name: a}]}}}\n",
        &["main a"],
    );
    check(
        "apiVersion: example.com/v1\nkind: Pod\nspec: {containers: [{name: a}]}\n",
        &[],
    );
    check(
        "apiVersion: apps/v1\nkind: Deployment\nspec: {template: 3}\n",
        &[],
    );
}

#[test]
fn rows_of_users_count_like_built_in_ones() {
    let mut table = WorkloadTable::default();
    table.add(WorkloadRow::pod_template("example.com", "Batch", "spec.jobs[*].pod").unwrap());
    let resources = resources(
        "apiVersion: example.com/v1\nkind: Batch\nspec: {jobs: [{pod: {spec: {containers: [{name: a}]}}}]}\n",
    );
    let views = Views::new(&keys(), &table, KubernetesVersion::NEWEST);
    assert_eq!(views.pods_of(&resources[0]).len(), 1);
    for path in ["a..b", "a[0]", "a[*", ".", "a b"] {
        assert!(WorkloadRow::pod_template("", "X", path).is_err(), "{path}");
    }
}

#[test]
fn metadata_is_that_of_the_pod() {
    let yaml = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: outer}\nspec: {jobTemplate: {metadata: {name: job}, spec: {template: {metadata: {name: inner}, spec: {}}}}}\n";
    let resources = resources(yaml);
    let views = views(34);
    let pods = views.pods_of(&resources[0]);
    assert_eq!(
        pods[0]
            .metadata()
            .unwrap()
            .get_str("name")
            .unwrap()
            .as_str(),
        Some("inner")
    );
    assert_eq!(pods[0].resource().name.as_ref(), "outer");
}

#[test]
fn pods_inherit_and_default() {
    let check = |spec: &str, member: &str, expected: &str| {
        let resources = resources(&pod("", spec, ""));
        let views = views(34);
        let pods = views.pods_of(&resources[0]);
        let member = PodMember::from_name(member).unwrap();
        assert_eq!(
            shown(pods[0].effective(member)),
            expected,
            "{spec} {member:?}"
        );
    };
    check("", "hostNetwork", "false");
    check("hostNetwork: true, ", "hostNetwork", "=true");
    check("hostNetwork: \"true\", ", "hostNetwork", "!true");
    check("hostNetwork: null, ", "hostNetwork", "false");
    check("", "hostUsers", "true");
    check("", "serviceAccountName", "\"default\"");
    check("serviceAccount: old, ", "serviceAccountName", "=old");
    check(
        "serviceAccount: old, serviceAccountName: new, ",
        "serviceAccountName",
        "=new",
    );
    check(
        "serviceAccountName: '', ",
        "serviceAccountName",
        "\"default\"",
    );
    check("", "automountServiceAccountToken", "true");
    check("", "terminationGracePeriodSeconds", "30");
    check(
        "terminationGracePeriodSeconds: 0, ",
        "terminationGracePeriodSeconds",
        "=0",
    );
    check("", "os", "\"linux\"");
    check("os: {name: windows}, ", "os", "=windows");
    check("os: windows, ", "os", "!windows");
    check("", "runAsUser", "-");
    check("securityContext: {runAsUser: 0}, ", "runAsUser", "=0");
    check("securityContext: [], ", "runAsUser", "!Sequence(0)");
    check("", "runAsNonRoot", "false");
    check("", "dnsPolicy", "\"ClusterFirst\"");
}

#[test]
fn containers_inherit_and_default() {
    let check = |spec: &str, container: &str, member: &str, expected: &str| {
        let value = container_value(34, &pod("", spec, container), member);
        assert_eq!(value, expected, "{spec} {container} {member}");
    };
    check("", "", "privileged", "false");
    check(
        "",
        ", securityContext: {privileged: true}",
        "privileged",
        "=true",
    );
    check(
        "",
        ", securityContext: {privileged: 'yes'}",
        "privileged",
        "!yes",
    );
    check("", ", securityContext: 'yes'", "privileged", "!yes");
    check(
        "securityContext: {privileged: true}, ",
        "",
        "privileged",
        "false",
    );
    check("", "", "allowPrivilegeEscalation", "true");
    check(
        "securityContext: {runAsNonRoot: true}, ",
        "",
        "runAsNonRoot",
        "=true",
    );
    check(
        "securityContext: {runAsNonRoot: true}, ",
        ", securityContext: {runAsNonRoot: false}",
        "runAsNonRoot",
        "=false",
    );
    check(
        "securityContext: {runAsUser: 1}, ",
        ", securityContext: {runAsUser: 2}",
        "runAsUser",
        "=2",
    );
    check("securityContext: {runAsUser: '1'}, ", "", "runAsUser", "!1");
    check("", "", "runAsUser", "-");
    check("", "", "capabilities.add", "[]");
    check(
        "",
        ", securityContext: {capabilities: {add: [A, B]}}",
        "capabilities.add",
        "=Sequence(2)",
    );
    check(
        "",
        ", securityContext: {capabilities: {drop: ALL}}",
        "capabilities.drop",
        "!ALL",
    );
    check("", "", "procMount", "\"Default\"");
    check(
        "securityContext: {windowsOptions: {hostProcess: true}}, ",
        "",
        "hostProcess",
        "=true",
    );
    check("", "", "imagePullPolicy", "\"IfNotPresent\"");
    check("", ", image: nginx", "imagePullPolicy", "\"Always\"");
    check(
        "",
        ", image: 'nginx:latest'",
        "imagePullPolicy",
        "\"Always\"",
    );
    check(
        "",
        ", image: 'nginx:1'",
        "imagePullPolicy",
        "\"IfNotPresent\"",
    );
    check(
        "",
        ", image: nginx, imagePullPolicy: Never",
        "imagePullPolicy",
        "=Never",
    );
    check("", "", "resources.limits", "{}");
    check(
        "",
        ", resources: {limits: {cpu: 1}}",
        "resources.requests",
        "=Mapping(1)",
    );
    check(
        "",
        ", resources: {limits: {cpu: 1}, requests: {memory: 1}}",
        "resources.requests",
        "Mapping(1)<Mapping(1)",
    );
    check("", ", resources: {limits: x}", "resources.requests", "!x");
}

#[test]
fn seccomp_annotations_count_as_long_as_versions_read_them() {
    let check = |minor: u32, annotations: &str, spec: &str, container: &str, expected: &str| {
        let yaml = pod(
            &format!(", annotations: {{{annotations}}}"),
            spec,
            container,
        );
        assert_eq!(
            container_value(minor, &yaml, "seccompProfile.type"),
            expected,
            "{minor} {yaml}"
        );
    };
    let of_pod = "seccomp.security.alpha.kubernetes.io/pod: runtime/default";
    let of_container = "container.seccomp.security.alpha.kubernetes.io/c: unconfined";
    let field = "securityContext: {seccompProfile: {type: RuntimeDefault}}";
    check(26, of_pod, "", "", "\"RuntimeDefault\"");
    check(27, of_pod, "", "", "\"\"");
    check(
        26,
        of_container,
        &format!("{field}, "),
        "",
        "\"Unconfined\"",
    );
    check(
        27,
        of_container,
        &format!("{field}, "),
        "",
        "=RuntimeDefault",
    );
    check(
        26,
        of_container,
        "",
        &format!(", {field}"),
        "=RuntimeDefault",
    );
    check(
        26,
        "seccomp.security.alpha.kubernetes.io/pod: localhost/a.json",
        "",
        "",
        "\"Localhost\"",
    );
    check(
        26,
        "container.seccomp.security.alpha.kubernetes.io/other: unconfined",
        "",
        "",
        "\"\"",
    );
}

#[test]
fn app_armor_fields_count_from_1_30_on_and_annotations_always() {
    let check = |minor: u32, annotations: &str, spec: &str, expected: &str| {
        let yaml = pod(&format!(", annotations: {{{annotations}}}"), spec, "");
        assert_eq!(
            container_value(minor, &yaml, "appArmorProfile.type"),
            expected,
            "{minor} {yaml}"
        );
    };
    let annotation = "container.apparmor.security.beta.kubernetes.io/c: localhost/k";
    let field = "securityContext: {appArmorProfile: {type: Unconfined}}, ";
    check(29, "", field, "\"\"");
    check(30, "", field, "=Unconfined");
    check(29, annotation, field, "\"Localhost\"");
    check(34, annotation, field, "\"Localhost\"");
    check(34, "", "", "\"\"");
}

#[test]
fn settings_of_a_workflow_or_task_run_reach_its_containers() {
    let check = |yaml: &str, member: &str, expected: &str| {
        assert_eq!(container_value(34, yaml, member), expected, "{yaml}");
    };
    check(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {securityContext: {runAsUser: 7}, templates: [{container: {}}]}\n",
        "runAsUser",
        "=7",
    );
    check(
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec: {podTemplate: {securityContext: {runAsUser: 8}}, taskSpec: {steps: [{name: a}]}}\n",
        "runAsUser",
        "=8",
    );
    check(
        "apiVersion: tekton.dev/v1\nkind: Task\nspec: {stepTemplate: {securityContext: {privileged: true}}, steps: [{name: a}]}\n",
        "privileged",
        "=true",
    );
}

#[test]
fn what_is_no_container_is_named() {
    let check = |spec: &str, containers: usize, mismatches: usize| {
        let resources = resources(&format!("apiVersion: v1\nkind: Pod\nspec: {spec}\n"));
        let views = views(34);
        let pods = views.pods_of(&resources[0]);
        assert_eq!(
            (pods[0].containers().len(), pods[0].mismatches().len()),
            (containers, mismatches),
            "{spec}"
        );
    };
    check("{containers: x}", 0, 1);
    check("{containers: [x, {name: a}, null]}", 1, 2);
    check("{containers: {name: a}}", 0, 1);
    check("{containers: null}", 0, 0);
    check("{}", 0, 0);
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let yaml = "apiVersion: v1\nkind: Pod\nx: &context {privileged: true}\nspec:\n  containers:\n  - &a {name: a, securityContext: {<<: *context}}\n  - *a\n  - {<<: *a, name: b}\n";
    let resources = resources(yaml);
    let views = views(34);
    let pods = views.pods_of(&resources[0]);
    let seen: Vec<_> = pods[0]
        .containers()
        .iter()
        .map(|container| {
            (
                container.name(),
                container.effective(ContainerMember::Privileged).as_bool(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("a", Some(true)), ("a", Some(true)), ("b", Some(true))]
    );
}
