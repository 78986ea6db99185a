"""Keep the catalogues of messages: extract from the code, its help and its sources, merge into each language, compile. `make messages` runs it; a test holds them to it.

Nothing here depends on the clock: the same code and the same translations give the same files. A message whose English changed
is a new message: nothing is guessed, so nothing is fuzzy.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from repwatch import sources
from repwatch.cli.app import application

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "repwatch"
LANGUAGES = ("fr", "nl", "de")
#: How many forms of a message each function takes.
_FORMS = {"_": 1, "N_": 1, "n_": 2}
_FIXED = datetime(2026, 1, 1, tzinfo=UTC)


def place(language: str, ending: str) -> Path:
    """Return the file of a language's catalogue."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / f"repwatch.{ending}"


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of `_`, `N_` and `n_` in a module, wherever in an expression they stand.

    The syntax tree is read, not the tokens: Babel's own extractor looks away within f-strings, and takes the key of `_(WORDS["key"])` for a message.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FORMS and node.args:
            yield node


def extracted() -> Catalog:
    """Return every message that stands in the code."""
    found = Catalog(project="repwatch", creation_date=_FIXED)
    for path in sorted(SOURCE.rglob("*.py")):
        said = []
        for call in calls(path):
            forms = [each.value for each in call.args[: _FORMS[call.func.id]] if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value]  # type: ignore[attr-defined]  # `calls` yields names
            if len(forms) == _FORMS[call.func.id]:  # type: ignore[attr-defined]
                said.append((call.lineno, forms))
        for _line, forms in sorted(said):
            found.add(forms[0] if len(forms) == 1 else tuple(forms), None, [(path.relative_to(SOURCE).as_posix(), 0)])
    return found


def helps(command: Any = None) -> Iterator[tuple[str, str]]:
    """Yield every text of help in the tree of commands, with the file it stands in."""
    if command is None:
        command = get_command(application())
    place = _file(command)
    for text in (command.help, command.epilog, *(getattr(each, "help", None) for each in command.params)):
        if text:
            yield text, place
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


def _file(command: Any) -> str:
    if command.callback is None:  # a group that does nothing itself stands where its commands do
        return _file(next(iter(command.commands.values())))
    return Path(inspect.getsourcefile(inspect.unwrap(command.callback)) or "").relative_to(SOURCE).as_posix()


def doors() -> Iterator[tuple[str, str]]:
    """Yield what each source says of its door and its terms, with the file it stands in."""
    for name in sources.names():
        source = sources.load(name)
        place = Path(inspect.getsourcefile(source) or "").relative_to(SOURCE).as_posix()  # type: ignore[arg-type]  # a source is a module
        yield from ((text, place) for text in (source.INFO.door, source.INFO.terms))


def everything() -> Catalog:
    """Return every message: those of the code, the help of the commands, the doors and terms of the sources."""
    found = extracted()
    for text, place in (*helps(), *doors()):
        found.add(text, None, [(place, 0)])
    return found


def merged(language: str) -> Catalog:
    """Return a language's catalogue with the messages of today; what the code no longer says is dropped."""
    path = place(language, "po")
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    catalogue.update(everything(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = _FIXED
    catalogue.project, catalogue.header_comment, catalogue.fuzzy = "repwatch", f"# repwatch in {language}; `make messages` keeps it.", False
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as text, in the order of the files, without line numbers, which would change with every edit."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, include_lineno=False, sort_by_file=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages that lack a translation, or one of its plural forms."""
    for message in catalogue:
        told = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id and not all(told):
            yield message


def main() -> int:
    """Write all catalogues; return 1 where a translation is missing."""
    missing = 0
    for language in LANGUAGES:
        catalogue = merged(language)
        place(language, "po").parent.mkdir(parents=True, exist_ok=True)
        place(language, "po").write_bytes(as_po(catalogue))
        place(language, "mo").write_bytes(as_mo(catalogue))
        for message in untranslated(catalogue):
            missing += 1
            sys.stdout.write(f"{language}: {message.id!r}\n")
    sys.stdout.write(f"{missing} translations are missing\n" if missing else "Everything is translated.\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
