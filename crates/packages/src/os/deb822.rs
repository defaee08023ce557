//! Stanzas of `Field: value`, as dpkg and opkg keep them.

use super::line_number;

/// A stanza: its fields in order, and its first and last line.
pub(super) struct Stanza<'a> {
    fields: Vec<(&'a str, &'a str)>,
    pub(super) lines: (u32, u32),
}

impl<'a> Stanza<'a> {
    /// The first line of a field; nothing if there is none. Names of fields have no case.
    pub(super) fn get(&self, name: &str) -> &'a str {
        let of_name = |(field, _): &&(&str, &str)| field.eq_ignore_ascii_case(name);
        self.fields
            .iter()
            .find(of_name)
            .map_or("", |(_, value)| value)
    }
}

/// The stanzas of a text.
pub(super) fn stanzas(text: &str) -> impl Iterator<Item = Stanza<'_>> {
    let mut lines = text.lines().zip(1..).peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|(line, _)| line.trim().is_empty()).is_some() {}
        let (_, first) = *lines.peek()?;
        let mut stanza = Stanza {
            fields: Vec::new(),
            lines: (line_number(first), line_number(first)),
        };
        while let Some((line, number)) = lines.next_if(|(line, _)| !line.trim().is_empty()) {
            stanza.lines.1 = line_number(number);
            // What begins with a space continues the field above, which nothing here asks for.
            if !line.starts_with([' ', '\t'])
                && let Some((field, value)) = line.split_once(':')
            {
                stanza.fields.push((field, value.trim()));
            }
        }
        Some(stanza)
    })
}
