//! `seawall network exposed`: what is reached from outside, and on which way.

use std::process::ExitCode;

use network::Level;
use serde::Serialize;

use super::wire::{Stage, Way, Workload, level_text};
use super::{Traffic, View};
use crate::answers::wire::{Lost, json};
use crate::answers::{self, Columns, OVERVIEW, clean};
use crate::args::{AnswerFormat, ExposedArgs};

/// The answer.
#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    /// The nearest that was asked for.
    level: &'static str,
    /// The farthest reached first.
    workloads: Vec<Exposed>,
    problems: Vec<Lost>,
}

#[derive(Serialize)]
struct Exposed {
    #[serde(flatten)]
    workload: Workload,
    /// The farthest from which it may be reached.
    possible: &'static str,
    ways: Vec<Way>,
}

pub(super) fn run(args: &ExposedArgs) -> anyhow::Result<ExitCode> {
    let read = Traffic::read(&args.paths, &args.reading)?;
    let output = if let Some(format) = args.format.picture() {
        let inventory = &read.scanned.inventory;
        let graph = read.network.picture_of_exposure(inventory, args.level);
        answers::picture(&graph, OVERVIEW, format)?
    } else {
        let answer = Answer {
            schema: "seawall.dev/network-exposed/v1",
            level: args.level.as_str(),
            workloads: exposed(read.view(), args.level),
            problems: read.lost(),
        };
        if args.format == AnswerFormat::Json {
            json(&answer)?
        } else {
            render(&answer, args.level, answers::color(&args.printing))
        }
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(0))
}

fn exposed(view: View<'_>, least: Level) -> Vec<Exposed> {
    let mut found = Vec::new();
    for pod in view.network.pods() {
        let exposure = view.network.exposure(pod);
        let ways = exposure.chains.iter().filter(|chain| chain.level >= least);
        let ways: Vec<Way> = ways.map(|chain| view.way(chain)).collect();
        if !ways.is_empty() {
            let exposed = Exposed {
                workload: view.workload_of(pod),
                possible: exposure.possible.as_str(),
                ways,
            };
            found.push((exposure.level.max(least), exposure.possible, exposed));
        }
    }
    let name = |it: &Exposed| {
        let Workload {
            namespace,
            kind,
            name,
            ..
        } = &it.workload;
        (namespace.clone(), name.clone(), kind.clone())
    };
    found.sort_by_cached_key(|(level, possible, it)| {
        (std::cmp::Reverse((*level, *possible)), name(it))
    });
    found.into_iter().map(|(.., exposed)| exposed).collect()
}

fn render(answer: &Answer, least: Level, is_bold: bool) -> String {
    if answer.workloads.is_empty() {
        return format!("Nothing that was read is reached {}.\n", level_text(least));
    }
    let headings = ["FROM", "WORKLOAD", "PORT", "WAY", "INGRESS POLICY"];
    let mut columns = Columns::new(&headings, is_bold);
    for exposed in &answer.workloads {
        let Workload {
            namespace,
            kind,
            name,
            ..
        } = &exposed.workload;
        for way in &exposed.ways {
            let doubt = way.unknown.map(|why| format!("; perhaps: {why}"));
            columns.row([
                way.level.to_owned(),
                clean(&format!("{namespace}/{kind}/{name}")),
                way.port.clone().unwrap_or_default(),
                clean(&path(&way.steps)) + &doubt.unwrap_or_default(),
                exposed.workload.isolated.ingress.to_owned(),
            ]);
        }
    }
    columns.text("")
}

/// The steps with their places; a service and its port are one to readers, and the pod is in a column of its own.
fn path(steps: &[Stage]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for (position, stage) in steps.iter().enumerate() {
        let place = stage
            .location
            .as_ref()
            .map_or(String::new(), |at| format!(" ({})", at.text()));
        let text = match stage.step {
            "hostPort" => format!("host port{place}"),
            "hostNetwork" => format!("host network{place}"),
            "containerPort" | "pod" => continue,
            _ => stage.object.text() + &place,
        };
        let next = steps.get(position + 1);
        let is_same = next.is_some_and(|next| next.object == stage.object);
        if !is_same {
            texts.push(text);
        }
    }
    texts.join(" -> ")
}
