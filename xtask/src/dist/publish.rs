//! What goes beside the archives of a release: checksums, their signature, the bill of materials, and the definitions for package managers.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use sha2::{Digest, Sha256};

use super::archive::VERSION;
use super::bill;
use super::dependencies::Dependencies;
use crate::workspace::say;

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const KREW: &str = include_str!("krew.yaml");
const FORMULA: &str = include_str!("formula.rb");

/// An archive of the release, and its SHA-256 in hexadecimal digits.
struct Archive {
    file: String,
    sum: String,
}

/// Writes the files beside the archives in `folder`, signed with a minisign key (<https://jedisct1.github.io/minisign/>) if there is one.
pub(crate) fn run(folder: &Path, key: Option<&Path>) -> Result<()> {
    let archives = archives(folder)?;
    ensure!(
        !archives.is_empty(),
        "{} holds no archive of version {VERSION}",
        folder.display()
    );
    let bill_file = format!("seawall-{VERSION}.cdx.json");
    let bill = bill::of(&Dependencies::of("x86_64-unknown-linux-musl")?);
    write(folder, &bill_file, &format!("{bill:#}\n"))?;
    write(folder, "seawall.krew.yaml", &filled(KREW, &archives)?)?;
    write(folder, "seawall.rb", &filled(FORMULA, &archives)?)?;
    let mut sums = String::new();
    for archive in &archives {
        sums += &format!("{}  {}\n", archive.sum, archive.file);
    }
    sums += &format!("{}  {bill_file}\n", sum(&folder.join(&bill_file))?);
    write(folder, "SHA256SUMS", &sums)?;
    if let Some(key) = key {
        write(folder, "SHA256SUMS.minisig", &signature(&sums, key)?)?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, text)?;
    say(&path.display().to_string());
    Ok(())
}

fn archives(folder: &Path) -> Result<Vec<Archive>> {
    let mut found = Vec::new();
    let prefix = format!("seawall-{VERSION}-");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if file.starts_with(&prefix) && file.ends_with(".tar.gz") {
            found.push(Archive {
                sum: sum(&path)?,
                file,
            });
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

fn sum(path: &Path) -> Result<String> {
    let digest = Sha256::digest(fs::read(path)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The signature of a text with an unencrypted secret key of minisign. Its comment names the version, not the time.
fn signature(text: &str, key: &Path) -> Result<String> {
    let key = minisign::SecretKeyBox::from_string(&fs::read_to_string(key)?)?
        .into_unencrypted_secret_key()
        .context("the key must be one without a password")?;
    let comment = format!("seawall {VERSION}");
    let signed = minisign::sign(
        None,
        &key,
        Cursor::new(text.as_bytes()),
        Some(&comment),
        Some("verify with minisign -Vm SHA256SUMS"),
    )?;
    Ok(signed.into_string())
}

/// A template with version, repository and checksums filled in; parts for targets that were not built are left out.
///
/// A part stands between a line with `{if TARGET}` and one with `{end}`.
fn filled(template: &str, archives: &[Archive]) -> Result<String> {
    let mut text = String::new();
    let mut part = Part::Everywhere;
    for line in template.lines() {
        let mark = line.trim().trim_start_matches('#').trim();
        if let Some(target) = mark.strip_prefix("{if ") {
            let target = target.trim_end_matches('}');
            let file = format!("seawall-{VERSION}-{target}.tar.gz");
            let built = archives.iter().find(|archive| archive.file == file);
            part = built.map_or(Part::NotBuilt, Part::Of);
        } else if mark == "{end}" {
            part = Part::Everywhere;
        } else if let Some(line) = filled_line(line, &part) {
            text += &line;
            text.push('\n');
        }
    }
    ensure!(
        !text.contains("{file}"),
        "a file is named outside the part of a target"
    );
    Ok(text)
}

/// Where a line of a template stands.
enum Part<'a> {
    Everywhere,
    Of(&'a Archive),
    NotBuilt,
}

fn filled_line(line: &str, part: &Part<'_>) -> Option<String> {
    let line = line
        .replace("{version}", VERSION)
        .replace("{repository}", REPOSITORY);
    match part {
        Part::Everywhere => Some(line),
        Part::NotBuilt => None,
        Part::Of(archive) => {
            let name = archive.file.trim_end_matches(".tar.gz");
            let line = line
                .replace("{file}", &archive.file)
                .replace("{name}", name);
            Some(line.replace("{sum}", &archive.sum))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(target: &str) -> Archive {
        Archive {
            file: format!("seawall-{VERSION}-{target}.tar.gz"),
            sum: "ab".repeat(32),
        }
    }

    #[test]
    fn only_what_was_built_is_named() {
        let archives = [archive("x86_64-unknown-linux-musl")];
        for template in [KREW, FORMULA] {
            let text = filled(template, &archives).expect("the template is sound");
            assert!(text.contains(&archives[0].sum), "{text}");
            assert!(!text.contains("aarch64"), "{text}");
            assert!(!text.contains('{') || !text.contains("{if"), "{text}");
        }
    }

    #[test]
    fn the_plugin_is_yaml_with_a_place_for_each_target() {
        let archives = [
            archive("aarch64-apple-darwin"),
            archive("x86_64-unknown-linux-musl"),
        ];
        let text = filled(KREW, &archives).expect("the template is sound");
        let keys = std::sync::Arc::new(document::Keys::new([]));
        let source = document::Source::new("krew.yaml", &*text);
        let parsed = document::parse_yaml(source, &keys, &document::Limits::default());
        assert!(parsed.errors.is_empty(), "{text}\n{:?}", parsed.errors);
        assert_eq!(text.matches("- selector:").count(), archives.len());
    }

    #[test]
    fn a_signature_is_verified_by_its_public_key() {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("a key");
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        let text = pair.sk.to_box(None).expect("a box").into_string();
        fs::write(&key, text).expect("written");
        let signed = signature("sums\n", &key).expect("signed");
        let signed = minisign::SignatureBox::from_string(&signed).expect("a signature");
        let check = |text: &str| {
            minisign::verify(
                &pair.pk,
                &signed,
                Cursor::new(text.as_bytes().to_vec()),
                true,
                false,
                false,
            )
        };
        assert!(check("sums\n").is_ok());
        assert!(check("other sums\n").is_err());
    }
}
