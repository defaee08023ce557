//! An image reference as a host object.

use std::cell::OnceCell;

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, Value};
use model::ImageRef;

use super::ContainerHost;
use super::member;

const REFERENCE: MemberId = member("reference");
const REGISTRY: MemberId = member("registry");
const REPOSITORY: MemberId = member("repository");
const NAME: MemberId = member("name");
const TAG: MemberId = member("tag");
const DIGEST: MemberId = member("digest");
const CONTAINER: MemberId = member("container");

/// The image reference of a container.
pub(crate) struct ImageHost<'a, 'r> {
    node: NodeRef<'r>,
    image: ImageRef<'r>,
    container: &'a ContainerHost<'a, 'r>,
    repository: OnceCell<&'a str>,
    name: OnceCell<&'a str>,
}

impl<'a, 'r> ImageHost<'a, 'r> {
    /// The image of a container; `None` when it has none that is a text.
    pub(crate) fn new(container: &'a ContainerHost<'a, 'r>) -> Option<Self> {
        let node = container.view().image()?;
        Some(ImageHost {
            node,
            image: ImageRef::split(node.as_str()?),
            container,
            repository: OnceCell::new(),
            name: OnceCell::new(),
        })
    }
}

impl<'a, 'r: 'a> Host<'a> for ImageHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "image"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.node)
    }

    fn member(&'a self, member: MemberId, arena: &'a Bump) -> Option<Value<'a>> {
        let text = match member {
            REFERENCE => return Some(Value::Node(self.node)),
            CONTAINER => return Some(Value::Host(self.container)),
            REGISTRY => self.image.registry,
            REPOSITORY => self
                .repository
                .get_or_init(|| arena.alloc_str(&self.image.repository())),
            NAME => self
                .name
                .get_or_init(|| arena.alloc_str(&self.image.name())),
            TAG => self.image.tag,
            DIGEST => self.image.digest,
            _ => return None,
        };
        Some(Value::String(text))
    }
}
