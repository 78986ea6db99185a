"""Mastodon: the public timeline of a hashtag, on one or more instances.

The target is a hashtag or a phrase, which becomes one (`Acme Jobs` is #AcmeJobs); instances may follow an `@`, separated by
commas: `acme@mastodon.social,social.example`. Without them mastodon.social is asked. An instance knows only what it federates.

With a token the posts of its server are searched for the words as well. A search without a login, or on a server that does
not search posts, answers with an empty list: so a word that stands in posts everywhere is looked for first, and an empty
answer to that is a refusal, never a zero. Accounts that do not wish to be indexed are left out.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from repwatch.errors import LayoutChanged, UsageError
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
from repwatch.refusals import API_ERROR, BLOCKED, CREDENTIALS, LOGIN, find_refusal
from repwatch.sources import _api
from repwatch.sources._fragment import to_text
from repwatch.wording import _

INFO = SourceInfo(
    name="mastodon", title="Mastodon", hosts=("mastodon.social",), marks=(b'"in_reply_to_account_id"', b'"timelines_access"'), keys=("accounts", "statuses", "hashtags"),
    reads=r"^/(?:api|tags)/", paths=("/api/v1/timelines/", "/api/v1/statuses/", "/api/v1/accounts/", "/api/v1/search", "/api/v2/search", "/api/v2/instance"), door="public API; search with a token", pace_s=2.0, target="query",
    credentials=Credential(name="mastodon", title="a token for the server that you name as `host`", scheme="bearer", own_host=True, optional=True, page="https://HOST/settings/applications",
                           rights="an application of your account with the right read:search alone",
                           probe="https://{host}/api/v2/search?q=mastodon&type=statuses&limit=1&offset=0"),
    terms="allowed: public API, 300 requests in 5 minutes; accounts that do not wish to be indexed are left out",
    verified="recorded answers of 2019 and 2026; what an instance says of its timelines as described; paging of a search as described",
    search="hashtag", aim=r"\s*@[\w.,\- ]+$",
)  # fmt: skip

_DEFAULT = "mastodon.social"
_PER_PAGE = 40
_SEARCH = "/api/v2/search"
#: Asks whether a server searches posts at all: the word stands in posts on every one of them.
_TRIAL = "?q=mastodon&type=statuses&limit=1&offset=0"
_INSTANCE = "/api/v2/instance"
_NEXT = re.compile(r'<([^<>]+)>\s*;[^<,]*\brel="?next\b')
_OPEN_VISIBILITY = (None, "public", "unlisted")


class _Account(BaseModel):
    acct: str
    url: str | None = None
    noindex: bool | None = None
    indexable: bool | None = None


class _Status(BaseModel):
    uri: str
    url: str | None = None
    created_at: str | None = None
    account: _Account
    content: str | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None
    in_reply_to_id: str | int | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    quotes_count: int | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask each instance whether its timelines are open, then follow the timeline of the tag to the first day. Search last.

    An instance that answers with a refusal costs nothing of those after it.
    """
    tag, instances = _target(watch.target)
    if urlsplit(watch.resume or "").path != _SEARCH:
        yield from _timelines(watch, tag, instances)
    if watch.account is not None:
        yield from _searched(watch)


def _timelines(watch: Watch, tag: str, instances: tuple[str, ...]) -> Generator[Request, Read, None]:
    resumed = urlsplit(watch.resume or "").hostname
    start = watch.resume if resumed in instances else None
    for instance in instances[instances.index(resumed) if resumed in instances else 0 :]:
        url: str | None = start
        start = None
        if url is None or urlsplit(url).path == _INSTANCE:
            about = f"https://{instance}{_INSTANCE}"
            read = yield Request(url=about, expect="json", api=True, resume=about, optional=True)
            only = _feeds(_api.posts(read.page.body, INFO.name)) if read.page.body else None
            if only is None:
                continue
            url = f"https://{instance}/api/v1/timelines/tag/{quote(tag, safe='')}?limit={_PER_PAGE}{only}"
        yield from _timeline(url, watch)


def _timeline(first: str, watch: Watch) -> Generator[Request, Read, None]:
    since = _api.midnight(watch.since)
    url: str | None = first
    seen: set[str] = set()
    while url is not None and url not in seen:
        seen.add(url)
        read = yield Request(url=url, expect="json", api=True, resume=url, optional=True)
        oldest = _oldest(_api.posts(read.page.body, INFO.name)) if read.page.body else None
        # Statuses stand in the order of their instants, the newest first.
        if oldest is None or oldest < since:
            return
        url = _next(read.page.headers.get("link", ""), first)


def _searched(watch: Watch) -> Generator[Request, Read, None]:
    """Search the posts of the token's server, page by page, until a page holds nothing of the period."""
    since = _api.midnight(watch.since)
    place = f"https://{(watch.account or {}).get('host', _DEFAULT)}{_SEARCH}"
    words = watch.target.lstrip("@").partition("@")[0].strip()
    first = f"{place}?{urlencode({'q': words if chr(34) in words or ' ' not in words else f'{chr(34)}{words}{chr(34)}', 'type': 'statuses', 'limit': _PER_PAGE})}&offset="
    offset = 0
    if watch.resume and urlsplit(watch.resume).path == _SEARCH:
        offset = int(watch.resume.rpartition("=")[2])
    else:
        yield Request(url=place + _TRIAL, expect="json", api=True, auth="mastodon", resume=first + "0")
    while True:
        url = f"{first}{offset}"
        read = yield Request(url=url, expect="json", api=True, auth="mastodon", resume=url)
        told = _api.posts(read.page.body, INFO.name)
        moments = _moments(told.get("statuses") if isinstance(told, dict) else None)
        if not moments or max(moments) < since:
            return
        offset += _PER_PAGE


def _target(target: str) -> tuple[str, tuple[str, ...]]:
    words, _at, hosts = target.lstrip("@").partition("@")
    tag = re.sub(r"\W", "", words)
    if not tag:
        raise UsageError(_("{text} holds no hashtag", text=repr(target)), where=INFO.name, hint=_("Write a word, or a word and instances: {example}", example="acme@mastodon.social"))
    named = (host.strip().lower().removeprefix("https://").rstrip("/") for host in hosts.split(","))
    return tag, tuple(dict.fromkeys(host for host in named if host)) or (_DEFAULT,)


def _next(link: str, first: str) -> str | None:
    """Return the address that the Link header names as next, on the same instance; None where there is none."""
    found = _NEXT.search(link)
    if not found:
        return None
    try:
        there, here = urlsplit(found[1]), urlsplit(first)
    except ValueError:
        return None
    return found[1] if (there.scheme, there.netloc) == (here.scheme, here.netloc) else None


def _moments(told: Any) -> list[datetime]:
    moments = [_moment(each["created_at"]) for each in told if isinstance(each, dict) and isinstance(each.get("created_at"), str)] if isinstance(told, list) else []
    return [moment for moment in moments if moment is not None]


def _oldest(told: Any) -> datetime | None:
    return next(reversed(_moments(told)), None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _feeds(told: Any) -> str | None:
    """Return what a request for a tag must add, by what the instance says of itself: None where visitors may read nothing.

    Servers before 4.5 do not say; the timeline itself will tell.
    """
    access: Any = told
    for name in ("configuration", "timelines_access", "hashtag_feeds"):
        access = access.get(name) if isinstance(access, dict) else None
    if not isinstance(access, dict):
        return ""
    local, remote = (access.get(name, "public") == "public" for name in ("local", "remote"))
    return ("" if remote else "&local=true") if local else ("&remote=true" if remote else None)


def parse(page: Page) -> Iterator[Outcome]:
    """Read a timeline, a search answer, one status, or what an instance says of itself."""
    refusal = _refusal(page)
    if refusal:
        yield refusal
        return
    told = _api.posts(page.body, INFO.name)
    if isinstance(told, list):
        yield from _list(told, page)
    elif not isinstance(told, dict):
        raise LayoutChanged("no statuses in the answer", where=INFO.name)
    elif isinstance(told.get("statuses"), list):
        yield from _search(told["statuses"], page)
    elif "content" in told and "account" in told:
        yield from _statuses([told], page, search=False)
    elif isinstance(told.get("error"), str):
        yield Refused(source=INFO.name, reason=API_ERROR, detail=told["error"][:200])
    elif "version" in told and ("domain" in told or "uri" in told):
        if _feeds(told) is None:
            yield Refused(source=INFO.name, reason=LOGIN, detail="the instance shows the timelines of hashtags to nobody without a login")
        else:
            yield NoResults(source=INFO.name)
    elif "acct" in told and "followers_count" in told:
        # An account names nobody's employer: there is nothing to read in it, and that is no fault.
        yield NoResults(source=INFO.name)
    else:
        raise LayoutChanged("no statuses in the answer", where=INFO.name)


def _refusal(page: Page) -> Refused | None:
    """Judge by the status: the words of an error come in any language."""
    found = find_refusal(page, source=INFO.name) or find_refusal(page, expect="json", source=INFO.name)
    if _SEARCH in page.url and "offset=" in page.url:
        # Here a token was sent: 401 does not know it, 403 does not allow it to search.
        return found and (Refused(source=INFO.name, reason=CREDENTIALS, detail=f"status {page.status}") if found.reason == BLOCKED else found)
    # Nowhere else is a token sent, so that what asks for one asks visitors to log in.
    if found and (found.reason == CREDENTIALS or (page.status == 422 and "/timelines/" in page.url)):
        return Refused(source=INFO.name, reason=LOGIN, detail=f"status {page.status}")
    return found


def _list(told: list[Any], page: Page) -> Iterator[Outcome]:
    records = [each for each in told if isinstance(each, dict)]
    if told and all("uri" not in each and "content" in each and "account" in each for each in records) and records:
        yield Problem(source=INFO.name, reason="no id", detail="the versions of one status have no address of their own; save the status itself")
    elif records and all("acct" in each for each in records):
        yield NoResults(source=INFO.name)
    else:
        yield from _statuses(told, page, search=False)


def _search(statuses: list[Any], page: Page) -> Iterator[Outcome]:
    if page.url.endswith(_TRIAL):
        yield NoResults(source=INFO.name) if statuses else Refused(source=INFO.name, reason=LOGIN, detail="this server does not search posts")
    elif statuses or "offset=" in page.url:
        yield from _statuses(statuses, page, search=True)
    else:
        yield Refused(source=INFO.name, reason=LOGIN, detail="a search without a login, or on a server that does not search posts, is always empty")


def _statuses(told: list[Any], page: Page, *, search: bool) -> Iterator[Outcome]:
    """Read statuses. Where none is there, or none that may be shown, that is the site's own nothing."""
    shown = [(isinstance(raw, dict) and raw.get("reblog")) or raw for raw in told]
    return _api.each_once(INFO.name, (_mention(raw, f"status {number}", page, search=search) for number, raw in enumerate(shown)))


def _mention(raw: Any, where: str, page: Page, *, search: bool) -> Mention | Problem | None:
    """Return the mention; None where it has no words, or where its author or its circle of readers keeps it from being collected."""
    try:
        status = _Status.model_validate(raw)
        account = status.account
        if account.noindex or (search and account.indexable is False) or status.visibility not in _OPEN_VISIBILITY:
            return None
        if status.created_at is not None and _moment(status.created_at) is None:
            return Problem(source=INFO.name, reason="schema", detail=f"{where}: created_at")
        text = "\n\n".join(part for part in ((status.spoiler_text or "").strip(), to_text(status.content)) if part)
        if not text:
            return None
        counts = {"favourites": status.favourites_count, "reblogs": status.reblogs_count, "replies": status.replies_count, "quotes": status.quotes_count}
        return Mention(source=INFO.name, native_id=status.uri, url=status.url or status.uri, published=status.created_at, lang=status.language or None,
                       kind="post" if status.in_reply_to_id is None else "comment", text=text,
                       author=_author(account, status.uri, page), engagement=_api.counts(**counts))  # fmt: skip
    except ValidationError as error:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: {error.errors(include_url=False)[0]['loc']}")


def _author(account: _Account, uri: str, page: Page) -> str:
    """Return the account with its instance: one that is local to the instance asked carries none."""
    if "@" in account.acct:
        return account.acct
    host = next(filter(None, map(_host, (account.url or "", uri, page.url))), None)
    return f"{account.acct}@{host}" if host else account.acct


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
