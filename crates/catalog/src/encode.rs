//! A control's parts as bytes and back. Each part is a section of its own, so one can be read without the others.

use document::{Path, Step};
use model::{FixOperation, KubernetesVersion, Profile, Severity};

use crate::bytes::{DecodeError, Reader, Write};
use crate::control::{
    Condition, FixDefinition, Header, KindPattern, MessagePart, ParamDefinition, ParamType,
    ParamValue, RelatedDefinition, Rendering, Scope, Texts, UnknownPolicy, VersionRange,
};

type Read<T> = Result<T, DecodeError>;

const OPERATIONS: [FixOperation; 3] = [
    FixOperation::Set,
    FixOperation::Remove,
    FixOperation::Append,
];

impl Header {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.text(&self.id);
        out.text(&self.title);
        write_word(out, &Severity::ALL, &self.severity);
        write_word(out, &Profile::ALL, &self.profile);
        write_word(out, &Scope::ALL, &self.scope);
        out.texts(&self.tags);
        self.kubernetes.write(out);
        out.list(&self.kinds, write_kind);
        out.option(self.native.as_ref(), |out, native| out.text(native));
        write_word(out, &UnknownPolicy::ALL, &self.unknown);
        out.texts(&self.supersedes);
        out.text_lists(&self.aliases);
        out.text_lists(&self.partial);
        out.list(&self.params, write_param);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Read<Self> {
        Ok(Header {
            id: reader.text()?,
            title: reader.text()?,
            severity: read_word(reader, &Severity::ALL)?,
            profile: read_word(reader, &Profile::ALL)?,
            scope: read_word(reader, &Scope::ALL)?,
            tags: reader.texts()?,
            kubernetes: VersionRange::read(reader)?,
            kinds: reader.list(read_kind)?,
            native: reader.option(Reader::text)?,
            unknown: read_word(reader, &UnknownPolicy::ALL)?,
            supersedes: reader.texts()?,
            aliases: reader.text_lists()?,
            partial: reader.text_lists()?,
            params: reader.list(read_param)?,
        })
    }
}

impl VersionRange {
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        out.option(self.since.as_ref(), |out, it| out.number(it.minor.into()));
        out.option(self.until.as_ref(), |out, it| out.number(it.minor.into()));
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Read<Self> {
        Ok(VersionRange {
            since: reader.option(read_version)?,
            until: reader.option(read_version)?,
        })
    }
}

pub(crate) fn read_version(reader: &mut Reader<'_>) -> Read<KubernetesVersion> {
    let minor = u32::try_from(reader.number()?).map_err(|_| DecodeError)?;
    Ok(KubernetesVersion { minor })
}

impl Condition {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for expression in [&self.when, &self.each, &self.fail] {
            out.option(expression.as_ref(), |out, checked| checked.write(out));
        }
        out.list(&self.at, write_path);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Read<Self> {
        Ok(Condition {
            when: reader.option(Reader::checked)?,
            each: reader.option(Reader::checked)?,
            fail: reader.option(Reader::checked)?,
            at: reader.list(read_path)?,
        })
    }
}

impl Rendering {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.list(&self.message, |out, part| match part {
            MessagePart::Text(text) => {
                out.flag(false);
                out.text(text);
            }
            MessagePart::Hole(checked) => {
                out.flag(true);
                checked.write(out);
            }
        });
        out.list(&self.related, |out, related| {
            out.text(&related.role);
            related.of.write(out);
        });
        out.list(&self.fixes, |out, fix| {
            write_word(out, &OPERATIONS, &fix.operation);
            write_path(out, &fix.path);
            out.option(fix.when.as_ref(), |out, checked| checked.write(out));
            out.option(fix.value.as_ref(), |out, value| out.text(value));
            out.option(fix.of.as_ref(), |out, checked| checked.write(out));
            out.flag(fix.safe);
        });
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Read<Self> {
        Ok(Rendering {
            message: reader.list(|reader| {
                Ok(if reader.flag()? {
                    MessagePart::Hole(reader.checked()?)
                } else {
                    MessagePart::Text(reader.text()?)
                })
            })?,
            related: reader.list(|reader| {
                Ok(RelatedDefinition {
                    role: reader.text()?,
                    of: reader.checked()?,
                })
            })?,
            fixes: reader.list(|reader| {
                Ok(FixDefinition {
                    operation: read_word(reader, &OPERATIONS)?,
                    path: read_path(reader)?,
                    when: reader.option(Reader::checked)?,
                    value: reader.option(Reader::text)?,
                    of: reader.option(Reader::checked)?,
                    safe: reader.flag()?,
                })
            })?,
        })
    }
}

impl Texts {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.text(&self.why);
        out.text(&self.remediation);
        out.texts(&self.references);
        out.text(&self.folder);
        out.text(&self.fail_yaml);
        out.text(&self.pass_yaml);
        out.text(&self.fail_dockerfile);
        out.text(&self.pass_dockerfile);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Read<Self> {
        Ok(Texts {
            why: reader.text()?,
            remediation: reader.text()?,
            references: reader.texts()?,
            folder: reader.text()?,
            fail_yaml: reader.text()?,
            pass_yaml: reader.text()?,
            fail_dockerfile: reader.text()?,
            pass_dockerfile: reader.text()?,
        })
    }
}

/// A value as its position among all values of its type.
fn write_word<T: PartialEq>(out: &mut Vec<u8>, all: &[T], value: &T) {
    let position = all.iter().position(|item| item == value);
    out.number(position.unwrap_or(all.len()) as u64);
}

fn read_word<T: Copy>(reader: &mut Reader<'_>, all: &[T]) -> Read<T> {
    all.get(reader.number()? as usize)
        .copied()
        .ok_or(DecodeError)
}

fn write_kind(out: &mut Vec<u8>, kind: &KindPattern) {
    match kind {
        KindPattern::Any => out.number(0),
        KindPattern::BuiltIn(kind) => {
            out.number(1);
            out.text(kind);
        }
        KindPattern::Grouped { group, kind } => {
            out.number(2);
            out.text(group);
            out.text(kind);
        }
    }
}

fn read_kind(reader: &mut Reader<'_>) -> Read<KindPattern> {
    match reader.number()? {
        0 => Ok(KindPattern::Any),
        1 => Ok(KindPattern::BuiltIn(reader.text()?)),
        2 => Ok(KindPattern::Grouped {
            group: reader.text()?,
            kind: reader.text()?,
        }),
        _ => Err(DecodeError),
    }
}

fn write_param(out: &mut Vec<u8>, param: &ParamDefinition) {
    out.text(&param.name);
    write_word(out, &ParamType::ALL, &param.kind);
    match &param.default {
        ParamValue::String(value) => out.text(value),
        ParamValue::Int(value) => out.number(value.cast_unsigned()),
        ParamValue::Bool(value) => out.flag(*value),
        ParamValue::Strings(values) => out.texts(values),
    }
    out.text(&param.doc);
    out.option(param.kubescape.as_ref(), |out, name| out.text(name));
}

fn read_param(reader: &mut Reader<'_>) -> Read<ParamDefinition> {
    let name = reader.text()?;
    let kind = read_word(reader, &ParamType::ALL)?;
    let default = match kind {
        ParamType::String | ParamType::Quantity => ParamValue::String(reader.text()?),
        ParamType::Int => ParamValue::Int(reader.number()?.cast_signed()),
        ParamType::Bool => ParamValue::Bool(reader.flag()?),
        ParamType::Strings => ParamValue::Strings(reader.texts()?),
    };
    Ok(ParamDefinition {
        name,
        kind,
        default,
        doc: reader.text()?,
        kubescape: reader.option(Reader::text)?,
    })
}

fn write_path(out: &mut Vec<u8>, path: &Path) {
    out.list(&path.0, |out, step| match step {
        Step::Key(key) => {
            out.number(0);
            out.text(key);
        }
        Step::Index(index) => out.number(*index as u64 + 1),
    });
}

fn read_path(reader: &mut Reader<'_>) -> Read<Path> {
    let steps = reader.list(|reader| match reader.number()? {
        0 => Ok(Step::Key(reader.str()?.into())),
        index => Ok(Step::Index(index as usize - 1)),
    })?;
    Ok(Path(steps))
}
