"""Make an item comparable: clean text, language, employer by its settings name, author as a keyed pseudonym."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from repwatch import sources
from repwatch.languages import language
from repwatch.models import AnyItem, Employer, Interview, Mention, Review, Salary
from repwatch.pipeline.protecting import is_pseudonym, pseudonym
from repwatch.store.rows import Doubt
from repwatch.text.canonical import canonical_url
from repwatch.text.clean import clean, clean_or_none, fold, one_line, whole_text
from repwatch.text.query import Query, Said, judge
from repwatch.text.relevance import relevance
from repwatch.wording import N_

__all__ = ["doubts_of", "employers_of", "judge_item", "load_key", "meant", "normalise", "parsed_query", "pseudonym", "said_of", "whole_text", "with_language"]

KEY_FILE = "pseudonym.key"
_REVIEW_TEXTS = ("title", "pros", "cons", "advice", "body")
_IDS = ("native_id", "url", "employer_id")
_HALF = re.compile("[\ud800-\udfff]")
_LINES = ("employer", "job_title", "location", "title", "ceo_name")


def load_key(folder: Path, *, create: bool = False) -> bytes | None:
    """Return the key of the pseudonyms in `folder`, None where there is none and none may be made.

    Each rotation has added a line of 32 bytes.
    """
    path = folder / KEY_FILE
    if path.is_file():
        return bytes.fromhex(path.read_text("ascii").strip())
    if not create:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    path.touch(mode=0o600)
    path.write_text(key.hex() + "\n", "ascii")
    return key


def normalise(item: AnyItem, key: bytes | None) -> AnyItem:
    """Return the item cleaned, with its language where it can be told, and its author as a pseudonym (None without a key)."""
    # Half a surrogate pair is valid JSON, yet no text: nothing could store it.
    changes: dict[str, Any] = {name: _HALF.sub("?", value) for name in _IDS if (value := getattr(item, name)) and _HALF.search(value)}
    for name in _LINES:
        value = getattr(item, name, None)
        if value:
            changes[name] = one_line(value) or (None if name != "job_title" or not isinstance(item, Salary) else value)
    if item.lang:
        changes["lang"] = language(item.lang)
    if isinstance(item, Review):
        changes |= {name: clean_or_none(getattr(item, name)) for name in _REVIEW_TEXTS if getattr(item, name)}
        changes["responses"] = tuple(each.model_copy(update={"text": clean(each.text)}) for each in item.responses)
    elif isinstance(item, Mention):
        changes |= {"text": clean(item.text), "author": _author(item, key)}
        if item.url:
            changes["url"] = canonical_url(changes.get("url", item.url))
    elif isinstance(item, Interview):
        changes |= {"process": clean_or_none(item.process), "questions": tuple(filter(None, map(clean, item.questions)))}
    return item.model_copy(update=changes) if changes else item


def with_language(item: AnyItem) -> AnyItem:
    """Return the item with its language identified where the page names none."""
    if item.lang is not None or not isinstance(item, Review | Mention | Interview):
        return item
    from repwatch.text.language import identify

    text = whole_text(item)
    return item.model_copy(update={"lang": identify(text)}) if text else item


def _author(item: Mention, key: bytes | None) -> str | None:
    if not item.author or key is None:
        return None
    return item.author if is_pseudonym(item.author) else pseudonym(key, item.source, item.author)


def meant(name: str, known: Sequence[Employer]) -> str:
    """Return the name in the settings that `name`, or the alias it is, stands for; `name` itself where none does.

    Capitals and accents do not count, unless they are all by which two employers differ.
    """
    folded = fold(name)
    alike = [each for each in known if folded in map(fold, _names(each))]
    return next((each.name for each in [*(each for each in alike if name in _names(each)), *alike]), name)


def employers_of(item: AnyItem, known: Sequence[Employer], watched: str | None = None) -> tuple[str, ...]:
    """Return the employers that an item is about, by their names in the settings.

    What a page says of its employer wins; a mention is linked to all whose name or alias stands in its text, and to the
    employer whose watch found it.
    """
    if isinstance(item, Mention):
        named = [each.name for each in known if _is_named(each, whole_text(item))]
        return tuple(dict.fromkeys(([watched] if watched else []) + named)) or ((item.employer,) if item.employer else ())
    if watched:
        return (watched,)
    if item.employer:
        return (meant(item.employer, known),)
    return ()


def doubts_of(item: Mention, names: Sequence[str], known: Sequence[Employer], watched: str | None = None, query: str | None = None) -> tuple[Doubt, ...]:
    """Return the employers among `names` whom the mention probably does not mean, each with its score and the reasons.

    A mention is doubted where the name is there only within an excluded one, where it does not fit the query (that of the watch
    which found it, else the employer's own), or where the employer's context rules say so.
    """
    found = []
    for each in known:
        if each.name in names:
            if _is_excluded(each, whole_text(item)):
                found.append(Doubt(each.name, 0.0, (N_("the name is there only within one that `exclude` names (-1.0)"),)))
                continue
            wanted = query if each.name == watched and query else each.query
            if wanted and judge_item(parsed_query(wanted), item) is False:
                found.append(Doubt(each.name, 0.0, (N_("it does not fit the query (-1.0)"),)))
                continue
            judged = relevance(each, item.title, item.text, item.url)
            if each.context and judged.score < each.context.threshold:
                found.append(Doubt(each.name, *judged))
    return tuple(found)


def judge_item(query: Query, item: Mention) -> bool | None:
    """Tell whether a mention fits a query; None where its source does not show enough to tell."""
    return judge(query, said_of(item))


def said_of(item: Mention) -> Said:
    """Return what a query judges of a mention."""
    whole = item.source not in sources.names() or sources.load(item.source).INFO.whole_text
    return Said((item.title, item.text), url=item.url, lang=item.lang, kind=item.kind, source=item.source, whole=whole)


@cache
def parsed_query(text: str) -> Query:
    """Read a query once; the settings were looked through before."""
    from repwatch.text.syntax import parse_query

    return parse_query(text, sources.names())


def _names(employer: Employer) -> Iterable[str]:
    return (employer.name, *employer.aliases)


def _is_named(employer: Employer, text: str) -> bool:
    folded = fold(text)
    for wrong in employer.exclude:
        folded = _pattern(fold(wrong)).sub(" ", folded)
    return any(_pattern(fold(name)).search(folded) for name in _names(employer))


def _is_excluded(employer: Employer, text: str) -> bool:
    """Tell whether a text has a name that means another, and none that means `employer`."""
    folded = fold(text)
    return any(_pattern(fold(wrong)).search(folded) for wrong in employer.exclude) and not _is_named(employer, text)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
