"""The words that say nothing of what a text is about: articles, pronouns and their like in a dozen languages.

They are read from `function_words.txt` when a table has texts, not when the program starts.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

SPOKEN_TOO = 0.7  # of the function words that the texts' main language has; two languages share many


def function_words(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the function words of the language that texts are written in, or of the two or three they may be in, by
    how often each of their words occurs (in small letters). "Door" says nothing in Dutch alone."""
    heard = {language: sum(counts.get(word, 0) for word in words) for language, words in _languages().items()}
    least = SPOKEN_TOO * max(heard.values())
    return frozenset[str]().union(*(_languages()[language] for language, often in heard.items() if often >= least))


@cache
def _languages() -> dict[str, frozenset[str]]:
    lines = (Path(__file__).parent / "function_words.txt").read_text(encoding="utf-8").splitlines()
    split = (line.split() for line in lines if not line.startswith("#"))
    return {language: frozenset(words) for language, *words in split}
