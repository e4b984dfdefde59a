"""Give the word lists to the rules that need them."""

import re
from collections.abc import Mapping, Sequence

from datapilot.reading import word_lists

_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"  # Han, kana and Hangul
_TABLES: Mapping[str, Mapping[str, str | Sequence[str]]] = {
    "roles": word_lists.ROLES,
    "names": word_lists.NAMES,
    "personal": word_lists.PERSONAL,
    "missing": word_lists.MISSING,
    "numbers": word_lists.NUMBERS,
}


def word_set(table: str, key: str) -> frozenset[str]:
    """Return a list of words as a set."""
    listed = _TABLES[table][key]
    return frozenset(listed.split() if isinstance(listed, str) else listed)


def unspaced_words() -> list[str]:
    """Return the words of roles and names from languages that put no space between words, the longest first."""
    listed = {word for table in ("roles", "names") for key in _TABLES[table] for word in word_set(table, key)}
    return sorted(filter(re.compile(_UNSPACED).fullmatch, listed), key=lambda word: (-len(word), word))


def currency_signs() -> dict[str, str]:
    """Return how each sign of a currency is shown."""
    return dict(word_lists.CURRENCY_SIGNS)


def scales() -> dict[str, float]:
    """Return what each letter or word behind a number multiplies it by."""
    return dict(word_lists.SCALES)


def letter_set(codec: str) -> frozenset[str]:
    """Return the most frequent letters of the language that a code page of several bytes was made for."""
    return frozenset("".join(word_lists.LETTERS[codec].split()))


def alphabet(language: str) -> frozenset[str]:
    """Return the letters of a language that ASCII lacks, small and capital."""
    letters = word_lists.ALPHABETS[language]
    return frozenset(letters) | {letter.upper() for letter in letters if len(letter.upper()) == 1}


def months() -> dict[str, int]:
    """Return the number of the month for its names and short names in some twenty languages, lower case."""
    return {word: number for number, names in word_lists.MONTHS.items() for word in names.split()}


def marked_months() -> dict[str, int]:
    """Return the same for scripts whose vowels are signs beside the letters, the longest names first."""
    named = {word: number for number, names in word_lists.MARKED_MONTHS.items() for word in names.split()}
    return dict(sorted(named.items(), key=lambda one: -len(one[0])))


def boolean_pairs() -> tuple[tuple[str, str], ...]:
    """Return the words for true and false that belong together, lower case."""
    return word_lists.BOOLEAN_PAIRS
