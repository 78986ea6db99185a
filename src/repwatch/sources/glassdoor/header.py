"""Read the head of a Glassdoor page: whose page it is, where it came from, and whether the employer has claimed it.

Everything is found in bytes near its own mark. Words such as "Engaged Employer" stand on every page, claimed or not (the
translations travel with it), and wrapper classes say "unclaimed" on claimed pages: only the header's own light or label counts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from repwatch.models import Page
from repwatch.sources._fragment import plain
from repwatch.sources._state import places

Claimed = Literal["claimed", "unclaimed", "unknown"]
#: What the header says: `open_company` is a claimed profile that bears the site's badge.
Status = Literal["open_company", "claimed", "unclaimed", "unknown"]

#: The badge of a profile that is validated each year; the site publishes no rule that figures could be held against.
OPEN_COMPANY = "OpenCompany"
_HEADERS = (b"EIHdrModule", b"EmpHeroAndEmpInfo")
_IDS = (b"id='", b'id="')
_HEADER_ENDS = (b"EIProductHeaders", b"StickyNavWrapper")
_HEADER_SIZE = 20_000
#: More places than this are text that talks about headers.
_MOST_HEADERS = 20
_LED = re.compile(rb"""<i\s[^>]{0,200}?class=["']([^"'>]{0,200})["']""")
_LABELS = (b"header-engagement-status", b"employerStatus")
_LABELLED = re.compile(
    rb"""<\w+\s(?:[^<>]{0,600}\s)?(?:data-test=["']header-engagement-status["']|class=["'](?:[^"'<>]{0,200}\s)?employerStatus[\s"'])[^<>]{0,600}>"""
)
_TAG_SIZE = 600
_TITLE_SIZE = 2000
_LINK_SIZE = 1000
_TRANSLATIONS = re.compile(
    rb"""eiHeader\.status\.(engagedEmployer|inactiveEmployer|openCompany)(?:\.status)?\\?"\s*:\s*\\?"([^"\\]{1,120})"""
)
_COMPANY = b" data-company="
#: What stands in the title around an employer's name, in the languages in which pages were seen.
_TITLE = re.compile(r"<title\b[^>]{0,200}>\s*(?:(?:Working at|Travailler chez|Avis(?: des salariés)? sur) ([^<|]{1,200}?)|([^<|]{1,200}?) (?:Employee )?Reviews\b[^<|]{0,200}) \| Glassdoor")
_QUOTED = re.compile(rb"""'([^'<>]{1,200})'|"([^"<>]{1,200})\"""")
_CANONICAL = re.compile(
    rb"""<link(?=[^<>]{0,900}\srel=["']?canonical\b)[^<>]{0,900}?\shref=["']?(https?://[^"'<>\s]{1,800})"""
)
_SITE = re.compile(r"(?:^|\.)glassdoor\.(?:com|co)?\.?[a-z]{2,3}$")
_IDENT = re.compile(r"[-_]E(?:I_IE)?([0-9]+)(?![0-9A-Za-z])")
_FROM_ROOT = re.compile(r"/[\w-](?!.*/\.)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

#: The label's words where a page carries no translations of its own (English and French seen; Dutch and German as the site writes them).
_WORDS: dict[str, Status] = {
    "engaged employer": "claimed", "employeur impliqué": "claimed", "betrokken werkgever": "claimed",
    "engagierter arbeitgeber": "claimed", "opencompany": "open_company", "open company": "open_company",
    "is this your company?": "unclaimed", "revendiquer ce profil d'entreprise": "unclaimed",
    "est-ce votre entreprise ?": "unclaimed", "is dit uw bedrijf?": "unclaimed", "is dit jouw bedrijf?": "unclaimed",
    "ist dies ihr unternehmen?": "unclaimed", "ist das ihr unternehmen?": "unclaimed",
}  # fmt: skip
_STATES: dict[bytes, Status] = {
    b"engagedEmployer": "claimed",
    b"openCompany": "open_company",
    b"inactiveEmployer": "unclaimed",
}


@dataclass(frozen=True)
class Head:
    """What stands around the items of a page."""

    body: bytes
    url: str | None
    domain: str | None
    employer_id: str | None
    status: Status
    observed: str | None

    @property
    def claimed(self) -> Claimed:
        """Whether the employer has claimed its profile."""
        return "claimed" if self.status == "open_company" else self.status

    @property
    def badges(self) -> dict[str, bool]:
        """Which badges of the site the page bears; of none where the header says nothing."""
        return {} if self.status == "unknown" else {OPEN_COMPANY: self.status == "open_company"}

    @cached_property
    def employer(self) -> str | None:
        """The employer's name; looked for only where the items around do not tell it, for the search goes through the whole page."""
        return _company(self.body)

    def absolute(self, path: str | None) -> str | None:
        """Return the full address of a link of the page, or None when it cannot be known."""
        if not path:
            return None
        if self.url and _FROM_ROOT.match(path):
            return "/".join(self.url.split("/", 3)[:3]) + path  # what urljoin would say, at a tenth of its cost
        try:
            full = urljoin(self.url or "", path)
        except ValueError:
            return None
        return full if full.startswith(("https://", "http://")) else None


def head(page: Page) -> Head:
    """Read the head of a page. A saved page's own address may be a file's: then the canonical link tells."""
    url = page.url if _is_site(page.url) else _canonical(page.body)
    found = _IDENT.search(unquote(url)) if url else None
    day = _DAY.match(page.fetched_at)
    return Head(
        body=page.body,
        url=url,
        domain=urlsplit(url).hostname if url else None,
        employer_id=found[1] if found else None,
        status=header_status(page.body),
        observed=day[0] if day else None,
    )


def _is_site(url: str) -> bool:
    try:
        return bool(_SITE.search(urlsplit(url).hostname or ""))
    except ValueError:
        return False


def _canonical(body: bytes) -> str | None:
    for place in places(body, b"canonical"):
        start = body.rfind(b"<", max(0, place - _LINK_SIZE), place)
        found = _CANONICAL.match(body, start) if start >= 0 else None
        if found is None:
            continue
        url = html.unescape(found[1].decode("utf-8", "replace"))
        if _is_site(url):
            return url
    return None


def _company(body: bytes) -> str | None:
    for place in places(body, _COMPANY):
        found = _QUOTED.match(body, place + len(_COMPANY))
        if found:
            return plain(html.unescape((found[1] or found[2]).decode("utf-8", "replace"))) or None
    start = body.find(b"<title")
    named = _TITLE.match(body[start : start + _TITLE_SIZE].decode("utf-8", "replace")) if start >= 0 else None
    return plain(html.unescape(named[1] or named[2])) if named else None


def header_status(body: bytes) -> Status:
    """Tell whether the employer has claimed its profile and bears the badge, by the light (2019) or the label (since 2023) of the header."""
    for start in _headers(body):
        header = body[start : start + _HEADER_SIZE]
        status = _by_light(header) if body.startswith(_IDS, start - 4) else _meaning(_label(header), body)
        if status != "unknown":
            return status
    return _meaning(_label(body), body)


def _headers(body: bytes) -> Iterator[int]:
    """Yield where a header may start, the last place first: behind the page's state there is less to search.

    Its two elements stand on a page together; a part of one may hold the second alone.
    """
    word, place = next(((word, place) for word in _HEADERS if (place := body.rfind(word)) >= 0), (b"", -1))
    for _ in range(_MOST_HEADERS):
        if place < 0:
            return
        yield place
        place = body.rfind(word, 0, place)


def _by_light(header: bytes) -> Status:
    ends = [place for place in map(header.find, _HEADER_ENDS) if place > 0]
    for light in _LED.finditer(header, 0, min(ends, default=len(header))):
        classes = set(light[1].split())
        if b"openCompany" in classes:
            return "open_company"
        # Opinions carry the same light without `circle`: green, yellow or red.
        if classes >= {b"sqLed", b"circle"}:
            return "claimed" if b"green" in classes else "unclaimed" if b"red" in classes else "unknown"
    return "unknown"


def _label(markup: bytes) -> str:
    """Return the words of the first label that has any, "" where there is none."""
    for place in (place for word in _LABELS for place in places(markup, word)):
        # The mark counts as an attribute of an element only: styles, scripts and translations name it too.
        start = markup.rfind(b"<", max(0, place - _TAG_SIZE), place)
        tag = _LABELLED.match(markup, start) if start >= 0 else None
        text = _first_words(markup[tag.end() : tag.end() + 1000]) if tag else ""
        if text:
            return text
    return ""


def _first_words(markup: bytes) -> str:
    for piece in re.split(rb"<[^>]*>", markup):
        text = _words(piece)
        if text:
            return text
    return ""


def _meaning(label: str, body: bytes) -> Status:
    """Compare a label with the translations that the page brings along, which fits every language of the site."""
    for place in places(body, b"eiHeader.status.") if label else ():
        found = _TRANSLATIONS.match(body, place)
        if found and _words(found[2]) == label:
            return _STATES[found[1]]
    return _WORDS.get(label, "unknown")


def _words(raw: bytes) -> str:
    text = html.unescape(raw.decode("utf-8", "replace")).replace("’", "'")
    return " ".join(text.split()).casefold()
