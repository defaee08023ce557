//! TOML as nodes: the parse is the `toml` crate's.

use std::ops::Range;
use std::sync::Arc;

use document::{Builder, Document, Keys, LimitExceeded, Limits, Source, SourceId};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::reader::ReadError;

/// Reads a text.
pub(super) fn read(
    source: &Arc<Source>,
    keys: &Arc<Keys>,
    limits: &Limits,
) -> Result<Document, ReadError> {
    let text = source.text();
    if text.len() > limits.bytes as usize {
        return Err(ReadError::new("more text than one lock file may have"));
    }
    let parsed = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let at = source.line_column(start as u32);
        ReadError {
            message: error.message().to_owned(),
            at: Some((at.line, at.column)),
        }
    })?;
    let mut builder = Builder::new(keys, limits);
    let id = builder.source(source);
    let mut writer = Writer {
        builder,
        source: id,
    };
    let written = writer.table(parsed.get_ref(), 0..text.len());
    written.map_err(|limit| ReadError::new(limit.to_string()))?;
    Ok(writer.builder.finish())
}

struct Writer {
    builder: Builder,
    source: SourceId,
}

impl Writer {
    /// Writes a table, in the order of the text.
    fn table(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Result<(), LimitExceeded> {
        let origin = self.origin(span);
        self.builder.begin_mapping(origin)?;
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let origin = self.origin(key.span());
            self.builder.key(key.get_ref(), origin);
            self.value(value)?;
        }
        self.builder.end(None);
        Ok(())
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), LimitExceeded> {
        let span = whole(value);
        match value.get_ref() {
            DeValue::Table(table) => return self.table(table, span),
            DeValue::Array(items) => {
                let origin = self.origin(span);
                self.builder.begin_sequence(origin)?;
                for item in items {
                    self.value(item)?;
                }
                self.builder.end(None);
            }
            DeValue::String(text) => {
                let origin = self.origin(span);
                self.builder.string(text, origin)?;
            }
            DeValue::Boolean(value) => {
                let origin = self.origin(span);
                self.builder.bool(*value, origin)?;
            }
            DeValue::Integer(number) => self.scalar(number.as_str(), span)?,
            DeValue::Float(number) => self.scalar(number.as_str(), span)?,
            DeValue::Datetime(time) => self.scalar(&time.to_string(), span)?,
        }
        Ok(())
    }

    /// Numbers and dates are only ever read as words.
    fn scalar(&mut self, text: &str, span: Range<usize>) -> Result<(), LimitExceeded> {
        let origin = self.origin(span);
        self.builder.string(text, origin).map(|_| ())
    }

    fn origin(&mut self, span: Range<usize>) -> document::OriginId {
        self.builder
            .origin(self.source, span.start as u32..span.end as u32)
    }
}

/// Where a value is written: of a table under a header, the library tells the header alone.
fn whole(value: &Spanned<DeValue<'_>>) -> Range<usize> {
    let span = value.span();
    let end = match value.get_ref() {
        DeValue::Table(table) => table.values().map(|value| whole(value).end).max(),
        DeValue::Array(items) => items.iter().map(|item| whole(item).end).max(),
        _ => None,
    };
    span.start..end.map_or(span.end, |end| end.max(span.end))
}

#[cfg(test)]
mod tests {
    use super::super::{Node, toml};
    use crate::reader::File;

    #[test]
    fn a_table_under_a_header_ends_with_its_last_value() {
        let bytes =
            b"[[package]]\nname = \"a\"\nneeds = [\n \"b\",\n]\n\n[[package]]\nversion = 1\n";
        let file = File {
            path: "x.toml",
            bytes,
        };
        let document = toml(&file).unwrap();
        let packages: Vec<_> = document.root(0).unwrap().items_at("package").collect();
        assert_eq!(packages[0].lines(), (1, 5));
        assert_eq!(packages[1].lines(), (7, 8));
        assert_eq!(packages[1].word_at("version"), Some("1"));
    }
}
