//! `seawall db`, `seawall sbom` and `seawall version-compare`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::support::{BUILD, Folder};

const RECORD: &str = r#"{"id": "PYSEC-1", "modified": "2024-01-01", "aliases": ["CVE-2024-1"], "summary": "Foo is open",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "PyPI", "name": "foo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5"}]}]}]}"#;

const BILL: &str = r#"{"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "foo", "purl": "pkg:pypi/foo@1.4"},
    {"type": "library", "name": "bar", "purl": "pkg:pypi/bar@1.4"}]}"#;

fn folder(name: &str) -> Folder {
    Folder::new(name)
        .file("records/a.json", RECORD)
        .file("records/README", "no feed")
        .file("bill.json", BILL)
}

#[test]
fn lines_are_held_against_the_order() {
    let run = Folder::new("version-compare").seawall_with_input(
        &["version-compare", "Debian"],
        "1.0~rc1 < 1.0\n2 < 1\n\n1.0 = 1.0-0\n",
    );
    assert_eq!((run.code, run.stdout.as_str()), (1, "2 < 1\n2 of 3 hold\n"));
    let run = Folder::new("version-compare-mistakes")
        .seawall_with_input(&["version-compare", "Debian"], "1 2\n");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("line 1"), "{}", run.stderr);
    let run = Folder::new("version-compare-unknown")
        .seawall_with_input(&["version-compare", "nothing"], "");
    assert!(
        run.code == 2 && run.stderr.contains("nothing"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_bill_is_held_against_a_database() {
    let folder = folder("sbom");
    let run = folder.seawall(&BUILD);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "a.db: 1 advisories, 1 packages; 1 files are no feeds\n"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(&["sbom", "bill.json", "--db", "a.db", "--date", "2024-06-02"]);
    insta::assert_snapshot!(run.stdout, @r"
    critical  CVE-2024-1  pkg:pypi/foo@1.4  fixed in 1.5
    2 packages: 1 critical; advisories of 2024-06-01
    ");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = folder.seawall(&[
        "sbom",
        "bill.json",
        "--db",
        "a.db",
        "--date",
        "2024-06-20",
        "--fail-on",
        "none",
        "--kev",
    ]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, "note: the advisories are 19 days old\n")
    );
    let run = folder.seawall(&[
        "sbom",
        "bill.json",
        "--db",
        "a.db",
        "--date",
        "2024-06-20",
        "--max-db-age",
        "7",
    ]);
    assert!(
        run.code == 2 && run.stderr.contains("19 days old"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(&["sbom", "bill.json", "--db", "none.db"]);
    assert!(
        run.code == 2 && run.stderr.contains("no advisory database at none.db"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_json_report_has_findings_of_packages() {
    let folder = folder("sbom-json");
    assert_eq!(folder.seawall(&BUILD).code, 0);
    let run = folder.seawall(&[
        "sbom",
        "bill.json",
        "--db",
        "a.db",
        "--date",
        "2024-06-02",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["kind"], "vulnerability");
    assert_eq!(finding["advisory"], "CVE-2024-1");
    assert_eq!(finding["aliases"], serde_json::json!(["PYSEC-1"]));
    assert_eq!(finding["package"]["fixed"], serde_json::json!(["1.5"]));
    assert_eq!(finding["risk"]["cvss"], 9.8);
    assert_eq!(report["summary"]["findings"]["critical"], 1);
}

#[test]
fn the_sample_says_that_it_is_one() {
    let folder = folder("sbom-sample").file("bill.json", r#"{"bomFormat": "CycloneDX", "components": [{"name": "smallvec", "purl": "pkg:cargo/smallvec@1.6.0"}]}"#);
    let run = folder.seawall(&["sbom", "bill.json", "--db", "sample"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("CVE-2021-25900") && run.stderr.contains("sample"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn a_database_says_what_it_knows() {
    let folder = folder("db-query");
    assert_eq!(folder.seawall(&BUILD).code, 0);
    let query = |what: &str| folder.seawall(&["db", "--db", "a.db", "query", what]);
    assert!(query("cve-2024-1").stdout.contains("Foo is open"));
    assert!(query("PYSEC-1").stdout.contains("critical (CVSS 9.8)"));
    assert!(query("Foo").stdout.contains("foo (PyPI)"));
    assert!(query("pkg:pypi/foo@1.0").stdout.contains("fixed in 1.5"));
    assert!(
        query("pkg:pypi/foo@2.0")
            .stdout
            .contains("nothing is known")
    );
    assert_eq!(query("baz").code, 2);
    let status = folder
        .seawall(&["db", "status", "--db", "a.db", "--date", "2024-06-03"])
        .stdout;
    assert!(
        status.contains("2024-06-01 (2 days old)") && status.contains("records        1 records"),
        "{status}"
    );
}

#[test]
fn keys_sign_and_verify() {
    let folder = folder("db-keys");
    assert_eq!(folder.seawall(&["db", "keygen", "key"]).code, 0);
    assert_eq!(
        folder.seawall(&["db", "keygen", "key"]).code,
        2,
        "a key is never overwritten"
    );
    assert_eq!(folder.seawall(&["db", "keygen", "other"]).code, 0);
    assert_eq!(
        folder
            .seawall(&[&BUILD[..], &["--key", "key"]].concat())
            .code,
        0
    );
    let verify = |key: &str| folder.seawall(&["db", "verify", "--db", "a.db", "--public-key", key]);
    assert_eq!(verify("key.pub").code, 0);
    assert!(
        verify("other.pub")
            .stderr
            .contains("signed the database, not")
    );
    assert_eq!(folder.seawall(&BUILD).code, 0);
    assert!(verify("key.pub").stderr.contains("nobody signed"));
    assert!(!folder.read("key").contains(folder.read("key.pub").trim()));
}

#[test]
fn an_update_takes_what_is_new_and_intact() {
    let folder = folder("db-update");
    assert_eq!(
        folder
            .seawall(&[&BUILD[..], &["--mirror", "mirror"]].concat())
            .code,
        0
    );
    let update =
        |from: &str| folder.seawall(&["db", "update", "--db", "user/b.db", "--from", from]);
    let run = update("mirror");
    assert!(
        run.code == 0 && run.stdout.contains("data of 2024-06-01"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(update("mirror").stdout.contains("nothing new"));
    assert!(update("a.db").stdout.contains("nothing new"));
    assert_eq!(update("bill.json").code, 2);
    let run = folder.seawall(&[
        "db",
        "update",
        "--db",
        "user/b.db",
        "--from",
        "mirror",
        "--public-key",
        &"0".repeat(64),
    ]);
    assert!(
        run.code == 2 && run.stderr.contains("nobody signed"),
        "{}",
        run.stderr
    );
    assert!(
        folder.seawall(&["db", "verify", "--db", "user/b.db"]).code == 0,
        "the old database stays"
    );
}

/// Answers requests in turn, each with a status line, headers and a body by its path.
fn serve(answer: impl Fn(&str, usize) -> (String, Vec<u8>) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let Ok(read @ 1..) = stream.read(&mut buffer) else {
                    break;
                };
                request.extend_from_slice(&buffer[..read]);
            }
            let (head, body) = answer(&String::from_utf8_lossy(&request), number);
            let head = format!(
                "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&body));
        }
    });
    address
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let folder = folder("db-http");
    assert_eq!(folder.seawall(&BUILD).code, 0);
    let file = folder.read_bytes("a.db");
    let address = serve(move |_, number| {
        if number == 0 {
            ("503 Busy".into(), Vec::new())
        } else {
            ("200 OK".into(), file.clone())
        }
    });
    let run = folder.seawall(&[
        "db",
        "update",
        "--db",
        "b.db",
        "--from",
        &format!("http://{address}/a.db"),
    ]);
    assert!(
        run.code == 0 && run.stdout.contains("data of 2024-06-01"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let address = serve(|_, _| ("404 Not Found".into(), Vec::new()));
    let run = folder.seawall(&[
        "db",
        "update",
        "--db",
        "b.db",
        "--from",
        &format!("http://{address}/a.db"),
    ]);
    assert!(
        run.code == 2 && run.stderr.contains("404"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_registry_gives_layers_for_a_token() {
    let folder = folder("db-oci");
    assert_eq!(
        folder
            .seawall(&[&BUILD[..], &["--mirror", "mirror"]].concat())
            .code,
        0
    );
    let layers: Vec<(String, Vec<u8>)> = folder
        .read("mirror/index")
        .lines()
        .skip(1)
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .map(|name| (name.clone(), folder.read_bytes(&format!("mirror/{name}"))))
        .collect();
    let address = serve(move |request, _| {
        let host = request
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("host: ")
                    .map(str::to_owned)
            })
            .unwrap_or_default();
        let is_known = request
            .to_ascii_lowercase()
            .contains("authorization: bearer secret");
        let manifest: Vec<serde_json::Value> =
            layers.iter().map(|(name, bytes)| serde_json::json!({"digest": format!("sha256:{name}"), "size": bytes.len()})).collect();
        if request.starts_with("GET /token?service=s&scope=repository:a/b:pull ") {
            ("200 OK".into(), br#"{"token": "secret"}"#.to_vec())
        } else if !is_known {
            (
                format!(
                    "401 Unauthorized\r\nwww-authenticate: Bearer realm=\"http://{host}/token\",service=\"s\",scope=\"repository:a/b:pull\""
                ),
                Vec::new(),
            )
        } else if request.starts_with("GET /v2/a/b/manifests/latest ") {
            (
                "200 OK".into(),
                serde_json::json!({ "layers": manifest })
                    .to_string()
                    .into_bytes(),
            )
        } else {
            let blob = layers.iter().find(|(name, _)| {
                request.starts_with(&format!("GET /v2/a/b/blobs/sha256:{name} "))
            });
            blob.map_or(("404 Not Found".into(), Vec::new()), |(_, bytes)| {
                ("200 OK".into(), bytes.clone())
            })
        }
    });
    let run = folder.seawall(&[
        "db",
        "update",
        "--db",
        "b.db",
        "--from",
        &format!("oci://{address}/a/b:latest"),
    ]);
    assert!(
        run.code == 0 && run.stdout.contains("data of 2024-06-01"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}
