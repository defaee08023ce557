//! Strings, characters and numbers, as far as telling where they end.

use super::{Kind, Lexer, Step};
use crate::format::quoted;
use crate::unicode;

impl Lexer<'_> {
    /// The quote before it is read.
    pub(super) fn quoted(&mut self, quote: u8, kind: Kind, complaint: &str) -> Step {
        loop {
            let Some(length) = memchr::memchr3(quote, b'\\', b'\n', self.bytes()) else {
                return self.error(complaint.to_owned());
            };
            let found = self.bytes()[length];
            self.position += length + 1;
            if found == quote {
                return self.emit(kind);
            }
            if found == b'\n' || matches!(self.next(), None | Some('\n')) {
                return self.error(complaint.to_owned());
            }
        }
    }

    pub(super) fn raw_string(&mut self) -> Step {
        let Some(length) = memchr::memchr(b'`', self.rest().as_bytes()) else {
            return self.error("unterminated raw quoted string".to_owned());
        };
        self.position += length + 1;
        self.emit(Kind::RawString)
    }

    pub(super) fn number(&mut self) -> Step {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.peek(), Some('+' | '-')) {
            if !self.scan_number() || !self.input[..self.position].ends_with('i') {
                return self.bad_number();
            }
            return self.emit(Kind::Complex);
        }
        self.emit(Kind::Number)
    }

    fn bad_number(&mut self) -> Step {
        let text = quoted(&self.input[self.start..self.position]);
        self.error(format!("bad number syntax: {text}"))
    }

    fn accept(&mut self, valid: &str) -> bool {
        let found = self.peek().is_some_and(|next| valid.contains(next));
        self.position += usize::from(found);
        found
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    /// Takes what looks like a number; whether it is one the parser finds out.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        let exponent = match digits.len() {
            11 => "eE",
            23 => "pP",
            _ => "",
        };
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run(DECIMAL);
        }
        self.accept("i");
        if self.peek().is_some_and(unicode::is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}
