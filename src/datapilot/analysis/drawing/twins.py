"""Categories that part the rows alike, of which one is drawn: a region and its continent, a name and its code."""

from collections import Counter
from collections.abc import Sequence

from datapilot.analysis.drawing.bar_words import LONGEST_BARE
from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

TWINS = 0.95  # of Cramér's V, from which two categories are one under two names
TWINS_APART = 0.1  # of the rows looked at, which twins may part otherwise
LOOKED_AT = 2_000  # rows, about
MOST_KEYS_OF_TWINS = 100


def without_twins(
    columns: Sequence[ColumnProfile], profile: TableProfile, table: Table, *, most: int
) -> list[ColumnProfile]:
    """Return at most so many categories, one of those that part the rows alike: a region and its continent, a name and
    its code, of which the name is kept."""
    apart = {
        frozenset((one.column, one.column2))
        for one in profile.relations
        if one.kind == "association" and one.strength < TWINS
    }
    cells = _SomeCells(table)
    kept: list[ColumnProfile] = []
    for column in columns:
        alike = (one for one in kept if frozenset((one.name, column.name)) not in apart)
        twin = next((one for one in alike if _are_twins(one, column, cells)), None)
        if twin is not None:
            if _is_code(twin) and not _is_code(column):
                kept[kept.index(twin)] = column
        elif len(kept) < most:
            kept.append(column)
    return kept


def _are_twins(one: ColumnProfile, other: ColumnProfile, cells: "_SomeCells") -> bool:
    """Whether nearly every value of each goes with one value of the other, which leaves room for a few rows that one of
    them parts further, and the two hang together closely (Cramér's V), which is asked only then."""
    fewer, more = sorted((one.unique_count, other.unique_count))
    if more > min(MOST_KEYS_OF_TWINS, 2 * fewer):
        return False
    looked_at = Counter(zip(cells[one.name], cells[other.name], strict=True))
    for side in (0, 1):
        usual: dict[object, int] = {}
        for pair, rows in looked_at.items():
            usual[pair[side]] = max(usual.get(pair[side], 0), rows)
        if sum(usual.values()) < (1 - TWINS_APART) * looked_at.total():
            return False
    (fact,) = evaluate([Measure(metric="association", column=one.name, column2=other.name)], cells.table)
    return isinstance(fact.value, float) and fact.value >= TWINS


class _SomeCells(dict[str, list[object]]):
    """The cells of a column in about LOOKED_AT rows from all over the table, fetched when it is first asked for."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, name: str) -> list[object]:
        step = max(1, self.table.row_count // LOOKED_AT)
        asked = f"SELECT {self.table.physical(name)} FROM {self.table.relation} WHERE rowid % {step} = 0 ORDER BY rowid"
        self[name] = [cell for (cell,) in self.table.connection.execute(asked).fetchall()]
        return self[name]


def _is_code(column: ColumnProfile) -> bool:
    """Whether the values of a category are numbers or a few letters, which say less than a name beside them."""
    return column.storage != "VARCHAR" or (column.max_length or 0) <= LONGEST_BARE
