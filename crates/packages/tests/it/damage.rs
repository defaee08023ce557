//! Bytes that were damaged, cut or made up never bring a reader down, and what it says holds together.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use packages::{File, Reader, Told, readers};
use proptest::prelude::*;

/// A text of each format, small enough to be damaged everywhere.
const TEXTS: &[(&str, &str)] = &[
    (
        "npm-lock",
        r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "1"}}, "x/y": {"version": "1"}, "node_modules/y": {"resolved": "x/y", "link": true}}}"#,
    ),
    (
        "npm-lock",
        r#"{"dependencies": {"a": {"version": "npm:b@1", "requires": {"c": "1"}, "dependencies": {"c": {"version": "1"}}}}}"#,
    ),
    (
        "yarn-lock",
        "\"@s/a@^1.0.0\", b@1:\n  version \"1.0.0\"\n  dependencies:\n    b \"1\"\n",
    ),
    (
        "pnpm-lock",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {version: 1.0.0(b@1.0.0)}\npackages:\n  a@1.0.0: {}\nsnapshots:\n  a@1.0.0(b@1.0.0):\n    dependencies: {b: 1.0.0}\n",
    ),
    (
        "bun-lock",
        r#"{"workspaces": {"": {"dependencies": {"a": "1"}}}, "packages": {"a": ["a@1.0.0", {"dependencies": {"b": "1"}}], /* x */ }}"#,
    ),
    (
        "deno-lock",
        r#"{"specifiers": {"npm:a@1": "1.0.0"}, "npm": {"a@1.0.0": {"dependencies": ["b", "c@1"]}}, "jsr": {"@s/a@1": {"dependencies": ["npm:a@1"]}}, "workspace": {"dependencies": ["npm:a@1"]}}"#,
    ),
    (
        "pip-requirements",
        "a==1.0 # x\nb[c]>=2,<3; y \\\n --hash=z\nd==1.*\n",
    ),
    (
        "poetry-lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\n[package.dependencies]\na = [{version = \"*\"}]\n",
    ),
    (
        "uv-lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n",
    ),
    (
        "pdm-lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"a[x]<2; y\"]\n",
    ),
    ("python-metadata", "Name: a\nVersion: 1\nLicense: x\n y\n\n"),
    (
        "conda-environment",
        "dependencies:\n - a=1=x\n - c::b>=2\n - pip:\n   - d==1\n",
    ),
    (
        "go-mod",
        "module a/b\ngo 1.20\nrequire (\n c/d v1.0.0 // indirect\n)\nreplace c/d v1.0.0 => ../e\n",
    ),
    ("go-sum", "a/b v1.0.0 h1:0=\na/b v1.0.0/go.mod h1:0=\n"),
    (
        "cargo-lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"a 1.0.0 (x)\",\n]\n",
    ),
    (
        "maven-pom",
        "<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>a</artifactId><properties><v>${w}${v}</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>[${v}]</version><exclusions><exclusion><groupId>*</groupId></exclusion></exclusions></dependency></dependencies><modules><module>../x</module></modules></project>",
    ),
    ("gradle-lock", "a:b:1=compileClasspath,testX\nempty=\n"),
    (
        "sbt-lock",
        r#"{"dependencies": [{"org": "a", "name": "b", "version": "1", "configurations": ["test"]}]}"#,
    ),
    (
        "nuget-lock",
        r#"{"dependencies": {"net8": {"A": {"type": "Direct", "resolved": "1", "dependencies": {"B": "1"}}}}}"#,
    ),
    (
        "nuget-packages-config",
        "<packages><package id='a' version='1'/></packages>",
    ),
    (
        "nuget-props",
        "<Project><PropertyGroup><V>1</V></PropertyGroup><ItemGroup><PackageVersion Include='a' Version='$(V)'/></ItemGroup></Project>",
    ),
    (
        "dotnet-deps",
        r#"{"runtimeTarget": {"name": "t"}, "targets": {"t": {"A/1": {"dependencies": {"B": "1"}, "runtime": {"x": {}}}}}, "libraries": {"A/1": {"type": "project"}}}"#,
    ),
    (
        "composer-lock",
        r#"{"packages": [{"name": "a/b", "version": "1", "require": {"c/d": "*"}, "license": ["x"]}]}"#,
    ),
    (
        "gemfile-lock",
        "GEM\n  specs:\n    a (1.0-x)\n      b\n\nDEPENDENCIES\n  a!\n",
    ),
    (
        "gemspec",
        "Gem::Specification.new do |s|\n s.name = \"a\".freeze\n s.version = '1'\n s.licenses = [\"x\"]\nend\n",
    ),
    (
        "mix-lock",
        "%{\n \"a\": {:hex, :a, \"1.0.0\", \"0\", [:mix], [{:b, \"~> 1\", []}], \"hexpm\"},\n}\n",
    ),
    (
        "rebar-lock",
        "{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1.0.0\">>},0}]}.\n",
    ),
    (
        "pubspec-lock",
        "packages:\n  a:\n    dependency: transitive\n    source: sdk\n    description: flutter\n    version: \"0.0.0\"\nsdks: {flutter: \">=3.0.0\"}\n",
    ),
    (
        "swift-resolved",
        r#"{"object": {"pins": [{"repositoryURL": "git@x:y/z.git", "state": {"version": "1"}}]}}"#,
    ),
    (
        "podfile-lock",
        "PODS:\n  - A (1):\n    - B/C (= 1)\nDEPENDENCIES:\n  - A\n",
    ),
    (
        "conan-lock",
        r#"{"graph_lock": {"nodes": {"0": {"requires": ["1"]}, "1": {"ref": "a/1@b#c", "requires": ["0"]}}}}"#,
    ),
    (
        "vcpkg",
        r#"{"name": "a", "dependencies": ["b", {"name": "c", "version>=": "1"}], "overrides": [{"name": "b", "version": "2"}]}"#,
    ),
    (
        "julia-manifest",
        "manifest_format = \"2.0\"\n[[deps.A]]\nuuid = \"0\"\ndeps = [\"A\"]\n",
    ),
    (
        "stack-lock",
        "packages:\n- completed: {hackage: 'a-1@sha256:0,1'}\n",
    ),
    ("cabal-freeze", "constraints: any.a ==1,\n  b +c\n"),
    (
        "renv-lock",
        r#"{"Packages": {"a": {"Version": "1", "Requirements": ["b"], "Imports": ["c (>= 1)"]}}}"#,
    ),
    (
        "rockspec",
        "package = \"a\"\nversion = [[1-1]]\ndescription = { license = 'x', [\"y\"] = { 1; 2 } } --[[ z ]]\n",
    ),
    (
        "luarocks-manifest",
        "repository = { a = { ['1-1'] = { { arch = 'x' } } } }\ndependencies = { a = { ['1-1'] = { { name = 'a' } } } }\n",
    ),
    ("wordpress", "<?php\n/* x */\n$wp_version = '1.0';\n"),
    (
        "python-project",
        "[project]\ndependencies = [\"a>=1\"]\n[tool.poetry.group.x.dependencies]\nb = {version = \"1\"}\n",
    ),
];

/// The beginning of a program: this one.
static PROGRAM: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = std::env::current_exe().expect("a test is a program");
    let mut bytes = std::fs::read(path).expect("a program that runs can be read");
    bytes.truncate(100_000);
    bytes
});

/// An archive in an archive.
static ARCHIVE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let properties = b"groupId=g\nartifactId=a\nversion=1\n";
    let inner = archive("META-INF/maven/g/a/pom.properties", properties);
    archive("WEB-INF/lib/a-1.jar", &inner)
});

fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).expect("memory has room");
    writer.write_all(content).expect("memory has room");
    writer.finish().expect("memory has room").into_inner()
}

fn reader(id: &str) -> Reader {
    let mut named = readers().iter().filter(|reader| reader.id == id);
    *named.next().unwrap_or_else(|| panic!("no reader {id}"))
}

fn path(reader: &Reader) -> &'static str {
    match reader.id {
        "classifier" => "usr/sbin/nginx",
        "java-archive" => "lib/a-1.0.jar",
        _ => "some/file",
    }
}

/// What is said refers only to what is said.
fn holds(told: &Told) {
    for package in &told.packages {
        assert!(
            package
                .needs
                .iter()
                .all(|&at| (at as usize) < told.packages.len())
        );
        assert!(
            package
                .lines
                .iter()
                .all(|(first, last)| 0 < *first && first <= last)
        );
        assert!(!package.parsed.name.is_empty());
    }
}

fn read(reader: &Reader, bytes: &[u8]) -> Option<Told> {
    let file = File {
        path: path(reader),
        bytes,
    };
    let told = (reader.read)(&file).ok()?;
    holds(&told);
    Some(told)
}

#[test]
fn every_text_says_something() {
    for (id, text) in TEXTS {
        let told = read(&reader(id), text.as_bytes()).unwrap_or_else(|| panic!("{id}: an error"));
        assert!(!told.packages.is_empty() || !told.asked.is_empty(), "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_texts_bring_no_reader_down(
        at in 0..TEXTS.len(),
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        repeated in 0..3_usize,
    ) {
        let (id, text) = TEXTS[at];
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if repeated == 1 {
            bytes.truncate(cut.index(bytes.len()));
        } else if repeated == 2 {
            bytes.extend_from_within(cut.index(bytes.len())..);
        }
        read(&reader(id), &bytes);
    }

    #[test]
    fn damaged_programs_bring_no_reader_down(
        changes in prop::collection::vec((0..4_096_usize, any::<u8>()), 0..12),
        cut in 64..100_000_usize,
    ) {
        let mut bytes = PROGRAM.clone();
        bytes.truncate(cut);
        for (place, byte) in changes {
            if let Some(known) = bytes.get_mut(place) {
                *known = byte;
            }
        }
        for id in ["go-binary", "rust-binary", "classifier"] {
            read(&reader(id), &bytes);
        }
    }

    #[test]
    fn damaged_archives_bring_no_reader_down(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = ARCHIVE.clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read(&reader("java-archive"), &bytes);
    }

    #[test]
    fn a_text_of_one_format_brings_no_other_reader_down(at in 0..TEXTS.len()) {
        for reader in readers() {
            read(reader, TEXTS[at].1.as_bytes());
        }
    }

    #[test]
    fn made_up_bytes_bring_no_reader_down(
        head in prop::sample::select(vec![&b""[..], b"\x7fELF\x02\x01\x01", b"MZ", b"PK\x03\x04", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe\x00\x00\x00\x01", b"\x01\xf7", b"\xff\xfe", b"{", b"<a>"]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let bytes = [head, &rest].concat();
        for reader in readers() {
            read(reader, &bytes);
        }
    }
}
