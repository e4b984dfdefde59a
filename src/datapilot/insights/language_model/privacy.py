"""Find and mask personal data in free text. Fails closed: what could be a number of a person is taken for one.

Tuned for recall: rules that look for proper phone numbers and cards leak a quarter of them in text they have not
seen. Hiding an order number by mistake costs nothing here, because figures reach a reader as facts, not as text.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["email", "phone", "card", "ssn", "iban", "id"]

LEAST_DIGITS = 6  # a run of as many digits may be somebody's number; a year, a price or a postcode is shorter

# Any sign may part the digits of a number, but for those that part one figure of a catalogue from the next.
_GAP = r"(?:[^\w\"{}<>|=;%€$£¥]|_){0,3}"
_RUN = re.compile(rf"[+(]{{0,2}}\d(?:{_GAP}\d){{{LEAST_DIGITS - 1},}}(?:\s?(?:x|ext\.?)\s?\d{{1,6}})?")
# Found by their sign and then read to both sides: a pattern that begins with "anything" takes quadratic time.
_AT = re.compile(r"\s?@\s?|\s*[\[({]\s*at\s*[\])}]\s*", re.IGNORECASE)
_BEFORE_AT = re.compile(r"[^\s@,;:<>\"()\[\]{}]*\Z")
_AFTER_AT = re.compile(r"[^\s@,;:<>\"()\[\]{}]+(?:\s*[\[({]\s*dot\s*[\])}]\s*[^\s@,;:<>\"()\[\]{}]+)*", re.IGNORECASE)
_LONGEST_ADDRESS = 320  # characters before the sign and after it (RFC 3696 allows 64 and 255)
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\s?\d{2}(?:[\s\-]{0,2}[A-Za-z0-9]){10,30}(?![^\W_])")
_SSN = re.compile(r"\d{3}\D?\d{2}\D?\d{4}")
_PHONE_WORD = re.compile(r"(?:phone|tel|mobile|cell|call|fax|whatsapp|sms|тел|моб)\w*\W{0,3}$", re.IGNORECASE)
# What headers are full of and nobody's number looks like: a month (2024-03) and a span of years (2023/2024).
_CALENDAR = re.compile(r"(?:19|20)\d\d[-/–.](?:0[1-9]|1[0-2]|(?:19|20)\d\d)|(?:19|20)\d\d(?:0[1-9]|1[0-2])")
_MASKS = {"email": "[EMAIL_MASKED]", "phone": "[PHONE_MASKED]"}
_UNUSUAL = re.compile(r"[^\x20-\x7e]")  # the only characters worth a look each
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


class Span(NamedTuple):
    """Where something personal stands in a text, and what it looks like."""

    start: int
    end: int
    kind: Kind


def readable(text: str) -> str:
    """Return the text in the form in which it is searched: compatibility forms folded, invisible signs gone.

    Full-width digits and zero-width spaces would otherwise hide a number from us and not from a reader.
    """
    return _UNUSUAL.sub(_readable_sign, unicodedata.normalize("NFKC", text))


def _readable_sign(found: re.Match[str]) -> str:
    character = found[0]
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _INVISIBLE else character


def find_personal(text: str) -> tuple[Span, ...]:
    """Return what may be personal in a text that is `readable`, in order, not overlapping."""
    spans = list(_addresses(text))
    spans += [Span(*match.span(), "iban") for match in _IBAN.finditer(text) if _digits(match[0], at_least=LEAST_DIGITS)]
    for match in _RUN.finditer(text):
        start, end = _whole_word(text, *match.span())
        if not _CALENDAR.fullmatch(text[start:end]):
            spans.append(Span(start, end, _kind_of_run(text, start, end)))
    return _merged(spans)


def mask_wholly(text: str) -> str:
    """Return the text with nothing personal left in it, as logs and prompts may hold it."""
    searched = readable(text)
    pieces: list[str] = []
    position = 0
    for start, end, kind in find_personal(searched):
        pieces += [searched[position:start], _MASKS.get(kind, "[ID_MASKED]")]
        position = end
    return "".join([*pieces, searched[position:]])


def _addresses(text: str) -> Iterator[Span]:
    """Yield e-mail addresses and handles, spelt with a sign or with "(at)"."""
    for sign in _AT.finditer(text):
        before = _BEFORE_AT.search(text, max(0, sign.start() - _LONGEST_ADDRESS), sign.start())
        after = _AFTER_AT.match(text, sign.end(), sign.end() + _LONGEST_ADDRESS)
        if before is not None and after is not None:
            yield Span(before.start(), after.end(), "email")


def _kind_of_run(text: str, start: int, end: int) -> Kind:
    found = text[start:end].strip()
    digits = "".join(character for character in found if character.isdigit())
    if 12 <= len(digits) <= 19 and passes_luhn(digits):
        return "card"
    if _SSN.fullmatch(found) and not found.isdigit():
        return "ssn"
    is_shaped = 10 <= len(digits) <= 15 and (not found.isalnum() or found.startswith("+"))
    if _PHONE_WORD.search(text[:start]) or is_shaped:
        return "phone"
    return "id"


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit checks the others, as on payment cards (Luhn 1960)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a run to the letters it is glued to: of AB123456 the letters are part of the number."""
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _digits(text: str, *, at_least: int) -> bool:
    return sum(character.isdigit() for character in text) >= at_least


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Join what overlaps, under the kind of the widest."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            widest = max(last, span, key=lambda one: one.end - one.start)
            merged[-1] = Span(last.start, max(last.end, span.end), widest.kind)
        else:
            merged.append(span)
    return tuple(merged)
