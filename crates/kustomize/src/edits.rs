//! A kustomization with the fields that a controller adds to it.

use crate::kustomization::Kustomization;
use crate::tree::{Node, Value};

impl Kustomization {
    /// The same with the fields of another one: texts replace, lists are added to, images and replicas of the same name
    /// are replaced, maps are joined.
    pub(crate) fn edited(mut self, edits: &Kustomization) -> Self {
        for entry in edits.node().entries() {
            if matches!(&*entry.key, "apiVersion" | "kind") {
                continue;
            }
            let own = self
                .node_mut()
                .remove(&entry.key)
                .filter(|own| !own.is_null());
            let value = joined(&entry.key, own, entry.value.clone());
            self.node_mut().set(&entry.key, value);
        }
        self
    }
}

/// A field with what an edit adds to it.
fn joined(key: &str, own: Option<Node>, edit: Node) -> Node {
    let Some(mut own) = own else {
        return edit;
    };
    match (&mut own.value, edit.value) {
        (Value::List(items), Value::List(more)) => {
            if matches!(key, "images" | "replicas") {
                let name = |item: &Node| item.text_at(&["name"]).map(str::to_owned);
                items.retain(|item| more.iter().all(|new| name(new) != name(item)));
            }
            items.extend(more);
            own
        }
        (Value::Map(_), Value::Map(more)) => {
            for entry in more {
                own.set(&entry.key, entry.value);
            }
            own
        }
        (_, value) => Node::new(value, edit.at),
    }
}
