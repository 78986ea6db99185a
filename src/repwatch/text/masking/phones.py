"""Find phone numbers as Belgians, the French, the Dutch and Germans write them.

A number counts when it has the shape that a country writes its numbers in, when `phonenumbers` knows it as valid, or when
a word before it says that it is one. Dates, times, postcodes and numbers of things do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from repwatch.text.masking.spans import THING, Span, before, label

_SEPARATOR = r"(?:[ ]{0,2}[-./][ ]{0,2}|[ ]{1,2}|[ ]?\(0?\)[ ]?|[ ]?\([ ]?|\)[ ]?[-/.]?[ ]?)"
_NUMBER = rf"\(?(?:\+[ ]?\(?\d|0[ ]?\d|0\)[ ]?[1-9])(?:{_SEPARATOR}?\d){{5,14}}(?!\w)"
_CANDIDATE = re.compile(rf"(?:(?<![\w+])|(?<=gsm)|(?<=GSM)|(?<=tel)|(?<=Tel))(?<!\d[.,/:-]){_NUMBER}")
#: In a list without spaces the next number follows at once.
_NEXT = re.compile(rf"[.,/:;|+-]?(?P<number>{_NUMBER})")
#: A whole number, and then the beginning of one more.
_TWO = re.compile(r"(?:\d[ .()-]*){8,}[/ -] ?\(?0[1-9]")
_ANOTHER = re.compile(r"[.,:](?:\(?\+|0)(?:[ ./()-]{0,3}\d){8}")
_LABEL = label(
    r"t[ée]l(?:[ée]phone|efoon|efon|efoonnummer|efonnummer|nr)?\w*|phone|gsm(?:-?nummer)?|mobiel\w*|mobiele|mobile|portable|handy(?:nummer)?|rufnummer|fax|whats ?app|signal|"
    r"bel(?:len)?|bel me|ruf(?:en)?|rufen sie|rappel\w*|appele[rz]|appelez-moi|joignable|bereikbaar|erreichbar|call|ring|sms|text|contact(?:eer)?|durchwahl|nummer is|hotline|numéro vert"
)
_LABELLED = re.compile(r"\+?\d(?:[ ]?[-./]?[ ]?\d){5,13}(?!\w)")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2]|[12]\d|3[01])\1(?:(?:19|20)\d\d|\d\d)(?!\d|\1\d)")
_MONTH = re.compile(r"0[1-9][ ./-](?:19|20)\d\d(?!\d)")
#: 0600 1400 2200: when shifts begin.
_CLOCKS = re.compile(r"(?:(?:[01]\d|2[0-4])(?:00|15|30|45)[ /-]{0,3}){2,}")
_ISO_LIKE = re.compile(r"\d{4}-\d\d-\d\d")
#: What a country writes, whether or not the number is in use: numbers that people invent have these shapes too.
_SHAPES = re.compile(
    r"0[1-9](?:([ .-])\d\d)(?:\1\d\d){3}"  # 06 12 34 56 78
    r"|0[1-9]\d\d ?[/ .-] ?\d\d ?[. -]? ?\d\d ?[. -]? ?\d\d"  # 0470/12.34.56
    r"|04[5-9]\d ?[/ .-] ?\d{3}[ .-]?\d{3}"  # 0470 123 456
    r"|0[1-9] ?[/ .-] ?\d{3}[ .-]\d\d[ .-]\d\d"  # 02/123.45.67
    r"|\(?0[1-9]\d\)? ?[/ .-] ?\d\d[ .-]\d\d[ .-]\d\d"  # 065/31.22.33
    r"|\(0\) ?[1-9](?:[ .-]?\d\d){4}"  # (0)6 12 34 56 78
    r"|0 [1-9]\d{1,3} ?/ ?[1-9]\d[\d ]{3,8}\d"  # 0 30 / 12 34 56
    r"|0(?: [1-9]\d){2} ?/ ?[1-9]\d[\d ]{3,8}\d"  # 0 52 51 / 82 74 61
    r"|0 4[5-9]\d(?: \d\d){3}"  # 0 470 12 34 56
    r"|0 ?8\d\d (?:\d{3} \d{3}|\d\d \d\d \d\d)"  # 0 800 123 456
    r"|0 1[5-7]\d{1,2} ?[/ -]? ?\d{7,8}"  # 0 171 1234567
    r"|090\d[ /-]\d{4,5}|090\d[ /-]\d{2,3}[ .]\d{2,3}"  # 0900-1234
    r"|0800[ /-]\d{2,3}[ .]?\d{2,3}"  # 0800/12 345
    r"|06[ -]{1,3}\d{2,4}(?:[ -]\d{2,4}){1,3}|06 ?- ?\d{8}"  # 06-12 34 56 78
    r"|\(?0[1-9]\d{1,2}\)? ?[-/ ] ?\d{3}[ -]\d\d[ -]?\d\d"  # (020) 123 45 67
    r"|\(?0[1-9]\d{1,3}\)? ?[-/] ?[1-9]\d{5,6}"  # 020-1234567
    r"|\(0[1-9]\d{1,4}\) ?[1-9]\d{2,3} ?\d{2,4}(?:[ -]\d{1,4})?"  # (030) 123456-78
    r"|0[1-9]\d{1,4} ?/ ?[1-9]\d{1,4}(?:[ -]?\d{2,4}){1,3}"  # 0221 / 98 76 54
    r"|01[5-7]\d{1,2}[ /-]{1,3}\d{3,4} ?\d{3,5}"  # 0171 1234567
    r"|0[2-9]\d{1,3} [1-9]\d{4,7}(?:-\d{1,4})?"  # 089 123456-0
)
#: A mobile number abroad whose + was left out, in groups.
_WITHOUT_PLUS = re.compile(r"(?<![\w.,/:+-])(?<!\d )(?:32 4[5-9]\d(?:[ .]?\d\d){3}|33 [67](?:[ .]\d\d){4}|31 6(?:[ -]?\d\d){4}|49 1[5-7]\d{1,2} \d{3,4} ?\d{4})(?![\w]|[ .]\d)")
_COUNTRIES = {"BE": (9, 10), "FR": (10,), "NL": (10,), "DE": (9, 10, 11, 12)}
_FEW = 6
_MOST_GROUPS, _FEWEST_DIGITS = 8, 8
_GROUP = re.compile(r"\d+")
_NEAR = frozenset({32, 33, 31, 49, 352, 44, 41, 43})


def find(text: str) -> Iterator[Span]:
    """Yield the phone numbers of `text`."""
    yield from _written_out(text)
    yield from _labelled(text)
    yield from (Span(*match.span(), "PHONE", "+" + match[0]) for match in _WITHOUT_PLUS.finditer(text) if not before(text, match.start(), THING) and not _goes_on(text, match.end()))


def _written_out(text: str) -> Iterator[Span]:
    at, taken = 0, None
    while True:
        following = _NEXT.match(text, at) if taken else None
        match = following or _CANDIDATE.search(text, at)
        if match is None:
            return
        start, end = match.start("number") if following else match.start(), match.end()
        taken = _longest(text, start, end)
        at = taken.end if taken else _after_first_group(text, start, end)
        if taken:
            yield taken


def _longest(text: str, start: int, end: int) -> Span | None:
    """Return the longest beginning of a candidate that is a number, cut where its groups end."""
    if text[start] == "(" and not re.match(r"\((?:\+ ?\d{1,3}|0\d{0,4}|00 ?\d\d)\)", text[start:end]):
        start += 1
    if _DATE.match(text, start) or _MONTH.match(text, start):
        return None
    said = before(text, start, _LABEL)
    if not said and before(text, start, THING):
        return None
    groups = [(start + group.start(), start + group.end()) for group in _GROUP.finditer(text[start:end])][:_MOST_GROUPS]
    count = sum(stop - begin for begin, stop in groups)
    for begin, stop in reversed(groups):
        if count < _FEWEST_DIGITS and not said:
            return None
        count -= stop - begin
        piece = text[start:stop]
        if _is_number(piece, said=said) and not _goes_on(text, stop):
            return Span(start, stop, "PHONE", piece)
    return None


def _goes_on(text: str, stop: int) -> bool:
    """Tell whether the digits go on after a decimal sign or as an amount; another number in a list is neither."""
    return not _ANOTHER.match(text, stop) and bool(re.match(r"[.,:]\d|\s?(?:€|%|eur\b|euros?\b)", text[stop : stop + 6], re.IGNORECASE))


def _after_first_group(text: str, start: int, end: int) -> int:
    gap = re.search(r"\d\D", text[start:end])
    return start + gap.start() + 1 if gap else end


@lru_cache(maxsize=50_000)
def _is_number(piece: str, *, said: bool) -> bool:
    plain = piece.lstrip("(")
    if plain.startswith("+") or re.match(r"00 ?[1-9]", plain):
        return _is_abroad(piece)
    if re.fullmatch(r"\d{3}(?:\.\d{3}){2,3}|0(?!4[5-9])\d{3}\.\d{3}\.\d{3}", piece):
        return False  # an address of a machine, an amount, a firm's number that is not one
    count = len(re.sub(r"\D", "", piece))
    pairs = [int(pair) for pair in re.findall(r"\b\d\d\b", piece)]
    if (len(pairs) == 5 and pairs == list(range(pairs[0], pairs[0] + 5))) or piece in "0123456789":
        return False  # 02 03 04 05 06: somebody counts
    if _CLOCKS.fullmatch(piece):
        return False
    if _SHAPES.fullmatch(piece):
        return True
    if said and count >= 8 and re.fullmatch(r"[\d ./()-]+", piece) and not _TWO.match(piece):
        return count <= 13
    if re.match(r"0[ ]\d", piece):
        return False
    return _is_valid(piece, count)


def _is_abroad(piece: str) -> bool:
    digits = re.sub(r"\(0\)|\D", "", piece)
    digits = digits.removeprefix("00") if not piece.lstrip("(").startswith("+") else digits
    if not 8 <= len(digits) <= 15:
        return False
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or (number.country_code in _NEAR and phonenumbers.is_possible_number(number) and len(digits) >= 10)


def _is_valid(piece: str, count: int) -> bool:
    """Ask `phonenumbers`, with the grouping that the country allows."""
    groups = [len(group) for group in re.findall(r"\d+", piece)]
    digits = re.sub(r"\D", "", piece)
    for country, lengths in _COUNTRIES.items():
        if count not in lengths or not _may_group(country, groups, piece):
            continue
        number = phonenumbers.parse(digits, country)
        if phonenumbers.is_valid_number(number):
            return True
    return False


def _may_group(country: str, groups: list[int], piece: str) -> bool:
    if len(groups) == 1:
        return country != "DE" or re.match(r"01[5-7]", piece) is not None
    if country == "DE" and re.fullmatch(r"0(?!1[5-7])[\d.]+", piece):
        return False  # nobody there groups by dots alone; company numbers do
    if country == "DE":
        local = re.search(r"\D+(\d)", piece.lstrip("("))
        return 3 <= groups[0] <= 5 and len(groups) <= 5 and bool(local) and local[1] != "0"  # type: ignore[index]  # `and` has asked
    return groups[0] in (2, 3, 4) and max(groups[1:]) <= 8 and 5 not in groups


def _labelled(text: str) -> Iterator[Span]:
    """Yield numbers that only their label betrays: `tel. 470 12 34 56`."""
    for match in _LABELLED.finditer(text):
        start = match.start()
        if start and (text[start - 1].isalnum() or re.match(r"\d[.,/:-]", text[max(0, start - 2) : start])):
            continue
        piece = match[0]
        if _DATE.match(piece) or _MONTH.match(piece) or _ISO_LIKE.match(piece) or re.match(r"(?:19|20)\d\d[ -]+(?:19|20)\d\d", piece):
            continue
        if sum(map(str.isdigit, piece)) <= _FEW and text[start - 2 : start].rstrip()[-1:] not in (".", ":"):
            continue  # "tel 10 20 30": somebody counts
        if before(text, start, _SURE) and not _goes_on(text, match.end()):
            yield Span(start, match.end(), "PHONE", piece)


#: Labels that leave no doubt; "bel" and "call" also stand before years and amounts.
_SURE = label(r"t[ée]l(?:[ée]phone|efoon|efon|efoonnummer|efonnummer|nr)?|gsm(?:-?nummer)?|handy(?:nummer)?|rufnummer|fax|whats ?app|mobiel nummer|phone(?: number)?|portable|durchwahl")
