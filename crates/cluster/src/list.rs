//! Lists: page by page, from the beginning where the server has forgotten the state that the pages are of.

use std::sync::Arc;

use document::{Document, Kind, Limits, NodeRef, Source};
use model::Resource;

use crate::api::{Api, Failure};
use crate::object::Maker;
use crate::served::Served;

const JSON: &str = "application/json";

/// How often a list is begun again in pages; after that it is asked for in one piece.
const BEGINNINGS: u32 = 3;

/// What one page may be, parsed: its text is limited already.
const LIMITS: Limits = Limits {
    bytes: 256 << 20,
    depth: 128,
    nodes: 64 << 20,
    alias_factor: 0,
    alias_bytes: 0,
};

/// A list: of which resource, where, and of which objects.
#[derive(Clone, Debug)]
pub(crate) struct ListOf {
    pub(crate) served: Served,
    pub(crate) namespace: Option<String>,
    pub(crate) selector: Option<String>,
    pub(crate) page_size: u32,
}

/// What a list gave.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) resources: Vec<Resource>,
    /// Positions of items that are no objects.
    pub(crate) odd: Vec<usize>,
    /// The state that the list is of: where a watch goes on.
    pub(crate) resource_version: String,
}

/// One page, its items not looked at.
pub(crate) struct Page {
    document: Document,
    next: Option<String>,
    resource_version: String,
}

impl ListOf {
    /// The path to ask for.
    fn path(&self, limit: Option<u32>, next: Option<&str>) -> String {
        let mut path = self.served.path(self.namespace.as_deref());
        let mut separator = '?';
        let mut add = |key: &str, value: &str| {
            path.push(separator);
            separator = '&';
            path += key;
            path.push('=');
            path += &encoded(value);
        };
        if let Some(limit) = limit {
            add("limit", &limit.to_string());
        }
        if let Some(selector) = &self.selector {
            add("labelSelector", selector);
        }
        if let Some(next) = next {
            add("continue", next);
        }
        path
    }

    /// All of it.
    pub(crate) async fn all(&self, api: &Api, maker: &Arc<Maker>) -> Result<Listed, Failure> {
        let mut beginnings = 0;
        loop {
            let in_pages = beginnings < BEGINNINGS;
            match self.whole(api, maker, in_pages).await {
                Err(Failure::Expired(_)) if in_pages => beginnings += 1,
                done => return done,
            }
        }
    }

    async fn whole(
        &self,
        api: &Api,
        maker: &Arc<Maker>,
        in_pages: bool,
    ) -> Result<Listed, Failure> {
        let mut limit = in_pages.then_some(self.page_size.max(1));
        let mut next: Option<String> = None;
        let mut parts = Vec::new();
        let resource_version = loop {
            let answer = match api.get(&self.path(limit, next.as_deref()), JSON).await {
                // Objects may be large: fewer of them may fit.
                Err(Failure::TooLarge) if limit.is_some_and(|limit| limit > 1) => {
                    limit = limit.map(|limit| (limit / 8).max(1));
                    continue;
                }
                answer => answer?,
            };
            let page = Page::parse(answer, maker).map_err(Failure::Network)?;
            next.clone_from(&page.next);
            let version = page.resource_version.clone();
            // The next page is on its way while this one is made smaller.
            let (maker, served) = (Arc::clone(maker), self.served.clone());
            parts.push(tokio::task::spawn_blocking(move || {
                page.resources(&maker, &served)
            }));
            if next.is_none() {
                break version;
            }
        };
        let mut listed = Listed {
            resource_version,
            ..Listed::default()
        };
        for part in parts {
            let (resources, odd) = part
                .await
                .map_err(|error| Failure::Network(error.to_string()))?;
            let before = listed.resources.len() + listed.odd.len();
            listed.resources.extend(resources);
            listed
                .odd
                .extend(odd.into_iter().map(|position| before + position));
        }
        Ok(listed)
    }
}

impl Page {
    /// Reads the text of a page.
    pub(crate) fn parse(answer: Vec<u8>, maker: &Maker) -> Result<Page, String> {
        let text = String::from_utf8(answer).map_err(|_| "the answer is not UTF-8".to_owned())?;
        let parsed = document::parse_json(Source::new("", text), &maker.keys, &LIMITS);
        if let Some(error) = parsed.errors.first() {
            return Err(format!("the answer is not JSON: {error}"));
        }
        let document = parsed.document;
        let root = document.root(0).filter(|root| root.kind() == Kind::Mapping);
        let root = root.ok_or("the answer is no list")?;
        let metadata = root.get_str("metadata");
        let text = |key| {
            let text = metadata.and_then(|metadata| metadata.get_str(key)?.as_str());
            text.unwrap_or_default().to_owned()
        };
        let (next, resource_version) = (text("continue"), text("resourceVersion"));
        Ok(Page {
            next: Some(next).filter(|next| !next.is_empty()),
            resource_version,
            document,
        })
    }

    /// The object that the answer is, where no list was asked for.
    pub(crate) fn object(&self, maker: &Maker, served: &Served) -> Option<Resource> {
        maker.resource(self.document.root(0)?, served)
    }

    /// Its objects, and the positions of what is none.
    pub(crate) fn resources(&self, maker: &Maker, served: &Served) -> (Vec<Resource>, Vec<usize>) {
        let items = self.document.root(0).and_then(|root| root.get_str("items"));
        let items = items.into_iter().flat_map(NodeRef::items);
        let mut resources = Vec::new();
        let mut odd = Vec::new();
        for (position, item) in items.enumerate() {
            match maker.resource(item, served) {
                Some(resource) => resources.push(resource),
                None => odd.push(position),
            }
        }
        (resources, odd)
    }
}

/// A value of a query.
pub(crate) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use document::Keys;

    use super::*;
    use crate::naming::Naming;
    use crate::served::tests::served;

    fn maker() -> Maker {
        Maker::new(
            &Arc::new(Keys::new(model::key_names())),
            &Naming::new("test"),
        )
    }

    #[test]
    fn pages_become_objects_without_secrets_and_bookkeeping() {
        let maker = maker();
        let answer = br#"{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"abc"},"items":[
            {"metadata":{"name":"db","namespace":"shop","managedFields":[{"manager":"me"}],
             "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"stringData\":{\"p\":\"hunter2\"}}","a":"b"}},
             "data":{"p":"aHVudGVyMg==","n":3},"stringData":{"p":"hunter2"},"type":"Opaque"},
            3, {"metadata":{}}]}"#;
        let page = Page::parse(answer.to_vec(), &maker);
        let page = page.as_ref().ok();
        assert_eq!(page.and_then(|page| page.next.as_deref()), Some("abc"));
        let secret = served("v1", "secrets", "Secret", true);
        let (resources, odd) = page
            .map(|page| page.resources(&maker, &secret))
            .unwrap_or_default();
        assert_eq!(odd, [1, 2]);
        let db = &resources[0];
        assert_eq!(
            (&*db.api_version, &*db.kind, db.namespace.as_deref()),
            ("v1", "Secret", Some("shop"))
        );
        let yaml = document::print::to_yaml(db.object());
        assert_eq!(
            yaml,
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\n  annotations:\n    a: b\ndata:\n  p: \"\"\n  \"n\": \"\"\nstringData:\n  p: \"\"\ntype: Opaque\n"
        );
        let file = db.location(db.root).file().to_owned();
        assert_eq!(file, "cluster://test/api/v1/namespaces/shop/secrets/db");
    }

    #[test]
    fn what_is_no_list_is_said() {
        let maker = maker();
        let reason = |answer: &[u8]| {
            Page::parse(answer.to_vec(), &maker)
                .err()
                .unwrap_or_default()
        };
        assert_eq!(reason(b"\xff"), "the answer is not UTF-8");
        assert!(reason(b"{").starts_with("the answer is not JSON: "));
        assert_eq!(reason(b"[]"), "the answer is no list");
        assert_eq!(reason(b"{}"), "");
    }

    #[test]
    fn queries_are_encoded() {
        let list = ListOf {
            served: served("v1", "pods", "Pod", true),
            namespace: None,
            selector: Some("app in (a, b)".to_owned()),
            page_size: 5,
        };
        assert_eq!(
            list.path(None, None),
            "/api/v1/pods?labelSelector=app%20in%20%28a%2C%20b%29"
        );
        assert_eq!(
            list.path(Some(5), Some("x=")),
            "/api/v1/pods?limit=5&labelSelector=app%20in%20%28a%2C%20b%29&continue=x%3D"
        );
    }
}
