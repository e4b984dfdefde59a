"""A few dates that lie years after all others: years of two digits in the wrong century, or a mark for "never"."""

import numpy as np

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import lies_ahead

MOST_COLUMNS = 3
FEWEST_DATES = 100
MOST_STRAY = 0.01  # of the dates may lie far after all others
FAR_YEARS = 3
LEFT_OF_FULL = 0.1  # of the last full year's rows, that any later year may have


def ends_of_most(table: Table, profile: TableProfile) -> dict[str, str]:
    """Return, of the first columns of dates in which a few lie years after the rest, the first day after the year in
    which the rest ends. What is planned or runs out may lie ahead."""
    dates = [one for one in profile.columns if one.storage in {"DATE", "TIMESTAMP"} and one.pii is None]
    fit = [one for one in dates if _reaches_far(one) and not lies_ahead(one.name)][:MOST_COLUMNS]
    ends = ((one.name, _end(table, one)) for one in fit)
    return {name: end for name, end in ends if end is not None}


def _reaches_far(column: ColumnProfile) -> bool:
    first, last = str(column.minimum)[:4], str(column.maximum)[:4]
    return first.isdecimal() and last.isdecimal() and int(last) - int(first) >= FAR_YEARS


def _end(table: Table, column: ColumnProfile) -> str | None:
    """Return the first day after the last full year. The strays are at most MOST_STRAY of the dates, reach FAR_YEARS or
    more, and no later year has a tenth of the last full one: what grows less from year to year does not fall so."""
    cell = table.physical(column.name)
    found = table.connection.execute(
        f"SELECT year({cell}), count(*) FROM {table.relation} WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    years, counts = (np.array(one, dtype=np.int64) for one in zip(*found, strict=True))
    if counts.sum() < FEWEST_DATES:
        return None
    beyond = counts.sum() - np.cumsum(counts)
    last = int(np.argmax(beyond <= MOST_STRAY * counts.sum()))
    later = counts[last + 1 :]
    if not len(later) or years[-1] - years[last] < FAR_YEARS or later.max() > LEFT_OF_FULL * counts[last]:
        return None
    return f"{int(years[last]) + 1:04d}-01-01"
