"""`seawall image` against a real registry.

    images.py SEAWALL TESTREGISTRY [TEST]...

Each test is a function below; the names of some run only those. Images are made here, pushed, scanned, and what is found is held
against a scan of the same image as an archive.
"""

import http.server
import json
import os
import pathlib
import random
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

from proxy import Harm, Proxy
from server import Image, Pusher, Registry, login

RECORD = {
    "id": "ALPINE-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1"],
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "Alpine:v3.20", "name": "foo"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5-r0"}]}]}],
}
APK = "P:libfoo\nV:1.4-r2\nA:x86_64\no:foo\n\nP:libbar\nV:2.0-r0\nA:x86_64\no:bar\n\n"
LOCK = json.dumps({"lockfileVersion": 3, "packages": {
    "": {"name": "shop"}, **{f"node_modules/p{number}": {"version": f"1.{number}.0"} for number in range(200)}}})
# Something that does not compress, so that there is a middle to cut at.
NOISE = random.Random(1).randbytes(300_000)


class Bench:
    """Everything that tests share."""

    def __init__(self, seawall, binary, folder):
        self.seawall, self.folder = seawall, folder
        subprocess.run([binary, "keys", str(folder)], check=True)
        self.registries = {}
        try:
            for kind in ("open", "plain", "basic", "token"):
                self.registries[kind] = Registry(binary, folder, kind)
            self.prepare(folder)
        except BaseException:
            self.stop()
            raise

    def prepare(self, folder):
        self.open, self.plain, self.basic, self.token = self.registries.values()
        self.pusher = Pusher(self.open, folder)
        (folder / "records").mkdir()
        (folder / "records/a.json").write_text(json.dumps(RECORD))
        self.run("db", "build", "--osv", "records", "--out", "a.db", "--date", "2024-06-01")
        os_release = "ID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME=\"Alpine Linux v3.20\"\n"
        self.image = Image(
            {"etc/os-release": os_release, "lib/apk/db/installed": APK, "old/package-lock.json": LOCK, "noise": NOISE},
            {"old/.wh.package-lock.json": "", "app/package-lock.json": LOCK},
        )
        self.image.archive(folder / "image.tar")
        self.expected = self.scan("image.tar")
        flaws = [finding for finding in self.expected["findings"] if finding["kind"] == "vulnerability"]
        assert len(self.expected["packages"]) == 202 and len(flaws) == 1
        self.pushed = self.pusher.image("shop/web", "1.2", self.image)
        layers = json.load(self.pusher.call("GET", "/v2/shop/web/manifests/1.2"))["layers"]
        self.layer, self.layer_size = layers[0]["digest"], layers[0]["size"]

    def run(self, *args, environment=None):
        home = {"HOME": str(self.folder / "home"), "PATH": os.environ["PATH"], **(environment or {})}
        return subprocess.run([self.seawall, *args], cwd=self.folder, env=home, capture_output=True, text=True)

    def image_args(self, image, *args):
        return ("image", image, "--db", "a.db", "--date", "2024-06-02", "--format", "json", "--list-packages", *args)

    def scan(self, image, *args, environment=None, cache=False):
        """What is found; the scan must complete."""
        args = args if cache else ("--no-cache", *args)
        done = self.run(*self.image_args(image, *args), environment=environment)
        assert done.returncode == 1, (image, done.returncode, done.stderr)
        return json.loads(done.stdout)

    def fails(self, image, *args, says=(), environment=None):
        """Nothing is told, and what is wrong is said."""
        done = self.run(*self.image_args(image, "--no-cache", *args), environment=environment)
        assert (done.returncode, done.stdout) == (2, ""), (image, done.returncode, done.stdout[:300], done.stderr)
        for text in says:
            assert text in done.stderr, (text, done.stderr)

    def same(self, report):
        assert unnamed(report) == unnamed(self.expected)
        for key in ("packages", "problems"):
            assert report[key] == self.expected[key], key
        assert report["target"]["system"] == self.expected["target"]["system"]
        layers = [report["target"]["image"]["layers"] for report in (report, self.expected)]
        assert layers[0] == layers[1], layers

    def ca(self):
        return ("--registry-ca", "ca.pem")

    def proxied(self, harm):
        proxy = Proxy(self.plain, harm)
        return proxy, f"{proxy.host}/shop/web:1.2", ("--insecure-registry", proxy.host)

    def stop(self):
        for registry in self.registries.values():
            registry.stop()


def every_packing_says_the_same(bench):
    for packing in ("plain", "gzip", "members", "zstd", "chunked"):
        bench.pusher.image("packings", packing, bench.image, packing)
        bench.same(bench.scan(f"{bench.open.host}/packings:{packing}", *bench.ca()))


def references_name_the_image(bench):
    digest = bench.pushed["digest"]
    bench.pusher.image("shop/web", "latest", bench.image)
    for rest in (":1.2", "", f"@{digest}", f":gone@{digest}"):
        report = bench.scan(f"{bench.open.host}/shop/web{rest}", *bench.ca())
        bench.same(report)
        assert report["target"]["image"]["digest"] == digest
        tag = rest or ":latest"
        assert report["target"]["image"]["names"] == [f"{bench.open.host}/shop/web{tag}"]
    done = bench.run(*bench.image_args(f"{bench.open.host}/shop/web:1.2", *bench.ca()))
    assert f"note: asking {bench.open.host} for {bench.open.host}/shop/web:1.2" in done.stderr, done.stderr
    bench.fails(f"{bench.open.host}/shop/web@sha256:{'0' * 64}", *bench.ca(), says=["not found"])


def platforms_are_chosen_from_an_index(bench):
    push = bench.pusher
    manifests = []
    for architecture in ("arm64", "amd64", "s390x"):
        image = Image({f"{architecture}/package-lock.json": LOCK}, architecture=architecture)
        manifest = push.image("shop/many", architecture, image)
        manifests.append({**manifest, "platform": {"os": "linux", "architecture": architecture}})
    attestation = {**manifests[0], "platform": {"os": "unknown", "architecture": "unknown"}, "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    push.manifest("shop/many", "1", {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [*manifests, attestation]})
    image = f"{bench.open.host}/shop/many:1"
    for architecture in ("arm64", "s390x"):
        done = bench.run(*bench.image_args(image, "--no-cache", "--platform", f"linux/{architecture}", *bench.ca()))
        report = json.loads(done.stdout)
        assert report["target"]["image"]["platform"] == f"linux/{architecture}"
        assert report["packages"][0]["path"] == f"{architecture}/package-lock.json"
    bench.fails(image, "--platform", "linux/riscv64", *bench.ca(), says=["no image for linux/riscv64; there are linux/arm64, linux/amd64, linux/s390x"])


def logins_are_those_of_other_tools(bench):
    home = bench.folder / "home"
    for registry in (bench.basic, bench.token):
        image, host = f"{registry.host}/shop/web:1.2", registry.host
        bench.fails(image, *bench.ca(), says=["not allowed (401", f"there is no login for {host}"])
        good = {"auths": {host: {"auth": login()}}}
        bad = {"auths": {host: {"auth": login(password="other")}}}
        places = [
            (home / ".docker/config.json", {}),
            (home / "docker/config.json", {"DOCKER_CONFIG": str(home / "docker")}),
            (home / ".config/containers/auth.json", {}),
            (home / "run/containers/auth.json", {"XDG_RUNTIME_DIR": str(home / "run")}),
            (home / "named.json", {"REGISTRY_AUTH_FILE": str(home / "named.json")}),
        ]
        for path, environment in places:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(good))
            bench.same(bench.scan(image, *bench.ca(), environment=environment))
            path.write_text(json.dumps(bad))
            bench.fails(image, *bench.ca(), environment=environment, says=["not allowed (401", f"the login for {host} is refused"])
            path.unlink()
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pull"}, "type": "kubernetes.io/dockerconfigjson",
                  "stringData": {".dockerconfigjson": json.dumps(good)}}
        (bench.folder / "secret.yaml").write_text(json.dumps(secret))
        bench.same(bench.scan(image, *bench.ca(), "--registry-auth", "secret.yaml"))
    bench.pusher.image("public/web", "1", bench.image)
    bench.same(bench.scan(f"{bench.token.host}/public/web:1", *bench.ca()))


def helpers_are_programs(bench):
    folder = bench.folder / "bin"
    folder.mkdir()
    answers = {
        "good": """printf '{"ServerURL": "%s", "Username": "ann", "Secret": "pass:word"}' "$host" """,
        "identity": """printf '{"Username": "<token>", "Secret": "identity of ann"}'""",
        "none": "echo credentials not found in native keychain; exit 1",
        "broken": "echo the keyring is locked; exit 1",
    }
    for name, answer in answers.items():
        path = folder / f"docker-credential-{name}"
        path.write_text(f"#!/bin/sh\ntest \"$1\" = get || exit 3\nread host\ntest \"$host\" = \"$EXPECTED\" || exit 4\n{answer}\n")
        path.chmod(0o755)
    host = bench.token.host
    image = f"{host}/shop/web:1.2"
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "EXPECTED": host}

    def config(**content):
        (bench.folder / "config.json").write_text(json.dumps(content))
        return (*bench.ca(), "--registry-auth", "config.json")

    for content in ({"credsStore": "good"}, {"credsStore": "identity"}, {"credHelpers": {host: "good"}, "credsStore": "broken"}):
        bench.same(bench.scan(image, *config(**content), environment=environment))
    bench.same(bench.scan(image, *config(credsStore="none", auths={host: {"auth": login()}}), environment=environment))
    bench.fails(image, *config(credsStore="none"), environment=environment, says=["there is no login"])
    bench.fails(image, *config(credsStore="broken"), environment=environment, says=["docker-credential-broken failed: the keyring is locked"])
    bench.fails(image, *config(credsStore="absent"), environment=environment, says=["docker-credential-absent is not there"])


def nothing_goes_unprotected_unless_asked(bench):
    image = f"{bench.open.host}/shop/web:1.2"
    bench.fails(image, says=["no secure connection", "--registry-ca FILE"])
    bench.same(bench.scan(image, environment={"SSL_CERT_FILE": str(bench.folder / "ca.pem")}))
    image = f"{bench.plain.host}/shop/web:1.2"
    bench.fails(image, says=["no secure connection", f"--insecure-registry {bench.plain.host}"])
    bench.same(bench.scan(image, "--insecure-registry", bench.plain.host))
    bench.fails(image, "--registry-ca", "a.db", says=["a.db has no certificate"])


def what_is_not_there_is_said(bench):
    host = bench.open.host
    bench.fails(f"{host}/shop/web:1.3", *bench.ca(), says=["the manifest of shop/web:1.3: not found", "there are the tags 1.2"])
    bench.fails(f"{host}/shop/none:1", *bench.ca(), says=["not found"])
    bench.fails("localhost:1/shop/web:1", says=["localhost:1: the manifest of shop/web:1: it cannot be reached"])
    bench.fails("Shop:1", says=["upper-case"])
    bench.fails("absent.tar", says=["there is no file or folder absent.tar"])
    config = bench.pusher.blob("charts/shop", b"{}")
    chart = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
             "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", **config}, "layers": []}
    bench.pusher.manifest("charts/shop", "1", chart)
    bench.fails(f"{host}/charts/shop:1", *bench.ca(), says=["an artifact of the kind application/vnd.cncf.helm.config.v1+json"])


def layers_that_nobody_keeps_are_said(bench):
    foreign = {"mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "digest": f"sha256:{'1' * 64}", "size": 9,
               "urls": ["https://example.com/layer"]}
    bench.pusher.image("windows", "1", bench.image, edit=lambda layers: [foreign, *layers[1:]])
    done = bench.run(*bench.image_args(f"{bench.open.host}/windows:1", "--no-cache", *bench.ca()))
    problems = [problem["message"] for problem in json.loads(done.stdout)["problems"]]
    assert done.returncode == 2 and "registries do not keep layers of its kind (foreign), so it was not scanned" in problems[0], problems


def cut_connections_go_on(bench):
    middle = bench.layer_size // 2
    is_layer = lambda path: path.endswith(bench.layer)
    proxy, image, insecure = bench.proxied(lambda path, before: Harm(cut=middle) if is_layer(path) and before == 0 else None)
    bench.same(bench.scan(image, *insecure))
    first, second = proxy.ranges(bench.layer)
    assert first is None and second.startswith("bytes=") and int(second[6:-1]) > 0, (first, second)
    proxy.stop()
    # Twice, and from the start for want of parts.
    proxy, image, insecure = bench.proxied(lambda path, before: Harm(cut=middle, no_parts=True) if is_layer(path) and before < 2 else Harm(no_parts=True))
    bench.same(bench.scan(image, *insecure))
    assert len(proxy.ranges(bench.layer)) == 3
    proxy.stop()
    proxy, image, insecure = bench.proxied(lambda path, _: Harm(cut=1000) if is_layer(path) else None)
    bench.fails(image, *insecure, says=[f"the blob {bench.layer}", "the connection was cut 5 times"])
    proxy.stop()
    # The manifest, too.
    proxy, image, insecure = bench.proxied(lambda path, before: Harm(cut=10) if "/manifests/" in path and before == 0 else None)
    bench.same(bench.scan(image, *insecure))
    proxy.stop()


def what_is_changed_on_the_way_is_not_believed(bench):
    for flip in (20, bench.layer_size // 2, bench.layer_size - 1):
        proxy, image, insecure = bench.proxied(lambda path, _: Harm(flip=flip) if path.endswith(bench.layer) else None)
        bench.fails(image, *insecure, says=[f"layer 1"])
        proxy.stop()
    config = json.load(bench.pusher.call("GET", "/v2/shop/web/manifests/1.2"))["config"]["digest"]
    proxy, image, insecure = bench.proxied(lambda path, _: Harm(flip=9) if path.endswith(config) else None)
    bench.fails(image, *insecure, says=[f"{config}: its content has another digest"])
    proxy.stop()
    proxy, _, insecure = bench.proxied(lambda path, _: Harm(flip=9) if "/manifests/" in path else None)
    bench.fails(f"{proxy.host}/shop/web@{bench.pushed['digest']}", *insecure, says=["its content has another digest"])
    proxy.stop()


def what_is_too_short_is_not_believed(bench):
    half = bench.layer_size // 2
    proxy, image, insecure = bench.proxied(lambda path, _: Harm(stop=half) if path.endswith(bench.layer) else None)
    bench.fails(image, *insecure, says=[f"it has {half} bytes, not {bench.layer_size}"])
    assert len(proxy.ranges(bench.layer)) == 1
    proxy.stop()


def busy_registries_are_asked_again(bench):
    for status, headers in ((429, {"Retry-After": "1"}), (500, {}), (503, {})):
        proxy, image, insecure = bench.proxied(lambda _, before: Harm(status, headers) if before == 0 else None)
        started = time.monotonic()
        bench.same(bench.scan(image, *insecure))
        assert status != 429 or time.monotonic() - started >= 1
        proxy.stop()
    proxy, image, insecure = bench.proxied(lambda path, _: Harm(503) if path.endswith(bench.layer) else None)
    bench.fails(image, *insecure, says=[f"the blob {bench.layer}: it answered 503, 5 times"])
    proxy.stop()
    proxy, image, insecure = bench.proxied(lambda *_: Harm(429, {"Retry-After": "7200"}))
    bench.fails(image, *insecure, says=["it asks to come back after 7200 s", "logged in"])
    proxy.stop()


def slow_registries_are_waited_for(bench):
    proxy, image, insecure = bench.proxied(lambda path, _: Harm(pause=0.005))
    bench.same(bench.scan(image, *insecure))
    proxy.stop()


def kept_layers_are_not_asked_for(bench):
    proxy, image, insecure = bench.proxied(lambda *_: None)
    environment = {"XDG_CACHE_HOME": str(bench.folder / "cache")}
    for expected in (1, 1):
        bench.same(bench.scan(image, *insecure, environment=environment, cache=True))
        assert len(proxy.ranges(bench.layer)) == expected
    proxy.stop()


def engines_of_this_machine_are_asked(bench):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            asked.append(self.path)
            is_there = self.path == "/images/shop/web:1.2/get"
            body = (bench.folder / "image.tar").read_bytes() if is_there else b'{"message": "no such image"}'
            self.send_response(200 if is_there else 404)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(body), 50_000):
                piece = body[start:start + 50_000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

    class Engine(socketserver.ThreadingUnixStreamServer):
        def get_request(self):
            # The handler wants an address with a host.
            return super().get_request()[0], ("engine", 0)

    path = bench.folder / "engine.sock"
    server = Engine(str(path), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for engine, variable in (("docker", "DOCKER_HOST"), ("podman", "CONTAINER_HOST")):
        environment = {variable: f"unix://{path}"}
        bench.same(bench.scan("shop/web:1.2", "--from", engine, environment=environment))
        bench.fails("shop/none:1", "--from", engine, environment=environment, says=["has no image shop/none:1", "docker pull shop/none:1"])
        bench.fails("shop/web:1.2", "--from", engine, environment={variable: "unix:///none.sock"}, says=["no engine answers at /none.sock"])
    server.shutdown()
    # What a registry keeps of blobs, as containerd keeps it.
    store = bench.folder / "store/blobs/sha256"
    store.mkdir(parents=True)
    for data in (bench.folder / "content/docker/registry/v2/blobs/sha256").glob("*/*/data"):
        shutil.copy(data, store / data.parent.name)
    environment = {"CONTAINERD_CONTENT": str(bench.folder / "store")}
    image = f"localhost/shop/web@{bench.pushed['digest']}"
    bench.same(bench.scan(image, "--from", "containerd", environment=environment))
    bench.fails("shop/web:1.2", "--from", "containerd", environment=environment, says=["shop/web:1.2 has no digest"])
    (store / bench.layer.removeprefix("sha256:")).unlink()
    bench.fails(image, "--from", "containerd", environment=environment, says=["layer 1"])


def unnamed(report):
    """Findings without the name of the image, which those about how it is built carry, and what is made of it."""
    findings = json.loads(json.dumps(report["findings"]))
    for finding in findings:
        if finding["kind"] == "control":
            del finding["resource"]["name"], finding["fingerprint"]
    return findings


def peak(process):
    """The most memory that a process has had, in MiB. (What `getrusage` says begins with what its parent had.)"""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0


def large_images_need_little_memory(bench):
    noise = random.Random(2).randbytes(1 << 20)
    size = 100 << 20
    image = Image({f"data/{number}": noise for number in range(size >> 20)}, {"app/package-lock.json": LOCK})
    bench.pusher.image("large", "1", image)
    image = f"{bench.plain.host}/large:1"
    started = time.monotonic()
    args = bench.image_args(image, "--no-cache", "--insecure-registry", bench.plain.host)
    running = subprocess.Popen([bench.seawall, *args], cwd=bench.folder, env={"HOME": str(bench.folder)}, stdout=subprocess.DEVNULL)
    most = 0
    while running.poll() is None:
        most = max(most, peak(running.pid))
        time.sleep(0.01)
    assert running.returncode in (0, 1)
    print(f"  {size / 1e6 / (time.monotonic() - started):.0f} MB/s of unpacked layer, at most {most:.0f} MiB")
    assert most < 150


TESTS = [
    large_images_need_little_memory,
    every_packing_says_the_same,
    references_name_the_image,
    platforms_are_chosen_from_an_index,
    logins_are_those_of_other_tools,
    helpers_are_programs,
    nothing_goes_unprotected_unless_asked,
    what_is_not_there_is_said,
    layers_that_nobody_keeps_are_said,
    cut_connections_go_on,
    what_is_changed_on_the_way_is_not_believed,
    what_is_too_short_is_not_believed,
    busy_registries_are_asked_again,
    slow_registries_are_waited_for,
    kept_layers_are_not_asked_for,
    engines_of_this_machine_are_asked,
]


def main():
    seawall, binary = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    chosen = sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(seawall, binary, pathlib.Path(folder))
        try:
            for test in TESTS:
                if not chosen or test.__name__ in chosen:
                    started = time.monotonic()
                    test(bench)
                    print(f"{test.__name__} ({time.monotonic() - started:.1f}s)", flush=True)
        finally:
            bench.stop()


main()
