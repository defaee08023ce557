//! `seawall sbom`: the packages of a bill of materials that published vulnerabilities affect.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use advisories::Mapped;
use anyhow::Context as _;
use images::sbom::Bill;
use model::{DatabaseUsed, PackageReport, Vulnerability, hexadecimal};
use report::{Options, PackageFormat, render_packages};

use crate::args::{PackageFormatArg, SbomArgs};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::{db, output};

/// Above so many days standard error says how old the data is.
const OLD: u32 = 7;

pub(crate) fn run(args: &SbomArgs) -> anyhow::Result<ExitCode> {
    let path = db::path(&args.database)?;
    let database = db::open(&path)?;
    let date = db::day(args.date);
    let age = database.age(&date);
    if args.max_db_age.is_some_and(|most| age > most) {
        let hint = "`seawall db update` fetches a newer one";
        return Err(Hinted::new(
            format!("the database {} is {age} days old", path.display()),
            hint,
        )
        .into());
    }
    let bytes = read(&args.file)?;
    let bill =
        images::sbom::read(&bytes).with_context(|| format!("reading {}", args.file.display()))?;
    let report = report(args, &database, bill, date, age);
    let options = Options {
        tool_version: env!("CARGO_PKG_VERSION"),
        color: false,
        width: output::width(None),
        verbose: false,
    };
    let format = match args.format {
        PackageFormatArg::Table => PackageFormat::Table,
        PackageFormatArg::Summary => PackageFormat::Summary,
        PackageFormatArg::Json => PackageFormat::Json,
    };
    let mut text = Vec::new();
    render_packages(format, &report, &options, &mut text)?;
    output::print(&text)?;
    if path == Path::new(db::SAMPLE) {
        note(format_args!(
            "this is the sample database: it knows four advisories, and nothing of any other package"
        ));
    } else if age > OLD {
        note(format_args!("the advisories are {age} days old"));
    }
    let failed = report
        .vulnerabilities
        .iter()
        .filter_map(|finding| finding.severity)
        .any(|severity| args.fail_on.reached_by(severity));
    // A component that could not be looked up is not known to be without flaws.
    let code = if report
        .unusable
        .iter()
        .any(|(_, why)| why.contains("package URL '"))
    {
        COULD_NOT_COMPLETE
    } else {
        u8::from(failed)
    };
    Ok(ExitCode::from(code))
}

fn note(text: std::fmt::Arguments<'_>) {
    // There is nobody left to tell when standard error is closed.
    let _ = writeln!(anstream::stderr().lock(), "note: {text}");
}

fn report(args: &SbomArgs, database: &Mapped, bill: Bill, date: String, age: u32) -> PackageReport {
    let mut vulnerabilities = images::vulnerabilities(&bill.packages, database);
    vulnerabilities.retain(|finding| is_wanted(args, finding));
    PackageReport {
        date,
        kind: "sbom",
        paths: vec![args.file.display().to_string()],
        packages: bill.packages.len(),
        database: DatabaseUsed {
            date: database.date(),
            age,
            digest: hexadecimal(&database.digest()),
        },
        vulnerabilities,
        unusable: bill.unusable,
    }
}

fn is_wanted(args: &SbomArgs, finding: &Vulnerability) -> bool {
    (!args.only_fixed || !finding.package.fixed.is_empty())
        && (!args.kev || finding.risk.is_exploited)
        && args
            .min_epss
            .is_none_or(|least| finding.risk.epss.is_some_and(|epss| epss >= least))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file != Path::new("-") {
        return Ok(fs_err::read(file)?);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .context("reading standard input")?;
    Ok(bytes)
}
