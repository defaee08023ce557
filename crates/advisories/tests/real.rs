//! The published data sets, where they lie beside the repository: the database answers as the OSV specification reads.

#![expect(
    clippy::unwrap_used,
    reason = "data that cannot be read fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use advisories::feed::{self, Fact};
use advisories::{
    Advisory, Affected, Builder, Database, Event, Query, Range, normal_ecosystem, normal_name,
};
use versions::{Scheme, compare};

fn shared() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = [root.join("../shared"), root.join("../../shared")]
        .into_iter()
        .find(|path| path.is_dir());
    shared
        .expect("the data lies in ../shared")
        .join("vuln/advisories")
}

fn facts(name: &str) -> Vec<Fact> {
    let file = format!("{name}.tar.zst");
    let bytes = std::fs::read(shared().join(&file)).unwrap();
    let files = feed::unpack(&file, bytes).unwrap();
    let read = |(_, bytes): &(String, Vec<u8>)| feed::read(bytes).unwrap_or_default();
    files.iter().flat_map(read).collect()
}

/// The evaluation of the specification's pseudo-code, for one record.
mod naive {
    use super::{Affected, Event, Range, Scheme, compare};

    pub(super) fn is_vulnerable(affected: &Affected, ecosystem: Scheme, version: &str) -> bool {
        let scheme = |range: &Range| {
            if range.is_semver && ecosystem != Scheme::Go {
                Scheme::Semver
            } else {
                ecosystem
            }
        };
        affected.ranges.iter().any(|range| {
            before_limits(range, scheme(range), version) && included(range, scheme(range), version)
        }) || affected
            .versions
            .iter()
            .any(|listed| compare(ecosystem, listed, version).is_eq())
    }

    fn before_limits(range: &Range, scheme: Scheme, version: &str) -> bool {
        let mut limits = range.events.iter().filter_map(|event| match event {
            Event::Limit(limit) => Some(limit),
            _ => None,
        });
        limits.clone().next().is_none()
            || limits.any(|limit| limit == "*" || compare(scheme, version, limit).is_lt())
    }

    fn included(range: &Range, scheme: Scheme, version: &str) -> bool {
        let at = |event: &Event| match event {
            Event::Introduced(v) | Event::Fixed(v) | Event::LastAffected(v) | Event::Limit(v) => {
                v.clone()
            }
        };
        let mut events = range.events.clone();
        events.sort_by(|a, b| match (at(a).as_str(), at(b).as_str()) {
            ("0", "0") => std::cmp::Ordering::Equal,
            ("0", _) => std::cmp::Ordering::Less,
            (_, "0") => std::cmp::Ordering::Greater,
            (a, b) => compare(scheme, a, b),
        });
        let mut vulnerable = false;
        for event in events {
            match event {
                Event::Introduced(v) if v == "0" || compare(scheme, version, &v).is_ge() => {
                    vulnerable = true;
                }
                Event::Fixed(v) if compare(scheme, version, &v).is_ge() => vulnerable = false,
                Event::LastAffected(v) if compare(scheme, version, &v).is_gt() => {
                    vulnerable = false;
                }
                _ => {}
            }
        }
        vulnerable
    }
}

/// A small generator, so that the questions are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % sides
    }
}

/// Versions near to those that records name.
fn version_near(dice: &mut Dice, known: &[String]) -> String {
    let version = known[dice.roll(known.len())].clone();
    match dice.roll(6) {
        0 => format!("{version}.1"),
        1 => format!("{version}-1"),
        2 => format!("{version}rc1"),
        3 => version
            .char_indices()
            .next_back()
            .map_or_else(String::new, |(last, _)| version[..last].to_owned()),
        _ => version,
    }
}

#[test]
#[ignore = "needs the shared data sets"]
fn a_naive_evaluator_agrees() {
    let names = [
        "golang-vulndb",
        "rustsec",
        "pypa",
        "almalinux",
        "bitnami",
        "bellsoft",
        "alpine-secdb",
    ];
    let mut questions = 0;
    for name in names {
        let facts = facts(name);
        let advisories: Vec<Advisory> = facts
            .iter()
            .filter_map(|fact| {
                if let Fact::Advisory(advisory) = fact {
                    Some((**advisory).clone())
                } else {
                    None
                }
            })
            .collect();
        let mut builder = Builder::new();
        builder.add(name, facts);
        let database = Database::open(builder.build("2026-11-29").unwrap()).unwrap();
        let mut packages: BTreeMap<(String, String), Vec<(&Advisory, &Affected)>> = BTreeMap::new();
        for advisory in advisories
            .iter()
            .filter(|advisory| advisory.detail.withdrawn.is_none())
        {
            for affected in &advisory.affected {
                let ecosystem = normal_ecosystem(&affected.ecosystem);
                let name = normal_name(&ecosystem, &affected.name);
                packages
                    .entry((ecosystem, name))
                    .or_default()
                    .push((advisory, affected));
            }
        }
        let all: Vec<_> = packages.iter().collect();
        let mut dice = Dice(0x5eed_0001);
        for _ in 0..20_000 {
            let ((ecosystem, name), records) = all[dice.roll(all.len())];
            let mut known: Vec<String> = records
                .iter()
                .flat_map(|(_, affected)| affected.versions.iter().cloned())
                .collect();
            for event in records
                .iter()
                .flat_map(|(_, affected)| &affected.ranges)
                .flat_map(|range| &range.events)
            {
                let (Event::Introduced(v)
                | Event::Fixed(v)
                | Event::LastAffected(v)
                | Event::Limit(v)) = event;
                known.push(v.clone());
            }
            known.push("0".to_owned());
            let version = version_near(&mut dice, &known);
            let scheme = Scheme::from_ecosystem(ecosystem).unwrap();
            let expected: BTreeSet<&str> = records
                .iter()
                .filter(|(_, affected)| naive::is_vulnerable(affected, scheme, version.trim()))
                .map(|(advisory, _)| advisory.id.as_str())
                .collect();
            let query = Query {
                ecosystem: ecosystem.clone(),
                name: name.clone(),
                version: version.clone(),
            };
            let matches = database.matches(&query);
            let given: BTreeSet<&str> = matches.iter().map(|found| found.advisory.id()).collect();
            assert_eq!(given, expected, "{ecosystem} {name} {version}");
            questions += 1;
        }
    }
    assert!(questions >= 100_000);
}

#[test]
#[ignore = "needs the shared data sets"]
fn all_sets_make_one_database_the_same_in_any_order() {
    let names = [
        "golang-vulndb",
        "rustsec",
        "pypa",
        "almalinux",
        "bitnami",
        "bellsoft",
        "alpine-secdb",
        "kev",
        "endoflife",
    ];
    let build = |names: &mut dyn Iterator<Item = &&str>| {
        let mut builder = Builder::new();
        for name in names {
            builder.add(name, facts(name));
        }
        builder.build("2026-11-29").unwrap()
    };
    let file = build(&mut names.iter());
    assert!(
        file == build(&mut names.iter().rev()),
        "the bytes depend on the order"
    );
    let database = Database::open(file).unwrap();
    assert!(database.is_intact());
    let records: BTreeMap<&str, u32> = database
        .sources()
        .map(|source| (source.name, source.records))
        .collect();
    for (name, expected) in [
        ("golang-vulndb", 4291),
        ("rustsec", 1206),
        ("pypa", 7080),
        ("almalinux", 5637),
        ("bitnami", 7444),
        ("bellsoft", 16_989),
        ("kev", 1404),
    ] {
        assert_eq!(records[name], expected, "{name}");
    }
    let log4j = database.group_of("CVE-2021-44228").unwrap();
    assert!(log4j.is_exploited());
    assert_eq!(
        database
            .cycles("debian")
            .find(|cycle| cycle.cycle == "12")
            .unwrap()
            .end,
        "2026-07-11"
    );
}
