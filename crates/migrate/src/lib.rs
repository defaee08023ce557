//! Moving in from another scanner: its configuration, exceptions and ignore files become `seawall.yaml`,
//! and what has no counterpart is listed with the reason.
//!
//! Does no I/O: callers bring texts. What is suppressed is never more than the other scanner suppressed;
//! where a control of ours is wider than theirs, a note says so. Owners are never made up.

mod aliases;
mod checkov;
mod construct;
mod day;
mod draft;
mod format;
mod input;
mod keys;
mod kube_linter;
mod kubescape;
mod manifest;
mod page;
mod patterns;
mod reader;
mod recognise;
mod regexes;
mod trivy;
mod write;

use catalog::Catalog;
use document::edit::TextEdit;
use model::Location;

pub use construct::{Construct, Fate};
pub use format::Format;
pub use input::Input;
pub use kubescape::{KubescapeInput, kubescape_inputs};
pub use page::page;
pub use recognise::recognise;

use reader::Reader;

/// A scanner that people come from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Peer {
    /// Kubescape.
    Kubescape,
    /// Trivy.
    Trivy,
    /// Checkov.
    Checkov,
    /// KubeLinter.
    KubeLinter,
}

impl Peer {
    /// All of them.
    pub const ALL: [Peer; 4] = [
        Peer::Kubescape,
        Peer::Trivy,
        Peer::Checkov,
        Peer::KubeLinter,
    ];

    /// The word for it on the command line, and in the aliases of controls.
    pub fn as_str(self) -> &'static str {
        match self {
            Peer::Kubescape => "kubescape",
            Peer::Trivy => "trivy",
            Peer::Checkov => "checkov",
            Peer::KubeLinter => "kube-linter",
        }
    }

    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Peer::Kubescape => "Kubescape",
            Peer::Trivy => "Trivy",
            Peer::Checkov => "Checkov",
            Peer::KubeLinter => "KubeLinter",
        }
    }

    /// Everything that its documentation names, and what becomes of it.
    pub fn constructs(self) -> Vec<&'static Construct> {
        match self {
            Peer::Kubescape => kubescape::constructs(),
            Peer::Trivy => trivy::constructs(),
            Peer::Checkov => checkov::constructs(),
            Peer::KubeLinter => kube_linter::constructs(),
        }
    }

    /// Names of files in which it looks for its configuration by itself.
    pub fn file_names(self) -> &'static [&'static str] {
        match self {
            Peer::Kubescape => &[],
            Peer::Trivy => &[
                ".trivyignore",
                ".trivyignore.yaml",
                ".trivyignore.yml",
                "trivy.yaml",
            ],
            Peer::Checkov => &[".checkov.yaml", ".checkov.yml", ".checkov.baseline"],
            Peer::KubeLinter => &[".kube-linter.yaml", ".kube-linter.yml"],
        }
    }
}

impl Peer {
    /// Whether a file that a walk meets can be of interest, by its name.
    pub fn may_hold(self, file_name: &str) -> bool {
        let extension = std::path::Path::new(file_name)
            .extension()
            .and_then(|extension| extension.to_str());
        self.file_names().contains(&file_name)
            || matches!(extension, Some("yaml" | "yml" | "json" | "tpl"))
            || self == Peer::Checkov && file_name.starts_with("Dockerfile")
    }

    /// Whether a file that a walk met is of interest, by its text. Files that this leaves out are recognised as nothing of this scanner's.
    pub fn is_mentioned(self, file_name: &str, text: &str) -> bool {
        let words: &[&str] = match self {
            Peer::Kubescape => &[
                "ExceptionPolicy",
                "posturePolicies",
                "postureControlInputs",
                "VulnerabilitiesIgnorePolicy",
                "kubescape.io/",
            ],
            Peer::Trivy => &["trivy:ignore", "tfsec:ignore"],
            Peer::Checkov => &[
                "checkov.io/skip",
                "bridgecrew.io/skip",
                "checkov:skip",
                "bridgecrew:skip",
            ],
            Peer::KubeLinter => &["kube-linter.io/"],
        };
        self.file_names().contains(&file_name) || words.iter().any(|word| text.contains(word))
    }
}

/// What kind of thing is said about a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// It could not be read at all.
    Lost,
    /// It has no counterpart.
    Refused,
    /// It was taken over, and differs in something worth knowing.
    Note,
    /// It is about the other scanner's own run, so that nothing is needed.
    Unneeded,
}

impl Level {
    /// The word for it in the list and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Lost => "lost",
            Level::Refused => "no-counterpart",
            Level::Note => "note",
            Level::Unneeded => "not-needed",
        }
    }
}

/// Something to say about a place of the other scanner's files.
#[derive(Clone, Debug)]
pub struct Item {
    /// What kind of thing it is.
    pub level: Level,
    /// The place.
    pub at: Location,
    /// What is meant, as written there.
    pub what: String,
    /// Why: lower case, no full stop.
    pub why: String,
    /// What to do instead, where there is something.
    pub instead: Option<String>,
}

/// A comment of ours that says what an inline comment of theirs said.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Their comment.
    pub at: Location,
    /// Ours, without indentation.
    pub text: String,
    /// The edit of the file that writes it.
    pub edit: TextEdit,
}

/// What came of the files.
#[derive(Debug)]
pub struct Migration {
    /// The text of `seawall.yaml`.
    pub config: String,
    /// How many settings and exceptions it holds.
    pub entries: usize,
    /// What there is to say, by file and place.
    pub items: Vec<Item>,
    /// Comments to write into manifests, by file and place.
    pub comments: Vec<Comment>,
    /// The constructs that were met.
    pub met: Vec<&'static Construct>,
}

/// Translates files of one scanner. Those that are another scanner's, or nobody's, are told as lost.
pub fn migrate(peer: Peer, inputs: &[Input], catalog: &Catalog) -> Migration {
    let mut reader = Reader::new(peer, catalog);
    let recognised: Vec<_> = inputs
        .iter()
        .map(|input| (input, recognise(input)))
        .collect();
    match peer {
        Peer::Kubescape => kubescape::read(&mut reader, &recognised),
        Peer::Trivy => trivy::read(&mut reader, &recognised),
        Peer::Checkov => checkov::read(&mut reader, &recognised),
        Peer::KubeLinter => kube_linter::read(&mut reader, &recognised),
    }
    reader.finish(inputs)
}
