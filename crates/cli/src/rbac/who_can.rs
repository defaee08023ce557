//! `seawall rbac who-can VERB RESOURCE`: everyone who can, and what allows it.

use std::collections::BTreeSet;
use std::process::ExitCode;

use rbac::{EscalationMemory, Escalator, Goal, Grant, Subject, SubjectId};
use serde::Serialize;

use super::asked::{Asked, Place};
use super::wire::{Chain, Question, Step, Undecided, Who};
use super::{Permissions, ask, graph, text};
use crate::answers::wire::{Lost, json};
use crate::answers::{self, Columns, clean};
use crate::args::{AnswerFormat, WhoCanArgs};

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: &'static str,
    request: Question,
    subjects: Vec<Able>,
    /// Those who could become one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_escalation: Option<Vec<Further>>,
    undecided: Vec<Undecided>,
    problems: Vec<Lost>,
}

/// Someone who can.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Able {
    #[serde(flatten)]
    who: Who,
    /// Namespaces in which it can; absent when it can in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespaces: Option<Vec<String>>,
    /// Whether the API server allows it by itself, to `system:masters`.
    is_built_in: bool,
    chains: Vec<Chain>,
}

/// Someone who could get there.
#[derive(Serialize)]
struct Further {
    #[serde(flatten)]
    who: Who,
    steps: Vec<Step>,
}

pub(super) fn run(args: &WhoCanArgs) -> anyhow::Result<ExitCode> {
    let (read, asked) = ask(&args.asked, &args.reading)?;
    let request = asked.request();
    let granted = match asked.place {
        Place::Anywhere => read.graph.who_can_anywhere(&request),
        Place::Cluster | Place::Namespace(_) => read.graph.who_can(&request),
    };
    let answer = || answer(&read, &asked, &granted, args.escalation);
    let output = match args.format.picture() {
        Some(format) => {
            let grants: Vec<Grant> = granted.iter().map(|(_, grant)| *grant).collect();
            let title = format!("Who can {}, {}", asked.text(), asked.place_text());
            graph::of_grants(&read, &title, &grants, format)?
        }
        None if args.format == AnswerFormat::Json => json(&answer())?,
        None => render(&answer(), answers::color(&args.printing)),
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(0))
}

fn answer(
    read: &Permissions,
    asked: &Asked,
    granted: &[(SubjectId, Grant)],
    escalation: bool,
) -> Answer {
    let view = read.view();
    let subjects = granted.chunk_by(|left, right| left.0 == right.0);
    let able = subjects.map(|grants| {
        let scopes = grants.iter().map(|(_, grant)| {
            let binding = grant.binding().and_then(|id| read.graph.binding(id));
            binding.and_then(|binding| binding.namespace)
        });
        let scopes: BTreeSet<Option<&str>> = scopes.collect();
        let namespaces = (!scopes.contains(&None))
            .then(|| scopes.into_iter().flatten().map(str::to_owned).collect());
        let grants: Vec<Grant> = grants.iter().map(|(_, grant)| *grant).collect();
        Able {
            who: Who::new(read.graph.subject(granted_subject(&grants))),
            namespaces,
            is_built_in: grants.iter().any(|grant| grant.is_built_in()),
            chains: view.chains(&grants),
        }
    });
    let undecided = view.undecided(|binding| {
        let namespace = read
            .graph
            .binding(binding)
            .and_then(|binding| binding.namespace);
        match (&asked.place, namespace) {
            (_, None) | (Place::Anywhere, _) => true,
            (Place::Cluster, Some(_)) => false,
            (Place::Namespace(asked), Some(own)) => asked == own,
        }
    });
    Answer {
        schema: "seawall.dev/rbac-who-can/v1",
        request: Question::new(asked),
        subjects: able.collect(),
        by_escalation: escalation.then(|| further(read, granted)),
        undecided,
        problems: Lost::all(read.scanned.problems.iter().chain(read.graph.problems())),
    }
}

fn granted_subject(grants: &[Grant]) -> SubjectId {
    grants[0].subject()
}

/// Those who cannot, and could become someone who can.
fn further(read: &Permissions, granted: &[(SubjectId, Grant)]) -> Vec<Further> {
    let mut able: Vec<SubjectId> = granted.iter().map(|(id, _)| *id).collect();
    able.dedup();
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    let distances = escalator.distances(Goal::Subjects(&able));
    let everything = escalator.distances(Goal::ClusterAdmin);
    let is_able = |id: SubjectId| able.binary_search(&id).is_ok();
    let others = read
        .graph
        .subjects()
        .filter(|id| !is_able(*id) && !read.graph.groups_of(*id).any(is_able));
    let mut found: Vec<(u32, Further)> = others
        .filter_map(|id| {
            let subject = read.graph.subject(id);
            let ways = [&distances, &everything].into_iter();
            let ways = ways.filter_map(|way| Some((way.of(id).filter(|steps| *steps > 0)?, way)));
            let (steps, way) = ways.min_by_key(|(steps, _)| *steps)?;
            let chain = escalator.shortest_chain(subject, way);
            let further = Further {
                who: Who::new(subject),
                steps: chain.iter().map(|it| read.view().step(it)).collect(),
            };
            Some((steps, further))
        })
        .collect();
    found.sort_by_key(|(steps, _)| *steps);
    found.into_iter().map(|(_, further)| further).collect()
}

fn render(answer: &Answer, is_bold: bool) -> String {
    let Question { text, place, .. } = &answer.request;
    let mut page = format!("Who can {}, {}\n\n", clean(text), clean(place));
    let mut columns = Columns::new(&["SUBJECT", "WHERE", "BINDING", "ROLE (RULE)"], is_bold);
    for able in &answer.subjects {
        let whom = clean(&able.who.subject);
        if able.is_built_in {
            let why = "the API server allows it everything".to_owned();
            columns.row([whom.clone(), "everywhere".to_owned(), why]);
        }
        for chain in &able.chains {
            let scope = chain.binding.namespace.clone();
            let [binding, role] = text::chain_cells(chain);
            let scope = scope.map_or("everywhere".to_owned(), |scope| clean(&scope));
            columns.row([whom.clone(), scope, binding, role]);
        }
    }
    page += &columns.text("");
    page += &groups(answer);
    if let Some(further) = &answer.by_escalation {
        page += &by_escalation(further);
    }
    page + &text::undecided(&answer.undecided, is_bold)
}

/// Who is meant by the groups of the system.
fn groups(answer: &Answer) -> String {
    let meanings = [
        (
            Subject::Group("system:authenticated"),
            "everybody who is logged in, and every service account",
        ),
        (
            Subject::Group("system:unauthenticated"),
            "everybody who can reach the API server",
        ),
        (
            Subject::Group("system:serviceaccounts"),
            "every service account",
        ),
        (
            Subject::Group("system:masters"),
            "whoever has a certificate of that group",
        ),
    ];
    let mut text = String::new();
    for (group, meaning) in meanings {
        let who = Who::new(group);
        if answer.subjects.iter().any(|able| able.who == who) {
            text += &format!("{} is {meaning}.\n", who.subject);
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("\n{text}")
    }
}

fn by_escalation(further: &[Further]) -> String {
    if further.is_empty() {
        return "\nNobody else could get there by escalation.\n".to_owned();
    }
    let mut text = "\nCould get there by escalation:\n".to_owned();
    for one in further {
        text += &format!(
            "\n  {}\n{}",
            clean(&one.who.subject),
            text::steps(&one.steps, "    ")
        );
    }
    text
}
