//! Values of charts: where the author of the outermost chart sets what decided something.

use document::edit::NewValue;
use document::{NodeRef, Path, Source, Step};

use crate::locate::Spot;

/// Names of values in a template that are tried, at most.
const MOST_NAMES: usize = 4;

/// What stands in the names of charts' folders between a chart and the charts in it.
const CHARTS: &str = "charts/";

/// The places where a value can be set, the outermost chart's first: what lies in `charts/` comes from elsewhere, and the next
/// update of the dependencies brings it back.
pub(crate) fn places(value: &(Spot, NewValue)) -> Vec<(Spot, NewValue)> {
    let (spot, written) = value;
    let mut places: Vec<(Spot, NewValue)> = Vec::new();
    if spot.inside.is_none()
        && let Some(own) = spot.file.strip_suffix("/values.yaml")
    {
        let mut steps = Vec::new();
        let mut rest = own;
        while let Some((chart, dependency)) = outer(rest) {
            steps.insert(0, Step::Key(dependency.into()));
            let path = Path([steps.clone(), spot.path.0.clone()].concat());
            places.insert(0, (at_values_of(chart, path), written.clone()));
            rest = chart;
        }
    }
    places.push(value.clone());
    places
}

/// The chart around a chart, and the name of the one in it: `app/charts/db` and `app/charts/db-1.2.3.tgz/db` are `db` in `app`.
fn outer(chart: &str) -> Option<(&str, &str)> {
    let at = chart.rfind(CHARTS)?;
    let dependency = chart.get(at + CHARTS.len()..)?;
    let name = dependency.rsplit('/').next()?;
    let around = chart[..at].trim_end_matches('/');
    (at == 0 || chart[..at].ends_with('/')).then_some((around, name))
}

fn at_values_of(chart: &str, path: Path) -> Spot {
    let file = if chart.is_empty() {
        "values.yaml".to_owned()
    } else {
        format!("{chart}/values.yaml")
    };
    Spot {
        file: file.into(),
        root: 0,
        path,
        inside: None,
    }
}

/// The values that a template names and that are called as what is missing in a mapping that it writes: what would be printed
/// there if they were set. With each the rest of the path.
pub(crate) fn named(source: &Source, mapping: NodeRef<'_>, rest: &Path) -> Vec<(Spot, Path)> {
    let Some((Step::Key(key), below)) = rest.0.split_first() else {
        return Vec::new();
    };
    let Some((chart, _)) = source.name().rsplit_once("templates/") else {
        return Vec::new();
    };
    let chart = chart.trim_end_matches('/');
    let own = mapping.place().span;
    let mut names: Vec<(bool, Vec<Step>)> = Vec::new();
    for (at, steps) in mentioned(source.text()) {
        let ends = |step: &Step| matches!(step, Step::Key(name) if is_called(name, key));
        let Some(last) = steps.iter().position(ends) else {
            continue;
        };
        let is_far = !(own.start..own.end).contains(&(at as u32));
        let name = (is_far, steps[..=last].to_vec());
        if !names.iter().any(|(_, known)| *known == name.1) {
            names.push(name);
        }
    }
    // Those between the lines of the mapping first.
    names.sort_by_key(|(is_far, _)| *is_far);
    let below = Path(below.to_vec());
    let mut spots = Vec::new();
    for (_, steps) in names.into_iter().take(MOST_NAMES) {
        let spot = at_values_of(chart, Path(steps));
        let all = places(&(spot, NewValue::Null));
        spots.extend(all.into_iter().map(|(spot, _)| (spot, below.clone())));
    }
    spots
}

/// Whether a value is called as a field: `podSecurityContext` as `securityContext`.
fn is_called(name: &str, key: &str) -> bool {
    name.to_ascii_lowercase()
        .ends_with(&key.to_ascii_lowercase())
}

/// The values that a text names, with where.
fn mentioned(text: &str) -> impl Iterator<Item = (usize, Vec<Step>)> {
    const START: &str = ".Values.";
    text.match_indices(START).map(move |(at, _)| {
        let rest = &text[at + START.len()..];
        let is_part =
            |character: char| character.is_ascii_alphanumeric() || "_.".contains(character);
        let end = rest
            .find(|character| !is_part(character))
            .unwrap_or(rest.len());
        let names = rest[..end].split('.').filter(|name| !name.is_empty());
        (at, names.map(|name| Step::Key(name.into())).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_charts_in_charts_are_set_from_outside() {
        let check = |file: &str, expected: &[&str]| {
            let spot = Spot {
                file: file.into(),
                root: 0,
                path: "web.tls".parse().unwrap(),
                inside: None,
            };
            let found = places(&(spot, NewValue::Null));
            let told: Vec<String> = { found.iter() }
                .map(|(spot, _)| format!("{} {}", spot.file, spot.path))
                .collect();
            assert_eq!(told, expected);
        };
        check("app/values.yaml", &["app/values.yaml web.tls"]);
        check(
            "app/charts/db/values.yaml",
            &[
                "app/values.yaml db.web.tls",
                "app/charts/db/values.yaml web.tls",
            ],
        );
        check(
            "charts/db/charts/log/values.yaml",
            &[
                "values.yaml db.log.web.tls",
                "charts/db/values.yaml log.web.tls",
                "charts/db/charts/log/values.yaml web.tls",
            ],
        );
        check(
            "app/charts/db-1.0.0.tgz/db/values.yaml",
            &[
                "app/values.yaml db.web.tls",
                "app/charts/db-1.0.0.tgz/db/values.yaml web.tls",
            ],
        );
    }

    #[test]
    fn a_template_names_values_between_other_things() {
        let text = "{{ .Values.a.b }} {{- with $.Values.podSecurityContext}} .Values.";
        let found: Vec<_> = mentioned(text)
            .map(|(_, steps)| Path(steps).to_string())
            .collect();
        assert_eq!(found, ["a.b", "podSecurityContext", ""]);
    }
}
