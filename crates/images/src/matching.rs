//! Packages and a database in, findings out: one for each flaw of each package, whatever the number of its advisories.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use advisories::{Database, Match, Query, Status, normal_ecosystem};
use model::{
    Problem, ProblemKind, ProblemLevel, Risk, Severity, State, Vulnerability, VulnerablePackage,
};
use packages::Package;
use packages::os::is_of_system;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::scan::{ImageInfo, LayerInfo};

/// What affects the packages, in the order in which one acts on it: exploited first, then by severity, likelihood, and
/// whether there is a fix; then by package and id.
pub fn vulnerabilities<B: AsRef<[u8]> + Sync>(
    packages: &[Package],
    database: &Database<B>,
) -> Vec<Vulnerability> {
    let found: Vec<(u32, Vulnerability)> = packages
        .par_iter()
        .flat_map_iter(|package| of_package(package, database))
        .collect();
    let hits = found.iter().map(|(advisory, _)| *advisory).collect();
    let texts = database.summaries(&hits);
    let summary = |index: &u32| texts.get(index).cloned().unwrap_or_default();
    let found = found.into_iter().map(|(index, finding)| Vulnerability {
        summary: summary(&index),
        ..finding
    });
    in_order(found.collect())
}

/// Operating systems whose packages the database cannot tell of.
pub fn unknown_systems<B: AsRef<[u8]>>(
    packages: &[Package],
    database: &Database<B>,
) -> Vec<Problem> {
    let mut unknown = BTreeMap::new();
    for package in packages.iter().filter(|package| is_of_system(package)) {
        let distro = package.parsed.qualifiers.get("distro");
        let system = (&package.parsed.kind, &package.parsed.namespace, distro);
        unknown.entry(system).or_insert((package, 0)).1 += 1;
    }
    let known = |ecosystem: &str| {
        let normal = normal_ecosystem(ecosystem);
        let base = normal.split(':').next().unwrap_or_default();
        database.ecosystem(&normal).is_some() || database.ecosystem(base).is_some()
    };
    unknown.retain(|_, (package, _)| {
        Query::from_purl(&package.parsed).is_none_or(|query| !known(&query.ecosystem))
    });
    let problem = |(package, count): (&Package, usize)| {
        let kind = &package.parsed.kind;
        let system = Query::from_purl(&package.parsed).map(|query| query.ecosystem);
        let distro = package.parsed.qualifiers.get("distro").cloned();
        let system = system
            .or(distro)
            .unwrap_or_else(|| "an unknown system".to_owned());
        Problem {
            level: ProblemLevel::Error,
            kind: ProblemKind::NoAdvisories,
            file: String::new(),
            location: None,
            message: format!(
                "the database knows no advisories for {system}: {count} packages ({kind}) were not looked up"
            ),
            hint: None,
        }
    };
    unknown.into_values().map(problem).collect()
}

/// Says of each finding whether the image has it from the one that it was built on.
pub fn mark_base(findings: &mut [Vulnerability], image: &ImageInfo) {
    let is_base = |layer: &&LayerInfo| layer.is_base;
    let base: BTreeSet<&str> = image
        .layers
        .iter()
        .filter(is_base)
        .map(|layer| layer.digest.as_str())
        .collect();
    for finding in findings {
        let layer = finding.package.layer.as_deref();
        finding.package.is_in_base = layer.is_some_and(|layer| base.contains(layer));
    }
}

/// Puts findings into the order in which one acts on them. They are large, so their places are sorted.
fn in_order(found: Vec<Vulnerability>) -> Vec<Vulnerability> {
    let rank = |finding: &Vulnerability| {
        Reverse((
            finding.risk.is_exploited,
            finding.severity.map(|severity| severity as u8),
            finding.risk.epss.map(f64::to_bits),
            !finding.package.fixed.is_empty(),
        ))
    };
    let mut places: Vec<_> = found.iter().map(rank).zip(0..).collect();
    places.sort_by(|(one_rank, one), (other_rank, other)| {
        one_rank.cmp(other_rank).then_with(|| {
            let (one, other): (&Vulnerability, &Vulnerability) = (&found[*one], &found[*other]);
            (&one.package.purl, &one.advisory).cmp(&(&other.package.purl, &other.advisory))
        })
    });
    let mut found: Vec<Option<Vulnerability>> = found.into_iter().map(Some).collect();
    let places = places.into_iter();
    places
        .filter_map(|(_, place): (_, usize)| found[place].take())
        .collect()
}

fn of_package<B: AsRef<[u8]>>(
    package: &Package,
    database: &Database<B>,
) -> Vec<(u32, Vulnerability)> {
    let Some(query) = Query::from_purl(&package.parsed).filter(|query| !query.version.is_empty())
    else {
        return Vec::new();
    };
    let mut by_flaw: BTreeMap<u32, Vec<Match<'_, B>>> = BTreeMap::new();
    for found in database.matches(&query) {
        let group = found
            .advisory
            .group()
            .map_or(u32::MAX, advisories::Group::index);
        by_flaw.entry(group).or_default().push(found);
    }
    by_flaw
        .into_values()
        .filter_map(|matches| finding(package, &matches))
        .collect()
}

/// The finding, without its summary, and the advisory that has it.
fn finding<B: AsRef<[u8]>>(
    package: &Package,
    matches: &[Match<'_, B>],
) -> Option<(u32, Vulnerability)> {
    let first = matches.first()?;
    let group = first.advisory.group()?;
    let advisory = group.name().to_owned();
    // The publisher of the package's own ecosystem knows best how grave it is there.
    let severity = matches
        .iter()
        .map(|found| found.advisory.severity())
        .max()
        .filter(|severity| *severity != advisories::Severity::Unknown);
    let score = matches
        .iter()
        .filter_map(|found| found.advisory.score())
        .max_by(f64::total_cmp);
    let fixed: BTreeSet<&str> = matches
        .iter()
        .flat_map(|found| found.fixed.iter().copied())
        .collect();
    let status = matches
        .iter()
        .map(|found| found.status)
        .find(|status| *status != Status::Affected);
    let finding = Vulnerability {
        aliases: group
            .ids()
            .filter(|id| *id != advisory)
            .map(str::to_owned)
            .collect(),
        severity: model_severity(severity.unwrap_or_else(|| group.severity())),
        state: State::New,
        fingerprint: fingerprint(&advisory, package),
        summary: String::new(),
        package: VulnerablePackage {
            purl: package.purl.clone(),
            version: package.parsed.version.clone(),
            status: status.filter(|_| fixed.is_empty()).map(Status::as_str),
            fixed: fixed.into_iter().map(str::to_owned).collect(),
            layer: package.layer.clone(),
            is_in_base: false,
            path: package.path.clone(),
            line: package.lines.first().map(|(first, _)| *first),
        },
        risk: Risk {
            cvss: score.or_else(|| group.score()),
            epss: group.epss(),
            is_exploited: group.is_exploited(),
        },
        exception: None,
        vex: None,
        advisory,
    };
    Some((first.advisory.index(), finding))
}

fn model_severity(severity: advisories::Severity) -> Option<Severity> {
    match severity {
        advisories::Severity::Unknown => None,
        advisories::Severity::Low => Some(Severity::Low),
        advisories::Severity::Medium => Some(Severity::Medium),
        advisories::Severity::High => Some(Severity::High),
        advisories::Severity::Critical => Some(Severity::Critical),
    }
}

/// The flaw and the package without its version: the same finding after an upgrade that does not fix it.
fn fingerprint(advisory: &str, package: &Package) -> String {
    crate::fingerprint::of(&[
        "vulnerability",
        advisory,
        &package.parsed.kind,
        &package.parsed.namespace,
        &package.parsed.name,
        package.path.as_deref().unwrap_or_default(),
    ])
}
