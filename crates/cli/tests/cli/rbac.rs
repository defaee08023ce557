//! `seawall rbac`: who can do what, and what changes do to it.

use std::io::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::support::{Folder, Run};

const SHOP: &str = "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ci, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: web
      containers: [{name: web, image: 'registry.example/web:1'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deploy, namespace: shop}
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, create, update]
  - apiGroups: ['']
    resources: [configmaps]
    resourceNames: [settings]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deploy, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deploy}
subjects:
  - {kind: ServiceAccount, name: ci, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web-view}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: watchers}
subjects:
  - {kind: ServiceAccount, name: web, namespace: shop}
  - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: auditors}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: watchers}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: watchers}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: watch-nodes, labels: {to: watchers}}
rules:
  - {apiGroups: [''], resources: [nodes, services], verbs: [get, list, watch]}
  - {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: extra, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: elsewhere}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: unused, namespace: shop}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
";

/// A role that watchers aggregate: whoever is one may now become everybody.
const AGGREGATED: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: watch-identities, labels: {to: watchers}}
rules:
  - apiGroups: ['']
    resources: [users]
    verbs: [impersonate]
";

fn shop(name: &str) -> Folder {
    Folder::new(name).file("shop.yaml", SHOP)
}

fn ask(folder: &Folder, args: &[&str]) -> Run {
    folder.seawall(&[&["rbac"], args].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn who_can_names_everyone_with_the_chain() {
    let folder = shop("rbac-who-can");
    let run = ask(&folder, &["who-can", "list", "svc"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let one = ask(&folder, &["who-can", "get", "cm", "settings", "-n", "shop"]);
    insta::assert_snapshot!(one.stdout);
    // The name may stand before the paths, and paths are told from it.
    let same = ask(
        &folder,
        &["who-can", "get", "cm", "settings", ".", "-n", "shop"],
    );
    assert_eq!(same.stdout, one.stdout);
    let url = ask(&folder, &["who-can", "get", "/metrics"]);
    assert!(url.stdout.contains("group:auditors"), "{}", url.stdout);
}

#[test]
fn who_can_tells_who_could_get_there() {
    let run = ask(
        &shop("rbac-who-can-escalation"),
        &["who-can", "watch", "nodes", "--escalation"],
    );
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn who_can_as_json_and_dot() {
    let folder = shop("rbac-who-can-json");
    let run = ask(
        &folder,
        &["who-can", "list", "services", "--format", "json"],
    );
    insta::assert_snapshot!(run.stdout);
    let dot = ask(&folder, &["who-can", "list", "services", "--format", "dot"]);
    assert!(dot.stdout.starts_with("digraph"), "{}", dot.stdout);
    assert!(dot.stdout.contains("auditors"), "{}", dot.stdout);
}

#[test]
fn can_answers_by_its_exit_code() {
    let folder = shop("rbac-can");
    let can = |args: &[&str]| ask(&folder, &[&["can"], args].concat());
    let yes = can(&["sa:shop/ci", "create", "deployments", "-n", "shop"]);
    insta::assert_snapshot!(yes.stdout);
    assert_eq!(yes.code, 0);
    let somewhere = can(&["ci", "create", "deploy"]);
    assert!(
        somewhere.stdout.starts_with("yes, in shop:"),
        "{}",
        somewhere.stdout
    );
    let no = can(&[
        "system:serviceaccount:shop:ci",
        "delete",
        "deployments",
        "-n",
        "shop",
    ]);
    assert_eq!(
        (no.code, no.stdout.lines().next()),
        (
            1,
            Some("no: sa:shop/ci delete deployments.apps in namespace shop")
        )
    );
    let unknown = can(&["user:ann", "get", "pods", "-n", "shop"]);
    insta::assert_snapshot!(unknown.stdout);
    assert_eq!(unknown.code, 2);
    let complete = can(&["user:ann", "get", "pods", "-n", "shop", "--complete"]);
    assert_eq!(complete.code, 1, "{}", complete.stdout);
    // The role that was not scanned is given in another namespace.
    assert_eq!(can(&["user:ann", "get", "pods", "-n", "bank"]).code, 1);
    assert_eq!(can(&["system:masters", "delete", "nodes"]).code, 0);
}

#[test]
fn mistakes_are_told_with_what_was_meant() {
    let folder = shop("rbac-mistakes");
    let told = |args: &[&str]| {
        let run = ask(&folder, args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        run.stderr
    };
    insta::assert_snapshot!(
        [
            told(&["who-can", "lst", "pods"]),
            told(&["who-can", "get", "secretes"]),
            told(&["who-can", "get", "deployments.batch"]),
            told(&["who-can", "get", "nodes", "-n", "shop"]),
            told(&["who-can", "get", "pods", "a", "b"]),
            told(&["explain", "wep"]),
            told(&["explain", "sa:web-of"]),
            told(&["can", "system:serviceaccount:shop", "get", "pods"]),
            told(&["diff", "shop.yaml"]),
        ]
        .join("\n")
    );
    let unknown = ask(&folder, &["explain", "sa:shop/wep"]);
    insta::assert_snapshot!(unknown.stderr);
    assert_eq!(unknown.code, 0);
}

#[test]
fn a_subject_is_explained() {
    let folder = shop("rbac-explain").file("more.yaml", AGGREGATED);
    let run = ask(&folder, &["explain", "ci"]);
    insta::assert_snapshot!(run.stdout);
    let web = ask(&folder, &["explain", "sa:shop/web", "--format", "json"]);
    let answer = json(&web);
    assert_eq!(answer["stepsToEverything"], 1);
    assert_eq!(answer["runs"][0]["name"], "web");
    let rule = &answer["permissions"][0]["chains"][0];
    assert_eq!(rule["aggregated"]["name"], "watch-nodes");
    assert_eq!(rule["rule"]["location"]["file"], "shop.yaml");
    let ann = ask(&folder, &["explain", "ann"]);
    insta::assert_snapshot!(ann.stdout);
}

#[test]
fn subjects_bindings_and_unused_roles_are_listed() {
    let folder = shop("rbac-list").file("more.yaml", AGGREGATED);
    insta::assert_snapshot!(ask(&folder, &["list"]).stdout);
    let json = json(&ask(
        &folder,
        &[
            "list",
            "--show",
            "subjects",
            "--min-severity",
            "critical",
            "--format",
            "json",
        ],
    ));
    let subjects = json["subjects"].as_array().unwrap();
    let subjects: Vec<&str> = subjects
        .iter()
        .map(|it| it["subject"].as_str().unwrap())
        .collect();
    assert_eq!(
        subjects,
        [
            "group:system:masters",
            "group:auditors",
            "sa:shop/web",
            "sa:shop/ci"
        ]
    );
    assert_eq!(json.get("bindings"), None);
}

#[test]
fn a_change_names_who_gains_through_escalation_too() {
    let folder = Folder::new("rbac-diff")
        .file("base/shop.yaml", SHOP)
        .file("head/shop.yaml", SHOP)
        .file("head/more.yaml", AGGREGATED);
    let diff = |args: &[&str]| ask(&folder, &[&["diff", "base", "head"], args].concat());
    let run = diff(&["--fail-on-gain"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.code, 1);
    assert_eq!(diff(&[]).code, 0);
    insta::assert_snapshot!(diff(&["--format", "markdown"]).stdout);
    let json = json(&diff(&["--format", "json"]));
    let gained = json["gained"].as_array().unwrap();
    let gained: Vec<&str> = gained
        .iter()
        .map(|it| it["subject"].as_str().unwrap())
        .collect();
    assert_eq!(gained, ["group:auditors", "sa:shop/ci", "sa:shop/web"]);
    assert_eq!(json["lost"].as_array().unwrap().len(), 0);
    let back = ask(&folder, &["diff", "head", "base", "--fail-on-gain"]);
    assert!(
        back.stdout
            .starts_with("Permissions from head to base: nobody gains, 3 subjects lose\n"),
        "{}",
        back.stdout
    );
    assert_eq!(back.code, 0);
}

fn git(folder: &Folder, args: &[&str]) {
    let mut command = Command::new("git");
    command
        .current_dir(folder.path())
        .args(["-c", "user.name=A", "-c", "user.email=a@example"]);
    let output = command.args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}");
}

#[test]
fn revisions_are_compared_without_a_checkout() {
    let folder = Folder::new("rbac-diff-git").file("deploy/shop.yaml", SHOP);
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "--message", "shop"]);
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    let folder = folder.file("deploy/more.yaml", AGGREGATED);
    let working_tree = ask(&folder, &["diff", "--git", "main", "deploy"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "--message", "more"]);
    git(&folder, &["switch", "--quiet", "main"]);
    let revisions = ask(&folder, &["diff", "--git", "main..topic", "deploy"]);
    assert!(
        revisions
            .stdout
            .contains("sa:shop/ci\n    can now become cluster-admin:"),
        "{}",
        revisions.stdout
    );
    assert!(
        revisions.stdout.contains("deploy/more.yaml:5"),
        "{}",
        revisions.stdout
    );
    let body = |run: &Run| run.stdout.lines().skip(1).collect::<Vec<_>>().join("\n");
    assert_eq!(body(&working_tree), body(&revisions));
    // The files are as they were.
    assert!(!folder.path().join("deploy/more.yaml").exists());
}

#[test]
fn permissions_are_drawn() {
    let folder = shop("rbac-graph").file("more.yaml", AGGREGATED);
    let svg = ask(&folder, &["graph", "sa:shop/ci", "--depth", "2"]);
    for text in [
        "<svg",
        "deploy",
        "impersonate-users",
        "everything in the cluster",
    ] {
        assert!(svg.stdout.contains(text), "{text}: {}", svg.stdout);
    }
    assert_eq!(
        ask(&folder, &["graph", "sa:shop/ci", "--depth", "2"]).stdout,
        svg.stdout
    );
    insta::assert_snapshot!(ask(&folder, &["graph", "--format", "mermaid"]).stdout);
}

#[test]
fn charts_and_overlays_are_asked_as_they_are_rendered() {
    let binding = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: {{ .Release.Namespace }}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ .Values.role }}}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}]
";
    let folder = Folder::new("rbac-chart")
        .file(
            "chart/Chart.yaml",
            "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        )
        .file("chart/values.yaml", "role: view\n")
        .file("chart/templates/binding.yaml", binding);
    let can = |args: &[&str]| {
        let run = ask(&folder, &[&["can", "ann", "create", "pods"], args].concat());
        (
            run.code,
            run.stdout.lines().next().unwrap_or_default().to_owned(),
        )
    };
    let answer = |word: &str| format!("{word}: user:ann create pods in namespace shop");
    let shop = ["-n", "shop", "chart", "--release-namespace", "shop"];
    assert_eq!(can(&shop), (1, answer("no")));
    assert_eq!(
        can(&[&shop[..], &["--set", "role=edit"]].concat()),
        (0, answer("yes, in shop"))
    );
    let folder = folder
        .file("base/kustomization.yaml", "resources: [shop.yaml]\n")
        .file("base/shop.yaml", SHOP)
        .file("dev/kustomization.yaml", "resources: [../base]\n")
        .file("prod/kustomization.yaml", "resources: [../base]\n");
    let all = ask(&folder, &["list", "dev", "prod"]);
    assert_eq!((all.code, all.stdout.as_str()), (2, ""));
    assert!(
        all.stderr.contains("`dev`, `prod` define the same objects"),
        "{}",
        all.stderr
    );
    assert_eq!(ask(&folder, &["list", "dev"]).code, 0);
}

#[test]
fn what_cannot_be_read_is_told_beside_the_answer() {
    let folder = shop("rbac-problems").file("bad.yaml", "apiVersion: v1\nkind: [\n");
    let run = ask(&folder, &["who-can", "list", "services"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("sa:shop/web"), "{}", run.stdout);
    assert!(
        run.stderr.starts_with("problem: bad.yaml:"),
        "{}",
        run.stderr
    );
    let allowed = ask(
        &folder,
        &["who-can", "list", "services", "--allow-problems"],
    );
    assert_eq!(allowed.code, 0);
}

#[test]
fn names_cannot_move_the_cursor() {
    let yaml = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: \"x\\e[2J`<b>\"}\n\
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n\
                subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: \"evil\\n\\e[31m\"}]\n";
    let folder = Folder::new("rbac-hostile")
        .file("base/a.yaml", "{}\n")
        .file("head/a.yaml", yaml);
    for args in [
        &["who-can", "get", "pods", "head"][..],
        &["list", "head"],
        &["explain", "user:evil\n\u{1b}[31m", "head"],
        &["diff", "base", "head", "--allow-problems"],
        &[
            "diff",
            "base",
            "head",
            "--allow-problems",
            "--format",
            "markdown",
        ],
        &["graph", "head"],
    ] {
        let run = ask(&folder, args);
        assert!(!run.stdout.contains('\u{1b}'), "{args:?}: {}", run.stdout);
    }
}

const REVIEWS: &str = "\
apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
spec:
  user: system:serviceaccount:shop:ci
  resourceAttributes: {verb: update, group: apps, resource: deployments, namespace: shop}
status: {allowed: true}
---
apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
spec:
  user: bob
  groups: [auditors]
  nonResourceAttributes: {verb: get, path: /metrics}
status: {allowed: false}
---
apiVersion: authorization.k8s.io/v1
kind: LocalSubjectAccessReview
metadata: {namespace: shop}
spec:
  user: ann
  resourceAttributes: {verb: get, resource: pods, namespace: shop}
status: {allowed: false}
---
apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
spec:
  groups: ['system:masters']
  resourceAttributes: {verb: delete, resource: nodes}
";

#[test]
fn check_holds_permissions_against_reviews() {
    let folder = shop("rbac-check").file("reviews/all.yaml", REVIEWS);
    let run = ask(&folder, &["check", "reviews", "shop.yaml", "--verbose"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = ask(
        &folder,
        &["check", "reviews", "shop.yaml", "--format", "json"],
    );
    let answer = json(&run);
    assert_eq!(answer["schema"], "seawall.dev/rbac-check/v1");
    assert_eq!(answer["counts"]["failed"], 1);
    let words: Vec<_> = answer["reviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["allowed"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["yes", "yes", "unknown", "yes"]);
    let run = ask(
        &folder,
        &["check", "reviews", "shop.yaml", "--format", "junit"],
    );
    insta::assert_snapshot!("rbac_check_junit", run.stdout);
    roxmltree::Document::parse(&run.stdout).unwrap();
}

#[test]
fn check_says_what_it_could_not_decide_and_what_is_as_expected() {
    let one = |index: usize| REVIEWS.split("---\n").nth(index).unwrap();
    let folder = shop("rbac-check-codes")
        .file("r/met.yaml", one(0))
        .file("r/open.yaml", one(2));
    let run = ask(&folder, &["check", "r/met.yaml", "shop.yaml"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            0,
            "1 as expected, 0 not as expected, 0 could not be decided\n"
        )
    );
    let run = ask(&folder, &["check", "r/open.yaml", "shop.yaml"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stdout.starts_with("COULD NOT DECIDE: r/open.yaml:5:"),
        "{}",
        run.stdout
    );
    let run = ask(
        &folder,
        &["check", "r/open.yaml", "shop.yaml", "--complete"],
    );
    assert_eq!(run.code, 0, "{}", run.stdout);
    // The groups of a user are those of the review, as the API server has it; what a login would add is told.
    let user = "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\n\
                spec: {user: bob, nonResourceAttributes: {verb: get, path: /x}}\nstatus: {allowed: false}\n";
    let granted = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\n\
                   roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n\
                   subjects: [{kind: Group, name: 'system:authenticated', apiGroup: rbac.authorization.k8s.io}]\n";
    let folder = folder
        .file("r/user.yaml", user)
        .file("granted.yaml", granted);
    let run = ask(
        &folder,
        &["check", "r/user.yaml", "granted.yaml", "--verbose"],
    );
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout
            .contains("with the groups that the user's name implies"),
        "{}",
        run.stdout
    );
}

#[test]
fn check_tells_mistakes_at_their_place() {
    let folder = shop("rbac-check-mistakes").file(
        "r/a.yaml",
        &REVIEWS.replace("verb: update", "verbs: update"),
    );
    let run = ask(&folder, &["check", "r", "shop.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("unknown key `verbs`") && run.stderr.contains("r/a.yaml:5:24"),
        "{}",
        run.stderr
    );
    let run = ask(&folder, &["check", "-", "shop.yaml"]);
    assert!(
        run.code == 2 && run.stderr.contains("holds no Kubernetes object"),
        "{}",
        run.stderr
    );
    let run = ask(&folder, &["check", "-", "-"]);
    assert!(run.stderr.contains("can be read once"), "{}", run.stderr);
    let run = ask(&folder, &["check", "shop.yaml", "shop.yaml"]);
    assert!(
        run.stderr.contains("asks for no permission"),
        "{}",
        run.stderr
    );
}

/// An event of a service account in namespace shop.
fn event(account: &str, verb: &str, object: &str, decision: &str) -> String {
    format!(
        "{{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/metrics\",\
         \"verb\":\"{verb}\",\"user\":{{\"username\":\"system:serviceaccount:shop:{account}\"}},{object}\
         \"requestReceivedTimestamp\":\"2026-01-02T03:04:05.000000Z\",\
         \"annotations\":{{\"authorization.k8s.io/decision\":\"{decision}\",\"authorization.k8s.io/reason\":\"as told\"}}}}\n"
    )
}

fn audit_log() -> String {
    let object = |group: &str, resource: &str, name: &str| {
        format!(
            "\"objectRef\":{{\"resource\":\"{resource}\",\"namespace\":\"shop\",\"name\":\"{name}\",\"apiGroup\":\"{group}\"}},"
        )
    };
    [
        event("ci", "get", &object("apps", "deployments", "web"), "allow"),
        event("ci", "get", &object("apps", "deployments", "web"), "allow"),
        event(
            "ci",
            "update",
            &object("apps", "deployments", "web"),
            "allow",
        ),
        event("ci", "list", &object("apps", "deployments", ""), "allow"),
        event("ci", "get", &object("", "secrets", "db"), "forbid"),
        event("ci", "get", "", "allow"),
        event("web", "get", &object("", "configmaps", "settings"), "allow"),
    ]
    .concat()
}

#[test]
fn minimize_makes_the_least_roles_of_an_audit_log() {
    let folder = shop("rbac-minimize").file("audit.jsonl", &audit_log());
    let args = [
        "minimize",
        "sa:shop/ci",
        "shop.yaml",
        "--audit-log",
        "audit.jsonl",
    ];
    let run = ask(&folder, &args);
    insta::assert_snapshot!(run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = ask(
        &folder,
        &[&args[..], &["--fail-on-unused", "--format", "json"]].concat(),
    );
    assert_eq!(run.code, 1);
    let answer = json(&run);
    assert_eq!(answer["schema"], "seawall.dev/rbac-minimize/v1");
    assert_eq!(answer["log"]["own"], 6);
    let states: Vec<_> = answer["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["narrowed", "removed"]);
    // What it makes is all that the account needs, and nothing of it can go.
    let yaml = ask(&folder, &[&args[..], &["--format", "yaml"]].concat()).stdout;
    let folder = Folder::new("rbac-minimize-again")
        .file("least.yaml", &yaml)
        .file("audit.jsonl", &audit_log());
    let run = ask(
        &folder,
        &[
            "minimize",
            "sa:shop/ci",
            "least.yaml",
            "--audit-log",
            "audit.jsonl",
            "--fail-on-unused",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("Nothing of it can go."),
        "{}",
        run.stdout
    );
}

#[test]
fn minimize_without_a_log_takes_out_what_is_never_of_use() {
    let useless = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: odd, namespace: shop}\nrules:\n\
                   - {apiGroups: [''], resources: [nodes, pods, deployments, pods/exec], verbs: [get, list, bind]}\n\
                   - {apiGroups: [widgets.example.com], resources: [widgets], verbs: [get]}\n---\n\
                   apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: odd, namespace: shop}\n\
                   roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: odd}\n\
                   subjects: [{kind: ServiceAccount, name: odd, namespace: shop}]\n";
    let folder = Folder::new("rbac-minimize-no-log").file("a.yaml", useless);
    let run = ask(&folder, &["minimize", "sa:shop/odd"]);
    insta::assert_snapshot!(run.stdout);
    let run = ask(&folder, &["minimize", "sa:shop/odd", "--complete"]);
    assert!(
        run.stdout.contains("(nothing serves the API group)"),
        "{}",
        run.stdout
    );
    // Nobody has the token.
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n\
               spec: {serviceAccountName: odd, automountServiceAccountToken: false, containers: [{name: a, image: a}]}\n";
    let folder = folder.file("pod.yaml", pod);
    let run = ask(&folder, &["minimize", "sa:shop/odd"]);
    assert!(
        run.stdout.contains("No pod that was read has its token."),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("no role takes their place"),
        "{}",
        run.stdout
    );
    let folder = folder.file("pod.yaml", &pod.replace(": false", ": true"));
    let run = ask(&folder, &["minimize", "sa:shop/odd"]);
    assert!(
        !run.stdout.contains("No pod that was read"),
        "{}",
        run.stdout
    );
}

#[test]
fn minimize_tells_what_is_no_event_and_reads_compressed_logs() {
    let folder = shop("rbac-minimize-log").file("audit.jsonl", &(audit_log() + "nothing\n"));
    let args = [
        "minimize",
        "sa:shop/ci",
        "shop.yaml",
        "--audit-log",
        "audit.jsonl",
    ];
    let run = ask(&folder, &args);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("audit.jsonl: line 8 is no audit event"),
        "{}",
        run.stderr
    );
    let run = ask(&folder, &[&args[..], &["--allow-problems"]].concat());
    assert_eq!(run.code, 0);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(audit_log().as_bytes()).unwrap();
    fs_err::write(folder.path().join("audit.gz"), packed.finish().unwrap()).unwrap();
    let plain = ask(&folder, &[&args[..], &["--allow-problems"]].concat()).stdout;
    let run = ask(
        &folder,
        &[
            "minimize",
            "sa:shop/ci",
            "shop.yaml",
            "--audit-log",
            "audit.gz",
        ],
    );
    assert_eq!((run.code, run.stdout), (0, plain));
    let run = ask(
        &folder,
        &[
            "minimize",
            "sa:shop/ci",
            "shop.yaml",
            "--audit-log",
            "none.jsonl",
        ],
    );
    assert!(
        run.code == 2 && run.stderr.contains("cannot read the audit log"),
        "{}",
        run.stderr
    );
}
