//! An API server on loopback that lists objects and tells of changes in them. It knows neither pages nor permissions.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use fs_err as fs;
use serde_json::{Value, json};

/// Thousands of objects of each kind.
const PODS: usize = 12;
const OTHERS: usize = 6;

/// Group, version, resource, kind, and whether objects lie in namespaces.
const KINDS: [(&str, &str, &str, &str, bool); 8] = [
    ("", "v1", "pods", "Pod", true),
    ("", "v1", "services", "Service", true),
    ("", "v1", "serviceaccounts", "ServiceAccount", true),
    ("", "v1", "configmaps", "ConfigMap", true),
    ("", "v1", "namespaces", "Namespace", false),
    (
        "networking.k8s.io",
        "v1",
        "networkpolicies",
        "NetworkPolicy",
        true,
    ),
    (
        "rbac.authorization.k8s.io",
        "v1",
        "rolebindings",
        "RoleBinding",
        true,
    ),
    ("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
];

/// What changes, one after the other.
pub(super) const CHANGING: [&str; 5] = [
    "pods",
    "services",
    "serviceaccounts",
    "networkpolicies",
    "rolebindings",
];

/// The server. Its threads end with the process.
pub(super) struct Server {
    pub(super) kubeconfig: PathBuf,
    /// How many objects there are.
    pub(super) objects: usize,
    state: Arc<State>,
}

struct State {
    /// The answers to lists, by resource.
    lists: Vec<(&'static str, String)>,
    /// Who watches which resource.
    watchers: Mutex<Vec<(String, TcpStream)>>,
}

impl Server {
    pub(super) fn start(work: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let mut objects = 0;
        let lists = KINDS.iter().map(|(_, _, plural, _, _)| {
            let items = items(plural);
            objects += items.len();
            let list = json!({ "metadata": { "resourceVersion": "1" }, "items": items });
            (*plural, list.to_string())
        });
        let state = Arc::new(State {
            lists: lists.collect(),
            watchers: Mutex::new(Vec::new()),
        });
        let kubeconfig = work.join("watch.kubeconfig");
        let address = format!("http://{}", listener.local_addr()?);
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "bench",
            "contexts": [{ "name": "bench", "context": { "cluster": "bench" } }],
            "clusters": [{ "name": "bench", "cluster": { "server": address } }],
        });
        fs::write(&kubeconfig, config.to_string())?;
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // Whoever asks is gone: nothing to do.
                std::thread::spawn(move || drop(state.serve(&stream)));
            }
        });
        Ok(Server {
            kubeconfig,
            objects,
            state,
        })
    }

    /// Changes an object, each time another.
    pub(super) fn change(&self, number: usize) -> Result<()> {
        let plural = CHANGING[number % CHANGING.len()];
        let mut object = item(plural, number * 7);
        match plural {
            "pods" => object["spec"]["hostNetwork"] = true.into(),
            "services" => object["spec"]["selector"]["app"] = "nothing".into(),
            "serviceaccounts" => object["automountServiceAccountToken"] = true.into(),
            "networkpolicies" => {
                object["spec"]["podSelector"] = json!({ "matchLabels": { "app": "nothing" } });
            }
            _ => object["roleRef"]["name"] = "nothing".into(),
        }
        object["metadata"]["resourceVersion"] = (number + 2).to_string().into();
        let mut text = json!({ "type": "MODIFIED", "object": object }).to_string();
        text.push('\n');
        let watchers = &self.state.watchers;
        let watchers = watchers.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, watcher) in watchers.iter().filter(|(of, _)| of == plural) {
            let mut watcher = watcher;
            write!(watcher, "{:x}\r\n{text}\r\n", text.len())?;
        }
        Ok(())
    }
}

impl State {
    /// Answers what comes on a connection, one after the other.
    fn serve(&self, stream: &TcpStream) -> Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream.try_clone()?;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
            while line.trim() != "" {
                line.clear();
                reader.read_line(&mut line)?;
            }
            let (path, query) = target.split_once('?').unwrap_or((&target, ""));
            if query.contains("watch=1") {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
                writer.write_all(head.as_bytes())?;
                let of = path.rsplit('/').next().unwrap_or_default();
                let watchers = self.watchers.lock();
                watchers
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((of.to_owned(), writer));
                // It stays open for as long as the other side wants.
                reader.read_line(&mut line)?;
                return Ok(());
            }
            let body = self.answer(path);
            let status = body.as_ref().map_or("404 Not Found", |_| "200 OK");
            let body = body.unwrap_or_default();
            write!(
                writer,
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )?;
            writer.write_all(body.as_bytes())?;
        }
    }

    fn answer(&self, path: &str) -> Option<String> {
        match path {
            "/version" => Some(json!({ "gitVersion": "v1.35.0" }).to_string()),
            "/api" => Some(served(true)),
            "/apis" => Some(served(false)),
            _ => {
                let wanted = path.rsplit('/').next().unwrap_or_default();
                let mut lists = self.lists.iter();
                lists
                    .find(|(plural, _)| *plural == wanted)
                    .map(|(_, list)| list.clone())
            }
        }
    }
}

/// What is served, all at once.
fn served(is_core: bool) -> String {
    let kinds = KINDS
        .iter()
        .filter(|(group, ..)| group.is_empty() == is_core);
    let items = kinds.map(|(group, version, plural, kind, is_namespaced)| {
        let resource = json!({
            "resource": plural, "responseKind": { "kind": kind }, "verbs": ["get", "list", "watch"],
            "scope": if *is_namespaced { "Namespaced" } else { "Cluster" },
        });
        json!({ "metadata": { "name": group }, "versions": [{ "version": version, "resources": [resource] }] })
    });
    let items: Vec<Value> = items.collect();
    json!({ "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items }).to_string()
}

fn items(plural: &str) -> Vec<Value> {
    let count = match plural {
        "pods" => PODS * 1000,
        "services" | "serviceaccounts" | "configmaps" => OTHERS * 1000,
        "roles" | "rolebindings" => 1000,
        _ => 50,
    };
    (0..count).map(|number| item(plural, number)).collect()
}

fn item(plural: &str, number: usize) -> Value {
    let app = format!("app-{}", number % 6000);
    let selector = json!({ "app": app });
    match plural {
        "pods" => pod(number),
        "services" => object(
            &app,
            number,
            &json!({ "spec": { "selector": selector, "ports": [{ "port": 80 }] } }),
        ),
        "serviceaccounts" => object(
            &app,
            number,
            &json!({ "automountServiceAccountToken": false }),
        ),
        "configmaps" => object(
            &app,
            number,
            &json!({ "data": { "key": "value ".repeat(20) } }),
        ),
        "roles" => object(
            &app,
            number,
            &json!({ "rules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }] }),
        ),
        "rolebindings" => object(
            &app,
            number,
            &json!({
                "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": app },
                "subjects": [{ "kind": "ServiceAccount", "name": app, "namespace": format!("n{}", number % 50) }],
            }),
        ),
        "namespaces" => json!({ "metadata": { "name": format!("n{number}") } }),
        _ => object(
            "own",
            number,
            &json!({ "spec": { "podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}] } }),
        ),
    }
}

fn object(name: &str, number: usize, rest: &Value) -> Value {
    let mut object = rest.clone();
    object["metadata"] = json!({ "name": name, "namespace": format!("n{}", number % 50), "uid": format!("{name}-{number}") });
    object
}

fn pod(number: usize) -> Value {
    let app = format!("app-{}", number % 6000);
    let container = json!({
        "name": "app", "image": format!("registry.example.com/{app}:1.{number}"),
        "envFrom": [{ "configMapRef": { "name": app } }], "ports": [{ "containerPort": 8080 }],
        "securityContext": { "runAsNonRoot": true, "allowPrivilegeEscalation": false },
    });
    let spec = json!({ "serviceAccountName": app, "containers": [container], "nodeName": format!("node-{}", number % 50) });
    let mut pod = object(
        &format!("{app}-{number}"),
        number,
        &json!({ "spec": spec, "status": { "phase": "Running" } }),
    );
    pod["metadata"]["labels"] = json!({ "app": app });
    pod
}
