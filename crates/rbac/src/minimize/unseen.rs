//! Permissions that requests do not show: the API server asks for them while it serves another request.

use super::combined;
use crate::graph::Graph;
use crate::request::{Request, Subject};
use crate::tables::Grant;
use crate::view::RuleText;

/// A permission that a subject has, of which its requests do not tell whether it was needed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unseen<'g> {
    /// Where it is granted; `None` for the whole cluster.
    pub namespace: Option<&'g str>,
    /// The verb.
    pub verb: &'static str,
    /// The resource, with its group: `clusterroles.rbac.authorization.k8s.io`.
    pub resource: String,
    /// Which requests it may have been needed for.
    pub during: &'static str,
    /// What grants it.
    pub grant: Grant,
}

const RBAC: &str = "rbac.authorization.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";

/// A verb on a resource, and the writes that may need it.
struct Row {
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
    /// Group and resources.
    written: (&'static str, &'static [&'static str]),
    during: &'static str,
}

const fn row(
    (verb, group, resource): (&'static str, &'static str, &'static str),
    written: (&'static str, &'static [&'static str]),
    during: &'static str,
) -> Row {
    Row {
        verb,
        group,
        resource,
        written,
        during,
    }
}

const BINDINGS: (&str, &[&str]) = (RBAC, &["rolebindings", "clusterrolebindings"]);
const BINDS: &str = "it wrote bindings, perhaps to roles that give more than it has";
const ESCALATES: &str = "it wrote roles, perhaps with more than it has";
const SIGNS: &str = "it wrote certificate signing requests";

const ROWS: &[Row] = &[
    row(("bind", RBAC, "roles"), BINDINGS, BINDS),
    row(("bind", RBAC, "clusterroles"), BINDINGS, BINDS),
    row(("escalate", RBAC, "roles"), (RBAC, &["roles"]), ESCALATES),
    row(
        ("escalate", RBAC, "clusterroles"),
        (RBAC, &["clusterroles"]),
        ESCALATES,
    ),
    row(
        ("approve", CERTIFICATES, "signers"),
        (CERTIFICATES, &["certificatesigningrequests/approval"]),
        SIGNS,
    ),
    row(
        ("sign", CERTIFICATES, "signers"),
        (CERTIFICATES, &["certificatesigningrequests/status"]),
        SIGNS,
    ),
];

impl Graph {
    /// The permissions of a subject that its requests may have needed without showing it.
    pub fn unseen(&self, subject: Subject<'_>, requests: &[Request<'_>]) -> Vec<Unseen<'_>> {
        let rows: Vec<&Row> = ROWS
            .iter()
            .filter(|row| row.may_be_asked(requests))
            .collect();
        let writes = requests.iter().any(is_write);
        let mut unseen = Vec::new();
        for (namespace, grant) in self.own_rules(subject) {
            let Some(rule) = grant.rule() else { continue };
            let text = self.rule_text(rule);
            let asked = rows.iter().filter(|row| row.is_in(&text));
            unseen.extend(asked.map(|row| Unseen {
                namespace,
                verb: row.verb,
                resource: format!("{}.{}", row.resource, row.group),
                during: row.during,
                grant,
            }));
            let finalizers = text.resources.iter();
            let finalizers = finalizers.filter(|one| writes && one.ends_with("/finalizers"));
            unseen.extend(finalizers.map(|one| Unseen {
                namespace,
                verb: "update",
                resource: (*one).to_owned(),
                during: "it wrote objects, perhaps with an owner that must not go before them",
                grant,
            }));
        }
        unseen
    }
}

impl Row {
    fn may_be_asked(&self, requests: &[Request<'_>]) -> bool {
        let (written_group, resources) = self.written;
        requests.iter().any(|request| {
            let Request::Resource { group, .. } = *request else {
                return false;
            };
            is_write(request)
                && group == written_group
                && resources.contains(&combined(request).as_str())
        })
    }

    fn is_in(&self, rule: &RuleText<'_>) -> bool {
        let has = |list: &[&str], one: &str| list.contains(&"*") || list.contains(&one);
        has(&rule.verbs, self.verb)
            && has(&rule.groups, self.group)
            && has(&rule.resources, self.resource)
    }
}

fn is_write(request: &Request<'_>) -> bool {
    let Request::Resource { verb, .. } = request else {
        return false;
    };
    matches!(*verb, "create" | "update" | "patch")
}
