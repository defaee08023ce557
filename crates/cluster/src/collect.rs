//! Everything that is read, at the same time, in an order that does not depend on what came first.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Inventory, Problem, Resource};
use tokio::task::JoinSet;

use crate::api::{Api, Failure};
use crate::discovery::{Discovered, is_word};
use crate::feature_gates;
use crate::list::{ListOf, Listed, Page};
use crate::naming::Naming;
use crate::node_config;
use crate::object::Maker;
use crate::problems;
use crate::scope::{Scope, UnknownKind, is_namespace};
use crate::served::Served;
use crate::watch::Followed;

/// What was read of a cluster.
#[derive(Debug, Default)]
pub struct Collected {
    /// The objects, sorted by what they are called.
    pub inventory: Inventory,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The feature gates of the API server, and whether they are on; empty where that was not asked.
    pub feature_gates: BTreeMap<String, bool>,
    /// What was asked for.
    pub served: Vec<Served>,
    /// The lists that were read, for whoever goes on watching.
    pub(crate) followed: Vec<Followed>,
}

/// How it is read.
pub(crate) struct Plan {
    pub(crate) api: Arc<Api>,
    pub(crate) maker: Arc<Maker>,
    pub(crate) naming: Naming,
    pub(crate) page_size: u32,
}

/// What became of one list.
struct Done {
    list: ListOf,
    verb: &'static str,
    listed: Result<Listed, Failure>,
}

/// Lists what is in the scope.
pub(crate) async fn collect(
    plan: Plan,
    discovered: Discovered,
    scope: &Scope,
) -> Result<Collected, UnknownKind> {
    let mut served = scope.chosen(&discovered.served)?;
    let mut tasks = JoinSet::new();
    for list in lists(&served, scope, plan.page_size) {
        let (api, maker) = (Arc::clone(&plan.api), Arc::clone(&plan.maker));
        tasks.spawn(async move { one(list, &api, &maker).await });
    }
    let mut problems = discovered.problems;
    let mut resources = Vec::new();
    let mut followed = Vec::new();
    while let Some(done) = tasks.join_next().await {
        // A task that panicked would be a list that is lost in silence: go on panicking.
        let done = match done {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let file = plan
            .naming
            .path(&done.list.served.path(done.list.namespace.as_deref()));
        match done.listed {
            Ok(listed) => {
                let odd = listed.odd.iter();
                problems.extend(
                    odd.map(|&position| problems::no_object(&file, &done.list.served, position)),
                );
                let all = listed.resources.into_iter();
                resources.extend(all.filter(|one| scope.has(one, &done.list.served)));
                if done.verb == "list" {
                    followed.push(Followed {
                        list: done.list,
                        version: listed.resource_version,
                    });
                }
            }
            Err(failure) => {
                let namespace = done.list.namespace.as_deref();
                problems.push(problems::not_read(
                    &file,
                    done.verb,
                    &done.list.served,
                    namespace,
                    &failure,
                ));
            }
        }
    }
    if scope.node_config {
        let (read, lost) = configurations(&resources, &plan).await;
        resources.extend(read);
        problems.extend(lost);
        served.push(node_config::served());
    }
    let mut feature_gates = BTreeMap::new();
    if scope.feature_gates {
        match feature_gates::read(&plan.api).await {
            Ok(read) => feature_gates = read,
            Err(failure) => {
                let file = plan.naming.path(feature_gates::PATH);
                problems.push(problems::no_metrics(&file, &failure));
            }
        }
    }
    problems.sort_by(|left, right| (&left.file, &left.message).cmp(&(&right.file, &right.message)));
    let is_complete = problems.is_empty() && scope.is_everything();
    Ok(Collected {
        inventory: Inventory {
            is_complete,
            ..Inventory::new(resources)
        },
        problems,
        feature_gates,
        served,
        followed,
    })
}

/// What the kubelets of the nodes run with.
async fn configurations(resources: &[Resource], plan: &Plan) -> (Vec<Resource>, Vec<Problem>) {
    let is_node = |one: &&Resource| &*one.kind == "Node" && one.group().is_empty();
    let nodes = resources.iter().filter(is_node);
    let nodes = nodes
        .map(|one| one.name.to_string())
        .filter(|name| is_word(name));
    let problem = |path: &str, failure: &Failure| {
        let file = plan.naming.path(path);
        problems::not_read(&file, "get", &node_config::proxy(), None, failure)
    };
    node_config::of_nodes(nodes.collect(), &plan.api, &plan.maker, &problem).await
}

/// One list for each resource, or one for each resource and namespace.
fn lists(served: &[Served], scope: &Scope, page_size: u32) -> Vec<ListOf> {
    let mut lists = Vec::new();
    for one in served {
        let list = |namespace: Option<&String>| ListOf {
            served: one.clone(),
            namespace: namespace.cloned(),
            selector: scope.selector.clone(),
            page_size,
        };
        if scope.namespaces.is_empty() {
            lists.push(list(None));
        } else {
            lists.extend(
                scope
                    .namespaces
                    .iter()
                    .map(|namespace| list(Some(namespace))),
            );
        }
    }
    lists
}

/// A namespace is got itself where only some are read: that is allowed to whoever may see only them.
async fn one(list: ListOf, api: &Api, maker: &Arc<Maker>) -> Done {
    let is_single = is_namespace(&list.served) && list.namespace.is_some();
    let (verb, listed) = if is_single {
        ("get", single_namespace(&list, api, maker).await)
    } else {
        ("list", list.all(api, maker).await)
    };
    Done { list, verb, listed }
}

async fn single_namespace(list: &ListOf, api: &Api, maker: &Maker) -> Result<Listed, Failure> {
    let name = list.namespace.as_deref().unwrap_or_default();
    let path = format!("{}/{name}", list.served.path(None));
    let answer = api.get(&path, "application/json").await?;
    let page = Page::parse(answer, maker).map_err(Failure::Network)?;
    Ok(Listed {
        resources: page.object(maker, &list.served).into_iter().collect(),
        ..Listed::default()
    })
}
