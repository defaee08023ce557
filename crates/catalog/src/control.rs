//! What a control says, checked: the parts in the order in which a scan needs them.

use std::collections::BTreeMap;

use document::Path;
use expr::Checked;
use model::{FixOperation, KubernetesVersion, Profile, Severity};

/// What `self` is, and what is counted as evaluated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// A whole object.
    Resource,
    /// A pod template of any workload kind.
    Pod,
    /// A container of any role.
    Container,
    /// The image reference of a container.
    Image,
    /// A volume of a pod.
    Volume,
    /// A rule of a role.
    RbacRule,
    /// A role binding or cluster role binding.
    Binding,
    /// A user, group or service account that some binding names.
    Subject,
    /// A service account.
    ServiceAccount,
    /// A service.
    Service,
    /// A namespace.
    Namespace,
    /// A node.
    Node,
    /// A component of the control plane or of a node, with its effective flags.
    Process,
    /// Everything that was scanned, where it is a cluster.
    Cluster,
    /// A stage of a Dockerfile, or what an image was built by.
    Stage,
    /// An instruction of a Dockerfile, or a step of an image's history.
    Instruction,
    /// A command of a shell script in one of these.
    Command,
}

impl Scope {
    /// All scopes, in the order of their numbers.
    pub const ALL: [Scope; 17] = [
        Scope::Resource,
        Scope::Pod,
        Scope::Container,
        Scope::Image,
        Scope::Volume,
        Scope::RbacRule,
        Scope::Binding,
        Scope::Subject,
        Scope::ServiceAccount,
        Scope::Service,
        Scope::Namespace,
        Scope::Node,
        Scope::Process,
        Scope::Cluster,
        Scope::Stage,
        Scope::Instruction,
        Scope::Command,
    ];

    /// Whether what the scope gives lies in a pod.
    pub fn is_in_pod(self) -> bool {
        matches!(
            self,
            Scope::Pod | Scope::Container | Scope::Image | Scope::Volume
        )
    }

    /// The word that stands in `for`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Resource => "resource",
            Scope::Pod => "pod",
            Scope::Container => "container",
            Scope::Image => "image",
            Scope::Volume => "volume",
            Scope::RbacRule => "rbac-rule",
            Scope::Binding => "binding",
            Scope::Subject => "subject",
            Scope::ServiceAccount => "service-account",
            Scope::Service => "service",
            Scope::Namespace => "namespace",
            Scope::Node => "node",
            Scope::Process => "process",
            Scope::Cluster => "cluster",
            Scope::Stage => "stage",
            Scope::Instruction => "instruction",
            Scope::Command => "command",
        }
    }
}

/// What an undecidable result counts as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnknownPolicy {
    /// Counted as unknown, with a problem.
    Report,
    /// As passed.
    Pass,
    /// As failed.
    Fail,
}

impl UnknownPolicy {
    /// All of them.
    pub const ALL: [UnknownPolicy; 3] = [
        UnknownPolicy::Report,
        UnknownPolicy::Pass,
        UnknownPolicy::Fail,
    ];

    /// The word that stands in `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            UnknownPolicy::Report => "report",
            UnknownPolicy::Pass => "pass",
            UnknownPolicy::Fail => "fail",
        }
    }
}

/// First and last minor version where something applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VersionRange {
    /// The first minor.
    pub since: Option<KubernetesVersion>,
    /// The last minor.
    pub until: Option<KubernetesVersion>,
}

impl VersionRange {
    /// Whether a version lies in the range.
    pub fn contains(&self, version: KubernetesVersion) -> bool {
        self.since.is_none_or(|since| since <= version)
            && self.until.is_none_or(|until| version <= until)
    }
}

/// One entry of `kinds`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KindPattern {
    /// Every resource.
    Any,
    /// A kind of Kubernetes' own groups.
    BuiltIn(String),
    /// A kind of one group (empty: the core group).
    Grouped {
        /// The group.
        group: String,
        /// The kind.
        kind: String,
    },
}

impl KindPattern {
    /// Whether a resource of a group and kind is meant.
    pub fn matches(&self, group: &str, kind: &str) -> bool {
        match self {
            // What an image is built by is no object of Kubernetes.
            KindPattern::Any => group != model::BUILD_GROUP,
            KindPattern::BuiltIn(own) => {
                own == kind && (!group.contains('.') || group.ends_with(".k8s.io"))
            }
            KindPattern::Grouped {
                group: own_group,
                kind: own_kind,
            } => own_kind == kind && own_group == group,
        }
    }
}

/// Type of a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamType {
    /// A text.
    String,
    /// A whole number.
    Int,
    /// `true` or `false`.
    Bool,
    /// A list of texts.
    Strings,
    /// An amount such as `500Mi`.
    Quantity,
}

impl ParamType {
    /// All types.
    pub const ALL: [ParamType; 5] = [
        ParamType::String,
        ParamType::Int,
        ParamType::Bool,
        ParamType::Strings,
        ParamType::Quantity,
    ];

    /// The word that stands in `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            ParamType::String => "string",
            ParamType::Int => "int",
            ParamType::Bool => "bool",
            ParamType::Strings => "strings",
            ParamType::Quantity => "quantity",
        }
    }
}

/// Value of a parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParamValue {
    /// Of type `string` or `quantity`.
    String(String),
    /// Of type `int`.
    Int(i64),
    /// Of type `bool`.
    Bool(bool),
    /// Of type `strings`.
    Strings(Vec<String>),
}

impl ParamValue {
    /// Whether a value can be given to a parameter of a type.
    pub fn fits(&self, kind: ParamType) -> bool {
        matches!(
            (self, kind),
            (
                ParamValue::String(_),
                ParamType::String | ParamType::Quantity
            ) | (ParamValue::Int(_), ParamType::Int)
                | (ParamValue::Bool(_), ParamType::Bool)
                | (ParamValue::Strings(_), ParamType::Strings)
        )
    }
}

/// One parameter of a control.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParamDefinition {
    /// What expressions and `seawall.yaml` call it.
    pub name: String,
    /// Its type.
    pub kind: ParamType,
    /// What it is when nobody says otherwise.
    pub default: ParamValue,
    /// What it is for.
    pub doc: String,
    /// Its name in Kubescape's `postureControlInputs`.
    pub kubescape: Option<String>,
}

/// What selection and scheduling need: decoded for every control.
#[derive(Clone, PartialEq, Debug)]
pub struct Header {
    /// The folder's name.
    pub id: String,
    /// One line.
    pub title: String,
    /// Before overrides.
    pub severity: Severity,
    /// The smallest profile that runs it.
    pub profile: Profile,
    /// What `self` is.
    pub scope: Scope,
    /// Free words.
    pub tags: Vec<String>,
    /// Where it applies.
    pub kubernetes: VersionRange,
    /// What it applies to; empty: everything of the scope.
    pub kinds: Vec<KindPattern>,
    /// Name of the native implementation, instead of `fail`.
    pub native: Option<String>,
    /// What an undecidable result counts as.
    pub unknown: UnknownPolicy,
    /// Controls whose finding at the same place folds under this one's.
    pub supersedes: Vec<String>,
    /// Peer → its ids that mean the same.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Peer → its ids of which this decides a part.
    pub partial: BTreeMap<String, Vec<String>>,
    /// Parameters, in order of their names.
    pub params: Vec<ParamDefinition>,
}

/// What evaluation needs: decoded for the selected controls.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// Applies at all.
    pub when: Option<Checked>,
    /// The list whose items are looked at one by one.
    pub each: Option<Checked>,
    /// A finding.
    pub fail: Option<Checked>,
    /// Where it is, below `self` or `item`.
    pub at: Vec<Path>,
}

impl Condition {
    /// Whether it asks how things relate to each other.
    pub fn relates(&self) -> bool {
        let programs = [&self.when, &self.each, &self.fail];
        programs.into_iter().flatten().any(Checked::calls_methods)
    }

    /// Whether it asks for one of these relations.
    pub fn calls(&self, methods: &[&str]) -> bool {
        let programs = [&self.when, &self.each, &self.fail];
        let mut programs = programs.into_iter().flatten();
        programs.any(|program| program.calls(methods))
    }
}

/// A piece of a message.
#[derive(Clone, Debug)]
pub enum MessagePart {
    /// As written.
    Text(String),
    /// What an expression gives.
    Hole(Checked),
}

/// Other resources of a finding.
#[derive(Clone, Debug)]
pub struct RelatedDefinition {
    /// Their part.
    pub role: String,
    /// Expression that gives them.
    pub of: Checked,
}

/// An edit that makes a finding go away.
#[derive(Clone, Debug)]
pub struct FixDefinition {
    /// What to do.
    pub operation: FixOperation,
    /// Where, below `self` or `item`.
    pub path: Path,
    /// For which findings; for all where there is nothing.
    pub when: Option<Checked>,
    /// The new value as JSON.
    pub value: Option<String>,
    /// Expression that gives the new value.
    pub of: Option<Checked>,
    /// Whether nobody can rely on what it changes.
    pub safe: bool,
}

/// What the texts of a finding need: decoded when one is rendered.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The message, in pieces.
    pub message: Vec<MessagePart>,
    /// Other resources.
    pub related: Vec<RelatedDefinition>,
    /// Edits.
    pub fixes: Vec<FixDefinition>,
}

impl Rendering {
    /// Whether it asks for one of these relations.
    pub fn calls(&self, methods: &[&str]) -> bool {
        let holes = self.message.iter().filter_map(|part| match part {
            MessagePart::Hole(hole) => Some(hole),
            MessagePart::Text(_) => None,
        });
        let fixes = self.fixes.iter();
        let fixes = fixes.flat_map(|fix| fix.when.iter().chain(&fix.of));
        let related = self.related.iter().map(|related| &related.of);
        let mut programs = holes.chain(fixes).chain(related);
        programs.any(|program| program.calls(methods))
    }
}

/// What people read about a control: decoded when asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Texts {
    /// What an attacker could do.
    pub why: String,
    /// What to change.
    pub remediation: String,
    /// Where the facts come from.
    pub references: Vec<String>,
    /// The folder, relative to the root of the repository or as the user named it.
    pub folder: String,
    /// `fail.yaml`; empty when there is none.
    pub fail_yaml: String,
    /// `pass.yaml`; empty when there is none.
    pub pass_yaml: String,
    /// `fail.Dockerfile`; empty when there is none.
    pub fail_dockerfile: String,
    /// `pass.Dockerfile`; empty when there is none.
    pub pass_dockerfile: String,
}

/// A whole control, checked.
#[derive(Clone, Debug)]
pub struct ControlDefinition {
    /// For selection.
    pub header: Header,
    /// For evaluation.
    pub condition: Condition,
    /// For the texts of findings.
    pub rendering: Rendering,
    /// For people.
    pub texts: Texts,
}
