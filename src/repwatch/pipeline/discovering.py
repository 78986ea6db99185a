"""Find what could be watched for an employer: likely pages of each site, searches, and what stands on the firm's own domain.

Sites that refuse programs are not asked: their addresses are guesses for a person to open. The firm's own domain is
read through the polite client, robots.txt included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urljoin, urlsplit

from repwatch import sources
from repwatch.models import Item, Page, Profile, Refused, Request, Review, SourceInfo
from repwatch.pipeline.adding import Found
from repwatch.pipeline.reading import read_page
from repwatch.refusals import MEANING
from repwatch.text.canonical import canonical_url
from repwatch.text.clean import fold
from repwatch.wording import N_, _

Fetch = Callable[[Request], Page | Refused]

#: Pages of the firm's own site that are worth a look, by the words in their links.
_WORTH = re.compile(r"\b(jobs?|careers?|vacatures?|werken-bij|carri[eè]res?|emplois?|karriere|stellen|news|nieuws|actualit[eé]s?|presse?|pers|newsroom|blog|aktuell(es)?)\b", re.IGNORECASE)
_MOST_PAGES, _MOST_FEEDS = 5, 6
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
#: Only behind a name: AG Insurance is no insurance that is an AG.
_LEGAL = re.compile(r"(?:[\s,]+(?:n\.?v|b\.?v|s\.?a|s\.?r\.?l|s\.?a\.?s|bvba|sprl|gmbh|a\.?g|inc|ltd|plc|llc|v\.?z\.?w|a\.?s\.?b\.?l)\b\.?)+\s*$", re.IGNORECASE)
_OPERATORS = ("AND", "OR", "NOT")


class Candidate(NamedTuple):
    """What could be watched. `state` is found (seen live), guessed (a person must look), search, or not read with its reason."""

    source: str
    title: str
    state: str
    url: str | None
    query: str | None
    why: str
    lookup: str | None = None

    @property
    def found(self) -> Found | None:
        """Return what goes into the settings, None where there is nothing to watch yet."""
        if self.state not in ("found", "guessed", "search"):
            return None
        return Found(self.source, self.url, self.query, _("a guess: open it in your browser, and correct it") if self.state == "guessed" else "")


def propose(name: str, domain: str | None) -> Iterator[Candidate]:
    """Yield the likely pages and the searches of all sources, without asking anybody."""
    for each in sources.names():
        info = sources.load(each).INFO
        lookup = f"https://duckduckgo.com/?q={quote_plus(f'site:{info.lookup} {chr(34)}{name}{chr(34)}')}" if info.lookup else None
        pages = [page for page in (_filled(pattern, name, domain) for pattern in info.pages) if page]
        for page in pages:
            yield Candidate(each, info.title, "guessed", page, None, N_("The site lets no program in: open it in your browser and save it."), lookup)
        if not pages and lookup:
            why = N_("Its page is named after the firm's domain: give --domain.") if info.pages else N_("Its addresses hold a number: search for the page in your browser.")
            yield Candidate(each, info.title, "by hand", None, None, why, lookup)
        if _can_search(info):
            yield Candidate(each, info.title, "search", None, searched(name), f"{info.terms[:1].upper()}{info.terms[1:]}.")


def searched(name: str) -> str:
    """Return the query for a name as people write it: without the form of the firm, in quotes where it has several words."""
    plain = " ".join(_LEGAL.sub(" ", name).replace('"', " ").split()) or name
    return plain if re.fullmatch(r"\w+", plain) and plain not in _OPERATORS else f'"{plain}"'


def _can_search(info: SourceInfo) -> bool:
    return info.target == "query" and info.live and not info.ask_terms and (info.credentials is None or info.credentials.optional)


def _filled(pattern: str, name: str, domain: str | None) -> str | None:
    if "{domain}" in pattern and not domain:
        return None
    words = re.findall(r"[a-z0-9]+", _LEGAL.sub(" ", fold(name).replace("&", " and "))) or re.findall(r"[a-z0-9]+", fold(name))
    return pattern.format(slug="-".join(words), Slug="-".join(word.capitalize() for word in words), domain=domain)


def look(domain: str, fetch: Fetch) -> Iterator[Candidate]:
    """Read the firm's own site: feeds that its pages name, and pages that show ratings as schema.org data."""
    home = _first(domain, fetch)
    if isinstance(home, Refused):
        why, do = MEANING.get(home.reason, (home.reason, ""))
        yield Candidate("feed", domain, f"not read: {home.reason}", f"https://{domain}/", None, f"{why}. {do}".strip())
        return
    pages = [home]
    for url in _links(home)[:_MOST_PAGES]:
        answer = fetch(Request(url=url, expect="html"))
        if isinstance(answer, Page):
            pages.append(answer)
    seen: set[str] = set()
    for page in pages:
        yield from _rated(page, domain)
        for url in _feeds(page):
            if url not in seen and len(seen) < _MOST_FEEDS:
                seen.add(url)
                yield _feed(url, domain, fetch)


def _first(domain: str, fetch: Fetch) -> Page | Refused:
    answer = fetch(Request(url=f"https://{domain}/", expect="html"))
    if isinstance(answer, Refused) and answer.reason in ("dns", "network", "tls") and not domain.startswith("www."):
        return fetch(Request(url=f"https://www.{domain}/", expect="html"))
    return answer


def _feed(url: str, domain: str, fetch: Fetch) -> Candidate:
    answer = fetch(Request(url=url, expect="feed"))
    if isinstance(answer, Refused):
        return Candidate("feed", domain, f"not read: {answer.reason}", url, None, MEANING.get(answer.reason, (answer.reason, ""))[0])
    read = read_page(answer, source="feed", expect="feed")
    count = sum(isinstance(each, Item) for each in read.outcomes)
    if read.state not in ("read", "partly"):
        return Candidate("feed", domain, f"not read: {read.reason}", url, None, N_("What stands there is no feed."))
    return Candidate("feed", domain, "found", url, None, N_("A feed with {n} entries.", n=count))


#: What a page shows: a rating, reviews.
_SHOWN = {
    (True, True): N_("The page shows a rating and reviews as schema.org data."), (True, False): N_("The page shows a rating as schema.org data."),
    (False, True): N_("The page shows reviews as schema.org data."),
}  # fmt: skip


def _rated(page: Page, domain: str) -> Iterator[Candidate]:
    read = read_page(page, source="jsonld")
    rated, reviewed = (any(isinstance(each, model) for each in read.outcomes) for model in (Profile, Review))
    if rated or reviewed:
        yield Candidate("jsonld", domain, "found", canonical_url(page.url), None, _SHOWN[rated, reviewed])


def _nodes(page: Page, selector: str) -> list[dict[str, Any]]:
    from selectolax.lexbor import LexborHTMLParser

    return [dict(node.attributes) for node in LexborHTMLParser(page.body.decode("utf-8", "replace")).css(selector)]


def _feeds(page: Page) -> list[str]:
    found = [each["href"] for each in _nodes(page, "link[rel~=alternate][href]") if (each.get("type") or "").lower() in _FEEDS and each.get("href")]
    return [url for href in found if (url := _absolute(page.url, href))]


def _links(page: Page) -> list[str]:
    """Return the pages of the same site whose links speak of jobs or news."""
    host = urlsplit(page.url).hostname or ""
    own = host.removeprefix("www.")
    found = []
    for each in _nodes(page, "a[href]"):
        url = _absolute(page.url, each.get("href") or "")
        if url and _WORTH.search(urlsplit(url).path + " " + (urlsplit(url).hostname or "").removesuffix(own)) and (urlsplit(url).hostname or "").endswith(own):
            found.append(canonical_url(url))
    return list(dict.fromkeys(found))


def _absolute(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href.strip())
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
