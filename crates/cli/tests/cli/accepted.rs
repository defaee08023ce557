//! What images are built by, and what is accepted of packages and files: exceptions, baselines, patterns of a user, statements.

use serde_json::{Value, json};

use crate::support::{BUILD, Folder, Run};

const RECORD: &str = r#"{"id": "ALPINE-1", "modified": "2024-01-01", "aliases": ["CVE-2024-1"], "summary": "Foo is open",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "Alpine:v3.20", "name": "foo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5-r0"}]}]}]}"#;

const LOOK: [&str; 6] = ["--db", "a.db", "--date", "2024-06-02", "--format", "json"];

const PURL: &str = "pkg:apk/alpine/libfoo@1.4-r2?arch=x86_64&distro=alpine-3.20.1&upstream=foo";

/// A root of Alpine with a flaw and a credential, and a Dockerfile.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name)
        .file("records/a.json", RECORD)
        .file("root/etc/os-release", "ID=alpine\nVERSION_ID=3.20.1\n")
        .file(
            "root/lib/apk/db/installed",
            "P:libfoo\nV:1.4-r2\nA:x86_64\no:foo\n\n",
        )
        .file(
            "root/srv/conf",
            "token = ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789\nid: ACME-00112233445566778899\n",
        )
        .file(
            "root/srv/Dockerfile",
            "FROM registry.example/base:latest\nUSER 1\n",
        );
    assert_eq!(folder.seawall(&BUILD).code, 0);
    folder
}

fn report(run: &Run) -> Value {
    assert!(run.code < 2, "{}{}", run.stderr, run.stdout);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Of each finding what it is about and its state.
fn states(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let ids = ["advisory", "pattern", "control"].map(|key| finding[key].as_str());
            let id = ids.into_iter().flatten().next().unwrap();
            format!("{id} {}", finding["state"].as_str().unwrap())
        })
        .collect()
}

fn problems(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap().iter();
    let text =
        |problem: &Value| format!("{} {}", problem["kind"], problem["message"]).replace('"', "");
    problems.map(text).collect()
}

#[test]
fn a_folder_tells_of_its_dockerfiles() {
    let folder = folder("accepted-fs");
    let found = report(&folder.seawall(&[&["fs", "root"][..], &LOOK].concat()));
    let expected = [
        "CVE-2024-1 new",
        "github-token new",
        "base-image-floating-tag new",
    ];
    assert_eq!(states(&found), expected);
    let built = &found["findings"][2];
    assert_eq!(
        (&built["kind"], &built["location"]["file"]),
        (&json!("control"), &json!("srv/Dockerfile"))
    );
    assert_eq!(found["summary"]["findings"]["medium"], 1);
    let found = report(&folder.seawall(&[&["fs", "root", "--no-controls"][..], &LOOK].concat()));
    assert_eq!(states(&found).len(), 2);
    for format in [
        "table",
        "summary",
        "sarif",
        "junit",
        "cyclonedx",
        "spdx",
        "openvex",
    ] {
        let run = folder.seawall(&[
            "fs",
            "root",
            "--db",
            "a.db",
            "--date",
            "2024-06-02",
            "--format",
            format,
        ]);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{format}");
    }
    let run = folder.seawall(&["fs", "root", "--db", "a.db", "--date", "2024-06-02"]);
    insta::assert_snapshot!(run.stdout, @r"
    critical  CVE-2024-1  pkg:apk/alpine/libfoo@1.4-r2?arch=x86_64&distro=alpine-3.20.1&upstream=foo  fixed in 1.5-r0
    critical  github-token  srv/conf:1  token = ********
    medium  base-image-floating-tag  srv/Dockerfile:1  Base image 'registry.example/base:latest' has no fixed tag
    1 packages: 1 critical; advisories of 2024-06-01
    secrets: 1 critical
    controls: 1 medium
    alpine 3.20.1
    ");
}

#[test]
fn exceptions_of_the_configuration_accept_flaws_and_credentials() {
    let folder = folder("accepted-exceptions").file(
        "root/seawall.yaml",
        "exceptions:
  - vulnerability: [CVE-2024-1]
    package: pkg:apk/alpine/libfoo
    reason: never called
    owner: shop
    expires: 2024-06-02
  - secret: github-token
    paths: srv/
    reason: a token of the tests
  - control: base-image-floating-tag
    paths: srv/
    reason: built every day
  - vulnerability: CVE-2000-1
    reason: gone
  - vulnerability: CVE-2000-2
    target: other
    reason: not here
",
    );
    let run = folder.seawall(&[&["fs", "root"][..], &LOOK].concat());
    let found = report(&run);
    let expected = [
        "CVE-2024-1 excepted",
        "github-token excepted",
        "base-image-floating-tag excepted",
    ];
    assert_eq!(states(&found), expected);
    assert_eq!(run.code, 0);
    let exception = &found["findings"][0]["exception"];
    assert_eq!(
        (&exception["reason"], &exception["owner"]),
        (&json!("never called"), &json!("shop"))
    );
    assert_eq!(
        problems(&found),
        ["exception-unused nothing here needs the exception from `CVE-2000-1`"]
    );
    assert_eq!(found["summary"]["findings"]["excepted"], 3);
    let late = [
        "fs",
        "root",
        "--db",
        "a.db",
        "--date",
        "2024-06-03",
        "--format",
        "json",
    ];
    let found = report(&folder.seawall(&late));
    assert_eq!(states(&found)[0], "CVE-2024-1 new");
    assert!(
        problems(&found)[0].contains("expired on 2024-06-02"),
        "{:?}",
        problems(&found)
    );
    let found = report(&folder.seawall(&[&["fs", "root", "--no-config"][..], &LOOK].concat()));
    assert_eq!(states(&found)[0], "CVE-2024-1 new");

    let folder = folder.file(
        "root/seawall.yaml",
        "exceptions:\n  - secret: a\n    control: b\n    reason: c\n  - reason: d\n",
    );
    let run = folder.seawall(&[&["fs", "root"][..], &LOOK].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("are exceptions of their own"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("needs `control`, `vulnerability` or `secret`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_baseline_holds_findings_of_every_kind() {
    let folder = folder("accepted-baseline");
    let write = [&["fs", "root", "--write-baseline", "b.json"][..], &LOOK].concat();
    assert_eq!(folder.seawall(&write).code, 1);
    assert!(
        !folder.read("b.json").contains("ghp_"),
        "a baseline holds no secret"
    );
    let read = [&["fs", "root", "--baseline", "b.json"][..], &LOOK].concat();
    let run = folder.seawall(&read);
    let expected = [
        "CVE-2024-1 baselined",
        "github-token baselined",
        "base-image-floating-tag baselined",
    ];
    assert_eq!(states(&report(&run)), expected);
    assert_eq!(run.code, 0);
}

#[test]
fn patterns_of_a_user_are_looked_for_too() {
    let folder = folder("accepted-patterns").file(
        "patterns.toml",
        "[[pattern]]\nid = \"acme-key\"\ntitle = \"Key of Acme\"\nseverity = \"high\"\nwords = [\"ACME-\"]\nregex = 'ACME-[0-9]{20}'\n",
    );
    let flags = ["fs", "root", "--secret-patterns", "patterns.toml"];
    let run = folder.seawall(&[&flags[..], &LOOK].concat());
    assert!(
        states(&report(&run)).contains(&"acme-key new".to_owned()),
        "{}",
        run.stdout
    );
    assert!(
        !run.stdout.contains("00112233445566778899"),
        "{}",
        run.stdout
    );
    for (text, place, message) in [
        (
            "[[pattern]]\nid = 'a'\ntitle = 'b'\nseverity = 'worst'\nwords = ['abc']\nregex = 'x'\n",
            ":4:",
            "worst",
        ),
        (
            "[[pattern]]\nid = 'a'\ntitle = 'b'\nseverity = 'low'\nwords = ['abc']\nregex = '('\n",
            ":6:",
            "unclosed",
        ),
        ("[[pattern]]\nid = 'a'\nnone = 1\n", ":3:", "none"),
        ("[[pattern]\n", ":1:", ""),
    ] {
        let folder = Folder::at("accepted-patterns").file("wrong.toml", text);
        let flags = ["fs", "root", "--secret-patterns", "wrong.toml"];
        let run = folder.seawall(&[&flags[..], &LOOK].concat());
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains(&format!("wrong.toml{place}")),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
}

fn openvex(status: &Value) -> String {
    let mut statement = json!({ "vulnerability": { "name": "CVE-2024-1" }, "products": [{ "@id": "pkg:apk/alpine/libfoo" }] });
    for (key, value) in status.as_object().unwrap() {
        statement[key] = value.clone();
    }
    let unused = json!({ "vulnerability": { "name": "CVE-2024-9" }, "products": [{ "@id": "pkg:apk/alpine/libfoo" }], "status": "fixed" });
    json!({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:a", "author": "a", "timestamp": "2024-01-01T00:00:00Z", "version": 1,
        "statements": [statement, unused] })
    .to_string()
}

#[test]
fn statements_of_others_are_told_and_count() {
    let status = json!({ "status": "not_affected", "justification": "vulnerable_code_not_present", "status_notes": "cut out" });
    let csaf = json!({ "document": { "category": "csaf_vex", "csaf_version": "2.0" },
        "product_tree": { "full_product_names": [{ "product_id": "p", "product_identification_helper": { "purl": "pkg:apk/alpine/libfoo@1.4-r2" } }] },
        "vulnerabilities": [{ "cve": "CVE-2024-1", "product_status": { "under_investigation": ["p"] } }] });
    let folder = folder("accepted-vex")
        .file("a.json", &openvex(&status))
        .file("b.json", &csaf.to_string())
        .file("wrong.json", "{}");
    let run = folder.seawall(
        &[
            &[
                "fs",
                "root",
                "--no-secrets",
                "--no-controls",
                "--vex",
                "a.json",
            ][..],
            &LOOK,
        ]
        .concat(),
    );
    let found = report(&run);
    assert_eq!(
        (states(&found), run.code),
        (vec!["CVE-2024-1 excepted".to_owned()], 0)
    );
    let vex = &found["findings"][0]["vex"];
    assert_eq!(
        *vex,
        json!({ "status": "not_affected", "justification": "vulnerable_code_not_present", "text": "cut out", "at": "a.json" })
    );
    assert_eq!(
        problems(&found),
        ["vex-unused the statement on CVE-2024-9 in pkg:apk/alpine/libfoo is about nothing here"]
    );
    let flags = [
        "fs",
        "root",
        "--no-secrets",
        "--no-controls",
        "--vex",
        "a.json",
        "--vex",
        "b.json",
    ];
    let run = folder.seawall(&[&flags[..], &LOOK].concat());
    let found = report(&run);
    assert_eq!(
        (states(&found), run.code),
        (vec!["CVE-2024-1 new".to_owned()], 1)
    );
    assert_eq!(found["findings"][0]["vex"]["status"], "under_investigation");
    let run = folder.seawall(&[&["fs", "root", "--vex", "wrong.json"][..], &LOOK].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("neither OpenVEX, CSAF nor CycloneDX"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_decided_is_written_as_openvex_and_cyclonedx_and_read_again() {
    let folder = folder("accepted-vex-out");
    let base = [
        "fs",
        "root",
        "--db",
        "a.db",
        "--date",
        "2024-06-02",
        "--no-secrets",
        "--no-controls",
    ];
    for (status, state) in [
        (
            json!({ "status": "not_affected", "justification": "component_not_present" }),
            "not_affected",
        ),
        (
            json!({ "status": "not_affected", "impact_statement": "why" }),
            "not_affected",
        ),
        (
            json!({ "status": "affected", "action_statement": "upgrade" }),
            "exploitable",
        ),
        (json!({ "status": "under_investigation" }), "in_triage"),
        (json!({ "status": "fixed" }), "resolved"),
    ] {
        let folder = Folder::at("accepted-vex-out").file("a.json", &openvex(&status));
        let given = report(
            &folder.seawall(&[&base[..], &["--vex", "a.json", "--format", "json"]].concat()),
        );
        for format in ["openvex", "cyclonedx"] {
            let run =
                folder.seawall(&[&base[..], &["--vex", "a.json", "--format", format]].concat());
            let written = report(&run);
            if format == "openvex" {
                check_openvex(&written);
            } else {
                assert_eq!(written["vulnerabilities"][0]["analysis"]["state"], state);
            }
            let folder = Folder::at("accepted-vex-out").file("out.json", &run.stdout);
            let again = report(
                &folder.seawall(&[&base[..], &["--vex", "out.json", "--format", "json"]].concat()),
            );
            assert_eq!(states(&again), states(&given), "{format} {status}");
            assert_eq!(
                again["findings"][0]["vex"]["status"], status["status"],
                "{format}"
            );
        }
    }
    let run = folder.seawall(&[&base[..], &["--format", "openvex"]].concat());
    let written = report(&run);
    check_openvex(&written);
    assert_eq!(written["statements"][0]["status"], "under_investigation");
    assert_eq!(
        written["statements"][0]["products"],
        json!([{ "@id": PURL }])
    );
}

/// What the schema of `OpenVEX` 0.2.0 demands.
fn check_openvex(document: &Value) {
    for key in [
        "@context",
        "@id",
        "author",
        "timestamp",
        "version",
        "statements",
    ] {
        assert!(!document[key].is_null(), "{key}");
    }
    let statements = document["statements"].as_array().unwrap();
    assert!(!statements.is_empty());
    for statement in statements {
        let has = |key: &str| statement[key].is_string();
        match statement["status"].as_str().unwrap() {
            "not_affected" => assert!(
                has("justification") != has("impact_statement"),
                "{statement}"
            ),
            "affected" => assert!(has("action_statement"), "{statement}"),
            "fixed" | "under_investigation" => {}
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_is_known_of_a_flaw_is_explained() {
    let folder = folder("accepted-explain");
    for id in ["CVE-2024-1", "cve-2024-1", "ALPINE-1"] {
        let run = folder.seawall(&["explain", id, "--db", "a.db"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{id}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.stdout, @r"
            CVE-2024-1: Foo is open
            severity critical (CVSS 9.8)

            Also called
              ALPINE-1

            Severity
              CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H  9.8
                attack: over the network; complexity: low; rights needed: none; a user has to
                help: no; reaches beyond the program: no; confidentiality: high; integrity:
                high; availability: high

            Affected
              Alpine:v3.20
                foo < 1.5-r0; fixed in 1.5-r0 (ALPINE-1)

            Advisories
              ALPINE-1 of records, changed 2024-01-01

            Data
              advisories of 2024-06-01
            ");
        }
    }
    let run = folder.seawall(&["explain", "CVE-2024-1", "--db", "a.db", "--format", "json"]);
    let known: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(known["aliases"], json!(["ALPINE-1"]));
    let affected = &known["affected"][0];
    assert_eq!(
        (&affected["ecosystem"], &affected["package"]),
        (&json!("Alpine:v3.20"), &json!("foo"))
    );
    assert_eq!(
        affected["ranges"],
        json!([{ "introduced": "0", "fixed": "1.5-r0" }])
    );
    assert_eq!(known["vectors"][0]["metrics"]["attack"], "over the network");
    let run = folder.seawall(&["explain", "CVE-2000-1", "--db", "a.db"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("do not tell of CVE-2000-1"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(&["explain", "CVE-2024-1", "--db", "none.db"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("no advisory database"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(&["explain", "privileged-containr"]);
    assert!(
        run.stderr.contains("privileged-container"),
        "{}",
        run.stderr
    );
}

/// An image with a history, as `docker save` writes it.
#[cfg(target_os = "linux")]
#[test]
fn an_image_tells_how_it_was_built() {
    let config = r#"{"os": "linux", "architecture": "amd64", "created": "2023-01-01T00:00:00Z", "rootfs": {"diff_ids": ["sha256:%s"]},
        "config": {"User": "", "Env": ["PATH=/bin", "API_TOKEN=LEAK1234567890"], "ExposedPorts": {"22/tcp": {}}},
        "history": [{"created_by": "/bin/sh -c #(nop)  ENV PATH=/bin", "empty_layer": true},
            {"created_by": "|1 TOKEN=LEAK0987654321 /bin/sh -c curl -k https://example.com/install | sh"},
            {"created_by": "ADD https://example.com/a /a # buildkit", "empty_layer": true}]}"#;
    let folder = folder("accepted-image").file("config.json.in", config);
    folder.shell(
        r#"tar -C root --sort=name --mtime=@0 --owner=0 --group=0 -cf layer.tar etc lib &&
        diff=$(sha256sum layer.tar | cut -d' ' -f1) && mkdir -p image/1 && mv layer.tar image/1 &&
        sed "s/%s/$diff/" config.json.in > image/config.json &&
        echo '[{"Config": "config.json", "RepoTags": ["shop/web:1"], "Layers": ["1/layer.tar"]}]' > image/manifest.json &&
        tar -C image -cf image.tar config.json manifest.json 1"#,
    );
    let image = ["image", "image.tar", "--no-cache", "--profile", "strict"];
    let run = folder.seawall(&[&image[..], &LOOK].concat());
    let found = report(&run);
    let built = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "control");
    let built: Vec<String> = built
        .map(|it| {
            format!(
                "{} {} {}",
                it["control"].as_str().unwrap(),
                it["step"],
                it["layer"].is_string()
            )
        })
        .collect();
    insta::assert_snapshot!(built.join("\n"), @r"
    image-built-long-ago null false
    image-user-root null false
    credential-in-image-variable 2 true
    command-skips-tls-checks 2 true
    download-piped-to-shell 2 true
    remote-file-added 3 false
    credential-in-image-variable null false
    ssh-port-exposed null false
    ");
    for format in [
        "json",
        "table",
        "sarif",
        "junit",
        "cyclonedx",
        "spdx",
        "openvex",
    ] {
        let flags = ["--db", "a.db", "--date", "2024-06-02", "--format", format];
        let run = folder.seawall(&[&image[..], &flags].concat());
        assert!(!run.stdout.contains("LEAK"), "{format}: {}", run.stdout);
    }
    let accepted = folder.file(
        "seawall.yaml",
        "exceptions:\n  - control: image-user-root\n    reason: needs the host\n  - vulnerability: CVE-2024-1\n    target: shop/web:1\n    reason: never called\n",
    );
    let found = report(&accepted.seawall(&[&image[..], &LOOK].concat()));
    assert!(states(&found).contains(&"image-user-root excepted".to_owned()));
    assert!(states(&found).contains(&"CVE-2024-1 excepted".to_owned()));
}
