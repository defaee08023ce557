//! Archives that are made here.

use std::io::Write;

use super::{READER, named};
use crate::language::testing::tree;
use crate::reader::{File, Told};

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn told(path: &str, bytes: &[u8]) -> Told {
    (READER.read)(&File { path, bytes }).unwrap()
}

const PROPERTIES: &[u8] = b"#x\ngroupId=org.a\nartifactId=a\nversion=1.0\n";

#[test]
fn archives_inside_archives_are_read() {
    let project = b"<project><artifactId>a</artifactId><parent><groupId>org.a</groupId><version>1.0</version></parent>
<licenses><license><name>MIT</name></license></licenses></project>";
    let inner = zip(&[
        ("META-INF/maven/org.a/a/pom.properties", PROPERTIES),
        ("META-INF/maven/org.a/a/pom.xml", project),
    ]);
    let manifest = b"Manifest-Version: 1.0\r\nImplementation-Title: App\r\nImplementation-Vendor-Id: org.o\r\n wn\r\nImplementation-Version: 2\r\n\r\nName: x\r\nImplementation-Version: 3\r\n";
    let outer = zip(&[
        ("BOOT-INF/lib/a-1.0.jar", &inner),
        ("BOOT-INF/lib/broken.jar", b"PK and no more"),
        ("META-INF/MANIFEST.MF", manifest),
    ]);
    let told = told("srv/app.jar", &outer);
    assert_eq!(
        tree(&told),
        "pkg:maven/org.a/a@1.0 MIT\npkg:maven/org.own/App@2\n"
    );
    let paths: Vec<_> = told
        .packages
        .iter()
        .map(|package| package.path.as_deref())
        .collect();
    assert_eq!(paths, [Some("srv/app.jar/BOOT-INF/lib/a-1.0.jar"), None]);
    assert_eq!(told.damage.len(), 1);
}

#[test]
fn the_manifests_licence_is_that_of_the_archive_itself() {
    let manifest = b"Bundle-License: https://www.apache.org/licenses/LICENSE-2.0.txt\n";
    let other = b"groupId=org.b\nartifactId=b\nversion=2.0\n";
    let bytes = zip(&[
        ("META-INF/MANIFEST.MF", manifest),
        ("META-INF/maven/org.a/a/pom.properties", PROPERTIES),
        ("META-INF/maven/org.b/b/pom.properties", other),
    ]);
    assert_eq!(
        tree(&told("a-1.0.jar", &bytes)),
        "pkg:maven/org.a/a@1.0 Apache-2.0\npkg:maven/org.b/b@2.0\n"
    );
}

#[test]
fn a_name_says_what_nothing_else_does() {
    let bytes = zip(&[("a/B.class", b"")]);
    assert_eq!(
        tree(&told("lib/spring-core-5.3.4.jar", &bytes)),
        "pkg:maven/org.springframework/spring-core@5.3.4\n"
    );
    assert_eq!(tree(&told("lib/a-1.jar", &bytes)), "pkg:maven/a/a@1\n");
    assert_eq!(tree(&told("lib/a.jar", &bytes)), "");
    assert_eq!(
        named("x/log4j-1.2-api-2.17.0.jar"),
        ("log4j-1.2-api", "2.17.0")
    );
}

#[test]
fn no_archive_is_an_error_and_depth_is_limited() {
    let bytes = b"PK nothing";
    assert!(
        (READER.read)(&File {
            path: "a.jar",
            bytes
        })
        .is_err()
    );
    let mut bytes = zip(&[("META-INF/maven/org.a/a/pom.properties", PROPERTIES)]);
    for _ in 0..10 {
        bytes = zip(&[("a.jar", &bytes)]);
    }
    let told = told("a.jar", &bytes);
    assert!(told.packages.is_empty());
    assert!(
        told.damage[0]
            .message
            .ends_with("archives are too deep inside each other")
    );
}
