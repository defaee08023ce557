//! Values and flags that are written in other files.

use std::sync::Arc;

use document::{Keys, Limits, Role, Source};
use helm::{Chart, Flag, FlagKind, Given, Options, Rendering, render};

use crate::memory::Memory;

fn chart(template: &str) -> Memory {
    Memory::new([
        (
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        ),
        ("web/templates/a.yaml", template),
    ])
}

const APPLICATION: &str = "\
spec:
  source:
    helm:
      parameters:
      - {name: image.tag, value: '1.2'}
      values: |
        replicas: 3
        labels:
          - tier: '{{ .Release.Name }}'
";

fn rendered(template: &str) -> Rendering {
    let folder = chart(template);
    let source = Source::new("application.yaml", APPLICATION);
    let keys = Arc::new(Keys::new([]));
    let limits = Limits::default();
    let application = document::parse_yaml(Arc::clone(&source), &keys, &limits).document;
    let helm = application
        .root(0)
        .and_then(|root| root.get_str("spec")?.get_str("source")?.get_str("helm"))
        .unwrap();
    let values = helm.get_str("values").unwrap();
    let values = document::parse_inside(values, &keys, &limits).unwrap();
    let parameter = helm.get_str("parameters").unwrap().item(0).unwrap();
    let flag = Flag {
        place: Some((source, parameter.get_str("value").unwrap().place().span)),
        ..Flag::new(FlagKind::SetString, "image.tag=1.2")
    };
    let options = Options {
        values: vec![Given::Document(Arc::new(values.document))],
        flags: vec![flag],
        origins: true,
        ..Options::default()
    };
    let chart = Chart::load(&folder, "web", &options.limits).unwrap();
    render(&chart, &options).unwrap()
}

/// What is written where the first cause of the value of `a` lies.
#[track_caller]
fn check(template: &str, printed: &str, cause: &str) {
    let rendering = rendered(template);
    let document = rendering.document.unwrap();
    let node = document.root(0).unwrap().get_str("a").unwrap();
    assert_eq!(node.as_str().unwrap(), printed);
    let found = document.causes(node.origin()).next().unwrap();
    let place = document.place(found.at);
    assert_eq!(found.role, Role::Value);
    assert_eq!(place.source.name(), "application.yaml");
    assert_eq!(place.source.slice(&place.span), cause);
}

#[test]
fn their_origins_are_in_those_files() {
    check("a: {{ .Values.replicas | quote }}\n", "3", "3");
    check("a: {{ .Values.image.tag | quote }}\n", "1.2", "'1.2'");
}

#[test]
fn a_template_in_them_lies_in_the_file() {
    let rendering = rendered("a: {{ tpl (index .Values.labels 0).tier . }}\n");
    let document = rendering.document.unwrap();
    let node = document.root(0).unwrap().get_str("a").unwrap();
    assert_eq!(node.as_str(), Some("release-name"));
    let place = node.place();
    assert_eq!(place.source.name(), "application.yaml");
    assert_eq!(place.source.slice(&place.span), "{{ .Release.Name }}");
}

#[test]
fn a_wrong_flag_is_an_error_there() {
    let folder = chart("");
    let source = Source::new("application.yaml", APPLICATION);
    let options = Options {
        flags: vec![Flag {
            place: Some((source, 0..4)),
            ..Flag::new(FlagKind::Set, "a[x]=1")
        }],
        ..Options::default()
    };
    let chart = Chart::load(&folder, "web", &options.limits).unwrap();
    let error = render(&chart, &options).unwrap_err();
    let (source, span) = error.place.unwrap();
    assert_eq!((source.name(), span), ("application.yaml", 0..4));
}

#[test]
fn renderings_can_be_made_on_many_threads() {
    fn is_send<T: Send>() {}
    is_send::<Rendering>();
    is_send::<helm::Error>();
}
