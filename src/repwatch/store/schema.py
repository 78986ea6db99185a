"""The tables, as SQLAlchemy knows them. A change here needs a migration beside it; a test compares the two.

The full-text index is SQLite's own and lives in the migration alone.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(name: str, target: str, *, cascade: bool = False, **more: bool) -> Column[int]:
    rule = ForeignKey(target, ondelete="CASCADE" if cascade else None)
    more.setdefault("nullable", False)
    return Column(name, Integer, rule, **more)  # type: ignore[arg-type]


def _text(name: str, **more: bool) -> Column[str]:
    more.setdefault("nullable", False)
    return Column(name, Text, **more)  # type: ignore[arg-type]


run = Table(
    "run",
    metadata,
    _id(),
    _text("kind"),
    _text("started"),
    _text("finished", nullable=True),
    Column("exit_code", Integer),
    _text("meta"),
    sqlite_autoincrement=True,
)

employer = Table("employer", metadata, _id(), Column("name", Text, nullable=False, unique=True))

#: A version of the scorer; the order in which the store met them says which is newest.
scorer = Table("scorer", metadata, _id(), Column("version", Text, nullable=False, unique=True))

#: `identity` is the site's id, or "x:" and a digest; `derived` is that digest for the content of today.
#: `more_words` are the words in lists, for the full-text index. Items of one `story` say the same; the number says nothing.
item = Table(
    "item",
    metadata,
    _id(),
    _text("source"),
    _text("type"),
    _text("identity"),
    _text("derived"),
    _text("published"),
    Column("day", String(10), nullable=False),
    Column("precision", String(5), nullable=False),
    _text("lang"),
    Column("stars", Integer),
    _text("data"),
    _text("more_words"),
    _text("first_seen"),
    _text("vanished", nullable=True),
    _to("scorer_id", "scorer.id", nullable=True),
    _to("run_id", "run.id"),
    _to("changed_run", "run.id"),
    Column("story", Integer),
    UniqueConstraint("source", "identity", "type"),
    Index("ix_item_derived", "derived"),
    Index("ix_item_published", "published"),
    Index("ix_item_run_id", "run_id"),
    Index("ix_item_scorer_id", "scorer_id", "type", "id"),
    Index("ix_item_story", "story"),
    sqlite_autoincrement=True,
)

link = Table(
    "link",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _to("employer_id", "employer.id", primary_key=True),
    _to("run_id", "run.id"),
    #: 1 where another mention of the same story counts for this employer.
    Column("again", Integer, nullable=False, server_default="0"),
    #: The story that this mention is the face of for this employer: what a story counts with is found without its other members.
    Column("face", Integer),
    Index("ix_link_employer_id", "employer_id", "item_id"),
    Index("ix_link_face", "face", sqlite_where=text("face IS NOT NULL")),
    sqlite_with_rowid=False,
)

#: What an item said until `replaced`. `origin` is "seen" here, or "file" when an export told of it.
revision = Table(
    "revision",
    metadata,
    _id(),
    _to("item_id", "item.id", cascade=True),
    _to("run_id", "run.id"),
    _text("replaced"),
    _text("derived"),
    Column("origin", String(4), nullable=False),
    _text("data"),
    Index("ix_revision_item_id", "item_id"),
    Index("ix_revision_derived", "derived"),
    Index("ix_revision_run_id", "run_id"),
)

score = Table(
    "score",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _to("scorer_id", "scorer.id", primary_key=True),
    _to("run_id", "run.id"),
    _text("lang", nullable=True),
    _text("label"),
    Column("polarity", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    _text("topics"),
    _text("evidence"),
    sqlite_with_rowid=False,
)

#: What a person said of an item, in the place of a score; `was` is the score it replaced, `derived` the content it was about.
correction = Table(
    "correction",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _to("run_id", "run.id"),
    _text("at"),
    _text("label"),
    _text("topics"),
    _text("was"),
    _text("derived"),
)

#: What was decided about answering a review: "done" elsewhere, or "skipped".
answer = Table(
    "answer",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _text("state"),
    _text("at"),
)

#: A side project of the board: `figure` names what is counted ("" where only people can tell), `baseline` how it stood at the start
#: and `notes` a list of [day, text]. `ended` is NULL while it runs.
project = Table(
    "project",
    metadata,
    _id(),
    *(_text(name) for name in ("employer", "title", "owner")),
    Column("start", String(10), nullable=False),
    Column("weeks", Integer, nullable=False),
    *(_text(name) for name in ("measure", "figure", "baseline", "notes")),
    Column("ended", String(10)),
    Index("ix_project_employer", "employer", "ended"),
)

#: How an item stood before an import run touched it; `undo` reads it backwards.
journal = Table(
    "journal",
    metadata,
    _to("run_id", "run.id", primary_key=True),
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _text("before"),
    Index("ix_journal_item_id", "item_id"),
    sqlite_with_rowid=False,
)

#: Runs that told an item again and changed nothing. `as_of` is the run that had left it so, 0 where an older state of it was told.
told_item = Table(
    "told_item",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _to("run_id", "run.id", primary_key=True),
    Column("as_of", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: Alerts as they fired. `state` is open, acknowledged or snoozed; `until` the day before which a snoozed one stays silent.
alert = Table(
    "alert",
    metadata,
    _id(),
    _to("run_id", "run.id"),
    *(_text(name) for name in ("rule", "kind", "severity", "employer", "source", "key", "day", "facts")),
    _text("url", nullable=True),
    _text("state"),
    _text("until"),
    Index("ix_alert_rule", "rule", "employer", "key", "day"),
)

#: Messages to channels, named by a digest of their address. A sent one keeps no text.
outbox = Table(
    "outbox",
    metadata,
    _id(),
    _to("run_id", "run.id"),
    *(_text(name) for name in ("channel", "subject", "text", "html", "created")),
    _text("sent", nullable=True),
    Column("tries", Integer, nullable=False),
    _text("error"),
)

#: The hashes by which items that say the same are found.
likeness = Table(
    "likeness",
    metadata,
    Column("hash", Integer, primary_key=True),
    _to("item_id", "item.id", cascade=True, primary_key=True),
    Index("ix_likeness_item_id", "item_id"),
    sqlite_with_rowid=False,
)

#: Employers whom a mention names and probably does not mean: kept, and in no figure.
doubt = Table(
    "doubt",
    metadata,
    _to("item_id", "item.id", cascade=True, primary_key=True),
    _to("employer_id", "employer.id", primary_key=True),
    _to("run_id", "run.id"),
    Column("relevance", Float, nullable=False),
    _text("reasons"),
    sqlite_with_rowid=False,
)

#: A list that is looked at again and again: one address, filter and order. `seen` is the instant of its newest sight.
listing = Table(
    "listing",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _text("source"),
    _text("employer"),
    _text("seen"),
)

#: Where an item stood in a listing, and how many whole listings in a row that cover its place lacked it since.
listed = Table(
    "listed",
    metadata,
    _to("listing_id", "listing.id", cascade=True, primary_key=True),
    Column("identity", Text, primary_key=True),
    _text("published"),
    _text("seen"),
    Column("lacked", Integer, nullable=False),
    _text("lacked_at", nullable=True),
    sqlite_with_rowid=False,
)

profile = Table(
    "profile",
    metadata,
    _id(),
    _to("employer_id", "employer.id", nullable=True),
    _text("source"),
    _text("identity"),
    _text("domain"),
    _text("filter"),
    _text("observed"),
    Column("day", String(10), nullable=False),
    _text("seen"),
    _text("data"),
    _to("run_id", "run.id"),
    Index("ix_profile_employer_id", "employer_id", "source", "domain", "filter", "identity", "day"),
    Index("ix_profile_run_id", "run_id"),
)

#: Runs that told an observation again.
told_profile = Table(
    "told_profile",
    metadata,
    _to("profile_id", "profile.id", cascade=True, primary_key=True),
    _to("run_id", "run.id", primary_key=True),
    sqlite_with_rowid=False,
)

rollup = Table(
    "rollup",
    metadata,
    _to("employer_id", "employer.id", primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("what", String(5), primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: Reviews a month by what their authors say of themselves (job family, place, country), over all sources and languages.
#: Reports show only what `analysis.breakdown` lets through.
breakdown = Table(
    "breakdown",
    metadata,
    _to("employer_id", "employer.id", primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("dimension", String(7), primary_key=True),
    Column("part", Text, primary_key=True),
    Column("what", String(5), primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

ledger = Table(
    "ledger",
    metadata,
    _to("run_id", "run.id", primary_key=True),
    Column("source", Text, primary_key=True),
    Column("employer", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    _text("state"),
    _text("reason"),
    _text("hint"),
    *(
        Column(n, Integer, nullable=False)
        for n in ("pages", "unchanged", "items", "new", "revised", "problems")
    ),
    Column("gap", Integer, nullable=False),
    Index("ix_ledger_employer", "employer", "source"),
)

problem = Table(
    "problem",
    metadata,
    _id(),
    _to("run_id", "run.id"),
    _text("source", nullable=True),
    _text("place"),
    _text("reason"),
    _text("detail"),
    Index("ix_problem_run_id", "run_id"),
)

#: The digest of an imported line and the item it told of. No foreign key: ids are never used twice, so the row of a
#: line whose item is gone says nothing, and looking for it at every deletion would cost more than it is worth.
line = Table(
    "line",
    metadata,
    Column("digest", Integer, primary_key=True),
    Column("item_id", Integer, nullable=False),
    Column("run_id", Integer, nullable=False),
)

watch_cursor = Table("watch_cursor", metadata, Column("watch_key", Text, primary_key=True), _text("value"))

gap = Table(
    "gap",
    metadata,
    _id(),
    _text("watch_key"),
    _text("token"),
    _to("recorded_run", "run.id"),
    _to("filled_run", "run.id", nullable=True),
    Index("ix_gap_watch_key", "watch_key"),
)

page = Table(
    "page",
    metadata,
    Column("url", Text, primary_key=True),
    _text("etag", nullable=True),
    _text("last_modified", nullable=True),
    _text("archive_file", nullable=True),
    Column("offset", Integer),
    _text("fetched_at", nullable=True),
)

#: Items whose text was let go, when and why ("age", "vanished"): a later sight must not bring it back.
faded = Table("faded", metadata, _to("item_id", "item.id", cascade=True, primary_key=True), _text("at"), _text("why"))

#: What was forgotten on purpose, as keyed digests: nothing can be read from it, and nothing that it names comes back.
tombstone = Table("tombstone", metadata, Column("digest", String(32), primary_key=True), _text("at"), sqlite_with_rowid=False)

consent = Table(
    "consent",
    metadata,
    _id(),
    _text("who"),
    _text("purpose"),
    Column("given", String(10), nullable=False),
    Column("expires", String(10), nullable=False),
    _text("how"),
    _text("accounts"),
    _text("recorded"),
    UniqueConstraint("who", "purpose"),
)

#: What was done with personal data: rows are only ever added, each holds the digest of the one before.
audit = Table("audit", metadata, _id(), _text("at"), _text("action"), _text("detail"), _text("digest"))

#: A person who takes part in one way: `role` is ambassador, leader or coached; the consent names them by a code of their choice.
#: All that is kept of them hangs on that consent and goes with it.
member = Table("member", metadata, _to("consent_id", "consent.id", cascade=True, primary_key=True), _text("role"), _text("state"), Column("joined", String(10), nullable=False))

#: How many were invited on a day. Nobody is named before they agree.
invitation = Table("invitation", metadata, _id(), Column("day", String(10), nullable=False), Column("n", Integer, nullable=False))

#: Something worth relaying: `words` are suggestions by language.
action = Table("action", metadata, _id(), _text("title"), _text("url"), _text("words"), Column("day", String(10), nullable=False))

relay = Table(
    "relay",
    metadata,
    _to("consent_id", "member.consent_id", cascade=True, primary_key=True),
    _to("action_id", "action.id", cascade=True, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("reach", Integer),
    Column("reactions", Integer),
)

presence = Table("presence", metadata, _to("consent_id", "member.consent_id", cascade=True, primary_key=True), Column("day", String(10), primary_key=True), _text("data"))

goal = Table(
    "goal",
    metadata,
    _to("consent_id", "member.consent_id", cascade=True, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("target", Integer, nullable=False),
    Column("due", String(10), nullable=False),
    Column("day", String(10), nullable=False),
)
