//! Frameworks that lie in a file of the user, named where the id of a framework can stand.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context as _;
use catalog::{Builder, Catalog};
use document::Source;

use crate::mistakes::Mistakes;

/// Adds the frameworks of the files among `words`; they win over those with the same id.
pub(crate) fn add<'w>(
    catalog: &mut Catalog,
    words: impl IntoIterator<Item = &'w str>,
) -> anyhow::Result<()> {
    let files: BTreeSet<&str> = words.into_iter().filter_map(file_of).collect();
    if files.is_empty() {
        return Ok(());
    }
    let mut builder = Builder::on(catalog);
    for file in files {
        let text = fs_err::read_to_string(file).context("cannot read a framework")?;
        builder.framework(&Source::new(file.replace('\\', "/"), text));
    }
    let (bytes, mistakes) = builder.finish();
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes).into());
    }
    catalog.extend(Catalog::from_bytes(bytes).context("the frameworks cannot be read back")?);
    Ok(())
}

/// The framework that a word names: a file's id is its name without the extension; `@1.25` stays.
pub(crate) fn id_of(word: &str) -> String {
    let Some(file) = file_of(word) else {
        return word.to_owned();
    };
    let stem = Path::new(file).file_stem().unwrap_or_default();
    let version = word.strip_prefix(file).unwrap_or_default();
    format!("{}{version}", stem.to_string_lossy())
}

/// The file that a word names, without `@1.25` behind it: what has a path separator, or ends in `.yaml`
/// or `.yml`.
pub(crate) fn file_of(word: &str) -> Option<&str> {
    let path = match word.rsplit_once('@') {
        Some((path, version)) if !is_file(version) => path,
        _ => word,
    };
    is_file(path).then_some(path)
}

fn is_file(text: &str) -> bool {
    let extension = Path::new(text).extension();
    let is_yaml = extension.is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml || text.contains(std::path::is_separator)
}

#[cfg(test)]
mod tests {
    use super::{file_of, id_of};

    fn check(word: &str, file: Option<&str>, id: &str) {
        assert_eq!(file_of(word), file, "{word}");
        assert_eq!(id_of(word), id, "{word}");
    }

    #[test]
    fn a_path_is_a_file_and_the_rest_are_ids() {
        check("pss-baseline", None, "pss-baseline");
        check("nsa-cisa-1.2", None, "nsa-cisa-1.2");
        check("pss-restricted@1.25", None, "pss-restricted@1.25");
        check("ours.yaml", Some("ours.yaml"), "ours");
        check("./ours", Some("./ours"), "ours");
        check(
            "a/ours-1.2.yaml@1.25",
            Some("a/ours-1.2.yaml"),
            "ours-1.2@1.25",
        );
        check("team@home/ours.yml", Some("team@home/ours.yml"), "ours");
        check(
            "team@home/ours.yml@1.25",
            Some("team@home/ours.yml"),
            "ours@1.25",
        );
    }
}
