"""Which amount a reader divides by which: money by things, fuel by kilometres, scrap by what was produced.

Names and values must both agree: a column is the part of another where it is never above it, and comes on another only
where the two go together.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Literal, NamedTuple

import numpy as np

from datapilot.insights.statistics import spearman
from datapilot.insights.subjects.natures import is_price
from datapilot.insights.subjects.nouns import singular
from datapilot.insights.subjects.subjects import Quantity
from datapilot.words.labels import label
from datapilot.words.meanings import EVENTS, name_words
from datapilot.words.render import column_slot

Form = Literal["part", "each", "return"]


class Division(NamedTuple):
    """What is divided by what, and the rate that the table itself has of it, if any."""

    above: Quantity
    below: Quantity
    form: Form
    rate: Quantity | None = None


# Things of which a reader says "per": words whose singular we know.
COUNTED = frozenset({
    "sessions", "visits", "orders", "units", "items", "users", "customers", "clients", "employees", "calls", "clicks",
    "impressions", "tickets", "days", "nights", "hours", "stores", "trips", "views", "patients", "students", "products",
    "shipments", "bookings", "leads", "emails", "messages", "requests", "visitors", "passengers", "members", "guests",
    "parts", "pieces", "contacts", "applications", "applicants", "claims", "policies", "subscribers", "transactions",
    "holders", "policyholders", "drivers",
    "invoices", "vehicles", "rooms", "beds", "seats", "runs", "games", "miles", "kilometers", "kilometres", "meetings",
    "conversions", "signups", "installs", "downloads", "purchases", "donations",
    "lines", "picks", "cases", "boxes", "pallets", "deliveries", "stops", "jobs", "tasks", "repairs", "inspections",
    "meals", "covers", "tests", "samples", "minutes",
    "deals", "opportunities", "quotes", "households", "residents", "inhabitants", "trials", "attempts", "throws",
    "questions", "checks", "screenings", "matches", "starts",
})  # fmt: skip
# What is measured rather than counted, as the last word of a name, and how it is said after "per".
MEASURED = {
    "km": "km", "kms": "km", "kilometers": "kilometer", "kilometres": "kilometre", "miles": "mile", "mi": "mile",
    "distance": "distance", "mileage": "mileage", "sqm": "sqm", "sqft": "sqft", "m2": "", "area": "area", "kg": "kg",
    "tonnes": "tonne", "tons": "ton", "weight": "weight",
    "litres": "litre", "liters": "liter", "gallons": "gallon", "kwh": "kWh", "mwh": "MWh", "acres": "acre",
    "hectares": "hectare", "ha": "ha",
}  # fmt: skip
_MONEY = frozenset({"$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "JPY", "CHF"})
_RATES = frozenset({"rate", "ratio", "avg", "average", "mean", "percent", "pct", "per", "share", "unit", "index", "%"})
TIMES = frozenset({"hours", "minutes", "days", "nights"})
# What is used up on the way, or brought in, besides money.
USED = frozenset({
    "fuel", "litres", "liters", "gallons", "diesel", "petrol", "gas", "electricity", "energy", "power", "kwh", "mwh",
    "water", "heat", "co2", "emissions", "consumption", "paper", "material", "yield", "harvest", "output",
})  # fmt: skip
# What is less than the whole it is taken from.
TAKEN_OFF = frozenset({
    "rejected", "returned", "scrapped", "damaged", "defective", "defects", "rejects", "returns", "refunded",
    "cancelled", "canceled", "lost", "failed", "unsold", "scrap", "waste", "spoilage",
})  # fmt: skip
PARTS = EVENTS | frozenset({
    "scrap", "scrapped", "rejects", "rejected", "defects", "defective", "defectives", "returns", "opened", "opens",
    "clicked", "clicks", "bounced", "bounces", "unsubscribed", "unsubscribes", "transactions", "orders", "conversions",
    "qualified", "sold", "attended", "attendees", "absent", "cancellations", "cancelled", "shows", "complaints",
    "errors", "failures", "failed", "completed", "answered", "missed", "abandoned", "waste", "wasted", "spoiled",
    "spoilage", "rework", "reworked", "damaged", "lost", "overdue", "late", "delayed", "billable", "billed", "booked",
    "occupied", "used", "passed", "approved", "hires", "signups", "replied", "replies", "sale", "paid", "discounts",
    "active", "supplied", "fulfilled", "shipped", "delivered", "breaches", "breached", "churned", "discount",
    "refunds", "refunded", "purchases", "buyers", "leads", "deals", "won", "wins", "tip", "tips", "gratuity",
    "votes", "ballots", "correct", "successes", "hits", "made", "positives", "positive",
})  # fmt: skip
# What guests add to a bill, and the bill.
GIVEN = frozenset({"tip", "tips", "gratuity"})
BILLS = frozenset({"total", "bill", "amount", "subtotal", "fare", "check", "sales"})
EARNED = frozenset({
    "revenue", "sales", "umsatz", "turnover", "income", "ventas", "ingresos", "ertrag", "fees", "fee", "mrr", "arr",
    "gmv", "premium", "premiums", "earnings", "profit",
})  # fmt: skip
SPENT = frozenset({"spend", "spending", "spent", "cost", "costs", "ausgaben", "kosten", "gasto", "budget"})
# What advertising and selling bring, and what they bring it from.
BROUGHT = frozenset({
    "conversions", "signups", "installs", "downloads", "purchases", "leads", "orders", "customers", "donations",
    "bookings", "clicks",
})  # fmt: skip
BRINGING = frozenset({"impressions", "clicks", "visits", "sessions", "views", "emails", "visitors"}) | SPENT
# Of whose value an export of advertising tells as what came back.
WORTH = frozenset({"conv", "conversion", "conversions", "purchase", "purchases", "order", "orders"})
SEEN = frozenset({"impressions", "views"})
MOST_AMOUNTS = 8
LEAST_RHO_OF_PART = 0.1  # of few among many chance decides
LEAST_RHO = 0.3  # between the two amounts, or neither comes on the other
NEARLY_ALL, MOSTLY = 0.99, 0.95  # of the rows, in which a part is not above its whole; of a price, which may rise
MOST_OF_WHOLE = 0.98


def divided(quantities: Iterable[Quantity]) -> Iterator[Division]:
    """Yield what is divided by what: first what the table itself divides, then what names and values tell. A part is
    taken of the whole that it goes with and of the largest: clicks of what was opened and of what was sent."""
    quantities = tuple(quantities)
    own = tuple(_own_divisions(quantities))
    yield from own
    said = {(one.above.key, one.below.key) for one in own}
    yield from (one for one in _by_names(quantities) if (one.above.key, one.below.key) not in said)


def _own_divisions(quantities: Iterable[Quantity]) -> Iterator[Division]:
    by_column = {one.column: one for one in quantities if one.minus is None}
    for rate in by_column.values():
        parts = rate.rate_of
        if parts is not None and {parts.above, parts.below} <= by_column.keys():
            above, below = by_column[parts.above], by_column[parts.below]
            yield Division(above, below, "part" if parts.is_part else "each", rate)


def _by_names(quantities: Iterable[Quantity]) -> Iterator[Division]:
    amounts = [one for one in quantities if is_amount(one)][:MOST_AMOUNTS]
    seen = set[str]().union(*map(words_of, amounts))
    wholes: dict[tuple[str, str | None], list[Division]] = {}
    for above, below in permutations(amounts, 2):
        form = form_of(above, below)
        if is_time(above) and above.values.sum() < below.values.sum() and form_of(below, above) is not None:
            continue  # lines per hour, not hours per line
        if form == "each" and words_of(below) & TAKEN_OFF:
            continue  # nobody pays by the piece that was sent back
        if form is None or (above.is_echo and form != "part") or (below.is_echo and measured(below) is None):
            continue
        if "clicks" in seen and words_of(below) & SEEN and words_of(above) & (BROUGHT - {"clicks"}):
            continue  # what is shown brings clicks, and clicks bring the rest
        if form == "part":
            wholes.setdefault(above.key, []).append(Division(above, below, form))
        else:
            yield Division(above, below, form)
    for found in wholes.values():
        closest = max(found, key=lambda one: spearman(one.above.values, one.below.values).effect)
        largest = max(found, key=lambda one: float(one.below.values.sum()))
        yield from (closest, *([largest] if largest is not closest else ()))


def is_amount(quantity: Quantity) -> bool:
    """Whether a quantity can be added up over rows: known of every row, never negative, and no rate or average."""
    if (
        quantity.minus is not None
        or quantity.rate_of is not None
        or not quantity.is_known.all()
        or float(quantity.values.min()) < 0
    ):
        return False
    if quantity.adds_up:
        return True
    words = words_of(quantity)
    is_thing = is_price(quantity) or words & (COUNTED | USED | PARTS | {"sent", "footfall"}) or measured(quantity)
    return bool(is_thing) and not words & _RATES and quantity.unit != "%"


def are_divided(one: Quantity, other: Quantity) -> bool:
    """Whether a reader would divide one of two by the other: that both grow together is no news then."""
    are_amounts = is_amount(one) and is_amount(other)
    return are_amounts and (form_of(one, other) is not None or form_of(other, one) is not None)


def form_of(above: Quantity, below: Quantity) -> Form | None:
    """Return how a reader would divide the one by the other: as a part of it, so much for each of it, or what came back
    of money; None where nobody would."""
    if is_return(above, below):
        return "return"  # channels with large budgets may earn little
    if is_part(above, below):
        return "part"
    is_money = _is_money(above) or is_price(above)
    if measured(below) is not None and not counted(below):
        is_used = is_money or bool(words_of(above) & USED)
        is_other = not words_of(above) & words_of(below) and last_word(above) not in MEASURED.keys() - USED
        return "each" if is_used and is_other and _go_together(above, below) else None
    things = counted(below)
    if things is None or below.unit not in {None, things.lower().split()[-1]} or last_word(above) == last_word(below):
        return None
    if (
        not is_time(below)
        and not is_money
        and above.unit is None
        and float(above.values.sum()) >= float(below.values.sum())
    ):
        return None
    # What brings little is the finding.
    is_way = is_brought(above, below) or is_brought(below, above)
    return "each" if is_way or _go_together(above, below) else None


def is_time(quantity: Quantity) -> bool:
    """Whether a number says how long people or machines were at it."""
    things = counted(quantity)
    return things is not None and things.lower().split()[-1] in TIMES


def _go_together(above: Quantity, below: Quantity) -> bool:
    return spearman(above.values, below.values).effect >= LEAST_RHO


def is_part(above: Quantity, below: Quantity) -> bool:
    """Whether one is a part of the other by its name, of the same kind and never above it: scrap of what was produced,
    the price paid of the price asked."""
    if not words_of(above) & PARTS or above.unit != below.unit or is_price(above) != is_price(below):
        return False
    x, y = above.values, below.values
    are_counts = bool((x == np.floor(x)).all() and (y == np.floor(y)).all())
    is_alike = last_word(above) == last_word(below) or (
        bool(words_of(above) & GIVEN) and last_word(below) in BILLS and not words_of(below) & GIVEN
    )  # fmt: skip
    if not is_alike and (not are_counts or _is_money(above) or _is_money(below)):
        return False
    if are_counts and float(np.mean(x <= y)) >= NEARLY_ALL:
        return 0 < x.sum() < MOST_OF_WHOLE * y.sum() and spearman(x, y).effect >= LEAST_RHO_OF_PART
    is_below = float(np.mean(x <= y)) >= (MOSTLY if is_alike else NEARLY_ALL) and 0 < x.sum() < MOST_OF_WHOLE * y.sum()
    return is_below and _go_together(above, below)


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit in _MONEY or bool(words_of(quantity) & (SPENT | EARNED))


def is_brought(one: Quantity, other: Quantity) -> bool:
    """Whether one is what the other brings: conversions of clicks or of spend."""
    return bool(words_of(one) & BROUGHT and words_of(other) & BRINGING)


def is_return(above: Quantity, below: Quantity) -> bool:
    """Whether one is the money that came back of the other, the money spent."""
    earned, spent = words_of(above), words_of(below)
    if last_word(above) == "value" and set(name_words(above.column)) & WORTH:
        earned = earned | {"revenue"}
    return above.unit == below.unit and bool(earned & EARNED and spent & SPENT) and not earned & SPENT


def words_of(quantity: Quantity) -> set[str]:
    """Return the words of a quantity's label in small letters."""
    return {*label(quantity.column).lower().split()}


def last_word(quantity: Quantity) -> str:
    """Return the last word of a name, which says what it counts."""
    return (name_words(quantity.column) or [""])[-1]


def counted(quantity: Quantity) -> str | None:
    """Return the plural that says what is counted: "sessions", "units" of "units produced"; None for what is none,
    or no word whose singular is known."""
    said = label(quantity.column)
    head = re.sub(r"( [a-z]+ed)+$", "", said)
    return head if head.split()[-1].lower() in COUNTED else None


def measured(quantity: Quantity) -> str | None:
    """Return the word that says in what is measured ("km" of "distance km"), None for what is not measured."""
    last = label(quantity.column).lower().split()[-1].strip("()[]")
    return last if last in MEASURED else None


def one_of(quantity: Quantity) -> str:
    """Return the template "session" for a column of sessions, "km" for one of kilometres."""
    said, things, unit = label(quantity.column), counted(quantity), measured(quantity)
    if things is None and unit is not None and MEASURED[unit]:
        return MEASURED[unit]
    if things is None or any(character.isnumeric() or character in "{}" for character in said):
        return column_slot(quantity.column)
    return said.replace(things, singular(things), 1)
