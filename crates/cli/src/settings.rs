//! What a scan shall do, resolved from the command line, the configuration and the catalogue. From here
//! on nobody asks where a value came from.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use catalog::{Catalog, Diagnostic, nearest};
use engine::funnel::{
    Baseline, Exception, Framework, InlinePolicy, PackageException, Selector, SeverityOverride,
};
use engine::{ParamOverride, Selection, split_framework};
use manifests::{ChartOptions, Inputs};
use model::{KubernetesVersion, Problem, Profile, Severity, WorkloadTable};

use crate::args::{ChartArgs, ScanArgs};
use crate::config::{Config, Located, Parameter};
use crate::git::Changes;
use crate::kubescape;
use crate::mistakes::Mistakes;
use crate::origin::Origin;
use crate::output::{self, Output, Request};
use crate::threshold::{AllowedProblems, Threshold};
use crate::{baseline_file, framework_files};

/// What a scan shall do.
pub(crate) struct Settings {
    pub(crate) inputs: Inputs,
    /// What is scanned, in a word of reports.
    pub(crate) target: &'static str,
    pub(crate) paths: Vec<String>,
    pub(crate) selection: Selection,
    pub(crate) frameworks: Vec<Framework>,
    pub(crate) engine: engine::Settings,
    pub(crate) date: String,
    pub(crate) severities: Vec<SeverityOverride>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) package_exceptions: Vec<PackageException>,
    pub(crate) inline: InlinePolicy,
    pub(crate) inline_locked: Vec<String>,
    /// What to look at, if not at everything.
    pub(crate) changes: Option<Changes>,
    pub(crate) baseline: Option<Baseline>,
    pub(crate) write_baseline: Option<PathBuf>,
    pub(crate) min_severity: Option<Severity>,
    pub(crate) outputs: Vec<Output>,
    /// Whether somebody reads the texts of the findings.
    pub(crate) needs_detail: bool,
    /// Whether the program ends after one scan.
    pub(crate) is_only_scan: bool,
    pub(crate) exit: ExitRules,
    /// The database of published vulnerabilities that is asked for.
    pub(crate) database: Option<PathBuf>,
    /// What is wrong with the settings and does not stop the scan.
    pub(crate) problems: Vec<Problem>,
}

/// What decides about the exit code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExitRules {
    pub(crate) fail_on: Threshold,
    pub(crate) fail_on_unknown: bool,
    /// Problems that do not count.
    pub(crate) allowed: Vec<AllowedProblems>,
}

/// Resolves the settings of a scan.
pub(crate) fn resolve(
    args: &ScanArgs,
    config: Config,
    catalog: &Catalog,
    (root, origin): (&Path, &Origin),
) -> anyhow::Result<Settings> {
    let mistakes = mistakes(&config, catalog);
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes).into());
    }
    let outputs = output::route(&Request::new(args))?;
    let selection = selection(args, &config);
    let version = match args.kubernetes_version.or(origin.kubernetes_version()) {
        Some(version) => version,
        None => version(&config, &selection, catalog)?,
    };
    let date = args.date.unwrap_or_else(today);
    let mut params = params(&config);
    let mut problems = Vec::new();
    if let Some(file) = &args.kubescape_inputs {
        let given = kubescape::read(file, catalog)?;
        params.extend(given.params);
        problems.extend(given.problems);
    }
    Ok(Settings {
        inputs: Inputs {
            takes_digest: outputs.iter().any(|output| output.format.needs_digest()),
            charts: ChartOptions {
                with_ci_values: args.helm_ci_values,
                ..chart_options(&args.charts, version.to_string(), date)
            },
            ..inputs(args, &config, root)
        },
        target: if origin.context().is_some() {
            "cluster"
        } else {
            "files"
        },
        paths: match origin.context() {
            Some(context) => vec![format!("cluster://{context}")],
            None => args.paths.clone(),
        },
        frameworks: frameworks(&selection, catalog)?,
        selection,
        date: date.to_string(),
        severities: severities(&config),
        inline: config.inline.unwrap_or(match origin {
            Origin::Files => InlinePolicy::default(),
            // Who may write into a cluster need not be who accepts what is found there.
            Origin::Snapshot(..) | Origin::Live(_) => InlinePolicy::Deny,
        }),
        inline_locked: texts(&config.inline_locked),
        changes: args
            .git_changed
            .as_deref()
            .map(Changes::since)
            .transpose()?,
        baseline: args
            .baseline
            .as_deref()
            .map(baseline_file::read)
            .transpose()?,
        needs_detail: outputs.iter().any(|output| output.format.needs_detail())
            || args.write_baseline.is_some(),
        write_baseline: args.write_baseline.clone(),
        min_severity: args.min_severity.or(config.min_severity),
        outputs,
        is_only_scan: true,
        database: None,
        exit: ExitRules {
            fail_on: args.fail_on.or(config.fail_on).unwrap_or_default(),
            fail_on_unknown: args.fail_on_unknown || config.fail_on_unknown.unwrap_or_default(),
            allowed: args.allow_problems.clone(),
        },
        engine: engine::Settings {
            kubernetes_version: version,
            params,
            workloads: workloads(&config),
        },
        exceptions: config.exceptions,
        package_exceptions: config.package_exceptions,
        problems,
    })
}

/// The only look at the clock that reaches a report.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
}

/// This moment, for the snapshot that is made.
pub(crate) fn now() -> String {
    let seconds = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(seconds).map_or(String::new(), |now| now.to_string())
}

/// How charts are rendered. What they take for the time is the beginning of the day.
pub(crate) fn chart_options(
    args: &ChartArgs,
    kubernetes_version: String,
    date: jiff::civil::Date,
) -> ChartOptions {
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    let now = jiff::tz::Offset::UTC.to_timestamp(midnight);
    ChartOptions {
        values: args.values.clone(),
        flags: args.flags(),
        release_name: args.release_name.clone(),
        namespace: args.namespace.clone(),
        kubernetes_version,
        api_versions: args.api_versions.clone(),
        seed: args.seed,
        now: now.map_or(0, jiff::Timestamp::as_second),
        ..ChartOptions::default()
    }
}

fn inputs(args: &ScanArgs, config: &Config, root: &Path) -> Inputs {
    let excludes = config
        .exclude
        .iter()
        .chain(&args.exclude)
        .cloned()
        .collect();
    Inputs {
        excludes,
        ..Inputs::new(root, &args.paths)
    }
}

/// A flag that selects goes before all that the configuration selects; exclusions add up.
fn selection(args: &ScanArgs, config: &Config) -> Selection {
    let exclude = config
        .exclude_controls
        .iter()
        .flatten()
        .map(|control| control.text.clone());
    let exclude = exclude
        .chain(args.exclude_controls.iter().cloned())
        .collect();
    let by_flags =
        args.profile.is_some() || !args.frameworks.is_empty() || !args.controls.is_empty();
    if by_flags {
        Selection {
            profile: args.profile.unwrap_or(Profile::Default),
            frameworks: ids(args.frameworks.iter()),
            controls: args.controls.clone(),
            exclude,
            ..Selection::default()
        }
    } else {
        Selection {
            profile: config.profile.unwrap_or(Profile::Default),
            frameworks: ids(config.frameworks.iter().flatten().map(|word| &word.text)),
            controls: config.controls.as_deref().map(texts).unwrap_or_default(),
            exclude,
            ..Selection::default()
        }
    }
}

/// The frameworks that the command line and the configuration name, as written.
pub(crate) fn framework_words<'a>(
    args: &'a ScanArgs,
    config: &'a Config,
) -> impl Iterator<Item = &'a str> {
    let located = config.frameworks.iter().flatten();
    let configured = located.map(|word| word.text.as_str());
    args.frameworks.iter().map(String::as_str).chain(configured)
}

/// A version behind `@`, the configuration, the frameworks' own, the newest: the first of these that there is.
fn version(
    config: &Config,
    selection: &Selection,
    catalog: &Catalog,
) -> anyhow::Result<KubernetesVersion> {
    let of_frameworks = selection.kubernetes_version(catalog)?;
    let asked = selection
        .frameworks
        .iter()
        .any(|framework| framework.contains('@'));
    let asked = of_frameworks.filter(|_| asked);
    let version = asked.or(config.kubernetes_version).or(of_frameworks);
    Ok(version.unwrap_or(KubernetesVersion::NEWEST))
}

fn frameworks(selection: &Selection, catalog: &Catalog) -> anyhow::Result<Vec<Framework>> {
    let mut frameworks = Vec::new();
    for word in &selection.frameworks {
        let (id, _) = split_framework(word)?;
        // One that does not exist is for the engine to complain about.
        if let Some(definition) = catalog.framework(id) {
            let definition = definition.context("the embedded frameworks are damaged")?;
            frameworks.push(Framework {
                asked: word.clone(),
                definition,
            });
        }
    }
    frameworks.sort_by(|left, right| left.asked.cmp(&right.asked));
    frameworks.dedup_by(|left, right| left.asked == right.asked);
    Ok(frameworks)
}

fn params(config: &Config) -> Vec<ParamOverride> {
    let everywhere = config
        .params
        .iter()
        .map(|(control, parameter)| param(&control.text, parameter, &Selector::default()));
    let somewhere = config.overrides.iter().flat_map(|row| {
        row.controls.iter().flat_map(|control| {
            row.params
                .iter()
                .map(|parameter| param(&control.text, parameter, &row.resources))
        })
    });
    everywhere.chain(somewhere).collect()
}

fn param(control: &str, parameter: &Parameter, resources: &Selector) -> ParamOverride {
    ParamOverride {
        control: control.to_owned(),
        name: parameter.name.text.clone(),
        value: parameter.value.clone(),
        resources: resources.clone(),
    }
}

fn severities(config: &Config) -> Vec<SeverityOverride> {
    let rows = config.overrides.iter();
    rows.filter_map(|row| {
        Some(SeverityOverride {
            controls: texts(&row.controls),
            resources: row.resources.clone(),
            severity: row.severity?,
        })
    })
    .collect()
}

pub(crate) fn workloads(config: &Config) -> WorkloadTable {
    let mut table = WorkloadTable::default();
    for row in &config.workloads {
        table.add(row.clone());
    }
    table
}

fn ids<'w>(frameworks: impl Iterator<Item = &'w String>) -> Vec<String> {
    frameworks
        .map(|word| framework_files::id_of(word))
        .collect()
}

fn texts(located: &[Located]) -> Vec<String> {
    located.iter().map(|located| located.text.clone()).collect()
}

/// Names in the configuration that the catalogue does not know.
pub(crate) fn mistakes(config: &Config, catalog: &Catalog) -> Vec<Diagnostic> {
    let selected = config
        .controls
        .iter()
        .chain(&config.exclude_controls)
        .flatten();
    let rows = config.overrides.iter().flat_map(|row| &row.controls);
    let params = config.params.iter().map(|(control, _)| control);
    let by_id = rows.chain(params).chain(&config.inline_locked);
    let mut mistakes: Vec<_> = selected
        .filter(|word| !is_selectable(catalog, &word.text))
        .chain(by_id.filter(|word| catalog.control(&word.text).is_none()))
        .map(|word| unknown_control(word, catalog))
        .collect();
    mistakes.extend(
        parameters(config)
            .filter_map(|(control, parameter)| unfit_parameter(control, parameter, catalog)),
    );
    mistakes.extend(
        config
            .frameworks
            .iter()
            .flatten()
            .filter_map(|word| unknown_framework(word, catalog)),
    );
    mistakes
}

fn is_selectable(catalog: &Catalog, word: &str) -> bool {
    catalog.control(word).is_some()
        || catalog.by_alias(word).next().is_some()
        || catalog
            .controls()
            .iter()
            .any(|control| control.header.tags.iter().any(|tag| tag == word))
}

fn parameters(config: &Config) -> impl Iterator<Item = (&Located, &Parameter)> {
    let everywhere = config
        .params
        .iter()
        .map(|(control, parameter)| (control, parameter));
    let somewhere = config.overrides.iter().flat_map(|row| {
        let pairs = move |control| row.params.iter().map(move |parameter| (control, parameter));
        row.controls.iter().flat_map(pairs)
    });
    everywhere.chain(somewhere)
}

fn unknown_control(word: &Located, catalog: &Catalog) -> Diagnostic {
    let ids = catalog
        .controls()
        .iter()
        .map(|control| control.header.id.as_str());
    let message = format!("there is no control `{}`", word.text);
    diagnostic(word, message, nearest(&word.text, ids).map(meant))
}

fn unknown_framework(word: &Located, catalog: &Catalog) -> Option<Diagnostic> {
    let id = framework_files::id_of(&word.text);
    let id = id.split('@').next().unwrap_or_default();
    if catalog.framework(id).is_some() {
        return None;
    }
    let message = format!("there is no framework `{id}`");
    Some(diagnostic(
        word,
        message,
        nearest(id, catalog.framework_ids()).map(meant),
    ))
}

fn unfit_parameter(
    control: &Located,
    parameter: &Parameter,
    catalog: &Catalog,
) -> Option<Diagnostic> {
    let params = &catalog.control(&control.text)?.header.params;
    let name = &parameter.name;
    let Some(known) = params.iter().find(|param| param.name == name.text) else {
        let message = format!("`{}` has no parameter `{}`", control.text, name.text);
        let near = nearest(&name.text, params.iter().map(|param| param.name.as_str()));
        return Some(diagnostic(name, message, near.map(meant)));
    };
    let message = format!("`{}` must be of type {}", name.text, known.kind.as_str());
    (!parameter.value.fits(known.kind)).then(|| diagnostic(name, message, None))
}

fn meant(word: &str) -> String {
    format!("did you mean `{word}`?")
}

fn diagnostic(word: &Located, message: String, hint: Option<String>) -> Diagnostic {
    Diagnostic {
        source: std::sync::Arc::clone(&word.at.source),
        span: word.at.span.clone(),
        message,
        hint,
    }
}
