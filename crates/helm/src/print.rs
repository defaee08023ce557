//! What `helm template` prints: manifests with their templates above them, hooks after the others.

use std::ops::Range;
use std::rc::Rc;

use crate::error::{ErrorKind, Result};
use crate::manifests::{Hook, Manifests, split};
use crate::options::Options;
use crate::pattern;

/// A printed text, and where its parts come from.
#[derive(Default)]
pub(crate) struct Printed {
    pub(crate) text: String,
    /// In order, not overlapping. What lies between them is Helm's.
    pub(crate) parts: Vec<Part>,
}

/// A manifest in a printed text.
#[derive(Clone)]
pub(crate) struct Part {
    /// The template or file that it comes from.
    pub(crate) template: Rc<str>,
    pub(crate) is_hook: bool,
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// Where they come from.
    pub(crate) from: From,
}

/// Where the first byte of a part comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum From {
    /// What the templates wrote, at an offset.
    Templates(usize),
    /// A file of `crds/`, by its place among them, at an offset.
    File(usize, usize),
}

impl From {
    fn plus(self, offset: usize) -> Self {
        match self {
            From::Templates(at) => From::Templates(at + offset),
            From::File(file, at) => From::File(file, at + offset),
        }
    }
}

/// A file of `crds/` to print.
pub(crate) struct CustomResource<'f> {
    pub(crate) name: Rc<str>,
    pub(crate) text: &'f str,
}

/// Prints manifests.
pub(crate) fn print(
    written: &str,
    manifests: &Manifests,
    resources: &[CustomResource<'_>],
    options: &Options<'_>,
) -> Result<Printed> {
    let mut printed = Printed::default();
    printed.text.reserve(bytes(manifests, resources));
    for (index, file) in resources.iter().enumerate() {
        printed.add(&file.name, false, file.text, From::File(index, 0));
    }
    for manifest in &manifests.plain {
        let text = &written[manifest.range.clone()];
        let from = From::Templates(manifest.range.start);
        printed.add(&manifest.template, false, text, from);
    }
    printed.trim();
    let hooks = manifests.hooks.iter().filter(|hook| {
        let is_left_out = options.skip_tests && hook.hook == Hook::Test;
        !options.no_hooks && !is_left_out
    });
    for hook in hooks {
        let text = &written[hook.range.clone()];
        printed.add(
            &hook.template,
            true,
            text,
            From::Templates(hook.range.start),
        );
    }
    if options.show_only.is_empty() {
        return Ok(printed);
    }
    printed.only(&options.show_only)
}

/// Bytes of all manifests, with the lines around them.
fn bytes(manifests: &Manifests, resources: &[CustomResource<'_>]) -> usize {
    let resources = resources.iter().map(|file| (&file.name, file.text.len()));
    let manifests = manifests.plain.iter().chain(&manifests.hooks);
    let manifests = manifests.map(|each| (&each.template, each.range.len()));
    let each = resources.chain(manifests);
    each.map(|(name, length)| BEFORE.len() + name.len() + length + "\n\n".len())
        .sum::<usize>()
        + "\n".len()
}

/// What stands above a manifest, before the name of its template.
const BEFORE: &str = "---\n# Source: ";

impl Printed {
    fn add(&mut self, template: &Rc<str>, is_hook: bool, text: &str, from: From) {
        self.text.push_str(BEFORE);
        self.text.push_str(template);
        self.text.push('\n');
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push(Part {
            template: Rc::clone(template),
            is_hook,
            range: start..self.text.len(),
            from,
        });
        self.text.push('\n');
    }

    /// Takes the space off the end, as Helm does before it prints hooks.
    fn trim(&mut self) {
        let length = self.text.trim_end().len();
        self.text.truncate(length);
        if let Some(last) = self.parts.last_mut() {
            last.range.end = last.range.end.min(length).max(last.range.start.min(length));
        }
        self.text.push('\n');
    }

    /// Only what some templates wrote.
    fn only(&self, wanted: &[String]) -> Result<Self> {
        let manifests = split(&self.text, 0..self.text.len());
        let mut printed = Printed::default();
        for wanted in wanted {
            let mut is_missing = true;
            for range in &manifests {
                let Some(path) = path_of(&self.text[range.clone()]) else {
                    continue;
                };
                if pattern::matches(wanted, path) == Ok(true) {
                    printed.copy(self, range);
                    is_missing = false;
                }
            }
            if is_missing {
                return Err(ErrorKind::NoManifest(wanted.clone()).into());
            }
        }
        Ok(printed)
    }

    /// Adds a manifest of another text, with its parts.
    fn copy(&mut self, from: &Printed, range: &Range<usize>) {
        self.text.push_str("---\n");
        let start = self.text.len();
        self.text.push_str(&from.text[range.clone()]);
        self.text.push('\n');
        let first = from
            .parts
            .partition_point(|part| part.range.end <= range.start);
        let parts = from.parts[first..].iter();
        for part in parts.take_while(|part| part.range.start < range.end) {
            let begin = part.range.start.max(range.start);
            let end = part.range.end.min(range.end);
            self.parts.push(Part {
                range: start + begin - range.start..start + end - range.start,
                from: part.from.plus(begin - part.range.start),
                ..part.clone()
            });
        }
    }
}

/// The path in the chart that the line `# Source:` of a manifest names.
fn path_of(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| {
        let (_, named) = line.split_once("# Source: ")?;
        let (chart, path) = named.split_once('/')?;
        (!chart.is_empty() && !path.is_empty()).then_some(path)
    })
}
