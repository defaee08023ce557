//! Words that people write for assets.

use crate::support::World;

const SHOP: &str = "
apiVersion: v1
kind: Pod
metadata:
  name: web-6d4cf-x2x4z
  namespace: shop
  ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web-6d4cf, controller: true}
spec:
  serviceAccountName: web
  nodeName: worker-1
  containers: [{name: app, image: registry.example.com/web:1.0.0}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-6d4cf
  namespace: shop
  ownerReferences:
    - {apiVersion: apps/v1, kind: Deployment, name: web, controller: true}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: web
      containers: [{name: app, image: registry.example.com/web:1.0.0}]
---
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}
  - {kind: Group, name: team/web, apiGroup: rbac.authorization.k8s.io}
  - {kind: ServiceAccount, name: web, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
  - {apiGroups: [''], resources: [secrets], verbs: [get, list]}
";

#[test]
fn words_name_assets() {
    let world = World::new("shop.yaml", SHOP, true);
    let graph = world.graph();
    for (word, names) in [
        ("deployment/shop/web", "Deployment shop/web"),
        ("Deployment/web", "Deployment shop/web"),
        ("shop/web", "Deployment shop/web"),
        ("pod/shop/web-6d4cf-x2x4z", "Deployment shop/web"),
        ("web-6d4cf-x2x4z", "Deployment shop/web"),
        ("service-account/shop/web", "service account shop/web"),
        ("sa:shop/web", "service account shop/web"),
        ("user/jane", "user jane"),
        ("user:jane", "user jane"),
        ("group:team/web", "group team/web"),
        ("node", "root on a node"),
        ("node/worker-1", "node worker-1"),
        ("secrets/shop", "every Secret of namespace shop"),
        ("secrets/other", ""),
        ("cluster-admin", ""),
        ("deployment/other/web", ""),
        ("", ""),
        ("///", ""),
    ] {
        let found: Vec<String> = graph
            .select(word)
            .into_iter()
            .map(|id| graph.name(id).to_string())
            .collect();
        assert_eq!(found.join(", "), names, "{word}");
    }
}
