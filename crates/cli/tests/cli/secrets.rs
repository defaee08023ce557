//! Secrets never print: they are planted where people put them, and looked for in every output.

use crate::support::Folder;

/// What no output may contain.
const MARK: &str = "LEAK";

const FORMATS: &[&str] = &[
    "summary", "pretty", "table", "json", "sarif", "junit", "gitlab", "github", "markdown", "csv",
];

/// Mistakes on or beside lines with secrets, so that findings are drawn there.
const PLANTED: &str = r#"
apiVersion: v1
kind: Secret
metadata:
  name: a
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Secret","stringData":{"a":"LEAK01"}}
typo: LEAK02
stringdata: {a: LEAK03}
metdata: {a: LEAK04}
data: {"bad key!": LEAK05, b: [LEAK06], c: {d: LEAK07}, n: 1}
stringData:
  a: LEAK08
  a: LEAK09
  b: |
    LEAK10
  c: "LEAK11
    LEAK12"
---
apiVersion: v1
kind: Secret
metadata: {name: b}
data: [LEAK13]
stringData: LEAK14
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  DB_PASSWORD: LEAK15
  app.properties: |
    spring.datasource.password=LEAK16
  url: postgres://admin:LEAK17@db:5432/x
  key: |
    -----BEGIN RSA PRIVATE KEY-----
    LEAK18
    -----END RSA PRIVATE KEY-----
  token: Bearer LEAK19abcdefghijk
  password: [LEAK20]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: i
  annotations:
    nginx.ingress.kubernetes.io/server-snippet: |
      proxy_set_header Authorization "Basic LEAK21abcdef0123";
      set $password "LEAK22";
    nginx.ingress.kubernetes.io/configuration-snippet: 'more_set_headers "X-Token: LEAK23"; # lua'
---
apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {vault/secret-token: LEAK24}}
spec:
  hostNetwork: true
  containers:
    - name: a
      image: nginx:latest
      command: ["sudo", "--password", "LEAK25", "--token=LEAK26"]
      args:
        - sudo mysql --password LEAK27
        - sudo curl -u admin:LEAK28 https://x
        - "sudo curl -H 'X-Api-Key: LEAK29' https://x"
        - |
          sudo x
          export PASSWORD=LEAK30
      env:
        - {name: DB_PASSWORD, value: LEAK31, valeu: LEAK32}
        - {name: DB_PASSWORD, valueFrom: LEAK33}
        - name: API_KEY
          value: >-
            LEAK34
            LEAK35
        - {name: PASSWORD, value: [LEAK36]}
        - {name: DATABASE_URL, value: "mysql://root:LEAK37@db/x"}
      livenessProbe:
        httpGet:
          host: x
          httpHeaders: [{name: Authorization, value: Bearer LEAK38abcdefg}, {name: X-Api-Key, value: LEAK39}]
      password: LEAK40
      securityContext: {privileged: true, token: LEAK41}
"#;

const ONE_LINE: &str = concat!(
    r#"{"apiVersion":"v1","kind":"List","items":["#,
    r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"LEAK50"}},"#,
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"nginx:latest","env":[{"name":"PASSWORD","value":"LEAK51"}]}]}}]}"#,
);

fn check(name: &str, file: &str, text: &str) {
    let folder = Folder::new(name).file(file, text);
    for format in FORMATS {
        for noise in ["--verbose", "--color=never"] {
            let run = folder.seawall(&[
                "scan",
                ".",
                "--profile",
                "all",
                "--format",
                format,
                "--width",
                "500",
                noise,
            ]);
            assert_ne!(run.code, 0, "nothing was found in {file}");
            for line in run.stdout.lines().chain(run.stderr.lines()) {
                assert!(!line.contains(MARK), "{format} prints {line}");
            }
        }
    }
}

#[test]
fn manifests_with_secrets_print_none() {
    check("secrets-yaml", "a.yaml", PLANTED);
}

#[test]
fn a_line_that_holds_another_object_prints_no_secret_of_it() {
    check("secrets-json", "a.json", ONE_LINE);
    check("secrets-flow", "a.yaml", ONE_LINE);
}

#[test]
fn broken_manifests_print_no_secret() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n";
    for (index, rest) in [
        "  password: LEAK60\n  b: 'LEAK61\n",
        "  password: LEAK62\n   other: LEAK63: LEAK64\n",
        "  password: *LEAK65\n",
        "  password: \"LEAK66\\q\"\n",
        "\tpassword: LEAK67\n",
    ]
    .iter()
    .enumerate()
    {
        check(
            &format!("secrets-broken-{index}"),
            "a.yaml",
            &format!("{secret}{rest}"),
        );
    }
    check(
        "secrets-broken-json",
        "a.json",
        r#"{"apiVersion":"v1","kind":"Secret","stringData":{"password":"LEAK68" "x":1}}"#,
    );
}

#[test]
fn a_baseline_holds_no_secret() {
    let folder = Folder::new("secrets-baseline").file("a.yaml", PLANTED);
    folder.seawall(&[
        "scan",
        ".",
        "--profile",
        "all",
        "--write-baseline",
        "b.json",
    ]);
    assert!(!folder.read("b.json").contains(MARK));
}
