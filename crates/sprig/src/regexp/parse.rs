//! Reading a pattern of Go's, and writing it for the `regex` crate.

use super::class::{self, ClassReader};
use super::piece::{Flags, Frame, ParseError, Parsed, Piece};

/// Groups inside of groups.
pub(super) const MAX_DEPTH: u32 = 200;

/// A pattern as the crate reads it.
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) names: Vec<String>,
    pub(super) size: u64,
}

/// The state of reading.
pub(super) struct Parser<'p> {
    pub(super) pattern: &'p str,
    pub(super) at: usize,
    pub(super) flags: Flags,
    frames: Vec<Frame>,
    pub(super) current: Frame,
    names: Vec<String>,
    /// Where the repetition that was read last begins, if nothing has come since.
    pub(super) last_repeat: Option<usize>,
}

pub(super) fn parse(pattern: &str) -> Parsed<Pattern> {
    let mut parser = Parser {
        pattern,
        at: 0,
        flags: Flags::default(),
        frames: Vec::new(),
        current: Frame::new(false, Flags::default()),
        names: Vec::new(),
        last_repeat: None,
    };
    while let Some(next) = parser.rest().chars().next() {
        let before = parser.last_repeat.take();
        match next {
            '*' | '+' | '?' => {
                parser.at += 1;
                let most = if next == '?' { Some(1) } else { None };
                parser.repeat(parser.at - 1, before, u32::from(next == '+'), most)?;
            }
            '{' => parser.counted(before)?,
            _ => parser.element(next)?,
        }
    }
    if !parser.frames.is_empty() {
        return Err(ParseError::new("missing closing )", pattern));
    }
    let whole = parser.current.finish();
    Ok(Pattern {
        text: whole.text,
        names: parser.names,
        size: whole.size,
    })
}

impl<'p> Parser<'p> {
    pub(super) fn rest(&self) -> &'p str {
        &self.pattern[self.at..]
    }

    fn element(&mut self, next: char) -> Parsed<()> {
        match next {
            '(' => return self.open(),
            ')' => return self.close(),
            '|' => {
                self.current.close();
                self.at += 1;
            }
            '^' => self.fixed(
                1,
                if self.flags.is_multiline {
                    "(?m:^)"
                } else {
                    r"\A"
                },
            ),
            '$' => self.fixed(
                1,
                if self.flags.is_multiline {
                    "(?m:$)"
                } else {
                    r"\z"
                },
            ),
            '.' => self.fixed(
                1,
                if self.flags.dot_is_all {
                    "(?s:.)"
                } else {
                    r"[^\n]"
                },
            ),
            '[' => {
                let mut reader = ClassReader::new(self.rest());
                let class = reader.class()?;
                self.at += reader.at();
                self.class(&class);
            }
            '\\' => return self.escape(),
            _ => {
                self.at += next.len_utf8();
                self.literal(next);
            }
        }
        Ok(())
    }

    fn push(&mut self, text: String, size: u64) {
        self.current.pieces.push(Piece {
            text,
            is_atom: true,
            copies: 1,
            size,
        });
    }

    fn fixed(&mut self, length: usize, text: &str) {
        self.at += length;
        self.push(text.to_owned(), 1);
    }

    pub(super) fn literal(&mut self, found: char) {
        let escaped = class::escaped(found);
        let folds = self.flags.folds_case && found.is_alphabetic();
        self.push(
            if folds {
                format!("(?i:{escaped})")
            } else {
                escaped
            },
            1,
        );
    }

    fn class(&mut self, class: &str) {
        // A class is a small automaton over bytes.
        let size = class.len() as u64;
        let text = if self.flags.folds_case {
            format!("(?i:{class})")
        } else {
            class.to_owned()
        };
        self.push(text, size);
    }

    fn open_frame(&mut self, is_capture: bool, flags: Flags) -> Parsed<()> {
        if self.frames.len() as u32 >= MAX_DEPTH {
            return Err(ParseError::new("expression nests too deeply", self.pattern));
        }
        let frame = Frame::new(is_capture, self.flags);
        self.frames
            .push(std::mem::replace(&mut self.current, frame));
        self.flags = flags;
        Ok(())
    }

    fn open(&mut self) -> Parsed<()> {
        let rest = self.rest();
        if rest.starts_with("(?") {
            return self.open_with_flags(rest);
        }
        self.at += 1;
        self.names.push(String::new());
        self.open_frame(true, self.flags)
    }

    fn open_with_flags(&mut self, rest: &'p str) -> Parsed<()> {
        let named = rest
            .strip_prefix("(?P<")
            .filter(|after| !after.is_empty())
            .or_else(|| rest.strip_prefix("(?<").filter(|after| !after.is_empty()));
        if let Some(after) = named {
            let Some((name, _)) = after.split_once('>') else {
                return Err(ParseError::new("invalid named capture", rest));
            };
            let whole = &rest[..=(rest.len() - after.len() + name.len())];
            let is_name = !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_name {
                return Err(ParseError::new("invalid named capture", whole));
            }
            self.at += whole.len();
            self.names.push(name.to_owned());
            return self.open_frame(true, self.flags);
        }
        let mut flags = self.flags;
        let (mut sets, mut saw_flag, mut is_negated) = (true, false, false);
        let mut length = 2;
        for found in rest[2..].chars() {
            length += found.len_utf8();
            match found {
                'i' => flags.folds_case = sets,
                'm' => flags.is_multiline = sets,
                's' => flags.dot_is_all = sets,
                'U' => flags.is_lazy = sets,
                '-' if !is_negated => {
                    (sets, saw_flag, is_negated) = (false, false, true);
                    continue;
                }
                ':' | ')' if !is_negated || saw_flag => {
                    self.at += length;
                    if found == ':' {
                        return self.open_frame(false, flags);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            saw_flag = true;
        }
        let at = &rest[..length];
        Err(ParseError::new("invalid or unsupported Perl syntax", at))
    }

    fn close(&mut self) -> Parsed<()> {
        let Some(outer) = self.frames.pop() else {
            return Err(ParseError::new("unexpected )", self.pattern));
        };
        let group = std::mem::replace(&mut self.current, outer);
        self.flags = group.outer;
        self.current.pieces.push(group.finish());
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Parsed<()> {
        let rest = self.rest();
        match rest.as_bytes().get(1) {
            Some(b'A') => self.fixed(2, r"\A"),
            Some(b'z') => self.fixed(2, r"\z"),
            Some(b'b') => self.fixed(2, r"(?-u:\b)"),
            Some(b'B') => self.fixed(2, r"(?-u:\B)"),
            Some(b'C') => return Err(ParseError::new("invalid escape sequence", &rest[..2])),
            Some(b'Q') => {
                let quoted = &rest[2..];
                let (text, length) = match quoted.split_once("\\E") {
                    Some((text, _)) => (text, text.len() + 2),
                    None => (quoted, quoted.len()),
                };
                self.at += 2 + length;
                for found in text.chars() {
                    self.literal(found);
                }
            }
            _ => {
                let mut reader = ClassReader::new(rest);
                if let Some(class) = reader.group()? {
                    self.at += reader.at();
                    self.class(&class);
                } else {
                    let found = reader.escape()?;
                    self.at += reader.at();
                    self.literal(found);
                }
            }
        }
        Ok(())
    }
}
