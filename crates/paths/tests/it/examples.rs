//! Every technique is found in its own `edge.yaml`, resting on the lines that are marked there, and not in `none.yaml`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use paths::{Edge, Graph, techniques};

use crate::support::World;

fn folder(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("techniques")
        .join(id)
}

/// The edges of a technique.
fn edges<'g>(graph: &'g Graph<'_>, id: &str) -> Vec<&'g Edge> {
    let all = graph.edge_ids();
    let own = all.filter(|edge| {
        graph
            .technique(*edge)
            .is_some_and(|technique| technique.id == id)
    });
    own.map(|edge| graph.edge(edge)).collect()
}

/// The lines that edges rest on.
fn lines(world: &World, graph: &Graph<'_>, edges: &[&Edge]) -> BTreeSet<u32> {
    let clauses = edges.iter().flat_map(|edge| graph.clauses(edge.evidence));
    let facts = clauses.flatten().map(|&fact| graph.fact(fact).place);
    let scanned = facts.filter_map(|place| {
        let resource = world.inventory.resources.get(place.resource as usize)?;
        Some(resource.location(place.node).start().line)
    });
    scanned.collect()
}

/// The lines that are marked.
fn marked(yaml: &str) -> BTreeSet<u32> {
    let numbered = (1..).zip(yaml.lines());
    let own = numbered.filter(|(_, line)| line.trim_end().ends_with("# edge"));
    own.map(|(number, _)| number).collect()
}

/// Reads an example; its first line may say that it is everything.
fn world(file: &Path) -> Option<(World, String)> {
    let yaml = fs_err::read_to_string(file).ok()?;
    let is_complete = yaml.lines().next() == Some("# test: complete");
    let name = file.display().to_string();
    Some((World::new(&name, &yaml, is_complete), yaml))
}

#[test]
fn every_technique_is_found_where_it_is_marked() {
    let mut wrong = Vec::new();
    for technique in techniques() {
        let file = folder(technique.id).join("edge.yaml");
        let Some((world, yaml)) = world(&file) else {
            wrong.push(format!("{}: no edge.yaml", technique.id));
            continue;
        };
        let graph = world.graph();
        let found = edges(&graph, technique.id);
        let found_lines = lines(&world, &graph, &found);
        let marked = marked(&yaml);
        if found.is_empty() {
            wrong.push(format!("{}: nothing found in edge.yaml", technique.id));
        }
        if found_lines != marked {
            wrong.push(format!(
                "{}: rests on lines {found_lines:?}, marked are {marked:?}",
                technique.id
            ));
        }
        let ends: BTreeSet<_> = found
            .iter()
            .map(|edge| (graph.asset(edge.from).kind, graph.asset(edge.to).kind))
            .collect();
        for (from, to) in ends {
            if !technique.from().contains(&from) || !technique.to().contains(&to) {
                wrong.push(format!(
                    "{}: from {from:?} to {to:?} is not what it says",
                    technique.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_technique_is_found_where_it_is_not() {
    let mut wrong = Vec::new();
    for technique in techniques() {
        let Some((world, _)) = world(&folder(technique.id).join("none.yaml")) else {
            wrong.push(format!("{}: no none.yaml", technique.id));
            continue;
        };
        let graph = world.graph();
        for edge in edges(&graph, technique.id) {
            let (from, to) = (graph.name(edge.from), graph.name(edge.to));
            wrong.push(format!("{}: from {from} to {to}", technique.id));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_known_is_said() {
    let mut wrong = Vec::new();
    for technique in techniques() {
        let Some((world, _)) = world(&folder(technique.id).join("unknown.yaml")) else {
            continue;
        };
        let graph = world.graph();
        let found = edges(&graph, technique.id);
        if found.is_empty() || found.iter().any(|edge| edge.unknown.is_none()) {
            wrong.push(technique.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_example_belongs_to_a_technique() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("techniques");
    for entry in fs_err::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(paths::find_technique(&name).is_some(), "{name}");
    }
}
