//! PEM: bytes in Base64 between two lines that name them.

use crate::base64;

/// A block.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) bytes: Vec<u8>,
}

/// Writes a block, 64 letters a line.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let mut out = format!("-----BEGIN {label}-----\n");
    let text = base64::encode(bytes);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// The first block of a text. What stands around it does not matter, nor do headers in it.
pub(crate) fn decode(text: &str) -> Option<Block> {
    const BEGIN: &str = "-----BEGIN ";
    let mut rest = text;
    loop {
        let start = rest.find(BEGIN)?;
        let is_at_line_start = start == 0 || rest.as_bytes()[start - 1] == b'\n';
        rest = &rest[start + BEGIN.len()..];
        if !is_at_line_start {
            continue;
        }
        if let Some(block) = block(rest) {
            return Some(block);
        }
    }
}

/// A block behind its first word.
fn block(text: &str) -> Option<Block> {
    let (first, body) = text.split_once('\n')?;
    let label = first.trim_end().strip_suffix("-----")?;
    let end = body.find(&format!("-----END {label}-----"))?;
    let mut body = &body[..end];
    // Headers end with an empty line.
    while let Some((line, after)) = body.split_once('\n') {
        if !line.contains(':') {
            break;
        }
        body = after;
    }
    let symbols: String = body
        .chars()
        .filter(|found| !found.is_ascii_whitespace())
        .collect();
    Some(Block {
        label: label.to_owned(),
        bytes: base64::decode(&symbols).ok()?,
    })
}
