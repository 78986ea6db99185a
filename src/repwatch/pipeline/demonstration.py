"""The demonstration: an invented employer on a small simulated web, read by the real client over real HTTP.

Every page is made from `demo/voices.tsv`, dated backwards from the day of the demonstration.
"""

from __future__ import annotations

import csv
import html
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from repwatch.pipeline.running import Result

EMPLOYER = "Kastelmont"
DAY_OF_ARCHIVE = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
_FOLDER = "demo"
_CHALLENGE = """<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Verify you are human</h1>
<script>window._cf_chl_opt={};</script><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>"""

SETTINGS = f"""\
# The settings of the demonstration: everything is invented, all hosts are served from this machine.
language = "en"
timezone = "Europe/Brussels"
data_dir = "."
contact = "demo@kastelmont.example"

[[employer]]
name = "{EMPLOYER}"
domain = "kastelmont.example"
headcount = 350

[[employer.source]]
source = "glassdoor"
url = "https://www.glassdoor.be/Reviews/Kastelmont-Reviews-E900001.htm"

[[employer.source]]
source = "jsonld"
url = "https://www.werkblik.example/kastelmont"

[[employer.source]]
source = "jsonld"
url = "https://www.carriereblik.example/kastelmont"

[[employer.source]]
source = "feed"
url = "https://nieuws.example/kastelmont.rss"

[[employer.source]]
source = "hackernews"
query = "Kastelmont"
"""


class Voice(NamedTuple):
    """One line of `voices.tsv`."""

    site: str
    day: int
    lang: str
    stars: str
    title: str
    pros: str
    cons: str
    answer: str


def voices() -> list[Voice]:
    """Return what the invented people say."""
    text = resources.files("repwatch.pipeline").joinpath(_FOLDER, "voices.tsv").read_text("utf-8")
    rows = csv.reader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Voice(site, int(day), *rest, *[""] * (6 - len(rest))) for site, day, *rest in rows]


def demo_archive() -> Path:
    """Return the archive that ships with repwatch: one check of the simulated web."""
    return Path(str(resources.files("repwatch.pipeline").joinpath(_FOLDER, "check.warc.gz")))


def saved_page(today: date) -> str:
    """Return the Glassdoor page that a person would have saved: an unclaimed profile, reviews in two languages."""
    state: dict[str, object] = {}
    refs = []
    spoken = [voice for voice in voices() if voice.site == "glassdoor"]
    for number, voice in enumerate(spoken, 70001):
        refs.append({"type": "id", "id": f"EmployerReview:{number}"})
        state |= _apollo_review(number, voice, today)
    mean = sum(int(voice.stars) for voice in spoken) / len(spoken)
    key = '$ROOT_QUERY.employerReviews({"employer":{"id":900001}})'
    state |= {
        key: {"__typename": "EmployerReviews", "allReviewsCount": len(spoken), "ratedReviewsCount": len(spoken), "numberOfPages": 1, "currentPage": 1,
              "ratings": {"type": "id", "id": f"{key}.ratings"}, "employer": {"type": "id", "id": "Employer:900001"}, "reviews": refs},
        f"{key}.ratings": {"__typename": "EmployerRatings", "overallRating": round(mean, 1), "reviewCount": len(spoken), "ceoRating": -1.0,
                           "recommendToFriendRating": 0.64, "ratedCeo": None},
        "Employer:900001": {"__typename": "Employer", "id": 900001, "shortName": EMPLOYER},
    }  # fmt: skip
    return (f"<!DOCTYPE html>\n<!-- saved from url=(0062)https://www.glassdoor.be/Reviews/Kastelmont-Reviews-E900001.htm -->\n<html><head><title>{EMPLOYER}</title></head>"
            f"<body><div id='EIHdrModule' class='header'><h1 class='strong tightAll'>{EMPLOYER}</h1><i class='sqLed middle sm red circle'></i></div>"
            f"<script>window.__APOLLO_STATE__={json.dumps(state, ensure_ascii=False)};</script></body></html>")  # fmt: skip


def _apollo_review(number: int, voice: Voice, today: date) -> dict[str, object]:
    said = datetime.combine(today - timedelta(days=voice.day), datetime.min.time()).replace(hour=10)
    review: dict[str, object] = {
        "__typename": "EmployerReview", "reviewId": number, "reviewDateTime": said.isoformat(timespec="milliseconds"), "ratingOverall": int(voice.stars),
        "ratingWorkLifeBalance": 0, "ratingCultureAndValues": 0, "ratingSeniorLeadership": 0, "ratingCareerOpportunities": 0,
        "ratingCompensationAndBenefits": 0, "ratingCeo": None, "ratingBusinessOutlook": None,
        "ratingRecommendToFriend": "POSITIVE" if int(voice.stars) > 3 else "NEGATIVE", "isCurrentJob": voice.day % 3 > 0, "lengthOfEmployment": 0,
        "employmentStatus": "REGULAR", "jobTitle": None, "location": None, "pros": voice.pros, "cons": voice.cons, "advice": None, "summary": voice.title,
        "languageId": {"fr": "fra", "en": "eng"}[voice.lang], "countHelpful": 0, "employerResponses": [],
    }  # fmt: skip
    found: dict[str, object] = {f"EmployerReview:{number}": review}
    if voice.answer:
        review["employerResponses"] = [{"type": "id", "id": f"EmployerResponse:{number}"}]
        answered = (said + timedelta(days=2)).isoformat(timespec="milliseconds")
        found[f"EmployerResponse:{number}"] = {"__typename": "EmployerResponse", "id": number, "response": voice.answer, "userJobTitle": "HR",
                                               'responseDateTime({"format":"ISO"})': answered}  # fmt: skip
    return found


def _werkblik(today: date) -> tuple[str, bytes]:
    spoken = [voice for voice in voices() if voice.site == "werkblik"]
    reviews = [
        {"@type": "Review", "@id": f"https://www.werkblik.example/kastelmont#r{number}", "datePublished": (today - timedelta(days=voice.day)).isoformat(),
         "inLanguage": voice.lang, "name": voice.title, "reviewBody": f"{voice.pros}. {voice.cons}",
         "reviewRating": {"@type": "Rating", "ratingValue": voice.stars, "bestRating": "5"}}
        for number, voice in enumerate(spoken, 1)
    ]  # fmt: skip
    mean = sum(int(voice.stars) for voice in spoken) / len(spoken)
    thing = {"@type": "Organization", "name": EMPLOYER, "sameAs": "https://kastelmont.example"}
    graph = [{"@type": "EmployerAggregateRating", "itemReviewed": thing, "ratingValue": f"{mean:.1f}", "ratingCount": str(len(spoken)), "bestRating": "5"},
             *({**review, "itemReviewed": {**thing, "@type": "EmployerAggregateRating"}} for review in reviews)]  # fmt: skip
    ld = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).replace("</", "<\\/")
    return "text/html; charset=utf-8", f"<!DOCTYPE html><html lang='nl'><head><title>{EMPLOYER} · Werkblik</title><script type='application/ld+json'>{ld}</script></head><body><h1>{EMPLOYER}</h1></body></html>".encode()


def _news(today: date) -> tuple[str, bytes]:
    items = []
    for voice in (voice for voice in voices() if voice.site == "news"):
        day = today - timedelta(days=voice.day)
        slug = f"https://nieuws.example/{day.isoformat()}/{voice.lang}"
        items.append(f"<item><title>{html.escape(voice.title)}</title><link>{slug}</link><guid>{slug}</guid><dc:language>{voice.lang}</dc:language>"
                     f"<pubDate>{day.strftime('%a, %d %b %Y')} 06:00:00 GMT</pubDate><description>{html.escape(voice.pros)}</description></item>")  # fmt: skip
    return "application/rss+xml", ("<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Nieuws</title>"
                                   f"<link>https://nieuws.example</link><description>Nieuws</description>{''.join(items)}</channel></rss>").encode()  # fmt: skip


def _hackernews(today: date) -> tuple[str, bytes]:
    hits = []
    for number, voice in enumerate((voice for voice in voices() if voice.site == "hackernews"), 41000001):
        said = datetime.combine(today - timedelta(days=voice.day), datetime.min.time(), UTC).replace(hour=14)
        hits.append({"objectID": str(number), "created_at": said.strftime("%Y-%m-%dT%H:%M:%SZ"), "created_at_i": int(said.timestamp()), "author": f"invented{number}",
                     "comment_text": f"<p>{html.escape(voice.pros)}</p>", "story_id": number - 1, "story_title": voice.title, "parent_id": number - 1,
                     "_tags": ["comment"], "updated_at": said.strftime("%Y-%m-%dT%H:%M:%SZ")})  # fmt: skip
    body = {"hits": hits, "nbHits": len(hits), "page": 0, "nbPages": 1, "hitsPerPage": 1000, "query": EMPLOYER}
    return "application/json", json.dumps(body).encode()


class _Site(BaseHTTPRequestHandler):
    """Answer for every host of the simulated web."""

    today: date
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, path = (self.headers["Host"] or "").split(":")[0], urlsplit(self.path).path
        status, (kind, body) = self._answer(host, path)
        tag = f'"{self.today.isoformat()}-{len(body)}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.send_response(status)
        if status == 200:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, host: str, path: str) -> tuple[int, tuple[str, bytes]]:
        if path == "/robots.txt":
            return (200, ("text/plain", b"User-agent: *\nAllow: /\n"))
        if host == "www.werkblik.example":
            return 200, _werkblik(self.today)
        if host == "nieuws.example":
            return 200, _news(self.today)
        if host == "hn.algolia.com":
            return 200, _hackernews(self.today)
        if host == "www.carriereblik.example":
            return 403, ("text/html", _CHALLENGE.encode())
        return 404, ("text/plain", b"not here")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the signature of http.server
        """Say nothing: the report is what a person came for."""


@contextmanager
def simulated_web(today: date) -> Iterator[str]:
    """Serve the invented sites on loopback; hand out the address for the `gateway` setting."""
    site = type("Site", (_Site,), {"today": today})
    server = ThreadingHTTPServer(("127.0.0.1", 0), site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def run_demo(folder: Path, at: datetime, *, total: Callable[[int], None] = lambda _: None, done: Callable[[object], None] = lambda _: None) -> Result:
    """Set up the invented employer in `folder` and check it once over the simulated web, as of `at`."""
    from repwatch import config, settings_file
    from repwatch.pipeline.running import run_live

    today = at.date()
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (inbox / f"{EMPLOYER} reviews.html").write_text(saved_page(today), "utf-8")
    path = folder / settings_file.FILE_NAME
    with simulated_web(today) as gateway:
        path.write_text(f'{SETTINGS}\n[web]\ngateway = "{gateway}"\n', "utf-8")
        return run_live(config.load(path).settings, folder, at, today, total=total, done=done)


def write_archive(target: Path) -> None:
    """Make the archive that ships, as of a fixed day: `python -m repwatch.pipeline.demonstration FILE`."""
    with tempfile.TemporaryDirectory() as scratch:
        run_demo(Path(scratch), DAY_OF_ARCHIVE)
        made = next((Path(scratch) / "archive").glob("*.warc.gz"))
        target.write_bytes(made.read_bytes())


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]))
