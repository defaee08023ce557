//! Builtin generators and transformers by their configuration, as `generators` and `transformers` list them.

use crate::build::{Build, Target};
use crate::error::{ErrorKind, Result, field};
use crate::field_spec::{FieldSpec, parse_list};
use crate::finish::add_hash;
use crate::generator::{Made, generate};
use crate::image::Image;
use crate::origin::At;
use crate::resource::Resource;
use crate::resources::Resources;
use crate::transform::{self as set, End, Subjects};
use crate::tree::Node;

impl Build<'_> {
    /// Runs a generator by its configuration.
    pub(crate) fn run_generator(
        &mut self,
        target: &Target<'_>,
        config: &Resource,
    ) -> Result<Vec<Resource>> {
        let made = match builtin_kind(config)? {
            "ConfigMapGenerator" => Made::ConfigMap,
            "SecretGenerator" => Made::Secret,
            "IAMPolicyGenerator" => return iam_policy(&config.node),
            kind => return Err(unsupported(kind)),
        };
        let mut entry = config.node.clone();
        for key in ["name", "namespace"] {
            let own = config.node.get("metadata").and_then(|it| it.get(key));
            if let Some(own) = own.filter(|_| entry.text_at(&[key]).unwrap_or_default().is_empty())
            {
                entry.set(key, own.clone());
            }
        }
        let made = generate(made, &entry, None, &mut self.files(target));
        made.map(|made| vec![made])
            .map_err(|error| self.placed(error, config.node.at))
    }

    /// Runs a transformer by its configuration.
    pub(crate) fn run_transformer(
        &mut self,
        target: &Target<'_>,
        config: &Resource,
        resources: &mut Resources,
    ) -> Result<()> {
        let node = &config.node;
        let empty = Node::map(node.at);
        let get = |key: &str| any_case(node, key).unwrap_or(&empty);
        let specs = any_case(node, "fieldSpecs").map(|list| parse_list(list.items()));
        let fields = specs.clone().unwrap_or_default();
        match builtin_kind(config)? {
            "PrefixTransformer" => self.affix(resources, End::Prefix, get("prefix"), specs),
            "SuffixTransformer" => self.affix(resources, End::Suffix, get("suffix"), specs),
            "PrefixSuffixTransformer" => {
                self.affix(resources, End::Prefix, get("prefix"), specs.clone())?;
                self.affix(resources, End::Suffix, get("suffix"), specs)
            }
            "NamespaceTransformer" => self.namespace_config(node, &fields, resources),
            "LabelTransformer" => self.set_labels(resources, get("labels"), &fields),
            "AnnotationsTransformer" => self.set_labels(resources, get("annotations"), &fields),
            "ImageTagTransformer" => {
                Image::parse(get("imageTag")).apply(resources, &fields, &mut self.origins)
            }
            "ReplicaCountTransformer" => {
                set::replicas(resources, get("replica"), &fields, &mut self.origins)
            }
            "PatchTransformer" => self.patch(target, node, resources),
            "PatchJson6902Transformer" => self.patch_json6902(target, node, "jsonOp", resources),
            "PatchStrategicMergeTransformer" => {
                for item in get("paths").items().iter().chain(any_case(node, "patches")) {
                    self.merge_patch_item(target, item, resources)?;
                }
                Ok(())
            }
            "ReplacementTransformer" => {
                let items = get("replacements").items().to_vec();
                self.replacements(target, &items, resources)
            }
            "HashTransformer" => {
                resources.list.iter_mut().for_each(add_hash);
                Ok(())
            }
            "ValueAddTransformer" => self.add_values(target, node, resources),
            kind => Err(unsupported(kind)),
        }
    }

    fn affix(
        &mut self,
        resources: &mut Resources,
        end: End,
        affix: &Node,
        specs: Option<Vec<FieldSpec>>,
    ) -> Result<()> {
        let specs =
            specs.ok_or_else(|| field("a prefix or suffix transformer needs fieldSpecs"))?;
        set::affix(resources, end, affix, &specs, &mut self.origins)
    }

    fn namespace_config(
        &mut self,
        node: &Node,
        fields: &[FieldSpec],
        resources: &mut Resources,
    ) -> Result<()> {
        let namespace = node.get("metadata").and_then(|it| it.get("namespace"));
        let Some(namespace) = namespace.filter(|it| !it.is_null()) else {
            return Ok(());
        };
        let subjects = match any_case(node, "setRoleBindingSubjects").and_then(Node::scalar_text) {
            None | Some("" | "defaultOnly") => Subjects::Default,
            Some("allServiceAccounts") => Subjects::All,
            Some("none") => Subjects::None,
            Some(other) => {
                return Err(field(format!("setRoleBindingSubjects cannot be '{other}'")));
            }
        };
        let unset_only = any_case(node, "unsetOnly").and_then(Node::as_bool) == Some(true);
        set::namespace(
            resources,
            namespace,
            fields,
            subjects,
            unset_only,
            &mut self.origins,
        )
    }
}

pub(crate) fn any_case<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let entry = node
        .entries()
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case(key))?;
    Some(&entry.value)
}

fn builtin_kind(config: &Resource) -> Result<&str> {
    let version = config.node.text_at(&["apiVersion"]);
    if version == Some("builtin") {
        Ok(config.kind())
    } else {
        Err(unsupported(config.kind()))
    }
}

fn unsupported(kind: &str) -> crate::error::Error {
    ErrorKind::Unsupported(format!("'{kind}' is no builtin; programs are never run")).into()
}

/// The service account that an `IAMPolicyGenerator` makes for GKE.
fn iam_policy(config: &Node) -> Result<Vec<Resource>> {
    let at: At = config.at;
    let text = |path: &[&str]| config.text_at(path).unwrap_or_default();
    let cloud = text(&["cloud"]);
    if cloud != "gke" {
        return Err(ErrorKind::Unsupported(format!("cloud provider '{cloud}'")).into());
    }
    let account = text(&["serviceAccount", "name"]);
    let email = format!(
        "{account}@{}.iam.gserviceaccount.com",
        text(&["serviceAccount", "projectId"])
    );
    let mut metadata = Node::map(at);
    metadata.set("name", Node::text(text(&["kubernetesService", "name"]), at));
    let namespace = match text(&["kubernetesService", "namespace"]) {
        "" => text(&["namespace"]),
        namespace => namespace,
    };
    if !namespace.is_empty() {
        metadata.set("namespace", Node::text(namespace, at));
    }
    let mut annotations = Node::map(at);
    annotations.set("iam.gke.io/gcp-service-account", Node::text(&email, at));
    metadata.set("annotations", annotations);
    let mut node = Node::map(at);
    node.set("apiVersion", Node::text("v1", at));
    node.set("kind", Node::text("ServiceAccount", at));
    node.set("metadata", metadata);
    Ok(vec![Resource::new(node)])
}
