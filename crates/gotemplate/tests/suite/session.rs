//! Templates that are executed one after the other.

use std::rc::Rc;

use gotemplate::{
    Function, Functions, Host, Limits, Map, Options, Origin, Session, Set, Signature, Type, Value,
};

fn set(templates: &[(&str, &str)]) -> Set {
    let mut functions = Functions::new();
    functions.define(
        "set",
        Function::new(
            Signature::new(&[Type::Any, Type::String, Type::Any]),
            |_, arguments| {
                let map = arguments[0].as_map().unwrap_or_default();
                let key = arguments[1].as_str().unwrap_or_default();
                map.insert(key, arguments[2].clone());
                Ok(Value::from(""))
            },
        ),
    );
    let mut set = Set::new(Rc::new(functions));
    for (name, text) in templates {
        set.parse(name, *text).unwrap();
    }
    set
}

fn data() -> Value {
    let number = |value: &str, source| Value::from(value).with_origin(Origin::source(source));
    Map::from_iter([("a", number("x", 1)), ("b", number("y", 2))]).into()
}

fn traced() -> Options {
    Options {
        trace: true,
        ..Options::default()
    }
}

fn run(session: &mut Session<'_>, name: &str, data: &Value) -> String {
    let range = session.execute(name, data).unwrap();
    session.text()[range].to_owned()
}

#[test]
fn what_a_template_set_is_known_to_the_next_one_with_what_decided_it() {
    let set = set(&[
        ("one", "{{ set . \"c\" (printf \"%s%s\" .a .b) }}first\n"),
        ("two", "{{ .c }}"),
    ]);
    let data = data();
    let mut session = set.session(&traced());
    assert_eq!(run(&mut session, "one", &data), "first\n");
    assert_eq!(run(&mut session, "two", &data), "xy");
    let made = data.as_map().and_then(|map| map.get("c")).unwrap();
    assert_eq!(
        (made.origin().number(), session.sources(made.origin())),
        (None, vec![1, 2])
    );
    let rendered = session.finish();
    assert_eq!(rendered.text, "first\nxy");
    let piece = rendered.trace.as_ref().unwrap().at(6).unwrap();
    assert_eq!(piece.sources(), [1, 2]);
}

#[test]
fn removing_touches_only_what_was_written_since() {
    let set = set(&[
        ("one", "<no value>{{ .a }}<no va"),
        ("two", "lue>{{ .nope }}{{ .b }}{{ .nope }}"),
    ]);
    let data = data();
    let mut session = set.session(&traced());
    session.execute("one", &data).unwrap();
    let written = session.execute("two", &data).unwrap();
    let written = session.remove(written, "<no value>");
    assert_eq!(&session.text()[written.clone()], "lue>y");
    let rendered = session.finish();
    assert_eq!(rendered.text, "<no value>x<no value>y");
    let trace = rendered.trace.as_ref().unwrap();
    let pieces: Vec<_> = trace
        .pieces()
        .map(|piece| (&rendered.text[piece.range()], piece.sources()))
        .collect();
    let expected = [
        ("<no value>", vec![]),
        ("x", vec![1]),
        ("<no va", vec![]),
        ("lue>", vec![]),
        ("y", vec![2]),
    ];
    assert_eq!(pieces, expected);
}

#[test]
fn limits_are_those_of_all_templates_together() {
    let set = set(&[("one", "0123456789")]);
    let options = Options {
        limits: Limits {
            bytes: 25,
            ..Limits::default()
        },
        ..Options::default()
    };
    let mut session = set.session(&options);
    session.execute("one", &Value::nil()).unwrap();
    session.execute("one", &Value::nil()).unwrap();
    let error = session.execute("one", &Value::nil()).unwrap_err();
    assert_eq!(error.message, "more than 25 bytes of text");
}

struct Template;

impl Host for Template {
    fn type_name(&self) -> &'static str {
        "main.template"
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![("Name", Value::from("a"))]
    }

    fn text_of_pointer(&self) -> Option<String> {
        Some("template a".to_owned())
    }
}

#[test]
fn a_method_of_a_pointer_is_for_actions_only() {
    let set = set(&[("one", "{{ . }}; {{ print . }}")]);
    let data = Value::from(Rc::new(Template) as Rc<dyn Host>);
    let mut session = set.session(&traced());
    assert_eq!(run(&mut session, "one", &data), "template a; {a}");
}
