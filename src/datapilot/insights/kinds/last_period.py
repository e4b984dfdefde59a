"""A last period unlike the earlier ones: its change against theirs, in robust standard deviations (Student's t)."""

import numpy as np

from datapilot.contracts.measure import Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series import Series
from datapilot.insights.series_words import advice_on, names_spelled_out, periods_left_out, subject_of
from datapilot.insights.statistics import Test
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, number, p_text

LEAST_STEP = 0.15
FEWEST_STEPS = 10


def last_change(series: Series) -> tuple[Test, Candidate | None] | None:
    steps = np.diff(np.log(series.values))
    earlier = steps[:-1]
    if len(earlier) < FEWEST_STEPS:
        return None
    spread = max(float(np.std(earlier, ddof=1)), 1.4826 * float(np.median(np.abs(earlier - np.median(earlier)))))
    if spread <= 0:
        return None
    z = float((steps[-1] - np.median(earlier)) / (spread * (1 + 1 / len(earlier)) ** 0.5))
    p_value = t_tail(z, len(earlier) - 1)
    size = abs(float(np.expm1(steps[-1])))
    test = Test(p_value, size, len(series.values))
    if size < LEAST_STEP or abs(steps[-1]) <= np.abs(earlier).max():
        return test, None
    return test, _last_candidate(series, size, p_value, up=steps[-1] > 0)


def _last_candidate(series: Series, size: float, p_value: float, *, up: bool) -> Candidate:
    last, before = (
        series.timeline.within(at, at) for at in (len(series.timeline.keys) - 1, len(series.timeline.keys) - 2)
    )
    own = (*series.where, *(series.quantity.filters if series.quantity else ()))
    change = Measure.model_validate({
        "metric": "change", "of": series.of, "column": series.quantity.column if series.quantity else None,
        "minus": series.quantity.minus if series.quantity else None,
        "filters": (last, *own), "baseline": (before, *own),
    })  # fmt: skip
    each = series.measure("each")

    def word(facts: Facts) -> Wording | None:
        found = number(facts, change.fact_id)
        parts = entries(facts[each.fact_id])
        if found is None or len(parts) < FEWEST_STEPS or (found > 0) != up:
            return None
        changes = np.abs(np.diff(np.log([max(value, 1e-12) for _, _, value, _ in parts])))
        if changes[-1] <= changes[:-1].max():
            return None
        fact, (old, _, _, _), (new, _, _, _) = facts[each.fact_id], parts[-2], parts[-1]
        verb = "rose" if up else "fell"
        headline = (
            f"{series.name} {verb} {fact_slot(facts[change.fact_id], 'abs')} {series.when(fact, new)}: "
            f"{entry_slot(fact, new)} after {entry_slot(fact, old)} {series.when(fact, old)}"
        )
        detail = f"No earlier change from one whole {series.timeline.grain} to the next was as large."
        detail += names_spelled_out(series) + periods_left_out(series)
        what = advice_on(series, up=up, at=entry_slot(fact, new, "key"))
        story = (
            f"{series.when(fact, new)}, {series.name} came to {entry_slot(fact, new)}, "
            f"{fact_slot(facts[change.fact_id], 'abs')} {'more' if up else 'less'} than {series.when(fact, old)}."
        )
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    return Candidate(
        kind="period_change", columns=series.columns, measures=(change, each), word=word, impact=series.share,
        effect=min(1.0, 0.4 + size), n=series.n, p_value=p_value,
        statistics=f"change against the {len(series.values) - 2} earlier ones, {p_text(p_value)}",
        subject=subject_of(series),
    )  # fmt: skip
