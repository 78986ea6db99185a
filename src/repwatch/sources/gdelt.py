"""GDELT's article search (DOC 2.0): news by title and address, with the time at which GDELT saw them.

There are no pages: a window of time that comes back full is asked for again in halves. `{}` is its word for nothing,
and errors arrive as one line of text with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator

from repwatch.errors import LayoutChanged
from repwatch.models import (
    Mention,
    NoResults,
    Outcome,
    Page,
    Problem,
    Read,
    Refused,
    Request,
    SourceInfo,
    Watch,
)
from repwatch.refusals import API_ERROR, RATE_LIMIT, looks_like_html
from repwatch.sources import _api

INFO = SourceInfo(
    name="gdelt", title="GDELT", hosts=("api.gdeltproject.org",), marks=(b'"seendate"', b"Please limit requests to one every 5 seconds", b"Your query was too short or too long"),
    door="public API", languages=("fr", "nl", "en", "de"), pace_s=5.0, target="query", terms="allowed with citation: public API, one request in 5 seconds",
    verified="the recorded empty answer and throttle of 2026-09; the shape of an answer as described",
    search="boolean", whole_text=False,
)  # fmt: skip

_API = "https://api.gdeltproject.org/api/v2/doc/doc"
_MOST = 250
_REACH = timedelta(days=90)
#: GDELT sees the web every 15 minutes: a window of that length cannot be halved.
_GRID = timedelta(minutes=15)
_STAMP = "%Y%m%d%H%M%S"
_LINE = 600
_WAIT_S = 5.0
_ESCAPE = re.compile(r"""\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(')|)""")
_ELIDED = re.compile(r"(?<!\w)((?:[ldsjcnmt]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd))\s*(['’])\s+(?=\w)", re.IGNORECASE)
_CLITIC = re.compile(r"(?<=\w)\s+(['’])\s*(?=(?:s|t|re|ve|ll|d|m|n|en|er)(?!\w))", re.IGNORECASE)
_LANGUAGES = {
    "afrikaans": "af", "albanian": "sq", "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "bengali": "bn", "bosnian": "bs", "bulgarian": "bg",
    "catalan": "ca", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi",
    "french": "fr", "galician": "gl", "georgian": "ka", "german": "de", "greek": "el", "gujarati": "gu", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
    "icelandic": "is", "indonesian": "id", "italian": "it", "japanese": "ja", "kannada": "kn", "kazakh": "kk", "korean": "ko", "latvian": "lv",
    "lithuanian": "lt", "luxembourgish": "lb", "macedonian": "mk", "malay": "ms", "malayalam": "ml", "marathi": "mr", "mongolian": "mn", "nepali": "ne",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "serbian": "sr",
    "sinhalese": "si", "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es", "swahili": "sw", "swedish": "sv", "tamil": "ta", "telugu": "te",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip


def _seen(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    try:
        return _api.instant(datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
    except ValueError as error:  # the text itself is not repeated
        raise ValueError("not an instant") from error


class _Article(BaseModel):
    url: str
    title: str | None = None
    seendate: Annotated[str, BeforeValidator(_seen)]
    language: str | None = None


def walk(watch: Watch) -> Generator[Request, Read, None]:
    """Ask for the whole period; a window that comes back full is asked for again in halves, the newer first."""
    last = _api.last_second(watch.until)
    first = max(_api.midnight(watch.since), last - _REACH)
    end = datetime.strptime(watch.resume, _STAMP).replace(tzinfo=UTC) if watch.resume else last
    windows = [(first, end)] if end >= first else []
    while windows:
        start, end = windows.pop()
        read = yield _search(watch.target, start, end)
        if len(_articles(_healed(read.page.body)) or ()) >= _MOST and end - start > _GRID:
            middle = start + timedelta(seconds=(end - start) // timedelta(seconds=2))
            windows += [(start, middle), (middle + timedelta(seconds=1), end)]


def _search(phrase: str, start: datetime, end: datetime) -> Request:
    query = {"query": _api.quoted(phrase), "mode": "artlist", "format": "json", "maxrecords": _MOST, "sort": "datedesc",
             "startdatetime": start.strftime(_STAMP), "enddatetime": end.strftime(_STAMP)}  # fmt: skip
    return Request(url=f"{_API}?{urlencode(query)}", expect="any", api=True, resume=end.strftime(_STAMP))


def parse(page: Page) -> Iterator[Outcome]:
    """Read a list of articles, or the line of text that stands in its place."""
    line = _line(page.body)
    if line is not None:
        yield _refused(line)
        return
    told = _healed(page.body)
    if told == {}:
        yield NoResults(source=INFO.name)
        return
    articles = _articles(told)
    if articles is None:
        raise LayoutChanged("no articles in the answer", where=INFO.name)
    if not articles:
        yield NoResults(source=INFO.name)
    for number, raw in enumerate(articles, 1):
        yield _mention(raw, f"article {number}")


def _line(body: bytes) -> str | None:
    """Return the one line of text that GDELT answers an error with, None where the body is something else."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    if not text or len(text) > _LINE or text[0] in '{[<"' or "\ufffd" in text or looks_like_html(body):
        return None
    return " ".join(text.split()) if re.search(r"[A-Za-z]{2,} [A-Za-z]", text) else None


def _refused(line: str) -> Refused:
    if "limit requests" in line.lower():
        return Refused(source=INFO.name, reason=RATE_LIMIT, detail=line[:200], retry_after_s=_WAIT_S)
    return Refused(source=INFO.name, reason=API_ERROR, detail=line[:200])


def _healed(body: bytes) -> Any:
    """Read the JSON; titles may carry escapes that JSON does not know, and those are taken as they stand."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    healed = _ESCAPE.sub(lambda found: found[0] if found[1] else found[2] or r"\\", text)
    return _api.answer(healed.encode(), INFO.name)


def _articles(told: Any) -> list[Any] | None:
    articles = told.get("articles") if isinstance(told, dict) else None
    return articles if isinstance(articles, list) else None


def _mention(raw: object, where: str) -> Outcome:
    article = _api.record(_Article, raw, where, INFO.name)
    if isinstance(article, Problem):
        return article
    if not article.url:
        return Problem(source=INFO.name, reason="schema", detail=f"{where}: url")
    lang = _LANGUAGES.get((article.language or "").strip().lower())
    return Mention(source=INFO.name, native_id=article.url, url=article.url, published=article.seendate, lang=lang, kind="article",
                   title=tidy(article.title or "", lang) or None)  # fmt: skip


def tidy(title: str, lang: str | None) -> str:
    """Close the spaces that GDELT puts around punctuation.

    French keeps its space before `: ; ! ?`. A hyphen stays as it came: whether it was a dash, nobody can tell.
    """
    title = " ".join(title.split())
    title = _CLITIC.sub(r"\1", _ELIDED.sub(r"\1\2", title))
    title = re.sub(r"(?<=\d) \. (?=\d)", ".", title)
    title = re.sub(r" (?=[,.)\]](?:\s|$))" if lang == "fr" else r" (?=[,.;:!?)\]]+(?:\s|$))", "", title)
    return re.sub(r"(?<=[(\[]) ", "", title)
