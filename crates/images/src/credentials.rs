//! Credentials in files: a reader among others, and what is left of them in the end.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use model::{ExposedSecret, Severity, State};
use packages::{Credential, Entry, File, ReadError, Reader, Told};
use secrets::{PatternError, Patterns};

use crate::layer::{Contents, Node, Reading};

/// Bytes of a file above which nobody wrote it by hand.
const MOST: u64 = 1 << 20;

/// Looks for credentials in every small file of text.
pub(crate) const READER: Reader = Reader {
    id: "secrets",
    version: secrets::VERSION,
    wants,
    read,
};

/// All readers of packages, and the one that looks for credentials.
pub fn readers_with_secrets() -> &'static [Reader] {
    static ALL: OnceLock<Vec<Reader>> = OnceLock::new();
    ALL.get_or_init(|| [packages::readers(), &[READER]].concat())
}

/// The built-in patterns with those of a user, ready for [`readers_with_patterns`].
#[derive(Debug)]
pub struct SecretPatterns {
    patterns: Patterns,
    version: u32,
}

/// Reads a user's patterns, in the format of those that are built in.
pub fn secret_patterns(text: &str) -> Result<SecretPatterns, PatternError> {
    Ok(SecretPatterns {
        patterns: Patterns::with(text)?,
        version: secrets::version_with(text),
    })
}

/// The patterns of this run, where they are not the built-in ones: readers are functions, and have no place for them.
static GIVEN: OnceLock<Patterns> = OnceLock::new();

fn patterns() -> &'static Patterns {
    GIVEN.get().unwrap_or_else(|| Patterns::builtin())
}

/// All readers of packages, and the one that looks for credentials by these patterns. They are those of the whole process: the
/// first ones that are given stay.
pub fn readers_with_patterns(given: SecretPatterns) -> &'static [Reader] {
    static ALL: OnceLock<Vec<Reader>> = OnceLock::new();
    let version = given.version;
    GIVEN.get_or_init(|| given.patterns);
    ALL.get_or_init(|| {
        let reader = Reader { version, ..READER };
        [packages::readers(), &[reader]].concat()
    })
}

fn wants(entry: &Entry<'_>) -> bool {
    (1..=MOST).contains(&entry.size) && patterns().looks_into(entry.path)
}

#[expect(clippy::unnecessary_wraps, reason = "the contract of readers")]
fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let found = patterns().find(file.bytes).into_iter();
    let credentials = found.map(|found| Credential {
        pattern: found.id.to_owned(),
        line: found.line,
        column: found.column,
        end_line: found.end_line,
        shown: found.shown,
    });
    Ok(Told {
        credentials: credentials.collect(),
        ..Told::default()
    })
}

/// Credentials of a file, and the number of its layer.
pub(crate) struct Exposed {
    path: String,
    layer: usize,
    credentials: Vec<Credential>,
}

/// The credentials of a layer. What a later one deletes is still in the image, for everyone who can pull it.
pub(crate) fn of_layer(number: usize, contents: &Contents, all: &mut Vec<Exposed>) {
    let files = contents.iter().filter_map(|(path, node)| match node {
        Node::File(readings) => Some((path, readings.as_slice())),
        _ => None,
    });
    of_files(number, files, all);
}

/// The credentials of some files of a layer.
pub(crate) fn of_files<'a>(
    number: usize,
    files: impl Iterator<Item = (&'a str, &'a [Reading])>,
    all: &mut Vec<Exposed>,
) {
    for (path, readings) in files {
        let told = readings.iter().map(|reading| &reading.told.credentials);
        for credentials in told.filter(|credentials| !credentials.is_empty()) {
            all.push(Exposed {
                path: path.to_owned(),
                layer: number,
                credentials: credentials.clone(),
            });
        }
    }
}

/// What is known of files when all layers are joined.
#[derive(Default)]
pub(crate) struct Visible {
    /// Files of the system's packages: what is in them is in everybody's.
    pub(crate) owned: HashSet<String>,
    /// Files with credentials that are there in the end, by path and layer.
    pub(crate) files: HashSet<(String, usize)>,
}

/// Credentials as findings, the gravest first; `layers` names each layer.
pub(crate) fn findings(
    all: Vec<Exposed>,
    visible: &Visible,
    layers: &[String],
) -> Vec<ExposedSecret> {
    let mut found = Vec::new();
    for file in all {
        if visible.owned.contains(&file.path) {
            continue;
        }
        let key = (file.path, file.layer);
        let is_hidden = !visible.files.contains(&key);
        let mut ordinals: HashMap<&str, u32> = HashMap::new();
        for credential in &file.credentials {
            let ordinal = ordinals.entry(&credential.pattern).or_default();
            *ordinal += 1;
            found.push(finding(
                credential,
                &key.0,
                *ordinal,
                layers.get(key.1),
                is_hidden,
            ));
        }
    }
    found.sort_by(|one, other| {
        let place = |secret: &ExposedSecret| (secret.line, secret.column);
        let gravest = other.severity.cmp(&one.severity);
        gravest
            .then_with(|| one.path.cmp(&other.path))
            .then_with(|| place(one).cmp(&place(other)))
    });
    found
}

fn finding(
    credential: &Credential,
    path: &str,
    ordinal: u32,
    layer: Option<&String>,
    is_hidden: bool,
) -> ExposedSecret {
    let mut patterns = patterns().list().iter();
    let pattern = patterns.find(|pattern| *pattern.id == *credential.pattern);
    ExposedSecret {
        pattern: credential.pattern.clone(),
        title: pattern
            .map(|pattern| pattern.title.to_string())
            .unwrap_or_default(),
        severity: pattern.map_or(Severity::High, |pattern| pattern.severity),
        state: State::New,
        fingerprint: fingerprint(&credential.pattern, path, ordinal),
        path: path.to_owned(),
        line: credential.line,
        column: credential.column,
        end_line: credential.end_line,
        shown: credential.shown.clone(),
        layer: layer.cloned(),
        is_hidden,
        exception: None,
    }
}

/// The kind of credential, its file, and which of that kind in it: another value in its place is the same finding.
fn fingerprint(pattern: &str, path: &str, ordinal: u32) -> String {
    crate::fingerprint::of(&["secret", pattern, path, &ordinal.to_string()])
}
