//! Hostile templates end with an error that says where, and soon.

use std::rc::Rc;
use std::time::{Duration, Instant};

use gotemplate::{Error, ErrorKind, Functions, Limits, Options, Set, Value};
use sprig::Environment;

#[expect(clippy::unnecessary_box_returns, reason = "as gotemplate gives them")]
fn fails(template: &str) -> Box<Error> {
    let mut functions = Functions::new();
    let environment = Environment::seeded(1).with_effort(300);
    sprig::define(&mut functions, &Rc::new(environment));
    let mut set = Set::new(Rc::new(functions));
    set.parse("bomb", template).unwrap();
    let options = Options {
        limits: Limits {
            steps: 1_000_000,
            bytes: 8 << 20,
            ..Limits::default()
        },
        ..Options::default()
    };
    let start = Instant::now();
    let outcome = set.execute("bomb", &Value::nil(), &options);
    let took = start.elapsed();
    assert!(took < Duration::from_mins(1), "{template:.60}: {took:?}");
    match outcome {
        Ok(rendered) => panic!("{template:.100}: {:.100}", rendered.text),
        Err(error) => error,
    }
}

#[track_caller]
fn check(template: &str) {
    let error = fails(template);
    assert_eq!(
        error.kind,
        ErrorKind::Limit,
        "{template:.100}: {error:.200}"
    );
    assert!(error.span.is_some(), "{error:.200}");
}

/// Texts to work on: 1 MiB of one letter, the same with another end, and a list of it a thousand times.
const LONG: &str = r#"{{$long := repeat 1048576 "a"}}{{$other := print $long "b"}}{{$third := print $long "c"}}
{{- $texts := list}}{{range 200}}{{$texts = append $texts $long}}{{end}}"#;

#[test]
fn large_texts() {
    check(r#"{{repeat 1000000000 "a"}}"#);
    check(r#"{{repeat 9223372036854775807 "ab"}}"#);
    check("{{randAlphaNum 1000000000}}");
    check("{{randAlpha 9223372036854775807}}");
    check("{{randBytes 9223372036854775807}}");
    check("{{randBytes 6000000}}");
    check(r#"{{indent 1000000000 "a"}}"#);
    check(r#"{{nindent 1000000 (repeat 1000000 "\n")}}"#);
    check(r#"{{$x := repeat 1000000 "a"}}{{range 10}}{{$x = replace "a" "aa" $x}}{{end}}"#);
    check(r#"{{regexReplaceAll "a" (repeat 100000 "a") (repeat 100000 "b")}}"#);
    check(r#"{{regexReplaceAll "(a+)" (repeat 100000 "a") (repeat 1000 "$1")}}"#);
    check(r#"{{wrapWith 1 (repeat 1000 "-") (repeat 100000 "a")}}"#);
    check(r#"{{join (repeat 1000000 "-") (until 1000)}}"#);
    check(r#"{{$x := repeat 1000000 "a"}}{{range 100}}{{$x = b64enc $x}}{{end}}"#);
    check(r#"{{$x := repeat 1000000 "a"}}{{range 100}}{{$x = b32enc $x}}{{end}}"#);
    check(r#"{{$x := repeat 100000 "\""}}{{range 100}}{{$x = quote $x}}{{end}}"#);
    check(r#"{{$x := repeat 100000 "\""}}{{range 100}}{{$x = squote $x}}{{end}}"#);
    check(r#"{{$x := repeat 100000 "\""}}{{range 100}}{{$x = toJson $x}}{{end}}"#);
    check(r#"{{$x := repeat 100000 "\""}}{{range 100}}{{$x = toYaml $x}}{{end}}"#);
    check(r#"{{$x := repeat 100000 "\""}}{{range 100}}{{$x = regexQuoteMeta $x}}{{end}}"#);
    check(r#"{{range 100000}}{{cat "a" (repeat 1000 "a")}}{{end}}"#);
    check("{{seq 1 100000000000 | len}}");
    check(r#"{{substr 0 -1 (repeat 9000000 "a")}}"#);
}

#[test]
fn large_lists() {
    check("{{until 1000000000}}");
    check("{{until 9223372036854775807}}");
    check("{{untilStep 0 9223372036854775807 1}}");
    check("{{untilStep 0 -9223372036854775807 -1}}");
    check("{{untilStep 0 1 0 | len}}{{untilStep 1 1000000000 1}}");
    check("{{seq 1000000000}}");
    check("{{seq 0 1 1000000000}}");
    check("{{$x := list 1}}{{range 100000}}{{$x = append $x 1}}{{end}}");
    check("{{$x := list 1}}{{range 100000}}{{$x = prepend $x 1}}{{end}}");
    check("{{$x := list 1}}{{range 100}}{{$x = concat $x $x}}{{end}}");
    check("{{$x := until 100000}}{{range 100}}{{$x = reverse $x}}{{end}}");
    check("{{$x := until 100000}}{{range 100}}{{chunk 1 $x}}{{end}}");
    check("{{uniq (until 100000)}}");
    check(
        "{{without (until 100000) (until 100000)}}{{range 100000}}{{has -1 (until 1000)}}{{end}}",
    );
    check(r#"{{splitList "" (repeat 2000000 "a") | len}}"#);
    check(r#"{{range 100000}}{{split "," (repeat 1000 ",") | len}}{{end}}"#);
    check(r#"{{regexFindAll "" (repeat 2000000 "a") -1 | len}}"#);
    check(r#"{{regexSplit "" (repeat 2000000 "a") -1 | len}}"#);
    check(
        "{{$d := dict}}{{range $i := until 100000}}{{$_ := set $d (toString $i) 1}}{{$_ := keys $d}}{{end}}",
    );
}

#[test]
fn work_on_large_texts() {
    let each = |call: &str| {
        check(&format!(
            "{LONG}{{{{range 1000000}}}}{{{{{call}}}}}{{{{end}}}}"
        ));
    };
    each("$_ := sha256sum $long");
    each("$_ := sha512sum $long");
    each("$_ := adler32sum $long");
    each("$_ := contains $other $long");
    each("$_ := hasPrefix $other $third");
    each("$_ := regexMatch \"b\" $long");
    each("$_ := regexMatch \"(a|b|c)+d\" $long");
    each("$_ := b64dec $long");
    each("$_ := b32dec $long");
    each("$_ := decryptAES \"k\" $long");
    each("$_ := semverCompare $long $long");
    each("$_ := semver $long");
    each("$_ := toDate \"2006\" $long");
    each("$_ := toDate $long \"2006\"");
    each("$_ := duration $long");
    each("$_ := urlParse $long");
    each("$_ := int $long");
    each("$_ := toDecimal $long");
    each("$_ := atoi $long");
    each("$_ := fromJson $long");
    each("$_ := fromToml $long");
    each("$_ := fromYaml $long");
    each("$_ := has $other $texts");
    each("$_ := without $texts $other");
    each("$_ := deepEqual $other $third");
    each("$_ := sortAlpha $texts");
    each("$_ := hasKey (dict $long 1) $other");
    each("$_ := initials $long");
    each("$_ := snakecase $long");
    each("$_ := abbrev 10 $long");
    each("$_ := trunc 10 $long");
    each("$_ := trimAll \"a\" $long");
    each("$_ := buildCustomCert $long $long");
}

#[test]
fn patterns() {
    check(r#"{{regexMatch "(((\\pL{10}){10}){10}\\pL{1000}\\PL{1000}\\pN{1000})" "a"}}"#);
    check(
        r#"{{regexMatch "(\\p{L}{1000}){1}" (repeat 100000 "a")}}{{range 10000}}{{regexMatch (printf "\\pL{900}%v" .) "a"}}{{end}}"#,
    );
    check(r#"{{range 1000000}}{{regexMatch (printf "%v" .) "a"}}{{end}}"#);
    // Looks through the rest of the text from each letter.
    check(r#"{{regexFindAll "a.*b|a" (repeat 1000000 "a") -1 | len}}"#);
    check(r#"{{regexReplaceAll "a[^b]*b|a" (repeat 1000000 "a") "" | len}}"#);
    check(r#"{{regexMatch (repeat 100000 "(") "a"}}{{repeat 9000000 "a"}}"#);
    check(r#"{{regexMatch (repeat 100000 "a*") (repeat 100000 "a")}}"#);
    check(r#"{{range 1000}}{{regexMatch (printf "%v%s" . (repeat 10000 "[^\\pL]")) "a"}}{{end}}"#);
}

#[test]
fn keys_and_passwords() {
    for call in [
        r#"genPrivateKey "rsa""#,
        r#"genPrivateKey "dsa""#,
        r#"genPrivateKey "ecdsa""#,
        r#"genPrivateKey "ed25519""#,
        r#"genCA "a" 1"#,
        r#"genSelfSignedCert "a" nil nil 1"#,
        r#"bcrypt "a""#,
        r#"htpasswd "a" "b""#,
        r#"derivePassword 1 "long" "a" "b" "c""#,
    ] {
        check(&format!(
            "{{{{range 100000}}}}{{{{$_ := {call}}}}}{{{{end}}}}"
        ));
    }
    check(
        r#"{{$ca := genCA "a" 1}}{{range 100000}}{{$_ := genSignedCert "a" nil nil 1 $ca}}{{end}}"#,
    );
}

/// A value that has itself in it 2⁶⁰ times.
const SHARED: &str = "{{$x := dict \"a\" 1}}{{range 60}}{{$x = dict \"a\" $x \"b\" $x}}{{end}}";

#[test]
fn shared_values() {
    for call in [
        "toYaml $x",
        "toYamlPretty $x",
        "toJson $x",
        "toPrettyJson $x",
        "toRawJson $x",
        "toToml $x",
        "mustToJson $x",
        "deepCopy $x",
        "toString $x",
        "quote $x",
        "merge (dict) (deepCopy $x)",
    ] {
        check(&format!("{SHARED}{{{{{call}}}}}"));
    }
    check(&format!(
        "{SHARED}{{{{$y := dict \"a\" 1}}}}{{{{range 60}}}}{{{{$y = dict \"a\" $y \"b\" $y}}}}{{{{end}}}}{{{{deepEqual $x $y}}}}"
    ));
    check(&format!(
        "{SHARED}{{{{$y := dict \"a\" 1}}}}{{{{range 60}}}}{{{{$y = dict \"a\" $y \"b\" $y}}}}{{{{end}}}}{{{{merge $x $y}}}}"
    ));
    check(&format!(
        "{SHARED}{{{{has 1 (list $x)}}}}{{{{uniq (list $x (deepCopy $x))}}}}"
    ));
}

#[test]
fn values_in_themselves() {
    let make = "{{$x := dict}}{{$_ := set $x \"x\" $x}}{{$y := dict}}{{$_ := set $y \"x\" $y}}";
    for call in [
        "toYaml $x",
        "toYamlPretty $x",
        "toJson $x",
        "toToml $x",
        "deepCopy $x",
        "deepEqual $x $y",
        "merge $x $y",
        "mergeOverwrite $x $y",
        "has $x (list $y)",
    ] {
        check(&format!("{make}{{{{{call}}}}}"));
    }
}

#[test]
fn deep_texts() {
    // Helm's readers have their own limits, with an error in the result.
    let reads = |template: &str| {
        let mut functions = Functions::new();
        sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
        let mut set = Set::new(Rc::new(functions));
        set.parse("main", template).unwrap();
        set.execute("main", &Value::nil(), &Options::default())
            .unwrap()
            .text
    };
    for text in [
        r#"repeat 100000 "[""#,
        r#"repeat 100000 "{\"a\":""#,
        r#"print "a: " (repeat 100000 "[") (repeat 100000 "]")"#,
    ] {
        for function in ["fromJson", "fromYaml", "fromToml"] {
            let out = reads(&format!("{{{{({function} ({text})).Error}}}}"));
            assert!(out.len() > 10, "{function} {text}: {out}");
        }
    }
    let toml = r#"print "a = " (repeat 100000 "[") (repeat 100000 "]")"#;
    let out = reads(&format!("{{{{(fromToml ({toml})).Error}}}}"));
    assert!(out.contains("toml"), "{out}");
    // Aliases that stand for 3³⁰ values.
    let aliases = r#"{{$x := "a0: &a0 [x, x]\n"}}{{range $i := until 30}}{{$x = printf "%sa%d: &a%d [*a%d, *a%d, *a%d]\n" $x (add1 $i) (add1 $i) $i $i $i}}{{end}}{{toYaml (fromYaml $x)}}"#;
    let out = reads(aliases);
    assert!(out.contains("aliases"), "{out}");
}
