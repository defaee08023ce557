//! Selectors of patches and replacements: anchored regular expressions for names, Kubernetes' selectors for labels.

use regex::Regex;

use crate::error::{Result, transform};
use crate::resource::{Gvk, Resource};
use crate::tree::Node;

/// What a `target` or `select` says.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

/// One requirement of a label selector.
#[derive(Clone, Debug)]
enum Requirement {
    Exists(String),
    Missing(String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
}

impl Selector {
    pub(crate) fn parse(node: &Node) -> Result<Self> {
        let text = |key: &str| node.text_at(&[key]).unwrap_or_default();
        Ok(Selector {
            group: anchored(text("group"))?,
            version: anchored(text("version"))?,
            kind: anchored(text("kind"))?,
            name: anchored(text("name"))?,
            namespace: anchored(text("namespace"))?,
            labels: requirements(text("labelSelector"))?,
            annotations: requirements(text("annotationSelector"))?,
        })
    }

    pub(crate) fn fits_gvk(&self, gvk: &Gvk) -> bool {
        fits(self.group.as_ref(), &gvk.group)
            && fits(self.version.as_ref(), &gvk.version)
            && fits(self.kind.as_ref(), &gvk.kind)
    }

    pub(crate) fn fits_name(&self, name: &str) -> bool {
        fits(self.name.as_ref(), name)
    }

    pub(crate) fn fits_namespace(&self, namespace: &str) -> bool {
        fits(self.namespace.as_ref(), namespace)
    }

    /// Whether no part of a name is given.
    pub(crate) fn names_nothing(&self) -> bool {
        let parts = [
            &self.group,
            &self.version,
            &self.kind,
            &self.name,
            &self.namespace,
        ];
        parts.iter().all(|part| part.is_none())
    }

    /// Whether labels or annotations are asked for.
    pub(crate) fn asks_metadata(&self) -> bool {
        !self.labels.is_empty() || !self.annotations.is_empty()
    }

    /// Whether labels and annotations fit.
    pub(crate) fn fits_metadata(&self, resource: &Resource) -> bool {
        let holds = |wanted: &[Requirement], key: &str| {
            let value = |name: &str| {
                let mut all = resource.metadata_map(key);
                all.find(|(there, _)| *there == name).map(|(_, text)| text)
            };
            wanted.iter().all(|it| it.holds(&value))
        };
        holds(&self.labels, "labels") && holds(&self.annotations, "annotations")
    }

    /// Whether a patch with this target applies to an object.
    pub(crate) fn selects(&self, resource: &Resource) -> bool {
        let (now, first) = (resource.id(), resource.original_id());
        (self.fits_namespace(first.effective_namespace())
            || self.fits_namespace(now.effective_namespace()))
            && (self.fits_name(&first.name) || self.fits_name(&now.name))
            && self.fits_gvk(&now.gvk)
            && self.fits_metadata(resource)
    }
}

fn fits(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

fn anchored(pattern: &str) -> Result<Option<Regex>> {
    if pattern.is_empty() {
        return Ok(None);
    }
    let whole = format!("^(?:{pattern})$");
    match regex::RegexBuilder::new(&whole).size_limit(1 << 20).build() {
        Ok(regex) => Ok(Some(regex)),
        Err(_) => Err(transform(format!("'{pattern}' is no regular expression"))),
    }
}

impl Requirement {
    fn holds<'v>(&self, value: &dyn Fn(&str) -> Option<&'v str>) -> bool {
        let is_one = |text: &str, all: &[String]| all.iter().any(|one| one == text);
        match self {
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::Missing(key) => value(key).is_none(),
            Requirement::In(key, all) => value(key).is_some_and(|text| is_one(text, all)),
            Requirement::NotIn(key, all) => value(key).is_none_or(|text| !is_one(text, all)),
        }
    }
}

/// Reads `a=b,c!=d,e in (f,g),!h,i`.
fn requirements(text: &str) -> Result<Vec<Requirement>> {
    let mut all = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let open = rest.find('(');
        let comma = rest.find(',');
        let end = match (open, comma) {
            (Some(open), Some(comma)) if open < comma => {
                rest.find(')').map_or(rest.len(), |close| close + 1)
            }
            (_, Some(comma)) => comma,
            (_, None) => rest.len(),
        };
        all.push(requirement(rest[..end].trim())?);
        rest = rest[end..]
            .trim_start()
            .trim_start_matches(',')
            .trim_start();
    }
    Ok(all)
}

fn requirement(text: &str) -> Result<Requirement> {
    let bad = || transform(format!("'{text}' is no label selector"));
    let pair = |separator: &str| {
        let (key, value) = text.split_once(separator)?;
        Some((key.trim().to_owned(), vec![value.trim().to_owned()]))
    };
    if let Some((head, set)) = text.split_once('(') {
        let set = set.strip_suffix(')').ok_or_else(bad)?;
        let values = set
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        let mut words = head.split_whitespace();
        let key = words.next().ok_or_else(bad)?.to_owned();
        return match words.next() {
            Some("in") => Ok(Requirement::In(key, values)),
            Some("notin") => Ok(Requirement::NotIn(key, values)),
            _ => Err(bad()),
        };
    }
    if let Some((key, values)) = pair("!=") {
        return Ok(Requirement::NotIn(key, values));
    }
    if let Some((key, values)) = pair("==").or_else(|| pair("=")) {
        return Ok(Requirement::In(key, values));
    }
    let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
    match text.strip_prefix('!') {
        Some(key) if is_name(key.trim()) => Ok(Requirement::Missing(key.trim().to_owned())),
        None if is_name(text) => Ok(Requirement::Exists(text.to_owned())),
        _ => Err(bad()),
    }
}
