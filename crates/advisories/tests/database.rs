//! Databases of a few records: what they answer, that they are reproducible and signed, and that damage is survived.

#![expect(clippy::unwrap_used, reason = "a test")]

use advisories::feed;
use advisories::{Builder, ChunkIndex, Database, Query, SecretKey, Severity, SignatureState};
use proptest::prelude::{any, prop, prop_assert_eq, proptest};

const RECORDS: [&str; 5] = [
    r#"{"id": "PYSEC-1", "modified": "2024-01-01", "aliases": ["CVE-2024-1"], "summary": "first", "details": "long",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Foo_Bar"}, "versions": ["0.9"],
                      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"last_affected": "2.3"}]}]}]}"#,
    r#"{"id": "GHSA-1", "modified": "2024-02-01", "aliases": ["CVE-2024-1"], "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "foo-bar"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.4"}]}]}]}"#,
    r#"{"id": "PYSEC-2", "modified": "2024-01-01", "withdrawn": "2024-03-01",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "foo-bar"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}"#,
    r#"{"id": "DEBIAN-CVE-2024-1", "modified": "2024-01-01", "upstream": ["CVE-2024-1"],
        "affected": [{"package": {"ecosystem": "Debian:12", "name": "foo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1:2-3"}]}]}]}"#,
    r#"{"id": "M-1", "modified": "2024-01-01",
        "affected": [{"package": {"ecosystem": "Maven", "name": "g:a"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.0.rc1"}, {"fixed": "2.0.Final"}]}]}]}"#,
];

fn file(records: &[&str]) -> Vec<u8> {
    let mut builder = Builder::new();
    for record in records {
        builder.add("records", feed::read(record.as_bytes()).unwrap());
    }
    builder.add("kev", feed::read(br#"{"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2024-1", "dueDate": "2024-01-02"}]}"#).unwrap());
    builder.add(
        "epss",
        feed::read(b"cve,epss,percentile\nCVE-2024-1,0.5,0.9\n").unwrap(),
    );
    builder.build("2024-06-01").unwrap()
}

fn ids(database: &Database<Vec<u8>>, ecosystem: &str, name: &str, version: &str) -> Vec<String> {
    let query = Query {
        ecosystem: ecosystem.into(),
        name: name.into(),
        version: version.into(),
    };
    database
        .matches(&query)
        .iter()
        .map(|found| format!("{} {}", found.advisory.id(), found.fixed.join(",")))
        .collect()
}

#[test]
fn versions_lie_in_ranges_and_lists() {
    let database = Database::open(file(&RECORDS)).unwrap();
    for (version, expected) in [
        ("0.8", vec!["GHSA-1 1.4"]),
        ("0.9.0", vec!["GHSA-1 1.4", "PYSEC-1 "]),
        ("1.0", vec!["GHSA-1 1.4", "PYSEC-1 1.5"]),
        ("1.4.1", vec!["PYSEC-1 1.5"]),
        ("1.5", vec![]),
        ("2.3", vec!["PYSEC-1 "]),
        ("2.3.post1", vec![]),
    ] {
        assert_eq!(
            ids(&database, "PyPI", "foo.bar", version),
            expected,
            "{version}"
        );
    }
    assert_eq!(
        ids(&database, "Debian:12", "foo", "1:2-2"),
        ["DEBIAN-CVE-2024-1 1:2-3"]
    );
    assert!(ids(&database, "Debian:11", "foo", "1:2-2").is_empty());
    // Versions without a key are compared as texts.
    assert_eq!(ids(&database, "Maven", "g:a", "1.0.rc2"), ["M-1 2.0.Final"]);
    assert!(ids(&database, "Maven", "g:a", "2.0").is_empty());
}

#[test]
fn one_flaw_is_one_group() {
    let database = Database::open(file(&RECORDS)).unwrap();
    let group = database.group_of("ghsa-1").unwrap();
    assert_eq!(
        group.ids().collect::<Vec<_>>(),
        ["CVE-2024-1", "DEBIAN-CVE-2024-1", "GHSA-1", "PYSEC-1"]
    );
    assert_eq!(
        (
            group.name(),
            group.severity(),
            group.score(),
            group.epss(),
            group.is_exploited()
        ),
        ("CVE-2024-1", Severity::Critical, Some(9.8), Some(0.5), true)
    );
    let advisory = group
        .advisories()
        .find(|advisory| advisory.id() == "PYSEC-1")
        .unwrap();
    assert_eq!(
        (
            advisory.detail().summary.as_str(),
            advisory.source(),
            advisory.modified().as_str()
        ),
        ("first", "records", "2024-01-01")
    );
    assert!(database.group_of("CVE-1999-1").is_none());
    assert_eq!(database.age("2024-06-11"), 10);
    let sources: Vec<(&str, u32)> = database
        .sources()
        .map(|source| (source.name, source.records))
        .collect();
    assert_eq!(sources, [("epss", 1), ("kev", 1), ("records", 5)]);
}

#[test]
fn the_order_of_records_does_not_show() {
    let mut turned = RECORDS;
    turned.reverse();
    assert_eq!(file(&RECORDS), file(&turned));
}

#[test]
fn signatures_are_of_the_content() {
    let key = SecretKey::from_bytes(&[7; 32]);
    let mut signed = file(&RECORDS);
    let digest = Database::open(&signed).unwrap().digest();
    key.sign(&mut signed);
    let database = Database::open(&signed).unwrap();
    assert_eq!(database.digest(), digest);
    assert!(database.is_intact());
    assert_eq!(
        database.signature(&[key.public()]),
        SignatureState::Trusted(key.public())
    );
    assert_eq!(
        database.signature(&[]),
        SignatureState::Untrusted(key.public())
    );
    assert_eq!(
        key.to_text().parse::<SecretKey>().unwrap().public(),
        key.public()
    );
    let mut other = file(&RECORDS[..2]);
    other[64..160].copy_from_slice(&signed[64..160]);
    assert_eq!(
        Database::open(&other).unwrap().signature(&[key.public()]),
        SignatureState::Wrong
    );
    assert_eq!(
        Database::open(file(&RECORDS)).unwrap().signature(&[]),
        SignatureState::Unsigned
    );
}

#[test]
fn chunks_make_the_file_again() {
    let old: Vec<u8> = (0..600_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let mut new = old.clone();
    new.splice(1_000_000..1_000_000, *b"something new");
    let index: ChunkIndex = ChunkIndex::of(&new).to_string().parse().unwrap();
    let mirror = ChunkIndex::contents(&new);
    let mut fetched = 0;
    let made = index.assemble(
        &old,
        |chunk| {
            fetched += chunk.length;
            Ok::<_, String>(mirror[&chunk.name].to_vec())
        },
        |chunk| chunk.name.clone(),
    );
    assert!(made.unwrap() == new);
    assert!(fetched < 600_000, "{fetched} bytes for 13 new ones");
    let wrong = index.assemble(&old, |_| Ok(vec![0]), |chunk| chunk.name.clone());
    assert!(wrong.is_err());
    assert!("seawall chunks 1\nabc 1\n".parse::<ChunkIndex>().is_err());
}

#[test]
fn other_files_are_no_databases() {
    assert!(Database::open(b"".as_slice()).is_err());
    assert!(Database::open([0_u8; 600].as_slice()).is_err());
    let mut short = file(&RECORDS);
    short.pop();
    assert!(Database::open(short).is_err());
    let mut newer = file(&RECORDS);
    newer[8] = 9;
    assert!(Database::open(newer).is_err());
}

/// Asks everything that a database can be asked.
fn ask(bytes: &[u8]) {
    let Ok(database) = Database::open(bytes) else {
        return;
    };
    for (ecosystem, name) in [("PyPI", "foo-bar"), ("Debian:12", "foo"), ("Maven", "g:a")] {
        for version in ["1.0", "1:2", "1.0.rc1"] {
            let query = Query {
                ecosystem: ecosystem.into(),
                name: name.into(),
                version: version.into(),
            };
            for found in database.matches(&query) {
                let _ = (
                    found.advisory.id(),
                    found.advisory.detail(),
                    found.advisory.source(),
                );
            }
        }
    }
    for advisory in database.advisories() {
        let _ = (
            advisory.id(),
            advisory.detail(),
            advisory.severity(),
            advisory.group().map(|group| group.name().len()),
        );
    }
    for id in ["CVE-2024-1", "GHSA-1"] {
        if let Some(group) = database.group_of(id) {
            let _ = group.advisories().take(1000).count() + group.ids().take(1000).count();
        }
    }
    let _ = (
        database.is_intact(),
        database.signature(&[]),
        database.date(),
        database.sources().count(),
        database.cycles("debian").count(),
    );
    for package in database.packages_named("foo") {
        let _ = package.advisories().count();
    }
}

proptest! {
    #[test]
    fn damage_is_survived(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut damaged = file(&RECORDS);
        for (place, byte) in places {
            let place = place.index(damaged.len());
            damaged[place] = byte;
        }
        ask(&damaged);
    }

    #[test]
    fn a_changed_byte_is_noticed(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let intact = file(&RECORDS);
        let mut damaged = intact.clone();
        let place = place.index(damaged.len());
        damaged[place] ^= 1 << bit;
        let is_noticed = Database::open(&damaged).is_ok_and(|database| database.is_intact());
        // Key and signature are not part of the content.
        prop_assert_eq!(is_noticed, (64..160).contains(&place));
    }
}
