"""Keys that stand in more than one record: "The 1,200 records have 1,198 different invoice numbers; INV-0412 stands in
three of them".

Counted. Told of identifiers and codes of which nearly every record has its own, where whole rows do not repeat: then a
key was given twice, and whatever is looked up or joined by it finds too much.
"""

from collections.abc import Iterator
from itertools import islice

from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, listing, number
from datapilot.words.labels import label, plural
from datapilot.words.render import column_slot, columns_slot, value_slot

FEWEST_RECORDS = 50
NEARLY_ALL = 0.99  # of the records have a key of their own
MOST_TOLD = 2  # columns
WORTH = 0.45  # effect


def find_shared_keys(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the keys of which a few stand in several records, the one that most records have first."""
    profile = subjects.profile
    if profile.duplicate_rows:
        return  # then the rows are what repeats
    keys = [one for one in profile.columns if _is_key(one, profile.rows)]
    keys.sort(key=lambda one: (one.missing_count, one.unique_count - profile.rows))
    yield from (_shared(subjects, one) for one in islice(keys, MOST_TOLD))


def _is_key(column: ColumnProfile, rows: int) -> bool:
    known = rows - column.missing_count
    is_named = column.inferred_type == "identifier" or column.subtype == "code"
    return is_named and known >= FEWEST_RECORDS and NEARLY_ALL * known <= column.unique_count < known


def _shared(subjects: Subjects, column: ColumnProfile) -> Candidate:
    known = (Filter(column=column.name, op="not_missing"),)
    different, records = Measure(metric="count_distinct", column=column.name), Measure(metric="count", filters=known)
    each = Measure(metric="count", by=column.name, limit=3)
    measures = (different, records) if column.pii is not None else (different, records, each)

    def word(facts: Facts) -> Wording | None:
        few, many = number(facts, different.fact_id), number(facts, records.fact_id)
        if few is None or many is None or few >= many:
            return None
        name = column_slot(column.name)
        keys = columns_slot(column.name) if plural(label(column.name)) else f"values of {name}"
        headline = (
            f"{fact_slot(facts[records.fact_id])} records have {fact_slot(facts[different.fact_id])} different {keys}"
        )
        detail, which = "All other records have one of their own.", "the records that share one"
        if column.pii is None:
            fact = facts[each.fact_id]
            parts = [part for part in entries(fact) if part[2] > 1]
            if not parts:
                return None
            headline += f": {value_slot(parts[0][1])} stands in {entry_slot(fact, parts[0][0])} of them"
            which = f"the records of {value_slot(parts[0][1])}"
            if len(parts) > 1:
                detail = f"Most often: {listing(fact, keys={key for _, key, _, _ in parts})}. {detail}"
        what = f"Check {which} before anything is looked up or joined by {name}."
        story = f"Not every record has {name} of its own: {headline}."
        return Wording(headline, detail, "data", what, story=story)

    return Candidate(
        kind="duplicates", columns=(column.name,), measures=measures, word=word, impact=0.3, effect=WORTH,
        n=subjects.rows,
    )  # fmt: skip
