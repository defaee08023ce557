//! What several files say together: a manifest says what its lock file was asked for, `go.sum` what `go.mod` leaves out.

use std::collections::{BTreeMap, HashMap, HashSet};

use versions::Vers;

use crate::package::{Package, Relationship};
use crate::reader::{Asked, Told};

/// What one file said.
#[derive(Debug, Clone)]
pub struct Found {
    /// The file, relative to the root.
    pub path: String,
    /// The reader that read it.
    pub reader: &'static str,
    /// What it said.
    pub told: Told,
}

/// Lock files that do not say themselves what was asked for, and the type of their packages.
const LOCKS: [(&str, &str); 6] = [
    ("cargo-lock", "cargo"),
    ("yarn-lock", "npm"),
    ("poetry-lock", "pypi"),
    ("pdm-lock", "pypi"),
    ("pipfile-lock", "pypi"),
    ("composer-lock", "composer"),
];

/// Joins files of one tree. What is asked for in a manifest is asked of the lock file beside it or nearest above it, as
/// members of workspaces share one; its project then is a package of the lock file, the root of what was asked for.
pub fn join(found: &mut [Found]) {
    modules_of_go(found);
    let licenses = licenses_of_npm(found);
    let manifests = manifests_of_locks(found);
    for (lock, manifests) in manifests {
        if let Some(lock) = found.get_mut(lock) {
            ask(&mut lock.told, manifests);
        }
    }
    for file in found
        .iter_mut()
        .filter(|file| file.reader != "npm-installed")
    {
        for package in &mut file.told.packages {
            if package.licenses.is_empty()
                && let Some(known) = licenses.get(&package.purl)
            {
                package.licenses.clone_from(known);
            }
        }
    }
}

/// What the installed packages of npm say of their licences: most of its lock files do not.
fn licenses_of_npm(found: &[Found]) -> HashMap<String, Vec<String>> {
    let installed = found.iter().filter(|file| file.reader == "npm-installed");
    installed
        .flat_map(|file| &file.told.packages)
        .map(|package| (package.purl.clone(), package.licenses.clone()))
        .collect()
}

/// A manifest, as it matters for its lock file.
struct Manifest {
    asked: Vec<Asked>,
    project: Option<Package>,
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Which manifests ask which lock file.
fn manifests_of_locks(found: &[Found]) -> BTreeMap<usize, Vec<Manifest>> {
    let mut locks: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (index, file) in found.iter().enumerate() {
        if let Some((_, kind)) = LOCKS.iter().find(|(reader, _)| *reader == file.reader) {
            let key = (folder(&file.path), *kind);
            locks.entry(key).or_default().push(index);
        }
    }
    let mut manifests: BTreeMap<usize, Vec<Manifest>> = BTreeMap::new();
    for file in found {
        let Some(kind) = kind_of(&file.told) else {
            continue;
        };
        let own = folder(&file.path);
        let mut around = own;
        let nearest = loop {
            if let Some(locks) = locks.get(&(around, kind)) {
                break locks.as_slice();
            }
            if around.is_empty() {
                break &[];
            }
            around = folder(around);
        };
        for lock in nearest {
            let mut project = file.told.project.clone();
            if let Some(project) = &mut project {
                project.path = Some(file.path.clone());
                project.relationship = Some(if own == around {
                    Relationship::Root
                } else {
                    Relationship::Workspace
                });
            }
            manifests.entry(*lock).or_default().push(Manifest {
                asked: file.told.asked.clone(),
                project,
            });
        }
    }
    manifests
}

fn kind_of(told: &Told) -> Option<&str> {
    let asked = told.asked.first().map(|asked| asked.kind);
    asked.or_else(|| Some(told.project.as_ref()?.parsed.kind.as_str()))
}

/// Marks what was asked for; and what serves development only, where the file says nothing of it.
fn ask(told: &mut Told, manifests: Vec<Manifest>) {
    let mut names: HashMap<String, Vec<u32>> = HashMap::new();
    for (at, package) in told.packages.iter().enumerate() {
        names.entry(name_of(package)).or_default().push(at as u32);
    }
    let is_silent = !told.packages.iter().any(|package| package.is_dev);
    let mut used = Vec::new();
    let mut direct = HashSet::new();
    let mut projects = Vec::new();
    for manifest in manifests {
        let mut needs = Vec::new();
        for one in &manifest.asked {
            let places = names.get(&spelled(one.kind, &one.name));
            let places = chosen(told, places.map_or(&[], Vec::as_slice), one);
            needs.extend_from_slice(&places);
            if !one.is_dev {
                used.extend(places);
            }
        }
        direct.extend(needs.iter().copied());
        projects.extend(manifest.project.map(|mut project| {
            needs.sort_unstable();
            needs.dedup();
            project.needs = needs;
            project
        }));
    }
    if !direct.is_empty() {
        let used = reached(&told.packages, used);
        for (at, package) in told.packages.iter_mut().enumerate() {
            let at = at as u32;
            if direct.contains(&at) {
                let known = package.relationship.unwrap_or(Relationship::Direct);
                package.relationship = Some(known.min(Relationship::Direct));
            } else if package.relationship.is_none() {
                package.relationship = Some(Relationship::Indirect);
            }
            let is_own = package.relationship < Some(Relationship::Direct);
            if is_silent && !is_own {
                package.is_dev = !used.contains(&at);
            }
        }
    }
    told.packages.extend(projects);
}

/// Of several versions, those in the range; all of them where the range is of no help.
fn chosen(told: &Told, places: &[u32], asked: &Asked) -> Vec<u32> {
    if places.len() > 1
        && let Ok(range) = Vers::from_native(asked.kind, &asked.range)
    {
        let version = |at: &&u32| {
            let package = told.packages.get(**at as usize);
            package.is_some_and(|package| range.contains(&package.parsed.version))
        };
        let within: Vec<u32> = places.iter().filter(version).copied().collect();
        if !within.is_empty() {
            return within;
        }
    }
    places.to_vec()
}

fn reached(packages: &[Package], mut open: Vec<u32>) -> HashSet<u32> {
    let mut reached = HashSet::new();
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            let package = packages.get(at as usize);
            open.extend(package.into_iter().flat_map(|package| &package.needs));
        }
    }
    reached
}

fn name_of(package: &Package) -> String {
    let purl = &package.parsed;
    let name = match purl.namespace.as_str() {
        "" => purl.name.clone(),
        namespace => format!("{namespace}/{}", purl.name),
    };
    spelled(&purl.kind, &name)
}

/// A name in the spelling that counts.
fn spelled(kind: &str, name: &str) -> String {
    match kind {
        "pypi" => name.to_lowercase().replace(['_', '.'], "-"),
        "composer" => name.to_lowercase(),
        _ => name.to_owned(),
    }
}

/// `go.sum` adds to a `go.mod` that leaves out what others need; beside a complete one, and alone, it lists more than is
/// built.
fn modules_of_go(found: &mut [Found]) {
    let mut sums: HashMap<String, Vec<Package>> = HashMap::new();
    for file in found.iter_mut().filter(|file| file.reader == "go-sum") {
        let packages = std::mem::take(&mut file.told.packages);
        sums.insert(folder(&file.path).to_owned(), packages);
    }
    for file in found.iter_mut().filter(|file| file.reader == "go-mod") {
        if !file.told.is_partial {
            continue;
        }
        let Some(sum) = sums.remove(folder(&file.path)) else {
            continue;
        };
        let known: HashSet<String> = file.told.packages.iter().map(name_of).collect();
        let path = format!("{}/go.sum", folder(&file.path));
        for mut package in sum {
            if !known.contains(&name_of(&package)) {
                package.relationship = Some(Relationship::Indirect);
                package.path = Some(path.trim_start_matches('/').to_owned());
                file.told.packages.push(package);
            }
        }
        file.told.is_partial = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, join};
    use crate::language::testing::tree;
    use crate::reader::{Entry, File};
    use crate::registry::readers;

    /// What files say together, in the order of their paths.
    fn joined(files: &[(&str, &str)]) -> Vec<String> {
        let mut found = Vec::new();
        for (path, text) in files {
            let entry = Entry {
                path,
                size: text.len() as u64,
                is_executable: false,
            };
            let file = File {
                path,
                bytes: text.as_bytes(),
            };
            for reader in readers().iter().filter(|reader| (reader.wants)(&entry)) {
                found.push(Found {
                    path: (*path).to_owned(),
                    reader: reader.id,
                    told: (reader.read)(&file).unwrap(),
                });
            }
        }
        join(&mut found);
        found.iter().map(|file| tree(&file.told)).collect()
    }

    #[test]
    fn manifests_of_a_workspace_ask_one_lock_file() {
        let lock = "a@^1.0.0:\n  version \"1.2.0\"\n  dependencies:\n    b \"^1.0.0\"\n\nb@^1.0.0:\n  version \"1.0.0\"\n\nb@^2.0.0:\n  version \"2.0.0\"\n";
        let said = joined(&[
            (
                "app/package.json",
                r#"{"name": "own", "dependencies": {"a": "^1.0.0"}}"#,
            ),
            (
                "app/packages/x/package.json",
                r#"{"devDependencies": {"b": "^2.0.0"}}"#,
            ),
            ("app/yarn.lock", lock),
        ]);
        assert_eq!(
            said[2],
            "pkg:npm/a@1.2.0 1-4 direct -> b@1.0.0\npkg:npm/b@1.0.0 6-7 indirect\npkg:npm/b@2.0.0 9-10 direct dev\npkg:npm/own root -> a@1.2.0\n"
        );
    }

    #[test]
    fn go_sum_adds_to_an_old_go_mod_only() {
        let sum = "example.org/a v1.0.0 h1:0=\nexample.org/b v1.0.0 h1:0=\n";
        let old = "module example.org/m\ngo 1.16\nrequire example.org/a v1.0.0\n";
        let said = joined(&[("go.mod", old), ("go.sum", sum)]);
        assert!(said[0].ends_with("pkg:golang/example.org/b@v1.0.0 2 indirect\n"));
        let said = joined(&[("go.mod", &old.replace("1.16", "1.20")), ("go.sum", sum)]);
        assert!(!said[0].contains("/b@"));
        assert_eq!(said[1], "");
    }

    #[test]
    fn names_are_compared_as_their_index_does() {
        let lock = "[[package]]\nname = \"foo-bar\"\nversion = \"1\"\n[package.dependencies]\nbaz = \"*\"\n\n[[package]]\nname = \"baz\"\nversion = \"1\"\n\n[[package]]\nname = \"pytest\"\nversion = \"1\"\n";
        let project = "[project]\nname = \"x\"\ndependencies = [\"Foo_Bar[x]>=1\"]\n[dependency-groups]\ndev = [\"pytest\"]\n";
        let said = joined(&[("poetry.lock", lock), ("pyproject.toml", project)]);
        assert_eq!(
            said[0],
            "pkg:pypi/foo-bar@1 1-5 direct -> baz@1\npkg:pypi/baz@1 7-9 indirect\npkg:pypi/pytest@1 11-13 direct dev\npkg:pypi/x root -> foo-bar@1 pytest@1\n"
        );
    }
}
