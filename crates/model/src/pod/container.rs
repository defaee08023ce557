//! Containers of a pod, with what Kubernetes would run them with.

use std::sync::OnceLock;

use document::{Kind, NodeRef};

use super::PodScope;
use crate::effective::{ContainerMember, Effective, Expected};
use crate::fields::Field;
use crate::image::ImageRef;
use crate::inventory::Resource;
use crate::workload::Shape;

/// The part that a container plays in its pod.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ContainerRole {
    /// Does the pod's work.
    Main,
    /// Runs to its end before the main ones start.
    Init,
    /// An init container that keeps running (`restartPolicy: Always`).
    Sidecar,
    /// Was added to a running pod to look into it.
    Ephemeral,
}

impl ContainerRole {
    /// The word that controls use.
    pub fn as_str(self) -> &'static str {
        match self {
            ContainerRole::Main => "main",
            ContainerRole::Init => "init",
            ContainerRole::Sidecar => "sidecar",
            ContainerRole::Ephemeral => "ephemeral",
        }
    }
}

/// A container of a pod. Borrowed from the inventory.
#[derive(Debug)]
pub struct ContainerView<'a> {
    scope: PodScope<'a>,
    node: NodeRef<'a>,
    role: ContainerRole,
    /// Tekton's `stepTemplate`: what the step does not say itself.
    template: Option<NodeRef<'a>>,
    effective: OnceLock<[Effective<'a>; ContainerMember::ALL.len()]>,
}

impl<'a> ContainerView<'a> {
    /// The resource that carries the pod.
    pub fn resource(&self) -> &'a Resource {
        self.scope.resource
    }

    /// The container as written.
    pub fn node(&self) -> NodeRef<'a> {
        self.node
    }

    /// The pod spec that it stands in.
    pub fn pod_spec(&self) -> NodeRef<'a> {
        self.scope.spec
    }

    /// Its part in the pod.
    pub fn role(&self) -> ContainerRole {
        self.role
    }

    /// Its name; empty when it has none.
    pub fn name(&self) -> &'a str {
        let name = self.scope.views.fields.get(self.node, Field::Name);
        name.and_then(NodeRef::as_str).unwrap_or("")
    }

    /// Its image: a node of any type; `None` when it has none, or an empty one.
    pub fn image(&self) -> Option<NodeRef<'a>> {
        match self.own(Field::Image, Expected::Str) {
            Effective::Node(node) => node
                .as_str()
                .is_some_and(|text| !text.is_empty())
                .then_some(node),
            value => value.node(),
        }
    }

    /// A value after inheritance and defaulting.
    pub fn effective(&self, member: ContainerMember) -> Effective<'a> {
        self.effective.get_or_init(|| self.compute_all())[member as usize]
    }

    fn compute_all(&self) -> [Effective<'a>; ContainerMember::ALL.len()] {
        let contexts = Contexts {
            container: self.own(Field::SecurityContext, Expected::Map),
            pod: self.scope.security_context(),
        };
        let mut values = [Effective::Absent; ContainerMember::ALL.len()];
        for (value, &member) in values.iter_mut().zip(ContainerMember::ALL) {
            *value = self.compute(&contexts, member);
        }
        values
    }

    fn compute(&self, contexts: &Contexts<'a>, member: ContainerMember) -> Effective<'a> {
        let own = |field, expected| {
            contexts
                .container
                .field(&self.scope.views.fields, field, expected)
        };
        let inherited = |field, expected| {
            let fields = &self.scope.views.fields;
            own(field, expected).or(|| contexts.pod.field(fields, field, expected))
        };
        match member {
            ContainerMember::Privileged => own(Field::Privileged, Expected::Bool).or_bool(false),
            ContainerMember::AllowPrivilegeEscalation => {
                own(Field::AllowPrivilegeEscalation, Expected::Bool).or_bool(true)
            }
            ContainerMember::ReadOnlyRootFilesystem => {
                own(Field::ReadOnlyRootFilesystem, Expected::Bool).or_bool(false)
            }
            ContainerMember::RunAsNonRoot => {
                inherited(Field::RunAsNonRoot, Expected::Bool).or_bool(false)
            }
            ContainerMember::RunAsUser => inherited(Field::RunAsUser, Expected::Int),
            ContainerMember::RunAsGroup => inherited(Field::RunAsGroup, Expected::Int),
            ContainerMember::CapabilitiesAdd => self.capabilities(contexts, Field::Add),
            ContainerMember::CapabilitiesDrop => self.capabilities(contexts, Field::Drop),
            ContainerMember::SeccompProfileType => self.seccomp(contexts),
            ContainerMember::AppArmorProfileType => self.app_armor(contexts),
            ContainerMember::ProcMount => contexts
                .container
                .text(&self.scope.views.fields, Field::ProcMount)
                .or_str("Default"),
            ContainerMember::HostProcess => self.host_process(contexts),
            ContainerMember::ImagePullPolicy => self.image_pull_policy(),
            ContainerMember::ResourcesRequests => self.requests(),
            ContainerMember::ResourcesLimits => {
                self.resources(Field::Limits).or(|| Effective::EmptyMap)
            }
        }
    }

    /// A field of the container, else of the template of its pod's containers.
    fn own(&self, field: Field, expected: Expected) -> Effective<'a> {
        let fields = &self.scope.views.fields;
        Effective::Node(self.node)
            .field(fields, field, expected)
            .or(|| match self.template {
                Some(template) => Effective::Node(template).field(fields, field, expected),
                None => Effective::Absent,
            })
    }

    fn capabilities(&self, contexts: &Contexts<'a>, field: Field) -> Effective<'a> {
        let fields = &self.scope.views.fields;
        let capabilities = contexts.container.map(fields, Field::Capabilities);
        capabilities
            .field(fields, field, Expected::List)
            .or(|| Effective::EmptyList)
    }

    fn host_process(&self, contexts: &Contexts<'a>) -> Effective<'a> {
        let fields = &self.scope.views.fields;
        let of = |context: Effective<'a>| {
            context.map(fields, Field::WindowsOptions).field(
                fields,
                Field::HostProcess,
                Expected::Bool,
            )
        };
        of(contexts.container)
            .or(|| of(contexts.pod))
            .or_bool(false)
    }

    fn image_pull_policy(&self) -> Effective<'a> {
        let written = match self.own(Field::ImagePullPolicy, Expected::Str) {
            Effective::Node(node) if node.as_str() == Some("") => Effective::Absent,
            value => value,
        };
        written.or(|| {
            let image = self.image().and_then(NodeRef::as_str).unwrap_or("");
            Effective::Str(ImageRef::default_pull_policy(image))
        })
    }

    fn resources(&self, field: Field) -> Effective<'a> {
        self.own(Field::Resources, Expected::Map)
            .map(&self.scope.views.fields, field)
    }

    fn requests(&self) -> Effective<'a> {
        match (
            self.resources(Field::Requests),
            self.resources(Field::Limits),
        ) {
            (Effective::Mismatch(node), _) | (_, Effective::Mismatch(node)) => {
                Effective::Mismatch(node)
            }
            (Effective::Node(requests), Effective::Node(limits)) => {
                Effective::Requests { requests, limits }
            }
            (Effective::Node(only), _) | (_, Effective::Node(only)) => Effective::Node(only),
            _ => Effective::EmptyMap,
        }
    }

    /// Fields and annotations as the API server brings them together on admission: what is said of
    /// the container in either form goes before what is said of the pod.
    fn seccomp(&self, contexts: &Contexts<'a>) -> Effective<'a> {
        let annotated = |key: &str, prefix: &str| {
            let reads_annotations = self.scope.views.version.minor <= LAST_WITH_SECCOMP_ANNOTATIONS;
            reads_annotations
                .then(|| self.annotation(prefix, key))
                .flatten()
                .map_or(Effective::Absent, profile_type)
        };
        let field = |context: Effective<'a>| self.profile(context, Field::SeccompProfile);
        field(contexts.container)
            .or(|| {
                annotated(
                    self.name(),
                    "container.seccomp.security.alpha.kubernetes.io/",
                )
            })
            .or(|| field(contexts.pod))
            .or(|| annotated("", "seccomp.security.alpha.kubernetes.io/pod"))
            .or_str("")
    }

    fn app_armor(&self, contexts: &Contexts<'a>) -> Effective<'a> {
        let reads_fields = self.scope.views.version.minor >= FIRST_WITH_APP_ARMOR_FIELDS;
        let field = |context: Effective<'a>| {
            if reads_fields {
                self.profile(context, Field::AppArmorProfile)
            } else {
                Effective::Absent
            }
        };
        let annotation = self.annotation(
            "container.apparmor.security.beta.kubernetes.io/",
            self.name(),
        );
        field(contexts.container)
            .or(|| annotation.map_or(Effective::Absent, profile_type))
            .or(|| field(contexts.pod))
            .or_str("")
    }

    fn profile(&self, context: Effective<'a>, field: Field) -> Effective<'a> {
        let fields = &self.scope.views.fields;
        context.map(fields, field).text(fields, Field::Type)
    }

    /// The text of the annotation `prefix` + `name` of the pod.
    fn annotation(&self, prefix: &str, name: &str) -> Option<&'a str> {
        let annotations = self.scope.annotations()?;
        let entry = annotations
            .entries()
            .filter(|entry| entry.name().strip_prefix(prefix) == Some(name));
        entry.last()?.value.as_str()
    }
}

/// The last minor that reads the annotations which seccomp fields replaced.
const LAST_WITH_SECCOMP_ANNOTATIONS: u32 = 26;

/// The first minor that reads `appArmorProfile` unless a feature gate says otherwise.
const FIRST_WITH_APP_ARMOR_FIELDS: u32 = 30;

/// The security contexts that count for a container.
struct Contexts<'a> {
    container: Effective<'a>,
    pod: Effective<'a>,
}

/// What the value of a seccomp or AppArmor annotation means; a value that means nothing sets nothing.
fn profile_type(value: &str) -> Effective<'static> {
    match value {
        "runtime/default" | "docker/default" => Effective::Str("RuntimeDefault"),
        "unconfined" => Effective::Str("Unconfined"),
        _ if value.starts_with("localhost/") => Effective::Str("Localhost"),
        _ => Effective::Absent,
    }
}

/// The containers of a pod in the order of the text, and what stands there and is none.
pub(super) fn containers_of<'a>(
    scope: &PodScope<'a>,
) -> (Vec<ContainerView<'a>>, Vec<NodeRef<'a>>) {
    let mut gather = Gather {
        scope,
        template: scope.views.fields.get(scope.spec, Field::StepTemplate),
        containers: Vec::new(),
        mismatches: Vec::new(),
    };
    for entry in scope.spec.entries() {
        for &(field, role, is_list) in places(scope.shape) {
            if scope.views.fields.is(entry, field) {
                gather.take(entry.value, role, is_list);
            }
        }
    }
    (gather.containers, gather.mismatches)
}

struct Gather<'s, 'a> {
    scope: &'s PodScope<'a>,
    template: Option<NodeRef<'a>>,
    containers: Vec<ContainerView<'a>>,
    mismatches: Vec<NodeRef<'a>>,
}

impl<'a> Gather<'_, 'a> {
    fn take(&mut self, value: NodeRef<'a>, role: Option<ContainerRole>, is_list: bool) {
        let value = match role {
            Some(_) => value,
            // A containerSet holds its containers one level below.
            None => match self.scope.views.fields.get(value, Field::Containers) {
                Some(containers) => containers,
                None => return,
            },
        };
        let role = role.unwrap_or(ContainerRole::Main);
        match value.kind() {
            Kind::Null => {}
            Kind::Sequence if is_list => value.items().for_each(|item| self.push(item, role)),
            Kind::Mapping if !is_list => self.push(value, role),
            _ => self.mismatches.push(value),
        }
    }

    fn push(&mut self, node: NodeRef<'a>, role: ContainerRole) {
        if node.kind() != Kind::Mapping {
            self.mismatches.push(node);
            return;
        }
        let fields = &self.scope.views.fields;
        let restart = || {
            fields
                .get(node, Field::RestartPolicy)
                .and_then(NodeRef::as_str)
        };
        let role = match role {
            ContainerRole::Init if restart() == Some("Always") => ContainerRole::Sidecar,
            role => role,
        };
        self.containers.push(ContainerView {
            scope: *self.scope,
            node: node.resolved(),
            role,
            template: self.template,
            effective: OnceLock::new(),
        });
    }
}

/// The fields that hold containers, with their role and whether they are lists. No role: a containerSet.
fn places(shape: Shape) -> &'static [(Field, Option<ContainerRole>, bool)] {
    use ContainerRole::{Ephemeral, Init, Main, Sidecar};
    match shape {
        Shape::PodTemplate | Shape::PodSpec | Shape::InjectedContainers => &[
            (Field::Containers, Some(Main), true),
            (Field::InitContainers, Some(Init), true),
            (Field::EphemeralContainers, Some(Ephemeral), true),
        ],
        Shape::Steps => &[
            (Field::Steps, Some(Main), true),
            (Field::Sidecars, Some(Sidecar), true),
        ],
        Shape::WorkflowTemplate => &[
            (Field::Container, Some(Main), false),
            (Field::Script, Some(Main), false),
            (Field::ContainerSet, None, true),
            (Field::InitContainers, Some(Init), true),
            (Field::Sidecars, Some(Sidecar), true),
        ],
    }
}
