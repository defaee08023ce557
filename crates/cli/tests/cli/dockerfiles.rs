//! Dockerfiles in a tree: findings at the line, accepted by comments, in every output, and what is none.

use serde_json::Value;

use crate::support::{Folder, Run};

const DOCKERFILE: &str = "\
# syntax=docker/dockerfile:1
ARG VERSION
FROM registry.example/node:latest AS build
# seawall: ignore[download-piped-to-shell] reviewed by hand
RUN curl -fsSL https://example.com/install.sh | sh
FROM registry.example/base:1.2
RUN chmod 777 /srv \\
  # seawall: ignore[command-skips-tls-checks] the proxy has a certificate of its own
  && wget --no-check-certificate https://example.com/x \\
  && curl -k https://example.com/y
COPY --from=build /app /app
USER 10001
";

fn findings(run: &Run) -> Vec<String> {
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let location = &finding["location"];
            let state = match finding["state"].as_str().unwrap() {
                "new" => "",
                state => state,
            };
            let text = format!(
                "{}:{} {} {state}",
                location["file"].as_str().unwrap(),
                location["line"],
                finding["control"].as_str().unwrap(),
            );
            text.trim_end().to_owned()
        })
        .collect()
}

#[test]
fn findings_are_at_their_lines_and_comments_accept_them() {
    let folder = Folder::new("dockerfiles-lines").file("images/web.Dockerfile", DOCKERFILE);
    let run = folder.seawall(&["scan", ".", "--format", "json"]);
    assert_eq!(
        findings(&run),
        [
            "images/web.Dockerfile:3 base-image-floating-tag",
            "images/web.Dockerfile:5 download-piped-to-shell excepted",
            "images/web.Dockerfile:7 world-writable-file",
            "images/web.Dockerfile:9 command-skips-tls-checks excepted",
            "images/web.Dockerfile:10 command-skips-tls-checks",
        ]
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = folder.seawall(&["scan", ".", "--fail-on", "medium"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("images/web.Dockerfile"),
        "{}",
        run.stdout
    );
}

#[test]
fn every_name_of_a_dockerfile_is_found_and_nothing_else() {
    let text = "FROM registry.example/a:latest\nUSER 1\n";
    let mut folder = Folder::new("dockerfiles-names");
    let names = [
        "Containerfile",
        "Containerfile.web",
        "Dockerfile",
        "Dockerfile.web",
        "b/c.Dockerfile",
        "b/c.dockerfile",
        "b/dockerfile",
    ];
    let others = [
        "Dockerfile.dockerignore",
        "Dockerfile.md",
        "MyDockerfile",
        "docker.txt",
        "dockerfiles",
    ];
    for name in names.iter().chain(&others) {
        folder = folder.file(name, text);
    }
    let run = folder.seawall(&["scan", ".", "--format", "json"]);
    let expected = names.map(|name| format!("{name}:1 base-image-floating-tag"));
    assert_eq!(findings(&run), expected);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let folder = Folder::new("dockerfiles-wrong")
        .file(
            "Dockerfile",
            "FROM a:1\nRNU make\nENV x\nUSER 1\nRUN <<EOF\nx\n",
        )
        .file("template/Dockerfile", "FROM {{ base }}\n{% if x %}\n")
        .file("none/Dockerfile", "this is no such file\n")
        .file("bytes/Dockerfile", "FROM a:1\nUSER 1\n\0");
    let run = folder.seawall(&["scan", ".", "--format", "json", "--verbose"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let problems = report["problems"].as_array().unwrap().iter();
    let problems: Vec<String> = problems
        .map(|problem| {
            format!(
                "{}:{} {} {}",
                problem["location"]["file"]
                    .as_str()
                    .unwrap_or(problem["file"].as_str().unwrap_or("")),
                problem["location"]["line"],
                problem["kind"].as_str().unwrap(),
                problem["message"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(problems.join("\n"), @r"
    Dockerfile:2 dockerfile-syntax there is no instruction `RNU`
    Dockerfile:3 dockerfile-syntax `ENV` needs a name and a value
    Dockerfile:5 dockerfile-syntax the here-document `EOF` does not end
    bytes/Dockerfile:null not-text the file is binary: NUL byte at offset 16
    ");
    let run = folder.seawall(&["scan", "none/Dockerfile"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("builds no image"), "{}", run.stdout);
}

/// Secrets where people put them, and mistakes beside them.
const PLANTED: &str = "\
FROM registry.example/a:latest
ENV DB_PASSWORD=LEAK01LEAK \\
    API_TOKEN='LEAK02 LEAK' \\
    NODE_TLS_REJECT_UNAUTHORIZED=0
ARG SECRET=LEAK03LEAK
RUN curl -k -H 'Authorization: Bearer LEAK04LEAKLEAK' https://example.com
RUN git clone https://me:LEAK05@example.com/x && chmod 777 /x
RUN chmod 777 /x && mysql --password=LEAK06LEAK
RUN <<EOF
export PASSWORD=LEAK07LEAK
chmod 777 /x
EOF
CMD [\"app\", \"--password\", \"LEAK08LEAK\", \"--token=LEAK09LEAK\"]
HEALTHCHECK CMD curl -k --user me:LEAK10LEAK https://example.com
USER root
";

#[test]
fn secrets_of_dockerfiles_never_print() {
    let folder = Folder::new("dockerfiles-secrets").file("Dockerfile", PLANTED);
    for format in [
        "summary", "pretty", "table", "json", "sarif", "junit", "gitlab", "github", "markdown",
        "csv", "html",
    ] {
        let run = folder.seawall(&["scan", ".", "--profile", "all", "--format", format]);
        assert!(run.code < 2, "{format}: {}", run.stderr);
        assert!(!run.stdout.contains("LEAK"), "{format}: {}", run.stdout);
    }
    let found = findings(&folder.seawall(&["scan", ".", "--format", "json"]));
    for line in [2, 3, 5] {
        let expected = format!("Dockerfile:{line} credential-in-image-variable");
        assert!(found.contains(&expected), "{found:?}");
    }
    for line in [6, 7, 8, 13] {
        let expected = format!("Dockerfile:{line} credential-in-build-command");
        assert!(found.contains(&expected), "{found:?}");
    }
}

#[test]
fn a_baseline_knows_findings_again_on_another_line() {
    let folder = Folder::new("dockerfiles-baseline").file("Dockerfile", DOCKERFILE);
    let run = folder.seawall(&["scan", ".", "--write-baseline", "b.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let folder = folder.file("Dockerfile", &format!("# a line more\n{DOCKERFILE}"));
    let run = folder.seawall(&["scan", ".", "--baseline", "b.json", "--fail-on", "low"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}
