//! The problems of reading a cluster: what was not scanned, and what to allow.

use model::{Problem, ProblemKind, ProblemLevel};

use crate::api::{Failure, one_line};
use crate::served::Served;

fn problem(kind: ProblemKind, file: &str, message: String, hint: Option<String>) -> Problem {
    Problem {
        level: ProblemLevel::Error,
        kind,
        file: file.to_owned(),
        location: None,
        message,
        hint,
    }
}

/// A list, or a single object (`verb` says which), that could not be had.
pub(crate) fn not_read(
    file: &str,
    verb: &str,
    served: &Served,
    namespace: Option<&str>,
    failure: &Failure,
) -> Problem {
    let what = format!("`{}`", served.full_name());
    let place = match namespace {
        Some(namespace) => format!("namespace `{namespace}`"),
        None if served.is_namespaced => "all namespaces".to_owned(),
        None => "the cluster".to_owned(),
    };
    match failure {
        Failure::Forbidden(_) => {
            let message = format!(
                "the API server refuses to {verb} {what} in {place}: they were not scanned"
            );
            let hint = format!(
                "allow `{verb}` on resource `{}` of API group `{}` in {place}; `seawall cluster permissions` prints all that is needed",
                served.plural, served.group
            );
            problem(ProblemKind::Forbidden, file, message, Some(hint))
        }
        failure => {
            let message = format!(
                "cannot {verb} {what} in {place}, so that they were not scanned: {failure}"
            );
            problem(ProblemKind::ListFailed, file, message, None)
        }
    }
}

/// An API group whose server does not say what it serves.
pub(crate) fn no_discovery(file: &str, group: &str, reason: &str) -> Problem {
    let message = format!("API group `{group}` was not scanned: {reason}");
    let hint = "look at its APIService: `kubectl get apiservices`";
    problem(
        ProblemKind::ListFailed,
        file,
        message,
        Some(hint.to_owned()),
    )
}

/// Metrics that could not be had.
pub(crate) fn no_metrics(file: &str, failure: &Failure) -> Problem {
    let what = "so that its feature gates are not known";
    match failure {
        Failure::Forbidden(_) => {
            let message = format!("the API server refuses to say its metrics, {what}");
            let hint = "allow `get` on the path `/metrics`; `seawall cluster permissions --feature-gates` prints all that is needed";
            problem(ProblemKind::Forbidden, file, message, Some(hint.to_owned()))
        }
        failure => {
            let message = format!("the API server does not say its metrics, {what}: {failure}");
            problem(ProblemKind::ListFailed, file, message, None)
        }
    }
}

/// An item of a list that is no object.
pub(crate) fn no_object(file: &str, served: &Served, position: usize) -> Problem {
    let message = format!(
        "item {position} of a list of `{}` is no object with a name",
        served.full_name()
    );
    problem(ProblemKind::ListFailed, file, message, None)
}

/// A snapshot, or a line of it, that cannot be read.
pub(crate) fn damaged(file: &str, line: Option<usize>, reason: &str) -> Problem {
    let place = line.map_or(String::new(), |line| format!("line {line}: "));
    let message = format!("{place}{}", one_line(reason));
    problem(ProblemKind::Snapshot, file, message, None)
}
