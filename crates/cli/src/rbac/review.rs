//! `SubjectAccessReviews` as people and API servers write them: a question, and the answer that is expected.

use catalog::Diagnostic;
use document::NodeRef;
use model::{Inventory, Resource};
use rbac::Identity;

use super::asked::{Asked, Place, Target};
use crate::answers::wire::At;
use crate::config::shape::{Field, Shape, optional, required};
use crate::config::validate::{mistake, validate};
use crate::mistakes::Mistakes;

const GROUP: &str = "authorization.k8s.io";

/// One question.
#[derive(Debug)]
pub(super) struct Review {
    pub(super) at: At,
    pub(super) user: String,
    pub(super) groups: Vec<String>,
    pub(super) asked: Asked,
    /// What `status.allowed` says.
    pub(super) expected: Option<bool>,
}

impl Review {
    /// Who asks, in exactly the groups of the review, as the API server takes it.
    pub(super) fn with_identity<T>(&self, answer: impl FnOnce(&Identity<'_>) -> T) -> T {
        let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        answer(&Identity {
            user: &self.user,
            groups: &groups,
        })
    }
}

const RESOURCE: &[Field] = &[
    optional(
        "namespace",
        Shape::Text,
        "A namespace; none for the whole cluster.",
    ),
    optional("verb", Shape::Text, "`get`, `list`, …"),
    optional("group", Shape::Text, "The API group; none for the first."),
    optional(
        "version",
        Shape::Text,
        "The API version; it decides nothing.",
    ),
    optional("resource", Shape::Text, "`pods`, …"),
    optional("subresource", Shape::Text, "`exec`, …"),
    optional("name", Shape::Text, "The name of one object."),
];

const URL: &[Field] = &[
    optional("path", Shape::Text, "`/metrics`, …"),
    optional("verb", Shape::Text, "`get`, …"),
];

const SPEC: &[Field] = &[
    optional("user", Shape::Text, "Who asks."),
    optional("groups", Shape::List(&Shape::Text), "Groups of the user."),
    optional("uid", Shape::Text, "It decides nothing."),
    optional(
        "extra",
        Shape::Named(&Shape::List(&Shape::Text)),
        "It decides nothing.",
    ),
    optional(
        "resourceAttributes",
        Shape::Record(RESOURCE),
        "What is asked.",
    ),
    optional(
        "nonResourceAttributes",
        Shape::Record(URL),
        "What is asked.",
    ),
];

const STATUS: &[Field] = &[
    required(
        "allowed",
        Shape::Switch,
        "what is expected: `true` or `false`",
    ),
    optional("denied", Shape::Switch, "It decides nothing."),
    optional("reason", Shape::Text, "It decides nothing."),
    optional("evaluationError", Shape::Text, "It decides nothing."),
];

/// The reviews of a file; whatever else is in it is a mistake.
pub(super) fn read(inventory: &Inventory) -> Result<Vec<Review>, Mistakes> {
    let mut mistakes = Vec::new();
    let mut reviews = Vec::new();
    for resource in &inventory.resources {
        match review(resource) {
            Ok(review) => reviews.push(review),
            Err(own) => mistakes.extend(own),
        }
    }
    if mistakes.is_empty() {
        Ok(reviews)
    } else {
        Err(Mistakes(mistakes))
    }
}

fn review(resource: &Resource) -> Result<Review, Vec<Diagnostic>> {
    let object = resource.object();
    let is_local = &*resource.kind == "LocalSubjectAccessReview";
    let is_review =
        resource.group() == GROUP && (is_local || &*resource.kind == "SubjectAccessReview");
    if !is_review {
        let message = format!("a {} asks for no permission", resource.kind);
        let hint = "write `apiVersion: authorization.k8s.io/v1` and `kind: SubjectAccessReview`";
        return wrong(object, message, hint);
    }
    let Some(spec) = object.get_str("spec") else {
        return wrong(
            object,
            "the key `spec` is missing",
            "it says who asks, and for what",
        );
    };
    let mut mistakes = validate(spec, SPEC);
    let status = object.get_str("status").filter(|status| !status.is_null());
    mistakes.extend(status.iter().flat_map(|status| validate(*status, STATUS)));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let groups = spec.get_str("groups");
    let groups = groups.iter().flat_map(|groups| groups.items());
    let review = Review {
        at: At::new(&resource.location(spec.id())),
        user: text(spec, "user"),
        groups: groups
            .filter_map(NodeRef::as_str)
            .map(str::to_owned)
            .collect(),
        asked: asked(spec)?,
        expected: status.and_then(|status| status.get_str("allowed")?.as_bool()),
    };
    if review.user.is_empty() && review.groups.is_empty() {
        return wrong(spec, "nobody asks", "name a `user` or `groups`");
    }
    let within = match &review.asked.place {
        Place::Namespace(namespace) => namespace.as_str(),
        Place::Anywhere | Place::Cluster => "",
    };
    let own = resource.namespace.as_deref().unwrap_or_default();
    if is_local && own != within {
        let message = format!("a review in namespace `{own}` asks for namespace `{within}`");
        return wrong(spec, message, "both must be the same");
    }
    Ok(review)
}

fn asked(spec: NodeRef<'_>) -> Result<Asked, Vec<Diagnostic>> {
    match (
        spec.get_str("resourceAttributes"),
        spec.get_str("nonResourceAttributes"),
    ) {
        (Some(of), None) => {
            let namespace = text(of, "namespace");
            Ok(Asked {
                verb: text(of, "verb"),
                target: Target::Resource {
                    group: text(of, "group"),
                    resource: text(of, "resource"),
                    subresource: text(of, "subresource"),
                    name: text(of, "name"),
                },
                place: if namespace.is_empty() {
                    Place::Cluster
                } else {
                    Place::Namespace(namespace)
                },
            })
        }
        (None, Some(of)) => Ok(Asked {
            verb: text(of, "verb"),
            target: Target::Url(text(of, "path")),
            place: Place::Cluster,
        }),
        _ => wrong(
            spec,
            "a review asks for one thing",
            "write either `resourceAttributes` or `nonResourceAttributes`",
        ),
    }
}

fn wrong<T>(
    node: NodeRef<'_>,
    message: impl Into<String>,
    hint: &str,
) -> Result<T, Vec<Diagnostic>> {
    let hint = Some(hint.to_owned());
    Err(vec![mistake(node, node.origin(), message.into(), hint)])
}

fn text(node: NodeRef<'_>, key: &str) -> String {
    let text = node.get_str(key).and_then(NodeRef::as_str);
    text.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::rbac::testing::graph;

    fn mistakes(yaml: &str) -> String {
        let (inventory, _) = graph(yaml);
        read(&inventory).unwrap_err().to_string()
    }

    fn check(spec: &str, expected: &str) {
        let yaml = format!(
            "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec: {spec}\n"
        );
        let said = mistakes(&yaml);
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn mistakes_have_places() {
        check(
            "{usr: ann, resourceAttributes: {verb: get}}",
            "test.yaml:3:8: unknown key `usr` (did you mean `user`?)",
        );
        check(
            "{user: ann, resourceAttributes: {verb: get}, nonResourceAttributes: {verb: get}}",
            "test.yaml:3:7: a review asks for one thing",
        );
        check("{user: ann}", "test.yaml:3:7: a review asks for one thing");
        check(
            "{nonResourceAttributes: {verb: get, path: /}}",
            "test.yaml:3:7: nobody asks",
        );
        check(
            "{user: 7, nonResourceAttributes: {verb: get, path: /}}",
            "test.yaml:3:14: expected a text",
        );
        let said = mistakes("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n");
        assert!(said.contains("a Pod asks for no permission"), "{said}");
        let local = "apiVersion: authorization.k8s.io/v1\nkind: LocalSubjectAccessReview\nmetadata: {namespace: a}\n\
                     spec: {user: u, resourceAttributes: {verb: get, namespace: b}}\n";
        let said = mistakes(local);
        assert!(said.contains("`a` asks for namespace `b`"), "{said}");
    }
}
