"""The client against a real server."""

from __future__ import annotations

import email.utils
import gzip
import socket
import time
import zlib

import pytest
from tests.web.server import drip, raw, serve

from repwatch.errors import CredentialError, SettingsError
from repwatch.models import Page, Refused, Request
from repwatch.web.redact import public_address

HTML = b"<!doctype html><html><title>Reviews</title><p>fine</p></html>"


def get(url, **more):
    return Request(url=url, **more)


class Keys:
    """A keychain that holds one thing under every name, or refuses."""

    def __init__(self, held, *, renewed=False, addresses=()):
        self.held, self.renewed, self.addresses = held, renewed, dict(addresses)

    def headers(self, name, request):
        if isinstance(self.held, Exception):
            raise self.held
        return self.held

    def renew(self, name, page):
        again, self.renewed = self.renewed, False
        return again

    def address(self, url):
        return self.addresses.get(url, url)


class Remembered(dict):
    """Validators as a store would give them."""


def test_page_is_whole_and_plain(site, make):
    """A 200 gives bytes, lower-case headers, the instant, and no cookie."""
    site.routes["/a"] = (200, {"Content-Type": "text/html", "Set-Cookie": "a=1", "ETag": '"x"'}, HTML)
    page = make(clock=lambda: 1_700_000_000.4).fetch(get(site.url("/a")))
    assert isinstance(page, Page)
    assert (page.url, page.status, page.body, page.unchanged) == (site.url("/a"), 200, HTML, False)
    assert page.fetched_at == "2023-11-14T22:13:20Z"
    assert page.headers["etag"] == '"x"'
    assert "set-cookie" not in page.headers
    assert "content-length" not in page.headers


def test_agent_is_honest_and_fixed(site, make):
    """The User-Agent names program, version and contact; a request cannot change it."""
    site.routes["/a"] = (200, {}, b"ok")
    make(contact="mailto:zoë@acme.example\r\nX: y").fetch(
        get(site.url("/a"), headers={"User-Agent": "Mozilla/5.0", "X-One": "1"})
    )
    headers = site.seen[-1][2]
    assert headers["user-agent"] == "repwatch/1.2 (+mailto:zo?@acme.example  X: y)"
    assert headers["x-one"] == "1"
    make().fetch(get(site.url("/a")))
    assert site.seen[-1][2]["user-agent"] == "repwatch/1.2"


def test_cookies_are_not_sent_back(site, make):
    """A cookie set by one answer is not in the next request."""
    site.routes["/a"] = (200, {"Set-Cookie": "a=1; Path=/"}, b"ok")
    client = make()
    client.fetch(get(site.url("/a")))
    client.fetch(get(site.url("/a")))
    assert "cookie" not in site.seen[-1][2]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]) + b"\0\0"),
        ("identity", bytes),
    ],
)
def test_bodies_are_decoded(site, make, encoding, pack):
    """Gzip (of several members too), deflate with and without its header."""
    site.routes["/a"] = (200, {"Content-Encoding": encoding}, pack(HTML))
    page = make().fetch(get(site.url("/a")))
    assert page.body == HTML
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(HTML, mtime=0)[:-12]),
        ("gzip", b"not zipped at all"),
        ("br", b"?"),
        ("deflate", zlib.compress(HTML)[:-9]),
    ],
)
def test_broken_bodies_are_refused(site, make, encoding, body):
    """A body that ends early or is not what it says is no page."""
    site.routes["/a"] = (200, {"Content-Encoding": encoding}, body)
    assert make().fetch(get(site.url("/a"))).reason == "network"


def test_empty_compressed_body(site, make):
    """No bytes at all are an empty body, whatever the encoding says."""
    site.routes["/a"] = (200, {"Content-Encoding": "gzip"}, b"")
    assert make().fetch(get(site.url("/a"))).body == b""


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"x" * 100_001),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000)),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"0" * 100_001)),
    ],
)
def test_too_large(site, make, headers, body):
    """The limit holds for what arrives and for what it unpacks to."""
    site.routes["/a"] = (200, headers, body)
    assert make().fetch(get(site.url("/a"))).reason == "too_large"
    assert site.paths().count("/a") == 1


def test_too_large_without_length(make):
    """A body without a length is cut off at the limit."""

    def talk(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x" * 10_000)

    with raw(talk) as base:
        assert make().fetch(get(base + "/a", api=True)).reason == "too_large"


def test_unchanged_page(site, make):
    """A 304 to our validators is a page marked unchanged; both validators are sent."""
    site.routes["/a"] = lambda headers: (
        (304, {"ETag": '"x"'}, b"") if headers.get("if-none-match") == '"x"' else (200, {}, b"new")
    )
    known = Remembered({site.url("/a"): ('"x"', "Sat, 01 Jan 2022 00:00:00 GMT")})
    page = make(validators=known).fetch(get(site.url("/a")))
    assert (page.status, page.unchanged, page.body) == (304, True, b"")
    assert site.seen[-1][2]["if-modified-since"] == "Sat, 01 Jan 2022 00:00:00 GMT"
    assert "if-none-match" not in site.seen[0][2]  # robots.txt
    assert make(validators=Remembered()).fetch(get(site.url("/a"))).body == b"new"
    posted = make(validators=known).fetch(get(site.url("/a"), method="POST", body=b"q"))
    assert posted.body == b"new"
    assert site.seen[-1][:2] == ("POST", "/a")
    assert site.seen[-1][3] == b"q"


def test_unasked_304_is_a_fault(site, make):
    """A 304 nobody asked for has no body to stand for."""
    site.routes["/a"] = (304, {}, b"")
    assert make().fetch(get(site.url("/a"))).reason == "server_error"


# Redirects


def test_redirects_are_followed(site, make):
    """The page carries the address it came from in the end."""
    site.routes |= {
        "/a": (302, {"Location": "b?x=1"}, b""),
        "/b": (301, {"Location": "/c"}, b""),
        "/c": (200, {}, b"ok"),
    }
    page = make().fetch(get(site.url("/a")))
    assert (page.url, page.body) == (site.url("/c"), b"ok")


@pytest.mark.parametrize("target", ["/a", "ftp://example.org/x", "http://[bad"])
def test_bad_redirects(site, make, target):
    """Circles and redirects out of the web are refused."""
    site.routes["/a"] = (302, {"Location": target}, b"")
    assert make(max_redirects=3).fetch(get(site.url("/a"))).reason == "redirects"


def test_redirect_to_other_host_asks_its_robots(site, other, make):
    """The other host's robots.txt counts, for a documented interface too, and secrets stay behind."""
    site.routes["/a"] = (302, {"Location": other.url("/b")}, b"")
    other.routes |= {
        "/b": (200, {}, b"ok"),
        "/robots.txt": [(404, {}, b""), (200, {}, b"User-agent: *\nDisallow: /")],
    }
    request = get(site.url("/a"), api=True, auth="k", headers={"X-Api-Key": "hush", "X-Plain": "1"})
    secrets = {"Authorization": "Bearer hush", "?apikey": "hush"}
    assert make(keys=Keys(secrets)).fetch(request).body == b"ok"
    assert site.seen[0][1] == "/a?apikey=hush"
    assert site.seen[0][2]["authorization"] == "Bearer hush"
    assert other.seen[-1][1] == "/b"
    assert "hush" not in str(other.seen)
    assert other.seen[-1][2]["x-plain"] == "1"
    assert make(keys=Keys(secrets)).fetch(request).reason == "robots"


def test_redirected_post(site, other, make):
    """303 turns a POST into a GET; 307 keeps it on its host and never takes it to another."""
    site.routes |= {
        "/see": (303, {"Location": "/end"}, b""), "/keep": (307, {"Location": "/end"}, b""),
        "/away": (307, {"Location": other.url("/end")}, b""), "/end": (200, {}, b"ok"),
    }  # fmt: skip
    client = make()
    assert client.fetch(get(site.url("/see"), method="POST", body=b"q")).body == b"ok"
    assert (site.seen[-1][0], site.seen[-1][3]) == ("GET", b"")
    assert client.fetch(get(site.url("/keep"), method="POST", body=b"q")).body == b"ok"
    assert (site.seen[-1][0], site.seen[-1][3]) == ("POST", b"q")
    assert client.fetch(get(site.url("/away"), method="POST", body=b"q")).reason == "redirects"
    assert other.seen == []


# robots.txt


ROBOTS = b"User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\nCrawl-delay: 3\n"


def test_robots_rules(site, make):
    """Rules, wildcards and delay hold; the file is read once a run; an interface is exempt."""
    site.routes |= {"/robots.txt": (200, {"Content-Type": "text/plain"}, b"\xef\xbb\xbf" + ROBOTS)}
    for path in ("/ok", "/private/x", "/private/open", "/a/b.pdf", "/a/b.pdf?x"):
        site.routes[path] = (200, {}, b"ok")
    client = make()
    host = f"127.0.0.1:{site.port}"
    assert client.crawl_delay(host) == 0
    refused = client.fetch(get(site.url("/private/x")))
    assert (refused.reason, refused.detail) == ("robots", f"disallowed by {site.base}/robots.txt")
    assert client.fetch(get(site.url("/a/b.pdf"))).reason == "robots"
    assert [client.fetch(get(site.url(p))).body for p in ("/ok", "/private/open", "/a/b.pdf?x")] == [
        b"ok"
    ] * 3
    assert client.fetch(get(site.url("/private/x"), api=True)).body == b"ok"
    assert site.paths().count("/robots.txt") == 1
    assert client.crawl_delay(host) == 3


def test_robots_request_rate_and_own_name(site, make):
    """Our own group wins over the star's, and a request rate is a delay."""
    site.routes |= {
        "/robots.txt": (
            200,
            {},
            b"User-agent: *\nDisallow: /\n\nUser-agent: repwatch\nRequest-rate: 1/7\nDisallow:",
        ),
        "/a": (200, {}, b"ok"),
    }
    client = make()
    assert client.fetch(get(site.url("/a"))).body == b"ok"
    assert client.crawl_delay(f"127.0.0.1:{site.port}") == 7


@pytest.mark.parametrize("status", [404, 410])
def test_missing_robots_allows(site, make, status):
    """Without a robots.txt everything is allowed."""
    site.routes |= {"/robots.txt": (status, {"Content-Type": "text/html"}, HTML), "/a": (200, {}, b"ok")}
    assert make().fetch(get(site.url("/a"))).body == b"ok"


@pytest.mark.parametrize(
    ("answer", "reason", "why"),
    [
        ((500, {}, b""), "server_error", "status 500"), ((503, {}, b""), "server_error", "status 503"), ((403, {}, b""), "robots_unreadable", "status 403"),
        ((401, {}, b""), "robots_unreadable", "status 401"), ((429, {"Retry-After": "900"}, b""), "rate_limit", "status 429, asks to wait 900 s"),
        ((400, {}, b""), "robots_unreadable", "status 400"), ((200, {}, HTML), "robots_unreadable", "a web page stands there"),
        ((200, {}, b"<html><title>Just a moment...</title></html>"), "robots_unreadable", "<title>Just a moment...</title>"),
        ((302, {"Location": "/robots.txt"}, b""), "robots_unreadable", "more than 5 redirects"),
        ((200, {}, "User-agent: *\nDisallow: /\n".encode("utf-16")), "robots_unreadable", "it is not written in UTF-8"),
    ],
)  # fmt: skip
def test_unreadable_robots_forbids(site, make, answer, reason, why):
    """What cannot be read forbids, says why by the true cause, and is not asked for again."""
    site.routes |= {"/robots.txt": answer, "/a": (200, {}, b"ok")}
    client = make(longest_wait_s=0.01)
    refused = client.fetch(get(site.url("/a")))
    assert (refused.reason, refused.detail) == (reason, f"{site.base}/robots.txt could not be read, so nothing else was asked: {why}")
    asked = len(site.seen)
    assert client.fetch(get(site.url("/a"))).reason == reason
    assert len(site.seen) == asked
    assert "/a" not in site.paths()


def test_redirected_robots(site, other, make):
    """A robots.txt that lies elsewhere speaks for the host that pointed there."""
    site.routes |= {"/robots.txt": (301, {"Location": other.url("/r")}, b""), "/a": (200, {}, b"ok")}
    other.routes["/r"] = (200, {}, b"User-agent: *\nDisallow: /a")
    assert make().fetch(get(site.url("/a"))).reason == "robots"


def test_hanging_robots_is_asked_once(make):
    """A host whose robots.txt hangs does not hang every page."""
    with raw(lambda connection: time.sleep(1)) as base:
        client = make(total_s=0.2, read_s=0.2, retries=0)
        client._robots._asked[base] = time.monotonic() - 1
        refused = client.fetch(get(base + "/a"))
    assert refused == Refused(reason="timeout", detail=f"{base}/robots.txt could not be read, so nothing else was asked: no answer in time")


def test_a_host_that_cannot_be_reached(make):
    """Where not even robots.txt can be asked for, the refusal is what stands in the way: the connection, the certificate."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused = make().fetch(get(f"http://127.0.0.1:{port}/a"))
    assert refused.reason == "network"
    assert "robots.txt could not be read, so nothing else was asked: " in refused.detail
    with raw(lambda connection: connection.sendall(b"no TLS here\r\n")) as base:
        assert make().fetch(get(base.replace("http:", "https:") + "/a")).reason == "tls"
    with raw(lambda connection: time.sleep(1)) as base:
        assert make(total_s=0.2, read_s=0.2, retries=0).fetch(get(base + "/a")).reason == "timeout"


# Refusals by content


@pytest.mark.parametrize(
    ("answer", "expect", "reason"),
    [
        ((200, {}, HTML), "json", "html_not_json"),
        ((403, {}, b"<html>window._cf_chl_opt</html>"), "html", "challenge"),
        ((200, {}, b"<html><title>Just a moment...</title>"), "html", "challenge"),
        ((503, {"cf-mitigated": "challenge"}, b""), "any", "challenge"),
        ((202, {"x-amzn-waf-action": "challenge"}, b""), "any", "challenge"),
        ((404, {}, b""), "any", "not_found"),
        ((410, {}, b""), "any", "gone"),
        ((401, {}, b"{}"), "json", "login"),
        ((403, {}, b"{}"), "json", "blocked"),
        ((400, {}, b'{"error": "bad"}'), "json", "api_error"),
    ],
)
def test_refusals_are_named_and_not_retried(site, make, answer, expect, reason):
    """A refusal by the site is asked for once and has its name."""
    site.routes["/a"] = answer
    assert make().fetch(get(site.url("/a"), expect=expect)).reason == reason
    assert site.paths().count("/a") == 1


# Retries and waits


def test_faults_are_retried(site, make):
    """503 twice, then a page."""
    site.routes["/a"] = [(503, {}, HTML), (502, {}, HTML), (200, {}, b"{}")]
    assert make().fetch(get(site.url("/a"), expect="json", api=True)).body == b"{}"


def test_gateway_fault_on_json_is_a_fault(site, make):
    """HTML with a 502 is the gateway's word, not a page in the place of JSON."""
    site.routes["/a"] = (502, {}, HTML)
    assert make().fetch(get(site.url("/a"), expect="json", api=True)).reason == "server_error"
    assert len(site.seen) == 3


def test_500_is_retried_once(site, make):
    """A site's own fault gets one more chance only."""
    site.routes["/a"] = (500, {}, b"")
    assert make(retries=5).fetch(get(site.url("/a"), api=True)).reason == "server_error"
    assert len(site.seen) == 2


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry-After": "0"}, []),
        ({"Retry-After": "1"}, [1]),
        ({"Retry-After": email.utils.formatdate(1_700_000_002, usegmt=True)}, [2]),
        ({"Retry-After": email.utils.formatdate(1_600_000_000, usegmt=True)}, []),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "2"}, [2]),
        ({"x-ratelimit-reset": "2"}, [2]),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1700000001"}, [1]),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2023-11-14T22:13:21.5Z"}, [1.5]),
    ],
)
def test_asked_waits_are_slept(site, make, slept, headers, waits):
    """The site's own wait is slept, in each dialect, and then the page is asked for again."""
    site.routes["/a"] = [(429, headers, b""), (200, {}, b"ok")]
    client = make(sleep=slept, clock=lambda: 1_700_000_000.0)
    assert client.fetch(get(site.url("/a"), api=True)).body == b"ok"
    assert slept == pytest.approx(waits, abs=0.1)


def test_wait_is_really_slept(site, make):
    """The default sleep sleeps, and the wait does not eat the request's own time."""
    site.routes["/a"] = [(503, {"Retry-After": "2"}, b""), (200, {}, b"ok")]
    began = time.monotonic()
    assert make(total_s=1.8).fetch(get(site.url("/a"), api=True)).body == b"ok"
    assert time.monotonic() - began > 1.95


def test_long_waits_are_told_not_slept(site, make, slept):
    """A wait beyond the limit is a refusal that says how long; the host is left alone until then."""
    site.routes["/a"] = (503, {"Retry-After": "3600"}, b"")
    client = make(sleep=slept)
    refused = client.fetch(get(site.url("/a"), api=True))
    assert (refused.reason, refused.retry_after_s) == ("rate_limit", 3600)
    again = client.fetch(get(site.url("/b"), api=True))
    assert again.reason == "rate_limit"
    assert again.retry_after_s == pytest.approx(3600, abs=5)
    assert (len(site.seen), slept) == (1, [])


def test_unsaid_waits(site, make, slept):
    """A bare 429 waits for 5 s and longer, and only where that is allowed."""
    site.routes["/a"] = (429, {}, b"")
    assert make(sleep=slept, longest_wait_s=30).fetch(get(site.url("/a"), api=True)).reason == "rate_limit"
    assert slept == pytest.approx([5, 10], abs=0.2)
    assert len(site.seen) == 3
    assert make(longest_wait_s=1).fetch(get(site.url("/a"), api=True)).retry_after_s == 5
    assert len(site.seen) == 4


def test_used_up_quota_is_not_waited_for(site, make, slept):
    """A 429 while requests remain will not pass by waiting (X's monthly cap)."""
    site.routes["/a"] = (
        429,
        {"x-rate-limit-remaining": "449", "x-rate-limit-reset": "9999999999"},
        b'{"title": "UsageCapExceeded"}',
    )
    refused = make(sleep=slept).fetch(get(site.url("/a"), api=True))
    assert (refused.reason, refused.retry_after_s, len(site.seen)) == ("rate_limit", None, 1)


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        ((403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000500"}, b"{}"), 500),
        (
            (
                400,
                {},
                b'{"error_id": 502, "error_name": "throttle_violation", "error_message": "more requests available in 63 seconds"}',
            ),
            63,
        ),
        ((400, {}, b'{"error": "rate_limit_error"}'), 5),
    ],
)
def test_limits_under_other_statuses(site, make, answer, wait):
    """GitHub says 403, Stack Exchange and Lemmy 400; all mean: fewer requests."""
    site.routes["/a"] = answer
    refused = make(clock=lambda: 1_700_000_000.0).fetch(get(site.url("/a"), api=True))
    assert (refused.reason, refused.retry_after_s) == ("rate_limit", wait)


@pytest.mark.parametrize(
    ("headers", "body"),
    [({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, b"{}"), ({}, b'{"items": [], "backoff": 1}')],
)
def test_spent_limits_delay_the_next_request(site, make, slept, headers, body):
    """A good page whose limit is spent, or that says `backoff`, delays the host's next request."""
    site.routes["/a"] = (200, headers, body)
    client = make(sleep=slept)
    assert isinstance(client.fetch(get(site.url("/a"), api=True)), Page)
    assert slept == []
    assert isinstance(client.fetch(get(site.url("/a"), api=True)), Page)
    assert slept == pytest.approx([1], abs=0.1)


# Time


def test_silent_server_times_out_after_retries(make):
    """A server that says nothing is asked again while the time lasts."""
    asked = []
    with raw(lambda connection: (asked.append(1), time.sleep(1))) as base:
        assert make(read_s=0.15).fetch(get(base + "/a", api=True)).reason == "timeout"
    assert len(asked) == 3


def test_dripping_body_ends_with_the_budget(make):
    """Each byte is in time, the whole is not."""
    with raw(lambda c: drip(c, b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", seconds=20)) as base:
        began = time.monotonic()
        refused = make(total_s=0.4).fetch(get(base + "/a", api=True))
        assert (refused.reason, refused.detail) == ("timeout", "no whole answer within 0.4 s")
        assert time.monotonic() - began < 10


def test_promises_cover_each_step(site, make, slept):
    """Who waits hears the budget first and each pause before it is slept."""
    site.routes["/a"] = [(429, {"Retry-After": "2"}, b""), (200, {}, b"ok")]
    heard = []
    make(sleep=slept).fetch(get(site.url("/a"), api=True), heard.append)
    assert heard[0] == 0.8
    assert max(heard) == pytest.approx(2.8, abs=0.2)


# Failures of the wire


def test_cut_off_answers(make):
    """A connection that ends early is a network failure, tried again."""
    asked = []

    def talk(connection):
        asked.append(1)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")

    with raw(talk) as base:
        assert make().fetch(get(base + "/a", api=True)).reason == "network"
        assert len(asked) == 3
        assert make().fetch(get(base + "/a", api=True, method="POST", body=b"q")).reason == "network"
        assert len(asked) == 4


def test_closed_port(make):
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused = make().fetch(get(f"http://127.0.0.1:{port}/a", api=True))
    assert refused.reason == "network"
    assert f"127.0.0.1:{port}" in refused.detail


def test_unknown_name(make):
    """A name that cannot exist."""
    assert (
        make(retries=0, total_s=10, connect_s=10).fetch(get("http://nobody.invalid/a", api=True)).reason
        == "dns"
    )
    assert make(retries=0, total_s=10, connect_s=10).fetch(get("http://nobody.invalid/a")).reason == "dns"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/",
        "nonsense",
        "http://",
        "http://[bad",
        "http://a:99999/",
        f"http://{'a' * 70}.example\u2028/",
    ],
)
def test_addresses_out_of_the_web(make, url):
    """What is no address is said to be none."""
    assert make().fetch(get(url, api=True)).reason == "not_found"


def test_untrusted_certificate(certificate, make):
    """A self-signed certificate ends it, without a second try."""
    with serve(certificate) as site:
        refused = make().fetch(get(site.url("/a"), api=True))
    assert refused.reason == "tls"


def test_downgrade_is_refused(certificate, site, make, monkeypatch):
    """From https nothing leads back to http; with a trusted certificate all else works."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serve(certificate) as safe:
        safe.routes |= {"/down": (302, {"Location": site.url("/a")}, b""), "/ok": (200, {}, b"ok")}
        client = make()
        assert client.fetch(get(safe.url("/ok"))).body == b"ok"
        refused = client.fetch(get(safe.url("/down")))
        client.close()
    assert refused.reason == "redirects"
    assert site.seen == []


# Gateway, credentials, end


def test_gateway_keeps_host(site, make):
    """Every host, its robots.txt too, goes to the gateway; the page keeps its address."""
    site.routes |= {
        "/a": (302, {"Location": "https://other.example:8443/b?q=%20"}, b""),
        "/b": (200, {}, b"ok"),
    }
    page = make(gateway=site.base).fetch(get("https://user:pw@www.example.com/a?x=1"))
    assert (page.url, page.body) == ("https://other.example:8443/b?q=%20", b"ok")
    asked = [(path, h["host"], h["x-forwarded-proto"]) for _m, path, h, *_rest in site.seen]
    assert asked == [
        ("/robots.txt", "www.example.com", "https"), ("/a?x=1", "www.example.com", "https"),
        ("/robots.txt", "other.example:8443", "https"), ("/b?q=%20", "other.example:8443", "https"),
    ]  # fmt: skip
    assert "authorization" not in str(site.seen)


def test_gateway_is_on_this_machine(make):
    """Keys never travel unprotected to another machine."""
    with pytest.raises(SettingsError, match="this machine"):
        make(gateway="http://10.0.0.1:80")


def test_credentials_come_by_name(site, make):
    """A named credential becomes headers; without one the request is not sent."""
    site.routes["/a"] = (200, {}, b"ok")
    request = get(site.url("/a"), api=True, auth="mastodon")
    assert make().fetch(request).reason == "no_credential"
    assert make(keys=Keys(CredentialError("not set", where="mastodon", reason="no_credential"))).fetch(request).detail == "mastodon: not set"
    assert site.seen == []
    page = make(keys=Keys({"Authorization": "Bearer mastodon", "?key": "hush"})).fetch(request)
    assert page.url == site.url("/a")
    assert site.seen[-1][1:2] == ("/a?key=hush",)
    assert site.seen[-1][2]["authorization"] == "Bearer mastodon"


def test_ended_token_is_asked_for_once_more(site, make):
    """Where a new token can be had after a 401 the request is sent again, once; else the refusal stands, in the site's words."""
    site.routes["/a"] = [(401, {}, b'{"error": "ended"}'), (200, {}, b"{}")]
    assert make(keys=Keys({"authorization": "Bearer hush-hush"}, renewed=True)).fetch(get(site.url("/a"), api=True, auth="k")).status == 200
    site.routes["/a"] = (401, {}, b'{"error": "ended"}')
    page = make(keys=Keys({"authorization": "Bearer hush-hush"}, renewed=True)).fetch(get(site.url("/a"), api=True, auth="k"))
    assert (page.status, page.body, len(site.seen)) == (401, b'{"error": "ended"}', 4)


def test_what_a_site_repeats_is_taken_out(site, make):
    """A token that stands in the answer, its headers or its address, in any writing, never reaches a page."""
    hush = "hush/hush+hush"
    body = b'{"you sent": "hush/hush+hush", "or": "hush\\/hush+hush", "or that": "hush%2Fhush%2Bhush"}'
    site.routes |= {"/a": (302, {"Location": f"/b?of={hush}"}, b""), "/b": (200, {"X-Echo": hush}, body)}
    page = make(keys=Keys({"?key": hush})).fetch(get(site.url("/a"), api=True, auth="k"))
    assert (page.url, page.headers["x-echo"]) == (site.url("/b?of=REDACTED"), "REDACTED")
    assert page.body == b'{"you sent": "REDACTED", "or": "REDACTED", "or that": "REDACTED"}'


def test_hidden_address(site, make):
    """A secret address is asked for under its true name, and known under its public one alone."""
    true = site.url("/feed?token=hush-hush")
    public = public_address(true)
    site.routes["/feed"] = (200, {}, b"<rss>token=hush-hush</rss>")
    page = make(keys=Keys({}, addresses={public: true})).fetch(get(public, api=True))
    assert [path for path in site.paths() if "robots" not in path] == ["/feed?token=hush-hush"]
    assert (page.url, page.body) == (public, b"<rss>token=REDACTED</rss>")
    assert "hush" not in public
    named = site.url("/feed").replace("//", "//me:hush-hush@")
    assert make(keys=Keys({}, addresses={public_address(named): named})).fetch(get(public_address(named), api=True)).status == 200
    assert "authorization" not in site.seen[-1][2]


def test_closed_client_asks_nobody(site, make):
    """After the end of the run nothing is sent."""
    client = make()
    client.close()
    assert client.fetch(get(site.url("/a"), api=True)).detail == "the run has ended"
    assert site.seen == []
