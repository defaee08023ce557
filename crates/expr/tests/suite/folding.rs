//! A variable that is known at compile time changes no value.

use bumpalo::Bump;
use expr::{Activation, Known, MapValue, Program, Value};

use crate::harness::{VARIABLES, checked, declarations, document, show};

/// The known variable, `c`.
const SLOT: u16 = 3;

fn known(arena: &Bump) -> Value<'_> {
    let words = arena.alloc_slice_copy(&[Value::String("key"), Value::String("Pass")]);
    let entries = arena.alloc_slice_copy(&[
        (Value::String("words"), Value::List(words)),
        (Value::String("none"), Value::List(&[])),
        (Value::String("most"), Value::Int(2)),
        (Value::String("wrong"), Value::String("(")),
    ]);
    Value::Map(arena.alloc(MapValue { entries }))
}

/// Both programs give the value, and the folded one reads the variable or does not.
#[track_caller]
fn check(expression: &str, expected: &str, reads: bool) {
    let checked = checked(expression);
    let document = document("a: a-PASS\nb: [1, 2, 3]\n", &checked.key_names());
    let root = document.roots().next().unwrap();
    let plain = Program::compile(&checked, &declarations(), document.keys()).unwrap();
    let constant = Known {
        slot: SLOT,
        value: &known,
    };
    let mut folded = checked.clone();
    folded.fold(&declarations(), document.keys(), &[constant]);
    let folded = Program::compile(&folded, &declarations(), document.keys()).unwrap();
    let arena = Bump::new();
    let mut variables = VARIABLES.map(|name| root.get_str(name).map_or(Value::Null, Value::Node));
    variables[usize::from(SLOT)] = known(&arena);
    let programs = [&plain, &folded];
    let values = programs.map(|it| show(it.evaluate(&mut Activation::new(&arena, &variables))));
    assert_eq!(values, [expected; 2], "{expression}");
    assert_eq!(folded.reads(SLOT), reads, "{expression}");
}

#[test]
fn what_is_known_is_not_read() {
    check(r#"a.matches("(?i)" + c.words.join("|"))"#, "true", false);
    check(r#"a.matches(c.words.join("|"))"#, "false", false);
    check(r#"c.words.join("|").lowerAscii()"#, r#""key|pass""#, false);
    check("b.size() > c.most", "true", false);
    check("b.all(x, x > c.most)", "false", false);
    check("a in c.words", "false", false);
    check("c.?words.orValue([]).size()", "2", false);
    check(r#""key" in c.words ? a == "" : b"#, "false", false);
}

#[test]
fn lists_are_left_to_the_variable() {
    check("c.words.exists(word, a.contains(word))", "false", true);
    check("b.map(x, c.words.size() + x)", "[3, 4, 5]", false);
    check("c.words.map(word, word.size())", "[3, 4]", true);
    check("c.words", r#"["key", "Pass"]"#, true);
}

#[test]
fn what_decides_nothing_goes_away() {
    check("!c.none.exists(word, a.contains(word))", "true", false);
    check("c.none.all(word, word == a)", "true", false);
    check("c.none.map(word, word + a)", "[]", false);
    check("c.none.size() > 0 && a.size() > b", "false", false);
    check("c.words.size() > 0 || a.matches('(')", "true", false);
    check("c.words.size() > 0 && a == 'a-PASS'", "true", false);
    check("c.none.size() > 0 || a == 'x'", "false", false);
}

#[test]
fn errors_wait_for_the_evaluation() {
    check("c.missing", "error NoSuchKey", true);
    check("c.most / 0 == b.size()", "error DivisionByZero", false);
    check("c.words.size() > 0 && c.missing", "error NoSuchKey", true);
    check("a.matches(c.wrong)", "error InvalidPattern", false);
    check("false && c.missing == a", "false", false);
    check("has(c.missing) || a == 'a-PASS'", "true", false);
}
