"""When something happens clearly more often here than there, whether that holds within other groups, and what to do."""

import numpy as np

from datapilot.insights.subjects.happenings import ALL, NONE, Event
from datapilot.insights.subjects.natures import is_fate, is_trait, is_trial, is_two_sided
from datapilot.insights.subjects.subjects import Category, Subjects
from datapilot.insights.wording.phrases import is_geography
from datapilot.words.render import column_slot

LEAST_TIMES = 1.25  # as often as in the rest
LEAST_POINTS_OF_WISHES, LEAST_TIMES_OF_WISHES = 0.1, 1.5  # without it, against the others without
LEAST_POINTS = 0.01
USUAL = 0.5  # of the records, from which on those to whom it does not happen are the news
LEAST_IN_STRATUM = 10
MOST_GROUPS = 30
LEAST_GROUP = 20  # rows
LEAST_HAPPENED = 5  # in the group
TIMES_AS_OFTEN = 1.5  # the logarithm of how many times as often that counts fully


def is_clear(event: Event, more: float, fewer: float, *, least: float = LEAST_TIMES) -> bool:
    """Whether it happens clearly more often on one side; what is wished for also by how often it fails to happen."""
    clearly = is_more(more, fewer, least=least)
    if clearly or not event.is_welcome or (more >= ALL and fewer <= NONE):
        return clearly
    return more - fewer >= LEAST_POINTS_OF_WISHES and 1 - fewer >= LEAST_TIMES_OF_WISHES * (1 - more)


def times_as_often(event: Event, more: float, fewer: float, least: float) -> float:
    """Return how many times as often it happens; of what is wished for and usual, how many times as often not."""
    times = more / max(fewer, least)
    return max(times, (1 - fewer) / max(1 - more, least)) if event.is_welcome and fewer >= USUAL / 2 else times


def is_more(here: float, there: float, *, least: float = LEAST_TIMES) -> bool:
    points = LEAST_POINTS if least >= LEAST_TIMES else 0.0
    return here - there >= points and here >= least * there and not (here >= ALL and there <= NONE)


def advice_on(event: Event, whom: str, *, by: Category | None = None) -> str:
    if by is not None and is_trait(by.column):
        same = f"records of the same {column_slot(by.column)}"
        return f"Report the share by {column_slot(by.column)}, and compare other groups only among {same}."
    if is_fate(event.columns[0]) or is_two_sided(event.columns[0]):
        return f"Look closer at {whom}: find out what else sets them apart from the others."
    if event.is_welcome and by is not None and is_trial(by):
        return f"Give {whom} to more, and watch whether the gap lasts and the other figures hold."
    if event.is_welcome and by is not None and is_geography(by.column):
        return f"Find out what is different about {whom}, and what of it could be done in other places."
    if event.is_welcome and by is None:
        return f"Begin with {whom} where there is not time for all."
    if event.is_welcome:
        return f"Find out what is different about {whom}, and try the same elsewhere."
    if event.is_short:
        return f"Order again for {whom} first, and ask why so much runs low there."
    if event.rate_name is not None:
        return f"Begin with {whom} when working on {column_slot(event.columns[0])}: there it happens most often."
    return f"Begin with {whom}: there it happens most often."


def reverses(subjects: Subjects, event: Event, inside: np.ndarray, *, without: tuple[str, ...]) -> bool:
    """Whether in two thirds of another category's strata it clearly happens less often inside than outside."""
    for other in subjects.divisions:
        if other.column in without or len(other.codes.labels) > MOST_GROUPS:
            continue
        against, strata = 0, 0
        for code in range(len(other.codes.labels)):
            here = event.known & (other.codes.codes == code)
            some, rest = event.happened[here & inside], event.happened[here & ~inside]
            if min(len(some), len(rest)) < LEAST_IN_STRATUM:
                continue
            strata += 1
            share = float(np.concatenate((some, rest)).mean())
            error = np.sqrt(max(share * (1 - share), 1e-9) * (1 / len(some) + 1 / len(rest)))
            against += bool(some.mean() - rest.mean() < -error)
        if strata >= 2 and against >= 2 * strata / 3:
            return True
    return False
