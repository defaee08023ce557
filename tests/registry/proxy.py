"""A proxy between a scanner and a registry, which does harm."""

import http.client
import http.server
import threading
import time


class Proxy:
    """`harm(path, before, headers)` says what befalls a request, which is the `before`th of its path: see `Harm`."""

    def __init__(self, registry, harm):
        self.asked = []
        self.harm = harm
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.do_GET()

            def do_GET(self):
                with outer.lock:
                    before = sum(1 for path, _ in outer.asked if path == self.path)
                    outer.asked.append((self.path, self.headers.get("Range")))
                harm = outer.harm(self.path, before) or Harm()
                if harm.status:
                    self.send_response(harm.status)
                    for name, value in harm.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                headers = {name: value for name, value in self.headers.items() if name not in ("Host", "Connection")}
                if harm.no_parts:
                    headers = {name: value for name, value in headers.items() if name.lower() != "range"}
                upstream = http.client.HTTPConnection("127.0.0.1", registry.port)
                upstream.request(self.command, self.path, headers=headers)
                answer = upstream.getresponse()
                length = int(answer.headers["Content-Length"])
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name == "Content-Length" and harm.stop:
                        value = str(min(length, harm.stop))
                    if name not in ("Connection", "Date"):
                        self.send_header(name, value)
                self.end_headers()
                self.copy(answer, harm)

            def copy(self, answer, harm):
                sent = 0
                while piece := answer.read(1024 if harm.pause else 1 << 16):
                    if harm.flip is not None and sent <= harm.flip < sent + len(piece):
                        piece = bytearray(piece)
                        piece[harm.flip - sent] ^= 1
                    for end in (harm.cut, harm.stop):
                        if end is not None and sent + len(piece) >= end:
                            self.wfile.write(piece[:end - sent])
                            self.wfile.flush()
                            if harm.cut is not None:
                                # Whoever listens sees the connection end.
                                self.close_connection = True
                                self.connection.shutdown(2)
                            return
                    self.wfile.write(piece)
                    sent += len(piece)
                    time.sleep(harm.pause)

        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.host = f"localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ranges(self, digest):
        return [part for path, part in self.asked if path.endswith(digest)]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Harm:
    """An answer of its own (status, headers), or what befalls the body: cut after bytes, another bit at a place, a length that is
    less and told so (stop), pauses, and ranges that are ignored."""

    def __init__(self, status=0, headers=None, cut=None, flip=None, stop=None, pause=0, no_parts=False):
        self.status, self.headers = status, headers or {}
        self.cut, self.flip, self.stop, self.pause, self.no_parts = cut, flip, stop, pause, no_parts
