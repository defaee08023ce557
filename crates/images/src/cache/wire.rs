//! How a layer's contents are written: JSON, of types of its own.

use std::io::{self, Write};

use packages::{Asked, Credential, OsRelease, Package, Relationship, Told, readers};
use serde::{Deserialize, Serialize};
use versions::Purl;

use crate::credentials;
use crate::layer::{Contents, NIX, Node, Reading, Trouble};

#[derive(Serialize, Deserialize)]
struct Layer {
    entries: Vec<(String, Entry)>,
    troubles: Vec<Problem>,
    more: usize,
}

#[derive(Serialize, Deserialize)]
enum Entry {
    #[serde(rename = "f")]
    File,
    #[serde(rename = "r")]
    Read(Vec<Statement>),
    #[serde(rename = "t")]
    Told(Vec<Statement>),
    #[serde(rename = "d")]
    Folder,
    #[serde(rename = "s")]
    Symlink(String),
    #[serde(rename = "h")]
    Hardlink(String),
    #[serde(rename = "o")]
    Other,
    #[serde(rename = "w")]
    Whiteout,
    #[serde(rename = "q")]
    Opaque,
}

#[derive(Serialize, Deserialize)]
struct Problem {
    path: String,
    at: Option<(u32, u32)>,
    message: String,
}

#[derive(Serialize, Deserialize)]
struct Statement {
    reader: String,
    packages: Vec<Software>,
    at_least: Vec<Software>,
    asked: Vec<Requirement>,
    is_partial: bool,
    owned: Vec<String>,
    release: Option<Release>,
    credentials: Vec<Secret>,
}

/// Pattern, first line, column, last line, and what is shown.
type Secret = (String, u32, u32, u32, String);

#[derive(Serialize, Deserialize)]
struct Requirement {
    kind: String,
    name: String,
    range: String,
    is_dev: bool,
    lines: (u32, u32),
}

/// The types of packages that requirements are of.
const KINDS: [&str; 3] = ["composer", "npm", "pypi"];

#[derive(Serialize, Deserialize)]
struct Release {
    id: String,
    version: String,
    name: String,
    rank: u8,
}

#[derive(Serialize, Deserialize)]
struct Software {
    purl: String,
    path: Option<String>,
    lines: Vec<(u32, u32)>,
    relationship: Option<u8>,
    is_dev: bool,
    licenses: Vec<String>,
    needs: Vec<u32>,
}

const RELATIONSHIPS: [Relationship; 4] = [
    Relationship::Root,
    Relationship::Workspace,
    Relationship::Direct,
    Relationship::Indirect,
];

pub(super) fn write(contents: &Contents, out: &mut impl Write) -> io::Result<()> {
    let entry = |(path, node): (&str, &Node)| {
        let entry = match node {
            Node::File(readings) if readings.is_empty() => Entry::File,
            Node::File(readings) => Entry::Read(statements(readings)),
            Node::Told(readings) => Entry::Told(statements(readings)),
            Node::Folder => Entry::Folder,
            Node::Symlink(target) => Entry::Symlink(target.clone()),
            Node::Hardlink(target) => Entry::Hardlink(target.clone()),
            Node::Other => Entry::Other,
            Node::Whiteout => Entry::Whiteout,
            Node::Opaque => Entry::Opaque,
        };
        (path.to_owned(), entry)
    };
    let problem = |trouble: &Trouble| Problem {
        path: trouble.path.clone(),
        at: trouble.at,
        message: trouble.message.clone(),
    };
    let layer = Layer {
        entries: contents.iter().map(entry).collect(),
        troubles: contents.troubles.iter().map(problem).collect(),
        more: contents.more_troubles,
    };
    Ok(serde_json::to_writer(out, &layer)?)
}

fn statements(readings: &[Reading]) -> Vec<Statement> {
    let software = |package: &Package| Software {
        purl: package.purl.clone(),
        path: package.path.clone(),
        lines: package.lines.clone(),
        relationship: package.relationship.map(|kind| kind as u8),
        is_dev: package.is_dev,
        licenses: package.licenses.clone(),
        needs: package.needs.clone(),
    };
    let release = |release: &OsRelease| Release {
        id: release.id.clone(),
        version: release.version.clone(),
        name: release.name.clone(),
        rank: release.rank,
    };
    let requirement = |asked: &Asked| Requirement {
        kind: asked.kind.to_owned(),
        name: asked.name.clone(),
        range: asked.range.clone(),
        is_dev: asked.is_dev,
        lines: asked.lines,
    };
    let secret = |it: &Credential| {
        (
            it.pattern.clone(),
            it.line,
            it.column,
            it.end_line,
            it.shown.clone(),
        )
    };
    let statement = |reading: &Reading| Statement {
        reader: reading.reader.to_owned(),
        packages: reading.told.packages.iter().map(software).collect(),
        at_least: reading.told.at_least.iter().map(software).collect(),
        asked: reading.told.asked.iter().map(requirement).collect(),
        is_partial: reading.told.is_partial,
        owned: reading.told.owned.clone(),
        release: reading.told.release.as_ref().map(release),
        credentials: reading.told.credentials.iter().map(secret).collect(),
    };
    readings.iter().map(statement).collect()
}

/// What was written; none if it is anything else.
pub(super) fn read(text: &[u8]) -> Option<Contents> {
    let layer: Layer = serde_json::from_slice(text).ok()?;
    let mut contents = Contents::default();
    for (path, entry) in layer.entries {
        let node = match entry {
            Entry::File => Node::File(Vec::new()),
            Entry::Read(statements) => Node::File(readings(statements)?),
            Entry::Told(statements) => Node::Told(readings(statements)?),
            Entry::Folder => Node::Folder,
            Entry::Symlink(target) => Node::Symlink(target),
            Entry::Hardlink(target) => Node::Hardlink(target),
            Entry::Other => Node::Other,
            Entry::Whiteout => Node::Whiteout,
            Entry::Opaque => Node::Opaque,
        };
        contents.push(&path, node);
    }
    for Problem { path, at, message } in layer.troubles {
        contents.trouble(&path, at, message);
    }
    contents.more_troubles = layer.more;
    Some(contents)
}

fn readings(statements: Vec<Statement>) -> Option<Vec<Reading>> {
    let reading = |statement: Statement| {
        let mut ids = readers()
            .iter()
            .map(|reader| reader.id)
            .chain([NIX, credentials::READER.id]);
        let packages = |list: Vec<Software>| list.into_iter().map(package).collect::<Option<_>>();
        let asked = statement.asked.into_iter().map(requirement);
        let release = statement.release.map(|release| OsRelease {
            id: release.id,
            version: release.version,
            name: release.name,
            rank: release.rank,
        });
        Some(Reading {
            reader: ids.find(|id| *id == statement.reader)?,
            told: Told {
                packages: packages(statement.packages)?,
                at_least: packages(statement.at_least)?,
                asked: asked.collect::<Option<_>>()?,
                is_partial: statement.is_partial,
                owned: statement.owned,
                release,
                credentials: statement.credentials.into_iter().map(credential).collect(),
                ..Told::default()
            },
        })
    };
    statements.into_iter().map(reading).collect()
}

fn credential((pattern, line, column, end_line, shown): Secret) -> Credential {
    Credential {
        pattern,
        line,
        column,
        end_line,
        shown,
    }
}

fn requirement(requirement: Requirement) -> Option<Asked> {
    let mut kinds = KINDS.iter().copied();
    Some(Asked {
        kind: kinds.find(|kind| *kind == requirement.kind)?,
        name: requirement.name,
        range: requirement.range,
        is_dev: requirement.is_dev,
        lines: requirement.lines,
    })
}

fn package(software: Software) -> Option<Package> {
    let parsed = Purl::parse(&software.purl).ok()?;
    let relationship = software
        .relationship
        .map(|kind| RELATIONSHIPS.get(usize::from(kind)));
    Some(Package {
        path: software.path,
        lines: software.lines,
        relationship: match relationship {
            Some(known) => Some(*known?),
            None => None,
        },
        is_dev: software.is_dev,
        licenses: software.licenses,
        needs: software.needs,
        ..Package::written(software.purl, parsed)
    })
}
