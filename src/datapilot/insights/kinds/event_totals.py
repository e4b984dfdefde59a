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
    if event.is_late:
        return _late(event, share, rate, cases, base)
    others = event.so.model_copy(update={"op": "ge" if event.is_short else "eq" if event.so.op == "ne" else "ne"})
    left = Measure(metric="count", filters=(event.is_known, others))
    by = next((one.column for one in subjects.categories if _divides(one, event)), None)
    split = Measure(metric="ratio", of="count", by=by, filters=(event.so,), baseline=(event.is_known,)) if by else None
    is_expected = event.status is not None and event.is_welcome and share >= USUAL

    def word(facts: Facts) -> Wording | None:
        if number(facts, rate.fact_id) is None:
            return None
        percent = fact_slot(facts[rate.fact_id], "percent")
        of_all = f"{fact_slot(facts[cases.fact_id])} of {fact_slot(facts[base.fact_id])} records"
        headline = f"{of_all} {event.became} ({percent})"
        story = f"Of all {fact_slot(facts[base.fact_id])} records, {percent} {event.became}."
        if event.rate_name is not None:
            headline = f"the {event.rate_name} is {percent}: {of_all}"
            story = f"Over all {fact_slot(facts[base.fact_id])} records, the {event.rate_name} is {percent}."
        first = None
        if split is not None and by is not None:
            shares = listing(facts[split.fact_id], form="percent", most=LISTED)
            detail = f"{event.rate_name or 'the share'} {across(by)}: {shares}."
            first = _first_place(by, facts[split.fact_id], share)
        else:
            detail = f"That leaves {fact_slot(facts[left.fact_id])} to which it did not happen."
        what = _advice(event, percent, first, is_timed=subjects.clock is not None, is_split=split is not None)
        return Wording(headline, detail, owner(*event.columns), what, story=story)

    return Candidate(
        kind="event_rate", columns=event.columns, measures=(rate, cases, base, split or left), word=word,
        impact=IMPACT_OF_SHORTAGE if event.is_short else 0.3,
        effect=min(1.0, 0.4 + share) if event.is_short else EXPECTED if is_expected else 0.35,
        n=int(event.known.sum()), subject=event.columns,
    )  # fmt: skip


def _late(event: Event, share: float, rate: Measure, cases: Measure, base: Measure) -> Candidate:
    """Return how many records came after the date that was promised, and by how much."""
    came, due = event.columns
    typical, most = (
        Measure(metric=metric, column=came, minus=due, filters=(event.so,)) for metric in ("median", "max")
    )  # fmt: skip

    def word(facts: Facts) -> Wording | None:
        if number(facts, rate.fact_id) is None:
            return None
        percent, delay = fact_slot(facts[rate.fact_id], "percent"), fact_slot(facts[typical.fact_id])
        happened, promised = column_slot(came), column_slot(due)
        return Wording(
            f"{percent} of records are late: {happened} comes after {promised}, typically by {delay}",
            f"These are {fact_slot(facts[cases.fact_id])} of {fact_slot(facts[base.fact_id])} records. "
            f"The longest delay is {fact_slot(facts[most.fact_id])}.",
            owner(*event.columns),
            "Take the records with the longest delay first, and ask what held them up.",
            story=f"For {percent} of records {happened} comes later than {promised}, typically by {delay}.",
        )

    return Candidate(
        kind="event_rate", columns=event.columns, measures=(rate, cases, base, typical, most), word=word,
        impact=share, effect=min(1.0, 0.4 + share), n=int(event.known.sum()), subject=event.columns,
    )  # fmt: skip


def _advice(event: Event, percent: str, first: str | None, *, is_timed: bool, is_split: bool) -> str:
    """Return what to do about an event of which so many percent of the records are; `first` says where to begin."""
    if is_fate(event.columns[0]) or is_two_sided(event.columns[0]):
        return f"Take {percent} as the mark against which single groups are held."
    aim = f"the share of records that {event.became}" if event.rate_name is None else f"the {event.rate_name}"
    follow = "follow it by month" if is_timed else "look at it by group"
    if event.is_welcome:
        return f"Set a target for {aim}, now {percent}, and {follow}."
    follow = first or follow
    if is_split and (event.rate_name is not None or is_bad_end(event.status)):
        return f"Bring down {aim}, now {percent}, and {follow}."
    if event.is_short:
        return f"Order these again first, and {follow}."
    return f"Agree on a limit for {aim}, now {percent}, and {follow}."


def _first_place(by: str, rates: Fact, share: float) -> str | None:
    """Return where to look first, None where no group stands out."""
    worst = _worst(rates, share)
    if worst is None:
        return None
    return f"look first at {group(by, worst[1])}: {entry_slot(rates, worst[0], form='percent')}"


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
