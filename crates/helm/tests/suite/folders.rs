//! Charts in folders: links, and what is no chart.

use helm::{Chart, Options, render};

use crate::memory::Memory;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

fn text(folder: &Memory, path: &str) -> Result<String, String> {
    let options = Options::default();
    Chart::load(folder, path, &options.limits)
        .and_then(|chart| render(&chart, &options))
        .map(|rendering| rendering.text.text().to_owned())
        .map_err(|error| error.to_string())
}

#[test]
fn links_are_followed() {
    let chart = format!("{CHART}dependencies:\n- {{name: base, version: 1.0.0}}\n");
    let folder = Memory::new([
        ("charts/web/Chart.yaml", &*chart),
        (
            "shared/base/Chart.yaml",
            "apiVersion: v2\nname: base\nversion: 1.0.0\n",
        ),
        ("shared/base/templates/a.yaml", "a: {{ .Chart.Name }}\n"),
        ("shared/b.yaml", "b: {{ .Chart.Name }}\n"),
    ])
    .link("charts/web/charts/base", "shared/base")
    .link("charts/web/templates/b.yaml", "shared/b.yaml");
    let printed = text(&folder, "charts/web").unwrap();
    assert!(printed.contains("a: base"), "{printed}");
    assert!(printed.contains("b: web"), "{printed}");
}

#[test]
fn links_that_lead_in_a_circle_or_nowhere_are_errors() {
    let folder = Memory::new([("web/Chart.yaml", CHART)]).link("web/charts/web", "web");
    let error = text(&folder, "web").unwrap_err();
    assert!(error.contains("leads back to 'web'"), "{error}");
    let folder = Memory::new([("web/Chart.yaml", CHART)]).link("web/templates/a.yaml", "b.yaml");
    let error = text(&folder, "web").unwrap_err();
    assert!(error.contains("'web/templates/a.yaml'"), "{error}");
}

#[test]
fn what_is_no_chart_is_an_error() {
    let folder = Memory::new([("web/values.yaml", "a: 1")]);
    for (path, said) in [("web", "has no Chart.yaml"), ("other", "is not there")] {
        let error = text(&folder, path).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn what_is_not_utf_8_is_an_error_at_its_place() {
    for path in ["web/values.yaml", "web/templates/a.yaml"] {
        let mut folder = Memory::new([("web/Chart.yaml", CHART)]);
        folder.put(path, b"a: 1\nb: \"\xE9\"\n");
        let options = Options::default();
        let chart = Chart::load(&folder, "web", &options.limits);
        let error = chart
            .and_then(|chart| render(&chart, &options))
            .unwrap_err();
        let (source, span) = error.place.expect("a place");
        assert_eq!((source.name(), span.start), (path, 9), "{}", error.kind);
    }
    let mut folder = Memory::new([("web/Chart.yaml", CHART)]);
    folder.put("web/templates/NOTES.txt", b"caf\xE9");
    folder.put("web/templates/a.yaml", b"{{/* caf\xE9 */}}a: 1\n");
    assert!(text(&folder, "web").is_ok());
}
