//! What every technique says of itself.

use std::collections::BTreeSet;

use paths::techniques;

/// Patterns that gain nothing which is an asset: others lose something, traffic goes elsewhere, or it takes more than
/// permissions to get further.
const LEAD_NOWHERE: &[&str] = &[
    "authentication-config-write",
    "bindings-delete",
    "cluster-info-write",
    "clusterrolebindings-share",
    "coredns-config-write",
    "crd-conversion-write",
    "csr-approve-serving",
    "csr-sign",
    "endpoints-write",
    "endpointslices-write",
    "events-flood",
    "external-secrets-write",
    "flowcontrol-write",
    "impersonate-extras",
    "impersonate-uids",
    "ingresses-write",
    "leases-take",
    "namespaces-delete",
    "persistentvolumes-change",
    "pods-log",
    "priorityclasses-write",
    "proxy-config-write",
    "quotas-weaken",
    "rolebindings-share",
    "routes-write",
    "services-external-ips",
    "services-status",
    "snapshots-create",
    "storageclasses-write",
    "tokenreviews-create",
    "trust-bundles-write",
    // Said by what a pod of one's own may be.
    "pods-create-privileged",
    "workloads-create-privileged",
];

#[test]
fn every_pattern_of_permissions_leads_somewhere_or_is_known_not_to() {
    let used: BTreeSet<&str> = techniques()
        .flat_map(paths::Technique::patterns)
        .map(|pattern| pattern.id)
        .collect();
    let all: BTreeSet<&str> = rbac::patterns().map(|pattern| pattern.id).collect();
    let nowhere: BTreeSet<&str> = LEAD_NOWHERE.iter().copied().collect();
    let missing: Vec<_> = all
        .difference(&used)
        .filter(|id| !nowhere.contains(**id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let both: Vec<_> = used.intersection(&nowhere).collect();
    assert!(both.is_empty(), "{both:?}");
    assert!(nowhere.is_subset(&all), "{nowhere:?}");
}

#[test]
fn every_technique_of_kubehound_has_one() {
    let documented = [
        "CE_MODULE_LOAD",
        "CE_NSENTER",
        "CE_PRIV_MOUNT",
        "CE_SYS_PTRACE",
        "CE_UMH_CORE_PATTERN",
        "CE_VAR_LOG_SYMLINK",
        "CONTAINER_ATTACH",
        "ENDPOINT_EXPLOIT",
        "EXPLOIT_CONTAINERD_SOCK",
        "EXPLOIT_HOST_READ",
        "EXPLOIT_HOST_TRAVERSE",
        "EXPLOIT_HOST_WRITE",
        "IDENTITY_ASSUME",
        "IDENTITY_IMPERSONATE",
        "PERMISSION_DISCOVER",
        "POD_ATTACH",
        "POD_CREATE",
        "POD_EXEC",
        "POD_PATCH",
        "ROLE_BIND",
        "SHARE_PS_NAMESPACE",
        "TOKEN_BRUTEFORCE",
        "TOKEN_LIST",
        "TOKEN_STEAL",
        "VOLUME_ACCESS",
        "VOLUME_DISCOVER",
    ];
    let ours: BTreeSet<&str> = techniques()
        .flat_map(paths::Technique::kubehound)
        .copied()
        .collect();
    let missing: Vec<_> = documented
        .iter()
        .filter(|name| !ours.contains(**name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn techniques_say_what_people_need() {
    for technique in techniques() {
        let id = technique.id;
        assert!(!technique.title().is_empty(), "{id}: no title");
        assert!(!technique.effect().is_empty(), "{id}: no effect");
        assert!(!technique.fix().is_empty(), "{id}: no fix");
        assert!(!technique.references().is_empty(), "{id}: no reference");
        assert!(
            !technique.from().is_empty() && !technique.to().is_empty(),
            "{id}: from or to is missing"
        );
        for number in technique.attack() {
            assert!(
                number.starts_with('T') && number[1..].parse::<f64>().is_ok(),
                "{id}: {number}"
            );
        }
        for text in [
            technique.effect(),
            technique.fix(),
            technique.precondition(),
        ] {
            assert!(!text.ends_with('.'), "{id}: {text}");
        }
    }
}
