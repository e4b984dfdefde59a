"""The profile of a table: exact figures per column and for the whole."""

from typing import Literal

from pydantic import ConfigDict, Field

from datapilot.contracts.base import Contract, Scalar, Sparse
from datapilot.contracts.measure import Filter
from datapilot.contracts.table import Column, Conversion, InferredType, Pii, Role


class TopValue(Contract):
    """One of the most frequent values; `share` is of all rows, missing ones included."""

    value: Scalar
    count: int
    share: float


class TextPattern(Contract):
    """One of the commonest masks of a column's texts: `9` stands for a digit, `A` for a capital, `a` for any other
    letter, every other character for itself. `share` is of all rows, missing ones included."""

    mask: str
    count: int
    share: float


StepUnit = Literal["second", "minute", "hour", "day", "weekday", "week", "month", "quarter", "year"]


class Rhythm(Contract):
    """How the distinct moments of a date column follow each other: usually `every` so many `unit`s, which `regularity`
    of the steps between neighbours (0-1) keep. `weekday` steps from Friday to Monday.

    `gaps` are the longer steps, None where fewer than half keep the usual one. The longest gap, or then the longest
    step, lies between the moments `gap_from` and `gap_to`, the first of equally long ones; None where `gaps` is 0.
    """

    model_config = ConfigDict(alias_generator=str)

    every: float | int
    unit: StepUnit
    regularity: float
    gaps: int | None
    gap_from: str | None
    gap_to: str | None


class ColumnProfile(Column):
    """A column with its counts; this is an entry of the result's `schema`, whose keys are snake_case.

    `missing_count` leaves out cells that hold something unreadable: those are `inconsistent_count`. `sample_values` are
    up to five distinct values in file order, masked where `pii` is set. `minimum`/`maximum` are ISO text for dates,
    characters' lengths stand in `min_length`/`max_length` for text. `rhythm` is set for date columns that are not
    personal and hold from 3 to 4,000,000 distinct moments. Words per value, and up to five `patterns` where a third or
    more of the texts (of at most 40 characters) are built alike, are set for columns that are not personal, in file
    order until 20,000 distinct texts of the table have been looked at.
    """

    # `None` would leave the inherited fields with the names that their own class gave them.
    model_config = ConfigDict(alias_generator=str)

    label: str | None = Field(
        default=None, description="the name as sentences and charts say it; absent in results of earlier versions"
    )
    missing_count: int
    missing_share: float
    inconsistent_count: int = 0
    unique_count: int
    sample_values: tuple[Scalar, ...]
    top_values: tuple[TopValue, ...] = ()
    minimum: Scalar = None
    maximum: Scalar = None
    min_length: int | None = None
    max_length: int | None = None
    mean_length: float | None = None
    min_words: int | None = None
    max_words: int | None = None
    mean_words: float | None = None
    patterns: tuple[TextPattern, ...] = ()
    rhythm: Rhythm | None = None


class BriefColumn(Sparse):
    """A column of a very wide table as the result's `schema` lists it: what it is and two counts. Keys without a value
    are left out. Everything known about it is served page by page, see ColumnInFull."""

    model_config = ConfigDict(alias_generator=str)

    name: str
    inferred_type: InferredType
    subtype: str | None = None
    role: Role
    pii: Pii | None = None
    missing_count: int
    unique_count: int


ToldColumn = ColumnProfile | BriefColumn


class NumericStats(Contract):
    """Exact statistics of one numeric column, over its non-missing values.

    `std` is the sample deviation (n - 1); quantiles interpolate linearly (type 7 of Hyndman & Fan 1996), keyed
    `p01 p05 p25 p50 p75 p95 p99`; values are None where undefined (no values, or one value for `std`).
    `sum` is None where the column's role forbids adding.
    """

    count: int
    sum: float | int | None
    mean: float | None
    min: float | int | None
    max: float | int | None
    median: float | None
    std: float | None
    skew: float | None
    kurtosis: float | None
    zeros: int
    negatives: int
    outliers: int
    quantiles: dict[str, float | None]


class ColumnInFull(Contract):
    """Everything known about one column: with statistics if it is numeric, with its conversion if it was converted."""

    column: ColumnProfile
    stats: NumericStats | None = None
    conversion: Conversion | None = None


class Relation(Contract):
    """Two columns that move together: Pearson's `r` for numbers, bias-corrected Cramer's V for categories, or the
    correlation ratio of the number `column` by the category `column2`, all within -1..1, with the rows it rests on and
    the p-value of no relation. `kind` is the metric of its measure."""

    kind: str
    column: str
    column2: str
    strength: float
    n: int
    p_value: float


class RelatedPair(Contract):
    """Two columns that go together: a Relation without its test."""

    kind: Literal["correlation", "association", "correlation_ratio"]
    column: str
    column2: str
    strength: float
    n: int


class RelatedPairs(Contract):
    """What goes together: of `compared` pairs of columns the `clear` ones, of which `pairs` are the first. The
    strongest comes first; columns that say the same come last. `marked` columns of numbers are left out, because one
    of their values stands for no value (-200): what goes with them goes with that mark."""

    compared: int
    clear: int
    marked: int = 0
    pairs: tuple[RelatedPair, ...]


MOST_ANSWERS = 10  # to one question, that are told and drawn
WHOLE, ROUNDED = 100.0, 4.0  # percent: the answers to a question add up to this, give or take rounding and refusals


class AnswerTable(Contract):
    """How the columns of a printed cross-tabulation of a survey belong together: a row for each answer, a column of
    percentages for each group. `families` are groups of one kind each, two or more; `whole` is the column of all
    respondents, if any."""

    answer: str
    question: str | None
    families: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of percent."""
        return (*(name for groups in self.families for name in groups), *self.whole)

    @staticmethod
    def is_whole(percent: float) -> bool:
        """Whether percentages with this sum are all the answers to a question, of which each respondent gave one."""
        return abs(percent - WHOLE) <= ROUNDED


class Quotient(Contract):
    """A rate that is one amount of its row divided by another: over many rows it is the sum of `above` over the sum of
    `below`. `is_percent` says that its cells are percentages or shares of a whole, `is_part` that `above` is a part of
    `below`: the rate is never more than the whole."""

    column: str
    above: str
    below: str
    is_percent: bool
    is_part: bool


class SpreadChoice(Contract):
    """Yes-or-no columns that are one choice spread over several: no row has two of them. `is_told` says that their
    names are times, or that a column beside them (a type, a year) says which it is."""

    columns: tuple[str, ...]
    is_told: bool


class TableProfile(Contract):
    """Everything counted about a table, before anything is judged or said."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    missing_cells: int
    inconsistent_cells: int
    duplicate_rows: int
    duplicate_row_examples: tuple[int, ...] = Field(
        default=(), description="first 20 indices of rows equal to an earlier row"
    )
    numeric: dict[str, NumericStats]
    relations: tuple[Relation, ...] = ()
    pairs_compared: int = Field(default=0, description="pairs of columns among which relations were looked for")
    notes: tuple[str, ...] = ()
    answers: AnswerTable | None = None
    quotients: tuple[Quotient, ...] = ()
    choices: tuple[SpreadChoice, ...] = ()
    worked_out: dict[str, str] = Field(
        default={}, description="columns that are a function of another (its logarithm, its square), with that one"
    )
    most_end: dict[str, str] = Field(
        default={},
        description="of dates of which a few lie years after the rest, the first day after the rest's last year",
    )
    left_out: Filter | None = Field(
        default=None,
        description="the condition that leaves out rows which add up all others, or are a plan of them; None without",
    )

    @property
    def are_mostly_bounds(self) -> bool:
        """Whether most of what counts as missing gives a bound such as `<5`."""
        return 2 * sum(column.bounds for column in self.columns) > self.missing_cells
