"""The values that everything else speaks in. Frozen, checked at the door, without behaviour that touches the world."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from repwatch.scorers import PERSON as PERSON  # noqa: PLC0414 — others take it from here, and mypy wants that said

#: An ISO instant, a date, or `YYYY-MM` where only the month is known; a shorter text never claims more than the page did.
When = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$"),
]
Voice = Literal["employee", "applicant", "apprentice", "customer"]
Share = Annotated[float, Field(ge=0, le=1)]
Door = Literal["live", "saved", "payload", "inbox", "replay"]


class Value(BaseModel):
    """A frozen value; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Item(Value):
    """What every item has. `native_id` is the site's own id, None where it shows none."""

    source: str
    employer: str | None = None
    employer_id: str | None = None
    native_id: str | None = None
    url: str | None = None
    published: When | None = None
    lang: str | None = None


class Response(Value):
    """An employer's answer to a review."""

    text: str
    published: When | None = None


class Review(Item):
    """What one person wrote about working (or applying, or buying) there."""

    type: Literal["review"] = "review"
    voice: Voice = "employee"
    rating: float | None = None
    rating_scale: Annotated[int, Field(ge=1)] = 5
    title: str | None = None
    pros: str | None = None
    cons: str | None = None
    advice: str | None = None
    body: str | None = None
    job_title: str | None = None
    location: str | None = None
    status: Literal["current", "former"] | None = None
    recommend: bool | None = None
    ceo_approval: Literal["approve", "disapprove", "no_opinion"] | None = None
    outlook: Literal["positive", "neutral", "negative"] | None = None
    helpful: int | None = None
    subratings: dict[str, float] = {}
    responses: tuple[Response, ...] = ()


class Mention(Item):
    """A post, comment or article in which an employer may be named. `author` is raw from a source, a pseudonym in the store."""

    type: Literal["mention"] = "mention"
    kind: Literal["post", "comment", "article"] = "post"
    title: str | None = None
    text: str = ""
    author: str | None = None
    engagement: dict[str, int] = {}
    #: The employer itself wrote it: kept, never scored. Left out of lines where it is not so.
    own: bool = Field(default=False, exclude_if=lambda value: not value)


class Interview(Item):
    """How somebody was recruited."""

    type: Literal["interview"] = "interview"
    job_title: str | None = None
    location: str | None = None
    experience: Literal["positive", "neutral", "negative"] | None = None
    difficulty: Annotated[float, Field(ge=1, le=5)] | None = None
    outcome: Literal["accepted", "declined", "none"] | None = None
    process: str | None = None
    questions: tuple[str, ...] = ()


class Salary(Item):
    """What a job is said to pay: amounts in `currency` per `period`, by percentile."""

    type: Literal["salary"] = "salary"
    job_title: str
    count: int | None = None
    currency: str | None = None
    period: Literal["year", "month", "hour"] | None = None
    base: dict[str, float] = {}
    total: dict[str, float] = {}
    country: str | None = None
    estimate: bool = False


class Profile(Item):
    """What a site says of an employer as a whole, as seen at `observed` under `filter` on `domain`."""

    type: Literal["profile"] = "profile"
    rating: float | None = None
    rating_scale: Annotated[int, Field(ge=1)] = 5
    review_count: int | None = None
    claimed: Literal["claimed", "unclaimed", "unknown"] = "unknown"
    recommend: Share | None = None
    ceo_approval: Share | None = None
    ceo_name: str | None = None
    outlook: Share | None = None
    domain: str | None = None
    filter: str | None = None
    observed: When | None = None
    subratings: dict[str, float] = {}
    histogram: dict[str, int] = {}
    #: Which parts of the page the employer has filled in (logo, website, cover_photo, video, offices, contact, answers to questions), as far as the page tells. Left out of lines where it tells of none.
    filled: dict[str, bool] = Field(default={}, exclude_if=lambda value: not value)
    #: Which badges of the site the page bears, or does not. Left out of lines where it tells of none.
    badges: dict[str, bool] = Field(default={}, exclude_if=lambda value: not value)
    #: How many follow the employer's page. Left out of lines where a site has no followers.
    followers: int | None = Field(default=None, ge=0, exclude_if=lambda value: value is None)


class Presence(Item):
    """How much a person does on a network, in numbers alone: `counts` by "contacts", "posts", "comments", "reactions", "follows"."""

    type: Literal["presence"] = "presence"
    counts: dict[str, int] = {}


class NoResults(Value):
    """The site's own word that there is nothing: a true zero."""

    type: Literal["no_results"] = "no_results"
    source: str


class Refused(Value):
    """The page is a refusal; `reason` is one of the names in `repwatch.refusals`."""

    type: Literal["refused"] = "refused"
    source: str | None = None
    reason: str
    detail: str = ""
    retry_after_s: float | None = None


class Problem(Value):
    """One thing on a page that could not be read; the rest goes on."""

    type: Literal["problem"] = "problem"
    source: str | None = None
    reason: str
    detail: str = ""


AnyItem = Review | Mention | Interview | Salary | Profile | Presence
Outcome = AnyItem | NoResults | Refused | Problem


class Request(Value):
    """One page that a walk asks for. `resume` is the token from which a later walk starts exactly here.

    `api` marks a documented public API, whose terms govern instead of robots.txt. `auth` names a credential. A walk goes
    on without the answer to an `optional` one: it is sent a page without a body.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = {}
    body: bytes | None = None
    expect: Literal["json", "html", "feed", "any"] = "any"
    api: bool = False
    auth: str | None = None
    resume: str | None = None
    optional: bool = False


class Page(NamedTuple):
    """Bytes as a site or a file gave them. Header names are lower case; `fetched_at` is an ISO instant in UTC."""

    url: str
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 — a NamedTuple default is shared, and nobody writes to it
    body: bytes = b""
    fetched_at: str = ""
    door: Door = "live"
    unchanged: bool = False


class Read(NamedTuple):
    """What a walk is told about the page it asked for."""

    page: Page
    items: tuple[Outcome, ...]


class Credential(Value):
    """What a source needs to be let in. It stands in the settings under [credentials.NAME]; `page` is where a new one is made.

    Schemes: `key` is sent under the name `send` (`?name` as a query parameter), `bearer` as a token, `client` and `refresh`
    are exchanged for a token at `token_url` (OAuth 2.0, RFC 6749 sections 4.4 and 6), `session` signs in to a server of the
    AT protocol. It goes to `hosts` alone, or to the host that the settings name where `own_host` is set.
    """

    name: str
    title: str
    scheme: Literal["key", "bearer", "client", "refresh", "session"]
    page: str
    rights: str
    hosts: tuple[str, ...] = ()
    own_host: bool = False
    optional: bool = False
    send: str = "authorization"
    token_url: str = ""
    #: An address that costs little and tells whether the credential is accepted; `{host}` is the host that the settings name.
    probe: str = ""


class SourceInfo(Value):
    """What the source table says of a source. `marks` are byte strings that betray its pages among saved files.

    `paths` are where its interface lies on whatever host serves it; `keys` together betray an answer without an address
    that holds nothing else of its own: an empty one. Where several sites answer in one shape, `says` is what the value of
    a key has to hold (a pattern), if the answer tells it. `reads` is what stands in the path of every page on its hosts that
    it can read, as a pattern: a web page elsewhere there (home, help, a form to log in) is none of its own.

    With `ask_terms` the source is off until the settings say `accept_terms = true` for it.
    """

    name: str
    title: str
    hosts: tuple[str, ...] = ()
    marks: tuple[bytes, ...] = ()
    paths: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    says: dict[str, str] = {}
    reads: str = ""
    door: str
    live: bool = True
    languages: tuple[str, ...] = ()
    pace_s: float = 1.0
    credentials: Credential | None = None
    terms: str
    ask_terms: bool = False
    verified: str
    target: Literal["url", "query"] = "url"
    #: What a search of this source can express, for `text.asking`; `whole_text` is False where only a part of a hit is shown.
    search: Literal["words", "boolean", "phrase", "hashtag"] = "words"
    whole_text: bool = True
    #: What in a target is no query, as a pattern: an instance behind an @, the id of a channel. It stays as it is.
    aim: str = ""
    #: Where a firm's page may stand: `{slug}`, `{Slug}` and `{domain}` are filled in. `lookup` is the site in which a person searches for it.
    pages: tuple[str, ...] = ()
    lookup: str = ""


class Watch(Value):
    """One thing to read: a source's page or query, for one employer, within a period. `resume` starts inside a gap.

    `account` holds what a walk may know of the credential (never a secret); None where there is none.
    """

    source: str
    employer: str
    target: str
    since: date
    until: date
    resume: str | None = None
    max_pages: int = 10
    #: The whole mention query, of which `target` is what the source could be asked.
    query: str | None = None
    account: dict[str, str] | None = None

    @property
    def key(self) -> str:
        """Name this watch across runs."""
        return f"{self.source}|{self.employer}|{self.target}"


class Context(Value):
    """The company that an ambiguous name keeps: words that stand near it when it means this employer, and when it does not."""

    must_have: tuple[str, ...] = ()
    must_not_have: tuple[str, ...] = ()
    within: Annotated[int, Field(ge=1)] = 40
    threshold: Share = 0.5


class Employer(Value):
    """An employer in the settings: the names by which a text may mean it, and those it never means."""

    name: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    domain: str | None = None
    headcount: Annotated[int, Field(ge=1)] | None = None
    peers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr", "nl", "en", "de")
    query: str | None = None
    context: Context | None = None
    #: Its own handles, numbers and mail addresses: they are not masked.
    identifiers: tuple[str, ...] = ()


class Consent(Value):
    """That a person said yes: to what, when, until when, and how they were asked. `accounts` are the ones they named themselves."""

    who: Annotated[str, Field(min_length=1)]
    purpose: Annotated[str, Field(min_length=1)]
    given: date
    expires: date
    how: Annotated[str, Field(min_length=1)]
    accounts: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        """Tell whether the consent is in force on `day`."""
        return self.given <= day <= self.expires


class WebSettings(Value):
    """How the web client behaves: times in seconds, sizes in bytes. `gateway` sends every host to one loopback address."""

    contact: str | None = None
    gateway: str | None = None
    connect_s: Annotated[float, Field(gt=0)] = 10
    read_s: Annotated[float, Field(gt=0)] = 20
    total_s: Annotated[float, Field(gt=0)] = 60
    max_bytes: Annotated[int, Field(ge=1)] = 20_000_000
    max_redirects: Annotated[int, Field(ge=0)] = 5
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    longest_wait_s: Annotated[float, Field(ge=0)] = 60


#: What a text may speak of.
TOPICS = ("pay", "benefits", "management", "leadership", "culture", "colleagues", "work_life_balance", "workload", "career", "training", "job_security", "tools",
          "workplace", "remote_work", "diversity", "recruitment", "communication", "meaning", "health")  # fmt: skip


class TopicScore(Value):
    """A topic named in a text, with its own polarity -1..1."""

    topic: str
    polarity: float


class Score(Value):
    """What a scorer says of a text. `polarity` -1..1 is the best estimate whatever the label; `evidence` the words that carried it."""

    lang: str | None = None
    label: Literal["positive", "negative", "neutral", "mixed", "unclear", "unscored"]
    polarity: Annotated[float, Field(ge=-1, le=1)] = 0.0
    confidence: Share = 0.0
    topics: tuple[TopicScore, ...] = ()
    evidence: tuple[str, ...] = ()
    scorer: str = ""


AlertKind = Literal["negative_review", "answer_overdue", "change", "volume", "topic", "word", "vanished", "peer_overtakes", "blind", "claimed", "badge"]
Severity = Literal["info", "warning", "critical"]


class AlertRule(Value):
    """When to raise the voice. What each key means for each kind stands in docs/reference/alerts.md."""

    kind: AlertKind
    name: str = ""
    enabled: bool = True
    severity: Severity = "warning"
    employers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stars: float = Field(default=2.0, ge=1, le=5)
    metric: Literal["rating", "net_sentiment"] = "rating"
    topic: str | None = None
    words: tuple[str, ...] = ()
    days: int = Field(default=14, ge=1, le=400)
    runs: int = Field(default=3, ge=1, le=100)
    minimum: int = Field(default=3, ge=1)
    cooldown_days: int = Field(default=7, ge=0, le=400)

    @property
    def title(self) -> str:
        """Return the name by which a rule is known."""
        return self.name or self.kind


class Alert(Value):
    """One thing that needs a person. `key` tells it from others of its rule; `facts` fill its sentence."""

    rule: str
    kind: AlertKind
    severity: Severity = "warning"
    employer: str
    source: str | None = None
    key: str
    day: str
    facts: dict[str, str | int | float | None] = {}
    url: str | None = None


CoverageState = Literal["read", "partly", "refused", "failed", "skipped", "stale"]


class CoverageEntry(Value):
    """One line of the coverage ledger: what became of one watch in one run."""

    source: str
    employer: str
    target: str
    state: CoverageState
    reason: str = ""
    hint: str = ""
    pages: int = 0
    unchanged: int = 0
    items: int = 0
    new: int = 0
    revised: int = 0
    problems: int = 0
    gap: bool = False


class RunReport(Value):
    """What one `check` or `import` did."""

    kind: str
    coverage: tuple[CoverageEntry, ...] = ()
    new: tuple[dict[str, Any], ...] = ()
    meta: dict[str, Any] = {}
