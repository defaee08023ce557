//! Exceptions, statements and baselines over findings in packages and files.

use document::Source;
use model::{
    DatabaseUsed, ExposedSecret, ImageTarget, Location, PackageReport, ProblemKind, Risk, Severity,
    State, VexNote, VexStatus, Vulnerability, VulnerablePackage,
};

use super::{Accepts, PackageException, PackageSettings, Product, Statement, judge_packages};
use crate::funnel::selector::Patterns;

const DIGEST: &str = "sha256:0123456789012345678901234567890123456789012345678901234567890123";

fn flaw(advisory: &str, alias: &str, purl: &str) -> Vulnerability {
    Vulnerability {
        advisory: advisory.to_owned(),
        aliases: vec![alias.to_owned()],
        severity: Some(Severity::High),
        state: State::New,
        fingerprint: format!("v1:{advisory}"),
        summary: String::new(),
        package: VulnerablePackage {
            purl: purl.to_owned(),
            version: "1.2".to_owned(),
            fixed: Vec::new(),
            status: None,
            layer: None,
            is_in_base: false,
            path: Some("srv/app/package-lock.json".to_owned()),
            line: None,
        },
        risk: Risk::default(),
        exception: None,
        vex: None,
    }
}

fn report() -> PackageReport {
    PackageReport {
        date: "2026-01-10".to_owned(),
        kind: "image",
        paths: vec!["web.tar".to_owned()],
        packages: 2,
        listed: Vec::new(),
        system: None,
        image: Some(ImageTarget {
            digest: DIGEST.to_owned(),
            names: vec!["registry.example/shop/web:1.2".to_owned()],
            platform: "linux/amd64".to_owned(),
            layers: Vec::new(),
        }),
        database: DatabaseUsed {
            date: String::new(),
            age: 0,
            digest: String::new(),
        },
        vulnerabilities: vec![
            flaw("CVE-2026-1", "GHSA-aaaa", "pkg:npm/%40a/b@1.2"),
            flaw(
                "CVE-2026-2",
                "DSA-1",
                "pkg:deb/debian/openssl@3.0?arch=amd64&distro=12",
            ),
        ],
        secrets: vec![ExposedSecret {
            pattern: "github-token".to_owned(),
            title: String::new(),
            severity: Severity::High,
            state: State::New,
            fingerprint: "v1:s".to_owned(),
            path: "srv/app/.env".to_owned(),
            line: 1,
            column: 1,
            end_line: 1,
            shown: String::new(),
            layer: None,
            is_hidden: false,
            exception: None,
        }],
        built: Vec::new(),
        controls: Vec::new(),
        problems: Vec::new(),
    }
}

fn exception(accepts: Accepts) -> PackageException {
    let source = Source::new("seawall.yaml", "a\nb\n");
    PackageException {
        accepts,
        packages: Patterns::default(),
        base: None,
        paths: Patterns::default(),
        targets: Patterns::default(),
        reason: "why".to_owned(),
        owner: None,
        expires: None,
        at: Location { source, span: 2..3 },
    }
}

fn flaws(ids: &[&str]) -> Accepts {
    Accepts::Vulnerabilities(ids.iter().map(|id| (*id).to_owned()).collect())
}

/// The states of all findings, and the kinds of problems.
fn judged(exceptions: &[PackageException], statements: &[Statement]) -> (String, Vec<ProblemKind>) {
    let mut report = report();
    judge_packages(
        &mut report,
        &PackageSettings {
            date: "2026-01-10",
            exceptions,
            statements,
            baseline: None,
        },
    );
    let states = report.states().map(|state| match state {
        State::New => 'n',
        State::Excepted => 'e',
        State::Baselined => 'b',
    });
    let kinds = report.problems.iter().map(|problem| problem.kind).collect();
    (states.collect(), kinds)
}

#[test]
fn exceptions_accept_by_any_id_of_a_flaw() {
    for id in ["CVE-2026-1", "ghsa-AAAA"] {
        let (states, problems) = judged(&[exception(flaws(&[id]))], &[]);
        assert_eq!(
            (states.as_str(), problems.as_slice()),
            ("enn", &[][..]),
            "{id}"
        );
    }
    let (states, _) = judged(
        &[exception(Accepts::Secrets(vec!["github-token".to_owned()]))],
        &[],
    );
    assert_eq!(states, "nne");
}

#[test]
fn what_nothing_needs_is_told() {
    let (states, problems) = judged(&[exception(flaws(&["CVE-2026-9"]))], &[]);
    assert_eq!(
        (states.as_str(), problems),
        ("nnn", vec![ProblemKind::ExceptionUnused])
    );
    let expired = PackageException {
        expires: Some("2026-01-09".to_owned()),
        ..exception(flaws(&["CVE-2026-1"]))
    };
    let (states, problems) = judged(std::slice::from_ref(&expired), &[]);
    assert_eq!(
        (states.as_str(), problems),
        ("nnn", vec![ProblemKind::ExceptionExpired])
    );
    let last_day = PackageException {
        expires: Some("2026-01-10".to_owned()),
        ..expired
    };
    assert_eq!(judged(&[last_day], &[]).0, "enn");
    let elsewhere = PackageException {
        targets: Patterns::new(["other.tar"]).unwrap(),
        ..exception(flaws(&["CVE-2026-9"]))
    };
    assert_eq!(judged(&[elsewhere], &[]), ("nnn".to_owned(), Vec::new()));
}

#[test]
fn packages_and_paths_narrow_an_exception() {
    let check = |packages: &[&str], paths: &[&str], expected: &str| {
        let exception = PackageException {
            packages: Patterns::new(packages.iter().copied()).unwrap(),
            paths: Patterns::new(paths.iter().copied()).unwrap(),
            ..exception(flaws(&["CVE-2026-1", "CVE-2026-2"]))
        };
        let (states, _) = judged(&[exception], &[]);
        assert_eq!(states, expected, "{packages:?} {paths:?}");
    };
    check(&[], &[], "een");
    check(&["pkg:npm/%40a/b"], &[], "enn");
    check(&["pkg:npm/%40a/b@1.2"], &[], "enn");
    check(&["pkg:npm/%40a/b@1.3"], &[], "nnn");
    check(&["pkg:deb/**"], &[], "nen");
    check(&["pkg:deb/debian/openssl@3.0"], &[], "nen");
    check(&[], &["srv/app/"], "een");
    check(&[], &["usr/"], "nnn");
}

#[test]
fn a_baseline_knows_what_no_exception_accepts() {
    let mut report = report();
    let baseline = ["v1:CVE-2026-1".to_owned(), "v1:s".to_owned()].into();
    judge_packages(
        &mut report,
        &PackageSettings {
            date: "2026-01-10",
            exceptions: &[exception(flaws(&["CVE-2026-1"]))],
            statements: &[],
            baseline: Some(&baseline),
        },
    );
    let states: Vec<State> = report.states().collect();
    assert_eq!(states, [State::Excepted, State::New, State::Baselined]);
    let exception = report.vulnerabilities[0].exception.as_ref().unwrap();
    assert_eq!(exception.at, "seawall.yaml:2");
}

fn statement(status: VexStatus, products: &[(&str, &[&str])]) -> Statement {
    Statement {
        ids: vec!["CVE-2026-2".to_owned()],
        products: products
            .iter()
            .map(|(id, parts)| Product {
                id: (*id).to_owned(),
                parts: parts.iter().map(|part| (*part).to_owned()).collect(),
            })
            .collect(),
        note: VexNote {
            status,
            justification: "vulnerable_code_not_present".to_owned(),
            text: String::new(),
            at: "a.json".to_owned(),
        },
    }
}

#[test]
fn statements_are_about_products_and_their_parts() {
    let oci = format!(
        "pkg:oci/web@{}?repository_url=registry.example/shop",
        DIGEST.replace(':', "%3A")
    );
    let other = oci.replace("0123", "9999");
    let check = |products: &[(&str, &[&str])], expected: &str| {
        let (states, problems) = judged(&[], &[statement(VexStatus::NotAffected, products)]);
        assert_eq!(states, expected, "{products:?}");
        assert_eq!(problems.is_empty(), expected.contains('e'), "{products:?}");
    };
    check(&[("pkg:deb/debian/openssl@3.0", &[])], "nen");
    check(&[("pkg:deb/debian/openssl", &[])], "nen");
    check(&[("pkg:deb/debian/openssl@3.0?distro=12", &[])], "nen");
    check(&[("pkg:deb/debian/openssl@3.0?distro=11", &[])], "nnn");
    check(&[("pkg:deb/debian/openssl@3.1", &[])], "nnn");
    check(&[("pkg:npm/%40a/b", &[])], "nnn");
    check(&[(DIGEST, &[])], "nen");
    check(&[(&oci, &[])], "nen");
    check(&[(&other, &[])], "nnn");
    check(&[(&oci, &["pkg:deb/debian/openssl"])], "nen");
    check(&[(&oci, &["pkg:deb/debian/curl"])], "nnn");
    check(&[(&other, &["pkg:deb/debian/openssl"])], "nnn");
    check(&[("pkg:docker/shop/web@1.2", &[])], "nen");
    check(&[("pkg:docker/shop/web@1.3", &[])], "nnn");
    check(&[("registry.example/shop/web:1.2", &[])], "nen");
    check(&[], "nen");
}

#[test]
fn only_what_does_no_harm_is_accepted_and_the_last_statement_decides() {
    let all = |status| statement(status, &[]);
    for (status, expected) in [
        (VexStatus::NotAffected, "nen"),
        (VexStatus::Fixed, "nen"),
        (VexStatus::Affected, "nnn"),
        (VexStatus::UnderInvestigation, "nnn"),
    ] {
        let (states, problems) = judged(&[], &[all(VexStatus::NotAffected), all(status)]);
        assert_eq!(
            (states.as_str(), problems.len()),
            (expected, 0),
            "{status:?}"
        );
    }
    let (_, problems) = judged(
        &[],
        &[Statement {
            ids: vec!["CVE-2026-9".to_owned()],
            ..all(VexStatus::Fixed)
        }],
    );
    assert_eq!(problems, [ProblemKind::VexUnused]);
}
