//! `seawall rbac can SUBJECT VERB RESOURCE`: yes or no, and why.

use std::collections::BTreeSet;
use std::process::ExitCode;

use rbac::Decision;
use serde::Serialize;

use super::asked::{Asked, Place};
use super::wire::{Chain, Question, Undecided, Who};
use super::{Permissions, ask, graph, subject, text};
use crate::answers::wire::{Lost, json};
use crate::answers::{self, Columns, clean};
use crate::args::{AnswerFormat, CanArgs};
use crate::errors::COULD_NOT_COMPLETE;

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: &'static str,
    subject: Who,
    request: Question,
    allowed: Allowed,
    /// Namespaces in which it is allowed; absent when it is in all, or in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespaces: Option<Vec<String>>,
    /// Whether the API server allows it by itself, to `system:masters`.
    is_built_in: bool,
    chains: Vec<Chain>,
    undecided: Vec<Undecided>,
    problems: Vec<Lost>,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Allowed {
    Yes,
    No,
    /// A binding names a role that was not scanned.
    Unknown,
}

pub(super) fn run(args: &CanArgs) -> anyhow::Result<ExitCode> {
    let (read, asked) = ask(&args.asked, &args.reading)?;
    let named = subject::find(&args.subject, &read.graph)?;
    read.note_unknown(&named);
    let request = asked.request();
    let decision = match asked.place {
        Place::Anywhere => read.graph.can_anywhere(named.subject(), &request),
        Place::Cluster | Place::Namespace(_) => read.graph.can(named.subject(), &request),
    };
    let answer = answer(&read, &asked, &named, &decision);
    let output = match args.format.picture() {
        Some(format) => {
            let title = format!("What lets {} {}", answer.subject.subject, asked.text());
            graph::of_grants(&read, &title, &decision.why, format)?
        }
        None if args.format == AnswerFormat::Json => json(&answer)?,
        None => render(&answer, answers::color(&args.printing)),
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(match answer.allowed {
        Allowed::Yes => 0,
        Allowed::No => 1,
        Allowed::Unknown => COULD_NOT_COMPLETE,
    }))
}

fn answer(
    read: &Permissions,
    asked: &Asked,
    named: &subject::Named,
    decision: &Decision,
) -> Answer {
    let view = read.view();
    let own = read.graph.bindings_for(named.subject());
    let undecided = view.undecided(|binding| {
        let namespace = read
            .graph
            .binding(binding)
            .and_then(|binding| binding.namespace);
        let is_here = match (&asked.place, namespace) {
            (_, None) | (Place::Anywhere, _) => true,
            (Place::Cluster, Some(_)) => false,
            (Place::Namespace(asked), Some(own)) => asked == own,
        };
        is_here && own.binary_search(&binding).is_ok()
    });
    let scopes = decision.why.iter().map(|grant| {
        let binding = grant.binding().and_then(|id| read.graph.binding(id));
        binding.and_then(|binding| binding.namespace)
    });
    let scopes: BTreeSet<Option<&str>> = scopes.collect();
    let is_limited = decision.allowed && !scopes.contains(&None);
    let namespaces = is_limited.then(|| scopes.into_iter().flatten().map(str::to_owned).collect());
    Answer {
        schema: "seawall.dev/rbac-can/v1",
        subject: Who::new(named.subject()),
        request: Question::new(asked),
        allowed: match (decision.allowed, undecided.is_empty()) {
            (true, _) => Allowed::Yes,
            (false, true) => Allowed::No,
            (false, false) => Allowed::Unknown,
        },
        namespaces,
        is_built_in: decision.why.iter().any(|grant| grant.is_built_in()),
        chains: view.chains(&decision.why),
        undecided,
        problems: Lost::all(read.scanned.problems.iter().chain(read.graph.problems())),
    }
}

fn render(answer: &Answer, is_bold: bool) -> String {
    let word = match (answer.allowed, &answer.namespaces) {
        (Allowed::Yes, None) => "yes".to_owned(),
        (Allowed::Yes, Some(namespaces)) => format!("yes, in {}", clean(&namespaces.join(", "))),
        (Allowed::No, _) => "no".to_owned(),
        (Allowed::Unknown, _) => "could not decide".to_owned(),
    };
    let mut page = format!(
        "{word}: {} {} {}\n",
        clean(&answer.subject.subject),
        clean(&answer.request.text),
        clean(&answer.request.place)
    );
    if answer.is_built_in {
        page += "\nThe API server allows everything to group:system:masters.\n";
    }
    if !answer.chains.is_empty() {
        let mut columns = Columns::new(&["THROUGH", "BINDING", "ROLE (RULE)"], is_bold);
        for chain in &answer.chains {
            let [binding, role] = text::chain_cells(chain);
            columns.row([clean(&chain.subject.subject), binding, role]);
        }
        page += &format!("\n{}", columns.text(""));
    }
    page + &text::undecided(&answer.undecided, is_bold)
}
