"""What came in and what went out of a column with amounts of both signs, as on an account, and who stands behind most
of either: "More came in than went out: 317,513 against 256,086", "Payroll takes 67% of what went out".

No test: sums of single payments are no sample of anything, and a large payment counts as it stands. Told only where
both ways are many records and much money, so that a return now and then stays a correction.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.happenings import tells_ends
from datapilot.insights.subjects.natures import is_profit
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import across, entries, entry_slot, fact_slot, number
from datapilot.words.meanings import name_words
from datapilot.words.render import is_question, value_slot

LEAST_RECORDS = 10  # of either way
LEAST_PART = 0.1  # of all records, and of all amounts without their signs, of either way
MOST_NAMES = 100
LEAST_SHARE = 0.2  # of one way, of whoever has most of it
LEAST_AHEAD = 1.15  # of the next one
ALMOST_ALL = 0.97
MOST_WITHOUT = 0.2  # of the records of one way, without a name
REFERENCES = 0.5  # different values against records, from which on a column refers to single payments
PAYMENTS = frozenset({
    "amount", "amt", "payment", "payments", "transaction", "movement", "value", "sum", "cash", "booking", "posting",
    "betrag", "umsatz", "buchung", "zahlung", "importe", "monto", "movimiento", "montant", "mouvement", "importo",
    "movimento", "valor", "bedrag", "kwota", "tutar", "сумма", "金额", "金額", "금액", "المبلغ", "סכום", "ποσό", "राशि",
})  # fmt: skip
DIFFERENCES = frozenset({
    "change", "difference", "diff", "variance", "deviation", "delta", "growth", "return", "returns", "result", "margin",
    "adjustment", "gap", "error", "abweichung", "differenz", "veränderung",
})  # fmt: skip
FINEST_PARTS = 1000  # of one unit of money: the dinar has as many
CURRENCIES = frozenset({"€", "$", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF", "JPY", "INR", "CAD", "AUD", "CNY"})
Way = Literal["in", "out"]


class _Side(NamedTuple):
    """Records of one sign: `rows` marks them, `where` is the same as a filter."""

    way: Way
    where: Filter
    rows: np.ndarray


def find_flows(subjects: Subjects) -> Iterator[Candidate]:
    """Yield what every such amount came to, and for each way who has most of it."""
    for quantity in subjects.own_quantities:
        if quantity.minus is not None or not quantity.adds_up or not is_paid(quantity):
            continue
        sides = _sides(quantity)
        if sides:
            yield _balance(subjects, quantity, sides)
            for side in sides:
                found = [one for by in _names(subjects) if (one := _leader(quantity, side, by)) is not None]
                yield from sorted(found, key=lambda one: -one.impact)[:1]


def is_paid(quantity: Quantity) -> bool:
    """Whether a number is what was paid, one way or the other: in whole cents, no profit, and no difference between two
    figures."""
    words = set(name_words(quantity.column))
    says_so = bool(words & PAYMENTS) or quantity.unit in CURRENCIES
    return says_so and not words & DIFFERENCES and not is_profit(quantity) and _is_in_coins(quantity)


def _is_in_coins(quantity: Quantity) -> bool:
    parts = quantity.values[quantity.is_known] * FINEST_PARTS
    return bool(np.allclose(parts, np.round(parts), rtol=1e-9, atol=1e-4))


def _sides(quantity: Quantity) -> tuple[_Side, ...]:
    values = np.where(quantity.is_known, quantity.values, 0.0)
    size = float(np.abs(values).sum())
    sides = (
        _Side("in", Filter(column=quantity.column, op="gt", value=0), values > 0),
        _Side("out", Filter(column=quantity.column, op="lt", value=0), values < 0),
    )
    fits = all(
        one.rows.sum() >= max(LEAST_RECORDS, LEAST_PART * quantity.is_known.sum())
        and float(np.abs(values[one.rows]).sum()) >= LEAST_PART * size
        for one in sides
    )
    return sides if fits else ()


def _names(subjects: Subjects) -> Iterator[Category]:
    for one in (*subjects.categories, *subjects.names):
        size, rows = len(one.codes.labels), int(one.codes.counts.sum())
        fits = 2 <= size <= MOST_NAMES and size < REFERENCES * rows
        if fits and not (one.is_personal or is_code(one.column) or is_question(one.column) or tells_ends(one)):
            yield one


def _balance(subjects: Subjects, quantity: Quantity, sides: tuple[_Side, ...]) -> Candidate:
    came, went = (quantity.measure("sum", where=(one.where,)) for one in sides)
    left = quantity.measure("sum")

    def word(facts: Facts) -> Wording | None:
        earned, spent, net = (number(facts, one.fact_id) for one in (came, went, left))
        if earned is None or spent is None or net is None or earned + spent == 0:
            return None
        inward, outward = fact_slot(facts[came.fact_id]), fact_slot(facts[went.fact_id], "abs")
        is_more = net > 0
        ways = ("came in", "went out") if is_more else ("went out", "came in")
        first, second = (inward, outward) if is_more else (outward, inward)
        headline = f"more {ways[0]} than {ways[1]}: {first} against {second}"
        kept = fact_slot(facts[left.fact_id], "abs")
        detail = (
            f"{{{came.fact_id}|n}} records have {quantity.name} above zero, {{{went.fact_id}|n}} below; the difference "
            f"is {kept}."
        )
        what = "Hold the difference of every month against it, and keep enough on hand for those below zero."
        if subjects.clock is None:
            what = "Look at the largest payments of either way: they decide how long that lasts."
        elif not is_more:
            what = f"Find out which payments out can wait or shrink: {kept} had to come from what was there before."
        story = f"In all, {inward} came in and {outward} went out: {kept} {'more' if is_more else 'less'} than before."
        return Wording(headline, detail, owner(quantity.column, default="finance"), what, story=story)

    inward, outward = (float(np.abs(quantity.values[one.rows]).sum()) for one in sides)
    return Candidate(
        kind="flow", columns=quantity.columns, measures=(came, went, left), word=word, impact=1.0,
        effect=min(1.0, 0.4 + abs(inward - outward) / (inward + outward)), n=int(quantity.is_known.sum()),
        subject=(f"{quantity.key}",),
    )  # fmt: skip


def _leader(quantity: Quantity, side: _Side, by: Category) -> Candidate | None:
    rows = np.flatnonzero(side.rows & (by.codes.codes >= 0))
    if len(rows) < (1 - MOST_WITHOUT) * side.rows.sum():
        return None
    totals = np.bincount(by.codes.codes[rows], weights=np.abs(quantity.values[rows]), minlength=len(by.codes.labels))
    order = np.argsort(-totals, kind="stable")
    share = float(totals[order[0]] / totals.sum())
    if not LEAST_SHARE <= share < ALMOST_ALL or totals[order[0]] < LEAST_AHEAD * totals[order[1]]:
        return None
    label = by.codes.labels[order[0]]
    here = Filter(column=by.column, op="eq", value=label)
    own = quantity.measure("sum", where=(side.where, here))
    whole = quantity.measure("sum", where=(side.where,))
    part = Measure(
        metric="share_sum", column=quantity.column, filters=(side.where, here, *quantity.filters),
        baseline=(side.where, *quantity.filters),
    )  # fmt: skip
    each = quantity.measure("sum", where=(side.where,), by=by.column)

    def word(facts: Facts) -> Wording | None:
        if any(not number(facts, one.fact_id) for one in (own, whole, part)) or len(entries(facts[each.fact_id])) < 2:
            return None
        mine, all_of_it = fact_slot(facts[own.fact_id], "abs"), fact_slot(facts[whole.fact_id], "abs")
        percent, who = fact_slot(facts[part.fact_id]), value_slot(label)
        is_whose = "is from" if side.way == "in" else "is for"
        headline = f"{percent} of what {_went(side)} {is_whose} {who}: {mine} of {all_of_it}"
        largest = sorted(entries(facts[each.fact_id]), key=lambda one: -abs(one[2]))
        told = ", ".join(
            f"{entry_slot(facts[each.fact_id], at, 'key')} ({entry_slot(facts[each.fact_id], at, form='abs')})"
            for at, _, _, _ in largest[:6]
        )
        detail = f"What {_went(side)} {across(by.column)}: {told}. {{{own.fact_id}|n}} records of {who} make that up."
        what = f"Ask what happens if {who} pays later or less, and whom else to win."
        if side.way == "out":
            what = f"Look at {who} first when less is to go out: it decides the sum."
        story = f"{who} stands behind {percent} of what {_went(side)}, {mine} of {all_of_it}."
        return Wording(headline, detail, owner(quantity.column, default="finance"), what, story=story)

    return Candidate(
        kind="flow", columns=(*quantity.columns, by.column), measures=(own, whole, part, each), word=word, impact=share,
        effect=min(1.0, 0.4 + share), n=int(side.rows.sum()), subject=(f"{quantity.key}",), group=f"{side.way} {label}",
    )  # fmt: skip


def _went(side: _Side) -> str:
    return "came in" if side.way == "in" else "went out"
