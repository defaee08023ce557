//! What the things of controls are in the API server's CEL.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use catalog::{Control, ParamValue, Scope, Slot, declarations_for};
use document::{Keys, Limits, Source, parse_yaml};
use expr::{Checked, Meaning, Member, Plain, Thing, ThingList};

use super::ExportSettings;
use super::places::{LISTS, Place};

/// The definitions of `effective.*` and of the members of images.
const DEFINITIONS: &str = include_str!("../../data/effective.yaml");

/// Fields that an object has when it is admitted, whoever wrote it: those that the API server gives a default, and
/// those that its types always write.
const FILLED_IN: &[&str] = &[
    "backoffLimit",
    "completionMode",
    "concurrencyPolicy",
    "dnsPolicy",
    "failedJobsHistoryLimit",
    "imagePullPolicy",
    "internalTrafficPolicy",
    "ipFamilyPolicy",
    "podManagementPolicy",
    "podSelector",
    "progressDeadlineSeconds",
    "revisionHistoryLimit",
    "schedulerName",
    "sessionAffinity",
    "successfulJobsHistoryLimit",
    "terminationGracePeriodSeconds",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "updateStrategy",
    "volumeMode",
];

/// Lists that the types of the API server write as `null` where there are none: the rules of roles.
const NULLABLE: &[&str] = &["rules"];

/// What a container is for, as far as its list tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Main,
    Init,
    Ephemeral,
}

/// What a thing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Object,
    Pod,
    Container(Role),
    Image(Role),
    PodEffective,
    /// With the group of members that was named on the way, such as `capabilities`.
    Effective(Role, Group),
    Params,
    Kubernetes,
}

/// A group of members of `container.effective`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Group {
    None,
    Capabilities,
    SeccompProfile,
    AppArmorProfile,
    Resources,
}

const ROLES: [Role; 3] = [Role::Main, Role::Init, Role::Ephemeral];

const GROUPS: [(Group, &str); 5] = [
    (Group::None, ""),
    (Group::Capabilities, "capabilities"),
    (Group::SeccompProfile, "seccompProfile"),
    (Group::AppArmorProfile, "appArmorProfile"),
    (Group::Resources, "resources"),
];

impl Kind {
    fn all() -> impl Iterator<Item = Kind> {
        let effective = ROLES
            .into_iter()
            .flat_map(|role| GROUPS.map(|(group, _)| Kind::Effective(role, group)));
        [
            Kind::Object,
            Kind::Pod,
            Kind::PodEffective,
            Kind::Params,
            Kind::Kubernetes,
        ]
        .into_iter()
        .chain(ROLES.map(Kind::Container))
        .chain(ROLES.map(Kind::Image))
        .chain(effective)
    }

    pub(super) fn number(self) -> u32 {
        Kind::all()
            .position(|kind| kind == self)
            .unwrap_or_default() as u32
    }

    fn of(thing: &Thing) -> Option<Kind> {
        Kind::all().nth(thing.kind as usize)
    }
}

/// A definition, and whether it gives an optional.
struct Definition {
    of: Checked,
    is_optional: bool,
}

/// By scope and name.
static TABLE: LazyLock<BTreeMap<(String, String), Definition>> = LazyLock::new(|| {
    let source = Source::new("effective.yaml", DEFINITIONS);
    let parsed = parse_yaml(source, &Arc::new(Keys::new([])), &Limits::default());
    let mut table = BTreeMap::new();
    for scope in parsed
        .document
        .roots()
        .flat_map(|root| root.entries().collect::<Vec<_>>())
    {
        let own = match scope.name() {
            "pod" => Scope::Pod,
            "image" => Scope::Image,
            _ => Scope::Container,
        };
        let declarations = declarations_for(own, false);
        for member in scope.value.entries() {
            let text = member.value.as_str().unwrap_or_default();
            let checked = Checked::parse(text, &declarations);
            let of =
                checked.expect("invariant: a test holds the definitions equal to the native form");
            let name = member.name();
            let is_optional = name.starts_with('?');
            let key = (
                scope.name().to_owned(),
                name.trim_start_matches('?').to_owned(),
            );
            table.insert(key, Definition { of, is_optional });
        }
    }
    table
});

/// What things mean in the policies of one control for one place.
pub(super) struct Meanings<'c> {
    pub(super) place: Option<&'static Place>,
    pub(super) control: &'c Control,
    pub(super) settings: &'c ExportSettings,
    /// The first minor of Kubernetes that understands what was used so far.
    pub(super) since: Cell<u32>,
}

impl Meanings<'_> {
    fn needs(&self, minor: u32) {
        self.since.set(self.since.get().max(minor));
    }

    fn pod(&self, name: &str) -> Member<'_> {
        let lists = |has: fn(Role) -> bool| {
            let has_ephemeral = self.place.is_some_and(|place| place.has_ephemeral);
            let lists = LISTS
                .iter()
                .filter(|list| has(list.kind) && (has_ephemeral || !list.is_ephemeral));
            let lists = lists.map(|list| ThingList {
                text: list.text.to_owned(),
                kind: Kind::Container(list.kind).number(),
            });
            Member::Plain(Plain::Lists(lists.collect()))
        };
        match name {
            "effective" => thing(Kind::PodEffective, "variables.pod"),
            "metadata" => text("variables.metadata".to_owned()),
            "kind" => match self.place.and_then(Place::only_kind) {
                Some(kind) => Member::Plain(Plain::String(kind.to_owned())),
                None => text("object.kind".to_owned()),
            },
            "allContainers" => lists(|_| true),
            "mainContainers" => lists(|role| role == Role::Main),
            _ => Member::Field,
        }
    }

    fn container(role: Role, own: &str, name: &str) -> Member<'static> {
        match (name, role) {
            ("effective", _) => thing(Kind::Effective(role, Group::None), own),
            ("role", Role::Main) => Member::Plain(Plain::String("main".to_owned())),
            ("role", Role::Ephemeral) => Member::Plain(Plain::String("ephemeral".to_owned())),
            ("role", Role::Init) => text(format!(
                "({own}.?restartPolicy.orValue(\"\") == \"Always\" ? \"sidecar\" : \"init\")"
            )),
            _ => Member::Field,
        }
    }

    fn image<'d>(role: Role, own: &str, name: &str) -> Member<'d> {
        match name {
            "container" => thing(Kind::Container(role), own),
            "reference" => text(format!("{own}.image")),
            _ => Self::defined("image", name, Kind::Image(role), own),
        }
    }

    fn effective<'d>(role: Role, group: Group, own: &str, name: &str) -> Member<'d> {
        let named = GROUPS.iter().find(|(_, word)| *word == name);
        if let (Group::None, Some((group, _))) = (group, named) {
            return thing(Kind::Effective(role, *group), own);
        }
        let prefix = GROUPS.iter().find(|(known, _)| *known == group);
        let name = match prefix {
            Some((_, prefix)) if !prefix.is_empty() => format!("{prefix}.{name}"),
            _ => name.to_owned(),
        };
        Self::defined("container", &name, Kind::Container(role), own)
    }

    /// A member that has a definition, over what it is a member of.
    fn defined<'d>(scope: &str, name: &str, kind: Kind, own: &str) -> Member<'d> {
        let Some(definition) = TABLE.get(&(scope.to_owned(), name.to_owned())) else {
            return Member::Unknown;
        };
        let plain = |kind: Kind, text: &str| {
            Some(Plain::Thing(Thing {
                kind: kind.number(),
                text: text.to_owned(),
            }))
        };
        let variables = Slot::ALL.map(|slot| match slot {
            Slot::This => plain(kind, own),
            Slot::Pod => plain(Kind::Pod, "variables.pod"),
            Slot::Kubernetes => plain(Kind::Kubernetes, "kubernetes"),
            Slot::Object | Slot::Item | Slot::Params => None,
        });
        Member::Definition {
            of: &definition.of,
            variables: variables.to_vec(),
            is_optional: definition.is_optional,
        }
    }

    fn parameter(&self, name: &str) -> Member<'_> {
        let header = &self.control.header;
        let set = self.settings.params.iter().rev();
        let mut set = set.filter(|(control, param, _)| *control == header.id && param == name);
        let own = header.params.iter().find(|param| param.name == name);
        let value = set
            .next()
            .map(|(.., value)| value)
            .or_else(|| own.map(|param| &param.default));
        match value {
            None => Member::Unknown,
            Some(ParamValue::String(text)) => Member::Plain(Plain::String(text.clone())),
            Some(ParamValue::Int(number)) => Member::Plain(Plain::Int(*number)),
            Some(ParamValue::Bool(switch)) => Member::Plain(Plain::Bool(*switch)),
            Some(ParamValue::Strings(texts)) => Member::Plain(Plain::Strings(texts.clone())),
        }
    }
}

fn thing(kind: Kind, own: &str) -> Member<'static> {
    Member::Plain(Plain::Thing(Thing {
        kind: kind.number(),
        text: own.to_owned(),
    }))
}

fn text(text: String) -> Member<'static> {
    Member::Plain(Plain::Text(text))
}

impl Meaning for Meanings<'_> {
    fn member(&self, thing: &Thing, name: &str) -> Member<'_> {
        match Kind::of(thing) {
            Some(Kind::Object) if name == "status" => Member::Refused(
                "it looks at the status, which an object does not have yet".to_owned(),
            ),
            Some(Kind::Object) => Member::Field,
            Some(Kind::Pod) => self.pod(name),
            Some(Kind::Container(role)) => Meanings::container(role, &thing.text, name),
            Some(Kind::Image(role)) => Self::image(role, &thing.text, name),
            Some(Kind::PodEffective) => Self::defined("pod", name, Kind::Pod, "variables.pod"),
            Some(Kind::Effective(role, group)) => Self::effective(role, group, &thing.text, name),
            Some(Kind::Params) => self.parameter(name),
            Some(Kind::Kubernetes) if name == "minor" => {
                Member::Plain(Plain::Int(self.settings.kubernetes_version.minor.into()))
            }
            Some(Kind::Kubernetes) | None => Member::Unknown,
        }
    }

    fn element(&self, _kind: u32) -> &'static str {
        "other"
    }

    fn field(&self, name: &str, is_presence: bool) -> Result<(), String> {
        if name == "serviceAccount" {
            return Err("it looks at `serviceAccount`, which the API server keeps equal to `serviceAccountName`".to_owned());
        }
        if is_presence && FILLED_IN.contains(&name) {
            return Err(format!(
                "it asks whether there is a `{name}`, which the API server fills in"
            ));
        }
        Ok(())
    }

    fn may_be_null(&self, name: &str) -> bool {
        NULLABLE.contains(&name)
    }

    /// What is beyond the standard functions, and the minor of Kubernetes that brought it.
    fn function(&self, namespace: Option<&str>, name: &str) -> Result<(), String> {
        match (namespace, name) {
            (Some("math" | "base64" | "strings"), _) => {
                let namespace = namespace.unwrap_or_default();
                return Err(format!(
                    "it calls `{namespace}.{name}()`, which Kubernetes does not have"
                ));
            }
            (_, "ip" | "isIP" | "cidr" | "isCIDR" | "isCanonical") => self.needs(30),
            (Some("format"), _) => self.needs(31),
            (_, "semver" | "isSemver") => self.needs(33),
            (
                _,
                "distinct" | "flatten" | "slice" | "sort" | "first" | "last" | "range" | "reverse",
            ) => self.needs(34),
            _ => {}
        }
        Ok(())
    }

    fn two_variables(&self) -> Result<(), String> {
        self.needs(32);
        Ok(())
    }
}
