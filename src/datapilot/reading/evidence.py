"""What is known of one column's cells before it has a type: distinct texts with their counts, and the name's words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_DISTINCT = 4000  # distinct texts that vote; further ones are checked by SQL over all rows
WHITESPACE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff\u3000"

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


@dataclass(frozen=True)
class Evidence:
    """`values` counts the stripped texts of the sampled cells, missing ones left out; `missing` the spellings of
    missing ones. `is_native` says that the file itself holds numbers or dates."""

    name: str
    values: Counter[str]
    missing: Counter[str]
    blanks: int
    is_native: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the column's name, lower case: `customerID` has customer and id."""
        return frozenset(name_words(self.name))

    @property
    def cells(self) -> int:
        """How many sampled cells hold something."""
        return self.values.total()

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return the share of filled cells that the pattern matches as a whole."""
        if not self.values:
            return 0.0
        return sum(count for text, count in self.values.items() if pattern.fullmatch(text)) / self.cells

    def with_more(self, texts: Counter[str]) -> "Evidence":
        """Return the evidence joined with cells found elsewhere in the file."""
        return Evidence(self.name, self.values + texts, self.missing, self.blanks, self.is_native)


def name_words(name: str) -> list[str]:
    """Return the words of a column name in lower case, camel case and digits split."""
    return [word.lower() for word in _WORDS.findall(name)]


def transpose(sample: Sequence[Sequence[str | None]], width: int) -> list[Counter[str | None]]:
    """Return per column how often each text occurs in the sampled rows."""
    return [Counter(row[position] for row in sample) for position in range(width)]
