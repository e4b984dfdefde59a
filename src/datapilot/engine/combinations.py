"""Group by several columns in one pass. Most of a grouping's time goes into finding each row's group, so that the sums
of numbers come nearly for free, and those of each column alone follow from them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from datapilot.engine.atoms import Atom, fold
from datapilot.engine.evaluate import remember_groups
from datapilot.engine.keys import Key
from datapilot.engine.statements import expression_of
from datapilot.engine.table import Table

Combination = tuple[tuple[Any, ...], int]


def count_combinations(names: Sequence[str], table: Table, *, adding: Sequence[str] = ()) -> list[Combination]:
    """Return the combinations of values that occur in the columns, None for a missing one, and in how many rows.

    What they add up to is remembered: how many rows each value of each column has, and the sums of the numeric columns
    `adding` over these.
    """
    keys = [Key(table.physical(name), table.column(name).storage) for name in names]
    new = [key for key in keys if Atom("rows", key=key) not in table.memory.values]
    atoms = [Atom("rows")]
    for name in adding if new else ():
        physical, storage = table.physical(name), table.column(name).storage
        atoms += [Atom("sum", physical, storage), Atom("values", physical, storage)]
    split = ", ".join(key.physical for key in keys)
    aggregates = ", ".join(map(expression_of, atoms))
    found = table.connection.execute(f"SELECT {split}, {aggregates} FROM {table.relation} GROUP BY {split}").fetchall()
    for key in new:
        place = keys.index(key)
        parts: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        for row in found:
            parts[row[place]].append(row[len(keys) :])
        for number, atom in enumerate(atoms):
            by_key = {value: fold(atom.what, [part[number] for part in some]) for value, some in parts.items()}
            remember_groups(atom._replace(key=key), by_key, table)
    return [(row[: len(keys)], row[len(keys)]) for row in found]
