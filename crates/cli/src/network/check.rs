//! `seawall network check EXPECTATIONS`: whether the network is as a file expects it.

use std::process::ExitCode;

use network::{Direction, Endpoint, Level, Outcome, PodId, Port, Truth};
use serde::Serialize;

use super::expectation::{self, Expectation};
use super::flow::Flow;
use super::wire::Way;
use super::{Traffic, View};
use crate::answers::junit::{Case, Said, junit};
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, clean};
use crate::args::{CheckFormat, NetworkCheckArgs};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};

/// Pairs of ends that one expectation may mean.
const MOST_PAIRS: usize = 200_000;

/// Flows that are told of an expectation that is not met.
const TOLD: usize = 20;

/// The answer.
#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    counts: Counts,
    expectations: Vec<Judged>,
    problems: Vec<Lost>,
}

/// How many came out how.
#[derive(Serialize, Default)]
struct Counts {
    met: usize,
    failed: usize,
    unknown: usize,
}

/// One expectation, judged.
#[derive(Serialize)]
struct Judged {
    location: At,
    from: String,
    to: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<String>,
    expect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    outcome: Judgement,
    /// Why it could not be decided, where that is no matter of single flows.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What is not as expected, or could not be decided; the first ones.
    flows: Vec<Flow>,
    /// The ways from the internet that were not expected, or could not be decided.
    ways: Vec<Way>,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Judgement {
    Met,
    Failed,
    Unknown,
}

pub(super) fn run(args: &NetworkCheckArgs) -> anyhow::Result<ExitCode> {
    if args.expectations == "-" && args.paths.iter().any(|path| path == "-") {
        let hint = "name a file for one of them";
        return Err(Hinted::new("standard input can be read once", hint).into());
    }
    let read = Traffic::read(&args.paths, &args.reading)?;
    let expectations = expectation::read(&args.expectations, &read)?;
    let mut counts = Counts::default();
    let mut judged = Vec::new();
    for one in &expectations {
        let one = judge(read.view(), one)?;
        match one.outcome {
            Judgement::Met => counts.met += 1,
            Judgement::Failed => counts.failed += 1,
            Judgement::Unknown => counts.unknown += 1,
        }
        judged.push(one);
    }
    let code = match (counts.failed, counts.unknown) {
        (0, 0) => 0,
        (0, _) => COULD_NOT_COMPLETE,
        (_, _) => 1,
    };
    let answer = Answer {
        schema: "seawall.dev/network-check/v1",
        counts,
        expectations: judged,
        problems: read.lost(),
    };
    let output = match args.format {
        CheckFormat::Json => json(&answer)?,
        CheckFormat::Text => answer.render(args.verbose),
        CheckFormat::Junit => answer.junit(),
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(code))
}

fn judge(view: View<'_>, one: &Expectation) -> Result<Judged, Hinted> {
    let mut judged = Judged {
        location: one.at.clone(),
        from: one.from.text.clone(),
        to: one.to.text.clone(),
        ports: one.ports.iter().map(Port::to_string).collect(),
        expect: if one.is_allowed { "allow" } else { "deny" },
        reason: one.reason.clone(),
        outcome: Judgement::Met,
        why: None,
        flows: Vec::new(),
        ways: Vec::new(),
    };
    if let Some(nobody) = [&one.from, &one.to]
        .into_iter()
        .find(|end| end.ends.is_empty())
    {
        judged.outcome = Judgement::Unknown;
        judged.why = Some(format!("nothing that was read is {}", nobody.text));
        return Ok(judged);
    }
    if one.from.is_internet {
        from_internet(view, one, &mut judged);
        return Ok(judged);
    }
    let pairs = pairs(one);
    if pairs.len() > MOST_PAIRS {
        let message = format!(
            "{}: {} pairs of ends are too many",
            one.at.text(),
            pairs.len()
        );
        return Err(Hinted::new(message, "name single workloads or namespaces"));
    }
    for (from, to) in pairs {
        let ports: Vec<Option<Port>> = match &one.ports[..] {
            [] => vec![None],
            ports => ports.iter().copied().map(Some).collect(),
        };
        for port in ports {
            let flow = Flow::ask(view, from, to, port);
            let judgement = match (flow.result, one.is_allowed) {
                (Outcome::Unknown, _) => Judgement::Unknown,
                (Outcome::Allowed, true) | (Outcome::Denied, false) => continue,
                (Outcome::Allowed, false) | (Outcome::Denied, true) => Judgement::Failed,
            };
            judged.worse(judgement);
            if judged.flows.len() < TOLD {
                judged.flows.push(flow.explained(view, (from, to), port));
            }
        }
    }
    Ok(judged)
}

/// Everyone of the one side with everyone of the other; nobody with itself, unless that is all that is asked.
fn pairs(one: &Expectation) -> Vec<(Endpoint, Endpoint)> {
    let all = one.from.ends.iter();
    let all = all.flat_map(|from| one.to.ends.iter().map(move |to| (*from, *to)));
    if one.from.ends.len() == 1 && one.to.ends.len() == 1 {
        return all.collect();
    }
    all.filter(|(from, to)| from != to).collect()
}

/// Traffic from outside comes on the ways that services and routes make; policies may stop it at the pod.
fn from_internet(view: View<'_>, one: &Expectation, judged: &mut Judged) {
    let pods = one.to.ends.iter().filter_map(|end| match *end {
        Endpoint::Pod(pod) => Some(pod),
        Endpoint::Address(_) => None,
    });
    for pod in pods {
        let asked: Vec<Option<Port>> = match &one.ports[..] {
            [] => vec![None],
            ports => ports.iter().copied().map(Some).collect(),
        };
        for port in asked {
            let outcome = reached(view, pod, port);
            let judgement = match (outcome, one.is_allowed) {
                (Outcome::Unknown, _) => Judgement::Unknown,
                (Outcome::Allowed, true) | (Outcome::Denied, false) => continue,
                (Outcome::Allowed, false) | (Outcome::Denied, true) => Judgement::Failed,
            };
            judged.worse(judgement);
            let why = match outcome {
                Outcome::Unknown => format!(
                    "a way leads to {}, and policies look at the address that the traffic arrives with, or the way is not known to be open",
                    view.word(pod)
                ),
                Outcome::Denied => {
                    format!("no way leads to {}, or a policy closes it", view.word(pod))
                }
                Outcome::Allowed => format!("{} is reached", view.word(pod)),
            };
            judged.why.get_or_insert(why);
            let chains = view.network.exposure(pod).chains.iter();
            let chains = chains.filter(|chain| chain.level == Level::Internet);
            let ways: Vec<Way> = chains.map(|chain| view.way(chain)).collect();
            judged.ways.extend(ways);
            judged.ways.dedup();
            judged.ways.truncate(TOLD);
        }
    }
}

/// Whether a pod is reached from the internet. Load balancers and gateways send with addresses of their own, so that only
/// policies which treat all addresses and all pods alike decide for sure.
fn reached(view: View<'_>, pod: PodId, port: Option<Port>) -> Outcome {
    let exposure = view.network.exposure(pod);
    let is_meant = |own: Option<Port>| match (own, port) {
        (Some(own), Some(port)) => own == port,
        _ => true,
    };
    let ways = exposure
        .chains
        .iter()
        .filter(|chain| chain.level == Level::Internet);
    let ways: Vec<_> = ways.filter(|chain| is_meant(chain.port)).collect();
    if ways.is_empty() {
        return Outcome::Denied;
    }
    let to = Endpoint::Pod(pod);
    // A pod whose own policies stop it says nothing about the receiver's.
    let is_free = |pod: &PodId| view.network.is_isolated(*pod, Direction::Egress) == Truth::No;
    let others = view
        .network
        .pods()
        .filter(|one| *one != pod && is_free(one));
    let addresses = view.network.addresses().into_iter().map(Endpoint::Address);
    let senders: Vec<Endpoint> = addresses.chain(others.map(Endpoint::Pod)).collect();
    let outcomes = |port: Option<Port>| {
        let flows = senders.iter();
        let mut all: Vec<Outcome> = flows
            .map(|from| Flow::ask(view, *from, to, port).result)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut found = Vec::new();
    for way in ways {
        let port = port.or(way.port);
        found.push(match (&outcomes(port)[..], way.unknown) {
            ([Outcome::Denied], _) => Outcome::Denied,
            ([Outcome::Allowed], None) => Outcome::Allowed,
            _ => Outcome::Unknown,
        });
    }
    match () {
        () if found.contains(&Outcome::Allowed) => Outcome::Allowed,
        () if found.contains(&Outcome::Unknown) => Outcome::Unknown,
        () => Outcome::Denied,
    }
}

impl Judged {
    fn worse(&mut self, judgement: Judgement) {
        if self.outcome != Judgement::Failed {
            self.outcome = judgement;
        }
    }

    /// `allow shop/web -> shop/db on 5432/TCP`.
    fn sentence(&self) -> String {
        let ports = match &self.ports[..] {
            [] => String::new(),
            ports => format!(" on {}", ports.join(", ")),
        };
        clean(&format!(
            "{} {} -> {}{ports}",
            self.expect, self.from, self.to
        ))
    }

    /// What is otherwise, line by line.
    fn details(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.why.iter().cloned().collect();
        for flow in &self.flows {
            let said = match flow.result {
                Outcome::Allowed => "gets through",
                Outcome::Denied => "does not get through",
                Outcome::Unknown => "could not be decided",
            };
            lines.push(format!("{} -> {} {said}", flow.from.end, flow.to.end));
            for reason in flow.because.iter().flatten() {
                let place = reason
                    .location
                    .as_ref()
                    .map_or(String::new(), |at| format!(" ({})", at.text()));
                let why = reason
                    .unknown
                    .map_or(String::new(), |why| format!(", perhaps: {why}"));
                lines.push(format!(
                    "  {} {}: {}{place}{why}",
                    reason.direction,
                    reason.effect,
                    reason.policy.text()
                ));
            }
        }
        for way in &self.ways {
            let steps: Vec<String> = way
                .steps
                .iter()
                .map(|stage| {
                    let place = stage
                        .location
                        .as_ref()
                        .map_or(String::new(), |at| format!(" ({})", at.text()));
                    format!("{}{place}", stage.object.text())
                })
                .collect();
            lines.push(format!("  way: {}", steps.join(" -> ")));
        }
        lines.iter().map(|line| clean(line)).collect()
    }
}

impl Answer {
    fn render(&self, is_verbose: bool) -> String {
        let mut page = String::new();
        for one in &self.expectations {
            let heading = match one.outcome {
                Judgement::Met if !is_verbose => continue,
                Judgement::Met => "as expected",
                Judgement::Failed => "NOT AS EXPECTED",
                Judgement::Unknown => "COULD NOT DECIDE",
            };
            page += &format!(
                "{heading}: {}: {}\n",
                clean(&one.location.text()),
                one.sentence()
            );
            if let Some(reason) = &one.reason {
                page += &format!("    because {}\n", clean(reason));
            }
            for line in one.details() {
                page += &format!("    {line}\n");
            }
        }
        let Counts {
            met,
            failed,
            unknown,
        } = &self.counts;
        let separator = if page.is_empty() { "" } else { "\n" };
        page + &format!(
            "{separator}{met} as expected, {failed} not as expected, {unknown} could not be decided\n"
        )
    }

    fn junit(&self) -> String {
        let cases = self.expectations.iter().map(|one| {
            let why = || one.details().join("\n");
            Case {
                name: one.sentence(),
                place: one.location.text(),
                said: match one.outcome {
                    Judgement::Met => Said::Met,
                    Judgement::Failed => Said::Failed(why()),
                    Judgement::Unknown => Said::Undecided(why()),
                },
            }
        });
        junit("network", &cases.collect::<Vec<_>>())
    }
}
