//! XML as a small tree of elements that know their lines.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::reader::{File, ReadError};

/// Elements inside each other.
const MAX_DEPTH: usize = 128;

/// Elements of one file.
const MAX_ELEMENTS: usize = 2_000_000;

/// An element: names without their prefix.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// The text directly in it.
    pub(crate) text: String,
    /// First and last line.
    pub(crate) lines: (u32, u32),
}

impl Element {
    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name, trimmed.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        Some(self.child(name)?.text.trim())
    }

    /// An attribute, in any case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut named = self.attributes.iter();
        let (_, value) = named.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.trim())
    }
}

/// Reads a file; the root element.
pub(crate) fn xml(file: &File<'_>) -> Result<Element, ReadError> {
    let text = super::lossy(file);
    let mut reader = Reader::from_str(&text);
    let mut lines = LineCounter::new(text.as_bytes());
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| {
            let line = lines.at(reader.error_position() as usize);
            ReadError::in_line(line, format!("expected XML: {error}"))
        })?;
        let first = lines.at(start);
        let last = lines.at((reader.buffer_position() as usize).saturating_sub(1));
        let finished = match event {
            Event::Start(tag) => {
                open.push(element(&tag, (first, last)));
                count += 1;
                None
            }
            Event::Empty(tag) => {
                count += 1;
                Some(element(&tag, (first, last)))
            }
            Event::End(_) => open.pop().map(|mut element| {
                element.lines.1 = last;
                element
            }),
            Event::Text(text) => {
                push(&mut open, &text);
                None
            }
            Event::CData(text) => {
                push(&mut open, &text);
                None
            }
            Event::GeneralRef(reference) => {
                push(&mut open, &entity(&reference));
                None
            }
            Event::Eof => {
                return Err(match open.last() {
                    Some(element) => ReadError::in_line(
                        last,
                        format!(
                            "expected the end of <{}> from line {}, found the end of the file",
                            element.name, element.lines.0
                        ),
                    ),
                    None => ReadError::in_line(last, "expected an element, found none"),
                });
            }
            _ => None,
        };
        if open.len() > MAX_DEPTH || count > MAX_ELEMENTS {
            return Err(ReadError::in_line(first, "too many elements, or too deep"));
        }
        if let Some(element) = finished {
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => return Ok(element),
            }
        }
    }
}

fn element(tag: &BytesStart<'_>, lines: (u32, u32)) -> Element {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).flatten();
    Element {
        name: tag.local_name().as_ref().to_owned(),
        attributes: attributes
            .map(|attribute| {
                let key = attribute.key.local_name().as_ref().to_owned();
                let value = quick_xml::escape::unescape(&attribute.value)
                    .map_or_else(|_| attribute.value.to_string(), |value| value.to_string());
                (key, value)
            })
            .collect(),
        lines,
        ..Element::default()
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// The text of `&name;`; what the file defines itself is kept as it is written.
fn entity(name: &str) -> String {
    let written = format!("&{name};");
    quick_xml::escape::unescape(&written).map_or_else(|_| written.clone(), |text| text.to_string())
}

/// Lines of growing offsets.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> LineCounter<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        LineCounter {
            bytes,
            at: 0,
            line: 1,
        }
    }

    fn at(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.bytes.len());
        if offset > self.at {
            let passed = &self.bytes[self.at..offset];
            self.line += memchr::memchr_iter(b'\n', passed).count() as u32;
            self.at = offset;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::xml;
    use crate::reader::File;

    #[test]
    fn elements_know_their_lines_and_texts() {
        let bytes = b"<?xml version='1.0'?>\n<a:r>\n <p id=\"x&amp;y\"/>\n <q>\n  1 &lt; 2\n </q>\n</a:r>\n";
        let root = xml(&File {
            path: "a.xml",
            bytes,
        })
        .unwrap();
        assert_eq!((root.name.as_str(), root.lines), ("r", (2, 7)));
        assert_eq!(root.child("p").unwrap().attribute("ID"), Some("x&y"));
        assert_eq!(root.text_of("q"), Some("1 < 2"));
        assert_eq!(root.child("q").unwrap().lines, (4, 6));
    }

    #[test]
    fn a_file_that_ends_early_is_an_error_with_its_line() {
        let bytes = b"<a>\n <b>\n";
        let error = xml(&File {
            path: "a.xml",
            bytes,
        })
        .unwrap_err();
        assert!(
            error.message.contains("the end of <b> from line 2"),
            "{error}"
        );
        assert_eq!(error.at, Some((3, 1)));
    }
}
