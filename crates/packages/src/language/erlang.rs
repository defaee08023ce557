//! Elixir and Erlang: `mix.lock` and `rebar.lock`, terms of their languages, written a line for each package.

use std::sync::LazyLock;

use regex::Regex;

use crate::list::{self, List};
use crate::package::Relationship;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READERS: &[Reader] = &[
    Reader {
        id: "mix-lock",
        version: 1,
        wants: |entry: &Entry<'_>| entry.is_project(&["mix.lock"]),
        read: mix,
    },
    Reader {
        id: "rebar-lock",
        version: 1,
        wants: |entry: &Entry<'_>| entry.is_project(&["rebar.lock"]),
        read: rebar,
    },
];

/// `"name": {:hex, :package, "1.0.0", …`
static MIX: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^\s*"([^"]+)":\s*\{:hex,\s*:"?(\w+)"?,\s*"([^"]+)"(.*)$"#));
/// `{:need, "~> 1.0", [`
static MIX_NEED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\{:(\w+),\s*""#));
/// `{<<"name">>,{pkg,<<"package">>,<<"1.0.0">>},0}`
static REBAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\{<<"([^"]+)">>,\s*\{pkg,\s*<<"([^"]+)">>,\s*<<"([^"]+)">>(?:,[^}]*)?\},\s*([0-9]+)\}"#,
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is one")
}

fn mix(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    if !text
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .starts_with("%{")
    {
        return Err(ReadError::in_line(1, "expected a map of Elixir, '%{'"));
    }
    let mut list = List::default();
    for (line, number) in text.lines().zip(1..) {
        // Packages from repositories have no version.
        let Some(found) = MIX.captures(line) else {
            continue;
        };
        let Some(mut package) = list::package("hex", "", &found[2], &found[3]) else {
            continue;
        };
        package.lines.push((number, number));
        let at = list.add(&found[1], package);
        for need in MIX_NEED.captures_iter(&found[4]) {
            list.need(at, &need[1]);
        }
    }
    Ok(list.told())
}

fn rebar(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut list = List::default();
    for (line, number) in text.lines().zip(1..) {
        for found in REBAR.captures_iter(line) {
            let Some(mut package) = list::package("hex", "", &found[2], &found[3]) else {
                continue;
            };
            package.lines.push((number, number));
            package.relationship = Some(match &found[4] {
                "0" => Relationship::Direct,
                _ => Relationship::Indirect,
            });
            list.add(&found[1], package);
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READERS;
    use crate::language::testing::{told, tree};

    #[test]
    fn mix_says_what_needs_what() {
        let text = "%{
  \"a\": {:hex, :a, \"1.0.0\", \"00\", [:mix], [{:b, \"~> 2.0\", [hex: :b, repo: \"hexpm\", optional: false]}], \"hexpm\", \"00\"},
  \"b\": {:hex, :b, \"2.0.1\", \"00\", [:rebar3], [], \"hexpm\", \"00\"},
  \"c\": {:git, \"https://x/c.git\", \"0123\", []},
}
";
        assert_eq!(
            tree(&told(READERS[0], "mix.lock", text)),
            "pkg:hex/a@1.0.0 2 -> b@2.0.1\npkg:hex/b@2.0.1 3\n"
        );
    }

    #[test]
    fn rebar_says_how_deep() {
        let text = "{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1.0.0\">>},0},\n {<<\"b\">>,{pkg,<<\"bb\">>,<<\"2.0.0\">>},1}]}.\n[{pkg_hash,[\n {<<\"a\">>, <<\"00\">>}]}].\n";
        assert_eq!(
            tree(&told(READERS[1], "rebar.lock", text)),
            "pkg:hex/a@1.0.0 2 direct\npkg:hex/bb@2.0.0 3 indirect\n"
        );
    }
}
