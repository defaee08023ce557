//! `seawall network`: who can talk to whom, and what is reached from outside.

use serde_json::Value;

use crate::support::{Folder, Run};

const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: 'registry.example/web:1', ports: [{name: http, containerPort: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - {name: db, image: 'registry.example/db:1', ports: [{containerPort: 5432}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: report, namespace: office}
spec:
  template:
    metadata: {labels: {app: report}}
    spec:
      containers: [{name: report, image: 'registry.example/report:1'}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 5432}]
    - from: [{namespaceSelector: {matchLabels: {team: audit}}}]
      ports: [{port: 9187}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
";

/// A pod on a port of its node.
const AGENT: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  containers:
    - {name: agent, image: 'registry.example/agent:1', ports: [{containerPort: 9100, hostPort: 9100}]}
";

fn shop(name: &str) -> Folder {
    Folder::new(name).file("shop.yaml", SHOP)
}

fn ask(folder: &Folder, args: &[&str]) -> Run {
    folder.seawall(&[&["network"], args].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn reach_answers_by_its_exit_code() {
    let folder = shop("network-reach");
    let reach = |args: &[&str]| ask(&folder, &[&["reach"], args].concat());
    let yes = reach(&["--from", "web", "--to", "db", "--port", "5432"]);
    insta::assert_snapshot!(yes.stdout, @r"
    yes: shop/Deployment/web -> shop/StatefulSet/db on 5432/TCP

    DIRECTION  POLICY                 EFFECT  WRITTEN AT
    ingress    NetworkPolicy shop/db  allows  shop.yaml:37
    ");
    assert_eq!((yes.code, yes.stderr.as_str()), (0, ""));
    let no = reach(&["--from", "web", "--to", "db", "--port", "22"]);
    insta::assert_snapshot!(no.stdout, @r"
    no: shop/Deployment/web -> shop/StatefulSet/db on 22/TCP

    DIRECTION  POLICY                 EFFECT    WRITTEN AT
    ingress    NetworkPolicy shop/db  isolates  shop.yaml:34
    ");
    assert_eq!(no.code, 1);
    let unknown = reach(&["--from", "office/report", "--to", "sts/db"]);
    insta::assert_snapshot!(unknown.stdout, @r"
    could not decide: office/Job/report -> shop/StatefulSet/db

    DIRECTION  POLICY                 EFFECT                                                                           WRITTEN AT
    ingress    NetworkPolicy shop/db  allows, perhaps: a selector looks at labels of a namespace that was not scanned  shop.yaml:39
    ingress    NetworkPolicy shop/db  isolates                                                                         shop.yaml:34
    ");
    assert_eq!(unknown.code, 2);
    let all = reach(&["--from", "deploy/web", "--to", "shop/StatefulSet/db"]);
    assert!(
        all.stdout
            .starts_with("yes: shop/Deployment/web -> shop/StatefulSet/db on 5432/TCP\n"),
        "{}",
        all.stdout
    );
    let free = reach(&["--from", "db", "--to", "svc/web"]);
    assert_eq!(free.code, 1, "{}", free.stdout);
    let outside = reach(&["--from", "web", "--to", "203.0.113.7", "--port", "443"]);
    insta::assert_snapshot!(outside.stdout, @r"
    yes: shop/Deployment/web -> 203.0.113.7 on 443/TCP

    No policy has a say in it.
    ");
}

#[test]
fn with_one_end_everyone_at_the_other_is_listed() {
    let folder = shop("network-reach-all");
    let from = ask(&folder, &["reach", "--from", "report"]);
    insta::assert_snapshot!(from.stdout, @r"
    Whom office/Job/report reaches

    FROM               TO                   PORTS  UNDECIDED
    office/Job/report  shop/Deployment/web  all
    office/Job/report  shop/StatefulSet/db         9187/TCP

    office/Job/report reaches every address outside of the cluster: no policy looks at what it sends.
    ");
    let to = ask(&folder, &["reach", "--to", "web"]);
    insta::assert_snapshot!(to.stdout, @r"
    Who reaches shop/Deployment/web

    FROM               TO                   PORTS  UNDECIDED
    office/Job/report  shop/Deployment/web  all

    shop/Deployment/web is reached from outside of the cluster: `seawall network exposed` tells how.
    ");
    let nobody = ask(&folder, &["reach", "--to", "db", "--port", "22"]);
    insta::assert_snapshot!(nobody.stdout, @r"
    Who reaches shop/StatefulSet/db on 22/TCP

    Nobody that was read.
    ");
    assert_eq!(nobody.code, 0);
}

#[test]
fn reach_in_other_formats() {
    let folder = shop("network-reach-json");
    let reach = |format: &str| {
        let args = ["reach", "--from", "web", "--to", "db", "--format", format];
        ask(&folder, &args).stdout
    };
    insta::assert_snapshot!(reach("json"));
    insta::assert_snapshot!(reach("mermaid"), @r#"
    ---
    title: "Whether shop/Deployment/web reaches shop/StatefulSet/db"
    ---
    flowchart LR
      subgraph g0["namespace shop"]
        n0["web<br>workload · Deployment"]
        n1["db<br>workload · StatefulSet"]
      end
      n0 -->|"5432/TCP"| n1
    "#);
    assert!(reach("dot").starts_with("digraph"));
    assert!(reach("svg").starts_with("<svg"));
}

#[test]
fn what_is_exposed_is_told_with_the_way() {
    let folder = shop("network-exposed").file("agent.yaml", AGENT);
    let run = ask(&folder, &["exposed"]);
    insta::assert_snapshot!(run.stdout, @r"
    FROM      WORKLOAD             PORT      WAY                                                                 INGRESS POLICY
    internet  shop/Deployment/web  8080/TCP  Ingress shop/web (shop.yaml:57) -> Service shop/web (shop.yaml:47)  no
    node      shop/Pod/agent       9100/TCP  host port (agent.yaml:6)                                            no
    ");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let far = ask(&folder, &["exposed", "--level", "internet"]);
    assert!(!far.stdout.contains("agent"), "{}", far.stdout);
    let near = ask(&folder, &["exposed", "--level", "cluster"]);
    assert!(near.stdout.contains("cluster "), "{}", near.stdout);
    let none = ask(&folder, &["exposed", "--level", "internet", "agent.yaml"]);
    insta::assert_snapshot!(none.stdout, @"Nothing that was read is reached from the internet.");
    let answer = json(&ask(&folder, &["exposed", "--format", "json"]));
    let first = &answer["workloads"][0];
    assert_eq!(first["name"], "web");
    assert_eq!(first["ways"][0]["steps"][0]["step"], "route");
    assert_eq!(first["ways"][0]["steps"][0]["location"]["line"], 57);
    insta::assert_snapshot!(ask(&folder, &["exposed", "--format", "mermaid"]).stdout, @r#"
    ---
    title: "What is reached from outside"
    ---
    flowchart LR
      n0((("Network of the nodes<br>outside")))
      n1["agent<br>workload · Pod · shop<br>low"]
      n2((("Internet<br>outside")))
      n3[/"web<br>route · Ingress · shop"/]
      n4(["web<br>service · shop"])
      n5["web<br>workload · Deployment · shop<br>medium"]
      n0 -->|"host port 9100/TCP (low)"| n1
      n2 --> n3
      n3 --> n4
      n4 -->|"8080/TCP"| n5
      classDef medium stroke:#8a6100,stroke-width:1.5px
      class n5 medium
      classDef low stroke:#2563a8,stroke-width:1px
      class n1 low
      linkStyle 0 stroke:#2563a8,stroke-width:1px
      linkStyle 1 stroke:#8a6100,stroke-width:1.5px
    "#);
}

#[test]
fn the_network_is_drawn() {
    let folder = shop("network-graph").file("agent.yaml", AGENT);
    let graph = |args: &[&str]| ask(&folder, &[&["graph"], args].concat()).stdout;
    assert!(graph(&[]).starts_with("<svg"));
    assert_eq!(graph(&[]), graph(&[]));
    insta::assert_snapshot!(graph(&["--format", "mermaid"]), @r#"
    ---
    title: "Who can talk to whom"
    ---
    flowchart LR
      %% No policy isolates 3 of 4 workloads.
      %% Dotted: 2 flows of which it is not known whether they get through.
      n4((("Internet<br>outside")))
      n5((("Network of the nodes<br>outside")))
      n6(["Any pod<br>pods · no policy on sending"])
      subgraph g0["namespace shop"]
        n0["agent<br>workload · Pod, no policy"]
        n1["web<br>workload · Deployment, no policy"]
        n2["db<br>workload · StatefulSet"]
      end
      subgraph g1["namespace office"]
        n3["report<br>workload · Job, no policy"]
      end
      n4 -->|"Ingress web 8080/TCP (medium)"| n1
      n5 -->|"host port 9100/TCP (low)"| n0
      n6 --> n3
      n6 --> n0
      n6 --> n1
      n3 -.-> n2
      n0 -.-> n2
      n1 -->|"5432/TCP"| n2
      linkStyle 0 stroke:#8a6100,stroke-width:1.5px
      linkStyle 1 stroke:#2563a8,stroke-width:1px
    "#);
    insta::assert_snapshot!(graph(&["--around", "db", "--format", "mermaid"]), @r#"
    ---
    title: "Around shop/StatefulSet/db"
    ---
    flowchart LR
      %% Dotted: it is not known whether it gets through.
      n4((("Internet<br>outside")))
      n5((("Network of the nodes<br>outside")))
      subgraph g0["namespace shop"]
        n0["db<br>workload · StatefulSet"]
        n2["agent<br>workload · Pod, no policy"]
        n3["web<br>workload · Deployment, no policy"]
      end
      subgraph g1["namespace office"]
        n1["report<br>workload · Job, no policy"]
      end
      n1 -.-> n0
      n2 -.-> n0
      n3 -->|"5432/TCP"| n0
      n4 -->|"Ingress web 8080/TCP (medium)"| n3
      n5 -->|"host port 9100/TCP (low)"| n2
      linkStyle 3 stroke:#8a6100,stroke-width:1.5px
      linkStyle 4 stroke:#2563a8,stroke-width:1px
    "#);
    let answer = graph(&["--around", "db", "--depth", "2", "--format", "json"]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["schema"], "seawall.dev/graph/v1");
    let nodes = answer["nodes"].as_array().unwrap().iter();
    let ids: Vec<&str> = nodes.map(|node| node["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"outside/internet"), "{ids:?}");
}

#[test]
fn mistakes_are_told_with_what_was_meant() {
    let folder = shop("network-mistakes");
    let told = |args: &[&str]| {
        let run = ask(&folder, args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        run.stderr
    };
    insta::assert_snapshot!(
        [
            told(&["reach"]),
            told(&["reach", "--from", "wep"]),
            told(&["reach", "--to", "web", "--port", "http"]),
            told(&["graph", "--around", "10.0.0.1"]),
        ]
        .join("\n"),
        @r"
    error: the following required arguments were not provided:
      <--from <END>|--to <END>>

    Usage: seawall network reach <--from <END>|--to <END>> [PATH]...

    For more information, try '--help'.

    error: nothing that was read runs pods and is called `wep`
    hint: did you mean `shop/Deployment/web`?

    error: invalid value 'http' for '--port <PORT>': a port is a number from 1 to 65535, with `/UDP` or `/SCTP` behind it where it is not TCP

    For more information, try '--help'.

    error: an address has no place in the picture
    hint: `seawall network reach --to ADDRESS` tells who reaches an address
    "
    );
}

#[test]
fn whole_namespaces_of_pods_are_not_asked_pair_by_pair() {
    let pod = |number| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a-{number}, namespace: a}}\nspec: {{containers: [{{name: a, image: a}}]}}\n"
        )
    };
    let pods: Vec<String> = (0..450).map(pod).collect();
    let folder = Folder::new("network-pairs").file("a.yaml", &pods.join("---\n"));
    let all = ask(&folder, &["reach", "--from", "ns/a"]);
    assert_eq!((all.code, all.stdout.as_str()), (2, ""));
    assert!(
        all.stderr.starts_with("error: 202500 pairs of ends"),
        "{}",
        all.stderr
    );
    let one = ask(&folder, &["reach", "--from", "a-1", "--to", "ns/a"]);
    assert_eq!(one.code, 0);
}

#[test]
fn overlays_of_one_base_are_asked_one_by_one() {
    let folder = Folder::new("network-overlays")
        .file("base/kustomization.yaml", "resources: [shop.yaml]\n")
        .file("base/shop.yaml", SHOP)
        .file("dev/kustomization.yaml", "resources: [../base]\n")
        .file(
            "prod/kustomization.yaml",
            "resources: [../base]\nnamePrefix: prod-\npatches:\n- target: {kind: NetworkPolicy}\n  patch: '[{op: remove, path: /spec/ingress}]'\n",
        )
        .file("test/kustomization.yaml", "resources: [../base]\n");
    let all = ask(&folder, &["exposed"]);
    insta::assert_snapshot!(all.stderr, @r"
    error: `dev`, `test` define the same objects: they cannot be in one cluster
    hint: name the chart or kustomization to ask about, or leave the others out with `--exclude`
    ");
    assert_eq!((all.code, all.stdout.as_str()), (2, ""));
    let dev = ask(&folder, &["reach", "--from", "web", "--to", "db", "dev"]);
    assert_eq!(dev.code, 0, "{}{}", dev.stdout, dev.stderr);
    assert!(dev.stdout.contains("base/shop.yaml:37"), "{}", dev.stdout);
    let prod = ask(
        &folder,
        &["reach", "--from", "prod-web", "--to", "prod-db", "prod"],
    );
    assert_eq!(prod.code, 1, "{}{}", prod.stdout, prod.stderr);
    // What is in one cluster together is asked together.
    let two = ask(&folder, &["exposed", "dev", "prod"]);
    assert!(
        two.stdout.contains("shop/Deployment/prod-web"),
        "{}",
        two.stdout
    );
    let rbac = folder.seawall(&["rbac", "list"]);
    assert_eq!(rbac.code, 2);
}

#[test]
fn names_cannot_move_the_cursor() {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: \"a\\e[2J\", namespace: \"x\\n<b>\"}\n\
                spec: {hostNetwork: true, containers: [{name: a, image: a}]}\n---\n\
                apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: \"p\\e[31m\", namespace: \"x\\n<b>\"}\n\
                spec: {podSelector: {}}\n---\n\
                apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: \"x\\n<b>\"}\nspec: {containers: [{name: a, image: a}]}\n";
    let folder = Folder::new("network-hostile").file("a.yaml", yaml);
    for args in [
        &["reach", "--from", "b"][..],
        &["reach", "--to", "b"],
        &["reach", "--from", "b", "--to", "a\u{1b}[2J"],
        &["reach", "--from", "b", "--format", "svg"],
        &["exposed"],
        &["exposed", "--format", "svg"],
        &["exposed", "--format", "mermaid"],
        &["graph"],
        &["graph", "--around", "b"],
    ] {
        let run = ask(&folder, args);
        assert!(!run.stdout.is_empty(), "{args:?}: {}", run.stderr);
        assert!(!run.stdout.contains('\u{1b}'), "{args:?}: {}", run.stdout);
        let is_markup = run.stdout.starts_with("<svg") || run.stdout.starts_with("---");
        let has_markup = run.stdout.contains("<b>");
        assert!(!(is_markup && has_markup), "{args:?}: {}", run.stdout);
    }
}

const EXPECTATIONS: &str = "\
expectations:
  - from: shop/web
    to: shop/db
    port: 5432
    expect: allow
  - from: {namespace: office}
    to: {namespace: shop, labels: {app: db}}
    port: [5432, 53/UDP]
    expect: deny
    reason: reports go through the shop
  - from: shop/web
    to: {kind: statefulset, name: db}
    port: 22
    expect: allow
  - {from: namespace/office, to: shop/db, port: 9187, expect: deny}
  - {from: shop/db, to: internet, expect: deny}
  - {from: internet, to: shop/web, port: 8080, expect: allow}
  - {from: internet, to: shop/db, expect: deny}
  - {from: shop/web, to: internet, port: 443, expect: deny}
";

#[test]
fn check_holds_the_network_against_expectations() {
    let folder = shop("network-check").file("e.yaml", EXPECTATIONS);
    let run = folder.seawall(&["network", "check", "e.yaml", "shop.yaml", "--verbose"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let run = folder.seawall(&[
        "network",
        "check",
        "e.yaml",
        "shop.yaml",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(answer["schema"], "seawall.dev/network-check/v1");
    let all = answer["expectations"].as_array().unwrap();
    let outcomes: Vec<_> = all
        .iter()
        .map(|it| it["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [
            "met", "met", "failed", "unknown", "met", "met", "met", "failed"
        ]
    );
    let run = folder.seawall(&[
        "network",
        "check",
        "e.yaml",
        "shop.yaml",
        "--format",
        "junit",
    ]);
    insta::assert_snapshot!("network_check_junit", run.stdout);
    roxmltree::Document::parse(&run.stdout).unwrap();
}

#[test]
fn check_passes_nothing_that_it_could_not_decide() {
    let one = |line: &str| format!("expectations:\n  - {line}\n");
    let check = |name: &str, line: &str, code: i32, said: &str| {
        let folder = shop(name).file("e.yaml", &one(line));
        let run = folder.seawall(&["network", "check", "e.yaml", "shop.yaml"]);
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        assert!((run.stdout + &run.stderr).contains(said), "{line}");
    };
    check(
        "network-check-met",
        "{from: shop/web, to: shop/db, port: 5432, expect: allow}",
        0,
        "1 as expected, 0 not",
    );
    check(
        "network-check-open",
        "{from: office/report, to: shop/db, port: 9187, expect: deny}",
        2,
        "COULD NOT DECIDE",
    );
    // A selector that means nobody is no proof of anything.
    check(
        "network-check-nobody",
        "{from: {namespace: shop, labels: {app: none}}, to: shop/db, expect: deny}",
        2,
        "nothing that was read is pods of namespace shop, app=none",
    );
}

#[test]
fn check_tells_mistakes_at_their_place() {
    let check = |name: &str, text: &str, said: &str| {
        let folder = shop(name).file("e.yaml", text);
        let run = folder.seawall(&["network", "check", "e.yaml", "shop.yaml"]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    };
    let one = |line: &str| format!("expectations:\n  - {line}\n");
    check(
        "network-check-key",
        &one("{form: shop/web, to: shop/db, expect: deny}"),
        "unknown key `form`",
    );
    check(
        "network-check-word",
        &one("{from: shop/wed, to: shop/db, expect: deny}"),
        "e.yaml:2:12",
    );
    check(
        "network-check-expect",
        &one("{from: shop/web, to: shop/db, expect: denied}"),
        "expected one of allow, deny",
    );
    check(
        "network-check-port",
        &one("{from: shop/web, to: shop/db, port: 70000, expect: deny}"),
        "expected a port such as 5432",
    );
    check(
        "network-check-namespace",
        &one("{from: {namespace: shopp}, to: shop/db, expect: deny}"),
        "did you mean `shop`?",
    );
    check(
        "network-check-internet",
        &one("{from: internet, to: internet, expect: deny}"),
        "no matter of the cluster",
    );
    check("network-check-empty", "", "the file is empty");
    check("network-check-yaml", "expectations: [", "e.yaml:1:");
    check(
        "network-check-several",
        "expectations: []\n---\na: b\n",
        "one YAML document",
    );
}

#[test]
fn the_schema_of_expectations_accepts_them_and_refuses_mistakes() {
    let run = Folder::new("network-check-schema").seawall(&["generate", "expectations-schema"]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = serde_json::json!({"expectations": [
        {"from": "shop/web", "to": {"labels": {"app": "db"}}, "port": [5432, "53/UDP"], "expect": "deny", "reason": "so"}
    ]});
    assert!(validator.is_valid(&good));
    for (key, value) in [
        ("expect", serde_json::json!("no")),
        ("form", serde_json::json!("a")),
        ("port", serde_json::json!(0)),
    ] {
        let mut wrong = good.clone();
        wrong["expectations"][0][key] = value;
        assert!(!validator.is_valid(&wrong), "{key}");
    }
}

/// The shop, with what its parts need.
fn wired(name: &str) -> Folder {
    let more = "\
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: shop}
spec:
  template:
    metadata: {labels: {app: worker}}
    spec:
      serviceAccountName: worker
      containers:
        - name: worker
          image: 'registry.example/worker:1'
          env:
            - {name: DB_HOST, value: db}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: t, key: t}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: worker, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: worker, namespace: shop}]
";
    shop(name).file("more.yaml", more)
}

#[test]
fn suggest_makes_policies_of_what_manifests_name() {
    let folder = wired("network-suggest");
    let run = folder.seawall(&[
        "network",
        "suggest",
        "--ingress-namespace",
        "ingress",
        "--api-server",
        "10.0.0.1/32",
        "--namespace",
        "shop",
    ]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = folder.seawall(&["network", "suggest", "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(answer["schema"], "seawall.dev/network-suggest/v1");
    assert_eq!(answer["policies"][0]["namespace"], "office");
    let run = folder.seawall(&["network", "suggest", "--namespace", "shpo"]);
    assert_eq!(run.code, 2);
    let run = folder.seawall(&["network", "suggest", "--api-server", "10.0.0.1"]);
    assert!(
        run.code == 2 && run.stderr.contains("10.0.0.1/32"),
        "{}",
        run.stderr
    );
}

#[test]
fn suggested_policies_let_through_what_was_seen_and_nothing_else() {
    let csv =
        "from,to,port,protocol\noffice/report,shop/db,5432,TCP\nshop/worker,203.0.113.7,443,\n";
    let end = |namespace: &str, kind: &str, name: &str| {
        format!(
            "{{\"namespace\":\"{namespace}\",\"labels\":[\"k8s:app={name}\"],\"pod_name\":\"{name}-x\",\"workloads\":[{{\"name\":\"{name}\",\"kind\":\"{kind}\"}}]}}"
        )
    };
    let flow = |from: &str, to: &str, port: u16, more: &str| {
        format!(
            "{{\"flow\":{{\"verdict\":\"FORWARDED\",\"IP\":{{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"}},\
             \"l4\":{{\"TCP\":{{\"source_port\":40000,\"destination_port\":{port}}}}},\"source\":{from},\"destination\":{to}{more}}},\"node_name\":\"n\"}}\n"
        )
    };
    let (web, db) = (
        end("shop", "Deployment", "web"),
        end("shop", "StatefulSet", "db"),
    );
    let hubble = flow(&web, &db, 5432, "")
        + &flow(&web, &db, 5432, "")
        + &flow(&db, &web, 40000, ",\"is_reply\":true")
        + &flow(&web, &db, 22, "").replace("FORWARDED", "DROPPED")
        + "{\"lost_events\":{}}\n";
    let base = wired("network-suggest-flows");
    // Without the policy of the shop, which stays in force beside others.
    let shop: String = base
        .read("shop.yaml")
        .split("---\n")
        .filter(|part| !part.contains("kind: NetworkPolicy"))
        .collect::<Vec<_>>()
        .join("---\n");
    let folder = base
        .file("shop.yaml", &shop)
        .file("flows.csv", csv)
        .file("flows.jsonl", &hubble);
    let run = folder.seawall(&[
        "network",
        "suggest",
        "more.yaml",
        "shop.yaml",
        "--flows",
        "flows.csv",
        "--flows",
        "flows.jsonl",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(run.stdout.contains("# seen 2 times"), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("# Flows that were dropped are not allowed; the log has 1."),
        "{}",
        run.stdout
    );
    let folder = folder.file("policies.yaml", &run.stdout).file(
        "expected.yaml",
        "expectations:\n\
         - {from: office/report, to: shop/db, port: 5432, expect: allow}\n\
         - {from: shop/web, to: shop/db, port: 5432, expect: allow}\n\
         - {from: shop/worker, to: shop/db, port: 5432, expect: allow}\n\
         - {from: shop/web, to: shop/db, port: 22, expect: deny}\n\
         - {from: shop/db, to: shop/web, expect: deny}\n\
         - {from: shop/worker, to: 203.0.113.7, port: 443, expect: allow}\n\
         - {from: shop/web, to: internet, expect: deny}\n\
         - {from: office/report, to: shop/worker, expect: deny}\n\
         - {from: internet, to: shop/db, expect: deny}\n\
         - {from: internet, to: shop/web, port: 8080, expect: allow}\n",
    );
    let run = folder.seawall(&[
        "network",
        "check",
        "expected.yaml",
        "more.yaml",
        "shop.yaml",
        "policies.yaml",
    ]);
    assert_eq!(
        run.code,
        0,
        "{}{}\n{}",
        run.stdout,
        run.stderr,
        folder.read("policies.yaml")
    );
}

#[test]
fn suggest_tells_what_is_no_flow() {
    let folder = shop("network-suggest-wrong").file("a.csv", "from;to\n").file(
        "b.csv",
        "from,to,port,protocol\nshop/web,shop/db\nshop/wed,shop/db,1,TCP\nshop/web,shop/db,x,TCP\nshop/web,shop/db,1,ICMP\n",
    );
    let run = folder.seawall(&["network", "suggest", "shop.yaml", "--flows", "a.csv"]);
    assert!(
        run.code == 2
            && run
                .stderr
                .contains("the first line is not `from,to,port,protocol`"),
        "{}",
        run.stderr
    );
    let run = folder.seawall(&["network", "suggest", "shop.yaml", "--flows", "b.csv"]);
    for said in [
        "line 2 is no flow: it has 2 cells",
        "line 3 is no flow",
        "line 4 is no flow: a port is",
        "line 5 is no flow: the protocol is",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let folder = folder.file("c.jsonl", "{\"flow\":{\"verdict\":3}}\n{\n");
    let run = folder.seawall(&["network", "suggest", "shop.yaml", "--flows", "c.jsonl"]);
    assert!(
        run.code == 2 && run.stderr.contains("line 2 is no flow"),
        "{}",
        run.stderr
    );
}
