"""Take in a profile that a person read in the browser and typed in; list what is known of each source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repwatch.models import Employer, Profile
    from repwatch.store import Reader

#: How a run tells that its figures were typed in; the history of a profile shows it beside them.
BY_HAND = "typed in by hand"


def add_by_hand(folder: Path, profile: Profile, now: str, employers: tuple[Employer, ...]) -> tuple[int, bool]:
    """Store a profile in a run of its own, which `import --undo` takes back; return the run and whether it told anything new."""
    # Listing profiles reads only: it must not pay for what writing needs.
    from repwatch.pipeline.normalise import load_key
    from repwatch.pipeline.saving import Desk
    from repwatch.store import Store

    with Store.open(folder) as store:
        run = store.begin_run("import", now, {"evidence": BY_HAND})
        desk = Desk(store, run, now, load_key(folder, create=True), employers)
        before = _count(folder, profile)
        store.save(run, (desk.seen(profile, profile.employer),))
        store.finish_run(run, now, 0, {"read": 1})
    return run, _count(folder, profile) > before


def _count(folder: Path, profile: Profile) -> int:
    from repwatch.store import open_reader

    with open_reader(folder) as reader:
        return len(reader.profile_history(profile.employer or "", profile.source))


def history(reader: Reader, names: list[str], source: str | None = None) -> list[dict[str, Any]]:
    """Return every observation of the employers' profiles, each with its `evidence`, the newest of each source first."""
    rows = [{**row, "employer": name, "evidence": row["evidence"] or "a page"} for name in names for row in reader.profile_history(name, source)]
    return sorted(rows, key=lambda row: (row["employer"], row["source"], row["domain"] or "", row["filter"] or "", _backwards(row["observed"] or "")))


def _backwards(text: str) -> list[int]:
    return [-ord(char) for char in text]
