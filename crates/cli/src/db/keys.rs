//! Keys that sign databases: files of 64 hexadecimal digits.

use std::path::Path;
use std::process::ExitCode;

use advisories::{PublicKey, SecretKey};
use anyhow::Context as _;

use crate::errors::Hinted;
use crate::output;

/// Makes a pair of keys. The secret file is readable by its owner alone, and never overwritten.
pub(super) fn generate(file: &Path) -> anyhow::Result<ExitCode> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    let key = SecretKey::from_bytes(&bytes);
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut secret = options.open(file)?;
    std::io::Write::write_all(&mut secret, (key.to_text() + "\n").as_bytes())?;
    let public = file.with_added_extension("pub");
    fs_err::write(&public, format!("{}\n", key.public()))?;
    let text = format!(
        "{}: keep this secret\n{}: give this to those who verify\n",
        file.display(),
        public.display()
    );
    output::print(text.as_bytes())
}

/// The secret key of a file.
pub(super) fn secret(file: &Path) -> anyhow::Result<SecretKey> {
    fs_err::read_to_string(file)?
        .parse()
        .with_context(|| format!("reading the secret key {}", file.display()))
}

/// A public key from its digits, or from a file of them.
pub(super) fn public(key: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = key.parse() {
        return Ok(key);
    }
    let text = fs_err::read_to_string(key).map_err(|_| {
        Hinted::new(
            format!("'{key}' is neither a public key nor a file of one"),
            "`seawall db keygen FILE` writes one to FILE.pub",
        )
    })?;
    text.parse()
        .with_context(|| format!("reading the public key {key}"))
}
