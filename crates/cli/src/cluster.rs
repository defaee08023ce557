//! `seawall cluster`: a scan of what runs.

mod watch;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use cluster::{Access, Discovered, Pace, Scope, Session};

use crate::args::{AccessArgs, ClusterArgs, ClusterCommand, PermissionsArgs, ScopeArgs};
use crate::errors::Hinted;
use crate::origin::{Live, Origin, unknown_kind};
use crate::progress::Progress;
use crate::scan::{self, Scene};
use crate::{output, settings};

/// Scans a cluster, or says what that needs.
pub(crate) fn run(args: &ClusterArgs, start: Instant) -> anyhow::Result<ExitCode> {
    if let Some(ClusterCommand::Permissions(args)) = &args.command {
        return permissions(args);
    }
    refuse(args)?;
    let progress = Progress::start(args.scan.quiet, "asking the cluster what it serves");
    let origin = match &args.snapshot {
        Some(file) => Origin::snapshot(&Scene::here().root, file)?,
        None => live(args)?,
    };
    drop(progress);
    if args.watch {
        return watch::run(&args.scan, origin, start);
    }
    scan::run_with(&args.scan, origin, start, &mut |settings, _| {
        settings.database.clone_from(&args.db);
        Ok(())
    })
}

/// Connects, and asks what there is.
fn live(args: &ClusterArgs) -> anyhow::Result<Origin> {
    let (session, discovered) = connect(&args.access)?;
    Ok(Origin::Live(Box::new(Live {
        session,
        discovered,
        scope: scope(&args.scope),
        save: args.save.clone(),
        time: settings::now(),
    })))
}

fn connect(args: &AccessArgs) -> anyhow::Result<(Session, Discovered)> {
    let access = Access {
        kubeconfig: args.kubeconfig.clone(),
        context: args.context.clone(),
    };
    let pace = Pace {
        qps: args.qps,
        page_size: args.page_size,
    };
    let connected = Session::connect(&access, pace).and_then(|session| {
        let discovered = session.discover()?;
        Ok((session, discovered))
    });
    connected.map_err(|error| match error.hint() {
        Some(hint) => Hinted::new(error.to_string(), hint).into(),
        None => error.into(),
    })
}

fn scope(args: &ScopeArgs) -> Scope {
    Scope {
        namespaces: args.namespaces.clone(),
        excluded_namespaces: args.excluded_namespaces.clone(),
        kinds: args.kinds.clone(),
        selector: args.selector.clone(),
        node_config: args.node_config,
        feature_gates: args.feature_gates,
    }
}

fn permissions(args: &PermissionsArgs) -> anyhow::Result<ExitCode> {
    let (_, discovered) = connect(&args.access)?;
    let text = cluster::permissions(&discovered.served, &scope(&args.scope), args.watch);
    let text = text.map_err(|unknown| unknown_kind(&unknown))?;
    for problem in &discovered.problems {
        anstream::eprintln!("problem: {}: {}", problem.file, problem.message);
    }
    output::print(text.as_bytes()).context("cannot print")
}

/// Flags of a scan of files that have no meaning here.
fn refuse(args: &ClusterArgs) -> anyhow::Result<()> {
    let scan = &args.scan;
    let charts = &scan.charts;
    let is_for_files = scan.paths != ["."]
        || !scan.exclude.is_empty()
        || scan.complete
        || scan.git_changed.is_some()
        || scan.helm_ci_values
        || !charts.values.is_empty()
        || !charts.flags().is_empty()
        || charts.release_name.is_some()
        || charts.namespace.is_some()
        || !charts.api_versions.is_empty();
    if is_for_files {
        let message = "`seawall cluster` reads a cluster, and no files and charts";
        let hint = "`seawall scan PATH` reads manifests, charts and snapshots";
        return Err(Hinted::new(message, hint).into());
    }
    Ok(())
}
