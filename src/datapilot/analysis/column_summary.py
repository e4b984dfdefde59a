"""What is counted about one column, whatever its type."""

from dataclasses import dataclass

from datapilot.analysis.bins import BinCounts
from datapilot.contracts.base import Scalar
from datapilot.contracts.profile import NumericStats, Rhythm, TopValue


@dataclass(frozen=True)
class ColumnSummary:
    """Counts of a column's typed cells. Top values occur at least twice, the most frequent first, ties in the order
    of the values. Lengths are those of texts, `rhythm` of dates, `stats` of numbers."""

    count: int
    unique_count: int
    top_values: tuple[TopValue, ...] = ()
    minimum: Scalar = None
    maximum: Scalar = None
    min_length: int | None = None
    max_length: int | None = None
    mean_length: float | None = None
    rhythm: Rhythm | None = None
    stats: NumericStats | None = None
    bin_counts: BinCounts | None = None


def share(count: int, whole: int) -> float:
    """Return count / whole to twelve digits; 0 of nothing."""
    return float(f"{count / whole:.12g}") if whole else 0.0
