//! What a control's expressions can name: the variables and the members beyond the manifest's fields.

use std::sync::LazyLock;

use expr::Declarations;

use crate::control::Scope;
use crate::relations::relations;

/// The variables of a control's expressions, in the order of their slots in an activation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// What the scope gives.
    This,
    /// The whole resource.
    Object,
    /// The pod, in the scopes inside one.
    Pod,
    /// The list item, with `each`.
    Item,
    /// The control's parameters.
    Params,
    /// The version that is assumed.
    Kubernetes,
}

impl Slot {
    /// All slots in order.
    pub const ALL: [Slot; 6] = [
        Slot::This,
        Slot::Object,
        Slot::Pod,
        Slot::Item,
        Slot::Params,
        Slot::Kubernetes,
    ];

    /// Name of the variable.
    pub fn name(self) -> &'static str {
        match self {
            Slot::This => "self",
            Slot::Object => "object",
            Slot::Pod => "pod",
            Slot::Item => "item",
            Slot::Params => "params",
            Slot::Kubernetes => "kubernetes",
        }
    }
}

/// Names of the members of host objects, in the order of their ids. A name may be a member of
/// several objects and a field of others.
pub const MEMBERS: &[&str] = &[
    // pod, container, image
    "effective",
    "metadata",
    "kind",
    "allContainers",
    "mainContainers",
    "role",
    "reference",
    "registry",
    "repository",
    "name",
    "tag",
    "digest",
    "container",
    // pod.effective
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "hostUsers",
    "shareProcessNamespace",
    "serviceAccountName",
    "automountServiceAccountToken",
    "restartPolicy",
    "dnsPolicy",
    "enableServiceLinks",
    "terminationGracePeriodSeconds",
    "os",
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "fsGroup",
    // container.effective
    "privileged",
    "allowPrivilegeEscalation",
    "readOnlyRootFilesystem",
    "capabilities",
    "add",
    "drop",
    "seccompProfile",
    "appArmorProfile",
    "type",
    "procMount",
    "hostProcess",
    "imagePullPolicy",
    "resources",
    "requests",
    "limits",
    // kubernetes
    "minor",
    // process
    "component",
    "source",
    // reference
    "via",
    "group",
    "namespace",
    "key",
    "optional",
    "volume",
    "exists",
    "hasKey",
    // exposure, backend, service port
    "level",
    "possible",
    "chains",
    "way",
    "hasPort",
    "isAccepted",
    "isServed",
    // escalation
    "pattern",
    "title",
    "severity",
    "gain",
    "becomes",
    "target",
];

/// The declarations with every variable: what programs are compiled with.
pub fn declarations() -> &'static Declarations {
    static ALL: LazyLock<Declarations> = LazyLock::new(|| build(|_| true));
    &ALL
}

/// The declarations that the expressions of a scope are held against.
///
/// A variable that the scope lacks keeps its slot under a number, which no expression can name.
pub fn declarations_for(scope: Scope, with_item: bool) -> Declarations {
    build(|slot| match slot {
        Slot::Pod => scope.is_in_pod(),
        Slot::Item => with_item,
        _ => true,
    })
}

fn build(has: impl Fn(Slot) -> bool) -> Declarations {
    let mut declarations = Declarations::new();
    for slot in Slot::ALL {
        let hidden = (slot as usize).to_string();
        declarations.variable(if has(slot) { slot.name() } else { &hidden });
    }
    for name in MEMBERS {
        declarations.member(name);
    }
    for relation in relations().filter(|relation| relation.arguments.is_some()) {
        declarations.method(relation.name);
    }
    declarations
}
