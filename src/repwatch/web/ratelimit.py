"""Read how long a site asks us to wait. Pure: headers, body and the clock in, seconds out.

The dialects are those that the watched interfaces speak: `Retry-After` in seconds or as an HTTP date, reset headers in
seconds from now, as a UNIX epoch or as an ISO instant, the IETF drafts, and Stack Exchange's JSON members.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_RESET = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset-after")
#: `RateLimit: limit=10, remaining=0, reset=5` (draft 7) and `RateLimit: "default";r=0;t=5` (from draft 8 on).
_COMBINED_REMAINING = re.compile(r"(?:\bremaining|;\s*r)\s*=\s*(\d+)")
_COMBINED_RESET = re.compile(r"(?:\breset|;\s*t)\s*=\s*(\d+)")
_THROTTLED = re.compile(r"available in (\d+) seconds")
#: A number of seconds above this (1973 as an epoch) is an instant, not a span; above the second one, in milliseconds.
_EPOCH, _EPOCH_MS = 1e8, 1e11
_JSON_LIMIT = 1_000_000


def wait_s(headers: Mapping[str, str], body: Any, now: float, *, refused: bool = False) -> float | None:
    """Return the seconds to wait before the next request to this host, or None where the site asks for none.

    `headers` have lower-case names, `body` is the parsed JSON or None, `now` a UNIX time. A reset header alone is no
    demand: it counts once nothing remains, or, without a remaining count, when the answer is itself a refusal.
    """
    asked = [found for found in (_retry_after(headers, now), _backoff(body)) if found is not None]
    if asked:
        return max(asked)
    left = remaining(headers)
    spent = refused if left is None else left <= 0
    return _reset(headers, now) if spent else None


def remaining(headers: Mapping[str, str]) -> float | None:
    """Return how many requests the site says are left, or None where it does not say."""
    for name in _REMAINING:
        if (number := _number(headers.get(name))) is not None:
            return number
    found = _COMBINED_REMAINING.search(headers.get("ratelimit", ""))
    return float(found[1]) if found else None


def says_limited(body: Any) -> bool:
    """Tell whether a JSON error names a rate limit, whatever its HTTP status (Stack Exchange and Lemmy answer 400)."""
    if not isinstance(body, dict):
        return False
    return body.get("error_name") == "throttle_violation" or body.get("error") == "rate_limit_error"


def json_of_interest(status: int, body: bytes) -> Any:
    """Parse a body only where it may speak of limits: an error, or a page with a `backoff` member; else None."""
    if len(body) > _JSON_LIMIT or body.lstrip()[:1] != b"{":
        return None
    if status < 400 and b'"backoff"' not in body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    text = headers.get("retry-after")
    if text is None:
        return None
    if (number := _number(text)) is not None:
        return number
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, _epoch(then) - now)


def _backoff(body: Any) -> float | None:
    if not isinstance(body, dict):
        return None
    value = body.get("backoff")
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return float(value)
    if body.get("error_name") == "throttle_violation":
        found = _THROTTLED.search(str(body.get("error_message", "")))
        return float(found[1]) if found else None
    return None


def _reset(headers: Mapping[str, str], now: float) -> float | None:
    for name in _RESET:
        if name in headers:
            return _until(headers[name], now)
    found = _COMBINED_RESET.search(headers.get("ratelimit", ""))
    return float(found[1]) if found else None


def _until(text: str, now: float) -> float | None:
    number = _number(text)
    if number is None:
        try:
            return max(0.0, _epoch(datetime.fromisoformat(text.strip())) - now)
        except ValueError:
            return None
    if number < _EPOCH:
        return number
    return max(0.0, (number / 1000 if number > _EPOCH_MS else number) - now)


def _epoch(moment: datetime) -> float:
    # A date without a zone is UTC: HTTP knows no other.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None
