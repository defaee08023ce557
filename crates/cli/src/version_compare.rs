//! `seawall version-compare`: lines that say how two versions are ordered, held against an ecosystem.

use std::cmp::Ordering;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use versions::Scheme;

use crate::args::VersionCompareArgs;
use crate::errors::Hinted;
use crate::output;

/// Prints the lines that do not hold, and how many do. Exit code 1 when one does not.
pub(crate) fn run(args: &VersionCompareArgs) -> anyhow::Result<ExitCode> {
    let scheme = Scheme::from_ecosystem(&args.ecosystem).ok_or_else(|| {
        let hint = "names are those of advisories, such as `Debian`, `PyPI` and `crates.io`, or types of package URLs";
        Hinted::new(format!("no ecosystem is called '{}'", args.ecosystem), hint)
    })?;
    let text = read(&args.file)?;
    let (mut wrong, mut total) = (String::new(), 0_usize);
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    for (index, line) in lines {
        total += 1;
        let (a, expected, b) = parse(line).ok_or_else(|| {
            Hinted::new(
                format!("line {} is not of the form `A < B`: '{line}'", index + 1),
                "each line is two versions with <, = or > between them, parted by spaces",
            )
        })?;
        if versions::compare(scheme, a, b) != expected {
            wrong += line;
            wrong.push('\n');
        }
    }
    let failed = wrong.lines().count();
    output::print(format!("{wrong}{} of {total} hold\n", total - failed).as_bytes())?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn read(file: &Path) -> anyhow::Result<String> {
    if file != Path::new("-") {
        return Ok(fs_err::read_to_string(file)?);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .context("reading standard input")?;
    Ok(text)
}

fn parse(line: &str) -> Option<(&str, Ordering, &str)> {
    let mut words = line.split_whitespace();
    let (a, sign, b) = (words.next()?, words.next()?, words.next()?);
    let order = match sign {
        "<" => Ordering::Less,
        "=" => Ordering::Equal,
        ">" => Ordering::Greater,
        _ => return None,
    };
    words.next().is_none().then_some((a, order, b))
}
