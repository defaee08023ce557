//! Every pattern on the permissions that it needs, and on all but one of them.

use std::fmt::Write as _;

use model::{KubernetesVersion, Views, WorkloadTable};

use super::{Need, Pattern, Scope, Target, patterns};
use crate::testing::{graph, inventory};
use crate::{Graph, Options, Subject};

const ATTACKER: Subject<'_> = Subject::User("mallory");

/// Someone to become: service accounts, a user, a group and a role that may do everything.
const STRONG: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: view}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: strong}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: strong, namespace: shop}
- {kind: ServiceAccount, name: strong, namespace: kube-system}
- {kind: User, name: root}
- {kind: Group, name: admins}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: powerful, namespace: shop}
rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
---
apiVersion: v1
kind: Secret
metadata:
  name: strong-token
  namespace: shop
  annotations: {kubernetes.io/service-account.name: strong}
type: kubernetes.io/service-account-token
";

/// A rule that allows one request of a need.
fn rule(need: &Need, verb: &str) -> String {
    let names = match need.name {
        "" => String::new(),
        name => format!(", resourceNames: ['{name}']"),
    };
    format!(
        "- {{apiGroups: ['{}'], resources: ['{}'], verbs: ['{verb}']{names}}}\n",
        need.group, need.resources[0]
    )
}

/// A role with these rules for the attacker, in a namespace or in the cluster.
fn attacker(namespace: Option<&str>, rules: &str) -> String {
    let (prefix, metadata) = match namespace {
        Some(namespace) => ("", format!("{{name: attack, namespace: {namespace}}}")),
        None => ("Cluster", "{name: attack}".to_owned()),
    };
    let mut yaml = STRONG.to_owned();
    let _ = write!(
        yaml,
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}Role\nmetadata: {metadata}\nrules:\n{rules}\
         ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}RoleBinding\nmetadata: {metadata}\n\
         roleRef: {{kind: {prefix}Role, name: attack}}\nsubjects: [{{kind: User, name: mallory}}]\n"
    );
    yaml
}

fn is_found(graph: &Graph, pattern: &Pattern) -> bool {
    let found = graph.escalations(ATTACKER);
    let mut own = found.iter().filter(|one| one.pattern == pattern);
    own.next().is_some_and(|one| !one.grants.is_empty())
}

fn namespace(pattern: &Pattern) -> Option<&'static str> {
    match pattern.scope {
        Scope::Cluster => None,
        Scope::Namespaced => Some("shop"),
        Scope::In(namespace) => Some(namespace),
    }
}

#[test]
fn every_pattern_is_found_with_each_verb_that_it_needs() {
    for pattern in patterns() {
        let most = pattern.needs.iter().map(|need| need.verbs.len()).max();
        for verb in 0..most.unwrap_or_default() {
            let rules = pattern.needs.iter();
            let rules: String = rules
                .map(|need| {
                    // A rule with names does not allow to create.
                    rule(need, need.verbs[verb % need.verbs.len()])
                })
                .collect();
            let graph = graph(&attacker(namespace(pattern), &rules));
            assert!(is_found(&graph, pattern), "{}: {rules}", pattern.id);
        }
    }
}

#[test]
fn no_pattern_is_found_when_one_need_is_missing() {
    for pattern in patterns() {
        for missing in 0..pattern.needs.len() {
            let rules: String = pattern
                .needs
                .iter()
                .enumerate()
                .map(|(position, need)| {
                    if position == missing {
                        rule(need, "nothing")
                    } else {
                        rule(need, need.verbs[0])
                    }
                })
                .collect();
            let graph = graph(&attacker(namespace(pattern), &rules));
            assert!(!is_found(&graph, pattern), "{}: {rules}", pattern.id);
        }
    }
}

#[test]
fn no_pattern_is_found_in_the_wrong_place() {
    for pattern in patterns() {
        let elsewhere = match pattern.scope {
            Scope::Cluster => "shop",
            Scope::In(_) => "bank",
            Scope::Namespaced => continue,
        };
        let rules: String = pattern
            .needs
            .iter()
            .map(|need| rule(need, need.verbs[0]))
            .collect();
        let graph = graph(&attacker(Some(elsewhere), &rules));
        assert!(!is_found(&graph, pattern), "{}", pattern.id);
    }
}

#[test]
fn ids_are_different_words_and_texts_are_there() {
    let mut ids: Vec<&str> = patterns().map(|pattern| pattern.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(count >= 60, "{count}");
    for pattern in patterns() {
        assert!(pattern.reference.starts_with("https://"), "{}", pattern.id);
        assert!(!pattern.gain.ends_with('.') && !pattern.title.ends_with('.'));
        assert!(!pattern.needs.is_empty());
    }
}

/// The targets that one pattern finds, as text.
fn targets(yaml: &str, id: &str) -> Vec<String> {
    let graph = graph(yaml);
    let found = graph.escalations(ATTACKER);
    let own = found.iter().filter(|one| one.pattern.id == id);
    own.map(|one| text(&graph, one.target)).collect()
}

fn text(graph: &Graph, target: Target) -> String {
    match target {
        Target::Subject(id) => graph.subject(id).to_string(),
        Target::Namespace(name) => format!("Namespace {}", graph.text(name)),
        Target::Role(_) => "Role".to_owned(),
        other => format!("{other:?}"),
    }
}

fn in_shop(rules: &str) -> String {
    attacker(Some("shop"), &format!("- {{{rules}}}\n"))
}

#[test]
fn only_stronger_service_accounts_are_a_gain() {
    let pods = "apiGroups: [''], resources: [pods], verbs: [create]";
    let weak =
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: weak, namespace: shop}\n";
    let yaml = in_shop(pods) + weak;
    assert_eq!(
        targets(&yaml, "pods-create"),
        ["ServiceAccount shop/strong"]
    );
}

#[test]
fn names_limit_what_can_be_become() {
    let token = |name: &str| {
        in_shop(&format!(
            "apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [{name}]"
        ))
    };
    assert_eq!(
        targets(&token("strong"), "tokens-create"),
        ["ServiceAccount shop/strong"]
    );
    assert!(targets(&token("other"), "tokens-create").is_empty());
    let create = "apiGroups: [''], resources: [pods], verbs: [create], resourceNames: [web]";
    assert!(targets(&in_shop(create), "pods-create").is_empty());
}

#[test]
fn secrets_lead_to_the_accounts_whose_tokens_they_hold() {
    let read = |more: &str| {
        in_shop(&format!(
            "apiGroups: [''], resources: [secrets], verbs: [get]{more}"
        ))
    };
    assert_eq!(
        targets(&read(""), "secrets-read"),
        ["ServiceAccount shop/strong", "Namespace shop"]
    );
    assert_eq!(
        targets(&read(", resourceNames: [other]"), "secrets-read"),
        ["Namespace shop"]
    );
}

#[test]
fn binding_leads_to_the_roles_that_may_be_bound() {
    let bind = |name: &str| {
        let rules = format!(
            "- {{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [{name}]}}\n\
             - {{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}}\n"
        );
        targets(&attacker(None, &rules), "clusterrolebindings-bind")
    };
    assert_eq!(bind("cluster-admin"), ["ClusterAdmin"]);
    assert_eq!(bind("view"), ["Role"]);
    assert!(bind("unknown").is_empty());
}

#[test]
fn a_domain_of_signers_stands_for_each() {
    let rules = |signer: &str| {
        let group = "apiGroups: [certificates.k8s.io]";
        attacker(
            None,
            &format!(
                "- {{{group}, resources: [certificatesigningrequests], verbs: [create]}}\n\
                 - {{{group}, resources: [certificatesigningrequests/approval], verbs: [update]}}\n\
                 - {{{group}, resources: [signers], verbs: [approve], resourceNames: ['{signer}']}}\n"
            ),
        )
    };
    let approve = |signer: &str| targets(&rules(signer), "csr-approve-client");
    assert_eq!(approve("kubernetes.io/*"), ["ClusterAdmin"]);
    assert!(approve("example.com/*").is_empty());
    assert!(approve("kubernetes.io/kubelet-serving").is_empty());
}

#[test]
fn a_guarded_namespace_keeps_pods_from_the_node() {
    let pods = in_shop("apiGroups: [''], resources: [pods], verbs: [create]");
    assert_eq!(targets(&pods, "pods-create-privileged"), ["Node"]);
    let guarded = pods
        + "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {pod-security.kubernetes.io/enforce: baseline}\n";
    assert!(targets(&guarded, "pods-create-privileged").is_empty());
}

#[test]
fn only_accounts_that_run_pods_are_reached_through_pods() {
    let exec = in_shop("apiGroups: [''], resources: [pods/exec], verbs: [create]");
    let deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n\
                      spec: {template: {spec: {serviceAccountName: strong, containers: [{name: web}]}}}\n";
    let reached = |yaml: &str| {
        let inventory = inventory(yaml);
        let keys = inventory.resources[0].document.keys();
        let version = KubernetesVersion { minor: 35 };
        let views = Views::new(keys, &WorkloadTable::default(), version);
        let options = Options {
            views: Some(&views),
            ..Options::default()
        };
        let graph = Graph::build(&inventory, &options);
        let found = graph.escalations(ATTACKER);
        let own = found.iter().filter(|one| one.pattern.id == "pods-exec");
        own.map(|one| text(&graph, one.target)).collect::<Vec<_>>()
    };
    assert!(reached(&exec).is_empty());
    assert_eq!(
        reached(&(exec.clone() + deployment)),
        ["ServiceAccount shop/strong"]
    );
    // Nobody looked at pods: all might run some.
    assert_eq!(targets(&exec, "pods-exec"), ["ServiceAccount shop/strong"]);
}

#[test]
fn impersonation_of_named_users_reaches_them() {
    let rules = |more: &str| {
        attacker(
            None,
            &format!("- {{apiGroups: [''], resources: [users], verbs: [impersonate]{more}}}\n"),
        )
    };
    assert_eq!(
        targets(&rules(", resourceNames: [root]"), "impersonate-users"),
        ["User root"]
    );
    assert_eq!(
        targets(&rules(""), "impersonate-users"),
        ["ClusterAdmin", "User root"]
    );
}

#[test]
fn who_may_do_everything_has_nothing_to_gain() {
    let graph = graph(STRONG);
    assert!(graph.escalations(Subject::User("root")).is_empty());
    assert!(
        graph
            .escalations(Subject::Group("system:masters"))
            .is_empty()
    );
}

#[test]
fn chains_are_shortest_and_in_order() {
    let yaml = in_shop("apiGroups: [''], resources: [pods], verbs: [create]").replace(
        "kind: ClusterRole, name: cluster-admin",
        "kind: ClusterRole, name: relay",
    ) + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: relay}\n\
           rules: [{apiGroups: [''], resources: [groups, users], verbs: [impersonate]}]\n";
    let graph = graph(&yaml);
    let reached = graph.can_become(ATTACKER);
    let admin = reached
        .iter()
        .find(|one| one.target == Target::ClusterAdmin)
        .unwrap();
    let ids: Vec<&str> = admin.chain.iter().map(|one| one.pattern.id).collect();
    assert_eq!(ids, ["pods-create", "impersonate-users"]);
    let lengths: Vec<usize> = reached.iter().map(|one| one.chain.len()).collect();
    assert!(lengths.is_sorted(), "{lengths:?}");
}

#[test]
fn the_page_on_escalation_is_up_to_date() {
    let page = include_str!("../../../../docs/rbac-escalation.md");
    assert!(
        page == super::escalation_reference(),
        "run `cargo run -p rbac --example escalation_reference > docs/rbac-escalation.md`"
    );
}
