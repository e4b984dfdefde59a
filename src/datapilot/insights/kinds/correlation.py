"""Two quantities that move together: "Higher discount goes with lower margin (correlation -0.61)".

Test: Spearman's rank correlation; effect: its rho. The number shown is Pearson's r of all rows; where the two
disagree, a few extreme rows make the figure, and nothing is said. Dropped when the strata of a category show the
opposite sign (Simpson 1951). The detail compares the lowest with the highest quarter, which needs no statistics.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.owners import owner
from datapilot.insights.phrases import fact_slot, number, p_text, rows_text, without_sentinel
from datapilot.insights.statistics import Test, pearson, spearman
from datapilot.insights.subjects import Quantity, Subjects
from datapilot.words.render import value_slot

LEAST_RHO = 0.25
SAME = 0.995  # the two say the same
_MOST_APART = 0.35  # between Pearson and Spearman


def find_correlations(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every pair of quantities that have no column in common."""
    for one, other in combinations(subjects.quantities, 2):
        if set(one.columns) & set(other.columns):
            continue
        both = np.isfinite(one.values) & np.isfinite(other.values)
        x, y = one.values[both], other.values[both]
        if len(x) < 20 or x.min() == x.max() or y.min() == y.max():
            continue
        test = spearman(x, y)
        yield test, _candidate(subjects, one, other, both=both, test=test) if abs(test.effect) >= LEAST_RHO else None


def _candidate(subjects: Subjects, one: Quantity, other: Quantity, *, both: np.ndarray, test: Test) -> Candidate | None:
    x, y = one.values[both], other.values[both]
    r = pearson(x, y)
    keep = np.ones(len(x), dtype=bool)
    keep[int(np.argmax(np.abs((x - x.mean()) * (y - y.mean()))))] = False
    if np.sign(r) != np.sign(test.effect) or abs(r - test.effect) > _MOST_APART or abs(r) < LEAST_RHO / 1.5:
        return None
    if abs(pearson(x[keep], y[keep])) < LEAST_RHO / 1.5 or _reverses(subjects, one, other, both, np.sign(test.effect)):
        return None
    # A duration cannot be filtered by; it is the outcome, the other quantity the condition.
    cause, outcome = (one, other) if one.minus is None else (other, one)
    filters = tuple(dict.fromkeys((*one.filters, *other.filters)))
    link = Measure(
        metric="correlation", column=outcome.column, minus=outcome.minus, column2=cause.column, filters=filters
    )
    low_edge, high_edge = (float(edge) for edge in np.quantile(cause.values[both], [0.25, 0.75]))
    quarters = _quarters(cause, outcome, low_edge, high_edge) if low_edge < high_edge and cause.minus is None else ()
    if cause.minus is not None:
        return None

    def word(facts: Facts) -> Wording | None:
        return _word(facts, cause, outcome, link, quarters)

    return Candidate(
        kind="correlation", columns=(*cause.columns, *outcome.columns), measures=(link, *quarters), word=word,
        impact=min(1.0, test.n / len(subjects.cells.rows)), effect=abs(test.effect) * (0.5 if abs(r) > SAME else 0.9),
        n=test.n, p_value=test.p_value,
        statistics=f"Spearman ρ = {test.effect:.2f}, {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{one.key}", f"{other.key}"),
    )  # fmt: skip


def _quarters(cause: Quantity, outcome: Quantity, low: float, high: float) -> tuple[Measure, Measure]:
    low, high = _plain_edge(low), _plain_edge(high)
    return (
        outcome.measure("mean", where=(Filter(column=cause.column, op="le", value=low), *cause.filters)),
        outcome.measure("mean", where=(Filter(column=cause.column, op="ge", value=high), *cause.filters)),
    )


def _plain_edge(edge: float) -> float | int:
    """Three figures are enough for where a quarter begins."""
    rounded = float(f"{edge:.3g}")
    return int(rounded) if rounded.is_integer() else rounded


def _reverses(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    for category in subjects.categories:
        if len(category.codes.labels) > 20:
            continue
        signs = []
        for stratum in range(len(category.codes.labels)):
            inside = both & (category.codes.codes == stratum)
            if inside.sum() >= 20:
                rho = spearman(one.values[inside], other.values[inside])
                signs.append(np.sign(rho.effect) if rho.p_value < 0.05 else 0)
        if len(signs) >= 2 and sum(found == -sign for found in signs) >= 2 * len(signs) / 3:
            return True
    return False


def _word(
    facts: Facts, cause: Quantity, outcome: Quantity, link: Measure, quarters: tuple[Measure, ...]
) -> Wording | None:
    r = number(facts, link.fact_id)
    if r is None or abs(r) < LEAST_RHO / 1.5:
        return None
    who = owner(*outcome.columns, *cause.columns)
    if abs(r) > SAME:
        return Wording(
            f"{cause.name} and {outcome.name} say nearly the same (correlation {fact_slot(facts[link.fact_id])})",
            f"Over {{{link.fact_id}|n}} records each follows from the other.{without_sentinel(cause)}",
            "data", f"Keep one of {cause.name} and {outcome.name} when modelling; together they count twice.",
        )  # fmt: skip
    direction = "higher" if r > 0 else "lower"
    if outcome.minus is not None:
        direction = "longer" if r > 0 else "shorter"
    headline = (
        f"Higher {cause.name} goes with {direction} {outcome.name} (correlation {fact_slot(facts[link.fact_id])})"
    )
    detail = ""
    if quarters and all(number(facts, one.fact_id) is not None for one in quarters):
        low, high = (facts[one.fact_id] for one in quarters)
        low_edge, high_edge = quarters[0].filters[0].value, quarters[1].filters[0].value
        if not isinstance(low_edge, tuple) and not isinstance(high_edge, tuple):
            detail = (
                f"Average {outcome.name} is {fact_slot(low)} where {cause.name} is at most {value_slot(low_edge)}, "
                f"and {fact_slot(high)} where it is {value_slot(high_edge)} or more. "
            )
    detail += f"Seen over {{{link.fact_id}|n}} records; it does not say which causes which.{without_sentinel(cause)}"
    what = f"Test whether changing {cause.name} moves {outcome.name}, before relying on it."
    return Wording(headline, detail, who, what)
