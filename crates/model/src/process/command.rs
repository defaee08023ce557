//! The command line of a container: which component it runs, and with which flags.

use document::{Kind, NodeRef};

use super::shell;
use super::table::{FlagKind, definition};
use super::{Component, Flag, FlagText};

/// A word of a command line.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    text: String,
    node: NodeRef<'a>,
    /// Why it is not known as a whole.
    unknown: Option<String>,
}

/// A command line that runs a component.
#[derive(Clone, Debug)]
pub(super) struct CommandLine<'a> {
    pub(super) component: Component,
    pub(super) flags: Vec<Flag<'a>>,
    /// Why there may be flags that are not seen.
    pub(super) open: Option<String>,
}

/// Programs that run the program named behind their own options.
const WRAPPERS: &[&str] = &[
    "exec",
    "env",
    "nohup",
    "go-runner",
    "tini",
    "dumb-init",
    "sudo",
    "nice",
    "flock",
    "nsenter",
    "chroot",
    "ionice",
    "setpriv",
    "time",
    "busybox",
];

/// Programs that are several components, and take flags for each.
const DISTRIBUTIONS: &[&str] = &["k3s", "rke2"];

const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// The command lines of a container: one, but for scripts and programs that are several components.
pub(super) fn command_lines(container: NodeRef<'_>) -> Vec<CommandLine<'_>> {
    if !may_run(container) {
        return Vec::new();
    }
    let words = words_of(container);
    let Some(program) = words.first().map(|word| base_name(&word.text)) else {
        return Vec::new();
    };
    if SHELLS.contains(&program) {
        return script_of(&words).map_or_else(Vec::new, of_script);
    }
    if DISTRIBUTIONS.contains(&program) {
        return of_distribution(&words);
    }
    let line = of_words(&words).or_else(|| of_image(container, &words));
    line.into_iter().collect()
}

/// Whether the first word leads to a component at all: most containers of a scan do not.
fn may_run(container: NodeRef<'_>) -> bool {
    let lists = ["command", "args"].into_iter();
    let lists = lists.filter_map(|field| container.get_str(field));
    let Some(first) = lists.flat_map(NodeRef::items).find_map(NodeRef::as_str) else {
        return false;
    };
    let program = base_name(first);
    first.starts_with("--")
        || Component::of_program(program).is_some()
        || [WRAPPERS, SHELLS, DISTRIBUTIONS]
            .into_iter()
            .any(|known| known.contains(&program))
        || program == "hyperkube"
}

/// The words of `command` and `args`, with Kubernetes' own substitutions made.
fn words_of(container: NodeRef<'_>) -> Vec<Word<'_>> {
    let lists = ["command", "args"].into_iter();
    let lists = lists.filter_map(|field| container.get_str(field));
    let nodes = lists.flat_map(NodeRef::items);
    nodes
        .filter_map(|node| {
            let (text, unknown) = expand(node.as_str()?, container);
            Some(Word {
                text,
                node,
                unknown,
            })
        })
        .collect()
}

/// A text with `$(NAME)` replaced as the kubelet does, and why that is not possible.
fn expand(text: &str, container: NodeRef<'_>) -> (String, Option<String>) {
    let (mut expanded, mut unknown) = (String::with_capacity(text.len()), None);
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let (before, from) = rest.split_at(dollar);
        expanded.push_str(before);
        if let Some(escaped) = from.strip_prefix("$$") {
            expanded.push('$');
            rest = escaped;
            continue;
        }
        let name = from
            .strip_prefix("$(")
            .and_then(|name| name.split_once(')'));
        let Some((name, behind)) = name else {
            expanded.push('$');
            rest = &from[1..];
            continue;
        };
        match variable(container, name) {
            Variable::Known(value) => expanded.push_str(value),
            Variable::Unset => expanded.extend(["$(", name, ")"]),
            Variable::Unknown => {
                expanded.extend(["$(", name, ")"]);
                unknown = Some(format!("the value of `$({name})` was not scanned"));
            }
        }
        rest = behind;
    }
    expanded.push_str(rest);
    (expanded, unknown)
}

/// A variable of a container's environment.
pub(super) enum Variable<'a> {
    Known(&'a str),
    Unset,
    Unknown,
}

/// Looks a variable up in a container's environment; the last one of a name wins.
pub(super) fn variable<'a>(container: NodeRef<'a>, name: &str) -> Variable<'a> {
    let variables = container.get_str("env").into_iter();
    let mut named = variables
        .flat_map(NodeRef::items)
        .filter(|item| item.get_str("name").and_then(NodeRef::as_str) == Some(name));
    match named.next_back() {
        Some(item)
            if item
                .get_str("valueFrom")
                .is_some_and(|from| !from.is_null()) =>
        {
            Variable::Unknown
        }
        Some(item) => {
            let value = item.get_str("value").and_then(NodeRef::as_str);
            Variable::Known(value.unwrap_or(""))
        }
        None if has_env_from(container) => Variable::Unknown,
        None => Variable::Unset,
    }
}

/// Whether a container takes variables from elsewhere, under names that are not seen.
fn has_env_from(container: NodeRef<'_>) -> bool {
    container
        .get_str("envFrom")
        .is_some_and(|from| from.kind() == Kind::Sequence && !from.is_empty())
}

/// The script that a shell is given: the word behind the option with a `c`.
fn script_of<'w, 'a>(words: &'w [Word<'a>]) -> Option<&'w Word<'a>> {
    let is_command = |word: &Word<'_>| {
        let options = word.text.strip_prefix('-');
        options.is_some_and(|options| !options.starts_with('-') && options.contains('c'))
    };
    let option = words.iter().position(is_command)?;
    words.get(option + 1)
}

fn of_script<'a>(script: &Word<'a>) -> Vec<CommandLine<'a>> {
    let commands = shell::commands(&script.text).into_iter();
    let lines = commands.filter_map(|words| {
        let words: Vec<Word<'a>> = words
            .into_iter()
            .map(|word| Word {
                unknown: word
                    .is_dynamic
                    .then(|| format!("`{}` is put in by a shell", word.text)),
                text: word.text,
                node: script.node,
            })
            .skip_while(is_assignment)
            .collect();
        of_words(&words)
    });
    lines.collect()
}

/// A variable that a shell sets for one command.
fn is_assignment(word: &Word<'_>) -> bool {
    let name = word.text.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_plain)
    })
}

/// The component that words run, whatever wraps it.
fn of_words<'a>(words: &[Word<'a>]) -> Option<CommandLine<'a>> {
    let is_wrapped = WRAPPERS.contains(&base_name(&words.first()?.text));
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let name = base_name(&word.text);
        if let Some(component) = Component::of_program(name) {
            return Some(CommandLine::new(component, &words[at + 1..]));
        }
        if name == "hyperkube" {
            let word = words.get(at + 1)?;
            let component = Component::of_program(&word.text)
                .or_else(|| Component::of_program(&format!("kube-{}", word.text)))?;
            return Some(CommandLine::new(component, &words[at + 2..]));
        }
        if !is_wrapped {
            return None;
        }
        at += 1;
    }
    None
}

/// An image that runs a component on its own, and flags for it.
fn of_image<'a>(container: NodeRef<'a>, words: &[Word<'a>]) -> Option<CommandLine<'a>> {
    let has_command = container
        .get_str("command")
        .is_some_and(|command| command.kind() == Kind::Sequence && !command.is_empty());
    if has_command || !words.first()?.text.starts_with("--") {
        return None;
    }
    let image = container.get_str("image")?.as_str()?;
    let component = Component::of_program(image_name(image))?;
    Some(CommandLine::new(component, words))
}

/// The last part of an image's repository.
pub(super) fn image_name(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split(':').next().unwrap_or(last)
}

/// The flags that k3s and RKE2 hand on: `--kube-apiserver-arg=name=value`.
fn of_distribution<'a>(words: &[Word<'a>]) -> Vec<CommandLine<'a>> {
    let mut lines: Vec<CommandLine<'a>> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(option) = word.text.strip_prefix("--") else {
            continue;
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, None),
        };
        let program = name.strip_suffix("-arg").unwrap_or("");
        let program = match program {
            "kube-cloud-controller-manager" => "cloud-controller-manager",
            other => other,
        };
        let Some(component) = Component::of_program(program) else {
            continue;
        };
        let (value, word) = match value {
            Some(value) => (value, word),
            None => match words.next() {
                Some(word) => (word.text.as_str(), word),
                None => break,
            },
        };
        let handed = Word {
            text: format!("--{value}"),
            node: word.node,
            unknown: word.unknown.clone(),
        };
        let flags = CommandLine::new(component, &[handed]);
        match lines.iter_mut().find(|line| line.component == component) {
            Some(line) => line.flags.extend(flags.flags),
            None => lines.push(flags),
        }
    }
    for line in &mut lines {
        line.open = Some("k3s and RKE2 set flags of their own".to_owned());
    }
    lines
}

impl<'a> CommandLine<'a> {
    fn new(component: Component, words: &[Word<'a>]) -> Self {
        let mut line = CommandLine {
            component,
            flags: Vec::new(),
            open: None,
        };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            if word.text == "--" {
                break;
            }
            let option = word.text.strip_prefix('-');
            let Some(option) = option.filter(|option| !option.is_empty()) else {
                // What is no flag may become one where it is not known.
                line.open = line.open.or_else(|| word.unknown.clone());
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            if let Some((name, value)) = option.split_once('=') {
                if name.contains('$') {
                    line.open = line.open.or_else(|| word.unknown.clone());
                } else {
                    line.push(name, value, word);
                }
                continue;
            }
            let kind = definition(component, &plain(option)).map(|flag| flag.kind);
            let follows = words.peek().is_some_and(|next| !next.text.starts_with('-'));
            if kind == Some(FlagKind::Bool) || !follows {
                line.push(option, "true", word);
            } else if let Some(value) = words.next() {
                line.push(option, &value.text, value);
            }
        }
        line
    }

    fn push(&mut self, name: &str, value: &str, word: &Word<'a>) {
        let text = match &word.unknown {
            None => FlagText::Known(value.into()),
            Some(reason) => FlagText::Unknown(reason.as_str().into()),
        };
        self.flags.push(Flag {
            name: plain(name).into(),
            text,
            node: word.node,
        });
    }
}

/// The name of a flag as the tables have it: underscores count as dashes.
pub(super) fn plain(name: &str) -> String {
    name.replace('_', "-")
}

/// The last part of a path; empty for an option.
fn base_name(word: &str) -> &str {
    if word.starts_with('-') {
        return "";
    }
    let name = word.rsplit('/').next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}
