//! What is asked: words become assets, controls become edges that are gone.

use catalog::nearest;
use paths::{AssetId, Cut, Graph, Question};

use crate::args::PathsArgs;
use crate::control_folders;
use crate::errors::Hinted;

/// Where attackers start, and what they are after.
pub(super) fn question(args: &PathsArgs, graph: &Graph<'_>) -> anyhow::Result<Question> {
    let usual = graph.usual_question();
    let starts = assets(graph, "--from", &args.from)?;
    let goals = assets(graph, "--to", &args.to)?;
    Ok(Question {
        starts: starts.unwrap_or(usual.starts),
        goals: goals.unwrap_or(usual.goals),
    })
}

/// The assets of some words; `None` without words.
fn assets(graph: &Graph<'_>, flag: &str, words: &[String]) -> anyhow::Result<Option<Vec<AssetId>>> {
    if words.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for word in words {
        let found = graph.select(word);
        // What nothing leads to is not in the graph: there are no paths to it, and that is an answer.
        if found.is_empty() && !NOT_ALWAYS_THERE.contains(&word.as_str()) {
            let similar = graph.similar(word);
            let hint = if similar.is_empty() {
                "name a kind, and behind slashes a namespace and a name: deployment/shop/web"
                    .to_owned()
            } else {
                format!("there is {}", similar.join(", "))
            };
            let message = format!(
                "`{flag} {word}` names nothing that was scanned, or that anything leads to"
            );
            return Err(Hinted::new(message, hint).into());
        }
        all.extend(found);
    }
    all.sort_unstable();
    all.dedup();
    Ok(Some(all))
}

/// Words that always mean something, though nothing may lead there.
const NOT_ALWAYS_THERE: &[&str] = &[
    "internet",
    "node-network",
    "cluster-admin",
    "node",
    "nodes",
    "node-root",
    "secrets",
    "pod",
    "pods",
    "cloud",
    "cloud-identity",
];

/// The edges that go where the controls of `--if-fixed` find nothing.
pub(super) fn fixed(args: &PathsArgs, graph: &Graph<'_>) -> anyhow::Result<Cut> {
    if args.if_fixed.is_empty() {
        return Ok(Cut::none());
    }
    let catalog = control_folders::catalog(&[])?;
    let mut ids = Vec::new();
    for word in &args.if_fixed {
        let by_id = catalog.control(word).into_iter();
        let named = by_id.chain(catalog.by_alias(word));
        let own: Vec<&str> = named.map(|control| control.header.id.as_str()).collect();
        if own.is_empty() {
            let all = catalog.controls().iter();
            let near = nearest(word, all.map(|control| control.header.id.as_str()));
            let hint = near.map_or("`seawall list controls` names all".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            return Err(Hinted::new(format!("there is no control `{word}`"), hint).into());
        }
        if !own.iter().any(|id| paths::control_ids().contains(id)) {
            let message = format!("no step of an attack rests on what `{word}` reports");
            let hint = format!(
                "steps rest on what these report: {}",
                paths::control_ids().join(", ")
            );
            return Err(Hinted::new(message, hint).into());
        }
        ids.extend(own);
    }
    Ok(graph.fixed(&ids).cut)
}
