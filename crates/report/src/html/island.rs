//! JSON inside of a page: a `script` element that holds data cannot be ended by what is in the data.

use std::io::{self, Write};

/// Passes JSON on. What HTML could see as markup stands only in strings of JSON, where it is escaped.
pub(super) struct Island<'w>(pub(super) &'w mut dyn Write);

impl Write for Island<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| escape(*byte).is_some()) {
            self.0.write_all(&rest[..at])?;
            self.0.write_all(escape(rest[at]).unwrap_or_default())?;
            rest = &rest[at + 1..];
        }
        self.0.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn escape(byte: u8) -> Option<&'static [u8]> {
    match byte {
        b'<' => Some(b"\\u003c"),
        b'>' => Some(b"\\u003e"),
        b'&' => Some(b"\\u0026"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Island;

    #[test]
    fn no_data_ends_the_island_and_all_of_it_comes_back() {
        let data = [
            "</script><script>alert(1)</script>",
            "<!--",
            "a && b",
            "]]>",
        ];
        let mut out = Vec::new();
        serde_json::to_writer(Island(&mut out), &data).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), data);
    }
}
