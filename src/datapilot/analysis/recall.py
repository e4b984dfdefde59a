"""The profile as a source of facts: what was counted while profiling is not asked of the engine again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from datapilot.analysis.bins import bins_measure
from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, NumericStats, Relation, TableProfile

_QUARTILES = {0.01: "p01", 0.05: "p05", 0.25: "p25", 0.5: "p50", 0.75: "p75", 0.95: "p95", 0.99: "p99"}


@dataclass(frozen=True)
class ProfileRecall:
    """Answers measures over all rows from a profile; None for everything else."""

    profile: TableProfile
    summaries: Mapping[str, ColumnSummary]
    columns: Mapping[str, ColumnProfile] = field(default_factory=dict)

    def __call__(self, measure: Measure) -> Fact | None:
        if measure.bin_width is not None:
            return self._of_bins(measure)
        split = (measure.by, measure.minus, measure.of)
        if measure.filters or measure.baseline or measure.column2 is not None or split != (None, None, None):
            return None
        if measure.column is None:
            return self._of_table(measure)
        column = self.columns.get(measure.column)
        return None if column is None else self._of_column(measure, column)

    def _of_table(self, measure: Measure) -> Fact | None:
        profile = self.profile
        cells = profile.rows * len(profile.columns)
        match measure.metric:
            case "count":
                return _fact(measure, profile.rows, "rows", profile.rows)
            case "duplicate_rows":
                return _fact(measure, profile.duplicate_rows, "rows", profile.rows)
            case "missing_count":
                return _fact(measure, profile.missing_cells, "cells", cells)
            case "missing_share":
                return _fact(measure, share(profile.missing_cells, cells) if cells else None, "share", cells)
            case _:
                return None

    def _of_column(self, measure: Measure, column: ColumnProfile) -> Fact | None:
        summary, rows = self.summaries[column.name], self.profile.rows
        match measure.metric:
            case "missing_count":
                return _fact(measure, column.missing_count, "cells", rows)
            case "missing_share":
                return _fact(measure, column.missing_share if rows else None, "share", rows)
            case "count":
                return _fact(measure, summary.count, "rows", summary.count)
            case "count_distinct":
                return _fact(measure, summary.unique_count, None, summary.count)
            case "min" | "max" if summary.stats is not None or column.storage in ("DATE", "TIMESTAMP", "TIME"):
                edge = summary.minimum if measure.metric == "min" else summary.maximum
                return _fact(measure, edge, column.unit, summary.count)
            case _:
                return None if summary.stats is None else _of_numbers(measure, summary.stats, column.unit)

    def _of_bins(self, measure: Measure) -> Fact | None:
        summary = self.summaries.get(str(measure.by))
        counted = summary.bin_counts if summary is not None else None
        if counted is None or bins_measure(str(measure.by), counted.bins).fact_id != measure.fact_id:
            return None
        entries = counted.entries()
        return Fact(
            id=measure.fact_id, measure=measure, value=entries, unit="rows", n=sum(entry.n for entry in entries)
        )


class RelationRecall:
    """Answers measures of two columns, over all rows, from relations that were found."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self._relations = {(one.kind, one.column, one.column2): one for one in relations}

    def __call__(self, measure: Measure) -> Fact | None:
        split = (measure.by, measure.minus, measure.of, measure.bin_width)
        if measure.filters or measure.baseline or split != (None, None, None, None):
            return None
        found = self._relations.get((measure.metric, str(measure.column), str(measure.column2)))
        return None if found is None else _fact(measure, found.strength, None, found.n)


def recall_of(profile: TableProfile, summaries: Mapping[str, ColumnSummary]) -> ProfileRecall:
    """Return the source of facts of a profile and the summaries it was made of."""
    return ProfileRecall(profile, summaries, {column.name: column for column in profile.columns})


def _of_numbers(measure: Measure, stats: NumericStats, unit: str | None) -> Fact | None:
    match measure.metric:
        case "sum" if stats.sum is not None and stats.count:
            return _fact(measure, stats.sum, unit, stats.count)
        case "mean":
            return _fact(measure, stats.mean, unit, stats.count)
        case "median":
            return _fact(measure, stats.median, unit, stats.count)
        case "std":
            return _fact(measure, stats.std, unit, stats.count)
        case "skew":
            return _fact(measure, stats.skew, None, stats.count)
        case "kurtosis":
            return _fact(measure, stats.kurtosis, None, stats.count)
        case "outlier_count":
            return _fact(measure, stats.outliers, "rows", stats.count)
        case "quantile" if measure.q in _QUARTILES:
            return _fact(measure, stats.quantiles[_QUARTILES[measure.q]], unit, stats.count)
        case _:
            return None


def _fact(measure: Measure, value: Scalar, unit: str | None, n: int) -> Fact:
    return Fact(id=measure.fact_id, measure=measure, value=value, unit=unit, n=n)
