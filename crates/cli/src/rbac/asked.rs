//! What can be done, as people write it: `get secrets`, `update deploy/scale -n shop`, `get /metrics`.

use catalog::nearest;
use model::ApiResources;
use rbac::{Graph, Request};

use crate::args::AskedArgs;
use crate::errors::Hinted;

/// What is asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    pub(crate) verb: String,
    pub(crate) target: Target,
    pub(crate) place: Place,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Resource {
        group: String,
        resource: String,
        subresource: String,
        /// Empty for no certain object.
        name: String,
    },
    Url(String),
}

/// Where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// In the whole cluster or in any namespace.
    Anywhere,
    /// In all namespaces, or with what belongs to none.
    Cluster,
    /// In one namespace.
    Namespace(String),
}

/// Verbs that Kubernetes knows.
const VERBS: &[&str] = &[
    "*",
    "approve",
    "attest",
    "bind",
    "create",
    "delete",
    "deletecollection",
    "escalate",
    "get",
    "head",
    "impersonate",
    "list",
    "options",
    "patch",
    "post",
    "put",
    "sign",
    "update",
    "use",
    "watch",
];

/// Subresources that Kubernetes has.
const SUBRESOURCES: &[&str] = &[
    "*",
    "approval",
    "attach",
    "binding",
    "configz",
    "ephemeralcontainers",
    "eviction",
    "exec",
    "finalize",
    "finalizers",
    "healthz",
    "log",
    "metrics",
    "pods",
    "portforward",
    "proxy",
    "resize",
    "scale",
    "scopes",
    "spec",
    "stats",
    "status",
    "token",
];

impl Asked {
    /// As the graph asks for it.
    pub(crate) fn request(&self) -> Request<'_> {
        match &self.target {
            Target::Url(path) => Request::url(&self.verb, path),
            Target::Resource {
                group,
                resource,
                subresource,
                name,
            } => Request::Resource {
                verb: &self.verb,
                group,
                resource,
                subresource,
                namespace: match &self.place {
                    Place::Namespace(namespace) => namespace,
                    Place::Anywhere | Place::Cluster => "",
                },
                name,
            },
        }
    }

    /// `get secrets`, `get the secret db`, …: for headings.
    pub(crate) fn text(&self) -> String {
        let verb = &self.verb;
        match &self.target {
            Target::Url(path) => format!("{verb} {path}"),
            Target::Resource { name, .. } if name.is_empty() => {
                format!("{verb} {}", self.resource())
            }
            Target::Resource { name, .. } => format!("{verb} {} `{name}`", self.resource()),
        }
    }

    /// Where, as a phrase.
    pub(crate) fn place_text(&self) -> String {
        match &self.place {
            Place::Anywhere => "anywhere".to_owned(),
            Place::Cluster => "in the whole cluster".to_owned(),
            Place::Namespace(namespace) => format!("in namespace {namespace}"),
        }
    }

    fn resource(&self) -> String {
        let Target::Resource {
            group,
            resource,
            subresource,
            ..
        } = &self.target
        else {
            return String::new();
        };
        let group = match group.as_str() {
            "" | "*" => String::new(),
            group => format!(".{group}"),
        };
        match subresource.as_str() {
            "" => format!("{resource}{group}"),
            part => format!("{resource}{group}/{part}"),
        }
    }
}

/// What the flags ask, with the object that the words behind the resource may name.
pub(crate) fn resolve(
    args: &AskedArgs,
    name: Option<&str>,
    graph: &Graph,
    known: &ApiResources,
) -> Result<Asked, Hinted> {
    let verb = verb(&args.verb, graph)?;
    let name = name.unwrap_or_default();
    if args.resource.starts_with('/') {
        if args.namespace.is_some() || !name.is_empty() {
            let message = format!(
                "`{}` is a path: it has no namespace and no name",
                args.resource
            );
            return Err(Hinted::new(message, "leave out `-n` and the name"));
        }
        return Ok(Asked {
            verb,
            target: Target::Url(args.resource.clone()),
            place: Place::Cluster,
        });
    }
    let written = Written::new(&args.resource);
    let (group, resource, is_namespaced) = written.resource(graph, known)?;
    let subresource = written.subresource((&group, &resource), graph, known)?;
    let is_namespace = group.is_empty() && resource == "namespaces";
    let place = match (&args.namespace, is_namespaced) {
        // A request to one namespace carries its name as the namespace.
        (None, _) if is_namespace && !name.is_empty() => Place::Namespace(name.to_owned()),
        (Some(_), Some(false)) => {
            let message = format!("{resource} belong to no namespace");
            return Err(Hinted::new(message, "leave out `-n`"));
        }
        (Some(namespace), _) => Place::Namespace(namespace.clone()),
        (None, Some(false)) => Place::Cluster,
        (None, _) if args.all_namespaces => Place::Cluster,
        (None, _) => Place::Anywhere,
    };
    Ok(Asked {
        verb,
        target: Target::Resource {
            group,
            resource,
            subresource,
            name: name.to_owned(),
        },
        place,
    })
}

/// A verb that Kubernetes knows, or that some rule has.
fn verb(word: &str, graph: &Graph) -> Result<String, Hinted> {
    if VERBS.contains(&word) || graph.has_verb(word) {
        return Ok(word.to_owned());
    }
    let hint = match nearest(&word.to_lowercase(), VERBS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "verbs are `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, and those that rules have"
            .to_owned(),
    };
    let message = format!("`{word}` is no verb of Kubernetes, and no rule that was read has it");
    Err(Hinted::new(message, hint))
}

/// A resource in its parts.
struct Written<'w> {
    whole: &'w str,
    resource: &'w str,
    group: Option<&'w str>,
    subresource: &'w str,
}

impl<'w> Written<'w> {
    /// `deployments`, `deployments.apps`, `deployments.v1.apps`, each with `/scale`, before or behind the group.
    fn new(whole: &'w str) -> Self {
        let (resource, subresource) = whole.split_once('/').unwrap_or((whole, ""));
        let (resource, group) = split_group(resource);
        let (subresource, behind) = split_group(subresource);
        Written {
            whole,
            resource,
            group: group.or(behind),
            subresource,
        }
    }

    /// Group and plural name, and whether its objects live in namespaces.
    fn resource(
        &self,
        graph: &Graph,
        known: &ApiResources,
    ) -> Result<(String, String, Option<bool>), Hinted> {
        let word = self.resource;
        if word == "*" {
            let group = self.group.unwrap_or("*");
            return Ok((group.to_owned(), word.to_owned(), None));
        }
        let mut named = known.named(word);
        let found = named.find(|resource| self.group.is_none_or(|group| resource.group == group));
        if let Some(found) = found {
            return Ok((
                found.group.clone(),
                found.plural.clone(),
                found.is_namespaced,
            ));
        }
        let group = self.group.unwrap_or_default();
        // A custom resource may have a definition that was not read.
        if self.group.is_some() && known.iter().all(|resource| resource.group != group) {
            return Ok((group.to_owned(), word.to_owned(), None));
        }
        let mut groups = graph.groups_of_resource(word);
        groups.retain(|own| self.group.is_none_or(|group| group == *own));
        match groups[..] {
            [] => Err(self.unknown(known)),
            [group] => Ok((group.to_owned(), word.to_owned(), None)),
            [..] => {
                let words: Vec<String> = groups
                    .iter()
                    .map(|group| format!("`{word}.{group}`"))
                    .collect();
                let message = format!("`{word}` is in {} API groups", groups.len());
                Err(Hinted::new(
                    message,
                    format!("write one of {}", words.join(", ")),
                ))
            }
        }
    }

    fn unknown(&self, known: &ApiResources) -> Hinted {
        let message = format!("no resource `{}` is known", self.whole);
        let other_group = known.named(self.resource).next();
        let names = known.iter().map(|resource| resource.plural.as_str());
        let near = nearest(self.resource, names);
        let hint = match (other_group, near) {
            (Some(other), _) if other.group.is_empty() => {
                format!(
                    "did you mean `{}`, which is in the core group?",
                    other.plural
                )
            }
            (Some(other), _) => format!("did you mean `{}.{}`?", other.plural, other.group),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => {
                "a custom resource is written with its group: `widgets.example.com`".to_owned()
            }
        };
        Hinted::new(message, hint)
    }

    /// A subresource that Kubernetes or some rule has; of what other programs serve, any.
    fn subresource(
        &self,
        (group, resource): (&str, &str),
        graph: &Graph,
        known: &ApiResources,
    ) -> Result<String, Hinted> {
        let word = self.subresource;
        let is_known = word.is_empty()
            || SUBRESOURCES.contains(&word)
            || graph.has_resource(&format!("{resource}/{word}"))
            || known.find(group, resource).is_none();
        if is_known {
            return Ok(word.to_owned());
        }
        let hint = match nearest(word, SUBRESOURCES.iter().copied()) {
            Some(near) => format!("did you mean `{resource}/{near}`?"),
            None => format!("subresources are {}", SUBRESOURCES[1..].join(", ")),
        };
        let message = format!("no subresource `{word}` of {resource} is known");
        Err(Hinted::new(message, hint))
    }
}

/// What stands before the first dot, and the group behind it without its version.
fn split_group(text: &str) -> (&str, Option<&str>) {
    let Some((name, group)) = text.split_once('.') else {
        return (text, None);
    };
    let (first, rest) = group.split_once('.').unwrap_or((group, ""));
    if is_version(first) {
        return (name, Some(rest));
    }
    (name, Some(group))
}

/// `v1`, `v2beta1`, …
fn is_version(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(rest) = word.strip_prefix('v') else {
        return false;
    };
    ["alpha", "beta"]
        .iter()
        .find_map(|stage| rest.split_once(stage))
        .map_or(digits(rest), |(major, minor)| {
            digits(major) && digits(minor)
        })
}

#[cfg(test)]
mod tests {
    use model::{ApiResources, Inventory};
    use schema::Schema;

    use super::{Asked, resolve};
    use crate::args::AskedArgs;
    use crate::errors::Hinted;
    use crate::rbac::testing::graph;

    fn asked(
        verb: &str,
        resource: &str,
        name: Option<&str>,
        namespace: Option<&str>,
    ) -> Result<Asked, Hinted> {
        let graph = graph(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\n\
             rules: [{apiGroups: [example.com], resources: [gadgets, gadgets/spin], verbs: [spin]}]\n",
        );
        let known = ApiResources::new(Schema::embedded(), &Inventory::default());
        let args = AskedArgs {
            verb: verb.to_owned(),
            resource: resource.to_owned(),
            rest: Vec::new(),
            name: None,
            namespace: namespace.map(str::to_owned),
            all_namespaces: false,
        };
        resolve(&args, name, &graph.1, &known)
    }

    #[track_caller]
    fn check(
        verb: &str,
        resource: &str,
        name: Option<&str>,
        namespace: Option<&str>,
        expected: &str,
    ) {
        let found = asked(verb, resource, name, namespace);
        let text = found.map(|it| format!("{} {}", it.text(), it.place_text()));
        assert_eq!(text.map_err(|it| it.to_string()), Ok(expected.to_owned()));
    }

    #[track_caller]
    fn check_hint(verb: &str, resource: &str, namespace: Option<&str>, hint: &str) {
        let error = asked(verb, resource, None, namespace).unwrap_err();
        assert!(error.hint().contains(hint), "{error}: {}", error.hint());
    }

    #[test]
    fn resources_are_found_by_any_of_their_names() {
        check("get", "secret", None, None, "get secrets anywhere");
        check(
            "update",
            "deploy/scale",
            None,
            Some("shop"),
            "update deployments.apps/scale in namespace shop",
        );
        check(
            "get",
            "deployments.v1.apps",
            Some("web"),
            None,
            "get deployments.apps `web` anywhere",
        );
        check(
            "get",
            "deployments/scale.apps",
            None,
            None,
            "get deployments.apps/scale anywhere",
        );
        check("get", "pods.v1", None, None, "get pods anywhere");
        check("get", "node", None, None, "get nodes in the whole cluster");
        check(
            "get",
            "ns",
            Some("shop"),
            None,
            "get namespaces `shop` in namespace shop",
        );
        check(
            "get",
            "widgets.example.com",
            None,
            None,
            "get widgets.example.com anywhere",
        );
        check(
            "spin",
            "gadgets/spin",
            None,
            None,
            "spin gadgets.example.com/spin anywhere",
        );
        check("*", "*", None, None, "* * anywhere");
        check(
            "get",
            "/metrics",
            None,
            None,
            "get /metrics in the whole cluster",
        );
    }

    #[test]
    fn what_does_not_exist_gets_a_hint() {
        check_hint("gte", "pods", None, "`get`, `list`");
        check_hint("lis", "pods", None, "`list`");
        check_hint("GET", "pods", None, "`get`");
        check_hint("get", "secretes", None, "`secrets`");
        check_hint(
            "get",
            "pods.apps",
            None,
            "`pods`, which is in the core group",
        );
        check_hint("get", "pods/exce", None, "eviction, exec,");
        check_hint("get", "pods/atach", None, "`pods/attach`");
        check_hint("get", "nodes", Some("shop"), "leave out `-n`");
        check_hint("get", "qqqqqqqq", None, "with its group");
    }
}
