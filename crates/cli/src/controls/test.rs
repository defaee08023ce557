//! `seawall controls test DIR`: each control over its own `fail.yaml` and `pass.yaml`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use engine::test_control;

use crate::args::TestControlsArgs;
use crate::mistakes::Mistakes;
use crate::{control_folders, output};

/// Tests the controls of folders. Exit code 1 when one does not do what its files say.
pub(crate) fn run(args: &TestControlsArgs) -> anyhow::Result<ExitCode> {
    let mut controls = Vec::new();
    for dir in &args.dirs {
        let found = control_folders::texts(dir)
            .with_context(|| format!("cannot read the controls of {}", dir.display()))?;
        anyhow::ensure!(!found.is_empty(), "{} holds no control.yaml", dir.display());
        controls.extend(found);
    }
    // All of them together with the ones that there are: what names another control is held against these.
    control_folders::catalog(&args.dirs)?;
    let mut page = String::new();
    let (mut failed, mut findings) = (0, 0);
    for texts in &controls {
        let report = test_control(texts).map_err(Mistakes)?;
        findings += report.findings;
        failed += usize::from(!report.failures.is_empty());
        for failure in &report.failures {
            let _ = writeln!(page, "{failure}");
        }
        if args.verbose {
            for message in &report.messages {
                let _ = writeln!(page, "{}/fail.yaml:{message}", folder(texts.control.name()));
            }
        }
    }
    let (tested, right) = (controls.len(), controls.len() - failed);
    let _ = writeln!(
        page,
        "{right} of {tested} controls do what their files say, with {findings} findings"
    );
    output::print(page.as_bytes())?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn folder(control: &str) -> &str {
    control.strip_suffix("/control.yaml").unwrap_or(control)
}
