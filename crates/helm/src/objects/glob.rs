//! The patterns of `.Files.Glob`: `*` and `?` match no slash, `**` matches everything, `[…]` a character that is
//! (or with `!` is not) in a list or a range, `{a,b}` any of its patterns.

/// A pattern, ready to match.
pub(super) struct Glob(Vec<Part>);

enum Part {
    Text(String),
    /// Any text without a slash.
    Any,
    /// Any text.
    Super,
    /// Any character but a slash.
    Single,
    /// A character of a list.
    List(String, bool),
    /// A character of a range.
    Range(char, char, bool),
    OneOf(Vec<Vec<Part>>),
}

/// Alternatives in alternatives that a pattern may have.
const MAX_DEPTH: usize = 64;

impl Glob {
    /// Reads a pattern. One that is malformed matches everything, as Helm has it; the result is `None` only for one
    /// that is nested too deeply.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let mut parser = Parser {
            characters: pattern.chars().peekable(),
            depth: 0,
        };
        match parser.pattern() {
            Ok(parts) => Some(Glob(parts)),
            Err(Malformed::Syntax) => Some(Glob(vec![Part::Super])),
            Err(Malformed::Depth) => None,
        }
    }

    /// Whether it matches a whole path.
    pub(super) fn matches(&self, path: &str) -> bool {
        let mut reached = vec![false; path.len() + 1];
        reached[0] = true;
        advance(&self.0, path, &mut reached);
        reached[path.len()]
    }
}

/// Moves a set of positions in the path over parts of a pattern.
fn advance(parts: &[Part], path: &str, reached: &mut Vec<bool>) {
    for part in parts {
        let mut next = vec![false; reached.len()];
        match part {
            Part::OneOf(patterns) => {
                for pattern in patterns {
                    let mut positions = reached.clone();
                    advance(pattern, path, &mut positions);
                    next.iter_mut()
                        .zip(positions)
                        .for_each(|(next, position)| *next |= position);
                }
            }
            Part::Any | Part::Super => {
                let mut is_open = false;
                for at in 0..reached.len() {
                    is_open |= reached[at];
                    next[at] = is_open;
                    let stops = matches!(part, Part::Any) && path.as_bytes().get(at) == Some(&b'/');
                    is_open &= !stops;
                }
            }
            _ => {
                for (at, _) in reached
                    .iter()
                    .enumerate()
                    .filter(|(_, is_reached)| **is_reached)
                {
                    if let Some(length) = path.get(at..).and_then(|rest| part.matched(rest)) {
                        next[at + length] = true;
                    }
                }
            }
        }
        *reached = next;
    }
}

impl Part {
    /// How much of a text a part of fixed length matches at its beginning.
    fn matched(&self, text: &str) -> Option<usize> {
        let first = text.chars().next();
        let is_in = match self {
            Part::Text(expected) => {
                return text
                    .starts_with(expected.as_str())
                    .then_some(expected.len());
            }
            Part::Single => first? != '/',
            Part::List(list, is_negated) => list.contains(first?) != *is_negated,
            Part::Range(low, high, is_negated) => (*low..=*high).contains(&first?) != *is_negated,
            Part::Any | Part::Super | Part::OneOf(_) => false,
        };
        is_in.then(|| first.map_or(0, char::len_utf8))
    }
}

enum Malformed {
    Syntax,
    Depth,
}

struct Parser<'p> {
    characters: std::iter::Peekable<std::str::Chars<'p>>,
    /// Braces that are open.
    depth: usize,
}

impl Parser<'_> {
    /// Reads up to the end, or inside of braces to a comma or the closing one.
    fn pattern(&mut self) -> Result<Vec<Part>, Malformed> {
        let mut parts = Vec::new();
        while let Some(&character) = self.characters.peek() {
            let is_inside = self.depth > 0;
            parts.push(match character {
                ',' | '}' if is_inside => break,
                '{' => self.one_of()?,
                '[' => self.class()?,
                '?' => {
                    self.characters.next();
                    Part::Single
                }
                '*' => {
                    self.characters.next();
                    if self.characters.next_if_eq(&'*').is_some() {
                        Part::Super
                    } else {
                        Part::Any
                    }
                }
                _ => {
                    let ends: &[char] = if is_inside {
                        &['?', '*', '[', '{', '}', ',']
                    } else {
                        &['?', '*', '[', '{']
                    };
                    Part::Text(self.text(ends))
                }
            });
        }
        Ok(parts)
    }

    fn one_of(&mut self) -> Result<Part, Malformed> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Malformed::Depth);
        }
        let mut patterns = Vec::new();
        loop {
            // The brace, or the comma.
            self.characters.next();
            patterns.push(self.pattern()?);
            if self.characters.peek() != Some(&',') {
                break;
            }
        }
        self.characters.next();
        self.depth -= 1;
        Ok(Part::OneOf(patterns))
    }

    fn class(&mut self) -> Result<Part, Malformed> {
        self.characters.next();
        let is_negated = self.characters.next_if_eq(&'!').is_some();
        let mut ahead = self.characters.clone();
        let low = ahead.next().ok_or(Malformed::Syntax)?;
        let part = if ahead.next() == Some('-') {
            let high = ahead.next().ok_or(Malformed::Syntax)?;
            self.characters = ahead;
            if high < low {
                return Err(Malformed::Syntax);
            }
            Part::Range(low, high, is_negated)
        } else {
            let list = self.text(&[']']);
            if list.is_empty() {
                return Err(Malformed::Syntax);
            }
            Part::List(list, is_negated)
        };
        match self.characters.next() {
            Some(']') => Ok(part),
            _ => Err(Malformed::Syntax),
        }
    }

    /// Reads text with escapes up to one of some characters.
    fn text(&mut self, ends: &[char]) -> String {
        let mut text = String::new();
        while let Some(character) = self
            .characters
            .next_if(|character| !ends.contains(character))
        {
            match character {
                '\\' => text.extend(self.characters.next()),
                _ => text.push(character),
            }
        }
        text
    }
}
