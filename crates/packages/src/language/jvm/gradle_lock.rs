//! `gradle.lockfile`: `group:artifact:version=configurations`.

use super::package;
use crate::list::List;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "gradle-lock",
    version: 1,
    wants: |entry: &Entry<'_>| {
        // Before Gradle 7 each configuration had a file of its own.
        let is_old = entry.path.rsplit('/').nth(1) == Some("dependency-locks");
        entry.name().ends_with("gradle.lockfile")
            || (is_old && entry.extension() == Some("lockfile"))
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::text(file)?;
    let is_test = |configuration: &str| configuration.starts_with("test");
    // In the old form the file's name is the configuration.
    let whole = file.path.rsplit('/').next().unwrap_or_default();
    let mut list = List::default();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        // The last line, `empty=`, names configurations without packages.
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (place, configurations) = line.split_once('=').unwrap_or((line, whole));
        let parts: Vec<&str> = place.split(':').collect();
        let &[group, artifact, version] = &parts[..] else {
            let message = format!("expected 'group:artifact:version', not '{place}'");
            return Err(ReadError::in_line(number, message));
        };
        if let Some(mut package) = package(group, artifact, version) {
            package.lines.push((number, number));
            package.is_dev = configurations.split(',').all(is_test);
            list.add(place, package);
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    #[test]
    fn what_only_tests_use_is_for_development() {
        let text = "# x\norg.a:b:1.0=compileClasspath,testRuntimeClasspath\norg.a:c:2.0=testCompileClasspath\nempty=annotationProcessor\n";
        assert_eq!(
            tree(&told(READER, "gradle.lockfile", text)),
            "pkg:maven/org.a/b@1.0 2\npkg:maven/org.a/c@2.0 3 dev\n"
        );
        let file = File {
            path: "gradle.lockfile",
            bytes: b"\na:b\n",
        };
        assert_eq!((READER.read)(&file).unwrap_err().at, Some((2, 1)));
    }
}
