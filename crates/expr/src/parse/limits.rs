//! Bounds on the text of an expression, checked before the parser, which recurses, sees it.

/// Longest text, in bytes.
pub(super) const LENGTH: usize = 64 * 1024;

/// Deepest nesting of the tree that the text can stand for.
pub(super) const DEPTH: u32 = 128;

/// The message for what is deeper.
pub(super) const TOO_DEEP: &str = "expression nested too deeply";

/// What the tree's depth can be at some place of the text.
struct Depth {
    /// Depth at which each open bracket began.
    brackets: Vec<u32>,
    /// Depth of the current operand's bracket, grown by each conditional in it.
    base: u32,
    current: u32,
}

/// Checks length and nesting; gives the place and the message of what is too much.
pub(super) fn check(source: &str) -> Result<(), (u32, String)> {
    if source.len() > LENGTH {
        return Err((0, format!("expression longer than {} KiB", LENGTH / 1024)));
    }
    let bytes = source.as_bytes();
    let mut depth = Depth {
        brackets: Vec::new(),
        base: 0,
        current: 0,
    };
    let mut position = 0;
    while position < bytes.len() {
        let rest = &bytes[position..];
        position += match rest {
            [b'"' | b'\'', ..] => string(rest, is_raw(&bytes[..position])),
            [b'/', b'/', ..] => rest
                .iter()
                .position(|&byte| byte == b'\n')
                .unwrap_or(rest.len()),
            _ => depth.step(rest),
        };
        if depth.current > DEPTH {
            return Err((position as u32, TOO_DEEP.to_owned()));
        }
    }
    Ok(())
}

/// Whether the letters before a quote make it a raw string.
fn is_raw(before: &[u8]) -> bool {
    let letters = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
    let letters: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
    matches!(&letters[..], [b'r'] | [b'r', b'b'] | [b'b', b'r'])
}

/// Length of a string literal; an unfinished one ends with the text.
fn string(text: &[u8], raw: bool) -> usize {
    let quote = text[0];
    let triple = text.len() >= 3 && text[1] == quote && text[2] == quote;
    let width = if triple { 3 } else { 1 };
    let mut position = width;
    while position < text.len() {
        let rest = &text[position..];
        if rest[0] == b'\\' && !raw {
            position += 2;
        } else if rest[0] == quote && (!triple || rest.starts_with(&[quote; 3])) {
            return position + width;
        } else if rest[0] == b'\n' && !triple {
            return position;
        } else {
            position += 1;
        }
    }
    text.len()
}

impl Depth {
    /// Takes one token in; gives its length.
    fn step(&mut self, rest: &[u8]) -> usize {
        match rest {
            [b'(' | b'[' | b'{', b'?', ..] => {
                self.open();
                return 2;
            }
            [b'(' | b'[' | b'{', ..] => self.open(),
            [b')' | b']' | b'}', ..] => {
                // The call, list or index is an operand of what goes on outside.
                let outside = self.brackets.pop().unwrap_or(0);
                self.base = outside >> 16;
                self.current = outside & 0xFFFF;
            }
            [b'&', b'&', ..] | [b'|', b'|', ..] => {
                self.current = self.base;
                return 2;
            }
            [b',', ..] => self.current = self.base,
            [b'?', ..] => {
                self.base += 1;
                self.current = self.current.max(self.base);
            }
            [b'.', b'?', ..] | [b'i', b'n', b' ' | b'(' | b'[' | b'\t' | b'\n' | b'\r', ..] => {
                self.current += 1;
                return 2;
            }
            [
                b'.' | b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!',
                ..,
            ] => self.current += 1,
            _ => {}
        }
        1
    }

    fn open(&mut self) {
        // What a bracket holds lies below its operand; the operand goes on one deeper behind it.
        self.brackets.push(self.base << 16 | (self.current + 1));
        self.current += 1;
        self.base = self.current;
    }
}
