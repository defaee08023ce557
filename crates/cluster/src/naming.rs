//! What live objects and lists are called in reports.

use std::fmt::Write as _;

use crate::served::Served;

/// Names of live objects in reports: `cluster://CONTEXT/apis/apps/v1/namespaces/shop/deployments/web`.
#[derive(Clone, Debug)]
pub(crate) struct Naming {
    prefix: String,
}

impl Naming {
    pub(crate) fn new(context: &str) -> Self {
        let mut prefix = String::from("cluster://");
        for byte in context.bytes() {
            // A context may be called anything, `arn:aws:eks:…:cluster/prod` for one.
            if byte.is_ascii_alphanumeric() || b"-._:@".contains(&byte) {
                prefix.push(char::from(byte));
            } else {
                let _ = write!(prefix, "%{byte:02X}");
            }
        }
        Naming { prefix }
    }

    /// An object.
    pub(crate) fn object(&self, served: &Served, namespace: Option<&str>, name: &str) -> String {
        let path = served.path(namespace.filter(|_| served.is_namespaced));
        format!("{}{path}/{name}", self.prefix)
    }

    /// A path of the API.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::tests::served;

    #[test]
    fn objects_are_named_by_their_path() {
        let naming = Naming::new("arn:aws:eks:eu:1:cluster/prod\n");
        let web = naming.object(
            &served("apps/v1", "deployments", "Deployment", true),
            Some("a"),
            "web",
        );
        assert_eq!(
            web,
            "cluster://arn:aws:eks:eu:1:cluster%2Fprod%0A/apis/apps/v1/namespaces/a/deployments/web"
        );
        let node = naming.object(&served("v1", "nodes", "Node", false), None, "n1");
        assert!(node.ends_with("%0A/api/v1/nodes/n1"), "{node}");
    }
}
