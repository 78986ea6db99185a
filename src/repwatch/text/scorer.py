"""Score workplace sentiment by rule: a lexicon in four languages, negation, direction, contrast; and say why.

Text in, `Score` out, no clock and no state but the loaded lexicons. `SCORER` names the version that is stored with each score.
"""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

from repwatch.models import Interview, Item, Mention, Review, Score, TopicScore
from repwatch.text import lexicon
from repwatch.text.clean import clean, fold
from repwatch.text.language import identify
from repwatch.text.lexicon import LANGUAGES, Entry, Hit, Lexicon

SCORER = "lexicon-1"

Label = Literal["positive", "negative", "neutral", "mixed", "unclear", "unscored"]
_CLAUSE_ENDS = frozenset({",", ".", "!", "?", ";", "\n", "…", "(", ")"})
_POLAR = frozenset({"word", "idiom", "emoji", "bad", "good", "wish"})
_NEGATION_REACH, _DEGREE_REACH = 4, 3
#: Sums of word values are squashed to -1..1 by s / sqrt(s² + NORM), after VADER (Hutto and Gilbert 2014), for values up to 3.
_NORM = 6.0
_LONGEST = 20_000
_OPENING = re.compile(r"([^.,;:!?\n]{1,60})[.,;:!?\n]+(.*)", re.DOTALL)
#: Hits in a clause; what goes on for longer (a wall of emoji) is cut, since each is weighed against all others of its clause.
_LONGEST_CLAUSE = 200


class Part(NamedTuple):
    """What one polar expression contributes: its value, the words, its clause and its topics."""

    value: float
    text: str
    clause: int
    topics: tuple[str, ...]


def score_text(text: str, lang: str | None = None) -> Score:
    """Score a free text; `lang` is believed when it is one of ours, otherwise the text's language is identified."""
    plain = clean(text)[:_LONGEST]
    known = lang if lang in LANGUAGES else (lang or identify(plain))
    plain = _without_empty_opening(plain, known)
    if is_empty_answer(plain, known):
        return Score(lang=known, label="neutral", polarity=0.0, confidence=0.95, scorer=SCORER)
    if known not in LANGUAGES:
        return Score(lang=known, label="unscored", scorer=SCORER)
    return _verdict(_parts(plain, lexicon.load(known)), known, _topic_words(plain, lexicon.load(known)))


def score_item(item: Item) -> Score:
    """Score an item: structure first (stars, recommendation, pros and cons), then its words."""
    if isinstance(item, Review):
        return _score_review(item)
    if isinstance(item, Mention):
        return score_text("\n".join(filter(None, (item.title, item.text))), item.lang)
    if isinstance(item, Interview):
        told = {"positive": 0.7, "negative": -0.7, "neutral": 0.02}.get(item.experience or "")
        said = score_text(item.process or "", item.lang)
        return said if told is None else said.model_copy(update=_labelled(told, 0.9))
    return Score(lang=item.lang, label="unscored", scorer=SCORER)


def _without_empty_opening(text: str, lang: str | None) -> str:
    """Drop an opening clause that says nothing: of "No cons, it is a good company" the rest counts."""
    opening = _OPENING.match(text)
    if opening and lang in LANGUAGES and opening[2].strip() and is_empty_answer(opening[1], lang):
        return opening[2]
    return text


def is_empty_answer(text: str, lang: str | None) -> bool:
    """Tell whether a filled-in field says nothing: "None", "RAS", "geen", "n/a", or no letters at all."""
    words = re.findall(r"\w+", fold(text))
    if not words or not any(char.isalpha() for char in text):
        return not any(ord(char) > 0x2600 for char in text)
    languages = (lang,) if lang in LANGUAGES else LANGUAGES
    return any(_says_nothing(words, lexicon.load(each).empty) for each in languages if each)


#: "No cons so far", "rien à dire de plus": an empty answer may trail off in a few words.
_TRAILING_WORDS = 3


def _says_nothing(words: list[str], empty: set[str]) -> bool:
    shortest = max(1, len(words) - _TRAILING_WORDS)
    return any(" ".join(words[:end]) in empty for end in range(len(words), shortest - 1, -1) if end == len(words) or end > 1)


def _score_review(review: Review) -> Score:
    whole = "\n".join(filter(None, (review.title, review.pros, review.cons, review.advice, review.body)))
    lang = review.lang if review.lang in LANGUAGES else (review.lang or identify(whole))
    words = _field_score(review, whole, lang)
    stars = _from_structure(review)
    if stars is None:
        return words
    if review.rating is not None and 2.5 <= review.rating * 5 / review.rating_scale < 3.5:
        # Three stars are mixed, not neutral: the words keep the fine order, the label says what the person chose.
        return words.model_copy(update={"label": "mixed", "polarity": max(-0.3, min(0.3, words.polarity or 0.02)), "confidence": 0.8})
    return words.model_copy(update=_labelled(stars, 0.95 if review.rating is not None else 0.8))


def _labelled(polarity: float, confidence: float) -> dict[str, object]:
    label = "positive" if polarity > 0.1 else "negative" if polarity < -0.1 else "neutral"
    return {"label": label, "polarity": round(polarity, 3), "confidence": confidence}


def _from_structure(review: Review) -> float | None:
    if review.rating is not None:
        return max(-1.0, min(1.0, (review.rating * 5 / review.rating_scale - 3) / 2)) or 0.02
    if review.recommend is not None:
        return 0.6 if review.recommend else -0.6
    return None


def _field_score(review: Review, whole: str, lang: str | None) -> Score:
    """Score the words of a review; what stands under pros or cons leans that way unless it says nothing."""
    if lang not in LANGUAGES:
        return Score(lang=lang, label="unscored", scorer=SCORER)
    words = lexicon.load(lang)
    parts: list[Part] = []
    for text, lean in ((review.title, 0), (review.pros, 1), (review.cons, -1), (review.advice, -0.3), (review.body, 0)):
        if text and not is_empty_answer(text, lang):
            parts += _leaning(_parts(clean(text)[:_LONGEST], words), lean, text)
    return _verdict(parts, lang, _topic_words(clean(whole)[:_LONGEST], words))


def _leaning(parts: list[Part], lean: float, text: str) -> list[Part]:
    if lean in (0, -0.3):
        return parts
    kept = [part._replace(value=abs(part.value) * lean) for part in parts]
    return kept or [Part(lean * min(2.0, 0.5 + len(text) / 80), "", 0, ())]


def _parts(text: str, words: Lexicon) -> list[Part]:
    stream = lexicon.tokens(text)
    parts: list[Part] = []
    hits = [hit for hit in words.find(stream) if hit.entry.kind not in ("topic", "mute")]
    for number, clause in enumerate(_clauses(stream, hits)):
        parts += _clause_parts(clause, number)
    return parts


def _clauses(stream: list[str], hits: list[Hit]) -> list[list[Hit]]:
    ends = [place for place, token in enumerate(stream) if token in _CLAUSE_ENDS]
    clauses: list[list[Hit]] = [[]]
    passed = 0
    for hit in hits:
        while passed < len(ends) and ends[passed] < hit.start:
            passed += 1
            if clauses[-1]:
                clauses.append([])
        if clauses[-1] and (hit.entry.kind == "but" or len(clauses[-1]) >= _LONGEST_CLAUSE):
            clauses.append([])
        clauses[-1].append(hit)
    return clauses


def _clause_parts(clause: list[Hit], number: int) -> list[Part]:
    parts = []
    used_negators: set[int] = set()
    polar = [hit for hit in clause if hit.entry.kind in _POLAR]
    for hit in polar:
        value = _in_context(hit, clause)
        negator = _negator_of(hit, clause, polar, used_negators)
        if negator is not None:
            used_negators.add(negator.start)
            value = _negated(value, hit.entry)
        if value:
            said = f"{negator.text} {hit.text}" if negator else hit.text
            parts.append(Part(value, said, number, hit.entry.topics))
    return parts


def _in_context(hit: Hit, clause: list[Hit]) -> float:
    """Return the value of a polar hit with the words of degree around it."""
    value, kind = hit.entry.value, hit.entry.kind
    for near in clause:
        distance = hit.start - near.end if near.start < hit.start else near.start - hit.end
        if near is hit or distance < 0 or distance >= _DEGREE_REACH:
            continue
        if near.entry.kind in ("boost", "damp") and near.start < hit.start:
            value *= near.entry.value or 1.0
        elif near.entry.kind in ("up", "down") and kind in ("good", "bad"):
            rises = 1 if near.entry.kind == "up" else -1
            wanted = 1 if kind == "good" else -1
            value = rises * wanted * max(1.5, abs(value))
    return value


def _negator_of(hit: Hit, clause: list[Hit], polar: list[Hit], used: set[int]) -> Hit | None:
    if hit.entry.kind in ("idiom", "emoji", "wish"):
        return None
    before = [near for near in clause if near.entry.kind == "neg" and 0 <= hit.start - near.end < _NEGATION_REACH]
    free = [near for near in before if near.start not in used]
    if free:
        return free[-1]
    # "gefällt mir nicht": a negator that stands behind the last polar word and before none.
    behind = [near for near in clause if near.entry.kind == "neg" and 0 <= near.start - hit.end < _NEGATION_REACH]
    last = hit is polar[-1]
    return behind[0] if behind and last and behind[0].start not in used else None


def _negated(value: float, entry: Entry) -> float:
    if entry.kind == "bad":
        return max(1.0, -0.8 * value)
    if entry.kind == "good":
        return min(-1.5, -0.8 * value)
    # "not great" is milder than bad, "not bad" milder than good.
    return -0.6 * value


def _topic_words(text: str, words: Lexicon) -> list[str]:
    """Return the topics that the words of `text` name."""
    return [topic for hit in words.find(lexicon.tokens(text)) if hit.entry.kind != "mute" for topic in hit.entry.topics if topic]


def _verdict(parts: list[Part], lang: str, topics: list[str]) -> Score:
    good = sum(part.value for part in parts if part.value > 0)
    bad = -sum(part.value for part in parts if part.value < 0)
    total = good - bad
    polarity = total / math.sqrt(total * total + _NORM)
    if not parts:
        # Nothing known was said: the best guess is a shade above zero, and the label says that it is a guess.
        return Score(lang=lang, label="unclear", polarity=0.01, confidence=0.2, topics=_topics(parts, topics, 0.0), scorer=SCORER)
    strength = good + bad
    confidence = min(0.95, 0.35 + 0.6 * abs(total) / (strength + 1.0))
    if min(good, bad) >= 1.0 and min(good, bad) > 0.45 * max(good, bad):
        label: Label = "mixed"
        confidence = min(0.8, 0.4 + min(good, bad) / 10)
    elif abs(polarity) < 0.2:
        label = "unclear"
    else:
        label = "positive" if polarity > 0 else "negative"
    carried = sorted((part for part in parts if part.text), key=lambda part: -abs(part.value))
    evidence = tuple(dict.fromkeys(part.text for part in carried[:6]))
    return Score(lang=lang, label=label, polarity=round(polarity, 3) or 0.01, confidence=round(confidence, 2),
                 topics=_topics(parts, topics, polarity), evidence=evidence, scorer=SCORER)  # fmt: skip


def _topics(parts: list[Part], named: list[str], overall: float) -> tuple[TopicScore, ...]:
    """Give each topic the polarity of the expressions that name it, else that of the whole text."""
    own: dict[str, float] = {}
    for part in parts:
        for topic in part.topics:
            own[topic] = own.get(topic, 0.0) + part.value
    for topic in named:
        own.setdefault(topic, overall * 2)
    return tuple(TopicScore(topic=topic, polarity=round(value / math.sqrt(value * value + _NORM), 3)) for topic, value in sorted(own.items()))
