"""The `privacy` commands: masking lines, forgetting with its proof, access, retention, keys, log, letters, consent."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli
from tests.loopback import Answer, Web, hit, hn_answer

from repwatch.pipeline.demonstration import demo_archive
from repwatch.pipeline.protecting import pseudonym
from repwatch.store import Store

NOW = datetime.now(UTC)
PLANTED = "Zwartkraaiend quibblewick zanderloft onderhandelt over vogelkooien met Acme sinds gisteren"
KEPT = "Acme houdt van degelijke werkplekken en dat is voor iedereen duidelijk merkbaar"


def line(native: str = "1", text: str = KEPT, **more: Any) -> str:
    row = {"type": "mention", "source": "hackernews", "employer": "Acme", "native_id": native, "published": "2026-11-02", "text": text, **more}
    return json.dumps(row, ensure_ascii=False) + "\n"


def load(cli: Cli, *lines: str, name: str = "lines.jsonl") -> None:
    Path(name).write_text("".join(lines), "utf-8")
    ran = cli("import", name, "--data-dir", "data")
    assert ran.code == 0, ran.err
    Path(name).unlink()


def rows(statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        return connection.execute(statement, values).fetchall()


def bytes_of(folder: Path = Path("data")) -> bytes:
    """Return every byte under a folder, zipped members unzipped too."""
    found = b""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        found += raw + b"\n"
        while raw.startswith(b"\x1f\x8b"):
            unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
            found += unzip.decompress(raw) + b"\n"
            raw = unzip.unused_data
    return found


def stands(words: str = PLANTED) -> list[str]:
    """Return the planted words that stand in the data folder, as written or as an index would hold them."""
    everything = bytes_of().lower()
    return [word for word in words.split() if len(word) > 9 and (word.lower().encode() in everything or word.lower().encode("utf-16-le") in everything)]


# --- masking lines -----------------------------------------------------------------------------------------------------
def test_lines_are_masked_in_order_and_nothing_else_changes(process: Cli) -> None:
    """Line ends, odd Unicode, bytes that are no text and a last line without an end come out as they went in."""
    given = "Bel 0470/12.34.56\r\nna\u00efef \u2028 \u200bok\n\n@jan en jan@x.be\n".encode() + b"\xff\xfe caf\xe9 BE68 5390 0754 7034\x00\r\x0b tail"
    wanted = "Bel <PHONE>\r\nna\u00efef \u2028 \u200bok\n\n<HANDLE> en <EMAIL>\n".encode() + b"\xff\xfe caf\xe9 <IBAN>\x00\r\x0b tail"
    import subprocess
    import sys

    from tests.cli.conftest import environment

    done = subprocess.run([sys.executable, "-m", "repwatch", "privacy", "mask"], input=given, capture_output=True, env=environment(), timeout=60, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", wanted)


def test_own_identifiers_are_spared(process: Cli) -> None:
    """What the settings name as the employer's own is not masked."""
    Path("repwatch.toml").write_text('[[employer]]\nname = "Acme"\ndomain = "acme.example"\nidentifiers = ["@acme_be", "02 555 12 34", "jobs@acme.example", "BE 0403.170.701"]\n')
    ran = process("privacy", "mask", stdin=b"@acme_be @acme 02/555.12.34 +32 2 555 12 34 jobs@acme.example an@acme.example 0403.170.701\n")
    assert ran.out == "@acme_be @acme 02/555.12.34 +32 2 555 12 34 jobs@acme.example <EMAIL> 0403.170.701\n"


# --- what is stored ----------------------------------------------------------------------------------------------------
def test_texts_are_masked_before_they_are_stored(cli: Cli) -> None:
    """No identifier reaches the disk: not in texts, answers, ids, addresses or the full-text index."""
    review = {"type": "review", "source": "indeed", "employer": "Acme", "native_id": "r1", "pros": "Bel 0470/12.34.56", "responses": [{"text": "Mail an.peeters@acme.example", "published": None}]}
    interview = {"type": "interview", "source": "indeed", "employer": "Acme", "native_id": "i1", "process": "via @recruiter_an", "questions": ["NISS 85.07.30-033.28?"]}
    post = line("at://did:plc:abcdefgh12345/app.bsky.feed.post/3k", "hallo", source="bluesky", url="https://bsky.app/profile/did:plc:abcdefgh12345/post/3k", author="an.bsky.social")
    load(cli, json.dumps(review) + "\n", json.dumps(interview) + "\n", post)
    everything = bytes_of().lower()
    assert [word for word in (b"12.34.56", b"an.peeters", b"recruiter_an", b"85.07.30", b"abcdefgh12345", b"an.bsky") if word in everything] == []
    found = {row["type"]: row for row in cli("export", "--data-dir", "data").rows}
    assert (found["review"]["pros"], found["review"]["responses"][0]["text"]) == ("Bel <PHONE>", "Mail <EMAIL>")
    assert (found["interview"]["process"], found["interview"]["questions"]) == ("via <HANDLE>", ["NISS <NATIONAL_NUMBER>?"])
    assert re.fullmatch(r"at://p[0-9a-f]{16}/app\.bsky\.feed\.post/3k", found["mention"]["native_id"])
    assert re.fullmatch(r"https://bsky\.app/profile/p[0-9a-f]{16}/post/3k", found["mention"]["url"])


def test_parse_shows_what_stands_there(cli: Cli) -> None:
    """`parse` stores nothing and masks nothing: its lines are what the page says."""
    Path("one.json").write_bytes(hn_answer([hit(1, int(NOW.timestamp()), comment_text="Call 0470/12.34.56, @an")]))
    assert "0470/12.34.56, @an" in cli("parse", "one.json", "--source", "hackernews").rows[0]["text"]


def test_export_and_import_lose_nothing(cli: Cli) -> None:
    """What was masked comes back byte for byte, the fact that a text was let go included."""
    load(cli, line("1", "Bel 0470/12.34.56 gerust"), line("2"))
    with Store.open(Path("data")) as store:
        from repwatch.store.fading import Limits

        run = store.begin_run("retention", "2026-11-25T00:00:00Z", {})
        assert store.privacy.fade(run, "2026-11-25T00:00:00Z", Limits("9999", "0", "0")) == {"age": 2, "vanished": 0, "revisions": 0}
    told = cli("export", "--data-dir", "data").out
    assert [json.loads(each)["faded"][:10] for each in told.splitlines()] == ["2026-11-25"] * 2
    Path("all.jsonl").write_text(told)
    cli("import", "all.jsonl", "--data-dir", "data2")
    assert cli("export", "--data-dir", "data2").out == told


def test_what_was_stored_before_is_masked_once(cli: Cli) -> None:
    """An older store is masked by the next import or check, with its past, and resumes where it was cut off."""
    load(cli, line("1", "x"), line("2", "y"))
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        connection.execute("UPDATE item SET data = json_set(data, '$.text', 'Bel 0470/12.34.56'), derived = 'x:old'")
        connection.execute("UPDATE watch_cursor SET value = json_set(value, '$.version', 0) WHERE watch_key = 'privacy|mask'")
        connection.execute("INSERT INTO revision (item_id, run_id, replaced, derived, origin, data) SELECT id, run_id, '2099-01-01', 'x:older', 'seen', data FROM item")
        connection.commit()
    with Store.open(Path("data")) as store:
        from repwatch.pipeline.protecting import PROTECTED, protect_stored
        from repwatch.text.masking import Masker

        run = store.begin_run("mask", "2026-11-25T00:00:00Z", {})
        assert store.privacy.rewrite(run, lambda data: protect_stored(data, None, Masker()), 0, ("privacy|mask", {"version": PROTECTED, "done": False}), 1) == 1
    assert [text for (text,) in rows("SELECT json_extract(data, '$.text') FROM item ORDER BY id")] == ["Bel <PHONE>", "Bel 0470/12.34.56"]
    load(cli, line("3"))
    assert rows("SELECT count(*) FROM item WHERE data LIKE '%0470%'") == rows("SELECT count(*) FROM revision WHERE data LIKE '%0470%'") == [(0,)]
    assert rows("SELECT count(*) FROM item_fts WHERE item_fts MATCH 'PHONE'") == [(2,)]
    assert cli("privacy", "mask", "--stored", "--data-dir", "data").out == "3 items looked at and masked where needed.\n"
    assert cli("privacy", "status", "--data-dir", "data", "--format", "json").data["masked"] is True


def test_an_address_that_was_not_known_to_name_an_account_is_keyed_once(cli: Cli) -> None:
    """What was stored before a place of accounts was known loses the name with the next import, and is not stored twice."""
    place = "https://www.instagram.com/an_peeters/reel/17"
    told = line(place, "Acme says one", url=place)
    load(cli, told)
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        connection.execute("UPDATE item SET identity = ?, data = json_set(data, '$.native_id', ?, '$.url', ?)", (place, place, place))
        connection.execute("UPDATE watch_cursor SET value = json_set(value, '$.version', 3) WHERE watch_key = 'privacy|mask'")
        connection.commit()
    load(cli, told)
    assert rows("SELECT count(*), sum(instr(data || identity, 'an_peeters')) FROM item") == [(1, 0)]


def test_excerpts_hold_back_what_art_9_protects(cli: Cli, web: Web) -> None:
    """What repwatch quotes of itself leaves out a sentence on health or union; the text itself is kept whole."""
    at = int(NOW.timestamp()) - 600
    web.serve("hn.algolia.com", Answer(hn_answer([hit(1, at, story_title=None, comment_text="<p>Acme pays well. My depression was laughed at. The canteen is nice.</p>")]), "application/json"))
    Path("repwatch.toml").write_text(f'[web]\ngateway = "{web.gateway}"\nretries = 0\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "hackernews"\nquery = "Acme"\n')
    (new,) = cli("check", "--data-dir", "data", "--format", "json").data["new"]
    assert new["excerpt"] == "Acme pays well. […] The canteen is nice."
    assert "depression" in cli("export", "--data-dir", "data").out


# --- forgetting --------------------------------------------------------------------------------------------------------
@pytest.fixture
def watched(cli: Cli, web: Web) -> Web:
    """Check a small web once: one comment of a person that is to be forgotten, two others."""
    at = int(NOW.timestamp()) - 600
    comments = [hit(1, at, comment_text=f"<p>{PLANTED}</p>", author="an_peeters"), hit(2, at, comment_text=f"<p>{KEPT}</p>", author="bob"), hit(3, at, comment_text="<p>Acme again</p>", author="an_peeters")]
    web.serve("hn.algolia.com", Answer(hn_answer(comments), "application/json"))
    Path("repwatch.toml").write_text(f'[web]\ngateway = "{web.gateway}"\nretries = 0\n[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "hackernews"\nquery = "Acme"\n')
    assert cli("check", "--data-dir", "data").code == 0
    return web


def count(source: str = "hackernews") -> int:
    return int(rows("SELECT coalesce(sum(n), 0) FROM rollup WHERE what = 'all' AND source = ?", source)[0][0])


def plant_everywhere() -> None:
    """Put the words where a run may have left them: inbox, outbox, a crash file, a model's and a browser's cache, a revision, a journal."""
    for name in ("inbox/page.html", "outbox/digest.txt", "model-cache/words.bin", "repwatch-crash-1.txt", "browser-profile/Default/Cache/f_0001", "browser-profile/History"):
        path = Path("data") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html>{PLANTED}</html>")
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        connection.execute("INSERT INTO revision (item_id, run_id, replaced, derived, origin, data) SELECT id, run_id, '2026-11-20', 'x:1', 'seen', data FROM item WHERE identity = '1'")
        connection.execute("INSERT INTO journal (run_id, item_id, before) SELECT run_id, id, json_object('data', data) FROM item WHERE identity = '1'")
        connection.execute("INSERT INTO problem (run_id, source, place, reason, detail) VALUES (1, 'hackernews', 'x', 'odd', ?)", (PLANTED,))
        connection.commit()


def test_forgetting_leaves_no_byte(cli: Cli, watched: Web) -> None:
    """After `forget` the planted words stand in no file of the data folder: rows, index, free pages, log of writes, archive, caches."""
    plant_everywhere()
    assert len(stands()) == 5
    item = rows("SELECT id FROM item WHERE identity = '1'")[0][0]
    ran = cli("privacy", "forget", "--id", item, "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["items"], ran.data["left"], ran.data["proved"]) == (0, 1, [], True)
    assert stands() == []
    assert count() == 2
    assert Path("data/repwatch.db-wal").stat().st_size == 0 if Path("data/repwatch.db-wal").exists() else True


def test_the_record_stays_without_its_body(cli: Cli, watched: Web) -> None:
    """The archive still says that the page was read; a replay says that it was erased; the log holds the new digest."""
    cli("privacy", "forget", "--id", 1, "--data-dir", "data")
    (archive,) = Path("data/archive").glob("*.warc.gz")
    ran = cli("check", "--replay", archive, "--format", "json")
    assert (ran.code, [(row["state"], row["reason"]) for row in ran.data["coverage"]]) == (4, [("refused", "erased")])
    act = cli("privacy", "audit", "--data-dir", "data", "--format", "json").data["acts"][-1]
    import hashlib

    assert act["detail"]["archives"][archive.name] == {"records": 1, "sha256": hashlib.sha256(archive.read_bytes()).hexdigest()}
    assert rows("SELECT etag, archive_file FROM page") == [(None, None)]


@pytest.mark.parametrize("how", [("--id", "1"), ("--author", "@an_peeters"), ("--url", "https://news.ycombinator.com/item?id=1#up"), ("--since", "2026-01-01")])
def test_it_does_not_come_back(cli: Cli, watched: Web, how: tuple[str, str]) -> None:
    """The next fetch shows the same page, and what was forgotten stays forgotten, after a rotation of the key too."""
    assert cli("privacy", "forget", *how, "--data-dir", "data").code == 0
    left = count()
    for _ in range(2):
        assert cli("check", "--data-dir", "data").code == 0
        assert (count(), rows("SELECT count(*) FROM item WHERE identity = '1'")) == (left, [(0,)])
        assert cli("privacy", "rotate-key", "--data-dir", "data").code == 0


def test_an_objection_holds_for_what_comes(cli: Cli, watched: Web) -> None:
    """What a forgotten author writes later is not stored either; others' words are."""
    cli("privacy", "forget", "--author", "an_peeters", "--data-dir", "data")
    assert [row["text"] for row in cli("export", "--data-dir", "data").rows] == [KEPT]
    at = int(NOW.timestamp()) - 60
    watched.serve("hn.algolia.com", Answer(hn_answer([hit(8, at, comment_text="Acme, once more", author="an_peeters"), hit(9, at, comment_text="Acme is fine", author="carl")]), "application/json"))
    cli("check", "--data-dir", "data")
    assert sorted(row["text"] for row in cli("export", "--data-dir", "data").rows) == [KEPT, "Acme is fine"]


@pytest.mark.parametrize(("asked", "gone"), [
    ("an_peeters", "1 2 3 4 5 6"), ("@an_peeters", "1 2 3 4 5 6"), ("u/an_peeters", "1 2 3 4 5 6"), ("@an_peeters@one.example", "5"), ("@An_Peeters@one.example", "5"), ("carl", ""),
])  # fmt: skip
def test_a_handle_is_found_however_the_site_writes_it(cli: Cli, asked: str, gone: str) -> None:
    """With @, as u/name, or in the address alone; a handle of one server is nobody's on another. What comes later is held off likewise."""
    told = [{"author": "@an_peeters"}, {"author": "/u/an_peeters"}, {"author": "an_peeters"}, {"author": "An P.", "url": "https://medium.com/@an_peeters/a-story-1"},
            {"url": "https://one.example/@an_peeters/17"}, {"url": "https://two.example/@an_peeters/17"}, {"author": "bob", "url": "https://one.example/@bob/18"}]  # fmt: skip
    lines = [line(str(number), f"Acme says {number}", **more) for number, more in enumerate(told, 1)]
    load(cli, *lines)
    left = [str(number) for number in range(1, 8) if str(number) not in gone.split()]
    shown = json.loads(cli("privacy", "export", "--author", asked, "--format", "json", "--data-dir", "data").out)
    assert [each["native_id"] for each in shown["items"]] == gone.split()
    assert cli("privacy", "forget", "--author", asked, "--data-dir", "data").code == 0
    later = [line(str(20 + number), f"Acme again {number}", **more) for number, more in enumerate(told, 1)]
    load(cli, *lines, *later, name="later.jsonl")
    assert sorted((row["native_id"] for row in cli("export", "--data-dir", "data").rows), key=int) == [*left, *(str(20 + int(number)) for number in left)]


def test_a_slip_is_no_proof_that_nothing_is_held(cli: Cli, watched: Web) -> None:
    """An alias means its employer, an unknown name is refused; a second run, which knows no text any more, does not claim a proof."""
    Path("repwatch.toml").write_text(Path("repwatch.toml").read_text().replace('name = "Acme"', 'name = "Acme"\naliases = ["Acme NV"]'))
    for how, near in ((("--employer", "Acne"), "'Acme'"), (("--source", "hackernew"), "'hackernews'")):
        for command in (("forget", "--dry-run"), ("export",)):
            ran = cli("privacy", *command, *how, "--data-dir", "data")
            assert (ran.code, f"Did you mean {near}?" in ran.err) == (2, True)
    assert cli("privacy", "forget", "--employer", "acme nv", "--dry-run", "--format", "json", "--data-dir", "data").data["items"] == 3
    Path("data/notes.txt").write_text(PLANTED)
    assert cli("privacy", "forget", "--id", 1, "--data-dir", "data").code == 3
    ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["items"], ran.data["proved"]) == (0, 0, False)
    assert "Proved" not in cli("privacy", "forget", "--id", 1, "--data-dir", "data").out


def test_withdrawing_forgets_the_accounts_that_a_person_named(cli: Cli) -> None:
    """Whatever the person is called on record, what their accounts wrote goes: by its address, where no author is told, too."""
    named = ("https://one.example/@an", "https://bsky.app/profile/an.bsky.social")
    cli("privacy", "consent", "--who", "Anneke", "--purpose", "read", "--until", "2027-06-30", "--how", "by mail", *(part for each in named for part in ("--account", each)), "--data-dir", "data")
    load(cli, line("1", "Acme one", url="https://one.example/@an/17"), line("2", "Acme two", author="an.bsky.social"), line("3", "Acme three", url="https://two.example/@an/17"))
    assert cli("privacy", "withdraw", "Anneke", "--data-dir", "data").code == 0
    assert [row["native_id"] for row in cli("export", "--data-dir", "data").rows] == ["3"]


def test_a_large_file_is_searched_as_it_is(cli: Cli, watched: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file too large to be read as a page goes when it holds a piece of the text, and stays otherwise."""
    monkeypatch.setattr("repwatch.pipeline.erasure._LARGE", 10)
    Path("data/model-cache").mkdir()
    Path("data/model-cache/a.bin").write_bytes(b"\x00\xff" * 9 + PLANTED.encode("utf-16-le"))
    Path("data/model-cache/b.bin").write_bytes(b"\x00\xff" * 99)
    ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["files"], Path("data/model-cache/b.bin").exists()) == (0, ["model-cache/a.bin"], True)


def test_a_file_of_somebody_else_is_named_not_removed(cli: Cli, watched: Web) -> None:
    """The text in a file that is not repwatch's own is no proof: it is named, and the exit is 3."""
    Path("data/notes.txt").write_text(PLANTED)
    ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["left"], ran.data["proved"], Path("data/notes.txt").exists()) == (3, ["notes.txt"], False, True)


def test_forgetting_one_spares_its_neighbours(cli: Cli) -> None:
    """Items that share an address or an author with a forgotten one stay, and others may follow there."""
    same = {"url": "https://a.example/page", "author": "an"}
    load(cli, line("1", PLANTED, **same), line("2", **same))
    cli("privacy", "forget", "--id", 1, "--data-dir", "data")
    load(cli, line("1", PLANTED, **same), line("3", "Acme is new here", **same))
    assert [row["native_id"] for row in cli("export", "--data-dir", "data").rows] == ["2", "3"]
    cli("privacy", "forget", "--url", "https://a.example/page/", "--data-dir", "data")
    load(cli, line("4", **same))
    assert cli("export", "--data-dir", "data").rows == []


def test_an_import_of_what_was_forgotten(cli: Cli) -> None:
    """An old export does not bring back what was forgotten."""
    load(cli, line("1", PLANTED), line("2"))
    told = cli("export", "--data-dir", "data").out
    cli("privacy", "forget", "--id", 1, "--data-dir", "data")
    Path("old.jsonl").write_text(told)
    cli("import", "old.jsonl", "--data-dir", "data")
    assert [row["native_id"] for row in cli("export", "--data-dir", "data").rows] == ["2"]


def test_a_page_of_the_inbox_that_holds_it_goes(cli: Cli) -> None:
    """A payload and an export that wait in the inbox go when they show the item, by its id alone too."""
    load(cli, line("1", "ok"), line("2"))
    inbox = Path("data/inbox")
    inbox.mkdir()
    (inbox / "a.json").write_bytes(hn_answer([hit(1, int(NOW.timestamp()), comment_text="other words")]))
    (inbox / "b.jsonl").write_text(line("1", "other"))
    (inbox / "c.jsonl").write_text(line("2"))
    ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["files"]) == (0, ["inbox/a.json", "inbox/b.jsonl"])


def test_a_dry_run_changes_nothing(cli: Cli, watched: Web) -> None:
    """`--dry-run` tells the number, and nobody is named without saying whom."""
    assert cli("privacy", "forget", "--author", "an_peeters", "--dry-run", "--data-dir", "data").out.startswith("2 items would be forgotten")
    assert count() == 3
    ran = cli("privacy", "forget", "--data-dir", "data")
    assert (ran.code, "whom or what?" in ran.err) == (2, True)


def test_a_reader_at_work_is_named(cli: Cli, watched: Web) -> None:
    """While another process reads the store its log of writes cannot be emptied: that is said, logged as unproved, and made good later."""
    with closing(sqlite3.connect("data/repwatch.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM item").fetchone()
        ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data")
        assert (ran.code, "privacy retention" in ran.err or "in use" in ran.err) == (2, True)
    assert cli("privacy", "audit", "--data-dir", "data", "--format", "json").data["acts"][-1]["detail"]["unproved"] is True
    assert cli("privacy", "retention", "--data-dir", "data").code == 0
    assert stands() == []


def test_a_running_check_is_waited_for(cli: Cli) -> None:
    """Nothing is forgotten while a check holds the folder."""
    from filelock import FileLock

    Path("data").mkdir()
    with FileLock("data/check.lock"):
        ran = cli("privacy", "forget", "--id", 1, "--data-dir", "data")
    assert (ran.code, "a check is at work" in ran.err) == (2, True)


# --- access, keys, log -------------------------------------------------------------------------------------------------
def test_access(cli: Cli, watched: Web) -> None:
    """A person gets all that is held about them, as text and as JSON, and the log notes that."""
    ran = cli("privacy", "export", "--author", "an_peeters", "--format", "json", "--data-dir", "data")
    told = json.loads(ran.out)
    assert (ran.code, len(told["items"]), told["by_source"], len(told["archived_pages"])) == (0, 2, {"hackernews": 2}, 1)
    text = cli("privacy", "export", "--author", "an_peeters", "--data-dir", "data").out
    assert ("2 items: 2 from hackernews." in text, PLANTED in text, KEPT in text) == (True, True, False)
    acts = cli("privacy", "audit", "--data-dir", "data", "--format", "json").data["acts"]
    assert [(act["action"], act["detail"]) for act in acts] == [("export", {"by": ["author"], "items": 2})] * 2


def test_rotation_gives_new_pseudonyms(cli: Cli, watched: Web) -> None:
    """After a rotation the same person has one other pseudonym, in old items as in new ones; identity stays."""
    old = {row["author"] for row in cli("export", "--data-dir", "data").rows}
    assert cli("privacy", "rotate-key", "--data-dir", "data").code == 0
    new = {row["author"] for row in cli("export", "--data-dir", "data").rows}
    key = bytes.fromhex(Path("data/pseudonym.key").read_text())
    assert (len(new), new & old, len(key)) == (2, set(), 64)
    assert new == {pseudonym(key, "hackernews", name) for name in ("an_peeters", "bob")}
    assert not any(name.encode() in bytes_of() for name in old)
    assert cli("check", "--data-dir", "data", "--format", "json").data["new"] == []


def test_a_rotation_that_was_cut_off(cli: Cli) -> None:
    """A rotation cut off before the store was written is undone, one cut off after it is finished."""
    load(cli, line("1", author="an"))
    before = Path("data/pseudonym.key").read_text()
    Path("data/pseudonym.key.next").write_text(before + "00" * 32 + "\n")
    load(cli, line("2"))
    assert (Path("data/pseudonym.key.next").exists(), Path("data/pseudonym.key").read_text()) == (False, before)
    cli("privacy", "rotate-key", "--data-dir", "data")
    after = Path("data/pseudonym.key").read_text()
    Path("data/pseudonym.key").write_text(before)
    Path("data/pseudonym.key.next").write_text(after)
    load(cli, line("3"))
    assert Path("data/pseudonym.key").read_text() == after


def test_rotation_needs_a_key(cli: Cli) -> None:
    """Where nothing was stored there is nothing to rotate."""
    ran = cli("privacy", "rotate-key", "--data-dir", "data")
    assert (ran.code, "there is no key yet" in ran.err) == (2, True)


def test_the_log_only_grows(cli: Cli) -> None:
    """The database refuses to change the log; whoever gets around that breaks the chain, and `audit` says where."""
    load(cli, line("1"), line("2"))
    for item in (1, 2):
        cli("privacy", "forget", "--id", item, "--data-dir", "data")
    assert cli("privacy", "audit", "--data-dir", "data").code == 0
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        for statement in ("UPDATE audit SET detail = '{}'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                connection.execute(statement)
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET detail = '{}' WHERE id = 1")
        connection.commit()
    ran = cli("privacy", "audit", "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["broken_at"]) == (3, 1)
    assert cli("privacy", "status", "--data-dir", "data", "--format", "json").data["log_broken_at"] == 1


def test_an_address_is_resolved_while_the_archive_holds_it(cli: Cli, watched: Web) -> None:
    """The address as the page has it is found in the archive; without it there is a sentence and exit 2."""
    assert cli("privacy", "resolve", 1, "--data-dir", "data").out == "https://news.ycombinator.com/item?id=1\n"
    for path in Path("data/archive").iterdir():
        path.unlink()
    ran = cli("privacy", "resolve", 1, "--data-dir", "data")
    assert (ran.code, "no longer holds" in ran.err) == (2, True)
    ran = cli("privacy", "resolve", 999, "--data-dir", "data")
    assert (ran.code, "there is no item 999" in ran.err) == (2, True)


# --- retention ---------------------------------------------------------------------------------------------------------
def age(days: int, column: str = "first_seen", identity: str = "1") -> None:
    at = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        connection.execute(f"UPDATE item SET {column} = ? WHERE identity = ?", (at, identity))
        connection.commit()


def test_texts_go_after_their_time(cli: Cli, watched: Web) -> None:
    """A check lets old and vanished texts go; the facts, the score and the roll-ups stay, and a new sight brings no text back."""
    before = rows("SELECT * FROM rollup ORDER BY 1, 2, 3, 4, 5, 6, 7")
    age(400)
    age(31, "vanished", "2")
    for _ in range(2):
        assert cli("check", "--data-dir", "data", "--format", "json").data["new"] == []
    found = {row["native_id"]: row for row in cli("export", "--data-dir", "data").rows}
    assert [(found[name]["text"], found[name]["author"], found[name]["score"]["evidence"]) for name in ("1", "2")] == [("", None, [])] * 2
    assert found["3"]["text"] == "Acme again"
    assert rows("SELECT * FROM rollup ORDER BY 1, 2, 3, 4, 5, 6, 7") == before
    assert rows("SELECT count(*) FROM item_fts WHERE item_fts MATCH 'quibblewick'") == [(0,)]
    status = cli("privacy", "status", "--data-dir", "data", "--format", "json").data
    assert (status["without_text"], status["due"]) == (2, 0)


def test_old_texts_of_edited_items_go(cli: Cli, watched: Web) -> None:
    """What an item said before loses its words thirty days after it was replaced; that it was edited stays."""
    with closing(sqlite3.connect("data/repwatch.db")) as connection:
        connection.execute("INSERT INTO revision (item_id, run_id, replaced, derived, origin, data) SELECT id, run_id, '2026-01-20', 'x:1', 'seen', data FROM item WHERE identity = '1'")
        connection.commit()
    ran = cli("privacy", "retention", "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["replaced"], ran.data["aged"]) == (0, 1, 0)
    assert rows("SELECT json_extract(data, '$.text'), replaced FROM revision") == [("", "2026-01-20")]


def test_old_archives_go(cli: Cli, watched: Web) -> None:
    """Archives older than the settings allow are removed; digests of their records stay, and no address."""
    import os

    (archive,) = Path("data/archive").glob("*.warc.gz")
    os.utime(archive, (1, 1))
    assert cli("privacy", "retention", "--data-dir", "data", "--format", "json").data["archives"] == 1
    assert not archive.exists()
    (kept,) = map(json.loads, Path("data/archive/kept.jsonl").read_text().splitlines())
    assert sorted(kept) == ["archive", "date", "digest", "record", "url_sha256"]
    assert "algolia" not in json.dumps(kept)


# --- letters -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("letter", ["notice", "register"])
@pytest.mark.parametrize(("lang", "words"), [("en", "not legal advice"), ("fr", "non un avis juridique"), ("nl", "geen juridisch advies"), ("de", "keine Rechtsberatung")])
def test_letters(cli: Cli, letter: str, lang: str, words: str) -> None:
    """Notice and register entry exist in four languages, with the firm's own figures, and say that they are no legal advice."""
    Path("repwatch.toml").write_text(f'language = "{lang}"\ncontact = "dpo@acme.example"\n[privacy]\ntext_months = 17\n[[employer]]\nname = "Acme [*] & Co"\n[[employer.source]]\nsource = "hackernews"\n')
    text = cli("privacy", letter).out
    assert all(each in text for each in (words, "Acme \\[\\*\\] & Co", "dpo@acme.example", "17", "Hacker News"))
    assert "{{" not in text
    assert "[" in cli("privacy", letter, "--config", "none.toml", "--lang", lang).err or cli("privacy", letter, "--lang", lang).out == text


def test_a_letter_without_settings_has_gaps_to_fill(cli: Cli) -> None:
    """Without settings the letter says what is missing."""
    assert "[name of the organisation]" in cli("privacy", "notice").out
    assert "No source stands in the settings yet" in cli("privacy", "register", "--lang", "en").out


# --- consent -----------------------------------------------------------------------------------------------------------
def follow(target: str, key: str = "query", source: str = "hackernews", more: str = "") -> None:
    Path("repwatch.toml").write_text(f'[web]\ngateway = "http://127.0.0.1:9"\nretries = 0\n[[employer]]\nname = "Acme"\n{more}\n[[employer.source]]\nsource = "{source}"\n{key} = "{target}"\n')


@pytest.mark.parametrize(("target", "key", "source"), [
    ("@an_peeters", "query", "mastodon"), ("Acme @an_peeters", "query", "hackernews"), ("from:an_peeters", "query", "bluesky"), ("author:an_peeters Acme", "query", "reddit"),
    ("https://www.linkedin.com/in/an-peeters/", "url", "jsonld"), ("https://mastodon.example/@an.rss", "url", "feed"), ("https://www.reddit.com/user/an_peeters.rss", "url", "feed"),
    ("https://medium.com/feed/@an.peeters", "url", "feed"), ("an.peeters@acme.example", "query", "hackernews"), ("https://press.example/author/an-peeters/feed", "url", "feed"), ("https://forum.example/u/an/activity.rss", "url", "feed"),
    ("https://forum.example/search.json?q=acme%20@an", "url", "discourse"), ("https://forum.example/search.json?q=acme+user:an", "url", "discourse"), ("https://lemmy.example/feeds/u/an.xml", "url", "feed"),
    ("https://stackoverflow.com/feeds/user/123", "url", "feed"), ("https://forum.example/user_actions.json?username=an", "url", "feed"),
])  # fmt: skip
def test_nobody_is_followed_without_consent(cli: Cli, target: str, key: str, source: str) -> None:
    """A query or an account that names a person is refused with its line, a sentence and exit 2."""
    follow(target, key, source)
    ran = cli("check", "--data-dir", "data")
    assert (ran.code, "not on record as having agreed" in ran.err, "repwatch.toml:" in ran.err) == (2, True, True)
    assert cli("doctor", "--offline", "--data-dir", "data").code == 2
    assert not Path("data/archive").exists()


def test_nor_by_the_query_of_the_employer(cli: Cli) -> None:
    """A person in the query that all sources of an employer share is refused as well."""
    Path("repwatch.toml").write_text('[[employer]]\nname = "Acme"\nquery = \'"@an_peeters" OR acme\'\n[[employer.source]]\nsource = "hackernews"\n')
    ran = cli("check", "--data-dir", "data")
    assert (ran.code, "not on record as having agreed" in ran.err, "repwatch.toml:" in ran.err) == (2, True, True)


@pytest.mark.parametrize(("target", "key", "source"), [("Acme", "query", "hackernews"), ("https://press.example/acme.rss", "url", "feed"), ("https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm", "url", "glassdoor"),
    ("acme@mastodon.example", "query", "mastodon"), ("https://mastodon.example/@acme.rss", "url", "feed"), ("from:acme_be", "query", "bluesky"), ("from:acme.bsky.social", "query", "bluesky")])  # fmt: skip
def test_an_employer_may_be_followed(cli: Cli, target: str, key: str, source: str) -> None:
    """Names, pages, tags and the employer's own accounts need nobody's consent."""
    follow(target, key, source, 'identifiers = ["@acme_be"]')
    assert "not on record" not in cli("check", "--data-dir", "data").err


def test_consent_opens_the_way_and_withdrawing_closes_it(cli: Cli, web: Web) -> None:
    """With a consent in force the person's posts are read; withdrawing deletes the record and what was read."""
    at = int(NOW.timestamp()) - 600
    web.serve("hn.algolia.com", Answer(hn_answer([hit(1, at, comment_text=f"<p>{PLANTED}</p>", author="an_peeters")]), "application/json"))
    follow("Acme @an_peeters")
    Path("repwatch.toml").write_text(Path("repwatch.toml").read_text().replace("http://127.0.0.1:9", web.gateway))
    until = (NOW + timedelta(days=90)).date().isoformat()
    ran = cli("privacy", "consent", "--who", "An", "--account", "@an_peeters", "--purpose", "read her posts", "--until", until, "--how", "by mail", "--data-dir", "data", "--format", "json")
    assert (ran.code, ran.data["consents"][0]["in_force"]) == (0, True)
    assert cli("check", "--data-dir", "data").code == 0
    assert len(stands()) == 5
    told = json.loads(cli("privacy", "export", "--author", "an_peeters", "--format", "json", "--data-dir", "data").out)
    assert told["consents"][0]["purpose"] == "read her posts"
    ran = cli("privacy", "withdraw", "An", "--data-dir", "data")
    assert (ran.code, ran.out) == (0, "Withdrawn. Consents deleted: 1. Items forgotten: 1.\n")
    assert (stands(), rows("SELECT count(*) FROM consent")) == ([], [(0,)])
    assert cli("check", "--data-dir", "data").code == 2
    assert cli("privacy", "withdraw", "An", "--data-dir", "data").code == 2


@pytest.mark.parametrize(("names", "target", "key", "source", "open_"), [
    (("--who", "@an"), "from:an", "query", "bluesky", True), (("--who", "an"), "https://mastodon.example/@an.rss", "url", "feed", True), (("--who", "An", "--account", "https://mastodon.example/@an"), "https://mastodon.example/@an.rss", "url", "feed", True),
    (("--who", "An", "--account", "https://x.com/an_p"), "https://www.x.com/an_p/", "url", "feed", True), (("--who", "an"), "@an OR @piet", "query", "hackernews", False), (("--who", "an"), "from:anneleen", "query", "bluesky", False),
    (("--who", "an"), "https://mastodon.example/@annelies.rss", "url", "feed", False), (("--who", "An", "--account", "https://mastodon.example/@an"), "https://mastodon.example/@anneleen.rss", "url", "feed", False),
])  # fmt: skip
def test_a_consent_is_of_one_person(cli: Cli, names: tuple[str, ...], target: str, key: str, source: str, *, open_: bool) -> None:
    """Who agreed opens the way to themselves alone: not to a second person in the same query, nor to one whose name begins alike."""
    until = (NOW + timedelta(days=90)).date().isoformat()
    assert 0 == cli("privacy", "consent", *names, "--purpose", "read", "--until", until, "--how", "by mail", "--data-dir", "data").code
    follow(target, key, source)
    assert open_ is ("not on record as having agreed" not in cli("check", "--data-dir", "data").err)


def test_half_a_consent_is_none(cli: Cli) -> None:
    """A consent without purpose, end or way of asking is refused; so is one that has ended."""
    ran = cli("privacy", "consent", "--who", "An", "--data-dir", "data")
    assert (ran.code, "--purpose, --until, --how" in ran.err) == (2, True)
    ran = cli("privacy", "consent", "--who", "An", "--purpose", "x", "--how", "y", "--until", "2020-01-01", "--data-dir", "data")
    assert (ran.code, "would have ended" in ran.err) == (2, True)
    assert "Nobody is on record" in cli("privacy", "consent", "--data-dir", "data").out


def test_a_replay_is_the_same_bytes(cli: Cli) -> None:
    """Masking and keyed ids leave replay what it was: the same file gives the same bytes."""
    assert cli("check", "--replay", demo_archive(), "--format", "json").data == cli("check", "--replay", "demo", "--format", "json").data
