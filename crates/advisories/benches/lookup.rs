//! How fast a database opens and answers, over one of made-up records: 20,000 packages, 60,000 advisories.

use advisories::feed::Fact;
use advisories::{Advisory, Affected, Builder, Database, Event, Query, Range};

fn main() {
    divan::main();
}

fn file() -> Vec<u8> {
    let mut builder = Builder::new();
    let advisory = |number: u32| {
        let events = vec![
            Event::Introduced("0".into()),
            Event::Fixed(format!("1.{}.0", number % 100)),
        ];
        let affected = Affected {
            ecosystem: if number.is_multiple_of(2) {
                "npm"
            } else {
                "crates.io"
            }
            .into(),
            name: format!("package-{}", number % 20_000),
            ranges: vec![Range {
                is_semver: true,
                events,
            }],
            ..Affected::default()
        };
        Fact::Advisory(Box::new(Advisory {
            id: format!("X-{number}"),
            affected: vec![affected],
            ..Advisory::default()
        }))
    };
    builder.add("made up", (0..60_000).map(advisory));
    builder.build("2026-01-01").unwrap_or_default()
}

#[divan::bench]
fn open(bencher: divan::Bencher) {
    let file = file();
    bencher.bench(|| Database::open(divan::black_box(&file)).is_ok());
}

/// Names, of which half have advisories.
#[divan::bench]
fn look_up_1000_packages(bencher: divan::Bencher) {
    let file = file();
    let Ok(database) = Database::open(&file) else {
        return;
    };
    let names: Vec<String> = (0..1000)
        .map(|number| format!("package-{}", number * 40))
        .collect();
    let npm = database.ecosystem("npm").unwrap_or_default();
    bencher.bench(|| {
        names
            .iter()
            .filter(|name| database.package_in(npm, name).is_some())
            .count()
    });
}

#[divan::bench]
fn match_1000_versions(bencher: divan::Bencher) {
    let file = file();
    let Ok(database) = Database::open(&file) else {
        return;
    };
    let queries: Vec<Query> = (0..1000)
        .map(|number| Query {
            ecosystem: "npm".into(),
            name: format!("package-{}", number * 40),
            version: "1.50.0".into(),
        })
        .collect();
    bencher.bench(|| {
        queries
            .iter()
            .map(|query| database.matches(query).len())
            .sum::<usize>()
    });
}
