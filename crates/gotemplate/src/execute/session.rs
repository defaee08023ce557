//! Several templates in one execution: they share limits, values that they changed, and one trace.

use std::ops::Range;

use super::{Executed, Execution, Rendered, find_all, without};
use crate::origin::Origin;
use crate::source::{Source, SourceId};
use crate::value::Value;

/// Executes templates of a set one after the other, into one text.
///
/// What decided a value means something within one execution only, so values that a template may have changed
/// can be given to the next one in the same session and nowhere else. The limits are those of all together.
pub struct Session<'s> {
    execution: Execution<'s>,
}

impl<'s> Session<'s> {
    pub(super) fn new(execution: Execution<'s>) -> Self {
        Self { execution }
    }

    /// Executes a template, and says where in the text of the session its output is.
    ///
    /// # Errors
    /// What stopped it. The session is of no more use then than to look at [`source`](Self::source).
    pub fn execute(&mut self, name: &str, data: &Value) -> Executed<Range<usize>> {
        let start = self.execution.out.len();
        self.execution.run(name, data)?;
        Ok(start..self.execution.out.len())
    }

    /// Takes every occurrence of a text out of what was written since a template's output began, and says where
    /// that output is now.
    pub fn remove(&mut self, written: Range<usize>, unwanted: &str) -> Range<usize> {
        let out = &mut self.execution.out;
        let mut starts = find_all(&out[written.start..], unwanted);
        if starts.is_empty() {
            return written;
        }
        let kept = without(&out[written.start..], &starts, unwanted.len());
        out.truncate(written.start);
        out.push_str(&kept);
        for start in &mut starts {
            *start += written.start;
        }
        self.execution.recorder.remove(&starts, unwanted.len());
        written.start..self.execution.out.len()
    }

    /// The text of all templates so far.
    pub fn text(&self) -> &str {
        &self.execution.out
    }

    /// The source of a span, from the set or from this session.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        let set = self.execution.set;
        set.source(id).or_else(|| {
            let index = (id.0 as usize).checked_sub(set.number_of_sources())?;
            self.execution.sources.get(index)
        })
    }

    /// The caller's numbers that an origin is made of, nearest first, none twice. Without a trace that are only
    /// those of single values.
    pub fn sources(&self, origin: Origin) -> Vec<u32> {
        self.execution.recorder.sources(origin)
    }

    /// The whole text, with what is known about it.
    pub fn finish(self) -> Rendered {
        self.execution.into_rendered()
    }
}
