"""Read a mention query as people write it. An error points at the column.

`acme strike` asks for both words, as AND does; OR binds less than AND, NOT most. `"exact phrase"`, `word*`, brackets,
`site:`, `lang:`, `kind:`, `source:`, and `near:5(acme strike)` for words at most 5 apart.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from repwatch.errors import UsageError
from repwatch.text.query import (
    FIELDS,
    NEAR,
    Field,
    Near,
    Not,
    Phrase,
    Query,
    Word,
    all_of,
    any_of,
    words_of,
)
from repwatch.wording import N_, _

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: one (_AND? one)*
?one: _NOT one -> negation
    | "(" either ")"
    | NEAR "(" term+ ")" -> near
    | FIELD value -> field
    | term
?term: PHRASE | WORD
?value: PHRASE | WORD
_OR.3: /OR(?=[\s("]|$)/
_AND.3: /AND(?=[\s("]|$)/
_NOT.3: /NOT(?=[\s("]|$)/
NEAR.4: /near:\d*/i
FIELD.2: /[a-z]+:/i
PHRASE: /"[^"]*"/
WORD: /[^\s()":]+/
%ignore /\s+/
"""
#: Quotation marks as word processors and French and German keyboards write them; each is one character, so columns stay.
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
_LONGEST = 2_000
_DEEPEST = 60
_LANGUAGE = re.compile("[a-z]{2}")
_SITE = re.compile(r"[\w\-]+(\.[\w\-]+)*")
KINDS = ("post", "comment", "article", "review", "interview")
#: What people type who know other tools, and why it is not here.
_NOT_HERE = {
    "author": N_("repwatch follows no people: write whom a text is about, not who wrote it."),
    "from": N_("repwatch follows no people: write whom a text is about, not who wrote it."),
    "type": N_("Write kind: instead."),
    "language": N_("Write lang: instead."),
    "domain": N_("Write site: instead."),
}


def parse_query(text: str, sources: tuple[str, ...] = ()) -> Query:
    """Read a query; `sources` are the names that `source:` may have (any, where none are given).

    Raises UsageError that shows the query and the column.
    """
    if not text.strip():
        raise UsageError(_("the query is empty"), hint=_('Write for example: "Acme Belgium" OR acme'))
    if len(text) > _LONGEST or text.count("(") > _DEEPEST or len(re.findall(r"\bNOT\b", text)) > _DEEPEST:
        raise UsageError(_("the query is longer than anybody means: at most {longest} characters, {deepest} brackets and {deepest} NOT", longest=_LONGEST, deepest=_DEEPEST))
    from lark.exceptions import UnexpectedInput

    try:
        tree = _parser().parse(text.translate(_QUOTES))
    except UnexpectedInput as error:
        _explain(text, error)
    return _Reading(text, sources).query(tree)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="basic")


class _Reading:
    """Turns a tree of tokens into a query, and points at what it cannot take."""

    def __init__(self, text: str, sources: tuple[str, ...]) -> None:
        self._text, self._sources = text, sources

    def query(self, node: Tree[Token] | Token) -> Query:
        children: list[Any] = getattr(node, "children", [])
        match getattr(node, "data", None):
            case "either":
                return any_of(map(self.query, children))
            case "both":
                return all_of(map(self.query, children))
            case "negation":
                return Not(self.query(children[0]))
            case "near":
                return self._near(children)
            case "field":
                return self._field(*children)
            case _:
                return self._term(node)  # type: ignore[arg-type]  # every tree has a name above

    def _term(self, token: Token) -> Word | Phrase:
        term: Word | Phrase
        if re.fullmatch(r"NEAR/\d+", token):
            point(self._text, token.column, _("{word} cannot stand here", word=token), _("Write near:5(acme strike)."))
        if token.type == "PHRASE":
            term = Phrase(" ".join(token[1:-1].split()))
        else:
            term = Word(token.rstrip("*"), prefix=token.endswith("*"))
        if not words_of(term):
            point(self._text, token.column, _("{word} holds no letter or digit", word=token), _("A query needs something that can be looked for."))
        if "*" in term.text:
            point(self._text, (token.column or 1) + str(token).index("*"), _("a star stands only at the end of a word"), _('Write strik* for strike and striking; a "phrase" takes none.'))
        return term

    def _near(self, children: list[Token]) -> Near:
        head, *terms = children
        found = tuple(map(self._term, terms))
        if len(found) < 2:
            point(self._text, head.column, _("near: needs two words or more"), _("Write near:5(acme strike)."))
        return Near(found, int(head.partition(":")[2] or NEAR))

    def _field(self, head: Token, told: Token) -> Field:
        name, value = head[:-1].lower(), told.strip('"').strip().lower()
        column = told.column
        if name not in FIELDS:
            point(self._text, head.column, _("there is no field {name}:", name=name), _(_NOT_HERE[name]) if name in _NOT_HERE else _("There are {names} and near:.", names=", ".join(f"{each}:" for each in FIELDS)))
        if name == "lang" and not _LANGUAGE.fullmatch(value):
            point(self._text, column, _("{value} is no language", value=repr(value)), _("Write two letters: fr, nl, de, en."))
        if name == "kind" and value not in KINDS:
            point(self._text, column, _("{value} is no kind of item", value=repr(value)), _("There are: {names}.", names=", ".join(KINDS)))
        if name == "source" and self._sources and value not in self._sources:
            point(self._text, column, _("repwatch knows no source {name}", name=repr(value)), _("Known sources: {names}.", names=", ".join(self._sources)))
        if name == "site":
            value = value.removeprefix("https://").removeprefix("www.").rstrip("/")
            if not _SITE.fullmatch(value):
                point(self._text, column, _("{value} is no site", value=repr(value)), _("Write its name alone: site:lesoir.be"))
        return Field(name, value)


def point(text: str, at: int | None, message: str, hint: str = "") -> NoReturn:
    """Raise the error that shows the query with a mark below column `at`, counted from 1."""
    column = at or 1
    flat = re.sub(r"\s", " ", text)
    first = max(0, column - 1 - 60)
    mark = f"{flat[first : first + 100]}\n{'-' * (column - 1 - first)}^"
    raise UsageError(_("column {column} of the query: {message}", column=column, message=message) + f"\n{mark}", hint=hint)


def _explain(text: str, error: Any) -> NoReturn:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        column = len(text.rstrip()) + 1
        if text.count("(") > text.count(")"):
            point(text, column, _("a bracket was opened and not closed"), _("Write ) where it ends."))
        point(text, column, _("the query ends where a word should follow"), _("AND, OR, NOT and a field need something behind them."))
    column = int(error.column)
    rest = text[column - 1 :]
    if rest.translate(_QUOTES).startswith('"'):
        point(text, column, _("a quotation mark was opened and not closed"), _('Write "exact phrase".'))
    if rest.startswith(")"):
        point(text, column, _("a bracket is closed that was not opened, or nothing stands in it"))
    if rest.startswith(":"):
        point(text, column, _("a colon stands where no field is"), _('Put what holds a colon in quotes: "9:30".'))
    word = re.match(r"\S+", rest)
    point(text, column, _("{word} cannot stand here", word=word[0] if word else repr(rest)), _("Words in capitals (AND, OR, NOT) join what stands on both sides; in quotes they are words."))
