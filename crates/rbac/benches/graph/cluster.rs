//! A cluster of 10,000 subjects and 5,000 roles, the same in every run: what the benches and the memory example
//! work on.

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};

/// Namespaces; each has 40 service accounts and 20 Roles.
pub(crate) const NAMESPACES: usize = 200;
const ACCOUNTS: usize = 40;
const ROLES: usize = 20;
const CLUSTER_ROLES: usize = 1_000;
const USERS: usize = 1_800;
const GROUPS: usize = 200;

const RESOURCES: [(&str, &str); 16] = [
    ("", "pods"),
    ("", "pods/log"),
    ("", "pods/exec"),
    ("", "secrets"),
    ("", "configmaps"),
    ("", "services"),
    ("", "events"),
    ("", "serviceaccounts"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("apps", "deployments/scale"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("networking.k8s.io", "ingresses"),
    ("coordination.k8s.io", "leases"),
    ("rbac.authorization.k8s.io", "roles"),
];

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as usize) % end
    }
}

/// Its resources, parsed.
pub(crate) fn inventory() -> Inventory {
    let keys = Arc::new(Keys::new(rbac::key_names().chain(model::key_names())));
    let fields = FieldKeys::new(&keys);
    let mut resources = Vec::new();
    for (name, text) in [
        ("accounts.yaml", accounts()),
        ("roles.yaml", roles()),
        ("bindings.yaml", bindings()),
    ] {
        let parsed = document::parse_yaml(Source::new(name, text), &keys, &Limits::default());
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let document = Arc::new(parsed.document);
        for root in document.roots() {
            resources.extend(model::recognise(&document, root, &fields).resources);
        }
    }
    Inventory::new(resources)
}

fn accounts() -> String {
    let mut text = String::new();
    for number in 0..NAMESPACES * ACCOUNTS {
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app-{}\n  namespace: team-{}\n",
            number / NAMESPACES,
            number % NAMESPACES
        );
    }
    text
}

fn rules(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(5) {
        let (group, resource) = RESOURCES[random.below(RESOURCES.len())];
        let verbs = [
            "get",
            "get\n  - list\n  - watch",
            "create\n  - update\n  - patch",
            "delete",
        ];
        let verbs = match random.below(400) {
            0 => "'*'",
            number => verbs[number % 4],
        };
        let _ = write!(
            text,
            "- apiGroups:\n  - '{group}'\n  resources:\n  - {resource}\n  verbs:\n  - {verbs}\n"
        );
        if random.below(5) == 0 {
            let _ = write!(text, "  resourceNames:\n  - object-{}\n", random.below(500));
        }
    }
    text
}

fn roles() -> String {
    let mut random = Random(7);
    let mut text = String::new();
    for number in 0..CLUSTER_ROLES {
        let _ = write!(
            text,
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: cluster-role-{number}\n"
        );
        text += &match number % 50 {
            0 => "aggregationRule:\n  clusterRoleSelectors:\n  - matchLabels:\n      part: few\n"
                .to_owned(),
            1 => format!("  labels:\n    part: few\nrules:\n{}", rules(&mut random)),
            _ => format!("rules:\n{}", rules(&mut random)),
        };
    }
    for number in 0..NAMESPACES * ROLES {
        let _ = write!(
            text,
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: role-{}\n  namespace: team-{}\nrules:\n{}",
            number / NAMESPACES,
            number % NAMESPACES,
            rules(&mut random)
        );
    }
    text
}

/// Two bindings for most subjects, and some of groups that everybody is in.
fn bindings() -> String {
    let mut random = Random(11);
    let mut text = String::new();
    for number in 0..NAMESPACES * ACCOUNTS {
        let (app, namespace) = (number / NAMESPACES, number % NAMESPACES);
        let subject = format!("- kind: ServiceAccount\n  name: app-{app}\n");
        binding(&mut text, &mut random, Some(namespace), number, &subject);
        if number % 8 == 0 {
            let subject = format!("{subject}  namespace: team-{namespace}\n");
            binding(&mut text, &mut random, None, number, &subject);
        }
    }
    for number in 0..USERS + GROUPS {
        let kind = if number < USERS { "User" } else { "Group" };
        let subject = format!(
            "- apiGroup: rbac.authorization.k8s.io\n  kind: {kind}\n  name: someone-{number}\n"
        );
        for _ in 0..3 {
            let namespace = random.below(NAMESPACES);
            binding(&mut text, &mut random, Some(namespace), number, &subject);
        }
    }
    for number in 0..20 {
        let subject =
            "- apiGroup: rbac.authorization.k8s.io\n  kind: Group\n  name: system:authenticated\n";
        binding(&mut text, &mut random, Some(number), number, subject);
    }
    text
}

fn binding(
    text: &mut String,
    random: &mut Random,
    namespace: Option<usize>,
    number: usize,
    subject: &str,
) {
    let (kind, within) = match namespace {
        Some(namespace) => ("RoleBinding", format!("  namespace: team-{namespace}\n")),
        None => ("ClusterRoleBinding", String::new()),
    };
    let (role_kind, role) = if namespace.is_some() && random.below(3) > 0 {
        ("Role", format!("role-{}", random.below(ROLES)))
    } else {
        (
            "ClusterRole",
            format!("cluster-role-{}", random.below(CLUSTER_ROLES)),
        )
    };
    let unique = random.below(1 << 30);
    let _ = write!(
        text,
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: binding-{number}-{unique}\n{within}\
         roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: {role_kind}\n  name: {role}\nsubjects:\n{subject}"
    );
}
