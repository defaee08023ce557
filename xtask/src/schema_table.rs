//! The table that crate `schema` embeds: made from `crates/schema/data/openapi.txt`, which
//! `crates/schema/tools/prepare.py` makes from Kubernetes' published OpenAPI.

use anyhow::{Context, Result, bail};
use fs_err as fs;
use schema::{
    Definitions, FieldDefinition, KindDefinition, Scalar, Span, StructDefinition, TypeDefinition,
};

use crate::workspace::root;

/// Where the text form lies, from the root of the workspace.
const SOURCE: &str = "crates/schema/data/openapi.txt";
/// Where the table lies.
const TARGET: &str = "crates/schema/data/openapi.bin";

/// Writes the table.
pub(crate) fn write() -> Result<()> {
    Ok(fs::write(root().join(TARGET), wanted()?)?)
}

/// Fails when the table is not the one of the text form. The inputs of the text form are not needed.
pub(crate) fn check() -> Result<()> {
    if fs::read(root().join(TARGET))? != wanted()? {
        bail!("{TARGET} is not made from {SOURCE}, run `cargo xtask generate`");
    }
    Ok(())
}

fn wanted() -> Result<Vec<u8>> {
    table(&fs::read_to_string(root().join(SOURCE))?)
}

/// The bytes of the table for the text form of the facts.
fn table(text: &str) -> Result<Vec<u8>> {
    let mut definitions = Definitions::default();
    for (index, line) in text.lines().enumerate() {
        read_line(line, &mut definitions)
            .with_context(|| format!("{SOURCE}, line {}", index + 1))?;
    }
    Ok(definitions.encode()?)
}

fn read_line(line: &str, definitions: &mut Definitions) -> Result<()> {
    if let Some(field) = line.strip_prefix(' ') {
        let current = definitions
            .structs
            .last_mut()
            .context("a field before any type")?;
        current.fields.push(read_field(field)?);
        return Ok(());
    }
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["#", ..] => {}
        ["minors", first, last] => definitions.minors = (first.parse()?, last.parse()?),
        ["kind", api_version, kind, of, scope, span @ ..] => {
            definitions
                .kinds
                .push(read_kind([api_version, kind, of, scope], span)?);
        }
        // What follows the name holds for the type as a whole; nothing reads that so far.
        ["type", name, ..] => definitions.structs.push(StructDefinition {
            name: (*name).to_owned(),
            ..StructDefinition::default()
        }),
        _ => bail!("not understood"),
    }
    Ok(())
}

fn read_kind([api_version, kind, of, scope]: [&str; 4], span: &[&str]) -> Result<KindDefinition> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    Ok(KindDefinition {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        of: of.to_owned(),
        is_namespaced: match scope {
            "n" => Some(true),
            "c" => Some(false),
            _ => None,
        },
        span: span
            .first()
            .map_or(Ok(Span::default()), |span| read_span(span))?,
    })
}

/// `name type[!] [since..until] [facts]`
fn read_field(line: &str) -> Result<FieldDefinition> {
    let (name, rest) = line.split_once(' ').context("a field without a type")?;
    let (of, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let (first, others) = rest.split_once(' ').unwrap_or((rest, ""));
    let (span, facts) = if first.contains("..") && !first.contains('=') {
        (read_span(first)?, others)
    } else {
        (Span::default(), rest)
    };
    let (of, is_required) = of.strip_suffix('!').map_or((of, false), |of| (of, true));
    Ok(FieldDefinition {
        name: name.to_owned(),
        of: read_type(of)?,
        is_required,
        span,
        facts: facts.to_owned(),
    })
}

fn read_span(text: &str) -> Result<Span> {
    let (since, until) = text.split_once("..").context("a span without `..`")?;
    let side = |side: &str| (!side.is_empty()).then(|| side.parse()).transpose();
    Ok(Span {
        since: side(since)?,
        until: side(until)?,
    })
}

fn read_type(text: &str) -> Result<TypeDefinition> {
    if let Some(name) = text.strip_prefix('@') {
        return Ok(TypeDefinition::Struct(name.to_owned()));
    }
    let inside = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    if let Some(item) = inside('[', ']') {
        return Ok(TypeDefinition::List(Box::new(read_type(item)?)));
    }
    if let Some(value) = inside('{', '}') {
        return Ok(TypeDefinition::Map(Box::new(read_type(value)?)));
    }
    let scalar = Scalar::from_word(text).with_context(|| format!("no type {text:?}"))?;
    Ok(TypeDefinition::Scalar(scalar))
}
