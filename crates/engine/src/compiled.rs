//! A control, ready to run: programs, the paths of its location as key ids, its parameters.

use std::sync::OnceLock;

use catalog::{
    Condition, Control, DecodeError, FixDefinition, Header, MessagePart, ParamValue, Rendering,
    Slot, declarations,
};
use document::{KeyId, Keys, Step};
use expr::{Checked, CompileError, Known, Program};
use model::{FixOperation, KubernetesVersion, Resource};

use crate::native::Native;
use crate::params::ParamOverride;
use crate::scene::{kubernetes_value, params_value};

/// A control that cannot be made ready: its bytes are damaged or belong to another program.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CompileControlError {
    /// The bytes are damaged.
    #[error("control `{id}` is damaged")]
    Decode {
        /// The control.
        id: String,
        /// What the decoder says.
        source: DecodeError,
    },
    /// The expressions belong to other declarations.
    #[error("control `{id}` does not fit this program")]
    Compile {
        /// The control.
        id: String,
        /// What the compiler says.
        source: CompileError,
    },
}

/// What decides.
#[derive(Debug)]
pub(crate) enum Decision {
    /// An expression, over `self` or over each item of a list.
    Expression {
        each: Option<Program>,
        fail: Program,
    },
    /// Code.
    Native(Native),
}

/// A step of a location's path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AtStep {
    Key(KeyId),
    Index(usize),
    /// A key that the table lacks, so no document that was parsed with it finds it by id.
    Nothing,
}

/// One path of `at`.
#[derive(Debug)]
pub(crate) struct AtPath {
    /// Whether it is below the pod's metadata instead of its spec.
    pub(crate) in_metadata: bool,
    /// The flag of a process that it names instead of steps.
    pub(crate) flag: Option<Box<str>>,
    pub(crate) steps: Box<[AtStep]>,
}

/// A control of the selection.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) header: Header,
    pub(crate) when: Option<Program>,
    pub(crate) decision: Decision,
    pub(crate) at: Vec<AtPath>,
    /// Whether the control means the version that is assumed.
    pub(crate) applies: bool,
    /// Whether its programs read the parameters.
    pub(crate) reads_params: bool,
    /// Whether its programs ask for relations.
    pub(crate) relates: bool,
    /// Parameters that the user set.
    pub(crate) overrides: Vec<ParamOverride>,
    /// What the texts of findings need, made when the first one is rendered.
    pub(crate) texts: OnceLock<Option<CompiledTexts>>,
    pub(crate) control: Control,
}

/// Message, related resources and fixes, ready.
#[derive(Debug)]
pub(crate) struct CompiledTexts {
    /// Whether its programs ask for relations.
    pub(crate) relates: bool,
    /// Whether those of the message do.
    pub(crate) message_relates: bool,
    pub(crate) message: Vec<CompiledPart>,
    /// Bytes that a message takes as a rule.
    pub(crate) length: usize,
    pub(crate) related: Vec<(String, Program)>,
    pub(crate) fixes: Vec<CompiledFix>,
}

#[derive(Debug)]
pub(crate) enum CompiledPart {
    Text(String),
    Hole(Program),
}

impl CompiledPart {
    fn length(&self) -> usize {
        match self {
            CompiledPart::Text(text) => text.len(),
            CompiledPart::Hole(_) => HOLE,
        }
    }
}

#[derive(Debug)]
pub(crate) struct CompiledFix {
    pub(crate) operation: FixOperation,
    pub(crate) below: Below,
    /// The same where it begins with the pod's metadata.
    pub(crate) below_metadata: Option<Below>,
    /// For which findings.
    pub(crate) when: Option<Program>,
    pub(crate) value: Option<String>,
    /// What gives the value.
    pub(crate) of: Option<Program>,
    pub(crate) safe: bool,
}

/// The condition of a control with what is known of a scan folded in: the version, and parameters unless
/// the user may set them.
pub(crate) fn condition(
    control: &Control,
    keys: &Keys,
    version: KubernetesVersion,
    with_defaults: bool,
) -> Result<Condition, CompileControlError> {
    let mut condition = control
        .condition()
        .map_err(|source| CompileControlError::Decode {
            id: control.header.id.clone(),
            source,
        })?;
    let params = &control.header.params;
    let defaults = params
        .iter()
        .map(|param| (param.name.as_str(), &param.default))
        .collect::<Vec<_>>();
    let known = [
        Known {
            slot: Slot::Kubernetes as u16,
            value: &|arena| kubernetes_value(arena, version),
        },
        Known {
            slot: Slot::Params as u16,
            value: &|arena| params_value(arena, defaults.iter().copied()),
        },
    ];
    let known = &known[..if with_defaults { 2 } else { 1 }];
    for checked in programs_of(&mut condition) {
        checked.fold(declarations(), keys, known);
    }
    Ok(condition)
}

/// What a condition evaluates.
pub(crate) fn programs_of(condition: &mut Condition) -> impl Iterator<Item = &mut Checked> {
    let Condition {
        when, each, fail, ..
    } = condition;
    [when, each, fail].into_iter().flatten()
}

impl Compiled {
    /// A control with its [`condition`].
    pub(crate) fn new(
        control: &Control,
        condition: &Condition,
        keys: &Keys,
        version: KubernetesVersion,
    ) -> Result<Self, CompileControlError> {
        let header = control.header.clone();
        let (when, decision) = programs(condition, &header, keys)?;
        Ok(Compiled {
            reads_params: any_program(when.as_ref(), &decision, reads_params),
            relates: condition.relates(),
            when,
            decision,
            at: at_paths(condition, &header, keys),
            applies: header.kubernetes.contains(version),
            overrides: Vec::new(),
            texts: OnceLock::new(),
            control: control.clone(),
            header,
        })
    }

    /// Sets a parameter for some resources: from now on programs read the parameters when they run.
    pub(crate) fn set_param(
        &mut self,
        set: ParamOverride,
        keys: &Keys,
        version: KubernetesVersion,
    ) -> Result<(), CompileControlError> {
        let condition = condition(&self.control, keys, version, false)?;
        let (when, decision) = programs(&condition, &self.header, keys)?;
        self.reads_params = any_program(when.as_ref(), &decision, reads_params);
        (self.when, self.decision) = (when, decision);
        self.overrides.push(set);
        Ok(())
    }

    /// The values of the parameters for a resource.
    pub(crate) fn params(
        &self,
        resource: &Resource,
    ) -> impl ExactSizeIterator<Item = (&str, &ParamValue)> {
        self.header.params.iter().map(move |param| {
            let set = self
                .overrides
                .iter()
                .rev()
                .find(|set| set.name == param.name && set.resources.matches(resource));
            (
                param.name.as_str(),
                set.map_or(&param.default, |set| &set.value),
            )
        })
    }

    /// Whether it asks for one of these relations, to decide or to say something.
    pub(crate) fn calls(&self, methods: &[&str]) -> bool {
        let condition = self.control.condition();
        let rendering = self.control.rendering();
        condition.is_ok_and(|condition| condition.calls(methods))
            || rendering.is_ok_and(|rendering| rendering.calls(methods))
    }

    /// What the texts of findings need; `None` where the bytes are damaged.
    pub(crate) fn texts(&self, keys: &Keys) -> Option<&CompiledTexts> {
        let compile = || {
            let rendering = self.control.rendering().ok()?;
            CompiledTexts::new(rendering, keys).ok()
        };
        self.texts.get_or_init(compile).as_ref()
    }
}

/// A path as printed, to be put behind another.
#[derive(Debug)]
pub(crate) struct Below(String);

impl Below {
    fn new(steps: &[Step]) -> Self {
        // Something must stand before it, so that the dot does.
        let mut path = String::from("-");
        for step in steps {
            step.as_step_ref().push_to(&mut path);
        }
        Below(path.split_off(1))
    }

    /// The path that begins with another.
    pub(crate) fn after(&self, base: &str) -> String {
        match base {
            "" => self.0.strip_prefix('.').unwrap_or(&self.0).to_owned(),
            base => [base, &self.0].concat(),
        }
    }
}

/// Room for the value of a hole in a message.
const HOLE: usize = 24;

impl CompiledTexts {
    fn new(rendering: Rendering, keys: &Keys) -> Result<Self, CompileError> {
        let program = |checked: &Checked| Program::compile(checked, declarations(), keys);
        let part = |part| {
            Ok(match part {
                MessagePart::Text(text) => CompiledPart::Text(text),
                MessagePart::Hole(checked) => CompiledPart::Hole(program(&checked)?),
            })
        };
        let related = rendering.related.into_iter();
        let optional = |checked: Option<Checked>| checked.as_ref().map(program).transpose();
        let fix = |fix: FixDefinition| {
            Ok(CompiledFix {
                operation: fix.operation,
                below: Below::new(&fix.path.0),
                below_metadata: match fix.path.0.split_first() {
                    Some((Step::Key(key), rest)) if &**key == "metadata" => Some(Below::new(rest)),
                    _ => None,
                },
                when: optional(fix.when)?,
                value: fix.value,
                of: optional(fix.of)?,
                safe: fix.safe,
            })
        };
        let fixes = rendering.fixes.into_iter().map(fix);
        let fixes: Vec<CompiledFix> = fixes.collect::<Result<_, _>>()?;
        let message: Vec<_> = rendering
            .message
            .into_iter()
            .map(part)
            .collect::<Result<_, _>>()?;
        let related: Vec<_> = related
            .map(|related| Ok((related.role, program(&related.of)?)))
            .collect::<Result<_, _>>()?;
        let holes = message.iter().filter_map(|part| match part {
            CompiledPart::Text(_) => None,
            CompiledPart::Hole(program) => Some(program),
        });
        let of_fixes = fixes.iter().flat_map(|fix| fix.when.iter().chain(&fix.of));
        let related_programs = related.iter().map(|(_, program)| program);
        let message_relates = holes.clone().any(Program::calls_methods);
        let mut programs = holes.chain(related_programs).chain(of_fixes);
        Ok(CompiledTexts {
            relates: programs.any(Program::calls_methods),
            message_relates,
            length: message.iter().map(CompiledPart::length).sum(),
            message,
            related,
            fixes,
        })
    }
}

/// The programs of a control.
fn programs(
    condition: &Condition,
    header: &Header,
    keys: &Keys,
) -> Result<(Option<Program>, Decision), CompileControlError> {
    let id = || header.id.clone();
    let program = |checked: &Checked| {
        Program::compile(checked, declarations(), keys)
            .map_err(|source| CompileControlError::Compile { id: id(), source })
    };
    let optional = |checked: &Option<Checked>| checked.as_ref().map(program).transpose();
    let native = header.native.as_deref().and_then(Native::from_name);
    let decision = match (native, &condition.fail) {
        (Some(native), _) => Decision::Native(native),
        (None, Some(fail)) => Decision::Expression {
            each: optional(&condition.each)?,
            fail: program(fail)?,
        },
        (None, None) => {
            let source = DecodeError;
            return Err(CompileControlError::Decode { id: id(), source });
        }
    };
    Ok((optional(&condition.when)?, decision))
}

/// Whether an evaluation needs the parameters.
fn reads_params(program: &Program) -> bool {
    program.reads(Slot::Params as u16)
}

fn any_program(
    when: Option<&Program>,
    decision: &Decision,
    holds: impl Fn(&Program) -> bool,
) -> bool {
    let (each, fail) = match decision {
        Decision::Expression { each, fail } => (each.as_ref(), Some(fail)),
        Decision::Native(_) => (None, None),
    };
    [when, each, fail].into_iter().flatten().any(holds)
}

fn at_paths(condition: &Condition, header: &Header, keys: &Keys) -> Vec<AtPath> {
    let in_pod = header.scope == catalog::Scope::Pod && condition.each.is_none();
    condition
        .at
        .iter()
        .map(|path| {
            let in_metadata = in_pod && path.0.first() == Some(&Step::Key("metadata".into()));
            let steps = path.0.iter().skip(usize::from(in_metadata));
            let flag = match path.0.first() {
                Some(Step::Key(key)) if header.scope == catalog::Scope::Process => {
                    key.strip_prefix("--").map(Box::from)
                }
                _ => None,
            };
            AtPath {
                in_metadata,
                flag,
                steps: steps.map(|step| at_step(step, keys)).collect(),
            }
        })
        .collect()
}

fn at_step(step: &Step, keys: &Keys) -> AtStep {
    match step {
        Step::Key(name) => keys.get(name).map_or(AtStep::Nothing, AtStep::Key),
        Step::Index(index) => AtStep::Index(*index),
    }
}
