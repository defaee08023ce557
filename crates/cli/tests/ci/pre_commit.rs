//! The hook, run by pre-commit itself in a repository with the definition of this one.

use std::path::Path;
use std::process::{Command, Output};

use fs_err as fs;

use crate::mirror::{folder, root};

const CLEAN: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  colour: blue
";

const PRIVILEGED: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
      securityContext:
        privileged: true
";

/// Runs a program with the built `seawall` on the path, and pre-commit's own files in the folder.
fn run(folder: &Path, program: &str, args: &[&str]) -> Output {
    let built = Path::new(env!("CARGO_BIN_EXE_seawall")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(built.to_owned()).chain(std::env::split_paths(&path));
    Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("PRE_COMMIT_HOME", folder.join("../home"))
        .env_remove("GIT_DIR")
        .output()
        .unwrap()
}

fn git(folder: &Path, args: &[&str]) -> Output {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    run(folder, "git", &[&who, args].concat())
}

fn must(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Commits a file; whether that went through, and what was printed.
fn commit(folder: &Path, name: &str, text: &str) -> (bool, String) {
    fs::write(folder.join(name), text).unwrap();
    must(&git(folder, &["add", name]));
    let output = git(folder, &["commit", "-m", name]);
    let printed = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&printed).into_owned(),
    )
}

#[test]
#[ignore = "needs git and pre-commit"]
fn the_hook_stops_a_commit_with_findings() {
    let place = folder("pre-commit");
    let (hooks, work) = (place.join("hooks"), place.join("work"));
    fs::create_dir_all(&hooks).unwrap();
    fs::create_dir_all(&work).unwrap();
    let definition = ".pre-commit-hooks.yaml";
    fs::copy(root().join(definition), hooks.join(definition)).unwrap();
    for args in [
        &["init", "-q", "."][..],
        &["add", "."],
        &["commit", "-q", "-m", "hooks"],
        &["tag", "v0.1.0"],
    ] {
        must(&git(&hooks, args));
    }
    must(&git(&work, &["init", "-q", "."]));
    let config = format!(
        "repos:\n  - repo: {}\n    rev: v0.1.0\n    hooks:\n      - id: seawall\n",
        hooks.display()
    );
    fs::write(work.join(".pre-commit-config.yaml"), config).unwrap();
    fs::write(work.join("settings.yaml"), CLEAN).unwrap();
    must(&git(&work, &["add", "."]));
    must(&git(&work, &["commit", "-q", "-m", "first"]));
    must(&run(&work, "python3", &["-m", "pre_commit", "install"]));

    let (went_through, printed) = commit(&work, "web.yaml", PRIVILEGED);
    assert!(!went_through, "{printed}");
    assert!(
        printed.contains("web.yaml:11:") && printed.contains("privileged-container"),
        "{printed}"
    );
    let fixed = PRIVILEGED.replace("privileged: true", "privileged: false");
    let (went_through, printed) = commit(&work, "web.yaml", &fixed);
    assert!(went_through && printed.contains("Passed"), "{printed}");
    let (went_through, printed) = commit(&work, "README", "text\n");
    assert!(went_through && printed.contains("Skipped"), "{printed}");
}
