"""Suggested network policies, before a real API server: it accepts every one.

    suggest.py SEAWALL TESTSERVER PATH...
"""

import pathlib
import subprocess
import sys
import tempfile

import yaml

from policies import Server

# Labels and names that YAML or the API could take for something else.
ODD = """
apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: '123', labels: %s}
spec: {containers: [{name: a, image: a, env: [{name: PEER_URL, value: 'http://peer:80'}, {name: OUT, value: 'https://a.example.com'}, {name: IP, value: 'http://[2001:db8::1]:80'}, {name: V4, value: '203.0.113.7:443'}]}]}
"""
LABELS = ["{app: 'true'}", "{app: '1.0'}", "{app: '1.0', 'y': 'null'}", "{'a.b/c-d_e': 'x_y.z'}", "{}"]
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: peer, namespace: '123'}
spec: {type: LoadBalancer, selector: {app: '1.0'}, ports: [{port: 80, protocol: TCP}, {port: 81, protocol: SCTP}]}
"""


def main(seawall, testserver, *paths):
    seawall, testserver = (pathlib.Path(it).resolve() for it in (seawall, testserver))
    refused, count = [], 0
    with tempfile.TemporaryDirectory(prefix="net", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        odd = folder / "odd.yaml"
        odd.write_text("---".join([*(ODD % (f"p{number}", labels) for number, labels in enumerate(LABELS)), SERVICE]))
        server = Server(testserver, folder)
        for path in [*paths, str(odd)]:
            command = [seawall, "network", "suggest", path, "--no-config", "--allow-problems"]
            done = subprocess.run(command, capture_output=True, check=True)
            policies = list(yaml.safe_load_all(done.stdout))
            assert policies, f"{path}: nothing is suggested"
            for policy in policies:
                server.call("POST", "/api/v1/namespaces", {"metadata": {"name": policy["metadata"]["namespace"]}})
                status, answer = server.create(policy)
                count += 1
                if status != 201:
                    refused.append(f"{path}: {policy['metadata']['name']}: {answer['message']}")
        server.process.stdin.close()
        server.process.wait()
    print(f"{count} suggested policies, {len(refused)} refused")
    print(*refused, sep="\n")
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
