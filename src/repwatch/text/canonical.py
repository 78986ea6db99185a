"""One address for one page: redirect wrappers opened, tracking parameters and AMP dropped. Nothing is asked of the network."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

#: Where a wrapper keeps the address it leads to: host (its subdomains included), path, parameters.
_WRAPPERS = (
    (re.compile(r"(^|\.)google\.[a-z.]{2,6}$"), "/url", ("url", "q")),
    (re.compile(r"(^|\.)bing\.com$"), "/news/apiclick.aspx", ("url",)),
    (re.compile(r"^(l|lm)\.(facebook|instagram)\.com$"), "/l.php", ("u",)),
    (re.compile(r"^l\.(facebook|instagram)\.com$"), "/", ("u",)),
    (re.compile(r"(^|\.)linkedin\.com$"), "/safety/go", ("url",)),
    (re.compile(r"(^|\.)linkedin\.com$"), "/redir/redirect", ("url",)),
    (re.compile(r"(^|\.)youtube\.com$"), "/redirect", ("q",)),
    (re.compile(r"(^|\.)safelinks\.protection\.outlook\.com$"), "/", ("url",)),
    (re.compile(r"^out\.reddit\.com$"), None, ("url",)),
)  # fmt: skip
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|hsa_.*|at_(medium|campaign|link.*|ptr_name|format|type|custom\d|bbc_team)|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|"
    r"mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|oly_anon_id|oly_enc_id|vero_id|rb_clickid|s_cid|cmpid|ncid|wt_mc|wt\.mc_id|xtor|echobox|guccounter|guce_referrer.*|ref_src|ref_url|"
    r"smid|sr_share|__twitter_impression|__tn__|spm|soc_src|soc_trk",
    re.IGNORECASE,
)
_AMP_CACHE = re.compile(r"^[\w\-]+\.cdn\.ampproject\.org$")
_AMP_PATH = re.compile(r"(?<=.)/amp/?$|^/amp(?=/)|(?<=\w)\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_FLAGS = frozenset({"amp", "outputtype", "_amp"})
_DEEPEST = 5


def canonical_url(url: str) -> str:
    """Return the address of the page that `url` leads to; what is no address of the web comes back as it was."""
    for _ in range(_DEEPEST):
        inner = _unwrapped(url)
        if inner is None:
            break
        url = inner
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not host:
        return url
    if port and port != {"http": 80, "https": 443}[parts.scheme.lower()]:
        host = f"{host}:{port}"
    path = _AMP_PATH.sub("", parts.path)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _dropped(name, value)]
    query = parts.query if len(pairs) == len(parts.query.split("&")) else urlencode(pairs)
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) or _names_an_answer(parts.fragment) else ""
    return urlunsplit((parts.scheme.lower(), host, path or "/", query, fragment))


def _unwrapped(url: str) -> str | None:
    """Return the address inside a wrapper, None where `url` is none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if _AMP_CACHE.match(host) or (re.search(r"(^|\.)google\.[a-z.]{2,6}$", host) and parts.path.startswith("/amp/")):
        found = re.match(r"/(?:[cv]|amp)/(s/)?([^/]+\.[^/]+.*)", parts.path)
        return f"http{'s' if found[1] else ''}://{found[2]}{'?' + parts.query if parts.query else ''}" if found else None
    for hosts, path, names in _WRAPPERS:
        if hosts.search(host) and path in (None, parts.path, parts.path.rstrip("/")):
            told = dict(parse_qsl(parts.query))
            return next((told[name] for name in names if told.get(name, "").startswith(("http://", "https://"))), None)
    return None


def _dropped(name: str, value: str) -> bool:
    return bool(_TRACKING.fullmatch(name)) or (name.lower() in _AMP_FLAGS and value.lower() in ("", "1", "amp", "true"))


def _names_an_answer(fragment: str) -> bool:
    """Tell a fragment that names one post or comment of a page from one that only scrolls."""
    return bool(re.fullmatch(r"[\w\-]*\d{3,}", fragment))
