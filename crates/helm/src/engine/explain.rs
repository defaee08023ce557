//! Errors of templates, in terms of the chart: what is missing or does not fit, where, and what to do.

use gotemplate::{Error as TemplateError, ErrorKind as TemplateErrorKind, Set};

use super::Places;
use crate::error::{Error, ErrorKind, Place};

/// A text that is no template.
pub(super) fn syntax(error: &TemplateError, place: Option<Place>) -> Error {
    let kind = match error.kind {
        TemplateErrorKind::Limit => ErrorKind::TooLarge(error.message.clone()),
        _ => ErrorKind::Template(error.message.clone()),
    };
    let explained = Error {
        place,
        ..Error::from(kind)
    };
    match quoted_in(&error.message, "function ", " not defined") {
        Some("env" | "expandenv") => {
            explained.hint("Helm gives templates no environment variables; pass a value instead")
        }
        Some(name) => explained.hint(format!("Helm has no function '{name}'")),
        None => explained,
    }
}

/// A template that failed.
pub(super) fn execution(error: &TemplateError, places: &Places<'_>, set: &Set) -> Error {
    let mut chain = vec![error];
    while let Some(cause) = chain.last().and_then(|error| error.cause.as_deref()) {
        chain.push(cause);
    }
    let root = *chain.last().unwrap_or(&error);
    let mut found = chain
        .iter()
        .rev()
        .filter_map(|error| error.span.and_then(|span| places.place(span)));
    let place = found.next();
    let through = found.collect();
    let expression = match &place {
        Some((source, span)) => source.slice(span).to_owned(),
        None => String::new(),
    };
    let (kind, hint) = reason(root, &expression, set);
    Error {
        kind,
        place,
        through,
        hint,
    }
}

fn reason(error: &TemplateError, expression: &str, set: &Set) -> (ErrorKind, Option<String>) {
    let message = &*error.message;
    if error.kind == TemplateErrorKind::Limit {
        return (ErrorKind::TooLarge(message.to_owned()), None);
    }
    for function in ["required", "fail"] {
        if let Some(said) = message.strip_prefix(&format!("error calling {function}: ")) {
            let hint = (function == "required").then(|| {
                "the chart needs this value: set it in a file of values or with --set".to_owned()
            });
            return (ErrorKind::Refused(said.trim().to_owned()), hint);
        }
    }
    if error.kind == TemplateErrorKind::Parse {
        return (ErrorKind::Template(message.to_owned()), None);
    }
    if let Some(name) = quoted_in(message, "template ", " not defined")
        .or_else(|| quoted_in(message, "no template ", " associated with"))
    {
        let hint = nearest(name, set).map_or_else(
            || "is the chart that defines it in charts/, and enabled?".to_owned(),
            |near| format!("there is one called '{near}'"),
        );
        let kind = ErrorKind::Template(format!("there is no template '{name}'"));
        return (kind, Some(hint));
    }
    if let Some(field) = message.strip_prefix("nil pointer evaluating interface {}.") {
        let parent = expression
            .strip_suffix(field)
            .and_then(|path| path.strip_suffix('.'));
        let parent = parent.unwrap_or(expression);
        let kind = ErrorKind::Template(format!(
            "'{parent}' is null or missing, so it has no '{field}'"
        ));
        let hint = format!("set '{parent}' in the values, or test it with `if` or `with` first");
        return (kind, Some(hint));
    }
    let message = match expression {
        "" => message.to_owned(),
        expression if expression.contains('\n') || expression.len() > 200 => message.to_owned(),
        expression => format!("{message} in '{expression}'"),
    };
    (ErrorKind::Template(message), None)
}

/// What stands in quotes between two parts of a message.
fn quoted_in<'m>(message: &'m str, before: &str, after: &str) -> Option<&'m str> {
    let rest = message.strip_prefix(before)?;
    let (name, _) = rest.split_once(after)?;
    name.strip_prefix('"')?.strip_suffix('"')
}

/// The template whose name is most like another one.
fn nearest<'s>(name: &str, set: &'s Set) -> Option<&'s str> {
    const LONGEST: usize = 200;
    let near = |known: &&str| {
        name.len().max(known.len()) <= LONGEST && distance(name, known) <= 2 + name.len() / 8
    };
    let names = set.names();
    names
        .into_iter()
        .filter(near)
        .min_by_key(|known| distance(name, known))
}

/// Characters to insert, remove or replace between two names.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, byte) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (at, other) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(byte != other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[right.len()]
}
