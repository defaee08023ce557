//! The kinds of problems: each word, and what it means, in one place.

use std::fmt;
use std::str::FromStr;

use document::SyntaxErrorKind;

use crate::severity::UnknownWord;

macro_rules! kinds {
    ($($variant:ident = $word:literal: $meaning:literal,)*) => {
        /// What happened that something could not be evaluated: a stable word in reports and options.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum ProblemKind { $(#[doc = $meaning] $variant,)* }

        impl ProblemKind {
            /// All kinds, in the order of the words.
            pub const ALL: &[ProblemKind] = &[$(ProblemKind::$variant,)*];

            /// The word that stands in reports.
            pub fn as_str(self) -> &'static str {
                match self { $(ProblemKind::$variant => $word,)* }
            }

            /// What it means, in a sentence without its full stop.
            pub fn meaning(self) -> &'static str {
                match self { $(ProblemKind::$variant => $meaning,)* }
            }
        }
    };
}

kinds! {
    AliasExpansion = "alias-expansion": "aliases of a YAML file stand for more text than the limit",
    ControlError = "control-error": "the expression of a control failed on an object",
    Depth = "depth": "values are nested more deeply than the limit",
    DockerfileSyntax = "dockerfile-syntax": "a Dockerfile is not what the builder reads",
    Elsewhere = "elsewhere": "an object deploys from a source that is not in the tree, so that what it deploys was not scanned",
    ExceptionDenied = "exception-denied": "a manifest carries an exception, and the configuration denies those",
    ExceptionExpired = "exception-expired": "the last day of an exception is over",
    ExceptionInline = "exception-inline": "a manifest carries an exception, and the configuration wants to know",
    ExceptionInvalidDate = "exception-invalid-date": "the last day of an exception is no date",
    ExceptionLocked = "exception-locked": "a manifest carries an exception from a control that is locked",
    ExceptionUnknownControl = "exception-unknown-control": "an exception names a control that does not exist",
    ExceptionUnused = "exception-unused": "nothing that was scanned needs an exception",
    ExceptionWithoutReason = "exception-without-reason": "an exception does not say why",
    Forbidden = "forbidden": "the API server refuses to say what a cluster has of a resource",
    IgnoreFile = "ignore-file": "a line of an ignore file means nothing",
    IncompleteObject = "incomplete-object": "an object lacks its `apiVersion` or its `kind`",
    JsonSyntax = "json-syntax": "a file is not JSON",
    KubescapeInput = "kubescape-input": "a value of `--kubescape-inputs` does not fit its parameter",
    Layer = "layer": "a layer of an image is damaged, missing, or not what its digest says",
    Link = "link": "a link in a chart leads nowhere or in a circle",
    ListFailed = "list-failed": "the API server does not say what a cluster has of a resource",
    NetworkLimit = "network-limit": "there are more ways from routes and services to pods than the limit",
    NetworkObject = "network-object": "a policy, service or route is not what its API demands",
    NoAdvisories = "no-advisories": "the database knows no advisories for an operating system, so that its packages were not looked up",
    NoObject = "no-object": "a file that is named holds no Kubernetes object",
    Nodes = "nodes": "a file has more values than the limit",
    NotAFile = "not-a-file": "a pipe, socket or device has the name of a manifest",
    NotFound = "not-found": "a path that is named does not exist, or a glob matches nothing",
    NotRendered = "not-rendered": "a chart or kustomization cannot be rendered, so that what it deploys was not scanned",
    NotText = "not-text": "a file is not UTF-8",
    PackageFile = "package-file": "a file that tells of installed software cannot be read",
    RbacInvalid = "rbac-invalid": "a role or binding says what the API server refuses",
    RbacLimit = "rbac-limit": "there are more subjects, roles or bindings than the limit",
    RbacMalformed = "rbac-malformed": "a role or binding is not what its API demands",
    SchemaMismatch = "schema-mismatch": "an object contradicts its schema, so that controls could not evaluate all of it",
    Size = "size": "a file is larger than the limit",
    Snapshot = "snapshot": "a snapshot of a cluster is damaged, or larger than the limit",
    Undecided = "undecided": "a control could not decide from what was scanned",
    UnknownApi = "unknown-api": "Kubernetes never had the kind, or not in this `apiVersion`",
    Unreadable = "unreadable": "the operating system refuses to read a file or folder",
    UnusablePackage = "unusable-package": "a package has no name under which advisories could be looked up",
    VexUnused = "vex-unused": "a statement of a VEX document is about nothing that was found",
    YamlSyntax = "yaml-syntax": "a file is not YAML",
    YamlValue = "yaml-value": "a value of a YAML file has no counterpart in JSON",
}

impl ProblemKind {
    /// Whether it is about an exception that is worth a look, which leaves nothing undecided.
    pub fn is_about_exception(self) -> bool {
        self.as_str().starts_with("exception-") || self == ProblemKind::VexUnused
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ProblemKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let all = || Self::ALL.iter().copied();
        all()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownWord {
                word: word.to_owned(),
                known: all().map(Self::as_str).collect(),
            })
    }
}

impl From<SyntaxErrorKind> for ProblemKind {
    fn from(kind: SyntaxErrorKind) -> Self {
        match kind {
            SyntaxErrorKind::YamlSyntax => ProblemKind::YamlSyntax,
            SyntaxErrorKind::YamlValue => ProblemKind::YamlValue,
            SyntaxErrorKind::JsonSyntax => ProblemKind::JsonSyntax,
            SyntaxErrorKind::Depth => ProblemKind::Depth,
            SyntaxErrorKind::Size => ProblemKind::Size,
            SyntaxErrorKind::AliasExpansion => ProblemKind::AliasExpansion,
            SyntaxErrorKind::Nodes => ProblemKind::Nodes,
            SyntaxErrorKind::Utf8 => ProblemKind::NotText,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProblemKind;

    #[test]
    fn words_are_sorted_and_read_back() {
        let words: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert!(words.is_sorted());
        for kind in ProblemKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("yaml".parse::<ProblemKind>().is_err());
    }
}
