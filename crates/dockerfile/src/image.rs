//! What the configuration of an image says of the Dockerfile that it was built from: its history, read back, and what holds in the end.
//!
//! The steps become a text of one instruction each, so that they are read, located and shown as a Dockerfile is.

use std::sync::Arc;

use document::{Document, Keys, LimitExceeded, Limits, Source, Span};

use crate::parse::{Instruction, of_text};
use crate::text::Text;
use crate::{node, stages};

/// The configuration of an image.
#[derive(Clone, Copy, Debug, Default)]
pub struct Image<'a> {
    /// What to call it.
    pub name: &'a str,
    /// Who runs in it; empty where nothing is said, which means root.
    pub user: &'a str,
    /// `NAME=value`
    pub variables: &'a [String],
    /// `80/tcp`
    pub ports: &'a [String],
    /// It says how to tell whether the program works.
    pub has_healthcheck: bool,
    /// Days since it was made, where that is known.
    pub age: Option<i64>,
    /// The steps of its build, from the first.
    pub steps: &'a [ImageStep],
}

/// A step of a build, as the history of an image tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImageStep {
    /// What made it.
    pub created_by: String,
    /// The digest of the layer that it made.
    pub layer: Option<String>,
    /// It is of the image that this one was built on, as far as the history tells.
    pub is_base: bool,
}

/// An image as controls see it.
#[derive(Debug)]
pub struct ReadImage {
    /// The document: one object of kind `Image`.
    pub document: Document,
    /// Where the instructions begin in its text, with the number of their step from 1; what only the configuration says has none.
    pub steps: Vec<(u32, Option<u32>)>,
}

/// Reads the configuration of an image as a document.
pub fn read_image(
    image: &Image<'_>,
    keys: &Arc<Keys>,
    limits: &Limits,
) -> Result<ReadImage, LimitExceeded> {
    let mut lines = Lines::default();
    for (number, step) in (1..).zip(image.steps) {
        for text in statements(&step.created_by) {
            lines.push(&text, Some(number));
        }
    }
    lines.add_configuration(image);
    let layer = |&(start, number): &(u32, Option<u32>)| {
        let step = image.steps.get(number?.checked_sub(1)? as usize)?;
        Some((start, step.layer.clone(), step.is_base))
    };
    let layers: Vec<_> = lines.steps.iter().filter_map(layer).collect();
    let stages = stages::resolve(lines.instructions, '\\', true);
    let age = image.age.map(|days| ("ageDays", days.to_string()));
    let header = node::Header {
        kind: model::IMAGE,
        name: image.name,
        facts: &age.into_iter().collect::<Vec<_>>(),
        layers: &layers,
    };
    let source = Source::new(image.name, lines.text);
    let document = node::document(&source, keys, limits, (&header, &stages, &[]))?;
    Ok(ReadImage {
        document,
        steps: lines.steps,
    })
}

/// The text that is made, and what is in it.
#[derive(Default)]
struct Lines {
    text: String,
    steps: Vec<(u32, Option<u32>)>,
    instructions: Vec<Instruction>,
}

impl Lines {
    fn push(&mut self, text: &str, step: Option<u32>) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let span: Span = start..self.text.len() as u32;
        self.text.push('\n');
        // What cannot be read back is left as it is: nobody wrote it so.
        let (instruction, _) = of_text(&Text::plain(text, start), span, '\\');
        self.steps.push((start, step));
        self.instructions.push(instruction);
    }

    /// Adds what holds in the end and no step says.
    fn add_configuration(&mut self, image: &Image<'_>) {
        for variable in image.variables {
            let Some((name, value)) = variable.split_once('=') else {
                continue;
            };
            let says = |one: &Instruction| {
                let mut assignments = one.assignments.iter();
                one.name() == "ENV"
                    && assignments.any(|it| {
                        let given = it.value.as_deref().unwrap_or_default();
                        it.name == name && given.trim_matches(['"', '\'']) == value
                    })
            };
            if !self.instructions.iter().any(says) {
                self.push(&format!("ENV {name}={}", quoted(value)), None);
            }
        }
        for port in image.ports {
            let says = |one: &Instruction| {
                let number = port.strip_suffix("/tcp").unwrap_or(port);
                let mut arguments = one.arguments.iter();
                one.name() == "EXPOSE" && arguments.any(|it| it.text == *port || it.text == number)
            };
            if !self.instructions.iter().any(says) {
                self.push(&format!("EXPOSE {port}"), None);
            }
        }
        let mut users = self.instructions.iter().rev();
        let user = users.find(|one| one.name() == "USER");
        let user = user.and_then(|one| Some(one.arguments.first()?.text.as_str()));
        if !image.user.is_empty() && user != Some(image.user) {
            self.push(&format!("USER {}", image.user), None);
        }
        let says = |one: &Instruction| one.name() == "HEALTHCHECK";
        if image.has_healthcheck && !self.instructions.iter().any(says) {
            self.push("HEALTHCHECK CMD", None);
        }
    }
}

/// A value as one word that is taken as it is.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@,+=%".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.to_owned();
    }
    let mut text = String::from("\"");
    for character in value.chars() {
        if matches!(character, '"' | '\\' | '$') {
            text.push('\\');
        }
        text.push(if character == '\n' { ' ' } else { character });
    }
    text + "\""
}

/// Keywords of instructions that histories begin with.
const KEYWORDS: [&str; 17] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
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

/// The instructions that a step tells of: one, and before it the arguments that the build was given. None for what another tool made.
fn statements(created_by: &str) -> Vec<String> {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    if let Some(rest) = text.strip_prefix("/bin/sh -c #(nop)") {
        return written(rest.trim()).into_iter().collect();
    }
    let (keyword, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if keyword == "RUN" {
        return command(rest.trim_start());
    }
    if KEYWORDS.contains(&keyword) {
        return written(text).into_iter().collect();
    }
    if keyword.starts_with('|') || is_shell(keyword) {
        return command(text);
    }
    Vec::new()
}

fn is_shell(word: &str) -> bool {
    crate::shell::is_shell(word.rsplit('/').next().unwrap_or(word))
}

/// An instruction as it is written, where histories say something else than Dockerfiles do.
fn written(text: &str) -> Option<String> {
    let (keyword, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if !KEYWORDS.contains(&keyword) {
        return None;
    }
    Some(match keyword {
        // `EXPOSE map[80/tcp:{}]`, `EXPOSE [80/tcp]`
        "EXPOSE" => {
            let ports = rest.trim().trim_start_matches("map");
            let ports = ports.trim_matches(['[', ']']).replace(":{}", "");
            format!("EXPOSE {ports}")
        }
        // `ADD file:… in /`
        "ADD" | "COPY" => format!("{keyword} {}", rest.trim().replacen(" in ", " ", 1)),
        // `USER [a]`
        "USER" => format!("USER {}", rest.trim().trim_matches(['[', ']'])),
        _ => text.to_owned(),
    })
}

/// `|2 A=b C=d /bin/sh -c make`: what the build was given, and what it ran.
fn command(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    if let Some(given) = text.strip_prefix('|') {
        let (count, after) = given.split_once(' ').unwrap_or((given, ""));
        rest = after.trim_start();
        for _ in 0..count.parse::<usize>().unwrap_or_default() {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            let Some((name, value)) = word.split_once('=') else {
                break;
            };
            found.push(format!("ARG {name}={}", quoted(value)));
            rest = after.trim_start();
        }
    }
    let (program, after) = rest.split_once(' ').unwrap_or((rest, ""));
    if is_shell(program)
        && let Some((_, script)) = after
            .split_once("-c ")
            .filter(|(options, _)| is_options(options))
    {
        rest = script;
    }
    found.push(format!("RUN {rest}"));
    found
}

/// Whether nothing but options stands between a shell and its `-c`: `-o pipefail -ex`.
fn is_options(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| word.starts_with('-') || word == "pipefail") && text.len() < 64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use document::{Keys, Limits};

    use super::{Image, ImageStep, read_image, statements};

    #[test]
    fn histories_are_read_back() {
        for (created_by, expected) in [
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", &["CMD [\"sh\"]"][..]),
            (
                "/bin/sh -c #(nop) ADD file:0123 in / ",
                &["ADD file:0123 /"],
            ),
            ("/bin/sh -c apt-get update", &["RUN apt-get update"]),
            (
                "RUN /bin/sh -c make && make install # buildkit",
                &["RUN make && make install"],
            ),
            (
                "RUN /bin/bash -o pipefail -c make # buildkit",
                &["RUN make"],
            ),
            (
                "|2 TOKEN=abc V=1 /bin/sh -c make",
                &["ARG TOKEN=abc", "ARG V=1", "RUN make"],
            ),
            (
                "RUN |1 V=1 /bin/sh -c make # buildkit",
                &["ARG V=1", "RUN make"],
            ),
            (
                "EXPOSE map[80/tcp:{} 443/tcp:{}]",
                &["EXPOSE 80/tcp 443/tcp"],
            ),
            ("EXPOSE [22/tcp]", &["EXPOSE 22/tcp"]),
            ("COPY /app /app # buildkit", &["COPY /app /app"]),
            (
                "ADD https://example.com/a /a # buildkit",
                &["ADD https://example.com/a /a"],
            ),
            ("bazel build ...", &[]),
            ("", &[]),
            ("|9 x", &["RUN x"]),
            ("|99999999999999999999", &["RUN "]),
        ] {
            assert_eq!(statements(created_by), expected, "{created_by}");
        }
    }

    #[test]
    fn what_no_step_says_is_added() {
        let step = |text: &str, layer: Option<&str>| ImageStep {
            created_by: text.to_owned(),
            layer: layer.map(str::to_owned),
            is_base: false,
        };
        let steps = [
            step("ENV A=1", None),
            step("RUN /bin/sh -c make", Some("sha256:1")),
            step("USER 5", None),
        ];
        let image = Image {
            name: "app:1",
            user: "7",
            variables: &["A=1".to_owned(), "B=x \"y\"".to_owned()],
            ports: &["80/tcp".to_owned()],
            steps: &steps,
            ..Image::default()
        };
        let keys = Arc::new(Keys::new([]));
        let read = read_image(&image, &keys, &Limits::default()).unwrap();
        let text = read.document.sources()[0].text();
        let expected = "ENV A=1\nRUN make\nUSER 5\nENV B=\"x \\\"y\\\"\"\nEXPOSE 80/tcp\nUSER 7\n";
        assert_eq!(text, expected);
        let numbers: Vec<_> = read.steps.iter().map(|(_, number)| *number).collect();
        assert_eq!(numbers, [Some(1), Some(2), Some(3), None, None, None]);
        let root = read.document.root(0).unwrap();
        let stage = root.get_str("stages").unwrap().item(0).unwrap();
        let user = stage.get_str("user").unwrap().get_str("id").unwrap();
        assert_eq!(user.as_str(), Some("7"));
        let run = stage.get_str("instructions").unwrap().item(1).unwrap();
        assert_eq!(run.get_str("layer").unwrap().as_str(), Some("sha256:1"));
    }
}
