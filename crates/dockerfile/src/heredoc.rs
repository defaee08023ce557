//! Here-documents: texts inside of a Dockerfile that a `RUN`, `COPY` or `ADD` reads.

use document::Span;

use crate::words::Word;

/// A here-document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heredoc {
    /// The word that ends it.
    pub name: String,
    /// The number of the file descriptor in front of it, 0 where there is none.
    pub descriptor: u32,
    /// Variables in it are expanded: its word is not quoted.
    pub expands: bool,
    /// Tabs at the beginnings of its lines are taken away.
    pub chomps: bool,
    /// What it holds, as written.
    pub content: Word,
}

/// What announces a here-document: `<<EOF`, `3<<-"EOF"`.
pub(crate) struct Announced {
    pub(crate) name: String,
    descriptor: u32,
    expands: bool,
    pub(crate) chomps: bool,
}

impl Announced {
    pub(crate) fn with(self, text: String, span: Span) -> Heredoc {
        Heredoc {
            name: self.name,
            descriptor: self.descriptor,
            expands: self.expands,
            chomps: self.chomps,
            content: Word { text, span },
        }
    }
}

/// The here-documents that a line announces.
pub(crate) fn announced(line: &str) -> Vec<Announced> {
    let words = words(line).unwrap_or_default();
    words.iter().filter_map(|word| one(word)).collect()
}

/// Whether a word announces a here-document.
pub(crate) fn is_heredoc(word: &str) -> bool {
    one(word).is_some()
}

fn one(word: &str) -> Option<Announced> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = word.split_at(digits);
    let rest = rest.strip_prefix("<<")?;
    let (chomps, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let (name, is_quoted) = unquoted(rest)?;
    Some(Announced {
        name,
        descriptor: number.parse().unwrap_or_default(),
        expands: !is_quoted,
        chomps,
    })
}

/// The one word that a text is, without its quotes, and whether it had some.
fn unquoted(text: &str) -> Option<(String, bool)> {
    let mut words = words(text)?;
    if words.len() != 1 {
        return None;
    }
    let raw = words.pop()?;
    let mut name = String::new();
    let (mut quote, mut is_quoted) = (None, false);
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        match quote {
            None if matches!(character, '\'' | '"') => (quote, is_quoted) = (Some(character), true),
            Some(open) if open == character => quote = None,
            None if character == '\\' => name.extend(characters.next()),
            Some('"') if character == '\\' => {
                let escaped = characters.next_if(|next| matches!(next, '"' | '$' | '\\'));
                name.push(escaped.unwrap_or('\\'));
            }
            _ => name.push(character),
        }
    }
    (!name.is_empty()).then_some((name, is_quoted))
}

/// The words of a line, quotes and escapes as written; blanks after `<<` belong to the word. `None` where a quote is not closed.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                word.push(character);
                word.extend(characters.next());
            }
            '\'' | '"' => {
                word.push(character);
                loop {
                    let inside = characters.next()?;
                    word.push(inside);
                    if inside == character {
                        break;
                    }
                    if inside == '\\' && character == '"' {
                        word.extend(characters.next());
                    }
                }
            }
            '<' if characters.next_if_eq(&'<').is_some() => {
                word.push_str("<<");
                while let Some(blank) = characters.next_if(|next| matches!(next, ' ' | '\t')) {
                    word.push(blank);
                }
            }
            '$' if characters.next_if_eq(&'{').is_some() => {
                word.push_str("${");
                substitution(&mut characters, &mut word)?;
            }
            _ if character.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    Some(words)
}

/// What stands in `${…}`, with what is inside of it. `None` where it does not end.
fn substitution(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
) -> Option<()> {
    let mut depth = 1;
    while depth > 0 {
        let character = characters.next()?;
        word.push(character);
        match character {
            '\\' => word.extend(characters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    Some(())
}
