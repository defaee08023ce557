//! JSON objects written straight into bytes: findings are most of a report, and each has a dozen strings
//! of which hardly one needs an escape.

use std::io::Write;

/// An object that is being written; [`Object::end`] closes it.
pub(crate) struct Object<'o> {
    out: &'o mut Vec<u8>,
    before: u8,
}

impl<'o> Object<'o> {
    /// Opens an object.
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        Object { out, before: b'{' }
    }

    /// Writes the name of a field (which must need no escape); its value comes next.
    pub(crate) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        self.out.extend_from_slice(&[self.before, b'"']);
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.before = b',';
        self.out
    }

    /// A field that holds a string.
    pub(crate) fn string(&mut self, name: &str, value: &str) {
        string(self.name(name), value);
    }

    /// The same, left out when there is none.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.string(name, value);
        }
    }

    /// A field that holds a number.
    pub(crate) fn number(&mut self, name: &str, value: u32) {
        let out = self.name(name);
        // Writing to memory does not fail.
        let _ = write!(out, "{value}");
    }

    /// A field that holds `true` or `false`.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.name(name).extend_from_slice(word);
    }

    /// A field that holds JSON which is written already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.name(name).extend_from_slice(json.as_bytes());
    }

    /// A field that holds an object.
    pub(crate) fn object(&mut self, name: &str, fields: impl FnOnce(&mut Object<'_>)) {
        let mut inner = Object::new(self.name(name));
        fields(&mut inner);
        inner.end();
    }

    /// A field that holds objects, left out when there are none.
    pub(crate) fn objects<T>(
        &mut self,
        name: &str,
        items: &[T],
        fields: impl Fn(&mut Object<'_>, &T),
    ) {
        if items.is_empty() {
            return;
        }
        let out = self.name(name);
        for (position, item) in items.iter().enumerate() {
            out.push(if position == 0 { b'[' } else { b',' });
            let mut inner = Object::new(out);
            fields(&mut inner, item);
            inner.end();
        }
        out.push(b']');
    }

    /// Closes the object.
    pub(crate) fn end(self) {
        if self.before == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
    }
}

/// Writes a string with its quotes.
fn string(out: &mut Vec<u8>, text: &str) {
    if text.as_bytes().chunks(32).any(has_special) {
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether a byte needs an escape. Looks at all of them, so that it compiles to a few wide instructions.
fn has_special(bytes: &[u8]) -> bool {
    let count = |found: u8, &byte: &u8| {
        found | u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\')
    };
    bytes.iter().fold(0, count) != 0
}

#[cfg(test)]
mod tests {
    use super::Object;

    #[test]
    fn what_is_written_is_what_a_parser_reads() {
        let texts = [
            "",
            "plain",
            "a \"quote\"",
            "back\\slash",
            "tab\tline\n",
            "ü \u{1}\u{7f}\u{2028}",
        ];
        for text in texts {
            let long = text.repeat(9);
            let mut out = Vec::new();
            let mut object = Object::new(&mut out);
            object.string("text", text);
            object.optional("none", None);
            object.number("number", 42);
            object.flag("flag", true);
            object.raw("raw", "[1]");
            object.object("empty", |_| {});
            object.objects("list", &[long.as_str()], |inner, text| {
                inner.string("long", text);
            });
            object.end();
            let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
            let expected = serde_json::json!({
                "text": text, "number": 42, "flag": true, "raw": [1], "empty": {},
                "list": [{ "long": long }]
            });
            assert_eq!(read, expected);
        }
    }
}
