"""Run measures over a table: few statements, one fact per measure. Knows how to run, fold and order; metrics are
defined in `compile`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, KeyedValue, Measure
from datapilot.engine.association import theil_sen
from datapilot.engine.atoms import FOLDABLE, Atom, fold
from datapilot.engine.compile import Plan, compile_measure
from datapilot.engine.conditions import ALL_ROWS, Rows, having
from datapilot.engine.keys import Key
from datapilot.engine.statements import statements
from datapilot.engine.table import Table
from datapilot.engine.values import published

OTHER = "Other"
MOST_REMEMBERED = 1_000  # groups of an atom
_SPELLED_ONE_WAY = frozenset({"VARCHAR", "BIGINT", "BOOLEAN"})  # a cell equals a value only when they look the same

Values = dict[Atom, dict[Any, Any]]


def evaluate(measures: Sequence[Measure], table: Table) -> list[Fact]:
    """Return one fact per measure, in the same order. Raises UnknownMeasure before anything runs.

    What the table remembers is not computed again.
    """
    known = {measure.fact_id: table.memory.recall(measure) for measure in measures}
    asked = {measure.fact_id: measure for measure in measures if known[measure.fact_id] is None}
    facts = {fact.id: fact for fact in _evaluated(list(asked.values()), table)}
    for fact in facts.values():
        table.memory.remember(fact)
    return [known[measure.fact_id] or facts[measure.fact_id] for measure in measures]


def _evaluated(measures: Sequence[Measure], table: Table) -> list[Fact]:
    plans = [compile_measure(measure, table) for measure in measures]
    values = _run((atom for plan in plans for atom in _needed(plan)), table)
    rests = {index: _rest(plan, values) for index, plan in enumerate(plans) if plan.measure.limit is not None}
    values |= _run((atom for rest in rests.values() for atom in rest.atoms), table)
    return [_fact(plan, values, rests.get(index)) for index, plan in enumerate(plans)]


def _run(atoms: Iterable[Atom], table: Table) -> Values:
    """Return the atoms' values. What is split by a key comes first, because it may tell what else is asked."""
    asked = list(dict.fromkeys(atoms))
    values: Values = defaultdict(dict)
    for some in ([atom for atom in asked if atom.key is not None], [atom for atom in asked if atom.key is None]):
        known = {atom: table.memory.values[atom] for atom in some if atom in table.memory.values}
        values |= known
        for statement in statements((atom for atom in some if atom not in known), table):
            found = table.connection.execute(statement.sql, statement.values).fetchall()
            for atom, raw_key, value in statement.read(found):
                values[atom][raw_key] = value
        for atom in some:
            if atom not in known:
                remember_groups(atom, values[atom], table)
    return values


def remember_groups(atom: Atom, by_key: dict[Any, Any], table: Table) -> None:
    """Keep an atom's values for the next who asks, and what they tell of the rows that have one value of its key."""
    if len(by_key) > MOST_REMEMBERED:
        return
    table.memory.values[atom] = by_key
    key = atom.key
    if key is None or key.storage not in _SPELLED_ONE_WAY or key.is_ordered or atom.rows != ALL_ROWS:
        return
    for raw_key, value in by_key.items():
        if raw_key is not None:
            table.memory.values[atom._replace(key=None, rows=having(key.physical, raw_key))] = {(): value}


def _needed(plan: Plan) -> Iterable[Atom]:
    """A plan's atoms, and with a key the rows of each key, which say whether the key is there at all."""
    yield from plan.part.atoms
    if plan.key is not None:
        for rows in dict.fromkeys(atom.rows for atom in plan.part.atoms if atom.key is not None):
            yield Atom("rows", rows=rows, key=plan.key)


def _fact(plan: Plan, values: Values, rest: "_Rest | None") -> Fact:
    if plan.key is None:
        value, n = _value(plan, values, ())
        return _published(plan, published(value), n)
    entries = _ordered(plan, values) if rest is None else rest.kept
    if plan.selects:
        known = [entry for entry in entries if entry.raw_key is not None and entry.value is not None]
        return _published(plan, _selected(plan, known), sum(entry.n for entry in known))
    keyed = [KeyedValue(key=plan.key.spell(one.raw_key), value=published(one.value), n=one.n) for one in entries]
    if rest is not None and rest.keys:
        value, n = plan.part.formula(lambda atom: _rest_value(atom, rest, values))
        keyed.append(KeyedValue(key=OTHER, value=published(value), n=n, other=len(rest.keys)))
    return _published(plan, tuple(keyed), sum(entry.n for entry in keyed))


def _published(plan: Plan, value: Scalar | tuple[KeyedValue, ...], n: int) -> Fact:
    return Fact(id=plan.measure.fact_id, measure=plan.measure, value=value, unit=plan.unit, n=n)


class _Entry(NamedTuple):
    """One key's value before it is spelled for people."""

    raw_key: Any
    value: Any
    n: int


def _value(plan: Plan, values: Values, raw_key: Any) -> tuple[Any, int]:
    return plan.part.formula(lambda atom: values[atom].get(raw_key if atom.key is not None else ()))


def _ordered(plan: Plan, values: Values) -> list[_Entry]:
    """Periods and bins in their own order, categories by value descending and ties by key; the missing key last
    among its equals."""
    assert plan.key is not None
    keys = {
        raw_key
        for atom in _needed(plan)
        if atom.what == "rows" and atom.key is not None
        for raw_key, rows in values[atom].items()
        if rows
    }
    by_key = sorted(keys - {None}) + ([None] if None in keys else [])
    entries = [_Entry(raw_key, *_value(plan, values, raw_key)) for raw_key in by_key]
    if plan.key.is_ordered:
        return entries
    known = [entry for entry in entries if entry.value is not None]
    return sorted(known, key=lambda entry: entry.value, reverse=True) + [one for one in entries if one.value is None]


def _selected(plan: Plan, entries: list[_Entry]) -> Scalar:
    """The answer of a measure that looks over all keys: the key of the extreme, or the slope."""
    assert plan.key is not None
    if not entries:
        return None
    if plan.measure.metric == "slope":
        points = sorted((plan.key.place(entry.raw_key), float(entry.value)) for entry in entries)
        return published(theil_sen(points))
    by_key = sorted(entries, key=lambda entry: entry.raw_key)
    choose = max if plan.measure.metric == "argmax" else min
    return plan.key.spell(choose(by_key, key=lambda entry: entry.value).raw_key)


class _Rest(NamedTuple):
    """The keys within and beyond a measure's limit, and the atoms to compute anew over the rows beyond it."""

    kept: list[_Entry]
    keys: list[Any]
    outside: Rows
    atoms: list[Atom]


def _rest(plan: Plan, values: Values) -> _Rest:
    assert plan.key is not None
    entries = _ordered(plan, values)
    limit = len(entries) if plan.selects else plan.measure.limit
    kept, folded = entries[:limit], entries[limit:]
    outside = _outside(plan.key, [entry.raw_key for entry in kept])
    unfoldable = [atom for atom in plan.part.atoms if atom.key is not None and atom.what not in FOLDABLE]
    atoms = [_beyond(atom, outside) for atom in unfoldable] if folded else []
    return _Rest(kept, [entry.raw_key for entry in folded], outside, atoms)


def _rest_value(atom: Atom, rest: _Rest, values: Values) -> Any:
    """The value of an atom over all folded rows: added up where it adds up, else computed over the rows."""
    if atom.key is None:
        return values[atom].get(())
    if atom.what in FOLDABLE:
        found = values[atom]
        return fold(atom.what, [found[raw_key] for raw_key in rest.keys if raw_key in found])
    return values[_beyond(atom, rest.outside)].get(())


def _beyond(atom: Atom, outside: Rows) -> Atom:
    return atom._replace(key=None, rows=atom.rows.and_also(outside))


def _outside(key: Key, kept: list[Any]) -> Rows:
    """The rows of all keys but the kept ones."""
    named = tuple(raw_key for raw_key in kept if raw_key is not None)
    beyond = f"{key.sql} NOT IN ({', '.join('?' * len(named))})" if named else "TRUE"
    sql = f"({key.sql} IS NOT NULL AND {beyond})" if None in kept else f"({key.sql} IS NULL OR {beyond})"
    return Rows(sql, named, frozenset({key.physical}))
