"""All the interfaces on loopback: each with paging, its own dialect of rate limits, its errors, and what it lets in.

`Hosts` serves them on a small web; `limits` are the hosts that first ask for a pause, `keys` what each accepts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.loopback import CHALLENGE, Answer, Asked, Web, hit, hn_search, ld_page, ld_review, rated, rss

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = NOW.date().isoformat()
PLACE = "accounts/1/locations/2"
ALERT = "11111111111111111111/22222222222222222222"

#: What stands in the environment, by variable.
SECRETS = {
    "REPWATCH_BLUESKY_PASSWORD": "planted-bluesky-password", "REPWATCH_REDDIT_CLIENT_SECRET": "planted-reddit-secret", "REPWATCH_YOUTUBE_KEY": "planted-youtube-key",
    "REPWATCH_TRUSTPILOT_KEY": "planted-trustpilot-key", "REPWATCH_GOOGLE_BUSINESS_CLIENT_SECRET": "planted-google-secret",
    "REPWATCH_GOOGLE_BUSINESS_REFRESH_TOKEN": "planted/google-refresh", "REPWATCH_LINKEDIN_PAGE_TOKEN": "planted-linkedin-token", "REPWATCH_MASTODON_TOKEN": "planted-mastodon-token",
    "REPWATCH_STACKEXCHANGE_KEY": "planted-stackexchange-key", "REPWATCH_GITHUB_TOKEN": "planted-github-token",
}  # fmt: skip
#: What the sites give in exchange; as secret as the rest.
GIVEN = ("planted-access-one", "planted-access-two", "planted-refresh-jwt", "planted-reddit-token", "planted-google-token")
TABLES = """
[credentials.bluesky]
identifier = "acme.example"
[credentials.reddit]
client_id = "client"
[credentials.google_business]
client_id = "client"
[credentials.mastodon]
host = "mastodon.social"
"""


def at(hours: float) -> str:
    """Return an instant so many hours ago."""
    return (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(value: Any, status: int = 200, **headers: str) -> Answer:
    """Answer with JSON, whose every string a careless site might have filled with what it was sent."""
    return Answer(json.dumps(value).encode(), "application/json", status, {name.replace("_", "-"): text for name, text in headers.items()})


def one(asked: Asked, name: str, default: str = "") -> str:
    """Return one query parameter."""
    return asked.query.get(name, [default])[0]


def bearer(asked: Asked) -> str:
    """Return the token of a request."""
    return asked.headers.get("authorization", "").removeprefix("Bearer ")


class Hosts:
    """The interfaces, and what becomes of a key that is not accepted: `wrong` gives another answer for a host."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.limits = {"oauth.reddit.com", "api.github.com", "mastodon.social", "api.stackexchange.com", "pds.example", "api.trustpilot.com", "www.googleapis.com", "lemmy.world"}
        self.wrong: dict[str, Answer] = {}
        self.session = "planted-access-one"
        served: dict[str, Callable[[Asked], Answer]] = {
            "bsky.social": self.bluesky_entry, "pds.example": self.bluesky, "www.reddit.com": self.reddit_token, "oauth.reddit.com": self.reddit, "www.googleapis.com": self.youtube,
            "api.trustpilot.com": self.trustpilot, "mastodon.social": self.mastodon, "api.stackexchange.com": self.stackexchange, "api.github.com": self.github,
            "api.gdeltproject.org": self.gdelt, "lemmy.world": self.lemmy, "forum.example": self.discourse, "www.google.com": self.alerts, "news.google.com": self.news,
            "oauth2.googleapis.com": self.google_token, "mybusiness.googleapis.com": self.google_business, "api.linkedin.com": self.linkedin,
            "hn.algolia.com": hn_search([hit(number, int(NOW.timestamp()) - 3600 * number) for number in range(1, 4)]),
        }  # fmt: skip
        for host, answer in served.items():
            web.serve(host, self._guarded(host, answer))
        web.serve("press.example", Answer(rss("Acme opens a plant", day=NOW.strftime("%a, %d %b %Y 00:10:00 GMT")), "application/rss+xml"))
        web.serve("ratings.example", Answer(ld_page(rated(ld_review(1, datePublished=DAY)))))
        web.serve("wall.example", Answer(CHALLENGE, status=403))

    def _guarded(self, host: str, answer: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        def site(asked: Asked) -> Answer:
            if host in self.wrong:
                return self.wrong[host]
            if host in self.limits:
                self.limits.remove(host)
                return self.pause(host)
            return answer(asked)

        return site

    def pause(self, host: str) -> Answer:
        """Ask for a pause, each host in its dialect: a second or two, none at all, or without a word of how long."""
        soon = datetime.now(UTC) + timedelta(seconds=1)
        return {
            "oauth.reddit.com": told({"message": "Too Many Requests", "error": 429}, 429, x_ratelimit_remaining="0.0", x_ratelimit_used="100", x_ratelimit_reset="1"),
            "api.github.com": told({"message": "API rate limit exceeded"}, 403, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(soon.timestamp()) + 1)),
            "mastodon.social": told({"error": "Zu viele Anfragen"}, 429, X_RateLimit_Remaining="0", X_RateLimit_Reset=soon.isoformat()),
            "api.stackexchange.com": told({"error_id": 502, "error_name": "throttle_violation", "error_message": "too many requests from this IP, more requests available in 1 seconds"}, 400),
            "pds.example": told({"error": "RateLimitExceeded"}, 429, ratelimit_limit="3000", ratelimit_remaining="0", ratelimit_reset=str(int(soon.timestamp()) + 1), ratelimit_policy="3000;w=300"),
            "api.trustpilot.com": Answer(b"slow down", "text/plain", 429, {"Retry-After": format_datetime(soon + timedelta(seconds=1), usegmt=True)}),
            "www.googleapis.com": told({"error": {"code": 429, "message": "m", "errors": [{"reason": "rateLimitExceeded"}]}}, 429, Retry_After="0"),
            "lemmy.world": told({"error": "rate_limit_error"}, 400),
        }[host]  # fmt: skip

    def bluesky_entry(self, asked: Asked) -> Answer:
        if asked.method != "POST" or json.loads(asked.body)["password"] != SECRETS["REPWATCH_BLUESKY_PASSWORD"]:
            return told({"error": "AuthenticationRequired", "message": f"Invalid identifier or password: {asked.body.decode()}"}, 401)
        return told({"accessJwt": "planted-access-one", "refreshJwt": "planted-refresh-jwt", "did": "did:plc:acme", "handle": "acme.example",
                     "didDoc": {"service": [{"id": "#other", "serviceEndpoint": "x"}, {"id": "did:plc:acme#atproto_pds", "serviceEndpoint": "https://pds.example"}]}})  # fmt: skip

    def bluesky(self, asked: Asked) -> Answer:
        """Let a session end after its first page: the second one needs a renewed token."""
        if asked.path.endswith("refreshSession"):
            if asked.method != "POST" or bearer(asked) != "planted-refresh-jwt":
                return told({"error": "InvalidToken"}, 400)
            self.session = "planted-access-two"
            return told({"accessJwt": self.session, "refreshJwt": "planted-refresh-jwt", "did": "did:plc:acme"})
        if bearer(asked) != self.session:
            return told({"error": "AuthMissing"}, 401)
        if one(asked, "cursor") and self.session == "planted-access-one":
            return told({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        number = 2 if one(asked, "cursor") else 1
        post = {"uri": f"at://did:plc:a/app.bsky.feed.post/{number}", "author": {"did": "did:plc:a", "handle": "a.example"}, "indexedAt": at(number),
                "record": {"$type": "app.bsky.feed.post", "text": f"Acme post {number}; you sent {bearer(asked)}", "createdAt": at(number)}}  # fmt: skip
        return told({"posts": [post], **({"cursor": "1"} if number == 1 else {})}, ratelimit_limit="3000", ratelimit_remaining="2999", ratelimit_reset="9999999999")

    def reddit_token(self, asked: Asked) -> Answer:
        pair = base64.b64decode(asked.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if unquote(pair) != f"client:{SECRETS['REPWATCH_REDDIT_CLIENT_SECRET']}" or asked.body != b"grant_type=client_credentials":
            return told({"message": "Unauthorized", "error": 401}, 401)
        return told({"access_token": "planted-reddit-token", "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def reddit(self, asked: Asked) -> Answer:
        if bearer(asked) != "planted-reddit-token":
            return told({"message": "Unauthorized", "error": 401}, 401)
        number = 2 if one(asked, "after") else 1
        post = {"kind": "t3", "data": {"name": f"t3_{number}", "title": f"Acme thread {number}", "permalink": f"/r/x/comments/{number}/a/", "selftext": "", "author": "a", "created_utc": NOW.timestamp() - number}}
        return told({"kind": "Listing", "data": {"children": [post], "after": "t3_1" if number == 1 else None}}, x_ratelimit_remaining="997.0", x_ratelimit_used="3", x_ratelimit_reset="300")

    def youtube(self, asked: Asked) -> Answer:
        if one(asked, "key") != SECRETS["REPWATCH_YOUTUBE_KEY"]:
            return told({"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "errors": [{"reason": "badRequest"}], "details": [{"reason": "API_KEY_INVALID"}]}}, 400)
        if asked.path.endswith("i18nLanguages"):
            return told({"kind": "youtube#i18nLanguageListResponse", "items": []})
        number = 2 if one(asked, "pageToken") else 1
        video = {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": f"v{number}"}, "snippet": {"publishedAt": at(number), "title": f"Acme film {number}", "description": ""}}
        return told({"kind": "youtube#searchListResponse", "items": [video], **({"nextPageToken": "n"} if number == 1 else {})})

    def trustpilot(self, asked: Asked) -> Answer:
        if asked.headers.get("apikey") != SECRETS["REPWATCH_TRUSTPILOT_KEY"]:
            return told({"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}, 401)
        if asked.path.endswith("/find"):
            return told({"id": "00000000000000000000abcd", "displayName": "Acme", "name": {"identifying": "acme.example"}, "score": {"trustScore": 3.9}, "numberOfReviews": {"total": 2}})
        number = int(one(asked, "page"))
        rows = [{"id": f"00000000000000000000000{number}", "stars": 2 + number, "title": "Service", "text": f"Acme served us {number}", "language": "en", "createdAt": at(number)}] if number < 3 else []
        return told({"reviews": rows})

    def mastodon(self, asked: Asked) -> Answer:
        def status(number: int) -> dict[str, Any]:
            return {"id": str(number), "uri": f"https://mastodon.social/users/a/statuses/{number}", "created_at": at(number), "content": f"<p>#acme post {number}</p>", "account": {"acct": "a"}}

        if asked.path == "/api/v2/instance":
            return told({"domain": "mastodon.social", "version": "4.5.0", "configuration": {"timelines_access": {"hashtag_feeds": {"local": "public", "remote": "public"}}}})
        if asked.path == "/api/v2/search":
            if bearer(asked) != SECRETS["REPWATCH_MASTODON_TOKEN"]:
                return told({"error": "Das Token ist ungültig"}, 401)
            trial = one(asked, "q") == "mastodon"
            return told({"accounts": [], "hashtags": [], "statuses": [status(9)] if trial else [status(3)] if one(asked, "offset") == "0" else []})
        if one(asked, "max_id"):
            return told([status(2)])
        return told([status(1)], Link='<https://mastodon.social/api/v1/timelines/tag/Acme?limit=40&max_id=1>; rel="next", <https://mastodon.social/x?min_id=1>; rel="prev"',
                    X_RateLimit_Limit="300", X_RateLimit_Remaining="299", X_RateLimit_Reset=NOW.isoformat())  # fmt: skip

    def stackexchange(self, asked: Asked) -> Answer:
        if one(asked, "key") != SECRETS["REPWATCH_STACKEXCHANGE_KEY"]:
            return told({"error_id": 400, "error_name": "bad_parameter", "error_message": "`key` doesn't match a known application"}, 400)
        if asked.path.endswith("/info"):
            return told({"items": [{"site_url": "x"}], "quota_remaining": 9999})
        number = int(one(asked, "page"))
        item = {"question_id": number, "creation_date": int(NOW.timestamp()) - number, "title": "Acme &amp; co", "body": "<p>who?</p>", "link": f"https://workplace.stackexchange.com/q/{number}"}
        return told({"items": [item], "has_more": number == 1, "quota_remaining": 9998, **({"backoff": 1} if number == 1 else {})})

    def github(self, asked: Asked) -> Answer:
        if bearer(asked) != SECRETS["REPWATCH_GITHUB_TOKEN"]:
            return told({"message": "Bad credentials"}, 401)
        if asked.path == "/rate_limit":
            return told({"resources": {}})
        number = int(one(asked, "page"))
        size = 100 if number == 1 else 1
        items = [{"html_url": f"https://github.com/a/b/issues/{number}{n}", "title": "Acme", "body": "", "created_at": at(number), "user": {"login": "a"}} for n in range(size)]
        return told({"total_count": 101, "incomplete_results": False, "items": items}, x_ratelimit_remaining="29", x_ratelimit_reset=str(int(NOW.timestamp()) + 60))

    def gdelt(self, asked: Asked) -> Answer:
        return told({"articles": [{"url": "https://krant.example/a", "title": "Acme bouwt", "seendate": NOW.strftime("%Y%m%dT%H%M%SZ"), "language": "Dutch", "domain": "krant.example"}]})

    def lemmy(self, asked: Asked) -> Answer:
        full = one(asked, "page") == "1"
        posts = [{"post": {"ap_id": f"https://lemmy.world/post/{n}", "published": at(n), "name": "Acme?", "body": "who works there"}, "creator": {"name": "a"}} for n in range(1, 51 if full else 2)]
        return told({"type_": "All", "posts": posts if full else [], "comments": [], "communities": [], "users": []})

    def discourse(self, asked: Asked) -> Answer:
        number = int(one(asked, "page"))
        post = {"topic_id": 9, "post_number": number, "created_at": at(number), "username": "a", "blurb": "Acme pays"}
        return told({"posts": [post], "topics": [{"id": 9, "title": "Acme", "slug": "acme"}], "grouped_search_result": {"term": "Acme", "more_full_page_results": True if number == 1 else None}})

    def alerts(self, asked: Asked) -> Answer:
        if asked.path != f"/alerts/feeds/{ALERT}":
            return Answer(b"<!doctype html><title>Google Alerts</title>", status=404)
        user, alert = ALERT.split("/")
        entry = f'<entry><id>tag:google.com,2013:googlealerts/feed:1</id><title type="html">Acme</title><link href="https://www.google.com/url?url=https://krant.example/b"/><published>{at(1)}</published><content type="html">Acme hires</content></entry>'
        head = f'<id>tag:google.com,2005:reader/user/{user}/state/com.google/alerts/{alert}</id><title>Acme</title><link href="https://www.google.com{asked.path}" rel="self"/>'
        return Answer(f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entry}</feed>'.encode(), "application/atom+xml")

    def news(self, asked: Asked) -> Answer:
        return Answer(b"<!doctype html><title>Avant d'acc\xc3\xa9der \xc3\xa0 Google</title>")

    def google_token(self, asked: Asked) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        good = {"grant_type": "refresh_token", "client_id": "client", "client_secret": SECRETS["REPWATCH_GOOGLE_BUSINESS_CLIENT_SECRET"], "refresh_token": SECRETS["REPWATCH_GOOGLE_BUSINESS_REFRESH_TOKEN"]}
        if form != good:
            return told({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
        return told({"access_token": "planted-google-token", "expires_in": 3599, "token_type": "Bearer"})

    def google_business(self, asked: Asked) -> Answer:
        if bearer(asked) != "planted-google-token":
            return told({"error": {"code": 401, "message": "no", "status": "UNAUTHENTICATED"}}, 401)
        number = 2 if one(asked, "pageToken") else 1
        review = {"reviewId": f"r{number}", "starRating": "FOUR", "comment": f"Acme helped {number}", "createTime": at(number), "updateTime": at(number), "name": f"{PLACE}/reviews/r{number}"}
        return told({"reviews": [review], "averageRating": 4.2, "totalReviewCount": 2, **({"nextPageToken": "n"} if number == 1 else {})})

    def linkedin(self, asked: Asked) -> Answer:
        if bearer(asked) != SECRETS["REPWATCH_LINKEDIN_PAGE_TOKEN"]:
            return told({"status": 401, "serviceErrorCode": 65600, "code": "INVALID_ACCESS_TOKEN", "message": "Invalid access token"}, 401)
        if "/networkSizes/" in asked.path:
            return told({"firstDegreeSize": 3200})
        if asked.path.endswith("FollowerStatistics"):
            return told({"elements": [{"organizationalEntity": "urn:li:organization:7", "followerCountsBySeniority": [{"seniority": "urn:li:seniority:4", "followerCounts": {"organicFollowerCount": 900, "paidFollowerCount": 0}}]}], "paging": {"start": 0, "count": 10}})
        post = {"id": "urn:li:share:1", "author": "urn:li:organization:7", "commentary": "Acme recrute", "publishedAt": int(NOW.timestamp() * 1000) - 5000, "lifecycleState": "PUBLISHED"}
        return told({"elements": [post] if one(asked, "start", "0") == "0" else [], "paging": {"start": 0, "count": 100, "links": []}})
