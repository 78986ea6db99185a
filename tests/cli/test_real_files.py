"""Every real file, as what it is read: counts and first items were taken from the files with json and regular expressions alone.

Feeds and Hacker News have a table of their own beside their sources, exports and LinkedIn's archives one beside their inlets.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.real import REAL, needs_real

from repwatch.models import Item
from repwatch.pipeline.reading import PageRead, read_file

pytestmark = needs_real

ELSEWHERE = {"exports", "linkedin", "rss_atom_jsonfeed", "google_alerts", "google_news", "hackernews"}
#: File: source, state with its reason, items by type, id and date of the first one that is no profile. What an answer does not
#: tell by itself (an empty list, an error in words) is read with the source of its folder named. X is not among the sources.
READ: dict[str, tuple[str, str, str, tuple[str | None, str | None] | None]] = {
    "reviews/challenge/glassdoor_cf_security_2024-09.html": ("glassdoor", "refused challenge", "", None),
    "reviews/challenge/indeed_cf_justamoment_2025-11.html": ("indeed", "refused challenge", "", None),
    "reviews/glassdoor/13546-AVIS-SOC-GLASSDOOR-E12966_P1.html": ("glassdoor", "read", "1 profile 10 review", ("30843184", "2019-12-12T15:39:27")),
    "reviews/glassdoor/13550-AVIS-SOC-GLASSDOOR-E10686_P1.html": ("glassdoor", "read", "1 profile 10 review", ("30850075", "2019-12-13T02:48:10")),
    "reviews/glassdoor/13550-AVIS-SOC-GLASSDOOR-E10686_P2.html": ("glassdoor", "read", "1 profile 10 review", ("30443513", "2019-11-18T13:32:05")),
    "reviews/glassdoor/13550-INFO-SOC-GLASSDOOR-E10686_P1.html": ("glassdoor", "read", "1 profile", None),
    "reviews/glassdoor/13551-AVIS-SOC-GLASSDOOR-E794111_P1.html": ("glassdoor", "read", "1 profile 3 review", ("26240802", "2019-05-21T03:17:26")),
    "reviews/glassdoor/13551-INFO-SOC-GLASSDOOR-E794111_P1.html": ("glassdoor", "read", "1 profile", None),
    "reviews/glassdoor/13552-AVIS-SOC-GLASSDOOR-E2131167_P1.html": ("glassdoor", "read", "1 profile 10 review", ("27615291", "2019-06-26T08:49:49")),
    "reviews/glassdoor/13563-AVIS-SOC-GLASSDOOR-E13082_P1.html": ("glassdoor", "read", "1 profile 10 review", ("30704255", "2019-12-04T14:30:07")),
    "reviews/glassdoor/335551_pg1.json": ("glassdoor", "read", "1 profile 10 review", ("95906763", "2025-03-17T13:48:16")),
    "reviews/glassdoor/465930_pg1.json": ("glassdoor", "read", "1 profile 10 review", ("15355225", "2017-06-06T09:28:47")),
    "reviews/glassdoor/936727_pg1.json": ("glassdoor", "read", "1 profile 10 review", ("15399485", "2017-06-08T19:42:57")),
    "reviews/glassdoor/TCS_interviews_p2.html": ("glassdoor", "read", "10 interview 1 profile", ("85407585", "2024-03-17T11:27:59")),
    "reviews/glassdoor/aetna_reviews_fragment.html": ("glassdoor", "read", "1 profile 7 review", ("12449", "2008-06-12")),
    "reviews/indeed/flink_1.html": ("indeed", "read", "2 profile 20 review", ("361b997414586f1e", "2024-09-09")),
    "reviews/indeed/flink_4.html": ("indeed", "read", "2 profile 2 review", ("a5e2a2982dbb7046", "2022-01-20")),
    "reviews/indeed/heijmans_1.html": ("indeed", "read", "2 profile 20 review", ("e62e47455c01400f", "2024-09-29")),
    "reviews/indeed/heijmans_2.html": ("indeed", "read", "2 profile 20 review", ("6e9ac2845b039d4f", "2017-01-09")),
    "reviews/trustpilot/moneylion_page218.json": ("trustpilot", "read", "20 review", ("61bcb9c89f60695a25f81e29", "2021-12-17T16:24:40Z")),
    "reviews/trustpilot/tp_de_eventnet_2024-06.html": ("trustpilot", "read", "1 profile 18 review", ("666fe7a10b79c8f7baaaca1c", "2024-06-17T09:37:05Z")),
    "reviews/trustpilot/tp_de_eventnet_2024-07.html": ("trustpilot", "read", "1 profile 20 review", ("667d00c443645513f3ae5f18", "2024-06-27T08:03:48Z")),
    "reviews/trustpilot/tp_it_studiosamo_2025-07.html": ("trustpilot", "read", "1 profile 20 review", ("6836054b101367b4dce3ee3e", "2025-05-27T20:32:43Z")),
    "social/bluesky/REPORTED_error_403_auth_missing.json": ("bluesky", "refused credentials", "", None),
    "social/bluesky/createSession_200.json": ("bluesky", "failed problems", "", None),
    "social/bluesky/createSession_401_bad_password.json": ("bluesky", "refused credentials", "", None),
    "social/bluesky/error_501_unknown_method.json": ("bluesky", "refused server_error", "", None),
    "social/bluesky/getAuthorFeed.json": ("bluesky", "read", "2 mention", ("at://did:plc:76ecqp5g7sg4tca7t5gdasid/app.bsky.feed.post/3n2xlbqjq6k2e", "2026-11-21T10:00:00.000Z")),
    "social/bluesky/getPostThread.json": ("bluesky", "read", "2 mention", ("at://did:plc:hzvcf7j4rwzkwdki2fmhhpt2/app.bsky.feed.post/3n2xlbqhrok2e", "2026-11-21T09:00:00.000+01:00")),
    "social/bluesky/getPostThread_400_notfound.json": ("bluesky", "refused not_found", "", None),
    "social/bluesky/getPosts_after_delete_empty.json": ("bluesky", "read", "", None),
    "social/bluesky/getPosts_single.json": ("bluesky", "read", "1 mention", ("at://did:plc:76ecqp5g7sg4tca7t5gdasid/app.bsky.feed.post/3n2xlbqhdz22e", "2026-11-20T08:15:00.000Z")),
    "social/bluesky/marshalx_extended_post_record.json": ("bluesky", "read", "1 mention", ("at://did:plc:kvwvcn5iqfooopmyzvb4qzba/app.bsky.feed.post/3k2yinh52ne2x", "2023-07-21T01:33:51.481951")),
    "social/bluesky/marshalx_feed_record.json": ("bluesky", "read", "", None),
    "social/bluesky/marshalx_get_follows.json": ("bluesky", "read", "", None),
    "social/bluesky/marshalx_like_record.json": ("bluesky", "read", "", None),
    "social/bluesky/marshalx_post_record.json": ("bluesky", "read", "1 mention", ("at://did:plc:kvwvcn5iqfooopmyzvb4qzba/app.bsky.feed.post/3k2yihcrp6f2c", "2024-02-22T19:58:13.903293+00:00")),
    "social/bluesky/marshalx_thread_view_post_with_embed_media.json": ("bluesky", "read", "", None),
    "social/bluesky/searchPosts_400_limit_101.json": ("bluesky", "refused api_error", "", None),
    "social/bluesky/searchPosts_400_missing_q.json": ("bluesky", "refused api_error", "", None),
    "social/bluesky/searchPosts_empty.json": ("bluesky", "read", "", None),
    "social/bluesky/searchPosts_page1_limit2.json": ("bluesky", "read", "2 mention", ("at://did:plc:kontweyps2wyoph24natpsok/app.bsky.feed.post/3n2xlbqizps2e", "2026-11-23T07:12:01.002Z")),
    "social/bluesky/searchPosts_pds_400_invalid_token.json": ("bluesky", "refused credentials", "", None),
    "social/bluesky/searchPosts_pds_401_auth_missing.json": ("bluesky", "refused credentials", "", None),
    "social/bluesky/searchPosts_pds_authenticated.json": ("bluesky", "read", "4 mention", ("at://did:plc:kontweyps2wyoph24natpsok/app.bsky.feed.post/3n2xlbqizps2e", "2026-11-23T07:12:01.002Z")),
    "social/discourse/latest.json": ("discourse", "read", "3 mention", (None, "2013-02-04T20:26:25Z")),
    "social/discourse/posts_latest.json": ("discourse", "read", "4 mention", (None, "2020-01-25T02:10:07Z")),
    "social/discourse/search.json": ("discourse", "read", "3 mention", (None, None)),
    "social/discourse/topic.json": ("discourse", "read", "4 mention", (None, "2013-02-04T20:26:26Z")),
    "social/gdelt/SYNTHETIC_artlist_be_fr_nl.json": ("gdelt", "read", "3 mention", ("https://www.lecho.example/acme-restructure", "2026-11-20T08:15:00Z")),
    "social/gdelt/empty_200_no_match.json": ("gdelt", "read", "", None),
    "social/gdelt/error_429_rate_limited.txt": ("gdelt", "refused rate_limit", "", None),
    "social/github/errors.raw-fixture.json": ("github", "failed layout_changed", "", None),
    "social/github/paginate-issues.raw-fixture.json": ("github", "read", "13 mention", ("https://github.com/octokit-fixture-org/tmp-scenario-paginate-issues-20220719043836917-izyoe/issues/13", "2022-07-19T04:39:16Z")),
    "social/github/search-issues.normalized-fixture.json": ("github", "read", "2 mention", ("https://github.com/octokit-fixture-org/search-issues/issues/2", "2017-10-10T16:00:00Z")),
    "social/github/search-issues.raw-fixture.json": ("github", "read", "2 mention", ("https://github.com/octokit-fixture-org/tmp-scenario-search-issues-20220719044045959-jlcli/issues/2", "2022-07-19T04:40:52Z")),
    "social/github/search_issues_1.json": ("github", "read", "2 mention", ("https://github.com/octokit-fixture-org/tmp-scenario-search-issues-20220719044045959-jlcli/issues/2", "2022-07-19T04:40:52Z")),
    "social/lemmy/HANDWRITTEN_search_v3_posts_zeus-kim.json": ("lemmy", "read", "2 mention", ("https://lemmy.world/post/47517454", "2026-05-29T23:20:46Z")),
    "social/mastodon/SYNTHETIC_error_422_public_preview_off.json": ("mastodon", "refused login", "", None),
    "social/mastodon/SYNTHETIC_error_429.json": ("mastodon", "refused rate_limit", "", None),
    "social/mastodon/error_401_anonymous.json": ("mastodon", "refused login", "", None),
    "social/mastodon/error_401_unauthed.json": ("mastodon", "refused login", "", None),
    "social/mastodon/error_404_link_timeline.json": ("mastodon", "refused not_found", "", None),
    "social/mastodon/error_404_record_not_found.json": ("mastodon", "refused not_found", "", None),
    "social/mastodon/error_422_en.json": ("mastodon", "refused api_error", "", None),
    "social/mastodon/error_account_lookup.json": ("mastodon", "refused not_found", "", None),
    "social/mastodon/hashtag_timeline_link_header_2026-08.json": ("mastodon", "read", "1 mention", ("http://localhost:3000/ap/users/117020566092212359/statuses/117020593741189701", "2026-08-01T13:55:55.867Z")),
    "social/mastodon/pagination_p1.json": ("mastodon", "read", "10 mention", ("http://localhost:3000/ap/users/117020566092212359/statuses/117020582251615632", "2026-08-01T13:53:00.550Z")),
    "social/mastodon/public_timeline_anonymous_2026-08.json": ("mastodon", "read", "8 mention", ("http://localhost:3000/ap/users/117020566092212359/statuses/117020593134559451", "2026-08-01T13:55:46.609Z")),
    "social/mastodon/search_old_server_pre_2.9.2.json": ("mastodon", "refused login", "", None),
    "social/mastodon/search_v2_accounts_hashtags_2026-08.json": ("mastodon", "refused login", "", None),
    "social/mastodon/search_v2_mastodon.social_token_2026-04.json": ("mastodon", "read", "2 mention", ("https://icosahedron.website/users/greg/statuses/116388148912635764", "2026-04-11T21:16:53.000Z")),
    "social/mastodon/search_v2_statuses_empty_2026-08.json": ("mastodon", "refused login", "", None),
    "social/mastodon/status_edit_history.json": ("mastodon", "failed problems", "", None),
    "social/mastodon/status_edited.json": ("mastodon", "read", "1 mention", ("http://localhost:3000/ap/users/117020566092212359/statuses/117020586180926938", "2026-08-01T13:54:00.505Z")),
    "social/reddit/SYNTHETIC_error_429_rss_retry_after.html": ("reddit", "refused rate_limit", "", None),
    "social/reddit/blocked_403_old_reddit_pardner.html": ("reddit", "refused blocked", "", None),
    "social/reddit/comment_deleted_thread.json": ("reddit", "read", "1 mention", ("t3_52o2fl", "2016-09-14T01:12:03Z")),
    "social/reddit/comment_removed_info.json": ("reddit", "read", "1 mention", ("t1_dma3mi5", "2017-08-29T13:40:47Z")),
    "social/reddit/comments_thread_2023.json": ("reddit", "read", "3 mention", ("t3_2gmzqe", "2014-09-17T06:34:31Z")),
    "social/reddit/communal_sampleCommentsOutput.json": ("reddit", "read", "48 mention", ("t3_2r8es6", "2015-01-03T20:41:25Z")),
    "social/reddit/communal_sampleNewsOutput.json": ("reddit", "read", "4 mention", ("t3_2r539r", "2015-01-02T21:57:01Z")),
    "social/reddit/error_400_html_body.html": ("reddit", "refused api_error", "", None),
    "social/reddit/error_401_invalid_token.json": ("reddit", "refused credentials", "", None),
    "social/reddit/error_403_json_with_ratelimit_2025.json": ("reddit", "refused blocked", "", None),
    "social/reddit/error_404.json": ("reddit", "refused not_found", "", None),
    "social/reddit/error_429_html_legacy.html": ("reddit", "refused rate_limit", "", None),
    "social/reddit/error_500.json": ("reddit", "refused server_error", "", None),
    "social/reddit/listing_empty_200.json": ("reddit", "read", "", None),
    "social/reddit/listing_new_before_cursor_2021.json": ("reddit", "read", "7 mention", ("t3_kzj68x", "2021-01-18T00:44:30Z")),
    "social/reddit/listing_new_page1_2021.json": ("reddit", "read", "100 mention", ("t3_kzj68i", "2021-01-18T00:44:29Z")),
    "social/reddit/search_r_all_2016.json": ("reddit", "read", "6 mention", ("t3_3gpbiu", "2015-08-12T09:08:34Z")),
    "social/reddit/share_url_invalid_next.txt": ("reddit", "refused redirects", "", None),
    "social/reddit/submission_edited_2023.json": ("reddit", "read", "1 mention", ("t3_mcqjl8", "2021-03-25T05:07:34Z")),
    "social/reddit/subreddits_search.json": ("reddit", "read", "", None),
    "social/reddit/token_200_2023_expires_86400.json": ("reddit", "failed problems", "", None),
    "social/reddit/token_200_client_credentials.json": ("reddit", "failed problems", "", None),
    "social/reddit/user_overview_mixed_t1_t3_2026-06.json": ("reddit", "read", "100 mention", ("t1_optfyql", "2026-06-05T00:51:55Z")),
    "social/stackexchange/SYNTHETIC_search_workplace_backoff.json": ("stackexchange", "read", "1 mention", ("workplace.stackexchange.com/q/200001", "2026-11-18T08:20:00Z")),
    "social/stackexchange/error_400_throttle_violation_ip.json": ("stackexchange", "refused rate_limit", "", None),
    "social/stackexchange/question_2.3_recorded_2022.json": ("stackexchange", "read", "1 mention", ("stackoverflow.com/q/19059580", "2013-09-27T20:31:00Z")),
    "social/stackexchange/test_stackoverflow_exists.json": ("stackexchange", "read", "", None),
    "social/stackexchange/test_users_associated.json": ("stackexchange", "read", "", None),
    "social/x_twitter/recent_counts_0.json": ("", "failed unrecognised", "", None),
    "social/x_twitter/search_all_0.json": ("", "failed unrecognised", "", None),
    "social/x_twitter/search_recent_0.json": ("", "failed unrecognised", "", None),
    "social/x_twitter/users_mentions_0.json": ("", "failed unrecognised", "", None),
    "social/youtube/comment_threads_by_video_paged_1.json": ("youtube", "read", "5 mention", ("UgyZ1jqkHKYvi1-ruOZ4AaABAg", "2019-11-26T15:51:44Z")),
    "social/youtube/comment_threads_by_video_paged_2.json": ("youtube", "read", "5 mention", ("UgyZ1jqkHKYvi1-ruOZ4AaABAg", "2019-11-26T15:51:44Z")),
    "social/youtube/comment_threads_with_search.json": ("youtube", "read", "1 mention", ("UgyUBI0HsgL9emxcZpR4AaABAg", "2019-06-23T02:49:00Z")),
    "social/youtube/comments_by_parent_paged_1.json": ("youtube", "read", "2 mention", ("Ugw5zYU6n9pmIgAZWvN4AaABAg.91zT3cYb5B291za6voUoRh", "2019-12-01T04:46:31Z")),
    "social/youtube/error_permission_resp.json": ("youtube", "refused credentials", "", None),
    "social/youtube/error_response.json": ("youtube", "refused credentials", "", None),
    "social/youtube/error_response_simple.json": ("youtube", "refused api_error", "", None),
    "social/youtube/search_by_keywords_p1.json": ("youtube", "read", "25 mention", ("gQ_1zX-F_No", "2019-12-05T19:00:10Z")),
    "social/youtube/search_by_location.json": ("youtube", "read", "5 mention", ("OU4d3O_VZCk", "2020-02-06T19:00:04Z")),
    "social/youtube/videos_info_multi.json": ("youtube", "read", "2 mention", ("D-lhorsDlUQ", "2019-03-21T20:37:49Z")),
}  # fmt: skip
#: Not answers but descriptions of them; none may pass for an answer.
DESCRIPTIONS = "social/bluesky/lexicons"


def files() -> list[str]:
    """Return every file that is neither described elsewhere nor a description of another one."""
    every = (path.relative_to(REAL) for part in ("reviews", "social") for path in (REAL / part).rglob("*") if path.is_file())
    return sorted(str(path) for path in every if not path.name.endswith((".http.json", ".md")) and not ELSEWHERE & set(path.parts) and "febufenn" not in path.name)


def read(name: str) -> PageRead:
    """Read a file as `repwatch parse` does; one that no source recognises again with the source of its folder."""
    found = read_file(REAL / name).read
    folder = Path(name).parts[1]
    return read_file(REAL / name, source=folder).read if found.source is None and folder != "x_twitter" else found


def test_every_file_has_its_line() -> None:
    """No file is left out of the table, and none stands in it that is not there."""
    assert sorted(READ) == [name for name in files() if not name.startswith(DESCRIPTIONS)]


@pytest.mark.parametrize("name", READ)
def test_file(name: str) -> None:
    """A file is read as its kind: source, state, how many of what, and the first item."""
    source, verdict, types, first = READ[name]
    found = read(name)
    items = [each for each in found.outcomes if isinstance(each, Item)]
    counts = Counter(str(getattr(each, "type", "")) for each in items)
    told = next(((each.native_id, each.published) for each in items if getattr(each, "type", "") != "profile"), None)
    assert (found.source or "", f"{found.state} {found.reason}".strip(), " ".join(f"{n} {kind}" for kind, n in sorted(counts.items())), told) == (source, verdict, types, first)


#: What does not tell whose it is: errors in plain words, keys of a login, recorded exchanges, and what is not read at all.
NOBODYS = {
    "social/bluesky/marshalx_get_follows.json", "social/github/errors.raw-fixture.json", "social/mastodon/error_422_en.json", "social/reddit/SYNTHETIC_error_429_rss_retry_after.html", "social/reddit/blocked_403_old_reddit_pardner.html",
    "social/reddit/error_429_html_legacy.html", "social/reddit/share_url_invalid_next.txt", "social/reddit/token_200_2023_expires_86400.json", "social/reddit/token_200_client_credentials.json",
    "social/youtube/error_response.json", "social/youtube/error_response_simple.json", *(name for name in READ if name.startswith("social/x_twitter/")),
}  # fmt: skip


def test_every_other_file_tells_whose_it_is() -> None:
    """Answers that hold nothing, and refusals, are recognised without help; an error answer is a refusal whosever it is."""
    found = {name: read_file(REAL / name).read for name in READ}
    assert {name for name, each in found.items() if each.source is None} == NOBODYS
    assert {name for name in NOBODYS if found[name].state != "refused"} == {name for name in NOBODYS if "error_" not in name and "blocked" not in name and "share" not in name}


@pytest.mark.parametrize("name", [name for name in files() if name.startswith(DESCRIPTIONS)])
def test_descriptions_are_no_answers(name: str) -> None:
    """The description of an interface is never read as an answer, not as an empty one either."""
    assert read_file(REAL / name).read.state == "failed"
