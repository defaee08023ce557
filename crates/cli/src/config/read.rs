//! Takes the values out of a file that [`validate`](super::validate) found well formed.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use catalog::{Diagnostic, ParamValue};
use document::{Kind, NodeRef};
use engine::funnel::{
    Accepts, Exception, InlinePolicy, PackageException, PathBase, Patterns, Selector,
};
use model::{Location, WorkloadRow};

use super::validate::mistake;
use super::{Config, Located, Override, Parameter, base};
use crate::framework_files;

/// Reads a file that lies in `folder` and whose globs are relative to `base`.
pub(super) fn read(
    root: NodeRef<'_>,
    folder: &Path,
    base: &Arc<PathBase>,
) -> Result<Config, Vec<Diagnostic>> {
    let exceptions = root.get_str("exceptions");
    let table = exceptions.filter(|node| node.kind() == Kind::Mapping);
    let rows = table.map_or(exceptions, |table| table.get_str("accepted"));
    let unclear: Vec<Diagnostic> = items(rows).filter_map(unclear).collect();
    if !unclear.is_empty() {
        return Err(unclear);
    }
    Ok(Config {
        profile: word(root, "profile"),
        frameworks: located(root, "frameworks").map(|words| below(folder, words)),
        controls: located(root, "controls"),
        exclude_controls: located(root, "exclude-controls"),
        kubernetes_version: word(root, "kubernetes-version"),
        fail_on: word(root, "fail-on"),
        fail_on_unknown: root.get_str("fail-on-unknown").and_then(NodeRef::as_bool),
        min_severity: word(root, "min-severity"),
        exclude: texts(root.get_str("exclude"))
            .iter()
            .filter_map(|glob| base::exclude(base, glob))
            .collect(),
        params: root.get_str("params").map(params).unwrap_or_default(),
        overrides: items(root.get_str("overrides"))
            .map(|row| override_row(row, base))
            .collect(),
        exceptions: items(rows)
            .filter(|row| row.get_str("control").is_some())
            .map(|row| exception(row, base))
            .collect(),
        package_exceptions: items(rows)
            .filter_map(|row| package_exception(row, base))
            .collect(),
        inline: table
            .and_then(|table| table.get_str("inline"))
            .and_then(inline),
        inline_locked: table
            .and_then(|table| located(table, "locked"))
            .unwrap_or_default(),
        workloads: workloads(root)?,
        controls_dirs: texts(root.get_str("controls-dirs"))
            .iter()
            .map(|dir| folder.join(dir))
            .collect(),
        locked: texts(root.get_str("locked")),
    })
}

/// Framework files lie below the folder of the configuration.
fn below(folder: &Path, words: Vec<Located>) -> Vec<Located> {
    let place = |mut word: Located| {
        if framework_files::file_of(&word.text).is_some() {
            word.text = folder.join(&word.text).to_string_lossy().into_owned();
        }
        word
    };
    words.into_iter().map(place).collect()
}

/// Where a node is written.
pub(super) fn location(node: NodeRef<'_>) -> Location {
    let place = node.document().place(node.origin());
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}

fn text<'a>(node: NodeRef<'a>, key: &str) -> Option<&'a str> {
    node.get_str(key)?.as_str()
}

fn word<T: FromStr>(node: NodeRef<'_>, key: &str) -> Option<T> {
    text(node, key)?.parse().ok()
}

/// The node itself, or its items when it is a list.
fn one_or_more(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    if node.kind() == Kind::Sequence {
        node.items().collect()
    } else {
        vec![node]
    }
}

fn items(node: Option<NodeRef<'_>>) -> impl Iterator<Item = NodeRef<'_>> {
    node.into_iter().flat_map(NodeRef::items)
}

fn texts(node: Option<NodeRef<'_>>) -> Vec<String> {
    let nodes = node.map(one_or_more).unwrap_or_default();
    nodes
        .into_iter()
        .filter_map(NodeRef::as_str)
        .map(str::to_owned)
        .collect()
}

fn located(node: NodeRef<'_>, key: &str) -> Option<Vec<Located>> {
    let nodes = one_or_more(node.get_str(key)?);
    Some(nodes.into_iter().filter_map(located_text).collect())
}

fn located_text(node: NodeRef<'_>) -> Option<Located> {
    Some(Located {
        text: node.as_str()?.to_owned(),
        at: location(node),
    })
}

fn params(node: NodeRef<'_>) -> Vec<(Located, Parameter)> {
    let controls = node.entries().flat_map(|control| {
        let name = key(&control);
        parameters(control.value)
            .into_iter()
            .map(move |parameter| (name.clone(), parameter))
    });
    controls.collect()
}

fn parameters(node: NodeRef<'_>) -> Vec<Parameter> {
    let entries = node.entries();
    entries
        .filter_map(|entry| {
            Some(Parameter {
                name: key(&entry),
                value: value(entry.value)?,
            })
        })
        .collect()
}

fn key(entry: &document::EntryRef<'_>) -> Located {
    let place = entry.value.document().place(entry.key_origin);
    let at = Location {
        source: Arc::clone(place.source),
        span: place.span,
    };
    Located {
        text: entry.name().to_owned(),
        at,
    }
}

fn value(node: NodeRef<'_>) -> Option<ParamValue> {
    match node.kind() {
        Kind::Bool => node.as_bool().map(ParamValue::Bool),
        Kind::Int => node.as_i64().map(ParamValue::Int),
        Kind::String => node
            .as_str()
            .map(|text| ParamValue::String(text.to_owned())),
        Kind::Sequence => Some(ParamValue::Strings(texts(Some(node)))),
        Kind::Null | Kind::Uint | Kind::Float | Kind::Mapping => None,
    }
}

/// Globs were found well formed before.
fn patterns(node: Option<NodeRef<'_>>) -> Patterns {
    Patterns::new(texts(node).iter().map(String::as_str)).unwrap_or_default()
}

fn override_row(node: NodeRef<'_>, base: &Arc<PathBase>) -> Override {
    Override {
        resources: Selector {
            base: Some(Arc::clone(base)),
            paths: patterns(node.get_str("paths")),
            namespaces: patterns(node.get_str("namespaces")),
            ..Selector::default()
        },
        controls: located(node, "controls").unwrap_or_default(),
        severity: word(node, "severity"),
        params: node.get_str("params").map(parameters).unwrap_or_default(),
    }
}

fn exception(node: NodeRef<'_>, base: &Arc<PathBase>) -> Exception {
    let resource = |key| {
        node.get_str("resource")
            .and_then(|resource| resource.get_str(key))
    };
    Exception {
        controls: texts(node.get_str("control")),
        resources: Selector {
            base: Some(Arc::clone(base)),
            paths: patterns(node.get_str("paths")),
            kinds: patterns(resource("kind")),
            namespaces: patterns(resource("namespace")),
            names: patterns(resource("name")),
            labels: labels(resource("labels")),
        },
        containers: patterns(node.get_str("container")),
        reason: text(node, "reason").unwrap_or_default().to_owned(),
        owner: text(node, "owner").map(str::to_owned),
        expires: text(node, "expires").map(str::to_owned),
        at: location(node),
    }
}

/// What a row of exceptions may accept: one of these.
const ACCEPTED: [&str; 3] = ["control", "vulnerability", "secret"];

/// The mistake in a row that does not say what it accepts, or says it twice.
fn unclear(row: NodeRef<'_>) -> Option<Diagnostic> {
    let mut said = ACCEPTED.iter().filter(|key| row.get_str(key).is_some());
    let first = said.next();
    let message = match (first, said.next()) {
        (Some(_), None) => return None,
        (None, _) => "an exception needs `control`, `vulnerability` or `secret`".to_owned(),
        (Some(first), Some(second)) => {
            format!("`{first}` and `{second}` are exceptions of their own")
        }
    };
    Some(mistake(row, row.origin(), message, None))
}

fn package_exception(row: NodeRef<'_>, base: &Arc<PathBase>) -> Option<PackageException> {
    let accepts = if row.get_str("vulnerability").is_some() {
        Accepts::Vulnerabilities(texts(row.get_str("vulnerability")))
    } else if row.get_str("secret").is_some() {
        Accepts::Secrets(texts(row.get_str("secret")))
    } else {
        return None;
    };
    Some(PackageException {
        accepts,
        packages: patterns(row.get_str("package")),
        base: Some(Arc::clone(base)),
        paths: patterns(row.get_str("paths")),
        targets: patterns(row.get_str("target")),
        reason: text(row, "reason").unwrap_or_default().to_owned(),
        owner: text(row, "owner").map(str::to_owned),
        expires: text(row, "expires").map(str::to_owned),
        at: location(row),
    })
}

fn labels(node: Option<NodeRef<'_>>) -> Vec<(String, Patterns)> {
    let entries = node.into_iter().flat_map(NodeRef::entries);
    entries
        .map(|entry| (entry.name().to_owned(), patterns(Some(entry.value))))
        .collect()
}

fn inline(node: NodeRef<'_>) -> Option<InlinePolicy> {
    match node.as_str()? {
        "allow" => Some(InlinePolicy::Allow),
        "report" => Some(InlinePolicy::Report),
        "deny" => Some(InlinePolicy::Deny),
        _ => None,
    }
}

fn workloads(root: NodeRef<'_>) -> Result<Vec<WorkloadRow>, Vec<Diagnostic>> {
    let mut rows = Vec::new();
    let mut mistakes = Vec::new();
    for row in items(root.get_str("workloads")) {
        let group = text(row, "group").unwrap_or_default();
        let kind = text(row, "kind").unwrap_or_default();
        for path in row.get_str("path").map(one_or_more).unwrap_or_default() {
            match WorkloadRow::pod_template(group, kind, path.as_str().unwrap_or_default()) {
                Ok(row) => rows.push(row),
                Err(error) => mistakes.push(mistake(path, path.origin(), error.to_string(), None)),
            }
        }
    }
    if mistakes.is_empty() {
        Ok(rows)
    } else {
        Err(mistakes)
    }
}
