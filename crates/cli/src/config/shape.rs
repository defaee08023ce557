//! The one description of `seawall.yaml`: the validator, the JSON schema and the reference page are
//! all made from this table.

use crate::threshold::Threshold;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Any text.
    Text,
    /// A text that is not empty.
    Sentence,
    /// A glob.
    Glob,
    /// A file or folder, relative to the configuration's folder.
    File,
    /// The id of a control.
    Control,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Switch,
    /// A minor version such as `"1.34"`.
    Version,
    /// A day as `2027-01-31`.
    Day,
    /// The value of a control's parameter: a scalar, or a list of texts.
    Parameter,
    /// A list of these.
    List(&'static Shape),
    /// One of these, or a list of them.
    OneOrMore(&'static Shape),
    /// A mapping with these keys.
    Record(&'static [Field]),
    /// A mapping from names of the user's to these.
    Named(&'static Shape),
    /// A port of TCP as a number, or a text such as `53/UDP`.
    Port,
    /// A text, or a mapping with these keys.
    TextOr(&'static [Field]),
    /// The first, or the second, by whether it is a list.
    ListOr(&'static Shape, &'static Shape),
}

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// What it is for: one sentence, Markdown.
    pub(crate) doc: &'static str,
}

pub(crate) const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        name,
        shape,
        required: false,
        doc,
    }
}

pub(crate) const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field {
        name,
        shape,
        required: true,
        doc,
    }
}

const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];
const PROFILES: &[&str] = &["default", "strict", "all"];

const CONTROLS: Shape = Shape::OneOrMore(&Shape::Control);
const GLOBS: Shape = Shape::OneOrMore(&Shape::Glob);
const PARAMETERS: Shape = Shape::Named(&Shape::Named(&Shape::Parameter));

/// The keys that the file of an organisation can lock.
const LOCKABLE: &[&str] = &[
    "profile",
    "frameworks",
    "controls",
    "exclude-controls",
    "kubernetes-version",
    "fail-on",
    "fail-on-unknown",
    "min-severity",
    "exclude",
    "params",
    "overrides",
    "exceptions",
    "workloads",
    "controls-dirs",
];

/// The whole file.
pub(crate) const FILE: &[Field] = &[
    optional(
        "extends",
        Shape::File,
        "Another configuration to start from. What it sets holds until this file says otherwise; its lists of rows come before this file's.",
    ),
    optional(
        "profile",
        Shape::Word(PROFILES),
        "Which controls run: `default` (security, few false alarms), `strict` (best practice too) or `all` (noisy and deprecated ones too).",
    ),
    optional(
        "frameworks",
        Shape::OneOrMore(&Shape::Text),
        "Frameworks whose controls run, whatever the profile: ids, or files below the folder of this configuration. `ID@1.25` sets the Kubernetes version.",
    ),
    optional(
        "controls",
        CONTROLS,
        "Controls that run, whatever the profile.",
    ),
    optional("exclude-controls", CONTROLS, "Controls that do not run."),
    optional(
        "kubernetes-version",
        Shape::Version,
        "The version of Kubernetes that controls assume, in quotes: `\"1.34\"`.",
    ),
    optional(
        "fail-on",
        Shape::Word(&Threshold::WORDS),
        "From which severity on a new finding makes the scan exit with 1.",
    ),
    optional(
        "fail-on-unknown",
        Shape::Switch,
        "Whether something that could not be decided makes the scan exit with 2.",
    ),
    optional(
        "min-severity",
        Shape::Word(SEVERITIES),
        "Findings below this severity are left out of the report.",
    ),
    optional(
        "exclude",
        GLOBS,
        "Files that are not scanned, in the style of `.gitignore`, relative to this file.",
    ),
    optional(
        "params",
        PARAMETERS,
        "Parameters of controls: control, then parameter, then value.",
    ),
    optional(
        "overrides",
        Shape::List(&Shape::Record(OVERRIDE)),
        "What differs for some files, namespaces or controls. Where several rows fit, the last one decides.",
    ),
    optional(
        "exceptions",
        Shape::ListOr(
            &Shape::List(&Shape::Record(EXCEPTION)),
            &Shape::Record(EXCEPTIONS),
        ),
        "Accepted findings: the list alone, or the list beside what inline exceptions may do.",
    ),
    optional(
        "workloads",
        Shape::List(&Shape::Record(WORKLOAD)),
        "Further kinds that carry a pod template.",
    ),
    optional(
        "controls-dirs",
        Shape::OneOrMore(&Shape::File),
        "Folders with further controls.",
    ),
    optional(
        "locked",
        Shape::OneOrMore(&Shape::Word(LOCKABLE)),
        "Keys that a file extending this one cannot loosen.",
    ),
];

const OVERRIDE: &[Field] = &[
    optional(
        "paths",
        GLOBS,
        "Files that the row is about, relative to this file; all when absent.",
    ),
    optional(
        "namespaces",
        GLOBS,
        "Namespaces that the row is about; a resource that names none counts as `default`.",
    ),
    required("controls", CONTROLS, "Controls that the row is about."),
    optional("severity", Shape::Word(SEVERITIES), "Their severity there."),
    optional(
        "params",
        Shape::Named(&Shape::Parameter),
        "Their parameters there: parameter, then value.",
    ),
];

const EXCEPTIONS: &[Field] = &[
    optional(
        "inline",
        Shape::Word(&["allow", "report", "deny"]),
        "What exceptions in manifests (annotations and comments) do: `allow` applies them, `report` also lists them, `deny` lists them and does not apply them.",
    ),
    optional(
        "locked",
        CONTROLS,
        "Controls that exceptions in manifests cannot silence.",
    ),
    optional(
        "accepted",
        Shape::List(&Shape::Record(EXCEPTION)),
        "The accepted findings.",
    ),
];

const EXCEPTION: &[Field] = &[
    optional(
        "control",
        CONTROLS,
        "The control whose findings are accepted, or several. Each row has this, `vulnerability` or `secret`.",
    ),
    optional(
        "vulnerability",
        Shape::OneOrMore(&Shape::Sentence),
        "The flaw in a package that is accepted, by any of its ids (`CVE-…`, `GHSA-…`, that of a distribution), or several.",
    ),
    optional(
        "secret",
        Shape::OneOrMore(&Shape::Sentence),
        "The kind of credential in files that is accepted (`github-token`), or several.",
    ),
    optional(
        "package",
        GLOBS,
        "For `vulnerability`: in which packages, as package URLs without qualifiers, with or without version; in all when absent.",
    ),
    optional(
        "target",
        GLOBS,
        "For `vulnerability` and `secret`: in which images, folders and bills of materials, by path, name or digest; in all when absent.",
    ),
    optional(
        "resource",
        Shape::Record(RESOURCE),
        "On which resources; all when absent.",
    ),
    optional(
        "paths",
        GLOBS,
        "In which files, relative to this file; all when absent.",
    ),
    optional(
        "container",
        GLOBS,
        "In which containers, by name; everywhere when absent.",
    ),
    required("reason", Shape::Sentence, "Why the finding is acceptable."),
    optional("owner", Shape::Text, "Who answers for it."),
    optional("expires", Shape::Day, "The last day on which it holds."),
];

const RESOURCE: &[Field] = &[
    optional("kind", Shape::Glob, "Kind."),
    optional("name", Shape::Glob, "Name."),
    optional(
        "namespace",
        Shape::Glob,
        "Namespace; a resource that names none counts as `default`.",
    ),
    optional(
        "labels",
        Shape::Named(&Shape::Glob),
        "Labels of the object that must all be there: name, then value.",
    ),
];

const WORKLOAD: &[Field] = &[
    required("group", Shape::Text, "The API group."),
    required("kind", Shape::Text, "The kind."),
    required(
        "path",
        Shape::OneOrMore(&Shape::Text),
        "Where its pod templates are, such as `spec.template`.",
    ),
];

#[cfg(test)]
mod tests {
    use model::{Profile, Severity};

    use super::{FILE, LOCKABLE, PROFILES, SEVERITIES};

    #[test]
    fn the_words_are_those_of_the_model() {
        assert_eq!(SEVERITIES, Severity::ALL.map(Severity::as_str));
        assert_eq!(PROFILES, Profile::ALL.map(Profile::as_str));
    }

    #[test]
    fn every_lockable_key_is_a_key() {
        for key in LOCKABLE {
            assert!(FILE.iter().any(|field| field.name == *key), "{key}");
        }
    }
}
