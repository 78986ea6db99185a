"""What stands beside an item: the story it is part of, doubts, and the lists it was in. The middle of `reading`."""

# ruff: noqa: S608 — statements are built from constants, values are bound
from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from repwatch.store.runs import Row, RunReader, conditions


class StoryReader(RunReader):
    """Read-only statements over stories, doubts and lists."""

    def copies(self, employer: str, since: str | None = None, until: str | None = None) -> dict[str, int]:
        """Return how many mentions of each source repeat a story that counts elsewhere."""
        rules, values = conditions("day", since, until, what="again")
        query = f"SELECT source, sum(n) FROM rollup WHERE employer_id = (SELECT id FROM employer WHERE name = ?){rules} GROUP BY source ORDER BY source"
        return dict(tuple(row) for row in self._all(query, employer, *values))

    def doubts(self, item: int) -> list[Row]:
        """Return the employers whom an item names and probably does not mean."""
        query = "SELECT name, relevance, reasons FROM doubt JOIN employer ON employer.id = employer_id WHERE item_id = ? ORDER BY name"
        return [{"employer": name, "relevance": score, "reasons": json.loads(reasons)} for name, score, reasons in self._all(query, item)]

    def others(self, story: int | None) -> Row:
        """Return how far a story reaches and what it is called by: (source, type, id) of what was read first; of a review, how many others say the same."""
        if story is None:
            return {"story": None, "reach": None, "alike": 0}
        rows = self._all("SELECT type, source, json_extract(data, '$.url') FROM item WHERE story = ?", story)
        if rows[0][0] == "review":
            return {"story": None, "reach": None, "alike": len(rows) - 1}
        first = self._all("SELECT source, type, identity FROM item WHERE id = ?", story)[0]
        sites = {urlsplit(url or "").netloc.removeprefix("www.") or source for _, source, url in rows}
        return {"story": tuple(first), "reach": {"mentions": len(rows), "sources": sorted({source for _, source, _ in rows}), "sites": len(sites)}, "alike": 0}

    def story_of(self, items: Sequence[int]) -> dict[int, list[int]]:
        """Return, for each of these mentions that is part of a story, all its mentions with the face first."""
        found: dict[int, list[int]] = {}
        for item in items:
            rows = self._all(
                "SELECT id FROM item WHERE type = 'mention' AND story = (SELECT story FROM item WHERE id = ?) ORDER BY published = '', published, source, identity", item
            )
            if rows:
                found[item] = [row[0] for row in rows]
        return found

    def listings(self) -> list[Row]:
        """Return the lists of reviews that are looked at again, with what they lacked once and what has vanished."""
        rows = self._all(
            "SELECT key, source, employer, listing.seen, count(identity) AS reviews, sum(lacked = 1) AS lacked, sum(lacked > 1) AS vanished, max(published) AS newest, "
            "min(published) AS oldest FROM listing LEFT JOIN listed ON listing_id = listing.id GROUP BY listing.id ORDER BY source, employer, key"
        )
        found = []
        for row in rows:
            address, _, shown = row["key"].removeprefix(f"{row['source']}|{row['employer']}|").rpartition("|")
            found.append({"url": address, "filter": shown, **{name: row[name] for name in ("source", "employer", "seen", "reviews", "lacked", "vanished", "newest", "oldest")}})
        return found
