//! The problems that reading inputs can have: every kind and wording in one place.

use std::sync::Arc;

use document::{NodeRef, Source, Span, SyntaxError};
use kustomize::ErrorKind;
use model::{Incomplete, Location, Problem, ProblemKind, ProblemLevel, Resource};
use schema::UnknownApi;

fn error(kind: ProblemKind, file: &str, message: impl Into<String>) -> Problem {
    Problem {
        level: ProblemLevel::Error,
        kind,
        file: file.to_owned(),
        location: None,
        message: message.into(),
        hint: None,
    }
}

fn with_hint(problem: Problem, hint: &str) -> Problem {
    Problem {
        hint: Some(hint.to_owned()),
        ..problem
    }
}

/// A path or glob that stands for nothing.
pub(crate) fn not_found(name: &str, is_glob: bool) -> Problem {
    let what = if is_glob {
        "no file matches"
    } else {
        "there is no such file or folder"
    };
    error(ProblemKind::NotFound, name, what)
}

/// The operating system would not let us read.
pub(crate) fn unreadable(name: &str, cause: std::io::ErrorKind) -> Problem {
    error(
        ProblemKind::Unreadable,
        name,
        format!("cannot be read: {cause}"),
    )
}

/// Named like a manifest (or on the command line), and neither file nor folder.
pub(crate) fn not_a_file(name: &str) -> Problem {
    error(
        ProblemKind::NotAFile,
        name,
        "is neither a regular file nor a folder, so it was not opened",
    )
}

/// A file above the limit.
pub(crate) fn too_large(name: &str, bytes: u64, limit: u32) -> Problem {
    error(
        ProblemKind::Size,
        name,
        format!("the file has {bytes} bytes, the limit is {limit}"),
    )
}

/// A file whose bytes are no text.
pub(crate) fn not_text(name: &str, cause: &document::DecodeError) -> Problem {
    error(ProblemKind::NotText, name, cause.to_string())
}

/// A file named on the command line that holds no object.
pub(crate) fn no_object(name: &str) -> Problem {
    with_hint(
        error(ProblemKind::NoObject, name, "holds no Kubernetes object"),
        "every object has an apiVersion and a kind",
    )
}

/// A folder that only becomes manifests when Helm renders it.
pub(crate) fn chart(name: &str) -> Problem {
    with_hint(
        error(
            ProblemKind::NotRendered,
            name,
            "is a Helm chart, and charts are not rendered yet",
        ),
        "scan the output of `helm template` instead",
    )
}

/// A path that was to be rendered and is neither a chart nor a kustomization.
pub(crate) fn nothing_to_render(name: &str) -> Problem {
    let message = "is no kustomization, so there is nothing to render";
    let hint = "name a folder with a kustomization.yaml";
    with_hint(error(ProblemKind::NotRendered, name, message), hint)
}

/// A kustomization that cannot be built.
pub(crate) fn kustomization(name: &str, cause: kustomize::Error) -> Problem {
    let hint = match &cause.kind {
        ErrorKind::Remote(_) => {
            Some("nothing is fetched: `kustomize localize` makes a copy that needs no network")
        }
        ErrorKind::Restricted { .. } => {
            Some("move the file below the kustomization, or make it a base of its own")
        }
        _ => None,
    };
    let message = format!("the kustomization cannot be built: {}", cause.kind);
    let (file, location) = match cause.place {
        Some((source, span)) => (source.name().to_owned(), Some(location(&source, span))),
        None => (name.to_owned(), None),
    };
    Problem {
        location,
        hint: hint.map(str::to_owned),
        ..error(ProblemKind::NotRendered, &file, message)
    }
}

/// A link inside a chart that leads nowhere, or back to where it came from.
pub(crate) fn link(name: &str, what: &str) -> Problem {
    error(ProblemKind::Link, name, format!("is a link that {what}"))
}

/// A line of an ignore file that means nothing.
pub(crate) fn ignore_file(name: &str, cause: &ignore::Error) -> Problem {
    Problem {
        level: ProblemLevel::Unknown,
        ..error(ProblemKind::IgnoreFile, name, cause.to_string())
    }
}

/// A text that is not YAML or JSON, or too much of it.
pub(crate) fn syntax(source: &Arc<Source>, cause: SyntaxError) -> Problem {
    let hint = cause.hint.map(String::from);
    let is_template = source.text().contains("{{");
    Problem {
        location: Some(location(source, cause.span)),
        hint: hint.or_else(|| {
            is_template.then(|| "this looks like a template: scan what it renders to".to_owned())
        }),
        ..error(cause.kind.into(), source.name(), cause.message)
    }
}

/// An object without its `apiVersion` or `kind`.
pub(crate) fn incomplete(node: NodeRef<'_>, what: Incomplete) -> Problem {
    let place = node.document().place(node.origin());
    let message = match what {
        Incomplete::ApiVersion => "the object has no `apiVersion`",
        Incomplete::Kind => "the object has no `kind`",
        Incomplete::Item => "the item of the list is no object with `apiVersion` and `kind`",
    };
    Problem {
        location: Some(location(place.source, place.span)),
        ..error(ProblemKind::IncompleteObject, place.source.name(), message)
    }
}

/// An object of an API that no version of Kubernetes has.
pub(crate) fn unknown_api(resource: &Resource, unknown: &UnknownApi) -> Problem {
    let Resource {
        kind, api_version, ..
    } = resource;
    let (key, hint) = match unknown {
        UnknownApi::Kind { near } => {
            let near = near.as_ref();
            ("kind", near.map(|near| format!("did you mean `{near}`?")))
        }
        UnknownApi::ApiVersion { near } => (
            "apiVersion",
            Some(format!("the apiVersion of {kind} is `{near}`")),
        ),
    };
    let object = resource.object();
    // Items of typed lists may leave both to their list.
    let node = object.get_str(key).unwrap_or(object);
    let place = node.document().place(node.origin());
    Problem {
        location: Some(location(place.source, place.span)),
        hint,
        ..error(
            ProblemKind::UnknownApi,
            place.source.name(),
            format!(
                "Kubernetes has no `{kind}` in `{api_version}`, so the API server refuses it and most controls pass it over"
            ),
        )
    }
}

fn location(source: &Arc<Source>, span: Span) -> Location {
    Location {
        source: Arc::clone(source),
        span,
    }
}

/// Orders problems by file, place, kind and message; several renderings meet the same one.
pub(crate) fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by(|left, right| {
        let start = |problem: &Problem| problem.location.as_ref().map(|at| at.span.start);
        (&left.file, start(left), left.kind, &left.message).cmp(&(
            &right.file,
            start(right),
            right.kind,
            &right.message,
        ))
    });
    problems.dedup_by(|left, right| {
        let span = |problem: &Problem| problem.location.as_ref().map(|at| at.span.clone());
        let what = |problem: &Problem| (problem.level, problem.kind, span(problem));
        what(left) == what(right) && left.file == right.file && left.message == right.message
    });
}
