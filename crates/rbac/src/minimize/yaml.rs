//! Roles as manifests.

use std::fmt::Write as _;

use document::edit::json_string;
use document::is_plain_string;

use super::{LeastRole, LeastRule};
use crate::request::Subject;

const API: &str = "rbac.authorization.k8s.io";

impl LeastRole<'_> {
    /// A role of that name, and the binding that gives it to a subject, as two YAML documents.
    pub fn to_yaml(&self, name: &str, subject: Subject<'_>) -> String {
        let prefix = if self.namespace.is_none() {
            "Cluster"
        } else {
            ""
        };
        let mut text = head(&format!("{prefix}Role"), self.namespace, name);
        text += "rules:\n";
        for rule in &self.rules {
            rule.write(&mut text);
        }
        text += &head(&format!("{prefix}RoleBinding"), self.namespace, name);
        let _ = write!(
            text,
            "roleRef:\n  apiGroup: {API}\n  kind: {prefix}Role\n  name: {}\nsubjects:\n",
            scalar(name)
        );
        text + &item(subject)
    }
}

fn head(kind: &str, namespace: Option<&str>, name: &str) -> String {
    let mut text = format!(
        "---\napiVersion: {API}/v1\nkind: {kind}\nmetadata:\n  name: {}\n",
        scalar(name)
    );
    if let Some(namespace) = namespace {
        let _ = writeln!(text, "  namespace: {}", scalar(namespace));
    }
    text
}

fn item(subject: Subject<'_>) -> String {
    match subject {
        Subject::User(name) => {
            format!(
                "- apiGroup: {API}\n  kind: User\n  name: {}\n",
                scalar(name)
            )
        }
        Subject::Group(name) => {
            format!(
                "- apiGroup: {API}\n  kind: Group\n  name: {}\n",
                scalar(name)
            )
        }
        Subject::ServiceAccount { namespace, name } => format!(
            "- kind: ServiceAccount\n  name: {}\n  namespace: {}\n",
            scalar(name),
            scalar(namespace)
        ),
    }
}

impl LeastRule<'_> {
    fn write(&self, text: &mut String) {
        let resources: Vec<&str> = self.resources.iter().map(String::as_str).collect();
        let lists = [
            ("apiGroups", &self.groups),
            ("resources", &resources),
            ("resourceNames", &self.names),
            ("nonResourceURLs", &self.urls),
            ("verbs", &self.verbs),
        ];
        let mut indentation = "- ";
        for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            let items: Vec<String> = list.iter().map(|item| scalar(item)).collect();
            let _ = writeln!(text, "{indentation}{key}: [{}]", items.join(", "));
            indentation = "  ";
        }
    }
}

/// A string in a flow list or behind a key.
fn scalar(text: &str) -> String {
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || b"-./_".contains(&byte);
    if text.bytes().all(is_simple) && is_plain_string(text) {
        text.to_owned()
    } else {
        json_string(text)
    }
}
