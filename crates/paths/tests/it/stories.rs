//! Whole attacks: from where they start to where they end, what cuts them, and what is said about it.

use model::Severity;
use paths::{AssetId, Cut, Graph, Kind, Question};

use crate::support::World;

/// Paths as lines: severity, then the names of what is held.
fn lines(graph: &Graph<'_>, question: &Question, cut: &Cut) -> Vec<String> {
    let tell = |path: &paths::Path| {
        let names = path
            .edges
            .iter()
            .map(|edge| graph.name(graph.edge(*edge).to).to_string());
        let names: Vec<String> = std::iter::once(graph.name(path.start).to_string())
            .chain(names)
            .collect();
        let doubt = if path.is_certain { "" } else { "?" };
        format!(
            "{}{doubt} {}: {}",
            path.severity,
            path.steps,
            names.join(" > ")
        )
    };
    graph.answer(question, cut).iter().map(tell).collect()
}

fn find(graph: &Graph<'_>, kind: Kind, name: &str) -> AssetId {
    let is_it = |id: &AssetId| {
        let asset = graph.asset(*id);
        asset.kind == kind && asset.name == name
    };
    graph
        .ids()
        .find(is_it)
        .unwrap_or_else(|| panic!("no {} {name}", kind.as_str()))
}

const SHOP: &str = "
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers:
        - name: app
          image: registry.example.com/web:1.0.0
          ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: web, namespace: shop}
rules:
  - apiGroups: ['']
    resources: [pods/exec]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
---
apiVersion: v1
kind: Pod
metadata: {name: operator, namespace: shop}
spec:
  serviceAccountName: operator
  containers: [{name: main, image: 'registry.example.com/operator:1.0.0'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: operator}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: operator, namespace: shop}]
";

#[test]
fn the_internet_gets_to_cluster_admin_over_two_pods() {
    let world = World::new("shop.yaml", SHOP, true);
    let graph = world.graph();
    let told = lines(&graph, &graph.usual_question(), &Cut::none());
    assert_eq!(
        told,
        [
            "critical 1: Pod shop/operator > container main of Pod shop/operator > service account shop/operator > ClusterRole cluster-admin > cluster-admin",
            "high 4: the internet > port 8080/TCP of Deployment shop/web > container app of Deployment shop/web > service account shop/web > Role web in namespace shop > every pod of namespace shop > Pod shop/operator > container main of Pod shop/operator > service account shop/operator > ClusterRole cluster-admin > cluster-admin",
            "high 3: Deployment shop/web > container app of Deployment shop/web > service account shop/web > Role web in namespace shop > every pod of namespace shop > Pod shop/operator > container main of Pod shop/operator > service account shop/operator > ClusterRole cluster-admin > cluster-admin",
        ]
    );
}

#[test]
fn what_cuts_all_is_the_first_choke_point() {
    let world = World::new("shop.yaml", SHOP, true);
    let graph = world.graph();
    let question = graph.usual_question();
    let found = graph.choke_points(&question, &Cut::none(), Severity::Medium);
    // The internet and two pods.
    assert_eq!(found.pairs, 3);
    let told: Vec<String> = found
        .points
        .iter()
        .map(|point| {
            let location = world.inventory.resources[point.remedy.place.resource as usize]
                .location(point.remedy.place.node);
            format!(
                "{} {} at {}",
                point.pairs,
                point.remedy.cause.remedy,
                location.start().line
            )
        })
        .collect();
    assert_eq!(told[0], "3 take the subject out of the binding at 53");
    assert!(
        told.iter()
            .any(|line| line == "2 take the permission out of the role at 32"),
        "{told:?}"
    );
    for point in &found.points {
        let cut = graph.cut_by(&point.remedy.facts);
        let left = graph.answer(&question, &cut).len() as u64;
        assert!(left <= found.pairs - point.pairs, "{:?}", point.remedy);
    }
}

#[test]
fn a_remedy_is_an_edit() {
    let world = World::new("shop.yaml", SHOP, true);
    let graph = world.graph();
    let found = graph.choke_points(&graph.usual_question(), &Cut::none(), Severity::Medium);
    let exec = found
        .points
        .iter()
        .find(|point| point.remedy.cause.remedy.contains("permission"))
        .unwrap();
    let edited = graph.repair(&exec.remedy).unwrap();
    assert_eq!(edited.before.text(), SHOP);
    assert!(edited.after.contains("rules: []"), "{}", edited.after);
    let again = World::new("again.yaml", &edited.after, true);
    let graph = again.graph();
    assert_eq!(
        graph
            .choke_points(&graph.usual_question(), &Cut::none(), Severity::Medium)
            .pairs,
        1
    );
}

#[test]
fn a_volume_goes_with_its_mounts() {
    let yaml = "\
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: one
      image: registry.example.com/agent:1.0.0
      volumeMounts:
        - name: cache
          mountPath: /cache
        - name: run
          mountPath: /run/docker.sock
    - name: two
      image: registry.example.com/agent:1.0.0
      volumeMounts:
        - name: run
          mountPath: /run/docker.sock
  volumes:
    - name: cache
      emptyDir: {}
    - name: run
      hostPath:
        path: /run/docker.sock
";
    let world = World::new("agent.yaml", yaml, true);
    let graph = world.graph();
    let remedies = graph.remedies();
    let socket = remedies
        .iter()
        .find(|remedy| remedy.cause.remedy == "remove the volume")
        .unwrap();
    let after = graph.repair(socket).unwrap().after;
    assert!(!after.contains("docker.sock"), "{after}");
    assert!(after.contains("mountPath: /cache"), "{after}");
}

#[test]
fn pods_of_a_deployment_are_one_class_and_their_fix_is_in_the_template() {
    let mut yaml = String::from(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: registry.example.com/web:1.0.0
          securityContext: {privileged: true}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-6d4
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: registry.example.com/web:1.0.0
          securityContext: {privileged: true}
",
    );
    for number in 0..5 {
        yaml += &format!(
            "
---
apiVersion: v1
kind: Pod
metadata:
  name: web-6d4-{number}
  namespace: shop
  labels: {{app: web, pod-template-hash: 6d4}}
  ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: web-6d4, controller: true}}]
spec:
  nodeName: worker-{}
  serviceAccountName: default
  containers:
    - name: app
      image: registry.example.com/web:1.0.0
      securityContext: {{privileged: true}}
      volumeMounts: [{{name: kube-api-access-x{number}, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}}]
  volumes:
    - name: kube-api-access-x{number}
      projected: {{sources: [{{serviceAccountToken: {{path: token}}}}]}}
",
            number % 2
        );
    }
    let world = World::new("web.yaml", &yaml, true);
    let graph = world.graph();
    let pods: Vec<_> = graph
        .ids()
        .filter(|id| graph.asset(*id).kind == Kind::Pod)
        .collect();
    let told: Vec<_> = pods
        .iter()
        .map(|id| (graph.name(*id).to_string(), graph.asset(*id).count))
        .collect();
    assert_eq!(told, [("Deployment shop/web".to_owned(), 5)]);
    let nodes: Vec<_> = graph
        .ids()
        .filter(|id| graph.asset(*id).kind == Kind::Node)
        .map(|id| graph.name(id).to_string())
        .collect();
    assert_eq!(nodes, ["node worker-0", "node worker-1"]);
}

#[test]
fn permissions_of_two_roles_are_joined() {
    let yaml = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: binder}
rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: writer}
rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binder}
roleRef: {kind: ClusterRole, name: binder}
subjects: [{kind: User, name: ann}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: writer}
roleRef: {kind: ClusterRole, name: writer}
subjects: [{kind: User, name: ann}, {kind: User, name: bob}]
";
    let world = World::new("rbac.yaml", yaml, true);
    let graph = world.graph();
    let admin = find(&graph, Kind::ClusterAdmin, "");
    let starts = [
        find(&graph, Kind::User, "ann"),
        find(&graph, Kind::User, "bob"),
    ];
    let question = Question {
        starts: starts.to_vec(),
        goals: vec![admin],
    };
    assert_eq!(
        lines(&graph, &question, &Cut::none()),
        ["critical 1: user ann > cluster-admin"]
    );
}

#[test]
fn what_was_not_scanned_is_said() {
    let yaml = "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: app, image: 'registry.example.com/web:1.0.0', securityContext: {privileged: 'yes'}}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {kind: Role, name: elsewhere}
subjects: [{kind: User, name: ann}]
";
    let told = |is_complete| {
        let world = World::new("part.yaml", yaml, is_complete);
        let graph = world.graph();
        graph
            .gaps()
            .iter()
            .map(|gap| gap.missing.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(false),
        ["role", "volume", "namespace", "binding", "value"]
    );
    assert_eq!(told(true), ["role", "value"]);
}

/// Someone reads the Secrets of kube-system.
const READER: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: kube-system}
rules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
";

const BOOTSTRAP: &str = "
---
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-07401b, namespace: kube-system}
type: bootstrap.kubernetes.io/token
";

#[test]
fn bootstrap_tokens_are_read_where_there_are_some() {
    let with = [READER, BOOTSTRAP].concat();
    for (yaml, is_complete, certain) in [
        (&*with, true, Some(true)),
        (&*with, false, Some(true)),
        (READER, false, Some(false)),
        (READER, true, None),
    ] {
        let world = World::new("reader.yaml", yaml, is_complete);
        let graph = world.graph();
        let own = graph.edge_ids().filter(|id| {
            let technique = graph.technique(*id);
            technique.is_some_and(|one| one.id == "bootstrap-tokens")
        });
        let found: Vec<bool> = own.map(|id| graph.edge(id).unknown.is_none()).collect();
        assert_eq!(found.first().copied(), certain, "{yaml} {is_complete}");
        // A kubelet has what belongs to its pods; that is not root on a node.
        assert!(graph.ids().all(|id| graph.asset(id).kind != Kind::NodeRoot));
    }
}
