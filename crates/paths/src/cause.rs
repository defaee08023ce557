//! What facts of pods and other objects say, and the edits that undo them: shared by techniques.

use crate::evidence::{Cause, Change, Value};

/// A row for each.
macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $says:literal, $remedy:literal, $change:expr, [$($control:literal),*];)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: Cause = Cause {
                says: $says,
                remedy: $remedy,
                change: $change,
                controls: &[$($control),*],
            };
        )*

        /// All of them.
        pub(crate) static ALL: &[&Cause] = &[$(&$name),*];
    };
}

causes! {
    PRIVILEGED = "the container runs privileged",
        "do not run the container privileged", Change::Remove, ["privileged-container"];
    HOST_PID = "the pod sees the processes of its node",
        "leave the process namespace of the node", Change::Remove, ["host-pid"];
    HOST_NETWORK = "the pod uses the network of its node",
        "leave the network of the node", Change::Remove, ["host-network"];
    HOST_PROCESS = "the container is a process of the Windows node",
        "do not run the container as a process of the node", Change::Remove, ["windows-host-process"];
    SYS_ADMIN = "the container has the capability SYS_ADMIN",
        "take the capability away", Change::Remove, ["capability-sys-admin", "dangerous-capability"];
    SYS_MODULE = "the container has the capability SYS_MODULE",
        "take the capability away", Change::Remove, ["capability-sys-module", "dangerous-capability"];
    SYS_PTRACE = "the container has the capability SYS_PTRACE",
        "take the capability away", Change::Remove, ["dangerous-capability"];
    DAC_READ_SEARCH = "the container has the capability DAC_READ_SEARCH",
        "take the capability away", Change::Remove, [];
    SHARED_PROCESSES = "the containers of the pod share their processes",
        "give each container processes of its own", Change::Remove, [];
    HOST_PATH = "the pod mounts a path of its node",
        "remove the volume", Change::RemoveVolume, ["host-path-volume", "host-path-sensitive"];
    SOCKET = "the pod mounts the socket of the container runtime",
        "remove the volume", Change::RemoveVolume, ["runtime-socket-mounted", "host-path-volume"];
    CLAIM = "the pod claims a volume that is a path of its node",
        "remove the volume", Change::RemoveVolume, [];
    HOST_VOLUME = "the volume is a path of the node",
        "use a volume that is no path of the node", Change::None, [];
    WRITABLE = "the container mounts it writable",
        "mount it read-only", Change::Set(&["readOnly"], Value::Bool(true)), ["host-path-writable"];
    MOUNTED = "the container mounts it",
        "remove the mount", Change::Remove, [];
    TOKEN = "a token of the service account is mounted",
        "do not mount a token", Change::Set(&["automountServiceAccountToken"], Value::Bool(false)),
        ["automount-sa-token", "sa-token-by-default"];
    TOKEN_OF_ACCOUNT = "the service account has its token mounted into pods",
        "do not mount a token", Change::Set(&["automountServiceAccountToken"], Value::Bool(false)),
        ["automount-sa-token"];
    TOKEN_VOLUME = "a volume holds a token of the service account",
        "remove the token from the volume", Change::Remove, [];
    ACCOUNT = "the pod runs as the service account",
        "run the pod as a service account of its own", Change::None, [];
    SECRET_IN_ENV = "a variable holds a value of the Secret",
        "mount the Secret as a file of the program that needs it", Change::None, ["secret-in-env", "secret-env-from"];
    SECRET_VOLUME = "a volume holds the Secret",
        "remove the volume", Change::RemoveVolume, ["mounted-secret"];
    SECRET_TOKEN = "the Secret holds a token of the service account",
        "delete the Secret, and let pods get tokens that expire", Change::None, [];
    BOUND = "a binding grants the role",
        "take the subject out of the binding", Change::Remove, [];
    AGGREGATED = "the role is aggregated because of a label",
        "remove the label", Change::Remove, [];
    UNGUARDED = "the namespace lets privileged pods in",
        "enforce the baseline standard",
        Change::Set(&["labels", "pod-security.kubernetes.io/enforce"], Value::Text("baseline")),
        ["psa-not-enforced", "psa-baseline-not-enforced"];
    CLOUD_ROLE = "the service account is bound to an identity of the cloud",
        "remove the annotation", Change::Remove, [];
    CLOUD_ASSOCIATION = "the service account is associated with an identity of the cloud",
        "remove the association", Change::None, [];
    CLOUD_NODE = "the node is a machine of the cloud",
        "keep pods from the metadata service of the cloud", Change::None, ["metadata-api-reachable"];
    AWS_AUTH = "the map of cloud identities names it",
        "remove the entry", Change::None, [];
    EXPOSED = "a way from outside leads to the port",
        "do not expose it", Change::None, [];
    DECLARED = "the container declares the port",
        "", Change::None, [];
    CONTROL_PLANE = "the node is one of the control plane",
        "", Change::None, [];
    TOLERATES = "the pod may run on nodes of the control plane",
        "remove the toleration", Change::Remove, [];
}
