"""Read how long a site asks us to wait, in every dialect that sites speak. Pure: headers and a clock reading in, seconds out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Above this a number is a moment (Unix epoch), below it a span of seconds.
_EPOCH = 1_000_000_000
_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_RESET = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that Retry-After asks for (0 is a valid answer), None without a readable one."""
    return _seconds(headers.get("retry-after"), now)


def pause(headers: Mapping[str, str], body: bytes, now: float) -> float:
    """Return how long to leave the host alone after this answer: 0 unless its budget is used up or it asks for a break.

    Dialects: Reddit (seconds), Mastodon (ISO instant), X and GitHub (epoch), the IETF draft, Stack Exchange's `backoff` member.
    """
    waits = [_backoff(headers, body)]
    remaining = next((headers[name] for name in _REMAINING if name in headers), None)
    if remaining is not None and _number(remaining) is not None and (_number(remaining) or 0) < 1:
        waits += [_seconds(headers.get(name), now) or 0.0 for name in _RESET]
    return max(waits)


def wait_after_refusal(headers: Mapping[str, str], now: float) -> float | None:
    """Return the wait that a 429 or 503 names: Retry-After, else the reset of its budget."""
    asked = retry_after(headers, now)
    if asked is not None:
        return asked
    resets = [_seconds(headers.get(name), now) for name in _RESET]
    return next((wait for wait in resets if wait is not None), None)


def _backoff(headers: Mapping[str, str], body: bytes) -> float:
    if "json" not in headers.get("content-type", "") or b'"backoff"' not in body[-2000:] + body[:2000]:
        return 0.0
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return 0.0
    value = told.get("backoff") if isinstance(told, dict) else None
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0


def _number(text: str) -> float | None:
    try:
        return float(text.split(";", maxsplit=1)[0].split(",", maxsplit=1)[0])
    except ValueError:
        return None


def _seconds(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    number = _number(text.strip())
    if number is not None:
        return max(0.0, number - now if number > _EPOCH else number)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.strip())
        except (ValueError, TypeError):
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, aware.timestamp() - now)
    return None
