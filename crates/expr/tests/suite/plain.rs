//! Expressions said in plain CEL: what they look like, and that they mean the same.

use expr::{
    Checked, Meaning, Member, NotPlain, Plain, PlainCondition, PlainText, Thing, ThingList,
};
use proptest::prelude::*;
use serde_json::json;

use crate::differential::{any_data, any_expression};
use crate::harness::{checked, declarations, evaluate, show};

/// Slots of `self`, `a`, `b`, `c`: a zoo, a value, what is known, an item.
const ZOO: u32 = 0;
const BEAST: u32 = 1;
const KNOWN: u32 = 2;

/// Zoos have `beasts` in two cages, which have a `noise` that is defined, and a `name` of their own.
struct Zoo {
    noise: Checked,
    age: Checked,
}

impl Zoo {
    fn new() -> Self {
        Zoo {
            noise: checked("self.?loud.orValue(false) ? 'ROAR' : 'squeak'"),
            age: checked("self.?years"),
        }
    }
}

impl Meaning for Zoo {
    fn member(&self, thing: &Thing, name: &str) -> Member<'_> {
        let this = || vec![Some(Plain::Thing(thing.clone()))];
        let list = |text: &str| ThingList {
            text: text.to_owned(),
            kind: BEAST,
        };
        match (thing.kind, name) {
            (ZOO, "beasts") => {
                Member::Plain(Plain::Lists(vec![list("zoo.cats"), list("zoo.mice")]))
            }
            (BEAST, "noise") => Member::Definition {
                of: &self.noise,
                variables: this(),
                is_optional: false,
            },
            (BEAST, "age") => Member::Definition {
                of: &self.age,
                variables: this(),
                is_optional: true,
            },
            (KNOWN, "names") => {
                Member::Plain(Plain::Strings(vec!["x".to_owned(), "y\"".to_owned()]))
            }
            (KNOWN, "none") => Member::Plain(Plain::Strings(Vec::new())),
            (KNOWN, "limit") => Member::Plain(Plain::Int(3)),
            (KNOWN, _) => Member::Unknown,
            _ => Member::Field,
        }
    }

    fn element(&self, _: u32) -> &'static str {
        "beast"
    }

    fn field(&self, name: &str, is_presence: bool) -> Result<(), String> {
        match (name, is_presence) {
            ("filled", true) => Err("it is always there".to_owned()),
            _ => Ok(()),
        }
    }

    fn may_be_null(&self, name: &str) -> bool {
        name == "rules"
    }

    fn function(&self, namespace: Option<&str>, name: &str) -> Result<(), String> {
        if namespace == Some("math") {
            return Err(format!("no `{name}` here"));
        }
        Ok(())
    }

    fn two_variables(&self) -> Result<(), String> {
        Ok(())
    }
}

fn variables() -> Vec<Option<Plain>> {
    let thing = |kind, text: &str| {
        Some(Plain::Thing(Thing {
            kind,
            text: text.to_owned(),
        }))
    };
    let value = Some(Plain::Text("a".to_owned()));
    vec![thing(ZOO, "zoo"), value, thing(KNOWN, "known"), None]
}

fn said(expression: &str) -> Result<PlainText, NotPlain> {
    checked(expression).plain(&variables(), &Zoo::new())
}

#[track_caller]
fn check(expression: &str, expected: &str) {
    let said = match said(expression) {
        Ok(PlainText::Known(known)) => known.to_string(),
        Ok(PlainText::Text(text)) => text,
        Err(reason) => reason.to_string(),
    };
    assert_eq!(said, expected, "{expression}");
}

#[test]
fn operators_keep_their_brackets() {
    check("(a.x + 1) * 2 - (a.y - a.z)", "(a.x + 1) * 2 - (a.y - a.z)");
    check(
        "!(a.x && a.y) || a.z ? 1 : 2",
        "!(a.x && a.y) || a.z ? 1 : 2",
    );
    check("(a.x || a.y) && a.z", "(a.x || a.y) && a.z");
    check("(a.x == a.y) == a.z", "(a.x == a.y) == a.z");
    check("-(a.x + a.y)", "-(a.x + a.y)");
    check("(a.x ? a.y : a.z).w", "(a.x ? a.y : a.z).w");
    check("!!a.x", "a.x");
}

#[test]
fn literals_and_names_are_quoted() {
    check("a['b\\n\\\"']", "a[\"b\\n\\\"\"]");
    check("a[?'x-y'].orValue(1u)", "a[?\"x-y\"].orValue(1u)");
    check("a == b'\\x00z'", "a == b\"\\x00\\x7a\"");
    check("a.x == 1.0 || a.x == null", "a.x == 1.0 || a.x == null");
    check("type(a) == int", "type(a) == int");
    check("has(a.x) && a.?x.hasValue()", "has(a.x) && a.?x.hasValue()");
}

#[test]
fn lists_of_mixed_values_are_made_dynamic() {
    check("a in [1, 2]", "a in [1, 2]");
    check("[a, 'x'].size() > 1", "[dyn(a), dyn(\"x\")].size() > 1");
    check("[?a.?x, a.y].size() > 1", "[?a.?x, dyn(a.y)].size() > 1");
    check("{'k': a, 'l': 1}.k", "{\"k\": dyn(a), \"l\": dyn(1)}.k");
}

#[test]
fn what_is_known_is_computed() {
    check("b.limit > 2 && a.x", "a.x");
    check("b.limit > 3 && a.x", "false");
    check("b.limit <= 3 || a.x", "true");
    check("b.limit == 3 ? a.x : a.y", "a.x");
    check("b.names.size() == 2", "true");
    check("a.x in b.names", "a.x in [\"x\", \"y\\\"\"]");
    check("a.x in b.none", "false");
    check("'x' in b.names", "true");
    check("b.none.exists(n, n == a.x)", "false");
    check(
        "b.names.exists(n, n == a.x)",
        "[\"x\", \"y\\\"\"].exists(x1, x1 == a.x)",
    );
    check(
        "b.names.all(n, n != a.x)",
        "![\"x\", \"y\\\"\"].exists(x1, !(x1 != a.x))",
    );
}

#[test]
fn lists_of_things_become_a_loop_each() {
    check(
        "self.beasts.exists(x, x.noise == a.n)",
        "zoo.cats.exists(beast1, (beast1.?loud.orValue(false) ? \"ROAR\" : \"squeak\") == a.n) \
         || zoo.mice.exists(beast2, (beast2.?loud.orValue(false) ? \"ROAR\" : \"squeak\") == a.n)",
    );
    check("self.beasts.size()", "zoo.cats.size() + zoo.mice.size()");
    check(
        "self.beasts.map(x, x.name).size()",
        "(zoo.cats.map(beast1, beast1.name) + zoo.mice.map(beast2, beast2.name)).size()",
    );
    check(
        "([self] + self.beasts).exists(x, x.name == '')",
        "zoo.name == \"\" || zoo.cats.exists(beast1, beast1.name == \"\") || zoo.mice.exists(beast2, beast2.name == \"\")",
    );
    check(
        "self.beasts.filter(x, x.?age.hasValue()).exists(x, x.name == '')",
        "zoo.cats.filter(beast1, beast1.?years.hasValue()).exists(beast3, beast3.name == \"\") \
         || zoo.mice.filter(beast2, beast2.?years.hasValue()).exists(beast4, beast4.name == \"\")",
    );
}

#[test]
fn optional_items_are_looked_at_where_they_are() {
    check(
        "[?a.?x, ?a.?y].exists(p, p > 1)",
        "a.?x.hasValue() && a.?x.value() > 1 || a.?y.hasValue() && a.?y.value() > 1",
    );
    check(
        "[a.?x, a.?y].filter(p, p.hasValue()).map(p, p.value())[0] > 1",
        "[dyn(a.?x), dyn(a.?y)].filter(x1, x1.hasValue()).map(x2, dyn(x2.value()))[0] > 1",
    );
}

#[test]
fn names_that_are_bound_are_written_out() {
    check("cel.bind(n, a.x, n == 1 || n == 2)", "a.x == 1 || a.x == 2");
    check(
        "cel.bind(n, a.something.that['is'].long, n == 1 || n == 2)",
        "[a.something.that[\"is\"].long].map(value1, value1 == 1 || value1 == 2)[0]",
    );
}

#[test]
fn what_may_be_null_counts_as_absent() {
    check(
        "a.?rules.orValue([]).size() > 0",
        "optional.ofNonZeroValue(a.?rules.orValue(null)).orValue([]).size() > 0",
    );
    check(
        "has(a.rules)",
        "optional.ofNonZeroValue(a.?rules.orValue(null)).hasValue()",
    );
    check("a.rules.size() > 0", "a.rules.size() > 0");
}

#[test]
fn what_cannot_be_said_has_a_reason() {
    check("math.abs(a.x) > 1", "no `abs` here");
    check("has(a.filled)", "it is always there");
    check("a.?filled.hasValue()", "it is always there");
    check("a.?filled.orValue(1) > 1", "a.?filled.orValue(1) > 1");
    check(
        "b.unheard > 1",
        "it asks for `unheard`, which is not in the object",
    );
    check(
        "[self.beasts].size()",
        "it uses a list of different things as a value",
    );
    check(
        "self.beasts[0].name == ''",
        "it uses a list of different things as a value",
    );
}

#[test]
fn a_condition_says_that_nothing_fails() {
    let (when, each, fail) = (checked("a.on"), checked("a.items"), checked("c.bad"));
    let condition = PlainCondition {
        when: Some(&when),
        each: Some(&each),
        fail: &fail,
        item: 3,
    };
    let passes = condition.passes(&variables(), &Zoo::new());
    let expected = "!a.on || !a.items.exists(item1, item1.bad)";
    assert_eq!(passes, Ok(PlainText::Text(expected.to_owned())));
    let never = checked("b.limit > 9");
    let condition = PlainCondition {
        when: Some(&never),
        ..condition
    };
    assert_eq!(
        condition.passes(&variables(), &Zoo::new()),
        Ok(PlainText::Known(true))
    );
}

/// What an expression gives over data, every failure the same.
fn given(expression: &str, data: &serde_json::Value) -> String {
    let yaml = json!({ "a": data }).to_string();
    evaluate(expression, &yaml, |value| match value {
        expr::Value::Error(_) => "error".to_owned(),
        other => show(other),
    })
}

proptest! {
    #[test]
    fn plain_text_means_the_same(expression in any_expression(), data in any_data()) {
        prop_assume!(Checked::parse(&expression, &declarations()).is_ok());
        let plain = match said(&expression) {
            Ok(PlainText::Text(text)) => text,
            Ok(PlainText::Known(known)) => known.to_string(),
            Err(reason) => return Err(TestCaseError::fail(format!("{expression}: {reason}"))),
        };
        let (was, is) = (given(&expression, &data), given(&plain, &data));
        // What is known falls out, so that it fails no more.
        prop_assert!(was == is || was == "error", "{expression} gives {was}\n{plain} gives {is}\nover {data}");
    }
}
