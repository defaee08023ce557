//! What must hold for any texts given to the functions that read foreign ones: nothing panics or hangs, an
//! execution that traces writes the same, and what was read is read again from what is written of it.

use std::rc::Rc;

use gotemplate::{Functions, Limits, Map, Options, Origin, Set, Value};
use sprig::Environment;

/// The first byte of an input chooses one; the rest of the input are the texts, line by line: `.a`, `.b`, and
/// the last one, `.c`, may have several lines.
const TEMPLATES: &[&str] = &[
    "{{ $x := fromYaml .c }}{{ if not (hasKey $x \"Error\") }}{{ toJson $x }}\x01{{ (toYaml (dict \"k\" $x \"z\" 1) | fromYaml).k | toJson }}{{ end }}",
    "{{ $x := fromYamlArray .c }}{{ toYaml $x }}{{ toYamlPretty $x }}",
    "{{ $x := dict \"k\" .c \"z\" 1 }}{{ toJson $x }}\x01{{ toYaml $x | fromYaml | toJson }}",
    "{{ $x := dict .a (list .b (dict .b .c)) }}{{ toJson $x }}\x01{{ toJson $x | fromJson | toJson }}",
    "{{ $x := dict .a (list .b (dict .b .c)) }}{{ toJson $x }}\x01{{ toToml $x | fromToml | toJson }}",
    "{{ $x := fromJson .c }}{{ if not (hasKey $x \"Error\") }}{{ toJson $x }}\x01{{ toPrettyJson $x | fromJson | toJson }}{{ end }}",
    "{{ $x := fromToml .c }}{{ if not (hasKey $x \"Error\") }}{{ $y := toToml $x }}{{ $y }}\x01{{ fromToml $y | toToml }}{{ end }}",
    "{{ fromJsonArray .c | toRawJson }}{{ mustFromJson .c | toYaml }}",
    "{{ mustRegexMatch .a .c }}{{ mustRegexFind .a .c }}{{ mustRegexFindAll .a .c -1 }}{{ mustRegexSplit .a .c -1 }}",
    "{{ mustRegexReplaceAll .a .c .b }}{{ mustRegexReplaceAllLiteral .a .c .b }}{{ regexMatch (regexQuoteMeta .c) .c }}",
    "{{ mustToDate .a .c | date .b }}{{ htmlDate .a }}{{ dateInZone .a 0 .b }}",
    "{{ duration .a }}{{ durationRound .b }}{{ mustToDuration .c }}",
    "{{ must_date_modify .a (toDate \"2006-01-02\" \"2024-02-29\") }}{{ ago .b }}",
    "{{ $x := urlParse .c }}{{ urlJoin $x }}{{ toJson $x }}",
    "{{ semverCompare .a .c }}",
    "{{ $x := semver .c }}{{ $x.Major }}{{ $x.Original }}{{ $x.IncMinor }}{{ $x.Compare (semver .a) }}",
    "{{ snakecase .c }}{{ kebabcase .c }}{{ camelcase .c }}{{ title .c }}{{ untitle .c }}{{ initials .c }}{{ nospace .c }}{{ swapcase .c }}",
    "{{ wrap 5 .c }}{{ wrapWith 3 .a .c }}{{ abbrev 7 .c }}{{ abbrevboth 5 10 .c }}{{ trunc 5 .c }}{{ trunc -5 .c }}{{ substr 2 5 .c }}",
    "{{ b64dec .c }}{{ b32dec .c }}{{ b64enc .c }}\x02{{ b64enc .c | b64dec }}{{ decryptAES .a .c }}",
    "{{ int .a }}{{ int64 .a }}{{ float64 .a }}{{ toDecimal .a }}{{ add .a .b }}{{ addf .a .b }}{{ round .a 2 }}{{ max .a .b }}{{ atoi .a }}",
    "{{ nindent 3 .c }}{{ indent 2 .c }}{{ quote .c .a }}{{ squote .b }}{{ cat .a .b .c }}{{ replace .a .b .c }}{{ trimAll .a .c }}{{ trimPrefix .a .c }}{{ trim .c }}",
    "{{ splitList .a .c | join .b }}{{ split .a .c }}{{ splitn .a 2 .c }}{{ sortAlpha (splitList .a .c) }}{{ repeat 2 .c }}{{ contains .a .c }}",
    "{{ base .c }}{{ dir .c }}{{ clean .c }}{{ ext .c }}{{ isAbs .c }}{{ osBase .c }}{{ osDir .c }}{{ osClean .c }}{{ osExt .c }}",
    "{{ genCAWithKey .a 1 .c }}",
    "{{ buildCustomCert .a .c }}",
    "{{ genSignedCertWithKey .a (list .b) (list .c) 3 (genCAWithKey \"a\" 1 (genPrivateKey \"ed25519\")) (genPrivateKey \"ecdsa\") }}",
    "{{ dig .a .b .c (dict .a (dict .b .c)) }}{{ pluck .a (dict .a 1) }}{{ coalesce .a .b .c }}{{ default .a .b }}{{ ternary .a .b true }}",
];

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let Some((choice, Ok(text))) = data
        .split_first()
        .map(|(choice, text)| (choice, std::str::from_utf8(text)))
    else {
        return;
    };
    let template = TEMPLATES[usize::from(choice.wrapping_sub(b'A')) % TEMPLATES.len()];
    let mut texts = text.splitn(3, '\n');
    let (a, b) = (texts.next().unwrap_or(""), texts.next().unwrap_or(""));
    let c = texts.next().unwrap_or(a);
    let plain = render(template, [a, b, c], false);
    assert_eq!(plain, render(template, [a, b, c], true), "{template}");
    let Ok(output) = plain else {
        return;
    };
    if let Some((written, again)) = output.split_once('\x01') {
        // A text that cannot be written is empty, go-yaml takes some letters for line breaks, and writes the key
        // of a merge as if it were one.
        let breaks = ['\u{85}', '\u{2028}', '\u{2029}', '\x01'];
        let has_breaks = text.contains(breaks) || written.contains(breaks);
        let has_breaks = has_breaks || written.contains("\\u003c\\u003c");
        let is_lost = matches!(again, "" | "{}" | "null") || has_breaks || again.contains("Error");
        assert!(is_lost || written == again, "{written:?} but {again:?}");
    }
}

fn render(template: &str, texts: [&str; 3], trace: bool) -> Result<String, String> {
    let mut functions = Functions::new();
    let environment = Environment::seeded(1).with_effort(10);
    sprig::define(&mut functions, &Rc::new(environment));
    let mut set = Set::new(Rc::new(functions));
    set.parse("main", template).expect("the templates parse");
    let names = ["a", "b", "c"];
    let values = names.iter().zip(texts).zip(1..);
    let data: Map = values
        .map(|((name, text), number)| {
            (*name, Value::from(text).with_origin(Origin::source(number)))
        })
        .collect();
    let options = Options {
        limits: Limits {
            steps: 200_000,
            bytes: 1 << 20,
            ..Limits::default()
        },
        trace,
        ..Options::default()
    };
    let rendered = set
        .execute("main", &data.into(), &options)
        .map_err(|error| error.to_string())?;
    if let Some(trace) = &rendered.trace {
        let mut end = 0;
        for piece in trace.pieces() {
            assert_eq!(piece.range().start, end, "{template}");
            end = piece.range().end;
        }
        assert_eq!(end, rendered.text.len(), "{template}");
    }
    Ok(rendered.text)
}
