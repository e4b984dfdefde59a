"""What goes with a word of the texts: "Records that mention “refund” in subject take 51 days, against 12 for others".

Test: Kruskal & Wallis (1952) of a quantity between the records that mention a word and those whose text does not;
every word looked at is a test of the table's family. Effect: epsilon squared. Dropped where the word stands for the
groups of a category, of which the same is told, or where most strata of one show the opposite (Simpson 1951).
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.group_gap import means_mislead, reverses
from datapilot.insights.statistics import (
    Floats,
    Ints,
    Test,
    association,
    contingency,
    independent_of_groups,
    kruskal,
)
from datapilot.insights.subjects.cells import Codes
from datapilot.insights.subjects.natures import differs_by_nature, has_sides
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects
from datapilot.insights.subjects.text_words import LEAST_TEXTS, Texts, Word
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number, p_text, rows_text
from datapilot.words.render import column_slot

FEWEST_ROWS = 60
MOST_QUANTITIES = 6
LEAST_SIGMAS = 0.3  # Cohen's d
SURE = 1e-4  # the p-value of a further word that is named beside the first
LOOKED_INTO = 0.01  # above such a p-value no dependence of the rows needs to be allowed for
APART = 0.5  # of the texts with the rarer of two words, that hold both
MOST_FURTHER = 3
SAME_THING = 0.5  # of Cramér's V: then the word stands for the group
_BY_NATURE = 0.7


class _Records(NamedTuple):
    """The records that have a text and a value: their `rows` among the cells held, the values and their places."""

    texts: Texts
    quantity: Quantity
    rows: Ints
    values: Floats
    places: Ints


class _Gap(NamedTuple):
    """A word, which of the records mention it, and how far their mean lies from that of the others, in deviations."""

    word: Word
    inside: NDArray[np.bool_]
    sigmas: float
    test: Test


def find_mention_gaps(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the tests of every word by every quantity; of each quantity the word that tells most."""
    for texts in subjects.texts:
        for quantity in _compared(subjects):
            is_known = quantity.is_known[texts.rows]
            if is_known.sum() < FEWEST_ROWS:
                continue
            rows = texts.rows[is_known]
            all_of_them = _Records(texts, quantity, rows, quantity.values[rows], quantity.places[rows])
            gaps = [_gap(word, word.holds[is_known], all_of_them) for word in texts.own]
            told = [one for one in gaps if abs(one.sigmas) >= LEAST_SIGMAS and one.inside.sum() >= LEAST_TEXTS]
            best = min(told, key=lambda one: (one.test.p_value, -one.test.effect), default=None)
            yield from ((one.test, None) for one in gaps if one is not best)
            if best is not None:
                further = [one for one in told if _says_more_alike(one, best)]
                yield best.test, _candidate(subjects, all_of_them, best, further)


def _compared(subjects: Subjects) -> list[Quantity]:
    """Return the quantities worth comparing: no rates, and no amounts that come in and go out, which names tell."""
    fit = [one for one in subjects.own_quantities if one.rate_of is None and not (one.adds_up and has_sides(one))]
    return fit[:MOST_QUANTITIES]


def _gap(word: Word, inside: NDArray[np.bool_], records: _Records) -> _Gap:
    codes, values, places = inside.astype(np.int64), records.values, records.places
    test = kruskal(places, codes, 2)
    if test.p_value <= LOOKED_INTO:
        kept = independent_of_groups(places, codes)
        test = kruskal(places, codes, 2, kept=kept)
    here, there = values[inside], values[~inside]
    if not len(here) or not len(there):
        return _Gap(word, inside, 0.0, test)
    return _Gap(word, inside, float((here.mean() - there.mean()) / (values.std() or 1.0)), test)


def _says_more_alike(one: _Gap, best: _Gap) -> bool:
    """Whether another word points the same way, in other texts."""
    both = (one.inside & best.inside).sum()
    is_apart = both < APART * min(one.inside.sum(), best.inside.sum()) and not one.word.shares_stem(best.word.text)
    return is_apart and one.test.p_value <= SURE and one.sigmas * best.sigmas > 0


class _Asked(NamedTuple):
    """The measures of the records that mention a word, of those that do not, and of further words."""

    here: Measure
    rest: Measure
    further: tuple[tuple[Word, Measure], ...]


def _candidate(subjects: Subjects, records: _Records, gap: _Gap, further: Sequence[_Gap]) -> Candidate:
    texts, quantity = records.texts, records.quantity
    metric: Literal["median", "mean"] = "mean"
    if means_mislead(records.values, records.places, gap.inside):
        metric = "median"
    beside = sorted(further, key=lambda one: one.test.p_value)[:MOST_FURTHER]
    asked = _Asked(
        quantity.measure(metric, where=(texts.mentioned(gap.word),)),
        quantity.measure(metric, where=(texts.not_mentioned(gap.word),)),
        tuple((one.word, quantity.measure(metric, where=(texts.mentioned(one.word),))) for one in beside),
    )
    mentions = _as_category(subjects, records, gap)
    return Candidate(
        kind="mention", columns=(*quantity.columns, texts.column), word=lambda facts: _word(facts, records, gap, asked),
        measures=(asked.here, asked.rest, *(measure for _, measure in asked.further)),
        impact=min(1.0, 2 * float(gap.inside.mean())),
        effect=min(1.0, gap.test.effect**0.5 * 1.4) * (_BY_NATURE if differs_by_nature(quantity) else 1.0),
        n=gap.test.n, p_value=gap.test.p_value,
        statistics=f"Kruskal–Wallis {p_text(gap.test.p_value)}, ε² = {gap.test.effect:.2f}, "
        f"{rows_text(gap.test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}",),
        stands=lambda: not (_is_a_group(subjects, mentions) or reverses(subjects, quantity, mentions, 1)),
    )  # fmt: skip


def _word(facts: Facts, records: _Records, gap: _Gap, asked: _Asked) -> Wording | None:
    quantity, here, rest = records.quantity, facts[asked.here.fact_id], facts[asked.rest.fact_id]
    inner, outer = number(facts, here.id), number(facts, rest.id)
    if inner is None or outer is None or min(here.n, rest.n) < LEAST_TEXTS or (inner - outer) * gap.sigmas <= 0:
        return None
    said, column, is_median = gap.word.said, column_slot(records.texts.column), here.measure.metric == "median"
    one, other, typical = fact_slot(here), fact_slot(rest), "typically" if is_median else "on average"
    if quantity.minus is not None:
        headline = f"records that mention {said} in {column} take {one} {quantity.span}, against {other} for others"
        story = f"Where {column} mentions {said}, it takes {one} {quantity.span} {typical}, elsewhere {other}."
    else:
        average, verb = f"{'typical' if is_median else 'average'} {quantity.name}", is_are(quantity.column)
        headline = f"{average} {verb} {one} where {column} mentions {said}, against {other} elsewhere"
        more = "higher" if inner > outer else "lower"
        story = f"Where {column} mentions {said}, {quantity.name} {verb} {more}: {one} {typical}."
    detail = (
        f"{{{here.id}|n}} records mention {said}, {{{rest.id}|n}} have a text without it. The figures are "
        f"{'medians' if is_median else 'averages'}."
    )
    likewise = [
        f"{word.said} ({fact_slot(facts[measure.fact_id])})" for word, measure in asked.further
        if (value := number(facts, measure.fact_id)) is not None and (value - outer) * gap.sigmas > 0
    ]  # fmt: skip
    if likewise:
        detail += f" Likewise where it mentions {' or '.join(likewise)}."
    what = (
        f"Read the {{{here.id}|n}} records that mention {said}: what they have in common is where to begin with "
        f"{quantity.name}."
    )
    return Wording(headline, detail, owner(*quantity.columns, records.texts.column), what, story=story)


def _as_category(subjects: Subjects, records: _Records, gap: _Gap) -> Category:
    """Return the records as a column that says of each text looked at whether it mentions the word."""
    codes = np.full(len(subjects.cells.rows), -1)
    codes[records.rows] = gap.inside
    sizes = np.bincount(gap.inside.astype(np.int64), minlength=2)
    return Category(records.texts.column, Codes(codes, (False, True), sizes), False)


def _is_a_group(subjects: Subjects, mentions: Category) -> bool:
    """Whether a word stands for the groups of a category, of which the same is told."""
    for category in subjects.categories:
        both = (mentions.codes.codes >= 0) & (category.codes.codes >= 0)
        codes = mentions.codes.codes[both], category.codes.codes[both]
        if association(contingency(*codes, 2, len(category.codes.labels))).effect >= SAME_THING:
            return True
    return False
