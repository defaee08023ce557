//! What instructions mean together: stages, what each is built on, who runs in it, and what variables hold where.

use std::collections::BTreeMap;

use document::Span;

use crate::expand::{Unknown, Variables, expand};
use crate::parse::{Assignment, Form, Instruction};
use crate::shell::is_shell;
use crate::words::Word;

/// A text whose variables were put in, where the file says what they hold.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// As written where it is not known.
    pub(crate) text: String,
    pub(crate) is_known: bool,
    pub(crate) span: Span,
}

/// A stage.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Empty where it has none.
    pub(crate) name: String,
    /// What it is built on.
    pub(crate) base: Value,
    /// The stage that this is.
    pub(crate) below: Option<usize>,
    /// What it is built for.
    pub(crate) platform: Option<Value>,
    /// The one that is built when nobody names another.
    pub(crate) is_final: bool,
    /// What is in it is in the image: the final one, and those that it is built on.
    pub(crate) is_shipped: bool,
    /// Who runs in the end: the last `USER` here or in the stages below; none where the base image decides.
    pub(crate) user: Option<Value>,
    /// From its `FROM` to its last instruction.
    pub(crate) steps: Vec<Step>,
}

/// An instruction with what is known at it.
#[derive(Debug)]
pub(crate) struct Step {
    /// Of those of the file.
    pub(crate) instruction: Instruction,
    /// It is put off to builds on this image.
    pub(crate) is_on_build: bool,
    /// Its arguments, variables put in where the builder does that.
    pub(crate) arguments: Vec<Value>,
    /// The values of its flags by name.
    pub(crate) flags: Vec<(String, Value)>,
    /// Name and value of what it sets.
    pub(crate) variables: Vec<(Assignment, Option<Value>)>,
    /// A shell reads its text.
    pub(crate) has_shell: bool,
    /// A later instruction of its stage stands in its place.
    pub(crate) is_overridden: bool,
}

/// All stages, and what comes before the first one.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    pub(crate) before: Vec<Step>,
    pub(crate) stages: Vec<Stage>,
}

/// What is known while a stage is read.
#[derive(Clone, Debug, Default)]
struct State {
    /// What `ENV` set, which those built on it have too.
    environment: Variables,
    /// With what `ARG` declares.
    variables: Variables,
    user: Option<Value>,
    /// A shell of Unix reads what `RUN` has.
    has_shell: bool,
}

/// Puts instructions into their stages. What stands in an image has one stage and no `FROM`.
pub(crate) fn resolve(instructions: Vec<Instruction>, escape: char, is_image: bool) -> Stages {
    let mut resolver = Resolver {
        escape,
        globals: Variables::default(),
        ends: Vec::new(),
        names: BTreeMap::new(),
        state: State {
            has_shell: true,
            variables: Variables::of_image(),
            environment: Variables::of_image(),
            user: None,
        },
        found: Stages::default(),
    };
    if is_image {
        resolver.found.stages.push(Stage::new(Value {
            text: String::new(),
            is_known: false,
            span: 0..0,
        }));
    }
    for instruction in instructions {
        resolver.take(instruction);
    }
    resolver.finish()
}

impl Stage {
    fn new(base: Value) -> Self {
        Stage {
            name: String::new(),
            base,
            below: None,
            platform: None,
            is_final: false,
            is_shipped: false,
            user: None,
            steps: Vec::new(),
        }
    }
}

struct Resolver {
    escape: char,
    /// What `ARG` sets before the first stage.
    globals: Variables,
    /// What was known at the end of each stage.
    ends: Vec<State>,
    names: BTreeMap<String, usize>,
    state: State,
    found: Stages,
}

impl Resolver {
    fn take(&mut self, instruction: Instruction) {
        if instruction.name() == "FROM" {
            self.begin(&instruction);
        }
        let is_on_build = instruction.trigger.is_some();
        let instruction = match instruction.trigger {
            Some(trigger) => *trigger,
            None => instruction,
        };
        let step = self.step(instruction, is_on_build);
        if !is_on_build {
            self.apply(&step);
        }
        if let Some(stage) = self.found.stages.last_mut() {
            stage.steps.push(step);
            return;
        }
        for (assignment, value) in &step.variables {
            let value = value.as_ref().filter(|value| value.is_known);
            let value = value.map(|value| value.text.clone());
            self.globals.set(&assignment.name, value);
        }
        self.found.before.push(step);
    }

    /// Begins the stage of a `FROM`.
    fn begin(&mut self, from: &Instruction) {
        self.end();
        let variables = &self.globals;
        let first = from.arguments.first();
        let base = first.map_or_else(
            || Value {
                text: String::new(),
                is_known: false,
                span: from.keyword.span.clone(),
            },
            |word| value(word, variables, self.escape),
        );
        let named = from.arguments.get(1..).unwrap_or_default();
        let name = match named {
            [word, name] if word.text.eq_ignore_ascii_case("as") => name.text.to_lowercase(),
            _ => String::new(),
        };
        let below = self.names.get(&base.text.to_lowercase()).copied();
        let end = below.and_then(|stage| self.ends.get(stage));
        let (environment, user, has_shell) = match end {
            Some(end) => (end.environment.clone(), end.user.clone(), end.has_shell),
            // Nobody else sets anything in an empty image.
            None if base.text == "scratch" => (Variables::default(), None, true),
            None => (Variables::of_image(), None, true),
        };
        self.state = State {
            variables: environment.clone(),
            environment,
            user,
            has_shell,
        };
        let platform = from.flags.iter().find_map(|flag| {
            let text = flag.text.strip_prefix("--platform=")?.to_owned();
            let span = flag.span.clone();
            Some(value(&Word { text, span }, variables, self.escape))
        });
        let stage = Stage {
            below,
            platform,
            name: name.clone(),
            ..Stage::new(base)
        };
        if !name.is_empty() {
            self.names.insert(name, self.found.stages.len());
        }
        self.found.stages.push(stage);
    }

    fn end(&mut self) {
        if let Some(stage) = self.found.stages.last_mut() {
            stage.user.clone_from(&self.state.user);
            self.ends.push(self.state.clone());
        }
    }

    fn step(&self, instruction: Instruction, is_on_build: bool) -> Step {
        let name = instruction.name();
        let variables = if self.found.stages.is_empty() || name == "FROM" {
            &self.globals
        } else {
            &self.state.variables
        };
        let of_shell = matches!(
            name.as_str(),
            "RUN" | "CMD" | "ENTRYPOINT" | "SHELL" | "HEALTHCHECK"
        );
        let argument = |word: &Word| {
            if of_shell {
                return Value {
                    text: word.text.clone(),
                    is_known: true,
                    span: word.span.clone(),
                };
            }
            value(word, variables, self.escape)
        };
        let flag = |flag: &Word| {
            let (name, text) = flag.text.split_once('=').unwrap_or((&flag.text, ""));
            let word = Word {
                text: text.to_owned(),
                span: flag.span.clone(),
            };
            (
                name.trim_start_matches('-').to_owned(),
                value(&word, variables, self.escape),
            )
        };
        let set = |assignment: &Assignment| {
            let given = assignment.value.as_ref().map(|text| {
                let word = Word {
                    text: text.clone(),
                    span: assignment.value_span(),
                };
                value(&word, variables, self.escape)
            });
            (assignment.clone(), given)
        };
        Step {
            is_on_build,
            arguments: instruction.arguments.iter().map(argument).collect(),
            flags: instruction.flags.iter().map(flag).collect(),
            variables: instruction.assignments.iter().map(set).collect(),
            has_shell: self.state.has_shell,
            is_overridden: false,
            instruction,
        }
    }

    /// What an instruction changes for those after it.
    fn apply(&mut self, step: &Step) {
        let known = |value: &Option<Value>| {
            let value = value.as_ref().filter(|value| value.is_known);
            value.map(|value| value.text.clone())
        };
        match step.instruction.name().as_str() {
            "ENV" => {
                for (assignment, value) in &step.variables {
                    self.state.environment.set(&assignment.name, known(value));
                    self.state.variables.set(&assignment.name, known(value));
                }
            }
            "ARG" => {
                for (assignment, given) in &step.variables {
                    let name = &assignment.name;
                    // What `ENV` sets goes before.
                    if self.state.environment.has(name) {
                        continue;
                    }
                    let value = match given {
                        Some(_) => known(given),
                        None => self.globals.get(name).ok().flatten().map(str::to_owned),
                    };
                    self.state.variables.set(name, value);
                }
            }
            "USER" => self.state.user = step.arguments.first().cloned(),
            "SHELL" if step.instruction.form == Form::Exec => {
                let program = step.arguments.first().map(|value| value.text.as_str());
                let program = program.unwrap_or_default();
                let name = program.rsplit('/').next().unwrap_or_default();
                self.state.has_shell = is_shell(name);
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Stages {
        self.end();
        let stages = &mut self.found.stages;
        if let Some(last) = stages.last_mut() {
            last.is_final = true;
        }
        for stage in stages.iter_mut() {
            mark_overridden(&mut stage.steps);
        }
        let mut shipped = stages.len().checked_sub(1);
        while let Some(stage) = shipped.and_then(|index| stages.get_mut(index)) {
            stage.is_shipped = true;
            // A stage is built on earlier ones only.
            shipped = stage.below;
        }
        self.found
    }
}

/// Of some instructions only the last one of a stage holds.
fn mark_overridden(steps: &mut [Step]) {
    let mut later: Vec<String> = Vec::new();
    for step in steps.iter_mut().rev().filter(|step| !step.is_on_build) {
        let name = step.instruction.name();
        if !matches!(name.as_str(), "CMD" | "ENTRYPOINT" | "HEALTHCHECK") {
            continue;
        }
        step.is_overridden = later.contains(&name);
        later.push(name);
    }
}

fn value(word: &Word, variables: &Variables, escape: char) -> Value {
    let (text, is_known) = match expand(&word.text, variables, escape) {
        Ok(text) => (text, true),
        Err(Unknown) => (word.text.trim_matches(['"', '\'']).to_owned(), false),
    };
    Value {
        text,
        is_known,
        span: word.span.clone(),
    }
}
