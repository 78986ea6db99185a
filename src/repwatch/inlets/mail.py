"""Read e-mails that a person saved: an alert or a newsletter is a mention with its links. Who sent it to whom is not kept."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import blake2b
from urllib.parse import parse_qs, urlsplit

from repwatch.inlets.mhtml import moment
from repwatch.inlets.zipped import Member, label
from repwatch.models import Mention, Outcome, Page, Problem
from repwatch.sources._fragment import plain, to_text
from repwatch.text.clean import one_line
from repwatch.wording import N_

#: Marks a page that was made of an e-mail. It has a subject, a date and a body, no sender and no receiver.
KIND = "message/x-repwatch-mail"
ATTACHED = ("html", "htm", "csv", "tsv", "xlsx", "json", "har", "mht", "mhtml", "zip")
_HEADERS = re.compile(rb"^(?:from|to|subject|date|message-id|received|return-path|delivered-to|mime-version|x-[\w-]+|dkim-signature|authentication-results|list-[\w-]+|reply-to|content-type):", re.IGNORECASE)
_NEEDED = re.compile(rb"^(?:from|subject|date|message-id):", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ADMIN = re.compile(r"unsubscrib|opt.?out|désabonn|desabonn|désinscri|afmeld|uitschrijv|abmeld|abbestell|preferences|préférences|voorkeuren|einstellungen|google\.[a-z.]+/alerts", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"()]{1,2000}")
#: A byte above 127 in a header, as the standard library keeps it.
_BARE = re.compile(r"[\udc80-\udcff]")
_MBOX = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]*\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mail(head: bytes) -> bool:
    """Tell whether the first bytes of a file are the headers of an e-mail."""
    top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_HEADERS.match(top)) and len(_NEEDED.findall(top)) >= 2


def is_mbox(head: bytes) -> bool:
    """Tell whether the first bytes are those of a folder of e-mails in one file."""
    return head.startswith(b"From ") and is_mail(head.split(b"\n", 1)[-1])


def messages(body: bytes) -> Iterator[bytes]:
    """Yield the e-mails of an mbox file."""
    for part in _MBOX.split(body):
        if part.strip():
            yield _QUOTED_FROM.sub(rb"\1", part)


def read(body: bytes) -> Iterator[Page | Member]:
    """Yield an e-mail as a page of the kind `KIND`, then the files attached to it that may hold pages or tables."""
    message = message_from_bytes(body, policy=policy.default)
    text = _text_part(message)
    content, is_html = _content(text), text is not None and text.get_content_type() == "text/html"
    ident = blake2b(_header(message, "message-id").encode("utf-8", "replace") or body, digest_size=12).hexdigest()
    headers = {"content-type": KIND, "subject": _without_people(one_line(_header(message, "subject"), 300)), "date": moment(_header(message, "date")), "x-id": ident}
    yield Page(url="", headers={name: value for name, value in headers.items() if value}, body=_without_people(_html_text(content) if is_html else plain(content)).encode(), door="saved")
    for part in message.iter_attachments() if message.is_multipart() else ():
        name = label(part.get_filename() or "")
        if name.lower().endswith(ATTACHED):
            attached = part.get_payload(decode=True)
            if isinstance(attached, bytes):
                yield Member(name, attached)


def items(page: Page) -> Iterator[Outcome]:
    """Read the page that was made of an e-mail."""
    text = page.body.decode("utf-8", "replace")
    subject = page.headers.get("subject")
    if not text and not subject:
        yield Problem(source="mail", reason="empty", detail=N_("the e-mail holds no text"))
        return
    yield Mention(source="mail", kind="article", native_id=page.headers.get("x-id"), title=subject, text=text, published=page.headers.get("date"))


def _text_part(message: EmailMessage) -> EmailMessage | None:
    try:
        found = message.get_body(("html", "plain"))
    except (KeyError, AttributeError, ValueError):  # a forged structure
        return None
    return found if isinstance(found, EmailMessage) else None


def _content(part: EmailMessage | None) -> str:
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        return ""
    return _decoded(payload, part.get_content_charset())


def _decoded(text: bytes, charset: str | None = None) -> str:
    """Return a text as its charset says; without a sure one, as UTF-8 or else as Windows wrote it."""
    try:
        if charset and codecs.lookup(charset).name not in ("utf-8", "ascii"):
            return text.decode(charset, "replace")
    except (LookupError, UnicodeError):  # an unknown charset, or a codec of Python's that is none: "base64"
        pass
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def _header(message: EmailMessage, name: str) -> str:
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    if _BARE.search(raw):
        return _decoded(raw.encode("utf-8", "surrogateescape"))
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # what the standard library raises on forged headers
        return ""


def _html_text(html: str) -> str:
    """Return the text of an e-mail with each link behind its words, once; links to leave the list and the like are left out."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    seen: set[str] = set()
    for node in tree.css("a[href]"):
        url = unwrapped(node.attributes.get("href") or "")
        words = node.text(strip=True)
        if _ADMIN.search(words) or _ADMIN.search(url):
            node.decompose()
        elif words and url.startswith(("http://", "https://")) and url not in seen:
            seen.add(url)
            node.insert_after(f" ({url})")
    return to_text(tree.html or "")


def unwrapped(url: str) -> str:
    """Return where a link of Google's leads to, any other as it is."""
    try:
        parts = urlsplit(url.strip())
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    if (parts.hostname or "").startswith("www.google.") and parts.path == "/url":
        return next((value[0] for name in ("url", "q") if (value := query.get(name))), url)
    return url.strip()


def _without_people(text: str) -> str:
    """Mask e-mail addresses, and cut what stands behind a link that names one."""
    text = _LINK.sub(lambda found: found[0].split("?")[0] if _ADDRESS.search(found[0].replace("%40", "@")) else found[0], text)
    return _ADDRESS.sub("[e-mail]", text)
