"""`repwatch report` for one employer of 500 on a store of N mentions, and the overview of all; N as arguments, default 10,000 and 1,000,000.

The store is written directly, in SQL, with the counts of the roll-ups rebuilt from the items.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from side_by_side import commands, refuse_without_bytecode, table

from repwatch.store import Store, place

EMPLOYERS, DAYS = 500, 730
SOURCES, TOPICS = ("glassdoor", "indeed", "kununu", "hackernews"), ("pay", "workload", "management", "colleagues")
BIN = Path(sys.executable).parent


def fill(folder: Path, count: int) -> None:
    """Write `count` invented reviews and mentions of 500 employers over two years, 300 characters each, scored."""
    Store.open(folder).close()
    chance, today = random.Random(count), datetime.now(UTC).date()
    connection = place.connect(place.database(folder), wait_ms=1_000)
    # No report searches the words: the text index stays empty, which saves most of the filling.
    connection.execute("DROP TRIGGER item_fts_new")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO run (id, kind, started, meta) VALUES (1, 'check', ?, '{}')", (f"{today}T06:00:00Z",))
    connection.execute("INSERT INTO scorer (id, version) VALUES (1, 'bench')")
    connection.executemany("INSERT INTO employer (id, name) VALUES (?, ?)", [(number + 1, f"Firm {number}") for number in range(EMPLOYERS)])
    connection.executemany("INSERT INTO ledger VALUES (1, ?, ?, ?, 'read', '', '', 1, 0, 1, 1, 0, 0, 0)",
                           [(source, f"Firm {number}", source) for number in range(EMPLOYERS) for source in SOURCES])  # fmt: skip
    words = ["pay", "colleagues", "workload", "manager", "hours", "team", "bonus", "training", "stress", "career", "office", "shift", "holiday", "respect", "support", "change", "plan"]
    texts = [" ".join(chance.choices(words, k=50))[:300] for _ in range(2_000)]
    for start in range(0, count, 20_000):
        rows = [_row(number, chance, today, texts) for number in range(start, min(count, start + 20_000))]
        connection.executemany("INSERT INTO item (id, source, type, identity, derived, published, day, precision, lang, stars, data, more_words, first_seen, scorer_id, run_id, changed_run) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, 'day', ?, ?, ?, '', '2026-01-01T00:00:00Z', 1, 1, 1)", [row[:10] for row in rows])  # fmt: skip
        connection.executemany("INSERT INTO link (item_id, employer_id, run_id) VALUES (?, ?, 1)", [(row[0], row[0] % EMPLOYERS + 1) for row in rows])
        connection.executemany("INSERT INTO score (item_id, scorer_id, run_id, lang, label, polarity, confidence, topics, evidence) VALUES (?, 1, 1, 'en', ?, ?, 0.9, ?, '[]')",
                               [(row[0], *row[10:]) for row in rows])  # fmt: skip
    connection.execute("COMMIT")
    connection.close()
    with Store.open(folder) as store:
        store.rebuild_rollups()


def _row(number: int, chance: random.Random, today: datetime | object, texts: list[str]) -> tuple[object, ...]:
    source, star = SOURCES[chance.randrange(4)], chance.randrange(1, 6)
    kind = "mention" if source == "hackernews" else "review"
    day = (today - timedelta(days=chance.randrange(DAYS))).isoformat()  # type: ignore[operator]  # a date
    text = chance.choice(texts)
    data = {"type": kind, "source": source, "employer": f"Firm {number % EMPLOYERS}", "native_id": str(number), "url": f"https://site.example/{number}", "published": day, "lang": "en"}
    if kind == "review":
        data |= {"rating": float(star), "rating_scale": 5, "voice": "employee", "body": text, "job_title": chance.choice(("Cook", "Engineer", "Nurse")), "location": "Gent, Belgium",
                 "recommend": star > 2, "subratings": {"culture": float(star), "pay": 3.0}, "responses": [{"text": "Thanks", "published": day}] if star == 1 else []}  # fmt: skip
    else:
        data |= {"kind": "post", "text": text}
    label = "negative" if star < 3 else "mixed" if star == 3 else "positive"
    topics = [{"topic": topic, "polarity": (star - 3) / 2} for topic in chance.sample(TOPICS, 2)]
    stars = star * 10 if kind == "review" else None
    return (number + 1, source, kind, str(number), str(number), day, day, "en", stars, json.dumps(data), label, (star - 3) / 2, json.dumps(topics))


def main() -> None:
    """Print the table."""
    refuse_without_bytecode()
    sizes = [int(each.replace("_", "")) for each in sys.argv[1:]] or [10_000, 1_000_000]
    work: dict[str, list[str]] = {"python -c pass": [sys.executable, "-c", "pass"]}
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            start = time.perf_counter()
            fill(Path(scratch) / str(size), size)
            print(f"{size:,} mentions stored in {time.perf_counter() - start:.0f} s, {place.database(Path(scratch) / str(size)).stat().st_size / 1e6:.0f} MB", file=sys.stderr)
            one = [str(BIN / "repwatch"), "--data-dir", f"{scratch}/{size}", "report", "--since", "90d"]
            work[f"{size:,}: one employer"] = [*one, "--employer", "Firm 7"]
            work[f"{size:,}: one employer, --compare previous, JSON"] = [*one, "--employer", "Firm 7", "--compare", "previous", "--format", "json"]
            work[f"{size:,}: one employer, --compare --by month --peer"] = [*one, "--employer", "Firm 7", "--compare", "previous", "--by", "month", "--peer", "Firm 8"]
            work[f"{size:,}: all 500 employers"] = one
        best = commands(work, turns=3, env=dict(os.environ))
    rows = [("report of 90 days", "seconds", "times bare Python", "goal in seconds")]
    rows += [(name, f"{seconds:.2f}", f"{seconds / best['python -c pass']:.0f}", "" if name.startswith("python") else "at most 3" if name.endswith("employers") else "at most 1")
             for name, seconds in best.items()]  # fmt: skip
    table("Wall time, start-up included", rows)


if __name__ == "__main__":
    main()
