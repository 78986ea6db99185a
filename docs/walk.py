"""Write the walk through the six questions of the workshop, in English and French: `make docs` runs it; a test holds the pages to it.

What stands in the pages is what the commands answer on the invented employer of the demonstration, as of one fixed day.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from repwatch import wording
from repwatch.pipeline.demonstration import DAY_OF_ARCHIVE, run_demo

FOLDER = Path(__file__).parent / "tutorial"
_JOIN = "--until 2027-06-30 --how form"
#: The commands of each question; where a number stands before the command, so many lines of its answer are shown.
_STEPS: tuple[tuple[tuple[int, str], ...], ...] = (
    ((0, "profiles"), (0, "profiles --shock")),
    (
        (0, "programme shared zwaluw 1"),
        (0, "programme invite 10"),
        (0, f"programme join zwaluw {_JOIN}"),
        (0, "programme action add Kastelmont --url https://www.kastelmont.example/news/1"),
        (0, "programme shared zwaluw 1 --reach 200 --reactions 10"),
        (0, "programme figures"),
        (12, "programme invitation"),
    ),
    ((0, "board"), (0, "board project start")),
    (
        (0, "leaders presence kompas --contacts 10"),
        (0, f"leaders join kompas {_JOIN}"),
        (0, "leaders presence kompas --profile --contacts 10 --posts 0"),
        (0, "leaders goal kompas contacts 100 --by 2027-03-31"),
        (0, "leaders list"),
        (24, "leaders plan kompas"),
    ),
    ((0, "coach review merel posts.jsonl --out merel.age"), (0, f"coach join merel {_JOIN}"), (16, "coach kit")),
    ((24, "guide"), (32, "guide --role crisis"), (12, "guide --letter works-council")),
)
_TEXTS = {
    "en": (
        "six-questions.md",
        "# Six questions, six commands\n\nGenerated from the program: `make docs`. The employer is that of `repwatch demo` and is invented; every answer below is what the command says.\n",
        ("Is your firm on Glassdoor, and has anybody claimed the page?", "Who are the volunteers? Nobody enters without a consent on record; leaving is one command.", "Is the board in?",
         "What if the CEO has 10 contacts? Again, consent comes first.", "What of the colleague who posts too much? Help, for whoever wants it, and seen by that person alone.", "A rulebook, or good practices?"),
    ),
    "fr": (
        "six-questions.fr.md",
        "# Six questions, six commandes\n\nPage produite par le programme : `make docs`. L’employeur est celui de `repwatch demo` ; il est inventé. Chaque réponse ci-dessous est celle de la commande.\n",
        ("Votre entreprise est-elle sur Glassdoor, et quelqu’un a-t-il revendiqué la fiche ?", "Qui sont les volontaires ? Personne n’entre sans consentement noté ; une commande suffit pour partir.", "Le comité de direction participe-t-il ?",
         "Et si le CEO a 10 contacts ? Ici aussi, le consentement d’abord.", "Et le collègue qui publie trop ? Une aide, pour qui la souhaite, et vue de lui seul.", "Un règlement, ou de bonnes pratiques ?"),
    ),
}  # fmt: skip


@contextmanager
def _on_the_day(folder: Path) -> Iterator[None]:
    """Stand in `folder` on the fixed day, with no settings of the machine."""
    from repwatch.cli import app

    assert app.NAMES
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REPWATCH_")}
    before = Path.cwd()
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("repwatch.cli.") and hasattr(module, "now"):
                stack.enter_context(patch.object(module, "now", lambda: DAY_OF_ARCHIVE))
        stack.enter_context(patch("repwatch.pipeline.running._now", lambda: DAY_OF_ARCHIVE.strftime("%Y-%m-%dT%H:%M:%SZ")))
        stack.enter_context(patch.dict(os.environ, {**kept, "REPWATCH_DATA_DIR": str(folder), "COLUMNS": "100", "NO_COLOR": "1"}, clear=True))
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _answer(command: str, language: str) -> tuple[str, int]:
    from repwatch.cli.start import run

    with io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) as told, redirect_stdout(told), redirect_stderr(told):
        code = run(["--ui-lang", language, *command.split()])
        told.seek(0)
        return told.read(), code


def walk(language: str) -> str:
    """Return the page of the six questions in `language`."""
    _name, opening, questions = _TEXTS[language]
    parts = [opening]
    with tempfile.TemporaryDirectory() as scratch, _on_the_day(Path(scratch)):
        run_demo(Path(scratch), DAY_OF_ARCHIVE)
        Path("posts.jsonl").touch()
        for number, (question, steps) in enumerate(zip(questions, _STEPS, strict=True), 1):
            parts.append(f"## {number}. {question}\n")
            for lines, command in steps:
                wording._catalogue.cache_clear()
                text, code = _answer(command, language)
                text = re.sub(r"^(?:/.*?/)+(?=\w)", "", text.replace(scratch + "/", ""), flags=re.MULTILINE)
                if lines:
                    text = "".join(text.splitlines(keepends=True)[:lines])
                shown = f"repwatch {command}" + (f" | head -{lines}" if lines else "")
                parts.append("\n".join(["````", f"$ {shown}", *(line.rstrip() for line in text.strip("\n").split("\n")), *([f"[exit {code}]"] if code else []), "````", ""]))
    wording.use("en")
    return "\n".join(parts)


PAGES = {FOLDER / texts[0]: language for language, texts in _TEXTS.items()}

if __name__ == "__main__":
    for path, language in PAGES.items():
        path.write_text(walk(language), "utf-8", newline="")
