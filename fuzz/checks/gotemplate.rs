//! What must hold for any text read as a template: nothing panics or hangs, errors say where they are, and an
//! execution that traces writes the same bytes and covers them all.

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{
    ErrorKind, Function, Functions, Limits, Map, Options, Origin, Outlined, Set, Signature, Type,
    Value,
};

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let Ok(template) = std::str::from_utf8(data) else {
        return;
    };
    check_lazy(template);
    check_lazy(&format!("{{{{define \"d\"}}}}{template}{{{{end}}}}"));
    let mut set = Set::new(functions());
    if let Err(error) = set.parse("main", template) {
        assert!(error.to_string().starts_with("template: main:"), "{error}");
        return;
    }
    let data = values();
    let limits = Limits {
        steps: 10_000,
        bytes: 100_000,
        ..Limits::default()
    };
    let plain = set.execute(
        "main",
        &data,
        &Options {
            limits,
            ..Options::default()
        },
    );
    let traced = set.execute(
        "main",
        &data,
        &Options {
            limits,
            trace: true,
            ..Options::default()
        },
    );
    match (plain, traced) {
        (Ok(plain), Ok(traced)) => {
            assert_eq!(plain.text, traced.text, "{template}");
            let trace = traced.trace.expect("a trace was asked for");
            let mut end = 0;
            for piece in trace.pieces() {
                assert_eq!(piece.range().start, end, "{template}");
                assert!(piece.sources().len() < 20, "{template}");
                end = piece.range().end;
            }
            assert_eq!(end, plain.text.len(), "{template}");
        }
        (Err(plain), Err(traced)) => {
            assert_eq!(plain.to_string(), traced.to_string());
            assert!(plain.kind != ErrorKind::Parse || plain.cause.is_some());
        }
        (plain, traced) => panic!("{plain:?} but {traced:?}"),
    }
}

/// What is parsed when it is asked for is what would have been parsed at once, and what is wrong is wrong at once.
pub(crate) fn check_lazy(template: &str) {
    let functions = functions();
    let mut eager = Set::new(Rc::clone(&functions));
    let mut lazy = Set::new(Rc::clone(&functions));
    let parsed = eager
        .parse("main", template)
        .map_err(|error| error.to_string());
    let skimmed = lazy
        .parse_lazily("main", template)
        .map_err(|error| error.to_string());
    assert_eq!(parsed, skimmed, "{template}");
    let mut later = Set::new(Rc::clone(&functions));
    let outlined = Outlined::new(Arc::new(template.to_owned()), &functions);
    let outlined = later
        .parse_outlined("main", outlined)
        .map_err(|error| error.to_string());
    assert_eq!(parsed, outlined, "{template}");
    assert_eq!(eager.names(), later.names(), "{template}");
    assert_eq!(eager.names(), lazy.names(), "{template}");
    let data = values();
    let options = Options {
        limits: Limits {
            steps: 1000,
            bytes: 10_000,
            ..Limits::default()
        },
        ..Options::default()
    };
    for name in eager.names().into_iter().take(20) {
        let run = |set: &Set| {
            set.execute(name, &data, &options)
                .map(|rendered| rendered.text)
                .map_err(|error| (error.to_string(), error.span))
        };
        assert_eq!(run(&eager), run(&lazy), "{template}");
    }
}

/// Go's functions, and some that make values and execute templates.
fn functions() -> Rc<Functions> {
    let mut functions = Functions::new();
    let anything = Signature::variadic(&[Type::Any]);
    functions.define(
        "list",
        Function::new(anything, |_, arguments| Ok(Value::list(arguments.to_vec()))),
    );
    let pair = Signature::new(&[Type::String, Type::Any]);
    functions.define(
        "dict",
        Function::new(pair, |_, arguments| {
            let key = arguments[0].as_str().unwrap_or_default();
            Ok(Map::from_iter([(key, arguments[1].clone())]).into())
        }),
    );
    functions.define(
        "set",
        Function::new(Signature::new(&[Type::Any, Type::Any]), |_, arguments| {
            // A map in itself would never be freed.
            let is_plain = arguments[1].as_map().is_none() && arguments[1].as_list().is_none();
            if let Some(map) = arguments[0].as_map().filter(|_| is_plain) {
                map.insert("set", arguments[1].clone());
            }
            Ok(arguments[0].clone())
        }),
    );
    functions.define(
        "include",
        Function::new(pair, |context, arguments| {
            let name = std::mem::take(&mut arguments[0]);
            context.execute(name.as_str().unwrap_or_default(), &arguments[1])
        }),
    );
    functions.define(
        "tpl",
        Function::new(pair, |context, arguments| {
            let name = Rc::clone(context.template_name());
            context.execute_text(&name, &arguments[0], &arguments[1])
        }),
    );
    functions.define(
        "every",
        Function::new(Signature::new(&[Type::String]), |context, arguments| {
            let mut edit = context.edit();
            let text = arguments[0].as_str().unwrap_or_default();
            for (start, found) in text.char_indices().step_by(2) {
                edit.insert("-");
                edit.keep(text, start..start + found.len_utf8());
            }
            Ok(context.edited(&arguments[0], edit))
        }),
    );
    Rc::new(functions)
}

fn values() -> Value {
    let at = |number: u32, value: Value| value.with_origin(Origin::source(number));
    let list = Value::list(vec![
        Value::int(1),
        Value::from("x"),
        Value::nil(),
        Value::float(1.5),
    ]);
    Map::from_iter([
        (
            "a",
            at(
                1,
                Map::from_iter([("b", at(2, Value::from("text")))]).into(),
            ),
        ),
        ("list", at(3, list)),
        (
            "text",
            at(4, Value::from("{{.a.b}}-{{include \"main\" .}}")),
        ),
        ("n", at(5, Value::int(3))),
        ("on", at(6, Value::from(true))),
    ])
    .into()
}
