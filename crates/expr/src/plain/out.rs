//! What an expression has become so far: text with how tightly it binds, something that is known, or things.

use super::{NotPlain, Plain, Thing, ThingList};

/// How tightly an operator binds; a part that binds less tightly than its place stands in brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    Conditional,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Member,
}

/// What an expression has become.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Out {
    Text(String, Level),
    Bool(bool),
    Int(i64),
    String(String),
    Thing(Thing),
    /// A list whose parts can be looked at one by one.
    Sequence(Vec<Piece>),
}

/// A part of a list.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Piece {
    /// One item; an optional one is there when it has a value.
    Item { optional: bool, value: Out },
    /// One thing, where a condition holds.
    Where { condition: Out, value: Out },
    /// All elements of a list; with a kind they are things.
    Each { list: String, kind: Option<u32> },
}

impl Out {
    pub(super) fn name(text: impl Into<String>) -> Self {
        Out::Text(text.into(), Level::Member)
    }

    /// The text, in brackets where it binds less tightly than its place.
    pub(super) fn text(&self, place: Level) -> Result<String, NotPlain> {
        let (text, level) = match self {
            Out::Text(text, level) => (text.clone(), *level),
            Out::Bool(value) => (value.to_string(), Level::Member),
            Out::Int(value) => (
                value.to_string(),
                if *value < 0 {
                    Level::Unary
                } else {
                    Level::Member
                },
            ),
            Out::String(value) => (quoted(value), Level::Member),
            Out::Thing(thing) => (thing.text.clone(), Level::Member),
            Out::Sequence(pieces) => list(pieces)?,
        };
        Ok(if level < place {
            format!("({text})")
        } else {
            text
        })
    }

    /// What is known, as a text to compare.
    pub(super) fn is_known(&self) -> bool {
        matches!(self, Out::Bool(_) | Out::Int(_) | Out::String(_))
    }
}

impl From<&Plain> for Out {
    fn from(plain: &Plain) -> Self {
        match plain {
            Plain::Text(text) => Out::name(text.clone()),
            Plain::Bool(value) => Out::Bool(*value),
            Plain::Int(value) => Out::Int(*value),
            Plain::String(value) => Out::String(value.clone()),
            Plain::Strings(values) => {
                let items = values.iter().map(|value| Piece::Item {
                    optional: false,
                    value: Out::String(value.clone()),
                });
                Out::Sequence(items.collect())
            }
            Plain::Thing(thing) => Out::Thing(thing.clone()),
            Plain::Lists(lists) => {
                let each = |list: &ThingList| Piece::Each {
                    list: list.text.clone(),
                    kind: Some(list.kind),
                };
                Out::Sequence(lists.iter().map(each).collect())
            }
        }
    }
}

/// A list as a value. The items of one literal must have one type: where the text does not show that they do, they
/// are made dynamic.
fn list(pieces: &[Piece]) -> Result<(String, Level), NotPlain> {
    let mut parts: Vec<String> = Vec::new();
    for run in pieces.chunk_by(|left, right| is_item(left) && is_item(right)) {
        match run {
            [Piece::Each { kind: Some(_), .. } | Piece::Where { .. }] => {
                return Err(NotPlain::Mixed);
            }
            [Piece::Each { list, kind: None }] => parts.push(list.clone()),
            items => parts.push(literal(items)?),
        }
    }
    Ok(match parts.as_slice() {
        [] => ("[]".to_owned(), Level::Member),
        [one] => (one.clone(), Level::Member),
        many => (many.join(" + "), Level::Sum),
    })
}

fn is_item(piece: &Piece) -> bool {
    matches!(piece, Piece::Item { .. })
}

fn literal(items: &[Piece]) -> Result<String, NotPlain> {
    let is_uniform = is_uniform(items);
    let texts = items.iter().map(|piece| match piece {
        Piece::Item {
            optional: true,
            value,
        } => Ok(format!("?{}", value.text(Level::Conditional)?)),
        Piece::Item { value, .. } if is_uniform => value.text(Level::Conditional),
        Piece::Item { value, .. } => Ok(format!("dyn({})", value.text(Level::Conditional)?)),
        Piece::Each { .. } | Piece::Where { .. } => Err(NotPlain::Mixed),
    });
    let texts: Result<Vec<String>, NotPlain> = texts.collect();
    Ok(format!("[{}]", texts?.join(", ")))
}

/// Whether all items are literals of one type.
fn is_uniform(items: &[Piece]) -> bool {
    let type_of = |piece: &Piece| match piece {
        Piece::Item {
            optional: false,
            value,
        } if value.is_known() => Some(std::mem::discriminant(value)),
        _ => None,
    };
    let types: Vec<_> = items.iter().map(type_of).collect();
    types.iter().all(|one| one.is_some() && *one == types[0])
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if other.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(other)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
