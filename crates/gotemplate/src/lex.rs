//! Text to tokens, with the positions and complaints of Go's lexer.
//!
//! Spaces inside actions are tokens: the parser needs them to tell `.a .b` from `.a.b`.

mod literal;

use crate::unicode;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The text is in [`Lexer::complaint`].
    Error,
    Bool,
    /// A printable ASCII character of no other meaning, such as a comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    pub(crate) fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::Break
                | Self::Continue
                | Self::Dot
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Nil
                | Self::Range
                | Self::Template
                | Self::With
        )
    }

    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "block" => Self::Block,
            "break" => Self::Break,
            "continue" => Self::Continue,
            "define" => Self::Define,
            "else" => Self::Else,
            "end" => Self::End,
            "if" => Self::If,
            "range" => Self::Range,
            "nil" => Self::Nil,
            "template" => Self::Template,
            "with" => Self::With,
            _ => return None,
        })
    }
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
/// A trim marker and the space beside it.
const MARKER: usize = 2;

/// Reads tokens off a text, one at a time.
pub(crate) struct Lexer<'t> {
    input: &'t str,
    position: usize,
    start: usize,
    parens: i32,
    inside: bool,
    /// `break` and `continue` are keywords unless functions have these names.
    pub(crate) break_is_keyword: bool,
    pub(crate) continue_is_keyword: bool,
    /// Text of the last error token.
    pub(crate) complaint: String,
}

enum Step {
    Done(Token),
    Text,
    Inside,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(input: &'t str) -> Self {
        Self {
            input,
            position: 0,
            start: 0,
            parens: 0,
            inside: false,
            break_is_keyword: true,
            continue_is_keyword: true,
            complaint: String::new(),
        }
    }

    /// Goes on at an offset outside of actions, and says where it was.
    pub(crate) fn skip(&mut self, to: u32) -> u32 {
        let before = self.position as u32;
        self.position = to as usize;
        self.ignore();
        before
    }

    pub(crate) fn next_token(&mut self) -> Token {
        let mut step = if self.inside {
            Step::Inside
        } else {
            Step::Text
        };
        loop {
            step = match step {
                Step::Done(token) => return token,
                Step::Text => self.text(),
                Step::Inside => self.inside_action(),
            };
        }
    }

    fn token(&mut self, kind: Kind) -> Token {
        let token = Token {
            kind,
            start: self.start as u32,
            end: self.position as u32,
        };
        self.start = self.position;
        token
    }

    fn emit(&mut self, kind: Kind) -> Step {
        Step::Done(self.token(kind))
    }

    fn ignore(&mut self) {
        self.start = self.position;
    }

    /// Ends the text here: after an error there are no more tokens.
    fn error(&mut self, complaint: String) -> Step {
        let token = Token {
            kind: Kind::Error,
            start: self.start as u32,
            end: self.start as u32,
        };
        self.complaint = complaint;
        self.input = &self.input[..self.start];
        self.position = self.start;
        Step::Done(token)
    }

    fn rest(&self) -> &'t str {
        &self.input[self.position..]
    }

    fn bytes(&self) -> &'t [u8] {
        &self.input.as_bytes()[self.position..]
    }

    fn peek(&self) -> Option<char> {
        let byte = *self.input.as_bytes().get(self.position)?;
        if byte < 0x80 {
            Some(byte as char)
        } else {
            self.rest().chars().next()
        }
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.position += found.len_utf8();
        Some(found)
    }

    fn text(&mut self) -> Step {
        let Some(distance) = find_pair(self.bytes(), *b"{{") else {
            self.position = self.input.len();
            let kind = if self.position > self.start {
                Kind::Text
            } else {
                Kind::Eof
            };
            return self.emit(kind);
        };
        if distance == 0 {
            return self.left_delimiter();
        }
        let delimiter = self.position + distance;
        let written = &self.input[self.start..delimiter];
        self.position = delimiter;
        if has_left_marker(&self.input.as_bytes()[delimiter + LEFT.len()..]) {
            self.position = self.start + trim_end(written).len();
        }
        let text = self.token(Kind::Text);
        self.position = delimiter;
        self.ignore();
        if text.end > text.start {
            Step::Done(text)
        } else {
            self.left_delimiter()
        }
    }

    fn left_delimiter(&mut self) -> Step {
        self.position += LEFT.len();
        let marker = if has_left_marker(self.bytes()) {
            MARKER
        } else {
            0
        };
        if self.bytes()[marker..].starts_with(b"/*") {
            self.position += marker;
            self.ignore();
            return self.comment();
        }
        let token = self.token(Kind::LeftDelimiter);
        self.inside = true;
        self.position += marker;
        self.ignore();
        self.parens = 0;
        Step::Done(token)
    }

    fn comment(&mut self) -> Step {
        self.position += 2;
        let Some(length) = find_pair(self.bytes(), *b"*/") else {
            return self.error("unclosed comment".to_owned());
        };
        self.position += length + 2;
        let Some(trim) = self.at_right_delimiter() else {
            return self.error("comment ends before closing delimiter".to_owned());
        };
        self.skip_right_delimiter(trim);
        self.ignore();
        Step::Text
    }

    /// Whether the closing delimiter is next, and if it trims what follows.
    fn at_right_delimiter(&self) -> Option<bool> {
        match self.bytes() {
            [b'}', b'}', ..] => Some(false),
            [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..] => Some(true),
            _ => None,
        }
    }

    fn skip_right_delimiter(&mut self, trim: bool) {
        self.position += RIGHT.len() + if trim { MARKER } else { 0 };
        if trim {
            self.position = self.input.len() - trim_start(self.rest()).len();
        }
    }

    fn right_delimiter(&mut self) -> Step {
        let trim = self.at_right_delimiter() == Some(true);
        if trim {
            self.position += MARKER;
            self.ignore();
        }
        self.position += RIGHT.len();
        let token = self.token(Kind::RightDelimiter);
        if trim {
            self.position = self.input.len() - trim_start(self.rest()).len();
            self.ignore();
        }
        self.inside = false;
        Step::Done(token)
    }

    fn inside_action(&mut self) -> Step {
        if self.at_right_delimiter().is_some() {
            return if self.parens == 0 {
                self.right_delimiter()
            } else {
                self.error("unclosed left paren".to_owned())
            };
        }
        let Some(first) = self.next() else {
            return self.error("unclosed action".to_owned());
        };
        match first {
            ' ' | '\t' | '\r' | '\n' => self.space(),
            '=' => self.emit(Kind::Assign),
            ':' => {
                if self.next() == Some('=') {
                    self.emit(Kind::Declare)
                } else {
                    self.error("expected :=".to_owned())
                }
            }
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted(b'"', Kind::String, "unterminated quoted string"),
            '\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_string(),
            '$' => self.name(Kind::Variable),
            '.' if !self.peek_is_digit() => self.name(Kind::Field),
            '.' | '+' | '-' | '0'..='9' => {
                self.position -= 1;
                self.number()
            }
            '(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            ')' => {
                self.parens -= 1;
                if self.parens < 0 {
                    return self.error("unexpected right paren".to_owned());
                }
                self.emit(Kind::RightParen)
            }
            letter if unicode::is_alphanumeric(letter) => {
                self.position -= letter.len_utf8();
                self.identifier()
            }
            printable if printable.is_ascii_graphic() => self.emit(Kind::Char),
            other => self.error(format!(
                "unrecognized character in action: {}",
                unicode::describe(other)
            )),
        }
    }

    /// A dot at the very end of the text begins a number, to Go's lexer.
    fn peek_is_digit(&self) -> bool {
        self.input
            .as_bytes()
            .get(self.position)
            .is_none_or(u8::is_ascii_digit)
    }

    /// The first space is read already. A space before `-}}` belongs to the delimiter.
    fn space(&mut self) -> Step {
        self.position += count_while(self.bytes(), |byte| is_space(char::from(byte)));
        if self.bytes().starts_with(b"-}}") {
            self.position -= 1;
            if self.position == self.start {
                return self.right_delimiter();
            }
        }
        self.emit(Kind::Space)
    }

    fn identifier(&mut self) -> Step {
        self.skip_alphanumeric();
        let word = &self.input[self.start..self.position];
        if !self.at_terminator() {
            return self.bad_character();
        }
        let kind = match Kind::of_word(word) {
            Some(Kind::Break) if !self.break_is_keyword => Kind::Identifier,
            Some(Kind::Continue) if !self.continue_is_keyword => Kind::Identifier,
            Some(keyword) => keyword,
            None if word == "true" || word == "false" => Kind::Bool,
            None => Kind::Identifier,
        };
        self.emit(kind)
    }

    fn skip_alphanumeric(&mut self) {
        loop {
            self.position += count_while(self.bytes(), is_ascii_word);
            match self.peek() {
                Some(found) if !found.is_ascii() && unicode::is_alphanumeric(found) => {
                    self.position += found.len_utf8();
                }
                _ => return,
            }
        }
    }

    fn bad_character(&mut self) -> Step {
        let found = self
            .peek()
            .map_or_else(|| "U+FFFFFFFFFFFFFFFF".to_owned(), unicode::describe);
        self.error(format!("bad character {found}"))
    }

    /// A field or a variable; its first character is read.
    fn name(&mut self, kind: Kind) -> Step {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Field { Kind::Dot } else { kind });
        }
        self.skip_alphanumeric();
        if self.at_terminator() {
            self.emit(kind)
        } else {
            self.bad_character()
        }
    }

    /// Whether a word may end here.
    fn at_terminator(&self) -> bool {
        matches!(
            self.bytes(),
            [] | [
                b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(',
                ..
            ] | [b'}', b'}', ..]
        )
    }
}

/// Bytes of words, which make up most of what is in actions.
static IS_ASCII_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

/// Letters, digits and the underscore.
pub(crate) fn is_ascii_word(byte: u8) -> bool {
    IS_ASCII_WORD[byte as usize]
}

/// How many bytes from the start are like this.
pub(crate) fn count_while(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let length = bytes.iter().position(|byte| !is(*byte));
    length.unwrap_or(bytes.len())
}

/// Where two bytes stand beside each other. They are never far away: a searcher would not be worth its making.
pub(crate) fn find_pair(bytes: &[u8], [first, second]: [u8; 2]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(first, &bytes[from..])?;
        if bytes.get(at + 1) == Some(&second) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn is_space(found: char) -> bool {
    matches!(found, ' ' | '\t' | '\r' | '\n')
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

fn has_left_marker(text: &[u8]) -> bool {
    matches!(text, [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}
