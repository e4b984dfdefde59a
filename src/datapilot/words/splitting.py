"""The words of a text in any script. Marks that stand beside or above a letter (the vowels of Hindi, accents) belong to
its word; where a language puts no spaces, the words known from it stand apart (売上 in 売上総額). Knows no meanings."""

import re
import unicodedata
from functools import cache, lru_cache

from datapilot.words.far_languages import UNSPACED

_BLOCKS = (range(0x300, 0x370), range(0x483, 0x48A), range(0x591, 0x5C8), range(0x610, 0x620), range(0x64B, 0x671),
           range(0x900, 0xF00))  # fmt: skip
_ASCII_WORD = re.compile("[a-z]+")


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...]:
    """Return the words in small letters, without figures and signs."""
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text.lower()))
    word, known = _beyond_ascii()
    return tuple(part for one in word.findall(text.lower()) for part in known.split(one) if part)


@cache
def _beyond_ascii() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the expressions for a word of any script and for the words known from languages without spaces; a table
    in ASCII needs neither, and to find all marks takes longer than to split its words."""
    marks = "".join(
        chr(code) for block in _BLOCKS for code in block if unicodedata.category(chr(code)).startswith("M")
    )  # fmt: skip
    word = re.compile(rf"(?:[^\W\d_]|[{marks}])+")
    return word, re.compile(f"({'|'.join(sorted(UNSPACED, key=len, reverse=True))})")
