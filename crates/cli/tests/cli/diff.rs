//! `seawall diff`: folders, reports and revisions.

use serde_json::Value;

use crate::support::{Folder, Run};

fn pod(name: &str, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: shop\nspec:\n{more}  containers:\n    - name: a\n      image: registry.example.com/a:1.0\n      securityContext:\n        allowPrivilegeEscalation: false\n"
    )
}

/// Without and with what the tests look for.
fn fine() -> String {
    pod("web", "")
}

fn bad() -> String {
    pod("web", "  hostNetwork: true\n")
}

/// Only what the tests look for runs.
const ONLY: [&str; 3] = ["--control", "host-network,host-pid", "--no-config"];

fn diff(folder: &Folder, args: &[&str]) -> Run {
    folder.seawall(&[&["diff"], args, &ONLY].concat())
}

/// Change and control of each finding.
fn changes(run: &Run) -> Vec<(String, String)> {
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|it| (text(it, "change"), text(it, "control")))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let expected = expected.iter();
    expected
        .map(|(change, control)| ((*change).to_owned(), (*control).to_owned()))
        .collect()
}

#[test]
fn two_folders_are_compared() {
    let folder = Folder::new("diff-folders")
        .file("old/a.yaml", &bad())
        .file("old/gone.yaml", &pod("gone", "  hostPID: true\n"))
        .file("new/moved/b.yaml", &format!("# moved\n---\n{}", bad()))
        .file("new/more.yaml", &pod("more", "  hostPID: true\n"));
    let run = diff(&folder, &["old", "new"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    let run = diff(&folder, &["old", "./new/", "--verbose"]);
    assert!(
        run.stdout.contains("= new/moved/b.yaml:9:"),
        "{}",
        run.stdout
    );
}

#[test]
fn new_findings_end_with_1_where_that_is_asked_for() {
    let folder = Folder::new("diff-exit")
        .file("old.yaml", &fine())
        .file("new.yaml", &bad());
    let code = |more: &[&str]| diff(&folder, &[&["old.yaml", "new.yaml"], more].concat()).code;
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--fail-on-new"]), 1);
    assert_eq!(code(&["--fail-on-new=high"]), 1);
    assert_eq!(code(&["--fail-on-new=critical"]), 0);
    let fixed = diff(&folder, &["new.yaml", "old.yaml", "--fail-on-new"]);
    assert_eq!(fixed.code, 0, "{}", fixed.stdout);
}

#[test]
fn reports_are_compared_with_each_other_and_with_files() {
    let folder = Folder::new("diff-reports")
        .file("old.yaml", &fine())
        .file("new.yaml", &bad());
    for (file, report) in [("old.yaml", "old.json"), ("new.yaml", "new.json")] {
        let scan = ["scan", file, "--output", report, "--quiet"];
        folder.seawall(&[&scan, &ONLY[..]].concat());
    }
    for (base, head) in [
        ("old.json", "new.json"),
        ("old.json", "new.yaml"),
        ("old.yaml", "new.json"),
    ] {
        let run = diff(&folder, &[base, head, "--format", "json"]);
        assert_eq!(
            changes(&run),
            pairs(&[("new", "host-network")]),
            "{base} {head}"
        );
    }
    let run = diff(&folder, &["old.json", "new.json", "--format", "pretty"]);
    assert!(
        run.stdout.contains("= fix: Remove `hostNetwork: true`"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_report_of_something_else_is_a_mistake() {
    let folder = Folder::new("diff-schema")
        .file("a.yaml", &fine())
        .file("v9.json", "{ \"schema\": \"seawall.dev/report/v9\" }")
        .file(
            "cut.json",
            "{ \"schema\": \"seawall.dev/report/v1\", \"tool\": ",
        );
    let run = diff(&folder, &["v9.json", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: cannot read the report v9.json: its `schema` is `seawall.dev/report/v9`, not `seawall.dev/report/v1`\n"
    );
    let run = diff(&folder, &["cut.json", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("EOF while parsing"), "{}", run.stderr);
}

#[test]
fn input_that_is_lost_in_the_head_is_not_fixed() {
    let folder = Folder::new("diff-lost")
        .file("old/a.yaml", &bad())
        .file("new/a.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n");
    let run = diff(&folder, &["old", "new", "--format", "json"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(changes(&run), pairs(&[("not-evaluated", "host-network")]));
    let back = diff(&folder, &["new", "old", "--format", "json"]);
    assert_eq!(
        back.code, 0,
        "what was lost in the base makes the head no less complete"
    );
}

#[test]
fn exceptions_of_each_side_hold_there() {
    let accept =
        "exceptions:\n  - control: host-network\n    reason: it routes\n    paths: [a.yaml]\n";
    let folder = Folder::new("diff-exceptions")
        .file("old/a.yaml", &bad())
        .file("new/a.yaml", &bad())
        .file("new/seawall.yaml", accept);
    let run = folder.seawall(&["diff", "old", "new", "--control", "host-network"]);
    assert!(
        run.stdout.contains("~ new/a.yaml:7:16: high host-network")
            && run.stdout.contains("accepted: it routes"),
        "{}",
        run.stdout
    );
    let back = folder.seawall(&[
        "diff",
        "new",
        "old",
        "--control",
        "host-network",
        "--fail-on-new",
    ]);
    assert_eq!(
        back.code, 1,
        "an exception that is gone accepts nothing: {}",
        back.stdout
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = Folder::new("diff-usage").file("a.yaml", &fine());
    let check = |args: &[&str], text: &str| {
        let run = diff(&folder, args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.stderr.contains(text), "{args:?}\n{}", run.stderr);
    };
    check(&["a.yaml"], "a comparison takes two files");
    check(
        &["a.yaml", "a.yaml", "a.yaml"],
        "a comparison takes two files",
    );
    check(&["a.yaml", "nowhere"], "there is no nowhere");
    check(
        &["a.yaml", "a.yaml", "--baseline", "b.json"],
        "`--baseline` is for `seawall scan`",
    );
    check(
        &["a.yaml", "a.yaml", "--fail-on", "low"],
        "`--fail-on` is for `seawall scan`",
    );
}

/// A repository with a commit for each state of a file.
fn repository(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.git(&["init", "--quiet", "--initial-branch", "main"]);
    folder
}

fn commit(folder: &Folder, message: &str) {
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", message]);
}

#[test]
fn revisions_are_read_without_touching_the_working_tree() {
    let folder = repository("diff-git")
        .file("deploy/a.yaml", &fine())
        .file("notes.txt", "x");
    commit(&folder, "first");
    let folder = folder.file("deploy/a.yaml", &bad());
    commit(&folder, "second");
    // Half done, and neither of the revisions.
    let folder = folder.file("deploy/a.yaml", &pod("web", "  hostPID: true\n"));
    let status = folder.git(&["status", "--porcelain"]);
    let index = folder.read_bytes(".git/index");

    let run = diff(&folder, &["--git", "main~1..main", "--format", "json"]);
    assert_eq!(
        changes(&run),
        pairs(&[("new", "host-network")]),
        "{}",
        run.stderr
    );
    let file = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(file["findings"][0]["location"]["file"], "deploy/a.yaml");
    assert_eq!(file["base"]["name"], "main~1");

    let run = diff(&folder, &["--git", "main", "deploy", "--format", "json"]);
    let expected = [("new", "host-pid"), ("fixed", "host-network")];
    assert_eq!(changes(&run), pairs(&expected), "with the working tree");

    let run = folder.below("deploy").seawall(
        &[
            &["diff", "--git", "main~1..", "--format", "json"],
            &ONLY[..],
        ]
        .concat(),
    );
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        json["findings"][0]["location"]["file"], "a.yaml",
        "from a folder below"
    );

    assert_eq!(folder.git(&["status", "--porcelain"]), status);
    assert_eq!(folder.read_bytes(".git/index"), index);
}

#[test]
fn three_dots_compare_with_where_the_branch_began() {
    let folder = repository("diff-git-dots").file("a.yaml", &fine());
    commit(&folder, "first");
    folder.git(&["branch", "topic"]);
    let folder = folder.file("a.yaml", &bad());
    commit(&folder, "main goes on");
    folder.git(&["checkout", "--quiet", "topic"]);
    let folder = folder.file("b.yaml", &pod("topic", "  hostPID: true\n"));
    commit(&folder, "topic");
    let two = diff(&folder, &["--git", "main..topic", "--format", "json"]);
    assert_eq!(
        changes(&two),
        pairs(&[("new", "host-pid"), ("fixed", "host-network")])
    );
    let three = diff(&folder, &["--git", "main...topic", "--format", "json"]);
    assert_eq!(changes(&three), pairs(&[("new", "host-pid")]));
}

#[test]
fn the_configuration_of_each_revision_is_the_one_in_it() {
    let accept = "exceptions:\n  - control: host-network\n    reason: it routes\n";
    let folder = repository("diff-git-config").file("a.yaml", &bad());
    commit(&folder, "first");
    let folder = folder.file("seawall.yaml", accept);
    commit(&folder, "accepted");
    let run = folder.seawall(&["diff", "--git", "HEAD~1..HEAD", "--control", "host-network"]);
    assert!(
        run.stdout.contains("accepted: it routes (seawall.yaml:2)"),
        "{}\n{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn what_git_does_not_know_is_a_mistake() {
    let folder = repository("diff-git-unknown").file("a.yaml", &fine());
    commit(&folder, "first");
    for range in ["nowhere..HEAD", "HEAD..nowhere", "--upload-pack=x..HEAD"] {
        let run = diff(&folder, &[&format!("--git={range}")]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("git knows no revision"),
            "{}",
            run.stderr
        );
    }
    let nowhere = Folder::outside_of_git("diff-no-git");
    let run = diff(&nowhere, &["--git", "HEAD"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no git repository"), "{}", run.stderr);
    fs_err::remove_dir_all(nowhere.path()).unwrap();
}

#[cfg(unix)]
#[test]
fn links_of_a_tree_do_not_lead_out_of_it() {
    let folder = repository("diff-git-links").file("a.yaml", &fine());
    let secret = Folder::new("diff-git-secret").file("secret.yaml", &bad());
    let target = format!("{}/secret.yaml", secret.path().display());
    folder.link("absolute.yaml", &target);
    folder.link("up.yaml", "../diff-git-secret/secret.yaml");
    folder.link(
        "chart/templates/up.yaml",
        "../../../diff-git-secret/secret.yaml",
    );
    let folder = folder.file(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: a\nversion: 1.0.0\n",
    );
    commit(&folder, "first");
    let folder = folder.file("b.yaml", &pod("b", "  hostPID: true\n"));
    commit(&folder, "second");
    let run = diff(
        &folder,
        &[
            "--git",
            "HEAD~1..HEAD",
            ".",
            "absolute.yaml",
            "up.yaml",
            "--format",
            "json",
        ],
    );
    assert_eq!(
        changes(&run),
        pairs(&[("new", "host-pid")]),
        "{}",
        run.stderr
    );
}

#[test]
fn every_format_tells_what_is_new() {
    let folder = Folder::new("diff-formats")
        .file("old.yaml", &fine())
        .file("new.yaml", &bad());
    for format in [
        "pretty", "table", "json", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html",
    ] {
        let run = diff(&folder, &["old.yaml", "new.yaml", "--format", format]);
        assert_eq!(run.code, 0, "{format}: {}", run.stderr);
        assert!(
            run.stdout.contains("host-network"),
            "{format}:\n{}",
            run.stdout
        );
    }
    let run = diff(&folder, &["old.yaml", "new.yaml", "--format", "summary"]);
    assert_eq!(
        run.stdout,
        "\n1 new, 0 fixed, 0 unchanged from old.yaml to new.yaml (1 high)\n"
    );
    diff(
        &folder,
        &[
            "old.yaml", "new.yaml", "--output", "d.sarif", "--output", "d.html",
        ],
    );
    assert!(
        folder
            .read("d.sarif")
            .contains("\"baselineState\": \"new\"")
    );
    assert!(folder.read("d.html").starts_with("<!DOCTYPE html>"));
}
