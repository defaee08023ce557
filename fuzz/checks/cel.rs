//! What must hold for any text read as an expression: nothing panics or hangs, and what its bytes give back
//! evaluates like what was written; any bytes read as a checked expression are taken or refused.

use std::sync::Arc;

use bumpalo::Bump;
use document::{Keys, Limits, Source, parse_yaml};
use expr::{Activation, Checked, Declarations, Program, Value};

const RESOURCE: &str = "kind: Pod\nmetadata: {name: a, labels: {b: c}}\nspec:\n  n: 3\n  f: 1.5\n  l: [1, 2, x, true, ~]\n  s: 10.0.0.1\n";

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let _ = Checked::read(&mut &data[..]);
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut declarations = Declarations::new();
    declarations.variable("self");
    let Ok(checked) = Checked::parse(text, &declarations) else {
        return;
    };
    let mut bytes = Vec::new();
    checked.write(&mut bytes);
    let mut rest = &bytes[..];
    let read = Checked::read(&mut rest).expect("what was written is read");
    assert!(rest.is_empty());
    let keys = Arc::new(Keys::new(checked.key_names()));
    assert_eq!(
        evaluate(&checked, &declarations, &keys),
        evaluate(&read, &declarations, &keys),
        "{text}"
    );
}

/// The value as text; `None` where the expression does not compile.
fn evaluate(checked: &Checked, declarations: &Declarations, keys: &Arc<Keys>) -> Option<String> {
    let program = Program::compile(checked, declarations, keys).ok()?;
    let document = parse_yaml(Source::new("resource", RESOURCE), keys, &Limits::default()).document;
    let root = document.roots().next().expect("the resource is there");
    let arena = Bump::new();
    let variables = [Value::Node(root)];
    let mut activation = Activation::new(&arena, &variables).with_budget(20_000);
    Some(format!("{:?}", program.evaluate(&mut activation)))
}
