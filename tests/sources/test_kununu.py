"""kununu's interface and its saved pages, as far as they are described: no real page or answer was at hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.real import REAL, needs_real
from tests.sources import golden

from repwatch import sources
from repwatch.errors import LayoutChanged, RepwatchError
from repwatch.models import Page, Problem, Profile, Read, Refused, Review, Watch
from repwatch.sources.kununu import INFO, parse, walk

CASES = golden.cases("kununu")
HERE = Path(__file__).parent / "kununu"
UUID = "00000384-0000-4000-8000-000000000384"
API = f"https://www.kununu.com/middlewares/profiles/de/molenbrug/{UUID}/reviews?reviewType=employees&fetchFactorScores=0&sort=newest&urlParams=&page=1"


def read(body: bytes | str, **fields: Any) -> list[Any]:
    raw = body.encode() if isinstance(body, str) else body
    return list(parse(Page(url=fields.pop("url", ""), body=raw, **fields)))


def case(name: str) -> bytes:
    return (HERE / name).read_bytes()


def of(kind: type, outcomes: list[Any]) -> list[Any]:
    return [one for one in outcomes if isinstance(one, kind)]


def listing(**changed: Any) -> str:
    return json.dumps({**json.loads(case("typical.json")), **changed})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.outcomes("kununu", path) == golden.golden(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["typical.json", "empty.json", "odd.json", "odd-page.html"])
def test_marks(name: str) -> None:
    """Every answer and page with reviews is recognised without its address."""
    assert sources.recognise(Page(url="", body=case(name))) == "kununu"


def test_nothing_real_is_claimed() -> None:
    """The source says itself that it was never tried on a real page, and asks nothing live."""
    assert INFO.verified.startswith("nothing real")
    assert not INFO.live


class TestInterface:
    def test_profile(self) -> None:
        """The address of the interface tells id, page and kind of reviews; the share is a part of one."""
        profile = of(Profile, read(case("typical.json"), url=API))[0]
        assert (profile.employer_id, profile.recommend, profile.review_count, profile.rating) == (UUID, 0.78, 23, 3.6)
        assert (profile.url, profile.filter, profile.domain) == ("https://www.kununu.com/de/molenbrug/kommentare", "reviewType=employees", "www.kununu.com")

    def test_names_from_the_address(self) -> None:
        """Without reviews, the address and the slug tell who it is; 0 % of nobody is no share."""
        profile = of(Profile, read(case("empty.json"), url=API))[0]
        assert (profile.employer, profile.employer_id, profile.recommend, profile.rating) == ("molenbrug", UUID, None, None)

    def test_voices(self) -> None:
        """Employees, applicants and apprentices are told apart."""
        assert [one.voice for one in of(Review, read(case("typical.json")))] == ["employee", "employee", "applicant", "apprentice"]

    def test_former(self) -> None:
        """An object means gone, null means there, and applicants are neither."""
        assert [one.status for one in of(Review, read(case("typical.json")))] == ["current", "former", None, "current"]
        assert of(Review, read(case("odd.json")))[2].status == "former"

    def test_texts(self) -> None:
        """The three texts have their places; all others, those of the ratings too, are the body."""
        first = of(Review, read(case("typical.json")))[0]
        assert (first.pros, first.cons, first.advice) == ("Nette Leute", "Wenig Parkplätze", "Mehr Schulungen")
        assert first.body == "Man hilft sich.\n\nDazu sage ich nichts."

    def test_zero_is_not_given(self) -> None:
        """A rating of 0 is left out; the others keep the site's names."""
        assert of(Review, read(case("typical.json")))[0].subratings == {"atmosphere": 4, "workLife": 3.5}

    def test_no_language(self) -> None:
        """The interface tells no language."""
        assert {one.lang for one in of(Review, read(case("typical.json")))} == {None}

    def test_bad_ones_are_problems(self) -> None:
        """Five bad records among eight; one is a repetition, and one with a bad date is read without it."""
        outcomes = read(case("odd.json"))
        assert (len(of(Problem, outcomes)), [bool(one.published) for one in of(Review, outcomes)]) == (5, [False, True, True])

    def test_minus_one_is_not_given(self) -> None:
        """A score or a count of -1 is none, and costs nothing."""
        rows = json.loads(case("typical.json"))["reviews"]
        rows[0]["score"], rows[0]["ratings"][0]["score"] = -1, -1
        profile, first, *_ = read(listing(reviews=rows, score=-1, totalReviews=-1))
        assert (profile.rating, profile.review_count, first.rating, first.subratings) == (None, None, None, {"workLife": 3.5})

    def test_entities_are_read_once(self) -> None:
        """What a payload escaped is text again, once; what merely looks like an entity stays."""
        rows = json.loads(case("typical.json"))["reviews"]
        rows[0]["title"] = "Gut &amp; fair &amp;lt; R&D &notice &#39;x&#39;"
        assert of(Review, read(listing(reviews=rows)))[0].title == "Gut & fair &lt; R&D &notice 'x'"

    @pytest.mark.parametrize("body", ["", "{}", "{", '{"reviews": {}}', '{"reviews": [{"id": 1}]}', '{"reviews": []}', "<html></html>", '<script id="__NEXT_DATA__">{"a": 1}</script>'])
    def test_no_data(self, body: str) -> None:
        """An answer without its data is a changed layout."""
        with pytest.raises(LayoutChanged, match="kununu: "):
            read(body)

    def test_empty_pages(self) -> None:
        """Beyond the last page there is nothing; before it, nothing is a change."""
        assert read(listing(reviews=[], page=4))[-1].type == "no_results"
        with pytest.raises(LayoutChanged, match="which counts 23"):
            read(listing(reviews=[], page=2))

    def test_no_second_name(self) -> None:
        """Beyond the last page the slug does not stand for the name that the pages before told."""
        profile = read(listing(reviews=[], page=4))[0]
        assert (profile.employer, profile.review_count) == (None, 23)

    def test_bad_listing(self) -> None:
        """Counts that are no numbers change the listing itself."""
        with pytest.raises(LayoutChanged, match="listing: totalReviews"):
            read(listing(totalReviews="viele"))

    def test_bad_company(self) -> None:
        """A company that is not what it was costs its review, and the next one names the employer."""
        rows = json.loads(case("typical.json"))["reviews"]
        rows[0]["company"] = {"name": 5}
        outcomes = read(listing(reviews=rows))
        assert (of(Profile, outcomes)[0].employer, len(of(Problem, outcomes)), len(of(Review, outcomes))) == ("Molenbrug GmbH", 1, 3)

    def test_refusals(self) -> None:
        """The test of the firewall, told by header, by content or by status."""
        assert of(Refused, read(b"", status=202, headers={"x-amzn-waf-action": "challenge"}))[0].reason == "challenge"
        assert of(Refused, read(b"", status=405))[0].reason == "blocked"
        assert of(Refused, read("<html></html>", url=API))[0].reason == "html_not_json"


class TestSavedPages:
    def test_month(self) -> None:
        """A page tells the month alone, and no day is made up; where it tells a moment, its day is kept."""
        assert [one.published for one in of(Review, read(case("odd-page.html")))] == ["2025-10", "2025-09-01", None]

    def test_whose_page(self) -> None:
        """The title names the employer, the links to its reviews hold its id, and the profile says where the page stands."""
        profile, *reviews = read(case("typical-page.html"), url="https://www.kununu.com/de/molenbrug/kommentare")
        assert (profile.type, profile.employer, profile.employer_id, profile.url) == ("profile", "Molenbrug & Söhne", UUID, "https://www.kununu.com/de/molenbrug/kommentare")
        assert {(one.employer, one.employer_id) for one in reviews} == {("Molenbrug & Söhne", UUID)}
        assert (reviews[0].title, reviews[0].url) == ("Gute Firma", f"https://www.kununu.com/de/molenbrug/statements/{UUID}/review/0000000d-0000-4000-8000-00000000000d")

    def test_who_writes(self) -> None:
        """Who left, applied or learns there is told apart, and none of these words is a job."""
        told = [(one.voice, one.status, one.job_title) for one in of(Review, read(case("typical-page.html")))]
        assert told == [("employee", "former", None), ("applicant", None, None), ("apprentice", "current", None), ("employee", "former", "Führungskraft"), ("employee", None, None)]

    @pytest.mark.parametrize(("title", "url", "name"), [
        ("Molenbrug Erfahrungen: 12 Bewertungen von Mitarbeitern | kununu", "", "Molenbrug"), ("Molenbrug als Arbeitgeber", "", None),
        ("Anderes | kununu", "https://www.kununu.com/at/molenbrug/kommentare", "molenbrug"),
    ])  # fmt: skip
    def test_name(self, title: str, url: str, name: str | None) -> None:
        """A title of another kind leaves the slug of the address, or nothing."""
        body = f'<title>{title}</title><article data-testid="review-1"><h4>Image</h4><p>Gut</p></article>'
        assert [one.employer for one in read(body, url=url)] == ([name, name] if name else [None])

    def test_ids(self) -> None:
        """An id comes from the mark of the review or from the link that reports it."""
        assert [one.native_id[:8] for one in of(Review, read(case("odd-page.html")))] == ["0000000b", "0000000c", "0000000e"]

    def test_comma_and_zero(self) -> None:
        """The score has a comma; 0 is none."""
        assert [one.rating for one in of(Review, read(case("odd-page.html")))] == [3.8, None, 4]

    def test_language_of_the_page(self) -> None:
        """The page's own language, or none."""
        assert of(Review, read(case("odd-page.html").replace(b' lang="de"', b"")))[0].lang is None
        assert of(Review, read(case("odd-page.html").replace(b' lang="de"', b"")))[0].published == "2025-10"

    def test_advertisement(self) -> None:
        """What stands in the list without id, text or score is no review."""
        assert of(Problem, read(case("odd-page.html")))[-1].detail == "review number 6: neither id, text nor score"

    @pytest.mark.parametrize("mark", ['id="__NEXT_DATA__"', 'data-testid="apollo-state"'])
    def test_state(self, mark: str) -> None:
        """A state that holds the listing is read like the interface's answer, with the page's language."""
        page = f'<!DOCTYPE html><html lang="de"><script type="application/json" {mark}>{json.dumps({"props": {"pageProps": [{"profile": json.loads(case("typical.json"))}]}})}</script></html>'
        expected = [one.model_copy(update={"lang": "de"}) for one in of(Review, read(case("typical.json")))]
        found = read(page, url="https://www.kununu.com/de/molenbrug/kommentare")
        assert of(Review, found) == expected
        assert (found[0].url, found[0].filter) == ("https://www.kununu.com/de/molenbrug/kommentare", None)

    def test_deep_state(self) -> None:
        """A state nested beyond reason is not searched to its end."""
        page = '<script id="__NEXT_DATA__">' + '{"a":' * 40 + listing() + "}" * 40 + "</script>"
        with pytest.raises(LayoutChanged):
            read(page)


def test_walk() -> None:
    """A walk turns the interface's pages until reviews are old, repeated or none; a month that began before is still read."""
    watch = Watch(source="kununu", employer="M", target=API, since=date(2025, 10, 15), until=date(2026, 1, 1))

    def reviews(*rows: tuple[str, str | None]) -> Read:
        return Read(Page(url=""), tuple(Review(source="kununu", native_id=ident, published=day) for ident, day in rows))

    steps = walk(watch)
    assert next(steps).url == API
    second = steps.send(reviews(("a", "2025-10")))
    assert second.url == API.replace("page=1", "page=2")
    assert second.resume == second.url
    for last in (reviews(("b", "2025-09")), reviews(("b", "2025-10-14T09:00:00Z")), reviews()):
        steps = walk(watch.model_copy(update={"resume": second.url}))
        assert next(steps).url == second.url
        with pytest.raises(StopIteration):
            steps.send(last)
    steps = walk(watch.model_copy(update={"max_pages": 2}))
    next(steps)
    steps.send(reviews(("a", None)))
    with pytest.raises(StopIteration):
        steps.send(reviews(("b", None)))
    steps = walk(watch)
    next(steps)
    steps.send(reviews(("a", None)))
    with pytest.raises(StopIteration):
        steps.send(reviews(("a", None)))
    page = walk(watch.model_copy(update={"target": "https://www.kununu.com/de/molenbrug/kommentare"}))
    assert next(page).expect == "html"
    with pytest.raises(StopIteration):
        page.send(reviews(("a", None)))


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]), st.just({"id": "x"}))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_bytes(data: st.DataObject) -> None:
    """Bytes changed anywhere raise nothing but errors of our own."""
    body = bytearray(case(data.draw(st.sampled_from(["typical.json", "odd-page.html", "odd.json"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    try:
        read(bytes(body))
    except RepwatchError:
        return


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_values(data: st.DataObject) -> None:
    """A value of any kind anywhere in an answer is a problem or a changed layout."""
    changed = json.loads(case("typical.json"))
    target: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        inner = target[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            target[key] = data.draw(_VALUES)
            break
        target = inner
    try:
        assert read(json.dumps(changed), url=API)
    except RepwatchError:
        return


@needs_real
def test_real_marks() -> None:
    """No page or payload of another site carries a mark, nor does an export made of this one."""
    for path in (REAL / "reviews").rglob("*.*"):
        if path.suffix in (".html", ".json", ".csv"):
            assert not any(mark in path.read_bytes() for mark in INFO.marks), path.name
