//! `key=value,key=value`: keys with dots and indexes, escapes, lists in braces. `--set-literal` has one key, no escapes, and a
//! value that is all the rest as it is written.

use document::{Path, Step};
use gotemplate::{List, Map, Value};

use super::{MAX_LEVEL, Setter, Wrong, as_list, as_map, json, set_index};
use crate::options::FlagKind;

/// Why reading stopped.
enum Stop {
    /// The text is at its end.
    End,
    Wrong(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Stop::Wrong(message)
    }
}

type Read<T> = Result<T, Stop>;

/// Sets what a flag says.
pub(super) fn parse(setter: &Setter<'_>, values: &Map, cells: &mut usize) -> Result<(), Wrong> {
    let mut parser = Parser {
        setter,
        at: 0,
        start: 0,
        path: Path::default(),
        cells,
    };
    loop {
        parser.start = parser.at;
        parser.path.0.clear();
        match parser.key(values, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Wrong(message)) => {
                let at = parser.at;
                return Err(Wrong { message, at });
            }
        }
    }
}

struct Parser<'p, 's> {
    setter: &'p Setter<'s>,
    at: usize,
    /// Where the setting begins that is being read.
    start: usize,
    path: Path,
    cells: &'p mut usize,
}

impl Parser<'_, '_> {
    /// Whether characters stand for themselves, and the value is all that follows.
    fn is_literal(&self) -> bool {
        self.setter.kind == FlagKind::SetLiteral
    }

    fn next(&mut self) -> Option<char> {
        let character = self.setter.text[self.at..].chars().next()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Reads up to one of some characters, which is read, too; `None` for it at the end of the text.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        if self.is_literal() {
            let rest = &self.setter.text[self.at..];
            let length = rest.find(stops).unwrap_or(rest.len());
            self.at += length;
            return (rest[..length].to_owned(), self.next());
        }
        let mut read = String::new();
        while let Some(character) = self.next() {
            if stops.contains(&character) {
                return (read, Some(character));
            }
            if character != '\\' {
                read.push(character);
            } else if let Some(escaped) = self.next() {
                read.push(escaped);
            }
        }
        (read, None)
    }

    /// Reads a key and what it is set to.
    fn key(&mut self, data: &Map, level: usize) -> Read<()> {
        let (key, stop) = if self.is_literal() {
            self.until(&['=', '[', '.'])
        } else {
            self.until(&['=', '[', ',', '.'])
        };
        self.path.0.push(Step::Key(key.as_str().into()));
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(format!("'{key}' has no value").into()),
            Some(',') => Err(format!("'{key}' has no value; it ends with a comma").into()),
            Some('[') => {
                let index = self.index()?;
                let mut list = as_list(data.get(&key), &key)?;
                let outcome = self.item(&mut list, index, level);
                set(data, key, Value::list(list));
                outcome
            }
            Some('.') => self.below(data, key, level + 1),
            Some(_) => {
                let (value, ended) = self.value()?;
                set(data, key, value);
                if ended { Err(Stop::End) } else { Ok(()) }
            }
        }
    }

    fn below(&mut self, data: &Map, key: String, level: usize) -> Read<()> {
        if level > MAX_LEVEL {
            return Err(format!("more than {MAX_LEVEL} keys in one another").into());
        }
        let inner = as_map(data.get(&key), &key)?;
        let outcome = self.key(&inner, level);
        if outcome.is_ok() && inner.is_empty() {
            return Err(format!("'{key}' has no value").into());
        }
        if !inner.is_empty() && !data.contains(&key) {
            set(data, key, inner.into());
        }
        outcome
    }

    /// Reads an index whose bracket was read.
    fn index(&mut self) -> Read<usize> {
        let (text, stop) = self.until(&[']']);
        if stop.is_none() {
            // Helm takes what is not closed for the end, and sets nothing.
            return Err(Stop::End);
        }
        let wrong = |why: &str| Stop::Wrong(format!("'{text}' is no index of a list{why}"));
        let index: i64 = text.parse().map_err(|_| wrong(""))?;
        let index = usize::try_from(index).map_err(|_| wrong(": it is negative"))?;
        self.path.0.push(Step::Index(index));
        Ok(index)
    }

    /// Reads what an item of a list is set to. At the end of the text the list stays as it is, as in Helm.
    fn item(&mut self, list: &mut Vec<Value>, index: usize, level: usize) -> Read<()> {
        let (text, stop) = self.until(&['[', '.', '=']);
        if !text.is_empty() {
            return Err(format!("'{text}' follows an index; `.`, `[` or `=` is expected").into());
        }
        let value = match stop {
            None => return Err(Stop::End),
            Some('[') => {
                let next = self.index()?;
                let inner = list.get(index).filter(|value| !value.is_nil());
                let mut inner = as_list(inner.cloned(), &index.to_string())?;
                self.item(&mut inner, next, level)?;
                Value::list(inner)
            }
            Some('.') => {
                let inner = list.get(index).and_then(Value::as_map).unwrap_or_default();
                if let Some(there) = list.get_mut(index) {
                    *there = inner.clone().into();
                }
                self.key(&inner, level)?;
                inner.into()
            }
            Some(_) => self.value()?.0,
        };
        Ok(set_index(list, index, value, self.cells)?)
    }

    /// Reads what stands behind `=`, and says whether nothing at all was there.
    fn value(&mut self) -> Read<(Value, bool)> {
        match self.setter.kind {
            FlagKind::SetJson => Ok((self.json()?, false)),
            FlagKind::SetLiteral => {
                let (rest, _) = self.until(&[]);
                Ok((self.placed(Value::from(rest), self.at), false))
            }
            _ => self.value_or_list(),
        }
    }

    /// Reads a value of `--set`, and says whether nothing at all was there.
    fn value_or_list(&mut self) -> Read<(Value, bool)> {
        let begin = self.at;
        match self.setter.text[self.at..].chars().next() {
            None => {
                let value = self.placed(Value::from(""), begin);
                Ok((value, true))
            }
            Some('{') => Ok((self.list()?, false)),
            Some(_) => {
                let (text, stop) = self.until(&[',']);
                let end = self.at - usize::from(stop.is_some());
                Ok((self.scalar(&text, end)?, false))
            }
        }
    }

    fn list(&mut self) -> Read<Value> {
        let begin = self.at;
        self.next();
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            if stop.is_none() {
                return Err("`{` is not closed".to_owned().into());
            }
            let end = self.at - 1;
            self.path.0.push(Step::Index(items.len()));
            items.push(self.scalar(&text, end)?);
            self.path.0.pop();
            if stop == Some('}') {
                break;
            }
        }
        let list = self.placed(Value::from(List::new(items)), begin);
        if self.setter.text[self.at..].starts_with(',') {
            self.at += 1;
        }
        Ok(list)
    }

    fn scalar(&self, text: &str, end: usize) -> Read<Value> {
        let setter = self.setter;
        let value = match setter.kind {
            FlagKind::SetFile => return Ok(setter.file(text, &self.path)?),
            FlagKind::SetString => Value::from(text),
            _ => typed(text),
        };
        Ok(setter.placed(value, self.start, end, &self.path))
    }

    fn placed(&self, value: Value, end: usize) -> Value {
        self.setter
            .placed(value, self.start, end.max(self.at), &self.path)
    }

    /// Reads a value of JSON, and the comma behind it.
    fn json(&mut self) -> Read<Value> {
        let value = if self.skip_blank() {
            Value::nil()
        } else {
            let (value, length) = json::first(&self.setter.text[self.at..])?;
            self.at += length;
            let placed = self.placed(value, self.at);
            self.skip_blank();
            return Ok(placed);
        };
        Ok(self.placed(value, self.at))
    }

    /// Skips spaces, and a comma behind them; says whether that or the end of the text was there.
    fn skip_blank(&mut self) -> bool {
        loop {
            let before = self.at;
            match self.next() {
                None | Some(',') => return true,
                Some(character) if character.is_whitespace() => {}
                Some(_) => {
                    self.at = before;
                    return false;
                }
            }
        }
    }
}

/// Sets a key; Helm sets no empty one.
fn set(data: &Map, key: String, value: Value) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}

/// A value as `--set` reads it: booleans and null in any case, whole numbers that do not begin with 0, text.
fn typed(text: &str) -> Value {
    // Go compares letters that are the same in any case: the long s, too.
    let is = |word: &str| text.replace('ſ', "s").eq_ignore_ascii_case(word);
    if is("true") || is("false") {
        return Value::from(is("true"));
    }
    if is("null") {
        return Value::nil();
    }
    match text.parse() {
        Ok(number) if text == "0" || !text.starts_with('0') => Value::int64(number),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn values_have_types() {
        for (text, expected) in [
            ("true", "bool"),
            ("FALSE", "bool"),
            ("falſe", "bool"),
            ("Null", "<nil>"),
            ("0", "int64"),
            ("-1", "int64"),
            ("+1", "int64"),
            ("-0", "int64"),
            ("01", "string"),
            ("1.5", "string"),
            ("1_000", "string"),
            ("9223372036854775807", "int64"),
            ("9223372036854775808", "string"),
            ("", "string"),
            (" 1", "string"),
        ] {
            assert_eq!(typed(text).type_name(), expected, "{text:?}");
        }
    }
}
