//! `--set-literal`: keys with dots and indexes, and a value that is all the rest as it is written.

use document::{Path, Step};
use gotemplate::{Map, Value};

use super::parse::{Read, Stop, set};
use super::{MAX_LEVEL, Setter, Wrong, as_list, as_map, set_index};

/// Sets what a flag says.
pub(super) fn parse(setter: &Setter<'_>, values: &Map, cells: &mut usize) -> Result<(), Wrong> {
    let mut parser = Parser {
        setter,
        at: 0,
        path: Path::default(),
        cells,
    };
    match parser.key(values, 0) {
        Ok(()) | Err(Stop::End) => Ok(()),
        Err(Stop::Wrong(message)) => {
            let at = parser.at;
            Err(Wrong { message, at })
        }
    }
}

struct Parser<'p, 's> {
    setter: &'p Setter<'s>,
    at: usize,
    path: Path,
    cells: &'p mut usize,
}

impl<'s> Parser<'_, 's> {
    /// Reads up to one of some characters, which is read, too; `None` for it at the end of the text.
    fn until(&mut self, stops: &[char]) -> (&'s str, Option<char>) {
        let rest = &self.setter.text[self.at..];
        if let Some(length) = rest.find(stops) {
            self.at += length + 1;
            (&rest[..length], rest[length..].chars().next())
        } else {
            self.at = self.setter.text.len();
            (rest, None)
        }
    }

    fn key(&mut self, data: &Map, level: usize) -> Read<()> {
        let (key, stop) = self.until(&['=', '[', '.']);
        self.path.0.push(Step::Key(key.into()));
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(format!("'{key}' has no value").into()),
            Some('.') => self.below(data, key, level + 1),
            Some('[') => {
                let index = self.index()?;
                let mut list = as_list(data.get(key), key)?;
                let outcome = self.item(&mut list, index, level);
                set(data, key.to_owned(), Value::list(list));
                outcome
            }
            Some(_) => {
                let value = self.rest();
                set(data, key.to_owned(), value);
                Ok(())
            }
        }
    }

    fn below(&mut self, data: &Map, key: &str, level: usize) -> Read<()> {
        if level > MAX_LEVEL {
            return Err(format!("more than {MAX_LEVEL} keys in one another").into());
        }
        let inner = as_map(data.get(key), key)?;
        let outcome = self.key(&inner, level);
        if outcome.is_ok() && inner.is_empty() {
            return Err(format!("'{key}' has no value").into());
        }
        if !inner.is_empty() && !data.contains(key) {
            set(data, key.to_owned(), inner.into());
        }
        outcome
    }

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
            Some(_) => self.rest(),
        };
        Ok(set_index(list, index, value, self.cells)?)
    }

    /// Everything that follows.
    fn rest(&mut self) -> Value {
        let (text, _) = self.until(&[]);
        self.setter
            .placed(Value::from(text), 0, self.at, &self.path)
    }
}
