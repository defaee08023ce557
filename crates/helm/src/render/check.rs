//! What keeps a chart from being installed, before anything is executed.

use crate::chart::Chart;
use crate::dependencies;
use crate::error::{ErrorKind, Result};
use crate::node::Node;
use crate::objects::KubernetesVersion;
use crate::options::Options;
use crate::semver;

/// Fails for what cannot be installed.
pub(super) fn chart(chart: &Chart<'_>, options: &Options<'_>) -> Result<()> {
    let metadata = &chart.parts.metadata;
    if metadata.is_library() {
        let message = format!("'{}' is a library: other charts use it", metadata.name);
        return Err(metadata.at_key("type", message));
    }
    dependencies::check_presence(chart)?;
    if !is_release_name(&options.release_name) {
        return Err(ErrorKind::ReleaseName(options.release_name.clone()).into());
    }
    Ok(())
}

/// Whether a release can have a name: parts joined by dots, each of lower case letters, digits and hyphens inside.
fn is_release_name(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        let ends = bytes.first().zip(bytes.last());
        ends.is_some_and(|(&first, &last)| is_inner(first) && is_inner(last))
            && bytes.iter().all(|&byte| is_inner(byte) || byte == b'-')
    };
    name.len() <= 53 && name.split('.').all(is_part)
}

/// Fails when the chart does not support the version of Kubernetes.
pub(super) fn version(root: &Node<'_>, kubernetes: &KubernetesVersion) -> Result<()> {
    let metadata = root.metadata();
    let wanted = &metadata.kube_version;
    if wanted.is_empty() || semver::is_compatible(wanted, kubernetes.normalized()) {
        return Ok(());
    }
    let message = format!(
        "the chart supports Kubernetes {wanted}, not {}",
        kubernetes.full()
    );
    let mut error = metadata.at_key("kubeVersion", String::new());
    error.kind = ErrorKind::KubernetesVersion(message);
    Err(error)
}
