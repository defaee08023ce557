"""`seawall cluster` against a real API server.

    cluster.py SEAWALL TESTSERVER [TEST]...

Each test is a function below; the names of some run only those. The server writes an audit log: what the scanner asked for is held
against what it may ask for. A proxy in front of the server makes connections slow and cuts them.
"""

import base64
import collections
import concurrent.futures
import http.server
import json
import os
import pathlib
import random
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import yaml

from policies import PATIENCE, Server

SECRET = "hunter2-do-not-tell"
AUDIT = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
"""


class Cluster(Server):
    """The API server with an audit log."""

    def __init__(self, binary, folder, is_forgetful):
        policy = folder / "audit.yaml"
        policy.write_text(AUDIT)
        self.audit = folder / "audit.log"
        self.folder = folder
        flags = [f"--audit-policy-file={policy}", f"--audit-log-path={self.audit}"]
        if is_forgetful:
            flags += ["--etcd-compaction-interval=1s", "--feature-gates=ListFromCacheSnapshot=false"]
        super().__init__(binary, folder, *flags)
        self.kubeconfig = folder / "kubeconfig"
        self.config = yaml.safe_load(self.kubeconfig.read_text())

    def post(self, path, manifest):
        """Creates an object."""
        status, answer = self.call("POST", path, manifest)
        assert status in (200, 201), answer
        return answer

    def is_created(self, path, manifest):
        """Whether an object could be created: before a path is served, the answer is no JSON."""
        try:
            return self.call("POST", path, manifest)[0] == 201
        except json.JSONDecodeError:
            return False

    def make(self, manifest):
        """Creates an object of a kind that was served when the server started."""
        prefix, plural, is_namespaced = self.kinds[manifest["apiVersion"], manifest["kind"]]
        namespace = f"/namespaces/{manifest['metadata'].get('namespace', 'default')}" if is_namespaced else ""
        return self.post(f"{prefix}{namespace}/{plural}", manifest)

    def many(self, manifests, threads=8):
        """Creates many objects, each thread on a connection of its own."""
        def work(part):
            server = self.another()
            for manifest in part:
                server.make(manifest)

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, [manifests[at::threads] for at in range(threads)]))

    def account(self, name):
        """A service account that nothing is allowed to, and a kubeconfig for it."""
        self.make({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "default"}})
        token = self.post(f"/api/v1/namespaces/default/serviceaccounts/{name}/token", {"spec": {}})["status"]["token"]
        return self.with_token(name, token)

    def with_token(self, name, token, server=None):
        """A kubeconfig with a token, for the server or what stands before it."""
        config = json.loads(json.dumps(self.config))
        config["users"][0]["user"] = {"token": token}
        if server:
            config["clusters"][0]["cluster"]["server"] = server
        file = self.folder / f"{name}.kubeconfig"
        file.write_text(yaml.safe_dump(config))
        return file

    def asked(self, user):
        """Verbs and resources that a user asked for."""
        files = sorted(self.folder.glob("audit*.log"))
        events = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        for event in events:
            if event["user"].get("username") == user:
                about = event.get("objectRef", {})
                yield event["verb"], about.get("resource", event["requestURI"])


class Proxy:
    """Hands connections on: slower, cut after some bytes, or not at all."""

    def __init__(self, server):
        self.target = server.cluster["server"].removeprefix("https://").split(":")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.cuts = 0
        self.cut_after = 0
        self.pause = 0.0
        self.down_until = 0.0
        self.connections = 0
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            if time.monotonic() < self.down_until:
                client.close()
                continue
            server = socket.create_connection((self.target[0], int(self.target[1])))
            limit = None
            if self.cuts > 0:
                self.cuts -= 1
                limit = self.cut_after
            self.open += [client, server]
            threading.Thread(target=self.copy, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self.copy, args=(server, client, limit), daemon=True).start()

    def copy(self, source, to, limit):
        sent = 0
        try:
            while data := source.recv(16384):
                if limit is not None and sent + len(data) > limit:
                    break
                if limit is None and self.pause and source.getpeername()[1] == int(self.target[1]):
                    time.sleep(self.pause)
                to.sendall(data)
                sent += len(data)
        except OSError:
            pass
        for one in (source, to):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def down(self, seconds):
        """Nobody is there for a while: every connection ends, and new ones too."""
        self.down_until = time.monotonic() + seconds
        for one in self.open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []


class Test:
    """What tests share: the program, the server, and a folder."""

    def __init__(self, seawall, server, folder):
        self.seawall, self.server, self.folder = seawall, server, folder

    def run(self, *words, kubeconfig=None, command="cluster"):
        """Exit code, output, errors."""
        call = [self.seawall, *command.split(), *words]
        if kubeconfig is not False:
            call += ["--kubeconfig", kubeconfig or self.server.kubeconfig]
        done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=self.folder)
        return done.returncode, done.stdout, done.stderr

    def report(self, *words, kubeconfig=None):
        """The JSON report of a scan, and its text."""
        code, text, errors = self.run("--no-config", "--format", "json", *words, kubeconfig=kubeconfig)
        assert text, errors
        report = json.loads(text)
        assert (code == 2) == any(one["level"] == "error" for one in report["problems"]), (code, report["problems"])
        return report, text

    def objects(self, file):
        """The objects of a snapshot, and its text."""
        text = subprocess.run(["zstd", "-dcq", self.folder / file], capture_output=True, check=True).stdout.decode()
        lines = [json.loads(line) for line in text.splitlines()]
        return lines[0], lines[1:], text


def pod(name, namespace="default", image="nginx:1.27", **spec):
    container = {"name": "web", "image": image}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": "web"}},
        "spec": {"containers": [container], **spec},
    }


def findings(report, **wanted):
    """Resources of findings, each once."""
    found = set()
    for one in report["findings"]:
        if all(one[key] == value for key, value in wanted.items()):
            found.add(f"{one['resource']['kind']}/{one['resource']['name']}")
    return sorted(found)


def counting(report, profile_of=lambda one: True):
    """Controls and objects of the findings that count."""
    found = {(one["control"], f"{one['resource']['kind']}/{one['resource']['name']}")
             for one in report["findings"] if one["state"] == "new" and profile_of(one)}
    return sorted(found)


def what_kubernetes_ships_is_quiet(test):
    """A fresh cluster has no finding that counts; what somebody changed in it has."""
    report, _ = test.report()
    assert counting(report) == [], counting(report)
    excepted = [one for one in report["findings"] if one["state"] == "excepted"]
    assert len(excepted) > 60 and report["problems"] == [], (len(excepted), report["problems"])
    assert {one["exception"]["at"] for one in excepted} == {"built in"} and all(one["exception"]["reason"] for one in excepted)
    about_roles = lambda one: "Role" in one["resource"]["kind"]
    everything, _ = test.report("--profile", "all")
    assert counting(everything, about_roles) == [], counting(everything, about_roles)

    rbac = "/apis/rbac.authorization.k8s.io/v1"
    undo = []

    def change(path, edit):
        before = test.server.call("GET", path)[1]
        after = json.loads(json.dumps(before))
        edit(after)
        status, answer = test.server.call("PUT", path, after)
        assert status == 200, answer
        undo.append((path, {**before, "metadata": {**before["metadata"], "resourceVersion": ""}}))

    rule = {"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}
    labels = {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}
    test.server.make({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "rules": [rule],
                      "metadata": {"name": "more-to-edit", "labels": labels}})
    change(f"{rbac}/clusterroles/system:kube-scheduler", lambda role: role["rules"].append({**rule, "resources": ["secrets"]}))
    change(f"{rbac}/clusterroles/system:kubelet-api-admin",
           lambda role: role["metadata"]["annotations"].update({"rbac.authorization.kubernetes.io/autoupdate": "false"}))
    eve = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "eve"}
    change(f"{rbac}/clusterrolebindings/cluster-admin", lambda binding: binding["subjects"].append(eve))
    anonymous = {**eve, "name": "system:anonymous"}
    change(f"{rbac}/clusterrolebindings/system:public-info-viewer", lambda binding: binding["subjects"].append(anonymous))
    expected = [
        ("anonymous-binding", "ClusterRoleBinding/system:public-info-viewer"),
        ("cluster-admin-binding", "ClusterRoleBinding/cluster-admin"),
        ("role-node-proxy", "ClusterRole/admin"),
        ("role-node-proxy", "ClusterRole/edit"),
        ("role-node-proxy", "ClusterRole/more-to-edit"),
        ("role-node-proxy", "ClusterRole/system:kubelet-api-admin"),
        ("role-reads-secrets", "ClusterRole/system:kube-scheduler"),
    ]
    deadline = time.monotonic() + PATIENCE
    # A controller of the server gives `edit` and `admin` the new rule a moment later.
    while not set(expected) <= set(found := counting(test.report()[0])):
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    assert {one for one, _ in found} - {one for one, _ in expected} <= {"subject-cluster-takeover"}, found
    for path, before in undo:
        status, answer = test.server.call("PUT", path, before)
        assert status == 200, answer
    test.server.call("DELETE", f"{rbac}/clusterroles/more-to-edit")
    while found := counting(test.report()[0]):
        assert time.monotonic() < deadline, found
        time.sleep(0.3)


def custom_resources_are_discovered(test):
    """A kind that came after the start, in the version that the server prefers, once."""
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = lambda name, is_stored: {"name": name, "served": True, "storage": is_stored, "schema": schema}
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "names": names, "scope": "Namespaced",
                 "versions": [version("v1alpha1", False), version("v2", True)]},
    }
    test.server.make(definition)
    widget = {"apiVersion": "example.com/v2", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"a": [1, 2.5, None, True]}}
    deadline = time.monotonic() + PATIENCE
    while not test.server.is_created("/apis/example.com/v2/namespaces/default/widgets", widget):
        assert time.monotonic() < deadline, "the custom resource is not served"
        time.sleep(0.2)
    # The list of what is served follows a moment later.
    while True:
        header, objects, _ = None, [], ""
        code, _, errors = test.run("--no-config", "--save", "widgets.jsonl.zst", "--quiet")
        assert code in (0, 1), errors
        header, objects, _ = test.objects("widgets.jsonl.zst")
        widgets = [one for one in objects if one["kind"] == "Widget"]
        if widgets:
            break
        assert time.monotonic() < deadline, "the custom resource is not discovered"
        time.sleep(0.5)
    assert [one["spec"] for one in widgets] == [widget["spec"]], widgets
    served = [one for one in header["served"] if one["resource"] == "widgets"]
    assert [one["version"] for one in served] == ["v2"], served
    assert header["complete"] is True and header["resources"] == len(objects), header
    assert not any("managedFields" in one["metadata"] for one in objects)
    assert len({(one["apiVersion"], one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in objects}) == len(objects)
    for word in ["wd", "Widget", "widgets.example.com"]:
        report, _ = test.report("--kinds", word)
        assert report["summary"]["resources"] == 1, report["summary"]
    code, _, errors = test.run("--kinds", "Widgit")
    assert code == 2 and "did you mean `Widget`?" in errors, errors


def kubeconfigs_that_do_not_work_are_explained(test):
    """With the file, what is wrong, and what to do."""
    def check(change, *expected):
        config = json.loads(json.dumps(test.server.config))
        change(config)
        file = test.folder / "odd.kubeconfig"
        file.write_text(yaml.safe_dump(config))
        code, text, errors = test.run("--no-config", kubeconfig=file)
        assert code == 2 and not text, (code, text)
        assert all(one in errors for one in expected) and "hint: " in errors, errors

    user = lambda config, **credential: config["users"][0].update(user=credential)
    check(lambda config: user(config, token="gone"), "does not accept the credentials", "log in again")
    check(lambda config: config["contexts"][0]["context"].update(user="nobody"), "names user `nobody`, which")
    check(lambda config: config.update({"current-context": "other"}), "odd.kubeconfig: there is no context `other`", "there is `")
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": "cloud-login", "interactiveMode": "Never"}
    check(lambda config: user(config, exec=command), "odd.kubeconfig: ", "`cloud-login`, which is not there", "install it")
    printed = {"apiVersion": command["apiVersion"], "kind": "ExecCredential", "status": {"token": "expired"}}
    prints = {**command, "command": "echo", "args": [json.dumps(printed)]}
    check(lambda config: user(config, exec=prints), "does not accept the credentials", "takes what `echo` prints")
    authority = base64.b64encode(next(test.folder.glob("testserver-*/server.crt")).read_bytes()).decode()
    other = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", os.devnull, "-subj", "/CN=other", "-days", "1"],
                           capture_output=True, check=False).stdout
    authority = base64.b64encode(other).decode() if other else authority
    check(lambda config: config["clusters"][0]["cluster"].update({"certificate-authority-data": authority}), "certificate authority of the cluster")
    check(lambda config: config["clusters"][0]["cluster"].update(server="https://127.0.0.1:1"), "right address")


FEED = """### Affected Versions

- kube-apiserver v1.30.0 - v1.99.0
- kube-controller-manager v1.30.0 - v1.99.0

### Fixed Versions
"""


def facts_of_the_cluster_are_told(test):
    """The version with what is published against it, feature gates, and what decides about what may be written."""
    item = {"id": "CVE-2099-0001", "summary": "it tells too much", "date_published": "2099-01-01T00:00:00Z", "content_text": FEED}
    (test.folder / "feed.json").write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]}))
    code, _, errors = test.run("--feed", "feed.json", "--out", "k8s.db", "--date", "2026-11-01", command="db build", kubeconfig=False)
    assert code == 0, errors
    flags = ["kube-apiserver", "--feature-gates=AnyVolumeDataSource=false,InPlacePodVerticalScaling=true", "--enable-admission-plugins=NodeRestriction"]
    server = pod("kube-apiserver-n1", "kube-system")
    server["spec"]["containers"][0] = {"name": "kube-apiserver", "image": "registry.k8s.io/kube-apiserver:v1.35.4", "command": flags}
    test.server.make(server)
    hooks = [{"name": "a.example.com", "clientConfig": {"url": "https://example.com"}, "sideEffects": "None", "admissionReviewVersions": ["v1"]}]
    test.server.make({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
                      "metadata": {"name": "hook"}, "webhooks": hooks})
    words = ["--db", "k8s.db", "--date", "2026-11-01"]
    report, live = test.report(*words, "--feature-gates", "--save", "facts.jsonl.zst")
    facts = report["target"]["cluster"]
    assert facts["serverVersion"].startswith("v1."), facts
    found = [(one["advisory"], one["component"]) for one in facts["vulnerabilities"]]
    assert found == [("CVE-2099-0001", "kube-apiserver")], facts
    gates = [one for one in facts["featureGates"] if one["from"] == "flags"]
    assert gates == [{"component": "kube-apiserver", "from": "flags", "enabled": ["InPlacePodVerticalScaling"], "disabled": ["AnyVolumeDataSource"]}], gates
    admission = facts["admission"]
    assert "NodeRestriction" in admission["plugins"] and "PodSecurity" in admission["plugins"], admission
    assert admission["validatingWebhooks"] == 1 and admission["podSecurity"]["none"] >= 4, admission
    code, text, errors = test.run("--snapshot", "facts.jsonl.zst", "--no-config", "--format", "json", *words, kubeconfig=False)
    assert text == live, "the snapshot says something else"
    code, text, errors = test.run("--no-config", "--format", "summary", *words)
    assert "1 published vulnerability" in text and "CVE-2099-0001" in text and "1 webhook, " in text, text
    code, text, errors = test.run("--no-config", "--db", "gone.db")
    assert code == 2 and "there is no advisory database" in errors, errors
    kubeconfig = test.server.account("gates")
    report, _ = test.report("--feature-gates", kubeconfig=kubeconfig)
    refused = [one for one in report["problems"] if "/metrics" in one["message"] + one.get("hint", "")]
    assert len(refused) == 1 and refused[0]["kind"] == "forbidden", report["problems"][:3]
    _, role, _ = test.run("--feature-gates", command="cluster permissions", kubeconfig=kubeconfig)
    assert {"nonResourceURLs": ["/metrics"], "verbs": ["get"]} in yaml.safe_load(role)["rules"], role
    test.server.call("DELETE", "/api/v1/namespaces/kube-system/pods/kube-apiserver-n1?gracePeriodSeconds=0")
    test.server.call("DELETE", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/hook")


def small_pages_give_the_same(test):
    """Whatever the pages are."""
    for at in range(20):
        test.server.make(pod(f"page-{at}"))
    _, whole = test.report()
    for size in ["1", "3", "7"]:
        _, paged = test.report("--page-size", size, "--qps", "10000")
        assert paged == whole, f"pages of {size} give something else"


def forgotten_states_begin_again(test):
    """The server compacts each second: the state of a slow list is gone before its end."""
    for at in range(20):
        test.server.make(pod(f"slow-{at}"))
    scan = subprocess.Popen(
        [test.seawall, "cluster", "--no-config", "--kubeconfig", test.server.kubeconfig, "--kinds", "pods", "--page-size", "1",
         "--qps", "2", "--quiet", "--output", "json=slow.json"], cwd=test.folder)
    at = 0
    while scan.poll() is None:
        test.server.call("PUT", "/api/v1/namespaces/default/configmaps/churn", {"metadata": {"name": "churn"}, "data": {"at": str(at)}})
        test.server.call("POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": "churn"}})
        at += 1
        time.sleep(0.05)
    report = json.loads((test.folder / "slow.json").read_text())
    assert report["problems"] == [], report["problems"]
    expected = len(test.server.call("GET", "/api/v1/pods")[1]["items"])
    assert report["summary"]["resources"] == expected, report["summary"]
    gone = [line for line in test.server.audit.read_text().splitlines() if '"code":410' in line and "limit=1" in line]
    assert gone, "the server forgot nothing: the test shows nothing"


def what_is_forbidden_is_named(test):
    """And allowed by what `permissions` prints."""
    kubeconfig = test.server.account("restricted")
    report, text = test.report(kubeconfig=kubeconfig)
    forbidden = [one for one in report["problems"] if one["kind"] == "forbidden"]
    assert report["summary"]["resources"] == 0 and len(forbidden) > 30, text
    secrets = [one for one in forbidden if "`secrets`" in one["message"]]
    assert len(secrets) == 1 and "list" in secrets[0]["message"] and "all namespaces" in secrets[0]["message"], secrets
    assert "`deployments.apps`" in text
    code, _, errors = test.run("--no-config", "--quiet", "--allow-problems=forbidden", kubeconfig=kubeconfig)
    assert code == 0, errors

    code, role, errors = test.run(command="cluster permissions", kubeconfig=kubeconfig)
    assert code == 0, errors
    role = yaml.safe_load(role)
    verbs = {verb for rule in role["rules"] for verb in rule["verbs"]}
    assert verbs == {"list"} and not any("*" in rule["resources"] + rule["apiGroups"] for rule in role["rules"]), role
    test.server.make(role)
    subject = {"kind": "ServiceAccount", "name": "restricted", "namespace": "default"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role["metadata"]["name"]}
    binding = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "reader"},
               "roleRef": reference, "subjects": [subject]}
    test.server.make(binding)
    deadline = time.monotonic() + PATIENCE
    while (report := test.report(kubeconfig=kubeconfig)[0])["problems"]:
        assert time.monotonic() < deadline, report["problems"]
        time.sleep(0.3)
    _, mine = test.report(kubeconfig=kubeconfig)
    _, all_of_it = test.report()
    assert mine == all_of_it, "with the printed role something else is seen"


def namespaces_need_roles_only(test):
    """What lives in one namespace, and nothing else."""
    test.server.namespace("shop")
    test.server.make(pod("shop-pod", "shop", hostNetwork=True))
    kubeconfig = test.server.account("shopper")
    code, role, errors = test.run("-n", "shop", command="cluster permissions", kubeconfig=kubeconfig)
    assert code == 0, errors
    role = yaml.safe_load(role)
    assert role["kind"] == "Role", role
    test.server.make(role)
    subject = {"kind": "ServiceAccount", "name": "shopper", "namespace": "default"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role["metadata"]["name"]}
    test.server.make({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "roleRef": reference,
                      "metadata": {"name": "reader", "namespace": "shop"}, "subjects": [subject]})
    deadline = time.monotonic() + PATIENCE
    while (report := test.report("-n", "shop", kubeconfig=kubeconfig)[0])["problems"]:
        assert time.monotonic() < deadline, report["problems"]
        time.sleep(0.3)
    assert {one["resource"].get("namespace", "shop") for one in report["findings"]} == {"shop"}
    assert "Pod/shop-pod" in findings(report, control="host-network"), report["findings"]
    others, _ = test.report("--exclude-namespace", "shop")
    assert not any(one["resource"].get("namespace") == "shop" for one in others["findings"])
    selected, _ = test.report("--kinds", "pods", "-l", "app in (web),nothing!=x", "-n", "shop")
    assert selected["summary"]["resources"] == 1, selected["summary"]
    code, _, errors = test.run("-n", "gone")
    assert code == 2, "a namespace that is not there"


def secrets_are_in_no_output(test):
    """Neither as they are nor encoded, in no format, and not in the snapshot."""
    encoded = base64.b64encode(SECRET.encode()).decode()
    applied = json.dumps({"kind": "Secret", "stringData": {"password": SECRET}, "data": {"more": encoded}})
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": applied}
    test.server.make({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "annotations": annotations},
                      "stringData": {"password": SECRET}, "data": {"more": encoded}})
    outputs = []
    for form in ["summary", "pretty", "table", "json", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html"]:
        code, text, errors = test.run("--no-config", "--profile", "all", "--format", form, "--verbose", "--save", "s.jsonl.zst")
        assert code in (0, 1), errors
        outputs.append(text + errors)
    _, objects, text = test.objects("s.jsonl.zst")
    outputs.append(text)
    found = [one for one in objects if one["metadata"]["name"] == "db"]
    assert found[0]["data"] == {"more": "", "password": ""}, found
    for text in outputs:
        for needle in [SECRET, encoded, encoded.rstrip("=")]:
            assert needle not in text


def snapshots_give_the_same(test):
    """The report of a snapshot is the report of the cluster, for every command."""
    _, live = test.report("--profile", "all", "--save", "same.jsonl.zst", "--date", "2026-11-01")
    words = ["same.jsonl.zst", "--no-config", "--format", "json", "--profile", "all", "--date", "2026-11-01"]
    code, text, errors = test.run(*words, command="scan", kubeconfig=False)
    assert text == live, "the snapshot gives something else"
    code, text, errors = test.run("--snapshot", *words, kubeconfig=False)
    assert text == live, errors
    for command in ["rbac who-can get secrets", "network exposed", "paths", "rbac graph", "diff same.jsonl.zst"]:
        code, text, errors = test.run("same.jsonl.zst", command=command, kubeconfig=False)
        assert code in (0, 1) and text, (command, errors)
    code, _, errors = test.run("same.jsonl.zst", ".", command="scan", kubeconfig=False)
    assert code == 2 and "name it alone" in errors, errors
    whole = (test.folder / "same.jsonl.zst").read_bytes()
    (test.folder / "half.jsonl.zst").write_bytes(whole[: len(whole) // 2])
    code, _, errors = test.run("half.jsonl.zst", command="scan", kubeconfig=False)
    assert code == 2, "half a snapshot"


def owners_are_reported_once(test):
    """A Deployment, and not what controllers made of it; a Pod for what only it has."""
    test.server.namespace("owned")
    template = {"metadata": {"labels": {"app": "w"}}, "spec": {"hostNetwork": True, "containers": [{"name": "web", "image": "nginx:1.27"}]}}
    selector = {"matchLabels": {"app": "w"}}

    def owned(kind, name, owner, spec, api="apps/v1"):
        reference = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"],
                     "uid": owner["metadata"]["uid"], "controller": True}
        metadata = {"name": name, "namespace": "owned", "ownerReferences": [reference], "labels": {"app": "w"}}
        return test.server.make({"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec})

    deployment = test.server.make({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "owned"},
                                   "spec": {"selector": selector, "template": template}})
    sets = owned("ReplicaSet", "web-1", deployment, {"selector": selector, "template": template})
    worse = {**template, "spec": {**template["spec"], "hostPID": True}}
    owned("ReplicaSet", "web-0", deployment, {"replicas": 0, "selector": selector, "template": worse})
    for name in ["a", "b", "c"]:
        owned("Pod", f"web-1-{name}", sets, template["spec"], api="v1")
    debug = {"name": "debug", "image": "busybox:1.37", "securityContext": {"privileged": True}}
    for name in ["d", "e"]:
        spec = {**template["spec"], "containers": [*template["spec"]["containers"], debug]}
        owned("Pod", f"web-1-{name}", sets, spec, api="v1")
    report, _ = test.report("-n", "owned")
    assert findings(report, control="host-network") == ["Deployment/web"], findings(report, control="host-network")
    assert findings(report, control="privileged-container") == ["Pod/web-1-d"], findings(report, control="privileged-container")
    assert findings(report, control="host-pid") == [], "what runs no more is reported"
    counted = [one for one in report["controls"] if one["id"] == "host-network"]
    assert counted[0]["evaluated"] == 1, counted


def slow_and_cut_connections_lose_nothing(test):
    """Cut in the middle of answers, and a server that is gone for some seconds: the same report."""
    proxy = Proxy(test.server)
    kubeconfig = test.server.with_token("proxy", test.server.token, proxy.address)
    _, expected = test.report()
    proxy.cuts, proxy.cut_after = 6, 9000
    _, text = test.report("--page-size", "5", kubeconfig=kubeconfig)
    assert text == expected and proxy.cuts == 0, "cut connections lose something"
    proxy.pause = 0.01
    _, text = test.report(kubeconfig=kubeconfig)
    assert text == expected, "slow connections lose something"
    proxy.pause = 0
    threading.Timer(1, proxy.down, [4]).start()
    before = proxy.connections
    _, text = test.report("--page-size", "5", "--qps", "8", kubeconfig=kubeconfig)
    assert text == expected, "a restart loses something"
    assert proxy.connections > before + 8, "nothing was tried again"
    proxy.down(3600)
    start = time.monotonic()
    code, _, errors = test.run("--no-config", kubeconfig=kubeconfig)
    assert code == 2 and "cannot" in errors or "does not say" in errors, errors
    assert time.monotonic() - start < 120, "a server that is gone is waited for too long"


def a_broken_api_is_a_problem_and_not_the_end(test):
    """An API group whose server is not there."""
    service = {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1.broken.example.com"},
               "spec": {"group": "broken.example.com", "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 100,
                        "insecureSkipTLSVerify": True, "service": {"name": "gone", "namespace": "default"}}}
    test.server.make(service)
    deadline = time.monotonic() + PATIENCE
    while True:
        report, text = test.report()
        problems = [one for one in report["problems"] if "broken.example.com" in one["message"]]
        if problems:
            break
        assert time.monotonic() < deadline, "the broken group is not noticed"
        time.sleep(0.5)
    assert report["summary"]["resources"] > 100, "the rest is scanned"
    test.server.call("DELETE", "/apis/apiregistration.k8s.io/v1/apiservices/v1.broken.example.com")


def kubelets_say_what_they_run_with(test):
    """Only when that is asked for, and through the API server, which asks no kubelet on loopback."""
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()
    addresses = [one for one in addresses if ":" not in one]
    assert addresses, "this machine has no address but loopback's"
    certificate = next(test.folder.glob("testserver-*/server.crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("server.key"))
    asked = []

    class Kubelet(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = json.dumps({"kubeletconfig": {"readOnlyPort": 10255, "authentication": {"anonymous": {"enabled": True}}}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    kubelet = http.server.ThreadingHTTPServer((addresses[0], 0), Kubelet)
    kubelet.socket = context.wrap_socket(kubelet.socket, server_side=True)
    threading.Thread(target=kubelet.serve_forever, daemon=True).start()
    test.server.make({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}})
    status = {"addresses": [{"type": "InternalIP", "address": addresses[0]}],
              "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet.server_address[1]}}}
    node = test.server.call("GET", "/api/v1/nodes/node-1")[1]
    answer = test.server.call("PUT", "/api/v1/nodes/node-1/status", {**node, "status": status})
    assert answer[0] == 200, answer
    report, _ = test.report("--profile", "all")
    assert asked == [] and "KubeletConfiguration" not in {one["resource"]["kind"] for one in report["findings"]}
    report, live = test.report("--profile", "all", "--node-config", "--save", "nodes.jsonl.zst", "--date", "2026-11-01")
    assert asked == ["/configz"], (asked, report["problems"])
    of_kubelet = {one["control"] for one in report["findings"] if one["resource"]["kind"] == "KubeletConfiguration"}
    assert {"kubelet-anonymous-auth", "kubelet-read-only-port"} <= of_kubelet, of_kubelet
    words = ["nodes.jsonl.zst", "--no-config", "--format", "json", "--profile", "all", "--date", "2026-11-01"]
    assert test.run(*words, command="scan", kubeconfig=False)[1] == live
    kubelet.shutdown()
    kubelet.server_close()
    test.server.call("DELETE", "/api/v1/nodes/node-1")


class Watch:
    """A scanner that watches, and what it says."""

    def __init__(self, test, kubeconfig=None, *words):
        call = [test.seawall, "cluster", "--no-config", "--watch", "--verbose", "--format", "summary", *words,
                "--kubeconfig", kubeconfig or test.server.kubeconfig]
        self.process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=test.folder)
        self.lines, self.errors = [], []
        for stream, lines in [(self.process.stdout, self.lines), (self.process.stderr, self.errors)]:
            threading.Thread(target=lambda stream, lines: lines.extend(stream), args=(stream, lines), daemon=True).start()
            # `extend` takes the lines one by one as they come.
        self.wait(lambda: any("looked at in" in line for line in self.errors), "the first scan")

    def wait(self, is_there, what, patience=60):
        deadline = time.monotonic() + patience
        while not is_there():
            assert self.process.poll() is None, ("the watch ended", self.errors[-3:])
            assert time.monotonic() < deadline, (what, self.lines[-5:], self.errors[-5:])
            time.sleep(0.02)

    def expect(self, sign, control, name):
        """Waits for a line about a control and an object."""
        is_it = lambda line: line.startswith(sign) and f" {control}: " in line and line.rstrip().endswith(f"{name})")
        self.wait(lambda: any(map(is_it, self.lines)), f"{sign} {control} {name}")

    def times(self):
        """What each look was at (one object alone, what it touches, everything), how many objects, and the milliseconds."""
        for line in self.errors:
            if "looked at" in line:
                words = line.split()
                at = "alone" if "alone" in words else "touched" if "touch" in words else "everything"
                yield at, int(words[0]), float(words[-2])

    def end(self):
        self.process.kill()
        self.process.wait()


def changes_are_told_as_they_happen(test):
    """Findings come and go with objects, with what they refer to, and after the server was gone for longer than it remembers."""
    kubeconfig = test.server.account("watcher")
    code, role, errors = test.run("--watch", command="cluster permissions", kubeconfig=kubeconfig)
    role = yaml.safe_load(role)
    role["metadata"]["name"] = "watcher"
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"list", "watch"}, role
    test.server.make(role)
    subject = {"kind": "ServiceAccount", "name": "watcher", "namespace": "default"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "watcher"}
    test.server.make({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "watcher"},
                      "roleRef": reference, "subjects": [subject]})
    time.sleep(1)
    proxy = Proxy(test.server)
    token = yaml.safe_load(kubeconfig.read_text())["users"][0]["user"]["token"]
    watch = Watch(test, test.server.with_token("watcher-proxy", token, proxy.address), "--profile", "all")
    try:
        pods = "/api/v1/namespaces/default/pods"
        environment = [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}}]
        watched = pod("watched", hostNetwork=True)
        watched["spec"]["containers"][0]["env"] = environment
        test.server.make(watched)
        watch.expect("+ ", "host-network", "Pod default/watched")
        watch.expect("+ ", "env-reference-dangling", "Pod default/watched")
        test.server.make({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "default"}, "data": {"a": "b"}})
        watch.expect("- ", "env-reference-dangling", "Pod default/watched")
        # Gone for longer than the server remembers: what happened meanwhile is told all the same.
        proxy.down(6)
        test.server.call("DELETE", f"{pods}/watched?gracePeriodSeconds=0")
        for at in range(20):
            test.server.make({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"meanwhile-{at}", "namespace": "default"}})
            time.sleep(0.2)
        test.server.make(pod("meanwhile", hostPID=True))
        watch.expect("+ ", "host-pid", "Pod default/meanwhile")
        watch.expect("- ", "host-network", "Pod default/watched")
        told = [line for line in watch.lines if "Pod default/watched" in line and " host-network: " in line]
        assert [line[0] for line in told] == ["+", "-"], told
    finally:
        watch.end()
    verbs = collections.Counter(verb for verb, _ in test.server.asked("system:serviceaccount:default:watcher"))
    assert set(verbs) <= {"get", "list", "watch"} and verbs["watch"] > 50, verbs


FINDING = re.compile(r"(\S+): (critical|high|medium|low) ([a-z0-9-]+): (.*) \(.*\)$")


def shown(lines):
    """What lines tell of findings: how often each."""
    found = (FINDING.match(line.strip()) for line in lines)
    # What a finding says may change with other objects; it stays the same finding.
    return collections.Counter(one.groups()[:3] for one in found if one)


def random_change(test, chance, namespaces):
    """Creates, replaces or deletes one of a few objects that refer to each other."""
    namespace, number = chance.choice(namespaces), chance.randrange(3)
    labels = {"app": chance.choice("ab")}
    metadata = {"namespace": namespace, "name": f"r{number}", "labels": labels}
    containers = [{"name": "c", "image": chance.choice(["nginx:1.27", "nginx:latest", "nginx"]),
                   "envFrom": [{"configMapRef": {"name": f"r{chance.randrange(3)}"}}]}]
    if chance.random() < 0.3:
        containers[0]["securityContext"] = {"privileged": True}
    spec = {"containers": containers, "serviceAccountName": chance.choice(["default", "r0", "r1"]), "hostNetwork": chance.random() < 0.2}
    subject = {"kind": "ServiceAccount", "name": f"r{chance.randrange(2)}", "namespace": chance.choice(namespaces)}
    rules = [{"apiGroups": [""], "resources": [chance.choice(["secrets", "pods", "pods/exec"])], "verbs": [chance.choice(["get", "*", "create"])]}]
    owner = test.server.call("GET", f"/apis/apps/v1/namespaces/{namespace}/deployments/r{number}")[1].get("metadata", {}).get("uid")
    owners = [{"apiVersion": "apps/v1", "kind": "Deployment", "name": f"r{number}", "uid": owner, "controller": True}] if owner else []
    rbac = "rbac.authorization.k8s.io"
    objects = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {**metadata, "ownerReferences": owners}, "spec": spec},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
         "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": str(chance.random())}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata,
         "spec": {"selector": {"app": chance.choice("abc")}, "ports": [{"port": 80}], "type": chance.choice(["ClusterIP", "LoadBalancer"])}},
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata,
         "spec": {"podSelector": {"matchLabels": {"app": chance.choice("abc")}}, "policyTypes": [chance.choice(["Ingress", "Egress"])]}},
        {"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": metadata, "rules": rules},
        {"apiVersion": f"{rbac}/v1", "kind": "RoleBinding", "metadata": metadata, "subjects": [subject],
         "roleRef": {"apiGroup": rbac, "kind": "Role", "name": f"r{chance.randrange(3)}"}},
        {"apiVersion": f"{rbac}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": f"r{number}"}, "subjects": [subject],
         "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": chance.choice(["view", "edit", "cluster-admin"])}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": {
            "pod-security.kubernetes.io/enforce": chance.choice(["privileged", "baseline", "restricted"])}}},
    ]
    one = chance.choice(objects)
    prefix, plural, is_namespaced = test.server.kinds[one["apiVersion"], one["kind"]]
    base = f"{prefix}/namespaces/{namespace}/{plural}" if is_namespaced else f"{prefix}/{plural}"
    if one["kind"] == "Namespace":
        return test.server.call("PUT", f"{base}/{namespace}", one)
    # The server refuses some of these: a change like any other.
    status, _ = test.server.call("POST", base, one)
    if status == 409:
        if chance.random() < 0.5 or one["kind"] == "Pod":
            test.server.call("DELETE", f"{base}/{one['metadata']['name']}?gracePeriodSeconds=0")
        else:
            test.server.call("PUT", f"{base}/{one['metadata']['name']}", one)
    return status


def what_is_told_adds_up_to_a_scan(test):
    """After any changes, the findings of the beginning and all that was told since are the findings of another scan."""
    namespaces = ["random-a", "random-b"]
    for name in namespaces:
        test.server.namespace(name)
    seed = int(os.environ.get("SEED", "1"))
    chance = random.Random(seed)
    for at in range(60):
        random_change(test, chance, namespaces)
    before = shown(test.run("--no-config", "--format", "table", "--profile", "all")[1].splitlines())
    watch = Watch(test, None, "--profile", "all")
    try:
        for at in range(120):
            random_change(test, chance, namespaces)
            if chance.random() < 0.3:
                time.sleep(chance.random() / 3)
        # Until everything was looked at once more.
        looks = -1
        while looks != (looks := len(watch.errors)):
            time.sleep(8)
        after = shown(test.run("--no-config", "--format", "table", "--profile", "all")[1].splitlines())
        lines = list(watch.lines)
    finally:
        watch.end()
    told = before.copy()
    told.update(shown(line[2:] for line in lines if line.startswith("+ ")))
    told.subtract(shown(line[2:] for line in lines if line.startswith("- ")))
    wrong = {one: (told[one], after[one]) for one in {*told, *after} if told[one] != after[one]}
    assert sum(before.values()) > 50 and before != after and len(lines) > 100, len(lines)
    assert not wrong, (seed, len(wrong), list(wrong.items())[:5])


def only_reading_is_asked_for(test):
    """What the audit log has of a user that only scans."""
    verbs = collections.Counter(verb for verb, _ in test.server.asked("system:serviceaccount:default:restricted"))
    assert verbs["list"] > 50 and set(verbs) <= {"get", "list", "watch"}, verbs


def thirty_thousand_objects_fit(test):
    """In 400 MB, and not much slower than reading the same pages and throwing them away: the figures are printed, the limits are wide."""
    test.server.namespace("large")
    manifests = []
    for at in range(30_000):
        name = f"o-{at}"
        if at % 3 == 0:
            manifests.append(pod(name, "large", f"registry.example.com/shop/app-{at % 100}:1.{at}",
                                 automountServiceAccountToken=False, nodeName=f"node-{at % 50}"))
        elif at % 3 == 1:
            data = {f"key-{key}": "value " * 20 for key in range(5)}
            manifests.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "large"}, "data": data})
        else:
            ports = [{"port": 80, "targetPort": 8080}]
            manifests.append({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": name, "namespace": "large"},
                              "subsets": [{"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": ports[0]["port"]}]}]})
    test.server.many(manifests)
    started = time.monotonic()
    size = 0
    for plural in ["pods", "configmaps", "endpoints"]:
        following = ""
        while following is not None:
            _, page = test.server.call("GET", f"/api/v1/{plural}?limit=500{following}")
            size += len(page["items"])
            token = page["metadata"].get("continue")
            following = f"&continue={token}" if token else None
    plain = time.monotonic() - started
    assert size >= 30_000
    started = time.monotonic()
    process = subprocess.Popen([test.seawall, "cluster", "--no-config", "--kubeconfig", test.server.kubeconfig, "--format", "summary",
                                "--save", "large.jsonl.zst"], stdout=subprocess.DEVNULL, cwd=test.folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - started
    rss = usage.ru_maxrss / 1024
    print(f"  30,000 objects: {took:.1f} s ({plain:.1f} s for a plain list), {rss:.0f} MB")
    assert process.returncode in (0, 1), process.returncode
    assert rss <= 400, f"{rss:.0f} MB"
    assert took <= 4 * plain + 5, f"{took:.1f} s, and {plain:.1f} s to only list"
    watch = Watch(test)
    try:
        for at in range(5):
            test.server.make(pod(f"one-{at}", "large", hostNetwork=True))
            watch.expect("+ ", "host-network", f"Pod large/one-{at}")
            watch.wait(lambda: sum(what == "touched" for what, _, _ in watch.times()) > at, "what relates to it")
            # What takes the permissions of all is looked at when nothing came for a moment.
            watch.wait(lambda: sum(what == "everything" for what, _, _ in watch.times()) > at + 1, "what takes a look at everything")
        # The first look is at everything.
        times = list(watch.times())[1:]
    finally:
        watch.end()
    of = lambda wanted: sorted(time for what, objects, time in times if what == wanted and objects < 1000)
    alone, touched, everything = map(of, ["alone", "touched", "everything"])
    print(f"  one changed object among 30,000: {alone} ms alone, {touched} ms with what it touches, {everything} ms for the rest")
    assert len(alone) >= 5 and alone[len(alone) // 2] <= 100, alone
    assert len(touched) >= 5 and touched[len(touched) // 2] <= 200, touched
    assert everything and everything[0] <= 3000, everything


TESTS = [
    what_kubernetes_ships_is_quiet,
    custom_resources_are_discovered,
    kubeconfigs_that_do_not_work_are_explained,
    facts_of_the_cluster_are_told,
    small_pages_give_the_same,
    what_is_forbidden_is_named,
    namespaces_need_roles_only,
    secrets_are_in_no_output,
    owners_are_reported_once,
    snapshots_give_the_same,
    slow_and_cut_connections_lose_nothing,
    a_broken_api_is_a_problem_and_not_the_end,
    kubelets_say_what_they_run_with,
    what_is_told_adds_up_to_a_scan,
    only_reading_is_asked_for,
    thirty_thousand_objects_fit,
]


# On a server that forgets states within seconds, so that reading pages slowly, or going on after a pause, meets `410 Gone`.
FORGETFUL_TESTS = [forgotten_states_begin_again, changes_are_told_as_they_happen]


def run(seawall, testserver, tests, is_forgetful):
    """Runs tests on one server; gives a line for each that fails."""
    failed = []
    # Unix sockets in it have short paths only.
    with tempfile.TemporaryDirectory(prefix="clu", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        server = Cluster(testserver, folder, is_forgetful)
        test = Test(seawall, server, folder)
        for one in tests:
            started = time.monotonic()
            try:
                one(test)
                outcome = "ok"
            except Exception as error:  # a test that fails must not keep the others from running
                outcome = "FAILED"
                failed.append(f"{one.__name__}: {type(error).__name__}: {str(error)[:3000]}")
            print(f"{one.__name__} {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
        server.process.stdin.close()
        server.process.wait(timeout=60)
    return failed


def main(seawall, testserver, *names):
    seawall, testserver = (pathlib.Path(it).resolve() for it in (seawall, testserver))
    for binary in (seawall, testserver):
        assert os.access(binary, os.X_OK), f"{binary} is not there"
    failed = []
    for tests, is_forgetful in [(TESTS, False), (FORGETFUL_TESTS, True)]:
        wanted = [one for one in tests if not names or one.__name__ in names]
        if wanted:
            failed += run(seawall, testserver, wanted, is_forgetful)
    for line in failed:
        print(line)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
