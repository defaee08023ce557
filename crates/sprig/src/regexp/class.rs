//! Classes and escapes of Go's patterns.

use super::piece::{ParseError, Parsed};

/// A letter as the `regex` crate reads it anywhere.
pub(super) fn escaped(found: char) -> String {
    if found.is_ascii_alphanumeric() || (!found.is_ascii() && !found.is_whitespace()) {
        found.to_string()
    } else {
        format!("\\x{{{:x}}}", found as u32)
    }
}

const DIGITS: &str = "0-9";
const SPACES: &str = r"\t\n\x0c\r\x20";
const WORDS: &str = "0-9A-Za-z_";

/// Members of a named class, written for inside of brackets.
fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => r"\x00-\x7f",
        "blank" => r"\t\x20",
        "cntrl" => r"\x00-\x1f\x7f",
        "digit" => DIGITS,
        "graph" => r"\x21-\x7e",
        "lower" => "a-z",
        "print" => r"\x20-\x7e",
        "punct" => r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
        "space" => r"\t-\r\x20",
        "upper" => "A-Z",
        "word" => WORDS,
        "xdigit" => "0-9A-Fa-f",
        _ => return None,
    })
}

/// Reads a class or an escape at the beginning of a text.
pub(super) struct ClassReader<'p> {
    text: &'p str,
    rest: &'p str,
}

fn group_of(members: &str, is_negated: bool) -> String {
    format!("[{}{members}]", if is_negated { "^" } else { "" })
}

impl<'p> ClassReader<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Self { text, rest: text }
    }

    /// How much has been read.
    pub(super) fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// `[...]`, as the crate reads it.
    pub(super) fn class(&mut self) -> Parsed<String> {
        self.rest = &self.rest[1..];
        let mut out = String::from("[");
        if let Some(rest) = self.rest.strip_prefix('^') {
            out.push('^');
            self.rest = rest;
        }
        let mut is_first = true;
        while is_first || !self.rest.starts_with(']') {
            is_first = false;
            if let Some(named) = self.named()? {
                out.push_str(&named);
            } else if let Some(group) = self.group()? {
                out.push_str(&group);
            } else {
                self.range(&mut out)?;
            }
        }
        self.rest = &self.rest[1..];
        out.push(']');
        Ok(out)
    }

    /// A letter, or two with a dash between.
    fn range(&mut self, out: &mut String) -> Parsed<()> {
        let start = self.rest;
        let low = self.member()?;
        let mut high = low;
        let after_dash = self.rest.strip_prefix('-').filter(|after| {
            // A dash at the end is one of the letters.
            !after.is_empty() && !after.starts_with(']')
        });
        if let Some(after) = after_dash {
            self.rest = after;
            high = self.member()?;
            if high < low {
                let written = &start[..start.len() - self.rest.len()];
                return Err(ParseError::new("invalid character class range", written));
            }
        }
        out.push_str(&format!("\\x{{{:x}}}", low as u32));
        if high != low {
            out.push_str(&format!("-\\x{{{:x}}}", high as u32));
        }
        Ok(())
    }

    fn member(&mut self) -> Parsed<char> {
        let Some(next) = self.rest.chars().next() else {
            return Err(ParseError::new("missing closing ]", self.text));
        };
        if next == '\\' {
            return self.escape();
        }
        self.rest = &self.rest[next.len_utf8()..];
        Ok(next)
    }

    /// `[:alnum:]`.
    fn named(&mut self) -> Parsed<Option<String>> {
        let Some((name, rest)) = self
            .rest
            .strip_prefix("[:")
            .and_then(|after| after.split_once(":]"))
        else {
            return Ok(None);
        };
        let written = &self.rest[..name.len() + 4];
        let (bare, is_negated) = match name.strip_prefix('^') {
            Some(bare) => (bare, true),
            None => (name, false),
        };
        let Some(members) = posix(bare) else {
            return Err(ParseError::new("invalid character class range", written));
        };
        self.rest = rest;
        Ok(Some(group_of(members, is_negated)))
    }

    /// `\d` and its like, and `\pL`.
    pub(super) fn group(&mut self) -> Parsed<Option<String>> {
        let Some(letter) = self
            .rest
            .strip_prefix('\\')
            .and_then(|rest| rest.chars().next())
        else {
            return Ok(None);
        };
        let members = match letter.to_ascii_lowercase() {
            'd' => DIGITS,
            's' => SPACES,
            'w' => WORDS,
            'p' => return self.property(letter == 'P').map(Some),
            _ => return Ok(None),
        };
        self.rest = &self.rest[2..];
        Ok(Some(group_of(members, letter.is_ascii_uppercase())))
    }

    /// A category or script.
    fn property(&mut self, is_negated: bool) -> Parsed<String> {
        let start = self.rest;
        let invalid = |written: &str| ParseError::new("invalid character class range", written);
        let after = &start[2..];
        let Some(first) = after.chars().next() else {
            return Err(invalid(start));
        };
        let (name, length) = if first == '{' {
            let Some(end) = start.find('}') else {
                return Err(invalid(start));
            };
            (&start[3..end], end + 1)
        } else {
            let length = 2 + first.len_utf8();
            (&start[2..length], length)
        };
        self.rest = &start[length..];
        let (name, is_negated) = match name.strip_prefix('^') {
            Some(name) => (name, !is_negated),
            None => (name, is_negated),
        };
        let class = property_class(name).ok_or_else(|| invalid(&start[..length]))?;
        Ok(group_of(&class, is_negated))
    }

    /// A letter behind a backslash.
    pub(super) fn escape(&mut self) -> Parsed<char> {
        let start = self.rest;
        let mut letters = start[1..].chars();
        let Some(first) = letters.next() else {
            return Err(ParseError::new(
                "trailing backslash at end of expression",
                "",
            ));
        };
        self.rest = letters.as_str();
        let next_is_octal = self.rest.starts_with(|next: char| next.is_digit(8));
        let found = match first {
            'a' => Some('\x07'),
            'f' => Some('\x0c'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\x0b'),
            'x' => self.hex(),
            '0' => self.octal(0),
            '1'..='7' if next_is_octal => self.octal(first as u32 - '0' as u32),
            _ if first.is_ascii() && !first.is_ascii_alphanumeric() => Some(first),
            _ => None,
        };
        found.ok_or_else(|| {
            let written = &start[..start.len() - self.rest.len()];
            ParseError::new("invalid escape sequence", written)
        })
    }

    fn octal(&mut self, first: u32) -> Option<char> {
        let mut code = first;
        for _ in 1..3 {
            let Some(digit) = self.rest.chars().next().and_then(|next| next.to_digit(8)) else {
                break;
            };
            code = code * 8 + digit;
            self.rest = &self.rest[1..];
        }
        char::from_u32(code)
    }

    /// `\x1f` or `\x{10ffff}`. What is not the one or the other is read as far as Go reads it.
    fn hex(&mut self) -> Option<char> {
        let mut next = || {
            let found = self.rest.chars().next()?;
            self.rest = &self.rest[found.len_utf8()..];
            Some(found)
        };
        let first = next()?;
        if first != '{' {
            let second = next()?;
            let code = first.to_digit(16)? * 16 + second.to_digit(16)?;
            return char::from_u32(code);
        }
        let mut code = 0;
        let mut has_digits = false;
        loop {
            let found = next()?;
            if found == '}' {
                break;
            }
            code = code * 16 + found.to_digit(16)?;
            if code > 0x10_ffff {
                return None;
            }
            has_digits = true;
        }
        // Go has numbers for halves of pairs, which match nothing in a text.
        has_digits.then(|| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// Members of a category or script. Other properties, which the crate knows, Go does not.
fn property_class(name: &str) -> Option<String> {
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_- ".contains(&byte));
    if !is_name {
        return None;
    }
    let plain: String = name
        .chars()
        .filter(|found| !"_- ".contains(*found))
        .collect();
    match plain.to_ascii_lowercase().as_str() {
        "any" => return Some(r"\p{Any}".to_owned()),
        "assigned" => return Some(r"\p{Assigned}".to_owned()),
        "ascii" => return Some(r"\x00-\x7f".to_owned()),
        _ => {}
    }
    ["gc", "sc"]
        .map(|kind| format!("\\p{{{kind}={plain}}}"))
        .into_iter()
        .find(|class| regex::Regex::new(class).is_ok())
}
