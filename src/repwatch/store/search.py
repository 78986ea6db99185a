"""A user's search as a query that FTS5 always understands."""

from __future__ import annotations

import re

#: "a phrase", a word, or the beginning of one with a star after it; an unclosed quote runs to the end.
_PART = re.compile(r'"([^"]*)("|$)(\*?)|([^\s"]+)')
#: More terms than anybody means; FTS5 has a limit of its own on the depth of a query.
_MOST = 32


def fts_query(search: str) -> str | None:
    """Return an FTS5 query for all words and "quoted phrases" of `search`; word* stands for its beginnings.

    Nothing in it is an operator. None when no letter or digit is there to look for.
    """
    clean = search.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    terms = []
    for phrase, _, phrase_star, word in _PART.findall(clean):
        said = phrase or word
        if any(letter.isalnum() for letter in said):
            star = "*" if phrase_star or word.endswith("*") else ""
            terms.append('"' + said.rstrip("*") + '"' + star)
    return " AND ".join(terms[:_MOST]) or None
