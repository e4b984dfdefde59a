"""Two categories that go together: "78% of Hardware records are in Australia, against 12% of the others".

Test: chi-square of independence, refused on sparse tables (Cochran 1954); effect: bias-corrected V (Bergsma 2013).
The sentence shows the pair of values that departs most from independence, by its standardised residual. One column
that merely repeats or refines another (city and country) is no finding.
"""

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.events import tells_ends
from datapilot.insights.natures import is_event, is_outcome_value
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    fact_slot,
    group,
    is_geography,
    listing,
    named_group,
    number,
    p_text,
    records,
    rows_text,
    speaks,
)
from datapilot.insights.statistics import (
    Floats,
    Ints,
    Test,
    association,
    binomial_tail,
    contingency,
    independent_share,
    persistence,
)
from datapilot.insights.subjects import Category, Subjects, is_code
from datapilot.words.render import column_slot, is_question, value_slot

LEAST_V = 0.12
REFINES = 0.95  # of rows whose one value tells the other
LEAST_POINTS = 0.10  # between the share within the group and outside it
LEAST_ROWS = 10
LEAST_RARE_ROWS = 5
LEAST_RARE = 0.5  # of a rare value's records in one group
MOST_USUAL = 0.5  # share of the group in all records; a larger one holds most of anything
FEWEST_RECORDS = 50
MOST_TOLD = 6  # values of a small group that are all listed
LEAST_ALIKE = 4
ALIKE_BY_CHANCE = 0.01
NESTED = 0.7  # a group that is wholly of one kind mostly is so by what the words mean
TIMES_AS_OFTEN = 1.5  # the logarithm of how many times as often that counts fully
LEAST_INDEPENDENT = 0.9
_MOST_VALUES = 30


def find_associations(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every pair of categories."""
    fit = [one for one in subjects.categories if not one.is_personal and len(one.codes.labels) <= _MOST_VALUES]
    for one, other in combinations(fit, 2):
        if tells_ends(one) != tells_ends(other):
            continue  # how often something happens is told as such
        both = (one.codes.codes >= 0) & (other.codes.codes >= 0)
        codes, codes2 = one.codes.codes[both], other.codes.codes[both]
        counts = contingency(codes, codes2, len(one.codes.labels), len(other.codes.labels))
        kept = independent_share(persistence(codes), persistence(codes2))
        test = association(counts, kept=kept)
        are_places = is_geography(one.column) and is_geography(other.column)
        refines = (
            are_places or _refines(counts) or _is_by_construction(counts) or _are_one_question(one.column, other.column)
        )
        candidate: Candidate | None = None
        if test.n:
            fits = test.effect >= LEAST_V and not refines
            candidate = _candidate(subjects, one, other, counts, test) if fits else None
            yield test, candidate
        are_words = not (is_code(one.column) or is_code(other.column))
        rare = _rare(counts, kept) if candidate is None and not refines and are_words else None
        if rare is not None:
            found, at = rare
            fits = found.effect >= LEAST_RARE
            yield found, _candidate(subjects, one, other, counts, found, at=at) if fits else None


def _greatest(residual: Floats) -> tuple[int, int]:
    row, column = np.unravel_index(int(np.argmax(residual)), residual.shape)
    return int(row), int(column)


def _others(where: Filter, who: tuple[Category, int], what: tuple[Category, int], counts: Ints) -> Measure | None:
    """Return the number of the group's records under values that it never has; None where it has them all."""
    row = counts[who[1]]
    told = [what[0].codes.labels[code] for code in np.flatnonzero(row)]
    if len(told) > MOST_TOLD or len(told) == len(row):
        return None
    unlike = tuple(Filter(column=what[0].column, op="ne", value=label) for label in told)
    return Measure(metric="count", filters=(where, Filter(column=what[0].column, op="not_missing"), *unlike))


def _nothing_else(facts: Facts, rest: Measure | None) -> str:
    return (
        f", all others {fact_slot(facts[rest.fact_id])}" if rest is not None and facts[rest.fact_id].value == 0 else ""
    )


def _alike(who: tuple[Category, int], what: tuple[Category, int], counts: Ints) -> int | None:
    """Return another small group that gathers under the same value, if one clearly does."""
    sizes, inside = counts.sum(axis=1), counts[:, what[1]]
    usual = float(inside.sum() / max(counts.sum(), 1))
    for row in np.argsort(-inside):
        is_small = inside[row] >= LEAST_ALIKE and sizes[row] < FEWEST_RECORDS
        if row == who[1] or not is_small or inside[row] < LEAST_RARE * sizes[row]:
            continue
        if binomial_tail(int(inside[row]), int(sizes[row]), usual) * len(sizes) < ALIKE_BY_CHANCE:
            return int(row)
    return None


def _yes(category: Category) -> int | None:
    """Return the code of "yes" in a column of yes and no, None for other columns."""
    said = [str(one).lower() for one in category.codes.labels]
    return next((said.index(word) for word in ("yes", "true") if len(said) == 2 and word in said), None)


def _rare(counts: Ints, kept: float) -> tuple[Test, tuple[int, int]] | None:
    """Test a table's rare values, which chi-square does not see, by the most telling cell: the binomial probability of
    so many of a value's records in one group, times the number of cells (Bonferroni). The effect is their share.

    None without rare values, and for records that remember their neighbour, which the binomial takes for independent.
    """
    n = int(counts.sum())
    if n < FEWEST_RECORDS or kept < LEAST_INDEPENDENT:
        return None
    best: tuple[float, float, tuple[int, int]] | None = None
    for table, is_turned in ((counts, False), (counts.T, True)):
        groups, values = table.sum(axis=1), table.sum(axis=0)
        for row, column in np.argwhere((table >= LEAST_RARE_ROWS) & (values < FEWEST_RECORDS)).tolist():
            count, overall = int(table[row, column]), float(groups[row] / n)
            share = count / int(values[column])
            p_value = min(1.0, binomial_tail(count, int(values[column]), overall) * counts.size)
            if overall < MOST_USUAL and (best is None or p_value < best[0]):
                best = p_value, share, (column, row) if is_turned else (row, column)
    return None if best is None else (Test(best[0], best[1], n), best[2])


def _refines(counts: Ints) -> bool:
    """Whether one column's value tells the other's almost always: a city its country."""
    n = counts.sum()
    return bool(max(counts.max(axis=1).sum(), counts.max(axis=0).sum()) / n >= REFINES)


def _are_one_question(one: str, other: str) -> bool:
    """Whether two names differ by their figures alone: the same asked in two years, or of two halves."""
    first, second = (re.sub(r"[\d_\s]+", "", name).lower() for name in (one, other))
    return bool(first) and first == second


def _is_by_construction(counts: Ints) -> bool:
    """Whether one of two yes-or-no columns rules the other out or implies it, as flags made from one column do."""
    return counts.shape == (2, 2) and bool((counts == 0).any())


def _candidate(
    subjects: Subjects, one: Category, other: Category, counts: Ints, test: Test, *, at: tuple[int, int] | None = None
) -> Candidate | None:
    """Return what the most telling cell says: the one at `at`, else that of the largest residual."""
    n = counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    inside = counts / np.maximum(rows[:, None], 1)
    outside = (columns[None, :] - counts) / np.maximum(n - rows[:, None], 1)
    expected = np.outer(rows, columns) / n
    residual = (counts - expected) / np.sqrt(np.maximum(expected, 1e-9))
    least = LEAST_ROWS if at is None else LEAST_RARE_ROWS
    residual[(counts < least) | (inside - outside < LEAST_POINTS)] = 0
    if residual.max() <= 0:
        return None
    row, column = at or _greatest(residual)
    both_yes = _yes(one), _yes(other)
    if both_yes[0] is not None and both_yes[1] is not None and residual[both_yes[0], both_yes[1]] > 0:
        row, column = both_yes[0], both_yes[1]  # that both are so is said rather than that neither is
    # Which of the two is the group: the way round that sets the shares further apart says more.
    outside_other = (rows[row] - counts[row, column]) / max(n - columns[column], 1)
    forward, backward = (
        inside[row, column] - outside[row, column],
        counts[row, column] / columns[column] - outside_other,
    )
    who, what = (one, int(row)), (other, int(column))
    events = [
        is_event(category.column) or is_outcome_value(category.codes.labels[code])
        for category, code in ((one, row), (other, column))
    ]
    is_turned = events[0] if events[0] != events[1] else bool(backward > forward)
    if is_turned:
        who, what = what, who
    share_here, share_there = (
        (counts[row, column] / columns[column], outside_other) if is_turned
        else (inside[row, column], outside[row, column])
    )  # fmt: skip
    weight = max(forward, backward)
    if any(events):
        # Thrice as often is news, however seldom it is.
        weight = max(weight, min(1.0, float(np.log(share_here / max(share_there, 1 / n))) / TIMES_AS_OFTEN))
    if who[0].codes.labels[who[1]] == what[0].codes.labels[what[1]] and None in both_yes:
        return None  # the same answer to two questions
    where = Filter(column=who[0].column, op="eq", value=who[0].codes.labels[who[1]])
    rest = Filter(column=who[0].column, op="ne", value=who[0].codes.labels[who[1]])
    share = Filter(column=what[0].column, op="eq", value=what[0].codes.labels[what[1]])
    known = Filter(column=what[0].column, op="not_missing")
    here = Measure(metric="ratio", of="count", filters=(where, share), baseline=(where, known))
    there = Measure(metric="ratio", of="count", filters=(rest, share), baseline=(rest, known))
    is_small = int((who[0].codes.codes == who[1]).sum()) < FEWEST_RECORDS  # then counts say more than shares
    each = Measure(metric="count" if is_small else "share_rows", by=what[0].column, filters=(where, known), limit=6)

    by_who = counts.T if is_turned else counts
    rest_of = _others(where, who, what, by_who) if is_small else None
    alike = _alike(who, what, by_who) if is_small else None
    likewise = Filter(column=who[0].column, op="eq", value=who[0].codes.labels[alike]) if alike is not None else None
    also = Measure(metric="count", by=what[0].column, filters=(likewise, known), limit=6) if likewise else None

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, there.fact_id)
        if inner is None or outer is None or inner - outer < LEAST_POINTS / 2 or facts[here.fact_id].n < least:
            return None
        label, other_label = who[0].codes.labels[who[1]], what[0].codes.labels[what[1]]
        is_plain = speaks(other_label) and label != other_label
        subject, value = group(who[0].column, label), group(what[0].column, other_label)
        have = "are" if is_plain else "have"
        if is_question(what[0].column):
            have, value = "gave", group(what[0].column, other_label)
        elif not is_plain:
            value = f"{column_slot(what[0].column)} {value_slot(other_label)}"
        elif (named := named_group(what[0].column, other_label)) != value:
            have, value = "belong to", named
        headline = (
            f"{fact_slot(facts[here.fact_id], 'percent')} of {records(who[0].column, label)} {have} {value}, "
            f"against {fact_slot(facts[there.fact_id], 'percent')} of the others"
        )
        detail = (
            f"{column_slot(what[0].column)} of the {{{each.fact_id}|n}} {records(who[0].column, label)}: "
            f"{listing(facts[each.fact_id])}{_nothing_else(facts, rest_of)}."
        )
        if also is not None and alike is not None:
            detail += (
                f" Likewise the {records(who[0].column, who[0].codes.labels[alike])}: {listing(facts[also.fact_id])}."
            )
        advice = f"Ask why {subject} and {value} meet so often, and plan for the two together."
        if any(events):
            advice = f"Find out what is different about {subject}: {value} comes up there far more often."
        return Wording(headline, detail, owner(who[0].column, what[0].column), advice)

    return Candidate(
        kind="association", columns=(who[0].column, what[0].column), word=word,
        measures=(here, there, each, *(one for one in (rest_of, also) if one is not None)),
        impact=min(1.0, 2 * float(counts[row, column]) / float(n)),
        effect=min(1.0, float(weight)) * (NESTED if share_here >= REFINES and not any(events) else 1.0),
        n=test.n, p_value=test.p_value,
        statistics=(
            f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, " if at is None
            else f"binomial {p_text(test.p_value)} over {counts.size} cells, "
        ) + f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip
