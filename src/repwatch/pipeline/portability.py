"""Ask LinkedIn for what members in the EU may take along, with the member's own token: counted in memory, no name is kept.

The contract is that of LinkedIn's Member Snapshot API (learn.microsoft.com/linkedin/dma, read in November 2026): a `start`
a page, `paging.links` tells of the next one, and past the end, or before LinkedIn has put the data together, the answer is 404.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from pydantic import BaseModel, ValidationError

from repwatch.errors import CredentialError, UnreadableError
from repwatch.inlets import linkedin
from repwatch.models import Page, Refused, Request
from repwatch.pipeline.leading import Handed
from repwatch.refusals import CREDENTIALS, NOT_FOUND
from repwatch.wording import _

#: Where the member makes a token, for themselves alone.
TOKENS = "https://www.linkedin.com/developers/tools/oauth"
_API = "https://api.linkedin.com/rest/memberSnapshotData"
_VERSION = "202312"
#: LinkedIn allows 30,000 contacts; no page was seen with fewer than ten.
_MOST_PAGES = 3_000
Fetch = Callable[[Request], Page | Refused]


class _Link(BaseModel):
    rel: str = ""
    href: str = ""


class _Paging(BaseModel):
    links: list[_Link] = []


class _Element(BaseModel):
    snapshotData: list[dict[str, Any]] = []  # noqa: N815 — the name in the payload


class _Snapshot(BaseModel):
    elements: list[_Element]
    paging: _Paging = _Paging()


def handed_by_linkedin(fetch: Fetch, token: str) -> Handed:
    """Return a member's contacts as a number, and their posts in memory.

    Raises CredentialError where LinkedIn does not take the token, UnreadableError where it gives nothing (yet).
    """
    contacts = _rows(fetch, token, "CONNECTIONS")
    posts = _rows(fetch, token, "MEMBER_SHARE_INFO")
    if contacts is None and posts is None:
        raise UnreadableError(_("LinkedIn has no data of this member yet"), hint=_("It puts them together after the token was made: contacts in minutes, posts within a day. Try again later."))
    number = None if contacts is None else sum(any(str(value or "").strip() for value in row.values()) for row in contacts)
    return Handed(number, tuple(post for row in posts or () if (post := linkedin.post(row)) is not None), posts is not None)


def _rows(fetch: Fetch, token: str, domain: str) -> list[Mapping[str, Any]] | None:
    """Return all rows of a part of the data, None where LinkedIn has none."""
    found: list[Mapping[str, Any]] | None = None
    for snapshot in _pages(fetch, token, f"{_API}?{urlencode({'q': 'criteria', 'domain': domain})}"):
        found = [*(found or ()), *(row for element in snapshot.elements for row in element.snapshotData)]
    return found


def _pages(fetch: Fetch, token: str, url: str) -> Iterator[_Snapshot]:
    for _page in range(_MOST_PAGES):
        snapshot = _read(fetch(Request(url=url, headers={"authorization": f"Bearer {token}", "linkedin-version": _VERSION}, expect="json", api=True)))
        if snapshot is None:
            return
        yield snapshot
        following = next((urljoin(_API, link.href) for link in snapshot.paging.links if link.rel == "next"), "")
        if not following.startswith(_API + "?"):
            return
        url = following


def _read(answer: Page | Refused) -> _Snapshot | None:
    """Return what a page holds, None past the end."""
    status, reason = (answer.status, "") if isinstance(answer, Page) else (0, answer.reason)
    if status == 404 or reason == NOT_FOUND:
        return None
    if status in (401, 403) or reason in ("blocked", CREDENTIALS):
        raise CredentialError(
            _("LinkedIn did not accept the token"), where="api.linkedin.com", reason=CREDENTIALS,
            hint=_("The member makes a new one, with the right r_dma_portability_self_serve: {page}. LinkedIn gives it to members in the European Economic Area and Switzerland.", page=TOKENS),
        )  # fmt: skip
    if isinstance(answer, Refused):
        raise UnreadableError(_("LinkedIn did not answer: {reason}", reason=answer.detail or answer.reason), where="api.linkedin.com", hint=_("Try again later, or use the download: --export."))
    try:
        return _Snapshot.model_validate(json.loads(answer.body))
    except (ValueError, ValidationError, RecursionError):
        raise UnreadableError(_("LinkedIn answered in a way that nobody has seen yet"), where="api.linkedin.com", hint=_("Use the download instead: --export.")) from None
