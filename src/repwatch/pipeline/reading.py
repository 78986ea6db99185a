"""Turn files and pages into items: the one way that `parse`, `import`, the inbox and `check` share."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from repwatch import sources
from repwatch.errors import LayoutChanged, NestedTooDeeply, RepwatchError, SettingsError, UnreadableError
from repwatch.inlets import export, linkedin, mail, mapping, saved, table
from repwatch.models import Item, Outcome, Page, Problem, Refused
from repwatch.pipeline import opening
from repwatch.refusals import NOT_JSON, explains_itself, find_error, find_refusal, looks_like_html, more_exact
from repwatch.wording import N_

State = Literal["read", "partly", "refused", "failed"]
Line = export.Exported | Item | Problem


class PageRead(NamedTuple):
    """What one page gave: its outcomes and whether it counts as read. `said` is what was settled on the way."""

    source: str | None
    page: Page | None
    outcomes: tuple[Outcome, ...]
    state: State
    reason: str = ""
    said: tuple[str, ...] = ()


class FileRead(NamedTuple):
    """What one file is: a page that was read, an export or table whose lines stream, or several parts, read one by one.

    `read` of the latter two holds what is known beforehand. `after` is called with what became of the file.
    """

    path: Path
    read: PageRead
    lines: Iterator[Line] | None = None
    parts: Iterator[PageRead] | None = None
    #: The lines of an export as they stand, each with its number: what was imported before need not be read again.
    raw: Iterator[tuple[bytes, int]] | None = None
    after: Callable[[Any], None] = lambda _result: None

    def pages(self) -> Iterator[PageRead]:
        """Yield the parts of a file that has no lines; once."""
        return iter((self.read,)) if self.parts is None else self.parts


def verdict(states: Iterable[str]) -> State:
    """Return what a whole came to whose parts came to `states`."""
    kinds = set(states)
    if kinds <= {"read"}:
        return "read"
    if kinds & {"read", "partly"}:
        return "partly"
    return "refused" if kinds == {"refused"} else "failed"


def read_file(path: Path, *, source: str | None = None, url: str | None = None, told: mapping.Mapping | None = None, personal: bool = False) -> FileRead:
    """Read one file; what cannot be read at all comes back as `failed` with its reason, never as an exception.

    `told` says how to read a table (else `NAME.mapping.toml` beside it does). `personal` lets a member's export be read.
    """
    try:
        path, shown = saved.at_rest(path), path
        if path != shown:
            return read_file(path, source=source, url=url, told=told, personal=personal)._replace(path=shown)
        saved.check_file(path)
        kind = opening.kind_of(path)
        told = told or (mapping_beside(path) if kind in ("page", "table") else None)
        if kind == "export" and source is None:
            return FileRead(path, PageRead(None, None, (), "read"), export.read(path), raw=export.raw_lines(path))
        if kind == "member":
            return FileRead(path, _member(path, personal=personal))
        if kind == "table" or (told and kind == "page"):
            return _table(path, told, source)
        if kind not in ("page", "export"):
            return FileRead(path, PageRead(source, None, (), "read"), parts=_parts(opening.take_apart(path, kind), source, told))
        page = saved.read_page(path, url)
    except (UnreadableError, SettingsError) as error:
        return FileRead(path, _without_page(source, "unreadable", error.message)._replace(reason=error.message))
    return FileRead(path, read_page(page, source=source, told=told))


def mapping_beside(path: Path) -> mapping.Mapping | None:
    beside = path.with_name(f"{path.stem}.mapping.toml")
    return mapping.load(beside) if saved.stands(beside) else None


def _member(path: Path, *, personal: bool) -> PageRead:
    if not personal:
        return _without_page("linkedin", "member_export", linkedin.CONSENT)
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
        file.seek(0)
        found = list(linkedin.read_zip(file) if packed else linkedin.read_part(path.name, saved.read_bytes(path)))
    outcomes: tuple[Any, ...] = tuple(each for each in found if not isinstance(each, str))
    return PageRead("linkedin", None, outcomes, *_state(outcomes), said=tuple(each for each in found if isinstance(each, str)))


def _table(path: Path, told: mapping.Mapping | None, source: str | None) -> FileRead:
    saved.check_file(path)
    found = table.understand(lambda: path.open("rb"), told, source)
    if found is None:
        return FileRead(path, _without_page(source, "unrecognised", _NO_TABLE))
    return FileRead(path, PageRead(found.source, None, (), "read", said=found.said), found.items())


_CUT = N_("the file ends before its end; save the page once more")
_ELSEWHERE = N_("this page of the site is not about one employer; save the page with the employer's reviews instead")
_NO_TABLE = N_("no column of this table is known to hold ratings, or pros and cons; a mapping file can say which does")


def _parts(parts: Iterator[opening.Part], source: str | None, told: mapping.Mapping | None) -> Iterator[PageRead]:
    """Read the parts of a file. Of recorded traffic only what is recognised counts, unless nothing is."""
    passed = kept = 0
    try:
        for part in parts:
            if isinstance(part.what, Problem):
                read = PageRead(part.what.source, None, (part.what,), "failed", part.what.reason)
            elif not part.recorded:
                read = read_page(part.what, source=source, told=told)
            else:
                # Another door than "saved": what no source knows is not tried as a table, for traffic is full of lists.
                read = read_page(part.what._replace(door="payload"))
                if not _matters(read):
                    passed += 1
                    continue
            kept += 1
            yield _named(read, part.name) if part.name else read
    except UnreadableError as error:
        kept += 1
        yield _without_page(source, "unreadable", error.message)
    if not kept:
        yield _without_page(source, "unrecognised", N_("none of the {n} answers in it is of a page that repwatch knows", n=passed) if passed else N_("nothing in it could be a page or a table"))


def _named(read: PageRead, name: str) -> PageRead:
    """Say of what could not be read in which file of several it stands."""
    said = [each.model_copy(update={"detail": N_("in the file {file}: {what}", file=name, what=each.detail or each.reason)}) if isinstance(each, Refused | Problem) else each for each in read.outcomes]
    return read._replace(outcomes=tuple(said))


def _matters(read: PageRead) -> bool:
    """Tell whether a part of recorded traffic is worth a word: what was read, a refusal that a person saw, and a page about an employer that could not be read."""
    if read.source is None:
        return False
    if read.state in ("read", "partly"):
        return True
    return read.page is not None and looks_like_html(read.page.body) and ((read.state == "refused" and read.reason != NOT_JSON) or not sources.is_elsewhere(read.source, read.page.url))


def read_page(page: Page, *, source: str | None = None, expect: str = "any", told: mapping.Mapping | None = None) -> PageRead:
    """Read a page by `source`, or by the source that recognises it; a saved one that no source knows may be a table."""
    kind = page.headers.get("content-type")
    if kind == mail.KIND:
        outcomes = tuple(mail.items(page))
        return PageRead("mail", page, outcomes, *_state(outcomes))
    if kind == opening.TABLE:
        return _read_table(page, source, told) or _failed(source, page, "unrecognised", _NO_TABLE)
    read = _read_page(page, source, expect)
    if read.state == "failed" and page.door == "saved" and page.status == 200:
        # A payload of a known site whose data moved stays a changed layout: only a table that is known for sure takes its place.
        read = _read_table(page, source, told, sure=read.reason != "unrecognised") or read
    if read.reason == "unrecognised" and (error := find_error(page.body)):
        return PageRead(read.source, page, (error,), "refused", error.reason)
    return read


def _read_table(page: Page, source: str | None, told: mapping.Mapping | None, *, sure: bool = False) -> PageRead | None:
    try:
        found = table.understand(lambda: io.BytesIO(page.body), told, source)
    except UnreadableError as error:
        return _failed(source, page, "unreadable", error.message)
    if found is None or (sure and not (told or found.mapping.name)):
        return None
    outcomes: tuple[Any, ...] = tuple(found.items())
    if not (told or source or found.mapping.name or any(isinstance(each, Item) for each in outcomes)):
        # Columns that merely bear the names of ours: not one row of them is a review.
        return None
    return PageRead(found.source, page, outcomes, *(_state(outcomes) if outcomes else ("read", "")), said=found.said)


def _read_page(page: Page, source: str | None, expect: str) -> PageRead:
    if not page.body.strip() and not 300 <= page.status < 600:
        return _failed(source, page, "empty", N_("the page is empty"))
    name = source or sources.recognise(page)
    refusal = find_refusal(page, expect=expect, source=name)
    if refusal is not None:
        told = _in_own_words(name, page, refusal) if name and explains_itself(page, expect) else refusal
        return PageRead(name, page, (told,), "refused", told.reason)
    if name is None:
        return _failed(None, page, "unrecognised", N_("no source knows this kind of file"))
    if name not in sources.names():
        # A source of tables alone.
        return _failed(name, page, "unrecognised", _NO_TABLE)
    return _parse(name, page)


def _in_own_words(name: str, page: Page, general: Refused) -> Refused:
    """Let a source that knows the error in the body name the refusal; else what the status says stands."""
    own = next((each for each in _parse(name, page).outcomes if isinstance(each, Refused)), None)
    return more_exact(general, own) if own else general


def _parse(name: str, page: Page) -> PageRead:
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(sources.load(name).parse(page))
    except LayoutChanged as error:
        reason, detail = ("cut", _CUT) if saved.is_cut(page.body) else ("other_page", _ELSEWHERE) if sources.is_elsewhere(name, page.url) else ("layout_changed", str(error))
        outcomes.append(Problem(source=name, reason=reason, detail=detail))
        return PageRead(name, page, tuple(outcomes), "partly" if _useful(outcomes) else "failed", reason)
    except (NestedTooDeeply, RecursionError):
        outcomes.append(Problem(source=name, reason="nested_too_deeply", detail=N_("the page is nested too deeply to be a real one")))
        return PageRead(name, page, tuple(outcomes), "failed", "nested_too_deeply")
    except RepwatchError as error:
        outcomes.append(Problem(source=name, reason="unreadable", detail=str(error)))
        return PageRead(name, page, tuple(outcomes), "failed", "unreadable")
    return PageRead(name, page, tuple(outcomes), *_state(outcomes))


def _state(outcomes: Sequence[Outcome]) -> tuple[State, str]:
    refused = next((each for each in outcomes if isinstance(each, Refused)), None)
    useful = _useful(outcomes)
    if refused:
        return ("partly" if useful else "refused"), refused.reason
    if any(isinstance(each, Problem) for each in outcomes):
        return ("partly", "problems") if useful else ("failed", "problems")
    # A page with neither items nor the site's own "nothing" is a changed layout, never a zero.
    return ("read", "") if outcomes else ("failed", "layout_changed")


def _useful(outcomes: Sequence[Outcome]) -> bool:
    return any(not isinstance(each, Refused | Problem) for each in outcomes)


def _failed(source: str | None, page: Page, reason: str, detail: str) -> PageRead:
    return PageRead(source, page, (Problem(source=source, reason=reason, detail=detail),), "failed", reason)


def _without_page(source: str | None, reason: str, detail: str) -> PageRead:
    return PageRead(source, None, (Problem(source=source, reason=reason, detail=detail),), "failed", reason)
