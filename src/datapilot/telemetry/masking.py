"""Take personal data out of text that goes to a log: e-mail addresses, phone numbers, runs of digits that name someone.

This is the net under the rule that cells are never logged; it masks rather too much than too little.
"""

import re
from collections.abc import Mapping
from typing import Any

EMAIL, PHONE, ID = "[EMAIL_MASKED]", "[PHONE_MASKED]", "[ID_MASKED]"

_EMAIL = re.compile(r"[^\s@<>()\[\]{},;:\"'=|/\\]{1,64}@[^\s@<>()\[\]{},;:\"'=|/\\]{1,255}\.[^\W\d_]{2,24}")
# Grouped as cards, social security and tax numbers are, or an IBAN.
_GROUPED_ID = re.compile(
    r"(?<![\w.-])(?:"
    r"\d{3}-\d{2}-\d{4}"
    r"|(?:\d{4}[ -]){3}\d{1,7}"
    r"|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7} ?[A-Z0-9]{0,4}"
    r")(?![\w-])"
)
# With a country code, a bracketed area code, or in groups as people write them.
_PHONE = re.compile(
    r"(?<![\w.:-])(?:"
    r"\+\d[\d ()./-]{6,18}\d"
    r"|\(\d{2,5}\)[ -]?\d[\d -]{4,12}\d"
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}"
    r"|0\d{2,4}[ /-]\d{5,10}"
    r")(?![\w-])"
)
_LONG_NUMBER = re.compile(r"(?<![\w.:-])\d{9,}(?![\w.-])")

# What our own code puts there; a mask would only hide which job or moment a line is about.
OURS = frozenset(
    {"timestamp", "level", "component", "logger", "jobId", "requestId", "step", "duration_ms", "pid", "attempt"}
)


def mask(text: str) -> str:
    """Return the text with what may name a person replaced by `[EMAIL_MASKED]`, `[PHONE_MASKED]`, `[ID_MASKED]`."""
    text = _EMAIL.sub(EMAIL, text)
    text = _GROUPED_ID.sub(ID, text)
    text = _PHONE.sub(PHONE, text)
    return _LONG_NUMBER.sub(ID, text)


def masked(value: Any) -> Any:
    """Return the value with every text in it masked, however deep; numbers stay numbers."""
    match value:
        case str():
            return mask(value)
        case Mapping():
            return {key: masked(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [masked(inner) for inner in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return mask(str(value))
