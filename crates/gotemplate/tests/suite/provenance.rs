//! Bytes of the output lead back to nodes, calls, conditions and values.

use std::rc::Rc;

use gotemplate::{
    FrameKind, Function, Functions, Map, Options, Origin, Rendered, Set, Signature, Span, Type,
    Value,
};

/// `include`, `tpl` and `nindent` in small.
fn functions() -> Rc<Functions> {
    let mut functions = Functions::new();
    let include = Signature::new(&[Type::String, Type::Any]);
    functions.define(
        "include",
        Function::new(include, |context, arguments| {
            let name = arguments[0].as_str().unwrap_or_default().to_owned();
            context.execute(&name, &arguments[1])
        }),
    );
    functions.define(
        "tpl",
        Function::new(include, |context, arguments| {
            let name = Rc::clone(context.template_name());
            context.execute_text(&name, &arguments[0], &arguments[1])
        }),
    );
    functions.define(
        "indent",
        Function::new(
            Signature::new(&[Type::String, Type::String]),
            |context, arguments| {
                let (padding, text) = (&arguments[0], &arguments[1]);
                let mut edit = context.edit();
                let input = text.as_str().unwrap_or_default();
                let mut start = 0;
                for line in input.split_inclusive('\n') {
                    edit.insert(padding.as_str().unwrap_or_default());
                    edit.keep(input, start..start + line.len());
                    start += line.len();
                }
                Ok(context.edited(text, edit))
            },
        ),
    );
    functions.define(
        "default",
        Function::new(Signature::new(&[Type::Any, Type::Any]), |_, arguments| {
            let chosen = usize::from(arguments[1].is_true());
            Ok(std::mem::take(&mut arguments[chosen]).with_origin(Origin::NONE))
        }),
    );
    Rc::new(functions)
}

fn at(number: u32, value: impl Into<Value>) -> Value {
    value.into().with_origin(Origin::source(number))
}

fn data() -> Value {
    let image = Map::from_iter([("tag", at(11, "v1")), ("repo", at(12, "nginx"))]);
    Map::from_iter([
        ("image", at(10, image)),
        ("on", at(1, true)),
        ("off", at(2, false)),
        ("list", at(20, Value::list(vec![at(21, "a"), at(22, "b")]))),
        ("template", at(30, "<{{.image.tag}}>")),
        ("bare", Map::from_iter([("x", Value::from("y"))]).into()),
    ])
    .into()
}

fn render(sources: &[(&str, &str)]) -> (Set, Rendered) {
    let mut set = Set::new(functions());
    for (name, text) in sources {
        set.parse(name, *text).unwrap();
    }
    let options = Options {
        trace: true,
        ..Options::default()
    };
    let rendered = set.execute(sources[0].0, &data(), &options).unwrap();
    (set, rendered)
}

#[test]
fn a_function_writes_at_its_own_call_whatever_it_executed() {
    let mut functions = Functions::new();
    let wrap = Signature::new(&[Type::String, Type::Any]);
    functions.define(
        "wrap",
        Function::new(wrap, |context, arguments| {
            let name = std::mem::take(&mut arguments[0]);
            let text = context.execute(name.as_str().unwrap_or_default(), &arguments[1])?;
            let mut edit = context.edit();
            let input = text.as_str().unwrap_or_default();
            edit.insert("<");
            edit.keep(input, 0..input.len());
            edit.insert_from(">", arguments[1].origin());
            Ok(context.edited(&text, edit))
        }),
    );
    let mut set = Set::new(Rc::new(functions));
    set.parse(
        "main",
        "{{wrap \"t\" .on}}{{define \"t\"}}{{print 1}}{{end}}",
    )
    .unwrap();
    let options = Options {
        trace: true,
        ..Options::default()
    };
    let rendered = set.execute("main", &data(), &options).unwrap();
    assert_eq!(rendered.text, "<1>");
    let trace = rendered.trace.as_ref().unwrap();
    let written: Vec<_> = trace
        .pieces()
        .map(|piece| (text_of(&set, &rendered, piece.span()), piece.sources()))
        .collect();
    let call = "wrap \"t\" .on";
    assert_eq!(
        written,
        [(call, vec![]), ("{{print 1}}", vec![]), (call, vec![1])]
    );
}

/// Checks what the first byte of `part` was decided by.
fn check(template: &str, part: &str, expected: &[u32]) {
    let (_, rendered) = render(&[("main", template)]);
    let offset = rendered
        .text
        .find(part)
        .unwrap_or_else(|| panic!("{part} in {}", rendered.text));
    let piece = rendered.trace.as_ref().unwrap().at(offset).unwrap();
    assert_eq!(piece.sources(), expected, "{template}: {part}");
}

fn text_of<'a>(set: &'a Set, rendered: &'a Rendered, span: Span) -> &'a str {
    let source = rendered.source(set, span.source).unwrap();
    &source.text[span.start as usize..span.end as usize]
}

#[test]
fn values_keep_their_sources() {
    check("a {{.image.tag}}", "v1", &[11]);
    check("a {{.image.tag}}", "a", &[]);
    check("{{$x := .image}}{{$x.tag}}", "v1", &[11]);
    check("{{with .image}}{{.tag}}{{end}}", "v1", &[11, 10]);
    check(
        "{{printf \"%s:%s\" .image.repo .image.tag}}",
        "nginx",
        &[12, 11],
    );
    check("{{.image.tag | printf \"%q\"}}", "\"v1\"", &[11]);
    check("{{.image.nope | default .image.tag}}", "v1", &[11]);
    check("{{.image.repo | default .image.tag}}", "nginx", &[11, 12]);
    check("{{index .image \"tag\"}}", "v1", &[11]);
    check("{{index .list 1}}", "b", &[22]);
    check("{{len .list}}", "2", &[20]);
    check("{{or .off .image.tag}}", "v1", &[11, 2]);
    check("{{.image}}", "map", &[10]);
}

#[test]
fn conditions_and_loops_decide_too() {
    check("{{if .on}}yes{{end}}", "yes", &[1]);
    check("{{if .off}}yes{{else}}no{{end}}", "no", &[2]);
    check("{{if .off}}a{{else if .on}}b{{end}}", "b", &[1, 2]);
    check(
        "{{if and .on (eq .image.tag \"v1\")}}b{{end}}",
        "b",
        &[11, 1],
    );
    check("{{range .list}}-{{.}}{{end}}", "-", &[21, 20]);
    check("{{range .list}}-{{.}}{{end}}", "a", &[21, 20]);
    check(
        "{{range $i, $e := .list}}{{if .}}{{$e}}{{end}}{{end}}",
        "b",
        &[22, 20],
    );
    check("{{if .on}}{{with .bare}}{{.x}}{{end}}{{end}}", "y", &[1]);
    check("{{$x := 5}}{{if .on}}{{$x = 7}}{{end}}{{$x}}", "7", &[1]);
    check("{{$x := 5}}{{if .off}}{{$x = 7}}{{end}}{{$x}}", "5", &[]);
}

#[test]
fn pieces_know_their_nodes_and_calls() {
    let main = "spec:\n{{ include \"labels\" . | indent \"  \" }}\nend";
    let helper =
        "{{ define \"labels\" }}app: x\n{{ if .on -}}\ntag: {{ .image.tag }}{{ end }}{{ end }}";
    let (set, rendered) = render(&[("main", main), ("helpers", helper)]);
    assert_eq!(rendered.text, "spec:\n  app: x\n  tag: v1\nend");
    let trace = rendered.trace.as_ref().unwrap();
    let piece = trace.at(rendered.text.find("v1").unwrap()).unwrap();
    assert_eq!(text_of(&set, &rendered, piece.span()), "{{ .image.tag }}");
    assert_eq!(piece.sources(), [11, 1]);
    let frames: Vec<_> = piece
        .frames()
        .map(|frame| (frame.kind, text_of(&set, &rendered, frame.span)))
        .collect();
    assert_eq!(
        frames,
        [
            (FrameKind::Branch, "{{ if .on -}}"),
            (FrameKind::Call, "include \"labels\" .")
        ]
    );
    let indent = trace.at(6).unwrap();
    assert_eq!(text_of(&set, &rendered, indent.span()), "indent \"  \"");
    let end = trace.at(rendered.text.len() - 1).unwrap();
    assert_eq!(text_of(&set, &rendered, end.span()), "\nend");
    assert_eq!(end.frames().count(), 0);
}

#[test]
fn text_is_known_to_the_byte_and_frames_to_their_parents() {
    let main = "{{ include \"labels\" . | indent \"  \" }}";
    let helper = "{{ define \"labels\" }}{{ if .on }}app: x\nb: {{ .off }}\n{{ end }}{{ end }}";
    let (set, rendered) = render(&[("main", main), ("helpers", helper)]);
    assert_eq!(rendered.text, "  app: x\n  b: false\n");
    let trace = rendered.trace.as_ref().unwrap();
    let pieces: Vec<_> = trace
        .pieces()
        .map(|piece| (text_of(&set, &rendered, piece.span()), piece.is_text()))
        .collect();
    let (call, action) = ("indent \"  \"", "{{ .off }}");
    let expected = [
        (call, false),
        ("app: x\n", true),
        (call, false),
        ("b: ", true),
        (action, false),
        ("\n", true),
    ];
    assert_eq!(pieces, expected);
    let inner = trace.at(2).unwrap().frame().unwrap();
    let branch = trace.frame(inner).unwrap();
    assert_eq!(branch.kind, FrameKind::Branch);
    let call = trace.frame(branch.parent.unwrap()).unwrap();
    assert_eq!((call.kind, call.parent), (FrameKind::Call, None));
    assert_eq!(trace.at(0).unwrap().frame(), None);
}

#[test]
fn text_with_a_hole_is_no_text_of_its_span() {
    let (_, mut rendered) = render(&[("main", "ab<no value>cd{{ .on }}ef")]);
    rendered.remove("<no value>");
    assert_eq!(rendered.text, "abcdtrueef");
    let trace = rendered.trace.as_ref().unwrap();
    let pieces: Vec<_> = trace
        .pieces()
        .map(|piece| (&rendered.text[piece.range()], piece.is_text()))
        .collect();
    assert_eq!(pieces, [("abcd", false), ("true", false), ("ef", true)]);
}

#[test]
fn templates_in_values_lead_to_the_value() {
    let (set, rendered) = render(&[("main", "{{ tpl .template . }}")]);
    assert_eq!(rendered.text, "<v1>");
    let piece = rendered.trace.as_ref().unwrap().at(1).unwrap();
    assert_eq!(text_of(&set, &rendered, piece.span()), "{{.image.tag}}");
    assert_eq!(piece.sources(), [11]);
    let source = rendered.source(&set, piece.span().source).unwrap();
    assert_eq!(
        rendered.trace.as_ref().unwrap().sources(source.origin),
        [30]
    );
}

#[test]
fn rendered_texts_keep_their_sources_as_values() {
    let helper = "{{ define \"name\" }}{{ .image.repo }}-{{ .image.tag }}{{ end }}";
    let (_, rendered) = render(&[
        ("main", "{{ include \"name\" . | printf \"%q\" }}"),
        ("helpers", helper),
    ]);
    let piece = rendered.trace.as_ref().unwrap().at(0).unwrap();
    assert_eq!(piece.sources(), [12, 11]);
}

#[test]
fn what_is_removed_takes_no_bytes_of_others_along() {
    let template = "a: {{.nope}}|{{.image.tag}}<no{{/**/}} value>{{.image.repo}}{{.nope}}";
    let (_, mut rendered) = render(&[("main", template)]);
    assert_eq!(rendered.text, "a: <no value>|v1<no value>nginx<no value>");
    rendered.remove("<no value>");
    assert_eq!(rendered.text, "a: |v1nginx");
    let trace = rendered.trace.as_ref().unwrap();
    let pieces: Vec<_> = trace
        .pieces()
        .map(|piece| (&rendered.text[piece.range()], piece.sources()))
        .collect();
    let expected = [
        ("a: ", vec![]),
        ("|", vec![]),
        ("v1", vec![11]),
        ("nginx", vec![12]),
    ];
    assert_eq!(pieces, expected);
}

#[test]
fn nothing_is_kept_unless_asked_for() {
    let mut set = Set::new(functions());
    set.parse("main", "{{.image.tag}}").unwrap();
    let rendered = set.execute("main", &data(), &Options::default()).unwrap();
    assert!(rendered.trace.is_none());
    assert_eq!(rendered.text, "v1");
}

#[test]
fn conditions_inside_of_a_rendered_text_decide_what_is_made_of_it() {
    let helper = "{{ define \"name\" }}{{ if .on }}{{ .image.tag }}{{ end }}{{ end }}";
    let (_, rendered) = render(&[
        ("main", "{{ if eq (include \"name\" .) \"v1\" }}x{{ end }}"),
        ("helpers", helper),
    ]);
    let piece = rendered.trace.as_ref().unwrap().at(0).unwrap();
    assert_eq!(piece.sources(), [11, 1]);
}

/// Functions that make one text of several, and that say what else decided a text.
fn joining() -> Rc<Functions> {
    let mut functions = Functions::new();
    let include = Signature::new(&[Type::String, Type::Any]);
    functions.define(
        "include",
        Function::new(include, |context, arguments| {
            let name = arguments[0].as_str().unwrap_or_default().to_owned();
            context.execute(&name, &arguments[1])
        }),
    );
    functions.define(
        "join",
        Function::new(
            Signature::variadic(&[Type::String]),
            |context, arguments| {
                let mut edit = context.edit();
                for value in arguments.iter() {
                    edit.insert("/");
                    edit.insert_from(value.as_str().unwrap_or_default(), value.origin());
                }
                Ok(context.edited(&Value::nil(), edit))
            },
        ),
    );
    functions.define(
        "choose",
        Function::new(
            Signature::new(&[Type::String, Type::Bool]),
            |context, arguments| {
                let by = arguments[1].origin();
                Ok(context.decided(std::mem::take(&mut arguments[0]), by))
            },
        ),
    );
    Rc::new(functions)
}

#[test]
fn rendered_texts_keep_their_nodes_when_they_are_joined_or_chosen() {
    let mut set = Set::new(joining());
    let main = "{{ choose (join (include \"a\" .) .image.tag (include \"a\" .)) .on }}";
    set.parse("main", main).unwrap();
    set.parse("a", "{{ define \"a\" }}x{{ .image.repo }}{{ end }}")
        .unwrap();
    let options = Options {
        trace: true,
        ..Options::default()
    };
    let rendered = set.execute("main", &data(), &options).unwrap();
    assert_eq!(rendered.text, "/xnginx/v1/xnginx");
    let trace = rendered.trace.as_ref().unwrap();
    let written: Vec<_> = trace
        .pieces()
        .map(|piece| {
            (
                &rendered.text[piece.range()],
                text_of(&set, &rendered, piece.span()),
                piece.sources(),
            )
        })
        .collect();
    let join = "join (include \"a\" .) .image.tag (include \"a\" .)";
    let repo = "{{ .image.repo }}";
    let expected = [
        ("/", join, vec![1]),
        ("x", "x", vec![1]),
        ("nginx", repo, vec![12, 1]),
        ("/", join, vec![1]),
        ("v1", join, vec![11, 1]),
        ("/", join, vec![1]),
        ("x", "x", vec![1]),
        ("nginx", repo, vec![12, 1]),
    ];
    assert_eq!(written, expected);
}
