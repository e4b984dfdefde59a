"""What the data itself lacks: missing cells that gather in a group, two columns that are filled in turn.

Missing by group: chi-square of independence, effect: bias-corrected V.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Test, association, contingency
from datapilot.insights.subjects.natures import is_open_value, is_status
from datapilot.insights.subjects.subjects import Category, Subjects
from datapilot.insights.wording.phrases import fact_slot, is_are, number, p_text, records, rows_text
from datapilot.words.meanings import name_words
from datapilot.words.render import column_slot, is_question
from datapilot.words.time_columns import is_day, period_of

LEAST_MISSING = 0.02
MUCH_MISSING = 0.05
LEAST_GROUP = 10  # records, of which a share is told
FEW_UNLIKE = 0.02  # of the rows are unlike their group, of which all or none have a value
LEAST_POINTS = 0.25  # between a group's missing share and the others'
MOST_TOGETHER = 3  # columns named beside the one that misses where they do
MOST_WITHOUT_EITHER = 0.05  # of the records, where two columns are filled in turn
NOT_ASKED = 0.3  # a survey's question that many leave out was mostly put to few
MOSTLY_MISSING, RARELY_FILLED = 0.9, 0.4  # of the cells, and worth: what hardly any record has is kept for few
BY_NATURE = 0.6  # what a group never has (a declined claim its date of payment) is seldom news
_MOST_VALUES = 30
_REMARKS = frozenset({
    "comment", "comments", "note", "notes", "remark", "remarks", "tag", "tags", "memo", "feedback", "suggestion",
    "suggestions", "suffix", "footnote", "footnotes", "annotation", "anmerkung", "anmerkungen", "bemerkung",
    "bemerkungen", "kommentar", "kommentare", "hinweis", "commentaire", "commentaires", "remarque", "remarques",
    "comentario", "comentarios", "observaciones", "nota", "notas", "commento", "commenti", "opmerking", "opmerkingen",
})  # fmt: skip


def find_missing(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield columns with many missing cells, alone or by the category in which they gather."""
    if holds_nothing(subjects.profile):
        yield None, _nothing(subjects.profile)
        return
    together = _missing_together(subjects)
    in_turn = _filled_in_turn(subjects)
    yield from ((None, _one_or_other(subjects, *pair)) for pair in in_turn)
    told = {*together, *(name for pair in in_turn for name in pair), *_two_sides(subjects)}
    for column in subjects.profile.columns:
        if column.name in told or column.missing_share < LEAST_MISSING:
            continue
        if column.inferred_type == "empty" or is_tick(column) or is_remark(column):
            continue
        spreads = list(_spreads(subjects, column))
        yield from ((spread.test, None) for spread in spreads if spread.test.n)
        if any(spread.is_to_come for spread in spreads):
            continue
        # Cells that give a bound are low or high, not missing, wherever most of them are.
        gathered = [one.gathered for one in spreads if one.gathered is not None and not gives_bounds(column)]
        if gathered and not is_question(column.name):  # who was not asked gave no answer: the form's doing
            yield None, max(gathered, key=lambda one: one.effect)
        elif column.missing_share >= MUCH_MISSING:
            yield None, _missing(column, [name for name, first in together.items() if first == column.name])


class _Spread(NamedTuple):
    """How the missing cells of a column spread over a category's groups; `gathered` where one of them has most.
    `is_to_come` says that they have no value yet, as what is open has no date of its end."""

    test: Test
    gathered: Candidate | None
    is_to_come: bool


def _spreads(subjects: Subjects, column: ColumnProfile) -> Iterator[_Spread]:
    missing = subjects.cells.missing.get(column.name)
    if missing is None:
        return
    for category in subjects.categories:
        if category.column == column.name or category.is_personal or len(category.codes.labels) > _MOST_VALUES:
            continue
        known = category.codes.codes >= 0
        counts = np.zeros((2, len(category.codes.labels)), dtype=np.int64)
        np.add.at(counts, (missing[known].astype(np.int64), category.codes.codes[known]), 1)
        is_stage = is_status(category.column)
        # A stage has all or none, and so has a yes: what was not answered took no time.
        says_so = is_stage or category.is_flag
        is_to_come = bool(says_so and known.all() and counts.min(axis=0).max() == 0)
        is_to_come = is_to_come or (
            counts.min(axis=0).sum() <= FEW_UNLIKE * known.sum() and _is_part_of(subjects, column, category)
        )
        test = association(counts)
        gathered = None
        if test.n:
            share = counts[1] / np.maximum(counts.sum(axis=0), 1)
            rest = (counts[1].sum() - counts[1]) / np.maximum(counts.sum() - counts.sum(axis=0), 1)
            gain = np.where(counts.sum(axis=0) >= LEAST_GROUP, share - rest, -1)
            code = int(np.argmax(gain))
            label = category.codes.labels[code]
            if gain[code] >= LEAST_POINTS:
                is_end = column.storage in {"DATE", "TIMESTAMP"} and is_stage
                is_to_come = is_to_come or (is_end and is_open_value(label))
                gathered = _gathered(
                    subjects, column, by=category.column, label=label, test=test, gain=float(gain[code]),
                    is_by_nature=bool(share[code] >= 1),
                )  # fmt: skip
        yield _Spread(test, gathered, is_to_come)


def _is_part_of(subjects: Subjects, column: ColumnProfile, category: Category) -> bool:
    """Whether a column's values divide single groups of a category further, which others are not divided into."""
    parts = next((one.codes for one in subjects.categories if one.column == column.name), None)
    if parts is None:
        return column.role in {"count", "never"} and column.unique_count <= len(category.codes.labels)
    both = (parts.codes >= 0) & (category.codes.codes >= 0)
    size = len(parts.labels), len(category.codes.labels)
    counts = contingency(parts.codes[both], category.codes.codes[both], *size)
    return bool((counts.max(axis=1) == counts.sum(axis=1)).all())


def _missing_together(subjects: Subjects) -> dict[str, str]:
    """Return the columns that miss exactly where an earlier one does, each with that earlier one."""
    together: dict[str, str] = {}
    masks = [(name, mask) for name, mask in subjects.cells.missing.items() if mask.any()]
    for place, (name, mask) in enumerate(masks):
        first = next((other for other, earlier in masks[:place] if np.array_equal(mask, earlier)), None)
        if first is not None:
            together[name] = first
    return together


def _filled_in_turn(subjects: Subjects) -> list[tuple[str, str]]:
    """Return the pairs of text columns of which nearly every record fills one, and none both. Boxes to tick and a
    survey's questions, which depend on each other by design, are none."""
    texts = [
        column.name for column in subjects.profile.columns
        if column.storage == "VARCHAR" and not is_tick(column) and not is_question(column.name)
        and LEAST_MISSING <= column.missing_share <= 1 - LEAST_MISSING and column.name in subjects.cells.missing
    ]  # fmt: skip
    found: list[tuple[int, str, str]] = []
    for one, other in combinations(texts, 2):
        first, second = subjects.cells.missing[one], subjects.cells.missing[other]
        if (first | second).all() and (first & second).mean() <= MOST_WITHOUT_EITHER:
            pair = (one, other) if first.sum() <= second.sum() else (other, one)
            found.append((int((first & second).sum()), *pair))
    kept: list[tuple[str, str]] = []
    for _, more, less in sorted(found, key=lambda one: one[0]):  # what misses where another does is in one pair only
        if not {more, less} & {name for pair in kept for name in pair}:
            kept.append((more, less))
    return kept


def _one_or_other(subjects: Subjects, more: str, less: str) -> Candidate:
    has = {name: Filter(column=name, op="not_missing") for name in (more, less)}
    lacks = tuple(Filter(column=name, op="is_missing") for name in (more, less))
    both = Measure(metric="count", filters=tuple(has.values()))
    neither = Measure(metric="count", filters=lacks)
    many, few = (Measure(metric="count", filters=(has[name],)) for name in (more, less))

    def word(facts: Facts) -> Wording | None:
        if facts[both.fact_id].value != 0 or not number(facts, few.fact_id):
            return None
        names = column_slot(more), column_slot(less)
        some = fact_slot(facts[many.fact_id]), fact_slot(facts[few.fact_id])
        headline = f"no record has both {names[0]} and {names[1]}: {some[0]} have the one, {some[1]} the other"
        detail = "Every record has one of the two."
        if facts[neither.fact_id].value != 0:
            detail = f"{fact_slot(facts[neither.fact_id])} records have neither."
        what = f"Settle whether {names[0]} and {names[1]} are one field under two names, and if so, make them one."
        story = f"{names[0]} and {names[1]} take turns: {some[0]} records have the one, {some[1]} the other, none both."
        return Wording(headline, detail, "data", what, story=story)

    share = float((~subjects.cells.missing[less]).mean())
    return Candidate(
        kind="missing", columns=(more, less), measures=(both, neither, many, few), word=word, impact=1.0,
        effect=min(1.0, 0.5 + share), n=subjects.rows,
    )  # fmt: skip


def _two_sides(subjects: Subjects) -> frozenset[str]:
    """Return the columns of numbers of which every record fills one and leaves the other: paid in and paid out."""
    numbers = [
        column.name for column in subjects.profile.columns
        if column.inferred_type == "numeric" and column.name in subjects.cells.missing
    ]  # fmt: skip
    masks = subjects.cells.missing
    pairs = (
        (one, other) for one, other in combinations(numbers, 2)
        if (masks[one] | masks[other]).all() and (masks[one] & masks[other]).mean() <= MOST_WITHOUT_EITHER
    )  # fmt: skip
    return frozenset(name for pair in pairs for name in pair)


def is_remark(column: ColumnProfile) -> bool:
    """Whether a column is there for whoever has something to say: empty cells are its usual state."""
    words = set(name_words(column.name))
    says_so = bool(words & _REMARKS) or bool(words & {"other", "second"} and words & {"specify", "name", "address"})
    return column.storage == "VARCHAR" and says_so


def holds_nothing(profile: TableProfile) -> bool:
    """Whether not one cell of the table has a value."""
    return profile.rows > 0 and all(column.inferred_type == "empty" for column in profile.columns)


def is_tick(column: ColumnProfile) -> bool:
    """Whether an empty cell is the answer "no" of a box to tick: all others read the same."""
    return column.unique_count == 1 and column.missing_count > 0


def _nothing(profile: TableProfile) -> Candidate:
    rows, share = Measure(metric="count"), Measure(metric="missing_share")

    def word(facts: Facts) -> Wording | None:
        headline = f"None of the {fact_slot(facts[rows.fact_id])} rows has a value in any column"
        detail = (
            f"{fact_slot(facts[share.fact_id])} of all cells are missing: names of columns are all that the file tells."
        )
        return Wording(headline, detail, "data", "Export the file anew, and look whether the cells hold values there.")

    return Candidate(
        kind="missing", columns=(), measures=(rows, share), word=word, impact=1.0, effect=1.0, n=profile.rows
    )


def _gathered(
    subjects: Subjects, column: ColumnProfile, *, by: str, label: Scalar, test: Test, gain: float, is_by_nature: bool
) -> Candidate:
    here = Measure(metric="missing_share", column=column.name, filters=(Filter(column=by, op="eq", value=label),))
    rest = Measure(metric="missing_share", column=column.name, filters=(Filter(column=by, op="ne", value=label),))
    total = Measure(metric="missing_count", column=column.name)

    def word(facts: Facts) -> Wording | None:
        inside, outside = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inside is None or outside is None or inside - outside < LEAST_POINTS / 2 or (inside, outside) == (1, 0):
            return None  # what only the others can have is no gap
        headline = (
            f"{_it_is(column)} missing for {fact_slot(facts[here.fact_id])} of {records(by, label)}, "
            f"against {fact_slot(facts[rest.fact_id])} of the others"
        )
        if inside >= 1:
            headline = (
                f"{_it_is(column)} always missing for {records(by, label)}, "
                f"and for {fact_slot(facts[rest.fact_id])} of the others"
            )
        lack = f"{records(by, label)} lack {column_slot(column.name)} more often than others"
        figures = f"{fact_slot(facts[here.fact_id])} against {fact_slot(facts[rest.fact_id])}"
        detail = f"In the whole table {fact_slot(facts[total.fact_id])} cells of {column_slot(column.name)} are empty."
        who = records(by, label)
        what = f"Ask whether {who} should have {column_slot(column.name)} at all, and if so, who fills it in."
        return Wording(headline, detail, "data", what, story=f"{lack}: {figures}.")

    return Candidate(
        kind="missing", columns=(column.name, by), measures=(here, rest, total), word=word,
        impact=column.missing_share, effect=min(1.0, gain) * (BY_NATURE if is_by_nature else 1.0), n=test.n,
        p_value=test.p_value,
        statistics=f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _missing(column: ColumnProfile, others: list[str]) -> Candidate:
    others = others[:MOST_TOGETHER]
    both = Measure(
        metric="count", filters=tuple(Filter(column=name, op="is_missing") for name in (column.name, *others))
    )
    share = Measure(metric="missing_share", column=column.name)
    total = Measure(metric="missing_count", column=column.name)

    def word(facts: Facts) -> Wording | None:
        if number(facts, share.fact_id) is None:
            return None
        headline = f"{_it_is(column)} missing for {fact_slot(facts[share.fact_id])} of all records"
        if gives_bounds(column):
            return _only_bounds(column, facts[share.fact_id], facts[total.fact_id])
        if others and facts[both.fact_id].value == facts[total.fact_id].value:
            headline += f", always together with {_listed(others)}"
        cells = f"{fact_slot(facts[total.fact_id])} of {{{share.fact_id}|n}} cells"
        detail = f"{cells} of {column_slot(column.name)} hold no value."
        story = f"For {fact_slot(facts[share.fact_id])} of all records {_it_is(column)} not known."
        return Wording(headline, detail, "data", _advice_on_missing(column), story=story)

    return Candidate(
        kind="missing", columns=(column.name,), measures=(share, total, *((both,) if others else ())), word=word,
        impact=column.missing_share,
        effect=(0.25 + 0.5 * column.missing_share) * (NOT_ASKED if is_question(column.name) else 1.0)
        * (RARELY_FILLED if column.missing_share >= MOSTLY_MISSING else 1.0),
        n=column.missing_count,
    )  # fmt: skip


def gives_bounds(column: ColumnProfile) -> bool:
    """Whether most cells without a number say what it lies below or above: less than can be detected, under five."""
    return 2 * column.bounds > column.missing_count


def _only_bounds(column: ColumnProfile, share: Fact, total: Fact) -> Wording:
    name = column_slot(column.name)
    headline = f"{name} {is_are(column.name)} no exact number for {fact_slot(share)} of all records"
    detail = (
        f"{fact_slot(total)} of {{{share.id}|n}} cells of {name} hold no number: most of them say only what it lies "
        f"below or above. No figure of {name} counts them."
    )
    what = f"Decide what a bound counts as: every average of {name} leaves these cells out, and they lie at one end."
    return Wording(
        headline, detail, "data", what, story=f"For {fact_slot(share)} of all records {name} is mostly a bound."
    )


def _it_is(column: ColumnProfile) -> str:
    if period_of(column.name.strip()) or is_day(column.name):
        return f"the figure for {column_slot(column.name)} is"  # no year is missing, what was counted in it is
    return f"{column_slot(column.name)} {is_are(column.name)}"


def _advice_on_missing(column: ColumnProfile) -> str:
    """Return what to do about empty cells: most of a column, numbers that are averaged, dates, groups, or texts."""
    name = column_slot(column.name)
    if column.missing_share >= MOSTLY_MISSING:
        return f"Decide whether {name} is still worth filling in; until then, leave it out of reports on all records."
    if column.inferred_type == "numeric":
        return f"Say with every figure of {name} how many records it rests on, and ask why the others have none."
    if column.inferred_type == "datetime":
        return f"Find out whether records without {name} are still waiting for it or were never dated."
    if column.inferred_type in {"categorical", "boolean"}:
        return f"Show records without {name} as a group of their own wherever the table is split by it."
    return f"Ask who fills in {name}, and leave it out of reports that need every record."


def _listed(columns: list[str]) -> str:
    said = [column_slot(column) for column in columns]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
