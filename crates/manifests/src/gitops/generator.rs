//! The generators of application sets: <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/>.

use std::path::Path;
use std::sync::Arc;

use document::{Builder, Keys, NodeRef, Replaced};
use globset::{GlobBuilder, GlobMatcher};
use gotemplate::{Map, Value};

use super::Scene;
use super::node::{is, items, text};
use super::params::{Templater, joined, map_of, normalized};
use super::tree::all_below;

/// The most applications that one set may have.
pub(super) const MOST: usize = 1_000;

/// Generators in generators.
const DEEPEST: u32 = 3;

/// Why there are no parameters.
pub(super) enum Trouble {
    /// They are not in the tree.
    Elsewhere(String),
    /// Something is wrong.
    Wrong(String),
}

/// What generators work with.
pub(super) struct Generators<'g> {
    pub(super) scene: &'g Scene<'g>,
    pub(super) templater: &'g Templater,
}

impl Generators<'_> {
    /// The parameters of each application that a generator makes.
    pub(super) fn params(&self, generator: NodeRef<'_>, depth: u32) -> Result<Vec<Map>, Trouble> {
        if depth > DEEPEST {
            let message = "generators lie too deep in one another";
            return Err(Trouble::Wrong(message.to_owned()));
        }
        for entry in generator.entries() {
            let node = entry.value;
            return match entry.name() {
                "list" => self.list(node),
                "git" => self.git(node),
                "matrix" => self.matrix(node, depth),
                "selector" | "template" | "values" => continue,
                name => {
                    let message = format!("what the generator '{name}' finds");
                    Err(Trouble::Elsewhere(message))
                }
            };
        }
        Ok(Vec::new())
    }

    fn list(&self, node: NodeRef<'_>) -> Result<Vec<Map>, Trouble> {
        let mut all: Vec<Map> = items(node, &["elements"]).map(map_of).collect();
        let more = text(node, &["elementsYaml"]);
        if !more.is_empty() {
            let written = self
                .templater
                .text(more, &Map::new())
                .map_err(Trouble::Wrong)?;
            let keys = Arc::new(Keys::new([]));
            let source = document::Source::new("", written);
            let parsed = document::parse_yaml(source, &keys, self.scene.limits);
            if let Some(error) = parsed.errors.first() {
                return Err(Trouble::Wrong(format!("elementsYaml is no YAML: {error}")));
            }
            let root = parsed.document.root(0);
            all.extend(root.into_iter().flat_map(NodeRef::items).map(map_of));
        }
        Ok(all)
    }

    fn git(&self, node: NodeRef<'_>) -> Result<Vec<Map>, Trouble> {
        let (tree, url) = (self.scene.tree, text(node, &["repoURL"]));
        let root = tree.main_root().filter(|_| tree.is_this(url));
        let elsewhere = || Trouble::Elsewhere(format!("what the generator 'git' finds in {url}"));
        let root = root.ok_or_else(elsewhere)?;
        let has_directories = node.get_str("directories").is_some();
        let globs = items(
            node,
            &[if has_directories {
                "directories"
            } else {
                "files"
            }],
        );
        let globs: Vec<_> = globs.map(|glob| Glob::new(glob, has_directories)).collect();
        let found = all_below(root, !has_directories);
        let wanted = found.into_iter().filter(|path| {
            let matches = |excludes: bool| {
                globs
                    .iter()
                    .any(|it| it.excludes == excludes && it.matches(path))
            };
            matches(false) && !matches(true)
        });
        let wanted: Vec<String> = wanted.collect();
        if wanted.is_empty() {
            return Err(elsewhere());
        }
        let prefix = text(node, &["pathParamPrefix"]);
        let mut all = Vec::new();
        for path in wanted {
            if has_directories {
                let params = Map::new();
                add_path(&params, prefix, &path, None);
                all.push(params);
            } else {
                all.extend(self.file(root, &path, prefix)?);
            }
        }
        Ok(all)
    }

    /// The parameters in a file: a mapping, or a list of them.
    fn file(&self, root: &Path, path: &str, prefix: &str) -> Result<Vec<Map>, Trouble> {
        let wrong = |why: String| Trouble::Wrong(format!("'{path}' has no parameters: {why}"));
        let file = root.join(path);
        let file = file
            .to_str()
            .ok_or_else(|| wrong("its name is not UTF-8".to_owned()))?;
        let source = self.scene.tree.disk().source(file).map_err(wrong)?;
        let keys = Arc::new(Keys::new([]));
        let parsed = document::parse_yaml(source, &keys, self.scene.limits);
        if let Some(error) = parsed.errors.first() {
            return Err(wrong(error.to_string()));
        }
        let mut all = Vec::new();
        for root in parsed.document.roots() {
            let is_list = root.kind() == document::Kind::Sequence;
            let maps: Vec<Map> = if is_list {
                root.items().map(map_of).collect()
            } else {
                vec![map_of(root)]
            };
            all.extend(maps);
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        for params in &all {
            add_path(params, prefix, folder, Some(name));
        }
        Ok(all)
    }

    fn matrix(&self, node: NodeRef<'_>, depth: u32) -> Result<Vec<Map>, Trouble> {
        let generators: Vec<_> = items(node, &["generators"]).collect();
        let [first, second] = generators[..] else {
            let message = "the generator 'matrix' has exactly two generators";
            return Err(Trouble::Wrong(message.to_owned()));
        };
        let mut all = Vec::new();
        for params in self.params(first, depth + 1)? {
            // The second one may use what the first one found.
            let filled = fill(second, self.templater, &params, self.scene.limits)?;
            let Some(second) = filled.root(0) else {
                continue;
            };
            for more in self.params(second, depth + 1)? {
                all.push(joined(&params, &more));
                if all.len() > MOST {
                    return Ok(all);
                }
            }
        }
        Ok(all)
    }
}

/// A copy of a node with parameters put into its texts.
pub(super) fn fill(
    node: NodeRef<'_>,
    templater: &Templater,
    params: &Map,
    limits: &document::Limits,
) -> Result<document::Document, Trouble> {
    let mut builder = Builder::new(&Arc::new(Keys::new([])), limits);
    let mut failed = None;
    let copied = builder.copy_replacing(node, &mut |node| {
        let text = node.as_str().filter(|text| text.contains("{{"))?;
        match templater.text(text, params) {
            Ok(text) => Some(Replaced::Text(text)),
            Err(why) => {
                failed.get_or_insert(format!("`{}`: {why}", text.trim()));
                None
            }
        }
    });
    copied.map_err(|limit| Trouble::Wrong(limit.to_string()))?;
    failed.map_or_else(|| Ok(builder.finish()), |why| Err(Trouble::Wrong(why)))
}

/// Adds what is known of a path.
fn add_path(params: &Map, prefix: &str, folder: &str, file: Option<&str>) {
    let base = folder.rsplit('/').next().unwrap_or(folder);
    let segments = folder.split('/').map(Value::from).collect();
    let path = Map::from_iter([
        ("path", Value::from(folder)),
        ("basename", Value::from(base)),
        ("basenameNormalized", Value::from(normalized(base).as_str())),
        ("segments", Value::list(segments)),
    ]);
    if let Some(file) = file {
        path.insert("filename", Value::from(file));
        path.insert("filenameNormalized", Value::from(normalized(file).as_str()));
    }
    if prefix.is_empty() {
        params.insert("path", path.into());
    } else {
        params.insert(prefix, Map::from_iter([("path", Value::from(path))]).into());
    }
}

/// One glob of the generator for git.
struct Glob {
    excludes: bool,
    matcher: Option<GlobMatcher>,
}

impl Glob {
    fn new(node: NodeRef<'_>, is_directory: bool) -> Self {
        let pattern = text(node, &["path"])
            .trim_start_matches("./")
            .trim_matches('/');
        let crosses = !is_directory && !pattern.contains("**");
        let glob = GlobBuilder::new(pattern)
            .literal_separator(!crosses)
            .build();
        Glob {
            excludes: is(node, &["exclude"]),
            matcher: glob.ok().map(|glob| glob.compile_matcher()),
        }
    }

    fn matches(&self, path: &str) -> bool {
        self.matcher.as_ref().is_some_and(|it| it.is_match(path))
    }
}
