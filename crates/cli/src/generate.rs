//! What is made from the program's own description: completions, man page, reference pages.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Arg, Command, CommandFactory as _};
use model::ProblemKind;

use crate::args::{Cli, Generated};
use crate::{config, network, output};

/// Completions for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "seawall", &mut script);
    output::print(&script)
}

/// The man page, all commands on one.
pub(crate) fn man() -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    let mut root = Cli::command();
    root.build();
    clap_mangen::Man::new(root.clone()).render(&mut page)?;
    for command in below(&root) {
        manual(
            command,
            &format!("seawall {}", command.get_name()),
            &mut page,
        )?;
    }
    output::print(&page)
}

/// The sections of a command, and of those below it.
fn manual(command: &Command, name: &str, page: &mut Vec<u8>) -> anyhow::Result<()> {
    let shown = command.clone().display_name(name);
    let man = clap_mangen::Man::new(shown);
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_options_section(page)?;
    for inner in below(command) {
        manual(inner, &format!("{name} {}", inner.get_name()), page)?;
    }
    Ok(())
}

/// A page or schema of the docs.
pub(crate) fn run(what: Generated) -> anyhow::Result<ExitCode> {
    let text = match what {
        Generated::CliReference => cli_reference(),
        Generated::ConfigReference => config::reference(),
        Generated::ConfigSchema => serde_json::to_string_pretty(&config::schema())? + "\n",
        Generated::ExpectationsSchema => {
            let title = "What seawall network check expects";
            let schema = config::schema::of_file("expectations", title, network::expectation::FILE);
            serde_json::to_string_pretty(&schema)? + "\n"
        }
    };
    output::print(text.as_bytes())
}

fn cli_reference() -> String {
    let mut page = String::from("# The command line\n");
    let mut root = Cli::command();
    root.build();
    for command in below(&root) {
        describe(command, command.get_name(), &mut page);
    }
    page += EXIT_CODES;
    page += PROBLEMS;
    for kind in ProblemKind::ALL {
        let _ = writeln!(page, "| `{kind}` | {} |", kind.meaning());
    }
    page
}

const EXIT_CODES: &str = "
## Exit codes

| code | meaning |
|---|---|
| 0 | nothing at or above `--fail-on`, nothing lost |
| 1 | new findings at or above `--fail-on` |
| 2 | could not complete: bad usage or configuration, or a problem of level `error`; `--allow-problems` leaves problems out, `--fail-on-unknown` takes in what could not be decided. 2 goes before 1 |

`seawall migrate` exits with 1 when something of the other scanner has no counterpart.
";

const PROBLEMS: &str = "
## Problems

What could not be evaluated, and why; `--allow-problems=KIND,KIND` takes kinds out of the exit code. [Inputs](inputs.md) says more about those of reading.

| kind | what happened |
|---|---|
";

/// A command, and the commands below it.
fn describe(command: &Command, name: &str, page: &mut String) {
    section(command, name, page);
    for inner in below(command) {
        describe(inner, &format!("{name} {}", inner.get_name()), page);
    }
}

/// The commands below one that people shall know.
fn below(command: &Command) -> impl Iterator<Item = &Command> {
    let all = command.get_subcommands();
    all.filter(|command| !command.is_hide_set())
}

fn section(command: &Command, name: &str, page: &mut String) {
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let _ = write!(
        page,
        "\n## seawall {name}\n\n{about}.\n\n```\n{usage}\n```\n",
    );
    let shown = || {
        command
            .get_arguments()
            .filter(|arg| !arg.is_hide_set() && arg.get_id() != "help")
    };
    let mut headings: Vec<Option<&str>> = Vec::new();
    for arg in shown() {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    for heading in headings {
        let title = heading.map_or(String::new(), |heading| format!("\n### {heading}\n"));
        let _ = write!(page, "{title}\n| argument | meaning |\n|---|---|\n");
        for arg in shown().filter(|arg| arg.get_help_heading() == heading) {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                page,
                "| {} | {}{} |",
                signature(arg),
                escaped(&help),
                values(arg)
            );
        }
    }
}

fn signature(arg: &Arg) -> String {
    let value = arg
        .get_value_names()
        .filter(|_| arg.get_action().takes_values())
        .map(|names| {
            names
                .iter()
                .map(|name| name.as_str().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        });
    let Some(long) = arg.get_long() else {
        return format!("`{}`", escaped(&value.unwrap_or_default()));
    };
    let short = arg
        .get_short()
        .map_or(String::new(), |short| format!("`-{short}`, "));
    let is_optional = arg
        .get_num_args()
        .is_some_and(|count| count.min_values() == 0);
    let value = match value {
        Some(value) if is_optional => format!("[={value}]"),
        Some(value) => format!(" {value}"),
        None => String::new(),
    };
    format!("{short}`--{long}{}`", escaped(&value))
}

fn values(arg: &Arg) -> String {
    let names: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| arg.get_action().takes_values() && !arg.is_hide_possible_values_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    let values = if names.is_empty() {
        String::new()
    } else {
        format!(" ({})", names.join(", "))
    };
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if default.is_empty() {
        values
    } else {
        format!("{values}; default `{}`", default.join(" "))
    }
}

/// A `|` would end the cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
