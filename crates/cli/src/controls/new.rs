//! `seawall controls new GROUP/ID`: a folder that loads, passes its own test, and says what to fill in.

use std::process::ExitCode;

use anyhow::ensure;

use crate::args::NewControlArgs;
use crate::errors::Hinted;
use crate::output;

const CONTROL: &str = include_str!("new/control.yaml");
const FAIL: &str = include_str!("new/fail.yaml");
const PASS: &str = include_str!("new/pass.yaml");

/// Most words of an id.
const MAX_WORDS: usize = 4;

/// Writes the three files, and says what comes next.
pub(crate) fn run(args: &NewControlArgs) -> anyhow::Result<ExitCode> {
    let Some((group, id)) = args.name.split_once('/') else {
        let hint = "the group is the folder that the control lies in: `seawall controls new team/my-control`";
        let message = format!("`{}` is no GROUP/ID", args.name);
        return Err(Hinted::new(message, hint).into());
    };
    let is_kebab = |word: &str| {
        let is_word = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        word.split('-').all(is_word)
    };
    if !is_kebab(group) || !is_kebab(id) || id.split('-').count() > MAX_WORDS {
        let hint = format!(
            "words of lower-case letters and digits, joined by `-`; an id has at most {MAX_WORDS}"
        );
        return Err(Hinted::new(
            format!("`{}` cannot be the name of a control", args.name),
            hint,
        )
        .into());
    }
    let folder = args.dir.join(group).join(id);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    fs_err::create_dir_all(&folder)?;
    fs_err::write(
        folder.join("control.yaml"),
        CONTROL.replace("id: ID\n", &format!("id: {id}\n")),
    )?;
    fs_err::write(folder.join("fail.yaml"), FAIL)?;
    fs_err::write(folder.join("pass.yaml"), PASS)?;
    let folder = folder.display();
    let dir = args.dir.display();
    output::print(
        format!(
            "{folder} has control.yaml, fail.yaml and pass.yaml: fill them in, then\n  \
             seawall controls test {folder}\n  seawall scan . --controls {dir} --control {id}\n"
        )
        .as_bytes(),
    )
}
