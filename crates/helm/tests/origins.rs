//! Published charts: what an origin names decides the node. A change there changes it.

#[path = "common/disk.rs"]
mod disk;

use std::path::Path;

use disk::Disk;
use document::{Document, Kind, NodeRef, Role, Source, Span};
use helm::{Chart, Entry, Folder, Options, Resolved, render};

/// The disk with one file changed.
struct Changed {
    path: String,
    text: String,
}

impl Folder for Changed {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        Disk.resolve(path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == self.path {
            return Ok(self.text.clone().into_bytes());
        }
        Disk.read(path)
    }

    fn entries(&self, path: &str) -> Result<Vec<Entry>, String> {
        Disk.entries(path)
    }
}

fn document(folder: &dyn Folder, chart: &Path) -> Option<Document> {
    let options = Options {
        origins: true,
        ..Options::default()
    };
    let chart = Chart::load(folder, chart.to_str()?, &options.limits).ok()?;
    render(&chart, &options).ok()?.document
}

/// Which object, and where in it.
fn key(node: NodeRef<'_>, document: &Document) -> Option<(String, String)> {
    let root = document.roots().find(|root| root.holds(node))?;
    let text = |node: Option<NodeRef<'_>>| {
        node.and_then(NodeRef::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let name = root
        .get_str("metadata")
        .and_then(|metadata| metadata.get_str("name"));
    let object = format!("{} {}", text(root.get_str("kind")), text(name));
    Some((object, document.path_of(root, node)?.to_string()))
}

fn shown(node: NodeRef<'_>) -> String {
    match node.kind() {
        Kind::String => node.as_str().unwrap_or_default().to_owned(),
        Kind::Bool => format!("{:?}", node.as_bool()),
        Kind::Null => "null".to_owned(),
        _ => format!("{:?} {:?}", node.as_i64(), node.as_f64()),
    }
}

/// A text with something else in a place.
fn changed(source: &Source, span: &Span) -> Option<String> {
    let (text, range) = (source.text(), span.start as usize..span.end as usize);
    let written = &text[range.clone()];
    let other = match written {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ if written.starts_with(['|', '>', '&', '*']) => return None,
        _ if written.starts_with("{{") => "zzz".to_owned(),
        _ if written.starts_with(['"', '\'']) => format!("{}zz{}", &written[..1], &written[1..]),
        "" => " zz".to_owned(),
        _ if written.parse::<f64>().is_ok() => format!("{written}1"),
        _ if written.contains('\n') || written.starts_with(['{', '[']) => return None,
        _ => format!("zz{written}"),
    };
    Some(format!(
        "{}{other}{}",
        &text[..range.start],
        &text[range.end..]
    ))
}

/// Nodes of each chart that are looked at.
const SAMPLES: usize = 2;

#[test]
#[ignore = "needs the corpus of golden renderings in HELM_CORPUS"]
fn what_an_origin_names_decides_the_node() {
    let corpus = std::env::var("HELM_CORPUS").unwrap();
    let (mut good, mut wrong) = (0, Vec::new());
    let mut charts: Vec<_> = fs_err::read_dir(corpus)
        .unwrap()
        .map(|chart| chart.unwrap().path().join("chart"))
        .collect();
    charts.sort();
    for chart in charts {
        let Some(document) = document(&Disk, &chart) else {
            continue;
        };
        let scalars: Vec<NodeRef<'_>> = (0..document.size())
            .map(|index| document.nth(index))
            .filter(|node| !matches!(node.kind(), Kind::Mapping | Kind::Sequence))
            .collect();
        let step = (scalars.len() / SAMPLES).max(1);
        for node in scalars.iter().skip(step / 2).step_by(step) {
            let Some((object, path)) = key(*node, &document) else {
                continue;
            };
            let cause = document
                .causes(node.origin())
                .find(|cause| cause.role == Role::Value);
            let place = match cause {
                Some(cause) => document.place(cause.at),
                None => document.place(node.origin()),
            };
            let Some(text) = changed(place.source, &place.span) else {
                continue;
            };
            let folder = Changed {
                path: place.source.name().to_owned(),
                text,
            };
            let after = self::document(&folder, &chart);
            let same = after.as_ref().and_then(|after| {
                let mut nodes = (0..after.size()).map(|index| after.nth(index));
                nodes.find(|other| {
                    shown(*other) == shown(*node)
                        && key(*other, after) == Some((object.clone(), path.clone()))
                })
            });
            if same.is_none() {
                good += 1;
            } else {
                let at = place.source.line_column(place.span.start);
                wrong.push(format!(
                    "{object} {path} = {}: {}:{} {:?} ({})",
                    shown(*node),
                    place.source.name(),
                    at.line,
                    place.source.slice(&place.span),
                    if cause.is_some() { "value" } else { "template" }
                ));
            }
        }
    }
    let all = good + wrong.len();
    // What a list's next item says, too, stays; and one more replica does not change the first one.
    let is_enough = all > 0 && wrong.len() * 100 <= all * 5;
    assert!(is_enough, "{good} of {all}: {}", wrong.join("\n"));
}
