"""Which column is the plan of which other, by their names: budget and actual, the price asked and the price paid."""

from datapilot.insights.subjects.subjects import Quantity
from datapilot.words.labels import label

PLANS = frozenset({
    "budget", "budgeted", "plan", "planned", "target", "forecast", "expected", "quota", "goal", "estimate",
    "estimated", "soll", "planwert", "sollwert", "plankosten", "planumsatz",
})  # fmt: skip
OUTCOMES = frozenset({
    "actual", "actuals", "ist", "istwert", "spent", "realized", "realised", "achieved", "istkosten", "istumsatz",
})  # fmt: skip
# What was asked for a thing, and what was paid.
_ASKED = frozenset({"list", "listed", "asking", "original", "initial"})
_PAID = frozenset({"sale", "sold", "selling", "final", "closing", "paid"})


def is_plan_of(plan: Quantity, outcome: Quantity) -> bool:
    """Whether two columns say that one is the plan of the other: budget and actual, planned cost and cost."""
    first, second = ({*label(one.column).lower().split()} for one in (plan, outcome))
    if plan.minus is not None or outcome.minus is not None or not first & PLANS or second & PLANS:
        return False
    of_plan, of_outcome = first - PLANS, second - OUTCOMES
    if of_plan and of_plan == of_outcome:
        return True
    # "Budget" beside "actual cost"; but what it cost is no outcome of planned hours.
    return bool(second & OUTCOMES) and (of_plan <= of_outcome or of_outcome <= of_plan)


def comes_after(outcome: Quantity, plan: Quantity) -> bool:
    """Whether one is what came of the other, so that where both say the same it is the one to tell."""
    if is_plan_of(plan, outcome):
        return True
    first, second = ({*label(one.column).lower().split()} for one in (plan, outcome))
    return bool(first & _ASKED and second & _PAID) and first - _ASKED == second - _PAID
