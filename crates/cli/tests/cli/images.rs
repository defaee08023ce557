//! `seawall image` and `seawall fs`.

use crate::support::{BUILD, Folder};

const RECORD: &str = r#"{"id": "ALPINE-1", "modified": "2024-01-01", "aliases": ["CVE-2024-1"], "summary": "Foo is open",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "Alpine:v3.20", "name": "foo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5-r0"}]}]}]}"#;

const LOOK: [&str; 4] = ["--db", "a.db", "--date", "2024-06-02"];

/// A root of Alpine with a package, and a database that knows a flaw of its source package.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name)
        .file("records/a.json", RECORD)
        .file(
            "root/etc/os-release",
            "ID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME=\"Alpine Linux v3.20\"\n",
        )
        .file(
            "root/lib/apk/db/installed",
            "P:libfoo\nV:1.4-r2\nA:x86_64\no:foo\nF:usr/lib/node_modules/npm\nR:package.json\n\n",
        )
        .file(
            "root/usr/lib/node_modules/npm/package.json",
            r#"{"name": "npm", "version": "1.0.0"}"#,
        );
    assert_eq!(folder.seawall(&BUILD).code, 0);
    folder
}

/// An image as `docker save` wrote it, of the root, with the tools of every system.
fn saved(folder: &Folder) {
    folder.shell(
        r#"tar -C root --sort=name --mtime=@0 --owner=0 --group=0 -cf layer.tar etc lib usr &&
        diff=$(sha256sum layer.tar | cut -d' ' -f1) && mkdir -p image/1 && mv layer.tar image/1 &&
        printf '{"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": ["sha256:%s"]}, "history": [{"created_by": "ADD root"}]}' "$diff" > image/config.json &&
        echo '[{"Config": "config.json", "RepoTags": ["shop/web:1"], "Layers": ["1/layer.tar"]}]' > image/manifest.json &&
        tar -C image -cf image.tar config.json manifest.json 1 && gzip -k image.tar"#,
    );
}

#[test]
fn a_folder_is_held_against_a_database() {
    let folder = folder("fs");
    let run = folder.seawall(&[&["fs", "root"][..], &LOOK].concat());
    insta::assert_snapshot!(run.stdout, @r"
    critical  CVE-2024-1  pkg:apk/alpine/libfoo@1.4-r2?arch=x86_64&distro=alpine-3.20.1&upstream=foo  fixed in 1.5-r0
    1 packages: 1 critical; advisories of 2024-06-01
    Alpine Linux v3.20
    ");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = folder.seawall(&["fs", "none", "--db", "a.db"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("none"), "{}", run.stderr);
    let run = folder.seawall(&["fs", "root", "--db", "none.db"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("no advisory database"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_image_is_held_against_a_database() {
    let folder = folder("image");
    saved(&folder);
    for image in ["image.tar", "image.tar.gz", "image.tar:shop/web:1"] {
        let flags = [
            "image",
            image,
            "--format",
            "json",
            "--list-packages",
            "--no-cache",
        ];
        let run = folder.seawall(&[&flags[..], &LOOK].concat());
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{image}");
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let target = &report["target"];
        assert_eq!(target["kind"], "image");
        assert_eq!(target["image"]["platform"], "linux/amd64");
        assert_eq!(target["system"]["version"], "3.20.1");
        let layer = &target["image"]["layers"][0];
        assert_eq!(layer["createdBy"], "ADD root");
        let package = &report["packages"][0];
        assert_eq!(package["name"], "libfoo");
        assert_eq!(package["path"], "lib/apk/db/installed");
        assert_eq!(package["layer"], layer["digest"]);
        assert_eq!(report["findings"][0]["package"]["layer"], layer["digest"]);
    }
    let run = folder.seawall(&[&["image", "image.tar:other", "--no-cache"][..], &LOOK].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("there are shop/web:1"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(
        &[
            &["image", "image.tar", "--platform", "linux/arm64"][..],
            &LOOK,
        ]
        .concat(),
    );
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("no image for linux/arm64"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_lost_ends_with_two() {
    let folder = folder("image-lost");
    saved(&folder);
    folder.shell("head -c 100000 /dev/urandom > image/1/layer.tar && tar -C image -cf broken.tar config.json manifest.json 1");
    let run = folder.seawall(&[&["image", "broken.tar", "--no-cache"][..], &LOOK].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.stdout.contains("error: layer 1 (sha256:"),
        "{}",
        run.stdout
    );
    // A system that the database knows nothing of.
    let folder = folder.file("root/etc/os-release", "ID=debian\nVERSION_ID=12\n");
    let run = folder.seawall(&[&["fs", "root"][..], &LOOK].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.stdout.contains("the database knows no advisories for"),
        "{}",
        run.stdout
    );
}

#[test]
fn bills_say_what_was_found_and_are_read_again() {
    let folder = folder("image-bills");
    for (format, key) in [
        ("cyclonedx", "components"),
        ("spdx", "packages"),
        ("spdx3", "@graph"),
    ] {
        let run = folder.seawall(&[&["fs", "root", "--format", format][..], &LOOK].concat());
        assert_eq!(run.code, 1, "{}", run.stderr);
        let bill: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let names = bill[key].as_array().unwrap().iter();
        let names: Vec<_> = names
            .filter_map(|package| package["name"].as_str())
            .collect();
        assert!(
            names.contains(&"libfoo") && !names.contains(&"npm"),
            "{names:?}"
        );
        let folder = Folder::at("image-bills").file("bill.json", &run.stdout);
        let again = folder.seawall(&[&["sbom", "bill.json"][..], &LOOK].concat());
        assert_eq!(again.code, 1, "{}{}", again.stdout, again.stderr);
        assert!(
            again.stdout.contains("1 packages: 1 critical"),
            "{}",
            again.stdout
        );
    }
}

#[test]
fn services_read_where_and_what() {
    let folder = folder("image-services");
    let run = folder.seawall(&[&["fs", "root", "--format", "sarif"][..], &LOOK].concat());
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "CVE-2024-1");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "root/lib/apk/db/installed"
    );
    assert_eq!(place["region"]["startLine"], 1);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"]["security-severity"], "9.8");
    let run = folder.seawall(&[&["fs", "root", "--format", "junit"][..], &LOOK].concat());
    let failure =
        "<failure type=\"critical\" message=\"CVE-2024-1 affects pkg:apk/alpine/libfoo@1.4-r2?";
    assert!(run.stdout.contains(failure), "{}", run.stdout);
}

#[test]
fn credentials_are_told_without_being_shown() {
    let random = "0q3w5e7r9t1y2u4i6o8p0a3s5d7f9g1h2j4k";
    let folder = Folder::new("secrets").file("records/a.json", RECORD).file(
        "app/deploy.sh",
        &format!("#!/bin/sh\nexport TOKEN=ghp_{random}\n"),
    );
    assert_eq!(folder.seawall(&BUILD).code, 0);
    let run = folder.seawall(&[&["fs", "app"][..], &LOOK].concat());
    insta::assert_snapshot!(run.stdout, @r"
    critical  github-token  deploy.sh:2  export TOKEN=********
    0 packages: no known vulnerabilities; advisories of 2024-06-01
    secrets: 1 critical
    ");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = folder.seawall(&[&["fs", "app", "--format", "json"][..], &LOOK].concat());
    assert!(!run.stdout.contains(random), "{}", run.stdout);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["findings"]["critical"], 1);
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["kind"], &finding["pattern"]),
        (&"secret".into(), &"github-token".into())
    );
    assert_eq!(finding["location"]["line"], 2);
    let run = folder.seawall(&[&["fs", "app", "--format", "sarif"][..], &LOOK].concat());
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "github-token");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (
            &place["artifactLocation"]["uri"],
            &place["region"]["startLine"]
        ),
        (&"app/deploy.sh".into(), &2.into())
    );
    let junit = folder.seawall(&[&["fs", "app", "--format", "junit"][..], &LOOK].concat());
    let case = "<testcase classname=\"github-token\" name=\"line 2\">";
    assert!(junit.stdout.contains(case), "{}", junit.stdout);
    assert!(!(run.stdout + &junit.stdout).contains(random));
    let run = folder.seawall(&[&["fs", "app", "--no-secrets"][..], &LOOK].concat());
    assert_eq!(
        (run.code, run.stdout.contains("secret")),
        (0, false),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_no_file_is_an_image_of_a_registry_unless_it_looks_like_one() {
    let folder = folder("image-nowhere");
    for (image, expected) in [
        (
            "absent.tar",
            "error: there is no file or folder absent.tar\nhint: ",
        ),
        (
            "./absent",
            "error: there is no file or folder ./absent\nhint: ",
        ),
        (
            "Shop:1",
            "error: there is no file Shop:1, and no image has this name: the repository has upper-case letters\nhint: ",
        ),
        // Nobody listens at port 1.
        (
            "127.0.0.1:1/shop/web:1",
            "note: asking 127.0.0.1:1 for 127.0.0.1:1/shop/web:1\nerror: reading the image 127.0.0.1:1/shop/web:1: 127.0.0.1:1: the manifest of shop/web:1: it cannot be reached: ",
        ),
    ] {
        let run = folder.seawall(&[&["image", image][..], &LOOK].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{image}");
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    }
    // A file is a file, whatever else has its name.
    saved(&folder);
    folder.shell("cp image.tar nginx");
    let run = folder.seawall(&[&["image", "nginx", "--no-cache"][..], &LOOK].concat());
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = folder.seawall(
        &[
            &[
                "image",
                "nginx",
                "--from",
                "registry",
                "--registry-auth",
                "absent.json",
            ][..],
            &LOOK,
        ]
        .concat(),
    );
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("absent.json"), "{}", run.stderr);
}
