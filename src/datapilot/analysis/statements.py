"""Tables of money that comes in and goes out: a profit and loss account, a ledger, a bank account. Their grand total
adds up what is to be subtracted, and the average of their lines is that of unlike things."""

from collections.abc import Sequence
from typing import NamedTuple

from datapilot.analysis.subjects import amounts, categories, rates
from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import (
    CREDITS,
    DEBITS,
    comes_in,
    is_balance,
    is_cash_flow,
    is_net_result,
    is_side_of_sheet,
    name_words,
    names_level,
    names_profit,
    names_rate,
)
from datapilot.words.numbers import show
from datapilot.words.render import label_in_sentence
from datapilot.words.time_columns import time_columns

MOST_LINES = 200  # of a statement that has its results among them
MOST_SIDES = 12  # values that say on which side of an account a row stands
MOSTLY_TOLD = 0.6  # of those values; departments may be called Sales and Tax
SIGNED = 0.2  # of the values below zero, from which they are payments and not returns
_CHANGES = frozenset({"change", "difference", "diff", "delta", "variance", "deviation", "growth", "abweichung"})
# What a payment's amount is called; anything else below zero may be a rate, a temperature, a movement of people.
_PAYMENTS = frozenset({
    "amount", "amounts", "amt", "payment", "payments", "transaction", "cash", "value", "sum", "betrag", "umsatz",
    "buchungsbetrag", "wert", "montant", "valeur", "importe", "monto", "valor", "importo", "bedrag", "kwota", "belopp",
    "beløb", "summa", "částka", "сумма",
})  # fmt: skip


class Line(NamedTuple):
    """A figure of a statement: what it is called, what it measures and how."""

    title: str
    measure: Measure
    how: str
    column: str


class Statement(NamedTuple):
    """What an accountant would look at first, and the columns whose total and average say nothing. `sides` are the
    conditions of what came in and of what went out, where another column says it: the commonest value of each.
    `result` is the condition of the line that all others lead to, where the table has its results among its rows."""

    lines: tuple[Line, ...]
    amounts: frozenset[str]
    sides: tuple[Filter, ...] = ()
    result: Filter | None = None


def find_statement(table: Table, profile: TableProfile) -> Statement | None:
    """Return the statement that a table is; None for any other table."""
    column = _amount(profile)
    if column is None:
        return None
    times = {one.name for one in time_columns(profile)}
    beside = frozenset({column.name} if column.name not in times else times)
    lines = _results(column, table, profile)
    if lines:
        (result,) = lines[0].measure.filters
        return Statement(lines, frozenset(one.name for one in profile.columns), result=result)
    pair = _debit_and_credit(profile)
    if pair is not None:
        return Statement(tuple(_side(one) for one in pair), frozenset(one.name for one in pair))
    sides = _sides(column, profile)
    if sides is not None:
        return sides._replace(amounts=beside)
    lines = _signed(column, profile)
    return Statement(lines, beside) if lines else None


def _amount(profile: TableProfile) -> ColumnProfile | None:
    """Return the column of money: the last of those named by times, else the main amount."""
    times = time_columns(profile)
    if len(times) > 1:
        return times[-1]
    averaged = [one for one in rates(profile) if one.unit != "%" and not names_rate(one.name)]
    return next(iter([*amounts(profile), *averaged]), None)


def _sum(column: ColumnProfile, *filters: Filter) -> Measure:
    return Measure(metric="sum", column=column.name, filters=filters)


def _results(column: ColumnProfile, table: Table, profile: TableProfile) -> tuple[Line, ...]:
    """The lines of a statement that has its own results: net income first, or the last result where the statement ends
    before it, then what comes in and the results before it, in file order."""
    items = next(
        (one for one in profile.columns if one.storage == "VARCHAR" and one.pii is None and one.unique_count > 1), None
    )
    if items is None or profile.rows > MOST_LINES or items.unique_count < profile.rows - items.missing_count:
        return ()
    physical = table.physical(items.name)
    asked = f"SELECT {physical} FROM {table.relation} WHERE {physical} IS NOT NULL ORDER BY rowid"
    names = [str(name) for (name,) in table.connection.execute(asked).fetchall()]
    net, cash, balances = ([name for name in names if says(name)] for says in (is_net_result, is_cash_flow, is_balance))
    if len(cash) > 1:
        shown = [*(name for name in net if "cash" in name.lower()), *cash]
    elif (last := net or balances) and any(comes_in(name) is not None for name in names if name not in last):
        first = [name for name in names if comes_in(name) and name not in last][:1]
        shown = [*last[-1:], *first, *balances]
    else:
        return ()
    said = label_in_sentence(column.name)
    return tuple(
        Line(
            f"{show(name, None)}, {said}", _sum(column, Filter(column=items.name, op="eq", value=name)),
            f"What the line {show(name, None)} has under {said}.", column.name,
        )
        for name in dict.fromkeys(shown)
    )  # fmt: skip


def _debit_and_credit(profile: TableProfile) -> tuple[ColumnProfile, ColumnProfile] | None:
    """Return the columns of what came in and of what went out, of which each row has one."""
    numbers = [one for one in profile.columns if one.name in profile.numeric and one.pii is None]
    said = {one.name: set(name_words(one.name)) for one in numbers}
    came, went = (
        next((one for one in numbers if said[one.name] & words and not said[one.name] & others), None)
        for words, others in ((CREDITS, DEBITS), (DEBITS, CREDITS))
    )
    if came is None or went is None:
        return None
    filled = sum(profile.numeric[one.name].count - profile.numeric[one.name].zeros for one in (came, went))
    return (came, went) if filled <= profile.rows else None


def _side(column: ColumnProfile) -> Line:
    said = label_in_sentence(column.name)
    return Line(f"Total {said}", _sum(column), f"Sum of {said} over all rows that have a value.", column.name)


def _sides(column: ColumnProfile, profile: TableProfile) -> Statement | None:
    """What each side adds up to, where a column says of every row whether money came in or went out, the balance
    first; the sides alone where some rows say neither."""
    if not isinstance(column.minimum, int | float) or column.minimum < 0:
        return None  # the signs say it
    for by in categories(profile):
        values = [str(top.value) for top in by.top_values]
        is_told = by.storage == "VARCHAR" and by.unique_count == len(values) <= MOST_SIDES
        came, went = (
            [one for one in values if comes_in(one) is side and not names_rate(one)] for side in (True, False)
        )
        if is_told and len(values) > 1 and all(map(is_side_of_sheet, values)):
            return Statement(tuple(_totals(column, by, values)), frozenset())
        if is_told and came and went and len(came) + len(went) >= MOSTLY_TOLD * len(values):
            whole = len(came) + len(went) == len(values) and not by.missing_count
            balance = [_balance(column, by, came, went)] if whole else []
            sides = (Filter(column=by.name, op="eq", value=some[0]) for some in (came, went))
            return Statement((*balance, *_totals(column, by, [*came, *went])), frozenset(), tuple(sides))
    return None


def _balance(column: ColumnProfile, by: ColumnProfile, came: Sequence[str], went: Sequence[str]) -> Line:
    said, name = label_in_sentence(column.name), label_in_sentence(by.name)
    plus, minus = (Filter(column=by.name, op="in", value=tuple(some)) for some in (came, went))
    measure = Measure(metric="difference", column=column.name, of="sum", filters=(plus,), baseline=(minus,))
    earned, spent = (" or ".join(show(one, None) for one in some) for some in (came, went))
    how = f"Sum of {said} where {name} is {earned}, less that where it is {spent}."
    return Line(f"Net {said}", measure, how, column.name)


def _totals(column: ColumnProfile, by: ColumnProfile, values: Sequence[str]) -> list[Line]:
    said, name = label_in_sentence(column.name), label_in_sentence(by.name)
    return [
        Line(
            f"{show(value, None)}: {said}", _sum(column, Filter(column=by.name, op="eq", value=value)),
            f"Sum of {said} where {name} is {show(value, None)}.", column.name,
        )
        for value in values
    ]  # fmt: skip


def _signed(column: ColumnProfile, profile: TableProfile) -> tuple[Line, ...]:
    """What comes in and what goes out, where the sign says it."""
    stats = profile.numeric[column.name]
    words = set(name_words(column.name))
    is_other = names_level(column.name) or names_profit(column.name) or words & _CHANGES
    is_payment = (column.unit or words & _PAYMENTS) and not is_other
    above = stats.count - stats.negatives - stats.zeros
    if column.role != "sum" or not is_payment or not above or stats.negatives < SIGNED * stats.count:
        return ()
    said = label_in_sentence(column.name)
    net = said if "net" in words else f"net {said}"
    plus, minus = (Filter(column=column.name, op=op, value=0) for op in ("gt", "lt"))
    return (
        Line(f"{net[:1].upper()}{net[1:]}", _sum(column), f"Sum of {said}: what is above zero less what is below.",
             column.name),
        Line(f"{said[:1].upper()}{said[1:]} above zero", _sum(column, plus), f"Sum of {said} where it is above zero.",
             column.name),
        Line(f"{said[:1].upper()}{said[1:]} below zero", _sum(column, minus), f"Sum of {said} where it is below zero.",
             column.name),
    )  # fmt: skip
