//! Calico's selector language: `has(x) && y == 'z' || ! (w in {'a', 'b'})`.

use crate::answer::Reason;
use crate::label::{Comparison, Key, Selector};
use crate::label_selector::NAME_LABEL;
use crate::symbol::{Symbol, Symbols};

/// What the names of a selector are labels of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Pod,
    Namespace,
    ServiceAccount,
}

/// Parentheses and negations inside each other.
const DEPTH: u32 = 64;

/// Reads a selector; an empty one selects everything.
pub(crate) fn parse(
    text: &str,
    scope: Scope,
    symbols: &mut Symbols,
) -> Result<Selector, &'static str> {
    let mut parser = Parser {
        rest: text.trim_start(),
        scope,
        symbols,
        depth: 0,
    };
    if parser.rest.is_empty() {
        return Ok(Selector::All(Vec::new()));
    }
    let selector = parser.any()?;
    if parser.rest.is_empty() {
        Ok(selector)
    } else {
        Err("text after the end of a selector")
    }
}

struct Parser<'t, 's> {
    rest: &'t str,
    scope: Scope,
    symbols: &'s mut Symbols,
    depth: u32,
}

impl<'t> Parser<'t, '_> {
    fn any(&mut self) -> Result<Selector, &'static str> {
        let mut parts = vec![self.all()?];
        while self.eat("||") {
            parts.push(self.all()?);
        }
        Ok(single(parts, Selector::Any))
    }

    fn all(&mut self) -> Result<Selector, &'static str> {
        let mut parts = vec![self.term()?];
        while self.eat("&&") {
            parts.push(self.term()?);
        }
        Ok(single(parts, Selector::All))
    }

    fn term(&mut self) -> Result<Selector, &'static str> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("a selector that is nested too deeply");
        }
        let selector = self.nested();
        self.depth -= 1;
        selector
    }

    fn nested(&mut self) -> Result<Selector, &'static str> {
        if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
            self.eat("!");
            return Ok(Selector::Not(Box::new(self.term()?)));
        }
        if self.eat("(") {
            let selector = self.any()?;
            return if self.eat(")") {
                Ok(selector)
            } else {
                Err("a parenthesis that is not closed")
            };
        }
        let name = self.name()?;
        match name {
            "all" if self.eat("(") => self.close(Selector::All(Vec::new())),
            // Selects what belongs to no namespace: no pod does.
            "global" if self.eat("(") => self.close(Selector::Any(Vec::new())),
            "has" if self.eat("(") => {
                let name = self.name()?;
                let key = self.key(name);
                self.close(key.map_or_else(Selector::Unknown, Selector::Has))
            }
            _ => self.comparison(name),
        }
    }

    fn close(&mut self, selector: Selector) -> Result<Selector, &'static str> {
        if self.eat(")") {
            Ok(selector)
        } else {
            Err("a parenthesis that is not closed")
        }
    }

    fn comparison(&mut self, name: &str) -> Result<Selector, &'static str> {
        let key = self.key(name);
        let (is_negated, selector) = if self.eat("==") {
            (
                false,
                Selector::In(key.unwrap_or(Key::ServiceAccount), vec![self.value()?]),
            )
        } else if self.eat("!=") {
            (
                true,
                Selector::In(key.unwrap_or(Key::ServiceAccount), vec![self.value()?]),
            )
        } else if self.word("contains") {
            (false, self.text(key, Comparison::Contains)?)
        } else if self.words("starts", "with") {
            (false, self.text(key, Comparison::StartsWith)?)
        } else if self.words("ends", "with") {
            (false, self.text(key, Comparison::EndsWith)?)
        } else if self.words("not", "in") {
            (
                true,
                Selector::In(key.unwrap_or(Key::ServiceAccount), self.values()?),
            )
        } else if self.word("in") {
            (
                false,
                Selector::In(key.unwrap_or(Key::ServiceAccount), self.values()?),
            )
        } else {
            return Err("a label without a comparison");
        };
        Ok(match key {
            Err(reason) => Selector::Unknown(reason),
            Ok(_) if is_negated => Selector::Not(Box::new(selector)),
            Ok(_) => selector,
        })
    }

    fn text(
        &mut self,
        key: Result<Key, Reason>,
        comparison: Comparison,
    ) -> Result<Selector, &'static str> {
        let value = self.value()?;
        Ok(Selector::Text(
            key.unwrap_or(Key::ServiceAccount),
            comparison,
            value,
        ))
    }

    /// What a name means: Calico gives every pod and namespace some labels of its own.
    fn key(&mut self, name: &str) -> Result<Key, Reason> {
        Ok(match (self.scope, name) {
            (Scope::Pod, "projectcalico.org/namespace")
            | (Scope::Namespace, "projectcalico.org/name" | NAME_LABEL) => Key::NamespaceName,
            (Scope::Pod, "projectcalico.org/serviceaccount")
            | (Scope::ServiceAccount, "projectcalico.org/name") => Key::ServiceAccount,
            (Scope::Pod, "projectcalico.org/orchestrator") | (Scope::ServiceAccount, _) => {
                return Err(Reason::PodLabels);
            }
            (Scope::Pod, _) => match name.strip_prefix("pcns.") {
                Some(label) => Key::Namespace(self.symbols.intern(label)),
                None => Key::Pod(self.symbols.intern(name)),
            },
            (Scope::Namespace, _) => Key::Namespace(self.symbols.intern(name)),
        })
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// A word, and not the beginning of a longer one.
    fn word(&mut self, word: &str) -> bool {
        let is_next = self
            .rest
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(is_of_name));
        is_next && self.eat(word)
    }

    fn words(&mut self, first: &str, second: &str) -> bool {
        let before = self.rest;
        let is_next = self.word(first) && self.word(second);
        if !is_next {
            self.rest = before;
        }
        is_next
    }

    fn name(&mut self) -> Result<&'t str, &'static str> {
        let length = self
            .rest
            .find(|character| !is_of_name(character))
            .unwrap_or(self.rest.len());
        if length == 0 {
            return Err("a label is missing");
        }
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start();
        Ok(name)
    }

    fn value(&mut self) -> Result<Symbol, &'static str> {
        let quote = self
            .rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"'));
        let quote = quote.ok_or("a value without quotes")?;
        let (value, rest) = self.rest[1..]
            .split_once(quote)
            .ok_or("a quote that is not closed")?;
        self.rest = rest.trim_start();
        Ok(self.symbols.intern(value))
    }

    fn values(&mut self) -> Result<Vec<Symbol>, &'static str> {
        if !self.eat("{") {
            return Err("a set without a brace");
        }
        let mut values = Vec::new();
        while !self.eat("}") {
            if !values.is_empty() && !self.eat(",") {
                return Err("a set that is not closed");
            }
            values.push(self.value()?);
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '/' | '-')
}

fn single(mut parts: Vec<Selector>, many: fn(Vec<Selector>) -> Selector) -> Selector {
    if parts.len() == 1 {
        parts.swap_remove(0)
    } else {
        many(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, parse};
    use crate::answer::Truth;
    use crate::label::{Labels, Subject, Value};
    use crate::symbol::Symbols;

    fn check(text: &str, expected: Option<bool>) {
        let mut symbols = Symbols::default();
        let pairs = [("app", "web"), ("tier", "front-end"), ("a.b/c", "")];
        let pairs = pairs.map(|(key, value)| (symbols.intern(key), symbols.intern(value)));
        let labels = Labels::new(pairs.to_vec(), Vec::new());
        let subject = Subject {
            labels: &labels,
            namespace: symbols.intern("shop"),
            namespace_labels: &Labels::default(),
            service_account: Value::Is(symbols.intern("runner")),
        };
        let selector = parse(text, Scope::Pod, &mut symbols);
        let truth = selector
            .ok()
            .map(|selector| selector.matches(&subject, &symbols));
        assert_eq!(truth, expected.map(Truth::from_bool), "{text}");
    }

    #[test]
    fn selectors_select() {
        for (text, expected) in [
            ("", true),
            ("all()", true),
            (" all ( ) ", true),
            ("global()", false),
            ("has(app)", true),
            ("!has(app)", false),
            ("!!has(app)", true),
            ("has(a.b/c) && has(tier)", true),
            ("app == 'web'", true),
            ("app==\"web\"&&tier=='x'", false),
            ("app != 'web'", false),
            ("missing != 'web'", true),
            ("app in {'a', 'web'}", true),
            ("app in {}", false),
            ("app not in {'a'}", true),
            ("missing not in {'a'}", true),
            ("tier contains 't-e'", true),
            ("tier starts with 'front'", true),
            ("tier ends with 'front'", false),
            ("app == 'x' || app == 'web' && has(tier)", true),
            ("(app == 'x' || app == 'web') && !has(tier)", false),
            ("! (app == 'x')", true),
            ("projectcalico.org/namespace == 'shop'", true),
            ("projectcalico.org/serviceaccount in {'runner'}", true),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in [
            "app",
            "app =",
            "app == web",
            "app == 'web",
            "(has(app)",
            "has(app) has(tier)",
            "app in 'a'",
            "app in {'a' 'b'}",
            "&&",
            "é == 'x'",
            "app == 'é",
            "not in {'x'}x",
        ] {
            check(text, None);
        }
        check(&"(".repeat(10_000), None);
        check(&"!".repeat(10_000), None);
    }
}
