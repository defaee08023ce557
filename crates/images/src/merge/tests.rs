//! Layers put over each other, held against a file system made of nested folders.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::Tree;
use crate::layer::{Digests, Limits, Work, read};
use crate::testing::{Put, READERS, file, layer};

/// The packages that are there in the end: path, name and number of the layer.
fn merged(layers: &[Vec<Put>]) -> BTreeSet<(String, String, usize)> {
    let work = Work::new(READERS, Limits::default());
    let mut tree = Tree::default();
    for (number, entries) in layers.iter().enumerate() {
        let bytes = layer(entries);
        let contents = read(|| Ok(bytes.as_slice()), &Digests::default(), &work).unwrap();
        assert_eq!(contents.troubles, []);
        tree.apply(number, contents);
    }
    let said = tree.said().into_iter();
    let said = said.map(|said| {
        let name = said.readings[0].told.packages[0].parsed.name.clone();
        (said.path, name, said.layer)
    });
    said.collect()
}

fn names(layers: &[Vec<Put>]) -> Vec<String> {
    let merged = merged(layers).into_iter();
    merged
        .map(|(path, name, layer)| format!("{path} {name} {layer}"))
        .collect()
}

fn package(path: &str, name: &str) -> Put {
    file(path, &format!("pkg:npm/{name}@1"))
}

fn folder(path: &str) -> Put {
    Put::Folder(path.to_owned())
}

fn symlink(path: &str, target: &str) -> Put {
    Put::Symlink(path.to_owned(), target.to_owned())
}

fn hardlink(path: &str, target: &str) -> Put {
    Put::Hardlink(path.to_owned(), target.to_owned())
}

#[test]
fn later_layers_replace_and_hide() {
    let below = vec![
        package("a/1.pkg", "one"),
        package("a/b/2.pkg", "two"),
        package("c.pkg", "three"),
    ];
    for (above, expected) in [
        (
            vec![],
            &["a/1.pkg one 0", "a/b/2.pkg two 0", "c.pkg three 0"][..],
        ),
        (
            vec![file("a/.wh.1.pkg", "")],
            &["a/b/2.pkg two 0", "c.pkg three 0"],
        ),
        (vec![file(".wh.a", "")], &["c.pkg three 0"]),
        (
            vec![package("a/3.pkg", "new"), file("a/.wh..wh..opq", "")],
            &["a/3.pkg new 1", "c.pkg three 0"],
        ),
        (
            vec![package("a/1.pkg", "new")],
            &["a/1.pkg new 1", "a/b/2.pkg two 0", "c.pkg three 0"],
        ),
        (
            vec![package("a/1.pkg", "new"), file("a/.wh.1.pkg", "")],
            &["a/1.pkg new 1", "a/b/2.pkg two 0", "c.pkg three 0"],
        ),
        (vec![file("a", "a file")], &["c.pkg three 0"]),
        (vec![symlink("a", "c")], &["c.pkg three 0"]),
        (vec![folder("c.pkg")], &["a/1.pkg one 0", "a/b/2.pkg two 0"]),
        (
            vec![folder("a")],
            &["a/1.pkg one 0", "a/b/2.pkg two 0", "c.pkg three 0"],
        ),
        (
            vec![file(".wh..wh..opq", ""), package("d.pkg", "new")],
            &["d.pkg new 1"],
        ),
        (
            vec![file(".wh..wh.plnk", "")],
            &["a/1.pkg one 0", "a/b/2.pkg two 0", "c.pkg three 0"],
        ),
    ] {
        assert_eq!(
            names(&[below.clone(), above.clone()]),
            expected,
            "{above:?}"
        );
    }
}

#[test]
fn entries_go_where_links_lead() {
    let below = vec![
        symlink("lib", "usr/lib"),
        package("usr/lib/1.pkg", "one"),
        symlink("loop", "loop"),
    ];
    let above = vec![
        package("lib/1.pkg", "two"),
        package("lib/2.pkg", "three"),
        package("loop/3.pkg", "four"),
    ];
    assert_eq!(
        names(&[below.clone(), above]),
        [
            "loop/3.pkg four 1",
            "usr/lib/1.pkg two 1",
            "usr/lib/2.pkg three 1"
        ]
    );
    assert_eq!(names(&[below, vec![file("lib/.wh.1.pkg", "")]]), [""; 0]);
}

#[test]
fn a_file_stays_while_one_of_its_names_does() {
    let below = vec![
        package("1.pkg", "one"),
        hardlink("2.pkg", "1.pkg"),
        file("data", "pkg:npm/two@1"),
        hardlink("3.pkg", "data"),
    ];
    assert_eq!(
        names(std::slice::from_ref(&below)),
        ["1.pkg one 0", "3.pkg two 0"]
    );
    let gone = vec![file(".wh.1.pkg", "")];
    assert_eq!(
        names(&[below.clone(), gone.clone()]),
        ["2.pkg one 0", "3.pkg two 0"]
    );
    assert_eq!(
        names(&[below.clone(), gone, vec![file(".wh.2.pkg", "")]]),
        ["3.pkg two 0"]
    );
    // The name of a file below.
    assert_eq!(
        names(&[
            below,
            vec![hardlink("4.pkg", "1.pkg"), file(".wh.1.pkg", "")]
        ]),
        ["2.pkg one 0", "3.pkg two 0"]
    );
}

/// A file system as the specification of layers describes it.
#[derive(Debug, Clone)]
enum Node {
    Folder(BTreeMap<String, Node>),
    File(String, usize),
    Link(Vec<String>),
}

fn parts(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The real path of a folder: links in it followed; none if they go in a circle.
fn real(root: &Node, path: &[String], depth: usize) -> Option<Vec<String>> {
    let mut at: Vec<String> = Vec::new();
    for (number, part) in path.iter().enumerate() {
        at.push(part.clone());
        if let Some(Node::Link(target)) = find(root, &at) {
            let rest = target
                .iter()
                .chain(&path[number + 1..])
                .cloned()
                .collect::<Vec<_>>();
            return if depth == 0 {
                None
            } else {
                real(root, &rest, depth - 1)
            };
        }
    }
    Some(at)
}

fn find<'n>(root: &'n Node, path: &[String]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, part| match node {
        Node::Folder(inside) => inside.get(part),
        _ => None,
    })
}

/// The folder at a real path; what is in the way makes room.
fn made<'n>(root: &'n mut Node, path: &[String]) -> &'n mut BTreeMap<String, Node> {
    let mut node = root;
    for part in path {
        if !matches!(node, Node::Folder(_)) {
            *node = Node::Folder(BTreeMap::new());
        }
        let Node::Folder(inside) = node else {
            unreachable!()
        };
        node = inside
            .entry(part.clone())
            .or_insert_with(|| Node::Folder(BTreeMap::new()));
    }
    if !matches!(node, Node::Folder(_)) {
        *node = Node::Folder(BTreeMap::new());
    }
    let Node::Folder(inside) = node else {
        unreachable!()
    };
    inside
}

fn simulated(layers: &[Vec<Put>]) -> Option<BTreeSet<(String, String, usize)>> {
    let mut root = Node::Folder(BTreeMap::new());
    for (number, entries) in layers.iter().enumerate() {
        let whiteout = |entry: &Put| match entry {
            Put::File(path, _) => path
                .rsplit('/')
                .next()
                .is_some_and(|name| name.starts_with(".wh.")),
            _ => false,
        };
        for entry in entries.iter().filter(|entry| whiteout(entry)) {
            let Put::File(path, _) = entry else { continue };
            let mut path = parts(path);
            let name = path.pop()?;
            let folder = real(&root, &path, 20)?;
            if name == ".wh..wh..opq" {
                if matches!(find(&root, &folder), Some(Node::Folder(_))) {
                    made(&mut root, &folder).clear();
                }
            } else if matches!(find(&root, &folder), Some(Node::Folder(_))) {
                made(&mut root, &folder).remove(name.trim_start_matches(".wh."));
            }
        }
        for entry in entries.iter().filter(|entry| !whiteout(entry)) {
            let (Put::File(path, _)
            | Put::Folder(path)
            | Put::Symlink(path, _)
            | Put::Hardlink(path, _)) = entry;
            let mut path = parts(path);
            let name = path.pop()?;
            let folder = real(&root, &path, 20)?;
            // A file in the way of a folder is a broken layer.
            let blocked = (1..=folder.len())
                .any(|length| matches!(find(&root, &folder[..length]), Some(Node::File(..))));
            if blocked {
                return None;
            }
            let inside = made(&mut root, &folder);
            match entry {
                Put::File(_, content) => {
                    let name_of = content
                        .trim_start_matches("pkg:npm/")
                        .trim_end_matches("@1");
                    inside.insert(name, Node::File(name_of.to_owned(), number));
                }
                Put::Folder(_) => {
                    if !matches!(inside.get(&name), Some(Node::Folder(_))) {
                        inside.insert(name, Node::Folder(BTreeMap::new()));
                    }
                }
                Put::Symlink(_, target) => {
                    inside.insert(name, Node::Link(parts(target)));
                }
                Put::Hardlink(..) => return None,
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(&root, &mut Vec::new(), &mut found);
    Some(found)
}

fn collect(node: &Node, path: &mut Vec<String>, found: &mut BTreeSet<(String, String, usize)>) {
    match node {
        Node::Folder(inside) => {
            for (name, node) in inside {
                path.push(name.clone());
                collect(node, path, found);
                path.pop();
            }
        }
        Node::File(name, layer)
            if path
                .last()
                .is_some_and(|last| last.strip_suffix(".pkg").is_some()) =>
        {
            found.insert((path.join("/"), name.clone(), *layer));
        }
        _ => {}
    }
}

fn entry() -> impl Strategy<Value = Put> {
    let path = prop::sample::select(vec!["a", "b", "a/b", "b/a", "a/b/a", "c"]);
    let name = prop::sample::select(vec!["1.pkg", "2.pkg", "other"]);
    let target = prop::sample::select(vec!["/a", "/b", "/c", "/a/b"]);
    prop_oneof![
        4 => (path.clone(), name.clone(), "[a-z]{4}").prop_map(|(folder, name, content)| package(&format!("{folder}/{name}"), &content)),
        1 => (name.clone(), "[a-z]{4}").prop_map(|(name, content)| package(name, &content)),
        2 => path.clone().prop_map(folder),
        1 => (path.clone(), target).prop_map(|(path, target)| symlink(path, target)),
        1 => (path.clone(), name).prop_map(|(folder, name)| file(&format!("{folder}/.wh.{name}"), "")),
        1 => path.clone().prop_map(|folder| file(&format!("{folder}/.wh..wh..opq"), "")),
        1 => path.prop_map(|path| {
            let (folder, name) = path.rsplit_once('/').map_or((String::new(), path), |(folder, name)| (format!("{folder}/"), name));
            file(&format!("{folder}.wh.{name}"), "")
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn layers_make_what_a_file_system_makes(layers in prop::collection::vec(prop::collection::vec(entry(), 0..8), 1..5)) {
        if let Some(expected) = simulated(&layers) {
            prop_assert_eq!(merged(&layers), expected);
        }
    }
}
