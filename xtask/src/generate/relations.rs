//! The page of relations: what expressions may ask beyond the fields of the manifest.

use std::collections::BTreeMap;
use std::fmt::Write;

use catalog::{Relation, relations};

/// Where the page is.
pub(super) const PATH: &str = "docs/controls/relations.md";

const HEAD: &str = "\
# Relations

What the expressions of a control may ask beyond its own object. Generated from the tables in `crates/catalog/src/relations/`.

A control that calls a method sees `object`, and `self` where the scope gives a whole resource, as objects that answer relations;
their fields are read as before. Graphs and indexes are made once for a scan, and only when some control asks.

- A reference by name to something that was not scanned is **unknown**: it may be elsewhere. With `scan --complete` the input is
  everything that the cluster has, and it does not exist.
- A selector that matches nothing in a part of a cluster is unknown; the other way round (the services of a pod, the policies that
  select it) the answer is what was scanned.
- What an unknown result counts as is the control's choice: `unknown: report`, `pass` or `fail`.
";

/// The page.
pub(super) fn page() -> String {
    let mut by_object: BTreeMap<&str, Vec<&Relation>> = BTreeMap::new();
    for relation in relations() {
        for object in relation.on.split(", ") {
            by_object.entry(object).or_default().push(relation);
        }
    }
    let mut text = HEAD.to_owned();
    for (object, mut relations) in by_object {
        relations.sort_by_key(|relation| relation.name);
        let _ = write!(
            text,
            "\n## {object}\n\n| expression | gives | |\n|---|---|---|\n"
        );
        for relation in relations {
            let arguments = relation.arguments.map(|names| format!("({names})"));
            let _ = writeln!(
                text,
                "| `{}{}` | `{}` | {} |",
                relation.name,
                arguments.unwrap_or_default(),
                relation.result,
                relation.about.replace('|', "\\|"),
            );
        }
    }
    text
}
