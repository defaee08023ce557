//! The full parser: the events of `granit-parser` into the builder.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use crate::builder::{Builder, Mark, SourceId};
use crate::document::node::{NodeId, OriginId};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::limits::{LimitExceeded, Limits};
use crate::source::Span;
use crate::yaml::scalar::{self, Scalar};

/// Reads a text of any number of YAML documents, which stands in its source from `base` on.
pub(crate) fn parse(
    text: &str,
    base: usize,
    source: SourceId,
    limits: &Limits,
    builder: &mut Builder,
    errors: &mut Vec<SyntaxError>,
) {
    let mut events = Parser::new_from_str_with_options(text, options(limits));
    let mut reader = Reader::new(text, base as u32, source, builder);
    loop {
        let failure = match events.next_event() {
            None => return,
            Some(Ok((event, span))) => {
                let span = byte_span(&span);
                reader.event(&event, span).err()
            }
            Some(Err(error)) => Some(syntax_error(&error, text)),
        };
        if let Some(error) = failure {
            errors.push(moved(with_template_hint(error, text), base as u32));
            reader.abandon();
            match events.proceed_next_document() {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return errors.push(moved(syntax_error(&error, text), base as u32)),
            }
        }
    }
}

/// A text that is still a template breaks in ways that do not say so.
fn with_template_hint(error: SyntaxError, text: &str) -> SyntaxError {
    if text.contains("{{") {
        error.with_hint("the text looks like a template: scan what it renders to")
    } else {
        error
    }
}

fn moved(mut error: SyntaxError, base: u32) -> SyntaxError {
    error.span = error.span.start + base..error.span.end + base;
    error
}

fn options(limits: &Limits) -> granit_parser::Options {
    // One more than the builder allows, so that it is the builder that says no.
    let depth = limits.depth as usize + 1;
    granit_parser::options! {
        flow_nesting_limit: depth,
        block_nesting_limit: depth,
        max_buffered_comment_events: usize::MAX,
    }
}

fn byte_span(span: &granit_parser::Span) -> Span {
    let range = span.byte_range().unwrap_or_default();
    range.start as u32..range.end as u32
}

fn syntax_error(error: &ScanError, text: &str) -> SyntaxError {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len()) as u32;
    let kind = match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            return SyntaxError::limit(LimitExceeded::Depth, at..at);
        }
        _ => SyntaxErrorKind::YamlSyntax,
    };
    let found = SyntaxError::new(kind, at..at, error.info());
    match hint(error.kind()) {
        Some(hint) => found.with_hint(hint),
        None => found,
    }
}

/// What to do about an error, where its kind tells.
fn hint(kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart => Some("indent with spaces"),
        ErrorKind::UnknownAnchor => {
            Some("an anchor must stand before its alias, in the same YAML document")
        }
        ErrorKind::MappingValueNotAllowed => Some("quote a text that contains `: `"),
        _ => None,
    }
}

struct Reader<'b, 't> {
    text: &'t str,
    /// Where the text begins in its source: all spans in here are relative to the text.
    base: u32,
    source: SourceId,
    builder: &'b mut Builder,
    mark: Mark,
    /// The containers around, innermost last.
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor, FixedState>,
    /// Where the last token that matters ended: the next block indicator comes after it.
    token_end: u32,
}

#[derive(Clone, Copy)]
struct Open {
    style: StructureStyle,
    anchor: usize,
    node: NodeId,
    is_mapping: bool,
    /// In a mapping: whether the next node is a value.
    value_next: bool,
    /// In a mapping: whether the last key was a merge key.
    merges: bool,
    end: u32,
}

#[derive(Clone)]
enum Anchor {
    /// A container that has not ended yet.
    Unfinished,
    Container(NodeId),
    Scalar {
        /// `None` when it is a key.
        node: Option<NodeId>,
        value: Scalar,
        text: Box<str>,
    },
}

impl<'b, 't> Reader<'b, 't> {
    fn new(text: &'t str, base: u32, source: SourceId, builder: &'b mut Builder) -> Self {
        let mark = builder.mark();
        Reader {
            text,
            base,
            source,
            builder,
            mark,
            open: Vec::new(),
            anchors: HashMap::with_hasher(FixedState::default()),
            token_end: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        }
    }

    /// Forgets the YAML document that is being read.
    fn abandon(&mut self) {
        self.builder.rollback(self.mark);
        self.open.clear();
        self.anchors.clear();
    }

    fn event(&mut self, event: &Event<'_>, span: Span) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(is_explicit, _) => {
                self.mark = self.builder.mark();
                self.anchors.clear();
                if *is_explicit {
                    self.token_end = span.end;
                }
            }
            Event::DocumentEnd => self.token_end = self.token_end.max(span.end),
            Event::Comment(..) => self.builder.comment(self.source, self.in_source(&span)),
            Event::Alias(id) => self.alias(*id, span)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, *style, *anchor, tag.as_deref(), span)?;
            }
            Event::SequenceStart(style, anchor, _) => self.begin(*style, *anchor, false, span)?,
            Event::MappingStart(style, anchor, _) => self.begin(*style, *anchor, true, span)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            _ => {}
        }
        Ok(())
    }

    fn origin(&mut self, span: Span) -> OriginId {
        self.builder.origin(self.source, self.in_source(&span))
    }

    fn in_source(&self, span: &Span) -> Span {
        span.start + self.base..span.end + self.base
    }

    fn expects_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.is_mapping && !open.value_next)
    }

    /// A node or key was read up to here.
    fn advance(&mut self, end: u32) {
        self.token_end = end;
        if let Some(open) = self.open.last_mut() {
            open.end = end;
            open.value_next = open.is_mapping && !open.value_next;
        }
    }

    fn begin(
        &mut self,
        style: StructureStyle,
        anchor: usize,
        is_mapping: bool,
        span: Span,
    ) -> Result<(), SyntaxError> {
        if self.expects_key() {
            return Err(unsupported_key(span));
        }
        let start = if style == StructureStyle::Block && !is_mapping {
            self.block_sequence_start(span.start)
        } else {
            span.start
        };
        let origin = self.origin(start..start);
        let begun = if is_mapping {
            self.builder.begin_mapping(origin)
        } else {
            self.builder.begin_sequence(origin)
        };
        let node = begun.map_err(|limit| SyntaxError::limit(limit, start..start))?;
        self.note_anchor(anchor, Anchor::Unfinished);
        self.open.push(Open {
            style,
            anchor,
            node,
            is_mapping,
            value_next: false,
            merges: false,
            end: span.end,
        });
        self.token_end = match style {
            StructureStyle::Block => start,
            StructureStyle::Flow => span.end,
        };
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let end = match open.style {
            StructureStyle::Block => open.end,
            StructureStyle::Flow => span.end,
        };
        self.builder.end(Some(end + self.base));
        self.note_anchor(open.anchor, Anchor::Container(open.node));
        self.check_merge(open.node, span)?;
        self.advance(end);
        Ok(())
    }

    /// A finished value of a merge key must name mappings.
    fn check_merge(&self, value: NodeId, span: Span) -> Result<(), SyntaxError> {
        let is_merged = self
            .open
            .last()
            .is_some_and(|open| open.merges && open.value_next);
        if is_merged && !self.builder.is_mergeable(value) {
            return Err(value_error(&span, "only mappings can be merged"));
        }
        Ok(())
    }

    fn note_anchor(&mut self, id: usize, anchor: Anchor) {
        if id != 0 {
            self.anchors.insert(id, anchor);
        }
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), SyntaxError> {
        let end = span.end;
        let node = match self.anchors.get(&id).cloned() {
            None | Some(Anchor::Unfinished) => {
                return Err(value_error(
                    &span,
                    "the alias stands inside the value that it names",
                ));
            }
            Some(Anchor::Scalar { value, text, .. }) if self.expects_key() => {
                self.key(&text, value, false, span)?;
                self.advance(end);
                return Ok(());
            }
            Some(Anchor::Container(_)) if self.expects_key() => return Err(unsupported_key(span)),
            Some(
                Anchor::Container(node)
                | Anchor::Scalar {
                    node: Some(node), ..
                },
            ) => self.reference(node, &span)?,
            Some(Anchor::Scalar { value, text, .. }) => self.value(&text, value, span.clone())?,
        };
        self.check_merge(node, span)?;
        self.advance(end);
        Ok(())
    }

    fn reference(&mut self, target: NodeId, span: &Span) -> Result<NodeId, SyntaxError> {
        let origin = self.origin(span.clone());
        self.builder
            .alias(target, origin)
            .map_err(|limit| SyntaxError::limit(limit, span.clone()))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), SyntaxError> {
        let is_missing = style == ScalarStyle::Plain && span.start == span.end;
        if is_missing && self.open.is_empty() && anchor == 0 && tag.is_none() {
            return Ok(());
        }
        let text: &str = if is_missing { "" } else { text };
        let (value, text) =
            resolve(text, style, tag).map_err(|message| value_error(&span, message))?;
        let is_merge = text == "<<"
            && tag.map_or(style == ScalarStyle::Plain, |tag| {
                yaml_tag(tag) == Some("merge")
            });
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let span = match style {
            _ if is_block => self.block_scalar_span(&span),
            ScalarStyle::Plain if is_missing => self.missing_value_span(span.start),
            _ => span,
        };
        let end = span.end;
        let text: &str = if is_block && self.is_cut_at(end) {
            // The parser adds the line feed that the text does not have.
            text.strip_suffix('\n').unwrap_or(&text)
        } else {
            &text
        };
        let node = if self.expects_key() {
            self.key(text, value, is_merge, span)?;
            None
        } else {
            let node = self.value(text, value, span.clone())?;
            self.check_merge(node, span)?;
            Some(node)
        };
        if anchor != 0 {
            let text = text.into();
            self.note_anchor(anchor, Anchor::Scalar { node, value, text });
        }
        self.advance(end);
        Ok(())
    }

    fn key(
        &mut self,
        text: &str,
        value: Scalar,
        is_merge: bool,
        span: Span,
    ) -> Result<(), SyntaxError> {
        let origin = self.origin(span.clone());
        if let Some(open) = self.open.last_mut() {
            open.merges = is_merge;
        }
        match (is_merge, value) {
            (true, _) => self.builder.merge_key(origin),
            (false, Scalar::String) => self.builder.key(text, origin),
            (false, _) => {
                let converted = scalar::key_text(value).ok_or_else(|| unsupported_key(span))?;
                self.builder.key(&converted, origin);
            }
        }
        Ok(())
    }

    fn value(&mut self, text: &str, value: Scalar, span: Span) -> Result<NodeId, SyntaxError> {
        let Some(value) = scalar::through_json(value) else {
            return Err(value_error(&span, "JSON has no such number"));
        };
        let origin = self.origin(span.clone());
        let base = self.base;
        let builder = &mut *self.builder;
        match value {
            Scalar::Null => builder.null(origin),
            Scalar::Bool(value) => builder.bool(value, origin),
            Scalar::Int(value) => builder.int(value, origin),
            Scalar::Uint(value) => builder.uint(value, origin),
            Scalar::Float(value) => builder.float(value, origin),
            Scalar::String => match written_as_is(self.text, text, &span) {
                Some(within) => {
                    builder.source_string(within.start + base..within.end + base, origin)
                }
                None => builder.string(text, origin),
            },
        }
        .map_err(|limit| SyntaxError::limit(limit, span))
    }

    /// The first dash of a block sequence that the parser says begins at `reported`.
    fn block_sequence_start(&self, reported: u32) -> u32 {
        let is_indentless = self.open.last().is_some_and(|open| open.is_mapping);
        if is_indentless {
            self.next_indicator()
        } else {
            reported
        }
    }

    /// A value that is not there is just behind the colon of its key or the dash of its item.
    fn missing_value_span(&self, reported: u32) -> Span {
        let at = match self.open.last() {
            Some(open) if open.value_next => {
                let rest = &self.text[self.token_end as usize..];
                let after_blanks = rest.trim_start_matches([' ', '\t']);
                let colon = self.token_end + (rest.len() - after_blanks.len()) as u32;
                let has_colon = after_blanks.starts_with(':');
                if has_colon {
                    reported.max(colon + 1)
                } else {
                    reported
                }
            }
            Some(open) if !open.is_mapping && open.style == StructureStyle::Block => {
                let dash = self.skip_to_indicator(b"");
                let has_dash = self.text.as_bytes().get(dash as usize) == Some(&b'-');
                if has_dash { dash + 1 } else { reported }
            }
            _ => reported,
        };
        at..at
    }

    /// From the indicator of a block scalar to its last line that is not blank.
    fn block_scalar_span(&self, content: &Span) -> Span {
        let start = self.next_indicator();
        let header = self.text[start as usize..]
            .bytes()
            .take_while(|byte| b"|>+-0123456789".contains(byte))
            .count() as u32;
        let body = &self.text[..content.end as usize];
        let end = body.trim_end_matches([' ', '\t', '\r', '\n']).len() as u32;
        start..end.max(start + header)
    }

    /// Whether the text ends in the line that a block scalar ends in.
    fn is_cut_at(&self, end: u32) -> bool {
        !self.text.ends_with(['\n', '\r'])
            && self.text.trim_end_matches([' ', '\t']).len() == end as usize
    }

    /// The indicator of the block scalar or sequence that comes next.
    fn next_indicator(&self) -> u32 {
        let in_sequence = self.open.last().is_some_and(|open| !open.is_mapping);
        self.skip_to_indicator(if in_sequence { b":?-" } else { b":?" })
    }

    /// The next byte after the last token that is not space, comment, property or one of the indicators given.
    fn skip_to_indicator(&self, skipped: &[u8]) -> u32 {
        let bytes = self.text.as_bytes();
        let mut at = self.token_end as usize;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' => at += line_length(&bytes[at..]),
                b'&' | b'!' => at += word_length(&bytes[at..]),
                _ if skipped.contains(&byte) => at += 1,
                _ => break,
            }
        }
        at as u32
    }
}

fn line_length(bytes: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len())
}

fn word_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| b" \t\r\n".contains(byte))
        .unwrap_or(bytes.len())
}

fn unsupported_key(span: Span) -> SyntaxError {
    value_error(&span, "a key must be a string, a number or a boolean")
}

fn value_error(span: &Span, message: &str) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::YamlValue, span.clone(), message)
}

/// A tag of YAML's own, without what they all begin with.
fn yaml_tag(tag: &Tag) -> Option<&str> {
    match tag.handle() {
        "tag:yaml.org,2002:" => Some(tag.suffix()),
        _ => tag.suffix().strip_prefix("tag:yaml.org,2002:"),
    }
}

fn resolve<'t>(
    text: &'t str,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<(Scalar, Cow<'t, str>), &'static str> {
    match tag {
        None if style == ScalarStyle::Plain => Ok((scalar::resolve(text), Cow::Borrowed(text))),
        None => Ok((Scalar::String, Cow::Borrowed(text))),
        Some(tag) => scalar::resolve_tagged(yaml_tag(tag).unwrap_or_default(), text),
    }
}

/// Where a scalar's value stands in the text byte by byte, if it does.
fn written_as_is(text: &str, value: &str, span: &Span) -> Option<Span> {
    let written = text.get(span.start as usize..span.end as usize)?;
    if written == value {
        return Some(span.clone());
    }
    let inner = written.get(1..written.len().checked_sub(1)?)?;
    (inner == value && !value.is_empty()).then(|| span.start + 1..span.end - 1)
}
