//! `cargo xtask new-control GROUP/ID`: a folder that loads, fails its own test, and says what to fill in.

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use crate::workspace::{root, say};

const CONTROL: &str = "\
id: ID
title: Say what is wrong, in one line
severity: medium
profile: strict
tags: [pod-security]
why: >-
  Say what an attacker could do, or what breaks.
remediation: Say what to change.
for: container
fail: self.?securityContext.?privileged.orValue(false) == true
at: [securityContext.privileged]
message: \"'privileged: true' in container '{{ self.name }}'\"
aliases: {}
references: [https://kubernetes.io/docs/]
";

const FAIL: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: fails
spec:
  containers:
    - name: main
      image: registry.example/app:1.2.3
      securityContext:
        privileged: true # finding
";

const PASS: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: passes
spec:
  containers:
    - name: main
      image: registry.example/app:1.2.3
";

pub(crate) fn run(name: &str) -> Result<()> {
    let (group, id) = name
        .split_once('/')
        .context("the name is GROUP/ID, such as workload/host-pid")?;
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    ensure!(
        is_word(group) && is_word(id),
        "group and id are kebab-case words"
    );
    ensure!(
        id.split('-').count() <= 4,
        "an id has at most four words: it names the bad pattern"
    );
    let folder = root().join("controls").join(group).join(id);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("control.yaml"),
        CONTROL.replace("id: ID", &format!("id: {id}")),
    )?;
    fs::write(folder.join("fail.yaml"), FAIL)?;
    fs::write(folder.join("pass.yaml"), PASS)?;
    say(&format!(
        "controls/{name}: fill in control.yaml, fail.yaml and pass.yaml, then\n  cargo run -p engine --example control_test -- controls/{name}"
    ));
    Ok(())
}
