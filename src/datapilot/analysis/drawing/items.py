"""Bars of a table whose every row has a name of its own, as lists of regions, countries or products have: each row's
figure, the highest first. No group is averaged and nothing is folded into a rest: what is not drawn is said."""

from collections.abc import Iterator, Sequence
from functools import partial

from datapilot.analysis.drawing.bar_words import NARROW
from datapilot.analysis.drawing.bars import LONGEST_LABEL
from datapilot.analysis.drawing.candidate import Axes, Candidate, Subject, Wording, X, Y, assemble, axis
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.cleaning import clean_text
from datapilot.words.labels import is_row_name
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, show_key
from datapilot.words.time_columns import period_of

MOST_ROWS = 1_000  # beyond, the highest ten are a few of very many
FEW_ROWS = 60  # of which bars say more than how they spread
MOST_ITEMS = 10
ALL_ITEMS = 15  # rows of a list so short that leaving some out would hide what it adds up from
LONGEST_NAME = 40  # letters, on the average; longer ones are sentences
TOLD = 0.5  # of the names seen, that are sentences: what was asked or bought in a row's own words, and no name of it
STOPS = (".", "!", "?", "…")
NUMBERED = 0.5  # of the names seen, that have a figure in them: Event 12 tells no reader anything


def item_column(profile: TableProfile, others: Sequence[ColumnProfile]) -> ColumnProfile | None:
    """Return the column that names every row, but for those `others` that are drawn as categories; None without."""
    drawn = {one.name for one in others}
    return next((one for one in profile.columns if one.name not in drawn and _names_rows(one, profile.rows)), None)


def _names_rows(column: ColumnProfile, rows: int) -> bool:
    seen = [str(value) for value in column.sample_values]
    return (
        column.storage == "VARCHAR"
        and column.pii is None
        and column.inferred_type in ("text", "categorical", "location")
        and column.subtype != "code"
        and 2 <= column.unique_count == rows - column.missing_count <= MOST_ROWS
        and column.missing_count <= 1
        and (column.mean_length or 0) <= LONGEST_NAME
        and sum(any(map(str.isdigit, value)) for value in seen) <= NUMBERED * len(seen)
        and sum(map(_is_sentence, seen)) <= TOLD * len(seen)
    )


def _is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does: "Printer is out of paper.", but not "Acme Trading Inc."."""
    *_, last = text.split() or [""]
    return last.endswith(STOPS) and last[0].islower()


def propose_items(items: ColumnProfile | None, subjects: Sequence[Subject]) -> Iterator[Candidate]:
    """Offer the bars of each subject, the main one first; of a long list the main one alone."""
    if items is None:
        return
    is_short = items.unique_count <= FEW_ROWS
    for rank, subject in enumerate(subjects if is_short else subjects[:1]):
        # What is written is shown: of one row a rate needs no weighing.
        own = subject._replace(quotient=None)
        yield Candidate(
            type="bar",
            score=(90.0 if is_short else 76.0) - 10 * rank,
            columns=(items.name, *own.names),
            measures=(own.measure(by=items.name, limit=ALL_ITEMS if items.unique_count <= ALL_ITEMS else MOST_ITEMS),),
            draw=partial(_draw, items, own),
        )


def _draw(items: ColumnProfile, subject: Subject, facts: Sequence[Fact]) -> ChartSpec | None:
    (fact,) = facts
    assert isinstance(fact.value, tuple)
    shown = [one for one in fact.value if one.other is None and one.key and isinstance(one.value, int | float)]
    values = [float(str(one.value)) for one in shown]
    if len(shown) < 2 or max(values) == min(values) or fact.value[: len(shown)] != tuple(shown):
        return None
    is_named = not is_row_name(items.name)
    name, by = column_slot(subject.name), column_slot(items.name) if is_named else "item"
    highest, lowest = (f"{{{fact.id}[{at}].key}} with {{{fact.id}[{at}].value}}" for at in (0, len(shown) - 1))
    # The name of a period has no highest: "the highest 2023".
    is_led = values[0] - values[1] > NARROW * abs(values[0]) and period_of(subject.name.strip()) is None
    left = sum(one.other or 0 for one in fact.value)
    names = [clean_text(show_key(one.key, fact.measure), limit=LONGEST_LABEL) for one in shown]
    if len(set(names)) < len(names):
        return None  # names that begin alike and are cut
    return assemble(
        "bar",
        Wording(
            title=f"{{{fact.id}[0].key}} has the highest {name}: {{{fact.id}[0].value}}"
            if is_led
            else f"{name} by {by}"
            if is_named
            else f"{name}, item by item",
            subtitle=f"{name} of each {by}",
            alt=f"Bars of {name} by {by}: highest {highest}, lowest drawn {lowest}.",
            note=subject.note,
            of_drawing=f"The {len(shown)} highest of {show(len(shown) + left, None)} are drawn." if left else "",
        ),
        Axes(
            axis(items) if is_named else "Item",
            axis(subject.column) if subject.column is not None else "",
            subject.unit,
        ),
        [{X: said, Y: one.value} for said, one in zip(names, shown, strict=True)],
        cited=facts,
        points_total=len(shown) + left,
    )
