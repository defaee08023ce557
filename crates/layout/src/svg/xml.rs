//! Writing XML: every text goes through here and comes out escaped.

use std::fmt::Write;

use crate::text::Font;

use super::style::Ink;

/// The texts of a picture are in this family, or in whatever the viewer has instead.
pub(super) const FAMILY: &str = "Helvetica,Arial,'Liberation Sans','Nimbus Sans',sans-serif";

#[derive(Default)]
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// `<name attributes>`; the attributes are ours.
    pub(super) fn begin(&mut self, name: &'static str, attributes: &str) {
        let space = if attributes.is_empty() { "" } else { " " };
        // Writing to a string does not fail.
        let _ = write!(self.text, "<{name}{space}{attributes}>");
        self.open.push(name);
    }

    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = write!(self.text, "</{name}>");
            if name == "g" {
                self.text.push('\n');
            }
        }
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &str) {
        let _ = write!(self.text, "<{name} {attributes}/>");
    }

    /// A text of others.
    pub(super) fn text(&mut self, text: &str) {
        escape(text, &mut self.text);
    }

    pub(super) fn element(&mut self, name: &'static str, attributes: &str, text: &str) {
        self.begin(name, attributes);
        self.text(text);
        self.end();
    }

    /// A line of text that begins at a place, on its base line.
    pub(super) fn line(&mut self, at: (i32, i32), font: Font, ink: Ink, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut attributes = format!(
            "x=\"{}\" y=\"{}\" font-size=\"{}\" {}",
            at.0,
            at.1,
            font.size,
            ink.attributes()
        );
        if font.is_bold {
            attributes.push_str(" font-weight=\"700\"");
        }
        // The widths of other characters are guesses: a viewer must not stretch them to that.
        if Font::is_exact(text) {
            let _ = write!(
                attributes,
                " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
                font.width(text)
            );
        }
        self.element("text", &attributes, text);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

impl Ink {
    /// The class, and the light colour as attribute.
    pub(super) fn attributes(self) -> String {
        format!(
            "class=\"{}\" {}=\"{}\"",
            self.class, self.property, self.light
        )
    }
}

/// The height of some lines.
pub(super) fn lines(count: usize, height: i32) -> i32 {
    i32::try_from(count)
        .unwrap_or(i32::MAX)
        .saturating_mul(height)
}

/// An attribute with a text of others.
pub(super) fn attribute(name: &str, value: &str) -> String {
    let mut attribute = format!("{name}=\"");
    escape(value, &mut attribute);
    attribute.push('"');
    attribute
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            // XML has no way to write these.
            character if character.is_control() || u32::from(character) & 0xfffe == 0xfffe => {
                out.push('\u{fffd}');
            }
            character => out.push(character),
        }
    }
}
