//! The pictures of small and large clusters: nothing lies on anything else, and they stay small enough to look at.

use std::fmt::Write as _;

use super::support::Folder;

#[expect(dead_code, reason = "lines are looked at where they are drawn")]
#[path = "../../../layout/tests/it/picture.rs"]
mod picture;

use picture::Picture;
use roxmltree::Document;

/// A cluster with so many service accounts: each has a binding, five share a workload, fifty a namespace.
fn cluster(subjects: usize) -> String {
    let mut all = String::new();
    for role in 0..8 {
        let verbs = [
            "get", "list", "watch", "create", "update", "delete", "*", "escalate",
        ];
        let resources = [
            "pods",
            "secrets",
            "configmaps",
            "pods/exec",
            "nodes",
            "deployments",
            "*",
            "clusterroles",
        ];
        let group = if role == 7 {
            "rbac.authorization.k8s.io"
        } else {
            ""
        };
        let _ = writeln!(
            all,
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: role-number-{role}}}\n\
             rules: [{{apiGroups: ['{group}'], resources: ['{}'], verbs: [get, '{}']}}]",
            resources[role], verbs[role],
        );
    }
    for index in 0..subjects {
        let namespace = format!("team-{}", index / 50);
        let name = format!("a-service-account-{index}");
        let binding = if index % 4 == 0 {
            "ClusterRoleBinding"
        } else {
            "RoleBinding"
        };
        let scope = if index % 4 == 0 {
            String::new()
        } else {
            format!(", namespace: {namespace}")
        };
        let _ = writeln!(
            all,
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
             ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {binding}\nmetadata: {{name: binds-{index}{scope}}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: role-number-{}}}\n\
             subjects: [{{kind: ServiceAccount, name: {name}, namespace: {namespace}}}]",
            index % 8,
        );
        if index % 5 == 1 {
            let _ = writeln!(
                all,
                "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: workload-{index}, namespace: {namespace}}}\n\
                 spec:\n  selector: {{matchLabels: {{app: w{index}}}}}\n  template:\n    metadata: {{labels: {{app: w{index}}}}}\n    \
                 spec: {{serviceAccountName: {name}, containers: [{{name: main, image: 'app:1', ports: [{{containerPort: 80}}]}}]}}\n\
                 ---\napiVersion: v1\nkind: Service\nmetadata: {{name: service-{index}, namespace: {namespace}}}\n\
                 spec: {{type: LoadBalancer, selector: {{app: w{index}}}, ports: [{{port: 80}}]}}",
            );
        }
    }
    all
}

fn drawn(folder: &Folder, question: &[&str]) -> Picture {
    let args: Vec<&str> = question
        .iter()
        .copied()
        .chain(["--format", "svg", "."])
        .collect();
    let first = folder.seawall(&args);
    assert!(
        first.stdout.starts_with("<svg"),
        "{question:?}: {} {}",
        first.stdout,
        first.stderr
    );
    assert_eq!(folder.seawall(&args).stdout, first.stdout, "{question:?}");
    Picture::of(&Document::parse(&first.stdout).unwrap())
}

fn is_readable(picture: &Picture, what: &str) {
    let texts: Vec<_> = picture.all_texts().collect();
    for (index, one) in texts.iter().enumerate() {
        assert!(
            picture.whole.contains(one.area),
            "{what}: {one:?} leaves the picture"
        );
        for other in &texts[..index] {
            assert!(
                !one.area.overlaps(other.area),
                "{what}: {one:?} and {other:?} overlap"
            );
        }
    }
    for (index, card) in picture.cards.iter().enumerate() {
        for text in &card.texts {
            assert!(
                card.area.contains(text.area),
                "{what}: {text:?} leaves {}",
                card.id
            );
        }
        for other in &picture.cards[..index] {
            assert!(
                !card.area.overlaps(other.area),
                "{what}: {} and {} overlap",
                card.id,
                other.id
            );
        }
    }
    // More than this is a hairball: it has to be summarised.
    assert!(
        (2..=150).contains(&picture.cards.len()),
        "{what}: {} boxes",
        picture.cards.len()
    );
}

#[test]
fn pictures_of_clusters_of_every_size_are_readable() {
    for subjects in [10, 100, 1000] {
        let name = format!("pictures-{subjects}");
        let folder = Folder::new(&name).file("all.yaml", &cluster(subjects));
        for question in [
            &["rbac", "graph"][..],
            &[
                "rbac",
                "graph",
                "sa:team-0/a-service-account-7",
                "--depth",
                "3",
            ],
            &["network", "graph"],
            &["paths"],
        ] {
            let picture = drawn(&folder, question);
            is_readable(&picture, &format!("{} of {subjects}", question.join(" ")));
        }
    }
}
