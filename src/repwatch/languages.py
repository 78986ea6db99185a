"""Languages as others write them: tags with a region, three letters, names."""

from __future__ import annotations

import re

_NAMES = {
    "dut": "nl", "nld": "nl", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "eng": "en",
    "dutch": "nl", "french": "fr", "german": "de", "english": "en",
}  # fmt: skip
_TAG = re.compile(r"\s*([A-Za-z]{2,8})(?=[-_\s]|$)")


def language(tag: object) -> str | None:
    """Return the primary part of a language tag in lower case: `nl-BE`, `NL`, `nld` and `Dutch` are `nl`; None for what is no tag."""
    found = _TAG.match(tag) if isinstance(tag, str) else None
    if not found:
        return None
    primary = found[1].lower()
    return _NAMES.get(primary, primary)
