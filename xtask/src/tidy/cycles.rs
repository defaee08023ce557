//! No cycles between the top-level modules of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use crate::workspace::{files, relative, root};

pub(super) fn run() -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut crates: Vec<_> = fs::read_dir(root().join("crates"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    crates.push(root().join("xtask"));
    crates.sort();
    for folder in crates {
        let graph = graph(&folder.join("src"))?;
        if let Some(cycle) = cycle(&graph) {
            complaints.push(format!(
                "{}: modules {}",
                relative(&folder),
                cycle.join(" → ")
            ));
        }
    }
    Ok(complaints)
}

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Which top-level module names which other, by `crate::name` outside of tests.
fn graph(source: &Path) -> Result<Graph> {
    let mut graph = Graph::new();
    for path in files(source, "rs")? {
        let within = path.strip_prefix(source).unwrap_or(&path);
        let first = within
            .components()
            .next()
            .map(|part| part.as_os_str().to_string_lossy());
        let module = first.unwrap_or_default().trim_end_matches(".rs").to_owned();
        let is_test = within.file_stem().is_some_and(|stem| stem == "tests");
        if matches!(module.as_str(), "lib" | "main" | "bin") || is_test {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let names = named(&text);
        graph
            .entry(module.clone())
            .or_default()
            .extend(names.into_iter().filter(|name| *name != module));
    }
    let modules: BTreeSet<String> = graph.keys().cloned().collect();
    for names in graph.values_mut() {
        names.retain(|name| modules.contains(name));
    }
    Ok(graph)
}

/// The names after `crate::`, single or in braces, before the tests and outside of comments.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let rest = rest.trim_start();
        let (list, single) = match rest.strip_prefix('{') {
            Some(list) => (top_level(list), None),
            None => (Vec::new(), Some(rest)),
        };
        for word in list.into_iter().chain(single) {
            let end = word
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(word.len());
            names.insert(word[..end].to_owned());
        }
    }
    names
}

/// The elements of a brace list, nested lists left whole.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut elements) = (0_usize, 0, Vec::new());
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => {
                elements.push(list[start..at].trim());
                break;
            }
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                elements.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    elements
}

/// One cycle of the graph, first module repeated at the end.
fn cycle(graph: &Graph) -> Option<Vec<String>> {
    let mut finished = BTreeSet::new();
    graph
        .keys()
        .find_map(|start| visit(graph, start, &mut Vec::new(), &mut finished))
}

fn visit(
    graph: &Graph,
    module: &str,
    path: &mut Vec<String>,
    finished: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(position) = path.iter().position(|seen| seen == module) {
        let mut cycle = path[position..].to_vec();
        cycle.push(module.to_owned());
        return Some(cycle);
    }
    if finished.contains(module) {
        return None;
    }
    path.push(module.to_owned());
    let found = graph
        .get(module)
        .into_iter()
        .flatten()
        .find_map(|next| visit(graph, next, path, finished));
    path.pop();
    finished.insert(module.to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::{Graph, cycle, named};

    #[test]
    fn names_are_read_from_single_and_braced_imports() {
        let text = "use crate::a::X;\nuse crate::{b, c::{D, E}};\n// crate::comment\n#[cfg(test)]\nuse crate::t;";
        assert_eq!(named(text).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_cycle_is_found_and_a_diamond_is_none() {
        let graph = |edges: &[(&str, &str)]| {
            let mut graph = Graph::new();
            for (from, to) in edges {
                graph
                    .entry((*from).to_owned())
                    .or_default()
                    .insert((*to).to_owned());
                graph.entry((*to).to_owned()).or_default();
            }
            graph
        };
        assert_eq!(
            cycle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).unwrap(),
            ["b", "c", "b"]
        );
        assert_eq!(
            cycle(&graph(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])),
            None
        );
    }
}
