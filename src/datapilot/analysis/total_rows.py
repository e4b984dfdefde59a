"""Rows of a table that say again what others say: those that add up all others ("All products", "Total"), and the
plan beside what came of it. Figures over all rows would count twice.

Reading leaves out a total that stands at the end or the head of its rows; what is left is one among the values of a
column. Its name proves nothing: of the columns that may be added, half or more have to come to the sum of the others.
"""

from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.words.meanings import NAMES_OF_ALL, names_level, plan_among, says_all

MOST_LOOKED_THROUGH = 50_000  # rows, for a column of more values than the profile lists
PLAN_AND_OUTCOME = 2  # values
MOST_COLUMNS = 12
MOST_SUMMED = 8  # columns
MOST_NAMES = 3  # values of a column that may stand for all
NEAR = 0.02  # of the others' sum


def find_rows_beside(table: Table, profile: TableProfile) -> Filter | None:
    """Return the condition that leaves out the rows that say again what others say; None where there are none."""
    return _find_plans(profile) or _find_total_rows(table, profile)


def _find_plans(profile: TableProfile) -> Filter | None:
    for column in profile.columns:
        is_pair = column.storage == "VARCHAR" and column.unique_count == len(column.top_values) == PLAN_AND_OUTCOME
        plan = plan_among([str(top.value) for top in column.top_values]) if is_pair else None
        if plan is not None and not column.missing_count:
            return Filter(column=column.name, op="ne", value=plan)
    return None


def _find_total_rows(table: Table, profile: TableProfile) -> Filter | None:
    numbers = [one for one in profile.columns if one.name in profile.numeric and one.pii is None and one.unit != "%"]
    added = [one.name for one in numbers if one.role == "sum" or (one.role == "average" and names_level(one.name))]
    # Amounts whose names say nothing are averaged; a total among their rows shows that they add up.
    others = [] if added else [one.name for one in numbers if one.role == "average"]
    if not added and not others:
        return None
    named = [
        column for column in profile.columns
        if column.storage == "VARCHAR" and column.pii is None and not column.missing_count and column.unique_count > 2
    ][:MOST_COLUMNS]  # fmt: skip
    for name, values in _names_of_all(table, profile, named).items():
        for value in values[:MOST_NAMES]:
            right = _sums(table, name, value, (added or others)[:MOST_SUMMED])
            if right and 2 * right >= len(added[:MOST_SUMMED]):
                return Filter(column=name, op="ne", value=value)
    return None


def _names_of_all(table: Table, profile: TableProfile, columns: list[ColumnProfile]) -> dict[str, list[str]]:
    """Return by column the values that may stand for all; those that the profile does not list in one scan."""
    listed = {one.name: [str(top.value) for top in one.top_values] for one in columns}
    if profile.rows <= MOST_LOOKED_THROUGH:
        unseen = [one.name for one in columns if len(listed[one.name]) < one.unique_count]
        listed |= _among_the_cells(table, unseen)
    return {name: [value for value in values if says_all(value)] for name, values in listed.items()}


def _among_the_cells(table: Table, names: list[str]) -> dict[str, list[str]]:
    if not names:
        return {}
    cells = [table.physical(name) for name in names]
    # No cell has white space at its ends any more: reading took it off.
    found = ", ".join(f"list({cell}) FILTER (regexp_full_match({cell}, $1, 'i'))" for cell in cells)
    answers = table.connection.execute(f"SELECT {found} FROM {table.relation}", [NAMES_OF_ALL]).fetchone() or ()
    return {name: sorted({*(values or ())}) for name, values in zip(names, answers, strict=True)}


def _sums(table: Table, column: str, value: str, added: list[str]) -> int:
    """Return in how many of the columns these rows come to what the others do."""
    sides = [(Filter(column=column, op=op, value=value),) for op in ("eq", "ne")]
    measures = [Measure(metric="sum", column=name, filters=side) for name in added for side in sides]
    facts = {fact.id: fact.value for fact in evaluate(measures, table)}
    sums = [tuple(facts[Measure(metric="sum", column=name, filters=side).fact_id] for side in sides) for name in added]
    return sum(
        isinstance(whole, int | float) and isinstance(others, int | float)
        and others > 0 and abs(whole - others) <= NEAR * others
        for whole, others in sums
    )  # fmt: skip
