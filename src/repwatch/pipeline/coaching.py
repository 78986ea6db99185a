"""A look at a person's own posts, and the sealed file in which it is handed to that person alone.

Files are of the age format with a passphrase (scrypt, ChaCha20-Poly1305): the person can open theirs with any program for age.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from repwatch.errors import UsageError
from repwatch.models import Mention
from repwatch.programme.coaching import Judged
from repwatch.text.clean import one_line
from repwatch.text.scorer import score_item
from repwatch.wording import _

if TYPE_CHECKING:
    from repwatch.models import Employer

_FEWEST_LETTERS = 12
_EXCERPT = 160


def judged(posts: Iterable[Mention], employers: Sequence[Employer]) -> Iterator[Judged]:
    """Read posts by the word lists: one is about work where it names an employer of the settings or a topic of work. Undated ones are left out."""
    names = [name.casefold() for employer in employers for name in (employer.name, *employer.aliases)]
    for post in posts:
        day = (post.published or "")[:10]
        if len(day) == 10:
            score = score_item(post, why=False)
            about = bool(score.topics) or any(name in post.text.casefold() for name in names)
            yield Judged(date.fromisoformat(day), one_line(post.text, _EXCERPT), sum(post.engagement.values()) if post.engagement else None, about, score.label)


def checked_passphrase(passphrase: str) -> str:
    """Return a passphrase that is long enough."""
    if len(passphrase) < _FEWEST_LETTERS:
        raise UsageError(_("a passphrase needs at least {n} letters", n=_FEWEST_LETTERS), hint=_("Four or five words that only this person would put together are easy to keep in mind."))
    return passphrase


def seal(text: str, passphrase: str, path: Path) -> None:
    """Write `text` sealed with a passphrase to a new file that only its owner may read. No readable copy touches the disk."""
    from pyrage import passphrase as age

    sealed = age.encrypt(text.encode(), checked_passphrase(passphrase))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
    except FileExistsError:
        raise UsageError(_("this file exists already"), where=str(path), hint=_("Choose another name with --out: nothing of anybody is overwritten.")) from None
    except OSError as error:
        raise UsageError(_("this file cannot be written: {why}", why=error.strerror), where=str(path), hint=_("Choose another place with --out.")) from error


def unseal(path: Path, passphrase: str) -> str:
    """Return what a sealed file says. Raises UsageError for a wrong passphrase, or a file that is none."""
    from pyrage import DecryptError
    from pyrage import passphrase as age

    try:
        return str(age.decrypt(path.read_bytes(), passphrase).decode())
    except DecryptError as error:
        raise UsageError(_("this file does not open"), where=str(path), hint=_("The passphrase is another one, or the file was not written by `coach review`. Nobody else can open it, and nobody can recover it.")) from error
    except OSError as error:
        raise UsageError(_("this file cannot be read: {why}", why=error.strerror), where=str(path), hint=_("Check its name.")) from error
