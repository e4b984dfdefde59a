"""The words of a text in any script. Marks that stand beside or above a letter (the vowels of Hindi, accents) belong to
its word; where a language puts no spaces, the words known from it stand apart (売上 in 売上総額). Knows no meanings."""

import re
import unicodedata
from functools import lru_cache

from datapilot.words.far_languages import UNSPACED

_BLOCKS = (range(0x300, 0x370), range(0x483, 0x48A), range(0x591, 0x5C8), range(0x610, 0x620), range(0x64B, 0x671),
           range(0x900, 0xF00))  # fmt: skip
_MARKS = "".join(
    chr(code) for block in _BLOCKS for code in block if unicodedata.category(chr(code)).startswith("M")
)  # fmt: skip
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_KNOWN = re.compile(f"({'|'.join(sorted(UNSPACED, key=len, reverse=True))})")


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...]:
    """Return the words in small letters, without figures and signs."""
    words = _WORD.findall(text.lower())
    if text.isascii():
        return tuple(words)
    return tuple(part for word in words for part in _KNOWN.split(word) if part)
