"""The least roles by a real API server's audit log, put to that server.

    minimize.py SEAWALL TESTSERVER

A service account with far too many permissions sends requests. `seawall rbac minimize` makes roles of the server's audit
log; they take the place of what there was. Everything that was allowed is still allowed, and nothing else is.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import yaml

from policies import PATIENCE, Server

RBAC = "/apis/rbac.authorization.k8s.io/v1"
POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "RequestResponse"}]}
ANY = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
WIDE = [ANY, {"nonResourceURLs": ["*"], "verbs": ["*"]}]
APPLY = {"Content-Type": "application/apply-patch+yaml"}
MERGE = {"Content-Type": "application/merge-patch+json"}


def config_map(name):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "b"}}


DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}},
    },
}
MANY = [f"many-{number}" for number in range(8)]
# Method, path, body and headers.
USED = [
    ("GET", "/api/v1/namespaces/n1/configmaps/settings", None, {}),
    ("POST", "/api/v1/namespaces/n1/configmaps", config_map("settings"), {}),
    ("PUT", "/api/v1/namespaces/n1/configmaps/settings", config_map("settings"), {}),
    ("PATCH", "/api/v1/namespaces/n1/configmaps/applied?fieldManager=a", config_map("applied"), APPLY),
    ("DELETE", "/api/v1/namespaces/n1/configmaps/applied", None, {}),
    ("GET", "/api/v1/namespaces/n1/secrets?fieldSelector=metadata.name%3Done", None, {}),
    ("GET", "/api/v1/namespaces/n2/secrets?watch=true&timeoutSeconds=1", None, {}),
    ("DELETE", "/api/v1/namespaces/n2/secrets?fieldSelector=metadata.name%3Done", None, {}),
    ("GET", "/api/v1/nodes", None, {}),
    ("GET", "/api/v1/namespaces/n1", None, {}),
    ("GET", "/api/v1/pods?limit=1", None, {}),
    ("GET", "/api/v1/namespaces/n2/pods", None, {}),
    ("POST", "/apis/apps/v1/namespaces/n1/deployments", DEPLOYMENT, {}),
    ("GET", "/apis/apps/v1/namespaces/n1/deployments/web/scale", None, {}),
    ("PATCH", "/apis/apps/v1/namespaces/n1/deployments/web/scale", {"spec": {"replicas": 2}}, MERGE),
    ("POST", "/api/v1/namespaces/n1/serviceaccounts/default/token", {"spec": {}}, {}),
    ("GET", "/metrics", None, {}),
    ("GET", "/logs/", None, {}),
    ("GET", "/api/v1/namespaces/n1/services", None, {"Impersonate-User": "ann", "Impersonate-Group": "devs"}),
    *[("GET", f"/api/v1/namespaces/n3/configmaps/{name}", None, {}) for name in MANY],
]
UNUSED = [
    ("GET", "/api/v1/namespaces/n1/configmaps/other", None, {}),
    ("GET", "/api/v1/namespaces/n2/configmaps/settings", None, {}),
    ("GET", "/api/v1/namespaces/n1/configmaps", None, {}),
    ("DELETE", "/api/v1/namespaces/n1/configmaps/settings", None, {}),
    ("GET", "/api/v1/namespaces/n1/secrets/one", None, {}),
    ("GET", "/api/v1/namespaces/n1/secrets", None, {}),
    ("GET", "/api/v1/nodes/one", None, {}),
    ("GET", "/api/v1/namespaces", None, {}),
    ("GET", "/api/v1/namespaces/n2", None, {}),
    ("GET", "/apis/apps/v1/namespaces/n1/deployments/web", None, {}),
    ("POST", "/api/v1/namespaces/n1/serviceaccounts/web/token", {"spec": {}}, {}),
    ("GET", "/metrics/slis", None, {}),
    ("GET", "/api/v1/namespaces/n1/services", None, {"Impersonate-User": "bob"}),
]


def send(client, requests):
    """The status of each request."""
    return [client.call(method, path, body, **headers)[0] for method, path, body, headers in requests]


class Client:
    """Requests as somebody else, whose answers may be no JSON."""

    def __init__(self, server, token):
        self.server = server.another()
        self.server.token = token

    def call(self, method, path, body, **headers):
        try:
            return self.server.call(method, path, body, **headers)
        except json.JSONDecodeError:
            return 200, None


def fill(server):
    for namespace in ["n1", "n2", "n3"]:
        server.namespace(namespace)
    account = {"metadata": {"name": "web"}}
    assert server.call("POST", "/api/v1/namespaces/n1/serviceaccounts", account)[0] == 201
    subject = {"kind": "ServiceAccount", "name": "web", "namespace": "n1"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "wide"}
    for plural, made in [
        ("clusterroles", {"metadata": {"name": "wide"}, "rules": WIDE}),
        ("clusterrolebindings", {"metadata": {"name": "wide"}, "roleRef": reference, "subjects": [subject]}),
    ]:
        assert server.call("POST", f"{RBAC}/{plural}", made)[0] == 201
    # Who is acted as may do it, whatever becomes of the other's roles.
    ann = {"kind": "User", "name": "ann", "apiGroup": "rbac.authorization.k8s.io"}
    view = {**reference, "name": "view"}
    bound = {"metadata": {"name": "ann"}, "roleRef": view, "subjects": [ann, {**ann, "name": "bob"}]}
    assert server.call("POST", f"{RBAC}/clusterrolebindings", bound)[0] == 201


def wait_until(holds, what):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.2)


def main(seawall, testserver):
    seawall, testserver = (pathlib.Path(it).resolve() for it in (seawall, testserver))
    # Unix sockets in it have short paths only.
    with tempfile.TemporaryDirectory(prefix="min", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        (folder / "policy.yaml").write_text(json.dumps(POLICY))
        log = folder / "audit.log"
        server = Server(testserver, folder, f"--audit-policy-file={folder}/policy.yaml", f"--audit-log-path={log}")
        fill(server)
        status, answer = server.call("POST", "/api/v1/namespaces/n1/serviceaccounts/web/token", {"spec": {}})
        assert status == 201, answer
        client = Client(server, answer["status"]["token"])
        wait_until(lambda: send(client, USED[8:9]) == [200], lambda: "the service account has no permissions")
        before = send(client, USED)
        assert 403 not in before, list(zip(before, USED, strict=True))

        objects = []
        for plural, kind in [("clusterroles", "ClusterRole"), ("clusterrolebindings", "ClusterRoleBinding")]:
            for item in server.call("GET", f"{RBAC}/{plural}")[1]["items"]:
                objects.append({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, **item})
        (folder / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        command = [seawall, "rbac", "minimize", "sa:n1/web", "objects.json", "--complete", "--no-config"]
        done = subprocess.run([*command, "--audit-log", log, "--format", "yaml"], capture_output=True, check=False, cwd=folder)
        assert done.returncode == 0 and not done.stderr, done.stderr.decode()
        roles = list(yaml.safe_load_all(done.stdout))

        assert server.call("DELETE", f"{RBAC}/clusterrolebindings/wide")[0] == 200
        wait_until(lambda: send(client, USED[8:9]) == [403], lambda: "the permissions stay")
        for role in roles:
            namespace = role["metadata"].get("namespace")
            prefix = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
            status, answer = server.call("POST", f"{prefix}/{role['kind'].lower()}s", role)
            assert status == 201, answer
        wait_until(lambda: 403 not in send(client, USED), lambda: f"these are lost: {lost(client)}\n{done.stdout.decode()}")
        wider = [request for request, status in zip(UNUSED, send(client, UNUSED), strict=True) if status != 403]
        server.process.stdin.close()
        server.process.wait()
    rules = sum(len(role.get("rules", [])) for role in roles)
    print(f"{len(USED)} requests need {rules} rules in {len(roles) // 2} roles; {len(UNUSED)} others are refused")
    print(*wider, sep="\n")
    return bool(wider)


def lost(client):
    return [request[:2] for request, status in zip(USED, send(client, USED), strict=True) if status == 403]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
