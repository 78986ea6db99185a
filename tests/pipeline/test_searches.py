"""What a source is asked for a query, and what in it is no query: an instance, an edition, an operator, the number of a page."""

from __future__ import annotations

import pytest

from repwatch import sources
from repwatch.models import Mention
from repwatch.pipeline.checking import searches
from repwatch.pipeline.normalise import judge_item, parsed_query


@pytest.mark.parametrize(("source", "query", "expected"), [
    ("reddit", "author:acme_be Jobs", [('"Jobs" author:acme_be', " Jobs")]), ("bluesky", "from:acme.be", [("from:acme.be", None)]),
    ("bluesky", '"Acme Jobs" strike from:acme.be', [('"Acme Jobs" "strike" from:acme.be', '"Acme Jobs" strike')]), ("googlenews", "Acme@BE:nl", [("Acme@BE:nl", "Acme")]),
    ("google_business", "accounts/1/locations/2", [("accounts/1/locations/2", None)]), ("linkedin_page", "7", [("7", None)]),
    ("lemmy", '"Acme Jobs"@feddit.nl', [("Acme Jobs@feddit.nl", '"Acme Jobs"')]), ("stackexchange", "Acme@stackoverflow", [("Acme@stackoverflow", "Acme")]), ("youtube", "channel:UC1", [("channel:UC1", None)]),
])  # fmt: skip
def test_what_is_no_query_stays_as_it_is(source: str, query: str, expected: list[tuple[str, str | None]]) -> None:
    """The words are asked as the source can; the rest of the target is handed on, and judged by nobody."""
    assert searches(query, "Acme", sources.load(source).INFO) == expected


@pytest.mark.parametrize(("source", "judge"), [("hackernews", '"Acme Jobs" OR "Zinc"'), ("mastodon", '"Acme Jobs" OR "Zinc"'), ("google_business", None), ("linkedin_page", None)])
def test_without_a_query_the_name_has_to_be_there(source: str, judge: str | None) -> None:
    """The name is asked for as it is; an answer with its words here and there is no mention of it."""
    info = sources.load(source).INFO
    assert searches(None, 'Acme "Jobs"', info, ("Zinc", "!")) == [('Acme "Jobs"', judge)]
    assert searches(None, "!", info, ("Zinc",)) == [("!", None)]
    if judge:
        told = parsed_query(judge)
        assert [judge_item(told, Mention(source=source, text=text)) for text in ("At Acme jobs are made", "jobs at Acme", "ACME, jobs", "zinc")] == [True, False, True, True]
