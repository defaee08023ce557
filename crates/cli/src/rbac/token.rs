//! Whether pods have the token of their service account.

use document::NodeRef;
use model::{PodView, Resource};

const AUTOMOUNT: &str = "automountServiceAccountToken";

/// Whether a pod has a token of its service account: mounted by itself, or by a projected volume.
pub(crate) fn is_mounted(pod: &PodView<'_>, account: Option<&Resource>) -> bool {
    let of_pod = pod.spec().get_str(AUTOMOUNT).and_then(NodeRef::as_bool);
    let of_account = account.and_then(|account| account.object().get_str(AUTOMOUNT)?.as_bool());
    of_pod.or(of_account).unwrap_or(true) || is_projected(pod)
}

fn is_projected(pod: &PodView<'_>) -> bool {
    pod.volumes().any(|volume| {
        let projected = volume.get_str("projected");
        let sources = projected.and_then(|projected| projected.get_str("sources"));
        let mut sources = sources.into_iter().flat_map(NodeRef::items);
        sources.any(|source| source.get_str("serviceAccountToken").is_some())
    })
}
