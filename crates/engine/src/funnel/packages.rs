//! What flaws of packages and credentials in files count as: exceptions of the configuration, statements of others (VEX), the baseline.

use model::{
    AppliedException, Location, PackageReport, Problem, ProblemKind, ProblemLevel, State, VexNote,
    VexStatus, Vulnerability,
};

use super::baseline::Baseline;
use super::exceptions::{declared_at, problem};
use super::selector::{PathBase, Patterns};

/// An exception from flaws of packages, or from credentials in files.
#[derive(Clone, Debug)]
pub struct PackageException {
    /// What is accepted.
    pub accepts: Accepts,
    /// Package URLs, with or without version.
    pub packages: Patterns,
    /// What the paths are relative to, when that is not the root of the scan.
    pub base: Option<std::sync::Arc<PathBase>>,
    /// Files.
    pub paths: Patterns,
    /// Images, folders and bills of materials.
    pub targets: Patterns,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Where it is declared.
    pub at: Location,
}

/// What an exception accepts, by one of the ids of each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Accepts {
    /// Advisories: `CVE-2026-0001`, `GHSA-…`, the id of a distribution.
    Vulnerabilities(Vec<String>),
    /// Kinds of credentials: `github-token`.
    Secrets(Vec<String>),
}

impl Accepts {
    fn ids(&self) -> &[String] {
        match self {
            Accepts::Vulnerabilities(ids) | Accepts::Secrets(ids) => ids,
        }
    }
}

/// A statement on a flaw in a product, in the terms of Vulnerability Exploitability eXchange.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The ids of the flaw.
    pub ids: Vec<String>,
    /// The products that it is about; none: all.
    pub products: Vec<Product>,
    /// What is stated.
    pub note: VexNote,
}

/// A product of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Product {
    /// Package URL, or digest, or name.
    pub id: String,
    /// Package URLs of its parts that are meant; all of it where there are none.
    pub parts: Vec<String>,
}

/// What decides.
#[derive(Clone, Copy)]
pub struct PackageSettings<'s> {
    /// The day to assume, `YYYY-MM-DD`.
    pub date: &'s str,
    /// Those of the configuration.
    pub exceptions: &'s [PackageException],
    /// Those of others, in the order of their files; the last that fits decides.
    pub statements: &'s [Statement],
    /// Findings that do not count as new.
    pub baseline: Option<&'s Baseline>,
}

/// Marks what exceptions accept, what statements say, and what the baseline knows. What is worth a look among the exceptions and
/// statements goes to the problems.
pub fn judge_packages(report: &mut PackageReport, settings: &PackageSettings<'_>) {
    let target = Target::of(report);
    let mut problems = Vec::new();
    let mut exceptions: Vec<Candidate<'_>> = settings
        .exceptions
        .iter()
        .filter(|exception| target.is_one_of(&exception.targets))
        .filter(|exception| holds(exception, settings.date, &mut problems))
        .map(|exception| Candidate {
            exception,
            is_used: false,
        })
        .collect();
    let mut used = vec![false; settings.statements.len()];
    for finding in &mut report.vulnerabilities {
        for (statement, used) in settings.statements.iter().zip(&mut used) {
            if states(statement, finding, &target) {
                *used = true;
                finding.vex = Some(statement.note.clone());
            }
        }
        finding.exception = accepted(&mut exceptions, |exception| {
            accepts_flaw(exception, finding)
        });
        let is_harmless =
            |note: &VexNote| matches!(note.status, VexStatus::NotAffected | VexStatus::Fixed);
        if finding.exception.is_none()
            && let Some(note) = finding.vex.as_ref().filter(|note| is_harmless(note))
        {
            finding.exception = Some(of_note(note));
        }
        finding.state = state(
            finding.exception.is_some(),
            &finding.fingerprint,
            settings.baseline,
        );
    }
    for secret in &mut report.secrets {
        secret.exception = accepted(&mut exceptions, |exception| {
            matches!(&exception.accepts, Accepts::Secrets(ids) if has(ids, &secret.pattern))
                && is_at(exception, &secret.path)
        });
        secret.state = state(
            secret.exception.is_some(),
            &secret.fingerprint,
            settings.baseline,
        );
    }
    // Credentials are looked for in files only.
    let sees_files = report.kind != "sbom";
    for unused in exceptions.iter().filter(|candidate| !candidate.is_used) {
        let exception = unused.exception;
        if sees_files || matches!(exception.accepts, Accepts::Vulnerabilities(_)) {
            let ids = exception.accepts.ids().join(", ");
            problems.push(problem(
                ProblemKind::ExceptionUnused,
                &exception.at,
                format!("nothing here needs the exception from `{ids}`"),
                Some("remove it, or say with `target` where it is needed".to_owned()),
            ));
        }
    }
    let statements = settings.statements.iter().zip(used);
    for (statement, _) in statements.filter(|(_, used)| !used) {
        problems.push(unmatched(statement));
    }
    report.problems.extend(problems);
}

/// An exception, and whether something needs it.
struct Candidate<'s> {
    exception: &'s PackageException,
    is_used: bool,
}

/// The first exception that accepts a finding; every one that would counts as used.
fn accepted(
    exceptions: &mut [Candidate<'_>],
    accepts: impl Fn(&PackageException) -> bool,
) -> Option<AppliedException> {
    let mut first = None;
    for candidate in exceptions {
        if accepts(candidate.exception) {
            candidate.is_used = true;
            first.get_or_insert(candidate.exception);
        }
    }
    let exception = first?;
    Some(AppliedException {
        reason: exception.reason.clone(),
        owner: exception.owner.clone(),
        expires: exception.expires.clone(),
        at: declared_at(&exception.at),
    })
}

fn accepts_flaw(exception: &PackageException, finding: &Vulnerability) -> bool {
    let Accepts::Vulnerabilities(ids) = &exception.accepts else {
        return false;
    };
    let is_meant = has(ids, &finding.advisory) || finding.aliases.iter().any(|id| has(ids, id));
    let (whole, name) = forms(&finding.package.purl);
    let is_package = exception.packages.is_empty()
        || exception.packages.matches(whole)
        || exception.packages.matches(name);
    is_meant
        && is_package
        && is_at(
            exception,
            finding.package.path.as_deref().unwrap_or_default(),
        )
}

fn has(ids: &[String], id: &str) -> bool {
    ids.iter().any(|known| known.eq_ignore_ascii_case(id))
}

fn is_at(exception: &PackageException, path: &str) -> bool {
    exception.paths.is_empty()
        || exception.paths.matches(path)
        || exception
            .base
            .as_ref()
            .and_then(|base| base.name(path))
            .is_some_and(|name| exception.paths.matches(&name))
}

/// A package URL without its qualifiers, and without its version too.
fn forms(purl: &str) -> (&str, &str) {
    let whole = purl.split(['?', '#']).next().unwrap_or_default();
    let name = whole.rsplit_once('@').map_or(whole, |(name, _)| name);
    (whole, name)
}

/// Whether an exception holds on the day; one whose day is over is worth a look.
fn holds(exception: &PackageException, date: &str, problems: &mut Vec<Problem>) -> bool {
    let Some(expires) = exception.expires.as_deref().filter(|day| *day < date) else {
        return true;
    };
    let ids = exception.accepts.ids().join(", ");
    problems.push(problem(
        ProblemKind::ExceptionExpired,
        &exception.at,
        format!("the exception from `{ids}` expired on {expires}"),
        Some("solve the finding, or extend the exception".to_owned()),
    ));
    false
}

fn state(is_accepted: bool, fingerprint: &str, baseline: Option<&Baseline>) -> State {
    if is_accepted {
        State::Excepted
    } else if baseline.is_some_and(|known| known.contains(fingerprint)) {
        State::Baselined
    } else {
        State::New
    }
}

/// What is looked at, by all its names.
struct Target {
    names: Vec<String>,
}

impl Target {
    fn of(report: &PackageReport) -> Self {
        let image = report.image.iter();
        let image = image.flat_map(|image| image.names.iter().chain([&image.digest]));
        Target {
            names: report.paths.iter().chain(image).cloned().collect(),
        }
    }

    fn is_one_of(&self, patterns: &Patterns) -> bool {
        patterns.is_empty() || self.names.iter().any(|name| patterns.matches(name))
    }

    /// Whether an id of a product means it: its digest, its name, or `pkg:oci/…` or `pkg:docker/…` of one of these.
    fn is_meant(&self, id: &str) -> bool {
        let digest = digest_of(id);
        let is_digest = digest
            .as_ref()
            .is_some_and(|digest| self.names.contains(digest));
        if is_digest || self.names.iter().any(|name| name == id) {
            return true;
        }
        let Some(image) = id
            .strip_prefix("pkg:oci/")
            .or(id.strip_prefix("pkg:docker/"))
        else {
            return false;
        };
        let (whole, qualifiers) = image.split_once('?').unwrap_or((image, ""));
        let (path, version) = whole.split_once('@').unwrap_or((whole, ""));
        let tag = qualifiers
            .split('&')
            .find_map(|pair| pair.strip_prefix("tag="));
        let tag = tag.unwrap_or(version);
        // A digest that is another one, was looked at above.
        let is_pinned = digest.is_some();
        !is_pinned
            && self.names.iter().any(|name| {
                let image = model::ImageRef::split(name);
                let repository = image.repository();
                let is_path = repository == path || repository.ends_with(&format!("/{path}"));
                is_path && (tag.is_empty() || image.tag == tag)
            })
    }
}

/// The digest that an id of an image names.
fn digest_of(id: &str) -> Option<String> {
    let decoded = id.replace("%3A", ":").replace("%3a", ":");
    let start = decoded.find("sha256:")?;
    let digest: String = decoded[start..]
        .chars()
        .take("sha256:".len() + 64)
        .collect();
    (digest.len() == "sha256:".len() + 64).then_some(digest)
}

/// Whether a statement is about a flaw in a package of what is looked at.
fn states(statement: &Statement, finding: &Vulnerability, target: &Target) -> bool {
    let is_flaw = has(&statement.ids, &finding.advisory)
        || finding.aliases.iter().any(|id| has(&statement.ids, id));
    if !is_flaw {
        return false;
    }
    let is_package = |id: &str| is_same_package(id, &finding.package.purl);
    statement.products.is_empty()
        || statement.products.iter().any(|product| {
            let is_product = target.is_meant(&product.id);
            if product.parts.is_empty() {
                return is_product || is_package(&product.id);
            }
            let has_part = product.parts.iter().any(|part| is_package(part));
            // A product that is neither this image nor a package may be the one that this is a part of: then nothing says so.
            has_part && (is_product || is_package(&product.id))
        })
}

/// Whether a package URL means a package: type, namespace and name, and what it says of version and qualifiers.
fn is_same_package(wanted: &str, purl: &str) -> bool {
    let (wanted_whole, wanted_name) = forms(wanted);
    let (whole, name) = forms(purl);
    let is_version = wanted_whole == wanted_name || wanted_whole == whole;
    let qualifiers = |purl: &str| -> Vec<String> {
        let text = purl.split('#').next().unwrap_or_default();
        let text = text.split_once('?').map_or("", |(_, text)| text);
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let has = qualifiers(purl);
    wanted.starts_with("pkg:")
        && wanted_name == name
        && is_version
        && qualifiers(wanted).iter().all(|pair| has.contains(pair))
}

fn of_note(note: &VexNote) -> AppliedException {
    let reason = if note.justification.is_empty() {
        note.status.as_str().to_owned()
    } else {
        format!("{}: {}", note.status.as_str(), note.justification)
    };
    let reason = if note.text.is_empty() {
        reason
    } else {
        format!("{reason} ({})", note.text)
    };
    AppliedException {
        reason,
        owner: None,
        expires: None,
        at: note.at.clone(),
    }
}

fn unmatched(statement: &Statement) -> Problem {
    let id = statement.ids.first().map_or("", String::as_str);
    let product = statement.products.first();
    let product = product.map_or(String::new(), |product| format!(" in {}", product.id));
    Problem {
        level: ProblemLevel::Unknown,
        kind: ProblemKind::VexUnused,
        file: statement.note.at.clone(),
        location: None,
        message: format!("the statement on {id}{product} is about nothing here"),
        hint: None,
    }
}

#[cfg(test)]
mod tests;
