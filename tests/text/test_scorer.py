"""Workplace sentiment by rule: what is said, how surely, and because of which words."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from repwatch.models import Interview, Mention, Profile, Review, Salary, Score
from repwatch.text.lexicon import LANGUAGES, load
from repwatch.text.reading import read
from repwatch.text.scorer import SCORER, is_empty_answer, score_item, score_text
from repwatch.text.tokens import tokens

ANY = st.text(st.characters(), max_size=300)
PHRASES = {
    "en": ("good pay", "not good", "toxic", "low turnover", "but", "the managers listen", "very", "no stress", "boring", "👍", ",", "nice people"),
    "fr": ("bonne ambiance", "pas bon", "moins de stress", "mais", "très", "salaire bas", "l'équipe", "horrible", "sympa"),
    "nl": ("goede sfeer", "niet goed", "hoge werkdruk", "maar", "erg", "slecht", "leuke collega's", "geen stress"),
    "de": ("gute Stimmung", "nicht gut", "geringe Fluktuation", "aber", "sehr", "schlecht", "nette Kollegen", "kein Stress"),
}
TALK = st.sampled_from(LANGUAGES).flatmap(lambda lang: st.tuples(st.just(lang), st.lists(st.sampled_from(PHRASES[lang]), min_size=1, max_size=8).map(" ".join)))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("None", "en"), ("none.", "en"), ("N/A", "en"), ("Nothing", "en"), ("None that I can think of", "en"),
        ("RAS", "fr"), ("Rien à signaler", "fr"), ("rien", "fr"), ("Aucun", "fr"),
        ("geen", "nl"), ("Niets", "nl"), ("n.v.t.", "nl"),
        ("keine", "de"), ("Nichts", "de"), ("Überhaupt nichts", "de"),
        ("None", None), ("geen", None), ("", None), ("...", None), ("-", "en"), ("12", "de"), (" \x00\n", None), ("\ud800", None),
    ],
)  # fmt: skip
def test_an_empty_answer_is_neutral_with_polarity_0(text: str, lang: str | None) -> None:
    """Who writes "None" into a field says nothing, good or bad."""
    found = score_text(text, lang)
    assert (found.label, found.polarity, found.topics, found.evidence) == ("neutral", 0.0, (), ())
    assert found.scorer == SCORER


@pytest.mark.parametrize("tag", ["en", "EN", "en-GB", "en_US", " en", "eng", "English"])
def test_a_language_is_known_by_its_tag(tag: str) -> None:
    """A region, capitals and other spellings change nothing: the text is scored in the language they name."""
    review = Review(source="csv", lang=tag, pros="Great benefits")
    assert score_text("Great benefits", tag) == score_text("Great benefits", "en")
    assert score_item(review) == score_item(review.model_copy(update={"lang": "en"}))
    assert (score_item(review).lang, score_item(review).label) == ("en", "positive")


def test_what_is_no_language_is_not_believed() -> None:
    """An empty or impossible tag leaves the text to be read; another language than ours stays unscored."""
    assert score_text("The pay is good and the people are kind", "?") == score_text("The pay is good and the people are kind")
    assert score_text("Great benefits", "es-MX").model_dump(include={"lang", "label"}) == {"lang": "es", "label": "unscored"}


@pytest.mark.parametrize(("text", "lang"), [("none of the managers listens", "en"), ("👍", None), ("geen tijd", "nl"), ("RASant", "fr")])
def test_an_answer_with_something_in_it_is_not_empty(text: str, lang: str | None) -> None:
    """A sentence that begins with "none", or an emoji, is an answer."""
    assert is_empty_answer(text, lang) is False


def test_an_empty_answer_counts_in_its_own_language_alone() -> None:
    """"gene" is Dutch for none and a word elsewhere; without a language all four are asked."""
    assert (is_empty_answer("gene", "nl"), is_empty_answer("gene", "en"), is_empty_answer("gene", None), is_empty_answer("gene", "es")) == (True, False, True, True)


@pytest.mark.parametrize(
    ("text", "lang", "label"),
    [
        ("The management is good.", "en", "positive"), ("The management is not good.", "en", "negative"), ("not bad", "en", "positive"),
        ("no stress", "en", "positive"), ("I don't like the managers", "en", "negative"), ("They never listen. Terrible", "en", "negative"),
        ("pas de stress", "fr", "positive"), ("pas bon", "fr", "negative"), ("Je n'aime pas le management", "fr", "negative"),
        ("geen stress", "nl", "positive"), ("niet goed", "nl", "negative"),
        ("kein Stress", "de", "positive"), ("nicht gut", "de", "negative"), ("Gefällt mir nicht", "de", "negative"),
    ],
)  # fmt: skip
def test_negation(text: str, lang: str, label: str) -> None:
    """A negator before the word, or behind the last one in German, turns it."""
    assert label == score_text(text, lang).label


@pytest.mark.parametrize(
    ("text", "lang", "label"),
    [
        ("low turnover", "en", "positive"), ("high turnover", "en", "negative"), ("low salary", "en", "negative"), ("more stress", "en", "negative"),
        ("hoge werkdruk", "nl", "negative"), ("lage werkdruk", "nl", "positive"), ("laag loon", "nl", "negative"),
        ("moins de stress", "fr", "positive"), ("beaucoup de stress", "fr", "negative"), ("salaire bas", "fr", "negative"),
        ("geringe Fluktuation", "de", "positive"), ("hohe Fluktuation", "de", "negative"), ("zu niedriges Gehalt", "de", "negative"),
    ],
)  # fmt: skip
def test_direction(text: str, lang: str, label: str) -> None:
    """Less of a bad thing is good, more of it bad, less of a good thing bad."""
    assert label == score_text(text, lang).label


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        ("ever more stress and ever fewer colleagues", "en", [-1.5, -1.5]),
        ("Immer mehr Bürokratie und immer weniger Zeit", "de", [-1.5]),
        ("outils lents pas assez de formation", "fr", [-2.0, -1.5]),
        ("Das Gehalt ist in dieser Gegend sehr niedrig", "de", [-1.5]),
        ("Leider wenig", "de", [-1.0]),
        ("the complaints at our counter have halved", "en", [1.5]),
    ],
)  # fmt: skip
def test_a_word_of_direction_belongs_to_one_noun(text: str, lang: str, values: list[float]) -> None:
    """To the noun that it stands before, not to the one that went before; behind its noun it may stand farther off."""
    assert values == [part.value for each in read(text, lang).segments for part in each.parts]


@pytest.mark.parametrize(("text", "lang"), [("Die Chefs sind unverschämt und wissen nichts", "de"), ("Ze waren zo onbeleefd dat wij er niet bleven", "nl"), ("Direction malhonnête dont on ne parle pas", "fr")])
def test_a_negator_behind_blame_makes_no_praise(text: str, lang: str) -> None:
    """Behind praise it denies that; behind blame most often something that the rules do not know."""
    assert [-1.0] == [math.copysign(1, part.value) for each in read(text, lang).segments for part in each.parts]
    assert score_text("Gefällt mir nicht", "de").label == "negative"


@pytest.mark.parametrize(
    ("text", "lang", "good"),
    [("Gelangweilt habe ich mich in drei Jahren nie.", "de", True), ("Vriendelijk was het onthaal niet", "nl", False), ("Herzlich fühlte sich der Empfang nicht an", "de", False), ("Gelangweilt habe ich mich nie mit Kunden beschäftigt", "de", False)],
)
def test_what_opens_a_sentence_is_denied_by_its_end(text: str, lang: str, good: bool) -> None:
    """Dutch and German front what they deny: the negator that ends the sentence turns the word that opens it, not a noun between."""
    assert good == (sum(part.value for each in read(text, lang).segments for part in each.parts) > 0)


@pytest.mark.parametrize(
    ("text", "lang", "good"),
    [
        ("Superb, the heating is off again", "en", False), ("Klasse, die Heizung ist wieder aus", "de", False), ("Superbe, le chauffage est encore coupé", "fr", False), ("Prachtig, de verwarming ligt weer stil", "nl", False),
        ("Superb, the food is great again", "en", True), ("Superb heating, off again", "en", True),
    ],
)  # fmt: skip
def test_praise_before_an_again_is_mockery(text: str, lang: str, good: bool) -> None:
    """Praise alone before a comma, and then nothing good, but again."""
    assert good == (read(text, lang).segments[0].parts[0].value > 0)


@pytest.mark.parametrize(
    ("text", "lang", "good"),
    [
        ("So unhöflich wurde ich noch nirgends empfangen", "de", False), ("Never have I met such rude staff", "en", False), ("never such friendly staff", "en", True), ("nooit zo vriendelijk ontvangen", "nl", True),
        ("never friendly", "en", False), ("not so friendly", "en", False), ("nie freundlich", "de", False),
    ],
)  # fmt: skip
def test_never_so_is_more_so(text: str, lang: str, good: bool) -> None:
    """"never" denies, "never so" heightens; "not so" denies."""
    assert good == (sum(part.value for each in read(text, lang).segments for part in each.parts) > 0)


@pytest.mark.parametrize(("text", "lang", "good"), [("no gossip or bullying", "en", True), ("not friendly or helpful", "en", False), ("weder Lob oder Dank", "de", False), ("no stress and kind people", "en", True)])
def test_a_negator_reaches_over_an_or(text: str, lang: str, good: bool) -> None:
    """What is joined to a denied thing by one word is denied with it, where it is of the same side."""
    assert {good} == {part.value > 0 for each in read(text, lang).segments for part in each.parts}


@pytest.mark.parametrize(("text", "lang", "good"), [("nicht immer freundlich", "de", False), ("niet altijd vriendelijk", "nl", False), ("niet zo slecht", "nl", True), ("nicht so schlecht", "de", True)])
def test_not_always_denies(text: str, lang: str, good: bool) -> None:
    """"not always kind" is blame in all four languages, not a weaker praise."""
    assert good == ((score_text(text, lang).polarity or 0) > 0)


def test_a_noun_keeps_the_negator_that_no_farther_word_can_take() -> None:
    """"No salary paid late" leaves the negator to the last word; where that stands too far off, the noun has it."""
    assert score_text("Pas beaucoup d'opportunités d'évoluer vers les métiers", "fr").label == "negative"
    assert score_text("never a salary paid late", "en").label == "positive"


def test_schon_is_not_schoen_without_its_dots() -> None:
    """Accents may be left out, but not where that makes another word."""
    assert [] == [part for each in read("es war schon spät und ich musste gehen", "de").segments for part in each.parts]
    assert read("schön", "de").segments[0].parts


def test_what_went_through_json_twice_is_read() -> None:
    """An apostrophe or emoji that was written as an escape is read as what it stands for."""
    for escaped, meant in ((r"They don\u2019t listen\u002c ever", "They don’t listen, ever"), (r"great \ud83d\ude00", "great 😀")):
        assert score_text(meant, "en") == score_text(escaped, "en")
    assert score_text(r"lone \ud83d half of one", "en").scorer == SCORER


@pytest.mark.parametrize(("text", "lang"), [("No cons as such, the parking can be a pain", "en"), ("Nothing much. sometimes long hours", "en"), ("Rien à signaler, parfois un peu de stress", "fr")])
def test_blame_behind_an_empty_opening_is_mixed(text: str, lang: str) -> None:
    """Who first says that there is nothing, and then names something, says both; where it is grave, it is blame."""
    assert score_text(text, lang).label == "mixed"
    assert score_text("No cons. Toxic, terrible, abusive managers who lie and bully", "en").label == "negative"


def test_degree() -> None:
    """"very" lifts, "slightly" lowers, and "not great" is no praise."""
    plain, very, slightly = (score_text(f"so it is {how}good", "en").polarity for how in ("", "very ", "slightly "))
    assert slightly < plain < very
    assert score_text("not great", "en").polarity < 0


def test_contrast_is_mixed() -> None:
    """Good and bad of like weight make a mixed text, with both as evidence."""
    found = score_text("Great people, but terrible pay", "en")
    assert found.label == "mixed"
    assert found.confidence <= 0.8
    assert {"colleagues", "pay"} <= {each.topic for each in found.topics}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Het loon is te laag maar de sfeer is top", "nl"), ("Bons collègues mais salaire trop bas", "fr"), ("Gutes Team, aber Gehalt zu niedrig", "de"), ("Good team but pay too low", "en"),
        ("De bereikbaarheid is goed maar het loon is laag", "nl"),
    ],
)  # fmt: skip
def test_a_contrast_of_like_weight_is_mixed(text: str, lang: str) -> None:
    """Whatever the sum: the clause before the contrast word praises and the one behind it blames, or the other way round."""
    assert score_text(text, lang).label == "mixed"


@pytest.mark.parametrize(("text", "lang"), [("Good team, but also good pay", "en"), ("Slecht loon, maar ook slechte sfeer", "nl"), ("Horrible et toxique, mais un peu calme", "fr")])
def test_a_contrast_word_alone_makes_no_mixed_text(text: str, lang: str) -> None:
    """Both clauses of one side, or one that weighs little beside the other."""
    assert score_text(text, lang).label in {"positive", "negative"}


@pytest.mark.parametrize(
    ("text", "lang", "topics"),
    [
        ("Les heures supplémentaires ne sont pas payées", "fr", {"pay", "workload"}), ("Les frais ne sont pas remboursés", "fr", {"pay"}),
        ("Le télétravail n'est pas possible", "fr", {"remote_work"}), ("Le télétravail n'est jamais accordé", "fr", {"remote_work"}),
        ("Remote work is not possible", "en", {"remote_work"}), ("It is not possible to work with flexible hours", "en", {"work_life_balance"}),
        ("Working from home is not allowed", "en", {"remote_work"}), ("Overtime is not paid", "en", {"pay", "workload"}), ("Training is never reimbursed", "en", {"pay", "training"}),
        ("Überstunden werden nicht bezahlt", "de", {"pay", "work_life_balance"}), ("Homeoffice ist leider nicht möglich", "de", {"remote_work"}),
        ("Homeoffice ist nicht erlaubt", "de", {"remote_work"}), ("Fahrtkosten werden nicht erstattet", "de", {"pay"}),
        ("Thuiswerk is niet mogelijk", "nl", {"remote_work"}), ("Reiskosten worden niet vergoed", "nl", {"pay"}), ("Overuren worden nooit gecompenseerd", "nl", {"pay", "workload"}),
    ],
)  # fmt: skip
def test_what_is_not_granted_is_blamed(text: str, lang: str, topics: set[str]) -> None:
    """"Not possible", "not paid": the verdict, each topic and the evidence say that something is missing."""
    found = score_text(text, lang)
    told = {each.topic: each.polarity for each in found.topics}
    assert found.label == "negative"
    assert topics <= told.keys()
    assert all(polarity < -0.1 for polarity in told.values())
    assert found.evidence


@pytest.mark.parametrize(("text", "lang"), [("Remote work is possible", "en"), ("Homeoffice ist möglich", "de"), ("Télétravail possible", "fr"), ("Thuiswerk is mogelijk", "nl"), ("Remote work is not only possible", "en")])
def test_what_is_granted_is_no_blame(text: str, lang: str) -> None:
    """The same words without a denial speak well."""
    (topic,) = [each for each in score_text(text, lang).topics if each.topic == "remote_work"]
    assert topic.polarity > 0


def test_a_bad_thing_that_is_not_allowed_is_no_lack() -> None:
    """"Bullying is not allowed" blames nobody for forbidding it."""
    parts = [part for each in read("bullying is not allowed here", "en").segments for part in each.parts]
    assert not any(part.value <= -1.5 and len(part.places) > 1 for part in parts)


def test_each_topic_has_its_own_sign() -> None:
    """Colleagues good, pay bad, in one sentence."""
    topics = {each.topic: each.polarity for each in score_text("Great people, but terrible pay", "en").topics}
    assert topics["colleagues"] > 0 > topics["pay"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("El ambiente de trabajo es muy bueno y los compañeros son geniales, aunque el salario es bajo", "es"),
        ("这家公司的工作环境非常好,同事们也很友好", "zh"),
        ("Атмосфера хорошая, но зарплата низкая и начальство не слушает", "ru"),
    ],
)
def test_other_languages_are_unscored_with_polarity_0(text: str, lang: str) -> None:
    """What we cannot read we do not guess."""
    assert Score(lang=lang, label="unscored", scorer=SCORER) == score_text(text)
    assert Score(lang=lang, label="unscored", scorer=SCORER) == score_item(Review(source="x", body=text))
    assert score_text(text).polarity == 0.0


def test_a_declared_foreign_language_is_believed() -> None:
    """A site that says "es" is not contradicted."""
    assert Score(lang="es", label="unscored", scorer=SCORER) == score_text("good", "es")


@pytest.mark.parametrize(
    ("text", "lang"),
    [("The door stands on the third floor.", "en"), ("Je suis entré par la porte.", "fr"), ("De deur staat op de derde verdieping.", "nl"), ("Der Tisch steht im dritten Stock.", "de")],
)
def test_nothing_known_is_unclear(text: str, lang: str) -> None:
    """A text without a word of ours is a guess, and says so."""
    found = score_text(text, lang)
    assert (found.label, found.evidence) == ("unclear", ())
    assert found.polarity != 0
    assert found.confidence < 0.8


def test_a_balance_near_zero_is_unclear() -> None:
    """A weak word, weakened further, gives no label, yet is named; polarity is never a bare 0, which means an empty answer."""
    found = score_text("there is a slightly decent room", "en")
    assert (found.label, found.evidence) == ("unclear", ("decent",))
    assert 0 < found.polarity < 0.3


@pytest.mark.parametrize(("text", "lang"), [("no benefits", "en"), ("keine Benefits", "de"), ("geen opleiding", "nl"), ("pas de formation", "fr")])
def test_a_good_thing_that_is_missing_is_bad(text: str, lang: str) -> None:
    """Where something good is denied, its absence is held against the employer."""
    assert score_text(text, lang).label == "negative"


def test_an_empty_opening_under_cons_counts_for_nothing() -> None:
    """Of "No cons, ..." the rest counts."""
    found = score_item(review(cons="None, terrible managers"))
    assert found.label == "negative"
    assert "terrible" in found.evidence


@given(TALK)
def test_evidence_is_in_the_text(talk: tuple[str, str]) -> None:
    """Every word of the evidence stands in the text, at most six pieces, none twice."""
    lang, text = talk
    found = score_text(text, lang)
    said = set(tokens(text))
    assert all(token in said or token == "…" for piece in found.evidence for token in tokens(piece))
    assert len(set(found.evidence)) == len(found.evidence) <= 6


def review(**fields: object) -> Review:
    return Review.model_validate({"source": "x", "lang": "en", **fields})


@pytest.mark.parametrize(
    ("stars", "scale", "label", "polarity"),
    [(1, 5, "negative", -1.0), (2, 5, "negative", -0.5), (2.4, 5, "negative", -0.3), (3.5, 5, "positive", 0.25), (4, 5, "positive", 0.5), (5, 5, "positive", 1.0),
     (10, 10, "positive", 1.0), (2, 10, "negative", -1.0), (0, 5, "negative", -1.0), (9, 5, "positive", 1.0)],
)  # fmt: skip
def test_stars_decide_before_words(stars: float, scale: int, label: str, polarity: float) -> None:
    """Five stars with bitter words are positive, one star with sweet ones negative; words of the other side are no evidence for them."""
    words = "toxic and terrible" if polarity > 0 else "great and friendly"
    found = score_item(review(rating=stars, rating_scale=scale, body=words))
    assert (label, polarity, 0.95, ()) == (found.label, found.polarity, found.confidence, found.evidence)


@pytest.mark.parametrize(
    ("fields", "evidence"),
    [
        ({"rating": 1, "body": "Great building. The managers are toxic."}, {"toxic"}),
        ({"rating": 5, "body": "Great building. The managers are toxic."}, {"great"}),
        ({"rating": 1, "pros": "Great building", "cons": "Toxic"}, {"toxic"}),
        ({"rating": 5, "pros": "Great building", "cons": "Toxic"}, {"great"}),
        ({"rating": 3, "pros": "Great building", "cons": "Toxic"}, {"great", "toxic"}),
        ({"rating": 1, "pros": "Great building"}, set()),
        ({"recommend": False, "title": "Great building", "body": "The managers are toxic"}, {"toxic"}),
    ],
)
def test_the_evidence_for_stars_is_of_their_side(fields: dict[str, Any], evidence: set[str]) -> None:
    """Praise is no reason why a review with one star is negative; of three stars both sides are."""
    assert set(score_item(review(lang="en", **fields)).evidence) == evidence


def test_the_evidence_for_an_experience_is_of_its_side() -> None:
    """A bad interview is not bad because it was friendly."""
    told = {"source": "glassdoor", "process": "Friendly people, but they never answered and were rude.", "lang": "en"}
    assert "friendly" not in " ".join(score_item(Interview(experience="negative", **told)).evidence)
    assert "friendly" in " ".join(score_item(Interview(experience="positive", **told)).evidence)


@pytest.mark.parametrize("stars", [2.5, 3, 3.4])
@pytest.mark.parametrize("words", ["great friendly helpful nice", "toxic terrible awful bad", "the door", ""])
def test_three_stars_are_mixed(stars: float, words: str) -> None:
    """Three stars are mixed whatever the words; these keep the fine order within 0.3."""
    found = score_item(review(rating=stars, body=words))
    assert (found.label, found.confidence) == ("mixed", 0.8)
    assert -0.3 <= found.polarity <= 0.3
    assert found.polarity != 0


@pytest.mark.parametrize(("recommend", "label", "polarity"), [(True, "positive", 0.6), (False, "negative", -0.6)])
def test_a_recommendation_stands_for_missing_stars(recommend: bool, label: str, polarity: float) -> None:
    """Without stars, "would recommend" decides, less surely."""
    found = score_item(review(recommend=recommend, body="the door"))
    assert (label, polarity, 0.8) == (found.label, found.polarity, found.confidence)


def test_stars_come_before_the_recommendation() -> None:
    """One star beside "would recommend" is one star."""
    assert score_item(review(rating=1, recommend=True)).label == "negative"


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"pros": "the location", "cons": "None"}, "positive"),
        ({"pros": "nothing", "cons": "the location"}, "negative"),
        ({"pros": "None", "cons": "toxic managers, terrible pay"}, "negative"),
        ({"pros": "good pay, nice people", "cons": "N/A"}, "positive"),
        ({"pros": "good pay, nice people", "cons": "boring work, terrible boss"}, "mixed"),
        ({"title": "Great place", "pros": "nice people"}, "positive"),
        ({"pros": "None", "cons": "None"}, "neutral"),
        ({}, "neutral"),
    ],
)
def test_pros_and_cons_lean(fields: dict[str, str], label: str) -> None:
    """What stands under pros speaks for, under cons against, and "None" there counts for nothing."""
    assert label == score_item(review(**fields)).label


def test_an_unknown_language_with_stars_is_still_labelled() -> None:
    """Stars need no lexicon."""
    found = score_item(review(lang="es", rating=5, body="muy bueno"))
    assert (found.label, found.polarity, found.lang, found.evidence) == ("positive", 1.0, "es", ())


def test_a_review_without_language_is_identified() -> None:
    """All its fields together tell the language."""
    assert score_item(Review(source="x", pros="De collega's zijn vriendelijk en de sfeer is goed", cons="geen")).lang == "nl"


def test_advice_is_read_as_it_stands() -> None:
    """Advice to management is scored by its words, without leaning."""
    assert score_item(review(advice="Your toxic management is terrible")).label == "negative"


@pytest.mark.parametrize(
    ("title", "text", "label"), [("Great employer", "", "positive"), (None, "They are toxic and terrible", "negative"), (None, "", "neutral")]
)
def test_a_mention_is_its_title_and_text(title: str | None, text: str, label: str) -> None:
    """Both are read; without any, there is nothing said."""
    assert label == score_item(Mention(source="x", lang="en", title=title, text=text)).label


@pytest.mark.parametrize(
    ("experience", "label", "polarity"), [("positive", "positive", 0.7), ("negative", "negative", -0.7), ("neutral", "neutral", 0.02)]
)
@pytest.mark.parametrize("process", [None, "toxic and terrible", "great and friendly"])
def test_an_interview_is_what_the_applicant_ticked(experience: str, label: str, polarity: float, process: str | None) -> None:
    """The box that was ticked decides before the words."""
    found = score_item(Interview.model_validate({"source": "x", "lang": "en", "experience": experience, "process": process}))
    assert (label, polarity, 0.9) == (found.label, found.polarity, found.confidence)


@pytest.mark.parametrize(("process", "label"), [("They were rude and terrible", "negative"), (None, "neutral")])
def test_an_interview_without_a_tick_is_its_words(process: str | None, label: str) -> None:
    """Where nothing was ticked, the story is scored."""
    assert label == score_item(Interview(source="x", lang="en", process=process)).label


def test_figures_have_no_sentiment() -> None:
    """Salaries and profiles are not texts."""
    unscored = Score(lang="en", label="unscored", scorer=SCORER)
    assert unscored == score_item(Salary(source="x", lang="en", job_title="Clerk"))
    assert unscored == score_item(Profile(source="x", lang="en", rating=1.2))


@given(ANY, st.sampled_from([None, *LANGUAGES, "es"]))
@example("\x00\x1b[31m\ud800\udfff\u202e", None)
@example("good" + "\ud800" * 9, "en")
@settings(deadline=None)
def test_any_text_scores_the_same_twice(text: str, lang: str | None) -> None:
    """No text is a crash, and none scores by chance."""
    assert score_text(text, lang) == score_text(text, lang)


@given(ANY, ANY, ANY, st.sampled_from([None, *LANGUAGES]))
@settings(deadline=None, max_examples=50)
def test_any_review_scores(title: str, pros: str, cons: str, lang: str | None) -> None:
    """Any characters in any field give a score within its bounds."""
    found = score_item(Review.model_construct(source="x", title=title, pros=pros, cons=cons, lang=lang))
    assert found == Score.model_validate(found.model_dump())


@given(TALK, st.sampled_from(["  ", "\t", "\u00a0", " \u2003 ", "\u3000"]), st.sampled_from(["", " ", "\n", "\r\n\t"]))
def test_white_space_changes_nothing(talk: tuple[str, str], gap: str, edge: str) -> None:
    """Kinds and numbers of spaces are no opinion."""
    lang, text = talk
    assert score_text(text, lang) == score_text(edge + text.replace(" ", gap) + edge, lang)


@given(TALK)
def test_the_case_of_the_first_letter_changes_nothing(talk: tuple[str, str]) -> None:
    """A sentence begins with a capital letter, or does not."""
    lang, text = talk
    assert score_text(text[0].lower() + text[1:], lang) == score_text(text[0].upper() + text[1:], lang)


@given(TALK)
def test_the_unicode_form_changes_nothing(talk: tuple[str, str]) -> None:
    """A decomposed é is an é."""
    lang, text = talk
    assert score_text(unicodedata.normalize("NFC", text), lang) == score_text(unicodedata.normalize("NFD", text), lang)


@given(TALK)
def test_polarity_has_the_sign_of_its_label(talk: tuple[str, str]) -> None:
    """Positive is above 0, negative below."""
    lang, text = talk
    found = score_text(text, lang)
    assert (found.polarity > 0) is (found.label == "positive") or found.label in ("mixed", "unclear") or (found.polarity < 0 and found.label == "negative")


@pytest.mark.parametrize(
    "unit",
    ["The pay is not good. ", "not good ", "a", "👍", "a-", "\n \n", "e\u0301", "(good) ", "\x00", "very ", "\n\u2028a"],
)
def test_a_megabyte_is_read_to_its_limit(unit: str) -> None:
    """Only the first part of a huge text is weighed, so that its time is bounded: what follows it changes nothing."""
    found = score_text(unit * (1_000_000 // len(unit)), "en")
    assert Score.model_validate(found.model_dump()) == found


def test_what_stands_behind_the_limit_does_not_count() -> None:
    """Behind 20 000 characters nothing is read."""
    text = "good. " * 4000
    assert score_text(text, "en") == score_text(text + "terrible. " * 90_000, "en")


def test_the_lexicons_have_no_side_effect() -> None:
    """Scoring in one language leaves the other alone."""
    before = score_text("good pay", "en")
    for lang in LANGUAGES:
        load(lang)
        score_text("RAS geen keine none x", lang)
    assert before == score_text("good pay", "en")


def test_an_empty_opening_of_a_text_counts_for_nothing() -> None:
    """Of "None, it is a good company" the rest counts, and is named."""
    found = score_text("None, it is a good company", "en")
    assert ("positive", score_text("it is a good company", "en").evidence) == (found.label, found.evidence)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bad_thing_that_is_missing_is_good(lang: str) -> None:
    """Whatever of the bad things a lexicon holds: none of it is never worse than it is."""
    none = {"en": "no", "fr": "aucun", "nl": "geen", "de": "kein"}[lang]
    bad = [word for word, rows in load(lang)._plain.items() for rest, entry in rows if entry.kind == "bad" and not rest]
    assert bad
    for word in bad:
        assert score_text(f"{none} {word}", lang).polarity >= score_text(word, lang).polarity
