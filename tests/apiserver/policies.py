"""Exported admission policies against a real API server.

    policies.py SEAWALL TESTSERVER CONTROLS

Every policy is accepted, the server's type checker has nothing to say about it, and for each object of a control's own
fail.yaml and pass.yaml it decides what the control decides. Objects are created with `dryRun=All`. A binding holds for
the objects that carry the label of its control, so that each object meets the policies of one control only.
"""

import base64
import collections
import copy
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time

import yaml

API = "/apis/admissionregistration.k8s.io/v1"
LABEL = "seawall.dev/tests"
VERSION = "1.35"
# How long the server may take to check all policies, and to hold new bindings, in seconds.
PATIENCE = 180


class Server:
    """The API server, and one connection to it."""

    def __init__(self, binary, folder, *flags):
        kubeconfig = folder / "kubeconfig"
        self.process = subprocess.Popen(
            [binary, "-kubeconfig", kubeconfig, "-dir", folder, "-exit-on-stdin-close", "--", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(folder / "log", "w", encoding="utf-8"),
            text=True,
        )
        assert "READY" in self.process.stdout.readline(), "the API server did not start"
        config = yaml.safe_load(kubeconfig.read_text())
        self.cluster = config["clusters"][0]["cluster"]
        self.token = config["users"][0]["user"]["token"]
        self.connect()
        self.kinds = dict(self.discover())

    def connect(self):
        """Makes the connection."""
        authority = base64.b64decode(self.cluster["certificate-authority-data"]).decode()
        self.connection = http.client.HTTPSConnection(
            self.cluster["server"].removeprefix("https://"), context=ssl.create_default_context(cadata=authority)
        )

    def another(self):
        """The same server over a connection of its own, for another thread."""
        other = copy.copy(self)
        other.connect()
        return other

    def call(self, method, path, body=None, **more):
        """Status and answer of a request."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **more}
        self.connection.request(method, path, body=body and json.dumps(body, default=str), headers=headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def discover(self):
        """Version and kind, with the path of its objects."""
        groups = self.call("GET", "/apis")[1]["groups"]
        versions = [version["groupVersion"] for group in groups for version in group["versions"]]
        for version in ["v1", *versions]:
            prefix = "/api/v1" if version == "v1" else f"/apis/{version}"
            for resource in self.call("GET", prefix)[1].get("resources", []):
                if "/" not in resource["name"]:
                    yield (version, resource["kind"]), (prefix, resource["name"], resource["namespaced"])

    def namespace(self, name):
        """Makes a namespace that pods can be created in."""
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        deadline = time.monotonic() + PATIENCE
        while self.call("GET", f"/api/v1/namespaces/{name}/serviceaccounts/default")[0] != 200:
            assert time.monotonic() < deadline, f"{name} has no service account"
            time.sleep(0.1)

    def create(self, manifest):
        """What comes of creating an object; None when its kind is not served."""
        found = self.kinds.get((manifest["apiVersion"], manifest["kind"]))
        if found is None:
            return None
        prefix, plural, is_namespaced = found
        namespace = f"/namespaces/{manifest['metadata'].get('namespace') or 'default'}" if is_namespaced else ""
        return self.call("POST", f"{prefix}{namespace}/{plural}?dryRun=All", manifest)


def export(seawall, folder):
    """Control, policy and binding of each exported policy."""
    command = [seawall, "controls", "export", "--no-config", "--profile", "all", "--exclude-namespace", "none"]
    subprocess.run([*command, "--kubernetes-version", VERSION, "--output", folder], check=True, capture_output=True)
    for file in sorted(folder.iterdir()):
        policy, binding = yaml.safe_load_all(file.read_text())
        control = policy["metadata"]["labels"]["seawall.dev/control"]
        binding["spec"].setdefault("matchResources", {})["objectSelector"] = {"matchLabels": {LABEL: control}}
        yield control, policy, binding


def documents(file):
    """First and last line and manifest of each document that is an object."""
    text = file.read_text()
    start = 0
    for end in [*re.finditer(r"^---[ \t]*(#[^\n]*)?\n?", text, re.MULTILINE), None]:
        part = text[start : end.start() if end else len(text)]
        first = text.count("\n", 0, start) + 1
        manifest = yaml.safe_load(part)
        if isinstance(manifest, dict) and "kind" in manifest and "apiVersion" in manifest:
            yield first, first + part.count("\n"), manifest
        start = end.end() if end else start


def findings(seawall, controls):
    """Lines of findings by file and control."""
    command = [seawall, "scan", ".", "--no-config", "--profile", "all", "--kubernetes-version", VERSION]
    report = subprocess.run([*command, "--format", "json"], capture_output=True, check=False, cwd=controls)
    lines = collections.defaultdict(set)
    for finding in json.loads(report.stdout)["findings"]:
        place = finding["location"]
        lines[place["file"], finding["control"]].add(place["line"])
    return lines


def type_warnings(server):
    """What the server's type checker says, when it has looked at all policies."""
    deadline = time.monotonic() + PATIENCE
    while True:
        policies = server.call("GET", f"{API}/validatingadmissionpolicies")[1]["items"]
        is_checked = lambda it: it.get("status", {}).get("observedGeneration") == it["metadata"]["generation"]
        if all(map(is_checked, policies)):
            break
        assert time.monotonic() < deadline, "the policies were not type checked"
        time.sleep(0.5)
    for policy in policies:
        for warning in policy["status"].get("typeChecking", {}).get("expressionWarnings", []):
            yield f"{policy['metadata']['name']} {warning['fieldRef']}: {warning['warning']}"


def wait_for_bindings(server, controls):
    """Returns when an object of each control that always fails is turned away: bindings take effect one after the other."""
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "a"}]}}
    deadline = time.monotonic() + PATIENCE
    for control in controls:
        pod["metadata"] = {"name": "probe", "labels": {LABEL: control}}
        while server.create(pod)[0] == 201:
            assert time.monotonic() < deadline, f"the binding of {control} does not take effect"
            time.sleep(0.2)


def main(seawall, testserver, controls):
    seawall, testserver, controls = (pathlib.Path(it).resolve() for it in (seawall, testserver, controls))
    complaints = []
    count = collections.Counter()
    # Unix sockets in it have short paths only.
    with tempfile.TemporaryDirectory(prefix="vap", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        server = Server(testserver, folder)
        exported = collections.defaultdict(set)
        for control, policy, binding in export(seawall, folder / "policies"):
            for plural, manifest in [("policies", policy), ("policybindings", binding)]:
                status, answer = server.call("POST", f"{API}/validatingadmission{plural}", manifest)
                if status != 201:
                    complaints.append(f"{policy['metadata']['name']} is refused: {answer['message']}")
            exported[control].add(policy["metadata"]["name"])
            count["policies"] += 1
        complaints.extend(type_warnings(server))
        always = [it for it in ["memory-limit-missing", "run-as-root", "naked-pod", "priority-class-missing"] if it in exported]
        wait_for_bindings(server, always)

        lines = findings(seawall, controls)
        namespaces, decided = set(), collections.defaultdict(set)
        for file in sorted(controls.glob("*/*/*.yaml")):
            control = file.parent.name
            if file.name == "control.yaml" or control not in exported:
                continue
            found = lines[str(file.relative_to(controls)), control]
            for first, last, manifest in documents(file):
                metadata = manifest["metadata"] = manifest.get("metadata") or {}
                namespace = metadata.get("namespace") or "default"
                if namespace not in namespaces:
                    namespaces.add(namespace)
                    server.namespace(namespace)
                spec = manifest.get("spec") or {}
                account = manifest["kind"] == "Pod" and spec.get("serviceAccountName")
                if account:
                    accounts = f"/api/v1/namespaces/{namespace}/serviceaccounts"
                    server.call("POST", accounts, {"metadata": {"name": account}})
                metadata.setdefault("name", "nameless")
                metadata["labels"] = {**(metadata.get("labels") or {}), LABEL: control}
                came = server.create(manifest)
                place = f"{file.relative_to(controls)}:{first}"
                if came is None:
                    count["objects of kinds that are not served"] += 1
                    continue
                status, answer = came
                is_denied = any(f"'{name}'" in answer.get("message", "") for name in exported[control])
                if status != 201 and not is_denied:
                    # The server finds something else wrong with it, before it asks the policy.
                    count["objects that the server refuses itself"] += 1
                    continue
                if "resulted in error" in answer.get("message", ""):
                    complaints.append(f"{place}: {answer['message']}")
                is_found = any(first <= line <= last for line in found)
                decided[control].add(is_found)
                count["objects"] += 1
                if is_denied != is_found:
                    said = "turns it away" if is_denied else "lets it in"
                    complaints.append(f"{place}: the policy {said}, the control does not agree")
        server.process.stdin.close()
        server.process.wait()
    both = sum(len(verdicts) == 2 for verdicts in decided.values())
    print(f"{len(exported)} controls, {both} of them with objects of both verdicts; {dict(count)}")
    for complaint in complaints:
        print(complaint)
    assert len(exported) >= 195 and both >= 150, "fewer than there were"
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main(*sys.argv[1:])
