"""A small web on loopback, answering by host and path, and what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={};</script></body></html>"


class Asked(NamedTuple):
    """One request as the server saw it; `at` is when, in seconds of a clock that only goes forward."""

    host: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""
    at: float = 0.0


class Answer(NamedTuple):
    """What a host answers."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 — nobody writes to it


Site = Callable[[Asked], Answer]


class Web:
    """The hosts, by name; `asked` is everything that was requested but robots.txt."""

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {}
        self.robots: dict[str, bytes] = {}
        self.asked: list[Asked] = []
        self.gateway = ""

    def serve(self, host: str, answer: Answer | Site) -> None:
        """Let `host` give `answer`, or what a call makes of the request."""
        self.sites[host] = answer if not isinstance(answer, Answer) else lambda _asked: answer

    def of(self, host: str) -> list[Asked]:
        """Return what `host` was asked."""
        return [each for each in self.asked if each.host == host]

    def answer(self, asked: Asked) -> Answer:
        """Answer one request; 304 where the reader has the page already."""
        if asked.path == "/robots.txt":
            return Answer(self.robots.get(asked.host, b"User-agent: *\nAllow: /\n"), "text/plain")
        self.asked.append(asked)
        site = self.sites.get(asked.host)
        found = site(asked) if site else Answer(b"nothing here", "text/plain", 404)
        if found.status == 200 and found.headers.get("ETag") and found.headers["ETag"] == asked.headers.get("if-none-match"):
            return Answer(b"", found.kind, 304, found.headers)
        return found


@contextmanager
def loopback() -> Iterator[Web]:
    """Run the small web; its address is `web.gateway`."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            at = time.monotonic()
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            answer = web.answer(Asked(headers["host"], parts.path, parse_qs(parts.query), headers, self.command, body, at))
            try:
                self.send_response_only(answer.status)
                for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 — the name that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the signature of http.server
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    web.gateway = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def rss(*titles: str, day: str = "Mon, 02 Nov 2026 06:00:00 GMT", site: str = "https://press.example", text: str = "A story about Acme.") -> bytes:
    """Return a feed with one entry a title."""
    items = "".join(f"<item><title>{title}</title><link>{site}/{n}</link><guid>{site}/{n}</guid><pubDate>{day}</pubDate><description>{text}</description></item>"
                    for n, title in enumerate(titles, 1))  # fmt: skip
    return f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Press</title><link>{site}</link><language>en</language>{items}</channel></rss>".encode()


def ld_page(*things: Any, before: str = "") -> bytes:
    """Return a page with a JSON-LD block a thing."""
    blocks = "".join(f"<script type='application/ld+json'>{json.dumps(thing)}</script>" for thing in things)
    return f"<!DOCTYPE html><html><head><title>A page</title>{before}{blocks}</head><body><h1>Acme</h1></body></html>".encode()


def rated(*reviews: dict[str, Any], name: str = "Acme", rating: Any = "3.9", count: Any = "12", kind: str = "EmployerAggregateRating") -> dict[str, Any]:
    """Return an organisation with a rating and reviews of employees; `kind="AggregateRating"` makes them customers'."""
    return {"@context": "https://schema.org", "@type": "Organization", "name": name, "review": list(reviews),
            "aggregateRating": {"@type": kind, "ratingValue": rating, "reviewCount": count}}  # fmt: skip


def ld_review(number: int = 1, stars: Any = 4, body: str = "The colleagues are kind and the work is good.", **more: Any) -> dict[str, Any]:
    """Return one review of schema.org."""
    return {"@type": "Review", "@id": f"https://ratings.example/r{number}", "datePublished": "2026-11-02", "reviewBody": body,
            "reviewRating": {"@type": "Rating", "ratingValue": stars}} | more  # fmt: skip


def hit(number: int, at: int, **more: Any) -> dict[str, Any]:
    """Return one comment of a Hacker News answer."""
    return {"objectID": str(number), "created_at_i": at, "author": f"invented{number % 7}", "comment_text": f"<p>Acme comment number {number} is here.</p>",
            "story_title": "Ask: who hires?", "_highlightResult": {}} | more  # fmt: skip


def hn_answer(hits: list[dict[str, Any]]) -> bytes:
    """Return a search answer."""
    return json.dumps({"hits": hits, "nbHits": len(hits), "page": 0, "nbPages": 1, "hitsPerPage": 1000}).encode()


def hn_search(every: list[dict[str, Any]]) -> Site:
    """Answer searches as Algolia does: newest first within the window, a thousand hits at most."""

    def site(asked: Asked) -> Answer:
        low, high = (int(part.partition("=")[2]) for part in asked.query["numericFilters"][0].split(","))
        found = sorted((each for each in every if low <= each["created_at_i"] <= high), key=lambda each: -each["created_at_i"])
        return Answer(hn_answer(found[:1000]), "application/json")

    return site
