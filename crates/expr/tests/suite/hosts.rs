//! Host objects, unknown values, and what an error says about where it comes from.

use bumpalo::Bump;
use document::NodeRef;
use expr::{
    Activation, Checked, Declarations, ErrorKind, Host, MemberId, MethodId, Program, Unknown, Value,
};

use crate::harness::{document, show};

/// Stands for a pod: its node, with `effective.privileged`, `unsure` and a method `twice`.
struct Pod<'a> {
    node: NodeRef<'a>,
    unknown: Unknown<'a>,
}

const EFFECTIVE: MemberId = MemberId(0);
const UNSURE: MemberId = MemberId(1);
const TWICE: MethodId = MethodId(0);

impl<'a> Host<'a> for Pod<'a> {
    fn type_name(&self) -> &'static str {
        "pod"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.node)
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        match member {
            EFFECTIVE => {
                let entries =
                    arena.alloc_slice_copy(&[(Value::String("privileged"), Value::Bool(true))]);
                Some(Value::Map(arena.alloc(expr::MapValue { entries })))
            }
            UNSURE => Some(Value::Unknown(&self.unknown)),
            _ => None,
        }
    }

    fn call(&'a self, method: MethodId, arguments: &[Value<'a>], _: &'a Bump) -> Option<Value<'a>> {
        match (method, arguments) {
            (TWICE, [Value::Int(number)]) => Some(Value::Int(number * 2)),
            _ => None,
        }
    }
}

const YAML: &str = "
name: web
ports: [80]
level: {deep: text}
";

fn declarations() -> Declarations {
    let mut declarations = Declarations::new();
    declarations.variable("self");
    assert_eq!(declarations.member("effective"), EFFECTIVE);
    assert_eq!(declarations.member("unsure"), UNSURE);
    assert_eq!(declarations.method("twice"), TWICE);
    declarations
}

fn evaluate<T>(expression: &str, see: impl FnOnce(Value<'_>) -> T) -> T {
    let checked = Checked::parse(expression, &declarations()).unwrap();
    let document = document(YAML, &checked.key_names());
    let program = Program::compile(&checked, &declarations(), document.keys()).unwrap();
    let arena = Bump::new();
    let pod = Pod {
        node: document.roots().next().unwrap(),
        unknown: Unknown {
            node: None,
            reason: "not in the scan",
        },
    };
    let variables = [Value::Host(&pod)];
    see(program.evaluate(&mut Activation::new(&arena, &variables)))
}

#[track_caller]
fn check(expression: &str, expected: &str) {
    assert_eq!(evaluate(expression, show), expected, "{expression}");
}

#[test]
fn members_go_before_fields() {
    check("self.effective.privileged", "true");
    check("self.name", "\"web\"");
    check(
        "has(self.effective) && has(self.name) && !has(self.nothing)",
        "true",
    );
    check("self.?nothing.orValue(1)", "1");
    check("self.?effective.?privileged.orValue(false)", "true");
    check("self['name']", "\"web\"");
    check("self.exists(k, k == 'ports')", "true");
    check("self.twice(21)", "42");
    check("self.twice('x')", "error NoSuchOverload");
    check("self.name.twice(1)", "error TypeMismatch");
    check("size(self)", "3");
    check("self == self", "true");
}

#[test]
fn unknown_is_absorbed_where_it_does_not_matter() {
    for (expression, expected) in [
        ("self.unsure", "unknown"),
        ("self.unsure && false", "false"),
        ("false && self.unsure", "false"),
        ("self.unsure && true", "unknown"),
        ("true || self.unsure", "true"),
        ("self.unsure || true", "true"),
        ("self.unsure || false", "unknown"),
        ("self.unsure || 1 / 0 == 1", "unknown"),
        ("1 / 0 == 1 || self.unsure", "unknown"),
        ("!self.unsure", "unknown"),
        ("self.unsure ? 1 : 2", "unknown"),
        ("true ? 1 : self.unsure", "1"),
        ("self.unsure == 1", "unknown"),
        ("self.unsure.field", "unknown"),
        ("self.?unsure.?field.orValue(1)", "unknown"),
        ("has(self.unsure.field)", "unknown"),
        ("[1, self.unsure]", "unknown"),
        ("{'a': self.unsure}", "unknown"),
        ("size(self.unsure)", "unknown"),
        ("self.unsure + 1 / 0", "unknown"),
        ("1 / 0 + self.unsure", "unknown"),
        ("self.unsure in [1]", "unknown"),
        ("self.unsure[0]", "unknown"),
        ("self.unsure.all(x, x)", "unknown"),
        ("[1, 2].all(x, x == 1 && self.unsure)", "false"),
        ("[1, 2].all(x, x == 1 || self.unsure)", "unknown"),
        ("[1, 2].exists(x, x == 2 || self.unsure)", "true"),
        ("[1, 2].exists(x, x == 3 || self.unsure)", "unknown"),
        ("[1, 0].exists(x, 1 / x == 2 || self.unsure)", "unknown"),
        ("[0, 1].map(x, x == 0 ? 1 / x : self.unsure)", "unknown"),
        (
            "[0, 1].filter(x, x == 0 ? 1 / x == 1 : self.unsure)",
            "unknown",
        ),
        (
            "[0, 1].exists_one(x, x == 0 ? 1 / x == 1 : self.unsure)",
            "unknown",
        ),
        ("self.twice(self.unsure)", "unknown"),
        ("cel.bind(x, self.unsure, true || x)", "true"),
        ("optional.of(self.unsure)", "unknown"),
        ("optional.none().orValue(self.unsure)", "unknown"),
        ("optional.of(1).orValue(self.unsure)", "1"),
    ] {
        check(expression, expected);
    }
}

/// The offset, and the text of the node that an error blames.
#[track_caller]
fn check_error(expression: &str, kind: ErrorKind, offset: u32, blamed: Option<&str>) {
    evaluate(expression, |value| {
        let Value::Error(error) = value else {
            panic!("{expression} gave {value:?}");
        };
        assert_eq!((error.kind, error.offset), (kind, offset), "{expression}");
        let node = error.node.map(|node| show(Value::Node(node)));
        assert_eq!(node.as_deref(), blamed, "{expression}");
    });
}

#[test]
fn errors_blame_the_node_that_contradicts_its_schema() {
    check_error(
        "self.name.first",
        ErrorKind::TypeMismatch,
        9,
        Some("\"web\""),
    );
    check_error(
        "self.level.deep.deeper.x",
        ErrorKind::TypeMismatch,
        15,
        Some("\"text\""),
    );
    check_error(
        "self.ports.startsWith('x')",
        ErrorKind::TypeMismatch,
        11,
        Some("[80]"),
    );
    check_error(
        "self.name > 3",
        ErrorKind::TypeMismatch,
        10,
        Some("\"web\""),
    );
    check_error(
        "self.name && true",
        ErrorKind::TypeMismatch,
        10,
        Some("\"web\""),
    );
    check_error(
        "self.name ? 1 : 2",
        ErrorKind::TypeMismatch,
        10,
        Some("\"web\""),
    );
    check_error(
        "self.name.all(x, true)",
        ErrorKind::TypeMismatch,
        10,
        Some("\"web\""),
    );
    check_error("self.ports[0].x", ErrorKind::TypeMismatch, 13, Some("80"));
    check_error(
        "'web'.startsWith(self.ports)",
        ErrorKind::TypeMismatch,
        6,
        Some("[80]"),
    );
    check_error("dyn(1).startsWith('x')", ErrorKind::NoSuchOverload, 7, None);
    check_error("self.level.missing", ErrorKind::NoSuchKey, 10, None);
}

#[test]
fn values_know_their_origin() {
    for expression in [
        "self.name",
        "self.level.?deep.value()",
        "[self.name][0]",
        "self.ports.filter(p, true)[0]",
    ] {
        assert!(
            evaluate(expression, |value| value.origin().is_some()),
            "{expression}"
        );
    }
    assert!(evaluate("self.name + ''", |value| value.origin().is_none()));
    assert!(evaluate("self", |value| value.origin().is_some()));
}

#[test]
fn a_value_is_three_words() {
    assert_eq!(size_of::<Value<'_>>(), 24);
}
