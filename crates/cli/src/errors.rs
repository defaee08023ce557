//! How an error ends the program: the chain on standard error, mistakes drawn, exit code 2.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use anstream::ColorChoice;

use crate::mistakes::Mistakes;

/// The exit code of everything that could not complete.
pub(crate) const COULD_NOT_COMPLETE: u8 = 2;

/// An error with a line that says what to do about it.
#[derive(Debug)]
pub(crate) struct Hinted {
    message: String,
    hint: String,
}

impl Hinted {
    /// `hint` is one sentence, lower case, without a full stop.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Hinted {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// Prints an error and gives the exit code for it.
pub(crate) fn print(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let stderr = std::io::stderr();
    let color = anstream::AutoStream::choice(&stderr) != ColorChoice::Never;
    let mut out = anstream::AutoStream::auto(stderr).lock();
    // There is nobody left to tell when standard error is closed.
    let _ = write!(out, "{}", text(error, color));
    ExitCode::from(COULD_NOT_COMPLETE)
}

fn text(error: &anyhow::Error, color: bool) -> String {
    let (red, cyan, plain) = if color {
        ("\u{1b}[1;31m", "\u{1b}[1;36m", "\u{1b}[0m")
    } else {
        ("", "", "")
    };
    if let Some(mistakes) = error.downcast_ref::<Mistakes>() {
        return mistakes.draw(color) + "\n";
    }
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    let mut text = format!("{red}error{plain}: {}\n", chain.join(": "));
    for hinted in error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Hinted>())
    {
        text += &format!("{cyan}hint{plain}: {}\n", hinted.hint);
    }
    text
}

/// Whether the reader of our output went away, as `head` does: nothing is wrong then.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
