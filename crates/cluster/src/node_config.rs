//! What kubelets run with: asked of each through the API server, because no object says it.

use std::sync::Arc;

use document::{Limits, Source};
use model::{Problem, Resource};
use serde_json::{Map, Value};
use tokio::task::JoinSet;

use crate::api::{Api, Failure};
use crate::object::Maker;
use crate::served::Served;

/// Answers may be this large.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    depth: 64,
    nodes: 1 << 16,
    alias_factor: 0,
    alias_bytes: 0,
};

/// What a configuration is, where it lies in a file: nothing lists them.
pub(crate) fn served() -> Served {
    Served {
        group: "kubelet.config.k8s.io".to_owned(),
        version: "v1beta1".to_owned(),
        plural: "kubeletconfigurations".to_owned(),
        kind: "KubeletConfiguration".to_owned(),
        is_namespaced: false,
        can_watch: false,
        names: Vec::new(),
    }
}

/// What must be allowed.
pub(crate) fn proxy() -> Served {
    Served {
        group: String::new(),
        version: "v1".to_owned(),
        plural: "nodes/proxy".to_owned(),
        kind: "NodeProxyOptions".to_owned(),
        ..served()
    }
}

/// The configurations of nodes; what one does not say is a problem that `problem` words.
pub(crate) async fn of_nodes(
    nodes: Vec<String>,
    api: &Arc<Api>,
    maker: &Arc<Maker>,
    problem: &dyn Fn(&str, &Failure) -> Problem,
) -> (Vec<Resource>, Vec<Problem>) {
    let mut tasks = JoinSet::new();
    for node in nodes {
        let (api, maker) = (Arc::clone(api), Arc::clone(maker));
        tasks.spawn(async move {
            let read = of_node(&node, &api, &maker).await;
            (node, read)
        });
    }
    let (mut resources, mut problems) = (Vec::new(), Vec::new());
    let mut is_forbidden = false;
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok((_, Ok(resource))) => resources.push(resource),
            // It holds for all of them.
            Ok((_, Err(Failure::Forbidden(_)))) if is_forbidden => {}
            Ok((node, Err(failure))) => {
                is_forbidden |= matches!(failure, Failure::Forbidden(_));
                let file = if is_forbidden {
                    "/api/v1/nodes".to_owned()
                } else {
                    path(&node)
                };
                problems.push(problem(&file, &failure));
            }
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    (resources, problems)
}

fn path(node: &str) -> String {
    format!("/api/v1/nodes/{node}/proxy/configz")
}

async fn of_node(node: &str, api: &Api, maker: &Maker) -> Result<Resource, Failure> {
    let answer = api.get(&path(node), "application/json").await?;
    let text = object(node, &answer).ok_or_else(unreadable)?;
    let parsed = document::parse_json(Source::new("", text), &maker.keys, &LIMITS);
    let root = parsed.document.root(0).filter(|_| parsed.errors.is_empty());
    root.and_then(|root| maker.resource(root, &served()))
        .ok_or_else(unreadable)
}

fn unreadable() -> Failure {
    Failure::Network("the answer is no configuration of a kubelet".to_owned())
}

/// The configuration as a file has it, with the name of its node.
fn object(node: &str, answer: &[u8]) -> Option<String> {
    let mut answer: Map<String, Value> = serde_json::from_slice(answer).ok()?;
    let Some(Value::Object(fields)) = answer.remove("kubeletconfig") else {
        return None;
    };
    let served = served();
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), served.api_version().into());
    object.insert("kind".to_owned(), served.kind.into());
    object.insert("metadata".to_owned(), serde_json::json!({ "name": node }));
    object.extend(fields);
    Some(Value::Object(object).to_string())
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn answers_become_what_files_hold() {
        let text = object("n1", br#"{"kubeletconfig":{"readOnlyPort":10255}}"#);
        assert_eq!(
            text.as_deref(),
            Some(
                r#"{"apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration","metadata":{"name":"n1"},"readOnlyPort":10255}"#
            )
        );
        assert_eq!(object("n1", b"{}"), None);
        assert_eq!(object("n1", b"404 page not found"), None);
    }
}
