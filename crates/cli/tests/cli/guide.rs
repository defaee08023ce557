//! `docs/guide.md` names only what is there: controls, frameworks, commands and their flags.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fs_err as fs;
use serde_json::Value;

use crate::support::Folder;

const LINK: &str = "](controls/reference/";

/// What the page may name.
struct Names {
    controls: BTreeSet<String>,
    frameworks: BTreeSet<String>,
    /// The help of each command.
    commands: BTreeMap<String, String>,
}

impl Names {
    fn of_the_program() -> Self {
        let folder = Folder::new("guide");
        let print = |args: &[&str]| {
            let run = folder.seawall(args);
            assert_eq!(run.code, 0, "{}", run.stderr);
            run.stdout
        };
        let ids = |what: &str| {
            let list: Value =
                serde_json::from_str(&print(&["list", what, "--format", "json"])).unwrap();
            let items = list.as_array().unwrap().iter();
            items
                .map(|item| item["id"].as_str().unwrap().to_owned())
                .collect()
        };
        let mut commands = BTreeMap::new();
        add_commands("", &print, &mut commands);
        Names {
            controls: ids("controls"),
            frameworks: ids("frameworks"),
            commands,
        }
    }

    /// What is wrong with a line of the page; `code`: inside a fenced block.
    fn complaints(&self, line: &str, code: bool) -> Vec<String> {
        let mut found = Vec::new();
        self.look_at_links(line, &mut found);
        if line.starts_with("- Frameworks: ") {
            let unknown = quoted(line).filter(|name| !self.frameworks.contains(*name));
            found.extend(unknown.map(|name| format!("there is no framework `{name}`")));
        }
        let texts: Vec<&str> = if code {
            line.split(" #").take(1).collect()
        } else {
            quoted(line).collect()
        };
        for text in texts {
            self.look_at_command(text, line, &mut found);
        }
        found
    }

    fn look_at_links(&self, line: &str, found: &mut Vec<String>) {
        for (at, _) in line.match_indices(LINK) {
            let target = line[at + LINK.len()..].split(')').next().unwrap();
            let id = target.trim_end_matches(".md");
            if !self.controls.contains(id) {
                found.push(format!("there is no control `{id}`"));
            }
            if !line[..at].ends_with(&format!("[`{id}`")) {
                found.push(format!("the link to `{id}` has another text"));
            }
        }
    }

    fn look_at_command(&self, text: &str, line: &str, found: &mut Vec<String>) {
        let Some((_, call)) = text.split_once("seawall ") else {
            return;
        };
        let words: Vec<&str> = call.split_whitespace().take(2).collect();
        let name = &words.join(" ");
        let name = match self.commands.get(name) {
            Some(_) => name,
            None => words.first().copied().unwrap_or_default(),
        };
        let to_come = line.contains("To come: ");
        match self.commands.get(name) {
            None if !to_come => found.push(format!("there is no command `{name}`")),
            Some(_) if to_come => found.push(format!("the command `{name}` is there already")),
            Some(help) => {
                let flags = call
                    .split_whitespace()
                    .filter(|word| word.starts_with("--"));
                let unknown = flags.filter(|flag| !help.contains(*flag));
                found.extend(unknown.map(|flag| format!("`{name}` has no flag `{flag}`")));
            }
            None => {}
        }
    }
}

/// The commands below one, with their help; those below them too.
fn add_commands(
    above: &str,
    print: &impl Fn(&[&str]) -> String,
    commands: &mut BTreeMap<String, String>,
) {
    let mut words: Vec<&str> = above.split_whitespace().collect();
    words.push("--help");
    let help = print(&words);
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    // A command stands two columns in; what wraps stands further in.
    let names = listed
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty());
    for name in names {
        let whole = format!("{above} {name}").trim().to_owned();
        add_commands(&whole, print, commands);
    }
    if !above.is_empty() {
        commands.insert(above.to_owned(), help);
    }
}

/// The texts between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join("docs/guide.md")).unwrap()
}

#[test]
fn the_guide_names_only_what_exists() {
    let names = Names::of_the_program();
    let (mut code, mut found) = (false, Vec::new());
    for (number, line) in page().lines().enumerate() {
        if line.starts_with("```") {
            code = !code;
            continue;
        }
        let complaints = names.complaints(line, code);
        found.extend(
            complaints
                .iter()
                .map(|what| format!("docs/guide.md:{}: {what}", number + 1)),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_practice_says_what_serves_it() {
    let page = page();
    let practices: Vec<&str> = page.split("\n### ").skip(1).collect();
    assert!(practices.len() >= 35, "{}", practices.len());
    for (place, practice) in practices.iter().enumerate() {
        let title = practice.lines().next().unwrap();
        assert!(
            title.starts_with(&format!("{}. ", place + 1)),
            "{title} is number {}",
            place + 1
        );
        let served = ["- Controls: ", "- Commands: ", "- To come: "];
        assert!(
            served
                .iter()
                .any(|start| practice.contains(&format!("\n{start}"))),
            "{title}"
        );
    }
}

#[test]
fn names_that_do_not_exist_are_noticed() {
    let names = Names {
        controls: BTreeSet::from(["host-pid".to_owned()]),
        frameworks: BTreeSet::from(["soc2".to_owned()]),
        commands: BTreeMap::from([("scan".to_owned(), "--profile <PROFILE>".to_owned())]),
    };
    let check = |line: &str, expected: &[&str]| {
        assert_eq!(names.complaints(line, false), expected, "{line}");
    };
    check(
        "- Controls: [`host-pid`](controls/reference/host-pid.md)",
        &[],
    );
    check(
        "- Controls: [`host-pid`](controls/reference/host-pit.md)",
        &[
            "there is no control `host-pit`",
            "the link to `host-pit` has another text",
        ],
    );
    check("- Frameworks: `soc2`", &[]);
    check("- Frameworks: `soc3`", &["there is no framework `soc3`"]);
    check("`x | seawall scan - --profile all`", &[]);
    check("`seawall scan --speed`", &["`scan` has no flag `--speed`"]);
    check("`seawall rbac` answers", &["there is no command `rbac`"]);
    check("- To come: `seawall rbac` answers", &[]);
    check(
        "- To come: `seawall scan`",
        &["the command `scan` is there already"],
    );
    assert_eq!(
        names.complaints("seawall list # all", true),
        ["there is no command `list`"]
    );
}
