//! Files of logins as tools write them, whole and damaged.

use super::{Keyring, Login, Places};

fn keyring(text: &str) -> Keyring {
    let mut keyring = Keyring::default();
    keyring
        .add("file", text)
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    keyring
}

fn login(keyring: &Keyring, image: &str) -> Option<String> {
    let (registry, repository) = image.split_once('/').unwrap();
    keyring
        .find(registry, repository)
        .login
        .map(|login| match login {
            Login::Password { user, password } => format!("{user}:{password}"),
            Login::Identity(token) => format!("identity {token}"),
            Login::Bearer(token) => format!("bearer {token}"),
        })
}

#[test]
fn the_most_specific_login_is_taken() {
    let keyring = keyring(
        r#"{"auths": {
            "quay.io": {"auth": "YTox"},
            "quay.io/team": {"auth": "YToy"},
            "quay.io/team/shop": {"auth": "YToz"},
            "*.example.com": {"auth": "YTo0"},
            "eu.example.com": {"auth": "YTo1"},
            "https://index.docker.io/v1/": {"auth": "YTo2"},
            "empty.example": {}
        }}"#,
    );
    for (image, expected) in [
        ("quay.io/other/x", Some("a:1")),
        ("quay.io/team/x", Some("a:2")),
        ("quay.io/team/shop", Some("a:3")),
        ("us.example.com/x", Some("a:4")),
        ("eu.example.com/x", Some("a:5")),
        ("docker.io/library/nginx", Some("a:6")),
        ("empty.example/x", None),
        ("ghcr.io/x", None),
    ] {
        assert_eq!(login(&keyring, image).as_deref(), expected, "{image}");
    }
}

#[test]
fn pull_secrets_are_read_from_manifests() {
    // {"auths": {"r.example": {"username": "a", "password": "1"}}} and {"s.example": {"auth": "YToy"}}
    let keyring = keyring(
        r#"apiVersion: v1
kind: Secret
metadata: {name: one}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: eyJhdXRocyI6IHsici5leGFtcGxlIjogeyJ1c2VybmFtZSI6ICJhIiwgInBhc3N3b3JkIjogIjEifX19
---
kind: List
items:
- kind: Secret
  metadata: {name: two}
  data:
    .dockercfg: eyJzLmV4YW1wbGUiOiB7ImF1dGgiOiAiWVRveSJ9fQ==
- kind: Secret
  stringData:
    .dockerconfigjson: '{"auths": {"t.example": {"auth": "YToz"}}}'
- kind: ConfigMap
---
kind: Deployment
"#,
    );
    for (image, expected) in [
        ("r.example/x", "a:1"),
        ("s.example/x", "a:2"),
        ("t.example/x", "a:3"),
    ] {
        assert_eq!(login(&keyring, image).as_deref(), Some(expected), "{image}");
    }
}

#[test]
fn what_is_no_file_of_logins_is_an_error_with_its_place() {
    for (text, expected) in [
        ("{\n\"auths\": ", "file:2:"),
        ("kind: ConfigMap\n", "file: it has no Secret"),
        (
            r#"{"auths": {"a": {"auth": "!"}}}"#,
            "file: `auth` of a is no USER:PASSWORD in base64",
        ),
        (
            r#"{"auths": {"a": {"auth": "YQ=="}}}"#,
            "file: `auth` of a is no USER:PASSWORD in base64",
        ),
        (
            "kind: Secret\nmetadata: {name: x}\ndata: {.dockercfg: '!'}\n",
            "file (Secret x): `.dockercfg` is no text in base64",
        ),
    ] {
        let error = Keyring::default()
            .add("file", text)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn files_are_looked_at_where_the_tools_keep_them() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let write = |path: &str, user: &str| {
        let path = home.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        let text =
            format!(r#"{{"auths": {{"r.example": {{"username": "{user}", "password": "p"}}}}}}"#);
        fs_err::write(path, text).unwrap();
    };
    let mut places = Places {
        home: Some(home.to_owned()),
        ..Places::default()
    };
    let user = |places: &Places| login(&Keyring::read(&[], places).unwrap(), "r.example/x");
    assert_eq!(user(&places), None);
    write(".docker/config.json", "docker");
    assert_eq!(user(&places).as_deref(), Some("docker:p"));
    write(".config/containers/auth.json", "podman");
    assert_eq!(user(&places).as_deref(), Some("podman:p"));
    write("run/containers/auth.json", "runtime");
    places.runtime = Some(home.join("run").into());
    assert_eq!(user(&places).as_deref(), Some("runtime:p"));
    write("named.json", "named");
    places.registry_auth_file = Some(home.join("named.json").into());
    assert_eq!(user(&places).as_deref(), Some("named:p"));
    // A file that is damaged is told when a login is wanted, and stops nothing.
    fs_err::write(home.join("named.json"), "{").unwrap();
    let keyring = Keyring::read(&[], &places).unwrap();
    let found = keyring.find("r.example", "x");
    assert!(
        found.login.is_some() && found.failed[0].contains("named.json:1:"),
        "{:?}",
        found.failed
    );
    assert!(Keyring::read(&[home.join("named.json")], &places).is_err());
    assert!(Keyring::read(&[home.join("absent.json")], &places).is_err());
}
