//! `seawall scan --git-changed`: what a branch touches, and what refers to it.

use crate::support::{Folder, Run};

fn workload(name: &str, account: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: a}}\nspec:\n  \
         selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      \
         serviceAccountName: {account}\n      hostNetwork: true\n      containers: [{{name: {name}, image: \"example/{name}:1\"}}]\n{more}"
    )
}

fn named(kind: &str, version: &str, name: &str, rest: &str) -> String {
    format!(
        "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: a}}\n{rest}\n"
    )
}

/// A repository with two workloads, their accounts, a role, a binding and a service, all committed.
fn repository(name: &str) -> Folder {
    let folder = Folder::new(name)
        .file("web.yaml", &workload("web", "web", ""))
        .file("db.yaml", &workload("db", "db", ""))
        .file("accounts.yaml", &named("ServiceAccount", "v1", "web", ""))
        .file(
            "more-accounts.yaml",
            &named("ServiceAccount", "v1", "db", ""),
        )
        .file(
            "role.yaml",
            &named(
                "Role",
                "rbac.authorization.k8s.io/v1",
                "reader",
                "rules: []",
            ),
        )
        .file(
            "binding.yaml",
            &named(
                "RoleBinding",
                "rbac.authorization.k8s.io/v1",
                "reader",
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\n\
                 subjects: [{kind: ServiceAccount, name: web, namespace: a}]",
            ),
        )
        .file(
            "service.yaml",
            &named(
                "Service",
                "v1",
                "db",
                "spec: {selector: {app: db}, ports: [{port: 80}]}",
            ),
        )
        .file(".gitignore", "ignored.yaml\n");
    folder.git(&["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder);
    folder
}

fn commit(folder: &Folder) {
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", "a change"]);
}

fn scan(folder: &Folder, base: &str) -> Run {
    let arguments = [
        "scan",
        "--git-changed",
        base,
        "--control",
        "host-network",
        "--format",
        "csv",
    ];
    folder.seawall(&arguments)
}

/// The files that findings are in.
fn files(run: &Run) -> Vec<&str> {
    let names = ["web.yaml", "db.yaml", "new.yaml", "ignored.yaml"];
    let found = names.into_iter();
    found.filter(|name| run.stdout.contains(name)).collect()
}

#[test]
fn nothing_touched_is_nothing_found() {
    let run = scan(&repository("changed-nothing"), "main");
    assert_eq!(
        (run.code, files(&run)),
        (0, vec![]),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn commits_uncommitted_and_new_files_count() {
    let folder = repository("changed-all");
    folder.git(&["checkout", "--quiet", "-b", "topic"]);
    let folder = folder.file("web.yaml", &workload("web", "web", "# committed\n"));
    commit(&folder);
    assert_eq!(files(&scan(&folder, "main")), ["web.yaml"]);
    let folder = folder
        .file("db.yaml", &workload("db", "db", "# not committed\n"))
        .file("new.yaml", &workload("new", "new", ""))
        .file("ignored.yaml", &workload("ignored", "ignored", ""));
    let run = scan(&folder, "main");
    assert_eq!(
        (run.code, files(&run)),
        (1, vec!["web.yaml", "db.yaml", "new.yaml"])
    );
    assert_eq!(files(&scan(&folder, "HEAD")), ["db.yaml", "new.yaml"]);
}

#[test]
fn what_the_base_has_since_is_not_this_branch() {
    let folder = repository("changed-parted");
    folder.git(&["checkout", "--quiet", "-b", "topic"]);
    let folder = folder.file("web.yaml", &workload("web", "web", "# topic\n"));
    commit(&folder);
    folder.git(&["checkout", "--quiet", "main"]);
    let folder = folder.file("db.yaml", &workload("db", "db", "# main\n"));
    commit(&folder);
    folder.git(&["checkout", "--quiet", "topic"]);
    assert_eq!(files(&scan(&folder, "main")), ["web.yaml"]);
}

#[test]
fn pods_depend_on_roles_through_bindings_and_on_services_by_labels() {
    let folder = repository("changed-related");
    let rules = "rules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]";
    let role = named("Role", "rbac.authorization.k8s.io/v1", "reader", rules);
    let folder = folder.file("role.yaml", &role);
    assert_eq!(files(&scan(&folder, "HEAD")), ["web.yaml"]);
    folder.git(&["checkout", "--quiet", "."]);
    let spec = "spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 80}]}";
    let folder = folder.file("service.yaml", &named("Service", "v1", "db", spec));
    assert_eq!(files(&scan(&folder, "HEAD")), ["db.yaml"]);
}

#[test]
fn exceptions_of_what_is_not_looked_at_are_not_unused() {
    let exception = "# seawall: ignore[privileged-container] not privileged at all\n";
    let folder = repository("changed-exceptions");
    let folder = folder.file(
        "db.yaml",
        &format!("{exception}{}", workload("db", "db", "")),
    );
    commit(&folder);
    let run = folder.seawall(&["scan", "--git-changed", "HEAD", "--fail-on-unknown"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn values_and_bases_touch_what_they_decide() {
    let kustomization = "resources: [../base]\nnameSuffix: -one\n";
    let other = "resources: [other.yaml]\n";
    let folder = Folder::new("changed-rendered")
        .file("base/web.yaml", &workload("web", "web", ""))
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("one/kustomization.yaml", kustomization)
        .file("two/kustomization.yaml", other)
        .file("two/other.yaml", &workload("other", "other", ""));
    folder.git(&["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder);
    let folder = folder.file("base/web.yaml", &workload("web", "web", "# touched\n"));
    let run = scan(&folder, "HEAD");
    assert!(run.stdout.contains("base/web.yaml"), "{}", run.stdout);
    assert!(!run.stdout.contains("two/other.yaml"), "{}", run.stdout);
}

#[test]
fn an_unknown_base_is_a_mistake_with_a_hint() {
    let run = scan(&repository("changed-unknown"), "nowhere");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("git knows no revision `nowhere`"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("shallow"), "{}", run.stderr);
}
