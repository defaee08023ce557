//! From an offset in the value of a YAML scalar to the offset in the text that it was written in.

/// Offset, inside `written`, of the byte that became byte `offset` of `value`.
///
/// `written` is the scalar as it stands in the file: plain, quoted, or a block with its header.
/// Exact for everything but characters that double quotes escape by number.
pub(crate) fn written_offset(written: &str, value: &str, offset: usize) -> usize {
    let bytes = written.as_bytes();
    let mut at = content_start(bytes);
    for (position, byte) in value.bytes().enumerate() {
        while at < bytes.len() && bytes[at] != byte && is_skippable(bytes[at]) {
            at += 1;
        }
        if position >= offset || at >= bytes.len() {
            break;
        }
        if bytes[at] == byte {
            at += 1;
        }
    }
    at.min(bytes.len())
}

fn content_start(written: &[u8]) -> usize {
    match written.first() {
        Some(b'\'' | b'"') => 1,
        Some(b'|' | b'>') => written
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(written.len(), |at| at + 1),
        _ => 0,
    }
}

/// What YAML writes around the bytes of a value: folding, indentation, escapes.
fn is_skippable(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'\\' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::written_offset;

    #[track_caller]
    fn check(written: &str, value: &str, find: &str, expected: &str) {
        let offset = value.find(find).unwrap();
        let at = written_offset(written, value, offset);
        assert_eq!(&written[at..at + expected.len()], expected, "{written:?}");
    }

    #[test]
    fn offsets_survive_every_style() {
        check("a || b.c", "a || b.c", "b", "b.c");
        check("'it''s x'", "it's x", "x", "x'");
        check("\"say \\\"x\\\" z\"", "say \"x\" z", "z", "z\"");
        check(
            ">-\n  first &&\n  second",
            "first && second",
            "second",
            "second",
        );
        check(
            "|\n  first\n  second\n",
            "first\nsecond\n",
            "second",
            "second",
        );
        check("plain\n  folded", "plain folded", "folded", "folded");
    }
}
