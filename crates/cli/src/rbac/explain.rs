//! `seawall rbac explain SUBJECT`: everything that it can do, and what it can become.

use std::process::ExitCode;

use rbac::{Escalation, EscalationMemory, Escalator, Grant, Subject, Target};
use serde::Serialize;

use super::wire::{Becomes, Permitted, Step, Undecided, View, Who};
use super::{Permissions, graph, subject, text};
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, Columns, clean, heading};
use crate::args::{AnswerFormat, ExplainSubjectArgs};
use crate::scan::Scene;

/// Targets, and ways to go on, that text shows unless all are wanted.
const SHORT: usize = 5;

/// How many steps of escalation pictures show.
const DEPTH: u32 = 1;

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: &'static str,
    subject: Who,
    /// The ServiceAccount, where it was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<At>,
    /// What carries the pods that run as it.
    runs: Vec<Carrier>,
    /// The groups that its name implies.
    groups: Vec<String>,
    /// How many escalations it is away from everything in the cluster; zero when it may do everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps_to_everything: Option<usize>,
    /// Whether it is in `system:masters`, whom the API server allows everything.
    is_built_in: bool,
    permissions: Vec<Permitted>,
    /// What its own permissions lead to.
    escalations: Vec<Gain>,
    /// What it can become over more than one step.
    further: Vec<Way>,
    undecided: Vec<Undecided>,
    problems: Vec<Lost>,
}

/// Something that carries pods.
#[derive(Serialize)]
struct Carrier {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    name: String,
    location: Option<At>,
}

/// One pattern, with all that it leads to from the same grants.
#[derive(Serialize)]
pub(super) struct Gain {
    #[serde(flatten)]
    pub(super) step: Step,
    /// Beside the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) also: Vec<Becomes>,
}

/// Several steps, and all that the last one leads to from the same grants.
#[derive(Serialize)]
struct Way {
    steps: Vec<Step>,
    /// Beside what the last step says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Becomes>,
}

pub(super) fn run(args: &ExplainSubjectArgs) -> anyhow::Result<ExitCode> {
    let read = Permissions::read(&Scene::here(), &args.paths, &args.reading)?;
    let named = subject::find(&args.subject, &read.graph)?;
    read.note_unknown(&named);
    let output = match args.format.picture() {
        Some(format) => graph::of_subject(&read, named.subject(), DEPTH, format)?,
        None if args.format == AnswerFormat::Json => json(&answer(&read, named.subject()))?,
        None => {
            let most = if args.verbose { usize::MAX } else { SHORT };
            let answer = answer(&read, named.subject());
            render(&answer, most, answers::color(&args.printing))
        }
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(0))
}

fn answer(read: &Permissions, subject: Subject<'_>) -> Answer {
    let view = read.view();
    let graph = &read.graph;
    let id = graph.find(subject);
    let permissions = graph.permissions(subject);
    let memory = EscalationMemory::new(graph);
    let escalator = Escalator::new(graph, &memory);
    let found = escalator.escalations(subject);
    let reach = escalator.can_become(subject);
    let steps_to_everything = if graph.is_admin(subject) {
        Some(0)
    } else {
        let mut reached = reach.iter();
        let everything = reached.find(|it| it.target == Target::ClusterAdmin);
        everything.map(|it| it.chain.len())
    };
    let namespaces = permissions.namespaces.iter();
    let permitted =
        namespaces.flat_map(|(namespace, own)| own.iter().map(|it| (Some(*namespace), it)));
    let permitted = permissions
        .cluster
        .iter()
        .map(|it| (None, it))
        .chain(permitted);
    let bindings = graph.bindings_for(subject);
    let ways = reach.ways();
    let further = ways
        .iter()
        .filter(|way| way.chain.len() > 1)
        .map(|way| Way {
            steps: way.chain.iter().map(|it| view.step(*it)).collect(),
            also: way
                .targets
                .iter()
                .skip(1)
                .map(|it| view.becomes(*it))
                .collect(),
        });
    Answer {
        schema: "seawall.dev/rbac-explain/v1",
        subject: Who::new(subject),
        location: id.and_then(|id| view.at_resource(graph.service_account(id)?)),
        runs: id.into_iter().flat_map(|id| carriers(&view, id)).collect(),
        groups: subject.implied_groups(),
        steps_to_everything,
        is_built_in: permissions.is_masters,
        permissions: permitted
            .map(|(namespace, it)| view.permitted(namespace, it))
            .collect(),
        escalations: gains(&view, found.iter()),
        further: further.collect(),
        undecided: view.undecided(|binding| bindings.binary_search(&binding).is_ok()),
        problems: Lost::all(read.scanned.problems.iter().chain(graph.problems())),
    }
}

fn carriers<'v>(view: &'v View<'_>, id: rbac::SubjectId) -> impl Iterator<Item = Carrier> + 'v {
    view.graph.running_as(id).filter_map(|index| {
        let resource = view.inventory.resources.get(index.index())?;
        Some(Carrier {
            kind: resource.kind.to_string(),
            namespace: resource.namespace.as_deref().map(str::to_owned),
            name: resource.name.to_string(),
            location: view.at_resource(index),
        })
    })
}

/// Escalations by pattern and grants: those that lead to many are told once.
pub(super) fn gains<'e>(view: &View<'_>, found: impl Iterator<Item = Escalation<'e>>) -> Vec<Gain> {
    let mut gains: Vec<(&'static str, &'e [Grant], Gain)> = Vec::new();
    for escalation in found {
        let id = escalation.pattern.id;
        let same = gains
            .iter_mut()
            .rev()
            .take_while(|(pattern, ..)| *pattern == id)
            .find(|(_, grants, _)| *grants == escalation.grants);
        match same {
            Some((.., gain)) => gain.also.push(view.becomes(escalation.target)),
            None => gains.push((
                id,
                escalation.grants,
                Gain {
                    step: view.step(escalation),
                    also: Vec::new(),
                },
            )),
        }
    }
    gains.sort_by_key(|(.., gain)| std::cmp::Reverse(gain.severity()));
    gains.into_iter().map(|(.., gain)| gain).collect()
}

impl Gain {
    fn severity(&self) -> Option<model::Severity> {
        self.step.severity.parse().ok()
    }
}

fn render(answer: &Answer, most: usize, is_bold: bool) -> String {
    let mut page = format!("{}\n", heading(&clean(&answer.subject.subject), is_bold));
    for line in facts(answer) {
        page += &format!("  {line}\n");
    }
    page += &permissions(answer, is_bold);
    if !answer.escalations.is_empty() {
        page += &format!("\n{}\n", heading("What this leads to", is_bold));
        for gain in &answer.escalations {
            page += &gain_text(gain, most, "  ");
        }
    }
    if !answer.further.is_empty() {
        page += &format!("\n{}\n", heading("What it can become from there", is_bold));
        for way in answer.further.iter().take(most) {
            let last = way.steps.last().map(|step| &step.becomes);
            let targets = targets(last.into_iter().chain(&way.also), most);
            page += &format!("\n  {targets}\n{}", text::steps(&way.steps, "    "));
        }
        let rest = answer.further.len().saturating_sub(most);
        if rest > 0 {
            page += &format!("\n  … and {rest} more ways (--verbose shows them)\n");
        }
    }
    page + &text::undecided(&answer.undecided, is_bold)
}

/// Lines about the subject.
fn facts(answer: &Answer) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(
        answer
            .location
            .as_ref()
            .map(|at| format!("written at {}", clean(&at.text()))),
    );
    for carrier in answer.runs.iter().take(SHORT) {
        let Carrier {
            kind,
            namespace,
            name,
            location,
        } = carrier;
        let namespace = namespace
            .as_ref()
            .map_or(String::new(), |namespace| format!("{namespace}/"));
        let place = location
            .as_ref()
            .map_or(String::new(), |at| format!(" ({})", at.text()));
        facts.push(clean(&format!("runs {kind} {namespace}{name}{place}")));
    }
    let rest = answer.runs.len().saturating_sub(SHORT);
    if rest > 0 {
        facts.push(format!("runs {rest} more"));
    }
    if !answer.groups.is_empty() {
        facts.push(clean(&format!("in {}", answer.groups.join(", "))));
    }
    match answer.steps_to_everything {
        _ if answer.is_built_in => facts.push("the API server allows it everything".to_owned()),
        Some(0) => facts.push("may do everything in the cluster".to_owned()),
        Some(1) => facts.push("one step away from everything in the cluster".to_owned()),
        Some(steps) => facts.push(format!("{steps} steps away from everything in the cluster")),
        None => {}
    }
    facts
}

/// What it can do, scope by scope. Bindings with their roles are numbered: most permissions come from few of them.
fn permissions(answer: &Answer, is_bold: bool) -> String {
    if answer.permissions.is_empty() {
        return "\nNo binding gives it anything.\n".to_owned();
    }
    let mut page = String::new();
    let scopes = answer
        .permissions
        .chunk_by(|left, right| left.namespace == right.namespace);
    for permitted in scopes {
        let scope = match permitted.first().and_then(|it| it.namespace.as_ref()) {
            Some(namespace) => format!("In namespace {}", clean(namespace)),
            None => "In the whole cluster".to_owned(),
        };
        let mut ways: Vec<String> = Vec::new();
        let mut number = |way: String| {
            let known = ways.iter().position(|known| *known == way);
            known.unwrap_or_else(|| {
                ways.push(way);
                ways.len() - 1
            }) + 1
        };
        let mut columns =
            Columns::new(&["VERBS", "RESOURCES", "OBJECTS", "THROUGH", "RULE"], false);
        for one in permitted {
            let mut cells = text::permitted_cells(one).to_vec();
            for chain in &one.chains {
                let through = number(text::way(chain, &answer.subject));
                let rule = chain.rule.location.as_ref();
                let rule = rule.map_or(String::new(), |at| clean(&at.text()));
                cells.resize(3, String::new());
                cells.extend([format!("[{through}]"), rule]);
                columns.row(std::mem::take(&mut cells));
            }
        }
        page += &format!("\n{}\n", heading(&scope, is_bold));
        for (number, way) in (1..).zip(&ways) {
            page += &format!("  [{number}] {way}\n");
        }
        page += &format!("\n{}", columns.text("  "));
    }
    page
}

/// A pattern with what it leads to, and the first chain behind it.
pub(super) fn gain_text(gain: &Gain, most: usize, indentation: &str) -> String {
    let Step {
        severity,
        title,
        pattern,
        becomes,
        precondition,
        chains,
        ..
    } = &gain.step;
    let targets = targets(std::iter::once(becomes).chain(&gain.also), most);
    let mut text = format!("{indentation}{severity:8}  {title} ({pattern}) -> {targets}\n");
    for chain in chains.iter().take(most) {
        text += &format!("{indentation}          {}\n", text::chain_line(chain));
    }
    if !precondition.is_empty() {
        text += &format!("{indentation}          provided that {precondition}\n");
    }
    text
}

/// What is led to, shortened.
pub(super) fn targets<'b>(all: impl Iterator<Item = &'b Becomes>, most: usize) -> String {
    let all: Vec<String> = all.map(text::becomes).collect();
    let mut text = all
        .iter()
        .take(most)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let rest = all.len().saturating_sub(most);
    if rest > 0 {
        text += &format!(" and {rest} more");
    }
    text
}
