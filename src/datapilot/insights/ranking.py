"""Which findings come first: impact x significance x effect x what readers care for, then variety."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar

from datapilot.contracts.insight import Severity

# How much a manager cares for the kind, everything else being equal.
INTEREST = {
    "duration_difference": 1.0, "repeated_records": 1.0, "sentinel": 1.0, "trend": 1.0, "share": 1.0,
    "against_plan": 1.0, "change_point": 0.95, "mix_change": 0.95, "battery": 0.95, "event_rate": 0.95, "burst": 0.9,
    "loss": 1.0, "leader": 0.6, "mover": 0.9, "standing": 0.85, "double_count": 1.0, "year_on_year": 1.0,
    "spelling": 0.95, "mention": 0.8,
    "rate": 1.0, "flow": 0.9, "load": 0.9, "spike": 0.85, "period_change": 0.85, "association": 0.8, "correlation": 0.8,
    "date_order": 0.8, "group_difference": 0.75, "seasonality": 0.75, "outlier": 0.75, "duplicates": 0.75,
    "concentration": 0.7, "course": 0.7, "missing": 0.7, "dominance": 0.35, "distribution": 0.45, "constant": 0.3,
}  # fmt: skip
# What these say is how the table is made up, not that something is wrong or changes.
DESCRIPTIVE = frozenset(
    {
        "mover",
        "group_difference",
        "share",
        "dominance",
        "concentration",
        "seasonality",
        "distribution",
        "leader",
        "flow",
    }
)
FEW_ROWS = 30
MOST_PER_KIND = 2
MOST_PER_COLUMN = 3
MOST_IN_ALL = 4  # of a kind, once every kind has had its turn
# A third of these adds nothing: sensors that agree, columns with holes.
ENOUGH_AT_TWO = frozenset({"correlation", "missing", "constant", "outlier", "distribution", "concentration"})
EACH_ANOTHER = frozenset({"battery", "flow"})  # every question of a survey is another subject, and so are in and out
REPEATED_SUBJECT = 0.7  # what a second finding on the same columns is worth, again and again
# Of one quantity by one column each of these says who has most; a second one adds little.
WHO_LEADS = frozenset({"share", "group_difference", "standing"})
LED_AGAIN = 0.5
FAINT = 0.25  # of the score


class Ranked(Protocol):
    """What ranking looks at: findings have it, and candidates before their figures are exact."""

    @property
    def kind(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def impact(self) -> float: ...
    @property
    def effect(self) -> float: ...
    @property
    def p_value(self) -> float | None: ...


R = TypeVar("R", bound=Ranked)


def score(finding: Ranked) -> float:
    """Return 0-1. Impact counts half: a strong finding in a small group is still one."""
    significance = 1 - (finding.p_value or 0.0)
    return INTEREST[finding.kind] * significance * finding.effect * (0.4 + 0.6 * math.sqrt(finding.impact))


def in_order(
    findings: Sequence[R], *, most: int, per_kind: int = MOST_PER_KIND, per_column: int = MOST_PER_COLUMN,
    clock: str | None = None,
) -> list[R]:  # fmt: skip
    """Return at most `most` findings, best first, each next one worth less for every column already spoken of; of the
    `clock`, which everything that changes has in common, any number may speak.

    Those beyond `per_kind` of a kind or `per_column` about a column follow within reason after all others but FAINT
    ones: a fourth driver of churn says more than which value is the most frequent.
    """
    pool, chosen, later = list(findings), list[R](), list[R]()
    kinds, columns = Counter[str](), Counter[str]()
    pairs = Counter[frozenset[str]]()

    def worth(finding: R) -> tuple[float, str]:
        spoken_of = max((columns[column] for column in finding.columns if column != clock), default=0)
        repeats = pairs[frozenset(finding.columns)] + 0.5 * spoken_of
        leads_again = finding.kind in WHO_LEADS and any(
            one.kind in WHO_LEADS and one.columns[:2] == finding.columns[:2] for one in chosen
        )
        again = LED_AGAIN if leads_again else 1.0
        return score(finding) * REPEATED_SUBJECT**repeats * again, repr(finding.columns)

    while pool and len(chosen) < most:
        best = max(pool, key=worth)
        pool.remove(best)
        is_full = kinds[best.kind] >= per_kind and best.kind not in EACH_ANOTHER
        if is_full or any(columns[column] >= per_column for column in best.columns if column != clock):
            later.append(best)
            continue
        chosen.append(best)
        kinds[best.kind] += 1
        columns.update(best.columns)
        pairs[frozenset(best.columns)] += 1
    further = list[R]()
    for finding in sorted(later, key=score, reverse=True):
        if kinds[finding.kind] < (per_kind if finding.kind in ENOUGH_AT_TWO else max(per_kind, MOST_IN_ALL)):
            further.append(finding)
            kinds[finding.kind] += 1
    clear, faint = (
        [one for one in (*chosen, *further) if (score(one) >= FAINT) is is_clear] for is_clear in (True, False)
    )
    return [*clear, *faint][:most]


def severity_of(finding: Ranked, n: int) -> Severity:
    """Return how much it matters: never more than medium on fewer than 30 rows, or for what merely describes."""
    worth = score(finding)
    if worth >= 0.5 and n >= FEW_ROWS and finding.kind not in DESCRIPTIVE:
        return "high"
    return "medium" if worth >= 0.3 else "low" if worth >= 0.12 else "info"
