//! Dockerfiles are read as `BuildKit` reads them: its answers to some are kept here, and with Go it is asked about many more.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dockerfile::{Form, Instruction, parse};
use serde_json::{Value, json};

/// What may stand in a Dockerfile, so that chance puts it together. `BuildKit` takes characters outside of ASCII apart where it
/// looks for flags; they keep away from dashes here.
const PIECES: &[&str] = &[
    "FROM alpine:3.20 AS a\n",
    "FROM --platform=$BUILDPLATFORM x\n",
    "RUN ",
    "run\t",
    "COPY --from=a --chown=1:2 ",
    "ADD ",
    "ENV ",
    "ENV A=1 B=\"2 3\" ",
    "ENV A b  c ",
    "ARG ",
    "ARG x=1 y 'z=2' ",
    "LABEL ",
    "LABEL a.b=\"c d\" e='f' ",
    "CMD ",
    "CMD [\"a\", \"b\\\"c\"]",
    "ENTRYPOINT [",
    "ONBUILD ",
    "ONBUILD RUN ",
    "HEALTHCHECK ",
    "HEALTHCHECK --interval=5m CMD ",
    "HEALTHCHECK NONE",
    "EXPOSE 80/tcp 443",
    "USER root:0",
    "WORKDIR /a b",
    "VOLUME [\"/a\"]",
    "VOLUME /a /b",
    "SHELL [\"sh\"]",
    "STOPSIGNAL 9",
    "MAINTAINER me <a@b>",
    "UNKNOWN thing",
    "# syntax=docker/dockerfile:1\n",
    "# escape=`\n",
    "#escape = \\\n",
    "# check=skip=all\n",
    "# escape=x\n",
    "# a comment\n",
    "#\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\ \t\n",
    "`\n",
    "\\\\\n",
    "  # inside\n",
    "   \n",
    "<<EOF\n",
    "<<-EOF\n",
    "<<'EOF'\n",
    "<<\"E O\"\n",
    "3<<EOF ",
    "<< EOF\n",
    "<<<EOF\n",
    "<<EOF <<B\n",
    "EOF\n",
    "\tEOF\n",
    "B\n",
    "E O\n",
    "--mount=type=cache,target=/a ",
    "--a=\"b c\" ",
    "-- ",
    "--",
    " -y ",
    "a",
    "b=c ",
    "=",
    "\"",
    "'",
    "\"q r\" ",
    "'s t' ",
    "\\",
    "\\\"",
    "\\'",
    "`",
    "$A",
    "${A:-b}",
    "${",
    "$",
    "[",
    "]",
    "[]",
    "[1]",
    "[\"a\"]",
    "[\"a\", 1]",
    " ",
    "\t",
    "\u{b}",
    "&& ",
    ";",
    "|",
    "u é漢 ",
    "/",
    "x y z\n",
    "apt-get install \\\n  # why\n  curl \\\n\n  && true\n",
];

/// A text of some pieces; the same for the same number.
fn file(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % limit
    };
    let count = 1 + next(24);
    let mut text = if number.is_multiple_of(17) {
        "\u{FEFF}"
    } else {
        ""
    }
    .to_owned();
    for _ in 0..count {
        text.push_str(PIECES[next(PIECES.len())]);
        if next(6) == 0 {
            text.push('\n');
        }
    }
    text
}

/// How `BuildKit`'s answers say what we read.
fn answer(text: &str) -> Value {
    let file = parse(text);
    let is_refused = |message: &str| !message.starts_with("there is no instruction");
    let failed =
        file.instructions.is_empty() || file.mistakes.iter().any(|it| is_refused(&it.message));
    let mut all = Vec::new();
    if !failed {
        file.instructions.iter().for_each(|one| tell(one, &mut all));
    }
    json!({ "failed": failed, "instructions": all })
}

fn tell(one: &Instruction, all: &mut Vec<Value>) {
    let mut words: Vec<String> = one.arguments.iter().map(|word| word.text.clone()).collect();
    for assignment in &one.assignments {
        match (&assignment.value, one.name().as_str()) {
            (value, "ARG") => {
                let value = value.as_ref().map(|value| format!("={value}"));
                words.push(format!("{}{}", assignment.name, value.unwrap_or_default()));
            }
            (value, _) => {
                words.push(assignment.name.clone());
                words.push(value.clone().unwrap_or_default());
                words.push(if assignment.is_old { "" } else { "=" }.to_owned());
            }
        }
    }
    let known = [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ];
    if !known.contains(&one.name().as_str()) {
        words = vec![String::new()];
    }
    let heredocs = one.heredocs.iter().map(|it| {
        json!({ "name": it.name, "descriptor": it.descriptor, "expands": it.expands, "chomps": it.chomps, "content": it.content.text })
    });
    all.push(json!({
        "keyword": one.keyword.text,
        "flags": one.flags.iter().map(|flag| &flag.text).collect::<Vec<_>>(),
        "exec": one.form == Form::Exec,
        "words": words,
        "heredocs": heredocs.collect::<Vec<_>>(),
        "lines": [one.lines.0, one.lines.1],
    }));
    if let Some(trigger) = &one.trigger {
        tell(trigger, all);
    }
}

fn check(files: &[String], answers: &[Value]) {
    let mut wrong = String::new();
    let mut count = 0;
    for (file, expected) in files.iter().zip(answers) {
        let found = answer(file);
        if found != *expected {
            count += 1;
            if count <= 10 {
                writeln!(wrong, "{file:?}\n  expected {expected}\n  found    {found}").unwrap();
            }
        }
    }
    assert_eq!(files.len(), answers.len());
    assert!(count == 0, "{count} of {} differ\n{wrong}", files.len());
}

/// What the program of a folder answers.
fn ask(files: &[String]) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/buildkit");
    let mut child = Command::new("go")
        .args(["run", "."])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let question = serde_json::to_vec(files).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&question).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Those whose answers are kept.
fn kept() -> Vec<String> {
    (0..400).map(file).collect()
}

fn answers() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/answers.jsonl")
}

#[test]
fn files_are_read_as_the_kept_answers_say() {
    let text = std::fs::read_to_string(answers()).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    check(&kept(), &answers);
}

#[test]
#[ignore = "needs Go"]
fn files_are_read_as_buildkit_reads_them() {
    let asked: Vec<String> = (0..40_000).map(file).collect();
    let found = ask(&asked);
    let kept: String = found
        .iter()
        .take(kept().len())
        .map(|it| format!("{it}\n"))
        .collect();
    if std::env::var_os("KEEP_ANSWERS").is_some() {
        std::fs::write(answers(), &kept).unwrap();
    }
    check(&asked, &found);
    assert_eq!(std::fs::read_to_string(answers()).unwrap(), kept);
}
