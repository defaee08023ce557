//! The effective flags of components of the control plane and of nodes.

use super::Relation;

const PROCESS: &str = "process";

/// A method of a process that takes the name of a flag.
const fn of_flag(name: &'static str, result: &'static str, about: &'static str) -> Relation {
    Relation {
        on: PROCESS,
        name,
        arguments: Some("flag: string"),
        result,
        about,
    }
}

pub(super) const RELATIONS: &[Relation] = &[
    Relation {
        on: PROCESS,
        name: "component",
        arguments: None,
        result: "string",
        about: "The program: `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`, `etcd`, `kubelet`, `kube-proxy` or `cloud-controller-manager`.",
    },
    Relation {
        on: PROCESS,
        name: "source",
        arguments: None,
        result: "string",
        about: "Where it was seen: `container` (a command line), `configuration` (its configuration file) or `kubeadm` (a configuration of kubeadm, which starts it).",
    },
    of_flag(
        "text",
        "string",
        "What a flag is in force as: the command line, else the configuration file, else the default of the version; empty when it is not set and has no default. Flags are named without dashes in front. Unknown where a file that was not scanned, a variable or a script decides. `anonymous-auth` of an API server is `limited` where an AuthenticationConfiguration allows it for some paths only.",
    ),
    of_flag(
        "isOn",
        "bool",
        "The same for a flag that is true or false; unknown when it is neither.",
    ),
    of_flag(
        "number",
        "int",
        "The same for a flag that holds a whole number; unknown when it holds something else.",
    ),
    of_flag(
        "seconds",
        "double",
        "The same for a flag that holds a span of time such as `1m30s`.",
    ),
    of_flag(
        "list",
        "list(string)",
        "The same for a flag that holds texts separated by commas; where it may be repeated, all of them.",
    ),
    of_flag(
        "isSet",
        "bool",
        "Whether the command line or the configuration file says something about a flag.",
    ),
    of_flag(
        "written",
        "list(string)",
        "What the command line gives a flag, without files and defaults; empty when it is not there.",
    ),
    Relation {
        on: PROCESS,
        name: "plugins",
        arguments: Some(""),
        result: "list(string)",
        about: "The admission plugins that an API server runs: the default ones of the version, with those that flags add and without those that flags disable.",
    },
    Relation {
        on: PROCESS,
        name: "gate",
        arguments: Some("feature: string"),
        result: "bool",
        about: "Whether a feature gate is on: as set, else the default of the version; unknown for gates whose default is not known.",
    },
    Relation {
        on: PROCESS,
        name: "processes",
        arguments: Some("component: string"),
        result: "list(process)",
        about: "The scanned processes of a component; what goes together is not known where a scan holds several clusters.",
    },
    Relation {
        on: PROCESS,
        name: "resource",
        arguments: Some(""),
        result: "resource",
        about: "The resource that runs or configures it.",
    },
    Relation {
        on: "cluster",
        name: "resources",
        arguments: Some("kind: string"),
        result: "list(resource)",
        about: "The scanned resources of a kind, in any API group.",
    },
];
