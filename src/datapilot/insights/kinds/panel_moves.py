"""What each of many did over time: "Price rose most for ACME: from 26 in Jan 2000 to 223 in Mar 2010", and whose part
of a total grew: "Renewables make up 37% of net generation in 2017, up from 3.6% in 2001".

A part's way is tested as a series (statistics.trend), its p-value multiplied by the number of those that were looked
at; effect: points from the first time to the last. A quantity of one of the many is told as what it did, where it
remembers its last value or goes one way (kinds/courses says why); the furthest way in multiples is named, and who
stands highest and lowest at the last time.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.courses import LEAST_MEMORY
from datapilot.insights.series import turned_back
from datapilot.insights.series_tests import trend
from datapilot.insights.statistics import Floats, Test, remembered
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.panels import Panel
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    among,
    entries,
    entry_slot,
    fact_slot,
    first_to_last,
    group,
    listing,
    named_group,
    number,
    of_all,
    p_text,
)
from datapilot.words.labels import many_of
from datapilot.words.render import column_slot, columns_slot, value_slot

FEWEST_TIMES = 8
MOST_LOST = 0.2  # of the times, that one may have no value
MOST_BACK = 0.4  # of the range, that a way may go against its own direction
FEWEST_MANY = 2
FEWEST_STANDING = 3
MANY = 5  # of whom a day's order is worth knowing
LEAST_APART = 0.8  # of the variance of the last third that lies between the many
_LISTED = 8
TRIPLED = 1.1  # as a logarithm; a way so far may have been rough
LEAST_MOVED = 0.25  # as a multiple of where it began, as a logarithm
MOST_PARTS = 30
MOST_QUANTITIES = 6
LEAST_POINTS = 0.1
LEAST_TIMES = 1.3
CERTAIN = 0.01  # of a way told by its direction alone, over all that were looked at


def find_shifts(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every total, the test of the part that moved most."""
    for panel, quantity in product(panels, subjects.own_quantities):
        if len(panel.times) < FEWEST_TIMES or len(panel.category.codes.labels) > MOST_PARTS:
            continue
        if not (quantity.adds_up or quantity.is_level) or not panel.tells(quantity):
            continue
        values = panel.values(quantity)
        if not np.nanmin(values, initial=0) >= 0:
            continue
        totals = np.nansum(values, axis=0)
        if totals.min() <= 0 or np.isnan(values).mean() > MOST_LOST:
            continue
        shares = np.nan_to_num(values) / totals
        width = _width(panel, quantity)
        ends = [np.nansum(values[:, span], axis=1) for span in (slice(width), slice(-width, None))]
        first, final = (one / one.sum() for one in ends)
        moved = final - first
        at = int(np.argmax(np.abs(moved) + 1e-9 * (moved > 0)))
        found = trend(shares[at])
        test = Test(min(1.0, found.p_value * len(moved)), float(abs(moved[at])), len(totals))
        low, high = sorted((float(first[at]), float(final[at])))
        is_clear = high - low >= LEAST_POINTS and high >= LEAST_TIMES * low
        is_course = remembered(shares[at]) >= LEAST_MEMORY and _goes_on(shares[at], up=bool(moved[at] > 0))
        fits = is_clear and (is_course or found.tau * moved[at] > 0)
        yield test, _shift(panel, quantity, at, test, is_course=is_course) if fits else None


def _width(panel: Panel, quantity: Quantity) -> int:
    """Return how many times are put together at either end: of amounts by day the third, for one day has few."""
    return max(1, len(panel.times) // 3) if panel.grain == "day" and quantity.adds_up else 1


def _member(panel: Panel, code: int) -> Filter:
    """Return the condition for the rows of one of the many."""
    return Filter(column=panel.category.column, op="eq", value=panel.category.codes.labels[code])


def _shift(panel: Panel, quantity: Quantity, at: int, test: Test, *, is_course: bool) -> Candidate:
    category, last = panel.category, len(panel.times) - 1
    label = category.codes.labels[at]
    member = _member(panel, at)
    whole = quantity.measure("sum", where=panel.whole_times, by=panel.clock.column, grain=panel.grain)
    width = _width(panel, quantity)
    spans = panel.through(0, width - 1), panel.through(last - width + 1, last)
    before, after = (
        Measure(metric="share_sum", column=quantity.column, filters=(span, member, *quantity.filters),
                baseline=(span, *quantity.filters))
        for span in spans
    )  # fmt: skip
    ends = [quantity.measure("sum", by=category.column, where=(span,), limit=6) for span in spans]

    def word(facts: Facts) -> Wording | None:
        was, now = number(facts, before.fact_id), number(facts, after.fact_id)
        times = entries(facts[whole.fact_id])
        if was is None or now is None or len(times) < FEWEST_TIMES or abs(now - was) < LEAST_POINTS / 2:
            return None
        first, first_end, end_start, end = (
            entry_slot(facts[whole.fact_id], times[place][0], "key") for place in (0, width - 1, -width, -1)
        )
        on = panel.preposition
        early = f"{on} {first}" if width == 1 else f"from {first} to {first_end}"
        late = f"{on} {end}" if width == 1 else f"from {end_start} to {end}"
        if width > 1:
            first, end = f"{first} to {first_end}", f"{end_start} to {end}"
        way = "up" if now > was else "down"
        headline = (
            f"{named_group(category.column, label)} makes up {fact_slot(facts[after.fact_id], 'percent')} of "
            f"{quantity.total} {late}, {way} from {fact_slot(facts[before.fact_id], 'percent')} {early}"
        )
        detail = " ".join(
            f"{time}: {listing(facts[one.fact_id])}." for time, one in zip((first, end), ends, strict=True)
        )
        who = group(category.column, label)
        what = f"Decide whether {who} is meant to {'grow' if now > was else 'shrink'}, and plan with the later part."
        story = (
            f"Of {quantity.total}, {value_slot(label)} made {fact_slot(facts[before.fact_id], 'percent')} "
            f"{early} and {fact_slot(facts[after.fact_id], 'percent')} {late}."
        )
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=story)

    return Candidate(
        kind="mix_change", columns=(quantity.column, category.column, panel.clock.column),
        measures=(before, after, whole, *ends), word=word, impact=min(1.0, 0.4 + test.effect),
        effect=min(1.0, 0.5 + 1.5 * test.effect), n=test.n, p_value=None if is_course else test.p_value,
        statistics=f"{test.n} {panel.grain}s" if is_course else
        f"Mann–Kendall over the part, {p_text(test.p_value)} over all parts, {test.n} {panel.grain}s",
        subject=(f"{quantity.key}",),
    )  # fmt: skip


def _told_series(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[tuple[Panel, Quantity, Floats]]:
    """Yield the quantities that a panel long enough tells, each with its values by the many (rows) and times."""
    for panel, quantity in product(panels, islice(subjects.own_quantities, MOST_QUANTITIES)):
        if len(panel.times) >= FEWEST_TIMES and panel.tells(quantity):
            yield panel, quantity, panel.values(quantity)


def find_moves(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[Candidate]:
    """Yield, for every quantity, the one of the many that went furthest, up or down."""
    told = list(_told_series(subjects, panels))
    for panel, quantity, values in told:
        if panel.grain == "day" and quantity.adds_up and len(values) < MANY:
            continue  # from one day's amount to another's
        if not np.nanmin(values, initial=1) > 0:
            continue  # a multiple of nothing, or of less, says nothing
        with np.errstate(invalid="ignore"):
            moved = np.log(values[:, -1] / values[:, 0])
        if np.isfinite(moved).sum() < FEWEST_MANY:
            continue
        moved = np.nan_to_num(moved)
        furthest = int(np.argmax(np.abs(moved)))
        if abs(moved[furthest]) >= LEAST_MOVED and _is_told(
            values[furthest], float(moved[furthest]), len(values) * len(told)
        ):
            yield _move(panel, quantity, moved, furthest)


def _is_told(series: Floats, way: float, many: int) -> bool:
    """Whether a series went its way rather than about: it remembers where it was, or goes one way beyond chance."""
    known = series[np.isfinite(series)]
    if len(known) < max(FEWEST_TIMES, (1 - MOST_LOST) * len(series)):
        return False
    found = trend(known)
    if found.tau * way > 0 and found.p_value * many <= CERTAIN:
        return True
    return remembered(known) >= LEAST_MEMORY and (abs(way) >= TRIPLED or _goes_on(known, up=way > 0))


def _goes_on(series: Floats, *, up: bool) -> bool:
    return turned_back(series, up=up) <= MOST_BACK * float(np.ptp(series))


def find_standings(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[Candidate]:
    """Yield, for every quantity that remembers, who stands highest and lowest at the last time."""
    for panel, quantity, values in _told_series(subjects, panels):
        last = values[:, -1]
        if panel.grain == "day" and (quantity.adds_up or len(values) < MANY):
            continue  # what was sold on one day is chance, and a few are compared by all their days
        if np.isfinite(last).sum() < FEWEST_STANDING or not np.nanmin(values) >= 0:
            continue
        if not any(np.ptp(one[np.isfinite(one)]) > 0 for one in values if np.isfinite(one).any()):
            continue  # what each of them is, not where it stands: the floor area of a site
        high, low = int(np.nanargmax(last)), int(np.nanargmin(last))
        if last[high] >= LEAST_TIMES * last[low] and _keep_their_place(values):
            yield _standing(panel, quantity, high, low, is_empty=bool(last[low] <= 0))


def _keep_their_place(values: Floats) -> bool:
    """Whether who leads by chance at one time is not another the next: series remember where they are, or lay apart in
    all of the last third."""
    series = [known for one in values if len(known := one[np.isfinite(one)]) >= FEWEST_TIMES]
    late = values[:, -max(FEWEST_STANDING, values.shape[1] // 3) :]
    late = late[np.isfinite(late).all(axis=1)]
    if not series or len(late) < FEWEST_STANDING:
        return False
    spread = float(late.var())
    is_apart = spread > 0 and float(late.mean(axis=1).var()) >= LEAST_APART * spread
    return is_apart or float(np.mean([remembered(one) for one in series])) >= LEAST_MEMORY


def _standing(panel: Panel, quantity: Quantity, high: int, low: int, *, is_empty: bool) -> Candidate:
    """Return who stands highest, and lowest, or second where the lowest is nothing: many may have none at all."""
    category, is_sum = panel.category, panel.is_joint
    at = panel.within(len(panel.times) - 1)
    each = quantity.measure("sum", by=category.column, where=(at,))
    whole = quantity.measure("sum", where=panel.whole_times, by=panel.clock.column, grain=panel.grain)
    first = quantity.measure("sum", where=(panel.within(0), _member(panel, high)))
    top, bottom = (category.codes.labels[code] for code in (high, low))

    def word(facts: Facts) -> Wording | None:
        places = {key: position for position, key, _, _ in entries(facts[each.fact_id])}
        times = entries(facts[whole.fact_id])
        if places.get(top) != 0 or bottom not in places or len(times) < FEWEST_TIMES:
            return None
        fact, time = facts[each.fact_id], entry_slot(facts[whole.fact_id], times[-1][0], "key")
        who, name = named_group(category.column, top), quantity.total if is_sum else quantity.name
        where = f" {of_all(category.column)}" if who == value_slot(top) else ""
        other = f"{group(category.column, bottom)} has the lowest, {entry_slot(fact, places[bottom])}"
        if is_empty:
            other = f"{entry_slot(fact, 1, 'key')} follows with {entry_slot(fact, 1)}"
        headline = (
            f"{who} has the highest {name}{where} {panel.preposition} {time}, {entry_slot(fact, places[top])}; {other}"
        )
        detail = f"From the highest down: {listing(fact, most=_LISTED)}."
        if number(facts, first.fact_id) is not None:
            began = entry_slot(facts[whole.fact_id], times[0][0], "key")
            detail += (
                f" {panel.preposition.capitalize()} {began} {group(category.column, top)} had "
                f"{fact_slot(facts[first.fact_id])}."
            )
        what = f"Compare {group(category.column, top)} with {group(category.column, bottom)} before setting one aim."
        if nature_of(quantity) != "outcome":
            apart = f"{group(category.column, top)} and {group(category.column, bottom)}"
            what = f"Plan {quantity.name} for {apart} each by itself: one average of all records fits neither."
        ahead = (
            f"{panel.preposition} {time}, {value_slot(top)} comes first in {name} with {entry_slot(fact, places[top])}"
        )
        last_of = f"{value_slot(bottom)} last with {entry_slot(fact, places[bottom])}"
        if is_empty:
            last_of = f"{entry_slot(fact, 1, 'key')} second with {entry_slot(fact, 1)}"
        story = f"{ahead}, {last_of}."
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=story)

    return Candidate(
        kind="standing", columns=(quantity.column, category.column, panel.clock.column), measures=(each, whole, first),
        word=word, impact=0.5, effect=0.7, n=len(category.codes.labels), subject=(f"{quantity.key}",),
        statistics=f"{len(category.codes.labels)} series of {len(panel.times)} {panel.grain}s",
    )  # fmt: skip


def _move(panel: Panel, quantity: Quantity, moved: Floats, at: int) -> Candidate:
    category = panel.category
    is_up = bool(moved[at] > 0)
    signed = moved if is_up else -moved
    # Who went the other way says more than who came second.
    against = int(np.argmin(signed))
    other = against if signed[against] <= -LEAST_MOVED / 2 else int(np.argsort(-signed, kind="stable")[1])
    series = [
        quantity.measure(
            "sum" if panel.is_joint else "mean",
            where=(_member(panel, code), *panel.whole_times),
            by=panel.clock.column,
            grain=panel.grain,
        )
        for code in (at, other)
    ]

    def ends(facts: Facts, which: int) -> str | None:
        fact = facts[series[which].fact_id]
        parts = entries(fact)
        code = (at, other)[which]
        if len(parts) < FEWEST_TIMES or (parts[-1][2] > parts[0][2]) != (moved[code] > 0):
            return None
        return first_to_last(fact, panel.preposition)

    def word(facts: Facts) -> Wording | None:
        way, second = ends(facts, 0), ends(facts, 1)
        if way is None:
            return None
        label, another = (category.codes.labels[code] for code in (at, other))
        verb = "rose" if is_up else "fell"
        name = quantity.total if panel.is_joint else quantity.name
        headline = f"{name} {verb} most {among(category.column, label)}: {way}"
        detail = f"Each {column_slot(category.column)} is measured against where it began."
        if second is not None:
            goes = "rose" if moved[other] > 0 else "fell"
            follows = "Next" if (moved[other] > 0) == is_up else "The other way"
            detail += f" {follows}, it {goes} {among(category.column, another)} {second}."
        what = f"Find out what changed {among(category.column, label)} on the way, and whether it is to go on."
        whole = f"Among all {columns_slot(category.column)}" if many_of(category.column) else "Of all"
        story = f"{whole}, {group(category.column, label)} {verb} most in {name}: {way}."
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=story)

    return Candidate(
        kind="mover", columns=(quantity.column, category.column, panel.clock.column), measures=tuple(series), word=word,
        impact=0.6, effect=min(1.0, 0.5 + abs(float(moved[at])) / 3), n=len(panel.times), subject=(f"{quantity.key}",),
        group=category.codes.labels[at], statistics=f"{len(moved)} series of {len(panel.times)} {panel.grain}s",
    )  # fmt: skip
