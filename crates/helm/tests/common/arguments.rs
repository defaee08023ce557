//! The flags of `helm template`, as far as they say how to render.

use anyhow::{Context as _, Result, bail};
use document::Source;
use helm::{Flag, FlagKind, Folder, Given, Options};

/// What a command line says.
pub(crate) struct Arguments<'f> {
    pub(crate) options: Options<'f>,
    /// What is no flag: the name of the release, and the chart.
    pub(crate) named: Vec<String>,
    /// Flags that are none of Helm's, with their values.
    pub(crate) own: Vec<(String, Option<String>)>,
}

/// Reads a command line whose files are in a folder.
pub(crate) fn parse(
    mut arguments: impl Iterator<Item = String>,
    files: &dyn Folder,
) -> Result<Arguments<'_>> {
    let mut parsed = Arguments {
        options: Options {
            flag_files: Some(files),
            ..Options::default()
        },
        named: Vec::new(),
        own: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                (flag.to_owned(), Some(value.to_owned()))
            }
            _ => (argument, None),
        };
        let mut value = || {
            let value = inline.clone().or_else(|| arguments.next());
            value.with_context(|| format!("{flag} needs a value"))
        };
        let options = &mut parsed.options;
        if let Some(kind) = kind_of(&flag) {
            options.flags.push(Flag::new(kind, value()?));
            continue;
        }
        match &*flag {
            "--namespace" | "-n" => options.namespace = value()?,
            "--name-template" => options.release_name = value()?,
            "--kube-version" => options.kubernetes_version = value()?,
            "--api-versions" | "-a" => {
                let text = value()?;
                options
                    .api_versions
                    .extend(text.split(',').map(str::to_owned));
            }
            "--values" | "-f" => options.values.push(Given::File(read(files, &value()?)?)),
            "--show-only" | "-s" => options.show_only.push(value()?),
            "--include-crds" => options.include_crds = true,
            "--no-hooks" => options.no_hooks = true,
            "--skip-tests" => options.skip_tests = true,
            "--skip-schema-validation" => options.skip_schema_validation = true,
            "--is-upgrade" => options.is_upgrade = true,
            flag if flag.starts_with("--") => parsed.own.push((flag.to_owned(), inline)),
            flag if flag.starts_with('-') => bail!("unknown flag {flag}"),
            _ => parsed.named.push(flag),
        }
    }
    Ok(parsed)
}

fn kind_of(flag: &str) -> Option<FlagKind> {
    let kinds = [
        FlagKind::SetJson,
        FlagKind::Set,
        FlagKind::SetString,
        FlagKind::SetFile,
        FlagKind::SetLiteral,
    ];
    kinds.into_iter().find(|kind| kind.name() == flag)
}

fn read(files: &dyn Folder, path: &str) -> Result<std::sync::Arc<Source>> {
    let found = files.resolve(path).filter(|found| !found.is_folder);
    let bytes = found.and_then(|found| files.read(&found.path).ok());
    let bytes = bytes.with_context(|| format!("cannot read '{path}'"))?;
    Ok(Source::new(
        path,
        String::from_utf8_lossy(&bytes).into_owned(),
    ))
}
