"""Render a document as one mail: plain text and HTML side by side. Sending is somebody else's work."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

from repwatch.report.document import Document
from repwatch.report.page import to_html
from repwatch.report.terminal import to_terminal
from repwatch.text.clean import one_line

_WIDTH = 78
_SUBJECT = 120


def message(document: Document) -> EmailMessage:
    """Return the mail, without sender, recipient and date, which whoever sends it adds; the same document is the same mail."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(document.title, _SUBJECT) or "repwatch"
    mail["Auto-Submitted"] = "auto-generated"
    text, page = to_terminal(document, width=_WIDTH, colour=False), to_html(document, mail=True)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"repwatch-{hashlib.sha256((text + page).encode()).hexdigest()[:40]}")
    return mail


def to_eml(document: Document) -> bytes:
    """Return the mail as a file that mail programs open."""
    return message(document).as_bytes()
