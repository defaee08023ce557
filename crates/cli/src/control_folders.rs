//! The catalogue of a run: what is embedded, and what the user's folders add.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use catalog::{Builder, Catalog, ControlTexts};
use document::Source;

use crate::mistakes::Mistakes;

/// How deep control folders are looked for.
const MAX_DEPTH: usize = 8;

/// The embedded catalogue with the controls and frameworks of folders; theirs win.
pub(crate) fn catalog(dirs: &[PathBuf]) -> anyhow::Result<Catalog> {
    let mut catalog = engine::embedded_catalog().context("the embedded controls are damaged")?;
    for dir in dirs {
        let added = read(dir, &catalog)?;
        catalog.extend(added);
    }
    Ok(catalog)
}

fn read(dir: &Path, known: &Catalog) -> anyhow::Result<Catalog> {
    let mut builder = Builder::on(known);
    let mut found = 0;
    visit(dir, MAX_DEPTH, &mut |definition| {
        found += 1;
        match definition {
            Found::Control(texts) => builder.control(&texts),
            Found::Framework(source) => builder.framework(&source),
        }
    })
    .with_context(|| format!("cannot read the controls of {}", dir.display()))?;
    anyhow::ensure!(
        found > 0,
        "{} holds no control.yaml and no framework",
        dir.display()
    );
    let (bytes, mistakes) = builder.finish();
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes).into());
    }
    Catalog::from_bytes(bytes).context("the controls cannot be read back")
}

/// The texts of all the controls below a folder, in order of names.
pub(crate) fn texts(dir: &Path) -> anyhow::Result<Vec<ControlTexts>> {
    let mut controls = Vec::new();
    visit(dir, MAX_DEPTH, &mut |found| {
        if let Found::Control(texts) = found {
            controls.push(texts);
        }
    })?;
    Ok(controls)
}

/// A definition that was found.
enum Found {
    Control(ControlTexts),
    Framework(Arc<Source>),
}

/// Shows the control of a folder, or those of the folders in it, in order of names; and the frameworks of
/// folders named `frameworks`.
fn visit(dir: &Path, depth: usize, see: &mut dyn FnMut(Found)) -> anyhow::Result<()> {
    if dir.join("control.yaml").is_file() {
        let control = source(&dir.join("control.yaml"))?;
        let beside = |name: &str| optional(&dir.join(name));
        see(Found::Control(ControlTexts::read(control, beside)?));
        return Ok(());
    }
    let mut entries = fs_err::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    let holds_frameworks = dir.file_name().is_some_and(|name| name == "frameworks");
    let is_yaml = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    };
    for entry in entries {
        if entry.is_dir() && depth > 0 {
            visit(&entry, depth - 1, see)?;
        } else if holds_frameworks && is_yaml(&entry) {
            see(Found::Framework(source(&entry)?));
        }
    }
    Ok(())
}

fn source(file: &Path) -> anyhow::Result<Arc<Source>> {
    let name = file.to_string_lossy().replace('\\', "/");
    Ok(Source::new(name, fs_err::read_to_string(file)?))
}

fn optional(file: &Path) -> anyhow::Result<Option<String>> {
    Ok(if file.is_file() {
        Some(fs_err::read_to_string(file)?)
    } else {
        None
    })
}
