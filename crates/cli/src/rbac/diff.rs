//! `seawall rbac diff BASE HEAD`: what subjects gain and lose, through escalation too.

mod markdown;

use std::process::ExitCode;

use model::Severity;
use rbac::{EscalationMemory, Escalator, Gains, Subject};
use serde::Serialize;
use tempfile::TempDir;

use super::explain::{Gain, gain_text, gains};
use super::wire::{Permitted, Step, View, Who};
use super::{Permissions, text};
use crate::answers::wire::{Lost, json};
use crate::answers::{self, clean, heading, paths_or_here};
use crate::args::{DiffFormat, RbacDiffArgs};
use crate::errors::Hinted;
use crate::git::{Copier, Repository, Revision, Revisions};
use crate::scan::Scene;

/// Items of each kind that text shows for a subject unless all are wanted.
const SHORT: usize = 10;

/// The comparison.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Comparison {
    schema: &'static str,
    base: String,
    head: String,
    gained: Vec<Change>,
    lost: Vec<Change>,
    problems: Vec<Lost>,
}

/// What one subject gains or loses.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(flatten)]
    who: Who,
    /// How bad the worst of it is; absent when nothing known leads further.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    permissions: Vec<Permitted>,
    /// The patterns that it can use now, or could before.
    escalations: Vec<Gain>,
    /// The way to everything in the cluster that there is now, or was before; empty when it takes no step.
    #[serde(skip_serializing_if = "Option::is_none")]
    takeover: Option<Vec<Step>>,
    /// The way to someone who gains (or loses) permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<Vec<Step>>,
    /// Whether the other side names a role for it that was not scanned: some of this may be no change.
    is_uncertain: bool,
}

/// One side of the comparison.
struct Side {
    /// What people call it.
    name: String,
    read: Permissions,
}

pub(super) fn run(args: &RbacDiffArgs) -> anyhow::Result<ExitCode> {
    let [base, head] = sides(args)?;
    let comparison = compare(&base, &head);
    let most = if args.verbose { usize::MAX } else { SHORT };
    let output = match args.format {
        DiffFormat::Json => json(&comparison)?,
        DiffFormat::Markdown => markdown::render(&comparison, most),
        DiffFormat::Text => render(&comparison, most, answers::color(&args.printing)),
    };
    answers::write(&args.printing, &output)?;
    let has_gain = !comparison.gained.is_empty();
    let code = u8::from(args.fail_on_gain && has_gain);
    // What was lost in the base makes nothing of the head less complete.
    base.read.finish(0);
    Ok(head.read.finish(code))
}

fn sides(args: &RbacDiffArgs) -> anyhow::Result<[Side; 2]> {
    if let Some(range) = &args.git {
        return revisions(range, args);
    }
    let [base, head] = args.paths.as_slice() else {
        let hint = "`seawall rbac diff BASE HEAD`, or `seawall rbac diff --git BASE..HEAD PATH…`";
        return Err(Hinted::new("a comparison takes two files or folders", hint).into());
    };
    Ok([
        Side::read(&Scene::here(), std::slice::from_ref(base), base, args)?,
        Side::read(&Scene::here(), std::slice::from_ref(head), head, args)?,
    ])
}

/// Two revisions of the repository that the current folder is in, or one and the files as they are.
fn revisions(range: &str, args: &RbacDiffArgs) -> anyhow::Result<[Side; 2]> {
    let repository = Repository::open()?;
    let Revisions { base, head } = Repository::revisions(range)?;
    let paths = paths_or_here(&args.paths);
    let trees = TempDir::with_prefix("seawall-diff-")?;
    let mut copier = Copier::default();
    let mut side = |folder: &str, revision: &Revision| {
        let root = trees.path().join(folder);
        copier.copy(&revision.commit, &root)?;
        // The names of what is found are relative to the folder that the command is run in.
        let here = root.join(&repository.prefix);
        fs_err::create_dir_all(&here)?;
        let scene = Scene {
            root: here,
            is_closed: true,
        };
        Side::read(&scene, &paths, &revision.name, args)
    };
    let base = side("base", &base)?;
    let head = match &head {
        Some(head) => side("head", head)?,
        None => Side::read(&Scene::here(), &paths, "the working tree", args)?,
    };
    Ok([base, head])
}

impl Side {
    fn read(
        scene: &Scene,
        paths: &[String],
        name: &str,
        args: &RbacDiffArgs,
    ) -> anyhow::Result<Self> {
        Ok(Side {
            name: name.to_owned(),
            read: Permissions::read(scene, paths, &args.reading)?,
        })
    }
}

fn compare(base: &Side, head: &Side) -> Comparison {
    let memories = [base, head].map(|side| EscalationMemory::new(&side.read.graph));
    let escalators = [
        Escalator::new(&base.read.graph, &memories[0]),
        Escalator::new(&head.read.graph, &memories[1]),
    ];
    let gained = rbac::gains(&escalators[0], &escalators[1]);
    let lost = rbac::gains(&escalators[1], &escalators[0]);
    let problems = [base, head].into_iter().flat_map(|side| {
        side.read
            .scanned
            .problems
            .iter()
            .chain(side.read.graph.problems())
    });
    Comparison {
        schema: "seawall.dev/rbac-diff/v1",
        base: base.name.clone(),
        head: head.name.clone(),
        gained: changes(&head.read, &base.read, &gained),
        lost: changes(&base.read, &head.read, &lost),
        problems: Lost::all(problems),
    }
}

fn changes(own: &Permissions, other: &Permissions, all: &[Gains<'_>]) -> Vec<Change> {
    let view = own.view();
    let mut changes: Vec<(Option<Severity>, Change)> = all
        .iter()
        .map(|gains| (gains.severity(), change(&view, other, gains)))
        .collect();
    changes
        .sort_by(|left, right| (right.0, &left.1.who.subject).cmp(&(left.0, &right.1.who.subject)));
    changes.into_iter().map(|(_, change)| change).collect()
}

fn change(view: &View<'_>, other: &Permissions, all: &Gains<'_>) -> Change {
    let subject = view.graph.subject(all.subject);
    let steps = |chain: &rbac::Chain| chain.iter().map(|it| view.step(it)).collect();
    let permissions = all.permissions.iter();
    Change {
        who: Who::new(subject),
        severity: all.severity().map(Severity::as_str),
        permissions: permissions
            .map(|(namespace, it)| view.permitted(*namespace, it))
            .collect(),
        escalations: gains(view, all.escalations.iter()),
        takeover: all.takeover.as_ref().map(steps),
        through: all.through.as_ref().map(steps),
        is_uncertain: is_uncertain(other, subject),
    }
}

/// Whether what a subject has on one side is not all known.
fn is_uncertain(read: &Permissions, subject: Subject<'_>) -> bool {
    let graph = &read.graph;
    let mut bindings = graph.bindings_for(subject).into_iter();
    !read.scanned.inventory.is_complete && bindings.any(|id| graph.role_of(id).is_none())
}

impl Comparison {
    fn summary(&self) -> String {
        let count = |count: usize, one: &str, many: &str| match count {
            0 => format!("nobody {one}"),
            1 => format!("1 subject {one}"),
            count => format!("{count} subjects {many}"),
        };
        format!(
            "{}, {}",
            count(self.gained.len(), "gains", "gain"),
            count(self.lost.len(), "loses", "lose")
        )
    }
}

fn render(comparison: &Comparison, most: usize, is_bold: bool) -> String {
    let Comparison {
        base,
        head,
        gained,
        lost,
        ..
    } = comparison;
    let mut page = format!(
        "Permissions from {} to {}: {}\n",
        clean(base),
        clean(head),
        comparison.summary()
    );
    for (title, sign, changes) in [("Gained", '+', gained), ("Lost", '-', lost)] {
        if changes.is_empty() {
            continue;
        }
        page += &format!("\n{}\n", heading(title, is_bold));
        for change in changes {
            page += &change_text(change, sign, most);
        }
    }
    page
}

fn change_text(change: &Change, sign: char, most: usize) -> String {
    let is_gain = sign == '+';
    let severity = change.severity.unwrap_or("-");
    let mut page = format!("\n  {severity:8}  {}\n", clean(&change.who.subject));
    for permitted in change.permissions.iter().take(most) {
        page += &format!("    {sign} {}\n", text::permitted_phrase(permitted));
        for chain in permitted.chains.iter().take(1) {
            page += &format!("        {}\n", text::chain_line(chain));
        }
    }
    let rest = change.permissions.len().saturating_sub(most);
    if rest > 0 {
        page += &format!("    {sign} … and {rest} more (--verbose shows them)\n");
    }
    if let Some(steps) = &change.takeover {
        page += match (is_gain, steps.is_empty()) {
            (true, true) => "    can now do everything in the cluster\n",
            (true, false) => "    can now become cluster-admin:\n",
            (false, true) => "    can no longer do everything in the cluster\n",
            (false, false) => "    can no longer become cluster-admin:\n",
        };
        page += &text::steps(steps, "      ");
    }
    if let Some(steps) = &change.through {
        let target = steps
            .last()
            .map(|step| text::becomes(&step.becomes))
            .unwrap_or_default();
        let what = if is_gain { "gains" } else { "loses" };
        page += &format!("    through {target}, which {what} permissions:\n");
        page += &text::steps(steps, "      ");
    }
    for gain in change.escalations.iter().take(most) {
        page += &gain_text(gain, most, "    ");
    }
    if change.is_uncertain {
        page += "    some of it may be no change: the other side names a role for it that was not scanned\n";
    }
    page
}
