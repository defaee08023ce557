//! The reference page of `seawall.yaml`, in Markdown.

use std::fmt::Write as _;

use super::shape::{FILE, Field, Shape};

/// The page.
pub(crate) fn reference() -> String {
    let mut page = String::from(
        "# seawall.yaml\n\n\
         Seawall reads the nearest `seawall.yaml` in the folder of the first path that it scans, or above it.\n\
         `--config FILE` names another one, `--no-config` reads none. Flags on the command line go before what the file says.\n\
         An unknown key is an error. An editor that reads JSON schemas checks the file while you write: `docs/seawall.schema.json`.\n",
    );
    section(&mut page, "Keys", "", FILE);
    page
}

fn section(page: &mut String, title: &str, prefix: &str, fields: &[Field]) {
    let _ = write!(
        page,
        "\n## {title}\n\n| key | value | meaning |\n|---|---|---|\n"
    );
    for field in fields {
        let needed = if field.required { " (required)" } else { "" };
        let _ = writeln!(
            page,
            "| `{}`{needed} | {} | {} |",
            field.name,
            words(&field.shape),
            field.doc
        );
    }
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        below(page, &name, &field.shape);
    }
}

/// The sections of the mappings inside a value.
fn below(page: &mut String, name: &str, shape: &Shape) {
    match shape {
        Shape::Record(fields) => section(page, &format!("`{name}`"), &format!("{name}."), fields),
        Shape::List(Shape::Record(fields)) => {
            section(
                page,
                &format!("A row of `{name}`"),
                &format!("{name}."),
                fields,
            );
        }
        // The rows of the list are described with the mapping that holds the same list.
        Shape::ListOr(_, second) => below(page, name, second),
        _ => {}
    }
}

fn words(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Sentence => "text".to_owned(),
        Shape::Glob => "glob".to_owned(),
        Shape::File => "path, relative to this file".to_owned(),
        Shape::Control => "control id".to_owned(),
        Shape::Word(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            quoted.join(", ")
        }
        Shape::Switch => "`true` or `false`".to_owned(),
        Shape::Version => "version in quotes".to_owned(),
        Shape::Day => "day as `2027-01-31`".to_owned(),
        Shape::Parameter => "scalar or list of texts".to_owned(),
        Shape::List(item) => format!("list: {}", words(item)),
        Shape::OneOrMore(item) => format!("one or a list: {}", words(item)),
        Shape::Port => "port, as `53/UDP` where it is not TCP".to_owned(),
        Shape::TextOr(_) => "text, or mapping".to_owned(),
        Shape::Record(_) => "mapping, below".to_owned(),
        Shape::Named(value) => format!("mapping from names: {}", words(value)),
        Shape::ListOr(first, second) => format!("{}; or {}", words(first), words(second)),
    }
}
