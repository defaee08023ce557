//! What the program tells about itself and its controls.

use serde_json::Value;

use crate::support::Folder;

fn print(args: &[&str]) -> String {
    let run = Folder::new(&format!("pages-{}", args.join("-"))).seawall(args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn controls_are_listed_in_three_forms() {
    let json: Value =
        serde_json::from_str(&print(&["list", "controls", "--format", "json"])).unwrap();
    let ids: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|control| control["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"privileged-container"));
    assert!(ids.is_sorted());
    let text = print(&["list", "controls"]);
    assert_eq!(text.lines().count(), ids.len());
    let csv = print(&["list", "controls", "--format", "csv"]);
    assert_eq!(csv.lines().count(), ids.len() + 1);
    assert!(csv.starts_with("id,title,severity,"));
}

#[test]
fn frameworks_are_listed() {
    let json: Value =
        serde_json::from_str(&print(&["list", "frameworks", "--format", "json"])).unwrap();
    assert!(json.is_array());
}

#[test]
fn a_control_is_explained_by_id_and_by_alias() {
    let by_id = print(&["explain", "privileged-container"]);
    for part in [
        "Why",
        "What to change",
        "Before",
        "After",
        "C-0057",
        "References",
        "critical",
    ] {
        assert!(by_id.contains(part), "{part} is missing in\n{by_id}");
    }
    assert!(
        print(&["explain", "ksv-0017"]).contains(&by_id),
        "letter case does not matter"
    );
}

#[test]
fn an_unknown_control_is_a_mistake_with_a_hint() {
    let run = Folder::new("explain-unknown").seawall(&["explain", "privileged-contaner"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: there is no control `privileged-contaner`\nhint: did you mean `privileged-container`?\n"
    );
}

#[test]
fn pages_name_only_kinds_of_problems_that_there_are() {
    let reference = print(&["generate", "cli-reference"]);
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
    for page in ["inputs.md", "exceptions.md"] {
        let text = fs_err::read_to_string(format!("{docs}/{page}")).unwrap();
        let table = text.split("| kind | ").nth(1).unwrap();
        let rows = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        let kinds = rows.flat_map(|row| row.split('|').nth(1).unwrap().split(','));
        let kinds: Vec<&str> = kinds.map(str::trim).collect();
        assert!(kinds.len() > 5, "{page}: {kinds:?}");
        for kind in kinds {
            assert!(
                reference.contains(&format!("\n| {kind} | ")),
                "{page}: {kind}"
            );
        }
    }
}

#[test]
fn completions_and_man_page_are_printed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            print(&["completions", shell]).contains("seawall"),
            "{shell}"
        );
    }
    let man = print(&["man"]);
    assert!(man.contains("allow\\-problems"), "{man}");
}

#[test]
fn the_reference_names_every_flag_of_scan() {
    let page = print(&["generate", "cli-reference"]);
    let help = print(&["scan", "--help"]);
    let flags = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"));
    for flag in flags.filter(|flag| !flag.starts_with("--help")) {
        let name = flag
            .trim_end_matches([',', '.', ')'])
            .split(['[', '='])
            .next()
            .unwrap();
        assert!(page.contains(name), "{name}");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn the_configuration_has_a_reference() {
    insta::assert_snapshot!(print(&["generate", "config-reference"]));
}
