"""What is known of one column's cells before it has a type: distinct texts with their counts, and the name's words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import compress, islice

from datapilot.reading.vocabulary import unspaced_words, word_set

ENOUGH = 0.95  # share of the cells that must be of a type; the rest are listed as misfits
MOST_DISTINCT = 1000  # distinct texts that vote; all cells have their say when the table is loaded
FIRST_LOOK = 30
WHITESPACE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff\u3000"

_COMPOUND = re.compile(f"({'|'.join(sorted(word_set('names', 'numbered')))})(id|ids|nummer|number|nr|no|num)")
# German, Dutch and the Nordic languages write what is numbered and its number as one word; no other word ends so.
_NUMBERED_IN_ONE = re.compile(r"([^\W\d_]{3,}?)s?(nummer|nr)")
_BIG, _SMALL = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ\u0100-\u017f"
# Things whose “#” is their number; that of a population counts it.
_NUMBERED_BY_SIGN = frozenset({
    "account", "acct", "batch", "bill", "booking", "case", "check", "cheque", "claim", "contract", "customer", "doc",
    "document", "employee", "flight", "invoice", "item", "job", "line", "lot", "order", "part", "permit", "po",
    "policy", "receipt", "ref", "reference", "room", "route", "serial", "store", "ticket", "track", "transaction",
    "trip", "vendor",
})  # fmt: skip
_VOWEL_SIGNS = "\u0900-\u0963\u0e31-\u0e4e"  # of Hindi and Thai, which stand beside or above a letter and are none
_WORDS = re.compile(rf"[{_BIG}]+(?![{_SMALL}])|[{_BIG}]?[{_SMALL}]+|\d+|(?:[^\W\d_{_BIG}{_SMALL}]|[{_VOWEL_SIGNS}])+")


@dataclass(frozen=True)
class Evidence:
    """`values` counts the stripped texts of the sampled cells, missing ones left out; `missing` the spellings of
    missing ones. `is_native` says that the file itself holds numbers or dates; `is_partial` that not every
    cell of the column has been seen."""

    name: str
    values: Counter[str]
    missing: Counter[str]
    blanks: int
    is_native: bool = False
    is_partial: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the column's name, lower case: `customerID` has customer and id, and so has `customerid`."""
        return frozenset([*name_words(self.name), *self.spelled])

    @cached_property
    def spelled(self) -> tuple[str, ...]:
        """The words of the name in their order, lower case, without digits, words such as `customerid` taken apart."""
        parts: list[str] = []
        for word in name_words(self.name):
            parts += numbered(word) or (() if word.isdigit() else (word,))
        is_numbered = self.name.rstrip().endswith("#") and parts[-1:] and parts[-1] in _NUMBERED_BY_SIGN
        return (*parts, "no") if is_numbered else tuple(parts)

    @cached_property
    def cells(self) -> int:
        """How many sampled cells hold something."""
        return self.values.total()

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return the share of filled cells that the pattern matches as a whole."""
        known = self._shares.get(pattern)
        if known is None:
            known = self._shares[pattern] = self._share(pattern)
        return known

    @cached_property
    def _shares(self) -> dict[re.Pattern[str], float]:
        """What has been asked: the type and the kind of personal data ask for the same patterns."""
        return {}

    def _share(self, pattern: re.Pattern[str]) -> float:
        if not self.values:
            return 0.0
        if len(self.values) > 2 * FIRST_LOOK:
            # Nearly all patterns fail on nearly all columns: a few cells show it, and save the long count.
            seen = FIRST_LOOK - [*map(pattern.fullmatch, self._first_texts)].count(None)
            if seen <= 0.5 * FIRST_LOOK:
                return seen / FIRST_LOOK
        matches = map(pattern.fullmatch, self.values)
        return sum(compress(self.values.values(), matches)) / self.cells

    @cached_property
    def _first_texts(self) -> tuple[str, ...]:
        texts = list(self.values)
        return tuple(texts[k * len(texts) // FIRST_LOOK] for k in range(FIRST_LOOK))

    def with_more(self, texts: Counter[str]) -> "Evidence":
        """Return the evidence joined with cells found elsewhere in the file."""
        return Evidence(self.name, self.values + texts, self.missing, self.blanks, self.is_native, self.is_partial)


def numbered(word: str) -> tuple[str, ...]:
    """Return the thing and its mark of a word like `customerid` or `seqno`; () for any other word."""
    match = _COMPOUND.fullmatch(word) or _NUMBERED_IN_ONE.fullmatch(word)
    return match.groups() if match else ()


def name_words(name: str) -> list[str]:
    """Return the words of a column name in lower case, camel case and digits split, and what is known from the rest
    where no spaces part words."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return words if name.isascii() else [part for word in words for part in _unspaced().split(word) if part]


@cache
def _unspaced() -> re.Pattern[str]:
    """Words that stand in others where the language puts no spaces: 売上 in 売上高, 単価 in 平均単価."""
    return re.compile(rf"({'|'.join(unspaced_words())})")


def voters(texts: Counter[str]) -> Counter[str]:
    """Return the texts that vote: all, or an even choice of them where they are many."""
    if len(texts) <= MOST_DISTINCT:
        return texts
    listed = list(texts)
    return Counter(
        {text: texts[text] for k in range(MOST_DISTINCT) for text in (listed[k * len(listed) // MOST_DISTINCT],)}
    )


def transpose(sample: Sequence[Sequence[str | None]], width: int) -> list[Counter[str | None]]:
    """Return per column how often each text occurs in the sampled rows."""
    columns = islice(zip(*sample, strict=False), width) if sample else ((),) * width
    return [Counter(cells) for cells in columns]
