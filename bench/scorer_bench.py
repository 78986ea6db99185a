"""The scorer on every measured set beside VADER, TextBlob's French lexicon and the figures known before; speed, load and memory.

Usage: `python bench/scorer_bench.py` for all, `--accuracy`, `--speed` or `--curve` for a part. Sets are read from ../shared/sentiment/dev.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from side_by_side import refuse_without_bytecode, table

from repwatch.text.language import identify
from repwatch.text.scorer import score_text

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT.parent / "shared" / "sentiment" / "dev"
#: What the README of the sets tells: a lexicon, a prototype on shop reviews and subtitles, the same trained on everything; and the goal.
BEFORE = {
    "employer_en_snippets": ("70.9", "84.0", "90.1", "88"), "employer_fr_snippets": ("68.2", "85.8", "89.8", "88"), "employer_de_snippets": ("", "", "", ""),
    "employer_de_snippets (fields)": ("", "", "", "82"), "employer_en_reviews": ("69.4", "74.6", "83.1", "82"), "employer_fr_reviews": ("62.1", "75.0", "75.4", "78"),
    "employer_de_reviews": ("65.2", "72.6", "79.9", "80"), "gen_absa16_nl": ("77.3", "", "94.9", "90"), "gen_umsab_en": ("74", "74", "79", "76"),
    "gen_umsab_fr": ("58", "60", "74", "68"), "gen_umsab_de": ("59", "68", "77", "72"),
}  # fmt: skip

Rows = list[dict[str, str]]
Judge = Callable[[str], float]


def sets() -> dict[str, Rows]:
    """Read the sets with two sides; of the German snippets those from the two fields once more, alone."""
    found = {}
    for path in sorted(DEV.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        if "emptycons" not in path.stem:
            found[path.stem] = [row for row in rows if row["label"] != "neutral"]
    found["employer_de_snippets (fields)"] = [row for row in found["employer_de_snippets"] if row["kind"] in {"pro", "con"}]
    return found


def measured(rows: Rows, judge: Judge) -> tuple[float, float, float]:
    """Return accuracy and macro-F1 over two classes, and the accuracy of the most confident 70 %, in percent."""
    points = [judge(row["text"]) for row in rows]
    right = [(point > 0) == (row["label"] == "positive") for point, row in zip(points, rows, strict=True)]
    scores = []
    for side in (True, False):
        said = [(point > 0) == side for point in points]
        true = [(row["label"] == "positive") == side for row in rows]
        both = sum(a and b for a, b in zip(said, true, strict=True))
        scores.append(2 * both / max(1, sum(said) + sum(true)))
    surest = sorted(range(len(rows)), key=lambda at: -abs(points[at]))[: int(0.7 * len(rows))]
    return 100 * sum(right) / len(right), 50 * sum(scores), 100 * sum(right[at] for at in surest) / max(1, len(surest))


def others() -> dict[str, Judge]:
    """Return the peers: VADER for English, the lexicon of TextBlob for French, word by word."""
    from textblob_fr import PatternAnalyzer
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader, french = SentimentIntensityAnalyzer(), PatternAnalyzer()
    return {"en": lambda text: vader.polarity_scores(text)["compound"], "fr": lambda text: french.analyze(text)[0]}


def accuracy() -> None:
    """Print accuracy and macro-F1 on every set."""
    peers = others()
    rows: list[tuple[str, ...]] = [("set", "n", "accuracy", "macro-F1", "surest 70 %", "peer accuracy", "peer F1", "lexicon*", "clean*", "all*", "goal")]
    for name, texts in sets().items():
        lang = texts[0]["lang"]
        own = measured(texts, lambda text: score_text(text, lang).polarity)  # noqa: B023 — called within the turn
        peer = measured(texts, peers[lang]) if lang in peers else None
        rows.append((name, str(len(texts)), *(f"{value:.1f}" for value in own), *((f"{peer[0]:.1f}", f"{peer[1]:.1f}") if peer else ("", "")), *BEFORE.get(name, ("", "", "", ""))))
    table("Two classes, percent. * as told by the README of the sets: unseen employers, macro-F1 for reviews and tweets, else accuracy", rows)
    by_source: dict[tuple[str, str], list[bool]] = {}
    for name, texts in sets().items():
        if name.endswith("snippets"):
            for row in texts:
                by_source.setdefault((row["lang"], row["source"]), []).append((score_text(row["text"], row["lang"]).polarity > 0) == (row["label"] == "positive"))
    table("Pros against cons by where they were gathered", [("language", "source", "n", "accuracy"), *((lang, source, str(len(hits)), f"{100 * sum(hits) / len(hits):.1f}") for (lang, source), hits in sorted(by_source.items()) if len(hits) >= 50)])
    empties = [("language", "n", "called negative", "that name a lack (not much room ...)", "called negative without those")]
    for lang in ("en", "fr"):
        texts = [json.loads(line)["text"] for line in (DEV / f"employer_{lang}_emptycons.jsonl").read_text("utf-8").splitlines()]
        blamed = [text for text in texts if score_text(text, lang).label == "negative"]
        lacks = {text for text in texts if re.match(r"\W*(not (many|much|a lot|really)|no real|nothing good|pas d|aucune? (?!inconv|point|mais|à))", text.lower())}
        empties.append((lang, str(len(texts)), f"{100 * len(blamed) / len(texts):.1f} %", str(len(lacks)), f"{100 * len(set(blamed) - lacks) / max(1, len(texts) - len(lacks)):.1f} %"))
    table("Empty cons", empties)
    short = [(row["lang"], row["text"], path.stem) for path in sorted(DEV.glob("*.jsonl")) for row in map(json.loads, path.read_text("utf-8").splitlines()) if 15 <= len(row["text"]) <= 60]
    groups: dict[str, list[bool]] = {}
    for lang, text, stem in short:
        for group in ("all", "titles" if "titles" in stem else "tweets" if "umsab" in stem else "snippets, reviews, restaurants"):
            groups.setdefault(group, []).append(identify(text) == lang)
    table("Language at 15 to 60 characters", [("set", "n", "right"), *((group, str(len(hits)), f"{100 * sum(hits) / len(hits):.1f} %") for group, hits in groups.items())])


def speed() -> None:
    """Print texts a second on one core beside VADER, and what loading costs."""
    from model import train
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    known = sets()
    for row in train.corpus("en"):
        score_text(row.text)  # common words are known by then, as they are in a run over many texts
    snippets = [row["text"] for row in known["employer_en_snippets"]]
    rows = [("texts", "letters", "no reasons asked /s", "language given /s", "first sight /s", "identified /s", "VADER /s", "no reasons : VADER")]
    seen: set[str] = set()
    for name, texts in (("short snippets", [text for text in snippets if len(text) <= 60]), ("snippets", snippets[:1500]), ("reviews", [row["text"] for row in known["employer_en_reviews"]][:800])):
        (first,) = _side_by_side([text for text in texts if text not in seen], (lambda text: score_text(text, "en"),), turns=1)
        seen.update(texts)
        bare, given, told, peer = _side_by_side(texts, (lambda text: score_text(text, "en", why=False), lambda text: score_text(text, "en"), score_text, vader.polarity_scores))
        rows.append((name, f"{sum(map(len, texts)) / len(texts):.0f}", *(f"{rate:.0f}" for rate in (bare, given, first, told, peer)), f"{bare / peer:.2f}"))
    table("Speed on one core (processor time; the best of nine turns, taken by turns; at first sight one turn over texts not met before). No reasons asked: all of a score but its evidence", rows)
    script = "import sys, time, re; from pathlib import Path\ndef held(): return int(re.search(r'VmRSS:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\nimport repwatch.models\na = time.perf_counter(); m = held()\nfrom repwatch.text.scorer import score_text\nb = time.perf_counter()\nfor lang in {langs!r}: score_text('good goed gut bon', lang)\nc = time.perf_counter(); n = held()\nimport json\nfor row in map(json.loads, sys.stdin): score_text(row['text'], row['lang'])\nprint(b - a, c - b, (n - m) / 1024, (held() - m) / 1024)"
    lines = [("languages", "import ms", "load ms", "memory MB", "texts", "memory MB after them")]
    for langs in (("en",), ("en", "fr", "nl", "de")):
        fed = [line for path in sorted(DEV.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if json.loads(line)["lang"] in langs]
        found = [
            [float(value) for value in subprocess.run([sys.executable, "-c", script.format(langs=langs)], check=True, capture_output=True, text=True, input=text).stdout.split()]
            for text in ("\n".join(fed), "", "", "", "")
        ]
        least = [min(each[at] for each in found) for at in range(3)]
        lines.append((" ".join(langs), f"{least[0] * 1000:.0f}", f"{least[1] * 1000:.0f}", f"{least[2]:.0f}", str(len(fed)), f"{found[0][3]:.0f}"))
    table("Loading", lines)


def _side_by_side(texts: list[str], calls: tuple[Callable[[str], object], ...], turns: int = 9) -> list[float]:
    """Return how many texts a second each call does at its best; a slow moment of the machine strikes all alike."""
    best = [float("inf")] * len(calls)
    for _ in range(turns):
        for at, call in enumerate(calls):
            start = time.process_time()
            for text in texts:
                call(text)
            best[at] = min(best[at], time.process_time() - start)
    return [len(texts) / each for each in best]


def curve() -> None:
    """Print accuracy on the measured sets by the share of the corpus that was trained on."""
    from model import train

    from repwatch.text import hashing

    rows = [("language", "share", "rows", *(("pros/cons or restaurants", "reviews", "tweets")))]
    for lang in ("en", "fr", "nl", "de"):
        names = ("gen_absa16_nl",) if lang == "nl" else (f"employer_{lang}_snippets", f"employer_{lang}_reviews", f"gen_umsab_{lang}")
        known = sets()
        judged = {name: [train.example(row["text"], lang, 1 if row["label"] == "positive" else -1) for row in known[name]] for name in names}
        own = [row for row in train.corpus(lang) if row.label in "+-"]
        own = [own[at] for at in train.scattered(len(own), 7)]
        examples = [train.example(row.text, lang, 1 if row.label == "+" else -1, row.weight) for row in own]
        for share in (0.0, 0.125, 0.25, 0.5, 0.75, 1.0):
            count = int(share * len(examples))
            weights = train.fit(examples[:count]) if count else _rules_alone(hashing.SIZE, len(hashing.DENSE))
            right = [100 * sum((train.margin_of(weights, each) > 0) == (each.answer > 0) for each in some) / len(some) for some in judged.values()]
            rows.append((lang, f"{share:.1%}", str(count), *(f"{value:.1f}" for value in right), *[""] * (3 - len(right))))
    table("Learning curve: accuracy by the share of the corpus (0: the rules alone)", rows)


def _rules_alone(size: int, dense: int) -> object:
    import numpy as np

    weights = np.zeros(size + dense, np.int64)
    weights[size] = 1 << 20
    return weights


def main() -> None:
    """Print what is asked for."""
    refuse_without_bytecode()
    if not DEV.is_dir():
        sys.exit("The sentiment sets (../shared/sentiment) are not on this machine.")
    asked = [name for name in ("accuracy", "speed", "curve") if f"--{name}" in sys.argv] or ["accuracy", "speed", "curve"]
    sys.path.insert(0, str(ROOT))
    for name in asked:
        {"accuracy": accuracy, "speed": speed, "curve": curve}[name]()


main()
