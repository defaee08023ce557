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

/// What is wrong in a Dockerfile.
pub(crate) fn dockerfile(source: &Arc<Source>, mistakes: Vec<dockerfile::Mistake>) -> Vec<Problem> {
    let problem = |mistake: dockerfile::Mistake| Problem {
        location: Some(Location {
            source: Arc::clone(source),
            span: mistake.span,
        }),
        ..error(
            ProblemKind::DockerfileSyntax,
            source.name(),
            mistake.message,
        )
    };
    mistakes.into_iter().map(problem).collect()
}

/// A Dockerfile with more in it than the limit.
pub(crate) fn dockerfile_limit(source: &Arc<Source>, limit: document::LimitExceeded) -> Problem {
    error(ProblemKind::Nodes, source.name(), limit.to_string())
}

/// A Dockerfile that was named and builds nothing.
pub(crate) fn no_stage(name: &str) -> Problem {
    with_hint(
        error(ProblemKind::NoObject, name, "builds no image"),
        "every stage of a Dockerfile begins with FROM",
    )
}

/// A chart that cannot be rendered. `offers_values`: it brings values that it may need.
pub(crate) fn chart(name: &str, variant: &str, cause: helm::Error, offers_values: bool) -> Problem {
    let with = if variant.is_empty() {
        String::new()
    } else {
        format!(" with {variant}")
    };
    let mut message = format!(
        "the chart '{name}' cannot be rendered{with}: {}",
        cause.kind
    );
    message.push_str(&through(&cause));
    let is_refused = matches!(cause.kind, helm::ErrorKind::Refused(_));
    let hint = if is_refused && offers_values {
        let hint = "set what it needs with `--values FILE` or `--set`; `--helm-ci-values` takes the files in its ci/";
        Some(hint.to_owned())
    } else {
        cause.hint.clone()
    };
    let (file, location) = match cause.place {
        Some((source, span)) => (source.name().to_owned(), Some(location(&source, span))),
        None => (name.to_owned(), None),
    };
    Problem {
        location,
        hint,
        ..error(ProblemKind::NotRendered, &file, message)
    }
}

/// What led to an error in a template: ` (through web/templates/a.yaml:3)`.
fn through(cause: &helm::Error) -> String {
    const MOST: usize = 3;
    let places = cause.through.iter().take(MOST).map(|(source, span)| {
        let line = source.line_column(span.start).line;
        format!("{}:{line}", source.name())
    });
    let places: Vec<_> = places.collect();
    if places.is_empty() {
        return String::new();
    }
    format!(" (through {})", places.join(", "))
}

/// Something that a rendering has and that is no YAML; `None` for what is nothing more than worth knowing.
pub(crate) fn notice(notice: &helm::Notice) -> Option<Problem> {
    let (source, span) = notice.place.as_ref()?;
    Some(Problem {
        location: Some(location(source, span.clone())),
        ..error(
            ProblemKind::NotRendered,
            source.name(),
            notice.message.clone(),
        )
    })
}

/// A file of values that cannot be read.
pub(crate) fn values_file(name: &str, why: &str) -> Problem {
    let message = format!("the values cannot be read: {why}");
    error(ProblemKind::NotRendered, name, message)
}

/// Something that an object deploys from a source that is not in the tree.
pub(crate) fn elsewhere(at: NodeRef<'_>, what: &str) -> Problem {
    let place = at.place();
    Problem {
        level: ProblemLevel::Unknown,
        location: Some(location(place.source, place.span)),
        ..error(
            ProblemKind::Elsewhere,
            place.source.name(),
            format!("{what}, which is not in this tree, so that it was not scanned"),
        )
    }
}

/// An object that cannot deploy what it says.
pub(crate) fn deployment(at: &Location, message: String) -> Problem {
    Problem {
        location: Some(at.clone()),
        ..error(ProblemKind::NotRendered, at.file(), message)
    }
}

/// A path that was to be rendered and is neither a chart nor a kustomization.
pub(crate) fn nothing_to_render(name: &str) -> Problem {
    let message = "is neither a chart nor a kustomization, so there is nothing to render";
    let hint = "name a folder with a Chart.yaml or a kustomization.yaml, or the .tgz of a chart";
    with_hint(error(ProblemKind::NotRendered, name, message), hint)
}

/// A chart that only other charts can use.
pub(crate) fn library(name: &str) -> Problem {
    let message = "is a library chart: it renders to nothing by itself";
    with_hint(
        error(ProblemKind::NotRendered, name, message),
        "name a chart that uses it",
    )
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
