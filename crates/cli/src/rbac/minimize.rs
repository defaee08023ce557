//! `seawall rbac minimize SUBJECT`: the least roles for what it does, and what of its present permissions goes.

use std::process::ExitCode;

use rbac::LeastLimits;

use super::audit::Log;
use super::minimized::{Answer, Present, Request, State, Unused, Wanted, by_log, by_manifests};
use super::{Permissions, subject, text};
use crate::answers::wire::{Lost, json};
use crate::answers::{self, Columns, clean, heading};
use crate::args::{MinimizeArgs, MinimizeFormat};
use crate::scan::Scene;

pub(super) fn run(args: &MinimizeArgs) -> anyhow::Result<ExitCode> {
    let read = Permissions::read(&Scene::here(), &args.paths, &args.reading)?;
    let named = subject::find(&args.subject, &read.graph)?;
    read.note_unknown(&named);
    let name = match &args.role_name {
        Some(name) => name.clone(),
        None => role_name(&named),
    };
    let wanted = Wanted {
        subject: named.subject(),
        limits: LeastLimits {
            names: args.max_names,
            namespaces: args.max_namespaces,
        },
        name: &name,
    };
    let mut log = Log::default();
    for file in &args.audit_log {
        log.read(file, wanted.subject)?;
    }
    let mut answer = if args.audit_log.is_empty() {
        by_manifests(&read, wanted)
    } else {
        by_log(&read, wanted, &log)
    };
    let problems = read.scanned.problems.iter().chain(read.graph.problems());
    answer.problems = Lost::all(problems.chain(&log.problems));
    let output = match args.format {
        MinimizeFormat::Json => json(&answer)?,
        MinimizeFormat::Yaml => answer.yaml.clone(),
        MinimizeFormat::Text => render(&answer, answers::color(&args.printing)),
    };
    answers::write(&args.printing, &output)?;
    let is_whole = answer.rules.iter().all(|rule| rule.state == State::Kept);
    let code = u8::from(args.fail_on_unused && !is_whole);
    let more = read.graph.problems().iter().chain(&log.problems);
    Ok(read.scanned.finish(more, code))
}

/// A name that an object may have.
fn role_name(named: &subject::Named) -> String {
    let (subject::Named::User(name)
    | subject::Named::Group(name)
    | subject::Named::ServiceAccount { name, .. }) = named;
    // Roles may be called like users and groups, but for what would be a step in a path.
    let name: String = name
        .chars()
        .map(|char| if "/%".contains(char) { '-' } else { char })
        .collect();
    format!("{name}-least")
}

fn render(answer: &Answer, is_bold: bool) -> String {
    let mut page = format!("{}\n", clean(&answer.subject.subject));
    page += &source(answer);
    page += &rules(&answer.rules, is_bold);
    let lists = [
        (
            "Allowed by the log, and by nothing that was read",
            &answer.missing,
        ),
        ("Allowed through groups, which keep them", &answer.shared),
        ("Not allowed", &answer.forbidden),
    ];
    for (title, list) in lists {
        page += &requests(title, list, is_bold);
    }
    if !answer.unseen.is_empty() {
        let title =
            "No log shows these, and they may have been needed; the new roles do not have them";
        page += &format!("\n{}\n", heading(title, is_bold));
        for one in &answer.unseen {
            let chain = one.chain.as_ref().map(text::chain_cells);
            let role = chain.map_or(String::new(), |[_, role]| format!(" <- {role}"));
            page += &format!("  {}{role}: {}\n", clean(&one.text), one.during);
        }
    }
    page += &text::undecided(&answer.undecided, is_bold);
    if answer.rules.iter().all(|rule| rule.state == State::Kept) && !answer.rules.is_empty() {
        return page + "\nNothing of it can go.\n";
    }
    if answer.rules.is_empty() {
        return page;
    }
    page += &format!("\n{}\n", heading("Instead", is_bold));
    for bound in &answer.bindings {
        let place = bound
            .subject
            .as_ref()
            .map_or(String::new(), |at| format!(" ({})", clean(&at.text())));
        let binding = clean(&bound.binding.text());
        page += &match bound.others {
            0 => format!("  delete {binding}{place}\n"),
            1 => format!("  take it out of {binding}{place}, which names another subject, too\n"),
            others => format!(
                "  take it out of {binding}{place}, which names {others} other subjects, too\n"
            ),
        };
    }
    if answer.yaml.is_empty() {
        page + "  no role takes their place\n"
    } else {
        format!("{page}  apply (`--format yaml`):\n\n{}", answer.yaml)
    }
}

/// What is known of use, and from where.
fn source(answer: &Answer) -> String {
    let mounted = match answer.mounted {
        "no" => "No pod that was read has its token.\n",
        _ => "",
    };
    let Some(log) = &answer.log else {
        let judged = "What it uses is not known without an audit log (`--audit-log`): only what can never be of use is taken out.\n";
        return format!("{judged}{mounted}");
    };
    let span = match (&log.first, &log.last) {
        (Some(first), Some(last)) => format!(" from {} to {}", clean(first), clean(last)),
        _ => String::new(),
    };
    let none = match log.own {
        0 => "The log has nothing of it: a log of another time or place may.\n",
        _ => "",
    };
    format!(
        "By an audit log of {} events{span}, {} of them its own. What it does at other times is not known.\n{none}{mounted}",
        log.events, log.own
    )
}

fn rules(rules: &[Present], is_bold: bool) -> String {
    if rules.is_empty() {
        return "\nNo binding that was read names it.\n".to_owned();
    }
    let mut page = "\n".to_owned();
    for rule in rules {
        let state = match rule.state {
            State::Kept => "kept",
            State::Narrowed => "narrowed",
            State::Removed => "removed",
        };
        let [_, role] = text::chain_cells(&rule.chain);
        let place = match &rule.namespace {
            Some(namespace) => format!("in namespace {}", clean(namespace)),
            None => "in the whole cluster".to_owned(),
        };
        let state = heading(state, is_bold);
        page += &format!("{state}: {} {place} <- {role}\n", clean(&rule.text));
        let is_all =
            rule.state == State::Removed && rule.unused.iter().all(|one| one.why.is_none());
        for (title, in_part) in [("without", false), ("only in part", true)] {
            let parts = rule
                .unused
                .iter()
                .filter(|one| one.in_part == in_part && !is_all);
            let parts = parts.map(unused).collect::<Vec<_>>().join("; ");
            if !parts.is_empty() {
                page += &format!("    {title}: {parts}\n");
            }
        }
    }
    page
}

fn unused(one: &Unused) -> String {
    let why = one.why.map_or(String::new(), |why| format!(" ({why})"));
    clean(&format!("{} {}{why}", one.verbs.join(" "), one.resource))
}

fn requests(title: &str, list: &[Request], is_bold: bool) -> String {
    if list.is_empty() {
        return String::new();
    }
    let mut columns = Columns::new(&["REQUEST", "WHERE", "TIMES", "BY THE LOG"], is_bold);
    for one in list {
        let reason = one.reason.as_deref().unwrap_or_default();
        columns.row([
            clean(&one.text),
            clean(&one.place),
            one.count.to_string(),
            clean(reason),
        ]);
    }
    format!("\n{}\n\n{}", heading(title, is_bold), columns.text("  "))
}
