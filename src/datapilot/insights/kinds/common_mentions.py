"""What texts are about as a whole: the word mentioned most, and the words whose records hold most of an amount, as of
an account whose payments have no category ("Records that mention “REWE” make up 22% of what went out").

Counted, not tested.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.flows import is_paid
from datapilot.insights.subjects.natures import has_sides
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.subjects.text_words import Texts, Word, names_text
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number
from datapilot.words.render import column_slot

FEWEST_ROWS = 60
FEWEST_AMOUNTS = 20
LEAST_MENTIONED = 0.1  # of the texts, to be what they are about
LEAST_PART = 0.1  # of an amount
MOST_TOLD = 4  # words
LEAST_UNLIKE = 0.2  # of the records have a text of their own; fewer, and it is the name of a thing
_MERELY_OFTEN = 0.3
Side = Literal["lt", "gt"] | None


def find_mentioned_amounts(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the word whose records hold most of an amount, of each side of zero, where no category divides it."""
    if any(not one.is_personal for one in subjects.categories):
        return
    for texts in subjects.texts:
        for quantity in (one for one in subjects.own_quantities if one.adds_up and one.minus is None):
            sides: tuple[Side, ...] = ("lt", "gt") if has_sides(quantity) else (None,)
            for side in sides:
                found = _largest_part(texts, quantity, side)
                if found is not None:
                    yield found


def _largest_part(texts: Texts, quantity: Quantity, side: Side) -> Candidate | None:
    values = quantity.values[texts.rows]
    inside = np.isfinite(values) & (True if side is None else values < 0 if side == "lt" else values > 0)
    whole = float(values[inside].sum())
    parts = [(float(values[inside & word.holds].sum()) / (whole or 1.0), word) for word in texts.words]
    told = sorted((one for one in parts if one[0] >= LEAST_PART), key=lambda one: -one[0])
    words: list[Word] = []
    for _, word in told:
        if not any((word.holds & other.holds & inside).any() for other in words):
            words.append(word)
    if not words or inside.sum() < FEWEST_AMOUNTS:
        return None
    return _of_part(texts, quantity, side, words[:MOST_TOLD], share=told[0][0], n=int(inside.sum()))


def _of_part(texts: Texts, quantity: Quantity, side: Side, words: Sequence[Word], *, share: float, n: int) -> Candidate:
    where = () if side is None else (Filter(column=quantity.column, op=side, value=0),)
    parts = [
        Measure(
            metric="share_sum", column=quantity.column, filters=(texts.mentioned(one), *where, *quantity.filters),
            baseline=(*where, *quantity.filters),
        )
        for one in words
    ]  # fmt: skip
    sums = [quantity.measure("sum", where=(texts.mentioned(one), *where)) for one in words]
    column = column_slot(texts.column)
    name, form = _whole(quantity, side)

    def say(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (*parts, *sums)):
            return None
        first, amount, said = facts[parts[0].fact_id], facts[sums[0].fact_id], words[0].said
        one = fact_slot(first, "percent")
        headline = f"records that mention {said} in {column} make up {one} of {name}: {fact_slot(amount, form)}"
        detail = f"{{{amount.id}|n}} records mention it."
        further = [
            f"{word.said} {fact_slot(facts[part.fact_id], 'percent')} ({fact_slot(facts[total.fact_id], form)})"
            for word, part, total in zip(words[1:], parts[1:], sums[1:], strict=True)
        ]
        if further:
            detail += f" Next come {', '.join(further)}."
        what = f"Look at what stands behind {said} first when {quantity.name} {is_are(quantity.column)} to change."
        story = f"{one} of {name} lies in records that mention {said}."
        return Wording(headline, detail, owner(quantity.column, texts.column), what, story=story)

    return Candidate(
        kind="mention", columns=(quantity.column, texts.column), measures=(*parts, *sums), word=say,
        impact=min(1.0, 0.3 + share), effect=min(1.0, 0.4 + share), n=n, subject=(f"{quantity.key}",),
    )  # fmt: skip


def _whole(quantity: Quantity, side: Side) -> tuple[str, str]:
    """Return what the parts are parts of, and how their sums are written: payments without their sign."""
    if side is None:
        return quantity.total, ""
    if is_paid(quantity):
        return ("what went out" if side == "lt" else "what came in"), "abs"
    return f"all {quantity.name} {'below' if side == 'lt' else 'above'} zero", ""


def find_common_mentions(subjects: Subjects) -> Iterator[Candidate]:
    """Yield what the texts of a column mention most."""
    unlike = {one.name for one in subjects.profile.columns if one.unique_count >= LEAST_UNLIKE * subjects.rows}
    for texts in (one for one in subjects.texts if names_text(one.column) and len(one.rows) >= FEWEST_ROWS):
        if texts.column not in unlike:
            continue
        words: list[Word] = []
        for word in texts.words:
            if not any(word.shares_stem(other.text) for other in words):
                words.append(word)
        if words and words[0].text in {one.text for one in texts.own} and words[0].holds.mean() >= LEAST_MENTIONED:
            yield _of_most(texts, words[:MOST_TOLD], whole=subjects.rows)


def _of_most(texts: Texts, words: Sequence[Word], *, whole: int) -> Candidate:
    has_text = Filter(column=texts.column, op="not_missing")
    shares = [Measure(metric="share_rows", filters=(texts.mentioned(one),), baseline=(has_text,)) for one in words]
    column = column_slot(texts.column)

    def say(facts: Facts) -> Wording | None:
        found = [facts[one.fact_id] for one in shares]
        if any(number(facts, one.id) is None for one in found):
            return None
        ordered = sorted(zip(found, words, strict=True), key=lambda one: -float(one[0].value))  # type: ignore[arg-type]
        (first, top), *further = ordered
        headline = (
            f"{top.said} is what {column} mentions most: in {fact_slot(first, 'percent')} of {{{first.id}|n}} records"
        )
        detail = "No other word says as often what a text is about."
        if further:
            named = ", ".join(f"{word.said} {fact_slot(fact, 'percent')}" for fact, word in further)
            detail = f"Next come {named}."
        what = f"Read a few of the records that mention {top.said} to see what they ask for."
        story = f"The texts in {column} are most often about {top.said}: {fact_slot(first, 'percent')} of them."
        return Wording(headline, detail, owner(texts.column), what, story=story)

    share = float(words[0].holds.mean())
    return Candidate(
        kind="mention", columns=(texts.column,), measures=tuple(shares), word=say,
        impact=min(1.0, share * len(texts.rows) / max(whole, 1)), effect=_MERELY_OFTEN, n=len(texts.rows),
        subject=("records",),
    )  # fmt: skip
