//! Values after inheritance and defaulting: the vocabulary that pods and containers share.

use document::{Kind, NodeRef};

use crate::fields::{Field, FieldKeys};

/// A value that Kubernetes would work with.
#[derive(Clone, Copy, Debug)]
pub enum Effective<'a> {
    /// As written somewhere in the manifest, of the right type.
    Node(NodeRef<'a>),
    /// A boolean that nobody wrote: a default.
    Bool(bool),
    /// An integer that nobody wrote.
    Int(i64),
    /// A text that nobody wrote so: a default, or what an annotation means.
    Str(&'static str),
    /// No list was written.
    EmptyList,
    /// No mapping was written.
    EmptyMap,
    /// The entries of `requests`, and those of `limits` whose names `requests` lacks.
    Requests {
        /// A mapping.
        requests: NodeRef<'a>,
        /// A mapping.
        limits: NodeRef<'a>,
    },
    /// Nothing was written, and there is no default.
    Absent,
    /// The manifest contradicts the schema here, so nobody knows.
    Mismatch(NodeRef<'a>),
}

impl<'a> Effective<'a> {
    /// The value, when it is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Effective::Node(node) => node.as_bool(),
            Effective::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value, when it is an integer.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Effective::Node(node) => node.as_i64(),
            Effective::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The value, when it is a text.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Effective::Node(node) => node.as_str(),
            Effective::Str(value) => Some(value),
            _ => None,
        }
    }

    /// The node that it comes from, or that contradicts the schema.
    pub fn node(self) -> Option<NodeRef<'a>> {
        match self {
            Effective::Node(node) | Effective::Mismatch(node) => Some(node),
            Effective::Requests { requests, .. } => Some(requests),
            _ => None,
        }
    }

    /// This value, or the other where nothing was written.
    pub(crate) fn or(self, other: impl FnOnce() -> Effective<'a>) -> Effective<'a> {
        match self {
            Effective::Absent => other(),
            written => written,
        }
    }

    pub(crate) fn or_bool(self, default: bool) -> Effective<'a> {
        self.or(|| Effective::Bool(default))
    }

    pub(crate) fn or_str(self, default: &'static str) -> Effective<'a> {
        self.or(|| Effective::Str(default))
    }

    /// A field below a value that must be a mapping.
    pub(crate) fn field(
        self,
        fields: &FieldKeys,
        field: Field,
        expected: Expected,
    ) -> Effective<'a> {
        match self {
            Effective::Node(node) => fields
                .get(node, field)
                .map_or(Effective::Absent, |value| expected.of(value)),
            Effective::Mismatch(node) => Effective::Mismatch(node),
            _ => Effective::Absent,
        }
    }

    /// A mapping below a mapping.
    pub(crate) fn map(self, fields: &FieldKeys, field: Field) -> Effective<'a> {
        self.field(fields, field, Expected::Map)
    }

    /// A text, where empty means not set.
    pub(crate) fn text(self, fields: &FieldKeys, field: Field) -> Effective<'a> {
        match self.field(fields, field, Expected::Str) {
            Effective::Node(node) if node.as_str() == Some("") => Effective::Absent,
            value => value,
        }
    }
}

/// What type a field must have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expected {
    Bool,
    Int,
    Str,
    List,
    Map,
}

impl Expected {
    fn of(self, value: NodeRef<'_>) -> Effective<'_> {
        match (self, value.kind()) {
            (_, Kind::Null) => Effective::Absent,
            (Expected::Bool, Kind::Bool)
            | (Expected::Int, Kind::Int | Kind::Uint)
            | (Expected::Str, Kind::String)
            | (Expected::List, Kind::Sequence)
            | (Expected::Map, Kind::Mapping) => Effective::Node(value),
            _ => Effective::Mismatch(value),
        }
    }
}

macro_rules! members {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $(#[doc = concat!("`effective.", $text, "`")] $variant,)*
        }

        impl $name {
            /// All of them; the position is `self as usize`.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// What controls write after `effective.`; a dot parts a group from its member.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                }
            }

            /// The member behind a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.name() == name)
            }
        }
    };
}

members! {
    /// Effective values of a pod.
    PodMember {
        HostNetwork = "hostNetwork",
        HostPid = "hostPID",
        HostIpc = "hostIPC",
        HostUsers = "hostUsers",
        ShareProcessNamespace = "shareProcessNamespace",
        ServiceAccountName = "serviceAccountName",
        AutomountServiceAccountToken = "automountServiceAccountToken",
        RestartPolicy = "restartPolicy",
        DnsPolicy = "dnsPolicy",
        EnableServiceLinks = "enableServiceLinks",
        TerminationGracePeriodSeconds = "terminationGracePeriodSeconds",
        Os = "os",
        RunAsUser = "runAsUser",
        RunAsGroup = "runAsGroup",
        RunAsNonRoot = "runAsNonRoot",
        FsGroup = "fsGroup",
    }
}

members! {
    /// Effective values of a container.
    ContainerMember {
        Privileged = "privileged",
        AllowPrivilegeEscalation = "allowPrivilegeEscalation",
        ReadOnlyRootFilesystem = "readOnlyRootFilesystem",
        RunAsNonRoot = "runAsNonRoot",
        RunAsUser = "runAsUser",
        RunAsGroup = "runAsGroup",
        CapabilitiesAdd = "capabilities.add",
        CapabilitiesDrop = "capabilities.drop",
        SeccompProfileType = "seccompProfile.type",
        AppArmorProfileType = "appArmorProfile.type",
        ProcMount = "procMount",
        HostProcess = "hostProcess",
        ImagePullPolicy = "imagePullPolicy",
        ResourcesRequests = "resources.requests",
        ResourcesLimits = "resources.limits",
    }
}
