//! Texts that stand in scalars of YAML files: from their offsets to those of the file.

use std::sync::Arc;

use document::{Source, Span};

/// Where a text stands in a file.
pub(crate) struct Inside {
    /// Where the lines of the text begin, there and in the file.
    lines: Vec<(u32, u32)>,
    length: u32,
}

impl Inside {
    /// Finds the text of a scalar inside of it: as it is, in quotes, or in a block whose lines are its lines.
    pub(crate) fn locate(source: &Arc<Source>, scalar: &Span, text: &str) -> Option<Self> {
        let written = source.slice(scalar);
        let length = text.len() as u32;
        if written.starts_with('|') {
            return Inside::block(source, scalar, text);
        }
        let unquoted = |quote: char| written.strip_prefix(quote)?.strip_suffix(quote);
        let shift = match unquoted('"').or_else(|| unquoted('\'')) {
            Some(inner) if inner == text => 1,
            _ if written == text => 0,
            _ => return None,
        };
        Some(Inside {
            lines: vec![(0, scalar.start + shift)],
            length,
        })
    }

    fn block(source: &Arc<Source>, scalar: &Span, text: &str) -> Option<Self> {
        let whole = source.text();
        let begin = scalar.start as usize;
        let mut outer = begin + whole[begin..].find('\n')? + 1;
        let first = text.lines().find(|line| !line.trim().is_empty())?;
        let written = whole[outer..]
            .lines()
            .find(|line| !line.trim().is_empty())?;
        let indent = written.len().checked_sub(first.len())?;
        let mut lines = Vec::new();
        let mut inner = 0;
        for line in text.split_inclusive('\n') {
            let rest = whole.get(outer..)?;
            let written = rest.split_inclusive('\n').next().unwrap_or_default();
            let content = written.get(indent..).unwrap_or("\n");
            if content.trim_end() != line.trim_end() {
                return None;
            }
            lines.push((inner as u32, (outer + indent.min(written.len())) as u32));
            inner += line.len();
            outer += written.len();
        }
        (!lines.is_empty()).then_some(Inside {
            lines,
            length: inner as u32,
        })
    }

    /// Where an offset of the text lies in the file.
    pub(crate) fn place(&self, offset: u32) -> u32 {
        let offset = offset.min(self.length);
        let index = self.lines.partition_point(|&(inner, _)| inner <= offset);
        let (inner, outer) = self.lines[index.saturating_sub(1)];
        outer + (offset - inner)
    }
}

#[cfg(test)]
mod tests {
    use document::Source;

    use super::Inside;

    #[track_caller]
    fn check(file: &str, scalar: &str, text: &str, expected: &[(&str, &str)]) {
        let source = Source::new("values.yaml", file);
        let start = file.find(scalar).expect("the scalar") as u32;
        let inside = Inside::locate(&source, &(start..start + scalar.len() as u32), text);
        let inside = inside.expect("found");
        for (part, line) in expected {
            let at = text.find(part).expect("the part") as u32;
            assert!(
                file[inside.place(at) as usize..].starts_with(line),
                "{part}"
            );
        }
    }

    #[test]
    fn texts_are_found_in_their_scalars() {
        check(
            "a: b{{ x }}c\n",
            "b{{ x }}c",
            "b{{ x }}c",
            &[("{{", "{{ x }}c\n")],
        );
        check(
            "a: 'b{{ x }}'\n",
            "'b{{ x }}'",
            "b{{ x }}",
            &[("{{", "{{ x }}'")],
        );
        check(
            "a:\n  b: |\n    x: 1\n\n    y: {{ z }}\n",
            "|\n    x: 1\n\n    y: {{ z }}\n",
            "x: 1\n\ny: {{ z }}\n",
            &[("x", "x: 1"), ("{{", "{{ z }}")],
        );
    }

    #[test]
    fn texts_that_stand_there_otherwise_are_not_found() {
        let source = Source::new("values.yaml", "a: \"b\\n\"\n");
        assert!(Inside::locate(&source, &(3..8), "b\n").is_none());
    }
}
