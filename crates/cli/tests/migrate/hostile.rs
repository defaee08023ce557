//! What nobody would write: it is told with its place, and never ends the program otherwise.

use crate::support::Place;

fn check(name: &str, peer: &str, file: &str, bytes: impl AsRef<[u8]>, expected: &str) {
    let place = Place::empty(&format!("hostile-{name}")).file(file, bytes);
    let run = place.seawall(&["migrate", "--from", peer, file]);
    assert_eq!(run.code, 2, "{name}: {}", run.stderr);
    assert!(run.stderr.contains(expected), "{name}: {}", run.stderr);
}

#[test]
fn hostile_files_are_told_with_their_place() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    check(
        "deep",
        "kubescape",
        "exceptions.json",
        deep,
        "exceptions.json:1:",
    );
    check(
        "utf8",
        "trivy",
        ".trivyignore",
        b"KSV-0009\n\xff\n",
        ".trivyignore:2:1: .trivyignore: this is not UTF-8",
    );
    check(
        "broken",
        "checkov",
        ".checkov.yaml",
        "skip-check: [a\n",
        ".checkov.yaml:",
    );
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = format!("*a{}, ", level - 1).repeat(9);
        bomb += &format!("a{level}: &a{level} [{inner}]\n");
    }
    bomb += "checks: { include: *a11 }\n";
    check(
        "bomb",
        "kube-linter",
        ".kube-linter.yaml",
        bomb,
        ".kube-linter.yaml:",
    );
    let large = "KSV-0009\n".repeat(1 << 20);
    check(
        "large",
        "trivy",
        ".trivyignore",
        large,
        ".trivyignore:1:1: .trivyignore: the file is larger than 8 MiB",
    );
}

#[test]
fn a_lost_file_loses_no_other_one() {
    let place = Place::empty("hostile-two")
        .file("a/.trivyignore", b"\xff")
        .file("b/.trivyignore", "KSV-0009\n");
    let run = place.seawall(&["migrate", "--from", "trivy", "a", "b"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("host-network"), "{}", run.stderr);
    assert!(
        run.stderr.contains("a/.trivyignore:1:1: "),
        "{}",
        run.stderr
    );
}

#[test]
fn many_entries_end_with_a_word() {
    let designator = r#"{"designatorType":"Attributes","attributes":{"kind":"Pod"}},"#;
    let text = format!(
        r#"[{{"policyType":"postureExceptionPolicy","actions":["disable"],"posturePolicies":[],"resources":[{}]}}]"#,
        designator.repeat(5_000).trim_end_matches(',')
    );
    check(
        "many",
        "kubescape",
        "exceptions.json",
        text,
        "too many exceptions",
    );
}

#[test]
fn odd_values_are_no_trouble() {
    let odd = [
        (
            "kubescape",
            "e.json",
            r#"[{"policyType":"postureExceptionPolicy","actions":"disable","resources":{"a":1},"posturePolicies":7}]"#,
        ),
        (
            "kubescape",
            "e.json",
            r#"[{"posturePolicies":[1,null,{"controlID":"("}],"actions":["disable"],"resources":[null,{"attributes":{"name":"("}}]}]"#,
        ),
        (
            "kubescape",
            "i.json",
            r#"{"postureControlInputs":{"insecureCapabilities":{"a":1},"cpu_limit_max":[[1]]}}"#,
        ),
        (
            "trivy",
            "trivy.yaml",
            "severity: {a: 1}\nexit-code: x\nscan: [1]\n",
        ),
        (
            "trivy",
            ".trivyignore.yaml",
            "misconfigurations: [1, null, {id: [a]}]\n",
        ),
        (
            "checkov",
            ".checkov.yaml",
            "skip-check: {a: b}\ncheck: 7\nsoft-fail: [x]\nskip-path: [1.5, null]\n",
        ),
        (
            "checkov",
            ".checkov.baseline",
            r#"{"failed_checks":[1,{"file":7,"findings":[{"resource":"a.b"}]}]}"#,
        ),
        (
            "kube-linter",
            ".kube-linter.yaml",
            "checks: {include: {a: 1}, ignorePaths: 7}\ncustomChecks: [1, {template: ports, params: [1]}]\n",
        ),
    ];
    for (index, (peer, file, text)) in odd.into_iter().enumerate() {
        let place = Place::empty(&format!("odd-{index}")).file(file, text);
        let run = place.seawall(&["migrate", "--from", peer, file]);
        assert!(run.code <= 1, "{peer} {text}: {}", run.stderr);
    }
}
