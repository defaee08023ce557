//! The page about what is read is complete.

use std::collections::BTreeSet;
use std::path::Path;

use packages::readers;

#[test]
fn the_page_names_every_reader() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/packages.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let named: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let there: BTreeSet<&str> = readers().iter().map(|reader| reader.id).collect();
    assert_eq!(named, there);
}
