//! Subjects as people write them.

use catalog::nearest;
use rbac::{Graph, Subject};

use crate::errors::Hinted;

/// A subject that the user named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    User(String),
    Group(String),
    ServiceAccount { namespace: String, name: String },
}

/// How to write a subject, for hints.
const FORMS: &str = "write `sa:NAMESPACE/NAME`, `user:NAME`, `group:NAME` or `system:serviceaccount:NAMESPACE:NAME`";

/// Names of groups that authentication knows; all other names that begin with `system:` are users.
const SYSTEM_GROUPS: &[&str] = &[
    "system:authenticated",
    "system:bootstrappers",
    "system:masters",
    "system:monitoring",
    "system:nodes",
    "system:serviceaccounts",
    "system:unauthenticated",
];

impl Named {
    /// As the graph asks for it.
    pub(crate) fn subject(&self) -> Subject<'_> {
        match self {
            Named::User(name) => Subject::User(name),
            Named::Group(name) => Subject::Group(name),
            Named::ServiceAccount { namespace, name } => {
                Subject::ServiceAccount { namespace, name }
            }
        }
    }
}

/// How a subject is written: `sa:shop/web`, `user:ann`, `group:admins`.
pub(crate) fn word(subject: Subject<'_>) -> String {
    match subject {
        Subject::User(name) => format!("user:{name}"),
        Subject::Group(name) => format!("group:{name}"),
        Subject::ServiceAccount { namespace, name } => format!("sa:{namespace}/{name}"),
    }
}

/// Whether a word can only be a subject.
pub(crate) fn is_explicit(word: &str) -> bool {
    let prefixes = ["sa:", "serviceaccount:", "user:", "group:", "system:"];
    prefixes.iter().any(|prefix| word.starts_with(prefix))
}

/// The subject that a word means. One that is written in full need not be known to the graph.
pub(crate) fn find(word: &str, graph: &Graph) -> Result<Named, Hinted> {
    let account = word
        .strip_prefix("sa:")
        .or_else(|| word.strip_prefix("serviceaccount:"));
    if let Some(account) = account {
        return service_account(account, graph);
    }
    if let Some(name) = word.strip_prefix("user:") {
        return named(word, name, Named::User);
    }
    if let Some(name) = word.strip_prefix("group:") {
        return named(word, name, Named::Group);
    }
    if let Some(account) = word.strip_prefix("system:serviceaccount:") {
        return match account.split_once(':') {
            Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
                Ok(Named::ServiceAccount {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                })
            }
            _ => Err(malformed(word)),
        };
    }
    if word.starts_with("system:") {
        let is_group = |group: &&str| {
            let rest = word.strip_prefix(*group);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        let of = if SYSTEM_GROUPS.iter().any(is_group) {
            Named::Group
        } else {
            Named::User
        };
        return Ok(of(word.to_owned()));
    }
    bare(word, graph)
}

fn named(word: &str, name: &str, of: fn(String) -> Named) -> Result<Named, Hinted> {
    if name.is_empty() {
        return Err(malformed(word));
    }
    Ok(of(name.to_owned()))
}

/// `NAMESPACE/NAME`, or a name that only one account has.
fn service_account(text: &str, graph: &Graph) -> Result<Named, Hinted> {
    let parts = text.split_once('/').or_else(|| text.split_once(':'));
    if let Some((namespace, name)) = parts {
        if namespace.is_empty() || name.is_empty() {
            return Err(malformed(&format!("sa:{text}")));
        }
        return Ok(Named::ServiceAccount {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        });
    }
    one_of(text, accounts_named(text, graph), graph)
}

/// A name without a word for what it is.
fn bare(word: &str, graph: &Graph) -> Result<Named, Hinted> {
    let mut found = Vec::new();
    found.extend(
        graph
            .find(Subject::User(word))
            .map(|_| Named::User(word.to_owned())),
    );
    found.extend(
        graph
            .find(Subject::Group(word))
            .map(|_| Named::Group(word.to_owned())),
    );
    match word.split_once('/') {
        Some((namespace, name)) => {
            let id = graph.find(Subject::ServiceAccount { namespace, name });
            found.extend(id.map(|id| owned(graph.subject(id))));
        }
        None => found.extend(accounts_named(word, graph)),
    }
    one_of(word, found, graph)
}

fn accounts_named(word: &str, graph: &Graph) -> Vec<Named> {
    let all = graph.subjects().map(|id| graph.subject(id));
    let of_name = all
        .filter(|subject| matches!(subject, Subject::ServiceAccount { name, .. } if *name == word));
    of_name.map(owned).collect()
}

fn owned(subject: Subject<'_>) -> Named {
    match subject {
        Subject::User(name) => Named::User(name.to_owned()),
        Subject::Group(name) => Named::Group(name.to_owned()),
        Subject::ServiceAccount { namespace, name } => Named::ServiceAccount {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        },
    }
}

fn one_of(word: &str, mut found: Vec<Named>, graph: &Graph) -> Result<Named, Hinted> {
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(unknown(word, graph)),
        _ => {
            let words: Vec<String> = found
                .iter()
                .take(5)
                .map(|named| format!("`{}`", self::word(named.subject())))
                .collect();
            let message = format!("`{word}` may be {} subjects", found.len());
            Err(Hinted::new(
                message,
                format!("write one of {}", words.join(", ")),
            ))
        }
    }
}

fn malformed(word: &str) -> Hinted {
    Hinted::new(format!("`{word}` is no subject"), FORMS)
}

fn unknown(word: &str, graph: &Graph) -> Hinted {
    let message = format!("no subject `{word}` is named by what was read");
    match similar(word, graph) {
        Some(near) => Hinted::new(message, format!("did you mean `{near}`?")),
        None => Hinted::new(message, FORMS),
    }
}

/// The subject whose name is most like a word, in full.
pub(crate) fn similar(word: &str, graph: &Graph) -> Option<String> {
    let all = || graph.subjects().map(|id| graph.subject(id));
    let full: Vec<String> = all().map(self::word).collect();
    if let Some(near) = nearest(word, full.iter().map(String::as_str)) {
        return Some(near.to_owned());
    }
    let name = |subject: Subject<'_>| -> String {
        let (Subject::User(name) | Subject::Group(name) | Subject::ServiceAccount { name, .. }) =
            subject;
        name.to_owned()
    };
    let names: Vec<String> = all().map(name).collect();
    let last = word.rsplit(['/', ':']).next().unwrap_or(word);
    let near = nearest(last, names.iter().map(String::as_str))?;
    let position = names.iter().position(|name| name == near)?;
    full.into_iter().nth(position)
}

#[cfg(test)]
mod tests {
    use super::{Named, find};
    use crate::rbac::testing::graph;

    #[track_caller]
    fn check(word: &str, expected: Result<&str, &str>) {
        let graph = graph(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\n\
             roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n\
             - {kind: User, name: ann}\n- {kind: Group, name: admins}\n- {kind: User, name: both}\n- {kind: Group, name: both}\n\
             - {kind: ServiceAccount, name: web, namespace: shop}\n\
             - {kind: ServiceAccount, name: db, namespace: shop}\n- {kind: ServiceAccount, name: db, namespace: bank}\n",
        );
        let found = find(word, &graph.1);
        let found = found.map(|named: Named| super::word(named.subject()));
        match expected {
            Ok(expected) => assert_eq!(
                found.map_err(|it| it.to_string()),
                Ok(expected.to_owned()),
                "{word}"
            ),
            Err(hint) => {
                let error = found.unwrap_err();
                assert!(
                    error.hint().contains(hint),
                    "{word}: {error}: {}",
                    error.hint()
                );
            }
        }
    }

    #[test]
    fn subjects_are_written_in_several_ways() {
        for word in [
            "sa:shop/web",
            "sa:shop:web",
            "serviceaccount:shop/web",
            "shop/web",
            "web",
            "sa:web",
        ] {
            check(word, Ok("sa:shop/web"));
        }
        check("system:serviceaccount:shop:web", Ok("sa:shop/web"));
        check("ann", Ok("user:ann"));
        check("admins", Ok("group:admins"));
        check("user:nobody", Ok("user:nobody"));
        check("system:masters", Ok("group:system:masters"));
        check(
            "system:serviceaccounts:shop",
            Ok("group:system:serviceaccounts:shop"),
        );
        check("system:kube-scheduler", Ok("user:system:kube-scheduler"));
    }

    #[test]
    fn what_is_not_understood_gets_a_hint() {
        check("both", Err("`user:both`, `group:both`"));
        check("db", Err("`sa:shop/db`, `sa:bank/db`"));
        check("amn", Err("`user:ann`"));
        check("sa:wep", Err("`sa:shop/web`"));
        check("sa:/x", Err("sa:NAMESPACE/NAME"));
        check("system:serviceaccount:shop", Err("sa:NAMESPACE/NAME"));
        check("zzzzzz", Err("sa:NAMESPACE/NAME"));
    }
}
