"""Threads, turns and deadlines."""

from __future__ import annotations

import signal
import threading
import time
from itertools import pairwise

import pytest
from tests.web.server import drip, raw

from repwatch.models import Page, Refused, Request, WebSettings
from repwatch.web.fetcher import Fetcher


@pytest.fixture
def run(make):
    """Fetch requests with a client of small limits, and return tickets with answers in the order of arrival."""
    fetchers = []

    def start(requests, *, pace=0.0, **options):
        fetcher = Fetcher(make(**options), lambda host: 0.0)
        fetchers.append(fetcher)
        for ticket, request in enumerate(requests):
            fetcher.bind(ticket, "watch")
            fetcher.submit(ticket, request, pace)
        return list(fetcher.results())

    yield start
    for fetcher in fetchers:
        fetcher.close()


def api(url, **more):
    return Request(url=url, api=True, **more)


def test_one_host_in_turn(site, run):
    """Requests to one host keep their distance and their order."""
    site.routes |= {f"/{n}": (200, {}, b"%d" % n) for n in range(3)}
    got = run([api(site.url(f"/{n}")) for n in range(3)], pace=0.15)
    assert [(ticket, page.body) for ticket, page in got] == [(0, b"0"), (1, b"1"), (2, b"2")]
    times = [seen[4] for seen in site.seen]
    assert min(b - a for a, b in pairwise(times)) >= 0.145


def test_crawl_delay_is_obeyed_when_longer(site, run):
    """robots.txt asks for more than the pace."""
    site.routes |= {
        "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 0.2"),
        "/0": (200, {}, b"0"),
        "/1": (200, {}, b"1"),
    }
    run([Request(url=site.url(f"/{n}")) for n in range(2)], pace=0.01)
    times = [seen[4] for seen in site.seen if seen[1] != "/robots.txt"]
    assert times[1] - times[0] >= 0.195


def test_absurd_crawl_delay_is_a_refusal(site, run):
    """An hour between requests is not waited for."""
    site.routes |= {
        "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 3600"),
        "/0": (200, {}, b"0"),
        "/1": (200, {}, b"1"),
    }
    got = dict(run([Request(url=site.url(f"/{n}")) for n in range(2)]))
    assert got[0].body == b"0"
    assert (got[1].reason, got[1].retry_after_s) == ("rate_limit", 3600)


def test_hosts_side_by_side(site, other, run):
    """A slow host delays nobody else; results arrive as they are ready."""

    def slow(headers):
        until = time.monotonic() + 20
        while len(other.seen) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.5)
        return 200, {}, b"slow"

    site.routes["/slow"] = slow
    other.routes |= {"/0": (200, {}, b"0"), "/1": (200, {}, b"1")}
    got = run([api(site.url("/slow")), api(other.url("/0")), api(other.url("/1"))], read_s=25, total_s=30)
    assert [ticket for ticket, _page in got] == [1, 2, 0]


def test_one_address_is_fetched_once(site, make):
    """Asked twice, before and after the answer, it is fetched once; a POST is fetched each time."""
    site.routes["/a"] = (200, {}, b"ok")
    fetcher = Fetcher(make(), lambda host: 0.0)
    for ticket in (1, 2):
        fetcher.submit(ticket, api(site.url("/a")), 0)
    assert [t for t, _page in fetcher.results()] == [1, 2]
    fetcher.submit(3, api(site.url("/a")), 0)
    [(ticket, page)] = list(fetcher.results())
    assert (ticket, page.body, len(site.seen)) == (3, b"ok", 1)
    for ticket in (4, 5):
        fetcher.submit(ticket, api(site.url("/a"), method="POST", body=b"q"), 0)
    assert len(list(fetcher.results())) == 2
    assert len(site.seen) == 3
    fetcher.close()


def test_more_may_be_asked_while_reading(site, make):
    """A walk asks for its next page when it has read one."""
    site.routes |= {f"/{n}": (200, {}, b"x") for n in range(4)}
    fetcher = Fetcher(make(), lambda host: 0.0)
    fetcher.submit(0, api(site.url("/0")), 0)
    seen = []
    for ticket, _page in fetcher.results():
        seen.append(ticket)
        if ticket < 3:
            fetcher.submit(ticket + 1, api(site.url(f"/{ticket + 1}")), 0)
    assert seen == [0, 1, 2, 3]
    fetcher.close()


def test_dripping_headers_are_given_up(run):
    """Headers that drip end with the deadline, and the host's next page is served by a new thread."""
    asked = []

    def talk(connection):
        asked.append(1)
        if len(asked) == 1:
            drip(connection, b"HTTP/1.1 200 OK\r\nX-Slow: ", seconds=20)
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with raw(talk) as base:
        began = time.monotonic()
        got = run([api(base + "/0"), api(base + "/1")], total_s=0.4, retries=0)
        took = time.monotonic() - began
    assert (got[0][0], got[0][1].reason) == (0, "timeout")
    assert "given up" in got[0][1].detail
    assert (got[1][0], got[1][1].body) == (1, b"ok")
    assert took < 10


def test_dripping_robots_costs_one_deadline(run):
    """When robots.txt drips, the host's further pages are refused at once."""
    with raw(lambda c: drip(c, b"HTTP/1.1 200 OK\r\nX-Slow: ", seconds=20)) as base:
        began = time.monotonic()
        got = run([Request(url=f"{base}/{n}") for n in range(4)], total_s=0.4, retries=0)
        took = time.monotonic() - began
    assert [answer.reason for _ticket, answer in got] == ["timeout"] * 4
    assert took < 10


class Scripted:
    """A client that does what a test says."""

    def __init__(self, answer, total_s=0.2):
        self.settings = WebSettings(total_s=total_s)
        self.answer = answer

    def fetch(self, request, promise):
        return self.answer(request, promise)

    def crawl_delay(self, host):
        return 0.0


def test_promised_time_is_granted():
    """A polite wait that was announced is no hang."""

    def answer(request, promise):
        promise(30)
        time.sleep(0.5)
        return Page(request.url)

    fetcher = Fetcher(Scripted(answer), lambda host: 0.0)
    fetcher.submit(1, Request(url="http://a.example/"), 0)
    assert list(fetcher.results()) == [(1, Page("http://a.example/"))]
    fetcher.close()


def test_late_answer_of_a_lost_thread_is_dropped():
    """Each ticket gets one answer, and the lost thread serves nobody else."""
    served, released = [], threading.Event()

    def answer(request, promise):
        served.append((request.url[-1], threading.current_thread()))
        if request.url.endswith("1"):
            released.wait(30)
        return Page(request.url)

    fetcher = Fetcher(Scripted(answer, total_s=1), lambda host: 0.0)
    for ticket in (1, 2):
        fetcher.submit(ticket, Request(url=f"http://a.example/{ticket}"), 0)
    got = dict(fetcher.results())
    assert isinstance(got[1], Refused)
    assert isinstance(got[2], Page)
    released.set()
    served[0][1].join(10)
    fetcher.submit(3, Request(url="http://a.example/3"), 0)
    assert [t for t, _page in fetcher.results()] == [3]
    first, second = served[0][1], served[1][1]
    assert first is not second
    assert not first.is_alive()
    assert served[2][1] is second
    fetcher.close()


def test_a_bug_ends_the_run():
    """What a client must never raise reaches the consumer."""

    def answer(request, promise):
        raise ZeroDivisionError

    fetcher = Fetcher(Scripted(answer), lambda host: 0.0)
    fetcher.submit(1, Request(url="http://a.example/"), 0)
    with pytest.raises(ZeroDivisionError):
        list(fetcher.results())
    fetcher.close()


def test_interrupt_works_at_once():
    """Ctrl-C does not wait for the answer."""
    released = threading.Event()
    fetcher = Fetcher(Scripted(lambda request, promise: released.wait(30), total_s=60), lambda host: 0.0)
    fetcher.submit(1, Request(url="http://a.example/"), 0)
    timer = threading.Timer(0.1, signal.raise_signal, [signal.SIGINT])
    began = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        list(fetcher.results())
    assert time.monotonic() - began < 15
    released.set()
    fetcher.close()


def test_close_ends_waiting_threads():
    """Threads that wait for their turn end, and results with them."""
    fetcher = Fetcher(Scripted(lambda request, promise: Page(request.url)), lambda host: 60.0)
    for ticket in (1, 2):
        fetcher.submit(ticket, Request(url=f"http://b.example/{ticket}"), 0)
    results = fetcher.results()
    assert next(results)[0] == 1
    thread = next(t for t in threading.enumerate() if t.name == "web b.example")
    fetcher.close()
    thread.join(10)
    assert not thread.is_alive()
    assert list(results) == []
