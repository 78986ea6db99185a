"""A real HTTP server on loopback whose answers a test scripts, and a raw one for answers no HTTP library would send."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

#: What a route gives: status, headers, body.
Answer = tuple[int, dict[str, str], bytes]


class Site:
    """A site: routes by path, and what was asked of it (method, path, headers, body, time)."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.port = server.server_address[1]
        self.base = f"{scheme}://127.0.0.1:{self.port}"
        self.routes: dict[str, Any] = {"/robots.txt": (404, {}, b"")}
        self.seen: list[tuple[str, str, dict[str, str], bytes, float]] = []

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.base + path

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [path for _method, path, *_rest in self.seen]

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer from the routes: a fixed answer, a list to be used up, or a function of the headers."""
        route = self.routes.get(
            path, self.routes.get(path.split("?", maxsplit=1)[0], (404, {}, b"no such page"))
        )
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        return route(headers) if callable(route) else route


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # 40 ms for each answer otherwise
    site: Site

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.seen.append((self.command, self.path, headers, body, time.monotonic()))
        status, extra, payload = self.site.answer(self.path, headers)
        self.send_response(status)
        for name, value in extra.items():
            for line in value.split("\n"):
                self.send_header(name, line)
        if status != 304 and "transfer-encoding" not in extra:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(payload)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *args: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients of these tests hang up on purpose


@contextmanager
def serve(certificate: Path | None = None) -> Iterator[Site]:
    """Run a site, over TLS with the certificate given."""
    handler = type("Handler", (_Handler,), {})
    server = _Quiet(("127.0.0.1", 0), handler)
    site = Site(server, "https" if certificate else "http")
    handler.site = site  # type: ignore[attr-defined]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def raw(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run `talk` with each connection, and give the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            talk(connection)

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def drip(connection: socket.socket, head: bytes, *, seconds: float = 5) -> None:
    """Send the head, then a byte now and again."""
    connection.sendall(head)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection.sendall(b"x")
        time.sleep(0.05)
