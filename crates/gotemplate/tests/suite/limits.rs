//! Hostile templates end with an error that says where, and soon.

use std::rc::Rc;
use std::time::{Duration, Instant};

use gotemplate::{
    Data, Error, ErrorKind, Function, Functions, Limits, Options, Set, Signature, Type, Value,
};

fn functions() -> Rc<Functions> {
    let mut functions = Functions::new();
    let list = Signature::variadic(&[Type::Any]);
    functions.define(
        "list",
        Function::new(list, |_, arguments| Ok(Value::list(arguments.to_vec()))),
    );
    let include = Signature::new(&[Type::String, Type::Any]);
    functions.define(
        "include",
        Function::new(include, |context, arguments| {
            let name = arguments[0].as_str().unwrap_or_default().to_owned();
            context.execute(&name, &arguments[1])
        }),
    );
    functions.define(
        "tpl",
        Function::new(include, |context, arguments| {
            let name = Rc::clone(context.template_name());
            context.execute_text(&name, &arguments[0], &arguments[1])
        }),
    );
    Rc::new(functions)
}

#[expect(clippy::unnecessary_box_returns, reason = "as the crate gives them")]
fn fails(template: &str, limits: Limits) -> Box<Error> {
    let mut set = Set::new(functions());
    let data = Value::from("{{tpl . .}}");
    let start = Instant::now();
    let error = match set.parse("bomb", template) {
        Err(error) => error,
        Ok(_) => set
            .execute(
                "bomb",
                &data,
                &Options {
                    limits,
                    ..Options::default()
                },
            )
            .unwrap_err(),
    };
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{template:.40}: {:?}",
        start.elapsed()
    );
    error
}

fn check(template: &str, expected: &str) {
    let error = fails(
        template,
        Limits {
            steps: 1_000_000,
            bytes: 8 << 20,
            ..Limits::default()
        },
    );
    assert_eq!(error.kind, ErrorKind::Limit, "{error:.200}");
    assert!(error.span.is_some(), "{error:.200}");
    assert!(
        error.root().message.contains(expected),
        "{:.200}",
        error.root().message
    );
}

#[test]
fn loops_end() {
    check("{{range 9223372036854775807}}{{end}}", "steps");
    check("{{range 100000}}{{range 100000}}{{end}}{{end}}", "steps");
    check("{{range 4000000}}a{{end}}", "steps");
}

#[test]
fn texts_do_not_grow_without_end() {
    check(
        "{{$x := \"aaaaaaaa\"}}{{range 100}}{{$x = print $x $x}}{{end}}",
        "bytes",
    );
    check(
        "{{range 1000000}}{{printf \"%1000000d\" 1}}{{end}}",
        "bytes",
    );
    check(
        "{{$x := list 1}}{{range 100}}{{$x = list $x $x}}{{end}}{{$x}}",
        "bytes",
    );
    check(
        "{{$x := list 1}}{{range 100}}{{$x = list $x $x}}{{end}}{{printf \"%v\" $x}}",
        "bytes",
    );
    check(
        "{{range 1000000}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{end}}",
        "bytes",
    );
}

#[test]
fn recursion_ends() {
    check(
        "{{define \"a\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
        "exceeded maximum template depth (200)",
    );
    check(
        "{{define \"a\"}}{{include \"a\" .}}{{end}}{{template \"a\" .}}",
        "exceeded maximum template depth (200)",
    );
    check(
        "{{define \"a\"}}{{if 1}}{{with 1}}{{range 1}}{{include \"a\" 1}}{{end}}{{end}}{{end}}{{end}}{{template \"a\" .}}",
        "nested",
    );
    check("{{tpl . .}}", "depth");
    check(
        "{{define \"a\"}}{{include \"b\" .}}{{include \"b\" .}}{{end}}{{define \"b\"}}{{include \"a\" .}}{{include \"a\" .}}{{end}}{{include \"a\" .}}",
        "depth",
    );
}

#[test]
fn the_stack_is_enough_for_what_the_limits_allow() {
    let calls = "{{template \"a\" .}}";
    let parens = format!(
        "{}(include \"a\" .){}",
        "(and 1 (print ".repeat(60),
        "))".repeat(60)
    );
    check(
        &format!("{{{{define \"a\"}}}}{{{{print {parens}}}}}{{{{end}}}}{calls}"),
        "nested",
    );
    let chains = format!("{}(include \"a\" .){}", "(".repeat(140), ".x)".repeat(140));
    check(
        &format!("{{{{define \"a\"}}}}{{{{{chains}}}}}{{{{end}}}}{calls}"),
        "nested",
    );
    let blocks = format!(
        "{}{calls}{}",
        "{{if 1}}{{range 1}}".repeat(70),
        "{{end}}{{end}}".repeat(70)
    );
    check(
        &format!("{{{{define \"a\"}}}}{blocks}{{{{end}}}}{calls}"),
        "nested",
    );
}

#[test]
fn work_on_large_values_counts() {
    check(
        "{{$x := printf \"%1000000d\" 1}}{{range 5000000}}{{if eq $x $x}}{{end}}{{end}}",
        "steps",
    );
    check(
        "{{$x := list 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16}}{{range 900000}}{{$y := slice $x 1}}{{end}}",
        "steps",
    );
}

#[test]
fn nesting_ends() {
    for (open, close) in [("(", ")"), ("print (", ")")] {
        let template = format!("{{{{{}1{}}}}}", open.repeat(20_000), close.repeat(20_000));
        check(&template, "max expression depth exceeded");
    }
    for open in ["{{if 1}}", "{{range 1}}", "{{with 1}}", "{{block \"a\" 1}}"] {
        check(&open.repeat(20_000), "max expression depth exceeded");
    }
}

#[test]
fn long_chains_are_no_nesting() {
    let mut set = Set::new(functions());
    let chain = "{{else if 0}}".repeat(20_000);
    set.parse(
        "chain",
        &format!("{{{{if 0}}}}{chain}{{{{else}}}}end{{{{end}}}}"),
    )
    .unwrap();
    let rendered = set
        .execute("chain", &Value::nil(), &Options::default())
        .unwrap();
    assert_eq!(rendered.text, "end");
}

#[test]
fn deep_values_are_dropped_and_printed_without_recursion() {
    let mut set = Set::new(functions());
    set.parse(
        "deep",
        "{{$x := list 1}}{{range 200000}}{{$x = list $x}}{{end}}{{len $x}}",
    )
    .unwrap();
    assert_eq!(
        set.execute("deep", &Value::nil(), &Options::default())
            .unwrap()
            .text,
        "1"
    );
    check(
        "{{$x := list 1}}{{range 100000}}{{$x = list $x}}{{end}}{{$x}}",
        "bytes",
    );
}

#[test]
fn maps_that_hold_themselves_are_printed_to_a_limit() {
    let map = gotemplate::Map::new();
    map.insert("self", Value::from(map.clone()));
    let mut set = Set::new(functions());
    set.parse("loop", "{{.}}").unwrap();
    let error = set
        .execute(
            "loop",
            &Value::new(Data::Map(map.clone())),
            &Options::default(),
        )
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit);
    map.remove("self");
}

#[test]
fn own_limits_hold() {
    let limits = Limits {
        steps: 10,
        ..Limits::default()
    };
    let error = fails("ok\n {{range 20}}{{.}}{{end}}", limits);
    assert_eq!(
        error.to_string(),
        "template: bomb:2:15: executing \"bomb\" at <{{.}}>: more than 10 steps",
    );
    let limits = Limits {
        bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        fails("{{range 20}}{{.}}{{end}}", limits).message,
        "more than 10 bytes of text"
    );
}
