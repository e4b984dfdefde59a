"""Read what a pivot table leaves in a sheet: what its values are above the header, and groups above their members.

In the compact form, which Excel makes unless told otherwise, the labels of all levels stand in one column: a group's
row holds the sums of the rows below it, which an indent alone sets apart, and no cell says so.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.reading.late import late
from datapilot.reading.layout.row_shapes import first_filled
from datapilot.reading.layout.subtotals import ROUNDING

# "Sum of Amount" in the languages of Excel: what was done, then a word, then the field.
_VALUES = late(
    r"(?:sum|count|average|max|min|product|stddevp?|varp?|distinct count) of .+"
    r"|(?:summe|anzahl|mittelwert|maximum|minimum|produkt|diskrete anzahl) von .+"
    r"|(?:somme|nombre|nb|moyenne|max|min|produit) (?:de |d['’]).+"
    r"|(?:suma|cuenta|recuento|promedio|m[áa]x\.?|m[íi]n\.?|soma|contagem|m[ée]dia|somma|conteggio|media) (?:de|di) .+"
    r"|(?:som|aantal|gemiddelde) van .+",
    re.IGNORECASE,
)
ROW_LABELS = frozenset({
    "row labels", "zeilenbeschriftungen", "étiquettes de lignes", "etiquetas de fila", "rótulos de linha",
    "etichette di riga", "rijlabels", "etykiety wierszy", "названия строк", "行标签", "行ラベル",
})  # fmt: skip


class Levels(NamedTuple):
    """The rows of a compact pivot table: `groups` are the places of those that add up the ones below them, `members`
    gives each other row's place the group it belongs to."""

    groups: tuple[int, ...]
    members: dict[int, int]


def names_the_values(cells: Sequence[str]) -> bool:
    """True for the line above the header that says what the values of a pivot table are."""
    first = first_filled(cells).strip()
    return len(first) < 100 and bool(_VALUES().fullmatch(first))


def levels_of(name: str, rows: Sequence[Sequence[str]]) -> Levels | None:
    """Return the two levels of a table whose first column, of this name, holds the row labels of a pivot table; None
    for any other, and where some row belongs to no group."""
    if name.rsplit(": ", maxsplit=1)[-1].casefold() not in ROW_LABELS:
        return None
    amounts = [[_amount(cell) for cell in row[1:]] for row in rows]
    groups: list[int] = []
    members: dict[int, int] = {}
    place = 0
    while place < len(rows):
        stop = _end_of_group(amounts, place)
        if stop is None:
            return None
        groups.append(place)
        members |= dict.fromkeys(range(place + 1, stop), place)
        place = stop
    return Levels(tuple(groups), members) if len(groups) > 1 else None


def _end_of_group(amounts: Sequence[Sequence[float | None]], group: int) -> int | None:
    """Return the row after the last of those that add up to the group's, in every column that has a number."""
    told = [(column, amount) for column, amount in enumerate(amounts[group]) if amount is not None]
    sums = dict.fromkeys((column for column, _ in told), 0.0)
    if not told:
        return None
    for place in range(group + 1, len(amounts)):
        for column in sums:
            sums[column] += (amounts[place][column] if column < len(amounts[place]) else None) or 0.0
        added = place - group
        if all(abs(sums[column] - amount) <= ROUNDING * added for column, amount in told):
            return place + 1
    return None


def _amount(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
