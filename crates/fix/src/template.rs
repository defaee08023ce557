//! Edits of the lines of a template: of what is written there as it is, and only where that is one line.

use document::edit::{self, NewValue};
use document::{EntryRef, Kind, NodeRef, Path, Source, Span, Step};

use crate::edit::{Edit, words};
use crate::wanted::OperationKind;

/// Whether a text is a template.
pub(crate) fn has_actions(source: &Source) -> bool {
    source.text().contains("{{")
}

/// A line of a text.
struct Line<'t> {
    span: Span,
    text: &'t str,
}

impl<'t> Line<'t> {
    /// The line that an offset is in, its line break included in the span.
    fn at(text: &'t str, offset: u32) -> Option<Self> {
        let (before, after) = (text.get(..offset as usize)?, text.get(offset as usize..)?);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = after
            .find('\n')
            .map_or(text.len(), |at| offset as usize + at + 1);
        Some(Line {
            span: start as u32..end as u32,
            text: text.get(start..end)?.trim_end_matches(['\n', '\r']),
        })
    }

    /// Whether every action of the line ends in it.
    fn is_whole(&self) -> bool {
        self.text.matches("{{").count() == self.text.matches("}}").count()
    }

    /// The columns before an offset in it, where only blanks and dashes stand there.
    fn column(&self, offset: u32) -> Option<(usize, bool)> {
        let before = self.text.get(..(offset - self.span.start) as usize)?;
        let is_blank = before.bytes().all(|byte| byte == b' ' || byte == b'-');
        is_blank.then_some((before.len(), before.contains('-')))
    }
}

/// What is written at a node as it is, changed or removed.
pub(crate) fn edited(node: NodeRef<'_>, kind: &OperationKind, path: &Path) -> Option<Vec<Edit>> {
    let place = node.place();
    let text = place.source.text();
    let written = place.source.slice(&place.span);
    let is_scalar = !matches!(node.kind(), Kind::Mapping | Kind::Sequence);
    let is_literal = !written.is_empty() && !written.contains("{{") && !written.contains('\n');
    if !is_scalar || !is_literal {
        return None;
    }
    let edit = |span, text| {
        vec![Edit::Bytes {
            file: place.source.name().into(),
            span,
            text,
            what: words(kind, path),
        }]
    };
    match kind {
        OperationKind::Append(_) => None,
        OperationKind::Set(value) => Some(edit(place.span.clone(), edit::on_one_line(value))),
        OperationKind::Remove => {
            let Step::Key(key) = path.0.last()? else {
                return None;
            };
            let line = Line::at(text, place.span.start)?;
            let own = line.text.trim_start();
            let value = own.strip_prefix(&**key)?.strip_prefix(':')?;
            let value = value.split(" #").next()?.trim();
            (value == written).then(|| edit(line.span, String::new()))
        }
    }
}

/// A new entry in a mapping that a template writes: what is missing on the way of a path, and the value at its end.
pub(crate) fn added(
    mapping: NodeRef<'_>,
    rest: &Path,
    value: &NewValue,
    path: &Path,
) -> Option<Vec<Edit>> {
    let (Step::Key(key), below) = rest.0.split_first()? else {
        return None;
    };
    if mapping.kind() != Kind::Mapping {
        return None;
    }
    let value = below
        .iter()
        .rev()
        .try_fold(value.clone(), |value, step| match step {
            Step::Key(key) => Some(NewValue::Mapping(vec![(key.to_string(), value)])),
            Step::Index(_) => None,
        })?;
    let what = words(
        &OperationKind::Set(value.clone()),
        &Path(path.0[..=path.0.len() - rest.0.len()].to_vec()),
    );
    if let Some(edit) = in_flow(mapping, key, &value, &what) {
        return Some(vec![edit]);
    }
    let (at, column) = beside(mapping)?;
    Some(vec![Edit::Entry {
        file: mapping.place().source.name().into(),
        at,
        column,
        key: key.clone(),
        value,
        what,
    }])
}

/// A new entry behind the last one of a mapping in braces on one line.
fn in_flow(mapping: NodeRef<'_>, key: &str, value: &NewValue, what: &str) -> Option<Edit> {
    let last = mapping.written_entries().last()?.value.place();
    let text = last.source.text();
    let line = Line::at(text, last.span.start)?;
    let before = text.get(line.span.start as usize..last.span.start as usize)?;
    let behind = text.get(last.span.end as usize..line.span.end as usize)?;
    let before = without_actions(before);
    let opens = before.matches('{').count() > before.matches('}').count();
    let is_last = behind.trim_start().starts_with('}') && !behind.trim_start().starts_with("}}");
    let is_here = last.source.name() == mapping.place().source.name();
    let entry = NewValue::Mapping(vec![(key.to_owned(), value.clone())]);
    let entry = edit::on_one_line(&entry);
    let entry = entry.strip_prefix('{')?.strip_suffix('}')?;
    (opens && is_last && is_here).then(|| Edit::Bytes {
        file: last.source.name().into(),
        span: last.span.end..last.span.end,
        text: format!(", {entry}"),
        what: what.to_owned(),
    })
}

/// The braces that are left are those of mappings.
fn without_actions(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, action)) = rest.split_once("{{") {
        left.push_str(before);
        rest = action.split_once("}}").map_or("", |(_, rest)| rest);
    }
    left + rest
}

/// Where a line for a new entry of a mapping goes, and the column of its key: behind an entry of one line, else before one
/// that begins its own line.
fn beside(mapping: NodeRef<'_>) -> Option<(u32, usize)> {
    let document = mapping.document();
    let entries: Vec<EntryRef<'_>> = mapping.written_entries().collect();
    let conditions = |entry: &EntryRef<'_>| document.causes(entry.key_origin).count();
    let fewest = entries.iter().map(conditions).min()?;
    let always = || entries.iter().filter(|entry| conditions(entry) == fewest);
    let behind = always().rev().find_map(|entry| behind(mapping, entry));
    behind.or_else(|| always().find_map(|entry| before(mapping, entry)))
}

/// The line that the key of an entry begins, in the file that the mapping is written in, and its column; whether a dash stands
/// before it.
fn own_line<'d>(mapping: NodeRef<'d>, entry: &EntryRef<'d>) -> Option<(Line<'d>, usize, bool)> {
    let key = mapping.document().place(entry.key_origin);
    if key.source.name() != mapping.place().source.name() {
        return None;
    }
    let written = key.source.slice(&key.span).trim_matches(['"', '\'']);
    let line = Line::at(key.source.text(), key.span.start)?;
    let (column, has_dash) = line.column(key.span.start)?;
    (written == entry.name()).then_some((line, column, has_dash))
}

fn behind<'d>(mapping: NodeRef<'d>, entry: &EntryRef<'d>) -> Option<(u32, usize)> {
    let (line, column, _) = own_line(mapping, entry)?;
    let is_scalar = !matches!(entry.value.kind(), Kind::Mapping | Kind::Sequence);
    let (_, value) = line.text.split_once(':')?;
    let value = value.trim();
    let is_one_line = !value.is_empty() && !value.starts_with(['|', '>', '&', '#']);
    let place = entry.value.place();
    let ends_here = place.span.end <= line.span.end && place.span.start >= line.span.start;
    let is_here = place.source.name() == mapping.place().source.name() && ends_here;
    (is_scalar && is_one_line && is_here && line.is_whole()).then_some((line.span.end, column))
}

fn before<'d>(mapping: NodeRef<'d>, entry: &EntryRef<'d>) -> Option<(u32, usize)> {
    let (line, column, has_dash) = own_line(mapping, entry)?;
    if has_dash {
        return None;
    }
    let key = mapping.document().place(entry.key_origin);
    let text = key.source.text();
    let mut at = line.span.start;
    // Above what is said about the entry.
    while let Some(above) = at.checked_sub(1).and_then(|end| Line::at(text, end)) {
        let is_comment = above.text.trim_start().starts_with('#');
        if !is_comment || above.span.start >= at {
            break;
        }
        at = above.span.start;
    }
    Some((at, column))
}
