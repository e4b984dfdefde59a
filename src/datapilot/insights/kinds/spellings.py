"""One thing under several spellings: "City spells London in different ways: London 180, london 80 and LONDON 57
records". Counts and shares by such a column split what belongs together.

Counted, not tested: the values differ in nothing but capitals, spaces and signs.
"""

import re
import unicodedata
from collections.abc import Iterator

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Category, Subjects, is_code
from datapilot.insights.wording.phrases import entries, fact_slot, listing, number
from datapilot.words.cleaning import clean_text
from datapilot.words.render import column_slot, value_slot

LEAST_LETTERS = 3  # "No" and "NO" may be two codes
LEAST_ROWS = 3  # of the second spelling
LEAST_SHARE = 0.01  # of all records, under the spellings that are not the usual one
MOST_SPELLINGS = 6  # told
_APOSTROPHES = re.compile("['’`´]")
# Signs that a writer may set or leave; others tell values apart: under and over twenty, with and without.
_SIGNS = re.compile(r"[^\w<>≤≥=+±%#~]+|_+")
_TELLING_SIGN = re.compile(r" ?([<>≤≥=+±%#~]) ?")


def find_spellings(subjects: Subjects) -> Iterator[Candidate]:
    """Yield, for every category, the value that most records spell otherwise than it is usually spelt."""
    for category in subjects.categories:
        spelt = spelt_alike(category)
        if spelt:
            yield _candidate(category, spelt[0], others=len(spelt) - 1)


def spelt_alike(category: Category) -> list[tuple[int, ...]]:
    """Return the codes of values that a reader takes for one, those first of which most records are spelt unusually;
    [] where the column has none, or holds codes or people's data."""
    if category.is_personal or is_code(category.column):
        return []
    alike: dict[str, list[int]] = {}
    for code, value in enumerate(category.codes.labels):
        if isinstance(value, str) and sum(map(str.isalpha, value)) >= LEAST_LETTERS:
            alike.setdefault(_heard(value), []).append(code)
    counts, rows = category.codes.counts, len(category.codes.codes)
    found = []
    for codes in alike.values():
        unusual = int(sum(counts[code] for code in codes[1:]))
        # Spellings that look the same on a page would make a strange list.
        shown = {clean_text(str(category.codes.labels[code])) for code in codes}
        if len(codes) > 1 and len(shown) == len(codes) and unusual >= max(LEAST_ROWS, LEAST_SHARE * rows):
            found.append((unusual, tuple(codes)))
    return [codes for _, codes in sorted(found, key=lambda one: (-one[0], one[1]))]


def _heard(value: str) -> str:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", value).casefold())
    return _TELLING_SIGN.sub(r"\1", _SIGNS.sub(" ", plain)).strip()


def _candidate(category: Category, codes: tuple[int, ...], *, others: int) -> Candidate:
    spellings: tuple[Scalar, ...] = tuple(category.codes.labels[code] for code in codes[:MOST_SPELLINGS])
    each = [
        Measure(metric="count", filters=(Filter(column=category.column, op="eq", value=value),)) for value in spellings
    ]
    any_of = Filter(column=category.column, op="in", value=spellings)
    together = Measure(metric="count", filters=(any_of,))
    share = Measure(metric="share_rows", filters=(any_of,))
    leaders = Measure(metric="count", by=category.column, limit=3)

    def word(facts: Facts) -> Wording | None:
        if any(not number(facts, one.fact_id) for one in (*each, share)):
            return None
        column, usual = column_slot(category.column), value_slot(spellings[0])
        counts = [fact_slot(facts[one.fact_id]) for one in each]
        told = [f"{value_slot(value)} {count}" for value, count in zip(spellings, counts, strict=True)]
        headline = f"{column} spells {usual} in several ways: {', '.join(told[:-1])} and {told[-1]} records"
        detail = f"Together they are {fact_slot(facts[share.fact_id])} of all records."
        if others:
            detail += " Other values of the column are spelt in several ways too."
        if len(entries(facts[leaders.fact_id])) > 1:
            detail += f" As the cells are written, the largest groups are {listing(facts[leaders.fact_id])}."
        what = f"Agree on one spelling of {usual} in {column}, and put the others right before splitting by it."
        many = fact_slot(facts[together.fact_id])
        story = f"{usual} stands under several spellings in {column}: together {many} records."
        return Wording(headline, detail, "data", what, story=story)

    n = int(sum(category.codes.counts[code] for code in codes))
    unusual = n - int(category.codes.counts[codes[0]])
    part = unusual / len(category.codes.codes)
    return Candidate(
        kind="spelling", columns=(category.column,), measures=(*each, together, share, leaders), word=word,
        impact=min(1.0, n / len(category.codes.codes)), effect=min(1.0, 0.5 + 2 * part), n=n, subject=("records",),
    )  # fmt: skip
