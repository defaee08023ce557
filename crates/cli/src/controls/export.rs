//! `seawall controls export`: the controls whose expression only looks at its object, as policies of the API server,
//! and why the others cannot be.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use catalog::{Catalog, Control};
use engine::{ExportSettings, Policy, Selection, export};
use model::{KubernetesVersion, Profile};

use crate::args::{ExportAction, ExportControlsArgs};
use crate::config::{self, Config};
use crate::{control_folders, output};

/// Writes the policies, and to standard error what there is none for.
pub(crate) fn run(args: &ExportControlsArgs) -> anyhow::Result<ExitCode> {
    let config = configuration(args)?;
    let dirs = [config.controls_dirs.as_slice(), &args.controls_dirs].concat();
    let catalog = control_folders::catalog(&dirs)?;
    let settings = settings(args, &config);
    let mut policies: Vec<Policy> = Vec::new();
    let mut refused: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for control in selected(args, &catalog, settings.kubernetes_version)? {
        match export(control, &settings) {
            Ok(own) => policies.extend(own),
            Err(reason) => refused.entry(reason).or_default().push(&control.header.id),
        }
    }
    if let Some(folder) = &args.output {
        write(folder, &policies)?;
    } else {
        let text: String = policies.iter().map(|policy| policy.text.as_str()).collect();
        output::print(text.as_bytes())?;
    }
    tell(&policies, &refused);
    Ok(ExitCode::SUCCESS)
}

fn configuration(args: &ExportControlsArgs) -> anyhow::Result<Config> {
    let here = Path::new(".");
    let file = match &args.config {
        Some(file) => Some(file.clone()),
        None if args.no_config => None,
        None => config::discover(here, "."),
    };
    file.map_or(Ok(Config::default()), |file| config::load(&file, here))
}

fn settings(args: &ExportControlsArgs, config: &Config) -> ExportSettings {
    let version = args.kubernetes_version.or(config.kubernetes_version);
    let params = config.params.iter().map(|(control, parameter)| {
        (
            control.text.clone(),
            parameter.name.text.clone(),
            parameter.value.clone(),
        )
    });
    let actions = args.actions.iter().map(|action| match action {
        ExportAction::Deny => "Deny",
        ExportAction::Warn => "Warn",
        ExportAction::Audit => "Audit",
    });
    let excluded = args.excluded_namespaces.iter();
    ExportSettings {
        kubernetes_version: version.unwrap_or(KubernetesVersion::NEWEST),
        params: params.collect(),
        actions: actions.collect(),
        excluded_namespaces: excluded.filter(|name| *name != "none").cloned().collect(),
    }
}

/// The controls to export: those of the profile `default` when none are named.
fn selected<'c>(
    args: &ExportControlsArgs,
    catalog: &'c Catalog,
    version: KubernetesVersion,
) -> anyhow::Result<Vec<&'c Control>> {
    let selection = Selection {
        profile: args.profile.unwrap_or(Profile::Default),
        frameworks: args.frameworks.clone(),
        controls: args.controls.clone(),
        exclude: Vec::new(),
        ..Selection::default()
    };
    let positions = selection.resolve(catalog, version)?;
    let controls = positions
        .into_iter()
        .filter_map(|at| catalog.controls().get(at));
    Ok(controls.collect())
}

fn write(folder: &Path, policies: &[Policy]) -> anyhow::Result<()> {
    fs_err::create_dir_all(folder)?;
    for policy in policies {
        fs_err::write(folder.join(format!("{}.yaml", policy.name)), &policy.text)?;
    }
    Ok(())
}

/// How much came of it, the reasons with the controls that share them, most of them first.
fn tell(policies: &[Policy], refused: &BTreeMap<String, Vec<&str>>) {
    let mut controls: Vec<&str> = policies
        .iter()
        .map(|policy| policy.control.as_str())
        .collect();
    controls.dedup();
    anstream::eprintln!(
        "{} policies for {} controls",
        policies.len(),
        controls.len()
    );
    let mut reasons: Vec<(&String, &Vec<&str>)> = refused.iter().collect();
    reasons.sort_by_key(|(reason, controls)| (std::cmp::Reverse(controls.len()), *reason));
    for (reason, controls) in reasons {
        anstream::eprintln!("not exported, because {reason}: {}", controls.join(", "));
    }
}
