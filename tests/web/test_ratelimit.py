"""The dialects of waiting, without a network."""

import pytest

from repwatch.web.ratelimit import json_of_interest, remaining, says_limited, wait_s

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, None, None),
        ({"retry-after": "0"}, None, 0),
        ({"retry-after": "12"}, None, 12),
        ({"retry-after": "1.5"}, None, 1.5),
        ({"retry-after": "-3"}, None, None),
        ({"retry-after": "inf"}, None, None),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": ""}, None, None),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"}, None, 10),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:30 -0000"}, None, 10),
        ({"retry-after": "Tue, 14 Nov 2023 22:00:00 GMT"}, None, 0),
        ({}, {"backoff": 10}, 10),
        ({"retry-after": "3"}, {"backoff": 10}, 10),
        ({}, {"backoff": True}, None),
        ({}, {"backoff": "10"}, None),
        ({}, [1], None),
        (
            {},
            {"error_name": "throttle_violation", "error_message": "more requests available in 63423 seconds"},
            63423,
        ),
        ({}, {"error_name": "throttle_violation", "error_message": "too many"}, None),
        ({"x-ratelimit-remaining": "997.0", "x-ratelimit-reset": "60"}, None, None),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "60"}, None, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000060"}, None, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000060000"}, None, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1600000000"}, None, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2023-11-14T22:14:20.123456Z"}, None, 60.123456),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2023-11-14T22:14:20"}, None, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "later"}, None, None),
        ({"x-ratelimit-remaining": "0"}, None, None),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1700000060"}, None, 60),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "1700000060"}, None, 60),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "30"}, None, 30),
        ({"ratelimit": "limit=100, remaining=0, reset=50"}, None, 50),
        ({"ratelimit": "limit=100, remaining=1, reset=50"}, None, None),
        ({"ratelimit": '"default";r=0;t=40'}, None, 40),
        ({"x-ratelimit-reset": "60"}, None, None),
    ],
)
def test_wait(headers, body, expected):
    """Each dialect gives seconds from now."""
    found = wait_s(headers, body, NOW)
    assert found == (None if expected is None else pytest.approx(expected))


def test_reset_without_count_counts_on_a_refusal():
    """A 429 with a reset alone means: wait until then."""
    assert wait_s({"x-ratelimit-reset": "60"}, None, NOW, refused=True) == 60
    assert wait_s({"x-ratelimit-reset": "60", "x-ratelimit-remaining": "3"}, None, NOW, refused=True) is None


def test_remaining():
    """The count may be a float, and may be absent."""
    assert remaining({"x-ratelimit-remaining": "982.0"}) == 982
    assert remaining({"x-ratelimit-remaining": "many"}) is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"items": []}', None), (200, b' {"backoff": 3}', {"backoff": 3}), (400, b'{"error": "x"}', {"error": "x"}),
        (400, b"{broken", None), (400, b"<html>", None), (400, b"{" + b" " * 1_000_000 + b"}", None),
    ],
)  # fmt: skip
def test_json_of_interest(status, body, expected):
    """Only what may speak of limits is parsed."""
    assert json_of_interest(status, body) == expected


def test_says_limited():
    """Two interfaces say it in the body only."""
    assert says_limited({"error": "rate_limit_error"})
    assert not says_limited({"error": "x"})
    assert not says_limited(None)
