//! Which objects have names that will be others tomorrow.

/// Resources whose objects controllers make and name.
const MADE: &[&str] = &[
    "certificatesigningrequests",
    "controllerrevisions",
    "endpointslices",
    "events",
    "pods",
    "replicasets",
];

/// The letters of the suffixes that Kubernetes makes up.
const SUFFIX: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Whether the name of an object is one that was made up, and not written by anybody.
pub(super) fn is_generated(resource: &str, name: &str) -> bool {
    let resource = resource.split('/').next().unwrap_or(resource);
    if MADE.contains(&resource) {
        return true;
    }
    let Some((_, suffix)) = name.rsplit_once(['-', '.']) else {
        return false;
    };
    let is_suffix =
        (5..=10).contains(&suffix.len()) && suffix.bytes().all(|byte| SUFFIX.contains(&byte));
    let is_number = suffix.len() >= 6 && suffix.bytes().all(|byte| byte.is_ascii_digit());
    // Of events, of digests, and the last part of an UUID.
    let is_hash = suffix.len() >= 12 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_suffix || is_number || is_hash
}

#[cfg(test)]
mod tests {
    use super::is_generated;

    #[test]
    fn names_that_were_made_up_are_known() {
        for name in [
            "web-7d4b9c6f5-x2x7k",
            "job-28401930",
            "web.17b2c3d4e5f60718",
            "pvc-2f1c9a9e-0d6b-4a5e-9b1f-0c2d3e4f5a6b",
        ] {
            assert!(is_generated("configmaps", name), "{name}");
        }
        for name in [
            "settings",
            "db-0",
            "kube-root-ca.crt",
            "web-config",
            "v1.apps",
        ] {
            assert!(!is_generated("configmaps", name), "{name}");
        }
        assert!(is_generated("pods/exec", "web"));
    }
}
