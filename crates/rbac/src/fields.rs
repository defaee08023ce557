//! The field names that the reader looks at, as key ids.

use std::sync::Arc;

use document::{KeyId, Keys, NodeRef};

macro_rules! fields {
    ($($variant:ident = $name:literal,)*) => {
        /// A field name that the reader looks at.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Field { $($variant,)* }

        const NAMES: &[&str] = &[$($name,)*];
    };
}

fields! {
    AggregationRule = "aggregationRule",
    Annotations = "annotations",
    ApiGroup = "apiGroup",
    ApiGroups = "apiGroups",
    ClusterRoleSelectors = "clusterRoleSelectors",
    Key = "key",
    Kind = "kind",
    Labels = "labels",
    MatchExpressions = "matchExpressions",
    MatchLabels = "matchLabels",
    Metadata = "metadata",
    Name = "name",
    Namespace = "namespace",
    NonResourceUrls = "nonResourceURLs",
    Operator = "operator",
    ResourceNames = "resourceNames",
    Resources = "resources",
    RoleRef = "roleRef",
    Rules = "rules",
    Subjects = "subjects",
    Type = "type",
    Uid = "uid",
    Values = "values",
    Verbs = "verbs",
}

/// The field names that the reader looks at: whoever makes the [`Keys`] of a scan puts them in, so that
/// reading a field is an integer comparison.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// The ids that those names have in the table of the document at hand.
#[derive(Debug)]
pub(crate) struct FieldKeys {
    keys: Arc<Keys>,
    ids: Box<[Option<KeyId>]>,
}

impl FieldKeys {
    pub(crate) fn new(keys: &Arc<Keys>) -> Self {
        FieldKeys {
            keys: Arc::clone(keys),
            ids: NAMES.iter().map(|name| keys.get(name)).collect(),
        }
    }

    /// Whether the ids hold for documents that were parsed with a table.
    pub(crate) fn are_of(&self, keys: &Arc<Keys>) -> bool {
        Arc::ptr_eq(&self.keys, keys)
    }

    /// The value of a field of a mapping; `None` when it is absent or null.
    pub(crate) fn get<'a>(&self, node: NodeRef<'a>, field: Field) -> Option<NodeRef<'a>> {
        let index = field as usize;
        let value = match self.ids[index] {
            Some(id) => node.get(id),
            None => node.get_str(NAMES[index]),
        };
        value.filter(|value| !value.is_null())
    }

    /// The name of a field.
    pub(crate) fn name(field: Field) -> &'static str {
        NAMES[field as usize]
    }
}
