//! `seawall controls`: controls of one's own, and policies of the API server.

use fs_err as fs;

use crate::support::Folder;

#[test]
fn a_new_control_passes_its_test_and_runs() {
    let folder = Folder::new("controls-new");
    let run = folder.seawall(&["controls", "new", "team/unpinned-base"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = folder.seawall(&["controls", "test", "controls", "--verbose"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 of 1 controls"), "{}", run.stdout);
    assert!(run.stdout.contains("fail.yaml:"), "{}", run.stdout);
    let scan = [
        "scan",
        "controls/team/unpinned-base/fail.yaml",
        "--controls",
        "controls",
        "--control",
        "unpinned-base",
        "--fail-on",
        "low",
    ];
    let run = folder.seawall(&scan);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("unpinned-base"), "{}", run.stdout);
}

#[test]
fn a_control_that_does_not_what_its_files_say_fails() {
    let folder = Folder::new("controls-test");
    folder.seawall(&["controls", "new", "team/wrong"]);
    let pass = folder.read("controls/team/wrong/pass.yaml");
    let more = "      securityContext:\n        privileged: true\n";
    let folder = folder.file("controls/team/wrong/pass.yaml", &format!("{pass}{more}"));
    let run = folder.seawall(&["controls", "test", "controls"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("pass.yaml"), "{}", run.stdout);
    assert!(run.stdout.contains("0 of 1 controls"), "{}", run.stdout);
}

#[test]
fn a_mistake_in_an_expression_is_told_at_its_place() {
    let folder = Folder::new("controls-mistake");
    folder.seawall(&["controls", "new", "team/wrong"]);
    let file = "controls/team/wrong/control.yaml";
    let text = folder
        .read(file)
        .replace("self.?securityContext", "slef.?securityContext");
    let folder = folder.file(file, &text);
    let run = folder.seawall(&["controls", "test", "controls"]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("control.yaml:10:7"), "{}", run.stderr);
}

#[test]
fn names_that_cannot_be_are_told() {
    let folder = Folder::new("controls-names");
    for name in ["justone", "team/Upper", "team/a-b-c-d-e", "../out", "team/"] {
        let run = folder.seawall(&["controls", "new", name]);
        assert_eq!(run.code, 2, "{name}");
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
    }
    let run = folder.seawall(&["controls", "test", "."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no control.yaml"), "{}", run.stderr);
}

#[test]
fn a_control_becomes_a_policy_and_its_binding() {
    let folder = Folder::new("controls-export");
    let run = folder.seawall(&[
        "controls",
        "export",
        "--control",
        "privileged-container",
        "--action",
        "warn,audit",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn what_looks_beyond_its_object_is_named_with_the_reason() {
    let folder = Folder::new("controls-refused");
    let run = folder.seawall(&["controls", "export", "--control", "service-account-unused"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("0 policies"), "{}", run.stderr);
    let reason = run
        .stderr
        .lines()
        .find(|line| line.starts_with("not exported, because"));
    assert!(
        reason.unwrap().ends_with(": service-account-unused"),
        "{}",
        run.stderr
    );
}

#[test]
fn each_policy_can_be_a_file() {
    let folder = Folder::new("controls-export-files");
    let run = folder.seawall(&[
        "controls",
        "export",
        "--profile",
        "all",
        "--output",
        "policies",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let count = fs::read_dir(folder.path().join("policies"))
        .unwrap()
        .count();
    assert!(count >= 100, "{count}: {}", run.stderr);
    // What was exported is Kubernetes, and as such is scanned without a problem.
    let run = folder.seawall(&["scan", "policies", "--fail-on", "none"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

/// The first block of a page in a language.
fn block(page: &str, contains: &str) -> String {
    let blocks = page.split("```").skip(1).step_by(2);
    let mut found = blocks.filter(|block| block.contains(contains));
    let (_, text) = found.next().unwrap().split_once('\n').unwrap();
    text.to_owned()
}

#[test]
fn the_tutorial_holds() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/controls/own.md");
    let page = fs::read_to_string(page).unwrap();
    let pod = |image: &str, mark: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - name: web\n      image: {image}{mark}\n"
        )
    };
    let control = "controls/team/image-from-elsewhere";
    let folder = Folder::new("controls-tutorial")
        .file(
            &format!("{control}/control.yaml"),
            &block(&page, "id: image-from-elsewhere"),
        )
        .file(
            &format!("{control}/fail.yaml"),
            &pod("docker.io/library/nginx:1", " # finding"),
        )
        .file(
            &format!("{control}/pass.yaml"),
            &pod("registry.example.com/web:1", ""),
        )
        .file("seawall.yaml", &block(&page, "controls-dirs:"))
        .file("web.yaml", &pod("registry.example.org/web:1", ""))
        .file("db.yaml", &pod("registry.example.com/db:1", ""));
    let run = folder.seawall(&["controls", "test", "controls"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let run = folder.seawall(&[
        "scan",
        "web.yaml",
        "db.yaml",
        "--control",
        "image-from-elsewhere",
    ]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("db.yaml"), "{}", run.stdout);
    assert!(!run.stdout.contains("web.yaml:"), "{}", run.stdout);
}
