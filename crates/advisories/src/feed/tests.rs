//! What each feed's documents mean, on small ones.

use std::io::Write as _;

use super::{Exploited, Fact, FeedError, Likelihood, read, unpack};
use crate::record::{Advisory, Event, Severity, Status};

fn advisories(text: &str) -> Vec<Advisory> {
    let facts = read(text.as_bytes()).unwrap().into_iter();
    facts
        .filter_map(|fact| {
            if let Fact::Advisory(advisory) = fact {
                Some(*advisory)
            } else {
                None
            }
        })
        .collect()
}

/// Each affected package as `ecosystem name <fixed` or `… all`, with its status where it is not plain.
fn told(advisory: &Advisory) -> Vec<String> {
    let told = advisory.affected.iter().map(|affected| {
        let events =
            affected
                .ranges
                .iter()
                .flat_map(|range| &range.events)
                .map(|event| match event {
                    Event::Introduced(version) => format!(">={version}"),
                    Event::Fixed(version) => format!("<{version}"),
                    Event::LastAffected(version) => format!("<={version}"),
                    Event::Limit(version) => format!("limit {version}"),
                });
        let status = if affected.status == Status::Affected {
            ""
        } else {
            affected.status.as_str()
        };
        let words = [affected.ecosystem.clone(), affected.name.clone()]
            .into_iter()
            .chain(events)
            .chain([status.to_owned()]);
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    told.collect()
}

#[test]
fn osv_in_json_and_yaml_is_the_same() {
    let json = advisories(
        r#"{"id": "X-1", "modified": "2024-01-02T00:00:00Z", "aliases": null, "database_specific": {"severity": "MODERATE", "cwe_ids": ["CWE-79"]},
            "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "versions": ["1.10"],
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}, {"type": "GIT", "events": [{"introduced": "abc"}]}]}]}"#,
    );
    let yaml = advisories(
        "id: X-1\nmodified: 2024-01-02T00:00:00Z\naliases:\ndatabase_specific: {severity: MODERATE, cwe_ids: [CWE-79]}\naffected:\n- package: {ecosystem: PyPI, name: a}\n  versions: [1.10]\n  \
         ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: 0\n    - fixed: 2.0\n  - type: GIT\n    events:\n    - introduced: abc\n",
    );
    assert_eq!(json, yaml);
    assert_eq!(told(&json[0]), ["PyPI a >=0 <2.0"]);
    assert_eq!(
        (json[0].label, json[0].detail.weaknesses.as_slice()),
        (Severity::Medium, ["CWE-79".to_owned()].as_slice())
    );
}

#[test]
fn debian_tracks_by_release() {
    let tracker = advisories(
        r#"{"openssl": {"CVE-2024-1": {"description": "d", "releases": {
            "bookworm": {"status": "resolved", "fixed_version": "3.0.11-1", "urgency": "not yet assigned"},
            "bullseye": {"status": "open", "urgency": "low", "nodsa_reason": "ignored"},
            "trixie": {"status": "resolved", "fixed_version": "0", "urgency": "unimportant"},
            "sid": {"status": "open", "urgency": "high"}}}}}"#,
    );
    assert_eq!(
        told(&tracker[0]),
        [
            "Debian:12 openssl >=0 <3.0.11-1",
            "Debian:11 openssl >=0 will-not-fix"
        ]
    );
}

#[test]
fn secdb_lists_fixes() {
    let alpine = advisories(
        "distroversion: v3.18\npackages:\n- pkg:\n    name: a\n    secfixes:\n      1.2-r0: [CVE-1 XSA-2]\n      \"0\": [CVE-3]\n",
    );
    assert_eq!(
        alpine.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(),
        ["CVE-1", "XSA-2"]
    );
    assert_eq!(told(&alpine[0]), ["Alpine:v3.18 a >=0 <1.2-r0"]);
    let wolfi = advisories(
        r#"{"urlprefix": "https://packages.wolfi.dev", "packages": [{"pkg": {"name": "a", "secfixes": {"1-r0": ["CVE-1"]}}}]}"#,
    );
    assert_eq!(told(&wolfi[0]), ["Wolfi a >=0 <1-r0"]);
}

#[test]
fn csaf_names_packages_of_platforms() {
    let vex = advisories(
        r#"{"document": {"title": "t", "aggregate_severity": {"text": "Important"}, "tracking": {"id": "CVE-2024-1", "current_release_date": "2024-05-01"}},
            "product_tree": {"branches": [{"branches": [
                {"product": {"product_id": "os", "name": "RHEL", "product_identification_helper": {"cpe": "cpe:/a:redhat:enterprise_linux:9::appstream"}}},
                {"product": {"product_id": "sles", "name": "SLES", "product_identification_helper": {"cpe": "cpe:/o:suse:sles:15:sp5"}}},
                {"product": {"product_id": "fixed", "product_identification_helper": {"purl": "pkg:rpm/redhat/openssl@3.0.7-1.el9?arch=x86_64&epoch=1"}}},
                {"product": {"product_id": "all", "product_identification_helper": {"purl": "pkg:rpm/redhat/edk2"}}},
                {"product": {"product_id": "nevra", "name": "libfoo-1.2-3.1.x86_64"}}]}],
              "relationships": [
                {"category": "default_component_of", "full_product_name": {"product_id": "os:fixed"}, "product_reference": "fixed", "relates_to_product_reference": "os"},
                {"category": "default_component_of", "full_product_name": {"product_id": "os:all"}, "product_reference": "all", "relates_to_product_reference": "os"},
                {"category": "default_component_of", "full_product_name": {"product_id": "sles:nevra"}, "product_reference": "nevra", "relates_to_product_reference": "sles"}]},
            "vulnerabilities": [{"cve": "CVE-2024-1", "product_status": {"fixed": ["os:fixed"], "known_affected": ["os:all"], "recommended": ["sles:nevra"]},
                "scores": [{"cvss_v3": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, "products": []}],
                "remediations": [{"category": "no_fix_planned", "product_ids": ["os:all"]}]}]}"#,
    );
    let mut lines = told(&vex[0]);
    lines.sort();
    assert_eq!(
        lines,
        [
            "Red Hat:9 edk2 >=0 will-not-fix",
            "Red Hat:9 openssl >=0 <1:3.0.7-1.el9",
            "SUSE:Linux Enterprise Server 15 SP5 libfoo >=0 <1.2-3.1"
        ]
    );
    assert_eq!(
        (vex[0].label, vex[0].detail.vectors.len()),
        (Severity::High, 1)
    );
}

#[test]
fn updateinfo_tells_the_release_by_the_packages() {
    let notices = advisories(
        r#"<?xml version="1.0"?><updates><update type="security" from="a@b"><id>ALAS2023-2024-1</id><title>t &amp; u</title><severity>important</severity>
           <issued date="2024-01-01"/><references><reference id="CVE-2024-1" type="cve" href="https://x"/></references>
           <pkglist><collection><package name="a" epoch="1" version="2" release="3.amzn2023.0.1" arch="x86_64"/>
             <package name="a" epoch="1" version="2" release="3.amzn2023.0.1" arch="aarch64"/></collection></pkglist></update>
           <update type="bugfix"><id>ALAS-2</id></update>
           <update type="security"><id>RLSA-2024:5</id><pkglist><collection><package name="b" version="1" release="1.el9_3" arch="src"/></collection></pkglist></update></updates>"#,
    );
    assert_eq!(
        told(&notices[0]),
        ["Amazon Linux:2023 a >=0 <1:2-3.amzn2023.0.1"]
    );
    assert_eq!(
        (
            notices[0].detail.summary.as_str(),
            notices[0].detail.upstream.as_slice()
        ),
        ("t & u", ["CVE-2024-1".to_owned()].as_slice())
    );
    assert_eq!(told(&notices[1]), ["Rocky Linux:9 b >=0 <0:1-1.el9_3"]);
}

#[test]
fn oval_names_tests_of_packages() {
    let definitions = advisories(
        r#"<oval_definitions xmlns:rpm="x"><definitions><definition id="d1" class="patch"><metadata><title>T</title>
             <affected family="unix"><platform>Azure Linux 3.0</platform></affected><reference source="CVE" ref_id="CVE-2024-1" ref_url="https://x"/>
             <severity>High</severity></metadata><criteria operator="AND"><criterion test_ref="t1"/><criteria><criterion test_ref="t2"/></criteria></criteria></definition></definitions>
           <tests><rpm:rpminfo_test id="t1"><rpm:object object_ref="o1"/><rpm:state state_ref="s1"/></rpm:rpminfo_test>
             <rpm:rpminfo_test id="t2"><rpm:object object_ref="o1"/><rpm:state state_ref="s2"/></rpm:rpminfo_test></tests>
           <objects><rpm:rpminfo_object id="o1"><rpm:name>curl</rpm:name></rpm:rpminfo_object></objects>
           <states><rpm:rpminfo_state id="s1"><rpm:evr datatype="evr_string" operation="less than">0:8.5-1.azl3</rpm:evr></rpm:rpminfo_state>
             <rpm:rpminfo_state id="s2"><rpm:version operation="pattern match">^3</rpm:version></rpm:rpminfo_state></states></oval_definitions>"#,
    );
    assert_eq!(
        told(&definitions[0]),
        ["Azure Linux:3 curl >=0 <0:8.5-1.azl3"]
    );
    assert_eq!(
        (definitions[0].id.as_str(), definitions[0].label),
        ("CVE-2024-1", Severity::High)
    );
}

#[test]
fn kubernetes_lists_versions_in_prose() {
    let feed = advisories(
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [{\"id\": \"CVE-2023-5528\", \"summary\": \"s\", \"content_text\": \"CVSS Rating: [CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H](x)\\n\
         #### Affected Versions\\n\\n- kubelet >= v1.8.0\\n- kube-proxy v1.28.0 - v1.28.3\\n- kube-apiserver <= v1.25.15\\n#### Fixed Versions\\n- kubelet v1.28.4\\n\"}]}",
    );
    assert_eq!(
        told(&feed[0]),
        [
            "Kubernetes kubelet >=1.8.0",
            "Kubernetes kube-proxy >=1.28.0 <=1.28.3",
            "Kubernetes kube-apiserver >=0 <=1.25.15"
        ]
    );
    assert_eq!(
        feed[0].detail.vectors,
        ["CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"]
    );
}

#[test]
fn likelihoods_exploits_and_cycles_are_facts() {
    let epss = read(
        b"#model_version:v2025,score_date:2025-01-01\ncve,epss,percentile\nCVE-1,0.00042,0.13\n",
    )
    .unwrap();
    assert_eq!(
        epss,
        [Fact::Likelihood(
            "CVE-1".into(),
            Likelihood {
                millionths: 420,
                percentile_millionths: 130_000
            }
        )]
    );
    let kev = read(br#"{"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-1", "dueDate": "2024-01-02"}]}"#).unwrap();
    assert_eq!(
        kev,
        [Fact::Exploited(
            "CVE-1".into(),
            Exploited {
                due: "2024-01-02".into()
            }
        )]
    );
    let cycles = read(br#"{"debian": {"releases": [{"releaseCycle": "12", "eol": "2026-06-10"}, {"releaseCycle": "10", "eol": true}]}}"#).unwrap();
    let Fact::Cycle(first) = &cycles[0] else {
        panic!("{cycles:?}")
    };
    assert_eq!(
        (first.cycle.as_str(), first.end.as_str(), first.has_ended),
        ("12", "2026-06-10", false)
    );
}

#[test]
fn what_is_no_feed_is_refused() {
    for text in [
        "",
        "hello",
        "{}",
        "[1]",
        "<html/>",
        "{\"a\": 1}",
        "a: b\n",
        "<oval_definitions><a",
        "\u{feff}",
    ] {
        assert!(
            read(text.as_bytes()).map_or(true, |facts| facts.is_empty()),
            "{text}"
        );
    }
    assert!(matches!(read(b"\xff\xfe"), Err(FeedError::Utf8)));
    assert!(matches!(
        read(br#"{"id": 1, "modified": ""}"#),
        Err(FeedError::Json { .. })
    ));
    let deep = "<a>".repeat(100_000);
    assert!(read(format!("<updates>{deep}").as_bytes()).is_err());
}

#[test]
fn archives_lie_in_each_other() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(2);
    header.set_mode(0o644);
    header.set_cksum();
    builder
        .append_data(&mut header, "a/b.json", b"{}".as_slice())
        .unwrap();
    let archive = builder.into_inner().unwrap();
    let expected = vec![("a/b.json".to_owned(), b"{}".to_vec())];
    assert_eq!(unpack("x.tar", archive.clone()).unwrap(), expected);
    assert_eq!(
        unpack("x.tar.zst", zstd::bulk::compress(&archive, 1).unwrap()).unwrap(),
        expected
    );
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&archive).unwrap();
    assert_eq!(
        unpack("x.tar.gz", gzip.finish().unwrap()).unwrap(),
        expected
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a/b.json", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"{}").unwrap();
    assert_eq!(
        unpack("x.zip", zip.finish().unwrap().into_inner()).unwrap(),
        expected
    );
    assert!(matches!(
        unpack("x", b"\x28\xb5\x2f\xfd broken".to_vec()),
        Err(FeedError::Archive(_))
    ));
}
