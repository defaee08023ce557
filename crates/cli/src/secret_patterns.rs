//! A file of patterns of credentials, with its mistakes at their places.

use std::path::Path;

use anyhow::Context as _;
use catalog::Diagnostic;
use document::Source;
use images::SecretPatterns;

use crate::mistakes::Mistakes;

/// The built-in patterns with those of a file.
pub(crate) fn read(file: &Path) -> anyhow::Result<SecretPatterns> {
    let text = fs_err::read_to_string(file).context("cannot read the patterns")?;
    let name = file.to_string_lossy().replace('\\', "/");
    images::secret_patterns(&text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let mistake = Diagnostic {
            source: Source::new(name, text.as_str()),
            span: span.start as u32..span.end as u32,
            message: error.to_string(),
            hint: None,
        };
        Mistakes(vec![mistake]).into()
    })
}
