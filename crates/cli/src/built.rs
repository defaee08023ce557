//! How images are built, as the commands that look at packages see it: controls over Dockerfiles, or over the configuration of an image.

use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use dockerfile::{Image, ImageStep};
use document::Limits;
use engine::{Evaluation, Worlds};
use images::ImageInfo;
use manifests::{Inputs, Loaded};
use model::{BuildFinding, ControlRecord, Inventory, Problem, Resource};

use crate::args::{FileArgs, PackageArgs, ScanArgs};
use crate::origin::Origin;
use crate::scan::{self, Prepared, Scanned, Scene};

/// What was found.
#[derive(Default)]
pub(crate) struct Built {
    pub(crate) findings: Vec<BuildFinding>,
    /// The controls that have findings.
    pub(crate) controls: Vec<ControlRecord>,
    pub(crate) problems: Vec<Problem>,
}

/// The flags of a scan with nothing said.
#[derive(Parser)]
struct Nothing {
    #[command(flatten)]
    scan: ScanArgs,
}

/// What the configuration says, as for a scan of the same place.
pub(crate) fn prepare(
    scene: &Scene,
    path: &str,
    args: &PackageArgs,
    files: Option<&FileArgs>,
) -> anyhow::Result<Prepared> {
    let mut given = Nothing::try_parse_from(["scan"])?.scan;
    given.paths = vec![path.to_owned()];
    given.config.clone_from(&args.config);
    given.no_config = args.no_config;
    given.date = args.date;
    given.baseline.clone_from(&args.baseline);
    given.profile = files.and_then(|files| files.profile);
    given.quiet = true;
    scan::prepare_on(&given, scene, Origin::Files, &mut |settings, _| {
        settings.needs_detail = true;
        settings.is_only_scan = false;
        Ok(())
    })
}

/// What controls say of the Dockerfiles of a folder.
pub(crate) fn of_folder(folder: &Path, prepared: &Prepared) -> anyhow::Result<Built> {
    let mut inputs = Inputs::new(folder, &[".".to_owned()]);
    inputs
        .excludes
        .clone_from(&prepared.settings.inputs.excludes);
    if folder == Path::new("/") {
        // What the kernel shows of itself holds no files of anybody.
        let shown = ["/proc/", "/sys/", "/dev/"].map(str::to_owned);
        inputs.excludes.extend(shown);
    }
    let keys = prepared.engine.keys();
    let loaded = manifests::load_dockerfiles(&inputs, keys, &Limits::default())?;
    judged(prepared, loaded, (&[], false))
}

/// What they say of the configuration of an image.
pub(crate) fn of_image(name: &str, info: &ImageInfo, prepared: &Prepared) -> anyhow::Result<Built> {
    let configuration = &info.configuration;
    let step = |(created_by, layer): &(String, Option<usize>)| {
        let layer = layer.and_then(|number| info.layers.get(number));
        ImageStep {
            created_by: created_by.clone(),
            layer: layer.map(|layer| layer.digest.clone()),
            is_base: layer.is_some_and(|layer| layer.is_base),
        }
    };
    let steps: Vec<ImageStep> = configuration.steps.iter().map(step).collect();
    let image = Image {
        name,
        user: &configuration.user,
        variables: &configuration.variables,
        ports: &configuration.ports,
        has_healthcheck: configuration.has_healthcheck,
        age: age(&configuration.created, &prepared.settings.date),
        steps: &steps,
    };
    let engine = &prepared.engine;
    let read = dockerfile::read_image(&image, engine.keys(), &Limits::default())?;
    let document = Arc::new(read.document);
    let fields = engine.views().fields();
    let roots = document.roots();
    let resources = roots.filter_map(|root| Resource::from_root(&document, root, fields));
    let loaded = Loaded {
        inventory: Inventory::new(resources.collect()),
        ..Loaded::default()
    };
    let line = |&(start, number): &(u32, Option<u32>)| {
        let source = document.sources().first()?;
        let step = number.and_then(|number| steps.get(number.checked_sub(1)? as usize));
        Some(Line {
            first: source.line_column(start).line,
            step: number,
            layer: step.and_then(|step| step.layer.clone()),
            is_base: step.is_some_and(|step| step.is_base),
        })
    };
    let lines: Vec<Line> = read.steps.iter().filter_map(line).collect();
    judged(prepared, loaded, (&lines, !configuration.user.is_empty()))
}

/// A line of the text that a history is made into.
struct Line {
    first: u32,
    step: Option<u32>,
    layer: Option<String>,
    is_base: bool,
}

/// Days between two days; none where one is no day.
fn age(created: &str, today: &str) -> Option<i64> {
    let day = |text: &str| text.get(..10)?.parse::<jiff::civil::Date>().ok();
    let (created, today) = (day(created)?, day(today)?);
    // Builds that are to be repeated say that they are from the beginning of time.
    let is_said = created.year() > 1980;
    is_said.then(|| i64::from(today.since(created).map_or(0, |span| span.get_days())))
}

fn judged(
    prepared: &Prepared,
    mut loaded: Loaded,
    (lines, has_user): (&[Line], bool),
) -> anyhow::Result<Built> {
    let inventory = Arc::new(std::mem::take(&mut loaded.inventory));
    let worlds = Worlds::new(&inventory);
    let survey = prepared.engine.survey(&worlds);
    let evaluation: Evaluation = prepared.engine.evaluate_worlds(&survey);
    let scanned = Scanned {
        loaded,
        inventory: Arc::clone(&inventory),
        survey: &survey,
        evaluation,
        // Exceptions from what only manifests have are none of this command's.
        is_part: true,
        cluster: None,
    };
    let report = scan::judged(prepared, scanned)?;
    let record = report::record(&report, env!("CARGO_PKG_VERSION"), false);
    let findings = record.findings.into_iter().map(|finding| {
        // What is about the image as a whole stands in no step.
        let path = &finding.path;
        let is_in_step = path.contains(".instructions[")
            || (path.rsplit('.').next() == Some("user") && has_user);
        let at = lines.partition_point(|line| line.first <= finding.place.line);
        let line = at.checked_sub(1).and_then(|at| lines.get(at));
        let line = line.filter(|_| is_in_step);
        BuildFinding {
            step: line.and_then(|line| line.step),
            layer: line.and_then(|line| line.layer.clone()),
            is_in_base: line.is_some_and(|line| line.is_base),
            finding,
        }
    });
    let findings: Vec<BuildFinding> = findings.collect();
    let mut controls = record.controls;
    controls.retain(|control| findings.iter().any(|it| it.finding.control == control.id));
    Ok(Built {
        findings,
        controls,
        problems: report.problems,
    })
}
