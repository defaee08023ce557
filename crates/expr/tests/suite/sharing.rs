//! What expressions share changes no value, whatever was evaluated before.

use bumpalo::Bump;
use document::Keys;
use expr::{Activation, Checked, Memory, Program, Sharing, Value};
use proptest::prelude::*;

use crate::differential::{any_data, any_expression};
use crate::harness::{VARIABLES, checked, declarations, document, show};

/// `self` and `a` stay the same, `b` and `c` do not.
const STEADY: [u16; 2] = [0, 1];

fn marked(expressions: &[Checked]) -> (Vec<Checked>, usize) {
    let mut sharing = Sharing::new(&STEADY);
    let mut marked = expressions.to_vec();
    for checked in &marked {
        sharing.count(checked);
    }
    for checked in &mut marked {
        sharing.mark(checked);
    }
    (marked, sharing.cells())
}

/// A value, and where it fails.
fn told(value: Value<'_>) -> String {
    match value {
        Value::Error(error) => format!("{error} at {}", error.offset),
        value => show(value),
    }
}

/// Evaluates the expressions one after the other, all twice; gives the number of cells that they share.
fn check(expressions: &[Checked], yaml: &str) -> usize {
    let (marked, cells) = marked(expressions);
    let names: Vec<&str> = expressions.iter().flat_map(Checked::key_names).collect();
    let document = document(yaml, &names);
    let program = |checked| Program::compile(checked, &declarations(), document.keys()).unwrap();
    let plain: Vec<Program> = expressions.iter().map(program).collect();
    let sharing: Vec<Program> = marked.iter().map(program).collect();
    let arena = Bump::new();
    let root = document.roots().next().unwrap();
    let variables = VARIABLES.map(|name| match name {
        "self" => Value::Node(root),
        name => root.get_str(name).map_or(Value::Null, Value::Node),
    });
    let memory = Memory::new(&arena, cells);
    for round in 0..2 {
        for (position, (plain, sharing)) in plain.iter().zip(&sharing).enumerate() {
            // Variables that nobody said stay the same.
            let item = Value::Int(round);
            let with_item = || Activation::new(&arena, &variables).with_variable(2, item);
            let expected = told(plain.evaluate(&mut with_item()));
            let found = told(sharing.evaluate(&mut with_item().with_memory(memory)));
            assert_eq!(found, expected, "{position} in round {round}");
            let without = told(sharing.evaluate(&mut with_item()));
            assert_eq!(without, expected, "{position} without memory");
        }
    }
    cells
}

#[test]
fn what_occurs_twice_is_shared_and_nothing_else() {
    for (expressions, cells) in [
        (&["a.n", "a.n + 1"][..], 1),
        (&["a.n", "a.m"], 0),
        (&["a.?n.orValue(1)", "a.?n.orValue(2)"], 0),
        (&["a.?n.orValue(1)", "1 + a.?n.orValue(1)"], 1),
        // The larger part alone, where the smaller occurs nowhere else.
        (&["size(a.l) > 1", "size(a.l) > 1 && true"], 1),
        (&["size(a.l) > 1", "size(a.l) > 1 && true", "size(a.l)"], 2),
        // Steps of a chain are no parts of their own.
        (&["a.x.y", "a.x.z"], 0),
        (&["a[self.k].y", "a[self.k].z"], 1),
        // What changes from one evaluation to the next.
        (&["b + 1", "b + 1"], 0),
        (&["a.l.exists(x, x == b)", "a.l.exists(x, x == b)"], 1),
        // Loop variables of the part itself, and of what is around it.
        (&["a.l.exists(x, x == 1)", "!a.l.exists(x, x == 1)"], 1),
        (
            &["[1].exists(y, y + 1 == a.n)", "[2].all(y, y + 1 == a.n)"],
            1,
        ),
        (&["1 + 2", "1 + 2"], 0),
        (&["a.l[7]", "a.l[7] + 1"], 1),
        (&["1 / a.zero", "2 + 1 / a.zero"], 1),
    ] {
        let expressions: Vec<Checked> = expressions.iter().map(|text| checked(text)).collect();
        let yaml =
            "{a: {n: 1, m: {k: v}, l: [1, 2], zero: 0, x: {y: 1, z: 2}, v: {y: 1, z: 2}}, k: v}";
        assert_eq!(check(&expressions, yaml), cells, "{expressions:?}");
    }
}

#[test]
fn a_memory_that_is_too_small_is_no_mistake() {
    let expressions = ["a.n", "a.n"].map(checked);
    let (marked, _) = marked(&expressions);
    let keys = Keys::new(["n"]);
    let program = Program::compile(&marked[0], &declarations(), &keys).unwrap();
    let arena = Bump::new();
    let variables = VARIABLES.map(|_| Value::Null);
    let activation = Activation::new(&arena, &variables);
    let mut activation = activation.with_memory(Memory::new(&arena, 0));
    assert_eq!(show(program.evaluate(&mut activation)), "error NoSuchKey");
}

proptest! {
    #[test]
    fn values_are_those_of_expressions_alone(
        texts in prop::collection::vec(any_expression(), 1..6),
        data in any_data(),
    ) {
        let parse = |text: &String| Checked::parse(text, &declarations()).ok();
        let mut expressions: Vec<Checked> = texts.iter().filter_map(parse).collect();
        // The same in the other order, so that there is something to share.
        let again: Vec<Checked> = expressions.iter().rev().cloned().collect();
        expressions.extend(again);
        check(&expressions, &serde_json::json!({ "a": data }).to_string());
    }
}
