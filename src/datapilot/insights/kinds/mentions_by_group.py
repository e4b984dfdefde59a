"""Where a word is mentioned, and what became of those who mention it: "47% of Spain records mention “printer” in
subject, against 18% of the others"; "60% of records that mention “price” have churned, against 21% of the others".

Test: chi-square of independence, of every word looked at; effect: how far the shares lie apart. Columns that say of
what kind a record is are left out: its text says so too.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import (
    Ints,
    Test,
    association,
    contingency,
    independent_share,
    persistence,
)
from datapilot.insights.subjects.happenings import ALL, NONE, Event, events_of, tells_ends
from datapilot.insights.subjects.subjects import Category, Subjects, is_code
from datapilot.insights.subjects.text_words import Texts, Word
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    across,
    entries,
    fact_slot,
    listing,
    number,
    p_text,
    records,
    rows_text,
    share_of,
)
from datapilot.words.meanings import name_words
from datapilot.words.render import column_slot

MOST_CATEGORIES, MOST_GROUPS = 6, 12
LEAST_POINTS = 0.15  # between the share that mentions it in a group and among all others
LEAST_GROUP = 20  # records
LOOKED_INTO = 0.01  # above such a p-value no dependence of the rows needs to be allowed for
_KINDS = frozenset({
    "category", "subcategory", "type", "subtype", "class", "kind", "topic", "model", "product", "item", "service",
    "issue", "cause", "reason", "subject", "theme", "area", "kategorie", "art", "typ", "thema", "grund", "categoria",
    "categoría", "catégorie", "tipo", "motivo", "motif", "genre", "nature", "soort",
})  # fmt: skip


class _Told(NamedTuple):
    """A word, its test, how far the shares lie apart, and the code of the group where they do."""

    word: Word
    test: Test
    points: float
    at: int


def find_mentions_by_group(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield the tests of every word by every category, and by what happened; of each the word that tells most."""
    categories = [
        one for one in subjects.categories
        if not one.is_personal and len(one.codes.labels) <= MOST_GROUPS and not is_code(one.column)
        and not tells_ends(one) and not _says_kind(one)
    ]  # fmt: skip
    for texts in subjects.texts:
        for category in categories[:MOST_CATEGORIES]:
            yield from _by_group(subjects, texts, category)
        for event in events_of(subjects):
            yield from _by_event(subjects, texts, event)


def _says_kind(category: Category) -> bool:
    """Whether a column says of what kind each record is, which its text then says too."""
    return bool(set(name_words(category.column)[-1:]) & _KINDS)


def _by_group(subjects: Subjects, texts: Texts, category: Category) -> Iterator[tuple[Test | None, Candidate | None]]:
    codes, size = category.codes.codes[texts.rows], len(category.codes.labels)
    known, told = codes >= 0, list[_Told]()
    for word in texts.own:
        counts = contingency(word.holds[known].astype(np.int64), codes[known], 2, size)
        test = _independent(counts, word.holds[known], codes[known])
        yield test, None
        found = _furthest(counts)
        if found is not None and not any(word.shares_stem(str(label)) for label in category.codes.labels):
            told.append(_Told(word, test, *found))
    if told:
        yield None, _of_group(subjects, texts, category, min(told, key=lambda one: one.test.p_value))


def _furthest(counts: Ints) -> tuple[float, int] | None:
    """Return how far the share that mentions the word lies from that of all others, and in which group that is most;
    None where it is too near, and where only one group has the word at all."""
    groups, mention = counts.sum(axis=0), counts[1]
    shares = mention / np.maximum(groups, 1)
    others = (mention.sum() - mention) / np.maximum(groups.sum() - groups, 1)
    gaps = np.where(groups >= LEAST_GROUP, np.abs(shares - others), 0.0)
    at = int(np.argmax(gaps))
    is_told = gaps[at] >= LEAST_POINTS and NONE < others[at] < ALL and mention.max() < ALL * mention.sum()
    return (float(gaps[at]), at) if is_told else None


def _independent(counts: Ints, inside: NDArray[np.bool_], codes: Ints) -> Test:
    test = association(counts)
    if test.p_value > LOOKED_INTO:
        return test
    kept = independent_share(persistence(inside.astype(np.int64)), persistence(codes))
    return association(counts, kept=kept)


def _of_group(subjects: Subjects, texts: Texts, category: Category, told: _Told) -> Candidate:
    word, test, points, at = told
    label = category.codes.labels[at]
    mentioned, has_text = texts.mentioned(word), Filter(column=texts.column, op="not_missing")

    def share(where: Filter) -> Measure:
        return Measure(metric="share_rows", filters=(where, mentioned), baseline=(where, has_text))

    here, rest = (share(Filter(column=category.column, op=op, value=label)) for op in ("eq", "ne"))
    each = Measure(metric="ratio", of="count", by=category.column, filters=(mentioned,), baseline=(has_text,))
    said, column = word.said, column_slot(texts.column)

    def say(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inner is None or outer is None or abs(inner - outer) < LEAST_POINTS / 2:
            return None
        one, other = (fact_slot(facts[measure.fact_id], "percent") for measure in (here, rest))
        only = "only " if inner < outer else ""
        who = records(category.column, label)
        headline = f"{only}{one} of {who} mention {said} in {column}, against {other} of the others"
        detail = f"That compares {{{here.fact_id}|n}} {who} with {{{rest.fact_id}|n}} others that have a text."
        if len(entries(facts[each.fact_id])) > 2:
            detail += (
                f" Shares that mention it {across(category.column)}: {listing(facts[each.fact_id], form='percent')}."
            )
        what = f"Read some of the {who} that mention {said} and ask what is different there."
        if inner < outer:
            what = f"Ask what {who} do differently: {said} comes up there far less often."
        more = "more" if inner > outer else "less"
        story = f"{said} comes up {more} often in {column} of {who}: {one} of them against {other} of all others."
        return Wording(headline, detail, owner(texts.column, category.column), what, story=story)

    return Candidate(
        kind="mention", columns=(texts.column, category.column), measures=(here, rest, each), word=say,
        impact=min(1.0, 2 * float((category.codes.codes == at).mean())), effect=min(1.0, 0.2 + points), n=test.n,
        p_value=test.p_value, statistics=_of_independence(subjects, test), group=label,
    )  # fmt: skip


def _by_event(subjects: Subjects, texts: Texts, event: Event) -> Iterator[tuple[Test | None, Candidate | None]]:
    if texts.column in event.columns:
        return
    known, told = event.known[texts.rows], list[_Told]()
    happened = event.happened[texts.rows][known].astype(np.int64)
    for word in texts.own:
        inside = word.holds[known]
        counts = contingency(inside.astype(np.int64), happened, 2, 2)
        test = _independent(counts, inside, happened)
        yield test, None
        there, here = counts[:, 1] / np.maximum(counts.sum(axis=1), 1)
        is_told = abs(here - there) >= LEAST_POINTS and NONE < there < ALL and NONE < here < ALL
        if is_told and not word.shares_stem(str(event.status or event.columns[0])):
            told.append(_Told(word, test, float(abs(here - there)), 1))
    if told:
        yield None, _of_event(subjects, texts, event, min(told, key=lambda one: one.test.p_value))


def _of_event(subjects: Subjects, texts: Texts, event: Event, told: _Told) -> Candidate:
    word, test, points, _ = told
    here, rest = event.rate(texts.mentioned(word)), event.rate(texts.not_mentioned(word))
    said, column = word.said, column_slot(texts.column)

    def say(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inner is None or outer is None or abs(inner - outer) < LEAST_POINTS / 2:
            return None
        only = "only " if inner < outer else ""
        whose = f"records that mention {said} in {column}"
        headline = (
            f"{only}{share_of(facts[here.fact_id], whose)} {event.became}, against "
            f"{fact_slot(facts[rest.fact_id], 'percent')} of the others"
        )
        detail = f"That compares {{{here.fact_id}|n}} records that mention it with {{{rest.fact_id}|n}} that do not."
        what = f"Read the records that mention {said}: what they have in common is where to begin."
        story = f"Of {whose}, {fact_slot(facts[here.fact_id], 'percent')} {event.became}."
        return Wording(headline, detail, owner(*event.columns, texts.column), what, story=story)

    return Candidate(
        kind="mention", columns=(*event.columns, texts.column), measures=(here, rest), word=say,
        impact=min(1.0, 2 * float(word.holds.mean())), effect=min(1.0, 0.2 + points), n=test.n, p_value=test.p_value,
        statistics=_of_independence(subjects, test),
    )  # fmt: skip


def _of_independence(subjects: Subjects, test: Test) -> str:
    return (
        f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=test.n < subjects.rows and subjects.cells.is_sample)}"
    )
