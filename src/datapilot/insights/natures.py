"""What a quantity is to the people who read of it: set by them, met as it is, or what comes out of their work.

Advice follows from it: a price can be tried, an age can only be allowed for, a cost can be asked about.
"""

import re
from typing import Literal

import numpy as np

from datapilot.insights.phrases import is_are
from datapilot.insights.subjects import Quantity
from datapilot.words.labels import label
from datapilot.words.render import is_question

Nature = Literal["met", "set", "outcome", "unknown"]

SIGNED = 0.05  # of the values are below zero
_MET = frozenset({
    "weather", "temperature", "temp", "outdoor", "age", "distance", "area", "experience", "tenure", "population",
    "humidity", "rain", "rainfall", "wind", "weight", "length", "width", "height", "depth", "capacity", "education",
    "rooms", "bedrooms", "bathrooms", "lotsize", "sqft", "altitude", "elevation", "latitude", "longitude", "year",
    "seniority", "size",
})  # fmt: skip
_SET = frozenset({
    "price", "discount", "budget", "spend", "spending", "visits", "calls", "staff", "headcount", "impressions",
    "emails", "training", "dose", "rebate", "fee", "capital", "investment", "advertising", "ads",
})  # fmt: skip
_OUTCOMES = frozenset({
    "revenue", "sales", "amount", "cost", "costs", "profit", "margin", "rating", "score", "units", "sold", "orders",
    "expense", "expenses", "loss", "losses", "claims", "returns", "satisfaction", "income", "salary", "wage", "gross",
    "turnover", "quantity", "conversion", "conversions", "clicks", "defects", "errors", "delay", "duration", "reply",
    "downtime", "churn", "umsatz", "betrag", "kosten", "gewinn", "menge", "ventas", "importe", "coste", "ingresos",
})  # fmt: skip
# A thing's own price or size differs between kinds of things for no one's doing.
_OF_THINGS = frozenset({"price", "capacity", "volume"}) | (_MET - {"experience", "tenure", "education", "seniority"})


# What is to happen or not: of two flags that go together, this one is told of the groups of the other.
_EVENTS = frozenset({
    "attrition", "churn", "churned", "left", "returned", "retoure", "readmitted", "converted", "default", "defaulted",
    "fraud", "cancelled", "canceled", "won", "lost", "passed", "failed", "survived", "complaint", "late", "delayed",
    "died", "escalated", "breached", "renewed", "bought", "purchased", "responded",
    "approved", "rejected",
})  # fmt: skip


def is_event(column: str) -> bool:
    """Whether a column says what became of a record (left, returned, won)."""
    return not is_question(column) and bool(set(re.split(r"[\W\d_]+", label(column).lower())) & _EVENTS)


def nature_of(quantity: Quantity) -> Nature:
    """Return what people can do about a quantity, judged by the words of its name; durations come out of work."""
    if quantity.minus is not None:
        return "outcome"
    words = _words(quantity)
    if words & _MET:
        return "met"
    if float(np.mean(quantity.values < 0)) > SIGNED:
        return "unknown"  # what goes in and out is no result to aim at
    if words & _SET:
        return "set"
    return "outcome" if words & _OUTCOMES else "unknown"


def differs_by_nature(quantity: Quantity) -> bool:
    """Whether groups of things always differ in this: a sofa costs more than a pen."""
    return quantity.minus is None and bool(_words(quantity) & _OF_THINGS)


def _words(quantity: Quantity) -> set[str]:
    return {word for word in re.split(r"[\W\d_]+", label(quantity.column).lower()) if word}


def advice_on(cause: Quantity, outcome: Quantity) -> str:
    """Return what to do about two quantities that go together."""
    if nature_of(cause) == "set":
        return f"Try another {cause.name} on a small part before counting on its effect on {outcome.name}."
    if nature_of(cause) == "met":
        similar = "similar" if is_are(cause.column) == "are" else "a similar"
        return f"Compare {outcome.name} only among records with {similar} {cause.name}."
    return f"Look for what moves both {cause.name} and {outcome.name} before taking one for the cause of the other."
