//! Where reports go, in which format.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice as StreamChoice};
use anyhow::Context as _;
use report::{Format, Options};

use crate::args::{ColorChoice, OutputArg, ScanArgs};
use crate::errors::Hinted;

/// Columns where nobody says how many there are.
const DEFAULT_WIDTH: usize = 100;

/// One place for the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) to: Destination,
}

/// A place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    /// Standard output.
    Standard,
    /// A file.
    File(PathBuf),
}

/// What decides about outputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) format: Option<Format>,
    pub(crate) files: &'a [OutputArg],
    pub(crate) quiet: bool,
    pub(crate) is_terminal: bool,
}

impl<'a> Request<'a> {
    pub(crate) fn new(args: &'a ScanArgs) -> Self {
        Request {
            format: args.format,
            files: &args.outputs,
            quiet: args.quiet,
            is_terminal: io::stdout().is_terminal(),
        }
    }
}

/// Says where the report goes: files first, standard output last, which `-` names too.
pub(crate) fn route(request: &Request<'_>) -> anyhow::Result<Vec<Output>> {
    let only = request.files.len() == 1;
    let mut outputs = Vec::new();
    let mut standard = None;
    let mut format_is_spent = false;
    for file in request.files {
        if file.file.as_os_str() == "-" {
            standard = file.format.or(request.format);
            continue;
        }
        let format = match (file.format, request.format) {
            (Some(format), _) => format,
            (None, Some(format)) if only => {
                format_is_spent = true;
                format
            }
            (None, _) => by_extension(file)?,
        };
        outputs.push(Output {
            format,
            to: Destination::File(file.file.clone()),
        });
    }
    if !request.quiet && !format_is_spent {
        let usual = if request.is_terminal {
            Format::Pretty
        } else {
            Format::Table
        };
        let format = standard.or(request.format).unwrap_or(usual);
        outputs.push(Output {
            format,
            to: Destination::Standard,
        });
    }
    Ok(outputs)
}

fn by_extension(file: &OutputArg) -> anyhow::Result<Format> {
    let extension = file
        .file
        .extension()
        .and_then(|extension| extension.to_str());
    extension.and_then(Format::from_extension).ok_or_else(|| {
        let message = format!(
            "no format goes with the name of the output {}",
            file.file.display()
        );
        let hint = format!("name one: --output json={}", file.file.display());
        Hinted::new(message, hint).into()
    })
}

/// Writes something in a format.
pub(crate) type Render<'r> = &'r dyn Fn(Format, &Options, &mut dyn Write) -> io::Result<()>;

/// Writes a report to each place.
pub(crate) fn write(
    outputs: &[Output],
    options: &Options,
    render: Render<'_>,
) -> anyhow::Result<()> {
    for output in outputs {
        match &output.to {
            Destination::File(file) => {
                let plain = Options {
                    color: false,
                    ..options.clone()
                };
                let mut out = BufWriter::new(fs_err::File::create(file)?);
                render(output.format, &plain, &mut out)
                    .and_then(|()| out.flush())
                    .with_context(|| format!("cannot write {}", file.display()))?;
            }
            Destination::Standard => {
                let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
                let done = render(output.format, options, &mut out);
                forgive_broken_pipe(done.and_then(|()| out.flush()))?;
            }
        }
    }
    Ok(())
}

/// Prints bytes on standard output.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    forgive_broken_pipe(out.write_all(bytes).and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// A reader that went away, as `head` does, is no mistake.
fn forgive_broken_pipe(done: io::Result<()>) -> anyhow::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Whether standard output gets colour.
pub(crate) fn color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => AutoStream::choice(&io::stdout()) != StreamChoice::Never,
    }
}

/// Columns of standard output.
pub(crate) fn width(asked: Option<usize>) -> usize {
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(terminal).unwrap_or(DEFAULT_WIDTH)
}

#[cfg(test)]
mod tests {
    use report::Format;

    use super::{Destination, Output, Request, route};

    fn check(format: Option<Format>, files: &[&str], quiet: bool, expected: &[&str]) {
        let files: Vec<_> = files.iter().filter_map(|file| file.parse().ok()).collect();
        let request = Request {
            format,
            files: &files,
            quiet,
            is_terminal: false,
        };
        let routed = route(&request).unwrap();
        let told: Vec<String> = routed.iter().map(tell).collect();
        assert_eq!(told, expected);
    }

    fn tell(output: &Output) -> String {
        match &output.to {
            Destination::Standard => format!("{} to -", output.format),
            Destination::File(file) => format!("{} to {}", output.format, file.display()),
        }
    }

    #[test]
    fn standard_output_gets_a_table_in_a_pipe() {
        check(None, &[], false, &["table to -"]);
        check(Some(Format::Json), &[], false, &["json to -"]);
        check(Some(Format::Json), &[], true, &[]);
    }

    #[test]
    fn the_only_bare_file_takes_the_format() {
        check(Some(Format::Json), &["x.out"], false, &["json to x.out"]);
        check(Some(Format::Json), &["x.csv"], false, &["json to x.csv"]);
    }

    #[test]
    fn files_take_their_extension_and_standard_output_stays() {
        check(
            None,
            &["a.sarif", "b.xml"],
            false,
            &["sarif to a.sarif", "junit to b.xml", "table to -"],
        );
        check(
            Some(Format::Pretty),
            &["a.sarif", "b.json"],
            false,
            &["sarif to a.sarif", "json to b.json", "pretty to -"],
        );
    }

    #[test]
    fn a_dash_is_standard_output() {
        check(None, &["-"], false, &["table to -"]);
        check(Some(Format::Csv), &["-"], false, &["csv to -"]);
        check(Some(Format::Csv), &["json=-"], false, &["json to -"]);
        check(
            None,
            &["a.sarif", "json=-"],
            false,
            &["sarif to a.sarif", "json to -"],
        );
    }

    #[test]
    fn a_named_format_goes_before_the_extension() {
        check(None, &["gitlab=a.json"], true, &["gitlab to a.json"]);
        check(None, &["k=v.json"], true, &["json to k=v.json"]);
        check(
            Some(Format::Csv),
            &["json=a"],
            false,
            &["json to a", "csv to -"],
        );
    }

    #[test]
    fn a_file_without_a_format_is_a_mistake() {
        let files = ["report".parse().unwrap()];
        let request = Request {
            format: None,
            files: &files,
            quiet: false,
            is_terminal: true,
        };
        assert!(route(&request).is_err());
    }
}
