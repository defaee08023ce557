//! Charts whose manifests are read while templates are executed: what comes of it does not show.

use helm::{Chart, Error, Options, Rendering, render};
use proptest::prelude::*;

use crate::memory::Memory;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/// A template that prints about so many kilobytes of objects of a kind.
fn template(kind: &str, name: &str, kilobytes: usize) -> String {
    let rest = "  k: \"0123456789012345678901234567890123456789012345678901234567\"\n";
    let body = rest.replace("k:", "k{{ . }}:");
    format!(
        "apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\ndata:\n{{{{- range {} }}}}\n{}\n{{{{- end }}}}\n",
        kilobytes * 15,
        body.trim_end()
    )
}

fn rendered(files: &[(String, String)]) -> Result<Rendering, Error> {
    let all = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let folder = Memory::new([("c/Chart.yaml", CHART)].into_iter().chain(all));
    let options = Options::default();
    render(&Chart::load(&folder, "c", &options.limits)?, &options)
}

/// In a thread of a pool nothing is done side by side.
fn alone(files: &[(String, String)]) -> Result<Rendering, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.unwrap().install(|| rendered(files))
}

#[test]
fn the_first_mistake_by_name_is_told() {
    let mut files: Vec<(String, String)> = (0..40)
        .map(|number| {
            let name = format!("c/templates/t{number:02}.yaml");
            (name, template("ConfigMap", &format!("t{number}"), 10))
        })
        .collect();
    for number in [9, 23, 38] {
        files[number].1.push_str("  {: broken\n");
    }
    for outcome in [rendered(&files), alone(&files)] {
        let shown = outcome.unwrap_err().to_string();
        assert!(
            shown.starts_with("c/templates/t09.yaml does not print YAML"),
            "{shown}"
        );
    }
    files[9].1 = "a: 'open\n".to_owned();
    let shown = rendered(&files).unwrap_err().to_string();
    assert!(
        shown.starts_with("c/templates/t09.yaml does not print YAML"),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn side_by_side_is_as_alone(
        made in prop::collection::vec((0..60_usize, 0..3_usize, prop::bool::weighted(0.03)), 1..40)
    ) {
        let kinds = ["ConfigMap", "Secret", "Unknown"];
        let files: Vec<_> = made.iter().enumerate().map(|(number, (size, kind, is_broken))| {
            let folder = if number % 3 == 0 { "deep/" } else { "" };
            let path = format!("c/templates/{folder}t{}.yaml", (number * 7) % 40);
            let mut text = template(kinds[*kind], &format!("o{number}"), *size);
            if *is_broken {
                text.push_str("- [\n");
            }
            (path, text)
        }).collect();
        match (rendered(&files), alone(&files)) {
            (Ok(many), Ok(one)) => {
                prop_assert_eq!(many.text.text(), one.text.text());
                prop_assert_eq!(many.manifests, one.manifests);
            }
            (Err(many), Err(one)) => prop_assert_eq!(many.to_string(), one.to_string()),
            (many, one) => prop_assert!(false, "{:?} {:?}", many.is_ok(), one.is_ok()),
        }
    }
}
