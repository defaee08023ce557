//! What the builder puts in for variables, as far as the Dockerfile says.

use std::collections::BTreeMap;

/// The variables at an instruction: what is known of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    /// Name → value; `None` where it is set from outside.
    known: BTreeMap<String, Option<String>>,
    /// A base image may set others.
    has_others: bool,
}

impl Variables {
    /// Those of a stage on an image of somebody else.
    pub(crate) fn of_image() -> Self {
        Variables {
            known: BTreeMap::new(),
            has_others: true,
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: Option<String>) {
        self.known.insert(name.to_owned(), value);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// What a variable holds: `Err` where that is not known, `Ok(None)` where it is not set.
    pub(crate) fn get(&self, name: &str) -> Result<Option<&str>, Unknown> {
        match self.known.get(name) {
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(Unknown),
            None if self.has_others || is_predefined(name) => Err(Unknown),
            None => Ok(None),
        }
    }
}

/// What the builder itself sets, and what comes from the machine that builds.
fn is_predefined(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("TARGET")
        || name.starts_with("BUILD")
        || name.ends_with("_PROXY")
        || name == "SOURCE_DATE_EPOCH"
}

/// The Dockerfile alone does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unknown;

/// A word with its variables put in and its quotes taken away.
pub(crate) fn expand(word: &str, variables: &Variables, escape: char) -> Result<String, Unknown> {
    let mut expander = Expander {
        characters: word.chars().collect(),
        at: 0,
        variables,
        escape,
        depth: 0,
    };
    expander.until(None)
}

/// Substitutions inside of substitutions that are followed.
const MAX_DEPTH: u32 = 16;

struct Expander<'v> {
    characters: Vec<char>,
    at: usize,
    variables: &'v Variables,
    escape: char,
    depth: u32,
}

impl Expander<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.characters.get(self.at).copied();
        self.at += usize::from(character.is_some());
        character
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn until(&mut self, stop: Option<char>) -> Result<String, Unknown> {
        let mut text = String::new();
        let mut is_quoted = false;
        while let Some(character) = self.next() {
            match character {
                _ if Some(character) == stop && !is_quoted => return Ok(text),
                '\'' if !is_quoted => {
                    while let Some(inside) = self.next().filter(|&inside| inside != '\'') {
                        text.push(inside);
                    }
                }
                '"' => is_quoted = !is_quoted,
                '$' => text.push_str(&self.variable()?),
                _ if character == self.escape => match self.next() {
                    Some(escaped) if is_quoted && !['"', '$', self.escape].contains(&escaped) => {
                        text.extend([character, escaped]);
                    }
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                _ => text.push(character),
            }
        }
        if stop.is_some() {
            Err(Unknown)
        } else {
            Ok(text)
        }
    }

    fn variable(&mut self) -> Result<String, Unknown> {
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".to_owned());
            }
            return Ok(self.variables.get(&name)?.unwrap_or_default().to_owned());
        }
        self.at += 1;
        let name = self.name();
        let variables = self.variables;
        let value = variables.get(&name);
        let mut operator = self.next().ok_or(Unknown)?;
        if operator == '}' {
            return Ok(value?.unwrap_or_default().to_owned());
        }
        let empty_counts = operator != ':';
        if !empty_counts {
            operator = self.next().ok_or(Unknown)?;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unknown);
        }
        let other = self.until(Some('}'));
        self.depth -= 1;
        let set = value?.filter(|value| empty_counts || !value.is_empty());
        match (operator, set) {
            ('-' | '?', Some(value)) => Ok(value.to_owned()),
            ('-', None) | ('+', Some(_)) => other,
            ('+', None) => Ok(String::new()),
            _ => Err(Unknown),
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self.peek()
            && (character.is_alphanumeric() || character == '_')
        {
            name.push(character);
            self.at += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::{Unknown, Variables, expand};

    #[test]
    fn variables_are_put_in_as_the_builder_does() {
        let mut variables = Variables::default();
        variables.set("tag", Some("1.2".to_owned()));
        variables.set("empty", Some(String::new()));
        variables.set("outside", None);
        let check = |word: &str, expected: Result<&str, Unknown>| {
            let found = expand(word, &variables, '\\');
            assert_eq!(found, expected.map(str::to_owned), "{word}");
        };
        check("app:$tag", Ok("app:1.2"));
        check("app:${tag}-x", Ok("app:1.2-x"));
        check("'$tag' \"$tag\" \\$tag", Ok("$tag 1.2 $tag"));
        check("${none:-a${tag}}", Ok("a1.2"));
        check("${empty-a}${empty:-b}", Ok("b"));
        check("${tag:+x}${none:+y}", Ok("x"));
        check("$none", Ok(""));
        check("$outside", Err(Unknown));
        check("${outside:-x}", Err(Unknown));
        check("$TARGETARCH", Err(Unknown));
        check("${tag%.*}", Err(Unknown));
        check("${tag", Err(Unknown));
        check("$", Ok("$"));
    }

    #[test]
    fn what_a_base_image_may_set_is_not_known() {
        let variables = Variables::of_image();
        assert_eq!(expand("$JAVA_HOME", &variables, '\\'), Err(Unknown));
    }

    #[test]
    fn nesting_ends() {
        let word = "${a:-".repeat(10_000);
        assert_eq!(expand(&word, &Variables::default(), '\\'), Err(Unknown));
    }
}
