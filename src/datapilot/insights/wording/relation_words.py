"""A relation of two quantities in words: its ends, its brackets, or its direction alone."""

from typing import NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Measure
from datapilot.insights.candidate import Facts
from datapilot.insights.subjects.subjects import Quantity
from datapilot.insights.wording.phrases import fact_slot, is_are, limit_slot, number


class Told(NamedTuple):
    """A relation in words: its headline, its detail, another way to say it, and how its two ends are called."""

    headline: str
    detail: str
    story: str
    ends: tuple[str, ...] = ()


def relation_in_words(
    facts: Facts, cause: Quantity, outcome: Quantity, ends: tuple[Measure, ...], r: float, *, shown: str
) -> Told:
    """Return the words of a relation, by its two ends where they show it and else by `shown`."""
    direction = "higher" if r > 0 else "lower"
    if outcome.minus is not None:
        direction = "longer" if r > 0 else "shorter"
    goes = "go" if cause.minus is None and is_are(cause.column) == "are" else "goes"
    more = "higher" if cause.minus is None else "longer"
    headline = f"{more} {cause.name} {goes} with {direction} {outcome.name}"
    edges = _shown_ends(facts, ends, r)
    if edges is None:
        way = "in the same direction" if r > 0 else "in opposite directions"
        story = f"{cause.name} and {outcome.name} tend to move {way} (correlation {shown})."
        return Told(f"{headline} (correlation {shown})", "", story)
    low, high = (fact_slot(facts[one.fact_id]) for one in ends[:2])
    where_low, where_high = f"below {limit_slot(cause, edges[0])}", f"at {limit_slot(cause, edges[1])} or more"
    if edges[0] == edges[1]:
        where_low, where_high = f"at {limit_slot(cause, edges[0])}", "above"
    averages = "" if outcome.average == outcome.name else "average "
    called = (where_low, where_high if edges[0] != edges[1] else f"above {limit_slot(cause, edges[0])}")
    detail = (
        f"That is the {outcome.average} of {{{ends[0].fact_id}|n}} records with {cause.name} {where_low} "
        f"and of {{{ends[1].fact_id}|n}} {where_high}. "
    )
    return Told(
        headline=f"{headline}: {averages}{low} {where_low}, {high} {where_high}",
        detail=detail + _by_brackets(facts, cause, outcome, ends[2:]),
        story=_story(cause, outcome, low=(low, called[0]), high=(high, called[1])),
        ends=called,
    )


def _story(cause: Quantity, outcome: Quantity, *, low: tuple[str, str], high: tuple[str, str]) -> str:
    """Return "Rating averages 2.9 where first reply is 100 or more, and 4.6 where it is below 50."."""
    if outcome.average == outcome.name:
        averages = is_are(outcome.column)
    else:
        averages = "average" if outcome.minus is None and is_are(outcome.column) == "are" else "averages"
    is_are_, it_is = ("are", "they are") if cause.minus is None and is_are(cause.column) == "are" else ("is", "it is")
    where_high, where_low = (where.removeprefix("at ") for where in (high[1], low[1]))
    return (
        f"{outcome.name} {averages} {high[0]} where {cause.name} {is_are_} {where_high}, "
        f"and {low[0]} where {it_is} {where_low}."
    )


def _by_brackets(facts: Facts, cause: Quantity, outcome: Quantity, brackets: tuple[Measure, ...]) -> str:
    """Return the sentence "Average wait by amount: 32 days below 1,000, 20 days from 1,000, 8 days from 5,000."."""
    if not brackets or any(number(facts, one.fact_id) is None for one in brackets):
        return ""
    parts = []
    for one in brackets:
        first = one.filters[0]
        assert not isinstance(first.value, tuple)
        word = {"lt": "below", "gt": "above"}.get(first.op, "from")
        parts.append(f"{fact_slot(facts[one.fact_id])} {word} {limit_slot(cause, first.value)}")
    said = f"Average {outcome.name} by {cause.name}"
    if outcome.average == outcome.name:
        said = f"By {cause.name}, {outcome.name} {is_are(outcome.column)}"
    return f"{said}: {', '.join(parts)}. "


def _shown_ends(facts: Facts, ends: tuple[Measure, ...], r: float) -> tuple[Scalar, Scalar] | None:
    """Return the two edges when the averages beyond them differ the way the correlation says."""
    if len(ends) < 2:
        return None
    low, high = (number(facts, one.fact_id) for one in ends[:2])
    edges = [one.filters[0].value for one in ends[:2]]
    if low is None or high is None or low == high or (high > low) != (r > 0):
        return None
    one, other = edges
    return None if isinstance(one, tuple) or isinstance(other, tuple) else (one, other)
