//! A chart and what is asked of it to a rendering.

mod check;
mod resources;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use document::{Document, Source};
use gotemplate::Map;

use crate::chart::{Chart, Parts};
use crate::coalesce::Coalesce;
use crate::dependencies;
use crate::engine::{self, Environment, Output, Scopes, Written};
use crate::error::{Error, ErrorKind, Notice, Result};
use crate::manifests::{Reading, Refused};
use crate::node::Node;
use crate::objects::KubernetesVersion;
use crate::options::Options;
use crate::print::{self, CustomResource, Printed};
use crate::provenance::Provenance;
use crate::schema;
use crate::values::{self, Sources};
use resources::resources;

/// What came of a chart.
#[derive(Debug)]
pub struct Rendering {
    /// What `helm template` prints.
    pub text: Arc<Source>,
    /// The manifests in that text, in their order.
    pub manifests: Vec<Manifest>,
    /// The same manifests as nodes with origins, a root for each that is not empty; only if that was
    /// [asked for](Options::origins).
    pub document: Option<Document>,
    /// What Helm logs, and nothing is printed for.
    pub notices: Vec<Notice>,
    /// The paths of the files of the chart that were read.
    pub files: Vec<String>,
}

/// One manifest of a rendering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// The template or file that it comes from, as Helm names it: `web/templates/service.yaml`.
    pub template: String,
    /// Whether it is a hook.
    pub is_hook: bool,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// Renders a chart as `helm template` does.
pub fn render(chart: &Chart<'_>, options: &Options<'_>) -> Result<Rendering> {
    let mut effort = Effort {
        traces: options.origins,
        reads_files: false,
    };
    loop {
        match attempt(chart, options, effort) {
            Ok(rendering) => return Ok(rendering),
            Err(Failed::LacksFiles) => effort.reads_files = true,
            // What decided an error is only known when it was written down. What takes too long is not done twice.
            Err(Failed::Template(error)) if !effort.traces && !is_limit(&error) => {
                effort.traces = true;
            }
            Err(Failed::Template(error) | Failed::Other(error)) => return Err(error),
        }
    }
}

fn is_limit(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::TooLarge(_))
}

/// What an attempt does to know more. Templates change values, so each attempt begins with the files.
#[derive(Clone, Copy)]
struct Effort {
    traces: bool,
    reads_files: bool,
}

/// Why an attempt came to nothing.
enum Failed {
    /// A template looked at files that were not read.
    LacksFiles,
    /// An error of a template or in what it wrote.
    Template(Error),
    Other(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Failed::Other(error)
    }
}

/// Whether a template of the chart may look at files.
fn mentions_files(chart: &Chart<'_>) -> Result<bool> {
    fn in_parts(
        parts: &Parts,
        chart: &Chart<'_>,
        finder: &memchr::memmem::Finder<'_>,
    ) -> Result<bool> {
        for file in &parts.templates {
            let source = file.source(&chart.reader)?;
            if finder.find(source.text().as_bytes()).is_some() {
                return Ok(true);
            }
        }
        for parts in &parts.dependencies {
            if in_parts(parts, chart, finder)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
    in_parts(&chart.parts, chart, &memchr::memmem::Finder::new(".Files"))
}

fn attempt(chart: &Chart<'_>, options: &Options<'_>, effort: Effort) -> Result<Rendering, Failed> {
    let mut log = Log::default();
    let sources = Rc::new(Sources::default());
    let kubernetes = KubernetesVersion::parse(&options.kubernetes_version)?;
    let given = given_values(options, &sources)?;
    check::chart(chart, options)?;
    let mut root = Node::read(&chart.parts, &chart.reader, &sources)?;
    dependencies::process(&mut root, &given, &options.limits, &mut |message| {
        log.note(message);
    })?;
    let values = merged(&root, &given, &mut log)?;
    if !options.skip_schema_validation {
        schema::validate(&root, &values, &chart.reader, &sources)?;
    }
    check::version(&root, &kubernetes)?;
    // Templates are looked at as late as possible: another thread may be reading them.
    let reads_files = effort.reads_files || mentions_files(chart)?;
    let environment = Environment::new(options, kubernetes, &sources, reads_files);
    let scopes = Scopes::new(&root, &values, &environment, &chart.reader)?;
    let mut reading = Reading::new(&options.limits.yaml);
    let (reader, traces) = (&chart.reader, effort.traces);
    let mut take = |number: usize, output: &Output, text: &str| reading.take(number, output, text);
    let written = engine::run(&scopes, reader, &sources, options, traces, &mut take);
    if environment.lacked_files() {
        return Err(Failed::LacksFiles);
    }
    let written = written.map_err(Failed::Template)?;
    let text = &written.rendered.text;
    if let Some(refused) = lost(&scopes, &written) {
        return Err(Failed::Template(refuse(&refused, &written, &sources)));
    }
    let read = reading.finish(text, &written.outputs, &mut |it| log.note(it));
    let read = read.map_err(|refused| Failed::Template(refuse(&refused, &written, &sources)))?;
    let resources = resources(&root, chart, options)?;
    let files: Vec<_> = resources
        .iter()
        .map(|(name, source)| CustomResource {
            name: Rc::clone(name),
            text: source.text(),
        })
        .collect();
    let printed = print::print(text, &read, &files, options)?;
    let resources: Vec<_> = resources.into_iter().map(|(_, source)| source).collect();
    let rendering = finish(chart, options, printed, &written, &resources, &sources, log);
    options.discard((scopes, written));
    options.discard((values, root, environment));
    Ok(rendering)
}

/// What Helm logs.
#[derive(Default)]
struct Log {
    messages: Vec<String>,
}

impl Log {
    /// Notes something, once.
    fn note(&mut self, message: String) {
        if !self.messages.contains(&message) {
            self.messages.push(message);
        }
    }
}

/// The values of files and flags.
fn given_values(options: &Options<'_>, sources: &Sources) -> Result<Map> {
    let given = Map::new();
    for each in &options.values {
        let values = values::given(each, sources, &options.limits.yaml)?;
        values::merge_maps(&given, &values);
    }
    values::set(&given, &options.flags, options.flag_files, sources)?;
    Ok(given)
}

/// The values of all charts.
fn merged(root: &Node<'_>, given: &Map, log: &mut Log) -> Result<Map> {
    let mut coalesce = Coalesce {
        keeps_nulls: false,
        warn: &mut |message| log.note(message),
    };
    coalesce.values(root, given)
}

/// A manifest with what stands for bytes that are no UTF-8.
fn lost(scopes: &Scopes<'_>, written: &Written) -> Option<Refused> {
    // Nearly always it has none.
    let text = &written.rendered.text;
    memchr::memmem::find(text.as_bytes(), "\u{FFFD}".as_bytes())?;
    let manifests = written.outputs.iter();
    let mut manifests = manifests.filter(|output| !output.name.ends_with("NOTES.txt"));
    manifests.find_map(|output| {
        let file = scopes.templates.get(&output.name)?.file;
        let at = output.range.start + file.lost(&text[output.range.clone()])?;
        Some(Refused {
            template: Rc::clone(&output.name),
            message: "it has bytes that are not UTF-8".to_owned(),
            range: at..at + 3,
        })
    })
}

/// An error about what a template wrote.
fn refuse(refused: &Refused, written: &Written, sources: &Sources) -> Error {
    let text = &written.rendered.text;
    let line = 1 + text[..refused.range.start].rfind('\n').map_or(0, |at| at);
    let shown = text[line.min(refused.range.start)..]
        .lines()
        .next()
        .unwrap_or_default();
    let message = format!(
        "{} does not print YAML: {}; it printed '{}'",
        refused.template,
        refused.message,
        shown.trim()
    );
    Error {
        place: crate::provenance::place_of(written, sources, refused.range.clone()),
        ..Error::from(ErrorKind::Manifest(message))
    }
}

/// Puts the rendering together.
fn finish(
    chart: &Chart<'_>,
    options: &Options<'_>,
    mut printed: Printed,
    written: &Written,
    resources: &[Arc<Source>],
    sources: &Sources,
    log: Log,
) -> Rendering {
    let text = Source::new(chart.name(), std::mem::take(&mut printed.text));
    let notices = log.messages.into_iter().map(|message| Notice {
        message,
        place: None,
    });
    let mut notices: Vec<Notice> = notices.collect();
    let document = options.origins.then(|| {
        let provenance = Provenance {
            printed: &printed,
            written,
            resources,
            sources,
        };
        let (document, odd) = provenance.document(&text, options);
        notices.extend(odd);
        document
    });
    let manifests = printed.parts.into_iter().map(|part| Manifest {
        template: part.template.to_string(),
        is_hook: part.is_hook,
        range: part.range,
    });
    Rendering {
        text,
        manifests: manifests.collect(),
        document,
        notices,
        files: chart.reader.paths(),
    }
}
