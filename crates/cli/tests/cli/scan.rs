//! `seawall scan` as a user meets it: exit codes, outputs, exceptions, baselines, configuration.

use serde_json::Value;

use crate::support::{Folder, Run};

const PRIVILEGED: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: nginx
      image: nginx:1.29.3
      securityContext:
        privileged: true
";

const CLEAN: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";

/// The scan of one control, which finds one thing in `PRIVILEGED`.
const ONE: &[&str] = &[
    "scan",
    ".",
    "--control",
    "privileged-container",
    "--date",
    "2026-11-23",
];

fn one(folder: &Folder, more: &[&str]) -> Run {
    folder.seawall(&[ONE, more].concat())
}

fn json(folder: &Folder, more: &[&str]) -> Value {
    let run = one(folder, &[more, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_clean_scan_exits_with_0() {
    let folder = Folder::new("clean").file("a.yaml", CLEAN);
    assert_eq!(one(&folder, &[]).code, 0);
}

#[test]
fn a_complete_scan_knows_what_does_not_exist() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  runtimeClassName: gvisor\n  \
               containers:\n    - name: web\n      image: web:1\n";
    let folder = Folder::new("complete").file("a.yaml", pod);
    let scan = |more: &[&str]| {
        let flags = [
            "scan",
            ".",
            "--control",
            "pod-class-dangling",
            "--fail-on",
            "low",
        ];
        folder.seawall(&[&flags[..], more].concat()).code
    };
    assert_eq!(scan(&[]), 0);
    assert_eq!(scan(&["--complete"]), 1);
}

#[test]
fn an_empty_path_is_not_this_folder() {
    let folder = Folder::new("empty-path").file("a.yaml", CLEAN);
    assert_eq!(folder.seawall(&["scan", ""]).code, 2);
}

#[test]
fn findings_exit_with_1_from_the_threshold_on() {
    let folder = Folder::new("threshold").file("a.yaml", PRIVILEGED);
    for (flags, code) in [
        (&[][..], 1),
        (&["--fail-on", "critical"], 1),
        (&["--fail-on", "low"], 1),
        (&["--fail-on", "none"], 0),
    ] {
        assert_eq!(one(&folder, flags).code, code, "{flags:?}");
    }
}

#[test]
fn lost_input_exits_with_2_even_with_findings() {
    let folder = Folder::new("lost")
        .file("a.yaml", PRIVILEGED)
        .file("b.yaml", "kind: Pod\nspec: [\n");
    for (flags, code) in [
        (&[][..], 2),
        (&["--allow-problems"], 1),
        (&["--allow-problems=yaml-syntax"], 1),
        (&["--allow-problems=unreadable"], 2),
        (&["--allow-problems=unreadable,yaml-syntax"], 1),
        (&["--allow-problems", "--fail-on", "none"], 0),
    ] {
        assert_eq!(one(&folder, flags).code, code, "{flags:?}");
    }
    assert!(
        one(&folder, &[]).stdout.contains("privileged-container"),
        "the rest is scanned"
    );
}

#[test]
fn bad_usage_exits_with_2() {
    let folder = Folder::new("usage").file("a.yaml", CLEAN);
    for args in [
        &["scan", "--fail-on", "awful"][..],
        &["scan", "--no-such-flag"],
        &["scan", "--control", "privileged-contaner"],
        &["scan", "--framework", "pss-basline"],
        &["scan", "--format", "toml"],
        &["scan", "--date", "soon"],
        &["scan", "--allow-problems=yaml-sytax"],
        &["scan", "--output", "report"],
        &["scan", "--baseline", "missing.json"],
        &["scan", "--config", "missing.yaml"],
        &["scan", "missing.yaml"],
        &["explain", "privileged-contaner"],
        &["fly"],
    ] {
        assert_eq!(folder.seawall(args).code, 2, "{args:?}");
    }
    let run = folder.seawall(&["scan", "--control", "privileged-contaner"]);
    assert!(
        run.stderr.contains("did you mean `privileged-container`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn standard_input_is_scanned() {
    let folder = Folder::new("stdin");
    let run = folder.seawall_with_input(
        &["scan", "-", "--control", "privileged-container"],
        PRIVILEGED,
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("<stdin>:10"), "{}", run.stdout);
}

#[test]
fn reports_go_where_the_user_says() {
    let folder = Folder::new("outputs").file("a.yaml", PRIVILEGED);
    let run = one(&folder, &["--format", "json", "--output", "r.out"]);
    assert_eq!(run.stdout, "");
    assert!(folder.read("r.out").starts_with('{'));
    let run = one(&folder, &["--output", "r.sarif", "-o", "gitlab=r.json"]);
    assert!(
        run.stdout.contains("privileged-container"),
        "standard output keeps the table"
    );
    assert!(folder.read("r.sarif").contains("2.1.0"));
    assert!(folder.read("r.json").starts_with('['));
    let run = one(&folder, &["--quiet"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (1, "", "")
    );
}

#[test]
fn problems_are_told_when_the_report_goes_to_a_file() {
    let folder = Folder::new("told").file("b.yaml", "kind: Pod\nspec: [\n");
    let run = one(&folder, &["--format", "json", "--output", "r.json"]);
    assert!(run.stderr.contains("problem: b.yaml:"), "{}", run.stderr);
}

#[test]
fn threads_do_not_change_a_byte() {
    let mut folder = Folder::new("threads");
    for index in 0..40 {
        folder = folder.file(&format!("{index}.yaml"), PRIVILEGED);
    }
    let scan = |threads| {
        let args = [
            "scan",
            ".",
            "--profile",
            "all",
            "--format",
            "json",
            "--threads",
            threads,
        ];
        folder.seawall(&args).stdout
    };
    assert_eq!(scan("1"), scan("2"));
}

#[test]
fn a_baseline_takes_known_findings_out() {
    let folder = Folder::new("baseline").file("a.yaml", PRIVILEGED);
    assert_eq!(
        one(
            &folder,
            &["--write-baseline", "known.json", "--fail-on", "none"]
        )
        .code,
        0
    );
    let known: Value = serde_json::from_str(&folder.read("known.json")).unwrap();
    assert_eq!(known["schema"], "seawall.dev/baseline/v1");
    assert_eq!(known["findings"][0]["control"], "privileged-container");
    assert_eq!(known["findings"][0]["resource"], "Pod web");

    assert_eq!(one(&folder, &["--baseline", "known.json"]).code, 0);
    let moved = Folder::new("baseline-moved")
        .file("sub/b.yaml", &format!("# moved\n\n{PRIVILEGED}"))
        .file("known.json", &folder.read("known.json"));
    assert_eq!(
        json(&moved, &["--baseline", "known.json"])["findings"][0]["state"],
        "baselined"
    );

    let second = PRIVILEGED.replace("name: web", "name: other");
    let folder = moved.file("c.yaml", &second);
    assert_eq!(one(&folder, &["--baseline", "known.json"]).code, 1);
}

#[test]
fn exceptions_take_findings_out_and_say_why() {
    let text = PRIVILEGED.replace(
        "privileged: true",
        "privileged: true # seawall: ignore[privileged-container] it is a test",
    );
    let folder = Folder::new("excepted").file("a.yaml", &text);
    assert_eq!(one(&folder, &[]).code, 0);
    let report = json(&folder, &[]);
    assert_eq!(report["findings"][0]["state"], "excepted");
    assert_eq!(report["findings"][0]["exception"]["reason"], "it is a test");
    assert_eq!(report["findings"][0]["exception"]["at"], "a.yaml:10");
    assert_eq!(report["controls"][0]["excepted"], 1);
    assert_eq!(report["summary"]["findings"]["excepted"], 1);
}

#[test]
fn exceptions_know_the_ids_of_other_scanners() {
    for (id, code) in [
        ("C-0057", 0),
        ("ksv-0017", 0),
        ("CKV_K8S_16", 0),
        ("C-9999", 1),
    ] {
        let text = PRIVILEGED.replace(
            "privileged: true",
            &format!("privileged: true # seawall: ignore[{id}] moved over"),
        );
        let folder = Folder::new("peer-ids").file("a.yaml", &text);
        assert_eq!(one(&folder, &[]).code, code, "{id}");
        let unknown = one(&folder, &[])
            .stdout
            .contains("exception-unknown-control");
        assert_eq!(unknown, code == 1, "{id}");
    }
}

#[test]
fn exceptions_that_are_worth_a_look_are_problems_that_do_not_fail() {
    let text = PRIVILEGED.replace(
        "privileged: true",
        "privileged: false # seawall: ignore[privileged-container] no longer",
    );
    let folder = Folder::new("unused").file("a.yaml", &text);
    let report = json(&folder, &[]);
    assert_eq!(report["problems"][0]["kind"], "exception-unused");
    assert_eq!(report["problems"][0]["location"]["line"], 10);
    assert_eq!(one(&folder, &["--fail-on-unknown"]).code, 0);
}

#[test]
fn the_configuration_decides_where_no_flag_does() {
    let folder = Folder::new("config")
        .file(
            "seawall.yaml",
            "controls: privileged-container\nfail-on: none\n",
        )
        .file("deep/er/a.yaml", PRIVILEGED);
    let scan = |more: &[&str]| folder.seawall(&[&["scan", "deep/er"], more].concat());
    assert_eq!(scan(&[]).code, 0);
    assert_eq!(scan(&["--fail-on", "critical"]).code, 1);
    assert_eq!(scan(&["--no-config"]).code, 1);
    assert!(!scan(&[]).stdout.contains("allow-privilege-escalation"));
    assert!(
        scan(&["--no-config"])
            .stdout
            .contains("allow-privilege-escalation")
    );
}

#[test]
fn overrides_change_severities_of_some_files() {
    let config =
        "overrides:\n- paths: legacy/\n  controls: privileged-container\n  severity: low\n";
    let folder = Folder::new("overrides")
        .file("seawall.yaml", config)
        .file("legacy/a.yaml", PRIVILEGED)
        .file("new/a.yaml", PRIVILEGED);
    let report = json(&folder, &[]);
    let told: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (
                finding["location"]["file"].as_str().unwrap(),
                finding["severity"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("legacy/a.yaml", "low"), ("new/a.yaml", "critical")]);
    let report = json(&folder, &["--min-severity", "medium"]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn paths_of_the_configuration_are_relative_to_it() {
    let config = "exclude: /deep/gone/\noverrides:\n- paths: deep/legacy/\n  controls: privileged-container\n  severity: low\n";
    let folder = Folder::new("relative")
        .file("seawall.yaml", config)
        .file("deep/gone/a.yaml", PRIVILEGED)
        .file("deep/legacy/a.yaml", PRIVILEGED);
    let above = json(&folder, &[]);
    let below = json(&folder.below("deep"), &[]);
    for (report, file) in [(above, "deep/legacy/a.yaml"), (below, "legacy/a.yaml")] {
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{report}");
        assert_eq!(report["findings"][0]["location"]["file"], file);
        assert_eq!(report["findings"][0]["severity"], "low");
    }
}

#[test]
fn configured_exceptions_hold_until_they_expire() {
    let config = "exceptions:\n- control: privileged-container\n  resource: { kind: Pod, name: w* }\n  reason: known\n  owner: team\n  expires: 2026-12-31\n";
    let folder = Folder::new("configured")
        .file("seawall.yaml", config)
        .file("a.yaml", PRIVILEGED);
    let exception = &json(&folder, &[])["findings"][0]["exception"];
    assert_eq!(exception["owner"], "team");
    assert_eq!(exception["at"], "seawall.yaml:2");
    let run = folder.seawall(&[
        "scan",
        ".",
        "--control",
        "privileged-container",
        "--date",
        "2027-01-01",
    ]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("expired on 2026-12-31"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_central_file_can_lock_and_forbid() {
    let folder = Folder::new("locked")
        .file(
            "central.yaml",
            "fail-on: high\nexceptions: { inline: deny }\nlocked: [fail-on, exceptions]\n",
        )
        .file("seawall.yaml", "extends: central.yaml\nfail-on: none\n")
        .file(
            "a.yaml",
            &PRIVILEGED.replace(
                "true",
                "true # seawall: ignore[privileged-container] please",
            ),
        );
    let run = one(&folder, &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`fail-on` is locked"), "{}", run.stderr);
    let folder = folder.file("seawall.yaml", "extends: central.yaml\nfail-on: low\n");
    let run = one(&folder, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("inline exceptions are denied"),
        "{}",
        run.stdout
    );
}

/// The scan of a control that only its parameters bring to life.
fn registries(folder: &Folder, more: &[&str]) -> i32 {
    let args = ["scan", "a.yaml", "--control", "image-forbidden-registry"];
    folder.seawall(&[&args, more].concat()).code
}

#[test]
fn parameters_hold_where_the_configuration_says() {
    let everywhere = "params: { image-forbidden-registry: { publicRegistries: [docker.io] } }\n";
    let elsewhere = "overrides:\n- paths: b.yaml\n  controls: image-forbidden-registry\n  params: { publicRegistries: [docker.io] }\n";
    for (config, code) in [
        ("{}\n", 0),
        (everywhere, 1),
        (elsewhere, 0),
        (&elsewhere.replace("b.yaml", "a.yaml"), 1),
    ] {
        let folder = Folder::new("params")
            .file("seawall.yaml", config)
            .file("a.yaml", PRIVILEGED);
        assert_eq!(registries(&folder, &[]), code, "{config}");
    }
}

#[test]
fn kubescape_inputs_become_parameters() {
    for (value, code) in [(r#"["docker.io"]"#, 1), (r#"["quay.io"]"#, 0), ("7", 0)] {
        let inputs = format!(r#"{{"postureControlInputs": {{"publicRegistries": {value}}}}}"#);
        let folder = Folder::new("inputs")
            .file("a.yaml", PRIVILEGED)
            .file("i.json", &inputs);
        assert_eq!(
            registries(&folder, &["--kubescape-inputs", "i.json"]),
            code,
            "{value}"
        );
    }
    let folder = Folder::new("inputs").file("a.yaml", PRIVILEGED);
    let folder = folder.file(
        "i.json",
        r#"{"postureControlInputs": {"publicRegistries": 7}}"#,
    );
    let report = json(&folder, &["--kubescape-inputs", "i.json"]);
    assert_eq!(report["problems"][0]["kind"], "kubescape-input");
}

#[test]
fn other_inputs_are_left_alone() {
    let folder = Folder::new("kubescape").file("a.yaml", CLEAN).file(
        "inputs.json",
        r#"{"postureControlInputs": {"nobodyKnowsThis": ["x"]}, "dataControlInputs": {"cloudProvider": "x"}}"#,
    );
    assert_eq!(one(&folder, &["--kubescape-inputs", "inputs.json"]).code, 0);
    let folder = folder.file("inputs.json", "{");
    assert_eq!(one(&folder, &["--kubescape-inputs", "inputs.json"]).code, 2);
}

#[test]
fn folders_bring_controls_of_the_user() {
    let control = "\
id: pod-named-web
title: Pod is named web
severity: low
profile: default
tags: [test]
why: Because.
remediation: Name it otherwise.
for: resource
kinds: [core/Pod]
fail: object.metadata.name == 'web'
at: [metadata.name]
message: pod is named web
references: [https://example.com]
";
    let folder = Folder::new("own")
        .file("a.yaml", PRIVILEGED)
        .file("own/pod-named-web/control.yaml", control);
    let run = folder.seawall(&[
        "scan",
        "a.yaml",
        "--controls",
        "own",
        "--control",
        "pod-named-web",
    ]);
    assert!(
        run.stdout.contains("pod is named web"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let folder = folder.file(
        "own/pod-named-web/control.yaml",
        &control.replace("== 'web'", "=="),
    );
    let run = folder.seawall(&["scan", "a.yaml", "--controls", "own"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("own/pod-named-web/control.yaml:10"),
        "{}",
        run.stderr
    );
}

#[test]
fn containers_that_share_an_anchor_are_each_named() {
    let text = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: a
      image: nginx:1.29.3
      securityContext: &shared
        privileged: true
    - name: b
      image: nginx:1.29.3
      securityContext: *shared
    - name: c
      image: nginx:1.29.3
      securityContext: { <<: *shared, runAsUser: 5 }
";
    let folder = Folder::new("anchors").file("a.yaml", text);
    let report = json(&folder, &[]);
    let findings = report["findings"].as_array().unwrap();
    for (index, finding) in findings.iter().enumerate() {
        let path = format!("spec.containers[{index}].securityContext.privileged");
        assert_eq!(finding["path"], path.as_str());
        assert_eq!(finding["location"]["line"], 10);
    }
    assert_eq!(findings.len(), 3);
    let pretty = one(&folder, &["--format", "pretty"]).stdout;
    for name in ["'a'", "'b'", "'c'"] {
        assert!(pretty.contains(name), "{name} in {pretty}");
    }
}

#[test]
fn of_a_long_line_only_the_place_is_drawn() {
    let pods: Vec<String> = (0..100)
        .map(|index| {
            format!(
                r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"é{index}"}},"spec":{{"containers":[{{"name":"a","image":"i","securityContext":{{"privileged":true}}}}]}}}}"#
            )
        })
        .collect();
    let folder = Folder::new("long-line").file("a.json", &format!("[{}]", pods.join(",")));
    let pretty = one(&folder, &["--format", "pretty", "--width", "100"]).stdout;
    assert!(pretty.len() < 100_000, "{} bytes", pretty.len());
    let first = json(&folder, &[])["findings"][1]["location"]["column"].to_string();
    assert!(pretty.contains(&format!("a.json:1:{first}\n")), "{pretty}");
}
