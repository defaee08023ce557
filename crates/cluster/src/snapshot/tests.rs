//! What is written is read, what is damaged is told, and what is secret is in neither.

use std::io::Cursor;
use std::sync::Arc;

use document::{Keys, print};
use model::{Problem, ProblemKind, ProblemLevel};
use proptest::prelude::*;

use super::*;
use crate::collect::Collected;
use crate::served::tests::served;

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(model::key_names()))
}

fn header(resources: usize) -> String {
    format!(
        r#"{{"schema":"seawall.dev/snapshot/v1","tool":{{"name":"seawall","version":"9"}},"context":"c/d","serverVersion":"v1.30.2","time":"2026-01-02T03:04:05Z","complete":true,"resources":{resources},"problems":[],"served":[{{"group":"","version":"v1","resource":"pods","kind":"Pod","namespaced":true,"names":[]}},{{"group":"","version":"v1","resource":"secrets","kind":"Secret","namespaced":true,"names":[]}}]}}"#
    )
}

fn read(text: impl Into<Vec<u8>>) -> Result<Collected, SnapshotError> {
    let snapshot = Snapshot::open("a.jsonl.zst", Cursor::new(text.into()))?;
    Ok(snapshot.collect(&keys()))
}

const POD: &str = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n"},"spec":{"priority":18446744073709551615,"x":[1.5,null,true,"\u0000é"]}}"#;
const SECRET: &str = r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"n"},"data":{"k":"aHVudGVyMg=="}}"#;

fn told(collected: &Collected) -> Vec<&str> {
    collected.problems.iter().map(|one| &*one.message).collect()
}

#[test]
fn what_was_written_is_read_and_secrets_are_not_in_it() {
    let first = read([&*header(2), POD, SECRET, ""].join("\n")).unwrap_or_default();
    assert!(told(&first).is_empty() && first.inventory.is_complete);
    let about = About {
        tool_version: "9".to_owned(),
        context: "c/d".to_owned(),
        server_version: "v1.30.2".to_owned(),
        time: "2026-01-02T03:04:05Z".to_owned(),
    };
    let mut bytes = Vec::new();
    write(&first, &about, &mut bytes).unwrap_or_default();
    assert!(is_snapshot(&bytes));
    let opened = Snapshot::open("b", Cursor::new(bytes.clone())).ok();
    assert_eq!(opened.map(|snapshot| snapshot.about()), Some(about));
    let text = zstd::stream::decode_all(&*bytes).unwrap_or_default();
    assert!(is_snapshot(&text));
    assert!(!String::from_utf8_lossy(&text).contains("aHVudGVyMg"));
    for bytes in [bytes, text] {
        let again = read(bytes).unwrap_or_default();
        assert!(told(&again).is_empty() && again.inventory.is_complete);
        let yaml = |collected: &Collected| {
            let resources = collected.inventory.resources.iter();
            resources
                .map(|one| print::to_yaml(one.object()))
                .collect::<String>()
        };
        assert_eq!(yaml(&again), yaml(&first));
        let last = &again.inventory.resources[1];
        assert_eq!(
            last.location(last.root).file(),
            "cluster://c%2Fd/api/v1/namespaces/n/secrets/s"
        );
    }
}

#[test]
fn problems_and_what_was_served_are_kept() {
    let collected = Collected {
        problems: vec![Problem {
            level: ProblemLevel::Error,
            kind: ProblemKind::Forbidden,
            file: "cluster://x/api/v1/secrets".to_owned(),
            location: None,
            message: "no".to_owned(),
            hint: Some("ask".to_owned()),
        }],
        served: vec![served("apps/v1", "deployments", "Deployment", true)],
        ..Collected::default()
    };
    let about = Snapshot::open("a", Cursor::new(header(0))).map(|one| one.about());
    let mut bytes = Vec::new();
    if let Ok(about) = about {
        write(&collected, &about, &mut bytes).unwrap_or_default();
    }
    let again = read(bytes).unwrap_or_default();
    assert_eq!(again.served, collected.served);
    assert_eq!(again.problems[0].kind, ProblemKind::Forbidden);
    assert_eq!(again.problems[0].hint.as_deref(), Some("ask"));
    assert!(!again.inventory.is_complete);
}

#[test]
fn damage_is_told_with_its_line_and_the_rest_is_read() {
    let text = [
        &*header(5),
        "{",
        POD,
        r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"x"}}"#,
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
        "\u{7}",
    ]
    .join("\n");
    let collected = read(text).unwrap_or_default();
    assert_eq!(collected.inventory.resources.len(), 1);
    assert!(!collected.inventory.is_complete);
    let told = told(&collected);
    assert!(told[0].starts_with("line 2: not JSON: "), "{told:?}");
    assert_eq!(
        told[1],
        "line 4: the header does not name the kind `Node` of `v1`"
    );
    assert_eq!(told[2], "line 5: no object with a name");
    assert!(told[3].starts_with("line 6: not JSON: "), "{told:?}");
}

#[test]
fn an_end_that_is_missing_is_told() {
    let collected = read([&*header(3), POD].join("\n")).unwrap_or_default();
    assert_eq!(
        told(&collected),
        ["the header announces 3 objects, and there are 1"]
    );
    let mut whole = Vec::new();
    let about = Snapshot::open("a", Cursor::new(header(0))).map(|one| one.about());
    if let Ok(about) = about {
        write(&collected, &about, &mut whole).unwrap_or_default();
    }
    // Whatever is cut off, something is told, and nothing panics.
    for end in 0..whole.len() {
        match read(&whole[..end]) {
            Ok(collected) => assert!(!collected.problems.is_empty(), "{end}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn what_is_no_snapshot_is_told() {
    let reason = |text: &str| {
        read(text)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert!(reason("").starts_with("line 1: not the header of a snapshot: "));
    assert!(reason("{}").contains("not ``"));
    assert!(
        reason(r#"{"schema":"seawall.dev/snapshot/v2"}"#).contains("not `seawall.dev/snapshot/v2`")
    );
    assert!(
        reason(r#"{"schema":"seawall.dev/snapshot/v1"}"#).starts_with("line 1: not the header")
    );
}

proptest! {
    /// Whatever bytes are changed, cut out or doubled, compressed or not: a message at most.
    #[test]
    fn damaged_bytes_are_told_and_never_a_panic(
        is_compressed: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..8),
    ) {
        let mut bytes = [&*header(3), POD, SECRET, POD].join("\n").into_bytes();
        // Whoever changes the number in the header can hide that something is missing.
        let first = if is_compressed { 0 } else { header(3).len() };
        if is_compressed {
            bytes = zstd::stream::encode_all(&*bytes, 1).unwrap_or_default();
        }
        for (at, byte, what) in changes {
            if bytes.len() <= first {
                break;
            }
            let at = first + at.index(bytes.len() - first);
            match what {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        match read(bytes) {
            Ok(collected) => {
                // What is lost is told: nothing else says that there is less.
                let is_less = collected.inventory.resources.len() < 3;
                prop_assert!(!is_less || !collected.problems.is_empty() || !collected.inventory.is_complete);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
