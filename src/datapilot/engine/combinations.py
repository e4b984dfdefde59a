"""Group by several columns in one pass. Most of a grouping's time goes into finding each row's group, so that the sums
of numbers come nearly for free, and those of each column alone follow from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datapilot.engine.atoms import Atom, fold
from datapilot.engine.evaluate import remember_groups
from datapilot.engine.keys import Key
from datapilot.engine.statements import expression_of
from datapilot.engine.table import Table


class Combination(NamedTuple):
    """Values that occur together, None for a missing one, and in how many rows. Of each number that is added up
    `counts` says how many of these rows have it; `distances` are the sums of its distances and of their squares from
    the value given for it, the two of one number after the other, None where no row has it."""

    values: tuple[Any, ...]
    rows: int
    counts: tuple[int, ...]
    distances: tuple[float | None, ...]


def count_combinations(
    names: Sequence[str], table: Table, *, adding: Mapping[str, float] | None = None
) -> list[Combination]:
    """Return the combinations of values that occur in the columns. `adding` names numeric columns to add up, and for
    each a value amid its own, such as the mean: sums of distances from it lose no digits.

    What they add up to is remembered: how many rows each value of each column has, and the sums of the numbers over
    these.
    """
    numbers = adding or {}
    keys = [Key(table.physical(name), table.column(name).storage) for name in names]
    new = [key for key in keys if Atom("rows", key=key) not in table.memory.values]
    atoms = [Atom("rows")]
    for name in numbers:
        physical, storage = table.physical(name), table.column(name).storage
        atoms += [Atom("sum", physical, storage), Atom("values", physical, storage)]
    distances = [f"(CAST({table.physical(name)} AS DOUBLE) - {amid!r}::DOUBLE)" for name, amid in numbers.items()]
    split = ", ".join(key.physical for key in keys)
    aggregates = ", ".join([
        *map(expression_of, atoms), *(f"fsum({one}), fsum({one} * {one})" for one in distances)
    ])  # fmt: skip
    found = table.connection.execute(f"SELECT {split}, {aggregates} FROM {table.relation} GROUP BY {split}").fetchall()
    for key in new:
        place = keys.index(key)
        parts: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        for row in found:
            parts[row[place]].append(row[len(keys) :])
        for number, atom in enumerate(atoms):
            by_key = {value: fold(atom.what, [part[number] for part in some]) for value, some in parts.items()}
            remember_groups(atom._replace(key=key), by_key, table)
    rows, apart = len(keys), len(keys) + len(atoms)
    return [Combination(row[:rows], row[rows], row[rows + 2 : apart : 2], row[apart:]) for row in found]
