//! The commands of a shell script, each with its place. Runs nothing, expands nothing; what is no shell is read as far as it goes.

use std::ops::Range;

use crate::text::Text;
use crate::words::Word;

/// Scripts in scripts (`sh -c "…"`) that are looked into.
const MAX_DEPTH: u32 = 3;

/// A simple command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Command {
    /// The name of the program without its folder: the first word that is no assignment.
    pub program: String,
    /// Its words behind the program.
    pub arguments: Vec<Word>,
    /// Variables that are set for it alone.
    pub assignments: Vec<Word>,
    /// The program that reads what it prints; empty without one.
    pub piped_into: String,
    /// All of it.
    pub span: document::Span,
}

/// Words of a shell before a command.
const KEYWORDS: [&str; 13] = [
    "!", "{", "}", "if", "then", "elif", "else", "fi", "do", "done", "while", "until", "time",
];

/// Programs that run the one that follows.
const RUNNERS: [&str; 12] = [
    "sudo",
    "doas",
    "exec",
    "command",
    "nohup",
    "nice",
    "env",
    "xargs",
    "eatmydata",
    "chroot",
    "gosu",
    "su-exec",
];

/// Options of those that take a word of their own.
const TAKES_WORD: [&str; 9] = ["-u", "-g", "-n", "-h", "-p", "-C", "-I", "-L", "-P"];

/// Programs that read a script.
const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// The commands of a script, in order.
pub(crate) fn commands(script: &Text) -> Vec<Command> {
    let mut found = Vec::new();
    read(script, 0, &mut found);
    found
}

/// The one command that some words are.
pub(crate) fn command_of(words: Vec<Word>) -> Vec<Command> {
    let mut found = Vec::new();
    command(words, String::new(), 0, &mut found);
    found
}

/// Whether a program reads scripts.
pub(crate) fn is_shell(program: &str) -> bool {
    SHELLS.contains(&program)
}

fn read(script: &Text, depth: u32, found: &mut Vec<Command>) {
    let lists = split(script);
    let programs: Vec<String> = lists.iter().map(|list| program(&list.words)).collect();
    for (index, list) in lists.into_iter().enumerate() {
        let next = programs.get(index + 1).filter(|_| list.is_piped);
        command(list.words, next.cloned().unwrap_or_default(), depth, found);
    }
}

/// The program that some words run in the end.
fn program(words: &[Word]) -> String {
    let mut words = words.to_vec();
    for _ in 0..=MAX_DEPTH {
        let is_before =
            |word: &&Word| KEYWORDS.contains(&word.text.as_str()) || is_assignment(&word.text);
        let before = words.iter().take_while(is_before).count();
        words.drain(..before);
        let Some(first) = words.first() else {
            break;
        };
        match inner(base(&first.text), &words[1..]) {
            Inner::Command(rest) => words = rest,
            Inner::Script(_) | Inner::None => return base(&first.text).to_owned(),
        }
    }
    String::new()
}

fn command(mut words: Vec<Word>, piped_into: String, depth: u32, found: &mut Vec<Command>) {
    let keywords = words
        .iter()
        .take_while(|word| KEYWORDS.contains(&word.text.as_str()));
    words.drain(..keywords.count());
    let assigned = words
        .iter()
        .take_while(|word| is_assignment(&word.text))
        .count();
    let arguments = words.split_off(assigned);
    let mut arguments = arguments.into_iter();
    let first = arguments.next();
    let (Some(start), arguments) = (
        words.first().or(first.as_ref()),
        arguments.collect::<Vec<_>>(),
    ) else {
        return;
    };
    let end = arguments.last().or(first.as_ref()).or(words.last());
    let span = start.span.start..end.map_or(start.span.end, |last| last.span.end);
    let program = first.as_ref().map(|word| base(&word.text).to_owned());
    let program = program.unwrap_or_default();
    let inner = (depth < MAX_DEPTH).then(|| inner(&program, &arguments));
    found.push(Command {
        program,
        arguments,
        assignments: words,
        piped_into: piped_into.clone(),
        span,
    });
    match inner {
        Some(Inner::Script(script)) => {
            // What stands in quotes has no places of its own.
            let before = found.len();
            read(&Text::plain(&script.text, 0), depth + 1, found);
            for command in &mut found[before..] {
                move_to(command, &script.span);
            }
        }
        Some(Inner::Command(words)) => command(words, piped_into, depth + 1, found),
        Some(Inner::None) | None => {}
    }
}

fn move_to(command: &mut Command, span: &document::Span) {
    command.span = span.clone();
    let words = command.arguments.iter_mut().chain(&mut command.assignments);
    words.for_each(|word| word.span = span.clone());
}

/// What a command runs.
enum Inner {
    None,
    Script(Word),
    Command(Vec<Word>),
}

fn inner(program: &str, arguments: &[Word]) -> Inner {
    if is_shell(program) {
        let is_script = |word: &&Word| word.text.starts_with('-') && word.text.ends_with('c');
        let flag = arguments.iter().position(|word| is_script(&word));
        let script = flag.and_then(|flag| arguments.get(flag + 1));
        return script.cloned().map_or(Inner::None, Inner::Script);
    }
    if !RUNNERS.contains(&program) {
        return Inner::None;
    }
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        let is_user = matches!(program, "chroot" | "gosu" | "su-exec") && at == 0;
        if !word.text.starts_with('-') && !is_user {
            break;
        }
        at += 1 + usize::from(TAKES_WORD.contains(&word.text.as_str()));
    }
    match arguments.get(at..) {
        Some(rest) if !rest.is_empty() => Inner::Command(rest.to_vec()),
        _ => Inner::None,
    }
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_name) && !name.as_bytes()[0].is_ascii_digit()
    })
}

/// The words of a simple command, as written between what separates commands.
struct List {
    words: Vec<Word>,
    /// Another command reads what it prints.
    is_piped: bool,
}

fn split(script: &Text) -> Vec<List> {
    let mut splitter = Splitter {
        script,
        lists: Vec::new(),
        words: Vec::new(),
        word: None,
        skips: false,
    };
    splitter.run();
    splitter.lists
}

struct Splitter<'t> {
    script: &'t Text,
    lists: Vec<List>,
    words: Vec<Word>,
    /// The open word, and where it stands.
    word: Option<(String, Range<usize>)>,
    /// The next word is the file of a redirection.
    skips: bool,
}

impl Splitter<'_> {
    fn run(&mut self) {
        let script = self.script.as_str();
        let mut characters = script.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, '\n')) | None => {}
                    Some((end, escaped)) => {
                        self.push(at, "");
                        self.push(end, escaped.encode_utf8(&mut [0; 4]));
                    }
                },
                '\'' => {
                    self.push(at, "");
                    let end = script[at + 1..].find('\'').map(|end| at + 1 + end);
                    let end = end.unwrap_or(script.len());
                    self.push(at + 1, &script[at + 1..end]);
                    while characters.next_if(|&(inside, _)| inside <= end).is_some() {}
                    self.reach(end + 1);
                }
                '"' => {
                    self.push(at, "");
                    while let Some((inside, character)) = characters.next() {
                        match character {
                            '"' => {
                                self.reach(inside + 1);
                                break;
                            }
                            '\\' => {
                                if let Some((end, escaped)) = characters.next()
                                    && escaped != '\n'
                                {
                                    self.push(end, escaped.encode_utf8(&mut [0; 4]));
                                }
                            }
                            _ => self.push(inside, character.encode_utf8(&mut [0; 4])),
                        }
                    }
                }
                '#' if self.word.is_none() => {
                    while characters.next_if(|&(_, next)| next != '\n').is_some() {}
                }
                '$' => {
                    self.push(at, "$");
                    // `$(…)` and `${…}` keep together what is in them.
                    let close = match characters.peek() {
                        Some((_, '(')) => ')',
                        Some((_, '{')) => '}',
                        _ => continue,
                    };
                    let mut depth = 0;
                    for (inside, character) in characters.by_ref() {
                        self.push(inside, character.encode_utf8(&mut [0; 4]));
                        depth += i32::from(matches!((character, close), ('(', ')') | ('{', '}')));
                        depth -= i32::from(character == close);
                        if depth == 0 {
                            break;
                        }
                    }
                }
                '>' | '<' => {
                    while characters
                        .next_if(|&(_, next)| "><&".contains(next))
                        .is_some()
                    {}
                    self.redirect();
                }
                '|' => {
                    let is_or = characters.next_if(|&(_, next)| next == '|').is_some();
                    characters.next_if(|&(_, next)| next == '&' && !is_or);
                    self.end_command(!is_or);
                }
                '\n' | ';' | '&' | '(' | ')' => self.end_command(false),
                _ if character.is_whitespace() => self.end_word(),
                _ => self.push(at, character.encode_utf8(&mut [0; 4])),
            }
        }
        self.end_command(false);
    }

    fn push(&mut self, at: usize, text: &str) {
        let (word, range) = self.word.get_or_insert_with(|| (String::new(), at..at));
        word.push_str(text);
        range.end = range.end.max(at + text.len());
    }

    /// The open word goes as far as this.
    fn reach(&mut self, end: usize) {
        let end = end.min(self.script.as_str().len());
        if let Some((_, range)) = &mut self.word {
            range.end = range.end.max(end);
        }
    }

    fn redirect(&mut self) {
        // The number in front belongs to the redirection.
        let is_number = |(word, _): &(String, _)| word.bytes().all(|byte| byte.is_ascii_digit());
        if self.word.as_ref().is_some_and(is_number) {
            self.word = None;
        }
        self.end_word();
        self.skips = true;
    }

    fn end_word(&mut self) {
        if let Some((text, range)) = self.word.take()
            && !std::mem::take(&mut self.skips)
        {
            let span = self.script.span(&range);
            self.words.push(Word { text, span });
        }
    }

    fn end_command(&mut self, is_piped: bool) {
        self.end_word();
        self.skips = false;
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            self.lists.push(List { words, is_piped });
        }
    }
}

#[cfg(test)]
mod tests;
