//! The answer for programs: `seawall.dev/paths/v1`. Fields are only ever added, and absent ones left out, never null.

use std::collections::BTreeMap;

use model::Problem;
use paths::{AssetId, ChokePoints, EdgeId, FactId, Graph, Path, Place, Technique};
use serde_json::{Map, Value, json};

use super::{Answer, change};
use crate::answers::wire::{self, Lost};
use crate::args::PathsArgs;

/// What is printed, of all worlds. Where there are several, everything says in which it is.
pub(super) struct Whole {
    target: Value,
    assets: usize,
    all_edges: usize,
    found: usize,
    left_out: usize,
    before: Option<usize>,
    fixed: Vec<String>,
    paths: Vec<Value>,
    choke_points: Option<Choke>,
    edges: Vec<Value>,
    techniques: BTreeMap<&'static str, &'static Technique>,
    gaps: Vec<Value>,
}

#[derive(Default)]
struct Choke {
    pairs: u64,
    changes: usize,
    points: Vec<Value>,
}

impl Whole {
    pub(super) fn new(args: &PathsArgs) -> Self {
        Whole {
            target: json!({ "kind": "files", "paths": args.paths, "complete": args.reading.complete }),
            assets: 0,
            all_edges: 0,
            found: 0,
            left_out: 0,
            before: None,
            fixed: args.if_fixed.clone(),
            paths: Vec::new(),
            choke_points: None,
            edges: Vec::new(),
            techniques: BTreeMap::new(),
            gaps: Vec::new(),
        }
    }

    /// Adds the answer of a world.
    pub(super) fn add(&mut self, args: &PathsArgs, answer: &Answer<'_, '_>) {
        let graph = answer.graph;
        let world = (!answer.world.is_empty()).then(|| json!(answer.world));
        let of_world = |mut value: Value| {
            insert(&mut value, "world", world.clone());
            value
        };
        self.assets += graph.assets().len();
        self.all_edges += graph.edges().len();
        self.found += answer.paths.len();
        self.left_out += answer.left_out;
        if let Some(before) = answer.before {
            *self.before.get_or_insert(0) += before;
        }
        let shown = answer.paths.iter().take(args.most());
        let shown = shown.map(|path| of_world(path_json(graph, path)));
        self.paths.extend(shown);
        if let Some(found) = &answer.choke_points {
            let choke = self.choke_points.get_or_insert_default();
            choke.pairs += found.pairs;
            choke.changes += found.points.len();
            let points = points_json(graph, found, args.most()).into_iter();
            choke.points.extend(points.map(of_world));
        }
        let listed = answer.listed_edges(args);
        let edges = listed.iter().map(|id| edge_json(graph, *id, args.why));
        self.edges.extend(edges.map(of_world));
        let techniques = listed.iter().filter_map(|id| graph.technique(*id));
        self.techniques
            .extend(techniques.map(|technique| (technique.id, technique)));
        let gaps = graph.gaps().iter().map(|gap| {
            let mut value =
                json!({ "missing": gap.missing.as_str(), "message": gap.missing.sentence() });
            let place = gap.place.and_then(|place| location(graph, place));
            insert(&mut value, "location", place);
            value
        });
        self.gaps.extend(gaps.map(of_world));
    }

    /// The whole text.
    pub(super) fn finish<'p>(
        self,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> anyhow::Result<String> {
        let mut top = json!({
            "schema": "seawall.dev/paths/v1",
            "tool": { "name": "seawall", "version": env!("CARGO_PKG_VERSION") },
            "target": self.target,
            "summary": {
                "assets": self.assets,
                "edges": self.all_edges,
                "paths": self.found,
                "leftOut": self.left_out,
            },
            "paths": self.paths,
        });
        if let Some(before) = self.before {
            top["summary"]["before"] = json!(before);
            top["summary"]["fixed"] = json!(self.fixed);
        }
        if let Some(choke) = self.choke_points {
            top["chokePoints"] = json!({
                "paths": choke.pairs,
                "changes": choke.changes,
                "points": choke.points,
            });
        }
        top["edges"] = Value::Array(self.edges);
        top["techniques"] = self.techniques.values().map(|own| technique(own)).collect();
        top["gaps"] = Value::Array(self.gaps);
        top["problems"] = serde_json::to_value(Lost::all(problems))?;
        wire::json(&top)
    }
}

fn path_json(graph: &Graph<'_>, path: &Path) -> Value {
    json!({
        "severity": path.severity.as_str(),
        "certain": path.is_certain,
        "steps": path.steps,
        "from": asset_json(graph, path.start),
        "to": asset_json(graph, path.goal),
        "edges": path.edges.iter().map(|id| edge_json(graph, *id, true)).collect::<Vec<_>>(),
    })
}

/// An asset: what it is, and the word that names it in every output.
fn asset_json(graph: &Graph<'_>, id: AssetId) -> Value {
    let asset = graph.asset(id);
    let mut value = json!({
        "id": graph.path(id),
        "kind": asset.kind.as_str(),
        "name": graph.name(id).to_string(),
    });
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    insert(&mut value, "namespace", text(&asset.namespace));
    insert(&mut value, "resourceKind", text(&asset.resource_kind));
    insert(
        &mut value,
        "count",
        (asset.count > 1).then(|| json!(asset.count)),
    );
    insert(
        &mut value,
        "scanned",
        (!asset.is_scanned).then(|| json!(false)),
    );
    insert(
        &mut value,
        "location",
        asset.place.and_then(|place| location(graph, place)),
    );
    value
}

fn edge_json(graph: &Graph<'_>, id: EdgeId, with_why: bool) -> Value {
    let edge = graph.edge(id);
    let mut value = json!({
        "from": graph.path(edge.from),
        "to": graph.path(edge.to),
    });
    let technique = graph.technique(id);
    insert(
        &mut value,
        "technique",
        technique.map(|technique| json!(technique.id)),
    );
    insert(
        &mut value,
        "pattern",
        edge.pattern.map(|pattern| json!(pattern.id)),
    );
    if technique.is_some() {
        value["severity"] = json!(graph.severity(id).as_str());
        value["step"] = json!(graph.is_step(id));
    }
    value["certain"] = json!(edge.unknown.is_none());
    insert(
        &mut value,
        "reason",
        edge.unknown.map(|reason| json!(reason)),
    );
    if with_why {
        let clauses: Vec<Value> = graph
            .why(id)
            .iter()
            .map(|clause| clause_json(graph, clause))
            .collect();
        insert(
            &mut value,
            "evidence",
            (!clauses.is_empty()).then(|| json!(clauses)),
        );
    }
    value
}

/// Facts any of which is enough.
fn clause_json(graph: &Graph<'_>, clause: &[FactId]) -> Value {
    let fact = |id: &FactId| {
        let fact = graph.fact(*id);
        let mut value = json!({ "says": fact.cause.says });
        insert(&mut value, "location", location(graph, fact.place));
        insert(
            &mut value,
            "excerpt",
            graph.excerpt(fact.place).map(Value::from),
        );
        let controls = (!fact.cause.controls.is_empty()).then(|| json!(fact.cause.controls));
        insert(&mut value, "controls", controls);
        value
    };
    clause.iter().map(fact).collect()
}

fn location(graph: &Graph<'_>, place: Place) -> Option<Value> {
    let resource = graph.resource(place)?;
    let at = graph.location(place)?;
    let start = at.start();
    Some(json!({
        "file": at.file(),
        "line": start.line,
        "column": start.column,
        "resource": change::named(resource),
    }))
}

/// A technique, with the names that others have for it.
fn technique(technique: &Technique) -> Value {
    json!({
        "id": technique.id,
        "title": technique.title(),
        "severity": technique.severity().as_str(),
        "precondition": technique.precondition(),
        "effect": technique.effect(),
        "fix": technique.fix(),
        "aliases": { "kubehound": technique.kubehound() },
        "attack": technique.attack(),
        "controls": technique.controls(),
        "references": technique.references(),
    })
}

fn points_json(graph: &Graph<'_>, found: &ChokePoints, most: usize) -> Vec<Value> {
    let point = |point: &paths::ChokePoint| {
        let remedy = &point.remedy;
        let mut value = json!({
            "paths": point.pairs,
            "edges": point.edges,
            "says": remedy.cause.says,
            "remedy": remedy.cause.remedy,
        });
        insert(&mut value, "location", location(graph, remedy.place));
        let diff = graph.repair(remedy).map(|edited| change::diff(&edited));
        insert(&mut value, "diff", diff.map(Value::from));
        value
    };
    found.points.iter().take(most).map(point).collect()
}

/// Absent fields are left out, never null.
fn insert(value: &mut Value, key: &str, field: Option<Value>) {
    if let (Some(field), Some(object)) = (field, value.as_object_mut()) {
        let object: &mut Map<String, Value> = object;
        object.insert(key.to_owned(), field);
    }
}
