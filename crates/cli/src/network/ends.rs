//! Ends of connections as people write them: `web`, `shop/web`, `shop/deployment/web`, `svc/web`, `ns/shop`, `10.0.0.1`.

use std::net::IpAddr;

use catalog::nearest;
use model::{ApiResources, Resource};
use network::{Endpoint, PodId};
use schema::Schema;

use super::View;
use crate::errors::Hinted;

/// An end that the user named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// As it can be written again.
    pub(super) word: String,
    /// What it means: an address, or pods.
    pub(super) ends: Vec<Endpoint>,
}

/// How to write an end, for hints.
const FORMS: &str = "write `NAME`, `NAMESPACE/NAME`, `NAMESPACE/KIND/NAME`, `service/NAME`, `namespace/NAME`, or an address";

/// Candidates that a hint lists.
const LISTED: usize = 5;

/// A word in its parts.
#[derive(Clone, Copy)]
struct Written<'w> {
    namespace: Option<&'w str>,
    kind: Option<&'w str>,
    name: &'w str,
}

/// The end that a word means.
pub(super) fn find(word: &str, view: View<'_>) -> Result<Named, Hinted> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Ok(Named {
            word: address.to_string(),
            ends: vec![Endpoint::Address(address)],
        });
    }
    let known = ApiResources::new(Schema::embedded(), view.inventory);
    let parts: Vec<&str> = word.split('/').collect();
    let readings = readings(&parts)
        .ok_or_else(|| Hinted::new(format!("`{word}` names no end of a connection"), FORMS))?;
    let mut found: Vec<Named> = Vec::new();
    for written in readings {
        for one in view.meant(&written, &known)? {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    match &found[..] {
        [_] => Ok(found.remove(0)),
        [] => Err(unknown(word, view)),
        several => {
            let words = several.iter().take(LISTED);
            let words: Vec<String> = words.map(|one| format!("`{}`", one.word)).collect();
            let hint = format!("write one of {}", words.join(", "));
            Err(Hinted::new(format!("several are called `{word}`"), hint))
        }
    }
}

/// What a word may be: with two parts the first is a namespace or a kind.
fn readings<'w>(parts: &[&'w str]) -> Option<Vec<Written<'w>>> {
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let written = |namespace, kind, name| Written {
        namespace,
        kind,
        name,
    };
    match *parts {
        [name] => Some(vec![written(None, None, name)]),
        [first, name] => Some(vec![
            written(Some(first), None, name),
            written(None, Some(first), name),
        ]),
        [namespace, kind, name] => Some(vec![written(Some(namespace), Some(kind), name)]),
        _ => None,
    }
}

impl View<'_> {
    /// Everything that a word may mean, read in one way.
    fn meant(self, written: &Written<'_>, known: &ApiResources) -> Result<Vec<Named>, Hinted> {
        let is_named = |singular: &str| {
            let kind = written.kind.unwrap_or_default();
            let mut named = known.named(kind);
            named.any(|it| it.group.is_empty() && it.singular == singular)
        };
        if written.kind.is_some() && is_named("namespace") {
            return Ok(self.namespace(written).into_iter().collect());
        }
        let is_service = written.kind.is_some() && is_named("service");
        let mut found: Vec<Named> = Vec::new();
        for (index, resource) in (0..).zip(&self.inventory.resources) {
            if &*resource.name != written.name {
                continue;
            }
            if is_service {
                found.extend(self.service(index, resource, written)?);
            } else if written
                .kind
                .is_none_or(|kind| is_of_kind(resource, kind, known))
            {
                found.extend(self.workload(index, written));
            }
        }
        Ok(found)
    }

    fn namespace(self, written: &Written<'_>) -> Option<Named> {
        let pods = self.network.pods_in(written.name);
        let is_there = !pods.is_empty() && written.namespace.is_none();
        is_there.then(|| Named {
            word: format!("namespace/{}", written.name),
            ends: pods.iter().map(|&pod| Endpoint::Pod(pod)).collect(),
        })
    }

    fn service(
        self,
        index: u32,
        resource: &Resource,
        written: &Written<'_>,
    ) -> Result<Option<Named>, Hinted> {
        let namespace = resource.namespace.as_deref().unwrap_or_default();
        let is_service = &*resource.kind == "Service" && resource.group().is_empty();
        if !is_service || written.namespace.is_some_and(|asked| asked != namespace) {
            return Ok(None);
        }
        let word = format!("{namespace}/service/{}", resource.name);
        let pods = self.network.service_pods(index).unwrap_or_default();
        if pods.is_empty() {
            let message = format!("no pod that was read is behind `{word}`");
            return Err(Hinted::new(message, "name the pods, or what makes them"));
        }
        Ok(Some(Named {
            word,
            ends: pods.iter().map(|found| Endpoint::Pod(found.pod)).collect(),
        }))
    }

    fn workload(self, index: u32, written: &Written<'_>) -> Option<Named> {
        let pods: Vec<PodId> = self.network.pods_of(index).collect();
        let first = *pods.first()?;
        let asked = written.namespace;
        if asked.is_some_and(|asked| asked != self.network.namespace(first)) {
            return None;
        }
        Some(Named {
            word: self.word(first),
            ends: pods.into_iter().map(Endpoint::Pod).collect(),
        })
    }

    /// How the workload of a pod is written.
    pub(super) fn word(self, pod: PodId) -> String {
        let namespace = self.network.namespace(pod);
        let index = self.network.place(pod).resource;
        match self.inventory.resources.get(index as usize) {
            Some(resource) => format!("{namespace}/{}/{}", resource.kind, name(resource)),
            None => format!("{namespace}/"),
        }
    }
}

/// The name of an object, or how it begins.
pub(super) fn name(resource: &Resource) -> &str {
    match &*resource.name {
        "" => resource.generate_name.as_deref().unwrap_or_default(),
        name => name,
    }
}

fn is_of_kind(resource: &Resource, word: &str, known: &ApiResources) -> bool {
    let kind = resource.kind.to_lowercase();
    kind == word.to_lowercase() || known.named(word).any(|it| it.singular == kind)
}

fn unknown(word: &str, view: View<'_>) -> Hinted {
    let message = format!("nothing that was read runs pods and is called `{word}`");
    let last = word.rsplit('/').next().unwrap_or(word);
    let words: Vec<String> = view.network.pods().map(|pod| view.word(pod)).collect();
    let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = words.iter().map(|word| name(word)).collect();
    let near = nearest(last, names.iter().map(String::as_str));
    let near = near.and_then(|near| words.iter().find(|word| name(word) == near));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if words.is_empty() => "no pods were read; name the files that have them".to_owned(),
        None => FORMS.to_owned(),
    };
    Hinted::new(message, hint)
}

#[cfg(test)]
mod tests {
    use network::Endpoint;

    use super::find;
    use crate::network::View;
    use crate::network::testing::network;

    const SHOP: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: none, namespace: shop}
spec: {selector: {app: none}, ports: [{port: 80}]}
";

    fn check(word: &str, expected: Result<(&str, usize), &str>) {
        let (inventory, network) = network(SHOP);
        let view = View {
            network: &network,
            inventory: &inventory,
        };
        match (find(word, view), expected) {
            (Ok(found), Ok(expected)) => {
                assert_eq!((found.word.as_str(), found.ends.len()), expected);
            }
            (Err(error), Err(expected)) => {
                let text = format!("{error}; {}", error.hint());
                assert!(text.contains(expected), "{text}");
            }
            (found, expected) => panic!("{word}: {found:?} and not {expected:?}"),
        }
    }

    #[test]
    fn an_end_is_found_by_its_name() {
        check("db", Ok(("default/StatefulSet/db", 1)));
        check("default/db", Ok(("default/StatefulSet/db", 1)));
        check("sts/db", Ok(("default/StatefulSet/db", 1)));
        check("shop/deploy/web", Ok(("shop/Deployment/web", 1)));
        check("pod/web", Ok(("shop/Pod/web", 1)));
        check("svc/web", Ok(("shop/service/web", 2)));
        check("shop/service/web", Ok(("shop/service/web", 2)));
        check("ns/shop", Ok(("namespace/shop", 2)));
        check("10.0.0.1", Ok(("10.0.0.1", 1)));
        check("::1", Ok(("::1", 1)));
    }

    #[test]
    fn what_is_said_can_be_written_again() {
        let (inventory, network) = network(SHOP);
        let view = View {
            network: &network,
            inventory: &inventory,
        };
        for pod in network.pods() {
            let found = find(&view.word(pod), view).map(|found| found.ends);
            assert_eq!(found.ok(), Some(vec![Endpoint::Pod(pod)]));
        }
    }

    #[test]
    fn mistakes_are_told() {
        check(
            "web",
            Err("write one of `shop/Pod/web`, `shop/Deployment/web`"),
        );
        check("shop/web", Err("several are called"));
        check("wed", Err("did you mean `shop/Pod/web`?"));
        check("svc/none", Err("no pod that was read is behind"));
        check("ns/other", Err("nothing that was read"));
        check("a/b/c/d", Err("names no end"));
        check("shop/", Err("names no end"));
    }
}
