//! The project's own tasks: `cargo xtask <task>`.

mod bench;
mod dist;
mod generate;
mod new_control;
mod sample_database;
mod schema_table;
mod tidy;
mod workspace;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task>

  new-control GROUP/ID   a new control folder with its three files
  generate [--check]     docs/controls, the command-line reference, the configuration schema
  generate schema        only the table of crate schema (from data/openapi.txt)
  tidy                   import table, module cycles, file lengths, control hygiene
  bench [--quick]        speed and memory over the corpora
  dist [TARGET]          an archive of the release, in target/dist
  dist twice [TARGET]    whether two builds of the commit give the same bytes
  dist publish FOLDER [--sign KEY]
                         checksums, signature, bill of materials, krew and Homebrew definitions for the archives there
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(),
        ["generate"] => generate::run(generate::Mode::Write),
        ["generate", "schema"] => schema_table::write(),
        ["generate", "--check"] => generate::run(generate::Mode::Check),
        ["new-control", name] => new_control::run(name),
        ["bench", options @ ..] => bench::run(options),
        ["dist", words @ ..] => dist::run(words),
        _ => {
            workspace::say(HELP);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            workspace::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
