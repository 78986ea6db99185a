"""Forget: take items out of everything that is kept, keep them from coming back, and prove it.

The order is the one of `forget`: what is held, tombstones and rows, archives, files, the database's own pages, the proof.
"""

from __future__ import annotations

import html
import json
import mmap
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repwatch import sources
from repwatch.errors import StoreError
from repwatch.inlets.export import Exported
from repwatch.inlets.saved import SIDECAR
from repwatch.models import Item, Page
from repwatch.pipeline.normalise import load_key
from repwatch.pipeline.protecting import is_pseudonym, keyed, pseudonym
from repwatch.pipeline.reading import Line, read_file, read_page
from repwatch.pipeline.saving import Desk
from repwatch.pipeline.tombstones import Graves, as_stored, author_mark, contents, digest, places, url_mark
from repwatch.pipeline.tombstones import load_key as load_secret
from repwatch.store.privacy import Held, Wanted
from repwatch.text.clean import words

if TYPE_CHECKING:
    from repwatch.models import Employer
    from repwatch.store import Store

#: Folders and files whose content repwatch itself wrote or was handed, and that can be fetched or made again: a word in their name says so.
_OURS = ("inbox", "outbox", "browser", "profile", "cache", "model", "crash")
_NEVER = ("pseudonym.key", "tombstone.key", "repwatch.db", "repwatch.db-wal", "repwatch.db-shm", "check.lock", "repwatch.toml")
#: A file of more bytes (a model) is searched for pieces as they are, not read as a page.
_LARGE = 20_000_000
_SHINGLE = 6
_FEWEST = 3
#: A text of one or two words counts as somebody's own from this many letters on.
_LONG_WORDS = 12
_PIECE = re.compile(r"[^\"\\\n<>]{16,60}")
_BROWSER_CACHES = ("Cache", "Code Cache", "Service Worker", "GPUCache", "blob_storage", "File System", "Session Storage", "Sessions", "IndexedDB")


class Wish(NamedTuple):
    """What a person asks to be forgotten, or to see; `author` is a handle or a pseudonym, dates are YYYY-MM-DD."""

    author: str | None = None
    url: str | None = None
    source: str | None = None
    employer: str | None = None
    since: str | None = None
    until: str | None = None
    ids: tuple[int, ...] = ()


class Forgotten(NamedTuple):
    """What forgetting came to. `left` names the places in which something still stands: an empty list is the proof."""

    items: int
    archives: dict[str, dict[str, Any]]
    files: tuple[str, ...]
    rows: int
    tombstones: int
    left: tuple[str, ...]


def wanted(store: Store, wish: Wish) -> Wanted:
    """Turn a wish into what the store can be asked: a handle into its pseudonyms, an address into how it is stored."""
    names, key = _sources(store, wish), load_key(store.folder)
    authors = tuple(dict.fromkeys(found for name in names for found in _pseudonyms(wish.author, name, key))) if wish.author else ()
    accounts = tuple(dict.fromkeys(found for name in names for found in _accounts(wish.author, name, key))) if wish.author else ()
    urls = tuple(dict.fromkeys(found for url in _same(wish.url) for found in (url, *(_keyed(url, name, key) for name in names)))) if wish.url else ()
    return Wanted(wish.ids, authors, urls, wish.source, wish.employer, wish.since, wish.until, accounts)


def _sources(store: Store, wish: Wish) -> list[str]:
    return [wish.source] if wish.source else sorted({*store.privacy.sources(), *sources.names()})


def _same(url: str) -> list[str]:
    """Return the ways in which one address is written: with and without a last slash, a fragment, a query of trackers."""
    plain = url.strip()
    bare = re.sub(r"#.*$|[?&](?:utm_\w+|fbclid|gclid|ref|trk)=[^&#]*", "", plain)
    return list(dict.fromkeys((plain, bare, bare.rstrip("/"), bare.rstrip("/") + "/")))


def _keyed(url: str, source: str, key: bytes | None) -> str:
    return keyed(url, lambda account: pseudonym(key or b"", source, account))


def _pseudonyms(author: str, source: str, key: bytes | None) -> list[str]:
    if is_pseudonym(author) or key is None:
        return [author]
    bare = bare_handle(author)
    return [pseudonym(key, source, name) for name in dict.fromkeys((author.strip(), bare, bare.lower(), f"@{bare}", f"u/{bare}", f"/u/{bare}"))]


def bare_handle(author: str) -> str:
    """Return a handle without what a site or a person writes before it: @an, u/an, /u/an."""
    return re.sub(r"^(?:@|/?u/)", "", author.strip())


def _accounts(author: str, source: str, key: bytes | None) -> list[str]:
    """Return how the account stands in stored addresses: a feed may name it there and nowhere else."""
    name, _at, host = bare_handle(author).partition("@")
    if not host:
        return _pseudonyms(author, source, key)
    # Another server may have another person of that name.
    return [f"//{host.lower()}/{way}{found}" for way in ("@", "users/") for found in (pseudonym(key or b"", source, name), pseudonym(key or b"", source, name.lower()))]


def forget(store: Store, wish: Wish, employers: tuple[Employer, ...], at: str, inbox: Path | None = None) -> Forgotten:
    """Forget what `wish` names, everywhere, and say what is left."""
    folder = store.folder
    asked = wanted(store, wish)
    ids = store.privacy.find(asked)
    held = list(store.privacy.held(ids))
    secret = load_secret(folder)
    digests = {digest(secret, mark) for mark in _marks(held, asked, wish, _sources(store, wish), load_key(folder))}
    run = store.begin_run("forget", at, {"items": len(ids)})
    store.privacy.erase(run, ids, digests, asked.urls, at)
    trace = Trace(held, wish)
    shown = Shown(Desk(store, run, at, load_key(folder), employers))
    archives = _erase_archives(store, shown, trace, at)
    files = tuple(_erase_files([folder, *([inbox] if inbox and inbox.is_dir() else [])], shown, trace))
    rows = store.privacy.forget_places(lambda text: trace.stands_in(text) or trace.is_in(text.encode()))
    store.finish_run(run, at, 0, {})
    did = {"items": len(ids), "by": sorted(name for name, value in wish._asdict().items() if value), "tombstones": len(digests), "archives": archives, "files": len(files)}
    try:
        store.privacy.scrub()
    except StoreError:
        store.privacy.note(at, "forget", {**did, "unproved": True})
        raise
    pieces = [piece for piece in trace.pieces if not store.privacy.said_elsewhere(piece, ())]
    left = tuple(prove([folder, *([inbox] if inbox and inbox.is_dir() else [])], pieces, trace))
    store.privacy.note(at, "forget", {**did, "left": len(left)})
    return Forgotten(len(ids), archives, files, rows, len(digests), left)


def _marks(held: Sequence[Held], asked: Wanted, wish: Wish, names: Iterable[str], key: bytes | None) -> set[str]:
    found: set[str] = set()
    for each in held:
        # Neither its address, which a whole page may share, nor its author, who was not meant.
        found |= {mark for mark in places(each.data, as_stored, each.identity) if mark.startswith("id|")}
        found |= contents(each.data, each.derived)
        for old in each.revisions:
            found |= contents(old["data"], ())
    if wish.url:
        found |= {url_mark(url, "", as_stored) for url in asked.urls}
    if wish.author:
        # An objection holds for what the person writes later, too.
        for name in names:
            found |= {author_mark(name, author) for author in _pseudonyms(wish.author, name, key)}
    return found


class Trace:
    """How what was forgotten can be recognised in bytes: runs of its words, pieces of its text, the handle and the address."""

    def __init__(self, held: Sequence[Held], wish: Wish) -> None:
        texts = [text for each in held for data in (each.data, *(old["data"] for old in each.revisions)) for text in _texts(data)]
        self.runs = {run for text in texts for run in _runs(words(re.sub(r"<[A-Z_]{3,15}>", " ", text)))}
        self.pieces = list(dict.fromkeys(piece for text in texts for piece in _pieces(text)))
        handle = bare_handle(wish.author) if wish.author and not is_pseudonym(wish.author) else ""
        self.names = [name for name in (handle, wish.url or "") if len(name) >= _FEWEST]
        # Only where it is named as an account: a handle may be an everyday word, or the firm's own name.
        self._name = re.compile(rf"(?:@|/|\b(?:from|author|user|by):){re.escape(handle)}(?!\w)", re.IGNORECASE) if len(handle) >= _FEWEST else None

    def stands_in(self, text: str) -> bool:
        """Tell whether a short text of ours (an address, a message) names the person or the address."""
        return bool(self._name and self._name.search(text)) or any(name in text for name in self.names[1:])

    @staticmethod
    def needles(pieces: Iterable[str]) -> list[bytes]:
        """Return the bytes in which pieces of text may stand: plain, as JSON writes them, in UTF-16."""
        return [needle for piece in pieces for needle in dict.fromkeys((piece.encode(), json.dumps(piece)[1:-1].encode(), piece.encode("utf-16-le")))]

    def is_in(self, body: bytes) -> bool:
        """Tell whether a page or file holds words of what was forgotten, however it wrote them down."""
        if not self.runs:
            return False
        said = words(_plain(body))
        return any(tuple(said[at : at + size]) in self.runs for size in {len(run) for run in self.runs} for at in range(len(said) - size + 1))


def _texts(data: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "text", "pros", "cons", "advice", "body", "process"):
        if data.get(name):
            yield data[name]
    yield from data.get("questions") or ()
    yield from (each["text"] for each in data.get("responses") or () if each["text"])


def _runs(said: list[str]) -> Iterator[tuple[str, ...]]:
    if len(said) >= _SHINGLE:
        yield from (tuple(said[at : at + _SHINGLE]) for at in range(len(said) - _SHINGLE + 1))
    elif len(said) >= _FEWEST or sum(map(len, said)) >= _LONG_WORDS:
        yield tuple(said)


def _pieces(text: str) -> list[str]:
    """Return pieces of a text long enough to be its own: from the beginning, the middle and the end."""
    found = [match[0].strip() for match in _PIECE.finditer(text)]
    return [piece for piece in dict.fromkeys(found[:: max(1, len(found) // 3)] + found[-1:]) if len(piece) >= 12]


def _plain(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text).replace("\\n", " ").replace("\\/", "/")
    return re.sub(r"<[^<>]{1,500}>", " ", html.unescape(html.unescape(text)))


class Shown:
    """Tells whether a page or a file shows an item that is on a tombstone."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._graves = desk, Graves(desk.store, desk.key)

    def on(self, page: Page) -> bool:
        """Tell it of an archived page."""
        return self._any(read_page(page).outcomes)

    def by(self, path: Path) -> bool:
        """Tell it of a file."""
        file = read_file(path, personal=True)
        if file.lines is not None:
            return any(self._line(line) for line in file.lines)
        return any(self._any(part.outcomes) for part in file.pages())

    def _line(self, line: Line) -> bool:
        if isinstance(line, Exported):
            return self._graves.holds(self._desk.exported(line), line.item)
        return self._any((line,))

    def _any(self, outcomes: Iterable[object]) -> bool:
        return any(self._graves.holds(self._desk.known(each), each) for each in outcomes if isinstance(each, Item))


def _erase_archives(store: Store, shown: Shown, trace: Trace, at: str) -> dict[str, dict[str, Any]]:
    from repwatch.web.erasing import erase

    done = {}
    for path in sorted((store.folder / "archive").glob("*.warc.gz*")):
        if found := erase(path, lambda page: shown.on(page) or trace.is_in(page.body), at):
            store.privacy.moved(path.name, found.moved)
            done[path.name] = {"records": found.records, "sha256": found.sha256}
    return done


def _erase_files(roots: Sequence[Path], shown: Shown, trace: Trace) -> Iterator[str]:
    """Remove the files of ours that hold what was forgotten, and yield their names; a browser's caches go whole."""
    import shutil

    for root in roots:
        # What a browser caches is packed, so that no words can be found in it: it goes whole.
        for cache in [path for path in root.glob("*/**/*") if path.is_dir() and path.name in _BROWSER_CACHES] if trace.runs else ():
            shutil.rmtree(cache, ignore_errors=True)
        for path in _files(root):
            ours = root is not roots[0] or any(word in path.relative_to(root).parts[0].lower() for word in _OURS)
            if ours and (_holds(path, trace.needles(trace.pieces)) if path.stat().st_size > _LARGE else trace.is_in(path.read_bytes()) or shown.by(path)):
                path.unlink()
                path.with_suffix(SIDECAR).unlink(missing_ok=True)
                yield str(path.relative_to(root))


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name not in _NEVER and "archive" not in path.relative_to(root).parts[:1]:
            yield path


def prove(roots: Iterable[Path], pieces: Sequence[str], trace: Trace) -> Iterator[str]:
    """Yield every file under `roots` in whose bytes a piece still stands: plain, as JSON writes it, in UTF-16, zipped."""
    needles = trace.needles(pieces)
    for root in roots:
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            if path.name.endswith((".warc.gz", ".warc.gz.part")):
                body = _unzipped(path)
                if any(needle in body for needle in needles) or trace.is_in(body):
                    yield str(path.relative_to(root))
            elif path.stat().st_size and _holds(path, needles):
                yield str(path.relative_to(root))


def _holds(path: Path, needles: Sequence[bytes]) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as body:
        return any(body.find(needle) >= 0 for needle in needles)


def _unzipped(path: Path) -> bytes:
    from repwatch.web.records import whole_members

    return b"\n".join(record.raw_stream.read() for _start, _end, record in whole_members(path) if record is not None)
