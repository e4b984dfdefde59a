"""How often something happens over all records, and of which category most of the cases are."""

from collections.abc import Iterator

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.event_names import is_bookkeeping
from datapilot.insights.subjects.happenings import ALL, FEWEST_ROWS, LISTED, NONE, Event, events_of, tells_ends
from datapilot.insights.subjects.natures import is_bad_end, is_fate, is_two_sided
from datapilot.insights.subjects.subjects import Category, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import across, entries, entry_slot, fact_slot, group, listing, number
from datapilot.words.render import column_slot

IMPACT_OF_SHORTAGE = 0.6  # there is something to do about every case
APART = 2.0  # standard errors, from which on a group has more of the cases than its part
USUAL, EXPECTED = 0.5, 0.1  # of the records; that most came to the end they were meant for is hardly news


def find_events(subjects: Subjects) -> Iterator[Candidate]:
    """Yield how often each happened over all."""
    for event in events_of(subjects):
        share = float(event.happened[event.known].mean()) if event.known.any() else 0.0
        if event.known.sum() >= FEWEST_ROWS and NONE / 2 <= share <= ALL:
            yield _overall(subjects, event, share)


def _overall(subjects: Subjects, event: Event, share: float) -> Candidate:
    rate = event.rate()
    cases, base = (Measure(metric="count", filters=(one,)) for one in (event.so, event.is_known))
    measures = [rate, cases, base]
    is_date = event.is_late
    others = event.so.model_copy(update={"op": "ge" if event.is_short else "eq" if event.so.op == "ne" else "ne"})
    left = Measure(metric="count", filters=(event.is_known, others))
    by = next((one.column for one in subjects.categories if _divides(one, event)), None)
    split = Measure(metric="ratio", of="count", by=by, filters=(event.so,), baseline=(event.is_known,)) if by else None
    if not is_date:
        measures.append(split or left)
    else:
        happened, promised = event.columns
        measures += [
            Measure(metric=metric, column=happened, minus=promised, filters=(event.so,)) for metric in ("median", "max")
        ]

    is_expected = event.status is not None and event.is_welcome and share >= USUAL

    def word(facts: Facts) -> Wording | None:
        if number(facts, rate.fact_id) is None:
            return None
        percent = fact_slot(facts[rate.fact_id], "percent")
        of_all = f"{fact_slot(facts[cases.fact_id])} of {fact_slot(facts[base.fact_id])} records"
        if is_date:
            happened, promised = (column_slot(column) for column in event.columns)
            typical, most = (fact_slot(facts[one.fact_id]) for one in measures[3:])
            return Wording(
                f"{percent} of records are late: {happened} comes after {promised}, typically by {typical}",
                f"These are {of_all}. The longest delay is {most}.", owner(*event.columns),
                "Take the records with the longest delay first, and ask what held them up.",
                story=f"For {percent} of records {happened} comes later than {promised}, typically by {typical}.",
            )  # fmt: skip
        aim = f"the share of records that {event.became}" if event.rate_name is None else f"the {event.rate_name}"
        follow = "follow it by month" if subjects.clock is not None else "look at it by group"
        what = f"Agree on a limit for {aim}, now {percent}, and {follow}."
        if event.is_short:
            what = f"Order these again first, and {follow}."
        if event.is_welcome:
            what = f"Set a target for {aim}, now {percent}, and {follow}."
        elif split is not None and by is not None:
            if event.rate_name is not None or is_bad_end(event.status):
                what = f"Bring down {aim}, now {percent}, and {follow}."
            worst = _worst(facts[split.fact_id], share)
            if worst is not None:
                there = entry_slot(facts[split.fact_id], worst[0], form="percent")
                what = what.replace(follow, f"look first at {group(by, worst[1])}: {there}")
        if is_fate(event.columns[0]) or is_two_sided(event.columns[0]):
            what = f"Take {percent} as the mark against which single groups are held."
        headline = f"{of_all} {event.became} ({percent})"
        if event.rate_name is not None:
            headline = f"the {event.rate_name} is {percent}: {of_all}"
        story = f"Of all {fact_slot(facts[base.fact_id])} records, {percent} {event.became}."
        if event.rate_name is not None:
            story = f"Over all {fact_slot(facts[base.fact_id])} records, the {event.rate_name} is {percent}."
        if split is not None and by is not None:
            shares = listing(facts[split.fact_id], form="percent", most=LISTED)
            detail = f"{event.rate_name or 'the share'} {across(by)}: {shares}."
        else:
            detail = f"That leaves {fact_slot(facts[left.fact_id])} to which it did not happen."
        return Wording(headline, detail, owner(*event.columns), what, story=story)

    return Candidate(
        kind="event_rate", columns=event.columns, measures=tuple(measures), word=word,
        impact=share if is_date else IMPACT_OF_SHORTAGE if event.is_short else 0.3,
        effect=min(1.0, 0.4 + share) if is_date or event.is_short else EXPECTED if is_expected else 0.35,
        n=int(event.known.sum()), subject=event.columns,
    )  # fmt: skip


def _worst(rates: Fact, share: float) -> tuple[int, Scalar] | None:
    """Return the entry and key of the group in which it happens most often, if clearly more than over all; None where
    the largest group merely has most of the cases."""
    apart = [
        ((value - share) / (share * (1 - share) / max(n, 1)) ** 0.5, position, key)
        for position, key, value, n in entries(rates)
    ]
    distance, position, key = max(apart, default=(0.0, 0, None))
    return (position, key) if distance >= APART else None


def _divides(category: Category, event: Event) -> bool:
    """Whether the cases can be counted by a category that a reader knows: not another event, nor a column of codes."""
    is_other = category.column not in event.columns and not category.is_personal and not tells_ends(category)
    is_known = not is_code(category.column) and not is_bookkeeping(category.column)
    return is_other and is_known and 2 < len(category.codes.labels) <= LISTED
