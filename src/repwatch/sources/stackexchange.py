"""Stack Exchange through its public interface (2.3): questions and answers, of The Workplace unless the target names a site.

A target is a phrase, or `phrase@site` with the site's short name: `Acme@stackoverflow`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import BaseModel

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Credential,
    Mention,
    NoResults,
    Outcome,
    Page,
    Problem,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, CREDENTIALS, RATE_LIMIT, SERVER
from repwatch.sources import _api

INFO = SourceInfo(
    name="stackexchange", title="Stack Exchange", hosts=("api.stackexchange.com",), marks=(b'"quota_remaining"', b'"throttle_violation"'),
    door="public API", languages=("en",), pace_s=1.0, target="query",
    credentials=Credential(name="stackexchange", title="a key", scheme="key", send="?key", optional=True, hosts=("api.stackexchange.com",), page="https://stackapps.com/apps/oauth/register",
                           rights="the key of a registered app: 10,000 requests a day in place of 300", probe="https://api.stackexchange.com/2.3/info?site=workplace"),
    terms="allowed: public API, 300 requests a day, 10,000 with a key; texts are CC BY-SA, to be shown with their author and link",
    verified="recorded answers of 2015 to 2022; the shape of 2.3 as described",
    aim=r"@[a-z0-9.\-]+$",
)  # fmt: skip

_API = "https://api.stackexchange.com/2.3/search/advanced"
_SITE = "workplace"
_TARGET = re.compile(r"(?P<phrase>.+)@(?P<site>[a-z0-9.\-]+)", re.DOTALL)
_OWN_DOMAIN = {"stackoverflow": "stackoverflow.com", "superuser": "superuser.com", "serverfault": "serverfault.com", "askubuntu": "askubuntu.com"}
_WAIT = re.compile(r"in (\d{1,7}) seconds")
_ERRORS = {401: CREDENTIALS, 402: CREDENTIALS, 403: CREDENTIALS, 405: CREDENTIALS, 406: CREDENTIALS, 500: SERVER, 502: RATE_LIMIT, 503: SERVER}
#: Members that tell sites, people, their accounts, and tags: real answers without anybody's text in them.
_OTHERS = ("site_url", "api_site_parameter", "user_id", "account_id", "has_synonyms", "badge_id")


class _Owner(BaseModel):
    user_type: str | None = None
    display_name: _api.Escaped | None = None


class _Post(BaseModel):
    question_id: int | None = None
    answer_id: int | None = None
    comment_id: int | None = None
    creation_date: _api.Epoch
    owner: _Owner | None = None
    title: _api.Escaped | None = None
    body: str | None = None
    link: str | None = None
    score: int | None = None
    answer_count: int | None = None
    view_count: int | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for page after page, newest first, while there are more."""
    phrase, site = _aim(watch.target)
    page = int(watch.resume) if watch.resume else 1
    auth = None if watch.account is None else "stackexchange"
    first, last = int(_api.midnight(watch.since).timestamp()), int(_api.last_second(watch.until).timestamp())
    while True:
        query = {"site": site, "q": _api.quoted(phrase), "fromdate": first, "todate": last, "order": "desc", "sort": "creation", "page": page, "pagesize": 100, "filter": "withbody"}
        read = yield Request(url=f"{_API}?{urlencode(query)}", expect="json", api=True, auth=auth, resume=str(page))
        told = _api.answer(read.page.body, INFO.name)
        if not isinstance(told, dict) or told.get("has_more") is not True:
            return
        page += 1


def _aim(target: str) -> tuple[str, str]:
    found = _TARGET.fullmatch(target.strip())
    return (found["phrase"].strip(), found["site"]) if found else (target.strip(), _SITE)


def parse(page: Page) -> Iterator[Outcome]:
    """Read the posts of an answer, whatever its method was."""
    told = _api.answer(page.body, INFO.name)
    if isinstance(told, dict) and "error_id" in told:
        yield _refused(told)
        return
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list):
        raise LayoutChanged("no items in the answer", where=INFO.name)
    if not items or all(_is_other(raw) for raw in items):
        yield NoResults(source=INFO.name)
        return
    if not any(_is_post(raw) for raw in items):
        raise LayoutChanged("no posts among the items", where=INFO.name)
    for number, raw in enumerate(items, 1):
        yield _mention(raw, f"item {number}", _asked(page.url))


def _refused(told: dict[str, Any]) -> Refused:
    detail = str(told.get("error_message") or told.get("error_name") or "")[:200]
    wait = _WAIT.search(detail)
    number = told["error_id"]
    reason = _ERRORS.get(number, API_ERROR) if isinstance(number, int) else API_ERROR
    if number == 400 and detail.startswith("`key`"):
        reason = CREDENTIALS
    return Refused(source=INFO.name, reason=reason, detail=detail, retry_after_s=float(wait[1]) if wait else None)


def _is_post(raw: object) -> bool:
    return isinstance(raw, dict) and any(name in raw for name in ("question_id", "answer_id", "comment_id"))


def _is_other(raw: object) -> bool:
    return isinstance(raw, dict) and not _is_post(raw) and any(name in raw for name in _OTHERS)


def _asked(url: str) -> str | None:
    """Return the host of the site that an address of the interface asks about."""
    site = parse_qs(urlsplit(url).query).get("site", [""])[0]
    if not site:
        return None
    return _OWN_DOMAIN.get(site) or (site if "." in site and not site.startswith("meta.") else f"{site}.stackexchange.com")


def _host(link: str | None) -> str | None:
    try:
        return urlsplit(link or "").hostname
    except ValueError:
        return None


def _mention(raw: object, where: str, asked: str | None) -> Outcome:
    post = _api.record(_Post, raw, where, INFO.name)
    if isinstance(post, Problem):
        return post
    number, path = next(((number, path) for number, path in ((post.comment_id, "posts/comments"), (post.answer_id, "a"), (post.question_id, "q")) if number is not None), (None, ""))
    if number is None:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: no id")
    host = _host(post.link) or asked
    # Numbers count within one site: the site is part of the id.
    native = f"{host}/{path}/{number}" if host else None
    # Somebody who left is "user123" from then on; that is nobody's name.
    gone = post.owner is None or post.owner.user_type == "does_not_exist"
    return Mention(source=INFO.name, native_id=native, url=post.link or (f"https://{native}" if host else None), published=post.creation_date,
                   kind="post" if path == "q" else "comment", title=post.title, text=_api.plain(post.body), author=None if gone or post.owner is None else post.owner.display_name,
                   engagement=_api.counts(points=post.score, comments=post.answer_count, views=post.view_count))  # fmt: skip
