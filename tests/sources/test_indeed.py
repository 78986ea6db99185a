"""Indeed's company pages: what their data holds, in whatever language; real pages where the machine has them."""

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
from repwatch.sources._dates import SPOKEN, _months, read_date, read_month
from repwatch.sources._javascript import unescape
from repwatch.sources._lenient import absolute
from repwatch.sources.indeed import INFO, parse, walk

CASES = golden.cases("indeed")
HERE = Path(__file__).parent / "indeed"


def read(body: bytes | str, **fields: Any) -> list[Any]:
    raw = body.encode() if isinstance(body, str) else body
    return list(parse(Page(url=fields.pop("url", ""), body=raw, **fields)))


def case(name: str) -> bytes:
    return (HERE / name).read_bytes()


def of(kind: type, outcomes: list[Any]) -> list[Any]:
    return [one for one in outcomes if isinstance(one, kind)]


def state() -> dict[str, Any]:
    page = case("typical.html").decode()
    found: dict[str, Any] = json.JSONDecoder().raw_decode(page, page.index("{"))[0]
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    """Each case is read exactly as its golden file says."""
    assert golden.outcomes("indeed", path) == golden.golden(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_marks(path: Path) -> None:
    """Every case, the refusal too, is recognised without its address."""
    assert sources.recognise(Page(url="", body=path.read_bytes())) == "indeed"


class TestDates:
    @pytest.mark.parametrize(
        ("text", "language", "day"),
        [
            ("29 september 2024", "nl", "2024-09-29"), ("2 mrt. 2024", "nl", "2024-03-02"), ("1er février 2024", "fr", "2024-02-01"),
            ("12 août 2023", "fr", "2023-08-12"), ("12 aout 2023", "fr", "2023-08-12"), ("4. Jänner 2022", "de", "2022-01-04"), ("4. Feber 2022", "", "2022-02-04"), ("4. Maerz 2022", "de", "2022-03-04"),
            ("3. März 2024", "de", "2024-03-03"), ("7. Mai 2021", "de", "2021-05-07"),
            ("February 9, 2022", "en", "2022-02-09"), ("9 Feb 2022", "en", "2022-02-09"), ("29 Sept 2024", "en", "2024-09-29"), ("29 sept. 2024", "nl", "2024-09-29"), ("29. Sept. 2024", "de", "2024-09-29"), ("29 de septiembre de 2024", "es", "2024-09-29"),
            ("5 août 2023", "", "2023-08-05"), ("6 mei 2023", "xx-nowhere", "2023-05-06"), ("29. Dezember 2020", "de-DE", "2020-12-29"),
            ("2024-09-29", "nl", "2024-09-29"), ("2024-09-29T10:00:00.000Z", "nl", "2024-09-29"), ("", "nl", None), (None, "nl", None),
        ],
    )  # fmt: skip
    def test_read(self, text: str | None, language: str, day: str | None) -> None:
        """A date is read as the page's language writes it."""
        assert read_date(text, language) == day

    @pytest.mark.parametrize(
        ("value", "language"),
        [
            ("29 septembre 2024", "nl"), ("31 februari 2024", "nl"), ("vorige week", "nl"), ("september 2024", "nl"), ("1 2 mei 2024", "nl"),
            ("٢٩ september 2024", "nl"), (20240929, "nl"), (["x"], "nl"), ("2024-02-30", "nl"), ("9" * 50 + " mei 2024", "nl"), ("1 mei 0000", "nl"),
        ],
    )  # fmt: skip
    def test_no_date(self, value: object, language: str) -> None:
        """What is no date, or one of another language, is an error and never a guess."""
        with pytest.raises(ValueError):
            read_date(value, language)

    @pytest.mark.parametrize(("text", "month"), [("Oktober 2025", "2025-10"), ("März 2024", "2024-03"), ("3. März 2024", "2024-03-03"), ("2025-10-01", "2025-10-01"), ("2025-10", "2025-10")])
    def test_month(self, text: str, month: str) -> None:
        """Where a page tells the month alone, no day is made up."""
        assert read_month(text, "de") == month

    def test_no_month(self) -> None:
        """A number is neither month nor date."""
        with pytest.raises(ValueError):
            read_month(5, "de")

    def test_months_do_not_clash(self) -> None:
        """No name means two months among the languages tried together."""
        seen: dict[str, int] = {}
        for language in SPOKEN:
            for name, number in _months(language).items():
                assert seen.setdefault(name, number) == number, name

    @given(st.text(max_size=40), st.sampled_from(["nl", "fr", "de", "en", "", "a/../b"]))
    def test_any_text(self, text: str, language: str) -> None:
        """Any text gives a date, nothing, or ValueError."""
        try:
            assert read_date(text, language) is None or date.fromisoformat(str(read_date(text, language)))
        except ValueError:
            return


class TestProfile:
    def test_total_is_not_found(self) -> None:
        """The total of all countries is the count; the filter and what it finds stand apart."""
        profile, shown = of(Profile, read(case("typical.html")))
        assert (profile.review_count, profile.filter, sum(profile.histogram.values())) == (7, None, 7)
        assert (shown.review_count, shown.filter, shown.rating, shown.histogram) == (3, "fcountry=BE", None, {})

    @pytest.mark.parametrize(("told", "claimed"), [(True, "claimed"), (False, "unclaimed"), (None, "unknown")])
    def test_claimed(self, told: bool | None, claimed: str) -> None:
        """The flag decides; without it nothing is known, answers or not."""
        changed = state()
        changed["sidebarWidgets"]["claimedProfileSectionWidget"]["profileClaimed"] = told
        assert of(Profile, read(json.dumps(changed)))[0].claimed == claimed

    def test_without_widgets(self) -> None:
        """A page without its side has a profile all the same."""
        changed = state()
        del changed["sidebarWidgets"], changed["reviewsFilters"], changed["requestContext"]
        profile, *rest = read(json.dumps(changed))
        assert (profile.review_count, profile.claimed, profile.filter, profile.histogram, profile.domain, profile.url) == (7, "unknown", None, {}, None, None)
        assert len(of(Review, rest)) == 3  # read without knowing the page's language
        assert of(Review, rest)[0].url is None

    def test_total_from_the_filter(self) -> None:
        """Without a count in the header, the total beside the found count is it."""
        changed = state()
        del changed["companyPageHeader"]["companyHeader"]["reviewCount"]
        assert of(Profile, read(json.dumps(changed)))[0].review_count == 7

    @pytest.mark.parametrize(("field", "bad"), [("reviewHistogram", {"counts": [1, 2]}), ("reviewHistogram", {"counts": "5"}), ("companyPageStats", {"reviewCategories": {"culture": 17}})])
    def test_bad_side(self, field: str, bad: object) -> None:
        """What is not what it was changes the page; it names the field."""
        changed = state()
        changed["sidebarWidgets"][field] = bad
        with pytest.raises(LayoutChanged, match="indeed: page: "):
            read(json.dumps(changed))


class TestReviews:
    def test_gate_hides_nothing(self) -> None:
        """The whole texts are read from the data of a page that asks for a login."""
        assert b"content-gate-login-button" in case("typical.html")
        assert [one.native_id for one in of(Review, read(case("typical.html")))] == ["aa11", "bb22", "cc33"]

    def test_zero_is_not_given(self) -> None:
        """A part rated 0 was not given."""
        assert "career" not in of(Review, read(case("typical.html")))[0].subratings

    def test_only_official_answers(self) -> None:
        """A comment that is not official is not the employer's."""
        assert [one.text for one in of(Review, read(case("typical.html")))[0].responses] == ["Bedankt voor je beoordeling!"]

    def test_status(self) -> None:
        """Current, former, or not told."""
        assert [one.status for one in of(Review, read(case("typical.html")))] == ["current", "former", None]

    def test_old_state(self) -> None:
        """A state inside an escaped string: quotes, end tags and characters beyond the first plane survive."""
        review = of(Review, read(case("odd-old-state.html")))[0]
        assert (review.title, review.body, review.published) == ("D'accord 😀 \"bien\"", "Équipe sympa </script> oui", "2021-02-01")

    def test_bad_ones_are_problems(self) -> None:
        """Five bad records among seven: each is named, the others are read, a repeated one once, and one with a bad date without it."""
        outcomes = read(case("odd-old-state.html"))
        assert len(of(Problem, outcomes)) == 5
        assert [(one.native_id, one.published) for one in of(Review, outcomes)] == [("dd44", "2021-02-01"), ("ee55", None), ("hh88", "2020-08-12")]

    def test_bad_link(self) -> None:
        """A link that is no web address costs the link."""
        assert of(Review, read(case("odd-old-state.html")))[2].url is None
        assert absolute("https://be.indeed.com", "//[") is None


class TestPages:
    def test_escapes(self) -> None:
        """Each kind of escape of a string literal."""
        assert unescape(r"\x41\u00e9\u{1F600}\ud83d\ude00\n\\\'\/\q") == "Aé😀😀\n\\'/q"
        assert unescape(r"\ud83d") == "\ufffd"

    def test_double_quotes(self) -> None:
        """The older state may stand in double quotes."""
        assert read('<script>window._initialData=JSON.parse("' + json.dumps(state()).replace("\\", "\\\\").replace('"', '\\"') + '")</script>') == read(json.dumps(state()))

    def test_other_page_of_a_company(self) -> None:
        """A page that lists no reviews gives its profile alone."""
        changed = state()
        del changed["reviewsList"]
        changed["companyPageHeader"]["pageName"] = "overview"
        assert [one.type for one in read(json.dumps(changed))] == ["profile"]

    @pytest.mark.parametrize("body", ["", "<html>hello</html>", "{}", '<script id="comp-initialData">{"a": 1}</script>', "window._initialData=JSON.parse('", "window._initialData = {}"])
    def test_no_data(self, body: str) -> None:
        """A page without its data is a changed layout, never an empty answer."""
        with pytest.raises(LayoutChanged, match="indeed: comp-initialData not in page"):
            read(body)

    def test_beyond_the_last_page(self) -> None:
        """Nothing beyond the last page is nothing; nothing before it is a change."""
        changed = state()
        changed["reviewsList"]["items"] = []
        with pytest.raises(LayoutChanged, match="of which 3 are counted"):
            read(json.dumps(changed))
        changed["requestContext"]["url"] = "/cmp/Molenbrug/reviews?start=20"
        assert of(NoResults, read(json.dumps(changed)))
        del changed["reviewsFilters"]["reviewsCount"]["foundReviewCount"]
        assert of(NoResults, read(json.dumps(changed)))

    def test_refused_by_status(self) -> None:
        """A refusal is told by status as well."""
        assert of(Refused, read(b"", status=403))[0].reason == "blocked"


def test_walk() -> None:
    """A walk goes on by twenties, keeps the filter, and stops at old, repeated or no reviews."""
    watch = Watch(source="indeed", employer="M", target="https://be.indeed.com/cmp/M/reviews?lang=nl", since=date(2023, 12, 1), until=date(2026, 1, 1))

    def reviews(*rows: tuple[str, str]) -> Read:
        return Read(Page(url=""), tuple(Review(source="indeed", native_id=ident, published=day) for ident, day in rows))

    steps = walk(watch)
    assert next(steps).url == watch.target
    second = steps.send(reviews(("a", "2024-01-01"), ("b", "2023-01-01")))
    assert (second.url, second.resume) == ("https://be.indeed.com/cmp/M/reviews?lang=nl&start=20",) * 2
    assert steps.send(reviews(("c", "2024-01-01"))).url.endswith("start=40")
    for last in (reviews(("d", "2023-11-30")), reviews(("a", "2024-01-01")), reviews()):
        steps = walk(watch.model_copy(update={"resume": second.url}))
        assert next(steps).url == second.url
        if last.items and last.items[0].native_id == "a":
            steps.send(last)
        with pytest.raises(StopIteration):
            steps.send(last)
    short = walk(watch.model_copy(update={"max_pages": 1}))
    next(short)
    with pytest.raises(StopIteration):
        short.send(reviews(("a", "2025-01-01")))


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]), st.just({"text": 5}))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_bytes(data: st.DataObject) -> None:
    """Bytes cut, doubled or changed anywhere raise nothing but errors of our own."""
    body = bytearray(case(data.draw(st.sampled_from(["typical.html", "odd-old-state.html", "empty.html"]))))
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
    """A value of any kind anywhere in the state is a problem or a changed layout."""
    changed = state()
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


@pytest.mark.parametrize(("header", "questions", "filled"), [
    ({"logoUrl": "https://img.example/logo.png", "headerVideoUrl": None}, [{"hasOfficialAnswer": False}, {"hasOfficialAnswer": True}], {"logo": True, "video": False, "answers": True}),
    ({"logoUrl": ""}, [{"content": "How is the sick leave?"}], {"logo": False}),
    ({}, [], {}),
])  # fmt: skip
def test_what_the_employer_has_filled_in(header: dict[str, Any], questions: list[dict[str, Any]], filled: dict[str, bool]) -> None:
    """Logo and film of the header, and whether it answers visitors' questions; of what the page does not name nothing is said."""
    told = state()
    told["companyPageHeader"] |= header
    told.setdefault("sidebarWidgets", {})["qnaQuestionsWidget"] = {"questions": questions}
    (profile, *_) = of(Profile, read(json.dumps(told).encode()))
    assert profile.filled == filled


@needs_real
class TestRealPages:
    """Counted with a script of its own: json over the file, no code of the project."""

    @pytest.mark.parametrize(
        ("name", "count", "stars", "first", "last", "current", "pros", "cons", "managed"),
        [
            ("flink_1", 20, 42, "2024-09-09", "2023-07-14", 5, 11, 14, 18), ("flink_4", 2, 8, "2022-01-20", "2022-01-18", 2, 2, 1, 2),
            ("heijmans_1", 20, 78, "2024-09-29", "2017-01-17", 7, 9, 8, 16), ("heijmans_2", 20, 82, "2017-01-09", "2013-02-01", 5, 13, 11, 18),
        ],
    )  # fmt: skip
    def test_reviews(self, name: str, count: int, stars: int, first: str, last: str, current: int, pros: int, cons: int, managed: int) -> None:  # fmt: skip
        """Each page by exact count."""
        outcomes = read((REAL / "reviews" / "indeed" / f"{name}.html").read_bytes())
        reviews = of(Review, outcomes)
        assert (len(outcomes), len({one.native_id for one in reviews})) == (count + 2, count)
        assert sum(one.rating for one in reviews) == stars
        assert (reviews[0].published, reviews[-1].published) == (first, last)
        assert sum(one.status == "current" for one in reviews) == current
        assert (sum(bool(one.pros) for one in reviews), sum(bool(one.cons) for one in reviews)) == (pros, cons)
        assert sum("management" in one.subratings for one in reviews) == managed
        assert all(one.body and one.title and one.job_title and one.location.endswith(", NL") for one in reviews)
        assert all(one.url.startswith("https://nl.indeed.com/cmp/") and one.url.endswith(f"?id={one.native_id}") for one in reviews)

    @pytest.mark.parametrize(
        ("name", "employer", "ident", "rating", "total", "found", "stars"),
        [("flink_1", "Flink", "f36ebbf075d89e48", 2.5, 111, 62, [45, 21, 12, 14, 19]), ("heijmans_2", "Heijmans", "3268acc4b8ef952b", 4, 42, 41, [1, 3, 6, 17, 15])],
    )  # fmt: skip
    def test_profile(self, name: str, employer: str, ident: str, rating: float, total: int, found: int, stars: list[int]) -> None:  # fmt: skip
        """Rating and count are those of all countries, and the histogram adds up to them; what was found for the Netherlands is counted apart."""
        profile, shown = read((REAL / "reviews" / "indeed" / f"{name}.html").read_bytes(), fetched_at="2024-12-01T00:00:00Z")[:2]
        assert (shown.employer_id, shown.rating, shown.review_count, shown.filter, shown.claimed) == (ident, None, found, "fcountry=NL", "unknown")
        assert (profile.employer, profile.employer_id, profile.rating, profile.review_count) == (employer, ident, rating, total)
        assert (profile.claimed, profile.domain, profile.filter, profile.observed) == ("claimed", "nl.indeed.com", None, "2024-12-01")
        assert (list(profile.histogram), list(profile.histogram.values()), sum(stars)) == (list("12345"), stars, total)
        assert (profile.filled, shown.filled) == ({"logo": True, "video": True, "answers": False}, {})

    def test_challenge(self) -> None:
        """The test for humans is a refusal, and betrays its site."""
        body = (REAL / "reviews" / "challenge" / "indeed_cf_justamoment_2025-11.html").read_bytes()
        assert [one.reason for one in of(Refused, read(body))] == ["challenge"]
        assert sources.recognise(Page(url="", body=body)) == "indeed"

    def test_marks(self) -> None:
        """Every page of the site carries a mark, and no other does."""
        for path in (REAL / "reviews").rglob("*.*"):
            if path.suffix in (".html", ".json", ".csv"):
                assert any(mark in path.read_bytes() for mark in INFO.marks) == path.name.startswith(("indeed_", "flink", "heijmans")), path.name
