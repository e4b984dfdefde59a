"""What a measure is split by: the SQL of a key, its spelling for people, and its place in time."""

from datetime import date, datetime, time
from typing import Any, NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Grain, Measure
from datapilot.engine.table import Table
from datapilot.engine.values import published

# How near below an edge, as a part of the quotient, a value counts as on it: 0.3 / 0.1 is 2.9999999999999996.
EDGE = 1e-12
_CLOCK_GRAINS = frozenset({"minute", "hour", "hour_of_day"})
_CYCLES = {"weekday": "isodow", "hour_of_day": "hour", "month_of_year": "month"}
_NUMBERS = frozenset({"BIGINT", "DOUBLE"})


class Key(NamedTuple):
    """The column that splits a measure, with its period or bin. `physical` and `storage` are the column's own."""

    physical: str
    storage: str
    grain: Grain | None = None
    bin_width: float | None = None

    @property
    def is_ordered(self) -> bool:
        """Whether the keys have an order of their own (time, bins) rather than that of their values."""
        return self.grain is not None or self.bin_width is not None or self.storage in ("DATE", "TIMESTAMP", "TIME")

    @property
    def is_year_number(self) -> bool:
        """Whether the column holds years as plain numbers, which are their own periods."""
        return self.grain == "year" and self.storage == "BIGINT"

    @property
    def sql(self) -> str:
        column = self.physical
        if self.bin_width is not None:
            quotient = f"({column} / {self.bin_width!r})"
            return f"TRY_CAST(floor({quotient} + {EDGE} * greatest(1.0, abs({quotient}))) AS HUGEINT)"
        if self.grain is None:
            return column
        if self.is_year_number:
            return column
        if self.grain in _CYCLES:
            return f"{_CYCLES[self.grain]}({column})"
        truncated = f"date_trunc('{self.grain}', {column})"
        return truncated if self.grain in ("minute", "hour") else f"CAST({truncated} AS DATE)"

    def spell(self, raw: Any) -> Scalar:
        """Return a key as the database gave it in the form that is published."""
        if raw is None:
            return None
        if self.bin_width is not None:
            whole = self.storage == "BIGINT" and float(self.bin_width).is_integer()
            return raw * int(self.bin_width) if whole else published(raw * self.bin_width)
        if self.is_year_number:
            return f"{raw:04d}"
        return period_name(raw, self.grain) if self.grain is not None else published(raw)

    def place(self, raw: Any) -> float:
        """Return where a key lies on its axis, one period or bin apart from the next."""
        if self.is_year_number:
            return float(raw)
        match self.grain:
            case "day":
                return float(raw.toordinal())
            case "week":
                return float(raw.toordinal() / 7)
            case "month":
                return float(raw.year * 12 + raw.month)
            case "quarter":
                return float(raw.year * 4 + raw.month / 3)
            case "year":
                return float(raw.year)
            case "hour" | "minute":
                seconds = (raw - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001 - timestamps are naive
                return float(seconds / (3600 if self.grain == "hour" else 60))
            case _:
                return float(raw)


def key_of(measure: Measure, table: Table) -> Key | None:
    """Return the key of a measure with `by`; raises UnknownMeasure where grain or bins do not fit the column."""
    if measure.by is None:
        if measure.grain is not None or measure.bin_width is not None or measure.limit is not None:
            raise UnknownMeasure("A grain, a bin width or a limit needs a column to split by.")
        return None
    storage = table.column(measure.by).storage
    if measure.grain is not None:
        if measure.bin_width is not None:
            raise UnknownMeasure("A measure is split by periods or by bins, not both.")
        _check_grain(measure.grain, storage, measure.by)
    if measure.bin_width is not None and (storage not in _NUMBERS or not 0 < measure.bin_width < float("inf")):
        raise UnknownMeasure(f"“{measure.by}” cannot be cut into bins of {measure.bin_width}.")
    return Key(table.physical(measure.by), storage, measure.grain, measure.bin_width)


def _check_grain(grain: Grain, storage: str, name: str) -> None:
    has_day, has_clock = storage in ("DATE", "TIMESTAMP"), storage in ("TIME", "TIMESTAMP")
    if grain == "year" and storage == "BIGINT":
        return
    fits = (grain == "hour_of_day" and has_clock) or (grain in _CLOCK_GRAINS and storage == "TIMESTAMP")
    if not (fits or (grain not in _CLOCK_GRAINS and has_day)):
        raise UnknownMeasure(f"“{name}” has no {grain.replace('_', ' ')}.")


def period_name(raw: date | datetime | time | int, grain: Grain) -> Scalar:
    """Return the ISO text of a period's start, as short as its grain; cycles stay numbers."""
    if isinstance(raw, int):
        return raw
    if isinstance(raw, datetime):
        return raw.isoformat(timespec="minutes" if grain == "minute" else "hours")
    assert isinstance(raw, date)
    match grain:
        case "week":
            year, week, _ = raw.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case "month":
            return f"{raw.year:04d}-{raw.month:02d}"
        case "quarter":
            return f"{raw.year:04d}-Q{(raw.month + 2) // 3}"
        case "year":
            return f"{raw.year:04d}"
        case _:
            return raw.isoformat()
