//! What a layer holds: every path with what is there, and what readers say of files.

use packages::Told;

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A file, and what it says; mostly nothing.
    File(Vec<Reading>),
    /// A folder that says something by its name.
    Told(Vec<Reading>),
    /// A folder, which may be there below, too.
    Folder,
    /// A symbolic link and what is written in it.
    Symlink(String),
    /// Another name of the file at a path.
    Hardlink(String),
    /// A device or a pipe.
    Other,
    /// What layers below have here is gone.
    Whiteout,
    /// What layers below have inside of this folder is gone.
    Opaque,
}

/// What one reader says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The reader's id.
    pub(crate) reader: &'static str,
    pub(crate) told: Told,
}

/// Something of a layer that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trouble {
    /// The path that it is about.
    pub(crate) path: String,
    /// Line and column, where the file has lines.
    pub(crate) at: Option<(u32, u32)>,
    pub(crate) message: String,
}

/// So many troubles of a layer are told; of others, only their number.
const MAX_TROUBLES: usize = 200;

/// What a layer holds, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// All paths, one behind the other.
    paths: String,
    /// Where each ends, and what is there.
    nodes: Vec<(usize, Node)>,
    /// What could not be read.
    pub(crate) troubles: Vec<Trouble>,
    /// How many more there are.
    pub(crate) more_troubles: usize,
}

impl Contents {
    pub(crate) fn push(&mut self, path: &str, node: Node) {
        self.paths.push_str(path);
        self.nodes.push((self.paths.len(), node));
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn trouble(&mut self, path: &str, at: Option<(u32, u32)>, message: String) {
        if self.troubles.len() < MAX_TROUBLES {
            let path = path.to_owned();
            self.troubles.push(Trouble { path, at, message });
        } else {
            self.more_troubles += 1;
        }
    }

    /// Takes over what could not be read elsewhere.
    pub(crate) fn take_troubles(&mut self, other: Contents) {
        for Trouble { path, at, message } in other.troubles {
            self.trouble(&path, at, message);
        }
        self.more_troubles += other.more_troubles;
    }

    /// Puts what could not be read into the order of the paths.
    pub(crate) fn sort_troubles(&mut self) {
        self.troubles.sort();
    }

    /// Paths with what is there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        (0..self.len()).map(|place| (self.path(place), &self.nodes[place].1))
    }

    fn path(&self, place: usize) -> &str {
        let start = place
            .checked_sub(1)
            .map_or(0, |before| self.nodes[before].0);
        &self.paths[start..self.nodes[place].0]
    }

    /// Puts something else at a place of the list.
    pub(crate) fn replace(&mut self, place: usize, node: Node) {
        self.nodes[place].1 = node;
    }

    /// The readings of all files, to be taken out of them.
    pub(crate) fn into_parts(self) -> (Paths, Vec<Node>) {
        let (ends, nodes) = self.nodes.into_iter().unzip();
        let paths = Paths {
            text: self.paths,
            ends,
        };
        (paths, nodes)
    }
}

/// Paths by their places in a layer.
pub(crate) struct Paths {
    text: String,
    ends: Vec<usize>,
}

impl Paths {
    pub(crate) fn get(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[place]]
    }
}
