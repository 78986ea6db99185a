"""Recorded answers of real services, where they are at hand: counts and key facts were taken with grep and json, not with a source.

The recordings hold people's words and stay outside the project; without them these tests are skipped.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.real import REAL, needs_real

from repwatch import sources
from repwatch.errors import LayoutChanged
from repwatch.models import Mention, Page

FOLDER = REAL / "social"
pytestmark = needs_real

#: File: mentions, then the id and the date of the last one as they stand in the file.
READ = {
    "google_alerts/feedjira_google_alerts_atom.xml": (20, "tag:google.com,2013:googlealerts/feed:13546348949071100939", "2019-07-09T23:59:57Z"),
    "google_news/search_en_US_2022.xml": (37, "CBMibGh0dHBzOi8vaW52ZXN0aW5nbmV3cy5jb20vYmljdi1zZW", "2022-06-07T12:36:34Z"),
    "hackernews/communal_sampleNewsOutput.json": (4, "8830693", "2015-01-03T13:28:02Z"),
    "hackernews/items_17.json": (3, "454426", "2009-01-28T20:32:27Z"),
    "hackernews/search_by_date_api_2022.json": (20, "31752179", "2022-06-15T12:51:44Z"),
    "hackernews/search_by_date_ask_hn_query_apple_page2.json": (1, "7915384", "2014-06-19T09:53:30Z"),
    "hackernews/search_by_date_comment.json": (1, "7919431", "2014-06-20T03:39:55Z"),
    "hackernews/search_by_date_devrel_2022.json": (20, "29677145", "2021-12-24T19:56:08Z"),
    "hackernews/search_by_date_keynote_2022.json": (20, "31370268", "2022-05-13T17:19:53Z"),
    "hackernews/search_by_date_story.json": (1, "7919424", "2014-06-20T03:35:46Z"),
    "hackernews/search_by_date_story_query_apple.json": (1, "7919424", "2014-06-20T03:35:46Z"),
    "hackernews/search_poll.json": (1, "3746692", "2012-03-23T19:19:37Z"),
    "reddit/HANDWRITTEN_febufenn_reddit_new.xml": (2, "t3_1abc24", "2026-07-10T00:05:00Z"),
    "reddit/HANDWRITTEN_febufenn_reddit_search.xml": (1, "t3_1xyz99", "2026-07-10T00:12:00Z"),
    "rss_atom_jsonfeed/feedjira_AtomEscapedHTMLInPreTag.xml": (1, None, None),
    "rss_atom_jsonfeed/feedjira_HuffPostCanada.xml": (2, "http://www.huffingtonpost.ca/adrian-sutherland/", "2017-10-17T21:38:00Z"),
    "rss_atom_jsonfeed/feedjira_InvalidDateFormat.xml": (2, "http://example.com/item1", "2017-10-17T12:17:00Z"),
    "rss_atom_jsonfeed/feedjira_RSSWithComments.xml": (30, "https://www.masteringemacs.org/article/whats-new-in-emacs-28-1", "2022-04-06T11:23:33Z"),
    "rss_atom_jsonfeed/feedjira_json_feed.json": (20, "http://inessential.com/2017/03/25/my_cocoaconf_yosemite_2017_talk", "2017-03-25T18:55:21Z"),
    "rss_atom_jsonfeed/feedjira_json_feed_with_escaped_uris.json": (30, "https://lukedorny.com/updates/play", "2024-07-16T06:25:00Z"),
    "rss_atom_jsonfeed/feedjira_youtube_atom.xml": (15, "yt:video:8ztbpW3THmI", "2014-11-11T17:25:52Z"),
    "rss_atom_jsonfeed/feedparser/encoding_demoronize-1.xml": (1, None, None),
    "rss_atom_jsonfeed/feedparser/lang_entry_content_xml_lang.xml": (1, None, None),
    "rss_atom_jsonfeed/feedparser/lang_entry_content_xml_lang_blank_2.xml": (1, None, None),
    "rss_atom_jsonfeed/gofeed/version_json_11.json": (1, "sample-json-feed.com:id", "2019-10-12T07:20:50Z"),
    "rss_atom_jsonfeed/gofeed/version_json_11_expected.json": (1, "sample-json-feed.com:id", "2019-10-12T07:20:50Z"),
    "rss_atom_jsonfeed/nnw_489.rss": (10, "https://medium.com/p/341c9e3ff0e7", "2018-09-19T13:26:44Z"),
    "rss_atom_jsonfeed/nnw_DaringFireball.json": (48, "https://daringfireball.net/2017/06/update_on_the_talk_show_live_from_wwdc_2017", "2017-06-02T05:41:06Z"),
    "rss_atom_jsonfeed/nnw_EMarley.rss": (10, "https://medium.com/p/6ab141a1c5b5", "2015-09-20T07:00:44Z"),
    "rss_atom_jsonfeed/nnw_OneFootTsunami.atom": (25, "http://onefoottsunami.com/?p=14756", "2015-08-05T15:50:23Z"),
    "rss_atom_jsonfeed/nnw_allthis-partial.json": (2, "http://leancrew.com/all-this/2017/11/my-next-mac/", "2017-11-22T22:04:57Z"),
    "rss_atom_jsonfeed/nnw_inessential.json": (20, "http://inessential.com/2017/03/25/my_cocoaconf_yosemite_2017_talk", "2017-03-25T18:55:21Z"),
    "rss_atom_jsonfeed/nnw_livemint.xml": (25, "www.livemint.com:", "2019-05-28T11:51:32Z"),
    "rss_atom_jsonfeed/nnw_manton.rss": (10, "http://www.manton.org/?p=3046", "2015-09-18T13:43:21Z"),
}  # fmt: skip
CUT = {
    "rss_atom_jsonfeed/feedjira_InvalidDateFormat.xml",
    "rss_atom_jsonfeed/feedparser/illformed_rss_incomplete_cdata.xml",
    "rss_atom_jsonfeed/nnw_allthis-partial.json",
}
NO_FEED = {"gofeed/empty_feed.xml", "gofeed/unknown_feed.xml", "gofeed/invalid.json"}
FOLDERS = ("hackernews", "rss_atom_jsonfeed", "google_alerts", "google_news")


def files() -> list[str]:
    """Return every recording that these sources should read."""
    if not FOLDER.is_dir():
        return []
    found = [
        file
        for folder in FOLDERS
        for file in (FOLDER / folder).rglob("*")
        if file.is_file() and not file.name.endswith(".http.json")
    ]
    found += (FOLDER / "reddit").glob("HANDWRITTEN*.xml")
    return sorted(file.relative_to(FOLDER).as_posix() for file in found)


def parsed(file: str) -> list[object]:
    """Read a recording with the source of its folder."""
    source = sources.load("hackernews" if file.startswith("hackernews") else "feed")
    return list(source.parse(Page(url="", body=(FOLDER / file).read_bytes())))


@pytest.mark.parametrize("file", files())
def test_every_recording_is_read_or_named(file: str) -> None:
    """A recording gives the entries it holds, or its own "nothing", or the reason why it is no page of the source."""
    if file.removeprefix("rss_atom_jsonfeed/") in NO_FEED:
        with pytest.raises(LayoutChanged):
            parsed(file)
        return
    outcomes = parsed(file)
    mentions = [outcome for outcome in outcomes if isinstance(outcome, Mention)]
    others = [outcome.type for outcome in outcomes if not isinstance(outcome, Mention)]
    assert others == (["problem"] if file in CUT else [] if mentions else ["no_results"])
    if file == "hackernews/communal_sampleCommentsOutput.json":
        return
    count, last, published = READ.get(file, (0, None, None))
    assert len(mentions) == count
    if mentions:
        assert (mentions[-1].native_id or "").startswith(last or "")
        assert (mentions[-1].native_id is None, mentions[-1].published) == (last is None, published)
        assert len({mention.native_id for mention in mentions}) == count


def test_a_discussion_is_read_whole() -> None:
    """A story and all that is said below it, save what was deleted."""
    file = "hackernews/communal_sampleCommentsOutput.json"
    waiting, kinds = [json.loads((FOLDER / file).read_bytes())], Counter()
    while waiting:
        record = waiting.pop()
        waiting += record["children"]
        kinds[record["type"]] += bool(record.get("text") or record.get("title"))
    assert Counter(post=kinds["story"], comment=kinds["comment"]) == Counter(
        item.kind for item in parsed(file)
    )


def test_google_alerts_lead_to_the_story() -> None:
    """No link stays with Google, no bold tag in a title."""
    mentions = parsed("google_alerts/feedjira_google_alerts_atom.xml")
    assert not [
        item
        for item in mentions
        if "google.com/url" in item.url or "<" in item.title or "&" in item.text.replace(" & ", "")
    ]
    assert {"article"} == {item.kind for item in mentions}


def test_google_news_has_titles_only() -> None:
    """The description is no summary; the publisher leaves the title."""
    mentions = parsed("google_news/search_en_US_2022.xml")
    assert {""} == {item.text for item in mentions}
    assert {"en"} == {item.lang for item in mentions}
    assert not [
        item
        for item in mentions
        if item.title.endswith((" - OnMSFT.com", " - Apple", " - Investing News Network"))
    ]


def test_highlights_never_reach_a_text() -> None:
    """Hacker News texts are the authors' own."""
    for file in files():
        if file.startswith("hackernews/search"):
            assert not [item for item in parsed(file) if "<em>" in item.text or "&#x" in item.text]
