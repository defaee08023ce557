//! `seawall rbac list`: subjects by how dangerous they are, bindings, and roles that nobody has.

use std::process::ExitCode;

use model::Severity;
use rbac::{Danger, EscalationMemory, Escalator, Goal, ResourceIndex, RoleId, Subject, SubjectId};
use serde::Serialize;

use super::wire::{Object, Undecided, View, Who, missing_role};
use super::{Permissions, text};
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, Columns, clean, heading};
use crate::args::{ListSubjectsArgs, Shown, TextOrJson};
use crate::scan::Scene;

/// The label by which a `ClusterRole` is taken into one that every cluster has.
const AGGREGATE_TO: &str = "rbac.authorization.k8s.io/aggregate-to-";

/// Rows of each list that text shows unless all are wanted.
const SHORT: usize = 50;

/// The lists; those that nobody asked for are absent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subjects: Option<Vec<Listed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bindings: Option<Vec<Bound>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unused_roles: Option<Vec<Unused>>,
    undecided: Vec<Undecided>,
    problems: Vec<Lost>,
}

/// A subject.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(flatten)]
    who: Who,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    /// How many escalations it is away from everything in the cluster; zero when it may do everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps_to_everything: Option<u32>,
    /// The patterns behind that: on the way, or else its worst ones.
    patterns: Vec<&'static str>,
    /// Whether it is `system:masters`, whom the API server allows everything.
    is_built_in: bool,
    /// How many bindings name it itself.
    bindings: usize,
    /// How many resources carry pods that run as it.
    runs: usize,
}

/// A binding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bound {
    #[serde(flatten)]
    binding: Object,
    role: Object,
    /// Whether the role was scanned, or is one that every cluster has.
    is_role_known: bool,
    subjects: Vec<Who>,
}

/// A role that nobody has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unused {
    #[serde(flatten)]
    role: Object,
    reason: &'static str,
    /// The `ClusterRoles` of every cluster that take it in: who has those may not have been scanned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aggregated_to: Vec<String>,
}

pub(super) fn run(args: &ListSubjectsArgs) -> anyhow::Result<ExitCode> {
    let read = Permissions::read(&Scene::here(), &args.paths, &args.reading)?;
    let answer = answer(&read, args);
    let output = match args.format {
        TextOrJson::Json => json(&answer)?,
        TextOrJson::Text => {
            let most = if args.verbose { usize::MAX } else { SHORT };
            render(&answer, most, answers::color(&args.printing))
        }
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(0))
}

fn answer(read: &Permissions, args: &ListSubjectsArgs) -> Answer {
    let view = read.view();
    let is_wanted = |what: Shown| args.show.is_empty() || args.show.contains(&what);
    Answer {
        schema: "seawall.dev/rbac-list/v1",
        subjects: is_wanted(Shown::Subjects).then(|| subjects(&view, args.min_severity)),
        bindings: is_wanted(Shown::Bindings).then(|| bindings(&view)),
        unused_roles: is_wanted(Shown::Roles).then(|| unused(&view)),
        undecided: view.undecided(|_| true),
        problems: Lost::all(read.scanned.problems.iter().chain(read.graph.problems())),
    }
}

fn subjects(view: &View<'_>, least: Option<Severity>) -> Vec<Listed> {
    let graph = view.graph;
    let memory = EscalationMemory::new(graph);
    let escalator = Escalator::new(graph, &memory);
    let distances = escalator.distances(Goal::ClusterAdmin);
    let dangers = graph
        .subjects()
        .map(|id| (escalator.danger(id, &distances), id));
    let mut dangers: Vec<(Danger, SubjectId)> = dangers
        .filter(|(danger, _)| least.is_none_or(|least| danger.severity() >= Some(least)))
        .collect();
    dangers.sort_by_cached_key(|(danger, id)| (danger.rank(), graph.subject(*id).to_string()));
    let listed = dangers.into_iter().map(|(danger, id)| {
        let subject = graph.subject(id);
        let patterns = match danger {
            Danger::Takeover(_) => {
                let chain = escalator.shortest_chain(subject, &distances);
                chain.iter().map(|step| step.pattern.id).collect()
            }
            Danger::Pattern(worst) => {
                let found = escalator.escalations(subject);
                let worst = found.iter().filter(|step| step.pattern.severity == worst);
                let mut ids: Vec<&str> = worst.map(|step| step.pattern.id).collect();
                ids.dedup();
                ids
            }
            Danger::Everything | Danger::Plain => Vec::new(),
        };
        Listed {
            who: Who::new(subject),
            location: graph
                .service_account(id)
                .and_then(|index| view.at_resource(index)),
            severity: danger.severity().map(Severity::as_str),
            steps_to_everything: match danger {
                Danger::Everything => Some(0),
                Danger::Takeover(steps) => Some(steps),
                Danger::Pattern(_) | Danger::Plain => None,
            },
            patterns,
            is_built_in: subject == Subject::Group("system:masters"),
            bindings: graph.bindings_of(id).count(),
            runs: graph.running_as(id).count(),
        }
    });
    listed.collect()
}

fn bindings(view: &View<'_>) -> Vec<Bound> {
    let graph = view.graph;
    let bound = graph.bindings().filter_map(|id| {
        let known = graph.role_of(id).and_then(|role| graph.role(role));
        let missing = || graph.missing_role(id).map(|it| missing_role(&it));
        let role = known.map(|role| view.object(role)).or_else(missing)?;
        Some(Bound {
            binding: view.object(graph.binding(id)?),
            role,
            is_role_known: graph.role_of(id).is_some(),
            subjects: graph
                .bound(id)
                .map(|bound| Who::new(bound.subject))
                .collect(),
        })
    });
    bound.collect()
}

fn unused(view: &View<'_>) -> Vec<Unused> {
    let graph = view.graph;
    let is_scanned = |role: &RoleId| {
        graph
            .role(*role)
            .is_some_and(|role| graph.is_scanned(role.place.resource))
    };
    let unused = graph.roles().filter(is_scanned).filter_map(|role| {
        let bindings = graph.bindings_granting(role);
        let has_subjects = bindings.iter().any(|id| graph.bound(*id).next().is_some());
        let reason = match (bindings.is_empty(), has_subjects) {
            (true, _) => "no binding gives it",
            (false, false) => "its bindings have no subjects",
            (false, true) => return None,
        };
        let named = graph.role(role)?;
        Some(Unused {
            role: view.object(named),
            reason,
            aggregated_to: aggregated_to(view, named.place.resource),
        })
    });
    unused.collect()
}

/// The roles of every cluster that take a role in by its labels: bindings to them may lie elsewhere.
fn aggregated_to(view: &View<'_>, index: ResourceIndex) -> Vec<String> {
    let resource = view.inventory.resources.get(index.index());
    let metadata = resource.and_then(|resource| resource.object().get_str("metadata"));
    let labels = metadata.and_then(|metadata| metadata.get_str("labels"));
    let entries = labels.iter().flat_map(|labels| labels.entries());
    let set = entries.filter(|entry| entry.value.as_str() == Some("true"));
    let names = set.filter_map(|entry| entry.name().strip_prefix(AGGREGATE_TO));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

fn render(answer: &Answer, most: usize, is_bold: bool) -> String {
    let mut parts = Vec::new();
    if let Some(subjects) = &answer.subjects {
        parts.push(subjects_text(subjects, most, is_bold));
    }
    if let Some(bindings) = &answer.bindings {
        let mut columns = Columns::new(&["BINDING", "ROLE", "SUBJECTS"], false);
        for bound in bindings.iter().take(most) {
            let subjects: Vec<&str> = bound
                .subjects
                .iter()
                .map(|who| who.subject.as_str())
                .collect();
            let role = bound.role.text();
            let role = if bound.is_role_known {
                role
            } else {
                format!("{role} (not scanned)")
            };
            let subjects = if subjects.is_empty() {
                "nobody".to_owned()
            } else {
                subjects.join(" ")
            };
            columns.row([text::place(&bound.binding), clean(&role), clean(&subjects)]);
        }
        parts.push(section("Bindings", &columns, bindings.len(), most, is_bold));
    }
    if let Some(roles) = &answer.unused_roles {
        let mut columns = Columns::new(&["ROLE", "WHY"], false);
        for unused in roles.iter().take(most) {
            let mut why = unused.reason.to_owned();
            if !unused.aggregated_to.is_empty() {
                why += &format!(
                    " that was scanned; aggregated to {}",
                    unused.aggregated_to.join(", ")
                );
            }
            columns.row([text::place(&unused.role), clean(&why)]);
        }
        parts.push(section(
            "Roles that nobody has",
            &columns,
            roles.len(),
            most,
            is_bold,
        ));
    }
    parts.join("\n") + &text::undecided(&answer.undecided, is_bold)
}

fn subjects_text(subjects: &[Listed], most: usize, is_bold: bool) -> String {
    // Accounts that only have what everybody has would hide the others, and everybody knows the masters.
    let is_plain = |it: &&Listed| it.bindings == 0 && (it.severity.is_none() || it.is_built_in);
    let shown: Vec<&Listed> = subjects.iter().filter(|it| !is_plain(it)).collect();
    let mut columns = Columns::new(&["SEVERITY", "SUBJECT", "WHY", "BINDINGS", "RUNS"], false);
    for listed in shown.iter().take(most) {
        columns.row([
            listed.severity.unwrap_or("-").to_owned(),
            clean(&listed.who.subject),
            why(listed),
            listed.bindings.to_string(),
            listed.runs.to_string(),
        ]);
    }
    let mut text = section("Subjects", &columns, shown.len(), most, is_bold);
    match subjects
        .iter()
        .filter(|it| is_plain(it) && !it.is_built_in)
        .count()
    {
        0 => {}
        1 => text += "  1 service account that no binding names has what its groups have\n",
        plain => {
            text += &format!(
                "  {plain} service accounts that no binding names have what their groups have\n"
            );
        }
    }
    text
}

fn why(listed: &Listed) -> String {
    let patterns = || listed.patterns.iter().take(3).copied().collect::<Vec<_>>();
    let more = || {
        if listed.patterns.len() > 3 {
            ", …"
        } else {
            ""
        }
    };
    match listed.steps_to_everything {
        Some(0) => "may do everything".to_owned(),
        Some(_) => format!("{} -> everything", listed.patterns.join(" -> ")),
        None => format!("{}{}", patterns().join(", "), more()),
    }
}

fn section(title: &str, columns: &Columns, count: usize, most: usize, is_bold: bool) -> String {
    let mut text = format!("{}\n", heading(&format!("{title} ({count})"), is_bold));
    if !columns.is_empty() {
        text += &columns.text("  ");
    }
    let rest = count.saturating_sub(most);
    if rest > 0 {
        text += &format!("  … and {rest} more (--verbose shows them)\n");
    }
    text
}
