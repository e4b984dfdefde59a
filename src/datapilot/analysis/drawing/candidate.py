"""A chart before its figures are known: what it measures, and how it will be drawn once they are."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypedDict, Unpack

from datapilot.analysis.subjects import filler_of
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec, ChartType, RowSample
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, Quotient, TableProfile
from datapilot.words.labels import label
from datapilot.words.meanings import name_words
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, is_question, label_in_sentence, render, value_slot

X, Y, VALUE = "x", "y", "value"
_PERCENT_WORDS = frozenset({"pct", "percent", "percentage", "prozent"})
_AVERAGES = frozenset({"average", "avg", "mean"})

Record = dict[str, Scalar]


def _nothing(_: Sequence[Fact]) -> float:
    return 0.0


class Candidate(NamedTuple):
    """A chart worth considering. `score` (0-100) ranks it, `columns` say what it is about; `draw` makes the chart of
    the facts of `measures`, in their order, or None where they turn out to say nothing. `gain` is what the score gains
    by how much these facts tell."""

    type: ChartType
    score: float
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    draw: Callable[[Sequence[Fact]], ChartSpec | None]
    gain: Callable[[Sequence[Fact]], float] = _nothing


class Wording(NamedTuple):
    """What a chart says, as templates, but for `of_drawing`: a sentence about the drawing itself, behind the note."""

    title: str
    subtitle: str
    alt: str
    note: str = ""
    of_drawing: str = ""


class Axes(NamedTuple):
    """What stands at the two axes. `unit` is that of y."""

    x: str
    y: str
    unit: str | None = None
    x_unit: str | None = None


class OfOneType(TypedDict, total=False):
    """What charts of a single type have, as ChartSpec explains it."""

    order: tuple[int, ...] | None
    partial_last: bool
    sample: RowSample
    value_key: str


def assemble(
    kind: ChartType,
    wording: Wording,
    axes: Axes,
    data: Sequence[Record],
    *,
    cited: Sequence[Fact],
    points_total: int,
    **of_one_type: Unpack[OfOneType],
) -> ChartSpec:
    """Return the chart, its texts rendered with the facts it cites; the first of them gives it its id."""
    known = {fact.id: fact for fact in cited}
    return ChartSpec(
        id=f"chart_{cited[0].id.removeprefix('f_')}",
        type=kind,
        title=render(wording.title, known),
        title_template=wording.title,
        subtitle=render(wording.subtitle, known),
        alt=render(wording.alt, known),
        x_key=X,
        y_key=Y,
        x_label=axes.x,
        y_label=axes.y,
        unit=axes.unit,
        x_unit=axes.x_unit,
        data=tuple(data),
        points_shown=len(data),
        points_total=points_total,
        note=" ".join(filter(None, (render(wording.note, known), wording.of_drawing))) or None,
        fact_ids=tuple(known),
        **of_one_type,
    )


def number_of(fact: Fact) -> int | float | None:
    """Return the fact's value where it is one number."""
    return fact.value if isinstance(fact.value, int | float) else None


def axis(column: ColumnProfile, *, prefix: str = "") -> str:
    """Return an axis label: the column in words, its unit behind it unless the words have it already."""
    text = f"{prefix}{label_in_sentence(column.name) if is_question(column.name) else label(column.name)}"
    text = text[:1].upper() + text[1:]
    unit = column.unit
    if not unit or unit in ("share", "rows", "cells"):
        return text
    if unit == "%" and _PERCENT_WORDS & {*name_words(column.name)}:
        return text
    is_said = unit in (re.split(r"[\s()\[\]]+", text) if unit.isalnum() else text)
    return text if is_said else f"{text} ({unit})"


class Subject(NamedTuple):
    """What a line or bar shows per period or group: an amount added up, a rate averaged, or rows counted.

    `filler` is the number that stands for no value in the column, `others` keeps the rows that no other row adds up;
    every measure of the subject leaves out the one and the rest. A rate that is the `quotient` of two amounts is that
    of their sums, or small rows would count like large ones.
    """

    column: ColumnProfile | None
    filler: int | float | None = None
    others: Filter | None = None
    quotient: Quotient | None = None
    side: Filter | None = None  # the condition of the rows on one side of an account, to which it keeps

    @property
    def metric(self) -> str:
        if self.column is None:
            return "count"
        if self.quotient is not None:
            return "ratio"
        return "sum" if self.column.role == "sum" else "mean"

    @property
    def is_average(self) -> bool:
        """Whether it stays as large however many rows there are."""
        return self.metric in {"mean", "ratio"}

    @property
    def form(self) -> str:
        """What a slot of one of its figures ends with: the form that the figure's own unit does not say."""
        return "|percent" if self.quotient is not None and self.quotient.is_percent else ""

    @property
    def slot(self) -> str:
        """The subject in a sentence: the slot of an amount, of an average, or rows."""
        if self.column is None:
            return "number of rows"
        slot = column_slot(self.column.name)
        if self.side is not None:
            slot += self._where
        return slot if self.is_bare else f"average {slot}"

    @property
    def axis(self) -> str:
        if self.column is None:
            return "Rows"
        column = self.column.model_copy(update={"unit": self.unit})
        said = axis(column, prefix="" if self.is_bare else "average ")
        return said if self.side is None else f"{said}, {show(self._side_value, None)}"

    @property
    def _where(self) -> str:
        assert self.side is not None
        return f" where {column_slot(self.side.column)} is {value_slot(self._side_value)}"

    @property
    def _side_value(self) -> Scalar:
        assert self.side is not None
        assert not isinstance(self.side.value, tuple)
        return self.side.value

    @property
    def is_bare(self) -> bool:
        """Whether nobody need say that it is an average: its column calls itself one, or it is a part of a whole, which
        is no average but that part of all of it."""
        assert self.column is not None
        is_average_by_name = label(self.column.name).split()[0].lower() in _AVERAGES
        return self.metric == "sum" or is_average_by_name or (self.quotient is not None and self.quotient.is_part)

    @property
    def unit(self) -> str | None:
        if self.quotient is not None and self.quotient.is_percent:
            return "share"
        return "rows" if self.column is None else self.column.unit

    @property
    def names(self) -> tuple[str, ...]:
        return () if self.column is None else (self.column.name,)

    @property
    def name(self) -> str:
        assert self.column is not None
        return self.column.name

    @property
    def is_never_negative(self) -> bool:
        """Whether a change of the subject in per cent makes sense."""
        least = 0 if self.column is None or self.filler is not None else self.column.minimum
        return isinstance(least, int | float) and least >= 0

    @property
    def filters(self) -> tuple[Filter, ...]:
        others = tuple(one for one in (self.others, self.side) if one is not None)
        if self.filler is None:
            return others
        return (Filter(column=self.name, op="ne", value=self.filler), *others)

    def measure(self, **split: object) -> Measure:
        """Return the subject's measure, split as said (`by`, `grain`, `limit`)."""
        return Measure.model_validate({"metric": self.metric, **self.measured, "filters": self.filters, **split})

    @property
    def measured(self) -> dict[str, str | None]:
        """What its measures are of: a column, or two."""
        if self.quotient is not None:
            return {"column": self.quotient.above, "column2": self.quotient.below}
        return {"column": None if self.column is None else self.name}

    @property
    def how(self) -> str:
        """How it is computed, as a template: the beginning of a chart's subtitle."""
        if self.quotient is not None:
            above, below = column_slot(self.quotient.above), column_slot(self.quotient.below)
            return f"Sum of {above} divided by sum of {below}"
        word = "Sum" if self.metric == "sum" else "Average"
        # A question takes a line of its own, and the title has it.
        said = word if is_question(self.name) else f"{word} of {column_slot(self.name)}"
        return said if self.side is None else said + self._where

    @property
    def note(self) -> str:
        """The sentence that says what is left out, as a template; empty where nothing is."""
        said = []
        if self.filler is not None:
            said.append(filler_note(self.filler))
        if self.others is not None and not isinstance(self.others.value, tuple):
            said.append(f"{value_slot(self.others.value)} adds up the other rows and is left out.")
        return " ".join(said)

    def title(self, rest: str) -> str:
        """Return a title template that begins with the subject."""
        slot = self.slot
        return (slot if slot.startswith("{") else slot[:1].upper() + slot[1:]) + rest


def filler_note(filler: float) -> str:
    """Return the sentence that says which number is left out as no value, as a template."""
    return f"{value_slot(filler)} stands for no value: rows with it are left out."


def subject_of(column: ColumnProfile, profile: TableProfile) -> Subject:
    """Return the subject of a numeric column."""
    quotient = next((one for one in profile.quotients if one.column == column.name), None)
    return Subject(column, filler_of(column, profile.numeric[column.name]), profile.left_out, quotient)
