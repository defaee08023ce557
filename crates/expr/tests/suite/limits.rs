//! Hostile expressions, hostile bytes, and expressions that would take too long.

use bumpalo::Bump;
use expr::{Activation, Checked, DecodeError, ErrorKind, Program, Value};
use proptest::prelude::*;

use crate::harness::{checked, declarations, document};

/// Evaluates with little budget.
fn evaluate_with(expression: &str, budget: u64) -> Option<ErrorKind> {
    let checked = checked(expression);
    let document = document("{}", &[]);
    let program = Program::compile(&checked, &declarations(), document.keys()).unwrap();
    let arena = Bump::new();
    let variables = [Value::Null; 4];
    match program.evaluate(&mut Activation::new(&arena, &variables).with_budget(budget)) {
        Value::Error(error) => Some(error.kind),
        _ => None,
    }
}

#[test]
fn what_takes_too_long_is_an_error() {
    let many = format!("[{}]", ["1"; 100].join(", "));
    let nested =
        format!("{many}.all(a, {many}.all(b, {many}.all(c, {many}.all(d, a + b + c + d > 0))))");
    assert_eq!(
        evaluate_with(&nested, Activation::BUDGET),
        Some(ErrorKind::CostExceeded)
    );
    let mut doubled = "'0123456789abcdef'".to_owned();
    for _ in 0..60 {
        doubled = format!("cel.bind(x, {doubled}, x + x)");
    }
    assert_eq!(
        evaluate_with(&doubled, Activation::BUDGET),
        Some(ErrorKind::CostExceeded)
    );
    let mut doubled = "[1]".to_owned();
    for _ in 0..60 {
        doubled = format!("cel.bind(x, {doubled}, [x, x])");
    }
    let compared = format!("cel.bind(a, {doubled}, cel.bind(b, {doubled}, a == b))");
    assert_eq!(
        evaluate_with(&compared, Activation::BUDGET),
        Some(ErrorKind::CostExceeded)
    );
    assert_eq!(
        evaluate_with("lists.range(1000000000)", Activation::BUDGET),
        Some(ErrorKind::CostExceeded)
    );
    assert_eq!(evaluate_with("[1, 2, 3].all(x, x > 0)", 100), None);
    assert_eq!(
        evaluate_with("[1, 2, 3].all(x, x > 0)", 5),
        Some(ErrorKind::CostExceeded)
    );
}

#[track_caller]
fn check_refused(source: &str, message: &str) {
    let diagnostics = Checked::parse(source, &declarations()).unwrap_err();
    assert_eq!(
        diagnostics[0].message,
        message,
        "{}",
        &source[..source.len().min(40)]
    );
}

#[test]
fn deep_and_long_expressions_are_refused_before_the_parser_recurses() {
    let deep = "expression nested too deeply";
    for (begin, end) in [
        ("(", ")"),
        ("[", "]"),
        ("{1: ", "}"),
        ("size(", ")"),
        ("true ? 1 : ", ""),
        ("1 - ", ""),
    ] {
        check_refused(
            &format!(
                "{}1{}",
                begin.repeat(20_000 / begin.len()),
                end.repeat(20_000 / begin.len())
            ),
            deep,
        );
    }
    check_refused(&format!("self{}", ".a".repeat(5000)), deep);
    check_refused(&format!("self{}", "[0]".repeat(5000)), deep);
    check_refused(&format!("self{}", ".all(x, true)".repeat(3000)), deep);
    check_refused(&format!("1{}", " in [1]".repeat(5000)), deep);
    check_refused(&"a".repeat(70_000), "expression longer than 64 KiB");
}

#[test]
fn what_the_bounds_admit_fits_a_small_stack() {
    for source in [
        format!("{}1{}", "(".repeat(120), ")".repeat(120)),
        format!("{}1{}", "[".repeat(120), "]".repeat(120)),
        format!("self{}", ".a".repeat(120)),
        format!("{}1", "true ? 1 : ".repeat(120)),
        format!("{}1", "1 + ".repeat(120)),
        format!("{}true", "!".repeat(20_000)),
        format!("{}true", "true || ".repeat(2000)),
        format!("{}1{}", "[1].map(x, ".repeat(50), ")".repeat(50)),
    ] {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let run = move || {
            // Refused or not, it must come back.
            if let Ok(checked) = Checked::parse(&source, &declarations()) {
                let document = document("{}", &[]);
                let program = Program::compile(&checked, &declarations(), document.keys()).unwrap();
                let arena = Bump::new();
                let variables = [Value::Null; 4];
                program.evaluate(&mut Activation::new(&arena, &variables));
            }
        };
        thread.spawn(run).unwrap().join().unwrap();
    }
}

#[test]
fn the_deepest_bytes_fit_a_small_stack() {
    for (begin, end) in [
        (&[18, 0][..], &[1, 0][..]),
        (&[16, 0, 1, 0], &[0, 0]),
        (&[25, 0, 1, b'x', 1], &[0, 0]),
    ] {
        let mut bytes = vec![1, 0];
        bytes.extend(begin.repeat(299));
        bytes.extend(end);
        let checked = Checked::read(&mut &bytes[..]).unwrap();
        let run = move || {
            let document = document("{}", &[]);
            let mut declarations = declarations();
            declarations.method("x");
            let program = Program::compile(&checked, &declarations, document.keys()).unwrap();
            let arena = Bump::new();
            program.evaluate(&mut Activation::new(&arena, &[]));
        };
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        thread.spawn(run).unwrap().join().unwrap();
    }
}

/// Bytes of an expression that has one of everything.
fn bytes() -> Vec<u8> {
    let mut bytes = Vec::new();
    checked(
        "has(self.a) && self.?b[?0].orValue([1, 2u, 1.5, 'x', b'y', null, int]) in {'k': -1} \
         || !self.all(k, v, [k].map(x, v > 1, cel.bind(y, x, self.c.optMap(z, y ? z : 'abc'.replace('a', 'b')))) == [])",
    )
    .write(&mut bytes);
    bytes
}

#[test]
fn truncated_bytes_are_refused() {
    let bytes = bytes();
    for length in 0..bytes.len() {
        assert_eq!(
            Checked::read(&mut &bytes[..length]),
            Err(DecodeError::Truncated),
            "{length}"
        );
    }
    assert_eq!(Checked::read(&mut &[99][..]), Err(DecodeError::Version(99)));
    // Not operators, one in the other.
    let mut deep = vec![1, 0];
    deep.extend([18, 0].repeat(100_000));
    assert_eq!(Checked::read(&mut &deep[..]), Err(DecodeError::TooDeep));
}

proptest! {
    #[test]
    fn changed_bytes_are_refused_or_run(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(checked) = Checked::read(&mut &bytes[..]) {
            let document = document("{a: {}, b: [1], c: 2}", &checked.key_names());
            if let Ok(program) = Program::compile(&checked, &declarations(), document.keys()) {
                let arena = Bump::new();
                let variables = [Value::Node(document.roots().next().unwrap()); 4];
                program.evaluate(&mut Activation::new(&arena, &variables));
            }
        }
    }
}
