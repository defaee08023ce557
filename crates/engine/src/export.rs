//! Controls as `ValidatingAdmissionPolicy` objects, for those whose expression only looks at its object: the API server
//! then turns away what a scan would find.
//!
//! The expressions are those of the controls, written out: containers become one loop for each list of containers,
//! parameters and the version of Kubernetes are what they are, and `effective.*` is its definition. There is one policy
//! for each place that a pod template can be in.

mod meaning;
mod places;
mod policy;
mod resources;

use std::cell::Cell;

use catalog::{Condition, Control, KindPattern, ParamValue, Scope, Slot};
use expr::{NotPlain, Plain, PlainCondition, PlainText, Thing};
use model::KubernetesVersion;

use meaning::{Kind, Meanings};
use places::{LISTS, PLACES, Place};
use policy::{Draft, Validation};

/// The oldest minor of Kubernetes with admission policies that are not alpha or beta.
const OLDEST: u32 = 30;

/// What the export assumes.
#[derive(Clone, Debug)]
pub struct ExportSettings {
    /// The version that controls assume, and whose kinds are matched.
    pub kubernetes_version: KubernetesVersion,
    /// Parameters that differ from their defaults: control, name, value.
    pub params: Vec<(String, String, ParamValue)>,
    /// What bindings do with an object that does not pass: `Deny`, `Warn`, `Audit`.
    pub actions: Vec<&'static str>,
    /// Namespaces that bindings leave out.
    pub excluded_namespaces: Vec<String>,
}

/// A policy with its binding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// The name of both.
    pub name: String,
    /// The control.
    pub control: String,
    /// The first minor of Kubernetes that understands it.
    pub since: u32,
    /// Two YAML documents, each with a line `---` before it.
    pub text: String,
}

/// The policies of a control; the reason when it can have none.
pub fn export(control: &Control, settings: &ExportSettings) -> Result<Vec<Policy>, String> {
    let header = &control.header;
    if !header.kubernetes.contains(settings.kubernetes_version) {
        return Err(format!(
            "it is not for Kubernetes {}",
            settings.kubernetes_version
        ));
    }
    let is_build = |pattern: &KindPattern| matches!(pattern, KindPattern::Grouped { group, .. } if group == model::BUILD_GROUP);
    if header.kinds.iter().any(is_build) {
        return Err("it looks at what an image is built by".to_owned());
    }
    if header.native.is_some() {
        return Err("it is no expression".to_owned());
    }
    let condition = control.condition().map_err(|error| error.to_string())?;
    let exporter = Exporter {
        control,
        condition: &condition,
        settings,
    };
    let drafts = match header.scope {
        Scope::Pod | Scope::Container | Scope::Image | Scope::Volume => exporter.of_pods()?,
        Scope::Resource
        | Scope::RbacRule
        | Scope::Binding
        | Scope::ServiceAccount
        | Scope::Service
        | Scope::Namespace
        | Scope::Node => exporter.of_objects()?,
        Scope::Process => return Err("it looks at the effective flags of a component".to_owned()),
        Scope::Subject => {
            return Err("it looks at a subject, which several bindings can name".to_owned());
        }
        Scope::Cluster => return Err("it looks at the whole cluster".to_owned()),
        Scope::Stage | Scope::Instruction | Scope::Command => {
            return Err("it looks at what an image is built by".to_owned());
        }
    };
    let drafts = drafts
        .into_iter()
        .filter(|draft| !draft.validations.is_empty());
    let texts = control.texts().map_err(|error| error.to_string())?;
    let policies: Vec<Policy> = drafts
        .map(|draft| draft.policy(control, &texts.remediation, settings))
        .collect();
    if policies.is_empty() {
        return Err("with these parameters nothing can fail".to_owned());
    }
    Ok(policies)
}

/// Makes the policies of one control.
struct Exporter<'c> {
    control: &'c Control,
    condition: &'c Condition,
    settings: &'c ExportSettings,
}

impl Exporter<'_> {
    /// One policy for each place of a pod template.
    fn of_pods(&self) -> Result<Vec<Draft>, String> {
        let mut drafts = Vec::new();
        for place in PLACES {
            let kinds = place.kinds(&self.control.header.kinds, self.settings.kubernetes_version);
            if kinds.is_empty() {
                continue;
            }
            let mut draft = Draft::new(Some(place), resources::of_pods(place, &kinds));
            let meanings = self.meanings(Some(place));
            match self.control.header.scope {
                Scope::Pod => {
                    let pod = Plain::Thing(thing(Kind::Pod, "variables.pod"));
                    draft.add(self.passes(&pod, &meanings)?, None, "");
                }
                Scope::Volume => {
                    let passes = self.passes(&Plain::Text("volume".to_owned()), &meanings)?;
                    let list = ("volume", "variables.pod.?volumes.orValue([])");
                    draft.add(passes, Some(list), "a volume");
                }
                _ => self.of_containers(place, &meanings, &mut draft)?,
            }
            draft.since = draft.since.max(meanings.since.get());
            drafts.push(draft);
        }
        if drafts.is_empty() {
            return Err("Kubernetes has none of the kinds that it is for".to_owned());
        }
        Ok(drafts)
    }

    /// One validation for each list of containers, so that the message tells which it is.
    fn of_containers(
        &self,
        place: &Place,
        meanings: &Meanings<'_>,
        draft: &mut Draft,
    ) -> Result<(), String> {
        let is_image = self.control.header.scope == Scope::Image;
        for list in LISTS
            .iter()
            .filter(|list| place.has_ephemeral || !list.is_ephemeral)
        {
            let kind = if is_image {
                Kind::Image(list.kind)
            } else {
                Kind::Container(list.kind)
            };
            let passes = self.passes(&Plain::Thing(thing(kind, "container")), meanings)?;
            // A container without an image has none to look at.
            let passes = match passes {
                PlainText::Text(text) if is_image => {
                    PlainText::Text(format!("!has(container.image) || ({text})"))
                }
                PlainText::Known(false) if is_image => {
                    PlainText::Text("!has(container.image)".to_owned())
                }
                other => other,
            };
            draft.add(passes, Some(("container", list.text)), list.name);
        }
        Ok(())
    }

    /// One policy for all kinds of a control that looks at whole objects.
    fn of_objects(&self) -> Result<Vec<Draft>, String> {
        let rules = resources::of_objects(self.control, self.settings.kubernetes_version)?;
        let mut draft = Draft::new(None, rules);
        let meanings = self.meanings(None);
        if self.control.header.scope == Scope::RbacRule {
            let passes = self.passes(&Plain::Text("rule".to_owned()), &meanings)?;
            draft.add(
                passes,
                Some((
                    "rule",
                    "optional.ofNonZeroValue(variables.object.?rules.orValue(null)).orValue([])",
                )),
                "a rule",
            );
        } else {
            draft.add(
                self.passes(
                    &Plain::Thing(thing(Kind::Object, "variables.object")),
                    &meanings,
                )?,
                None,
                "",
            );
        }
        draft.since = draft.since.max(meanings.since.get());
        Ok(vec![draft])
    }

    fn meanings(&self, place: Option<&'static Place>) -> Meanings<'_> {
        Meanings {
            place,
            control: self.control,
            settings: self.settings,
            since: Cell::new(OLDEST),
        }
    }

    /// The text that says that something passes.
    fn passes(&self, this: &Plain, meanings: &Meanings<'_>) -> Result<PlainText, String> {
        let Some(fail) = &self.condition.fail else {
            return Err("it is no expression".to_owned());
        };
        let condition = PlainCondition {
            when: self.condition.when.as_ref(),
            each: self.condition.each.as_ref(),
            fail,
            item: Slot::Item as u16,
        };
        let variables = Slot::ALL.map(|slot| match slot {
            Slot::This => Some(this.clone()),
            Slot::Object => Some(Plain::Thing(thing(Kind::Object, "variables.object"))),
            Slot::Pod => meanings
                .place
                .map(|_| Plain::Thing(thing(Kind::Pod, "variables.pod"))),
            Slot::Item => None,
            Slot::Params => Some(Plain::Thing(thing(Kind::Params, "params"))),
            Slot::Kubernetes => Some(Plain::Thing(thing(Kind::Kubernetes, "kubernetes"))),
        });
        let text = condition.passes(&variables, meanings);
        text.map_err(|reason: NotPlain| reason.to_string())
    }
}

fn thing(kind: Kind, text: &str) -> Thing {
    Thing {
        kind: kind.number(),
        text: text.to_owned(),
    }
}

impl Validation {
    /// The expression over each element of a list, where there is one.
    fn over(text: String, list: Option<(&str, &str)>) -> String {
        match list {
            Some((name, list)) => format!("{list}.all({name}, {text})"),
            None => text,
        }
    }
}
