"""Tables of reviews from anywhere: columns, dates, ratings, words, and what a row that does not fit costs."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch import wording
from repwatch.errors import SettingsError, UnreadableError
from repwatch.inlets import cells, mapping, records, table
from repwatch.inlets.dates import DateColumn
from repwatch.inlets.table import Table
from repwatch.models import Mention, Problem, Response, Review


def understood(body: bytes | str, told: mapping.Mapping | None = None, source: str | None = None) -> Table | None:
    """Understand bytes as a table."""
    raw = body.encode() if isinstance(body, str) else body
    return table.understand(lambda: io.BytesIO(raw), told, source)


def read(body: bytes | str, told: mapping.Mapping | None = None) -> list[Any]:
    """Return what a table holds."""
    found = understood(body, told)
    assert found is not None
    return list(found.items())


def workbook(*rows: Sequence[object], **sheets: Sequence[Sequence[object]]) -> bytes:
    """Return an XLSX file with a sheet of `rows`, and more sheets by name."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        ("Date,Rating,Title,Pros,Cons,Advice to Management", "2026-03-01,4,T,P,C,A", {"published": "2026-03-01", "rating": 4.0, "title": "T", "pros": "P", "cons": "C", "advice": "A"}),
        ("Date de publication;Note globale;Titre;Avantages;Inconvénients;Poste;Lieu", "01/03/2026;4,5;T;P;C;Comptable;Liège",
         {"published": "2026-03-01", "rating": 4.5, "title": "T", "pros": "P", "cons": "C", "job_title": "Comptable", "location": "Liège"}),
        ("Datum\tBeoordeling\tTitel\tVoordelen\tNadelen\tFunctie\tAanbevolen", "1-3-2026\t4\tT\tP\tC\tKok\tja",
         {"published": "2026-03-01", "rating": 4.0, "title": "T", "pros": "P", "cons": "C", "job_title": "Kok", "recommend": True}),
        ("Datum;Gesamtbewertung;Titel;Vorteile;Nachteile;Standort;Status", "01.03.2026;3,8;T;P;C;Köln;Ehemalige Mitarbeiterin",
         {"published": "2026-03-01", "rating": 3.8, "title": "T", "pros": "P", "cons": "C", "location": "Köln", "status": "former"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_four_languages_in_every_encoding(header: str, row: str, fields: dict[str, Any], encoding: str) -> None:
    """Column names in English, French, Dutch and German, with commas, semicolons or tabs, in each encoding that programs write."""
    assert [Review(source="table", **fields)] == read(f"{header}\r\n{row}\r\n".encode(encoding))


@pytest.mark.parametrize(
    ("dates", "read_as", "said"),
    [
        (["03/04/2026", "25/03/2026"], ["2026-04-03", "2026-03-25"], "day first: 25/03/2026 can be nothing else"),
        (["03/04/2026", "03/25/2026"], ["2026-03-04", "2026-03-25"], "month first: 03/25/2026 can be nothing else"),
        (["03/04/2026", "05/05/2026"], ["2026-04-03", "2026-05-05"], "day first, which is assumed: 03/04/2026 could be either, and no other date in the column decides it; a mapping file can say so (date_order)"),
        (["12.03.2025", "01.02.2025"], ["2025-03-12", "2025-02-01"], "day first, as dates with points are written: 12.03.2025"),
        (["2026-03-01", "2026/3/2", "2026.03.03", "20260304"], ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"], ""),
        (["Apr 13, 2023 ", "13 avril 2023", "13 april 2023", "13. April 2023"], ["2023-04-13"] * 4, ""),
        (["Oktober 2025", "2025-10", "10/2025", "octobre 2025", "2025/10"], ["2025-10"] * 5, ""),
        (["Mon Dec 16 2019 00:00:00 GMT+0100 (CET)", "Sat Sep 05 08:12:14 UTC 2026", "mar. 12 mars 2024"], ["2019-12-16", "2026-09-05", "2024-03-12"], ""),
        (["2025-05-20T06:37:54.000Z", "2025-05-20 06:37:54", "2025-05-20T06:37+02:00", "2025-05-12T00:00:00"], ["2025-05-20T06:37:54Z", "2025-05-20T06:37:54", "2025-05-20T06:37+02:00", "2025-05-12"], ""),
        (["45017", "45017.5", "45017,5", "1747723074", "1747723074000"], ["2023-04-01", "2023-04-01T12:00:00", "2023-04-01T12:00:00", "2025-05-20T06:37:54Z", "2025-05-20T06:37:54Z"], ""),
        (["7/8/26, 3:43 PM", "25/8/26"], ["2026-08-07", "2026-08-25"], "day first: 25/8/26 can be nothing else"),
    ],
)
def test_dates(dates: list[str], read_as: list[str], said: str) -> None:
    """Each shape of date gives what it tells and no more; the order of day and month is settled by the column, and said."""
    column = DateColumn()
    for each in dates:
        column.look(each)
    column.settle()
    assert [read_as, said] == [[column.read(each) for each in dates], column.said]


def test_what_was_settled_is_said_in_the_readers_language() -> None:
    """What was settled is kept in English, and shown in the language of who reads it."""
    found = understood("date,rating,pros\n25/03/2026,4,a\n")
    assert found is not None
    wording.use("de")
    try:
        shown = [wording.told(each) for each in found.said]
    finally:
        wording.use("en")
    assert ["dates in 'date': day first: 25/03/2026 can be nothing else", "ratings are out of 5: the highest is 4"] == json.loads(json.dumps(found.said))
    assert "Daten in 'date': Tag zuerst: 25/03/2026 kann nichts anderes sein" == shown[0]


def test_mixed_orders() -> None:
    """Where both orders stand in a column, a date that could be either is none; its row and the others are read."""
    found = read("date,rating,pros\n25/03/2026,4,a\n03/25/2026,4,b\n03/04/2026,4,c\n05/05/2026,4,d\n")
    problem = Problem(source="table", reason="a cell does not fit", detail="row 4, column 'date': day first or month first? The column holds both")
    assert [("a", "2026-03-25"), ("b", "2026-03-25"), ("c", None), problem, ("d", "2026-05-05")] == [each if isinstance(each, Problem) else (each.pros, each.published) for each in found]


def test_a_cell_costs_no_row() -> None:
    """A date, a rating, a helpful count, an answer's date that cannot be read: the rest of the row stays, and each cell is named."""
    header = "review id,date,rating,pros,job title,helpful,response,response date\n"
    found = read(header + "7,31/02/2026,4,a,Cook,some,Thanks,soon\n8,2026-01-02,five,b,Cook,1,,\n")
    assert found == [
        Review(source="table", native_id="7", rating=4, pros="a", job_title="Cook", responses=(Response(text="Thanks"),)),
        *(Problem(source="table", reason="a cell does not fit", detail=f"row 2, column {told}") for told in ("'date': there is no such day or hour", "'helpful': not a number", "'response date': not a date in the page's language")),
        Review(source="table", native_id="8", published="2026-01-02", pros="b", job_title="Cook", helpful=1),
        Problem(source="table", reason="a cell does not fit", detail="row 3, column 'rating': not a number"),
    ]


@pytest.mark.parametrize(("lang", "frame"), [("fr", "ligne 2, colonne 'date' : "), ("nl", "rij 2, kolom 'date': "), ("de", "Zeile 2, Spalte 'date': ")])
def test_what_is_wrong_with_a_cell_is_told_in_the_readers_language(lang: str, frame: str) -> None:
    """Row, column and reason, also within the sentence that counts the lines: no English word is left."""
    wording.use(lang)
    try:
        for cells in ("31/02/2026,four", "soon,4"):
            detail = next(each.detail for each in read(f"date,rating,pros\n{cells},a\n") if isinstance(each, Problem))
            for shown in (wording.told(detail), wording.told(f"2 lines could not be read; the first: {detail}")):
                assert frame in shown
                assert not re.search(r"\b(row|column|there|not|such|the)\b", shown)
    finally:
        wording.use("en")


def test_a_value_that_no_review_may_have_costs_no_row() -> None:
    """What passes the column but not the schema is taken out alone."""
    words = mapping.Mapping(columns={"view": "outlook", "of": "rating_scale"}, words={"outlook": {"so so": "middling"}})
    review, *problems = read("date,rating,pros,view,of\n2026-01-01,4,a,So so,0\n", words)
    assert ("a", 4, 5, None) == (review.pros, review.rating, review.rating_scale, review.outlook)
    assert ["row 2, column 'of': not a scale of ratings", "row 2, outlook: Input should be 'positive', 'neutral' or 'negative'"] == [each.detail for each in problems]


def test_sums_and_headings_are_no_reviews() -> None:
    """A row of averages, and the heading once more in a file put together from several, are left out and told."""
    found = read("Date,Rating,Pros\n2026-01-01,4,a\nDate,Rating,Pros\n2026-01-02,2,b\nAverage,3,\nlast week,3,c\n30/02/2026,3,\n")
    told = [each.detail if isinstance(each, Problem) else (each.published, each.rating, each.pros) for each in found]
    assert told == [
        ("2026-01-01", 4, "a"), "row 3: the heading once more", ("2026-01-02", 2, "b"), "row 5, column 'Date': not a date in the page's language",
        (None, 3, "c"), "row 6, column 'Date': not a date in the page's language", (None, 3, None), "row 7, column 'Date': there is no such day or hour",
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["yesterday", "3 days ago", "32/01/2026", "2026-02-30", "01/01/0026", "7", True, dt.time(1), "2026-13", "1 1 1", "99999999999999999"])
def test_no_dates(cell: Any) -> None:
    """What is no date is refused, never guessed."""
    with pytest.raises(ValueError, match=r"."):
        DateColumn("dmy").read(cell)


def test_a_given_order() -> None:
    """A mapping's order wins over assumption."""
    column = DateColumn("mdy")
    column.look("03/04/2026")
    column.settle()
    assert ["2026-03-04", "as the mapping file says: month first"] == [column.read("03/04/2026"), column.said]


@given(st.dates(dt.date(1991, 1, 1), dt.date(2099, 12, 31)))
def test_dates_come_back(day: dt.date) -> None:
    """A day written in any clear way is that day."""
    column = DateColumn("dmy")
    written = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", day, dt.datetime.combine(day, dt.time()), f"{day:%B} {day.day}, {day.year}"]
    assert {day.isoformat()} == {column.read(each) for each in written}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("4", (4, None)), ("4,5", (4.5, None)), ("4.50", (4.5, None)), ("4/5", (4, 5)), ("'4/5", (4, 5)), ("8 von 10", (8, 10)), ("4,5 sur 5 étoiles", (4.5, 5)), ("3 out of 5", (3, 5)),
     ("★★★★☆", (4, 5)), ("★★★", (3, None)), ("80 %", (80, 100)), ("4 Sterne", (4, None)), ("5 sterren", (5, None)), (3, (3, None)), ("", None), ("n/a", None), ("–", None)],
)  # fmt: skip
def test_ratings(cell: Any, expected: tuple[float, int | None] | None) -> None:
    """Stars are read as people write them, with their scale where they tell it."""
    assert expected == cells.rating(cell)


@pytest.mark.parametrize(("cell", "whole", "expected"), [("1.234", True, 1234), ("1,234", True, 1234), ("1 234", True, 1234), ("1.234,5", False, 1234.5), ("1,234.5", False, 1234.5), ("2,2", False, 2.2), ("-3", False, -3)])
def test_numbers(cell: str, whole: bool, expected: float) -> None:
    """Decimal commas and points, and groups of thousands where a count is meant."""
    assert expected == cells.number(cell, whole=whole)


@pytest.mark.parametrize("cell", ["many", True, float("nan"), "4 good", "1e400"])
def test_no_numbers(cell: Any) -> None:
    """A word is no number, and neither is infinity."""
    with pytest.raises(ValueError, match="not a number"):
        cells.number(cell)


@pytest.mark.parametrize(("highest", "scale", "said"), [("5", 5, ": the highest is 5"), ("9,5", 10, ": the highest is 9.5"), ("17", 20, ": the highest is 17"), ("88", 100, ": the highest is 88"), ("8/10", 10, ", as the cells say")])
def test_scale(highest: str, scale: int, said: str) -> None:
    """The scale is what the whole column needs, and it is said."""
    found = understood(f"date;rating;pros\n2026-01-01;{highest};a\n2026-01-02;2;b\n")
    assert found is not None
    assert [f"ratings are out of {scale}{said}"] == [each for each in found.said if each.startswith("ratings")]
    assert [scale, scale] == [each.rating_scale for each in found.items() if isinstance(each, Review)]


def test_numbers_that_are_no_ratings() -> None:
    """A column beyond every scale makes no table of reviews; a scale that is told costs the rating that is beyond it."""
    assert understood("date,score,pros\n2026-01-01,1200,a\n") is None
    found = read("date,rating,pros\n2026-01-01,7,a\n2026-01-02,0,b\n", mapping.Mapping(rating_scale=5))
    assert [("a", None), "row 2, column 'rating': not a rating out of 5", ("b", None)] == [each.detail if isinstance(each, Problem) else (each.pros, each.rating) for each in found]


def test_rows_that_do_not_fit() -> None:
    """An ill-typed cell, an advertisement, a torn row: a problem each, and the rest goes on."""
    body = "Date,Rating,Title,Pros,Helpful\n2026-01-01,good,T,P,1\n2026-01-02,4,T,P,many\n,,We seek the best employers,,\n\n,,,,\n2026-01-03,5,T,P,2\n2026-01-04,,,,\n2026-01-05\n"
    found = read(body)
    assert [(each.reason, each.detail) for each in found if isinstance(each, Problem)] == [
        ("a cell does not fit", "row 2, column 'Rating': not a number"), ("a cell does not fit", "row 3, column 'Helpful': not a number"),
        ("not a review", "row 4: neither a date nor a rating nor a text; left out, as an advertisement or a heading"),
        ("not a review", "row 8: neither a date nor a rating nor a text; left out, as an advertisement or a heading"),
        ("not a review", "row 9: neither a date nor a rating nor a text; left out, as an advertisement or a heading"),
    ]  # fmt: skip
    assert [("2026-01-01", None, 1), ("2026-01-02", 4, None), ("2026-01-03", 5, 2)] == [(each.published, each.rating, each.helpful) for each in found if isinstance(each, Review)]


def test_minus_one_is_none() -> None:
    """-1 is how some tools write "not rated", of the whole and of an aspect: it costs nothing."""
    found = read("date,rating,pros,management\n2026-01-01,-1,a,-1\n2026-01-02,4,b,3\n2026-01-03,-2,c,3\n")
    assert [(None, {}), (4, {"management": 3})] == [(each.rating, each.subratings) for each in found[:2]]
    assert [("c", None, 3), "row 4, column 'rating': not a rating out of 5"] == [each.detail if isinstance(each, Problem) else (each.pros, each.rating, each.subratings["management"]) for each in found[2:]]


def test_surplus_cells() -> None:
    """A row with more cells than columns is torn, and told; empty cells behind the last column are nothing."""
    found = read("date,rating,pros\n2026-01-01,4,a,,\n2026-01-02,4,a, and b\n")
    assert ["a", "row 3: it has more cells than there are columns; a text with a separator in it needs quotation marks"] == [found[0].pros, found[1].detail]


def test_an_id_counts_once() -> None:
    """The same row again is the same review; another row under the same id is a problem, never silently lost."""
    found = read("review id,date,rating,pros\n7,2026-01-01,4,a\n7,2026-01-01,4,a\n7,2026-01-01,2,b\n,2026-01-01,4,a\n,2026-01-01,4,a\n")
    assert ["7", "row 4: an earlier row has the same id, 7, and says something else", None, None] == [each.detail if isinstance(each, Problem) else each.native_id for each in found]


@pytest.mark.parametrize(("cell", "job", "status"), [
    ("Cook (Former Employee)", "Cook", "former"), ("Ancien employé - Cuisinier - chef", "Cuisinier - chef", "former"), ("Ex-Angestellte/r", None, "former"),
    ("Sous-chef (soir)", "Sous-chef (soir)", None), ("Chef - pâtissier", "Chef - pâtissier", None), ("x" * 300, "x" * 300, None),
])  # fmt: skip
def test_job_and_status(cell: str, job: str | None, status: str | None) -> None:
    """A job with its status behind it in brackets, or before it with a dash; without a word for the status all of it is the job."""
    (found,) = read(f"date,rating,who\n2026-01-01,4,{cell}\n", mapping.Mapping(columns={"who": "job_and_status"}))
    assert (job, status) == (found.job_title, found.status)


def test_titles_above_the_names_and_double_names() -> None:
    """The names stand where most of them are known; of two columns for one field the first counts; `sep=;` is obeyed."""
    found = understood('sep=;\r\nExport of 1 March;;\r\n;;\r\nDate;Rating;Comment;Comment;Date\r\n2026-01-01;4;"two\r\nlines";x;2025-01-01\r\n')
    assert found is not None
    assert [("Date", ("published",)), ("Rating", ("rating",)), ("Comment", ("body",)), ("Comment (4)", ()), ("Date (5)", ())] == [each[:2] for each in found.columns]
    assert [Review(source="table", published="2026-01-01", rating=4, body="two\r\nlines")] == list(found.items())


def test_answers_words_and_months_apart() -> None:
    """An answer with its day, a year and a month in two columns, a yes that is a box, words that nobody knows."""
    body = "Year,Month,Rating,Pros,Is current job,Recommends,Outlook,Response,Response date,Lang,CEO approval\n2025,3,4,a,True,✓,Positive Outlook,Thanks,2025-04-01,fra,maybe\n2025,13,4,b,no,✗,neutral,,,xx,Approves\n"
    found = understood(body)
    assert found is not None
    first, second = (each for each in found.items() if isinstance(each, Review))
    assert (first.published, first.status, first.recommend, first.outlook, first.responses[0].text, first.responses[0].published, first.lang) == ("2025-03", "current", True, "positive", "Thanks", "2025-04-01", "fr")
    assert (second.published, second.status, second.recommend, second.ceo_approval, second.responses) == (None, "former", None, "approve", ())
    assert "1 cells in 'CEO approval' hold words for ceo_approval that nobody knows" in found.said


def test_only_years() -> None:
    """A year alone is no date that could be kept; that is said. Columns as one public reader of Indeed writes them."""
    found = understood("Year,Rating,Status,Location,Position,Title,Review\n2019,4,Former Employee,Ghent,Cook,T,Good\n")
    assert found is not None
    assert [("indeed", "indeed_bytingbitz"), "only years are told: the rows stay undated"] == [(found.source, found.mapping.name), found.said[-1]]
    assert [Review(source="indeed", rating=4, status="former", location="Ghent", job_title="Cook", title="T", body="Good")] == list(found.items())


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("matthewchatham", "date,employee_title,location,employee_status,review_title,helpful,pros,cons,advice_to_mgmt,rating_overall,rating_balance,rating_culture,rating_career,rating_comp,rating_mgmt,recommends,positive_outlook,approves_of_CEO\n2019-05-01,Cook,Ghent,Former Employee,T,3,P,C,A,4,5,4,3,2,1,Recommends,Negative Outlook,No opinion of CEO",
         Review(source="glassdoor", published="2019-05-01", job_title="Cook", location="Ghent", status="former", title="T", helpful=3, pros="P", cons="C", advice="A", rating=4, recommend=True, outlook="negative",
                ceo_approval="no_opinion", subratings={"work_life_balance": 5, "culture": 4, "career": 3, "compensation": 2, "management": 1})),
        ("juan", "score,title,date,review_advantages,review_disadvantages,review_advises,employee_type,employee_city\n4,T,Mon Dec 16 2019 00:00:00 GMT+0100 (heure normale d’Europe centrale),P,C,A,Ancien employé - Cuisinier,Paris\n",
         Review(source="glassdoor", published="2019-12-16", rating=4, title="T", pros="P", cons="C", advice="A", job_title="Cuisinier", status="former", location="Paris")),
        ("apify", json.dumps([{"glassdoorEmployerId": 1, "employerName": "Acme", "reviewId": 22, "reviewTitle": "T", "reviewDate": "2024-01-02", "jobTitle": "Cook", "location": "Ghent", "employmentStatus": "REGULAR", "isCurrentJob": False, "employerHasResponse": True, "pros": "P"}]),
         Review(source="glassdoor", employer="Acme", employer_id="1", native_id="22", title="T", published="2024-01-02", job_title="Cook", location="Ghent", status="former", pros="P", responses=(Response(text=""),))),
        ("kununu_spvapech", "titel;status;datum;durchschnittsbewertung;gut_am_arbeitgeber_finde_ich;schlecht_am_arbeitgeber_finde_ich;verbesserungsvorschlaege;sternebewertung_image\nT;Ex-Auszubildende/r;Mai 2024;2,2;P;C;A;3,0\n",
         Review(source="kununu", title="T", published="2024-05", rating=2.2, pros="P", cons="C", advice="A", voice="apprentice", status="former", subratings={"image": 3.0})),
    ],
)  # fmt: skip
def test_presets_known_by_their_names(name: str, body: str, expected: Review) -> None:
    """Tables of which only the column names were seen are read by them."""
    found = understood(body)
    assert found is not None
    assert [name, [expected]] == [found.mapping.name, list(found.items())]


def test_every_preset_says_what_it_was_seen_on() -> None:
    """No preset without its evidence and the columns that betray it."""
    assert [each.name for each in mapping.presets() if not each.seen or not (each.needs or each.exactly) or not each.title] == []


def test_mentions_by_mapping_file() -> None:
    """A mapping file makes mentions of a table that no name betrays, and names source, employer and fields."""
    told = mapping.parse('source = "table"\nemployer = "Acme"\ntype = "mention"\n[columns]\nWhen = "published"\nSaid = "body"\nWhere = "url"\n"x*" = ""\n', "m.toml")
    assert [Mention(source="table", employer="Acme", published="2026-01-01", text="Fine", url="https://a.b")] == read("When,Said,Where,x1\n2026-01-01,Fine,https://a.b,z\n", told)


@pytest.mark.parametrize(
    ("text", "said"),
    [("columns = 3", "columns: "), ('[columns]\na = "ratings"', "columns.a: 'ratings' is no field"), ("a =", "the mapping file is no TOML"), ('date_order = "ymd"', "date_order: "), ('employer_pattern = "x"', "employer_pattern: the pattern needs one group"),
     ('encoding = "klingon"', "encoding: there is no encoding 'klingon'"), ("surprise = 1", "surprise: "), ('separator = ";;"', "separator: "), ('[columns]\na = "subrating."', "columns.a: 'subrating.' is no field")],
)  # fmt: skip
def test_faults_of_a_mapping_file(text: str, said: str, tmp_path: Path) -> None:
    """A fault is named with its file and key."""
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        mapping.load(tmp_path / "m.toml")
    assert [str(tmp_path / "m.toml"), True] == [caught.value.where, caught.value.message.startswith(said)]


def test_a_mapping_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, and one that is no UTF-8."""
    (tmp_path / "latin.toml").write_bytes(b'employer = "Soci\xe9t\xe9"')
    for name, said in (("none.toml", "cannot be read"), ("latin.toml", "is not written in UTF-8")):
        with pytest.raises(SettingsError, match=said):
            mapping.load(tmp_path / name)


def test_workbooks() -> None:
    """Real Excel dates, numbers, times and formulas; the sheet whose columns are known; a title row above."""
    header = ["Datum", "Beoordeling", "Titel", "Voordelen"]
    body = workbook(["Notes"], ["nothing here"], Reviews=[["Export"], [], header, [dt.datetime.fromisoformat("2026-03-01"), 4, "=1+1", "P"], [dt.datetime.fromisoformat("2026-03-02T08:30"), 3.5, "T", 12.0], [None, None, None, None], [dt.time(1, 2), 4, "T", "P"]])
    found = understood(body)
    assert found is not None
    assert ("sheet 'Reviews'",) == found.grid.said
    first, second, third, problem = found.items()
    assert (getattr(first, "published", 0), getattr(first, "title", 0)) == ("2026-03-01", None)
    assert second == Review(source="table", published="2026-03-02T08:30:00", rating=3.5, title="T", pros="12")
    assert third == Review(source="table", rating=4, title="T", pros="P")
    assert problem == Problem(source="table", reason="a cell does not fit", detail="row 7, column 'Datum': not a date")


def test_a_named_sheet() -> None:
    """A mapping file names the sheet; one that is not there is said."""
    body = workbook(["Date", "Rating", "Pros"], ["2026-01-01", 4, "a"], Old=[["Date", "Rating", "Pros"], ["2020-01-01", 4, "b"]])
    assert "2020-01-01" == read(body, mapping.Mapping(sheet="Old"))[0].published
    with pytest.raises(UnreadableError, match="there is no sheet 'New'"):
        understood(body, mapping.Mapping(sheet="New"))
    assert understood(workbook()) is None


def rezipped(body: bytes, **changed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.rsplit("/", 1)[-1].split(".")[0], old.read(name)))
    return out.getvalue()


def test_broken_workbooks() -> None:
    """Cut off, no workbook, XML that is none or a bomb of entities: a sentence, no crash; a sheet that breaks off keeps its rows."""
    good = workbook(["Date", "Rating", "Pros"], *[["2026-01-01", 4, "a"]] * 30)
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"ha" * 50 + b'">' + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">'.encode() for n in range(8)) + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData></worksheet>"
    for bad in (good[:2000], rezipped(good, workbook=b"no xml")):
        with pytest.raises(UnreadableError):
            understood(bad)
    assert understood(rezipped(good, workbook=b"<a/>")) is None
    with pytest.raises(UnreadableError, match="cannot be opened"):
        understood(rezipped(good, sheet1=bomb))
    with zipfile.ZipFile(io.BytesIO(good)) as whole:
        torn = whole.read("xl/worksheets/sheet1.xml")[:-400]
    found = read(rezipped(good, sheet1=torn))
    assert isinstance(found[0], Review)
    assert "the workbook breaks off here" in found[-1].detail


def test_json_shapes() -> None:
    """A list, a list inside, lines of objects, lists of words; several objects deep become dotted names."""
    row = {"date": "2026-01-01", "rating": 4, "pros": ["a", "b"], "meta": {"deep": {"er": 1}}, "tags": [{"a": 1, "b": 2}], "none": None}
    expected = [Review(source="table", published="2026-01-01", rating=4, pros="a\nb")]
    for body in (json.dumps([row]), json.dumps({"ok": True, "data": {"reviews": [row]}}), json.dumps(row) + "\n" + json.dumps(row)):
        assert expected == read(body)[:1]
    found = understood(json.dumps([row]))
    assert found is not None
    assert "meta.deep.er" in found.grid.columns


@pytest.mark.parametrize("body", ["", "{}", "[]", "[1, 2]", '{"a": 1}', "{" * 10, "[" * 100_000, '{"rating": ' + "[" * 100_000, "plain words", "a,b\n1,2\n", "<html><table><tr><td>rating</td></tr></table>", "title,text\na,b\n", "\x00\x01rating,pros",
                                  '[{"title": "T", "url": "https://a.b", "score": 3.5}][', "rating\n4\n", '{"text": "x"}\n[1]\n'])  # fmt: skip
def test_no_tables(body: str) -> None:
    """What is no table of reviews is said to be none."""
    assert understood(body) is None


def test_quotes_that_never_close() -> None:
    """A quotation mark that is never closed costs a row, not the memory; what came before is read."""
    body = 'date,rating,pros\n2026-01-01,4,a\n2026-01-02,4,"' + "x" * 200_000 + "\n2026-01-03,4,b\n"
    found = read(body)
    assert found[0] == Review(source="table", published="2026-01-01", rating=4, pros="a")
    assert "a quotation mark is not closed" in found[1].detail


@given(st.binary(max_size=300))
def test_any_bytes(noise: bytes) -> None:
    """No bytes crash the reading of tables; a workbook of noise is unreadable."""
    for body in (noise, b"date,rating,pros\n" + noise, b'[{"rating": 1, "pros": "' + noise):
        try:
            found = understood(body)
        except UnreadableError:
            found = None
        assert found is None or all(isinstance(each, Review | Mention | Problem) for each in found.items())


@given(st.lists(st.tuples(st.integers(1, 5), st.text(st.characters(exclude_categories=["C"]), max_size=30).filter(lambda text: text.strip() == text and text.casefold() not in cells._NOTHING and not text.startswith("'"))), min_size=1, max_size=8))
def test_what_is_written_is_read(rows: list[tuple[int, str]]) -> None:
    """Whatever stands in the cells comes back from each form of file."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows([["Datum", "Bewertung", "Vorteile"], *(["2026-01-01", stars, f"w{text}"] for stars, text in rows)])
    expected = [Review(source="table", published="2026-01-01", rating=stars, pros=f"w{text}") for stars, text in rows]
    assert expected == read(out.getvalue())
    assert expected == read(json.dumps([{"date": "2026-01-01", "rating": stars, "pros": f"w{text}"} for stars, text in rows]))


def test_long_and_wide_cells_cost_no_more_than_their_length() -> None:
    """A text of blanks in a cell for stars, a job or a word, and a header of thousands of columns, are read at once."""
    blanks = "a" + " " * 100_000 + "b"
    assert [each.body for each in read(f"date,rating,pros,Arbeitsatmosphäre\n2026-01-01,4,x,{blanks}\n")] == [f"Arbeitsatmosphäre: {blanks}"]
    (job,) = read(json.dumps([{"id": "1", "rating": 4, "text": "x", "position": blanks, "date_created": "March 19, 2020"}]))
    assert job.job_title == blanks
    assert [each.status for each in read(f"date,rating,pros,status\n2026-01-01,4,x,{'y' * 5_000}\n")] == [None]
    wide = understood("date,rating,pros," + ",".join(["x"] * 30_000) + "\n2026-01-01,4,x\n")
    assert wide is not None
    assert [len(wide.columns), len(set(wide.grid.columns))] == [30_003, 30_003]


def test_two_columns_that_look_numbered() -> None:
    """A name that is numbered by us and already there stays one column each."""
    found = understood("x,x (3),x,rating,pros,date\n1,2,3,4,a,2026-01-01\n")
    assert found is not None
    assert len(found.grid.columns) == 6


def test_a_broken_first_row_and_other_sides() -> None:
    """A separator that is told wins; a header that cannot be read makes no table; a factor may be stars; fields that do not fit are problems."""
    assert [each.pros for each in read("date|rating|pros\n2026-01-01|4|a,b\n", mapping.Mapping(separator="|"))] == ["a,b"]
    assert understood('"' + "x" * 140_000 + "\nrating;pros\n") is None
    (review,) = read("Datum;Bewertung;Vorteile;Arbeitsatmosphäre;Image;Kommunikation\n2026-01-01;4;a;3,5;0;99\n")
    assert [review.subratings, review.body] == [{"atmosphere": 3.5}, "Kommunikation: 99"]
    found = read("date,rating,sub,pros\n2026-01-01,4,high,a\n2026-01-01,4,9,b\n", mapping.Mapping(columns={"sub": "subrating.x"}))
    assert [getattr(each, "detail", None) for each in found] == [None, "row 2, column 'sub': not a number", None]
    odd = read("date,rating,pros,rating scale\n2026-01-01,4,a,0\n")
    assert [odd[0].rating_scale, odd[1].detail] == [5, "row 2, column 'rating scale': not a scale of ratings"]


def test_json_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is read whole, so it has a limit; the sentence says what to do."""
    monkeypatch.setattr(table, "MAX_BYTES", 10)
    with pytest.raises(UnreadableError, match="cannot be read as a table"):
        understood('[{"rating": 4, "pros": "a"}]')


def test_a_large_file_of_another_kind_is_told_by_its_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list that is not of reviews no more than the front is laid out; one that is of reviews is read to its end."""
    laid_out: list[int] = []
    flat = records.flat

    def counted(value: dict[str, Any], *more: Any) -> dict[str, Any]:
        laid_out.append(1)
        return flat(value, *more)

    monkeypatch.setattr(records, "flat", counted)
    other = [{"id": number, "user": "x", "payload": [1, 2]} for number in range(5_000)]
    for body in (json.dumps(value).encode() for value in (other, {"rows": other, "meta": {}})):
        laid_out.clear()
        assert table.understand(partial(io.BytesIO, body)) is None
        assert len(laid_out) < 2_500
    reviews = json.dumps([{"rating": 4, "pros": "People", "date": f"2026-01-{number % 28 + 1:02}"} for number in range(2_500)]).encode()
    found = table.understand(lambda: io.BytesIO(reviews))
    assert found is not None
    assert sum(isinstance(each, Review) for each in found.items()) == 2_500
