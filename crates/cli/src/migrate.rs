//! `seawall migrate`: files of another scanner in, `seawall.yaml` out, and what has no counterpart.

mod files;
mod told;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use catalog::Catalog;
use document::edit;
use migrate::{Comment, Input, Level, Migration, Peer};

use crate::args::{MigrateArgs, TextOrJson};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::mistakes::Mistakes;
use crate::{config, control_folders, output, settings};

/// Reads the files, and writes what they become.
pub(crate) fn run(args: &MigrateArgs) -> anyhow::Result<ExitCode> {
    let peer = Peer::from(args.from);
    if let Some(file) = args.output.as_deref().filter(|_| !args.force) {
        refuse_to_replace(file)?;
    }
    let catalog = control_folders::catalog(&args.controls_dirs)?;
    let mut found = files::read(peer, &args.files, args.output.as_deref())?;
    if found.inputs.is_empty() && found.aside.is_empty() {
        let message = format!("there is nothing of {} in what is named", peer.name());
        let hint = "name its files: `docs/migrate.md` lists what is read";
        return Err(Hinted::new(message, hint).into());
    }
    let mut done = migrate::migrate(peer, &found.inputs, &catalog);
    done.items.append(&mut found.aside);
    check(&done.config, &catalog)?;
    if let Some(file) = &args.output {
        write(file, &done.config, args.force)?;
    }
    if args.edit {
        write_comments(&done.comments, &found)?;
    }
    told::items(&done, args.edit);
    match args.format {
        TextOrJson::Json => {
            let text = serde_json::to_string_pretty(&told::json(peer, &done))? + "\n";
            output::print(text.as_bytes())?;
        }
        TextOrJson::Text if args.output.is_none() => {
            output::print(done.config.as_bytes())?;
        }
        TextOrJson::Text => {}
    }
    Ok(code(&done, args.edit))
}

/// 2 where something was lost, 1 where something is left to do, else 0.
fn code(done: &Migration, edited: bool) -> ExitCode {
    let has = |level| done.items.iter().any(|item| item.level == level);
    if has(Level::Lost) {
        ExitCode::from(COULD_NOT_COMPLETE)
    } else if has(Level::Refused) || !edited && !done.comments.is_empty() {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

/// What is written must load.
fn check(text: &str, catalog: &Catalog) -> anyhow::Result<()> {
    let wrong = "what came of the files is no configuration that loads; nothing was written";
    let read = config::read_text(config::FILE_NAME, text).context(wrong)?;
    let mistakes = settings::mistakes(&read, catalog);
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(anyhow::Error::from(Mistakes(mistakes)).context(wrong))
    }
}

fn refuse_to_replace(file: &Path) -> anyhow::Result<()> {
    if !file.exists() {
        return Ok(());
    }
    let message = format!("{} exists", file.display());
    let hint =
        "write another file and name it in `extends` of this one, or replace this one with --force";
    Err(Hinted::new(message, hint).into())
}

fn write(file: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    use std::io::Write as _;

    let mut out = if force {
        fs_err::File::create(file)?
    } else {
        fs_err::File::create_new(file)?
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// Writes the comments into the files that they belong to.
fn write_comments(comments: &[Comment], found: &files::Found) -> anyhow::Result<()> {
    for (input, file) in found.inputs.iter().zip(&found.files) {
        let edits: Vec<_> = comments
            .iter()
            .filter(|comment| is_in(comment, input))
            .map(|comment| comment.edit.clone())
            .collect();
        if !edits.is_empty() {
            fs_err::write(file, edit::apply(input.source.text(), &edits))?;
        }
    }
    Ok(())
}

fn is_in(comment: &Comment, input: &Input) -> bool {
    std::sync::Arc::ptr_eq(&comment.at.source, &input.source)
}
