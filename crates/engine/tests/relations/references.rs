//! What refers to what by name, and whether it exists.

use crate::support::{evaluate, evaluate_complete};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  serviceAccountName: runner
  priorityClassName: system-node-critical
  runtimeClassName: gvisor
  imagePullSecrets:
    - name: pull
  containers:
    - name: web
      image: web:1
      env:
        - name: A
          valueFrom:
            configMapKeyRef:
              name: settings
              key: absent
        - name: B
          valueFrom:
            secretKeyRef:
              name: token
              key: b
              optional: true
      envFrom:
        - configMapRef:
            name: settings
  volumes:
    - name: a
      secret:
        secretName: token
        items:
          - key: b
            path: b
    - name: b
      persistentVolumeClaim:
        claimName: data-db-0
    - name: c
      projected:
        sources:
          - configMap:
              name: kube-root-ca.crt
    - name: d
      ephemeral:
        volumeClaimTemplate:
          spec:
            storageClassName: fast
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { present: x }
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: token, namespace: shop }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  volumeClaimTemplates:
    - metadata: { name: data }
";

/// All references of the Pod above, with what one expression says of each.
fn each(expression: &str) -> String {
    format!(
        "for: pod\nkinds: [Pod]\neach: self.references()\nfail: 'true'\n\
         message: '{{{{ {expression} }}}}'\n"
    )
}

#[test]
fn a_pod_refers_to_what_it_names() {
    let found = evaluate(
        &each(
            "item.via + \" \" + item.kind + \" \" + item.namespace + \"/\" + item.name + \" \" + item.key",
        ),
        POD,
    );
    assert_eq!(
        found.findings,
        [
            "5: serviceAccount ServiceAccount shop/runner ",
            "9: imagePullSecret Secret shop/pull ",
            "7: runtimeClass RuntimeClass /gvisor ",
            "6: priorityClass PriorityClass /system-node-critical ",
            "30: volume Secret shop/token ",
            "33: volume Secret shop/token b",
            "36: volume PersistentVolumeClaim shop/data-db-0 ",
            "41: projected ConfigMap shop/kube-root-ca.crt ",
            "47: ephemeral StorageClass /fast ",
            "16: env ConfigMap shop/settings absent",
            "21: env Secret shop/token b",
            "26: envFrom ConfigMap shop/settings ",
        ]
    );
}

/// The references of which an expression is false, and those of which it is unknown.
#[track_caller]
fn check(expression: &str, is_complete: bool, failed: &[&str], unknown: usize) {
    let control = format!(
        "for: pod\nkinds: [Pod]\neach: self.references()\nfail: '!({expression})'\nunknown: UNKNOWN\n\
         message: '{{{{ item.via }}}} {{{{ item.name }}}}'\n"
    );
    let run = |unknown: &str| {
        let control = control.replace("UNKNOWN", unknown);
        if is_complete {
            evaluate_complete(&control, POD)
        } else {
            evaluate(&control, POD)
        }
    };
    let sure = run("pass").findings;
    let messages: Vec<_> = sure
        .iter()
        .filter_map(|it| Some(it.split_once(": ")?.1))
        .collect();
    assert_eq!(messages, failed, "{expression}");
    let all = run("fail").findings;
    assert_eq!(all.len() - sure.len(), unknown, "{expression}");
}

#[test]
fn a_part_of_a_cluster_leaves_open_what_exists() {
    check("item.exists", false, &[], 4);
    check("item.hasKey", false, &["env settings"], 2);
}

#[test]
fn in_a_whole_cluster_what_was_not_scanned_does_not_exist() {
    let missing = [
        "serviceAccount runner",
        "imagePullSecret pull",
        "runtimeClass gvisor",
        "ephemeral fast",
    ];
    check("item.exists", true, &missing, 0);
    check("item.hasKey", true, &["env settings"], 2);
    check("!item.optional", true, &["env token"], 0);
}

#[test]
fn a_reference_leads_to_its_target() {
    let control = "
for: pod
kinds: [Pod]
each: self.references().filter(it, it.via == 'envFrom' || it.via == 'serviceAccount')
fail: item.target() != null && has(item.target().data.present)
message: '{{ item.name }}'
related: [{ role: target, of: item.target() }]
";
    let found = evaluate_complete(control, POD);
    assert_eq!(found.findings, ["26: settings (target ConfigMap/settings)"]);
    assert_eq!((found.failed, found.unknown), (1, 0));
    let found = evaluate(control, POD);
    assert_eq!(found.findings.len(), 1);
    assert_eq!(
        found.problems,
        ["undecided: control `x` could not decide: the ServiceAccount `runner` was not scanned"]
    );
}

#[test]
fn a_pod_without_an_account_refers_to_the_default_one() {
    let pod = "\
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers: [{ name: web, image: web:1 }]
";
    let found = evaluate_complete(&each("item.name + string(item.exists)"), pod);
    assert_eq!(found.findings, ["4: defaulttrue"]);
}

const OTHERS: &str = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec: { ingressClassName: nginx, tls: [{ secretName: cert }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: runner, namespace: shop }
secrets: [{ name: runner-token }]
imagePullSecrets: [{ name: pull }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: shop }
spec: { volumeName: disk, storageClassName: fast, dataSource: { kind: PersistentVolumeClaim, name: old } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: disk }
spec: { storageClassName: '', claimRef: { namespace: shop, name: data } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast } }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db, namespace: shop }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db } }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: web, namespace: shop }
spec: { scaleTargetRef: { name: web } }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: gate }
webhooks: [{ name: a.b.c, clientConfig: { service: { name: gate, namespace: shop } } }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.metrics }
spec: { service: { name: metrics, namespace: kube-system } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reads, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: runner }, { kind: User, name: ann }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: front, namespace: shop }
spec:
  gatewayClassName: any
  listeners: [{ name: a, tls: { certificateRefs: [{ name: cert }] } }]
";

#[test]
fn other_kinds_refer_by_their_own_fields() {
    let control = "
for: resource
kinds: ['*']
each: object.references()
fail: 'true'
message: '{{ object.kind }} {{ item.via }} {{ item.group }} {{ item.kind }} {{ item.namespace }}/{{ item.name }}'
";
    let found = evaluate(control, OTHERS).findings.into_iter();
    let found: Vec<_> = found
        .filter_map(|it| Some(it.split_once(": ")?.1.to_owned()))
        .collect();
    assert_eq!(
        found,
        [
            "Ingress class networking.k8s.io IngressClass /nginx",
            "Ingress tls  Secret shop/cert",
            "ServiceAccount secret  Secret shop/runner-token",
            "ServiceAccount imagePullSecret  Secret shop/pull",
            "PersistentVolumeClaim volume  PersistentVolume /disk",
            "PersistentVolumeClaim class storage.k8s.io StorageClass /fast",
            "PersistentVolumeClaim source  PersistentVolumeClaim shop/old",
            "PersistentVolume claim  PersistentVolumeClaim shop/data",
            "StatefulSet service  Service shop/db",
            "StatefulSet class storage.k8s.io StorageClass /fast",
            "HorizontalPodAutoscaler target apps StatefulSet shop/db",
            "ScaledObject target apps Deployment shop/web",
            "ValidatingWebhookConfiguration service  Service shop/gate",
            "APIService service  Service kube-system/metrics",
            "RoleBinding role rbac.authorization.k8s.io ClusterRole /view",
            "RoleBinding subject  ServiceAccount shop/runner",
            "Gateway class gateway.networking.k8s.io GatewayClass /any",
            "Gateway tls  Secret shop/cert",
        ]
    );
}

#[test]
fn users_are_those_who_refer() {
    let manifests = format!(
        "{POD}---\n{OTHERS}---\n{}",
        "\
apiVersion: example.com/v1
kind: Database
metadata: { name: orders, namespace: shop }
spec: { backup: { credentials: { passwordSecretRef: { name: password } } } }
---
apiVersion: v1
kind: Secret
metadata: { name: password, namespace: shop }
---
apiVersion: v1
kind: Secret
metadata: { name: password }
"
    );
    let control = "
for: resource
kinds: [ConfigMap, Secret, ServiceAccount, StatefulSet]
each: '[object.users().map(it, it.kind + \"/\" + it.metadata.name)]'
fail: 'true'
message: '{{ object.kind }}/{{ object.metadata.name }} < {{ item.join(\", \") }}'
";
    let found = evaluate(control, &manifests).findings.into_iter();
    let found: Vec<_> = found
        .filter_map(|it| Some(it.split_once(": ")?.1.to_owned()))
        .collect();
    assert_eq!(
        found,
        [
            "ConfigMap/settings < Pod/web",
            "StatefulSet/db < HorizontalPodAutoscaler/db",
            "ServiceAccount/runner < Pod/web, RoleBinding/reads",
            "StatefulSet/db < ",
            "Secret/password < Database/orders",
            "Secret/password < ",
        ]
    );
}

const SCALED: &str = "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { minReplicas: 2, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: gone }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: gone } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, ownerReferences: [{ apiVersion: example.com/v1, kind: App, name: shop, controller: true }] }
spec:
  template:
    metadata: { labels: { app: web, tier: front } }
    spec: { containers: [{ name: web, image: web:1 }] }
---
apiVersion: example.com/v1
kind: App
metadata: { name: shop }
";

#[test]
fn an_autoscaler_and_its_target_know_each_other() {
    let target = "
for: resource
kinds: [HorizontalPodAutoscaler]
fail: object.target() == null || object.target().metadata.name == 'web'
message: '{{ object.metadata.name }}'
";
    let found = evaluate_complete(target, SCALED);
    assert_eq!(found.findings, ["1: web", "6: gone"]);
    let found = evaluate(target, SCALED);
    assert_eq!((found.failed, found.unknown), (1, 1));
    let autoscalers = "
for: resource
kinds: [Deployment]
fail: object.autoscalers().size() == 1
message: '{{ object.owner().kind }}'
related: [{ role: autoscaler, of: object.autoscalers() }]
";
    let found = evaluate(autoscalers, SCALED);
    assert_eq!(
        found.findings,
        ["11: App (autoscaler HorizontalPodAutoscaler/web)"]
    );
}

/// The budgets whose selector selects the pod of the Deployment above, and how many are undecided.
#[track_caller]
fn selects(selector: &str, expected: Option<bool>) {
    let manifests = format!(
        "{SCALED}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{ name: web }}\n\
         spec: {{ minAvailable: 1, selector: {selector} }}\n"
    );
    let control = "
for: resource
kinds: [PodDisruptionBudget]
fail: object.pods().exists(pod, pod.kind == 'Deployment')
message: X
";
    let found = evaluate_complete(control, &manifests);
    let answer = (found.unknown == 0).then_some(found.failed == 1);
    assert_eq!(answer, expected, "{selector}");
    let inverse = "
for: pod
fail: self.disruptionBudgets().size() == 1
message: X
";
    let found = evaluate_complete(inverse, &manifests);
    assert_eq!(found.failed == 1, expected == Some(true), "{selector}");
}

#[test]
fn a_budget_selects_pods_by_their_labels() {
    selects("{}", Some(true));
    selects("null", Some(false));
    selects("{ matchLabels: { app: web } }", Some(true));
    selects("{ matchLabels: { app: web, tier: back } }", Some(false));
    selects("{ matchLabels: { pod-template-hash: abc } }", None);
    selects(
        "{ matchLabels: { app: api, pod-template-hash: abc } }",
        Some(false),
    );
    selects(
        "{ matchExpressions: [{ key: app, operator: In, values: [api, web] }] }",
        Some(true),
    );
    selects(
        "{ matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }",
        Some(false),
    );
    selects(
        "{ matchExpressions: [{ key: none, operator: NotIn, values: [web] }] }",
        Some(true),
    );
    selects(
        "{ matchExpressions: [{ key: tier, operator: Exists }] }",
        Some(true),
    );
    selects(
        "{ matchExpressions: [{ key: tier, operator: DoesNotExist }] }",
        Some(false),
    );
}

#[test]
fn a_budget_that_selects_nothing_in_a_part_of_a_cluster_is_undecided() {
    let budget = "\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { selector: { matchLabels: { app: web } } }
";
    let control = "
for: resource
kinds: [PodDisruptionBudget]
fail: PODS
message: X
";
    for answer in ["object.pods().size() == 0", "'!object.selectsPods()'"] {
        let control = control.replace("PODS", answer);
        assert_eq!(evaluate(&control, budget).unknown, 1);
        assert_eq!(evaluate_complete(&control, budget).failed, 1);
    }
}

const NODES: &str = "\
apiVersion: v1
kind: Node
metadata: { name: one }
status:
  nodeInfo: { kubeletVersion: v1.31.2 }
  allocatable: { cpu: 1500m, memory: 1Gi }
---
apiVersion: v1
kind: Node
metadata: { name: two }
status:
  nodeInfo: { kubeletVersion: v1.31.2 }
  allocatable: { cpu: 2, memory: 1Gi }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: web:1 }] }
";

#[test]
fn nodes_are_known_together() {
    let control = "
for: resource
kinds: [core/Pod, Node]
fail: object.allocatable('cpu') == 3.5 && object.allocatable('memory') == 2147483648.0
message: '{{ object.kubeletVersions().join(\" \") }} {{ object.siblings().size() }}'
";
    let found = evaluate(control, NODES).findings;
    assert_eq!(found, ["1: v1.31.2 1", "8: v1.31.2 1", "15: v1.31.2 0"]);
    let pod = NODES.rsplit("---\n").next().unwrap();
    let found = evaluate(control, pod);
    assert_eq!((found.failed, found.unknown), (0, 1));
    assert_eq!(
        found.problems,
        ["undecided: control `x` could not decide: no node was scanned"]
    );
}
