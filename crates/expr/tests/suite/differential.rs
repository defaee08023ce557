//! The same expression over the same data through the `cel` crate's interpreter: same answer.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map, OptionalValue};
use cel::{Context, Env};
use expr::{Checked, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::harness::{declarations, evaluate, show};

/// Chooses by bytes: fewer bytes and smaller ones make a smaller expression.
struct Chooser<'b> {
    bytes: std::slice::Iter<'b, u8>,
    /// Loop variables in sight, all of them integers.
    scope: Vec<String>,
}

impl Chooser<'_> {
    fn below(&mut self, count: u8) -> u8 {
        self.bytes.next().map_or(0, |byte| byte % count)
    }

    fn number(&mut self, depth: u32) -> String {
        let choice = self.below(if depth == 0 { 5 } else { 14 });
        match choice {
            0 => self.below(4).to_string(),
            1 => "a.n".to_owned(),
            2 => self.scope.last().cloned().unwrap_or_else(|| "2".to_owned()),
            3 => "-1".to_owned(),
            4 => "a.?n.orValue(7)".to_owned(),
            5 => format!("({} + {})", self.number(depth - 1), self.number(depth - 1)),
            6 => format!("({} - {})", self.number(depth - 1), self.number(depth - 1)),
            7 => format!("({} * {})", self.number(depth - 1), self.number(depth - 1)),
            8 => format!("({} / {})", self.number(depth - 1), self.number(depth - 1)),
            9 => format!("({} % {})", self.number(depth - 1), self.number(depth - 1)),
            10 => format!("size({})", self.list(depth - 1)),
            11 => format!("size({})", self.text(depth - 1)),
            12 => format!("{}[{}]", self.list(depth - 1), self.below(3)),
            _ => {
                let condition = self.truth(depth - 1);
                format!(
                    "({condition} ? {} : {})",
                    self.number(depth - 1),
                    self.number(depth - 1)
                )
            }
        }
    }

    fn text(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => "'x'".to_owned(),
            1 => "a.s".to_owned(),
            2 => "'äb'".to_owned(),
            3 => "a.?s.orValue('none')".to_owned(),
            4 => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
            5 => format!("string({})", self.number(depth - 1)),
            // The interpreter computes the alternative even when it is not needed, against the language
            // definition: here it cannot fail.
            6 => format!("a.m.?{}.orValue('w')", ["k", "zz"][self.below(2) as usize]),
            _ => format!(
                "({} ? {} : {})",
                self.truth(depth - 1),
                self.text(depth - 1),
                self.text(depth - 1)
            ),
        }
    }

    fn list(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 3 } else { 7 }) {
            0 => "a.l".to_owned(),
            1 => "[1, 2, 3]".to_owned(),
            2 => "[]".to_owned(),
            3 => format!("({} + {})", self.list(depth - 1), self.list(depth - 1)),
            4 => {
                let (range, name) = (self.list(depth - 1), self.bind());
                let body = self.number(depth - 1);
                self.scope.pop();
                format!("{range}.map({name}, {body})")
            }
            5 => {
                let (range, name) = (self.list(depth - 1), self.bind());
                let body = self.truth(depth - 1);
                self.scope.pop();
                format!("{range}.filter({name}, {body})")
            }
            _ => format!("[{}, {}]", self.number(depth - 1), self.number(depth - 1)),
        }
    }

    fn bind(&mut self) -> String {
        let name = ["x", "y"][self.below(2) as usize].to_owned();
        self.scope.push(name.clone());
        name
    }

    fn truth(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 5 } else { 16 }) {
            0 => "true".to_owned(),
            1 => "false".to_owned(),
            2 => "a.b".to_owned(),
            3 => format!("has(a.{})", ["n", "s", "l", "q"][self.below(4) as usize]),
            4 => "'k' in a.m".to_owned(),
            5 => format!("({} && {})", self.truth(depth - 1), self.truth(depth - 1)),
            6 => format!("({} || {})", self.truth(depth - 1), self.truth(depth - 1)),
            7 => format!("!{}", self.truth(depth - 1)),
            8 => {
                let operator = ["<", "<=", "==", "!=", ">", ">="][self.below(6) as usize];
                format!(
                    "({} {operator} {})",
                    self.number(depth - 1),
                    self.number(depth - 1)
                )
            }
            9 => {
                let operator = ["<", "==", "!=", ">="][self.below(4) as usize];
                format!(
                    "({} {operator} {})",
                    self.text(depth - 1),
                    self.text(depth - 1)
                )
            }
            10 => format!("({} in {})", self.number(depth - 1), self.list(depth - 1)),
            11 => {
                let method = ["startsWith", "endsWith", "contains"][self.below(3) as usize];
                format!(
                    "{}.{method}({})",
                    self.text(depth - 1),
                    self.text(depth - 1)
                )
            }
            12 => format!("({} == {})", self.list(depth - 1), self.list(depth - 1)),
            13 => format!("a.m.all(k, k != {})", self.text(depth - 1)),
            _ => {
                let (range, name) = (self.list(depth - 1), self.bind());
                let method = ["all", "exists", "exists_one"][self.below(3) as usize];
                let body = self.truth(depth - 1);
                self.scope.pop();
                format!("{range}.{method}({name}, {body})")
            }
        }
    }
}

/// Fields that may be missing, so that both sides meet errors.
fn data(present: u8, numbers: &[i8]) -> Json {
    let mut object = serde_json::Map::new();
    let fields = [
        ("n", json!(numbers.first().copied().unwrap_or(5))),
        ("s", json!("ab")),
        ("l", json!(numbers)),
        ("m", json!({"k": "v", "z": "w"})),
        ("b", json!(true)),
    ];
    for (position, (name, value)) in fields.into_iter().enumerate() {
        if present >> position & 1 != 0 {
            object.insert(name.to_owned(), value);
        }
    }
    Json::Object(object)
}

fn to_cel(value: &Json) -> cel::Value {
    match value {
        Json::Null => cel::Value::Null,
        Json::Bool(value) => cel::Value::Bool(*value),
        Json::Number(number) => cel::Value::Int(number.as_i64().unwrap()),
        Json::String(text) => cel::Value::String(Arc::new(text.clone())),
        Json::Array(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Json::Object(fields) => {
            let entries = fields
                .iter()
                .map(|(name, value)| (Key::from(name.as_str()), to_cel(value)));
            cel::Value::Map(Map {
                map: Arc::new(entries.collect::<HashMap<_, _>>()),
            })
        }
    }
}

/// The interpreter's answer as text; every failure is the same.
fn oracle(expression: &str, data: &Json) -> String {
    let env = Env::stdlib();
    let program = env.compile(expression).unwrap();
    let mut context = Context::with_env(Arc::new(env));
    context.add_variable_from_value("a", to_cel(data));
    program
        .execute(&context)
        .map_or_else(|_| "error".to_owned(), |value| show_cel(&value))
}

fn show_cel(value: &cel::Value) -> String {
    match value {
        cel::Value::Int(value) => value.to_string(),
        cel::Value::UInt(value) => format!("{value}u"),
        cel::Value::Bool(value) => value.to_string(),
        cel::Value::String(text) => text.to_string(),
        cel::Value::Null => "null".to_owned(),
        cel::Value::List(items) => {
            format!(
                "[{}]",
                items.iter().map(show_cel).collect::<Vec<_>>().join(", ")
            )
        }
        cel::Value::Opaque(opaque) => match opaque
            .downcast_ref::<OptionalValue>()
            .map(OptionalValue::value)
        {
            Some(Some(value)) => format!("some {}", show_cel(value)),
            Some(None) => "none".to_owned(),
            None => "opaque".to_owned(),
        },
        other => format!("{other:?}"),
    }
}

/// Our answer in the same words.
fn ours(expression: &str, data: &Json) -> String {
    let yaml = json!({ "a": data }).to_string();
    evaluate(expression, &yaml, |value| match value {
        Value::Error(_) => "error".to_owned(),
        _ => value.as_str().map_or_else(|| show(value), str::to_owned),
    })
}

/// An expression over `a`; its types may be wrong.
pub(crate) fn any_expression() -> impl Strategy<Value = String> {
    let bytes = prop::collection::vec(any::<u8>(), 0..60);
    (bytes, 0..4_u8).prop_map(|(bytes, kind)| {
        let mut chooser = Chooser {
            bytes: bytes.iter(),
            scope: Vec::new(),
        };
        match kind {
            0 => chooser.number(3),
            1 => chooser.text(3),
            2 => chooser.list(3),
            _ => chooser.truth(4),
        }
    })
}

/// What `a` may be.
pub(crate) fn any_data() -> impl Strategy<Value = Json> {
    let numbers = prop::collection::vec(-3..4_i8, 0..4);
    (any::<u8>(), numbers).prop_map(|(present, numbers)| data(present, &numbers))
}

proptest! {
    #[test]
    fn answers_are_those_of_the_reference_interpreter(expression in any_expression(), data in any_data()) {
        // What is refused for its types has no answer to compare.
        prop_assume!(Checked::parse(&expression, &declarations()).is_ok());
        // Values of the expression's own behave as those of a document do.
        let bound = format!("cel.bind(a, {data}, {expression})");
        prop_assert_eq!(ours(&bound, &json!({})), ours(&expression, &data), "{} over {}", expression, data);
        prop_assert_eq!(ours(&expression, &data), oracle(&expression, &data), "{} over {}", expression, data);
    }
}
