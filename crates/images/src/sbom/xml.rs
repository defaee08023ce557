//! `CycloneDX` in XML: the same elements as in JSON (<https://cyclonedx.org/docs/latest/xml/>).

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{MAX_DEPTH, SbomError};

/// A component: its name, and its package URL.
type Listed = (String, Option<String>);

/// Elements inside each other, whatever they are.
const MAX_ELEMENTS_DEEP: usize = 256;

/// What an element is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Bill,
    Metadata,
    Components,
    /// By its place in the list.
    Component(usize),
    /// What the bill is about.
    Subject(usize),
    Name(usize),
    Purl(usize),
    /// Nothing in it is looked at.
    Aside,
}

/// Reads a bill: components that can be looked up, or that should be.
pub(super) fn read(text: &str) -> Result<Vec<Listed>, SbomError> {
    let mut reader = Reader::from_str(text);
    let mut bill = Bill::default();
    loop {
        let before = reader.buffer_position();
        let wrong = |message: String, at: u64| syntax(text, message, at as usize);
        let event = reader.read_event();
        let event = event.map_err(|error| wrong(error.to_string(), reader.error_position()))?;
        match event {
            Event::Start(tag) => bill.start(&tag)?,
            Event::Empty(tag) => {
                bill.start(&tag)?;
                bill.open.pop();
            }
            Event::End(_) => {
                bill.open.pop();
            }
            Event::Text(part) => bill.text(&part),
            Event::CData(part) => bill.text(&part),
            Event::GeneralRef(reference) => bill.text(&character(&reference)),
            // Entities of its own could grow without end; no writer of bills uses them.
            Event::DocType(_) => {
                let message = "a document type is not read".to_owned();
                return Err(wrong(message, before));
            }
            Event::Eof if bill.open.is_empty() => return Ok(bill.listed()),
            Event::Eof => {
                let message = "the text ends inside an element".to_owned();
                return Err(wrong(message, before));
            }
            _ => {}
        }
    }
}

/// The character that `&amp;` and its kind stand for.
fn character(reference: &str) -> String {
    let escaped = format!("&{reference};");
    quick_xml::escape::unescape(&escaped).map_or_else(|_| escaped.clone(), Cow::into_owned)
}

/// An error at a byte.
fn syntax(text: &str, message: String, at: usize) -> SbomError {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    SbomError::Syntax {
        message,
        line: 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u32,
        column: 1 + before[line..].chars().count() as u32,
    }
}

#[derive(Default)]
struct Bill {
    open: Vec<Place>,
    components: Vec<Component>,
}

struct Component {
    name: String,
    purl: Option<String>,
    /// Whether it is listed though it has no package URL.
    is_software: bool,
}

impl Bill {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), SbomError> {
        let name = tag.local_name();
        let name = name.as_ref();
        let place = match (self.open.last(), name) {
            (None, "bom") => Place::Bill,
            (None, _) => return Err(SbomError::Unknown),
            (Some(Place::Bill), "metadata") => Place::Metadata,
            (Some(Place::Bill | Place::Component(_)), "components") => Place::Components,
            (Some(Place::Components), "component") => Place::Component(self.component(tag, true)),
            (Some(Place::Metadata), "component") => Place::Subject(self.component(tag, false)),
            (Some(Place::Component(at) | Place::Subject(at)), "name") => Place::Name(*at),
            (Some(Place::Component(at) | Place::Subject(at)), "purl") => {
                self.components[*at].purl = Some(String::new());
                Place::Purl(*at)
            }
            _ => Place::Aside,
        };
        self.open.push(place);
        let lists = self
            .open
            .iter()
            .filter(|place| **place == Place::Components);
        if lists.count() > MAX_DEPTH + 1 || self.open.len() > MAX_ELEMENTS_DEEP {
            return Err(SbomError::Depth);
        }
        Ok(())
    }

    fn component(&mut self, tag: &BytesStart<'_>, is_listed: bool) -> usize {
        let mut attributes = tag.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let kind = attributes.find(|attribute| attribute.key.as_ref() == "type");
        let kind = kind.map(|attribute| attribute.value.into_owned());
        self.components.push(Component {
            name: String::new(),
            purl: None,
            is_software: is_listed && super::cyclonedx::is_software(&kind.unwrap_or_default()),
        });
        self.components.len() - 1
    }

    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some(Place::Name(at)) => self.components[*at].name.push_str(text),
            Some(Place::Purl(at)) => {
                let purl = self.components[*at].purl.get_or_insert_default();
                purl.push_str(text);
            }
            _ => {}
        }
    }

    fn listed(self) -> Vec<Listed> {
        let components = self.components.into_iter();
        let listed =
            components.filter(|component| component.is_software || component.purl.is_some());
        listed
            .map(|Component { name, purl, .. }| {
                let purl = purl.map(|purl| purl.trim().to_owned());
                (name.trim().to_owned(), purl)
            })
            .collect()
    }
}
