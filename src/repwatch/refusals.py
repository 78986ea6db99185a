"""Tell a refusal from a page. Pure: bytes and headers in, the name of the refusal out.

The names are part of the contract (`reason` in `parse`, the ledger and the reports).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from repwatch.wording import N_

if TYPE_CHECKING:
    from repwatch.models import Page, Refused

CHALLENGE, LOGIN, CONSENT, ROBOTS = "challenge", "login", "consent", "robots"
BLOCKED, RATE_LIMIT, NOT_JSON, SERVER, NOT_FOUND = (
    "blocked",
    "rate_limit",
    "html_not_json",
    "server_error",
    "not_found",
)
TIMEOUT, DNS, TLS, NETWORK, TOO_LARGE, REDIRECTS = (
    "timeout",
    "dns",
    "tls",
    "network",
    "too_large",
    "redirects",
)
CREDENTIALS, GONE, API_ERROR = "credentials", "gone", "api_error"
EXPIRED, REVOKED, QUOTA = "credentials_expired", "credentials_revoked", "quota"
NO_CREDENTIAL, TERMS = "no_credential", "terms"
ERASED = "erased"
ROBOTS_UNREADABLE, NOT_ARCHIVED = "robots_unreadable", "not_archived"
INTERRUPTED = "interrupted"

#: What each refusal means for the reader, and what to do next; translated where it is shown.
MEANING: dict[str, tuple[str, str]] = {
    CHALLENGE: (
        N_("the site shows a test for humans instead of the page"),
        N_("Open the page in your browser, save it, and drop it into the inbox folder."),
    ),
    LOGIN: (
        N_("the site asks visitors to log in"),
        N_("Log in with your browser, save the page, and drop it into the inbox folder."),
    ),
    CONSENT: (
        N_("the site shows its consent page instead of the answer"),
        N_("Save the page from your browser, or use another source."),
    ),
    ROBOTS: (
        N_("the site's robots.txt does not allow programs here"),
        N_("Save the page from your browser and drop it into the inbox folder."),
    ),
    ROBOTS_UNREADABLE: (
        N_("the site's robots.txt could not be read, so nothing else was asked"),
        N_("A later check tries again; if it stays so, save the page from your browser and drop it into the inbox folder."),
    ),
    BLOCKED: (
        N_("the site refused the request"),
        N_("Save the page from your browser and drop it into the inbox folder."),
    ),
    RATE_LIMIT: (N_("the site asks for fewer requests"), N_("Nothing to do: the next check tries again.")),
    NOT_JSON: (
        N_("the interface answered with a web page, a sign of blocking"),
        N_("Nothing to do today; if it stays, see the source's page in the docs."),
    ),
    SERVER: (N_("the site has a fault of its own"), N_("Nothing to do: the next check tries again.")),
    NOT_FOUND: (N_("there is no page at this address"), N_("Check the address in the settings.")),
    GONE: (N_("the page was removed for good"), N_("Remove it from the settings.")),
    TIMEOUT: (N_("the site did not answer in time"), N_("Nothing to do: the next check tries again.")),
    DNS: (N_("the site's name could not be found"), N_("Check the address in the settings and your connection.")),
    TLS: (N_("the site's certificate is not valid"), N_("Do not go on; tell the site or your IT department.")),
    NETWORK: (N_("the connection failed"), N_("Check your connection; the next check tries again.")),
    TOO_LARGE: (
        N_("the answer is larger than the limit"),
        N_("Raise `max_bytes` in the settings if the page is known to be that large."),
    ),
    REDIRECTS: (N_("the site sends on to other addresses, and to no page that can be read"), N_("Check the address in the settings.")),
    CREDENTIALS: (N_("the key or password was not accepted"), N_("Check the credential named in the settings.")),
    EXPIRED: (N_("the key or token has expired"), N_("Make a new one and put it into the settings.")),
    REVOKED: (N_("the key or token was withdrawn"), N_("Make a new one and put it into the settings.")),
    QUOTA: (N_("what the key allows for this day is used up"), N_("Nothing to do: a later check tries again.")),
    NO_CREDENTIAL: (N_("no key or password is set for this source"), N_("Set one in the settings, or remove the source from them.")),
    TERMS: (N_("the site's terms are not accepted in the settings"), N_("Read them; then set accept_terms = true, or remove the source.")),
    NOT_ARCHIVED: (N_("the archive does not hold this page: it was cut off, or its run was stopped before"), N_("Replay a whole copy of the archive.")),
    ERASED: (N_("the page was erased from the archive, as a person may ask"), N_("Nothing to do: what it held is forgotten.")),
    INTERRUPTED: (N_("the check was stopped before this source was read"), N_("Nothing to do: the next check tries again.")),
    API_ERROR: (N_("the interface answered with an error"), N_("Check the query in the settings.")),
}

#: What to do about a site whose only door is the page saved from the browser, and about a file that could not be read.
ADVICE = {
    "save_page": N_("Open {target} in your browser, save the page, and drop it into the inbox folder."),
    "save_any_page": N_("Save the page in your browser and drop it into the inbox folder."),
    "still_in_inbox": N_("The file is still in the inbox: save the page once more, or remove the file."),
    "other_page": N_("Open the address in your browser. If another page stands there, or none, correct the address in the settings."),
    "look": N_("Look at {setting} in the settings; a new one is made at {page} (docs/how-to/keys.md)."),
    "later": N_("A later check tries again. The key is {setting} in the settings; a new one is made at {page} (docs/how-to/keys.md)."),
    "more": N_("A later check tries again; with a key more is allowed: {setting} in the settings; a new one is made at {page} (docs/how-to/keys.md)."),
    "terms": N_("{terms} To go on all the same: accept_terms = true for this source in the settings."),
}

#: Why a source that was asked for is skipped; a part of a file is skipped without any of them, because it tells nothing.
_SKIPPED_UNREAD = frozenset({NO_CREDENTIAL, TERMS, INTERRUPTED})


def unread(state: str, reason: str) -> bool:
    """Tell whether what the ledger says of a watch is that it could not be read, wholly or in part."""
    return reason in _SKIPPED_UNREAD if state == "skipped" else state != "read"


_CHALLENGE = (
    b"window._cf_chl_opt", b"/cdn-cgi/challenge-platform/", b"challenges.cloudflare.com/turnstile", b"window.gokuProps",
    b".awswaf.com/", b"Additional Verification Required", b"Help Us Keep Glassdoor", b"Help Us Protect Glassdoor",
    b"captcha-delivery.com", b"px-captcha", b"<title>Just a moment...</title>", b"<title>Security | Glassdoor</title>",
)  # fmt: skip
_CONSENT_HOST = re.compile(r"https?://consent\.")
_CONSENT_TITLE = re.compile(
    rb"<title>[^<]{0,40}(before you continue|avant d.acc|bevor sie|voordat je)", re.IGNORECASE
)
_LOGIN = re.compile(
    rb"<title>[^<]{0,60}(sign in|log ?in|connexion|inloggen|anmelden|einloggen)[^<]{0,60}</title>",
    re.IGNORECASE,
)
_HEAD = 200_000


def looks_like_html(body: bytes) -> bool:
    """Tell whether the first characters are those of a web page."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start


def find_refusal(page: Page, *, expect: str = "any", source: str | None = None) -> Refused | None:
    """Return the refusal that `page` is, or None. A page with its data in it is never a refusal by markers alone.

    `expect="json"` makes HTML a refusal of its own kind. Works on 200 as on 403: sites answer challenges with either.
    """
    reason, detail = _by_content(page, expect)
    if not reason:
        reason, detail = _by_status(page)
    if not reason:
        return None
    # Reports ask only for MEANING, and should not pay for pydantic.
    from repwatch.models import Refused

    return Refused(source=source, reason=reason, detail=detail)


def explains_itself(page: Page, expect: str = "any") -> bool:
    """Tell whether a refused page is an interface's own answer: refused by its status alone, with JSON that may say why."""
    return page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and not _by_content(page, expect)[0]


def more_exact(general: Refused, own: Refused) -> Refused:
    """Return what a source says of its refusal; where it knows no more than "an error", the name that the status gave stays."""
    reason = general.reason if own.reason == API_ERROR or own.reason not in MEANING else own.reason
    return own.model_copy(update={"reason": reason, "detail": own.detail or general.detail})


def _by_content(page: Page, expect: str) -> tuple[str, str]:
    body, headers = page.body[:_HEAD], page.headers
    if headers.get("cf-mitigated") == "challenge":
        return CHALLENGE, "cf-mitigated: challenge"
    if "x-amzn-waf-action" in headers:
        return CHALLENGE, f"x-amzn-waf-action: {headers['x-amzn-waf-action']}"
    if not looks_like_html(body):
        return "", ""
    if _CONSENT_HOST.match(page.url) or _CONSENT_TITLE.search(body):
        return CONSENT, "consent page"
    if not _has_data(page.body):
        mark = next((mark for mark in _CHALLENGE if mark in body), None)
        if mark:
            return CHALLENGE, mark.decode()
        if _LOGIN.search(body[:20_000]):
            return LOGIN, "login page"
    if expect == "json":
        return NOT_JSON, "HTML instead of JSON"
    return "", ""


#: State, structured data or review markup: a page that carries these is read, whatever scripts stand beside them.
_DATA = (
    b"__APOLLO_STATE__", b"window.appCache", b'"apolloState":', b"empReview", b"application/ld+json", b"__NEXT_DATA__", b"self.__next_f.push", b"comp-initialData", b"_initialData",
    b"eiRatingDetails",
)  # fmt: skip


def _has_data(body: bytes) -> bool:
    # Most pages carry a mark in their front; those that lack one mark are long, and would be searched whole for it.
    return any(mark in part for part in (body[:_HEAD], body) for mark in _DATA)


_STATUS = {401: CREDENTIALS, 403: BLOCKED, 404: NOT_FOUND, 405: BLOCKED, 406: BLOCKED, 407: BLOCKED, 410: GONE, 422: API_ERROR,
           429: RATE_LIMIT, 451: BLOCKED}  # fmt: skip


def _by_status(page: Page) -> tuple[str, str]:
    status = page.status
    if status in (200, 203, 204, 205, 206, 304):
        return "", ""
    if status >= 500:
        return SERVER, f"status {status}"
    if status == 202:
        return CHALLENGE, "status 202"
    return _STATUS.get(status, API_ERROR if status >= 400 else REDIRECTS), f"status {status}"


#: What the error answers of interfaces consist of; one that holds anything else is another kind of file.
_OF_ERRORS = frozenset((
    "error", "errors", "message", "code", "status", "statusCode", "detail", "title", "type", "reason", "success", "data", "extensions",
    "error_code", "error_description", "error_id", "error_message", "error_name", "error_type", "request_id", "path", "timestamp",
))  # fmt: skip
_LONGEST_ERROR = 20_000


def find_error(body: bytes) -> Refused | None:
    """Return the refusal that an error answer in JSON is, whosever interface it comes from; None for anything else."""
    if len(body) > _LONGEST_ERROR or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        told = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    parts = told if isinstance(told, list) else [told]
    if not all(isinstance(each, dict) and (_OF_ERRORS.issuperset(each) or each.keys() == {"data"}) for each in parts):
        return None
    fault = next((each for each in parts if _is_fault(each)), None)
    if fault is None:
        return None
    from repwatch.models import Refused

    inside = list(_inside(fault))
    code = next((each[key] for each in inside for key in ("code", "status", "statusCode") if _is_refused_status(each.get(key))), 0)
    words = next((each[key] for each in inside for key in ("message", "error_message", "error_description", "detail", "title", "error") if isinstance(each.get(key), str)), "")
    return Refused(reason=SERVER if code >= 500 else _STATUS.get(code, API_ERROR), detail=" ".join(words.split())[:200])


def _is_fault(one: dict[str, Any]) -> bool:
    return bool(one.get("error") or one.get("errors")) or any(_is_refused_status(one.get(key)) for key in ("code", "status", "statusCode"))


def _is_refused_status(value: Any) -> bool:
    return type(value) is int and 400 <= value < 600


def _inside(fault: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects that may tell what is wrong: the innermost first."""
    for whole in (fault.get("error"), fault):
        if isinstance(whole, dict):
            listed = whole.get("errors")
            yield from (each for each in (listed if isinstance(listed, list) else [])[:1] if isinstance(each, dict))
            yield whole
