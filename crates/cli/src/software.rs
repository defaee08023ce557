//! What the commands that look packages up have in common: the database, the report and the exit code.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::thread::available_parallelism;

use advisories::Mapped;
use engine::funnel::{PackageSettings, judge_packages};
use images::{ImageInfo, Limits, Options, Scan};
use model::{
    DatabaseUsed, ExposedSecret, ImageLayer, ImageTarget, ListedPackage, PackageReport, Problem,
    ProblemLevel, State, System, Vulnerability, hexadecimal, redact,
};
use packages::{OsRelease, Package};
use report::{PackageFormat, PackageOptions, render_packages};

use crate::args::{FileArgs, PackageArgs, PackageFormatArg};
use crate::built::Built;
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::scan::Prepared;
use crate::{baseline_file, db, output, secret_patterns, vex};

/// Above so many days standard error says how old the data is.
const OLD: u32 = 7;

/// What was found somewhere.
pub(crate) struct Software {
    /// `sbom`, `image`, `fs`.
    pub(crate) kind: &'static str,
    /// What was asked for.
    pub(crate) path: String,
    pub(crate) packages: Vec<Package>,
    pub(crate) secrets: Vec<ExposedSecret>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) release: Option<OsRelease>,
    pub(crate) image: Option<ImageInfo>,
    /// What is wrong with how images are built.
    pub(crate) built: Built,
}

impl Software {
    pub(crate) fn of_scan(kind: &'static str, path: String, scan: Scan) -> Self {
        Self {
            kind,
            path,
            packages: scan.packages,
            secrets: scan.secrets,
            problems: scan.problems,
            release: scan.release,
            image: scan.image,
            built: Built::default(),
        }
    }

    pub(crate) fn with(self, built: Built) -> Self {
        Self { built, ..self }
    }
}

/// How images and folders are looked at.
pub(crate) fn options<'a>(cache: Option<&'a Path>, args: &FileArgs) -> anyhow::Result<Options<'a>> {
    let readers = match &args.secret_patterns {
        Some(file) => images::readers_with_patterns(secret_patterns::read(file)?),
        None if args.no_secrets => packages::readers(),
        None => images::readers_with_secrets(),
    };
    Ok(Options {
        readers,
        cache,
        limits: Limits::default(),
        threads: available_parallelism().map_or(1, usize::from),
    })
}

/// Looks up what `find` finds, and prints the report. `prepared` says what the configuration has on it.
pub(crate) fn run(
    args: &PackageArgs,
    prepared: &Prepared,
    find: impl FnOnce() -> anyhow::Result<Software>,
) -> anyhow::Result<ExitCode> {
    let path = db::path(&args.database)?;
    let database = db::open(&path)?;
    let date = db::day(args.date);
    let age = database.age(&date);
    if args.max_db_age.is_some_and(|most| age > most) {
        let hint = "`seawall db update` fetches a newer one";
        let message = format!("the database {} is {age} days old", path.display());
        return Err(Hinted::new(message, hint).into());
    }
    let is_sample = path == Path::new(db::SAMPLE);
    let mut software = find()?;
    if !is_sample {
        let unknown = images::unknown_systems(&software.packages, &database);
        software.problems.extend(unknown);
    }
    let statements = vex::read(&args.vex)?;
    let mut report = report(args, &database, software, date, age);
    let settings = &prepared.settings;
    judge_packages(
        &mut report,
        &PackageSettings {
            date: &settings.date,
            exceptions: &settings.package_exceptions,
            statements: &statements,
            baseline: settings.baseline.as_ref(),
        },
    );
    if let Some(file) = &args.write_baseline {
        baseline_file::write_packages(file, &report)?;
    }
    print(args, &report)?;
    if is_sample {
        note(format_args!(
            "this is the sample database: it knows four advisories, and nothing of any other package"
        ));
    } else if age > OLD {
        note(format_args!("the advisories are {age} days old"));
    }
    Ok(exit_code(args, &report))
}

fn print(args: &PackageArgs, report: &PackageReport) -> anyhow::Result<()> {
    let options = PackageOptions {
        tool_version: env!("CARGO_PKG_VERSION"),
        lists_packages: args.list_packages,
    };
    let mut text = Vec::new();
    render_packages(format(args), report, &options, &mut text)?;
    output::print(&text)?;
    Ok(())
}

fn format(args: &PackageArgs) -> PackageFormat {
    match args.format {
        PackageFormatArg::Table => PackageFormat::Table,
        PackageFormatArg::Summary => PackageFormat::Summary,
        PackageFormatArg::Json => PackageFormat::Json,
        PackageFormatArg::Sarif => PackageFormat::Sarif,
        PackageFormatArg::Junit => PackageFormat::Junit,
        PackageFormatArg::Cyclonedx => PackageFormat::CycloneDx,
        PackageFormatArg::Spdx => PackageFormat::Spdx,
        PackageFormatArg::Spdx3 => PackageFormat::Spdx3,
        PackageFormatArg::Openvex => PackageFormat::OpenVex,
    }
}

/// What was lost is worse than what was found: nobody knows what is in it.
fn exit_code(args: &PackageArgs, report: &PackageReport) -> ExitCode {
    let is_error = |problem: &Problem| problem.level == ProblemLevel::Error;
    if report.problems.iter().any(is_error) {
        return ExitCode::from(COULD_NOT_COMPLETE);
    }
    let is_new = |state: State| state == State::New;
    let flaws = report.vulnerabilities.iter();
    let flaws = flaws.filter(|finding| is_new(finding.state));
    let secrets = report.secrets.iter().filter(|secret| is_new(secret.state));
    let built = report.built.iter().map(|built| &built.finding);
    let built = built.filter(|finding| is_new(finding.state));
    let mut severities = flaws
        .filter_map(|finding| finding.severity)
        .chain(secrets.map(|secret| secret.severity))
        .chain(built.map(|finding| finding.severity));
    ExitCode::from(u8::from(
        severities.any(|severity| args.fail_on.reached_by(severity)),
    ))
}

/// Says something on standard error that is no finding and no problem.
pub(crate) fn note(text: std::fmt::Arguments<'_>) {
    // There is nobody left to tell when standard error is closed.
    let _ = writeln!(anstream::stderr().lock(), "note: {text}");
}

fn report(
    args: &PackageArgs,
    database: &Mapped,
    software: Software,
    date: String,
    age: u32,
) -> PackageReport {
    let mut vulnerabilities = images::vulnerabilities(&software.packages, database);
    vulnerabilities.retain(|finding| is_wanted(args, finding));
    if let Some(image) = &software.image {
        images::mark_base(&mut vulnerabilities, image);
    }
    let system = software
        .release
        .map(|release| system(&release, database, &date));
    PackageReport {
        date,
        kind: software.kind,
        paths: vec![software.path],
        packages: software.packages.len(),
        listed: if args.list_packages || format(args).lists_packages() {
            software.packages.into_iter().map(listed).collect()
        } else {
            Vec::new()
        },
        system,
        image: software.image.map(image),
        database: DatabaseUsed {
            date: database.date(),
            age,
            digest: hexadecimal(&database.digest()),
        },
        vulnerabilities,
        secrets: software.secrets,
        built: software.built.findings,
        controls: software.built.controls,
        problems: [software.problems, software.built.problems].concat(),
    }
}

fn is_wanted(args: &PackageArgs, finding: &Vulnerability) -> bool {
    (!args.only_fixed || !finding.package.fixed.is_empty())
        && (!args.kev || finding.risk.is_exploited)
        && args
            .min_epss
            .is_none_or(|least| finding.risk.epss.is_some_and(|epss| epss >= least))
}

fn system(release: &OsRelease, database: &Mapped, date: &str) -> System {
    let cycle = release.support_cycle().and_then(|(product, name)| {
        let mut cycles = database.cycles(product);
        let cycle = cycles.find(|cycle| cycle.cycle == name)?;
        Some((cycle.end, cycle.has_ended))
    });
    let (end, has_ended) = cycle.unwrap_or_default();
    System {
        id: release.id.clone(),
        version: release.version.clone(),
        name: release.name.clone(),
        has_ended: has_ended || (!end.is_empty() && end.as_str() <= date),
        support_ends: Some(end).filter(|end| !end.is_empty()),
    }
}

fn image(info: ImageInfo) -> ImageTarget {
    let layers = info.layers.into_iter().map(|layer| ImageLayer {
        digest: layer.digest,
        created_by: masked(&layer.created_by),
        is_base: layer.is_base,
    });
    ImageTarget {
        digest: info.digest,
        names: info.names,
        platform: info.platform.to_string(),
        layers: layers.collect(),
    }
}

/// A step of a build without the credentials that it was given.
fn masked(text: &str) -> String {
    let word = |word: &str| {
        let (name, value) = word.split_once('=').unwrap_or(("", word));
        let value = value.trim_matches(['"', '\'']);
        if redact::shown(name, value) == value {
            return word.to_owned();
        }
        match word.split_once('=') {
            Some((name, _)) => format!("{name}={}", redact::REDACTED),
            None => redact::REDACTED.to_owned(),
        }
    };
    let words = text.split(' ').map(word);
    let text = words.collect::<Vec<_>>().join(" ");
    // What only several words together tell.
    if redact::is_secret_value(&text) {
        return redact::REDACTED.to_owned();
    }
    text
}

fn listed(package: Package) -> ListedPackage {
    let parsed = package.parsed;
    let separator = if parsed.kind == "maven" { ":" } else { "/" };
    // The namespace of a system's package is the system.
    let is_named = !parsed.namespace.is_empty()
        && !matches!(
            parsed.kind.as_str(),
            "deb" | "apk" | "rpm" | "alpm" | "opkg"
        );
    let name = if is_named {
        format!("{}{separator}{}", parsed.namespace, parsed.name)
    } else {
        parsed.name
    };
    ListedPackage {
        purl: package.purl,
        name,
        version: parsed.version,
        licenses: package.licenses,
        path: package.path,
        layer: package.layer,
        is_dev: package.is_dev,
        needs: package.needs,
    }
}
