"""Find what leads to a person's account: mail addresses, handles, addresses of profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repwatch.text.letters import word_tells
from repwatch.text.masking.spans import Span, Taken

_NAME = r"[\w.%+'-]"
_HOST = r"[^\W_](?:[\w-]{0,62}[^\W_])?(?:\.[^\W_](?:[\w-]{0,62}[^\W_])?){1,6}"
_FEDIVERSE = re.compile(rf"(?<![\w@./])@[\w][\w.-]{{0,40}}@{_HOST}")
_EMAIL = re.compile(rf"(?<![\w!@]){_NAME}{{0,63}}\w[+%-]?@{_HOST}")
_SPELLED = re.compile(
    r"(?<![\w@])[a-z0-9][\w.+-]{0,40}(?: ?[\[({<] ?(?:at|a|arobase|apenstaartje|klammeraffe|ät|@) ?[\])}>] ?| (?:arobase|apenstaartje|klammeraffe) | \(?at\)? (?=[\w-]+ ?[\[({]))"
    r"[\w-]{1,40}(?:(?: ?[\[({<] ?(?:dot|point|punt|punkt|\.) ?[\])}>] ?|\.| (?:dot|point|punt|punkt) )[a-z][\w-]{1,20}){1,3}",
    re.IGNORECASE,
)
_ENDING = r"(?:be|nl|fr|de|eu|lu|ch|at|uk|us|io|me|com|org|net|edu|info|biz|coop|brussels|gent|vlaanderen|paris|alsace|bzh|amsterdam|berlin|hamburg|koeln|email|example)"
_LETTERED = re.compile(rf"(?<![\w@])[\w.+-]{{1,40}}(?: dot [\w-]{{1,40}})? at [\w-]{{2,40}} dot {_ENDING}(?!\w)|" r"(?<![\w@])[\w.+-]{1,40} (?:AT [\w-]{2,40} DOT|@ [\w-]{2,40} ?\.) ?[A-Za-z]{2,6}(?!\w)|(?<![\w@-])[A-Za-z0-9.]{1,40}[_-]at[_-][A-Za-z0-9-]{2,40}?(?:[_-](?:dot|punt|point)[_-]|\.)[a-z]{2,4}(?![\w-])")
_HANDLE = re.compile(r"(?<![\w@/!])(?<!\w\.)@(?!\d{1,2}(?:[hu:.]\d{0,2}|am|pm|h|u|uur|uhr|x)?(?![\w.-]))(?=[\w.-]{0,40}[^\W\d_])\w(?:[\w.-]{0,60}\w)?(?![\w(])", re.IGNORECASE)
#: Words after an @ that are no account: decorators, calls to everybody, places.
_NO_HANDLE = frozenset({
    "media", "import", "override", "property", "param", "return", "returns", "todo", "deprecated", "test", "charset", "keyframes", "everyone", "all",
    "channel", "here", "iedereen", "alle", "tous", "home", "work", "thuis", "werk", "night", "dataclass", "staticmethod", "classmethod", "autowired",
    "component", "injectable", "supports", "layer", "nullable", "suppresswarnings",
})  # fmt: skip
#: "an @gmail.com address" names a provider, nobody's account.
_PROVIDER = re.compile(r"(?:gmail|hotmail|outlook|yahoo|live|icloud|telenet|skynet|proximus|orange|laposte|gmx|web|t-online|ziggo|kpnmail|free|wanadoo|proton|protonmail|posteo)\.[a-z]{2,3}")
#: "jan.peeters at gmail.com": the name is none of a word, the host gives addresses to anybody.
_AT_PROVIDER = re.compile(rf"(?<![\w@.])(?=[a-z]*[.\d_])[a-z0-9][\w.+-]{{2,40}} (?:at|op|chez|bei) {_PROVIDER.pattern}(?!\w)", re.IGNORECASE)
_BLUESKY = re.compile(r"(?<![\w./@-])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63}){0,3}\.bsky\.(?:social|team)(?![\w-])|(?<!\w)did:(?:plc|web):[\w.:%-]{4,80}", re.IGNORECASE)
_REDDIT = re.compile(r"(?<![\w/])/?u/(?!(?:min|dag|jaar|week|maand|mois|jour|semaine|tag|woche|monat|sec|uur|day|month|year|hour|kwartaal|stuk)(?!\w))(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{3,20}(?![\w/-])")
#: What must stand in a text before the dear patterns are worth their while.
_SPELLING = re.compile(r"[\[({<] ?(?:at|a|arobase|apenstaartje|klammeraffe|ät|@) ?[\])}>]| (?:arobase|apenstaartje|klammeraffe) |\bat\)? [\w-]+ ?[\[({]|[_-]at[_-]| at [\w-]{2,40} dot| @ | (?:at|op|chez|bei) [\w-]+\.[a-z]{2,3}\b", re.IGNORECASE)
_HASH = re.compile(r"\w#\d{4}")
_NETWORKS = ("insta", "snap", "twitter", "tiktok", "discord", "skype", "telegram", "mastodon", "bluesky", "bsky", "threads", "xing", "linkedin", "facebook", "fb", "kik", "ig:", "ig :", "ig is", "ig ist", "ig est", "ig c'est", "x:", "x :")
_SPELLED_AT = ("(a)", "[a]", "arobase", "apenstaartje", "klammeraffe", "at)", "at]", "at}", "at>", "at )", "at ]", "-at-", "_at_", " at ", " op ", " chez ", " bei ", "ät)", "ät]", "@")
_DISCORD = re.compile(r"(?<![\w@#])[a-z][\w.]{1,31}#\d{4}(?!\w)", re.IGNORECASE)
_SAID = re.compile(
    r"\b(insta(?:gram)?|snap(?:chat)?|twitter|tiktok|discord|skype|telegram|mastodon|bluesky|bsky|threads|xing|linkedin|facebook|fb|kik|ig)(?:-(?:handle|naam|name|account))?"
    r"(?: ?: ?| is | ist | est | c'est | = |\()(?=[\w.-]*[a-z])(?=[\w.-]*(?:[\d_]|[.-]\w))([a-z0-9_][\w.-]{2,40}\w)",
    re.IGNORECASE,
)
#: "insta: janpeeters": a name of letters alone, with nothing said behind it.
_TOLD = re.compile(
    r"(?<![\w./@-])(insta(?:gram)?|snap(?:chat)?|twitter|tiktok|discord|skype|telegram|mastodon|bluesky|bsky|threads|xing|linkedin|facebook|fb|kik|ig|x)(?:-(?:handle|naam|name|account))?"
    r" ?: ?(?=[\w.]*[a-z])([a-z0-9_][\w.]{4,28}\w)(?![\w@/.-]*\w)",
    re.IGNORECASE,
)
#: What may stand behind an account, and seldom behind the first word of a remark.
_BEHIND = re.compile(r"\s*(?:$|[\n,;.!?()|]|(?:en|et|und|and|of|or|ou|oder|&|voor|pour|für|for|als|si|wenn|if|volg|suivez|folgt?|follow|dm|add|ajoute[zr]?)(?!\w))", re.IGNORECASE)
_MINE = re.compile(r"\b(?:mijn|m'n|zijn|haar|onze?|mon|ma|son|sa|mein|meine|sein|ihr|my|his|her|their)\s$", re.IGNORECASE)
#: Names of networks that firms are seldom judged on: what follows is an account even where the sentence goes on, if no language knows the word.
_PRIVATE = re.compile(r"insta|snap|tiktok|discord|skype|telegram|kik|ig", re.IGNORECASE)
_UNHEARD = 0.5
#: Above this share of pieces that one of our languages has, what follows a network's name is a word, not an account.
_FAMILIAR = 0.7
_SLUG = re.compile(r"(?<![\w/.])/in/[\w%-]{4,100}/?|(?<![\w/.])in/(?=[\w-]{0,60}-)(?=[\w-]{0,60}\d)[a-z0-9-]{6,60}(?![\w/-])")
_TAIL = r"[^\s<>\"'()\[\]{}|\\^`,;\0]*"
_NOT_PERSONS = r"(?!(?:i|home|search|hashtag|explore|share|intent|login|help|about|jobs|settings|tos|privacy|compose|notifications|messages|download)(?:[/?#\s]|$))"
_NOT_FACES = (
    r"(?!(?:groups|events|watch|sharer|share|marketplace|login|help|pages|gaming|hashtag|story\.php|photo|photo\.php|permalink\.php|business|ads|policies|privacy|dialog|reel|l\.php|plugins|tr|media)"
    r"(?:[/?#.\s]|$))"
)
_NOT_POSTS = r"(?!(?:p|reel|reels|explore|tv|accounts|about|legal|developer|directory)(?:[/?#\s]|$))"
_NOT_OWNERS = (
    r"(?!(?:features|topics|orgs|about|pricing|marketplace|sponsors|search|login|join|explore|settings|security|trending|collections|readme|enterprise|customer-stories|team|site|contact|apps)(?:[/?#\s]|$))"
)
#: Host, then the path that leads to an account.
_PROFILE = re.compile(
    r"(?<![^\W_])(?<![@.-])(?:https?://)?(?:"
    r"(?:[\w-]+\.)?linkedin\.com/(?:mwlite/)?(?:in|pub|profile/view|recruiter/profile|sales/people|posts(?=/[\w%-]+_))/?[\w%?=.-]"
    r"|(?:www\.)?xing\.(?:com/profile|to)/[\w-]"
    rf"|(?:(?:www|m|web|nl-nl|fr-fr|de-de|business)\.)?(?:facebook\.com|fb\.com|fb\.me)/{_NOT_FACES}(?:profile\.php\?id=|people/|public/)?[\w.-]"
    rf"|(?:www\.)?(?:instagram\.com|instagr\.am)/{_NOT_POSTS}(?:stories/)?[\w.]"
    rf"|(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com/{_NOT_PERSONS}[\w@]"
    r"|(?:(?:www|vm)\.)?tiktok\.com/@[\w.]|(?:www\.)?threads\.(?:net|com)/@[\w.]|(?:[\w-]+\.)?bsky\.app/profile/[\w.:-]"
    r"|(?:(?:www|m)\.)?youtube\.com/(?:@|c/|user/|channel/)[\w.-]|(?:(?:www|old|new|np)\.)?reddit\.com/(?:user|u)/[\w-]"
    rf"|(?:www\.)?github\.com/{_NOT_OWNERS}[A-Za-z0-9-]{{1,39}}/?(?![\w/?.-])|(?:www\.)?gitlab\.com/[A-Za-z0-9._-]{{2,39}}/?(?![\w/?-])"
    r"|(?:www\.)?medium\.com/(?:feed/)?@[\w.-]|t\.me/(?!s/|joinchat)[\w+]|wa\.me/\d|(?:www\.)?snapchat\.com/add/[\w.-]"
    r"|(?:www\.)?pinterest\.(?:com|be|fr|de)/(?!pin/|search|ideas)[\w-]|(?:[\w-]+\.)?viadeo\.(?:com|journaldunet\.com)/(?:[a-z]{2}/)?profile/[\w-]|(?:www\.)?malt\.(?:fr|be|de)/profile/[\w-]"
    r"|(?:www\.)?researchgate\.net/profile/[\w-]|orcid\.org/\d{4}|stackoverflow\.com/users/\d|news\.ycombinator\.com/user\?id=[\w-]|(?:www\.)?about\.me/[\w.-]|linktr\.ee/[\w.-]"
    r"|(?:www\.)?twitch\.tv/(?!directory|videos|p/)[\w]|keybase\.io/[\w]|(?:www\.)?strava\.com/athletes/\d|(?:www\.)?quora\.com/profile/[\w-]"
    r")" + _TAIL,
    re.IGNORECASE,
)
#: Servers of the fediverse and forums: any host.
_ANYWHERE = re.compile(rf"(?<![\w@.-])(?:(?:https?://)?{_HOST}(?::\d+)?/@[\w.-]+(?:@[\w.-]+)?|https?://{_HOST}(?::\d+)?/(?:users|u)/[\w.-]+(?:/summary|/statuses/\w+)?(?=$|[\s?#,;)\"']|/$)){_TAIL}", re.IGNORECASE)
_PATH = re.compile(r"[\w.]/[\w@]|/in/|(?<!\w)/?u/")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_OF_A_PERSON = re.compile(r"linkedin\.com/(?:in|pub)/|xing\.com/profile", re.IGNORECASE)
#: Parts of an address that come before the account.
_ON_THE_WAY = frozenset({"profile", "user", "users", "u", "c", "channel", "stories", "people", "public", "add", "feed", "posts", ""})
_TRAILING = ".!?:*_~&"


def is_spelled_out(low: str) -> bool:
    """Tell whether a text in lower case may hold an account without any sign of one."""
    return "#" in low or ".bsky." in low or "did:" in low or any(word in low for word in _NETWORKS) or any(word in low for word in _SPELLED_AT)


def find(text: str) -> Iterator[Span]:
    """Yield profiles, then mail addresses, then handles; none lies within another."""
    taken = Taken(len(text))
    return (span for span in _candidates(text) if taken.take(span))


def _candidates(text: str) -> Iterator[Span]:
    if "/" in text and _PATH.search(text):
        for pattern in (_PROFILE, _ANYWHERE, _SLUG):
            yield from (_profile(match) for match in pattern.finditer(text))
        yield from (Span(*match.span(), "HANDLE", match[0].rpartition("/")[2]) for match in _REDDIT.finditer(text))
    if "@" in text:
        yield from (Span(*match.span(), "HANDLE", match[0][1:].partition("@")[0]) for match in _FEDIVERSE.finditer(text))
        yield from (Span(*match.span(), "EMAIL", match[0]) for match in _EMAIL.finditer(text))
        yield from (Span(*match.span(), "HANDLE", match[0][1:].partition(".bsky.")[0]) for match in _HANDLE.finditer(text) if not _is_no_handle(match[0][1:].casefold()))
    yield from _without_sign(text, text.lower())


def _is_no_handle(name: str) -> bool:
    return name in _NO_HANDLE or bool(_PROVIDER.fullmatch(name))


def _without_sign(text: str, low: str) -> Iterator[Span]:
    """Yield what no @ and no address betrays: mail spelled out, Bluesky and Discord names, names said to be of a network."""
    if any(sign in low for sign in _SPELLED_AT) and _SPELLING.search(text):
        for pattern in (_SPELLED, _LETTERED, _AT_PROVIDER):
            yield from (Span(*match.span(), "EMAIL", match[0]) for match in pattern.finditer(text))
    if ".bsky." in low or "did:" in low:
        yield from (Span(*match.span(), "HANDLE", match[0].partition(".bsky")[0]) for match in _BLUESKY.finditer(text))
    if "#" in text and _HASH.search(text):
        yield from (Span(*match.span(), "HANDLE", match[0]) for match in _DISCORD.finditer(text))
    for match in _SAID.finditer(text) if any(name in low for name in _NETWORKS) else ():
        kind = "PROFILE" if match[1].casefold() in ("linkedin", "xing") else "HANDLE"
        yield Span(*match.span(2), kind, match[2])
    for match in _TOLD.finditer(text) if ":" in text else ():
        if _is_told(text, match):
            yield Span(*match.span(2), "PROFILE" if match[1].casefold() in ("linkedin", "xing") else "HANDLE", match[2])


def _is_told(text: str, match: re.Match[str]) -> bool:
    """Tell whether the word behind a network's name is an account: no language knows it, and the sentence is made for one."""
    told = word_tells(match[2].lower())
    share = max(told.known) / told.pieces if told.pieces else 1.0
    if share >= _FAMILIAR:
        return False
    said = _BEHIND.match(text, match.end()) or _MINE.search(text[max(0, match.start() - 8) : match.start()])
    return bool(said) or (share < _UNHEARD and _PRIVATE.match(match[1]) is not None)


def _profile(match: re.Match[str]) -> Span:
    whole = match[0].rstrip(_TRAILING)
    if match[0][len(whole) :].startswith("_") and match.string[match.start() - 1 : match.start()] != "_":
        whole += "_"  # an account may end in one; where one stands in front, too, it is there for emphasis
    # A person's page is never the firm's own, whatever its slug.
    key = "" if _OF_A_PERSON.search(whole) else next((part.lstrip("@") for part in _SCHEME.sub("", whole).split("/")[1:] if part.casefold() not in _ON_THE_WAY), "")
    key = re.sub(r"(?:\.(?:rss|atom))?(?:[?#].*)?$", "", key)
    return Span(match.start(), match.start() + len(whole), "PROFILE", key)
