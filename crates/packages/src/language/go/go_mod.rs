//! `go.mod`: the module, what it requires, and what is replaced.

use std::collections::HashMap;

use super::module;
use crate::list::List;
use crate::package::{Package, Relationship};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "go-mod",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["go.mod"]),
    read,
};

/// One directive, its words without quotes.
struct Directive<'a> {
    line: u32,
    words: Vec<&'a str>,
    comment: &'a str,
}

#[derive(Clone, Copy)]
struct Required<'a> {
    path: &'a str,
    version: &'a str,
    line: u32,
    is_direct: bool,
}

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let mut list = List::default();
    let mut required: Vec<Required<'_>> = Vec::new();
    let mut replaced: HashMap<(&str, &str), (&str, &str)> = HashMap::new();
    let mut root = None;
    let mut is_pruned = false;
    let mut tools = None;
    for directive in directives(&text) {
        match directive.words[..] {
            ["module", path] => {
                let mut package = module(path, "").ok_or_else(|| {
                    ReadError::in_line(directive.line, "expected the path of a module")
                })?;
                package.relationship = Some(Relationship::Root);
                package.lines.push((directive.line, directive.line));
                root = Some(list.add("", package));
            }
            ["go", version] => {
                is_pruned = has_all(version);
                tools.get_or_insert((version, directive.line));
            }
            ["toolchain", version] => tools = Some((version, directive.line)),
            ["require", path, version] => required.push(Required {
                path,
                version,
                line: directive.line,
                is_direct: directive.comment.trim() != "indirect",
            }),
            ["replace", path, "=>", other] => {
                replaced.insert((path, ""), (other, ""));
            }
            ["replace", path, "=>", other, version] => {
                replaced.insert((path, ""), (other, version));
            }
            ["replace", path, from, "=>", other] => {
                replaced.insert((path, from), (other, ""));
            }
            ["replace", path, from, "=>", other, version] => {
                replaced.insert((path, from), (other, version));
            }
            ["require" | "replace" | "module", ..] => {
                let message = format!(
                    "expected a path and a version after '{}'",
                    directive.words[0]
                );
                return Err(ReadError::in_line(directive.line, message));
            }
            _ => {}
        }
    }
    // Before 1.17 what others need is here only by chance, and `go.sum` has it.
    let told = required
        .into_iter()
        .filter(|required| is_pruned || required.is_direct);
    for required in told {
        let replacement = replaced
            .get(&(required.path, required.version))
            .or_else(|| replaced.get(&(required.path, "")));
        let Some(package) = required_package(required, replacement) else {
            continue;
        };
        let id = package.purl.clone();
        list.add(id.as_str(), package);
        if let Some(root) = root.filter(|_| required.is_direct) {
            list.need(root, id);
        }
    }
    Ok(Told {
        at_least: tools
            .and_then(|(version, line)| library(version, line))
            .into_iter()
            .collect(),
        is_partial: !is_pruned,
        ..list.told()
    })
}

/// The library of the oldest Go that may build the module; before 1.21 the file does not bind it.
fn library(version: &str, line: u32) -> Option<Package> {
    let version = version.strip_prefix("go").unwrap_or(version);
    let version = version.split('-').next().unwrap_or(version);
    let mut numbers = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    if (numbers.next(), numbers.next()) < (Some(1), Some(21)) {
        return None;
    }
    let is_short =
        version.bytes().filter(|&byte| byte == b'.').count() < 2 && !version.contains("rc");
    let patch = if is_short { ".0" } else { "" };
    let mut package = module("stdlib", &format!("v{version}{patch}"))?;
    package.lines.push((line, line));
    package.relationship = Some(Relationship::Direct);
    Some(package)
}

/// Whether a module of this version of Go lists all that it is built of.
fn has_all(go: &str) -> bool {
    let mut numbers = go.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next(), numbers.next()) >= (Some(1), Some(17))
}

/// What a requirement brings; none where a folder stands in its place.
fn required_package(required: Required<'_>, other: Option<&(&str, &str)>) -> Option<Package> {
    let mut package = match other {
        Some((folder, "")) if is_folder(folder) => return None,
        Some((path, "")) => module(path, required.version),
        Some((path, version)) => module(path, version),
        None => module(required.path, required.version),
    }?;
    package.lines.push((required.line, required.line));
    package.relationship = Some(if required.is_direct {
        Relationship::Direct
    } else {
        Relationship::Indirect
    });
    Some(package)
}

fn is_folder(path: &str) -> bool {
    path.starts_with(['.', '/', '\\']) || path.get(1..3) == Some(":\\")
}

/// The directives, each with its verb, those in parentheses too.
fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    let mut block = None;
    let lines = text.trim_start_matches('\u{FEFF}').lines();
    lines.zip(1..).filter_map(move |(line, number)| {
        let (line, comment) = line.split_once("//").unwrap_or((line, ""));
        let mut words: Vec<_> = line
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '`']))
            .collect();
        match words[..] {
            [] => return None,
            [verb, "("] => {
                block = Some(verb);
                return None;
            }
            [")"] => {
                block = None;
                return None;
            }
            _ => {}
        }
        if let Some(verb) = block {
            words.insert(0, verb);
        }
        Some(Directive {
            line: number,
            words,
            comment,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn replaced_modules_are_the_others_and_folders_are_none() {
        let text = "module example.org/own\n\ngo 1.22\n\nrequire (\n\texample.org/A v1.0.0\n\texample.org/b v1.2.3 // indirect\n\texample.org/c v0.1.0\n)\nreplace example.org/b => example.net/bb v1.2.4\nreplace (\n example.org/c v0.1.0 => ../c\n)\n";
        assert_eq!(
            tree(&told(READER, "go.mod", text)),
            "pkg:golang/example.org/own 1 root -> A@v1.0.0\n\
             pkg:golang/example.org/A@v1.0.0 6 direct\n\
             pkg:golang/example.net/bb@v1.2.4 7 indirect\n"
        );
    }

    #[test]
    fn before_1_17_the_file_is_not_all() {
        let text = "module m\ngo 1.16\nrequire example.org/a v1.0.0\nrequire example.org/b v1.0.0 // indirect\n";
        let old = told(READER, "go.mod", text);
        assert_eq!((old.packages.len(), old.is_partial), (2, true));
        let new = told(READER, "go.mod", &text.replace("1.16", "1.17"));
        assert_eq!((new.packages.len(), new.is_partial), (3, false));
    }

    #[test]
    fn the_toolchain_says_which_library_at_least() {
        let library = |text: &str| {
            let told = told(READER, "go.mod", text);
            told.at_least
                .into_iter()
                .map(|package| package.purl)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            library("module m\ngo 1.22\n"),
            ["pkg:golang/stdlib@v1.22.0"]
        );
        assert_eq!(
            library("module m\ngo 1.21.0\ntoolchain go1.22.5-custom\n"),
            ["pkg:golang/stdlib@v1.22.5"]
        );
        assert!(library("module m\ngo 1.20\n").is_empty());
    }

    #[test]
    fn a_requirement_without_a_version_is_an_error_with_its_line() {
        let bytes = b"module m\nrequire example.org/a\n";
        let error = (READER.read)(&File {
            path: "go.mod",
            bytes,
        })
        .unwrap_err();
        assert_eq!(error.at, Some((2, 1)));
    }
}
