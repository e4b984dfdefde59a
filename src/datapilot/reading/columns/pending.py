"""A column on its way to a type, and the relation in which its cells lie meanwhile."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from datapilot.engine import duckdb
from datapilot.reading.columns.evidence import WHITESPACE, Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.text_table import quoted

RELATION = "data"
BATCH_COLUMNS = 40  # more aggregates in one statement cost the planner more than they save the scan


@dataclass
class PendingColumn:
    """One column on its way to a type."""

    position: int
    evidence: Evidence
    plan: Plan
    strips: bool
    is_clean: bool
    misfits: Counter[str] = field(default_factory=Counter)  # the most frequent ones
    failed: int = 0  # cells that do not fit, of all misfits
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        return f"trim(c{self.position}, {quoted(WHITESPACE)})" if self.strips else f"c{self.position}"

    @property
    def misfit_column(self) -> str:
        return f"m{self.position}"

    @property
    def keeps_misfits(self) -> bool:
        """Whether cells that do not fit have a column of their own while the table is loaded."""
        return self.plan.value is not None and not self.is_clean


def decimal_of(columns: Sequence[PendingColumn]) -> str | None:
    """Return the decimal mark that the columns are read with, None where none has one."""
    if any("decimal comma" in column.plan.words for column in columns):
        return ","
    if any("decimal point" in column.plan.words for column in columns):
        return "."
    return None


def count_filled(connection: duckdb.DuckDBPyConnection, physical: Sequence[str]) -> dict[str, int]:
    """Return how many cells of each physical column are filled."""
    counts: dict[str, int] = {}
    for start in range(0, len(physical), 4 * BATCH_COLUMNS):
        batch = physical[start : start + 4 * BATCH_COLUMNS]
        row = (
            connection.execute(f"SELECT {', '.join(f'count({name})' for name in batch)} FROM {RELATION}").fetchone()
            or ()
        )
        counts.update(zip(batch, map(int, row), strict=True))
    return counts


def batches_of(columns: Sequence[PendingColumn]) -> Iterator[Sequence[PendingColumn]]:
    """Yield the columns in batches of one statement each."""
    for start in range(0, len(columns), BATCH_COLUMNS):
        yield columns[start : start + BATCH_COLUMNS]
