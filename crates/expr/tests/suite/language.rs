//! The language itself: literals, operators, selection, macros, optionals, absorption.

use crate::harness::{check, check_on, check_refused};

const POD: &str = "
securityContext: {privileged: true, runAsUser: 0, nothing: null}
name: web
ports: [80, 443]
labels: {app: web, tier: front}
a: 1
b: 2.5
c: text
";

#[test]
fn literals_and_operators() {
    for (expression, expected) in [
        ("1 + 2 * 3", "7"),
        ("-7 / 2", "-3"),
        ("-7 % 2", "-1"),
        ("7u - 2u", "5u"),
        ("1.5 + 1.5", "double 4008000000000000"),
        ("'a' + 'b'", "\"ab\""),
        ("b'a' + b'b'", "bytes 6162"),
        ("[1] + [2, 3]", "[1, 2, 3]"),
        ("1 == 1.0", "true"),
        ("1u == 1", "true"),
        ("[1, 2] == [1.0, 2u]", "true"),
        ("{'a': 1} == {'a': 1.0}", "true"),
        ("1 < 1.5", "true"),
        ("9223372036854775807 < 9223372036854775808.0", "true"),
        ("9223372036854775807 == 9223372036854775807.0", "false"),
        ("dyn(1) == dyn('1')", "false"),
        ("0.0 / 0.0 == 0.0 / 0.0", "false"),
        ("9223372036854775807 + 1", "error Overflow"),
        ("-9223372036854775808 / -1", "error Overflow"),
        ("-(-9223372036854775808)", "error Overflow"),
        ("0u - 1u", "error Overflow"),
        ("1 / 0", "error DivisionByZero"),
        ("1 % 0", "error DivisionByZero"),
        ("1.0 / 0.0 > 1.0", "true"),
        ("2 in [1, 2.0]", "true"),
        ("'a' in {'a': 1}", "true"),
        ("'z' in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'z']", "true"),
        ("true ? 1 : 1 / 0", "1"),
        ("[1, 2][1]", "2"),
        ("[1, 2][2]", "error OutOfRange"),
        ("{'a': 1}['b']", "error NoSuchKey"),
        ("{'a': 1, 'a': 2}", "error RepeatedKey"),
        ("type(1)", "type int"),
        (
            "type(1) == int && type([]) == list && type(type(1)) == type",
            "true",
        ),
    ] {
        check(expression, expected);
    }
}

#[test]
fn selection_on_documents() {
    for (expression, expected) in [
        ("self.name", "\"web\""),
        ("self.securityContext.privileged", "true"),
        ("self.?securityContext.?privileged.orValue(false)", "true"),
        ("self.?securityContext.?missing.orValue(false)", "false"),
        ("self.?missing.?privileged.orValue(false)", "false"),
        ("self.?missing.privileged", "none"),
        ("self.securityContext.?privileged", "some true"),
        ("has(self.securityContext.privileged)", "true"),
        ("has(self.securityContext.nothing)", "false"),
        ("self.securityContext.?nothing.orValue(1)", "1"),
        ("has(self.missing.privileged)", "error NoSuchKey"),
        ("self.missing", "error NoSuchKey"),
        ("self.name.first", "error TypeMismatch"),
        ("self.ports.first", "error TypeMismatch"),
        ("self.?name.?first", "error TypeMismatch"),
        ("self['name']", "\"web\""),
        ("self[?'nope'].orValue(3)", "3"),
        ("self.ports[0]", "80"),
        ("self.ports[?5]", "none"),
        ("self.labels.tier in ['front', 'back']", "true"),
        ("'app' in self.labels", "true"),
        ("80 in self.ports", "true"),
        ("size(self.labels) + size(self.ports)", "4"),
        ("self.labels == {'tier': 'front', 'app': 'web'}", "true"),
        ("a + 1 == 2 && b > a", "true"),
        ("a + b", "error TypeMismatch"),
        ("a.startsWith('x')", "error TypeMismatch"),
        ("c.startsWith('te')", "true"),
        ("self.name == 'web' && 'x' != self.name", "true"),
    ] {
        check_on(expression, POD, expected);
    }
}

#[test]
fn macros_loop_over_lists_and_maps() {
    for (expression, expected) in [
        ("self.ports.all(p, p > 79)", "true"),
        ("self.ports.exists(p, p == 443)", "true"),
        ("self.ports.exists_one(p, p > 100)", "true"),
        ("self.ports.map(p, p + 1)", "[81, 444]"),
        ("self.ports.map(p, p > 100, p + 1)", "[444]"),
        ("self.ports.filter(p, p > 100)", "[443]"),
        ("self.labels.map(k, k)", "[\"app\", \"tier\"]"),
        ("self.labels.all(k, v, v != '' && k != '')", "true"),
        ("self.ports.exists(i, p, i == 1 && p == 443)", "true"),
        ("[1, 2, 3].transformList(i, v, i > 0, v * i)", "[2, 6]"),
        (
            "{'a': 1, 'b': 2}.transformMap(k, v, v * 2)",
            "{\"a\": 2, \"b\": 4}",
        ),
        (
            "{'a': 'x'}.transformMapEntry(k, v, {v: k})",
            "{\"x\": \"a\"}",
        ),
        ("cel.bind(x, 2, x * x)", "4"),
        ("cel.bind(x, 2, cel.bind(y, x + 1, x * y))", "6"),
        ("optional.of(2).optMap(x, x + 1)", "some 3"),
        ("optional.none().optMap(x, x + 1)", "none"),
        ("optional.of({'a': 1}).optFlatMap(x, x.?a)", "some 1"),
        (
            "[[1, 2], [3]].map(x, x.map(y, y * size(x)))",
            "[[2, 4], [3]]",
        ),
        ("[?optional.none(), ?optional.of(1), 2]", "[1, 2]"),
        (
            "{?'a': optional.none(), ?'b': optional.of(1)}",
            "{\"b\": 1}",
        ),
        ("optional.none().or(optional.of(1)).value()", "1"),
        ("optional.none().value()", "error NoSuchKey"),
        ("optional.of(1).orValue(1 / 0)", "1"),
        ("optional.ofNonZeroValue('')", "none"),
        ("optional.none().hasValue()", "false"),
    ] {
        check_on(expression, POD, expected);
    }
}

#[test]
fn logic_absorbs_errors() {
    for (expression, expected) in [
        ("false && 1 / 0 == 1", "false"),
        ("1 / 0 == 1 && false", "false"),
        ("true || 1 / 0 == 1", "true"),
        ("1 / 0 == 1 || true", "true"),
        ("1 / 0 == 1 || false", "error DivisionByZero"),
        ("[0, 1].exists(x, 1 / x == 1)", "true"),
        ("[0, 1].all(x, 1 / x == 2)", "false"),
        ("[0, 1].all(x, 1 / x == 1)", "error DivisionByZero"),
        ("[0, 1].exists_one(x, 1 / x == 1)", "error DivisionByZero"),
        ("[0, 1].map(x, 1 / x)", "error DivisionByZero"),
        ("1 / 0 == 1 ? 1 : 2", "error DivisionByZero"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn mistakes_are_located() {
    for (expression, expected) in [
        (
            "slef.name",
            "1:1: unknown variable 'slef', did you mean 'self'?",
        ),
        (
            "self.name.startWith('a')",
            "1:11: unknown function 'startWith', did you mean 'startsWith'?",
        ),
        ("size()", "1:1: 'size' takes 1 argument, not 0"),
        ("1 + 'a'", "1:3: '+' is not defined for int and string"),
        ("!1", "1:2: this is int, not bool"),
        ("true &&\n 'x'", "2:2: this is string, not bool"),
        ("'é'.foo()", "1:5: unknown function 'foo'"),
        ("1 +", "1:4: unexpected end of the expression"),
        ("a b", "1:3: unexpected 'b'"),
        ("a $ b", "1:3: unexpected '$'"),
        ("(a", "1:3: missing ')' at the end of the expression"),
        ("'a", "1:1: unexpected 'a'"),
        (
            "self.x.all(1, true)",
            "1:12: the argument must be a plain name",
        ),
        (
            "has(self)",
            "1:1: has() takes a field selection, such as has(a.b)",
        ),
        (
            "'a'.all(x, x)",
            "1:1: this is string, not list or map or object",
        ),
    ] {
        check_refused(expression, expected);
    }
}

/// Loops that only compare texts have code of their own; what is no list of texts must fare as in others.
#[test]
fn loops_that_compare_texts() {
    let lists = ["['a', 'b']", "['c', 1]", "[]", "[1, 'a']", "[[], 'b', 'b']"];
    let tests = [
        ("x in ['b', 'a']", "(x == 'a' || x == 'b') && true"),
        ("!(x in ['a'])", "!(x == 'a') && true"),
        ("x == 'b'", "x == 'b' && true"),
        ("'b' != x", "(x != 'b') && true"),
        ("!!(x != 'b')", "(x != 'b') && true"),
    ];
    for list in lists {
        for (short, long) in tests {
            for name in ["all", "exists"] {
                let call = |body: &str| format!("{list}.{name}(x, {body})");
                check(&format!("{} == {}", call(short), call(long)), "true");
            }
        }
        let has = format!("('b' in {list}) == {list}.exists(x, x == 'b')");
        check(&has, "true");
    }
    for (expression, expected) in [
        ("self.labels.exists(x, x == 'app')", "true"),
        ("self.labels.all(x, x in ['app'])", "false"),
        ("'app' in self.labels", "true"),
        ("'web' in self.labels", "false"),
        ("'b' in self.name", "error TypeMismatch"),
        ("'b' in self.missing", "error NoSuchKey"),
        ("self.name.exists(x, x == 'b')", "error TypeMismatch"),
        (
            "self.securityContext.nothing.exists(x, x == 'b')",
            "error NoSuchKey",
        ),
    ] {
        check_on(expression, POD, expected);
    }
}
