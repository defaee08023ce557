//! `seawall db status` and `seawall db verify`.

use std::path::Path;
use std::process::ExitCode;

use advisories::SignatureState;
use anyhow::bail;
use model::hexadecimal;

use super::{day, keys, open};
use crate::args::VerifyArgs;
use crate::output;

/// What the database is made of.
pub(super) fn run(path: &Path, date: Option<jiff::civil::Date>) -> anyhow::Result<ExitCode> {
    let database = open(path)?;
    let age = database.age(&day(date));
    let signature = match database.signature(&[]) {
        SignatureState::Unsigned => "none".to_owned(),
        SignatureState::Trusted(key) | SignatureState::Untrusted(key) => format!("by {key}"),
        SignatureState::Wrong => "WRONG".to_owned(),
    };
    let mut text = format!(
        "database    {}\ndata of     {} ({age} days old)\nsize        {} bytes\ndigest      sha256:{}\nsignature   {signature}\nadvisories  {}\npackages    {}\n\n",
        path.display(),
        database.date(),
        database.bytes().len(),
        hexadecimal(&database.digest()),
        database.advisory_count(),
        database.package_count(),
    );
    let width = database
        .sources()
        .map(|source| source.name.len())
        .max()
        .unwrap_or_default();
    for source in database.sources() {
        let newest = if source.newest.is_empty() {
            String::new()
        } else {
            format!("  newest of {}", source.newest)
        };
        text += &format!(
            "{:width$}  {:>7} records{newest}\n",
            source.name, source.records
        );
    }
    output::print(text.as_bytes())
}

/// Reads all of the database.
pub(super) fn verify(path: &Path, args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let trusted = args.public_key.as_deref().map(keys::public).transpose()?;
    let database = open(path)?;
    check(&database, trusted.as_ref())?;
    let text = format!(
        "{}: the content is that of sha256:{}\n",
        path.display(),
        hexadecimal(&database.digest())
    );
    output::print(text.as_bytes())
}

/// Fails for a database that is damaged, or not signed by the key.
pub(super) fn check<B: AsRef<[u8]>>(
    database: &advisories::Database<B>,
    trusted: Option<&advisories::PublicKey>,
) -> anyhow::Result<()> {
    if !database.is_intact() {
        bail!("the database is damaged: its content has another digest than it says");
    }
    match (
        database.signature(trusted.map(std::slice::from_ref).unwrap_or_default()),
        trusted,
    ) {
        (SignatureState::Wrong, _) => {
            bail!("the signature of the database is not one of its content")
        }
        (SignatureState::Unsigned, Some(key)) => {
            bail!("nobody signed the database, and {key} should have")
        }
        (SignatureState::Untrusted(other), Some(key)) => {
            bail!("{other} signed the database, not {key}")
        }
        _ => Ok(()),
    }
}
