//! Scripts and the commands in them.

use crate::text::Text;

use super::commands;

fn check(script: &str, expected: &[&str]) {
    let found = commands(&Text::plain(script, 0));
    let words: Vec<String> = found
        .iter()
        .map(|command| {
            let mut words = vec![command.program.as_str()];
            words.extend(command.arguments.iter().map(|word| word.text.as_str()));
            let piped = if command.piped_into.is_empty() {
                String::new()
            } else {
                format!(" | {}", command.piped_into)
            };
            format!("{}{piped}", words.join(" "))
        })
        .collect();
    assert_eq!(words, expected, "{script}");
}

#[test]
fn scripts_are_split_into_commands() {
    check("a b && c || d; e & f", &["a b", "c", "d", "e", "f"]);
    check("curl -s x | sh -s -- y", &["curl -s x | sh", "sh -s -- y"]);
    check("a 'b c' \"d $e\" f\\ g", &["a b c d $e f g"]);
    check("a >/dev/null 2>&1 <b", &["a"]);
    check("# no\na # b\nc", &["a", "c"]);
    check("", &[]);
    check("a 'b", &["a b"]);
    check("a $(b; c) ${d:-e f}", &["a $(b; c) ${d:-e f}"]);
}

#[test]
fn what_runs_others_is_looked_into() {
    check(
        "/usr/bin/sudo -u me apt-get update",
        &["sudo -u me apt-get update", "apt-get update"],
    );
    check("env A=1 make", &["env A=1 make", "make"]);
    check("bash -exc 'a; b'", &["bash -exc a; b", "a", "b"]);
    check("if a; then b; fi", &["a", "b"]);
    check(
        "curl x | sudo bash",
        &["curl x | bash", "sudo bash", "bash"],
    );
}

#[test]
fn what_reads_the_output_is_found_behind_others() {
    check(
        "curl x | sudo -E A=1 /bin/bash -",
        &["curl x | bash", "sudo -E A=1 /bin/bash -", "bash -"],
    );
}

#[test]
fn variables_of_one_command_are_none_of_its_words() {
    let found = commands(&Text::plain("A=1 B='2 3' run c", 5));
    assert_eq!(found[0].program, "run");
    let texts: Vec<&str> = found[0]
        .assignments
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(texts, ["A=1", "B=2 3"]);
    assert_eq!(found[0].span, 5..22);
}

#[test]
fn scripts_in_scripts_end() {
    let script = "sh -c ".repeat(2_000);
    assert!(commands(&Text::plain(&script, 0)).len() < 10);
    let sudo = "sudo ".repeat(2_000);
    assert!(commands(&Text::plain(&sudo, 0)).len() < 10);
}
