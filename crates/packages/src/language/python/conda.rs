//! Conda: `environment.yml` with what is asked for, `conda-meta/*.json` with what is installed.

use document::{Kind, NodeRef};

use crate::list::{self, List};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const ENVIRONMENT: Reader = Reader {
    id: "conda-environment",
    version: 1,
    wants: |entry: &Entry<'_>| matches!(entry.name(), "environment.yml" | "environment.yaml"),
    read: environment,
};

pub(super) const INSTALLED: Reader = Reader {
    id: "conda-meta",
    version: 1,
    wants: |entry: &Entry<'_>| {
        entry.path.rsplit('/').nth(1) == Some("conda-meta") && entry.extension() == Some("json")
    },
    read: installed,
};

fn environment(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::yaml(file)?;
    let root = text::mapping(&document, "a conda environment")?;
    let mut list = List::default();
    for entry in root.items_at("dependencies") {
        match entry.kind() {
            Kind::String => add("conda", entry, &mut list)?,
            // Another package manager.
            Kind::Mapping => {
                for other in entry.entries() {
                    let kind = if other.name() == "pip" {
                        "pypi"
                    } else {
                        "generic"
                    };
                    if other.value.kind() != Kind::Sequence {
                        let message =
                            format!("expected a list of packages under '{}'", other.name());
                        return Err(ReadError::at(other.value, message));
                    }
                    for item in other.value.items() {
                        add(kind, item, &mut list)?;
                    }
                }
            }
            _ => {
                return Err(ReadError::at(
                    entry,
                    "expected a package or a list of a package manager",
                ));
            }
        }
    }
    Ok(list.told())
}

/// Adds `name=version=build`, `name==version`, `name version build` or a name alone; a range is no version.
fn add(kind: &str, node: NodeRef<'_>, list: &mut List) -> Result<(), ReadError> {
    let text = node
        .as_str()
        .ok_or_else(|| ReadError::at(node, "expected the name of a package"))?;
    // A channel may come first: `conda-forge::numpy`.
    let text = text.rsplit("::").next().unwrap_or(text);
    let end = text
        .find([' ', '=', '<', '>', '!', '~', '['])
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let version = if rest.starts_with(['<', '>', '!', '~', '[']) || rest.starts_with("=>") {
        ""
    } else {
        let rest = rest.trim_start_matches('=').trim_start();
        rest.split(['=', ' ']).next().unwrap_or_default()
    };
    let is_version = version.starts_with(|c: char| c.is_ascii_digit())
        && !version.contains(['*', '|', ',', '<', '>']);
    let version = if is_version { version } else { "" };
    if let Some(mut package) = list::package(kind, "", name, version) {
        package.lines.push(node.lines());
        list.add(format!("{kind}:{name}@{version}"), package);
    }
    Ok(())
}

fn installed(file: &File<'_>) -> Result<Told, ReadError> {
    let document = text::json(file)?;
    let root = text::mapping(&document, "what conda installed")?;
    let name = root.word_at("name").unwrap_or_default();
    let version = root.word_at("version").unwrap_or_default();
    let package = list::package("conda", "", name, version).filter(|_| !version.is_empty());
    let mut package =
        package.ok_or_else(|| ReadError::at(root, "expected a 'name' and a 'version'"))?;
    let license = root.word_at("license").unwrap_or_default();
    if !license.is_empty() {
        package.licenses.push(license.to_owned());
    }
    Ok(Told {
        packages: vec![package],
        ..Told::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{ENVIRONMENT, INSTALLED};
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn ranges_have_no_version() {
        let text = "dependencies:\n  - a=1.0=py\n  - conda-forge::b>=2\n  - c 3.0 x\n  - d\n  - pip:\n    - e==5\n";
        assert_eq!(
            tree(&told(ENVIRONMENT, "environment.yml", text)),
            "pkg:conda/a@1.0 2\npkg:conda/b 3\npkg:conda/c@3.0 4\npkg:conda/d 5\npkg:pypi/e@5 7\n"
        );
        let bytes = b"dependencies:\n - pip:\n   - {x: y}\n";
        let file = File {
            path: "environment.yml",
            bytes,
        };
        assert_eq!((ENVIRONMENT.read)(&file).unwrap_err().at, Some((3, 6)));
    }

    #[test]
    fn what_is_installed_has_a_name() {
        let text = r#"{"name": "a", "version": "1", "license": "MIT"}"#;
        assert_eq!(
            tree(&told(INSTALLED, "conda-meta/a-1.json", text)),
            "pkg:conda/a@1 MIT\n"
        );
        let file = File {
            path: "x",
            bytes: b"{}",
        };
        assert!((INSTALLED.read)(&file).is_err());
    }
}
