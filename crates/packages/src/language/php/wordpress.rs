//! `wp-includes/version.php`: which `WordPress` it is.

use std::sync::LazyLock;

use regex::Regex;

use crate::list;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "wordpress",
    version: 1,
    wants: |entry: &Entry<'_>| {
        entry.path == "wp-includes/version.php" || entry.path.ends_with("/wp-includes/version.php")
    },
    read,
};

static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*\$wp_version\s*=\s*['"]?([^'";]+)['"]?\s*;"#)
        .expect("invariant: the pattern is one")
});

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let text = text::lossy(file);
    let mut is_comment = false;
    for (line, number) in text.lines().zip(1..) {
        let start = line.trim_start();
        is_comment |= start.starts_with("/*");
        if is_comment {
            is_comment = !line.contains("*/");
            continue;
        }
        let Some(found) = VERSION.captures(line) else {
            continue;
        };
        let mut package = list::package("generic", "", "wordpress", found[1].trim())
            .ok_or_else(|| ReadError::in_line(number, "expected a version"))?;
        package.lines.push((number, number));
        return Ok(Told {
            packages: vec![package],
            ..Told::default()
        });
    }
    Err(ReadError::new("expected a line that sets $wp_version"))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};
    use crate::reader::File;

    const PATH: &str = "wp-includes/version.php";

    #[test]
    fn comments_set_nothing() {
        let text =
            "<?php\n// $wp_version = '1';\n/*\n$wp_version = '2';\n*/\n$wp_version = '3.1'; // 4\n";
        assert_eq!(
            tree(&told(READER, PATH, text)),
            "pkg:generic/wordpress@3.1 6\n"
        );
        let file = File {
            path: PATH,
            bytes: b"<?php\n// $wp_version = '1';\n",
        };
        assert!((READER.read)(&file).is_err());
    }
}
