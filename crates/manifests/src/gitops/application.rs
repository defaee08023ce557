//! Argo CD's `Application`: <https://argo-cd.readthedocs.io/en/stable/operator-manual/application-specification/>.

use std::path::Path;
use std::sync::Arc;

use document::{Kind, NodeRef};
use helm::{Flag, FlagKind, Given};

use super::node::{at, is, items, scalar, text, texts};
use super::{Change, Deployment, Directory, Found, Release, Scene, What, edits, place};
use crate::walk::CHART_FILE;

/// An application and one of its sources.
struct Reader<'a, 's> {
    /// Kind and name.
    name: &'s str,
    application: NodeRef<'a>,
    /// All sources, for the references among them.
    sources: &'s [NodeRef<'a>],
    scene: &'s Scene<'s>,
}

/// What an application deploys.
pub(super) fn read(object: NodeRef<'_>, name: &str, scene: &Scene<'_>, found: &mut Found) {
    let mut sources: Vec<_> = items(object, &["spec", "sources"]).collect();
    if sources.is_empty() {
        sources.extend(at(object, &["spec", "source"]));
    }
    let hydrated = at(object, &["spec", "sourceHydrator", "drySource"]);
    sources.extend(hydrated.filter(|_| sources.is_empty()));
    if sources.is_empty() {
        found.wrong(object, format!("{name} has no source"));
        return;
    }
    let reader = Reader {
        name,
        application: object,
        sources: &sources,
        scene,
    };
    let deploying = sources.iter().filter(|source| deploys(**source));
    let is_one_of_many = deploying.clone().count() > 1;
    for (number, source) in (1..).zip(deploying) {
        let name = if is_one_of_many {
            format!("{name}, source {number}")
        } else {
            name.to_owned()
        };
        if let Some((at, why)) = reader.source(*source, name, found) {
            found.elsewhere(at, &why);
        }
    }
}

/// Whether a source has something to deploy, and is not only there for others to take values from.
fn deploys(source: NodeRef<'_>) -> bool {
    text(source, &["ref"]).is_empty()
        || at(source, &["path"]).is_some()
        || at(source, &["chart"]).is_some()
}

/// Where something is written, and why it cannot be rendered from the tree.
type Elsewhere<'a> = (NodeRef<'a>, String);

impl<'a> Reader<'a, '_> {
    fn source(
        &self,
        source: NodeRef<'a>,
        name: String,
        found: &mut Found,
    ) -> Option<Elsewhere<'a>> {
        let (url, chart) = (text(source, &["repoURL"]), text(source, &["chart"]));
        if !chart.is_empty() {
            let version = text(source, &["targetRevision"]);
            let node = at(source, &["chart"]).unwrap_or(source);
            let what = format!("{} deploys the chart {chart} {version} of {url}", self.name);
            return Some((node, what));
        }
        let inner = text(source, &["path"]);
        let node = at(source, &["path"]).unwrap_or(source);
        let elsewhere = || format!("{} deploys '{inner}' of {url}", self.name);
        if at(source, &["plugin"]).is_some() {
            let what = format!("{} deploys what a plugin makes of '{inner}'", self.name);
            return Some((node, what));
        }
        let file = node.place().source.name().to_owned();
        let Some((root, folder)) = self.scene.tree.find(url, inner, &file) else {
            return Some((node, elsewhere()));
        };
        if !folder.is_dir() {
            return Some((node, elsewhere()));
        }
        let destination = text(self.application, &["spec", "destination", "namespace"]);
        let namespace = (!destination.is_empty()).then(|| destination.to_owned());
        let what = if folder.join(CHART_FILE).is_file() {
            let release = self.release(source, &root, &folder, namespace.clone(), found)?;
            What::Chart(Box::new(release))
        } else if kustomize::FILE_NAMES
            .iter()
            .any(|name| folder.join(name).is_file())
        {
            let edits = at(source, &["kustomize"]);
            What::Kustomization(Box::new(Change {
                edits: edits.and_then(|node| edits::of_argo(node, self.scene.limits)),
                takes_all: false,
                substitution: None,
            }))
        } else {
            if at(source, &["directory", "jsonnet"]).is_some_and(|it| !it.is_empty()) {
                let what = format!("{} deploys what Jsonnet makes of '{inner}'", self.name);
                return Some((node, what));
            }
            What::Directory(Directory {
                recurses: is(source, &["directory", "recurse"]),
                include: text(source, &["directory", "include"]).to_owned(),
                exclude: text(source, &["directory", "exclude"]).to_owned(),
            })
        };
        found.deployments.push(Deployment {
            name,
            at: place(node),
            folder,
            namespace,
            what,
        });
        None
    }

    /// What the application gives its chart; `None` when that is wrong.
    fn release(
        &self,
        source: NodeRef<'a>,
        root: &Path,
        folder: &Path,
        namespace: Option<String>,
        found: &mut Found,
    ) -> Option<Release> {
        let name = text(self.application, &["metadata", "name"]);
        let mut release = Release {
            name: name.to_owned(),
            namespace,
            ..Release::default()
        };
        let Some(helm) = at(source, &["helm"]) else {
            return Some(release);
        };
        let given = |key: &str| Some(text(helm, &[key]).to_owned()).filter(|it| !it.is_empty());
        release.name = given("releaseName").unwrap_or(release.name);
        release.namespace = given("namespace").or(release.namespace);
        release.kubernetes_version = given("kubeVersion");
        release.api_versions = texts(helm, &["apiVersions"]);
        release.skips_crds = is(helm, &["skipCrds"]);
        release.skips_tests = is(helm, &["skipTests"]);
        release.skips_schema = is(helm, &["skipSchemaValidation"]);
        for file in items(helm, &["valueFiles"]) {
            match self.values_file(file, root, folder) {
                Ok(values) => release.values.push(values),
                Err(_) if is(helm, &["ignoreMissingValueFiles"]) => {}
                Err(why) => {
                    found.wrong(file, format!("{}: {why}", self.name));
                    return None;
                }
            }
        }
        let inline = match at(helm, &["valuesObject"]) {
            Some(node) if node.kind() == Kind::Mapping => node.to_document(self.scene.limits).ok(),
            _ => self.values_text(at(helm, &["values"]), found)?,
        };
        let inline = inline.map(|document| Given::Document(Arc::new(document)));
        release.values.extend(inline);
        release.flags.extend(flags(helm, folder));
        Some(release)
    }

    /// The values that are written as a text; the outer `None` when they are no YAML.
    #[expect(clippy::option_option, reason = "wrong, and nothing, are two things")]
    fn values_text(
        &self,
        node: Option<NodeRef<'a>>,
        found: &mut Found,
    ) -> Option<Option<document::Document>> {
        let Some(node) = node else {
            return Some(None);
        };
        let keys = Arc::new(document::Keys::new([]));
        let Some(parsed) = document::parse_inside(node, &keys, self.scene.limits) else {
            return Some(None);
        };
        if let Some(error) = parsed.errors.first() {
            found.wrong(
                node,
                format!("{}: the values are no YAML: {error}", self.name),
            );
            return None;
        }
        Some(Some(parsed.document))
    }

    /// A file of values: relative to the chart, to the repository, or to that of another source.
    fn values_file(&self, node: NodeRef<'a>, root: &Path, folder: &Path) -> Result<Given, String> {
        let (tree, path) = (self.scene.tree, node.as_str().unwrap_or_default());
        let missing = || format!("the file of values '{path}' is not in the tree");
        let found =
            if let Some((name, inner)) = path.strip_prefix('$').and_then(|it| it.split_once('/')) {
                let mut sources = self.sources.iter();
                let source = sources.find(|source| text(**source, &["ref"]) == name);
                let source = source.ok_or_else(|| format!("no source is called '{name}'"))?;
                let file = node.place().source.name().to_owned();
                let found = tree.find(text(*source, &["repoURL"]), inner, &file);
                found.map(|(_, found)| found)
            } else if path.starts_with('/') {
                tree.below(root, path)
            } else if path.contains("://") {
                return Err(format!(
                    "the file of values '{path}' is remote, and nothing is fetched"
                ));
            } else {
                let inner = folder.strip_prefix(root).unwrap_or(folder).join(path);
                inner.to_str().and_then(|inner| tree.below(root, inner))
            };
        let found = found.filter(|found| found.is_file()).ok_or_else(missing)?;
        let source = found.to_str().ok_or_else(missing)?;
        Ok(Given::File(tree.disk().source(source)?))
    }
}

/// Parameters as flags, written where the application has them.
fn flags(helm: NodeRef<'_>, folder: &Path) -> Vec<Flag> {
    let parameters = items(helm, &["parameters"]).filter_map(|parameter| {
        let value = at(parameter, &["value"]).unwrap_or(parameter);
        let kind = if is(parameter, &["forceString"]) {
            FlagKind::SetString
        } else {
            FlagKind::Set
        };
        let text = format!(
            "{}={}",
            text(parameter, &["name"]),
            escaped(&scalar(value)?)
        );
        Some((kind, text, value))
    });
    let files = items(helm, &["fileParameters"]).filter_map(|parameter| {
        let path = at(parameter, &["path"])?;
        let file = folder.join(path.as_str()?);
        let text = format!("{}={}", text(parameter, &["name"]), file.to_str()?);
        Some((FlagKind::SetFile, text, path))
    });
    let flags = parameters.chain(files).map(|(kind, text, node)| {
        let place = node.place();
        Flag {
            place: Some((Arc::clone(place.source), place.span)),
            ..Flag::new(kind, text)
        }
    });
    flags.collect()
}

/// A value in which commas separate nothing, as Argo CD passes it on.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut before = None;
    for letter in value.chars() {
        if letter == ',' && before != Some('\\') {
            text.push('\\');
        }
        text.push(letter);
        before = Some(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn commas_of_parameters_separate_nothing() {
        assert_eq!(escaped("a,b\\,c"), "a\\,b\\,c");
    }
}
