"""What `seawall fix` writes, before a real API server.

    fixes.py SEAWALL TESTSERVER CONTROLS

The fail.yaml of each control that has a fix is fixed by that control. An object that the server accepted before is
accepted after; and something is fixed.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

from policies import VERSION, Server

# Its fixes are for an older Kubernetes than the server's, which does not serve the objects.
OLD = {"deprecated-api"}


def objects(file):
    """The objects of a file."""
    for manifest in yaml.safe_load_all(file.read_text()):
        if isinstance(manifest, dict) and "kind" in manifest:
            yield from manifest.get("items", []) if manifest["kind"].endswith("List") else [manifest]


def accepts(server, manifest):
    """The server's answer when it turns an object away, None when it takes it, or does not know the kind."""
    namespace = manifest["metadata"].get("namespace")
    if namespace and server.call("GET", f"/api/v1/namespaces/{namespace}")[0] == 404:
        server.namespace(namespace)
    answer = server.create(manifest)
    return answer[1].get("message", "") if answer and answer[0] >= 300 else None


def fixed(seawall, control, folder):
    """The objects of a control's fail.yaml, before and after."""
    file = folder / "fail.yaml"
    shutil.copyfile(control / "fail.yaml", file)
    before = list(objects(file))
    name = control.name
    command = [seawall, "fix", file, "--no-config", "--control", name, "--unsafe", name]
    subprocess.run([*command, "--kubernetes-version", VERSION], check=False, capture_output=True)
    return zip(before, objects(file), strict=True)


def main(seawall, testserver, controls):
    seawall, testserver, controls = (pathlib.Path(it).resolve() for it in (seawall, testserver, controls))
    wrong = []
    looked_at = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        server = Server(testserver, folder)
        server.namespace("default")
        for file in sorted(controls.glob("*/*/control.yaml")):
            control = file.parent
            if "\nfix:" not in file.read_text() or control.name in OLD:
                continue
            changed = [pair for pair in fixed(seawall, control, folder) if pair[0] != pair[1]]
            if not changed:
                wrong.append(f"{control.name}: nothing is fixed")
            for before, after in changed:
                looked_at += 1
                if accepts(server, before) is None and (message := accepts(server, after)):
                    wrong.append(f"{control.name}: {before['kind']} {before['metadata'].get('name')}: {message}")
        server.process.stdin.close()
        server.process.wait()
    print("\n".join(wrong) or f"{looked_at} fixed objects are what they were to the API server")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
