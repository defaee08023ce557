//! `seawall network reach --from END --to END`: whether traffic gets through, and why; with one end, everyone at the other.

use std::process::ExitCode;

use network::{Direction, Endpoint, Level, Outcome, Port};
use serde::Serialize;

use super::ends::{Named, find};
use super::flow::{Flow, picture};
use super::wire::Peer;
use super::{Traffic, View};
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, Columns, OVERVIEW, clean};
use crate::args::{AnswerFormat, ReachArgs};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};

/// Pairs of ends that are asked for, at most.
const MOST_PAIRS: usize = 200_000;

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: &'static str,
    /// What was asked for, as it can be written again; absent for everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<String>,
    /// What is at the one end, or at both.
    ends: Vec<Peer>,
    /// With both ends all that were asked for; with one only those that may get through.
    flows: Vec<Flow>,
    problems: Vec<Lost>,
    /// What no list of pods shows, for people.
    #[serde(skip)]
    beyond: String,
}

pub(super) fn run(args: &ReachArgs) -> anyhow::Result<ExitCode> {
    let read = Traffic::read(&args.paths, &args.reading)?;
    let named = |word: &Option<String>| {
        let word = word.as_ref();
        word.map(|word| find(word, read.view())).transpose()
    };
    let (from, to) = (named(&args.from)?, named(&args.to)?);
    let flows = flows(read.view(), from.as_ref(), to.as_ref(), args.port)?;
    let code = match (&from, &to) {
        (Some(_), Some(_)) => code(&flows),
        _ => 0,
    };
    let ends = from.iter().chain(&to).flat_map(|named| &named.ends);
    let answer = Answer {
        schema: "seawall.dev/network-reach/v1",
        from: from.as_ref().map(|named| named.word.clone()),
        to: to.as_ref().map(|named| named.word.clone()),
        port: args.port.map(|port| port.to_string()),
        ends: ends.map(|&end| read.view().peer(end)).collect(),
        flows,
        problems: read.lost(),
        beyond: match (&from, &to) {
            (Some(from), None) => beyond(read.view(), from, Direction::Egress),
            (None, Some(to)) => beyond(read.view(), to, Direction::Ingress),
            _ => String::new(),
        },
    };
    let output = match args.format.picture() {
        Some(format) => {
            answers::picture(&picture(&answer.title(), &answer.flows), OVERVIEW, format)?
        }
        None if args.format == AnswerFormat::Json => json(&answer)?,
        None => answer.render(answers::color(&args.printing)),
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(code))
}

/// Something gets through, nothing does, or it is not known.
fn code(flows: &[Flow]) -> u8 {
    let has = |outcome| flows.iter().any(|flow| flow.result == outcome);
    match () {
        () if has(Outcome::Allowed) => 0,
        () if has(Outcome::Unknown) => COULD_NOT_COMPLETE,
        () => 1,
    }
}

fn flows(
    view: View<'_>,
    from: Option<&Named>,
    to: Option<&Named>,
    port: Option<Port>,
) -> Result<Vec<Flow>, Hinted> {
    let everyone: Vec<Endpoint> = view.network.pods().map(Endpoint::Pod).collect();
    let ends = |named: Option<&Named>| named.map_or(everyone.clone(), |named| named.ends.clone());
    let is_pair = from.is_some() && to.is_some();
    let (sources, destinations) = (ends(from), ends(to));
    let pairs = sources.len().saturating_mul(destinations.len());
    if pairs > MOST_PAIRS {
        let message = format!("{pairs} pairs of ends are more than anybody reads");
        let hint =
            "name single workloads, or let `seawall network graph` say what they have in common";
        return Err(Hinted::new(message, hint));
    }
    let mut flows = Vec::new();
    for &source in &sources {
        for &destination in &destinations {
            let flow = Flow::ask(view, source, destination, port);
            if is_pair {
                flows.push(flow.explained(view, (source, destination), port));
            } else if source != destination && flow.result != Outcome::Denied {
                flows.push(flow);
            }
        }
    }
    flows.sort_by(|left, right| {
        (&left.from.end, &left.to.end).cmp(&(&right.from.end, &right.to.end))
    });
    Ok(flows)
}

/// The other side of the cluster's edge: whether an end sends there freely, or is reached from there.
fn beyond(view: View<'_>, named: &Named, direction: Direction) -> String {
    let mut words: Vec<String> = Vec::new();
    for end in &named.ends {
        let &Endpoint::Pod(pod) = end else { continue };
        let is_told = match direction {
            Direction::Egress => view.network.policies(pod, direction).is_empty(),
            Direction::Ingress => view.network.exposure(pod).level >= Level::Node,
        };
        if is_told {
            words.push(clean(&view.word(pod)));
        }
    }
    words.dedup();
    let tell = |word: &String| match direction {
        Direction::Egress => format!(
            "{word} reaches every address outside of the cluster: no policy looks at what it sends.\n"
        ),
        Direction::Ingress => format!(
            "{word} is reached from outside of the cluster: `seawall network exposed` tells how.\n"
        ),
    };
    let lines: String = words.iter().map(tell).collect();
    if lines.is_empty() {
        lines
    } else {
        format!("\n{lines}")
    }
}

impl Answer {
    fn title(&self) -> String {
        let port = self.port.as_ref();
        let port = port.map_or(String::new(), |port| format!(" on {port}"));
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => format!("Whether {from} reaches {to}{port}"),
            (Some(from), None) => format!("Whom {from} reaches{port}"),
            (None, Some(to)) => format!("Who reaches {to}{port}"),
            (None, None) => format!("Who reaches whom{port}"),
        }
    }

    fn render(&self, is_bold: bool) -> String {
        if self.from.is_some() && self.to.is_some() {
            let all = self.flows.iter();
            return all
                .map(|flow| self.pair(flow, is_bold))
                .collect::<Vec<_>>()
                .join("\n");
        }
        let mut page = format!("{}\n\n", clean(&self.title()));
        if self.flows.is_empty() {
            page += "Nobody that was read.\n";
        } else {
            let mut columns = Columns::new(&["FROM", "TO", "PORTS", "UNDECIDED"], is_bold);
            for flow in &self.flows {
                let [open, perhaps] = [&flow.open, &flow.perhaps].map(Clone::clone);
                columns.row([clean(&flow.from.end), clean(&flow.to.end), open, perhaps]);
            }
            page += &columns.text("");
        }
        page + &self.beyond
    }

    fn pair(&self, flow: &Flow, is_bold: bool) -> String {
        let word = match flow.result {
            Outcome::Allowed => "yes",
            Outcome::Denied => "no",
            Outcome::Unknown => "could not decide",
        };
        let ports = match (&self.port, flow.result) {
            (Some(port), _) => format!(" on {port}"),
            (None, Outcome::Allowed) => format!(
                " on {}",
                if flow.open == "all" {
                    "every port"
                } else {
                    &flow.open
                }
            ),
            (None, _) => String::new(),
        };
        let (from, to) = (clean(&flow.from.end), clean(&flow.to.end));
        let mut page = format!("{word}: {from} -> {to}{ports}\n");
        if self.port.is_none() && flow.result == Outcome::Allowed && !flow.perhaps.is_empty() {
            page += &format!("could not decide on {}\n", flow.perhaps);
        }
        let reasons = flow.because.as_deref().unwrap_or_default();
        if reasons.is_empty() {
            return page + "\nNo policy has a say in it.\n";
        }
        let mut columns = Columns::new(&["DIRECTION", "POLICY", "EFFECT", "WRITTEN AT"], is_bold);
        for reason in reasons {
            let unknown = reason.unknown.map(|why| format!(", perhaps: {why}"));
            columns.row([
                reason.direction.to_owned(),
                clean(&reason.policy.text()),
                reason.effect.to_owned() + &unknown.unwrap_or_default(),
                clean(&reason.location.as_ref().map_or(String::new(), At::text)),
            ]);
        }
        page + &format!("\n{}", columns.text(""))
    }
}
