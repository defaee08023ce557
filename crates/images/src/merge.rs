//! Layers, one over the other: which files an image has in the end, which layer brought them, and where links lead.

use std::collections::BTreeMap;

use crate::layer::{Contents, Node, Reading};

/// Links that are followed on the way to a file; Linux gives up at the same number.
const MAX_LINKS: usize = 40;

/// A file that says something.
#[derive(Debug)]
pub(crate) struct Said {
    /// The path by which it was there first, of those by which it is there still.
    pub(crate) path: String,
    /// The number of the layer that brought it.
    pub(crate) layer: usize,
    pub(crate) readings: Vec<Reading>,
    is_folder: bool,
}

/// The files that say something, and the symbolic links, of all layers so far.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Files by path: places in `said`. Hard links are several paths of one place.
    files: BTreeMap<String, usize>,
    links: BTreeMap<String, String>,
    said: Vec<Said>,
}

impl Tree {
    /// Puts a layer over those that are there.
    pub(crate) fn apply(&mut self, layer: usize, contents: Contents) {
        self.remove_hidden(&contents);
        let (paths, nodes) = contents.into_parts();
        // Neighbours are in one folder.
        let mut folder = (String::new(), String::new());
        for (place, node) in nodes.into_iter().enumerate() {
            if matches!(node, Node::Whiteout | Node::Opaque) {
                continue;
            }
            let path = self.place(paths.get(place), &mut folder);
            let (links, is_link) = (self.links.len(), matches!(node, Node::Symlink(_)));
            self.put(layer, path, node);
            if is_link || self.links.len() != links {
                folder = (String::new(), String::new());
            }
        }
    }

    /// What whiteouts hide is of layers below, wherever in the layer they stand.
    fn remove_hidden(&mut self, contents: &Contents) {
        for (path, node) in contents.iter() {
            match node {
                Node::Whiteout => {
                    let path = self.resolve_folder(path);
                    self.remove(&path);
                }
                Node::Opaque => {
                    let path = self.resolve(path);
                    self.remove_inside(&path);
                }
                _ => {}
            }
        }
    }

    fn put(&mut self, layer: usize, path: String, node: Node) {
        let readings = match node {
            Node::Folder => Vec::new(),
            Node::Told(readings) => readings,
            node => return self.put_file(layer, path, node),
        };
        // A folder is the same folder as below, but it takes the place of anything else.
        self.links.remove(&path);
        let below = self.files.get(&path).map(|place| &self.said[*place]);
        if below.is_some_and(|said| said.is_folder) {
            return;
        }
        self.files.remove(&path);
        self.say(layer, path, readings, true);
    }

    fn put_file(&mut self, layer: usize, path: String, node: Node) {
        let other = match &node {
            Node::Hardlink(target) => self.files.get(&self.resolve_folder(target)).copied(),
            _ => None,
        };
        self.remove(&path);
        match node {
            Node::File(readings) => self.say(layer, path, readings, false),
            Node::Symlink(target) => {
                self.links.insert(path, target);
            }
            _ => {
                if let Some(place) = other {
                    self.files.insert(path, place);
                }
            }
        }
    }

    fn say(&mut self, layer: usize, path: String, readings: Vec<Reading>, is_folder: bool) {
        if readings.is_empty() {
            return;
        }
        self.files.insert(path.clone(), self.said.len());
        self.said.push(Said {
            path,
            layer,
            readings,
            is_folder,
        });
    }

    fn remove(&mut self, path: &str) {
        self.files.remove(path);
        self.links.remove(path);
        self.remove_inside(path);
    }

    fn remove_inside(&mut self, path: &str) {
        if path.is_empty() {
            self.files.clear();
            self.links.clear();
            return;
        }
        remove_below(&mut self.files, path);
        remove_below(&mut self.links, path);
    }

    /// The path under which an entry is put: its folder may be a link.
    fn place(&self, path: &str, folder: &mut (String, String)) -> String {
        if self.links.is_empty() {
            return path.to_owned();
        }
        let Some((parent, name)) = path.rsplit_once('/') else {
            return path.to_owned();
        };
        if folder.0 != parent {
            *folder = (parent.to_owned(), self.resolve(parent));
        }
        join(&folder.1, name)
    }

    /// The path with the links in its folder followed.
    pub(crate) fn resolve_folder(&self, path: &str) -> String {
        self.place(path, &mut Default::default())
    }

    /// The path with all links in it followed.
    pub(crate) fn resolve(&self, path: &str) -> String {
        let mut rest: Vec<&str> = path.split('/').rev().collect();
        let mut resolved = String::new();
        let mut followed = 0;
        while let Some(part) = rest.pop() {
            match part {
                "" | "." => {}
                ".." => {
                    let up = resolved.rfind('/').unwrap_or(0);
                    resolved.truncate(up);
                }
                part => {
                    let next = join(&resolved, part);
                    match self.links.get(&next) {
                        Some(target) if followed < MAX_LINKS => {
                            followed += 1;
                            if target.starts_with('/') {
                                resolved.clear();
                            }
                            rest.extend(target.split('/').rev());
                        }
                        _ => resolved = next,
                    }
                }
            }
        }
        resolved
    }

    /// Makes the tree of a folder: its links, and what its files say, all in one layer.
    pub(crate) fn of_folder(
        links: BTreeMap<String, String>,
        files: Vec<(String, Vec<Reading>)>,
    ) -> Self {
        let mut tree = Self {
            links,
            ..Self::default()
        };
        for (path, readings) in files {
            tree.put(0, path, Node::File(readings));
        }
        tree
    }

    /// The files that are there, by path, each once.
    pub(crate) fn said(&mut self) -> Vec<Said> {
        let mut said: Vec<Option<Said>> = std::mem::take(&mut self.said)
            .into_iter()
            .map(Some)
            .collect();
        // A file keeps the path by which it came while that is there.
        let first = self.files.iter().filter(|(path, place)| {
            said[**place]
                .as_ref()
                .is_some_and(|said| said.path == **path)
        });
        let own: Vec<usize> = first.map(|(_, place)| *place).collect();
        let mut files = Vec::with_capacity(own.len());
        for place in own {
            files.extend(said[place].take());
        }
        for (path, place) in &self.files {
            files.extend(said[*place].take().map(|said| Said {
                path: path.clone(),
                ..said
            }));
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn remove_below<V>(map: &mut BTreeMap<String, V>, folder: &str) {
    let below = |path: &&String| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let start = format!("{folder}/");
    let gone: Vec<String> = map
        .range(start..)
        .map(|(path, _)| path)
        .take_while(below)
        .cloned()
        .collect();
    for path in gone {
        map.remove(&path);
    }
}

#[cfg(test)]
mod tests;
