//! What is said of kubeconfigs that do not work.

use std::fs;
use std::path::Path;

use super::{Found, KubeconfigError, Places, nowhere};

const WHOLE: &str = "\
apiVersion: v1
kind: Config
current-context: prod
contexts:
- {name: prod, context: {cluster: c, user: u}}
- {name: lost, context: {cluster: gone, user: u}}
- {name: bare, context: {cluster: bare, user: u}}
- {name: odd, context: {cluster: odd, user: u}}
- {name: files, context: {cluster: files, user: u}}
- {name: texts, context: {cluster: texts, user: u}}
- {name: half, context: {cluster: c, user: half}}
- {name: exec, context: {cluster: c, user: exec}}
- {name: failing, context: {cluster: c, user: failing}}
- {name: silent, context: {cluster: c, user: silent}}
- {name: gcp, context: {cluster: c, user: gcp}}
- {name: azure, context: {cluster: c, user: azure}}
- {name: other, context: {cluster: c, user: other}}
clusters:
- {name: c, cluster: {server: 'https://127.0.0.1:1'}}
- {name: bare, cluster: {}}
- {name: odd, cluster: {server: 'ht tp://x'}}
- {name: files, cluster: {server: 'https://127.0.0.1:1', certificate-authority: ca.crt}}
- {name: texts, cluster: {server: 'https://127.0.0.1:1', certificate-authority-data: '%%'}}
users:
- {name: u, user: {token: t}}
- {name: half, user: {client-certificate-data: YQ==}}
- {name: exec, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-command, installHint: 'apt install it'}}}
- {name: failing, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['-c', 'echo hunter2; echo no >&2; echo token has expired >&2; exit 7'], interactiveMode: Never}}}
- {name: silent, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: echo, args: [hunter2], interactiveMode: Never}}}
- {name: gcp, user: {auth-provider: {name: gcp, config: {cmd-path: echo, cmd-args: hunter2, token-key: '{.t}', expiry-key: '{.e}'}}}}
- {name: azure, user: {auth-provider: {name: azure, config: {access-token: hunter2}}}}
- {name: other, user: {auth-provider: {name: openstack, config: {}}}}
";

fn asked(file: &Path) -> Places {
    Places {
        asked: Some(file.to_owned()),
        variable: None,
        home: None,
    }
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("seawall-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Message and hint, the folder left out.
fn told(error: &KubeconfigError, folder: &Path) -> (String, String) {
    let plain = |text: &str| text.replace(&format!("{}/", folder.display()), "");
    (
        plain(&error.to_string()),
        plain(error.hint().unwrap_or_default()),
    )
}

/// What choosing a context says, the login included.
async fn choose(found: Found, context: Option<&str>) -> Option<KubeconfigError> {
    match found.choose(context).await {
        Err(error) => Some(error),
        Ok((config, login)) => match kube::Client::try_from(config) {
            Ok(_) => None,
            Err(error) => login.failed(&error),
        },
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = folder("files");
    let check = |name: &str, text: Option<&str>, expected: (&str, &str)| {
        let file = folder.join(name);
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let error = asked(&file).read().err().unwrap();
        let (message, hint) = told(&error, &folder);
        assert!(message.starts_with(expected.0), "{message}");
        assert!(hint.contains(expected.1), "{hint}");
    };
    check(
        "none",
        None,
        ("none: there is no such kubeconfig", "`--kubeconfig FILE`"),
    );
    fs::create_dir_all(folder.join("sub")).unwrap();
    check(
        "sub",
        None,
        ("sub: the kubeconfig is a folder", "name the file"),
    );
    check(
        "broken",
        Some("apiVersion: v1\nclusters: [\nkind: Config\n"),
        (
            "broken:2:11: the kubeconfig is no YAML: ",
            "kubectl config view",
        ),
    );
    check(
        "other",
        Some("apiVersion: v1\nclusters: text\n"),
        ("other:2:11: this is no kubeconfig: ", "kubectl config view"),
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn of_several_files_those_that_are_there_count() {
    let folder = folder("several");
    let (one, two) = (folder.join("one"), folder.join("two"));
    fs::write(&one, "contexts: [{name: x, context: {cluster: c}}]").unwrap();
    fs::write(
        &two,
        "current-context: x\nclusters: [{name: c, cluster: {server: 'https://h'}}]",
    )
    .unwrap();
    let places = |files: &[&Path]| Places {
        asked: None,
        variable: Some(std::env::join_paths(files).unwrap()),
        home: Some(folder.clone()),
    };
    let found = places(&[&one, Path::new("/none"), &two])
        .read()
        .unwrap()
        .unwrap();
    assert_eq!(found.config.contexts.len(), 1);
    assert_eq!(found.config.current_context.as_deref(), Some("x"));
    let error = places(&[Path::new("/none")]).read().err().unwrap();
    assert_eq!(error.to_string(), "/none: there is no such kubeconfig");
    let nothing = Places {
        asked: None,
        variable: Some("".into()),
        home: Some(folder.clone()),
    };
    assert!(nothing.read().unwrap().is_none());
    assert!(nowhere().hint().is_some());
    fs::create_dir_all(folder.join(".kube")).unwrap();
    fs::write(folder.join(".kube/config"), "current-context: home").unwrap();
    let found = nothing.read().unwrap().unwrap();
    assert_eq!(found.config.current_context.as_deref(), Some("home"));
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn what_a_kubeconfig_says_is_held_against_itself() {
    let folder = folder("whole");
    let file = folder.join("config");
    fs::write(&file, WHOLE).unwrap();
    let check = async |context: Option<&str>, expected: &str, expected_hint: &str| {
        let found = asked(&file).read().unwrap().unwrap();
        let error = choose(found, context).await;
        let error = error.unwrap_or_else(|| panic!("{context:?} works"));
        let (message, hint) = told(&error, &folder);
        assert_eq!(message, format!("config: {expected}"));
        assert!(hint.contains(expected_hint), "{message}: {hint}");
        assert!(
            !message.contains("hunter2") && !hint.contains("hunter2"),
            "a credential"
        );
    };
    check(Some("dev"), "there is no context `dev`", "`lost`").await;
    check(
        Some("lost"),
        "context `lost` is of cluster `gone`, which is not there",
        "`files`",
    )
    .await;
    check(
        Some("bare"),
        "cluster `bare` has no `server`",
        "https://HOST:6443",
    )
    .await;
    check(
        Some("odd"),
        "the `server` of cluster `odd` is no address",
        "https://HOST:6443",
    )
    .await;
    check(
        Some("files"),
        "the certificate authority of cluster `files` lies in `ca.crt`, which cannot be read: No such file or directory (os error 2)",
        "relative",
    )
    .await;
    check(
        Some("texts"),
        "the certificate authority of cluster `texts` is no base64",
        "",
    )
    .await;
    check(
        Some("half"),
        "the client key of user `half` is not given",
        "its key",
    )
    .await;
    check(
        Some("exec"),
        "user `exec` logs in with the command `no-such-command`, which is not there",
        "apt install it",
    )
    .await;
    check(
        Some("failing"),
        "user `failing` logs in with the command `sh`, which failed with exit status 7: token has expired",
        "log in again",
    )
    .await;
    check(
        Some("silent"),
        "user `silent` logs in with the command `echo`, which prints no credential",
        "run the command yourself",
    )
    .await;
    for (text, expected, expected_hint) in [
        (
            WHOLE.replace("current-context: prod\n", ""),
            "the kubeconfig has no current context",
            "--context",
        ),
        (
            WHOLE.replace(": prod\n", ": ''\n"),
            "the kubeconfig has no current context",
            "and 5 more",
        ),
        (
            "kind: Config\n".to_owned(),
            "the kubeconfig has no contexts",
            "--kubeconfig",
        ),
    ] {
        fs::write(&file, text).unwrap();
        check(None, expected, expected_hint).await;
    }
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn auth_providers_that_are_gone_are_explained() {
    let folder = folder("providers");
    let file = folder.join("config");
    fs::write(&file, WHOLE).unwrap();
    let removed = "which Kubernetes took out of its clients in version 1.26";
    let unknown = "which no client knows any more";
    for (context, provider, expected, expected_hint) in [
        ("gcp", "gcp", removed, "gke-gcloud-auth-plugin"),
        ("azure", "azure", removed, "kubelogin convert-kubeconfig"),
        ("other", "openstack", unknown, "exec plugin"),
    ] {
        let found = asked(&file).read().unwrap().unwrap();
        let error = choose(found, Some(context)).await;
        let error = error.unwrap_or_else(|| panic!("{context} works"));
        let (message, hint) = told(&error, &folder);
        let who = format!("user `{context}` logs in with the auth provider `{provider}`");
        assert_eq!(message, format!("config: {who}, {expected}"));
        assert!(hint.contains(expected_hint), "{message}: {hint}");
        assert!(!message.contains("hunter2") && !hint.contains("hunter2"));
    }
    fs::remove_dir_all(folder).unwrap();
}
