//! The field names that the views read, as key ids.

use document::{KeyId, Keys, NodeRef, WalkEnd};

macro_rules! fields {
    ($($variant:ident = $name:literal,)*) => {
        /// A field name that the views of this crate read.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Field { $($variant,)* }

        const NAMES: &[&str] = &[$($name,)*];
    };
}

fields! {
    Add = "add",
    AllowPrivilegeEscalation = "allowPrivilegeEscalation",
    Annotations = "annotations",
    ApiVersion = "apiVersion",
    AppArmorProfile = "appArmorProfile",
    AutomountServiceAccountToken = "automountServiceAccountToken",
    Capabilities = "capabilities",
    Container = "container",
    ContainerSet = "containerSet",
    Containers = "containers",
    DnsPolicy = "dnsPolicy",
    Drop = "drop",
    EnableServiceLinks = "enableServiceLinks",
    EphemeralContainers = "ephemeralContainers",
    FsGroup = "fsGroup",
    GenerateName = "generateName",
    HostIpc = "hostIPC",
    HostNetwork = "hostNetwork",
    HostPid = "hostPID",
    HostProcess = "hostProcess",
    HostUsers = "hostUsers",
    Image = "image",
    ImagePullPolicy = "imagePullPolicy",
    InitContainers = "initContainers",
    Items = "items",
    Kind = "kind",
    Limits = "limits",
    Metadata = "metadata",
    Name = "name",
    Namespace = "namespace",
    Os = "os",
    Privileged = "privileged",
    ProcMount = "procMount",
    ReadOnlyRootFilesystem = "readOnlyRootFilesystem",
    Requests = "requests",
    Resources = "resources",
    RestartPolicy = "restartPolicy",
    RunAsGroup = "runAsGroup",
    RunAsNonRoot = "runAsNonRoot",
    RunAsUser = "runAsUser",
    Script = "script",
    SeccompProfile = "seccompProfile",
    SecurityContext = "securityContext",
    ServiceAccount = "serviceAccount",
    ServiceAccountName = "serviceAccountName",
    ShareProcessNamespace = "shareProcessNamespace",
    Sidecars = "sidecars",
    Spec = "spec",
    StepTemplate = "stepTemplate",
    Steps = "steps",
    TerminationGracePeriodSeconds = "terminationGracePeriodSeconds",
    Type = "type",
    Volumes = "volumes",
    WindowsOptions = "windowsOptions",
}

/// The field names that the views of this crate read: whoever makes the [`Keys`] of a scan puts them
/// in, so that reading a field is an integer comparison.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// The ids that those names have in one table of keys.
#[derive(Clone, Debug)]
pub struct FieldKeys {
    ids: Box<[Option<KeyId>]>,
}

impl FieldKeys {
    /// Looks the names up. A name that the table lacks is looked up as text each time: slow, not wrong.
    pub fn new(keys: &Keys) -> Self {
        FieldKeys {
            ids: NAMES.iter().map(|name| keys.get(name)).collect(),
        }
    }

    /// The value of a field of a mapping; `None` when it is absent or null.
    pub(crate) fn get<'a>(&self, node: NodeRef<'a>, field: Field) -> Option<NodeRef<'a>> {
        let index = field as usize;
        if let Some(id) = self.ids[index] {
            let walk = node.walk([id]);
            return (walk.end == WalkEnd::Reached).then_some(walk.node);
        }
        let value = node.get_str(NAMES[index]);
        value.filter(|value| !value.is_null())
    }

    /// The field that a key names.
    pub(crate) fn is(&self, key: document::EntryRef<'_>, field: Field) -> bool {
        match self.ids[field as usize] {
            Some(id) => key.key == id,
            None => key.name() == NAMES[field as usize],
        }
    }
}
