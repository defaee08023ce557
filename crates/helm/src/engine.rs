//! Executes the templates of a chart and its dependencies, each in the scope of its chart.

mod explain;
mod scope;

pub(crate) use scope::{Environment, Scopes};

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use document::{Inside, Source};
use gotemplate::{MissingKey, Rendered, Session, Set};

use crate::chart::Reader;
use crate::error::{Place, Result};
use crate::folder::base_name;
use crate::functions::{self, NO_VALUE, SET_NAME};
use crate::options::Options;
use crate::values::Sources;

/// What the templates of a chart wrote.
pub(crate) struct Written {
    /// All of it, in the order in which the templates were executed.
    pub(crate) rendered: Rendered,
    /// Each template that is no partial, and its output in the text.
    pub(crate) outputs: Vec<Output>,
    /// The texts of the templates, by the numbers of their sources.
    pub(crate) sources: Vec<Arc<Source>>,
    /// Whether each of them belongs to a library.
    pub(crate) of_libraries: Vec<bool>,
}

/// What one template wrote.
pub(crate) struct Output {
    /// The name that Helm gives it, such as `web/templates/service.yaml`.
    pub(crate) name: Rc<str>,
    pub(crate) range: Range<usize>,
}

/// Executes all templates. `wrote` is told the number of each output, and the text so far.
pub(crate) fn run(
    scopes: &Scopes<'_>,
    reader: &Reader<'_>,
    sources: &Rc<Sources>,
    options: &Options<'_>,
    traces: bool,
    wrote: &mut dyn FnMut(usize, &Output, &str),
) -> Result<Written> {
    let mut set = Set::new(Rc::new(functions::all(options))).named(SET_NAME);
    let templates = scopes.in_order();
    let mut texts = Vec::with_capacity(templates.len());
    for (name, template) in &templates {
        let source = template.file.source(reader)?;
        texts.push(Arc::clone(source));
        // Charts have much that few releases use.
        let parsed = match reader.outlines.take(&template.file.path, source) {
            Some(outlined) => set.parse_outlined(name, outlined),
            None => set.parse_lazily(name, Arc::clone(source)),
        };
        if let Err(error) = parsed {
            let place = error.span.map(|span| {
                let span = span.start..span.end;
                (Arc::clone(source), span)
            });
            return Err(explain::syntax(&error, place));
        }
    }
    let execution = gotemplate::Options {
        missing_key: MissingKey::Zero,
        limits: options.limits.templates,
        trace: traces,
    };
    let mut session = set.session(&execution);
    let mut outputs = Vec::with_capacity(templates.len());
    for (name, template) in &templates {
        if base_name(name).starts_with('_') {
            continue;
        }
        let dot = scopes.enter(name, template);
        match session.execute(name, &dot) {
            Ok(range) => {
                let output = Output {
                    name: Rc::clone(name),
                    range: session.remove(range, NO_VALUE),
                };
                wrote(outputs.len(), &output, session.text());
                outputs.push(output);
            }
            Err(error) => {
                let places = Places {
                    texts: &texts,
                    session: &session,
                    sources,
                };
                return Err(explain::execution(&error, &places, &set));
            }
        }
    }
    let rendered = session.finish();
    options.discard(set);
    Ok(Written {
        rendered,
        outputs,
        sources: texts,
        of_libraries: templates
            .iter()
            .map(|(_, template)| template.is_of_library)
            .collect(),
    })
}

/// Where the spans of templates lie.
pub(crate) struct Places<'p> {
    texts: &'p [Arc<Source>],
    session: &'p Session<'p>,
    sources: &'p Sources,
}

impl Places<'_> {
    /// A span in a file; for a template that is the text of a value, where that is written.
    fn place(&self, span: gotemplate::Span) -> Option<Place> {
        if let Some(source) = self.texts.get(span.source.0 as usize) {
            return Some((Arc::clone(source), span.start..span.end));
        }
        let source = self.session.source(span.source)?;
        let number = self.session.sources(source.origin).first().copied();
        Some(place_in_value(source, span, number, self.sources))
    }
}

/// Where a part of a text is written that a value made a template: in the file of the value if its text stands
/// there as it is, else at the value.
pub(crate) fn place_in_value(
    source: &gotemplate::Source,
    span: gotemplate::Span,
    number: Option<u32>,
    sources: &Sources,
) -> Place {
    let Some(found) = number.and_then(|number| sources.find(number)) else {
        let text = Source::new(&*source.name, &*source.text);
        return (text, span.start..span.end);
    };
    match Inside::locate(&found.source, &found.span, &source.text) {
        Some(inside) => {
            let span = inside.span(&(span.start..span.end));
            (found.source, span)
        }
        None => (found.source, found.span),
    }
}
