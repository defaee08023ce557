//! How rows stand, and which data is refused.

use super::union::{parse_excuses, parse_rows};
use super::{Index, Standing, shared_ids};

const UNION: &str = "\
name,scope,control,kubescape,popeye,cis,other
whole,workload,,C-1 C-2,,,
part,workload,,C-3,,,
plain,workload,,C-4,,,
named,node,some-control,,,cis-1.12:1.1,
shared,cloud,,C-1,300,,
alike,cloud,,C-1,,,
open,cloud,,C-9,,,
";

fn index() -> Index {
    let id = |peer: &str, id: &str| (peer.to_owned(), id.to_owned());
    let controls = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    Index {
        own: controls(&["some-control", "one", "two"]),
        aliases: [
            (id("kubescape", "c-1"), controls(&["one"])),
            (id("kubescape", "c-4"), controls(&["two"])),
        ]
        .into(),
        partial: [(id("kubescape", "c-3"), controls(&["two"]))].into(),
    }
}

#[test]
fn ids_of_a_row_of_its_own_say_most() {
    let rows = parse_rows(UNION).unwrap();
    let (index, shared) = (index(), shared_ids(&rows));
    let found: Vec<String> = rows
        .iter()
        .map(|row| match index.standing(row, &shared) {
            Standing::Covered(ids) => format!("{} covered {ids:?}", row.name),
            Standing::Partly(ids) => format!("{} partly {ids:?}", row.name),
            Standing::Excused(_) | Standing::Open => format!("{} open", row.name),
        })
        .collect();
    let expected = [
        "whole partly {\"one\"}",
        "part partly {\"two\"}",
        "plain covered {\"two\"}",
        "named covered {\"some-control\"}",
        "shared partly {\"one\"}",
        "alike covered {\"one\"}",
        "open open",
    ];
    assert_eq!(found, expected);
}

#[test]
fn only_an_id_of_its_own_makes_an_excuse_stale() {
    let rows = parse_rows(UNION).unwrap();
    let (index, shared) = (index(), shared_ids(&rows));
    let own: Vec<Option<&String>> = rows.iter().map(|row| index.own(row, &shared)).collect();
    assert_eq!(own[0], None, "C-1 is shared, and nobody has C-2");
    assert_eq!(own[3].map(String::as_str), Some("some-control"));
    assert_eq!(own[4], None);
}

#[test]
fn ids_that_no_control_names_are_told() {
    let rows = parse_rows(UNION).unwrap();
    let unnamed: Vec<String> = index().unnamed(&rows[0]).collect();
    assert_eq!(unnamed, ["kubescape: C-2"]);
}

#[test]
fn reasons_are_read_and_mistakes_refused() {
    let table =
        |row: &str| format!("# T\n\n## Rows\n\n| row | needs | reason |\n|---|---|---|\n{row}\n");
    let good = parse_excuses(&table("| open | cloud facts | Because. |")).unwrap();
    assert_eq!(good["open"].reason, "Because.");
    for bad in [
        "| open | magic | Because. |",
        "| open | people | |",
        "| open | people |",
        "| open | people | A. |\n| open | people | B. |",
    ] {
        assert!(parse_excuses(&table(bad)).is_err(), "{bad}");
    }
    assert!(parse_rows("name,scope,control,snyk,cis,other\na,b,,c,,\n").is_err());
}
