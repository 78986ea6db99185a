"""Trustpilot's pages of 2024 to 2026, lists of reviews, and the official interface; real pages where the machine has them."""

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
from repwatch.models import NoResults, Page, Problem, Profile, Read, Refused, Review, Watch
from repwatch.sources.trustpilot import INFO, parse, walk

CASES = golden.cases("trustpilot")
HERE = Path(__file__).parent / "trustpilot"
API = "https://api.trustpilot.com/v1/business-units/"
UNIT = {"id": "00000000000000000000abcd", "displayName": "Molenbrug", "name": {"identifying": "molenbrug.example", "referring": []}, "status": "active",
        "score": {"stars": 4, "trustScore": 3.9}, "numberOfReviews": {"total": 31, "oneStar": 5, "twoStars": 1, "threeStars": 2, "fourStars": 3, "fiveStars": 20}}  # fmt: skip


def read(body: bytes | str, **fields: Any) -> list[Any]:
    raw = body.encode() if isinstance(body, str) else body
    return list(parse(Page(url=fields.pop("url", ""), body=raw, **fields)))


def case(name: str) -> bytes:
    return (HERE / name).read_bytes()


def of(kind: type, outcomes: list[Any]) -> list[Any]:
    return [one for one in outcomes if isinstance(one, kind)]


def props(name: str = "typical.html") -> dict[str, Any]:
    page = case(name).decode()
    found: dict[str, Any] = json.JSONDecoder().raw_decode(page, page.index("{"))[0]["props"]["pageProps"]
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.outcomes("trustpilot", path) == golden.golden(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_marks(path: Path) -> None:
    """Every case, the refusal too, is recognised without its address."""
    assert sources.recognise(Page(url="", body=path.read_bytes())) == "trustpilot"


class TestPages:
    def test_counts(self) -> None:
        """The count is that of all languages; those beside the list are of the language chosen."""
        profile = of(Profile, read(case("typical.html")))[0]
        assert (profile.review_count, profile.filter, sum(profile.histogram.values())) == (31, "languages=fr", 12)

    def test_carousel_is_not_read(self) -> None:
        """The reviews shown again above the list are not read twice."""
        assert len(of(Review, read(case("typical.html")))) == 3

    def test_customers_speak(self) -> None:
        """Every review is a customer's, and its author is nobody."""
        assert {one.voice for one in of(Review, read(case("typical.html")))} == {"customer"}
        assert "Jeanne" not in "".join(one.model_dump_json() for one in read(case("typical.html")))

    def test_attribute_order(self) -> None:
        """The data is found whatever the order of its element's attributes."""
        assert case("odd-2026.html").index(b"id=__NEXT_DATA__") > case("odd-2026.html").index(b"nonce")
        assert len(of(Review, read(case("odd-2026.html")))) == 3

    @pytest.mark.parametrize("name", ["pending", "isPending"])
    def test_pending(self, name: str) -> None:
        """A review that the site still checks is left out, under either name; a list of those alone holds nothing."""
        changed = props()
        for one in changed["reviews"]:
            one.pop("pending")
            one[name] = True
        assert [one.type for one in read(json.dumps(changed))] == ["profile", "no_results"]
        assert [one.type for one in read(json.dumps(changed["reviews"]))] == ["no_results"]

    def test_bad_ones_are_problems(self) -> None:
        """Four bad records: each is named, the others are read."""
        outcomes = read(case("odd-2026.html"))
        assert [one.detail.rpartition(": ")[0] for one in of(Problem, outcomes)] == [
            "review 000000000000000000000006: rating", "review 000000000000000000000007: dates.publishedDate", "review number 6", "review number 7: id",
        ]  # fmt: skip

    @pytest.mark.parametrize(("told", "claimed"), [(True, "claimed"), (False, "unclaimed"), (None, "unknown")])
    def test_claimed(self, told: bool | None, claimed: str) -> None:
        """The flag decides."""
        changed = props()
        changed["businessUnit"]["isClaimed"] = told
        assert of(Profile, read(json.dumps(changed)))[0].claimed == claimed

    def test_payloads_of_a_page(self) -> None:
        """The data of a page saved alone is read like the page."""
        expected = read(case("typical.html"))
        for payload in (props(), {"pageProps": props()}, {"props": {"pageProps": props()}}):
            assert read(json.dumps(payload)) == expected

    def test_list(self) -> None:
        """A plain list of reviews is read without a profile; their addresses are known all the same."""
        reviews = read(json.dumps(props()["reviews"]))
        assert [(one.type, one.employer, one.url) for one in reviews[:1]] == [("review", None, "https://www.trustpilot.com/reviews/000000000000000000000001")]
        assert len(reviews) == 3
        assert read("[]") == [NoResults(source="trustpilot")]

    @pytest.mark.parametrize("body", ["", "<html></html>", "{}", "[1]", '[{"id": 1}]', "{", '<script id="__NEXT_DATA__">{"props": {}}</script>'])
    def test_no_data(self, body: str) -> None:
        """A page without its data is a changed layout."""
        with pytest.raises(LayoutChanged, match="trustpilot: "):
            read(body)

    def test_reviews_gone(self) -> None:
        """A page that no longer lists reviews is a changed layout, and so is one with counts that are no numbers."""
        changed = props()
        changed["reviewList"] = changed.pop("reviews")
        with pytest.raises(LayoutChanged, match="reviews not beside businessUnit"):
            read(json.dumps(changed))
        changed["businessUnit"]["numberOfReviews"] = "many"
        with pytest.raises(LayoutChanged, match="page: numberOfReviews"):
            read(json.dumps(changed))

    @pytest.mark.parametrize(("page", "pages", "kind"), [(3, 2, "no_results"), (11, 40, "refused"), (2, 40, "raised")])
    def test_empty_pages(self, page: int, pages: int, kind: str) -> None:
        """Beyond the last page there is nothing; from the eleventh on, the site asks for a login; else it changed."""
        changed = props()
        changed["reviews"] = []
        changed["filters"]["pagination"].update(currentPage=page, totalPages=pages)
        if kind == "raised":
            with pytest.raises(LayoutChanged, match="which counts 12"):
                read(json.dumps(changed))
        else:
            outcome = read(json.dumps(changed))[-1]
            assert (outcome.type, getattr(outcome, "reason", "login")) == (kind, "login")

    def test_page_without_address(self) -> None:
        """A page that does not tell its address costs the address."""
        assert of(Profile, read(json.dumps({**props(), "pageUrl": 5})))[0].url is None


class TestInterface:
    def test_unit(self) -> None:
        """A business unit is a profile."""
        (profile,) = read(json.dumps(UNIT), url=API + "find?name=x")
        assert (profile.employer, profile.rating, profile.review_count, profile.claimed) == ("Molenbrug", 3.9, 31, "unknown")
        assert profile.histogram == {"1": 5, "2": 1, "3": 2, "4": 3, "5": 20}

    @pytest.mark.parametrize(("body", "detail"), [({"fault": {"faultstring": "Invalid ApiKey"}}, "Invalid ApiKey"), ({"message": "Not found"}, "Not found")])
    def test_faults(self, body: object, detail: str) -> None:
        """A fault of the interface is a refusal in its own words."""
        assert [(one.reason, one.detail) for one in read(json.dumps(body))] == [("api_error", detail)]

    def test_refusals(self) -> None:
        """A key that is not accepted, and a web page instead of an answer."""
        assert of(Refused, read("{}", status=401))[0].reason == "credentials"
        assert of(Refused, read("<html></html>", url=API + "x"))[0].reason == "html_not_json"

    def test_walk(self) -> None:
        """A walk finds the employer by domain, then asks for its reviews, all with the key and at the interface alone."""
        watch = Watch(source="trustpilot", employer="M", target="https://fr-be.trustpilot.com/review/molenbrug.example/fr?page=2", since=date(2025, 1, 1), until=date(2026, 1, 1))
        steps = walk(watch)
        find = next(steps)
        assert (find.url, find.auth, find.api, find.resume) == (API + "find?name=molenbrug.example%2Ffr", "trustpilot", True, None)
        first = steps.send(Read(Page(url=find.url), tuple(read(json.dumps(UNIT)))))
        assert first.url == API + "00000000000000000000abcd/reviews?orderBy=createdat.desc&perPage=100&page=1"
        new = Review(source="trustpilot", native_id="a", published="2025-05-01")
        second = steps.send(Read(Page(url=""), (new,)))
        assert (second.resume, second.auth, second.api) == ("00000000000000000000abcd/2", "trustpilot", True)
        with pytest.raises(StopIteration):
            steps.send(Read(Page(url=""), (new,)))
        for answer in ((), (new.model_copy(update={"published": "2024-12-31"}),)):
            again = walk(watch.model_copy(update={"resume": second.resume}))
            assert next(again) == second
            with pytest.raises(StopIteration):
                again.send(Read(Page(url=""), answer))
        short = walk(watch.model_copy(update={"resume": "x/y", "max_pages": 1}))
        assert next(short).resume == "x/1"
        with pytest.raises(StopIteration):
            short.send(Read(Page(url=""), (new,)))

    def test_walk_by_id(self) -> None:
        """An id needs no search; an employer that is not found ends the walk."""
        watch = Watch(source="trustpilot", employer="M", target="00000000000000000000abcd", since=date(2025, 1, 1), until=date(2026, 1, 1))
        steps = walk(watch)
        assert next(steps).url == API + "00000000000000000000abcd"
        with pytest.raises(StopIteration):
            steps.send(Read(Page(url=""), ()))


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]), st.just({"id": "x"}))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_bytes(data: st.DataObject) -> None:
    """Bytes changed anywhere raise nothing but errors of our own."""
    body = bytearray(case(data.draw(st.sampled_from(["typical.html", "odd-2026.html", "typical-api.json", "empty.html"]))))
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
    """A value of any kind anywhere in the data is a problem, a refusal or a changed layout."""
    changed = json.loads(case("typical-api.json")) if data.draw(st.booleans()) else data.draw(st.sampled_from([props, lambda: json.loads(json.dumps(UNIT))]))()
    target: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        inner = target[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            target[key] = data.draw(_VALUES)
            break
        target = inner
    try:
        assert read(json.dumps(changed))
    except RepwatchError:
        return


@needs_real
class TestRealPages:
    """Counted with a script of its own: json over the file, no code of the project."""

    @pytest.mark.parametrize(
        ("name", "count", "total", "stars", "answers", "chosen", "histogram", "newest"),
        [
            ("tp_de_eventnet_2024-06.html", 18, 18, 90, 4, "languages=all", [0, 0, 0, 0, 18], "2024-06-19T08:07:32Z"),
            ("tp_de_eventnet_2024-07.html", 20, 20, 100, 4, "languages=all", [0, 0, 0, 0, 20], "2024-06-27T08:03:48Z"),
            ("tp_it_studiosamo_2025-07.html", 20, 43, 97, 0, "languages=it", [1, 0, 0, 5, 37], "2025-05-27T20:32:43Z"),
        ],
    )  # fmt: skip
    def test_pages(self, name: str, count: int, total: int, stars: int, answers: int, chosen: str, histogram: list[int], newest: str) -> None:  # fmt: skip
        """Each page by exact count."""
        outcomes = read((REAL / "reviews" / "trustpilot" / name).read_bytes())
        profile, reviews = outcomes[0], of(Review, outcomes)
        assert (len(outcomes), len({one.native_id for one in reviews})) == (count + 1, count)
        assert (profile.review_count, profile.rating, profile.claimed, profile.filter) == (total, 4.6, "claimed", chosen)
        assert list(profile.histogram.values()) == histogram
        assert sum(one.rating for one in reviews) == stars
        assert sum(len(one.responses) for one in reviews) == answers
        assert max(one.published for one in reviews) == newest
        assert all(f"/reviews/{one.native_id}".encode() in (REAL / "reviews" / "trustpilot" / name).read_bytes() for one in reviews)

    def test_list(self) -> None:
        """A list of 2025: twenty reviews, all answered, one in Spanish, one of three stars."""
        reviews = read((REAL / "reviews" / "trustpilot" / "moneylion_page218.json").read_bytes())
        assert len({one.native_id for one in of(Review, reviews)}) == len(reviews) == 20
        assert sum(one.rating for one in reviews) == 98
        assert (sum(len(one.responses) for one in reviews), [one.lang for one in reviews].count("es")) == (20, 1)

    def test_marks(self) -> None:
        """Every file of the site carries a mark, and no other does."""
        for path in (REAL / "reviews").rglob("*.*"):
            if path.suffix in (".html", ".json", ".csv"):
                assert any(mark in path.read_bytes() for mark in INFO.marks) == (path.parent.name == "trustpilot"), path.name


def test_what_the_company_has_filled_in() -> None:
    """Each part that the page names is there or missing; the page of a company that names none tells nothing."""
    whole = props()
    assert of(Profile, read(json.dumps(whole)))[0].filled == {}
    whole["businessUnit"] |= {"websiteUrl": "https://molenbrug.example", "profileImageUrl": None, "customHeaderUrl": "", "contactInfo": {"email": None, "phone": "02 000 00 00"}}
    assert of(Profile, read(json.dumps(whole)))[0].filled == {"website": True, "logo": False, "cover_photo": False, "contact": True}
