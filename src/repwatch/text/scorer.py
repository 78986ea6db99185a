"""Score workplace sentiment: rules and learned weights in four languages, structure before words; and say why.

Text in, `Score` out, no clock and no state but the loaded tables. `SCORER` names the version that is stored with each score.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from repwatch.languages import language
from repwatch.models import Interview, Item, Mention, Review, Score
from repwatch.stars import out_of_five
from repwatch.text import reasons, rules, topics
from repwatch.text.emptiness import is_empty_answer, without_empty_opening
from repwatch.text.hashing import squash
from repwatch.text.language import identify
from repwatch.text.lexicon import LANGUAGES
from repwatch.text.reading import Reading, prepare, read
from repwatch.text.weights import load_weights

__all__ = ["SCORER", "explain", "is_empty_answer", "score_item", "score_text", "score_texts"]

SCORER = "linear-4"

Label = Literal["positive", "negative", "neutral", "mixed", "unclear", "unscored"]
#: A margin of 0.5 is a polarity of about 0.7.
_SQUASH = 0.25
#: What a field's name adds to the margin of its text: words under pros speak for, words under cons against, advice is a wish.
_LEAN = {"pros": 0.5, "cons": -0.5}
_SILENT_WORDS = 10
_SURE_QUESTION, _SURE_SILENT = 1.0, 0.6
_SUREST_MIXED, _SUREST_UNCLEAR = 0.8, 0.62
#: A text of so many segments is mixed for a contrast within one of them, unless its margin is larger than this.
_TORN_SEGMENTS, _TORN_MARGIN = 2, 0.8
#: Who opens with "no cons" has said something good, whatever follows, unless blame of this weight does.
_NO_CONS, _GRAVE = 0.3, 4.0


def score_text(text: str, lang: str | None = None, *, why: bool = True) -> Score:
    """Score a free text; `lang` is believed when it is one of ours, otherwise the text's language is identified.

    Who does not ask `why` gets no evidence, and the rest in three quarters of the time.
    """
    plain = prepare(text)
    known = language(lang) or identify(plain)
    if is_empty_answer(plain, known):
        return _empty(known)
    if known not in LANGUAGES:
        return Score(lang=known, label="unscored", scorer=SCORER)
    said = without_empty_opening(plain, known)
    found = read(said, known)
    if said is not plain:
        if _is_silent(found):
            return _empty(known)
        found = found.lifted(_NO_CONS)
    return _verdict(found, known, why=why)


def score_texts(texts: Iterable[str], lang: str | None = None, *, why: bool = True) -> list[Score]:
    """Score many texts, in order."""
    return [score_text(text, lang, why=why) for text in texts]


def explain(text: str, lang: str | None = None) -> list[tuple[str, float]]:
    """Return the words that carried the score of `text`, each with what the polarity loses without them, the weightiest first."""
    plain = prepare(text)
    known = language(lang) or identify(plain)
    if known not in LANGUAGES or is_empty_answer(plain, known):
        return []
    said = without_empty_opening(plain, known)
    found = read(said, known).lifted(_NO_CONS if said is not plain else 0.0)
    whole = _polarity(found.margin)
    told = [(reason.words, round(whole - _polarity(reason.without), 3)) for reason in reasons.all_of(found, known)]
    return sorted((each for each in told if each[1]), key=lambda each: -abs(each[1]))


def score_item(item: Item, *, why: bool = True) -> Score:
    """Score an item: structure first (stars, recommendation, pros and cons), then its words."""
    if isinstance(item, Review):
        return _score_review(item, why=why)
    if isinstance(item, Mention):
        return score_text(". ".join(filter(None, (item.title, item.text))), item.lang, why=why)
    if isinstance(item, Interview):
        told = {"positive": 0.7, "negative": -0.7, "neutral": 0.02}.get(item.experience or "")
        said = score_text(item.process or "", item.lang, why=why and told is None)
        return said if told is None else said.model_copy(update={**_labelled(told, 0.9), "evidence": _evidence_for(item.process or "", item.lang, told) if why else ()})
    return Score(lang=item.lang, label="unscored", scorer=SCORER)


def _evidence_for(text: str, lang: str | None, toward: float) -> tuple[str, ...]:
    """Return the words of a text that speak in the direction of a verdict which they have not decided."""
    plain = prepare(text)
    known = language(lang) or identify(plain)
    if known not in LANGUAGES or is_empty_answer(plain, known):
        return ()
    return tuple(dict.fromkeys(reason.words for reason in reasons.chief(read(plain, known), known, toward)))


def _empty(lang: str | None) -> Score:
    return Score(lang=lang, label="neutral", polarity=0.0, confidence=0.95, scorer=SCORER)


def _is_silent(found: Reading) -> bool:
    return not any(each.parts for each in found.segments) and sum(len(each.words) for each in found.segments) <= _SILENT_WORDS


def _score_review(review: Review, *, why: bool) -> Score:
    whole = "\n".join(filter(None, (review.title, review.pros, review.cons, review.advice, review.body)))
    lang = language(review.lang) or identify(prepare(whole))
    stars = _from_structure(review)
    if stars is None:
        return _field_score(review, lang, why=why)
    if review.rating is not None and 2.5 <= out_of_five(review.rating, review.rating_scale) < 3.5:
        # Three stars are mixed, not neutral: the words keep the fine order, the label says what the person chose.
        words = _field_score(review, lang, 0.0, why=why)
        return words.model_copy(update={"label": "mixed", "polarity": max(-0.3, min(0.3, words.polarity or 0.02)), "confidence": 0.8})
    return _field_score(review, lang, stars, why=why).model_copy(update=_labelled(stars, 0.95 if review.rating is not None else 0.8))


def _labelled(polarity: float, confidence: float) -> dict[str, object]:
    label = "positive" if polarity > 0.1 else "negative" if polarity < -0.1 else "neutral"
    return {"label": label, "polarity": round(polarity, 3), "confidence": confidence}


def _from_structure(review: Review) -> float | None:
    if review.rating is not None:
        return max(-1.0, min(1.0, (out_of_five(review.rating, review.rating_scale) - 3) / 2)) or 0.02
    if review.recommend is not None:
        return 0.6 if review.recommend else -0.6
    return None


def _field_score(review: Review, lang: str | None, chosen: float | None = None, *, why: bool) -> Score:
    """Score the words of a review; what stands under pros or cons leans that way unless it says nothing.

    Where the person has `chosen` a side, the words told as evidence are those of that side.
    """
    if lang not in LANGUAGES:
        return Score(lang=lang, label="unscored", scorer=SCORER)
    fields: list[tuple[Reading, float]] = []
    for name in ("title", "pros", "cons", "advice", "body"):
        text = prepare(getattr(review, name) or "")
        if not text or is_empty_answer(text, lang):
            continue
        said = without_empty_opening(text, lang)
        found = read(said, lang)
        if not (said is not text and _is_silent(found)):
            fields.append((found, _LEAN.get(name, 0.0)))
    if not fields:
        return _empty(lang)
    if len(fields) == 1 and not fields[0][1]:
        return _verdict(fields[0][0], lang, chosen=chosen, why=why)
    return _combined(fields, lang, chosen, why=why)


def _combined(fields: list[tuple[Reading, float]], lang: str, chosen: float | None, *, why: bool) -> Score:
    """Weigh the fields by the square root of their length; praise here and blame there make a mixed review."""
    weights = [max(1, sum(len(each.words) for each in found.segments)) ** 0.5 for found, _ in fields]
    margins = [_leaning(found.margin, lean) for found, lean in fields]
    margin = sum(weight * value for weight, value in zip(weights, margins, strict=True)) / sum(weights)
    good = sum(weight for weight, value in zip(weights, margins, strict=True) if value > 0)
    bad = sum(weight for weight, value in zip(weights, margins, strict=True) if value < 0)
    spoken = Reading([each for found, _ in fields for each in found.segments], margin)
    score = _verdict(spoken, lang, leaning=True, why=False)
    if min(good, bad) > 0.45 * max(good, bad):
        score = score.model_copy(update={"label": "mixed", "confidence": 0.7})
    evidence = _field_evidence(fields, margin if chosen is None else chosen, lang) if why else ()
    return score.model_copy(update={"topics": topics.of_fields(fields), "evidence": evidence})


def _leaning(margin: float, lean: float) -> float:
    """Move a margin to the side of its field, and never let it cross."""
    if not lean:
        return margin
    side = 1.0 if lean > 0 else -1.0
    return side * max(side * margin, 0.0) + lean


def _field_evidence(fields: list[tuple[Reading, float]], side: float, lang: str) -> tuple[str, ...]:
    """Return the words that speak for a side, or for either where it is 0, from the fields that may speak for it."""
    found: list[str] = []
    for reading, lean in fields:
        if lean * side >= 0:
            found += [reason.words for reason in reasons.chief(reading, lang, lean or side)]
    return tuple(dict.fromkeys(found))[: reasons.MOST]


def _polarity(margin: float) -> float:
    return squash(margin, _SQUASH)


def _verdict(found: Reading, lang: str, *, leaning: bool = False, chosen: float | None = None, why: bool) -> Score:
    weights = load_weights(lang)
    margin = found.margin
    polarity = round(_polarity(margin), 3) or (0.001 if margin >= 0 else -0.001)
    confidence = weights.confidence(abs(margin))
    label: Label = "positive" if polarity > 0 else "negative"
    good, bad = _two_sides(found)
    toward = margin
    if weights.is_mixed(good, bad, abs(margin)) or (good and bad and not leaning and abs(margin) <= _TORN_MARGIN and _is_torn(found)):
        label, toward, confidence = "mixed", 0.0, min(confidence, _SUREST_MIXED)
    elif found.lift and margin < 0 and bad < _GRAVE:
        label, toward, confidence = "mixed", 0.0, min(confidence, _SUREST_MIXED)  # "no cons, but the parking": a word for, a word against
    elif abs(margin) < _least_margin(found, weights.unclear, silent=not (good or bad or leaning)):
        label, toward, confidence = "unclear", 0.0, min(confidence, _SUREST_UNCLEAR)
    evidence: tuple[str, ...] = ()
    if why and (good or bad or label != "unclear"):
        evidence = tuple(dict.fromkeys(reason.words for reason in reasons.chief(found, lang, toward if chosen is None else chosen)))
    return Score(lang=lang, label=label, polarity=polarity, confidence=round(confidence, 2), topics=topics.of_text(found), evidence=evidence, scorer=SCORER)


def _is_torn(found: Reading) -> bool:
    """Tell whether a contrast stands in the text and tears it; in a long one a single sentence does not."""
    return len(found.segments) <= _TORN_SEGMENTS and any(rules.is_torn(each) for each in found.segments)


def _least_margin(found: Reading, unclear: float, *, silent: bool) -> float:
    """Return the margin from which on there is a verdict: larger where no word is known, and for a question, which may state nothing."""
    if len(found.segments) == 1 and found.segments[0].words[-1] == "?":
        return _SURE_QUESTION
    return max(unclear, _SURE_SILENT) if silent else unclear


def _two_sides(found: Reading) -> tuple[float, float]:
    """Return the sums of praise and of blame."""
    good = bad = 0.0
    for each in found.segments:
        good += each.good
        bad += each.bad
    return good, bad
