"""The registry, its office of tokens, and images that are pushed to it."""

import base64
import gzip
import hashlib
import io
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tarfile
import time
import urllib.error
import urllib.request

PATIENCE = 20
USER, PASSWORD = "ann", "pass:word"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, f"nobody listens on {port}"
            time.sleep(0.05)


class Registry:
    """One server on the shared content: kind is open, plain, basic or token."""

    def __init__(self, binary, folder, kind):
        self.port = free_port()
        self.kind = kind
        self.host = f"localhost:{self.port}"
        self.scheme = "http" if kind == "plain" else "https"
        config = {
            "version": 0.1,
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(folder / "content")}},
            "http": {"addr": f"127.0.0.1:{self.port}"},
            # Layers of Windows that nobody keeps.
            "validation": {"manifests": {"urls": {"allow": ["^https://"]}}},
        }
        if kind != "plain":
            config["http"]["tls"] = {"certificate": str(folder / "server.pem"), "key": str(folder / "server.key")}
        if kind == "basic":
            config["auth"] = {"htpasswd": {"realm": "tests", "path": str(folder / "htpasswd")}}
        self.processes = []
        log = open(folder / f"{kind}.log", "wb")
        if kind == "token":
            office = free_port()
            config["auth"] = {"token": {
                "realm": f"https://localhost:{office}/token", "service": "tests", "issuer": "tests",
                "rootcertbundle": str(folder / "ca.pem"),
            }}
            self.processes.append(subprocess.Popen([binary, "tokens", f"127.0.0.1:{office}", str(folder)], stdout=log, stderr=log))
            wait_for(office)
        path = folder / f"{kind}.yml"
        path.write_text(json.dumps(config))
        environment = {**os.environ, "OTEL_TRACES_EXPORTER": "none"}
        self.processes.append(subprocess.Popen([binary, "serve", str(path)], stdout=log, stderr=log, env=environment))
        wait_for(self.port)

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()


class Pusher:
    """Puts content into an open registry."""

    def __init__(self, registry, folder):
        self.base = f"{registry.scheme}://{registry.host}"
        self.context = ssl.create_default_context(cafile=str(folder / "ca.pem"))

    def call(self, method, url, body=None, kind="application/octet-stream"):
        url = url if url.startswith("http") else self.base + url
        request = urllib.request.Request(url, body, {"Content-Type": kind, "Accept": "application/vnd.oci.image.manifest.v1+json"}, method=method)
        return urllib.request.urlopen(request, context=self.context)

    def blob(self, name, content):
        """Pushes bytes, or a file, and gives the descriptor."""
        is_file = isinstance(content, pathlib.Path)
        size = content.stat().st_size if is_file else len(content)
        with (content.open("rb") if is_file else io.BytesIO(content)) as stream:
            digest = "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
        place = self.call("POST", f"/v2/{name}/blobs/uploads/").headers["Location"]
        sign = "&" if "?" in place else "?"
        with (content.open("rb") if is_file else io.BytesIO(content)) as stream:
            request = urllib.request.Request(
                f"{place}{sign}digest={digest}", stream, {"Content-Type": "application/octet-stream", "Content-Length": str(size)}, method="PUT")
            urllib.request.urlopen(request, context=self.context)
        return {"digest": digest, "size": size}

    def manifest(self, name, tag, manifest):
        content = json.dumps(manifest).encode()
        self.call("PUT", f"/v2/{name}/manifests/{tag}", content, manifest["mediaType"])
        return {"mediaType": manifest["mediaType"], "digest": "sha256:" + hashlib.sha256(content).hexdigest(), "size": len(content)}

    def image(self, name, tag, image, packing="gzip", edit=lambda layers: layers):
        """Pushes an image, and gives the descriptor of its manifest."""
        layers = []
        for layer in image.layers:
            packed, kind = pack(layer, packing)
            layers.append({"mediaType": kind, **self.blob(name, packed)})
        config = {"mediaType": "application/vnd.oci.image.config.v1+json", **self.blob(name, image.config())}
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": edit(layers),
        }
        return self.manifest(name, tag, manifest)


def pack(layer, packing):
    kind = "application/vnd.oci.image.layer.v1.tar"
    if packing == "plain":
        return layer, kind
    if packing == "gzip":
        return gzip.compress(layer, 1, mtime=0), kind + "+gzip"
    if packing == "members":
        # As eStargz: many members, so that files can be had alone.
        parts = [layer[start:start + 1024] for start in range(0, len(layer), 1024)]
        return b"".join(gzip.compress(part, 1, mtime=0) for part in parts), kind + "+gzip"
    packed = subprocess.run(["zstd", "-q", "-c", "-1"], input=layer, capture_output=True, check=True).stdout
    if packing == "chunked":
        # As zstd:chunked: what is in it, in a frame that programs skip.
        packed += b"\x50\x2a\x4d\x18" + (8).to_bytes(4, "little") + b"manifest"
    return packed, kind + "+zstd"


class Image:
    """Layers of files by their paths."""

    def __init__(self, *layers, architecture="amd64"):
        self.layers = [tar(layer) for layer in layers]
        self.architecture = architecture

    def config(self):
        digests = ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in self.layers]
        return json.dumps({
            "os": "linux", "architecture": self.architecture, "rootfs": {"type": "layers", "diff_ids": digests},
            "history": [{"created_by": f"COPY {number}"} for number in range(len(digests))],
        }).encode()

    def archive(self, path):
        """Writes it as `docker save` did."""
        config = self.config()
        names = [f"{number}/layer.tar" for number in range(len(self.layers))]
        manifest = [{"Config": "config.json", "RepoTags": None, "Layers": names}]
        files = {"config.json": config, "manifest.json": json.dumps(manifest).encode(), **dict(zip(names, self.layers))}
        path.write_bytes(tar(files))


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            content = content if isinstance(content, bytes) else content.encode()
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def login(user=USER, password=PASSWORD):
    return base64.b64encode(f"{user}:{password}".encode()).decode()
