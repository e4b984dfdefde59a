"""Make text from a file safe to stand in a sentence. Knows nothing of markup: whoever prints HTML escapes it there."""

import unicodedata

SHOWN_CHARACTERS = 60  # a longer cell or name tells no more in a headline
WORDS_KEPT = 0.75  # of the characters, for a cut between words
# Controls, formats (bidirectional marks, zero-width signs), surrogates, private use: none of them is for reading.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def clean_text(text: str, *, limit: int = SHOWN_CHARACTERS) -> str:
    """Return the readable characters of `text` on one line, at most `limit` of them. An ellipsis marks the cut, after a
    whole word unless that would take more than a quarter."""
    line = " ".join((text if text.isprintable() else _readable(text)).split())
    if len(line) <= limit:
        return line
    words = line[:limit].rpartition(" ")[0]
    return (words if len(words) > WORDS_KEPT * limit else line[: limit - 1]).rstrip() + "…"


def _readable(text: str) -> str:
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in _UNREADABLE
    )
