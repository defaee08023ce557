//! What images are built by: among the resources of an inventory, though no object of Kubernetes.

use crate::inventory::Resource;

/// The API group of Dockerfiles and configurations of images.
pub const BUILD_GROUP: &str = "seawall.dev";

/// The kind of a Dockerfile.
pub const DOCKERFILE: &str = "Dockerfile";

/// The kind of an image's configuration.
pub const IMAGE: &str = "Image";

/// Whether a resource says how an image is built.
pub fn is_build(resource: &Resource) -> bool {
    resource.group() == BUILD_GROUP && matches!(&*resource.kind, DOCKERFILE | IMAGE)
}
