//! Padding, texts and integers.

use super::quote::{append_quoted, can_backquote, quoted_char};
use super::{Printer, float};
use crate::unicode;
use crate::value::Value;

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

impl Printer {
    /// Fills up to the width, with zeros where these stand to the left.
    pub(super) fn padding(&mut self, count: usize) {
        if self.out.len() + count > self.limit {
            self.is_too_long = true;
            return;
        }
        let fill = if self.flags.zero && !self.flags.minus {
            '0'
        } else {
            ' '
        };
        self.out.extend(std::iter::repeat_n(fill, count));
    }

    pub(super) fn pad(&mut self, text: &str) {
        let width = self.flags.width.unwrap_or(0);
        let missing = if width == 0 {
            0
        } else {
            width.saturating_sub(text.chars().count())
        };
        if !self.flags.minus {
            self.padding(missing);
        }
        self.out.push_str(text);
        if self.flags.minus {
            self.padding(missing);
        }
    }

    /// Pads with spaces whatever the flags say.
    pub(super) fn pad_with_spaces(&mut self, text: &str) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(text);
        self.flags.zero = zero;
    }

    fn truncated<'a>(&self, text: &'a str) -> &'a str {
        let Some(precision) = self.flags.precision else {
            return text;
        };
        text.char_indices()
            .nth(precision)
            .map_or(text, |(end, _)| &text[..end])
    }

    pub(super) fn text(&mut self, text: &str) {
        let text = self.truncated(text);
        self.pad(text);
    }

    pub(super) fn string(&mut self, value: &Value, text: &str, verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quote(text),
            'v' | 's' => self.text(text),
            'x' => self.hex(text.as_bytes(), LOWER, 'x'),
            'X' => self.hex(text.as_bytes(), UPPER, 'X'),
            'q' => self.quote(text),
            _ => self.bad_verb(value, verb),
        }
    }

    pub(super) fn quote(&mut self, text: &str) {
        let text = self.truncated(text);
        if self.flags.sharp && can_backquote(text) {
            return self.pad(&format!("`{text}`"));
        }
        let mut quoted = String::with_capacity(text.len() + 2);
        append_quoted(&mut quoted, text, self.flags.plus);
        self.pad(&quoted);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8], verb: char, depth: u32) {
        match verb {
            's' => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.text(&text);
            }
            'q' => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.quote(&text);
            }
            'x' => self.hex(bytes, LOWER, 'x'),
            'X' => self.hex(bytes, UPPER, 'X'),
            _ => {
                let items = bytes
                    .iter()
                    .map(|byte| Value::uint_of(u64::from(*byte), crate::value::UintType::Uint8))
                    .collect();
                let shape = if depth == 0 && matches!(verb, 'v' | 'd') {
                    &BYTE_LIST
                } else {
                    &UINT8_LIST
                };
                self.list(&crate::value::List::of(shape, items), verb, depth);
            }
        }
    }

    fn hex(&mut self, bytes: &[u8], digits: &[u8; 16], letter: char) {
        let bytes = &bytes[..bytes.len().min(self.flags.precision.unwrap_or(usize::MAX))];
        let mut text = String::with_capacity(bytes.len() * 2);
        for (index, byte) in bytes.iter().enumerate() {
            if self.flags.space && index > 0 {
                text.push(' ');
            }
            if self.flags.sharp && (self.flags.space || index == 0) {
                text.push('0');
                text.push(letter);
            }
            text.push(char::from(digits[usize::from(byte >> 4)]));
            text.push(char::from(digits[usize::from(byte & 15)]));
        }
        self.pad(&text);
    }

    /// `negative` is `None` for unsigned integers.
    pub(super) fn integer(
        &mut self,
        value: &Value,
        magnitude: u64,
        negative: Option<bool>,
        verb: char,
    ) {
        let is_negative = negative == Some(true);
        let as_rune = if is_negative { u64::MAX } else { magnitude };
        match verb {
            'v' if self.flags.sharp_v && negative.is_none() => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(magnitude, 16, is_negative, verb);
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(magnitude, 10, is_negative, verb),
            'b' => self.digits(magnitude, 2, is_negative, verb),
            'o' | 'O' => self.digits(magnitude, 8, is_negative, verb),
            'x' | 'X' => self.digits(magnitude, 16, is_negative, verb),
            'c' => self.pad(rune(as_rune).encode_utf8(&mut [0; 4])),
            'q' => {
                let quoted = quoted_char(rune(as_rune), self.flags.plus);
                self.pad(&quoted);
            }
            'U' => self.code_point(if is_negative {
                magnitude.wrapping_neg()
            } else {
                magnitude
            }),
            _ => self.bad_verb(value, verb),
        }
    }

    fn digits(&mut self, magnitude: u64, base: u32, negative: bool, verb: char) {
        let flags = self.flags;
        let sign = match () {
            () if negative => "-",
            () if flags.plus => "+",
            () if flags.space => " ",
            () => "",
        };
        let mut least = 0;
        if let Some(precision) = flags.precision {
            least = precision;
            if precision == 0 && magnitude == 0 {
                return self.pad_with_spaces("");
            }
        } else if flags.zero && !flags.minus && flags.width.is_some() {
            least = flags.width.unwrap_or(0).saturating_sub(sign.len());
        }
        let digits = match base {
            2 => format!("{magnitude:b}"),
            8 => format!("{magnitude:o}"),
            16 if verb == 'X' => format!("{magnitude:X}"),
            16 => format!("{magnitude:x}"),
            _ => magnitude.to_string(),
        };
        if least > self.limit {
            self.is_too_long = true;
            return;
        }
        let zeros = "0".repeat(least.saturating_sub(digits.len()));
        let prefix = match base {
            2 if flags.sharp => "0b",
            8 if flags.sharp && zeros.is_empty() && !digits.starts_with('0') => "0",
            16 if flags.sharp && verb == 'X' => "0X",
            16 if flags.sharp => "0x",
            _ => "",
        };
        let octal = if verb == 'O' { "0o" } else { "" };
        self.pad_with_spaces(&format!("{sign}{octal}{prefix}{zeros}{digits}"));
    }

    fn code_point(&mut self, value: u64) {
        let digits = self
            .flags
            .precision
            .unwrap_or(0)
            .clamp(4, self.limit.max(4));
        let hex = format!("{value:X}");
        let mut text = format!("U+{}{hex}", "0".repeat(digits.saturating_sub(hex.len())));
        if self.flags.sharp
            && let Some(found) = u32::try_from(value).ok().and_then(char::from_u32)
            && unicode::is_print(found)
        {
            text.push_str(" '");
            text.push(found);
            text.push('\'');
        }
        self.pad_with_spaces(&text);
    }

    pub(super) fn complex(&mut self, real: f64, imaginary: f64, verb: char) {
        let plus = self.flags.plus;
        self.out.push('(');
        self.float(real, verb);
        self.flags.plus = true;
        self.float(imaginary, verb);
        self.flags.plus = plus;
        self.out.push_str("i)");
    }

    pub(super) fn float(&mut self, value: f64, verb: char) {
        let (style, default) = match verb {
            'v' => ('g', None),
            'F' => ('f', Some(6)),
            'f' | 'e' | 'E' => (verb, Some(6)),
            _ => (verb, None),
        };
        float::print(self, value, style, self.flags.precision.or(default));
    }
}

const BYTE_LIST: crate::value::Shape = crate::value::Shape {
    name: "[]byte",
    element: crate::value::Type::Uint(crate::value::UintType::Uint8),
};
const UINT8_LIST: crate::value::Shape = crate::value::Shape {
    name: "[]uint8",
    element: crate::value::Type::Uint(crate::value::UintType::Uint8),
};

/// The character of a number; U+FFFD for what is none.
fn rune(value: u64) -> char {
    u32::try_from(value)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}
