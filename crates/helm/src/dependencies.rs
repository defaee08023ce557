//! Which dependencies take part, under which names, and the values that they lend to their parents
//! (<https://helm.sh/docs/topics/charts/#chart-dependencies>).

use gotemplate::Map;

use crate::chart::{Chart, Dependency, ImportValues};
use crate::coalesce::{Coalesce, merge_tables};
use crate::error::{Error, ErrorKind, Result};
use crate::node::Node;
use crate::options::Limits;
use crate::semver;
use crate::values::{copy_map, table_at, value_at};

/// Fails when a dependency that `Chart.yaml` names is not in `charts/`.
pub(crate) fn check_presence(chart: &Chart<'_>) -> Result<()> {
    let metadata = &chart.parts.metadata;
    let is_missing = |wanted: &&Dependency| {
        let there = &chart.parts.dependencies;
        !there.iter().any(|chart| chart.metadata.name == wanted.name)
    };
    let wanted = metadata.dependencies.as_deref().unwrap_or_default();
    let missing: Vec<&Dependency> = wanted.iter().filter(is_missing).collect();
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let shown = missing.iter().map(|dependency| shown(dependency));
    let error = Error::from(ErrorKind::Dependencies(
        shown.collect::<Vec<_>>().join(", "),
    ));
    let error = metadata.at_dependency(error, first);
    Err(error
        .hint("run `helm dependency build` in the chart's folder, or put the charts into charts/"))
}

/// A dependency with where to get it.
fn shown(dependency: &Dependency) -> String {
    let mut text = dependency.name.clone();
    for (before, part) in [
        (" ", &dependency.version),
        (" from ", &dependency.repository),
    ] {
        if !part.is_empty() {
            text.push_str(before);
            text.push_str(part);
        }
    }
    text
}

/// Decides on all dependencies, and puts in the values that charts import from them.
pub(crate) fn process(
    root: &mut Node<'_>,
    given: &Map,
    limits: &Limits,
    warn: &mut dyn FnMut(String),
) -> Result<()> {
    let mut left = limits.charts;
    decide(root, given, "", &mut left, warn)?;
    import(root, warn)
}

/// Gives dependencies their names, and takes out those that tags and conditions disable. `path` is where the values
/// of the chart lie, with a dot at its end.
fn decide(
    chart: &mut Node<'_>,
    given: &Map,
    path: &str,
    left: &mut usize,
    warn: &mut dyn FnMut(String),
) -> Result<()> {
    let Some(mut requirements) = chart.requirements.take() else {
        return Ok(());
    };
    chart.children = named(chart, &mut requirements, left)?;
    for requirement in &mut requirements {
        requirement.is_enabled = true;
    }
    let mut coalesce = Coalesce {
        keeps_nulls: false,
        warn,
    };
    let values = coalesce.values(chart, given)?;
    apply_tags(&mut requirements, &values, warn);
    apply_conditions(&mut requirements, &values, path, warn);
    let is_enabled = |name: &str| {
        let mut disabled = requirements.iter().filter(|it| !it.is_enabled);
        !disabled.any(|it| it.name == name)
    };
    chart.children.retain(|child| is_enabled(&child.name));
    let kept: Vec<Dependency> = requirements
        .iter()
        .filter(|it| is_enabled(&it.name))
        .cloned()
        .collect();
    for child in &mut chart.children {
        let path = format!("{path}{}.", child.name);
        decide(child, &values, &path, left, warn)?;
    }
    chart.requirements = (!kept.is_empty()).then_some(kept);
    Ok(())
}

/// The charts that take part: those that nobody asked for, then each that is asked for, under the name it is given.
/// `left` is how many there may still be.
fn named<'c>(
    chart: &Node<'c>,
    requirements: &mut [Dependency],
    left: &mut usize,
) -> Result<Vec<Node<'c>>> {
    let (metadata, there) = (chart.metadata(), &chart.children);
    let fits = |chart: &Node<'_>, wanted: &Dependency| {
        *chart.name == *wanted.name
            && semver::is_compatible(&wanted.version, &chart.metadata().version)
    };
    let is_asked_for = |chart: &&Node<'_>| requirements.iter().any(|wanted| fits(chart, wanted));
    let mut named: Vec<_> = there
        .iter()
        .filter(|chart| !is_asked_for(chart))
        .cloned()
        .collect();
    for wanted in requirements {
        if let Some(chart) = there.iter().find(|chart| fits(chart, wanted)) {
            let used = left.checked_sub(chart.size());
            *left = used.ok_or_else(|| {
                let message = "aliases make too many charts of the dependencies";
                let error = Error::from(ErrorKind::TooLarge(message.to_owned()));
                metadata.at_dependency(error, wanted)
            })?;
            let mut chart = chart.clone();
            if !wanted.alias.is_empty() {
                chart.name = wanted.alias.as_str().into();
            }
            named.push(chart);
        }
        if !wanted.alias.is_empty() {
            wanted.name.clone_from(&wanted.alias);
        }
    }
    Ok(named)
}

fn apply_tags(requirements: &mut [Dependency], values: &Map, warn: &mut dyn FnMut(String)) {
    let Some(tags) = values.get("tags").and_then(|tags| tags.as_map()) else {
        return;
    };
    for requirement in requirements {
        let (mut has_true, mut has_false) = (false, false);
        for tag in &requirement.tags {
            match tags.get(tag).map(|value| as_bool(&value)) {
                Some(Some(true)) => has_true = true,
                Some(Some(false)) => has_false = true,
                Some(None) => warn(format!("tags.{tag} is neither true nor false")),
                None => {}
            }
        }
        requirement.is_enabled = has_true || !has_false;
    }
}

fn apply_conditions(
    requirements: &mut [Dependency],
    values: &Map,
    path: &str,
    warn: &mut dyn FnMut(String),
) {
    for requirement in requirements {
        let conditions = requirement.condition.trim().split(',');
        for condition in conditions.filter(|condition| !condition.is_empty()) {
            let path = format!("{path}{condition}");
            let Some(value) = value_at(values, &path) else {
                continue;
            };
            match as_bool(&value) {
                Some(value) => {
                    requirement.is_enabled = value;
                    break;
                }
                None => warn(format!(
                    "{path}, the condition of the dependency '{}', is neither true nor false",
                    requirement.name
                )),
            }
        }
    }
}

fn as_bool(value: &gotemplate::Value) -> Option<bool> {
    match value.data() {
        gotemplate::Data::Bool(value) => Some(*value),
        _ => None,
    }
}

/// Puts values that charts import under their own ones, from the innermost charts outwards.
fn import(chart: &mut Node<'_>, warn: &mut dyn FnMut(String)) -> Result<()> {
    for child in &mut chart.children {
        import(child, warn)?;
    }
    let Some(requirements) = &chart.requirements else {
        return Ok(());
    };
    let mut coalesce = Coalesce {
        keeps_nulls: true,
        warn,
    };
    let values = coalesce.values(chart, &Map::new())?;
    let imported = Map::new();
    for requirement in requirements {
        for entry in &requirement.import_values {
            let (child, parent) = match entry {
                ImportValues::Export(name) => (format!("exports.{name}"), "."),
                ImportValues::Between { child, parent } => (child.clone(), parent.as_str()),
            };
            match table_at(&values, &format!("{}.{child}", requirement.name)) {
                Some(table) => merge_tables(&imported, &wrapped(table, parent), warn),
                None => warn(format!(
                    "the dependency '{}' has no mapping at '{child}' to import",
                    requirement.name
                )),
            }
        }
    }
    let values = copy_map(&values);
    merge_tables(&values, &imported, warn);
    chart.values = values;
    Ok(())
}

/// A map at a path of keys that are joined by dots.
fn wrapped(mut table: Map, path: &str) -> Map {
    if path != "." {
        for key in path.rsplit('.') {
            table = Map::from_iter([(key, table.into())]);
        }
    }
    table
}
