"""Telling a refusal from a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch import refusals
from repwatch.models import Page, Refused
from repwatch.refusals import MEANING, find_refusal, looks_like_html

CHALLENGES = {
    "cloudflare script": b"<html><script>window._cf_chl_opt={}</script></html>",
    "cloudflare platform": b'<html><script src="/cdn-cgi/challenge-platform/h/b/x.js"></script></html>',
    "turnstile": b'<!DOCTYPE html><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>',
    "aws waf goku": b"<html><script>window.gokuProps = {}</script></html>",
    "aws waf script": b'<html><script src="https://a.b.awswaf.com/challenge.js"></script></html>',
    "moment": b"<html><head><title>Just a moment...</title></head></html>",
    "glassdoor": b"<html><head><title>Security | Glassdoor</title></head></html>",
    "datadome": b'<html><script src="https://ct.captcha-delivery.com/c.js"></script></html>',
    "perimeterx": b'<html><div id="px-captcha"></div></html>',
    "indeed": b"<html><h1>Additional Verification Required</h1></html>",
}
DATA = (b"__APOLLO_STATE__", b"__NEXT_DATA__", b'<script type="application/ld+json">', b"comp-initialData", b'id="empReview_1"', b"self.__next_f.push")


def reason(page: Page, expect: str = "any") -> str | None:
    found = find_refusal(page, expect=expect)
    return found and found.reason


def page(body: bytes = b"", status: int = 200, url: str = "https://example.com/", **headers: str) -> Page:
    return Page(url, status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize("status", [200, 202, 403, 405, 429, 503])
@pytest.mark.parametrize("body", CHALLENGES.values(), ids=CHALLENGES)
def test_a_challenge_is_a_challenge_under_any_status(body: bytes, status: int) -> None:
    """Sites answer tests for humans with 200 as with 403: the content decides."""
    assert reason(page(body, status)) == refusals.CHALLENGE
    assert reason(page(body, status), "json") == refusals.CHALLENGE


@pytest.mark.parametrize("body", CHALLENGES.values(), ids=CHALLENGES)
@pytest.mark.parametrize("data", DATA)
def test_a_page_with_its_data_is_no_refusal(body: bytes, data: bytes) -> None:
    """Scripts against robots stand in good pages too."""
    assert reason(page(body + data)) is None


def test_data_far_behind_the_mark_still_counts() -> None:
    """The data may stand behind the first 200 kB."""
    body = CHALLENGES["turnstile"] + b" " * 300_000 + b"__NEXT_DATA__"
    assert reason(page(body)) is None


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"cf_mitigated": "challenge"}, "cf-mitigated: challenge"),
        ({"x_amzn_waf_action": "captcha"}, "x-amzn-waf-action: captcha"),
        ({"x_amzn_waf_action": "challenge"}, "x-amzn-waf-action: challenge"),
    ],
)
@pytest.mark.parametrize("status", [200, 202, 403, 405])
def test_a_header_names_the_challenge(headers: dict[str, str], detail: str, status: int) -> None:
    """The walls of Cloudflare and Amazon say so in a header, with an empty body."""
    expected = Refused(source="glassdoor", reason="challenge", detail=detail)
    assert expected == find_refusal(page(b"", status, **headers), source="glassdoor")


def test_202_without_a_body_is_a_challenge() -> None:
    """Amazon's wall may answer 202 and nothing else."""
    assert Refused(reason="challenge", detail="status 202") == find_refusal(page(b"", 202))


@pytest.mark.parametrize(
    "found",
    [
        page(b"<html></html>", url="https://consent.google.com/ml?continue=x"),
        page(b"<html><title>Before you continue to YouTube</title></html>"),
        page(b"<html><title>Bevor Sie fortfahren</title></html>"),
        page("<html><title>Avant d’accéder</title></html>".encode("latin-1", "replace")),
        page(b"<html><title>Voordat je verdergaat</title></html>"),
    ],
)
def test_a_consent_page(found: Page) -> None:
    """A consent page in four languages, or by its host."""
    assert reason(found) == "consent"


@pytest.mark.parametrize("title", ["Sign in | X", "Log in", "Login - Y", "Connexion", "X: inloggen", "Anmelden", "Einloggen bei Z"])
@pytest.mark.parametrize("status", [200, 403])
def test_a_login_page(title: str, status: int) -> None:
    """A page whose title asks to log in, in four languages; with data in it, it is a page."""
    body = f"<html><title>{title}</title></html>".encode()
    assert reason(page(body, status)) == "login"
    assert reason(page(body + b"__NEXT_DATA__")) is None


def test_html_where_json_was_asked_for() -> None:
    """A web page from an interface is a sign of blocking; JSON is not."""
    assert Refused(reason="html_not_json", detail="HTML instead of JSON") == find_refusal(page(b"<!doctype html><p>hi"), expect="json")
    assert reason(page(b"<html><p>hi"), "html") is None
    assert reason(page(b'{"a": "<html>"}'), "json") == "html_not_json"
    assert reason(page(b'{"a": 1}'), "json") is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None), (203, None), (204, None), (206, None), (304, None), (301, "redirects"), (302, "redirects"), (400, "api_error"), (401, "credentials"),
        (403, "blocked"), (404, "not_found"), (405, "blocked"), (406, "blocked"), (407, "blocked"), (410, "gone"), (418, "api_error"),
        (422, "api_error"), (429, "rate_limit"), (451, "blocked"), (500, "server_error"), (503, "server_error"), (599, "server_error"),
    ],
)  # fmt: skip
def test_statuses(status: int, expected: str | None) -> None:
    """Without marks in the body, the status decides."""
    assert expected == reason(page(b"{}", status))


@pytest.mark.parametrize("name", sorted({value for name, value in vars(refusals).items() if name.isupper() and isinstance(value, str)}))
def test_every_refusal_has_a_meaning_and_a_next_step(name: str) -> None:
    """No reason reaches a report without words for it."""
    what, do = MEANING[name]
    assert what[0].islower()
    assert not what.endswith(".")
    assert do.endswith(".")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!DOCTYPE html>", True), (b"\xef\xbb\xbf \r\n<HTML lang=en>", True), (b"<head>", True), (b"<body>", True),
        (b"<!-- saved --><html>", True), (b'<?xml version="1.0"?><rss>', False), (b"{}", False), (b"", False), (b" " * 600 + b"<html>", False),
    ],
)  # fmt: skip
def test_what_looks_like_html(body: bytes, expected: bool) -> None:
    """The first 512 bytes tell."""
    assert expected is looks_like_html(body)


@given(st.binary(max_size=400), st.integers(100, 599), st.sampled_from(["any", "json", "html", "feed"]))
def test_any_answer_has_a_verdict(body: bytes, status: int, expect: str) -> None:
    """Whatever bytes come, the reason is None or one that has a meaning."""
    found = reason(page(body, status), expect)
    assert found is None or found in MEANING
