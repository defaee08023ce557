//! Held against the lock files and installed files of a peer's tests, and what they must give.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use packages::maven::{Surroundings, read_project};
use packages::{File, Package, Reader, Relationship, Told, readers};
use serde_json::Value;

use crate::shared::data;

/// A parser of the peer, and the reader that reads the same.
const PARSERS: &[(&str, &str)] = &[
    ("c/conan", "conan-lock"),
    ("conda/environment", "conda-environment"),
    ("conda/meta", "conda-meta"),
    ("dart/pub", "pubspec-lock"),
    ("dotnet/core_deps", "dotnet-deps"),
    ("frameworks/wordpress", "wordpress"),
    ("golang/binary", "go-binary"),
    ("golang/mod", "go-mod"),
    ("golang/sum", "go-sum"),
    ("gradle/lockfile", "gradle-lock"),
    ("hex/mix", "mix-lock"),
    ("java/jar", "java-archive"),
    ("julia/manifest", "julia-manifest"),
    ("nodejs/bun", "bun-lock"),
    ("nodejs/npm", "npm-lock"),
    ("nodejs/packagejson", "npm-installed"),
    ("nodejs/pnpm", "pnpm-lock"),
    ("nodejs/yarn", "yarn-lock"),
    ("nuget/config", "nuget-packages-config"),
    ("nuget/lock", "nuget-lock"),
    ("nuget/packagesprops", "nuget-props"),
    ("php/composer", "composer-lock"),
    ("python/packaging", "python-metadata"),
    ("python/pip", "pip-requirements"),
    ("python/pipenv", "pipfile-lock"),
    ("python/poetry", "poetry-lock"),
    ("python/pylock", "pylock"),
    ("python/uv", "uv-lock"),
    ("ruby/bundler", "gemfile-lock"),
    ("ruby/gemspec", "gemspec"),
    ("rust/binary", "rust-binary"),
    ("rust/cargo", "cargo-lock"),
    ("sbt/lockfile", "sbt-lock"),
    ("swift/cocoapods", "podfile-lock"),
    ("swift/swift", "swift-resolved"),
];

/// Parsers that leave out what serves development only, where ours marks it.
const WITHOUT_DEVELOPMENT: &[&str] = &[
    "c/conan",
    "nodejs/pnpm",
    "nuget/config",
    "python/pipenv",
    "python/poetry",
    "python/uv",
    "sbt/lockfile",
];

#[test]
#[ignore = "needs ../shared"]
fn lock_files_give_the_packages_that_a_peer_expects() {
    let folder = data().join("lockfiles");
    let cases = std::fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let mut right = 0;
    let mut wrong = Vec::new();
    let mut unanswerable = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if !case["options"]["needs"].is_null() {
            unanswerable += 1;
            continue;
        }
        let parser = case["parser"].as_str().unwrap();
        match hold(&folder.join("files"), &case) {
            Ok(()) => right += 1,
            Err(why) => wrong.push(format!("{parser}: {}: {why}", case["name"])),
        }
    }
    let all = right + wrong.len();
    assert!(
        right * 100 >= all * 97,
        "{right} of {all} right, {unanswerable} not answerable without a network\n{}",
        wrong.join("\n")
    );
}

/// The peer takes expressions apart; ours are as they were written.
fn split(license: &str) -> Vec<String> {
    let mut text = format!(" {license} ");
    for word in [" or ", " OR ", " and ", " AND ", ", "] {
        text = text.replace(word, "|");
    }
    let parts = text
        .split('|')
        .map(|part| part.trim().trim_matches(['(', ')']));
    parts.map(str::to_owned).collect()
}

fn hold(files: &Path, case: &Value) -> Result<(), String> {
    let word = |key: &str| case[key].as_str().unwrap_or_default();
    let (parser, input) = (word("parser"), word("input"));
    let told = answer(files, parser, input, case);
    if !case["error"].is_null() {
        return match told {
            Err(_) => Ok(()),
            // Most files that may be executed are no programs of one language: none of them is a mistake.
            Ok(told) if parser.ends_with("/binary") && told.packages.is_empty() => Ok(()),
            Ok(told) => Err(format!("no error, {} packages", told.packages.len())),
        };
    }
    let mut expected = Expected::of(case);
    let told = match told {
        // Where nothing is expected, saying why there is nothing is no mistake.
        Err(_) if expected.packages.is_empty() => return Ok(()),
        other => other?,
    };
    // What a range allows at least is no part of the graph.
    let chosen: BTreeSet<Id> = told.packages.iter().map(identity).collect();
    expected
        .edges
        .retain(|(_, to)| case["options"]["useMinVersion"] != true || chosen.contains(to));
    compare(parser, &expected, &found(told, case))
}

fn answer(files: &Path, parser: &str, input: &str, case: &Value) -> Result<Told, String> {
    let bytes = std::fs::read(files.join(input)).map_err(|error| error.to_string())?;
    if parser == "java/pom" {
        return project(files, input, &bytes, case);
    }
    let (_, id) = PARSERS
        .iter()
        .find(|(name, _)| parser == *name)
        .ok_or("no reader")?;
    let file = File {
        path: input,
        bytes: &bytes,
    };
    (reader(id).read)(&file).map_err(|error| format!("{:?}: {}", error.at, error.message))
}

/// A project of Maven with the files around it.
fn project(files: &Path, input: &str, bytes: &[u8], case: &Value) -> Result<Told, String> {
    let options = &case["options"];
    let own = ["settingsRepository", "repository"].map(|key| options[key].as_str());
    let is_away = options["offline"] == true && options["local"] != true;
    let surroundings = Surroundings {
        tree: &|path| std::fs::read(files.join(path)).ok(),
        with_modules: true,
        repository: &|path| {
            let mut folders = own.iter().flatten().filter(|_| !is_away);
            folders.find_map(|folder| std::fs::read(files.join(folder).join(path)).ok())
        },
    };
    let file = File { path: input, bytes };
    read_project(&file, &surroundings).map_err(|error| format!("{:?}: {}", error.at, error.message))
}

fn reader(id: &str) -> Reader {
    let mut named = readers().iter().filter(|reader| reader.id == id);
    *named.next().unwrap_or_else(|| panic!("no reader {id}"))
}

/// What is held against each other.
#[derive(Default)]
struct Expected {
    packages: BTreeMap<Id, Details>,
    edges: BTreeSet<(Id, Id)>,
}

/// Name and version, in a form that spelling does not matter for.
type Id = (String, String);

#[derive(Default)]
struct Details {
    relationship: Option<String>,
    is_dev: Option<bool>,
    lines: BTreeSet<(u64, u64)>,
    licenses: BTreeSet<String>,
}

impl Expected {
    fn of(case: &Value) -> Self {
        let mut this = Self::default();
        let mut ids: BTreeMap<&str, Id> = BTreeMap::new();
        for package in list(&case["packages"]) {
            let text = |key: &str| package[key].as_str().unwrap_or_default();
            let id = spelled(text("name"), text("version"));
            ids.insert(text("id"), id.clone());
            let details = this.packages.entry(id).or_default();
            let relationship = package["relationship"]
                .as_str()
                .filter(|how| *how != "unknown");
            details.relationship = relationship.map(str::to_owned);
            details.is_dev = package["dev"].as_bool();
            details
                .lines
                .extend(list(&package["locations"]).map(|lines| {
                    let line = |at: usize| lines[at].as_u64().unwrap_or_default();
                    (line(0), line(1))
                }));
            let licenses = list(&package["licenses"]).filter_map(Value::as_str);
            // The name of a file is no licence.
            let licenses = licenses.filter(|license| !license.starts_with("file://"));
            details.licenses.extend(licenses.map(str::to_owned));
        }
        for need in list(&case["dependencies"]) {
            let Some(from) = ids.get(need["id"].as_str().unwrap_or_default()) else {
                continue;
            };
            let to = list(&need["dependsOn"]).filter_map(|to| ids.get(to.as_str()?));
            this.edges.extend(
                to.filter(|to| *to != from)
                    .map(|to| (from.clone(), to.clone())),
            );
        }
        this
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn spelled(name: &str, version: &str) -> Id {
    let name = name.to_lowercase().replace(['_', '.'], "-");
    (name, version.to_lowercase())
}

fn identity(package: &Package) -> Id {
    let purl = &package.parsed;
    let separator = if purl.kind == "maven" { ":" } else { "/" };
    let mut name = purl.name.clone();
    if !purl.namespace.is_empty() {
        name = format!("{}{separator}{name}", purl.namespace);
    }
    if !purl.subpath.is_empty() {
        name = format!("{name}/{}", purl.subpath);
    }
    spelled(&name, &purl.version)
}

/// What is said when the case asks for the lowest versions of ranges, else what is said.
fn found(mut told: Told, case: &Value) -> Vec<Package> {
    if case["options"]["useMinVersion"] == true {
        let lowest = std::mem::take(&mut told.at_least);
        let replaced: BTreeSet<_> = lowest.iter().map(|package| identity(package).0).collect();
        for package in &mut told.packages {
            let other = lowest
                .iter()
                .find(|other| identity(other).0 == identity(package).0);
            if let Some(other) = other {
                package.parsed.version.clone_from(&other.parsed.version);
            }
        }
        let there: BTreeSet<_> = told
            .packages
            .iter()
            .map(|package| identity(package).0)
            .collect();
        let missing = replaced
            .difference(&there)
            .cloned()
            .collect::<BTreeSet<_>>();
        told.packages.extend(
            lowest
                .into_iter()
                .filter(|package| missing.contains(&identity(package).0)),
        );
    }
    told.packages
}

fn compare(parser: &str, expected: &Expected, told: &[Package]) -> Result<(), String> {
    let mut ours: BTreeMap<Id, Vec<&Package>> = BTreeMap::new();
    for package in told {
        ours.entry(identity(package)).or_default().push(package);
    }
    let may_lack_dev = WITHOUT_DEVELOPMENT.contains(&parser);
    for (id, packages) in &ours {
        let is_allowed = may_lack_dev && packages.iter().all(|package| package.is_dev);
        if !expected.packages.contains_key(id) && !is_allowed {
            return Err(format!("says {id:?}"));
        }
    }
    for (id, details) in &expected.packages {
        let packages = ours.get(id).ok_or_else(|| format!("lacks {id:?}"))?;
        hold_details(details, packages).map_err(|why| format!("{id:?}: {why}"))?;
    }
    let edges: BTreeSet<(Id, Id)> = told
        .iter()
        .flat_map(|package| {
            let needs = package.needs.iter();
            needs.map(|&at| (identity(package), identity(&told[at as usize])))
        })
        .filter(|(from, to)| {
            expected.packages.contains_key(from) && expected.packages.contains_key(to)
        })
        .collect();
    // A root that is said to need what is asked for, where the peer says nothing of needs, is no mistake.
    if edges != expected.edges && !expected.edges.is_empty() {
        let less: Vec<_> = expected.edges.difference(&edges).collect();
        let more: Vec<_> = edges.difference(&expected.edges).collect();
        return Err(format!("needs: lacks {less:?}, says {more:?}"));
    }
    Ok(())
}

fn hold_details(details: &Details, packages: &[&Package]) -> Result<(), String> {
    let relationship = packages
        .iter()
        .filter_map(|package| package.relationship)
        .min();
    let relationship = relationship.map(|how| match how {
        Relationship::Root => "root",
        Relationship::Workspace => "workspace",
        Relationship::Direct => "direct",
        Relationship::Indirect => "indirect",
    });
    // A member of the workspace is that before it is asked for by another one.
    let is_member = relationship == Some("workspace");
    let expected = details.relationship.as_deref().filter(|_| !is_member);
    if expected.is_some() && expected != relationship {
        return Err(format!("{relationship:?}, not {:?}", details.relationship));
    }
    let is_dev = packages.iter().all(|package| package.is_dev);
    if details.is_dev.is_some_and(|expected| expected != is_dev) {
        return Err(format!("for development: {is_dev}"));
    }
    let lines: BTreeSet<(u64, u64)> = packages
        .iter()
        .flat_map(|package| &package.lines)
        .map(|&(first, last)| (u64::from(first), u64::from(last)))
        .collect();
    if !details.lines.is_empty() && details.lines != lines {
        return Err(format!("lines {lines:?}, not {:?}", details.lines));
    }
    let licenses: BTreeSet<String> = packages
        .iter()
        .flat_map(|package| &package.licenses)
        .flat_map(|license| split(license))
        .collect();
    let expected: BTreeSet<String> = details
        .licenses
        .iter()
        .flat_map(|license| split(license))
        .collect();
    if !expected.is_empty() && expected != licenses {
        return Err(format!("licences {licenses:?}, not {:?}", details.licenses));
    }
    Ok(())
}
