//! The functions and objects that the oracle has, too.

use std::rc::Rc;

use gotemplate::{
    Data, Failure, Function, Functions, Host, IntType, List, Map, Shape, Signature, Type, UintType,
    Value,
};

const NAMED: Shape = Shape {
    name: "main.named",
    element: Type::Any,
};

pub(crate) fn functions() -> Rc<Functions> {
    let mut functions = Functions::new();
    numbers(&mut functions);
    texts(&mut functions);
    containers(&mut functions);
    objects(&mut functions);
    Rc::new(functions)
}

fn numbers(functions: &mut Functions) {
    const INT: Type = Type::Int(IntType::Int);
    let mut define = |name: &str, parameters: &'static [Type], code: fn(&[Value]) -> Value| {
        functions.define(
            name,
            Function::new(Signature::new(parameters), move |_, arguments| {
                Ok(code(arguments))
            }),
        );
    };
    define("add", &[INT, INT], |arguments| {
        Value::int(number(&arguments[0]).wrapping_add(number(&arguments[1])))
    });
    define("i64", &[INT], |arguments| {
        Value::int64(number(&arguments[0]))
    });
    define("u8", &[Type::Uint(UintType::Uint8)], |arguments| {
        arguments[0].clone()
    });
    define("half", &[Type::Float], |arguments| {
        match arguments[0].data() {
            Data::Float(value) => Value::float(value / 2.0),
            _ => Value::nil(),
        }
    });
    define("flag", &[Type::Bool], |arguments| {
        Value::from(!arguments[0].is_true())
    });
    define("cplx", &[Type::Complex], |arguments| arguments[0].clone());
    define("nothing", &[], |_| Value::nil());
    define("ident", &[Type::Any], |arguments| arguments[0].clone());
    define("count", &[Type::Map(&Shape::MAP)], |arguments| {
        Value::count(arguments[0].as_map().map_or(0, |map| map.len()))
    });
}

fn number(value: &Value) -> i64 {
    if let Data::Int(number, _) = value.data() {
        *number
    } else {
        0
    }
}

fn texts(functions: &mut Functions) {
    let mut define =
        |name: &str, signature: Signature, code: fn(&[Value]) -> Result<Value, Failure>| {
            functions.define(
                name,
                Function::new(signature, move |_, arguments| code(arguments)),
            );
        };
    let text = Signature::new(&[Type::String]);
    define("upper", text, |arguments| {
        Ok(Value::from(text_of(&arguments[0]).to_uppercase()))
    });
    define("fail", text, |arguments| {
        Err(Failure::new(text_of(&arguments[0])))
    });
    define("bytes", text, |arguments| {
        Ok(Value::new(Data::Bytes(
            text_of(&arguments[0]).as_bytes().into(),
        )))
    });
    define("strs", Signature::variadic(&[Type::String]), |arguments| {
        Ok(Value::strings(arguments.to_vec()))
    });
    define("list", Signature::variadic(&[Type::Any]), |arguments| {
        Ok(Value::list(arguments.to_vec()))
    });
    define("fn", Signature::default(), |_| {
        let signature = Signature::variadic(&[Type::Int(IntType::Int), Type::String]);
        let code = Function::new(signature, |_, arguments| {
            let parts: Vec<&str> = arguments[1..].iter().map(text_of).collect();
            let times = usize::try_from(number(&arguments[0]));
            times
                .map(|times| Value::from(parts.join("-").repeat(times)))
                .map_err(|_| Failure::new("strings: negative Repeat count"))
        });
        Ok(Value::new(Data::Function(Rc::new(
            code.returning(Type::String),
        ))))
    });
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn containers(functions: &mut Functions) {
    functions.define(
        "dict",
        Function::new(Signature::variadic(&[Type::Any]), |_, arguments| {
            if !arguments.len().is_multiple_of(2) {
                return Err("odd number of arguments".into());
            }
            let map = Map::new();
            for pair in arguments.chunks(2) {
                let key = pair[0].as_str().ok_or("key is no string")?;
                map.insert(key, pair[1].clone());
            }
            Ok(map.into())
        }),
    );
    functions.define(
        "smap",
        Function::new(
            Signature::new(&[Type::String, Type::String]),
            |_, arguments| {
                let map = Map::of(&Shape::STRING_MAP);
                map.insert(text_of(&arguments[0]), arguments[1].clone());
                Ok(map.into())
            },
        ),
    );
    functions.define(
        "named",
        Function::new(Signature::default(), |_, _| {
            let map = Map::of(&NAMED);
            map.insert("a", Value::int(1));
            map.insert("b", Value::nil());
            Ok(map.into())
        }),
    );
}

fn objects(functions: &mut Functions) {
    functions.define(
        "all",
        Function::new(Signature::default(), |_, _| Ok(Value::list(all()))),
    );
    functions.define(
        "thing",
        Function::new(Signature::default(), |_, _| {
            Ok((Rc::new(Thing::new()) as Rc<dyn Host>).into())
        }),
    );
    functions.define(
        "ver",
        Function::new(Signature::default(), |_, _| {
            Ok((Rc::new(Version) as Rc<dyn Host>).into())
        }),
    );
}

/// One value of each type that JSON does not have.
fn all() -> Vec<Value> {
    let strings = Map::of(&Shape::STRING_MAP);
    strings.insert("a", Value::from("b"));
    let named = Map::of(&NAMED);
    named.insert("a", Value::int(1));
    named.insert("b", Value::nil());
    vec![
        Value::complex(1.0, 2.0),
        Value::uint_of(200, UintType::Uint8),
        Value::int64(-3),
        Value::new(Data::Bytes(b"hi"[..].into())),
        Value::strings(["a".into(), "b".into()]),
        strings.into(),
        named.into(),
        (Rc::new(Version) as Rc<dyn Host>).into(),
    ]
}

struct Thing {
    has: Signature,
    join: Signature,
    boom: Signature,
    give: Signature,
}

impl Thing {
    fn new() -> Self {
        Self {
            has: Signature::new(&[Type::String]),
            join: Signature::variadic(&[Type::String, Type::String]),
            boom: Signature::new(&[Type::Int(IntType::Int)]),
            give: Signature::new(&[Type::Any]),
        }
    }
}

impl Host for Thing {
    fn type_name(&self) -> &'static str {
        "*main.thing"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        Some(match name {
            "Has" => &self.has,
            "Join" => &self.join,
            "Boom" => &self.boom,
            "Give" => &self.give,
            _ => return None,
        })
    }

    fn call(
        &self,
        name: &str,
        _: &mut dyn gotemplate::Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        match name {
            "Has" => Ok(Value::from(text_of(&arguments[0]) == "box")),
            "Join" => {
                let parts: Vec<&str> = arguments[1..].iter().map(text_of).collect();
                Ok(Value::from(parts.join(text_of(&arguments[0]))))
            }
            "Give" => Ok(arguments[0].clone()),
            _ => Err("boom".into()),
        }
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![
            ("Name", Value::from("box")),
            ("Count", Value::int(3)),
            ("Sub", Map::from_iter([("a", Value::int(1))]).into()),
            (
                "Names",
                List::of(&Shape::STRINGS, vec!["x".into(), "y".into()]).into(),
            ),
        ]
    }
}

struct Version;

impl Host for Version {
    fn type_name(&self) -> &'static str {
        "main.version"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        static STRING: Signature = Signature::new(&[]);
        (name == "String").then_some(&STRING)
    }

    fn call(
        &self,
        _: &str,
        _: &mut dyn gotemplate::Context,
        _: &mut [Value],
    ) -> Result<Value, Failure> {
        Ok(Value::from("v7"))
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![("Major", Value::from("7"))]
    }

    fn text(&self) -> Option<String> {
        Some("v7".to_owned())
    }
}

/// A value of a JSON text: numbers without a point are `int`.
pub(crate) fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(found) => Value::from(*found),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || Value::float(number.as_f64().unwrap_or_default()),
            Value::int,
        ),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value).collect()),
        serde_json::Value::Object(entries) => entries
            .iter()
            .map(|(key, item)| (key.as_str(), value(item)))
            .collect::<Map>()
            .into(),
    }
}
