//! XML as a tree of elements, names without their prefixes.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::FeedError;

/// Elements inside each other.
const MAX_DEPTH: usize = 64;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Self {
        let local = |name: &str| {
            name.rsplit_once(':')
                .map_or(name, |(_, local)| local)
                .to_owned()
        };
        let attributes = start.attributes().flatten().filter_map(|attribute| {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()?;
            Some((local(attribute.key.as_ref()), value.into_owned()))
        });
        Self {
            name: local(start.name().as_ref()),
            attributes: attributes.collect(),
            ..Self::default()
        }
    }

    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// The children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.children
            .iter()
            .find(|child| child.name == name)
            .map_or("", |child| child.text.trim())
    }

    /// Everything below it of a name, in the order of the text.
    pub(super) fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        let mut stack: Vec<&Element> = self.children.iter().rev().collect();
        std::iter::from_fn(move || {
            while let Some(element) = stack.pop() {
                stack.extend(element.children.iter().rev());
                if element.name == name {
                    return Some(element);
                }
            }
            None
        })
    }
}

/// Reads a text; the element that is given holds the root.
pub(super) fn read(text: &str) -> Result<Element, FeedError> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(FeedError::Xml)? {
            Event::Start(start) if open.len() < MAX_DEPTH => open.push(Element::new(&start)),
            Event::Start(_) => return Err(FeedError::Unknown),
            Event::Empty(start) => push(&mut open, Element::new(&start)),
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    push(&mut open, element);
                }
            }
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(name) => {
                let character = name.resolve_char_ref().ok().flatten().map(String::from);
                let text = character.or_else(|| {
                    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
                });
                append(&mut open, &text.unwrap_or_default());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    // What is not closed is read all the same.
    while open.len() > 1 {
        if let Some(element) = open.pop() {
            push(&mut open, element);
        }
    }
    Ok(open.pop().unwrap_or_default())
}

fn push(open: &mut Vec<Element>, element: Element) {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => open.push(element),
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}
