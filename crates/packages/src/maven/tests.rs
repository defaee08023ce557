//! Small projects with their parents and repositories.

use std::collections::BTreeMap;

use super::{Surroundings, read_project};
use crate::language::testing::tree;
use crate::reader::File;

/// What a project says, with files in the tree and in a repository.
fn told(project: &str, tree_files: &[(&str, &str)], repository: &[(&str, &str)]) -> String {
    let own = |files: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
        let files = files.iter();
        files
            .map(|(path, text)| ((*path).to_owned(), pom(text).into_bytes()))
            .collect()
    };
    let (tree_files, repository) = (own(tree_files), own(repository));
    let surroundings = Surroundings {
        tree: &|path| tree_files.get(path).cloned(),
        with_modules: true,
        repository: &|path| repository.get(path).cloned(),
    };
    let text = pom(project);
    let file = File {
        path: "app/pom.xml",
        bytes: text.as_bytes(),
    };
    tree(&read_project(&file, &surroundings).unwrap())
}

/// A short form of a project: `g:a:1 parent g:p:1 set x=1 dep g:b:2 manage g:c:3:import …`.
fn pom(text: &str) -> String {
    if text.starts_with('<') {
        return text.to_owned();
    }
    let place = |place: &str| {
        let names = ["groupId", "artifactId", "version", "scope"];
        let parts = place
            .split(':')
            .zip(names)
            .filter(|(part, _)| !part.is_empty());
        parts
            .map(|(part, name)| format!("<{name}>{part}</{name}>"))
            .collect::<String>()
    };
    let mut words = text.split_whitespace();
    let mut body = place(words.next().unwrap());
    let (mut dependencies, mut managed, mut properties, mut modules) =
        (String::new(), String::new(), String::new(), String::new());
    while let Some(word) = words.next() {
        let what = words.next().unwrap();
        match word {
            "parent" => body += &format!("<parent>{}</parent>", place(what)),
            "set" => {
                let (key, value) = what.split_once('=').unwrap();
                properties += &format!("<{key}>{value}</{key}>");
            }
            "dep" => dependencies += &format!("<dependency>{}</dependency>", place(what)),
            "without" => {
                let at = dependencies.len() - "</dependency>".len();
                let exclusion = format!(
                    "<exclusions><exclusion>{}</exclusion></exclusions>",
                    place(what)
                );
                dependencies.insert_str(at, &exclusion);
            }
            "manage" => managed += &format!("<dependency>{}</dependency>", place(what)),
            "module" => modules += &format!("<module>{what}</module>"),
            _ => panic!("{word}"),
        }
    }
    format!(
        "<project>{body}<properties>{properties}</properties><modules>{modules}</modules><dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement><dependencies>{dependencies}</dependencies></project>"
    )
}

#[test]
fn versions_come_from_parents_properties_and_imports() {
    let said = told(
        "g:app: parent g:base:1 set v=2 dep g:b dep g:c:${v} dep g:d",
        &[(
            "pom.xml",
            "g:base:1 set v=9 manage g:b:${v} manage g:bom:${v}:import",
        )],
        &[("g/bom/2/bom-2.pom", "g:bom:2 manage g:d:${project.version}")],
    );
    assert_eq!(
        said,
        "pkg:maven/g/app@1 root -> b@2 c@2 d@2\n\
         pkg:maven/g/b@2 1 direct\n\
         pkg:maven/g/c@2 1 direct\n\
         pkg:maven/g/d@2 1 direct\n"
    );
}

#[test]
fn the_nearest_version_wins_and_the_root_manages_all() {
    let repository = [
        ("g/b/1/b-1.pom", "g:b:1 dep g:d:1 dep g:e:1 dep g:t:1:test"),
        ("g/c/1/c-1.pom", "g:c:1 dep g:d:2 dep g:f:1"),
        ("g/f/1/f-1.pom", "g:f:1 dep g:c:2"),
    ];
    let said = told(
        "g:app:1 dep g:b:1 dep g:c:1 without g:f manage g:e:5",
        &[],
        &repository,
    );
    assert_eq!(
        said,
        "pkg:maven/g/app@1 root -> b@1 c@1\n\
         pkg:maven/g/b@1 1 direct -> d@1 e@5\n\
         pkg:maven/g/c@1 1 direct -> d@1\n\
         pkg:maven/g/d@1 indirect\n\
         pkg:maven/g/e@5 indirect\n"
    );
}

#[test]
fn modules_have_versions_of_their_own() {
    let modules = [
        ("app/x/pom.xml", "g:x: parent g:app:1 dep g:b:1"),
        ("app/y/pom.xml", "g:y:7 parent g:app:1 dep g:b:2"),
    ];
    assert_eq!(
        told("g:app:1 module x module y module z", &modules, &[]),
        "pkg:maven/g/app@1 root -> x@1 y@7\n\
         pkg:maven/g/x@1 workspace -> b@1\n\
         pkg:maven/g/b@1 direct\n\
         pkg:maven/g/y@7 workspace -> b@2\n\
         pkg:maven/g/b@2 direct\n"
    );
}

#[test]
fn a_hard_requirement_outweighs_and_a_range_has_no_version() {
    let repository = [("g/b/1/b-1.pom", "g:b:1 dep g:c:[2]")];
    assert_eq!(
        told(
            "g:app:1 dep g:b:1 dep g:c:1 dep g:d:[1,2)",
            &[],
            &repository
        ),
        "pkg:maven/g/app@1 root -> b@1 c@2 d@\n\
         pkg:maven/g/b@1 1 direct -> c@2\n\
         pkg:maven/g/c@2 1 direct\n\
         pkg:maven/g/d 1 direct\n"
    );
}

#[test]
fn circles_end() {
    let repository = [
        (
            "g/p/1/p-1.pom",
            "g:p:1 parent g:q:1 set a=${b} manage g:p:1:import",
        ),
        ("g/q/1/q-1.pom", "g:q:1 parent g:p:1 set b=${a} dep g:q:1"),
    ];
    let said = told("g:app:1 parent g:p:1 dep g:b:${a}", &[], &repository);
    assert!(said.contains("pkg:maven/g/b 1 direct"), "{said}");
}

#[test]
fn what_is_no_project_is_an_error_with_its_line() {
    let bytes = b"\n<settings/>";
    let file = File {
        path: "pom.xml",
        bytes,
    };
    let error = (super::READER.read)(&file).unwrap_err();
    assert_eq!(error.at, Some((2, 1)));
    let bytes = b"<project><a></project>";
    assert!(
        (super::READER.read)(&File {
            path: "pom.xml",
            bytes
        })
        .is_err()
    );
}

#[test]
fn properties_in_properties_do_not_multiply() {
    let mut project = "g:app:1 dep g:b:${a0}".to_owned();
    for level in 0..15 {
        let inner = format!("${{a{}}}", level + 1).repeat(20);
        project += &format!(" set a{level}={inner}");
    }
    let said = told(&project, &[], &[]);
    assert!(said.contains("pkg:maven/g/b 1 direct"), "{said}");
}
